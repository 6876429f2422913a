"""Guides of whole books in a folder, made by the program itself, and what of them gives later chapters away."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_CONFIG = '[provider]\nimage = "{image}"\n[guide]\nformats = ["html"]\n'
# The page's own words: a person may be called Page.
_OWN = (Path(__file__).parents[2] / "imaginized" / "guide" / "words" / "en.toml").read_text()


def illustrate(*books: Path, out: Path, draws: bool = False) -> list[Path]:
    """The folders of the guides of some books, in their order."""
    out.mkdir(parents=True, exist_ok=True)
    config = out.parent / f"{out.name}.toml"
    config.write_text(_CONFIG.format(image="builtin" if draws else "none"))
    command = [sys.executable, "-m", "imaginized", "illustrate", "--config", str(config), "--out", str(out)]
    done = subprocess.run([*command, *map(str, books)], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [next(out.glob(f"{book.stem}-????????")) for book in books]


def texts_of(folder: Path) -> dict[int, str]:
    """The chapters of a book, by number."""
    chapters = (json.loads(each.read_text()) for each in sorted((folder / "data" / "chapters").glob("*.json")))
    return {each["number"]: "\n".join(one["text"] for one in each["paragraphs"]) for each in chapters}


class Secrets:
    """The strings of a book that a reader of its first chapters must not see.

    Taken from the data alone: titles, names that no earlier chapter has, quotes, looks and pictures' texts.
    """

    def __init__(self, folder: Path) -> None:
        book = json.loads((folder / "data" / "book.json").read_text())
        self.texts = texts_of(folder)
        self._folded = {number: _folded(text).casefold() for number, text in self.texts.items()}
        self.last = max(self.texts)
        self._free = f"{book['title']} {' '.join(book['authors'])} {book.get('publisher', '')} {folder.name} {_OWN}"
        self._strings = list(self._of(folder, book))

    def after(self, limit: int) -> list[str]:
        """Strings of chapters behind this one; what an earlier chapter has, too, is no secret."""
        told = _folded(" ".join([self._free, *(self.texts[n] for n in sorted(self.texts) if n <= limit)]))
        early = [string for chapter, string in self._strings if chapter <= limit]
        # "the castle" of an early chapter is the place Castle.
        allowed = _folded(" \n ".join([told, *early])).casefold()
        later = {string for chapter, string in self._strings if chapter > limit}
        return [string for string in later if not _has(allowed, string.casefold())]

    def _of(self, folder: Path, book: dict[str, list[dict[str, object]]]) -> Iterator[tuple[int, str]]:
        for chapter in book["chapters"]:
            number = int(str(chapter["number"]))
            parts = chapter["path"] if isinstance(chapter["path"], list) else []
            yield from ((number, _folded(str(title))) for title in (chapter["title"], *parts) if title)
        for path in sorted((folder / "data" / "scenes").glob("*.json")):
            for scene in json.loads(path.read_text())["scenes"]:
                number = scene["chapter"]
                yield number, _folded(scene["quote"]["text"])[:60]
                yield number, _folded(scene["description"])
        for path in sorted((folder / "data" / "illustrations").glob("*.json")):
            record = json.loads(path.read_text())
            yield record["chapter"], _folded(record["alt"])
        for element in json.loads((folder / "data" / "elements.json").read_text())["elements"]:
            yield from self._of_element(element)

    def _of_element(self, element: dict[str, list[dict[str, dict[str, str]]]]) -> Iterator[tuple[int, str]]:
        for name in (element["name"], *element["aliases"]):
            key = str(name).casefold()
            first = next((n for n in sorted(self.texts) if _has(self._folded[n], key)), None)
            if first is not None:
                yield first, str(name)
        for quote in element["quotes"]:
            yield int(str(quote["chapter"])), _folded(str(quote["text"]))[:60]
        for look in element["looks"]:
            yield int(look["quote"]["chapter"]), _folded(str(look["text"]))


def given_away(seen: str, secrets: list[str]) -> list[str]:
    """The secrets that can be seen."""
    text = _folded(seen)
    return [secret for secret in secrets if secret in text and _has(text, secret)]


def _folded(text: str) -> str:
    return " ".join(text.split())


def _has(text: str, words: str) -> bool:
    return words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None

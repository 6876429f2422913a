"""The part of scripts/verify that looks at Markdown, pages and `data/`. It shares no code with the product either."""

import html
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

MARK = "…"
ENDS = ".!?…。！？؟।۔։:;—–-"
CLOSERS = "\"'”’»」』)]*_"
LINK = re.compile(r"(?<!\\)\]\(([^)\s]*)\)")
HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
PICTURE = re.compile(r"!\[(?:[^\]\\]|\\.)*\]\(([^)\s]*)\)")
OUTSIDE = re.compile(r"(?<![\\\w])[a-z][a-z0-9+.-]*://|(?<!\\)<(?:script|img|iframe|a)\b", re.IGNORECASE)
SHEET_LOOK = re.compile(r"— “(?P<quote>.*)” \(chapter (?P<chapter>\d+), page \d+\)$", re.MULTILINE)
LUA = re.compile(r'\s*("(?:[^"\\\n]|\\.)*"|-?\d+|[A-Za-z_]\w*|[{}\[\]=,])')
LUA_ESCAPE = re.compile(r"\\(?:(\d{1,3})|(.))", re.DOTALL)
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f]")


class Report(Protocol):
    def check(self, what: str, *, holds: bool, where: str) -> None: ...


class Book(Protocol):
    folder: Path

    def has(self, quote: str) -> bool: ...


class Texts:
    """The chapters of a book as `data/chapters` has them: what offsets count in."""

    def __init__(self, folder: Path) -> None:
        self.paragraphs: dict[int, list[str]] = {}
        for path in sorted((folder / "data" / "chapters").glob("*.json")):
            chapter = json.loads(path.read_text())
            self.paragraphs[chapter["number"]] = [each["text"] for each in chapter["paragraphs"]]
        self.whole = {number: "\n\n".join(texts) for number, texts in self.paragraphs.items()}
        self.folded = {number: folded(text) for number, text in self.whole.items()}
        self._every = " ".join(self.folded.values())

    def has(self, said: str, *, chapter: int | None = None) -> bool:
        where = self._every if chapter is None else self.folded.get(chapter, "")
        said = folded(said)
        return said in where or said.replace(" ", "") in where.replace(" ", "")

    def is_whole(self, said: str, *, at_start: bool) -> bool:
        """Whether a passage begins (or ends) where a sentence or a paragraph does, wherever it stands."""
        said = folded(said)
        if not at_start and said.rstrip(CLOSERS)[-1:] in ENDS:
            return True
        found = [(text, text.find(said)) for text in map(folded, self._paragraphs_with(said))]
        if not found:
            return True  # over several paragraphs: it begins and ends with them, or is found by `has`
        if at_start:
            before = [text[:at].rstrip().rstrip(CLOSERS + "“‘«「『([")[-1:] for text, at in found]
            return any(not char or char in ENDS for char in before)
        return any(at + len(said) == len(text) for text, at in found)

    def _paragraphs_with(self, said: str) -> Iterator[str]:
        for number, text in self.folded.items():
            if said in text:
                yield from (each for each in self.paragraphs[number] if said in folded(each))


def folded(text: str) -> str:
    return " ".join(INVISIBLE.sub("", text).split())


def unmarked(said: str) -> str:
    """Without the marks that say that it is cut."""
    return said.strip().removeprefix(f"{MARK} ").removesuffix(f" {MARK}")


def check_markdown(book: Book, report: Report) -> None:
    texts = Texts(book.folder)
    pages = {path.relative_to(book.folder).as_posix(): path.read_text() for path in markdown_of(book.folder)}
    anchors = {name: anchors_of(text) for name, text in pages.items()}
    for name, text in pages.items():
        for anchor in anchors[name] if name in ("Chapters.md", "Elements.md") else ():
            report.check(
                "headings unlike each other", holds=anchors[name].count(anchor) == 1, where=f"{name}: {anchor}"
            )
        for target in LINK.findall(text):
            holds = leads_somewhere(target, name=name, anchors=anchors, folder=book.folder)
            report.check("links that lead somewhere", holds=holds, where=f"{name}: {target}")
        outside = None if name in ("style.md", "progress.md") or "/" in name else OUTSIDE.search(text)
        where = f"{name}: {text[outside.start() : outside.start() + 60]!r}" if outside else name
        report.check("Markdown without a reference outside", holds=outside is None, where=where)
    for name in ("Chapters.md", "Elements.md"):
        for said in quotes_of(pages.get(name, "")):
            check_quote(name, said, texts=texts, report=report)
            report.check("quotes verbatim", holds=book.has(unmarked(said)), where=f"{name}: {said!r}")
    for name in (name for name in pages if name.startswith("elements/")):
        for found in SHEET_LOOK.finditer(pages[name]):
            said = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", found["quote"])
            holds = texts.has(said, chapter=int(found["chapter"]))
            report.check("quotes verbatim", holds=holds, where=f"{name}: {said!r}")


def check_quote(name: str, said: str, *, texts: Texts, report: Report) -> None:
    """A quote is whole, or says at which end it is cut."""
    said, passage = said.strip(), unmarked(said)
    begins = said.startswith(f"{MARK} ") or texts.is_whole(passage, at_start=True)
    ends = said.endswith(f" {MARK}") or texts.is_whole(passage, at_start=False)
    report.check("quotes whole or marked as cut", holds=begins and ends, where=f"{name}: {said!r}")


def markdown_of(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.md"))
    yield from sorted(folder.glob("elements/*.md"))


def quotes_of(text: str) -> Iterator[str]:
    for block in re.findall(r"(?:^ *>.*\n?)+", text, re.MULTILINE):
        lines = (re.sub(r"^ *> ?", "", line) for line in block.splitlines())
        yield re.sub(r"\\([^A-Za-z0-9\s])", r"\1", "\n".join(lines))


def anchors_of(text: str) -> list[str]:
    """As GitHub names the headings of a page, without the count behind one that is repeated."""
    found = []
    for heading in HEADING.findall(text):
        plain = re.sub(r"\\([^A-Za-z0-9\s])", r"\1", heading).strip().lower()
        kinds = ((char, unicodedata.category(char)) for char in plain)
        kept = (char for char, kind in kinds if char in "- " or kind[0] in "LM" or kind in ("Nd", "Pc"))
        found.append("".join(kept).replace(" ", "-"))
    return found


def leads_somewhere(target: str, *, name: str, anchors: Mapping[str, list[str]], folder: Path) -> bool:
    file, _, anchor = target.partition("#")
    if ":" in file.partition("/")[0] or file.startswith("/"):
        return False
    path = (folder / Path(name).parent / unquote(file)) if file else folder / name
    if not path.exists() or folder.resolve() not in (path.resolve(), *path.resolve().parents):
        return False
    known = anchors.get(path.resolve().relative_to(folder.resolve()).as_posix(), [])
    return not anchor or known.count(unquote(anchor)) == 1


def check_pages(book: Book, report: Report) -> None:
    """Every link and picture of the HTML pages is there."""
    for path in sorted((*book.folder.glob("*.html"), *book.folder.glob("pages/*.html"))):
        text = path.read_text()
        name = path.relative_to(book.folder).as_posix()
        ids = set(re.findall(r"""\bid=["']?([^"'\s>]+)""", text))
        for target in re.findall(r"""<a\b[^>]*?\bhref=["']?([^"'\s>]+)""", text):
            file, _, anchor = html.unescape(target).partition("#")
            is_inside = ":" not in file.partition("/")[0] and not file.startswith("/")
            there = is_inside and (not file or (path.parent / unquote(file)).exists())
            there = there and (bool(file) or not anchor or unquote(anchor) in {html.unescape(each) for each in ids})
            report.check("links that lead somewhere", holds=there, where=f"{name}: {target}")


def check_data(book: Book, report: Report) -> None:
    """Quotes of the records stand where they say, and so does everything of the timeline and of the e-reader's file."""
    texts = Texts(book.folder)
    data = book.folder / "data"
    for path in sorted((*data.glob("scenes/*.json"), *data.glob("elements.json"))):
        for quote in quotes_within(json.loads(path.read_text())):
            at = texts.whole.get(quote["chapter"], "")[quote["start"] :]
            report.check("quotes at their place", holds=at.startswith(quote["text"]), where=f"{path.name}: {quote}")
    if not (data / "elements.json").exists():
        return  # not merged yet, or a folder that holds an edition only
    timeline = data / "timeline.json"
    report.check("timelines", holds=timeline.exists(), where="data/timeline.json is missing")
    if timeline.exists():
        check_timeline(json.loads(timeline.read_text()), book=book, texts=texts, report=report)
    xray = data / "xray_cache.lua"
    report.check("files for e-readers", holds=xray.exists(), where="data/xray_cache.lua is missing")
    if xray.exists():
        check_xray(xray.read_text(), texts=texts, report=report)


def quotes_within(value: Any) -> Iterator[Mapping[str, Any]]:
    """Everything that has a text and a place, however deep."""
    if isinstance(value, dict):
        if {"text", "chapter", "start"} <= value.keys():
            yield value
        for each in value.values():
            yield from quotes_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from quotes_within(each)


def check_timeline(told: Mapping[str, Any], *, book: Book, texts: Texts, report: Report) -> None:
    def stands(text: str, place: Mapping[str, int], what: str) -> None:
        at = texts.whole.get(place["chapter"], "")[place["offset"] :]
        report.check("timeline texts at their place", holds=at.startswith(text), where=f"{what}: {text!r}")
        paragraphs = texts.paragraphs.get(place["chapter"], [])[: place["paragraph"]]
        begin = sum(len(each) + 2 for each in paragraphs)
        holds = begin <= place["offset"]
        report.check("timeline paragraphs", holds=holds, where=f"{what}: {place}")

    for picture in told["pictures"]:
        what = f"timeline.json, picture {picture['chapter']}.{picture['scene']}"
        stands(picture["quote"], picture["start"], what)
        report.check("captions verbatim", holds=unmarked(picture["caption"]) in picture["quote"], where=what)
        report.check("pictures told in words", holds=bool(picture["alt"].strip()), where=what)
        last = picture["start"]["offset"] + max(len(picture["quote"]) - 1, 0)
        report.check("places in order", holds=picture["end"]["offset"] == last, where=what)
        if picture["image"]:
            report.check("pictures there", holds=(book.folder / picture["image"]).is_file(), where=picture["image"])
    for element in told["elements"]:
        what = f"timeline.json, {element['name']!r}"
        for quote in element["quotes"]:
            stands(quote["text"], quote["place"], what)
        places = [name["place"] for name in element["names"] if name["place"]]
        for name in element["names"]:
            if name["place"]:
                holds = texts.has(name["sentence"], chapter=name["place"]["chapter"])
                report.check("timeline texts at their place", holds=holds, where=f"{what}: {name['sentence']!r}")
        order = [(place["chapter"], place["offset"]) for place in places]
        report.check("places in order", holds=order == sorted(order), where=what)
        words = [place["words"] for place in places]
        report.check("places in order", holds=words == sorted(words), where=what)


def check_xray(source: str, *, texts: Texts, report: Report) -> None:
    """Data only; what an entry says stands in the chapter that it names, so nothing of a later one is in it."""
    try:
        told = lua_data(source)
    except (ValueError, StopIteration) as error:
        report.check("files for e-readers", holds=False, where=f"xray_cache.lua is more than data: {error}")
        return
    report.check("files for e-readers", holds=told.get("cache_version") == "6.0", where="xray_cache.lua: version")
    for entry in (*told["characters"], *told["locations"], *told["terms"]):
        first, *lines = entry.get("description", entry.get("definition", "")).split("\n")
        chapter = int(re.sub(r"\D", "", first) or 0)
        said = [line for line in lines if line and not line.startswith("Also called ")]
        holds = bool(said) and all(texts.has(unmarked(line), chapter=chapter) for line in said)
        report.check("entries by the book's own words", holds=holds, where=f"xray_cache.lua: {entry['name']!r}: {said}")
        for name in (entry["name"], *entry["aliases"]):
            # "Miss Brown" tells nothing that "Miss Mary Brown" does not.
            is_part = set(name.casefold().split()) <= set(entry["name"].casefold().split())
            known = is_part or texts.has(name, chapter=chapter)
            report.check("names of their chapter", holds=known, where=f"xray_cache.lua: {name!r} in chapter {chapter}")


def lua_data(source: str) -> Any:
    """The table that a Lua file returns.

    Raises:
        ValueError: It does anything else.
    """
    text = "\n".join(line for line in source.split("\n") if not line.startswith("--")).strip()
    tokens, at = [], 0
    while at < len(text):
        found = LUA.match(text, at)
        if found is None:
            raise ValueError(repr(text[at : at + 40]))
        tokens.append(found[1])
        at = found.end()
    if tokens[:1] != ["return"]:
        raise ValueError("it returns nothing")
    left = iter(tokens[1:])
    value = lua_value(next(left), left)
    if next(left, None) is not None:
        raise ValueError("something follows the table")
    return value


def lua_value(token: str, left: Iterator[str]) -> Any:
    if token.startswith('"'):
        return LUA_ESCAPE.sub(lambda found: chr(int(found[1])) if found[1] else found[2], token[1:-1])
    if token.lstrip("-").isdigit():
        return int(token)
    if token != "{":
        raise ValueError(f"no value: {token!r}")
    rows: dict[Any, Any] = {}
    while (token := next(left)) != "}":
        key: Any = token
        if token == "[":
            key = lua_value(next(left), left)
            expect("]", left)
        expect("=", left)
        rows[key] = lua_value(next(left), left)
        expect(",", left)
    return list(rows.values()) if all(isinstance(key, int) for key in rows) else rows


def expect(mark: str, left: Iterator[str]) -> None:
    if next(left) != mark:
        raise ValueError(f"no {mark!r}")

"""The small cases beside the corpus: what each file must come to, read out of EXPECTED.md, and whether it does."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.book import read_book
from imaginized.story.text import BookText

_ROW = re.compile(r"^\| (?P<file>\S+\.(?:epub|pdf)) \|(?P<trouble>.*)\| (?P<must>.*?) \| (?P<source>.*?) \|$")
_COUNT = re.compile(r"^(\d+)(?: chapters?\b|$|,)")
_SIZE = re.compile(r"^\d+ chapters of ([\d,]+) words")
_WHOLE = "The lamp was lit and the door stood open."
_TOLERANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row of the table; `must` is its cell as it is written."""

    path: Path
    must: str


def read_cases(folder: Path) -> dict[str, Case]:
    """Every case of a folder's EXPECTED.md, by its file's name."""
    rows = (_ROW.match(line) for line in (folder / "EXPECTED.md").read_text().splitlines())
    return {row["file"]: Case(path=folder / row["file"], must=row["must"]) for row in rows if row}


def judge(case: Case) -> str:
    """What is wrong with what comes of a case; "" when it is right."""
    try:
        book = read_book(case.path, original_name=case.path.name)
    except Rejected as rejected:
        return f"rejected: {rejected}"
    return next(filter(None, (look(case, book) for look in (_titles, _count, _size, _words, _special))), "")


def text_of(book: BookText) -> str:
    """All text of all chapters."""
    return "\n".join(chapter.text for chapter in book.chapters)


def _titles(case: Case, book: BookText) -> str:
    if not case.must.startswith("["):
        return ""
    wanted, found = ast.literal_eval(case.must), [chapter.title for chapter in book.chapters]
    return "" if found == wanted else f"{found}"


def _count(case: Case, book: BookText) -> str:
    wanted = _COUNT.match(case.must)
    if wanted is None or len(book.chapters) == int(wanted[1]):
        return ""
    return f"{len(book.chapters)} chapters: {[chapter.title[:20] for chapter in book.chapters][:20]}"


def _size(case: Case, book: BookText) -> str:
    wanted = _SIZE.match(case.must)
    sizes = [chapter.words for chapter in book.chapters]
    if wanted is not None:
        usual = int(wanted[1].replace(",", ""))
    elif "of equal size" in case.must:
        usual = sum(sizes) // len(sizes)
    else:
        return ""
    return "" if all(abs(size - usual) <= _TOLERANCE * usual for size in sizes) else f"sizes {sizes}"


def _words(case: Case, book: BookText) -> str:
    """What has to be in the text, or must not, as the sentence itself is the cell."""
    text = text_of(book)
    if case.must.startswith("no NOTEWORD"):
        return "NOTEWORD in the text" if "NOTEWORD" in text else ""
    quoted = re.findall(r"[“\"]([^“”\"]{6,})[”\"]", case.must)
    wanted = [_WHOLE] if case.must == _WHOLE else quoted
    if case.must.startswith("no ") or _COUNT.match(case.must):
        wanted = []
    return "; ".join(f"{words!r} is missing" for words in wanted if words not in text)


def _special(case: Case, book: BookText) -> str:
    look = _SPECIAL.get(case.path.name)
    return "" if look is None else look(book, text_of(book))


def _has(*wanted: str) -> Callable[[BookText, str], str]:
    return lambda _, text: "; ".join(f"{each!r} is missing" for each in wanted if each not in text)


def _hasnt(*unwanted: str) -> Callable[[BookText, str], str]:
    return lambda _, text: "; ".join(f"{each!r} is there" for each in unwanted if re.search(each, text))


def _two_line_titles(book: BookText, _: str) -> str:
    bad = [each.title for each in book.chapters if not re.search(r"\d.*[^\W\d]{3}", each.title)]
    return f"titles {bad}" if bad else ""


def _titles_in_order(book: BookText, _: str) -> str:
    found = [chapter.title for chapter in book.chapters]
    return "" if found == [f"Chapter {at}" for at in range(1, len(found) + 1)] else f"{found}"


def _ends_in_order(book: BookText, _: str) -> str:
    found = [chapter.title for chapter in book.chapters]
    return "" if found == ["Prologue", *(f"Chapter {at}" for at in range(1, 5)), "Epilogue"] else f"{found}"


def _parts_end(book: BookText, _: str) -> str:
    wrong = [each.title for each in book.chapters if each.title.startswith("BOOK") and "BOOK I. STONES" in each.path]
    return f"{wrong} stand below BOOK I" if wrong else ""


def _initials(book: BookText, text: str) -> str:
    is_warned = any("letter" in warning for warning in book.warnings)
    return "" if is_warned or "SQUIRE Rook" in text else "SQUIRE is missing"


def _no_lone_numbers(book: BookText, _: str) -> str:
    lone = [each.text for chapter in book.chapters for each in chapter.paragraphs if each.text.strip().isdecimal()]
    return f"paragraphs {lone[:5]}" if lone else ""


def _twenty_paragraphs(book: BookText, _: str) -> str:
    counts = [len(chapter.paragraphs) for chapter in book.chapters]
    return "" if all(count == 20 for count in counts) else f"paragraphs {counts}"


def _no_lone_initial(book: BookText, text: str) -> str:
    first = [chapter.paragraphs[0].text for chapter in book.chapters]
    bad = [each[:30] for each in first if not re.match(r"The\b", each)]
    return f"begins {bad}" if bad else _hasnt(r"(?m)^T$")(book, text)


_SPECIAL: dict[str, Callable[[BookText, str], str]] = {
    "enc-gb2312-gbk.epub": _has("陶喆"),
    "enc-latin1-cp1252.epub": _has("“It’s grey,” said Tom — twice."),
    "enc-sjis-cp932.epub": _has("髙橋"),
    "enc-utf16.epub": _has("Brücke"),
    "toc-off-by-one.epub": _titles_in_order,
    "outline-filenames.pdf": _titles_in_order,
    "toc-order.epub": _ends_in_order,
    "two-line-heading.epub": _two_line_titles,
    "hidden-css.epub": _hasnt("HIDDENSTYLE", "without the consent"),
    "sup-kept.epub": _has("m2", "H2O", "1st", "Mlle"),
    "dropcap-3line.pdf": _no_lone_initial,
    "two-column-heads.pdf": _hasnt(r"Nobody\b"),
    "slug.pdf": _hasnt(r"\.indd", "Nobody", r"(?m)^\d{1,3}$", r"\d+/\d+/\d+"),
    "word-manuscript.pdf": _hasnt("Nobody /", "LAMP"),
    "google-docs.pdf": _twenty_paragraphs,
    "flat-part-sticks.epub": _parts_end,
    "sisu-numbers.epub": _no_lone_numbers,
    "initial-picture-lost.epub": _initials,
}

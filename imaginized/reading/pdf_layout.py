"""What on a PDF's pages is no text of the book: running heads, page numbers, footnotes, printed contents. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from imaginized.reading.classify import reason_by_title
from imaginized.reading.pdf_pages import Line, Page

_EDGE_LINES = 3
_MIN_REPEATS = 3
_SAME_HEIGHT = 3.0
_MIN_ZONE_PAGES = 4
_ZONE_SHARE = 0.6
_EDGE_SHARE = 0.17
_MAX_NUMBER_CHARACTERS = 24
_MIN_CONTENTS_LINES = 3
_CONTENTS_SHARE = 0.5
_FOOTNOTE_SIZE = 0.9
_FOOTNOTE_SHARE = 0.45
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?:page\s+|seite\s+|p\.\s*)?(\d{1,5})(?:\s*(?:/|of|von|de)\s*\d{1,5})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_TO_PAGE = re.compile(r"^.{2,}?(?:[\s.·…_]{2,}|\s)(\d{1,4}|[ivxlc]{1,7})$", re.IGNORECASE)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:·\s?){4,}|_{4,}")
_NOTE_MARK = re.compile(r"^(?:\d{1,3}|[*†‡§¶]{1,3}|\[\w{1,3}\])[\s.)]?\s*\S")
_DECORATION = " \t-–—.·•|[]()*~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page, sorted out.

    Attributes:
        number: What readers call it: the printed number, else its place in the file, from 1.
        lines: The text, in reading order.
        notes: The footnotes.
        is_contents: Whether its lines are entries of the printed contents.
    """

    index: int
    number: int
    lines: tuple[Line, ...]
    notes: tuple[Line, ...] = ()
    is_contents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """A line near the upper or lower edge of a page, as a candidate for a running head."""

    page: int
    line: Line
    rank: int
    is_top: bool


def sort_out(pages: Sequence[Page]) -> tuple[Leaf, ...]:
    """Take running heads, page numbers and footnotes off the pages, and say which pages are printed contents."""
    furniture = _find_furniture(pages)
    numbers = _number_pages(pages, furniture=furniture)
    size = body_size(line for page in pages for line in page.lines)
    leaves: list[Leaf] = []
    is_contents = False
    for page, number in zip(pages, numbers, strict=True):
        out = {id(line) for line in furniture.get(page.index, ())}
        lines = tuple(line for line in page.lines if id(line) not in out)
        is_contents = _is_contents(lines, follows=is_contents)
        text, notes = (lines, ()) if is_contents else _part_notes(lines, page=page, size=size)
        leaves.append(Leaf(index=page.index, number=number, lines=text, notes=notes, is_contents=is_contents))
    return tuple(leaves)


def body_size(lines: Callable[[], Sequence[Line]] | object) -> float:
    raise NotImplementedError

"""What on a PDF's pages is no text of the book: running heads, page numbers, footnotes, printed contents. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from imaginized.reading.classify import (
    is_chapter_line,
    is_chapter_title,
    is_part_title,
    is_story_title,
    reason_by_title,
)
from imaginized.reading.labels import Matter
from imaginized.reading.pdf_pages import Line, Page

_EDGE_SHARE = 0.2
_SAME_HEIGHT = 3.0
_MIN_REPEATS = 3
_MIN_ZONE_ROWS = 4
_MIN_APART_ROWS = 6
_MAX_ROWS = 3
_SLUG_SHARE = 0.5
_APART = 1.6
_ZONE_SHARE = 0.6
_MAX_HEAD_CHARACTERS = 120
_HEADING_SIZE = 1.2
_CONTENTS_SHARE = 0.5
_MIN_ENTRIES = 3
_MAX_ENTRY_CHARACTERS = 150
_MIN_TITLE = 4
_NOTE_SIZE = 0.92
_NOTE_SHARE = 0.6
_ROMAN = re.compile(r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_PAGE_WORD = re.compile(r"^(?:page|seite|p\.)\s+|(?<=\d)\s*(?:/|of|von|de)\s*\d{1,5}$", re.IGNORECASE)
_FIRST_NUMBER = re.compile(r"^(\d{1,5})(?=\W|$)")
_LAST_NUMBER = re.compile(r"(?<![\w.,])(\d{1,5})$")
_ENTRY = re.compile(r"^(?:.{2,}?[\s.·…_]+)?(\d{1,4}|[ivxl]{1,7})$", re.IGNORECASE)
_ENTRY_PAGE = re.compile(r"[\s.·…_]+\d{1,4}$")
_LEADERS = re.compile(r"(?:(?:\.\s?){4,}|…{2,}|(?:·\s?){4,}|_{4,}).{0,3}?(?:\d{1,4}|[ivxl]{1,7})\s*$", re.IGNORECASE)
_NOTE = re.compile(r"^(?:\d{1,3}(?![\d.,]*\d)|[*†‡§¶]{1,3}|\[\w{1,3}\])[\s.)]{0,2}[^\s*†‡§¶]")
_SLUG = re.compile(r"\d{1,2}:\d{2}|\.(?:indd|qx[dp]|p65|pmd|fm|docx?|html?)\b|\bhttps?://|\bfile:/", re.IGNORECASE)
_DAY_HALF = re.compile(r"\d+|\b[ap]\.?m\b\.?")
_LABELS = frozenset(
    {"chapter", "part", "book", "chapitre", "partie", "kapitel", "teil", "capítulo", "capitolo", "глава"}
)
_DECORATION = " \t-–—.·•|[]()*~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page, sorted out.

    Attributes:
        number: What readers call it: the printed number, else its label, else its place in the file, from 1.
        lines: The text, in reading order.
        notes: The footnotes.
        is_contents: Whether its lines are entries of the printed contents.
    """

    index: int
    number: int
    lines: tuple[Line, ...]
    notes: tuple[Line, ...] = ()
    is_contents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Row:
    """The lines at one height near the edge of a page; `height` is measured from that edge."""

    page: int
    lines: tuple[Line, ...]
    height: float
    text: str
    size: float


def sort_out(pages: Sequence[Page]) -> tuple[Leaf, ...]:
    """Take running heads, page numbers and footnotes off the pages, and say which pages are printed contents."""
    edges = {at_top: [_rows(page, at_top=at_top) for page in pages] for at_top in (True, False)}
    offsets = _read_offsets(pages, edges=edges)
    size = body_size(line for page in pages for line in page.lines)
    taken = _find_furniture(pages, edges=edges, offsets=offsets, size=size)
    numbers = _number_pages(pages, offsets=offsets)
    leaves: list[Leaf] = []
    is_contents = False
    for page, number in zip(pages, numbers, strict=True):
        lines = tuple(line for line in page.lines if id(line) not in taken)
        is_contents = _are_contents(lines, follows=is_contents)
        if is_contents:
            end = _end_of_contents(lines)
            leaves.append(Leaf(index=page.index, number=number, lines=lines[:end], is_contents=True))
            lines = lines[end:]
            is_contents = not lines
        if not is_contents:
            text, notes = _part_notes(lines, height=page.height, size=size)
            leaves.append(Leaf(index=page.index, number=number, lines=text, notes=notes))
    return tuple(leaves)


def body_size(lines: Iterable[Line]) -> float:
    """The size most of the text is set in, points."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def is_contents_line(text: str) -> bool:
    """Whether a line can only be an entry of printed contents: a title, leaders, a page number."""
    # The pattern would be tried at every letter of every line.
    may_lead = text.count(".") > 3 or "…" in text or "·" in text or "_" in text
    return may_lead and _LEADERS.search(text) is not None


def _rows(page: Page, *, at_top: bool) -> list[_Row]:
    """The outermost rows at one edge, outermost first: a slug, a running head, a page number."""
    limit = page.height * _EDGE_SHARE
    rows: list[tuple[float, list[Line]]] = []
    heights = [page.height - line.top if at_top else line.bottom for line in page.lines]
    for height, at in sorted((height, at) for at, height in enumerate(heights) if height <= limit):
        if len(rows) > _MAX_ROWS:
            break
        if rows and height - rows[-1][0] < _SAME_HEIGHT * 2:
            rows[-1][1].append(page.lines[at])
        else:
            rows.append((height, [page.lines[at]]))
    return [_make_row(page.index, lines, height=height) for height, lines in rows[:_MAX_ROWS]]


def _make_row(page: int, lines: Sequence[Line], *, height: float) -> _Row:
    text = " ".join(line.text for line in sorted(lines, key=lambda line: line.left)).strip()
    size = max(line.size for line in lines)
    return _Row(page=page, lines=tuple(lines), height=height, text=text, size=size)


def _numbers_in(text: str) -> list[int]:
    """What may be the page number in a running head: the number it begins or ends with."""
    plain = _PAGE_WORD.sub("", text.strip(_DECORATION)).strip(_DECORATION)
    found = (match for pattern in (_FIRST_NUMBER, _LAST_NUMBER) if (match := pattern.search(plain)))
    return [int(match[1]) for match in found]


def _read_offsets(pages: Sequence[Page], *, edges: Mapping[bool, Sequence[Sequence[_Row]]]) -> dict[int, int]:
    """For the pages that print their number: printed number less index, where enough pages agree on it."""
    said: dict[int, set[int]] = {}
    votes: Counter[int] = Counter()
    for page, upper, lower in zip(pages, edges[True], edges[False], strict=True):
        rows = (*upper, *lower)
        said[page.index] = {number - page.index for row in rows for number in _numbers_in(row.text)}
        votes.update(said[page.index])
    agreed = {offset for offset, count in votes.items() if count >= min(_MIN_REPEATS, max(len(pages), 2))}
    if len(pages) < _MIN_REPEATS:
        agreed = {1}
    return {
        index: max(offsets & agreed, key=lambda offset: votes[offset])
        for index, offsets in said.items()
        if offsets & agreed
    }


def _number_pages(pages: Sequence[Page], *, offsets: dict[int, int]) -> list[int]:
    """A number for each page; one that prints none counts on from its neighbour."""
    if len(offsets) * 4 >= len(pages) or len(offsets) > _MIN_REPEATS * 4:
        offset = next(iter(offsets.values()))
        numbers = []
        for page in pages:
            offset = offsets.get(page.index, offset)
            numbers.append(max(page.index + offset, 1))
        return numbers
    labels = [page.label for page in pages]
    return [int(label) if label.isdecimal() else page.index + 1 for page, label in zip(pages, labels, strict=True)]


def _find_furniture(
    pages: Sequence[Page], *, edges: Mapping[bool, Sequence[Sequence[_Row]]], offsets: dict[int, int], size: float
) -> set[int]:
    """The identities of the lines that are running heads, running feet and page numbers."""
    taken: set[int] = set()
    for at_top, by_page in edges.items():
        heads: list[_Row] = []
        reached = {rows[0].page for rows in by_page if rows}
        for rank in range(_MAX_ROWS):  # an inner row counts only where all outside of it are furniture
            rows = [rows[rank] for rows in by_page if len(rows) > rank and rows[0].page in reached]
            found = _judge_rows(rows, offsets=offsets, size=size)
            if rank:
                found += _rows_apart(rows, known=found, pages=pages, at_top=at_top, size=size)
            heads += found
            reached = {row.page for row in found}
        taken.update(id(line) for row in heads for line in row.lines)
    return taken


def _rows_apart(
    rows: Sequence[_Row], *, known: Sequence[_Row], pages: Sequence[Page], at_top: bool, size: float
) -> list[_Row]:
    """Second rows that change from page to page but stand at one height, with room to the text, on most pages."""
    taken = set(map(id, known))
    by_index = {page.index: page for page in pages}
    heights = Counter(round(row.height / _SAME_HEIGHT) for row in rows)
    usual = {height for height, count in heights.items() if count >= max(_MIN_APART_ROWS, _ZONE_SHARE * len(rows))}
    apart = [
        row
        for row in rows
        if id(row) not in taken
        and round(row.height / _SAME_HEIGHT) in usual
        and len(row.text) <= _MAX_HEAD_CHARACTERS
        and not _is_large(row, size=size)
        and _room_to_text(row, page=by_index[row.page], at_top=at_top) > _APART * size
    ]
    return apart if len(apart) >= max(_MIN_APART_ROWS, _ZONE_SHARE * len(rows)) else []


def _room_to_text(row: _Row, *, page: Page, at_top: bool) -> float:
    """Points of white between a row and the next line towards the middle of the page."""
    own = set(map(id, row.lines))
    others = [line for line in page.lines if id(line) not in own]
    if at_top:
        edge = min(line.bottom for line in row.lines)
        return min((edge - line.top for line in others if line.top <= edge + 1), default=0.0)
    edge = max(line.top for line in row.lines)
    return min((line.bottom - edge for line in others if line.bottom >= edge - 1), default=0.0)


def _judge_rows(rows: Sequence[_Row], *, offsets: dict[int, int], size: float) -> list[_Row]:
    """Which of the rows at one edge are furniture: page numbers, what repeats, and what stands where those stand."""
    rows = [row for row in rows if len(row.text) <= _MAX_HEAD_CHARACTERS]
    certain = [row for row in rows if _is_number(row, offset=offsets.get(row.page), size=size)]
    repeated: defaultdict[tuple[str, int], list[_Row]] = defaultdict(list)
    for row in rows:
        key = _key(row, offset=offsets.get(row.page))
        if key and key not in _LABELS and not _is_large(row, size=size):
            repeated[key, round(row.height / _SAME_HEIGHT / 2)].append(row)
    for group in repeated.values():
        certain += group if len(group) >= _MIN_REPEATS else []
    certain += _find_slugs(rows, known=certain, size=size)
    known = set(map(id, certain))
    heights = Counter(round(row.height / _SAME_HEIGHT) for row in certain)
    crowd = Counter(round(row.height / _SAME_HEIGHT) for row in rows)
    for row in rows:
        height = round(row.height / _SAME_HEIGHT)
        is_zone = heights[height] >= _MIN_ZONE_ROWS and heights[height] >= _ZONE_SHARE * crowd[height]
        if id(row) not in known and is_zone and not _is_large(row, size=size):
            certain.append(row)
    return certain


def _find_slugs(rows: Sequence[_Row], *, known: Sequence[_Row], size: float) -> list[_Row]:
    """Rows that are alike but for their numbers on most pages: what a printer or a browser writes there."""
    taken = set(map(id, known))
    alike: defaultdict[tuple[str, int], list[_Row]] = defaultdict(list)
    for row in rows:
        letters = "".join(character for character in row.text.casefold() if character.isalpha())
        if len(letters) >= _MIN_TITLE and not is_chapter_title(row.text) and not _is_large(row, size=size):
            alike[_DAY_HALF.sub("", row.text.casefold()), round(row.height / _SAME_HEIGHT / 2)].append(row)
    return [
        row
        for group in alike.values()
        if len(group) >= (_MIN_REPEATS if _SLUG.search(group[0].text) else max(_MIN_REPEATS, _SLUG_SHARE * len(rows)))
        for row in group
        if id(row) not in taken
    ]


def _is_number(row: _Row, *, offset: int | None, size: float) -> bool:
    """Whether a row is the page's number, alone or with a running title that carries it."""
    plain = _PAGE_WORD.sub("", row.text.strip(_DECORATION)).strip(_DECORATION)
    if plain.isdecimal():
        return offset is not None and int(plain) == row.page + offset
    if _is_large(row, size=size) or (is_chapter_line(row.text) and row.text.count(" ") == 1):
        return False  # "Chapter 1" on page 1 is that chapter's heading
    if offset is None:
        return bool(plain) and plain.islower() and _ROMAN.fullmatch(plain) is not None
    is_note = _NOTE.match(row.text) is not None and row.text.endswith((".", "!", "?")) and row.text.count(" ") > 3
    return row.page + offset in _numbers_in(row.text) and not is_note


def _key(row: _Row, *, offset: int | None) -> str:
    """A row for comparing with those of other pages: letters and digits without the page's own number."""
    text = row.text
    if offset is not None:
        text = re.sub(rf"^{row.page + offset}\b|\b{row.page + offset}$", "", text)
    return "".join(character for character in text.casefold() if character.isalnum())


def _is_large(row: _Row, *, size: float) -> bool:
    return row.size > size * _HEADING_SIZE


def _are_contents(lines: Sequence[Line], *, follows: bool) -> bool:
    """Whether a page is printed contents; `follows` says that the page before it is."""
    if len(lines) < _MIN_ENTRIES:
        return False
    texts = [line.text.strip() for line in lines]
    if sum(map(is_contents_line, texts)) >= max(_MIN_ENTRIES, len(texts) * _CONTENTS_SHARE):
        return True
    has_heading = any(reason_by_title(text) is Matter.CONTENTS for text in texts[:3])
    if not has_heading and not follows:
        return False
    numbers = [match[1] for text in texts if (match := _ENTRY.match(text)) and len(text) < _MAX_ENTRY_CHARACTERS]
    counted = [int(number) for number in numbers if number.isdecimal()]
    rising = sum(one <= other for one, other in pairwise(counted)) >= 0.8 * (len(counted) - 1)
    if len(numbers) >= max(_MIN_ENTRIES - has_heading, (len(texts) - 1) * _CONTENTS_SHARE - 1) and rising:
        return True
    titles = sum(is_chapter_title(text) or is_part_title(text) or is_story_title(text) for text in texts)
    return has_heading and titles >= max(_MIN_ENTRIES, len(texts) * _CONTENTS_SHARE)


def _end_of_contents(lines: Sequence[Line]) -> int:
    """Where on a page of contents the story begins: at a title that was listed above, now in larger type."""
    listed: dict[str, float] = {}
    for at, line in enumerate(lines):
        title = _ENTRY_PAGE.sub("", line.text).strip().casefold()
        if len(title) >= _MIN_TITLE and line.size > listed.get(title, line.size):
            return at
        listed.setdefault(title, line.size)
    return len(lines)


def _part_notes(lines: tuple[Line, ...], *, height: float, size: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The text and the footnotes below it: smaller lines at the foot that begin with a note's mark."""
    start = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if line.size > size * _NOTE_SIZE or line.top > height * _NOTE_SHARE:
            break
        if _NOTE.match(line.text):
            start = at
    return (lines[:start], lines[start:]) if start > 0 else (lines, ())

"""From the lines of a PDF's pages to the blocks of the book: paragraphs across pages, verse, headings, scene breaks."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import NamedTuple

from imaginized.reading.blocks import Block, join_titles
from imaginized.reading.classify import (
    is_chapter_line,
    is_chapter_title,
    is_part_title,
    is_story_title,
    mend_capitals,
    reason_by_title,
)
from imaginized.reading.pdf_layout import Leaf, body_size, is_contents_line
from imaginized.reading.pdf_pages import HYPHEN, Line
from imaginized.reading.pdf_words import Words, is_divided, read_words

_SAME_SIZE = 0.12
_PARAGRAPH_GAP = 1.4
_HEADING_GAP = 1.35
_SCENE_GAP = 0.9
_MIN_INDENT = 0.6
_USUAL_INDENT = 4.0
_INDENTED_SHARE = 0.04
_SHORT_LINE = 0.4
_SLACK = 0.5
_VERSE_SLACK = 3.0
_COLUMN_SHARE = 0.2
_COLUMN_WIDTH = 0.25
_LARGE = 1.15
_MAX_HEADING_CHARACTERS = 160
_MAX_BOLD_CHARACTERS = 90
_MAX_NUMBER_CHARACTERS = 20
_MAX_LEVEL = 6
_SENTENCE_END = re.compile(r"(?:[.!?…:。！？][\"'”’»)\]]*|[,;—–]?[\"”»])$")
_LAST_SIGNS = frozenset(".!?…:。！？\"'”’»)]\n")
_LIST_ITEM = re.compile(r"^\d+[.)]?\s+[a-zà-ÿ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBlock:
    """A block with its place.

    Attributes:
        page: Index of the page it begins on.
        number: What readers call that page.
        top: Points from the lower edge of that page.
    """

    block: Block
    page: int
    number: int
    top: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """How a book is set.

    Attributes:
        size: Of its text, points.
        leading: From line to line, points.
        has_indents: Whether paragraphs begin with an indent.
    """

    size: float
    leading: float
    has_indents: bool = False


class _Set(NamedTuple):
    """A line with where it stands; a tuple, because a book has thousands.

    Attributes:
        indent: Points from the left edge of its column.
        room: Points from its end to the right edge of its column.
        gap: Points from the line above, baseline to baseline; None for the first of a page or column.
    """

    line: Line
    leaf: Leaf
    indent: float
    room: float
    gap: float | None
    is_entry: bool = False


@dataclass(slots=True)
class _Run:
    """The lines of one paragraph or heading."""

    lines: list[_Set] = field(default_factory=list)
    is_broken: bool = False


def build_blocks(leaves: Sequence[Leaf]) -> tuple[PlacedBlock, ...]:
    """Put the lines together again as their author wrote them."""
    kind = _measure(leaves)
    lines = [each for leaf in leaves for each in _set_lines(leaf, kind=kind)]
    kind = replace(kind, has_indents=_has_indents(lines, kind=kind))
    runs = _gather(lines, kind=kind)
    words = read_words(line.line.text for line in lines)
    levels = _rank_sizes(runs, kind=kind)
    usual = _usual_gap(runs)
    placed: list[PlacedBlock] = []
    for at, run in enumerate(runs):
        first = run.lines[0]
        level = _level(run, before=runs[at - 1] if at else None, after=_next(runs, at), kind=kind, levels=levels)
        text = _join_heading(run) if level else _join(run, words=words, kind=kind)
        is_scene = run.is_broken or _is_wide(first, usual=usual, kind=kind)
        block = Block(
            text=text,
            position=len(placed),
            words=len(text.split()),
            level=level,
            starts_scene=is_scene and not level,
            is_linked=first.is_entry,
        )
        if text:
            placed.append(PlacedBlock(block=block, page=first.leaf.index, number=first.leaf.number, top=first.line.top))
    return tuple(placed)


def _measure(leaves: Sequence[Leaf]) -> _Type:
    size = body_size(line for leaf in leaves for line in leaf.lines)
    gaps = [
        one.bottom - other.bottom
        for leaf in leaves
        for one, other in zip(leaf.lines, leaf.lines[1:], strict=False)
        if _is_like(one.size, size) and _is_like(other.size, size) and 0 < one.bottom - other.bottom < size * 4
    ]
    return _Type(size=size or 1.0, leading=median(gaps) if gaps else size * 1.2 or 1.0)


def _is_like(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SIZE * max(one, other)


def _set_lines(leaf: Leaf, *, kind: _Type) -> Iterator[_Set]:
    """The lines of a page with their indents, measured in the column each stands in."""
    lines = _join_initials(leaf.lines, kind=kind)
    columns = _columns(lines, kind=kind)
    previous: Line | None = None
    for line in lines:
        left, right = columns[0]
        if len(columns) > 1:
            left, right = max((each for each in columns if each[0] <= line.left + kind.size), default=columns[0])
        gap = previous.bottom - line.bottom if previous is not None else None
        if gap is not None and gap < -kind.leading / 2:
            gap = None  # the next column
        is_entry = leaf.is_contents or is_contents_line(line.text)
        yield _Set(line, leaf, line.left - left, right - line.right, gap, is_entry)
        previous = line


def _columns(lines: Sequence[Line], *, kind: _Type) -> list[tuple[float, float]]:
    """Left and right edge of each column; a page has one unless enough lines begin far to the right."""
    body = [line for line in lines if _is_like(line.size, kind.size)] or list(lines)
    if not body:
        return [(0.0, 0.0)]
    width = max(line.right for line in body) - min(line.left for line in body)
    lefts = Counter(round(line.left) for line in body)
    starts: list[float] = []
    for left in sorted(lefts):
        count = sum(lefts[near] for near in (left - 1, left, left + 1))
        if count < max(_COLUMN_SHARE * len(body), 2):
            continue
        if not starts or left - starts[-1] > _COLUMN_WIDTH * width:
            starts.append(left)
    starts = starts or [min(line.left for line in body)]
    if len(starts) > 1 and not _are_columns(starts, body):
        starts = starts[:1]
    ends = [*starts[1:], float("inf")]
    columns = []
    for start, end in zip(starts, ends, strict=True):
        rights = sorted(line.right for line in body if start - kind.size <= line.left < end - kind.size)
        columns.append((start, rights[min(int(len(rights) * 0.9), len(rights) - 1)] if rights else start))
    return columns


def _are_columns(starts: Sequence[float], lines: Sequence[Line]) -> bool:
    """Whether hardly a line runs across the gap between them."""
    across = sum(line.left < starts[1] - 2 and line.right > starts[1] + 10 for line in lines)
    return across <= 0.1 * len(lines)


def _join_initials(lines: Sequence[Line], *, kind: _Type) -> list[Line]:
    """Put an initial set over several lines back before the word it begins."""
    joined: list[Line] = []
    initial: Line | None = None
    for line in lines:
        if initial is not None:
            beside = line.top <= initial.top + kind.size and line.bottom >= initial.bottom - kind.size
            text = f"{initial.text}{line.text}" if beside else line.text
            if not beside:
                joined.append(initial)
            line = Line(
                text=text,
                left=initial.left if beside else line.left,
                right=line.right,
                bottom=line.bottom,
                top=line.top,
                size=line.size,
                is_bold=line.is_bold,
            )
            initial = None
        elif len(line.text) <= 2 and line.text[-1:].isalpha() and line.size > kind.size * 1.6:
            initial = line
            continue
        joined.append(line)
    return [*joined, initial] if initial is not None else joined


def _gather(lines: Sequence[_Set], *, kind: _Type) -> list[_Run]:
    """Group the lines into paragraphs and headings; lines without a letter or digit part scenes."""
    runs: list[_Run] = []
    previous: _Set | None = None
    is_broken = False
    for each in lines:
        if not any(map(str.isalnum, each.line.text)):
            is_broken, previous = True, None
            continue
        if previous is None or _starts_run(each, after=previous, kind=kind):
            runs.append(_Run(is_broken=is_broken))
            is_broken = False
        runs[-1].lines.append(each)
        previous = each
    return runs


def _starts_run(each: _Set, *, after: _Set, kind: _Type) -> bool:
    """Whether a line begins a new paragraph."""
    one, other = after.line, each.line
    if each.is_entry or after.is_entry or not _is_like(one.size, other.size):
        return True
    if each.gap is not None and each.gap > max(kind.leading, other.size * kind.leading / kind.size) * _PARAGRAPH_GAP:
        return True
    if one.text.endswith(HYPHEN):
        return False
    is_heading = other.size > kind.size * _LARGE
    if is_heading or (one.is_bold != other.is_bold and (_fits(each, after=after) or after.indent > kind.size)):
        return (
            not is_heading
            or each.leaf is not after.leaf
            or (is_chapter_title(one.text) and len(one.text) <= _MAX_NUMBER_CHARACTERS)
            or is_chapter_title(other.text)
        )
    if is_chapter_line(other.text) or is_chapter_line(one.text):
        return True
    if each.indent > _MIN_INDENT * kind.size:
        is_block = after.indent > _MIN_INDENT * kind.size and abs(each.indent - after.indent) < kind.size * 0.4
        return not is_block or _is_paragraph_by_itself(each, after=after, kind=kind)
    if not _ends_sentence(one):
        return False
    width = after.indent + one.right - one.left + after.room
    return after.room > _SHORT_LINE * width if kind.has_indents else _fits(each, after=after)


def _has_indents(lines: Sequence[_Set], *, kind: _Type) -> bool:
    indented = sum(_MIN_INDENT * kind.size < each.indent < _USUAL_INDENT * kind.size for each in lines)
    return indented >= _INDENTED_SHARE * len(lines)


def _is_paragraph_by_itself(each: _Set, *, after: _Set, kind: _Type) -> bool:
    """Two lines indented alike: paragraphs of one line each (talk), unless the first runs on (a quotation, verse)."""
    return _ends_sentence(after.line) and (_fits(each, after=after) or after.room < kind.size * 2)


def _ends_sentence(line: Line) -> bool:
    # The pattern would be tried at every letter of the line.
    return line.text[-1:] in _LAST_SIGNS and _SENTENCE_END.search(line.text) is not None


def _fits(each: _Set, *, after: _Set, slack: float = _SLACK) -> bool:
    """Whether the first word of a line had room on the line before: then the break was the author's."""
    line = each.line
    width = (line.right - line.left) / max(len(line.text), 1)
    word = line.text.split(maxsplit=1)[0]
    return after.room > (len(word) + 1) * width + slack * line.size


def _usual_gap(runs: Sequence[_Run]) -> float:
    """The usual distance between two paragraphs, baseline to baseline; 0 for none."""
    gaps = [run.lines[0].gap for run in runs if run.lines[0].gap is not None]
    return median(gap for gap in gaps if gap is not None) if gaps else 0.0


def _is_wide(first: _Set, *, usual: float, kind: _Type) -> bool:
    """Whether a blank was left above a paragraph that others do not have."""
    return first.gap is not None and first.gap > usual + kind.leading * _SCENE_GAP


def _next(runs: Sequence[_Run], at: int) -> _Run | None:
    return runs[at + 1] if at + 1 < len(runs) else None


def _rank_sizes(runs: Sequence[_Run], *, kind: _Type) -> dict[float, int]:
    """A level for each size above the text's, the largest first."""
    sizes = sorted(
        {run.lines[0].line.size for run in runs if run.lines[0].line.size > kind.size * _LARGE}, reverse=True
    )
    levels: dict[float, int] = {}
    level, last = 0, 0.0
    for size in sizes:
        if not last or size < last * 0.93:
            level, last = level + 1, size
        levels[size] = min(level, _MAX_LEVEL - 2)
    return levels


def _level(run: _Run, *, before: _Run | None, after: _Run | None, kind: _Type, levels: dict[float, int]) -> int:
    """1–6 for a heading, 0 for a paragraph: by size, by number, by weight or capitals where it stands alone."""
    text = " ".join(each.line.text for each in run.lines)
    first = run.lines[0]
    if first.is_entry or len(text) > _MAX_HEADING_CHARACTERS or (not any(map(str.isalpha, text)) and len(text) > 6):
        return 0
    size = first.line.size
    if size in levels and len(run.lines) <= 4:
        return levels[size]
    if not _stands_alone(run, before=before, after=after, kind=kind) or len(run.lines) > 3:
        return 0
    if is_chapter_line(text) or is_story_title(text) or is_part_title(text) or _is_titled_chapter(text):
        return _MAX_LEVEL - 3 if is_part_title(text) else _MAX_LEVEL - 2
    if len(text) <= _MAX_BOLD_CHARACTERS and all(each.line.is_bold for each in run.lines):
        return _MAX_LEVEL - 1
    if len(text) <= _MAX_BOLD_CHARACTERS and text.isupper() and (first.gap is None or reason_by_title(text)):
        return _MAX_LEVEL - 1
    return 0


def _is_titled_chapter(text: str) -> bool:
    if not is_chapter_title(text) or len(text) > _MAX_BOLD_CHARACTERS:
        return False
    return not text.endswith((".", ",", ";", HYPHEN)) and _LIST_ITEM.match(text) is None


def _stands_alone(run: _Run, *, before: _Run | None, after: _Run | None, kind: _Type) -> bool:
    """Whether there is room above, and room below or another heading's look."""
    first = run.lines[0]
    above = first.gap is None or before is None or first.gap > kind.leading * _HEADING_GAP or run.is_broken
    if after is None:
        return above
    below = after.lines[0]
    is_set_apart = below.gap is None or below.gap > kind.leading * _HEADING_GAP
    return above and (is_set_apart or first.line.is_bold or first.indent > kind.size * 4)


def _join_heading(run: _Run) -> str:
    texts = [each.line.text.rstrip(HYPHEN) for each in run.lines]
    if len(texts) > 1 and is_chapter_title(texts[0]) and len(texts[0]) < 20:
        texts = [texts[0], " ".join(texts[1:])]
        return mend_capitals(join_titles(texts))
    return mend_capitals(" ".join(" ".join(texts).split()))


def _join(run: _Run, *, words: Words, kind: _Type) -> str:
    """The text of a paragraph: divided words whole again, verse with its line breaks."""
    text = ""
    previous: _Set | None = None
    for each in run.lines:
        line = " ".join(each.line.text.split())
        if previous is None:
            text = line
        elif is_divided(text):
            text = words.join(text, line)
        elif text.endswith("—") or line.startswith("—"):
            text += line
        else:
            text += ("\n" if _is_verse(each, after=previous, kind=kind) else " ") + line
        previous = each
    return text.replace(HYPHEN, "-")


def _is_verse(each: _Set, *, after: _Set, kind: _Type) -> bool:
    """Whether the break between two lines of a paragraph is the author's."""
    start = each.line.text.lstrip("\"'“‘«([—")[:1]
    if not start.isupper() and min(each.indent, after.indent) <= kind.size:
        return False
    return _fits(each, after=after, slack=_VERSE_SLACK)

"""Front and back matter by its shape: where a stretch stands, how long it is beside the chapters, what it is made of.

Words in titles are only a hint, and known in some languages only. What stands between chapters and is as long as they
are is story, whatever it is called; what is short and stands before the first numbered chapter or behind the last is
not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imaginized.reading.classify import (
    is_chapter_title,
    is_part_title,
    is_story_title,
    is_story_type,
    reason_by_title,
    reason_by_types,
)
from imaginized.reading.flow import Flow
from imaginized.reading.labels import Matter
from imaginized.reading.numbering import numbered, read_number, serial
from imaginized.reading.places import heading_at
from imaginized.reading.sections import Section

_AS_LONG = 0.6  # of the usual chapter: what is as long as that between chapters is one
_CORE = 0.35  # of it: what is as long as that may be the first or the last chapter of a book without numbers
_SHORT_BESIDE_CHAPTERS = 0.25
_SHORT = 0.08
_EVEN = 0.5
_MIN_FRINGE = 2
_MIN_MISNAMED = 3
_RIGHTS_WORDS = 600
_RIGHTS = ("©", "ISBN", "(c) ", "(C) ")
_LISTED_SHARE = 0.5
_LINKED_SHARE = 0.3
_MIN_LINES = 4
_MIN_STORY = 2
_WHOLE_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """What could be a chapter: a section with those nested in it.

    Attributes:
        first: Index of its section.
        last: Index behind the last section nested in it.
        size: Words of all of them.
        is_numbered: Whether its title or its heading counts it.
    """

    first: int
    last: int
    size: int
    head: Section
    heading: str
    is_numbered: bool = False


def settle(sections: Sequence[Section], *, depth: int, flow: Flow) -> tuple[list[Section], dict[int, Matter]]:
    """Correct by shape what titles say of the sections; chapters stand at `depth`.

    Returns the sections, of which some lost their reason, and for others why they are no story, by their index.
    """
    units = _mark_numbered(list(_units(sections, depth=depth, flow=flow)))
    story = [unit for unit in units if not unit.head.reason and unit.size]
    if len(story) < _MIN_STORY:
        return list(sections), {}
    usual = usual_size([unit.size for unit in story])
    total = sum(unit.size for unit in story)
    series = [unit for unit in story if unit.is_numbered or _is_named_story(unit)]
    is_numbered = sum(unit.is_numbered for unit in series) >= _MIN_STORY
    has_series = is_numbered and sum(unit.size for unit in series) * 2 >= total
    core = [at for at, unit in enumerate(units) if _is_core(unit, usual=usual, has_series=has_series)]
    if sum(units[at].size for at in core) < _WHOLE_SHARE * total and len(core) < _MIN_STORY:
        return list(sections), {}  # one long piece among many short ones says nothing of what is usual
    if not core:
        return list(sections), {}
    misnamed = set() if has_series else _misnamed(units, core=core, usual=usual)
    settled: list[Section] = list(sections)
    reasons: dict[int, Matter] = {}
    fringe = _fringe(units, core=core, usual=usual)
    for at, unit in enumerate(units):
        if at in misnamed:
            settled[unit.first] = replace(unit.head, reason=Matter.STORY)
        elif unit.head.reason and core[0] < at < core[-1]:
            if _is_chapter_after_all(units, at=at, core=core, usual=usual, flow=flow):
                settled[unit.first] = replace(unit.head, reason=Matter.STORY)
        elif not unit.head.reason:
            limit = _SHORT_BESIDE_CHAPTERS if has_series or at in fringe else _SHORT
            reasons[unit.first] = _reason_by_shape(unit, usual=usual, limit=limit, side=_side(at, core), flow=flow)
    return settled, reasons


def usual_size(sizes: Sequence[int]) -> int:
    """The size of the piece that holds the middle word: many short pieces do not hide what the long ones are like."""
    total, seen = sum(sizes), 0
    for size in sorted(sizes):
        seen += size
        if seen * 2 >= total:
            return size
    return 0


def _units(sections: Sequence[Section], *, depth: int, flow: Flow) -> Iterator[_Unit]:
    at = 0
    while at < len(sections):
        head, last = sections[at], at + 1
        while last < len(sections) and sections[last].place.depth > max(depth, head.place.depth):
            last += 1
        size = sum(section.size for section in sections[at:last])
        yield _Unit(first=at, last=last, size=size, head=head, heading=heading_at(head.start, flow=flow))
        at = last


def _mark_numbered(units: list[_Unit]) -> list[_Unit]:
    """The units with what counts them; a word that titles share says so only of what is as long as chapters are."""
    titles = [unit.head.place.title for unit in units]
    usual = usual_size([unit.size for unit in units if not unit.head.reason])
    counted = numbered(titles)
    marks = zip(units, counted, counted if all(counted) else serial(titles), strict=True)
    return [
        replace(
            unit,
            is_numbered=is_counted
            or is_chapter_title(unit.heading)
            or (is_serial and unit.size >= _SHORT_BESIDE_CHAPTERS * usual),
        )
        for unit, is_counted, is_serial in marks
    ]


def _is_named_story(unit: _Unit) -> bool:
    return is_story_title(unit.head.place.title) or is_story_title(unit.heading)


def _is_core(unit: _Unit, *, usual: int, has_series: bool) -> bool:
    """Whether it is a chapter beyond doubt, so that what stands between two of them is inside the story."""
    if unit.head.reason or not unit.size:
        return False
    if has_series:
        return unit.is_numbered or _is_named_story(unit)
    return unit.size >= _CORE * usual


def _fringe(units: Sequence[_Unit], *, core: Sequence[int], usual: int) -> set[int]:
    """Short pieces in a row before or behind chapters of which none is nearly as short: a cover, contents, thanks.

    One short piece alone may as well be the first story of a collection.
    """
    if min(units[at].size for at in core) < _EVEN * usual:
        return set()
    ends = (range(core[0]), range(core[-1] + 1, len(units)))
    rows = [[at for at in end if units[at].size and not _is_named_story(units[at])] for end in ends]
    return {at for row in rows if len(row) >= _MIN_FRINGE for at in row}


def _misnamed(units: Sequence[_Unit], *, core: Sequence[int], usual: int) -> set[int]:
    """Pieces that their titles call matter, where these are most of a book and all as long as its chapters.

    Then the words are wrong, not the book: "The Map", "Thanks" and "Notes" are its chapters.
    """
    named = {at for at, unit in enumerate(units) if reason_by_title(unit.head.place.title) and unit.head.reason}
    sizes = [units[at].size for at in named]
    if len(named) < max(_MIN_MISNAMED, len(core)) or any(reason_by_types(units[at].head.place.types) for at in named):
        return set()
    return named if _AS_LONG * usual <= min(sizes) and max(sizes) * _AS_LONG <= usual else set()


def _side(at: int, core: Sequence[int]) -> str:
    """Where a unit stands: "before" all chapters, "behind" them, or "" for between."""
    return "before" if at < core[0] else "behind" if at > core[-1] else ""


def _is_chapter_after_all(units: Sequence[_Unit], *, at: int, core: Sequence[int], usual: int, flow: Flow) -> bool:
    """Whether a unit that its title or its type calls matter is a chapter: between chapters and as long as they are."""
    unit = units[at]
    if unit.size < _AS_LONG * usual or any(reason_by_title(above) for above in unit.head.place.path):
        return False
    if unit.head.reason is Matter.EXCERPT or _is_list(unit.head.start, _end_of(unit, units, flow=flow), flow=flow):
        return False
    following = next(units[other] for other in core if other > at)
    number = read_number(following.head.place.title)
    return number is None or number.value != 1  # what stands before another Chapter 1 is around one of several volumes


def _end_of(unit: _Unit, units: Sequence[_Unit], *, flow: Flow) -> int:
    following = next((other.head.start for other in units if other.first >= unit.last), len(flow.blocks))
    return max(following, unit.head.end)


def _reason_by_shape(unit: _Unit, *, usual: int, limit: float, side: str, flow: Flow) -> Matter:
    """Why a unit that nothing calls matter is none of the story all the same."""
    head = unit.head
    if unit.is_numbered or unit.last - unit.first > 1 or head.is_parent or not unit.size:
        return Matter.STORY
    if _is_named_story(unit) or is_part_title(head.place.title):
        return Matter.STORY
    if is_story_type(head.place.types) or _is_ornament(head.place.title):
        return Matter.STORY
    share = unit.size / max(usual, 1)
    if share < _CORE and unit.size < _RIGHTS_WORDS and _has_rights(head.start, head.end, flow=flow):
        return Matter.COPYRIGHT_PAGE
    if not side:
        return Matter.STORY
    if share < limit:
        return Matter.SHORT_BEFORE if side == "before" else Matter.SHORT_BEHIND
    is_listed = share < _AS_LONG and _is_list(head.start, head.end, flow=flow)
    return Matter.LIST if is_listed else Matter.STORY


def _is_ornament(title: str) -> bool:
    """Whether a title is a sign of the printer's, as before the last scene of a story."""
    return bool(title) and not any(map(str.isalnum, title))


def _has_rights(start: int, end: int, *, flow: Flow) -> bool:
    return any(mark in flow.blocks[at].text for at in range(start, end) for mark in _RIGHTS)


def _is_list(start: int, end: int, *, flow: Flow) -> bool:
    """Whether most of it is numbered notes, entries that end with page numbers, or links."""
    blocks = [flow.blocks[at] for at in range(start, end) if not flow.blocks[at].level]
    if len(blocks) < _MIN_LINES:
        return False
    lines = sum(_is_entry(block.text) for block in blocks)
    linked = sum(block.is_linked for block in blocks)
    return lines >= _LISTED_SHARE * len(blocks) or linked >= _LINKED_SHARE * len(blocks)


def _is_entry(text: str) -> bool:
    head = text.lstrip("[(*^↑ ")[:1]
    return head.isdecimal() or text[-1:].isdecimal()

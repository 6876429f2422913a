"""Where parts of a book may begin: by its contents, by its typed sections, by its headings, by its documents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from imaginized.reading.blocks import Block, join_titles
from imaginized.reading.classify import (
    is_chapter_line,
    is_chapter_title,
    is_part_title,
    is_sentence,
    is_story_title,
    is_subsection_title,
    is_title_like,
    names_chapter,
    reason_by_title,
    reason_by_types,
)
from imaginized.reading.flow import CHAPTER_TYPES, Flow, fold_title
from imaginized.reading.numbering import counts_up, is_bare, number_of, numbered, read_number, serial
from imaginized.reading.package import Entry

_MIN_NUMBERED = 3
_MAX_COUNTED = 30
_MOST_COUNT_UP = 0.8
_MIN_APART = 60
_LISTED_SHARE = 0.01
_MAX_HEADING_CHARACTERS = 200
_MAX_NUMBER_CHARACTERS = 20
_MAX_LINE_CHARACTERS = 80
_MIN_CAPITALS, _MAX_CAPITALS = 4, 60
_MORE_THAN_NUMBERS = 1.5
_EPIGRAPH_WORDS = 40  # what stands below fewer is the source of a motto


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The beginning of a part.

    Attributes:
        index: Its first block in the flow.
        title: As the contents or the heading say; may be empty.
        path: Titles of the parts it is nested in.
        depth: How deeply it is nested.
        fragment: Identifier that the contents name it by; "" for none.
        types: What it says it is.
        is_listed: False for documents that no contents name.
    """

    index: int
    title: str
    path: tuple[str, ...] = ()
    depth: int = 0
    fragment: str = ""
    types: frozenset[str] = frozenset()
    is_listed: bool = True


def resolve_entry(entry: Entry, *, flow: Flow, names: dict[str, int]) -> int | None:
    """The block an entry points to; None when its document is not in the reading order."""
    at = names.get(entry.name) if entry.name else None
    if at is None:
        return None
    local = flow.documents[at].marks.get(entry.fragment, 0) if entry.fragment else 0
    return _back_over_heading(flow.starts[at] + local, title=entry.title, flow=flow, stop=flow.starts[at])


def places_by_contents(contents: Iterable[Entry], *, flow: Flow, names: dict[str, int]) -> tuple[Place, ...]:
    """Every entry of the contents that points into the reading order, in text order."""
    places = []
    for entry in contents:
        index = resolve_entry(entry, flow=flow, names=names)
        if index is not None:
            types = entry.types | flow.types_at(index)
            name, depth = entry.fragment, entry.depth
            places.append(
                Place(index=index, title=entry.title, path=entry.path, depth=depth, fragment=name, types=types)
            )
    return tuple(sorted(places, key=lambda place: place.index))


def places_by_types(flow: Flow) -> tuple[Place, ...]:
    """Sections that say they are chapters."""
    places = []
    for document, start in zip(flow.documents, flow.starts, strict=True):
        for span in document.spans:
            if span.types & CHAPTER_TYPES:
                title = heading_at(start + span.start, flow=flow)
                places.append(Place(index=start + span.start, title=title, types=flow.types_at(start + span.start)))
    unique = {place.index: place for place in places}
    return tuple(unique[index] for index in sorted(unique))


def places_by_numbers(flow: Flow, headings: Sequence[Place]) -> tuple[Place, ...]:
    """Headings numbered as chapters, with the parts above and the front and back matter between them.

    Lines in capitals or of few words count as headings where a book has no real ones.
    """
    found = _numbered_among(headings)
    if len(found) < _MIN_NUMBERED:
        headings = [Place(index=i, title=b.text) for i, b in enumerate(flow.blocks) if _looks_like_heading(b)]
        found = _numbered_among(headings)
    if len(found) < _MIN_NUMBERED:
        headings = found = _counted_lines(flow)
    if len(found) < _MIN_NUMBERED or not _count_up([place.title for place in found]):
        return ()
    scenes = _scenes_among(found, flow=flow) | _list_among(found, flow=flow)
    above = _titles_above(headings, flow=flow) if len({place.title for place in found}) < len(found) else {}
    counted = {place.index for place in found} - scenes
    return tuple(
        Place(index=p.index, title=p.title, path=above.get(p.index, ()), types=flow.types_at(p.index))
        for p in headings
        if p.index in counted or (_is_telling(p.title) and p.index not in scenes)
    )


def is_within_chapter(index: int, *, flow: Flow) -> bool:
    """Whether a block stands inside a section that says it is one chapter, behind its heading."""
    at = flow.document_at(index)
    document, local = flow.documents[at], index - flow.starts[at]
    first = flow.chapter_around(index)
    return first >= 0 and any(not document.blocks[before].level for before in range(first, local))


def _numbered_among(headings: Sequence[Place]) -> list[Place]:
    marks = numbered([place.title for place in headings])
    return [place for place, is_counted in zip(headings, marks, strict=True) if is_counted]


def _counted_lines(flow: Flow) -> list[Place]:
    """Short lines that count on from each other with much text between, whatever their language: "One", "Sura ya 1"."""
    lines = [
        Place(index=at, title=block.text)
        for at, block in enumerate(flow.blocks)
        if len(block.text) <= _MAX_COUNTED and not flow.is_cut[at] and not block.is_linked and is_title_like(block.text)
    ]
    kinds: defaultdict[str, list[Place]] = defaultdict(list)
    for place in lines:
        if (number := read_number(place.title)) is not None:
            kinds[number.kind].append(place)
    rows = [row for row in kinds.values() if counts_up([number_of(place.title) for place in row]) >= _MOST_COUNT_UP]
    rows.append([place for place, is_one in zip(lines, serial([p.title for p in lines]), strict=True) if is_one])
    fitting = [row for row in rows if len(row) >= _MIN_NUMBERED and _are_apart(row, flow=flow)]
    return max(fitting, key=lambda row: len(row), default=[])


def _are_apart(row: Sequence[Place], *, flow: Flow) -> bool:
    """Whether lines stand as far apart as chapters begin, over the whole book."""
    indexes = [place.index for place in row]
    gaps = [flow.size(one, other) for one, other in pairwise([*indexes, len(flow.blocks)])]
    return min(gaps) >= _MIN_APART and sum(gaps) * 2 > flow.size(0, len(flow.blocks))


def _scenes_among(found: Sequence[Place], *, flow: Flow) -> set[int]:
    """Which numbers stand below others that are chapters by their word, and so divide these."""
    levels = {place.index: flow.blocks[place.index].level for place in found}
    named = [levels[place.index] for place in found if names_chapter(place.title)]
    if len(named) < _MIN_NUMBERED:
        return set()
    rank = max(set(named), key=named.count)
    lower = [place for place in found if not 0 < levels[place.index] <= rank]
    return {place.index for place in lower if not names_chapter(place.title)}


def _list_among(found: Sequence[Place], *, flow: Flow) -> set[int]:
    """Which numbers are lines of a printed list of the chapters: next to nothing below them, and they come again."""
    sizes = [flow.size(one.index, other.index) for one, other in pairwise(found)]
    sizes.append(flow.size(found[-1].index, len(flow.blocks)))
    least = _LISTED_SHARE * max(sizes)
    short = {place.index for place, size in zip(found, sizes, strict=True) if size < least}
    rows = (row for row in _rows(found, among=short) if len(row) >= _MIN_NUMBERED and _comes_again(row, found))
    return {place.index for row in rows for place in row}


def _rows(found: Sequence[Place], *, among: set[int]) -> Iterator[list[Place]]:
    """Stretches of places that follow each other, all of them of a set."""
    row: list[Place] = []
    for place in found:
        if place.index in among:
            row.append(place)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _comes_again(row: Sequence[Place], found: Sequence[Place]) -> bool:
    """Whether the numbers of a printed list come again behind it."""
    behind = {number_of(place.title) for place in found if place.index > row[-1].index}
    return sum(number_of(place.title) in behind for place in row[:-1]) >= len(row) - 1


def places_by_capitals(flow: Flow) -> tuple[Place, ...]:
    """Short lines in capitals, in a book that has next to no headings and not as many numbers as such lines."""
    if sum(block.level > 0 for block in flow.blocks) >= _MIN_NUMBERED:
        return ()
    lines = [index for index, block in enumerate(flow.blocks) if _is_capital_line(block) and not flow.is_cut[index]]
    lines = [
        at for before, at in pairwise([0, *lines]) if not 0 < flow.size(before, at) < _EPIGRAPH_WORDS or not before
    ]
    numbered = sum(is_chapter_line(block.text) for block in flow.blocks)
    if len(lines) < _MIN_NUMBERED or len(lines) <= numbered * _MORE_THAN_NUMBERS:
        return ()
    return tuple(Place(index=index, title=flow.blocks[index].text, types=flow.types_at(index)) for index in lines)


def _is_capital_line(block: Block) -> bool:
    text = block.text
    if not _MIN_CAPITALS <= len(text) <= _MAX_CAPITALS or not text.isupper() or block.is_linked:
        return False
    capitals = sum(map(str.isupper, text))
    return text[-1].isalnum() and 2 * capitals > sum(map(str.isalpha, text)) and not is_chapter_title(text)


def _count_up(titles: Sequence[str]) -> bool:
    """Whether bare numbers among titles are chapters': each the next, or the first again; not prices or years."""
    numbers = [int(bare) for title in titles if (bare := title.strip(" .")).isdecimal() and bare.isascii()]
    steps = sum(other in (1, one + 1) for one, other in pairwise(numbers))
    return len(numbers) < _MIN_NUMBERED or steps * 2 >= len(numbers) - 1


def _titles_above(headings: Sequence[Place], *, flow: Flow) -> dict[int, tuple[str, ...]]:
    """For numbers that recur: the heading that each stands under, unless that is a part, which is a place itself."""
    above: dict[int, tuple[str, ...]] = {}
    stack: list[tuple[int, str]] = []
    for place in headings:
        level = flow.blocks[place.index].level
        stack = [each for each in stack if each[0] < level]
        if stack and not _is_telling(stack[-1][1]):
            above[place.index] = (stack[-1][1],)
        stack.append((level, place.title))
    return above


def places_by_headings(flow: Flow, headings: Sequence[Place]) -> tuple[Place, ...]:
    """All headings, nested by their level."""
    stack: list[tuple[int, str]] = []
    places = []
    for place in headings:
        level = flow.blocks[place.index].level
        stack = [above for above in stack if above[0] < level]
        path = tuple(title for _, title in stack)
        places.append(
            Place(index=place.index, title=place.title, path=path, depth=len(path), types=flow.types_at(place.index))
        )
        stack.append((level, place.title))
    return tuple(places)


def places_by_documents(flow: Flow) -> tuple[Place, ...]:
    """The beginning of every document that holds text."""
    return tuple(
        Place(index=start, title=heading_at(start, flow=flow), types=flow.types_at(start))
        for document, start in zip(flow.documents, flow.starts, strict=True)
        if document.blocks
    )


def add_unlisted(places: Sequence[Place], *, flow: Flow) -> tuple[Place, ...]:
    """Also the documents that no contents name but that say themselves where something else begins."""
    listed = {place.index for place in places}
    first = min(listed, default=len(flow.blocks))
    depths = (
        {place.depth for place in places if is_chapter_title(place.title)} or {place.depth for place in places} or {0}
    )
    added = []
    for document, start in zip(flow.documents, flow.starts, strict=True):
        if not document.blocks or start in listed:
            continue
        title, types = heading_at(start, flow=flow), flow.types_at(start)
        is_story = is_chapter_title(title) or is_story_title(title)
        if start < first or is_story or reason_by_types(types) or reason_by_title(title):
            depth = max(depths) if is_story else 0
            added.append(Place(index=start, title=title, depth=depth, types=types, is_listed=False))
    return tuple(sorted((*places, *added), key=lambda place: place.index))


def heading_at(index: int, *, flow: Flow) -> str:
    """The heading that begins at a block, its lines joined; "" when a paragraph stands there."""
    known = flow.headings.get(index)
    if known is None:
        known = flow.headings[index] = _join_heading(index, flow=flow)
    return known


def _join_heading(index: int, *, flow: Flow) -> str:
    lines: list[str] = []
    level = 0
    document = flow.document_at(index) if flow.blocks else 0
    for at in range(index, min(index + 4, len(flow.blocks))):
        block = flow.blocks[at]
        if not block.level or len(block.text) > _MAX_HEADING_CHARACTERS or flow.document_at(at) != document:
            break
        if lines and (is_part_title(lines[-1]) or is_chapter_title(block.text) or is_subsection_title(block.text)):
            break
        if lines and is_bare(block.text) and read_number(lines[-1]) is not None:
            break  # "Kapitel 1", "Scen 1"
        if lines and block.level <= level and not _is_bare_number(lines[-1]):
            break
        lines.append(block.text)
        level = block.level
    return join_titles(lines) if lines else ""


def _is_bare_number(title: str) -> bool:
    return len(title) <= _MAX_NUMBER_CHARACTERS and is_chapter_title(title)


def _back_over_heading(index: int, *, title: str, flow: Flow, stop: int) -> int:
    """Anchors may stand just behind the heading they mean."""
    at = index
    while at > stop and at > index - 3 and flow.blocks[at - 1].level:
        at -= 1
    if at < index < len(flow.blocks) and not flow.blocks[index].level:
        heading = fold_title(" ".join(block.text for block in flow.blocks[at:index]))
        wanted = fold_title(title)
        if wanted and heading and (wanted in heading or heading in wanted):
            return at
    return index


def group_headings(flow: Flow) -> list[Place]:
    """Headings; lines of one heading that follow each other count once, under its first block."""
    indexes = [i for i, block in enumerate(flow.blocks) if block.level and not flow.is_cut[i]]
    taken: set[int] = set()
    places = []
    for index, following in pairwise([*indexes, len(flow.blocks)]):
        if index in taken:
            continue
        title = heading_at(index, flow=flow) or flow.blocks[index].text
        if (
            following == index + 1
            and following < len(flow.blocks)
            and fold_title(flow.blocks[following].text) in fold_title(title)
        ):
            taken.update(_lines_of(index, title=title, flow=flow))
        places.append(Place(index=index, title=title))
    return places


def _lines_of(index: int, *, title: str, flow: Flow) -> Iterator[int]:
    at = index + 1
    while at < len(flow.blocks) and flow.blocks[at].level and fold_title(flow.blocks[at].text) in fold_title(title):
        yield at
        at += 1


def _looks_like_heading(block: Block) -> bool:
    if len(block.text) > _MAX_LINE_CHARACTERS or block.is_linked:
        return False
    if block.level > 0 or is_chapter_line(block.text):
        return True
    return is_story_title(block.text) and not is_sentence(block.text)


def _is_telling(title: str) -> bool:
    return is_chapter_title(title) or is_part_title(title) or is_story_title(title) or bool(reason_by_title(title))

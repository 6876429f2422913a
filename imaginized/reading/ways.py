"""The ways to divide a book, scored against each other: which one its text bears out best, and how sure that is."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from imaginized.reading.anchoring import anchored, is_spelled, nested
from imaginized.reading.classify import is_chapter_line, is_chapter_title, is_part_title, is_title_like, reason_by_title
from imaginized.reading.flow import Flow
from imaginized.reading.grouping import Grouping, group
from imaginized.reading.labels import Matter
from imaginized.reading.matter import usual_size
from imaginized.reading.numbering import counts_up, numbered, read_number
from imaginized.reading.package import Package
from imaginized.reading.pieces import goes_on, is_of_one_size, is_torn
from imaginized.reading.places import (
    Place,
    add_unlisted,
    group_headings,
    heading_at,
    is_within_chapter,
    places_by_capitals,
    places_by_contents,
    places_by_documents,
    places_by_headings,
    places_by_numbers,
    places_by_types,
)
from imaginized.reading.sections import Landmarks, divide
from imaginized.story.text import Division, Way

# How much a way is worth where the text bears all of them out alike.
_WORTH = {
    "contents": 1.0,
    "contents and headings": 0.97,
    "typed sections": 0.97,
    "numbers": 0.95,
    "capitals": 0.87,
    "headings": 0.85,
    "documents": 0.6,
}
_SURE = 0.97  # what another way is worth at most
_SAID = frozenset({"contents", "contents and headings", "typed sections"})
_NEAR = 2  # blocks: a heading so near to a place is its own
_PEER_SHARE = 0.2
_MOST = 0.8
_ONE, _TWO, _LUMP = 0.5, 0.8, 0.85
_LUMP_SHARE = 0.6
_UNCOUNTED, _NOT_COUNTED, _COUNTED_SHARE = 0.97, 0.9, 0.3
_UNEVEN = 15
_MIN_LISTED, _UNHEEDED, _HALF_PRINTED = 3, 0.4, 0.6
_LINE_FIRMNESS, _DOCUMENT_FIRMNESS = 0.8, 0.6
_WEAK_REASONS = frozenset({Matter.UNLISTED, Matter.BEFORE_STORY})
_CUT, _MANY_TORN = 0.4, 0.3
_MAX_LINE = 40
_LONG_LUMP_WORDS = 20_000
_NO_CONFIDENCE, _SHORT_CONFIDENCE = 0.2, 0.6
_ALIKE = 0.8  # of the places: two ways that share so many agree
_ALONE, _CLOSE = 0.85, 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """What all ways are held against.

    Attributes:
        places: Every heading of the book.
        levels: The level of each.
        sizes: Words from each to the next of its rank.
        chapters: Indexes in the flow of headings that are numbered as chapters, or of lines that can be nothing else.
    """

    places: tuple[Place, ...]
    levels: tuple[int, ...]
    sizes: tuple[int, ...]
    chapters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A grouping, made ready for asking what stands where.

    Attributes:
        starts: Where its stretches begin, in text order.
        owners: Which chapter each is of; -1 for none.
        known: All blocks near the beginning of a stretch.
        rank: The level of the headings that most chapters begin with; 0 where most begin with none.
        usual: The size of its usual chapter.
        begins_documents: Whether most chapters begin a document, so that what begins none is no chapter.
    """

    starts: tuple[int, ...]
    owners: tuple[int, ...]
    known: frozenset[int]
    rank: int
    usual: int
    begins_documents: bool

    def owner(self, at: int) -> int:
        """Which chapter holds a block; -1 for none."""
        nth = bisect_right(self.starts, at) - 1
        return self.owners[nth] if nth >= 0 else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One way and what comes of it."""

    name: str
    grouping: Grouping
    score: float

    @property
    def starts(self) -> frozenset[int]:
        """Where its chapters begin."""
        return frozenset(chapter[0].start for chapter in self.grouping.chapters)

    @property
    def count(self) -> int:
        """How many chapters it gives."""
        return len(self.grouping.chapters)


class _Trial:
    """The ways that were tried so far, each measured by the same headings."""

    def __init__(self, *, flow: Flow, landmarks: Landmarks, names: frozenset[str]) -> None:
        self.headings = _read_headings(flow)
        self.tried: list[_Tried] = []
        self._flow = flow
        self._landmarks = landmarks
        self._names = names
        self._known: dict[tuple[tuple[int, str, tuple[str, ...]], ...], Grouping] = {}

    def add(self, name: str, places: Sequence[Place]) -> Grouping:
        """Divide by these places and measure what comes of it; no places are no way."""
        if not places:
            return Grouping()
        key = tuple((place.index, place.title, place.path) for place in places)
        if key not in self._known:
            sections = divide(add_unlisted(places, flow=self._flow), flow=self._flow, landmarks=self._landmarks)
            self._known[key] = group(sections, flow=self._flow, names=self._names)
        grouping = self._known[key]
        score = _score(name, grouping, headings=self.headings, flow=self._flow) * self._heeds_contents(name, grouping)
        self.tried.append(_Tried(name=name, grouping=grouping, score=round(score, 3)))
        return grouping

    def _heeds_contents(self, name: str, grouping: Grouping) -> float:
        """How much of what the contents name at the head of documents another way keeps as beginnings."""
        listed = self.tried[0].starts if self.tried and self.tried[0].name == "contents" else frozenset()
        if name in _SAID or len(listed) < _MIN_LISTED or not all(start in self._flow.begins for start in listed):
            return 1.0
        printed = _share(_level_at(start, flow=self._flow) > 0 for start in listed)
        if 0 < printed < _HALF_PRINTED:  # an entry a page: where some begin at headings, those are the chapters
            return 1.0
        known = _shape_of(grouping, flow=self._flow).known
        return 1 - _UNHEEDED * sum(start not in known for start in listed) / len(listed)


def choose(
    package: Package, *, flow: Flow, documents: dict[str, int], landmarks: Landmarks, names: frozenset[str]
) -> tuple[Grouping, Division]:
    """Try all ways and take the one that the text bears out best.

    Args:
        package: What the book says of itself.
        flow: Its text.
        documents: Where each document stands in the flow.
        landmarks: What it says of its beginning and end.
        names: What its title page may be called.
    """
    trial = _Trial(flow=flow, landmarks=landmarks, names=names)
    headings = trial.headings.places
    listed = nested(anchored(places_by_contents(package.contents, flow=flow, names=documents), headings, flow=flow))
    by_contents = trial.add("contents", listed)
    if trial.tried and trial.tried[0].score >= _SURE:
        return by_contents, _doubted(_tell_sure(trial.tried[0], flow=flow), by_contents, flow=flow)
    if by_contents.chapters:
        shape = _shape_of(by_contents, flow=flow)
        trial.add("contents and headings", _with_missing(listed, _peers(shape, headings=trial.headings, flow=flow)))
    trial.add("typed sections", places_by_types(flow))
    trial.add("capitals", places_by_capitals(flow))
    trial.add("numbers", places_by_numbers(flow, headings))
    trial.add("headings", places_by_headings(flow, headings))
    trial.add("documents", places_by_documents(flow))
    best = max(trial.tried, key=lambda each: each.score, default=None)
    if best is None or not best.count:
        return Grouping(), Division(way="", confidence=0.0, reason="nothing in it looks like a chapter")
    return best.grouping, _doubted(_tell(best, trial.tried), best.grouping, flow=flow)


def _read_headings(flow: Flow) -> Headings:
    places = tuple(group_headings(flow))
    counted = numbered([place.title for place in places])
    marked = [place.index for place, is_counted in zip(places, counted, strict=True) if is_counted]
    is_marked = len(places) >= max(_MIN_LISTED, len(flow.documents) / 2)
    lines = [] if is_marked else _chapter_lines(flow)
    levels = tuple(flow.blocks[place.index].level for place in places)
    return Headings(
        places=places,
        levels=levels,
        sizes=tuple(_sizes(places, levels, flow=flow)),
        chapters=tuple(sorted(marked + lines)),
    )


def _chapter_lines(flow: Flow) -> list[int]:
    """Lines that can be nothing but the headings of chapters, in a book that has next to no real ones."""
    return [
        at
        for at, block in enumerate(flow.blocks)
        if len(block.text) <= _MAX_LINE
        and not block.level
        and " " in block.text
        and is_chapter_line(block.text)
        and not flow.is_cut[at]
    ]


def _sizes(places: Sequence[Place], levels: Sequence[int], *, flow: Flow) -> list[int]:
    """Words below each heading, up to the next that is not below it."""
    sizes = [0] * len(places)
    stack: list[int] = []
    for at, (place, level) in enumerate(zip(places, levels, strict=True)):
        while stack and levels[stack[-1]] >= level:
            above = stack.pop()
            sizes[above] = flow.size(places[above].index, place.index)
        stack.append(at)
    for above in stack:
        sizes[above] = flow.size(places[above].index, len(flow.blocks))
    return sizes


def _score(name: str, grouping: Grouping, *, headings: Headings, flow: Flow) -> float:
    """How well a division fits the text, from 0 to 1."""
    chapters = grouping.chapters
    if not chapters:
        return 0.0
    sizes = grouping.sizes
    story = sum(sizes) or 1
    lost = sum(section.size for section in grouping.skipped if section.reason in _WEAK_REASONS)
    places = [chapter[0].place for chapter in chapters]
    unnamed = sum(size for place, size in zip(places, sizes, strict=True) if not (place.title or place.is_listed))
    starts = [chapter[0].start for chapter in chapters]
    repeated = _is_repeated([heading_at(start, flow=flow) for start in starts])
    hidden = len(_hidden(_shape_of(grouping, flow=flow), headings=headings, flow=flow))
    factors = (
        _WORTH[name],
        (story - unnamed) / (story + lost),
        0.4 + 0.6 * _share(_firmness(start, flow=flow) for start in starts),
        1 - 0.7 * _share(is_torn(start, flow=flow) for start in starts),
        len(chapters) / (len(chapters) + hidden),
        _evenness(sizes),
        _run([chapter[0].place.title for chapter in chapters]),
        _NOT_COUNTED if _is_repeated([chapter[0].place.title for chapter in chapters]) else 1,
        1 if repeated else 1 - 0.5 * _share(_contradicts(chapter[0].place, flow=flow) for chapter in chapters),
        1 if name in _SAID else 1 - 0.8 * _share(is_within_chapter(start, flow=flow) for start in starts),
    )
    score = 1.0
    for factor in factors:
        score *= factor
    return round(score, 3)


def _share(values: Iterable[float]) -> float:
    """The mean of values, of which there are some; the standard library's takes ten times as long."""
    found = list(values)
    return sum(found) / len(found)


def _firmness(start: int, *, flow: Flow) -> float:
    """How firmly a place is the beginning of something: a heading, a document, or neither."""
    if start >= len(flow.blocks):
        return 0.0
    block = flow.blocks[start]
    if block.level or is_chapter_line(block.text) or (block.text.isupper() and len(block.text) <= _MAX_LINE):
        return 1.0
    if start in flow.begins and any(below.level for below in flow.blocks[start : start + _NEAR + 2]):
        return 1.0  # lines of a part or a picture's words stand above the heading
    if len(block.text) <= _MAX_LINE and is_title_like(block.text):
        return _LINE_FIRMNESS
    return _DOCUMENT_FIRMNESS if start in flow.begins else 0.0


def _hidden(shape: _Shape, *, headings: Headings, flow: Flow) -> set[int]:
    """Headings of chapters that a division leaves inside its chapters."""
    sizes = dict(zip((place.index for place in headings.places), headings.sizes, strict=True))
    least = _PEER_SHARE * shape.usual  # less stands below the items of a list
    inside = [
        (at, shape.owner(at))
        for at in headings.chapters
        if at not in shape.known and shape.owner(at) >= 0 and sizes.get(at, least) >= least
    ]
    counted = {at for at, _ in inside if _is_of_rank(flow.blocks[at].level, shape.rank)}
    lower = [(at, owner) for at, owner in inside if at not in counted]
    if lower and not _is_counted_anew(lower, flow=flow):
        counted.update(at for at, _ in lower)
    return counted | {place.index for place in _peers(shape, headings=headings, flow=flow)}


def _is_of_rank(level: int, rank: int) -> bool:
    return not rank or 0 < level <= rank


def _is_counted_anew(inside: Sequence[tuple[int, int]], *, flow: Flow) -> bool:
    """Whether numbered headings begin again in each chapter that holds some, as its sections do."""
    owners: dict[int, list[int]] = {}
    for at, owner in inside:
        number = read_number(heading_at(at, flow=flow) or flow.blocks[at].text)
        owners.setdefault(owner, []).append(1 if number is None else number.value)
    return all(values[0] <= 2 for values in owners.values()) and len(owners) * 8 >= len(inside)


def _peers(shape: _Shape, *, headings: Headings, flow: Flow) -> list[Place]:
    """Headings of the chapters' own rank, with about as much text, that begin none.

    Where chapters begin with no headings, those that begin documents are of their rank.
    """
    heads = Counter(flow.blocks[place.index].level for place in headings.places if place.index in flow.begins)
    rank = shape.rank or (heads.most_common(1)[0][0] if heads.total() >= _MIN_LISTED else 0)
    if not rank:
        return []
    return [
        place
        for place, level, size in zip(headings.places, headings.levels, headings.sizes, strict=True)
        if level == rank
        and size >= _PEER_SHARE * shape.usual
        and (place.index not in shape.known or _is_behind_text(place.index, shape=shape, flow=flow))
        and shape.owner(place.index) >= 0
        and not reason_by_title(place.title)
        and (place.index in flow.begins or (shape.rank and not shape.begins_documents))
    ]


def _is_behind_text(index: int, *, shape: _Shape, flow: Flow) -> bool:
    """Whether a heading begins a document behind the whole text of a very short chapter, and so is not that one's."""
    start = shape.starts[max(bisect_right(shape.starts, index) - 1, 0)]
    return index in flow.begins and index > start and flow.size(start, index) > 0


def _shape_of(grouping: Grouping, *, flow: Flow) -> _Shape:
    pieces = [(section.start, at) for at, chapter in enumerate(grouping.chapters) for section in chapter]
    pieces = sorted([*pieces, *((section.start, -1) for section in grouping.skipped)])
    levels = Counter(_level_at(chapter[0].start, flow=flow) for chapter in grouping.chapters)
    level, count = levels.most_common(1)[0] if levels else (0, 0)
    return _Shape(
        tuple(start for start, _ in pieces),
        tuple(owner for _, owner in pieces),
        frozenset(at for start, _ in pieces for at in range(start - _NEAR, start + _NEAR + 1)),
        level if count * 2 > len(grouping.chapters) else 0,
        min(usual_size(grouping.sizes), round(median(grouping.sizes))) if grouping.chapters else 0,
        sum(chapter[0].start in flow.begins for chapter in grouping.chapters) > _MOST * len(grouping.chapters),
    )


def _level_at(index: int, *, flow: Flow) -> int:
    return flow.blocks[index].level if index < len(flow.blocks) else 0


def _evenness(sizes: Sequence[int]) -> float:
    """Less than 1 for a division that leaves nearly all in one or two lumps."""
    if len(sizes) < 3:
        return _ONE if len(sizes) == 1 else _TWO
    if max(sizes) > _UNEVEN * max(median(sizes), 1):
        return _TWO
    return _LUMP if max(sizes) > _LUMP_SHARE * sum(sizes) else 1.0


def _run(titles: Sequence[str]) -> float:
    """How well the titles count up; titles without numbers say nothing either way."""
    values = [number.value for title in titles if (number := read_number(title)) is not None]
    if len(values) * 2 <= len(titles) or len(values) < 2:
        return _UNCOUNTED
    share = counts_up(values)
    return 0.6 + 0.4 * share if share >= _COUNTED_SHARE else _NOT_COUNTED  # numbers that count nothing: 10, 20, 30


def _is_repeated(titles: Sequence[str]) -> bool:
    """Whether most titles are one and the same, as where the book's title heads every document: they tell nothing."""
    (_, count), *_ = Counter(filter(None, titles)).most_common(1) or [("", 0)]
    return len(titles) >= _MIN_LISTED and count > _MOST * len(titles)


def _contradicts(place: Place, *, flow: Flow) -> bool:
    """Whether the heading at a place is another than the place's title."""
    return not is_spelled(place, flow=flow, is_needed=False)


def _with_missing(listed: Sequence[Place], missing: Sequence[Place]) -> tuple[Place, ...]:
    """The places of the contents and those of headings that they leave out, as deep as what stands before these."""
    if not missing:
        return ()
    depths = Counter(place.depth for place in listed if is_chapter_title(place.title) or not is_part_title(place.title))
    depth = depths.most_common(1)[0][0] if depths else 0
    added = []
    for place in missing:
        before = next((each for each in reversed(listed) if each.index <= place.index and each.depth == depth), None)
        path = before.path if before is not None else ()
        added.append(Place(index=place.index, title=place.title, path=path, depth=len(path), types=place.types))
    return tuple(sorted((*listed, *added), key=lambda place: place.index))


def _tell_sure(best: _Tried, *, flow: Flow) -> Division:
    """The choice where nothing speaks against the contents, so that no other way could fit better."""
    printed = sum(_level_at(chapter[0].start, flow=flow) > 0 for chapter in best.grouping.chapters)
    reason = f"contents name {_count(best.count)}, {printed} of them at headings, no heading beside them; took contents"
    way = Way(name=best.name, places=best.count, score=best.score)
    return Division(way=best.name, confidence=best.score, reason=reason, ways=(way,))


def _count(places: int) -> str:
    return f"{places} {'place' if places == 1 else 'places'}"


def _tell(best: _Tried, tried: Sequence[_Tried]) -> Division:
    """The choice with its reason, and how sure it is: by its score, who agrees, and how near another one comes."""
    others = [each for each in tried if each.name != best.name and each.count]
    is_backed = any(_overlap(each, best) >= _ALIKE for each in others)
    rival = max((each.score for each in others if _overlap(each, best) < _ALIKE), default=0.0)
    confidence = best.score if is_backed else best.score * _ALONE
    if rival > _CLOSE * best.score:
        confidence *= _ALONE
    if best.count == 1:  # a short book may be of one piece, a long one hardly ever
        is_lump = sum(best.grouping.sizes) > _LONG_LUMP_WORDS
        confidence = min(confidence, _NO_CONFIDENCE) if is_lump else max(confidence, _SHORT_CONFIDENCE)
    first, *rest = tried
    counts = [f"{first.name} name {_count(first.count)}"]
    counts += [f"{each.name} {each.count}" for each in rest]
    ways = sorted(tried, key=lambda each: -each.score)
    return Division(
        way=best.name,
        confidence=round(min(confidence, 1.0), 2),
        reason=f"{', '.join(counts)}; took {best.name}",
        ways=tuple(Way(name=each.name, places=each.count, score=each.score) for each in ways),
    )


def _doubted(division: Division, grouping: Grouping, *, flow: Flow) -> Division:
    """The choice, less sure where it looks cut by a program; no other way is chosen for that, if there is none."""
    starts = [chapter[0].start for chapter in grouping.chapters]
    factor, seen = 1.0, ""
    if len(starts) > 1 and _share(goes_on(start, flow=flow) for start in starts) >= _MANY_TORN:
        factor, seen = _CUT, "; many begin in the middle of a sentence, as pieces do that a program cut"
    elif is_of_one_size(grouping.sizes):
        factor, seen = _CUT, "; all are of one size, as pieces are that a program cut"
    confidence = round(division.confidence * factor, 2)
    return replace(division, confidence=confidence, reason=division.reason + seen) if seen else division


def _overlap(one: _Tried, other: _Tried) -> float:
    """How many of the places of two ways are the same."""
    both = one.starts | other.starts
    return len(one.starts & other.starts) / len(both) if both else 1.0

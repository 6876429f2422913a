"""Contents that lie: entries that point beside the heading they name are put to that heading."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from imaginized.reading.classify import is_part_title, names_chapter
from imaginized.reading.flow import Flow, fold_title, same_title
from imaginized.reading.numbering import read_number
from imaginized.reading.places import Place, heading_at

_LINES = 4
_MIN_CHAPTERS = 2
_WHOLE = 0.8  # of the entries: where so many name headings in their order, the others' targets are not needed


def anchored(listed: Sequence[Place], headings: Sequence[Place], *, flow: Flow) -> tuple[Place, ...]:
    """The places of the contents in text order, each at the heading of its title where it points to another or to none.

    An entry is moved between the places of its neighbours only, or where all together name headings in their order.
    """
    right = [is_spelled(place, flow=flow) for place in listed]
    if all(right):
        return tuple(listed)
    spelled = _spelled(headings, flow=flow)
    asked = Counter(fold_title(place.title) for place in listed)
    seen: Counter[str] = Counter()
    moves: dict[int, int] = {}
    for at, place in enumerate(listed):
        folded = fold_title(place.title)
        nth = seen[folded]
        seen[folded] += 1
        if right[at]:
            continue
        found = spelled.get(folded, [])
        if len(found) == asked[folded]:
            moves[at] = found[nth]
    if not moves:
        return tuple(listed)
    whole = [moves.get(at, place.index) for at, place in enumerate(listed)]
    is_whole = len(moves) + sum(right) >= _WHOLE * len(listed) and all(one <= other for one, other in pairwise(whole))
    kept = {at: index for at, index in moves.items() if is_whole or _is_near(at, index, listed)}
    moved = [replace(place, index=kept.get(at, place.index)) for at, place in enumerate(listed)]
    return tuple(sorted(moved, key=lambda place: place.index))


def nested(listed: Sequence[Place]) -> tuple[Place, ...]:
    """The places with scenes below the chapters that they stand behind, where flat contents count them anew in each."""
    if len({place.depth for place in listed}) > 1:
        return tuple(listed)
    chapters = [at for at, place in enumerate(listed) if names_chapter(place.title)]
    if len(chapters) < _MIN_CHAPTERS:
        return tuple(listed)
    scenes = {at: list(_scenes_behind(at, listed)) for at in chapters}
    counted = [row for row in scenes.values() if row]
    begun = [read_number(listed[row[0]].title) for row in counted]
    if len(counted) * 2 <= len(chapters) or any(number is None or number.value != 1 for number in begun):
        return tuple(listed)
    owners = {scene: listed[at] for at, row in scenes.items() for scene in row}
    return tuple(
        replace(place, path=(*owners[at].path, owners[at].title), depth=owners[at].depth + 1) if at in owners else place
        for at, place in enumerate(listed)
    )


def _scenes_behind(at: int, listed: Sequence[Place]) -> Iterator[int]:
    """The numbered places up to the next chapter or to what has no number."""
    for other in range(at + 1, len(listed)):
        title = listed[other].title
        if names_chapter(title) or is_part_title(title) or read_number(title) is None:
            return
        yield other


def _spelled(headings: Sequence[Place], *, flow: Flow) -> dict[str, list[int]]:
    """Where each title stands as a heading: whole, or its first line."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place in headings:
        if flow.blocks[place.index].is_linked:
            continue  # a printed list of the chapters
        for title in {fold_title(place.title), fold_title(flow.blocks[place.index].text)}:
            if title:
                found[title].append(place.index)
    return found


def is_spelled(place: Place, *, flow: Flow, is_needed: bool = True) -> bool:
    """Whether the headings at a place have its title; where there are none, only if they are not needed."""
    title, heading = place.title, heading_at(place.index, flow=flow)
    if not title or title == heading or (heading and same_title(title, heading)):
        return True
    below = flow.blocks[place.index : place.index + _LINES]
    lines = [block.text for block in takewhile(lambda block: block.level, below)]
    if not lines:
        return not is_needed
    return any(same_title(title, line) for line in (*lines, " ".join(lines)))


def _is_near(at: int, index: int, listed: Sequence[Place]) -> bool:
    """Whether a heading stands between the places of the entry's neighbours."""
    indexes = [place.index for place in listed]
    before = indexes[bisect_left(indexes, indexes[at]) - 1] if bisect_left(indexes, indexes[at]) else -1
    after = next((other for other in indexes if other > indexes[at]), index + 1)
    return before <= index <= after

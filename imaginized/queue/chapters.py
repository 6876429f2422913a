"""The chapters of a book, with what is known of all of them at once: of thousands, nearly all stay as they are.

What is known is kept with the chapters that it was found in, and taken over into those that come of them by a change:
no look at a long book goes through all its chapters. It is a memory, no state: nothing of it is ever written.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from imaginized.queue.entry import NO_PARTS, Entry, Status
from imaginized.queue.stages import Stage

ENDED = (Status.COMPLETED, Status.FAILED)

_At = tuple[Stage, Status]
_Item = TypeVar("_Item", int, tuple[int, int])
_Key = TypeVar("_Key")
_LIVE, _SHARED, _ODD = "live", "shared", "odd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the chapters of a book stand; all numbers ascend.

    Attributes:
        numbers: All.
        titles: Of each, in the order of their numbers.
        words: The same.
        at: Those of each stage and status that has any.
        longest: By stage, those that wait: words, negative, and number, the longest first.
        marked: The others of these properties.
    """

    numbers: tuple[int, ...]
    titles: tuple[str | None, ...]
    words: tuple[int, ...]
    at: Mapping[_At, tuple[int, ...]]
    longest: Mapping[Stage, tuple[tuple[int, int], ...]]
    marked: Mapping[str, tuple[int, ...]]

    @property
    def live(self) -> tuple[int, ...]:
        """Those that somebody works on."""
        return self.marked.get(_LIVE, ())

    @property
    def shared(self) -> tuple[int, ...]:
        """Those with parts."""
        return self.marked.get(_SHARED, ())

    @property
    def odd(self) -> tuple[int, ...]:
        """Those that have ended without what a chapter has that was read and claimed here."""
        return self.marked.get(_ODD, ())

    def of(self, status: Status) -> list[int]:
        """Those of a status, whatever their stage."""
        return sorted(chain.from_iterable(numbers for (_, each), numbers in self.at.items() if each is status))

    def unfinished(self, stage: Stage) -> Iterator[tuple[int, ...]]:
        """Those that have neither ended nor come past a stage, by where they are."""
        order = stage.order
        return (numbers for (at, status), numbers in self.at.items() if at.order <= order and status not in ENDED)

    def changed(self, pairs: Iterable[tuple[int, Entry, Entry]]) -> "Standing":
        """What it is once chapters have become others; each with its number, what it was and what it is."""
        at, longest, marked = dict(self.at), dict(self.longest), dict(self.marked)
        titles, words = self.titles, self.words
        for number, old, new in pairs:
            _move(at, number, _places(old), _places(new))
            _move(marked, number, _marks(old), _marks(new))
            _move(longest, (-old.words, number), _waits(old), ())
            _move(longest, (-new.words, number), (), _waits(new))
            if (old.title, old.words) != (new.title, new.words):
                place = bisect_left(self.numbers, number)
                titles = (*titles[:place], new.title, *titles[place + 1 :])
                words = (*words[:place], new.words, *words[place + 1 :])
        return Standing(numbers=self.numbers, titles=titles, words=words, at=at, longest=longest, marked=marked)


def standing_of(chapters: Mapping[int, Entry]) -> Standing:
    """Found by a look at each."""
    at: dict[_At, list[int]] = {}
    longest: dict[Stage, list[tuple[int, int]]] = {}
    marked: dict[str, list[int]] = {}
    numbers = sorted(chapters)
    for number in numbers:
        entry = chapters[number]
        for place in _places(entry):
            at.setdefault(place, []).append(number)
        for mark in _marks(entry):
            marked.setdefault(mark, []).append(number)
        for stage in _waits(entry):
            longest.setdefault(stage, []).append((-entry.words, number))
    return Standing(
        numbers=tuple(numbers),
        titles=tuple(chapters[number].title for number in numbers),
        words=tuple(chapters[number].words for number in numbers),
        at={place: tuple(found) for place, found in at.items()},
        longest={stage: tuple(sorted(found)) for stage, found in longest.items()},
        marked={mark: tuple(found) for mark, found in marked.items()},
    )


def _places(entry: Entry) -> tuple[_At, ...]:
    return ((entry.stage, entry.status),)


def _marks(entry: Entry) -> tuple[str, ...]:
    marks = (_LIVE,) if entry.is_live else ()
    if entry.parts is not NO_PARTS:
        marks = (*marks, _SHARED)
    is_whole = entry.analyzed_at is not None and entry.claim is not None and entry.claim.claim_id
    return (*marks, _ODD) if entry.status in ENDED and not is_whole else marks


def _waits(entry: Entry) -> tuple[Stage, ...]:
    return (entry.stage,) if entry.status is Status.PENDING else ()


def _move(lists: dict[_Key, tuple[_Item, ...]], item: _Item, old: tuple[_Key, ...], new: tuple[_Key, ...]) -> None:
    """Take it out of the lists where it was, and put it in order into those where it is; there are no empty ones."""
    for key in set(old).symmetric_difference(new):
        found: tuple[_Item, ...] = lists.get(key, ())
        place: int = bisect_left(found, item)
        rest, added = found[place + 1 :] if key in old else found[place:], () if key in old else (item,)
        after: tuple[_Item, ...] = found[:place] + added + rest
        if after:
            lists[key] = after
        else:
            del lists[key]


FEW = 8  # of so many chapters one


class Chapters(dict[int, Entry]):
    """The entries by number. Never changed once made: `changed` makes others of them.

    Attributes:
        written: How each stood in the manifest's file when that was written last, in the order of their numbers, and
            which have changed since; None before. Only `codec` looks at it.
    """

    __slots__ = ("_standing", "written")

    def __init__(self, entries: Mapping[int, Entry] | Iterable[tuple[int, Entry]] = ()) -> None:
        """Know nothing of them yet."""
        super().__init__(entries)
        self._standing: Standing | None = None
        self.written: tuple[list[bytes], frozenset[int]] | None = None

    @property
    def standing(self) -> Standing:
        """Where they stand."""
        if self._standing is None:
            self._standing = standing_of(self)
        return self._standing

    def changed(self, entries: Mapping[int, Entry]) -> "Chapters":
        """The same with these entries changed, or more of them."""
        after = Chapters(self)
        after.update(entries)
        if self._standing is None or len(after) != len(self):
            return after
        if len(entries) * FEW <= len(self):  # of many it is quicker found anew
            after._standing = self._standing.changed((number, self[number], entry) for number, entry in entries.items())
        if self.written is not None:
            rows, stale = self.written
            after.written = (rows, stale.union(entries))
        return after


def as_chapters(entries: Mapping[int, Entry]) -> Chapters:
    """These, or the same as such."""
    return entries if isinstance(entries, Chapters) else Chapters(entries)

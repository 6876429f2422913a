"""The slow look at every book, by one process: it fills the index, and finds what nobody has told it.

A manifest that another program or a person has changed, a folder that was copied in or taken away, an index that was
lost, belongs to another library or is wrong: all of it is found by the end of a round.
"""

import math
import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.queue.openness import is_open
from imaginized.store.files import MANIFEST, BookFiles
from imaginized.store.index import Card, IndexUnusable, Known, card_of, seal_of, unread_card
from imaginized.store.library import Library, NoSuchBook

ROUND_SECONDS = 52.0
MOST_BOOKS_A_SECOND = 320  # of a larger library a round takes longer: at this rate it costs half a hundredth of a core
SLICE_BOOKS = 256
FIRST_SLICE_BOOKS = 32  # of a round in which each of them may have to be parsed
SLICE_SECONDS = 0.01  # others wait meanwhile
SOON_SECONDS = 0.01
CALM_SECONDS = 0.1  # of the first round where an index knows the books: who starts has other things to do
REST = 50  # times as long as it took, until the folder is listed again: while somebody works it changes all the time
MOST_STRAYS = 100


_BELOW = os.fsencode(f"/{MANIFEST}")
_REPORT = b"/progress.md"


class Sweep:
    """Looks through a library, slice by slice, round by round."""

    def __init__(self, library: Library, *, clock: Clock) -> None:
        """Look at nothing yet."""
        self.root = library.root
        self._library = library
        self._index = library.index
        self._clock = clock
        self._names: list[str] = []
        self._keys: list[bytes] = []
        self._after: bytes = b""
        self._new: list[str] = []
        self._listed_at = -1
        self._list_again_at = 0.0
        self._has_ended_round = False
        self._is_known = False

    @property
    def is_settled(self) -> bool:
        """Whether every book was looked at once."""
        return self._has_ended_round and not self._new

    @property
    def is_known(self) -> bool:
        """Whether an index knew every book when `begin` was called last: there is no hurry."""
        return self._is_known

    @property
    def progress(self) -> tuple[int, int]:
        """How many of how many books were looked at in this round."""
        return bisect_right(self._keys, self._after), len(self._names)

    @property
    def pause_seconds(self) -> float:
        """How long to leave the others in peace before the next `step`."""
        if not self.is_settled:
            return CALM_SECONDS if self._is_known and not self._new else SOON_SECONDS
        round_seconds = max(ROUND_SECONDS, len(self._names) / MOST_BOOKS_A_SECOND)
        return round_seconds / max(math.ceil(len(self._names) / SLICE_BOOKS), 1)

    def begin(self) -> None:
        """Have an index; where it had to be made, every book is looked at again, and soon. Call it often.

        Raises:
            OSError: None can be made here.
            IndexUnusable: Likewise.
        """
        self._index.begin()
        self._is_known = self._index.is_whole()
        if self._has_ended_round and not self._is_known:
            self._has_ended_round, self._after = False, b""

    def look(self) -> list[str]:
        """See whether folders have come or gone; returns the books that are to be looked at since. Call it often.

        Raises:
            OSError: The library cannot be listed.
        """
        if self._clock.monotonic() >= self._list_again_at:
            self._list()
        # A folder that is being copied has no manifest at first.
        strays = sorted(self._library.strays())[:MOST_STRAYS]
        return self._examine(strays, known=None)[0]

    def _list(self) -> None:
        """List the folder, if it has changed."""
        began = self._clock.monotonic()
        changed_at = self.root.stat().st_mtime_ns
        if changed_at != self._listed_at:
            before, is_first = set(self._names), self._listed_at < 0
            with os.scandir(self.root) as entries:
                self._names = sorted((each.name for each in entries if not each.name.startswith(".")), key=os.fsencode)
            self._keys = [os.fsencode(name) for name in self._names]
            self._new += [] if is_first else [name for name in self._names if name not in before]
            self._index.forget(before.difference(self._names))
            # Of before the listing: what comes while it goes on is listed again. Within a tick of the file system's
            # clock the time stays the same; what that hides, the next round finds.
            self._listed_at = changed_at
            self._list_again_at = began + REST * (self._clock.monotonic() - began)

    def step(self, *, seconds: float = SLICE_SECONDS) -> list[str]:
        """Look at some books, for about so long at most, or at one slice once settled; returns those that are open.

        Raises:
            OSError: The library cannot be listed.
        """
        ends_at = self._clock.monotonic() + seconds
        opened = self.look() if self._listed_at < 0 else []
        if self._has_ended_round and not self._after:
            self._list()  # however soon after the last time: a round finds all that was there when it began
        is_over = False
        while not is_over:
            try:
                found, is_over = self._new_ones(ends_at) if self._new else self._slice(ends_at)
            except IndexUnusable:
                return opened  # it is made anew at the next tick
            opened += found
            is_over = is_over or self._clock.monotonic() >= ends_at
        return opened

    def _new_ones(self, ends_at: float) -> tuple[list[str], bool]:
        some = self._new[:SLICE_BOOKS]
        opened, count = self._examine(some, known=None, ends_at=ends_at)
        del self._new[:count]
        return opened, False

    def _slice(self, ends_at: float) -> tuple[list[str], bool]:
        """The next books of the round; returns which are open, and whether it is enough for this step."""
        start = bisect_right(self._keys, self._after)
        some = self._keys[start : start + (SLICE_BOOKS if self._is_known else FIRST_SLICE_BOOKS)]
        is_last = start + len(some) >= len(self._keys)
        known = self._index.between(self._after, None if is_last else some[-1])
        changed = self._changed(some, known=known)
        opened, count = self._examine([os.fsdecode(key) for key in changed], known=known, ends_at=ends_at)
        if count < len(changed):
            self._after = changed[count - 1]
            return opened, False
        gone = map(os.fsdecode, known.keys() - some)
        self._index.forget(name for name in gone if not self._has_manifest(name))
        self._after = b"" if is_last else some[-1]
        if is_last and not self._has_ended_round:
            self._has_ended_round = True
            self._index.note_whole()
        # Later rounds have a slice a step: with as many as fit into its time, one would follow the other.
        return opened, self._has_ended_round

    def _changed(self, keys: Sequence[bytes], *, known: Mapping[bytes, Known]) -> list[bytes]:
        """Those of these books that are not as they were when they were closed. An idle daemon's time goes here."""
        changed = []
        with _opened(self.root) as fd:
            for key in keys:
                try:
                    status = os.stat(key + _BELOW, dir_fd=fd)  # a Path would take five times as long
                except OSError:
                    changed.append(key)
                    continue
                row = known.get(key)
                is_same = row is not None and not row.is_open and row.seal == seal_of(status)
                # In the first round, reports are looked at, too: somebody may have removed one.
                if not is_same or not (self._has_ended_round or _report_at(key, fd) > status.st_mtime_ns):
                    changed.append(key)
        return changed

    def _examine(
        self, names: Sequence[str], *, known: Mapping[bytes, Known] | None, ends_at: float | None = None
    ) -> tuple[list[str], int]:
        """Examine books until it is time; returns those that are to be looked at since, and how many were examined."""
        cards: list[Card] = []
        count = 0
        for name in names:
            count += 1
            card = self._card(name, self._index.known(name) if known is None else known.get(os.fsencode(name)))
            if card is None:
                continue
            cards.append(card)
            if ends_at is not None and self._clock.monotonic() >= ends_at:
                break
        if not self._index.put(cards):
            raise IndexUnusable("the index of open books is busy")  # else they would be missing until the next round
        return [card.book for card in cards if card.is_open], count

    def _card(self, name: str, known: Known | None) -> Card | None:
        """What is to be noted of a book; None where all is noted, or it is no book."""
        try:
            status = BookFiles(self.root / name).manifest.stat()
        except OSError:
            self._library.note_stray(name)
            if known is not None:
                self._index.forget([name])
            return None
        if known is not None and known.is_open:
            self._close_if_over(name)
            return None
        seal = seal_of(status)
        # Once after each start: somebody may have removed a report.
        is_known = known is not None and known.seal == seal
        if is_known and (self._has_ended_round or not self._is_late(name, status)):
            return None
        try:
            manifest = self._library.peek(name)
        except NoSuchBook:
            return None
        except ManifestCorrupt:
            return unread_card(name, status)  # who looks at it tells people
        if is_open(manifest) or self._is_late(name, status):
            return card_of(manifest, book=name)
        return card_of(manifest, book=name, seal=seal, turn=known.turn if known else 0)

    def _close_if_over(self, name: str) -> None:
        """Close a book that its last worker could not: it was killed just then."""
        with suppress(LibraryBusy, ManifestCorrupt, NoSuchBook, OSError):
            if not is_open(self._library.read(name)):
                self._library.settle(name)

    def _is_late(self, name: str, status: os.stat_result) -> bool:
        """Whether its report is from before its last change, as far as the file system's clock tells."""
        try:
            return BookFiles(self.root / name).progress.stat().st_mtime_ns <= status.st_mtime_ns
        except OSError:
            return True

    def _has_manifest(self, name: str) -> bool:
        return BookFiles(self.root / name).manifest.exists()


def _report_at(key: bytes, fd: int) -> int:
    try:
        return os.stat(key + _REPORT, dir_fd=fd).st_mtime_ns
    except OSError:
        return 0


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)

"""Reading a book's log of events from a place on, a block at a time, however the log was cut or trimmed meanwhile.

A place is the number of the last line that was read and where it ended. The number is what counts; the end is where to
look first. Knows no cursor and no client.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from imaginized.queue.events import BookEvent
from imaginized.store.beneath import NotAFile, opened
from imaginized.store.eventlog import Extent, event_of, parsed

BLOCK_BYTES = 16 * 1024
LONGEST_LINE_BYTES = 1 << 18  # a longer one is none of ours, and fits into no message

Why = Literal["lost", "removed", "rewound"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line.

    Attributes:
        event: What it tells.
        place: Behind it.
    """

    event: BookEvent
    place: Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Lines that cannot be had.

    Attributes:
        why: lost: they are not in the log, or cannot be read; rewound: the log is another one than was read before.
        first: Number of the first; None where nobody knows.
        last: Of the last.
        place: Behind them.
    """

    why: Why
    first: int | None = None
    last: int | None = None
    place: Extent


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one block had.

    Attributes:
        hole: What is missing before the lines; None for nothing.
        lines: What comes next, in order.
        is_over: Whether there is nothing more up to the end of the log's true part.
    """

    hole: Hole | None = None
    lines: tuple[Told, ...] = ()
    is_over: bool = False


class Walk:
    """One reader's way along one log."""

    def __init__(self, place: Extent) -> None:
        """Begin behind this line."""
        self._count, self._size = place.count, place.size or 0
        self._at = self._size
        self._is_searching = False
        self._is_within = False  # a line that is too long for us
        self._seen = 0  # lines from the first on, with none between them missing
        self._is_rewound = False

    @property
    def place(self) -> Extent:
        """Behind what was read last."""
        return Extent(count=self._count, size=self._size)

    def is_at(self, extent: Extent) -> bool:
        """Whether there is nothing to read."""
        return (self._count, self._size) == (extent.count, extent.size)

    def step(self, path: Path, *, extent: Extent, most: int) -> Step:
        """Read on by a block, up to the end of the true part, and at most so many lines.

        Raises:
            OSError: It cannot be read now; the same call later goes on.
        """
        size = extent.size or 0
        if self._count > extent.count or (self._count == extent.count and self._size != size):
            # Not for a lost line: it has its number. A copy from before was put back, and goes another way.
            return Step(hole=self._ended(extent, why="rewound"), is_over=True)
        if self._count == extent.count:
            return Step(is_over=True)
        start = max(self._at - 1, 0)
        block, is_last = _block(path, start=start, end=size)
        if not self._is_searching and not self._follows(block):
            self._search()
            return Step()
        lines, hole = self._taken(block[self._at - start :], last=extent, most=most)
        if lines or not is_last:
            return Step(hole=hole, lines=tuple(lines))
        return Step(hole=self._ended(extent, why="lost"), is_over=True)

    def _follows(self, block: bytes) -> bool:
        """Whether the next line is where it should be: the log may have been trimmed since, or be another one."""
        if self._at == 0:
            return True
        first, end, _ = block[1:].partition(b"\n")
        return block[:1] == b"\n" and bool(end) and _number(parsed(first)) == self._count + 1

    def _search(self) -> None:
        """Look for the next line from the beginning, from the next step on."""
        self._at, self._is_searching, self._is_within, self._seen = 0, True, False, 0

    def _taken(self, block: bytes, *, last: Extent, most: int) -> tuple[list[Told], Hole | None]:
        lines: list[Told] = []
        hole: Hole | None = None
        for raw in _split(block):
            if not raw.endswith(b"\n"):
                self._pass_over(raw, is_alone=len(raw) == len(block))
                break
            line = {} if self._is_within else parsed(raw)
            number, event = _number(line), event_of(line)
            if number is not None and self._count + 1 < number <= last.count and event is not None and lines:
                break  # what is missing is told before what follows it
            self._at, self._is_within = self._at + len(raw), False
            if number is None or event is None or number > last.count:
                continue
            if number <= self._count:
                self._see_again(number)
                continue
            before = Extent(count=number - 1, size=self._at - len(raw))
            if number > self._count + 1 or self._is_rewound:
                hole = self._hole(before)
            # The last of them ends where the manifest says, wherever it lies in a log that was trimmed since.
            self._size = last.size or 0 if number == last.count else self._at
            self._count, self._is_searching = number, False
            lines.append(Told(event=event, place=self.place))
            if len(lines) == most:
                break
        return lines, hole

    def _pass_over(self, raw: bytes, *, is_alone: bool) -> None:
        """Half a line at the end of a block: it is read again with its rest, unless it is too long for that."""
        if is_alone and len(raw) >= LONGEST_LINE_BYTES:
            self._at, self._is_within, self._is_searching = self._at + len(raw), True, True

    def _see_again(self, number: int) -> None:
        """A line that was read before. In another place, though nothing was cut out before it: it is another log."""
        if number == self._seen + 1:
            self._seen = number
        if number == self._count == self._seen and self._size not in (0, self._at):
            self._is_rewound = True

    def _hole(self, before: Extent) -> Hole:
        missing = (self._count + 1, before.count) if before.count > self._count else (None, None)
        why: Why = "rewound" if self._is_rewound else "lost"
        self._is_rewound = False
        return Hole(why=why, first=missing[0], last=missing[1], place=before)

    def _ended(self, extent: Extent, *, why: Why) -> Hole:
        if why == "rewound":
            self._is_rewound = True
        hole = self._hole(extent)
        self._count, self._size = extent.count, extent.size or 0
        self._at, self._is_searching, self._is_within = self._size, False, False
        return hole


def whole_log(path: Path) -> Extent:
    """How much is in a log of which nobody says how much is true: all its whole lines are."""
    try:
        with opened(path) as fd:
            size = os.fstat(fd).st_size
            tail = os.pread(fd, LONGEST_LINE_BYTES, max(size - LONGEST_LINE_BYTES, 0))
    except (FileNotFoundError, NotAFile):
        return Extent(count=0, size=0)
    kept = tail[: tail.rfind(b"\n") + 1]
    numbers = (_number(parsed(raw)) for raw in reversed(kept.split(b"\n")))
    return Extent(count=next((n for n in numbers if n is not None), 0), size=size - len(tail) + len(kept))


def _block(path: Path, *, start: int, end: int) -> tuple[bytes, bool]:
    """Bytes up to `end`, more than a few where a line needs them; and whether they are the last."""
    wanted = BLOCK_BYTES
    try:
        with opened(path) as fd:
            while True:
                size = max(min(wanted, end - start), 0)
                block = os.pread(fd, size, start)
                is_last = start + size >= end or len(block) < size
                if is_last or b"\n" in block[1:] or wanted > LONGEST_LINE_BYTES:
                    return block, is_last
                wanted *= 2
    except (FileNotFoundError, NotAFile):
        return b"", True


def _split(block: bytes) -> list[bytes]:
    """The lines with their ends: bytes.splitlines would end one at a carriage return, too."""
    *whole, rest = block.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _number(line: dict[str, object]) -> int | None:
    number = line.get("number")
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None

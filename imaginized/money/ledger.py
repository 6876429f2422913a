"""What was spent: one file a day in the library, a line for each reservation and each settlement, under one lock.

A reservation that is never settled counts as spent in full: its process was killed after the call may have been sent.
Reservations are synced before the call is sent, settlements are not: losing one errs on the dear side.
"""

import errno
import json
import os
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imaginized.clock import Clock
from imaginized.store.locking import locked
from imaginized.store.owners import Liveness, Owner, liveness
from imaginized.store.writing import sync_folder

FOLDER = ".imaginized.spend"
LOCK = "lock"
SUFFIX = ".jsonl"
MILLION = 1_000_000
UNASKABLE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Where a book and a day stand, in US dollars.

    Attributes:
        book_spent: By the book, on all days.
        book_reserved: For calls of the book that are under way.
        day_spent: By all books since midnight UTC.
        day_reserved: For calls under way that were reserved since then.
    """

    book_spent: float
    book_reserved: float
    day_spent: float
    day_reserved: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A reservation."""

    id: str
    day: str
    book: str
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What a book may not have been charged of all that counts as spent, in US dollars.

    Attributes:
        most: As it counts below the caps.
        usual: What such calls usually cost, by those of which it is known; `most` where none is.
    """

    most: float
    usual: float


CERTAIN = Doubt(most=0.0, usual=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    book: str
    sort: str
    micros: int
    at: datetime
    owner: Owner


@dataclass(slots=True)
class _Day:
    """What is known of one file, up to `offset`."""

    inode: int = 0
    offset: int = 0
    spent: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)  # of it, by book and sort of call
    sure: Counter[str] = field(default_factory=Counter)  # by sort of call
    set_aside: Counter[str] = field(default_factory=Counter)  # for the calls of `sure`
    open: dict[str, _Open] = field(default_factory=dict)


class Ledger:
    """The spending of one library, by all its processes. Keeps in memory what it read; the files are the truth."""

    def __init__(self, library: Path, *, clock: Clock, owner: Owner, lock_timeout_seconds: float = 30.0) -> None:
        """Use the ledger of the library folder `library`; nothing is made before the first reservation."""
        self._folder = library / FOLDER
        self._clock = clock
        self._owner = owner
        self._lock_timeout_seconds = lock_timeout_seconds
        self._days: dict[str, _Day] = {}

    def reserve(self, book: str, *, usd: float, check: Callable[[Balance], None], sort: str = "") -> Entry:
        """Set money aside, durably, unless `check` objects.

        Args:
            book: Whose.
            usd: How much, at worst.
            check: Told where things stand, with nobody else reserving meanwhile; what it raises ends the reservation.
            sort: Of the call, such as "text gpt-5"; those of one sort tell what such a call usually costs.

        Raises:
            LibraryBusy: The ledger's lock did not come free.
            OSError: Disk full or read-only; nothing is reserved.
        """
        self._make_folder()
        with locked(self._folder / LOCK, wait_seconds=self._lock_timeout_seconds):
            self._refresh()
            self._settle_the_dead()
            check(self._balance(book))
            now = self._clock.now()
            entry = Entry(id=uuid.uuid4().hex, day=_day_of(now), book=book, usd=usd)
            owner = self._owner
            self._append(
                entry.day,
                {"reserve": entry.id, "at": now.isoformat(timespec="milliseconds"), "book": book, "usd": usd}
                | {"sort": sort, "host": owner.host, "pid": owner.pid, "start": owner.start, "boot": owner.boot},
                durable=True,
            )
        return entry

    def settle(self, entry: Entry, *, usd: float, is_doubtful: bool = False) -> None:
        """Say what a reserved call cost in the end; 0 when nothing was charged.

        Args:
            entry: What was reserved.
            usd: How much counts.
            is_doubtful: Whether nobody knows that it was charged.

        Raises:
            LibraryBusy: The ledger's lock did not come free; the reservation counts in full.
            OSError: Disk full or read-only; likewise.
        """
        with locked(self._folder / LOCK, wait_seconds=self._lock_timeout_seconds):
            row: dict[str, object] = {"settle": entry.id, "usd": usd}
            self._append(entry.day, {**row, "maybe": True} if is_doubtful else row, durable=False)

    def balance(self, book: str = "") -> Balance:
        """Where a book and today stand, read without the lock; of no book, today alone counts."""
        self._refresh()
        return self._balance(book)

    def books(self) -> dict[str, float]:
        """What each book has cost and reserved so far, in US dollars."""
        self._refresh()
        total: Counter[str] = Counter()
        for day in self._days.values():
            total.update(day.spent)
            for reserved in day.open.values():
                total[reserved.book] += reserved.micros
        return {book: micros / MILLION for book, micros in total.items()}

    def doubts(self) -> dict[str, Doubt]:
        """What each book may not have been charged of what `books` says; books of which all is known are left out."""
        shares = self.shares()
        found: dict[str, Doubt] = {}
        for (book, sort), micros in [item for day in self._days.values() for item in day.doubtful.items()]:
            share = shares.get(sort, 1.0)
            before, most = found.get(book, CERTAIN), micros / MILLION
            found[book] = Doubt(most=before.most + most, usual=before.usual + most * share)
        return found

    def shares(self) -> dict[str, float]:
        """Of what was set aside for calls of each sort, the share that they cost, by those of which that is known."""
        self._refresh()
        sure, set_aside = Counter[str](), Counter[str]()
        for day in self._days.values():
            sure.update(day.sure)
            set_aside.update(day.set_aside)
        return {sort: sure[sort] / micros for sort, micros in set_aside.items() if micros}

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            self._folder.mkdir(exist_ok=True)
            sync_folder(self._folder.parent)

    def _balance(self, book: str) -> Balance:
        today = self._days.get(_day_of(self._clock.now()), _Day())
        days = self._days.values()
        book_open = (each.micros for day in days for each in day.open.values() if each.book == book)
        return Balance(
            book_spent=sum(day.spent[book] for day in days) / MILLION,
            book_reserved=sum(book_open) / MILLION,
            day_spent=today.spent.total() / MILLION,
            day_reserved=sum(each.micros for each in today.open.values()) / MILLION,
        )

    def _settle_the_dead(self) -> None:
        """Whoever died before settling may have sent the call: it counts as spent in full. Call under the lock."""
        for name, day in self._days.items():
            dead = {each: reserved.micros for each, reserved in day.open.items() if self._is_dead(reserved)}
            for each, micros in dead.items():
                row = {"settle": each, "usd": micros / MILLION, "maybe": True, "by": "owner died"}
                self._append(name, row, durable=False)
        self._refresh()

    def _is_dead(self, reserved: _Open) -> bool:
        state = liveness(reserved.owner)
        if state is Liveness.UNKNOWN:
            return self._clock.now() - reserved.at > UNASKABLE_AFTER
        return state is Liveness.DEAD

    def _append(self, day: str, row: dict[str, object], *, durable: bool) -> None:
        """Add a line, whole or not at all. Call under the lock."""
        path = self._folder / f"{day}{SUFFIX}"
        is_new = not path.exists()
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
        try:
            size = os.fstat(fd).st_size
            # A writer that was killed may have left part of a line: end it, it means nothing.
            torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
            line = (b"\n" if torn else b"") + json.dumps(row).encode() + b"\n"
            if os.write(fd, line) != len(line):
                os.ftruncate(fd, size)
                raise OSError(errno.ENOSPC, "no space left for the ledger of what was spent", str(path))
            if durable:
                os.fdatasync(fd)
        finally:
            os.close(fd)
        if is_new:
            sync_folder(self._folder)

    def _refresh(self) -> None:
        """Read what others have written since the last time."""
        try:
            with os.scandir(self._folder) as entries:
                found = {each.name.removesuffix(SUFFIX): each.stat() for each in entries if each.name.endswith(SUFFIX)}
        except FileNotFoundError:
            found = {}
        self._days = {name: day for name, day in self._days.items() if name in found}
        for name, status in found.items():
            day = self._days.setdefault(name, _Day())
            if status.st_ino != day.inode or status.st_size < day.offset:  # a person put another file there
                day = self._days[name] = _Day(inode=status.st_ino)
            if status.st_size > day.offset:
                self._read(name, day)

    def _read(self, name: str, day: _Day) -> None:
        with (self._folder / f"{name}{SUFFIX}").open("rb") as reading:
            reading.seek(day.offset)
            data = reading.read()
        whole = data[: data.rfind(b"\n") + 1]
        day.offset += len(whole)
        for line in whole.splitlines():
            _take(day, line)


def _take(day: _Day, line: bytes) -> None:
    """Add one line; what is no line of ours was torn by a kill, before the call it is about."""
    try:
        row = json.loads(line)
        micros = round(float(row["usd"]) * MILLION)
        if "settle" in row:
            reserved = day.open.pop(str(row["settle"]), None)
            if reserved is not None:
                _end(day, reserved, micros=micros, is_doubtful=row.get("maybe") is True)
        else:
            owner = Owner(
                name="", host=str(row["host"]), pid=int(row["pid"]), start=int(row["start"]), boot=str(row["boot"])
            )
            at = datetime.fromisoformat(row["at"])
            if at.tzinfo is None or owner.pid <= 0:
                raise ValueError("no moment, or no process")  # asked later, it would stop every call of every worker
            sort = str(row.get("sort", ""))
            day.open[str(row["reserve"])] = _Open(book=str(row["book"]), sort=sort, micros=micros, at=at, owner=owner)
    except (ValueError, KeyError, TypeError, OverflowError):
        return


def _end(day: _Day, reserved: _Open, *, micros: int, is_doubtful: bool) -> None:
    day.spent[reserved.book] += micros
    if is_doubtful:
        day.doubtful[reserved.book, reserved.sort] += micros
    elif micros:
        day.sure[reserved.sort] += micros
        day.set_aside[reserved.sort] += reserved.micros


def _day_of(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()

"""What was spent: one file a day in the library, a line for each reservation and each settlement, under one lock.

A reservation that is never settled counts as spent in full: its process was killed after the call may have been sent.
Reservations are synced before the call is sent, settlements are not: losing one errs on the dear side.
What the lines add up to is in `days`.
"""

import errno
import json
import os
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imaginized.clock import Clock
from imaginized.money.days import MILLION, Day, Open, Row
from imaginized.money.days import Balance as Balance
from imaginized.process.fault_points import fault_point
from imaginized.store.locking import locked
from imaginized.store.owners import Liveness, Owner, liveness
from imaginized.store.writing import sync_folder

FOLDER = ".imaginized.spend"
LOCK = "lock"
SUFFIX = ".jsonl"
UNASKABLE_AFTER = timedelta(hours=1)
WIDE_LOOK_SECONDS = 1.0  # between two looks at all days' files, where nothing says that one was replaced


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
class Wish:
    """A reservation that is asked for.

    Attributes:
        id: Made by whoever asks; asked for twice it is one reservation.
        usd: How much, at worst.
        check: Told where things stand, with nobody else reserving meanwhile; what it raises ends the reservation.
        sort: Of the call, such as "text gpt-5"; those of one sort tell what such a call usually costs.
        owner: Who sends the call.
    """

    id: str
    book: str
    usd: float
    check: Callable[[Balance], None]
    sort: str
    owner: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a reserved call cost in the end; of a day that is not known, it is looked for."""

    id: str
    day: str
    usd: float
    is_doubtful: bool = False


class Ledger:
    """The spending of one library, by all its processes. Keeps in memory what it read; the files are the truth."""

    def __init__(self, library: Path, *, clock: Clock, owner: Owner, lock_timeout_seconds: float = 30.0) -> None:
        """Use the ledger of the library folder `library`; nothing is made before the first reservation."""
        self._folder = library / FOLDER
        self._clock = clock
        self._owner = owner
        self._lock_timeout_seconds = lock_timeout_seconds
        self._days: dict[str, Day] = {}
        self._looked_at = -WIDE_LOOK_SECONDS
        self._folder_changed_at = -1

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
        wish = Wish(id=uuid.uuid4().hex, book=book, usd=usd, check=check, sort=sort, owner=self._owner)
        (said,) = self.commit([wish])
        if isinstance(said, Exception):
            raise said
        assert isinstance(said, Entry)
        return said

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
        (said,) = self.commit([Settlement(id=entry.id, day=entry.day, usd=usd, is_doubtful=is_doubtful)])
        if isinstance(said, Exception):
            raise said

    def commit(
        self, orders: Sequence[Wish | Settlement], *, lost: Sequence[Owner] = ()
    ) -> list[Entry | Exception | None]:
        """Do all of this under one lock, in this order, with one sync for all the reservations of a day.

        Args:
            orders: What is asked for.
            lost: Who is known to have died; whoever else has, is looked for when something is reserved.

        Returns:
            What became of each: its entry, None for what was settled, or what its check raised; OSError where it could
            not be written, and then it was not reserved.

        Raises:
            LibraryBusy: The ledger's lock did not come free, so nothing was done.
            OSError: The folder cannot be made or read; likewise.
        """
        is_reserving = any(isinstance(order, Wish) for order in orders)
        if is_reserving:
            self._make_folder()
        elif not self._folder.is_dir():
            return [None for _ in orders]
        with locked(self._folder / LOCK, wait_seconds=self._lock_timeout_seconds):
            self._refresh()
            page = _Page()
            self._settle_lost({*lost, *(self._dead() if is_reserving else ())}, page)
            answers = [self._answer(order, page, place) for place, order in enumerate(orders)]
            for day, error in self._write(page).items():
                for place in page.places[day]:
                    answers[place] = error
        return answers

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

    def settled(self) -> tuple[float, float]:
        """What all calls that have ended have cost, in US dollars, and what of it may not have been charged."""
        self._refresh()
        days = self._days.values()
        doubtful = sum(sum(day.doubtful.values()) for day in days)
        return sum(day.all_spent for day in days) / MILLION, doubtful / MILLION

    def shares(self) -> dict[str, float]:
        """Of what was set aside for calls of each sort, the share that they cost, by those of which that is known."""
        self._refresh()
        sure, set_aside = Counter[str](), Counter[str]()
        for day in self._days.values():
            sure.update(day.sure)
            set_aside.update(day.set_aside)
        return {sort: sure[sort] / micros for sort, micros in set_aside.items() if micros}

    def _balance(self, book: str) -> Balance:
        today = self._days.get(_day_of(self._clock.now()), _NOTHING)
        days = self._days.values()
        return Balance(
            book_spent=sum(day.spent.get(book, 0) for day in days) / MILLION,
            book_reserved=sum(day.reserved.get(book, 0) for day in days if day.open) / MILLION,
            day_spent=today.all_spent / MILLION,
            day_reserved=today.all_reserved / MILLION,
        )

    def _dead(self) -> set[Owner]:
        """Whoever died before settling may have sent the call: it counts as spent in full. Each is asked once."""
        return {
            owner
            for day in self._days.values()
            for owner, ids in day.open_of.items()
            if self._is_dead(owner, oldest=day.open[next(iter(ids))])
        }

    def _is_dead(self, owner: Owner, *, oldest: Open) -> bool:
        state = liveness(owner)
        if state is Liveness.UNKNOWN:
            return self._clock.now() - oldest.at > UNASKABLE_AFTER
        return state is Liveness.DEAD

    def _settle_lost(self, owners: set[Owner], page: "_Page") -> None:
        nameless = [replace(owner, name="") for owner in owners]
        for name, day in self._days.items():
            for each, micros in day.dead_of(nameless).items():
                row: Row = {"settle": each, "usd": micros / MILLION, "maybe": True, "by": "owner died"}
                page.add(name, row, day=day)

    def _answer(self, order: Wish | Settlement, page: "_Page", place: int) -> Entry | Exception | None:
        if isinstance(order, Settlement):
            name = order.day or self._day_with(order.id)
            day = self._days.get(name)
            if day is not None and order.id in day.open:  # a repeated one is over already
                row: Row = {"settle": order.id, "usd": order.usd}
                page.add(name, {**row, "maybe": True} if order.is_doubtful else row, day=day, place=place)
            return None
        if name := self._day_with(order.id):  # asked for again: the answer was lost, the line was not
            return Entry(id=order.id, day=name, book=order.book, usd=order.usd)
        try:
            order.check(self._balance(order.book))
        except Exception as error:  # noqa: BLE001 - an objection to this one is no reason to refuse the others
            return error
        return self._reserved(order, page, place)

    def _day_with(self, name: str) -> str:
        return next((day for day, known in self._days.items() if name in known.open), "")

    def _reserved(self, wish: Wish, page: "_Page", place: int) -> Entry:
        now, owner = self._clock.now(), wish.owner
        entry = Entry(id=wish.id, day=_day_of(now), book=wish.book, usd=wish.usd)
        row: Row = {
            "reserve": entry.id,
            "at": now.isoformat(timespec="milliseconds"),
            "book": wish.book,
            "usd": wish.usd,
            "sort": wish.sort,
            "host": owner.host,
            "pid": owner.pid,
            "start": owner.start,
            "boot": owner.boot,
        }
        page.add(entry.day, row, day=self._days.setdefault(entry.day, Day()), place=place)
        page.durable.add(entry.day)
        return entry

    def _write(self, page: "_Page") -> dict[str, OSError]:
        """Write what was decided; why not, by day, where that failed."""
        failed: dict[str, OSError] = {}
        for day, rows in page.rows.items():
            try:
                self._append(day, rows, durable=day in page.durable)
            except OSError as error:
                # What was added in memory is not so: the file is read anew.
                self._days.pop(day, None)
                failed[day] = error
        return failed

    def _make_folder(self) -> None:
        if not self._folder.is_dir():
            self._folder.mkdir(exist_ok=True)
            sync_folder(self._folder.parent)

    def _append(self, day: str, rows: Sequence[Row], *, durable: bool) -> None:
        """Add lines, all or none. Call under the lock, with all of the file that was there before read."""
        path = self._folder / f"{day}{SUFFIX}"
        is_new = not path.exists()
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
        try:
            status = os.fstat(fd)
            # A writer that was killed may have left part of a line: end it, it means nothing.
            torn = status.st_size > 0 and os.pread(fd, 1, status.st_size - 1) != b"\n"
            lines = (b"\n" if torn else b"") + b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            try:
                if os.write(fd, lines) != len(lines):
                    raise OSError(errno.ENOSPC, "no space left for the ledger of what was spent", str(path))
                fault_point("ledger_written")
                if durable:
                    os.fdatasync(fd)
            except OSError:
                with suppress(OSError):  # of the two, the first error is the one to tell
                    os.ftruncate(fd, status.st_size)
                raise
        finally:
            os.close(fd)
        if is_new:
            sync_folder(self._folder)
        fault_point("ledger_synced")
        if torn:  # it may have lacked its end only, and counts then
            self._days.pop(day, None)
            return
        known = self._days[day]
        known.inode, known.offset = status.st_ino, status.st_size + len(lines)

    def _refresh(self) -> None:
        """Read what others have written since the last time.

        Every file is looked at when one may have been put in another's place, or a moment has passed; else only those
        that are written to: today's, and those of which something is open.
        """
        try:
            changed_at = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            self._days = {}
            return
        now = self._clock.monotonic()
        if changed_at != self._folder_changed_at or now - self._looked_at >= WIDE_LOOK_SECONDS:
            self._folder_changed_at, self._looked_at = changed_at, now
            with os.scandir(self._folder) as entries:
                names = {each.name.removesuffix(SUFFIX) for each in entries if each.name.endswith(SUFFIX)}
            self._days = {name: day for name, day in self._days.items() if name in names}
        else:
            names = {name for name, day in self._days.items() if day.open} | {_day_of(self._clock.now())}
        for name in sorted(names):
            self._look(name)

    def _look(self, name: str) -> None:
        try:
            status = (self._folder / f"{name}{SUFFIX}").stat()
        except FileNotFoundError:
            self._days.pop(name, None)
            return
        day = self._days.setdefault(name, Day())
        if status.st_ino != day.inode or status.st_size < day.offset:  # a person put another file there
            day = self._days[name] = Day(inode=status.st_ino)
        if status.st_size > day.offset:
            self._read(name, day)

    def _read(self, name: str, day: Day) -> None:
        with (self._folder / f"{name}{SUFFIX}").open("rb") as reading:
            reading.seek(day.offset)
            data = reading.read()
        whole = data[: data.rfind(b"\n") + 1]
        day.offset += len(whole)
        for line in whole.splitlines():
            day.take_line(line)


@dataclass(slots=True)
class _Page:
    """Lines that are about to be written, by day, which orders they answer, and which days are to be synced."""

    rows: defaultdict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    durable: set[str] = field(default_factory=set)

    def add(self, name: str, row: Row, *, day: Day, place: int | None = None) -> None:
        """Add a line, and what it says to what is known of its day: who comes next is decided by it."""
        self.rows[name].append(row)
        day.take(row)
        if place is not None:
            self.places[name].append(place)


_NOTHING = Day()


def _day_of(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()

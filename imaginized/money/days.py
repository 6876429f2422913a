"""What is known of each day's file of the ledger: sums that are kept up line by line. Reads and locks nothing."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from imaginized.store.owners import Owner

MILLION = 1_000_000

Row = dict[str, object]


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
class Open:
    """A reservation that is not settled."""

    book: str
    sort: str
    micros: int
    at: datetime
    owner: Owner


@dataclass(slots=True)
class Day:
    """What is known of one file, up to `offset`. Amounts are whole millionths of a dollar, so that sums stay exact.

    Attributes:
        spent: By book.
        reserved: By book, for what is open.
        doubtful: Of what was spent, by book and sort of call.
        sure: By sort of call.
        set_aside: For the calls of `sure`.
        open: By the reservation's id.
        open_of: The ids of what is open, by owner.
    """

    inode: int = 0
    offset: int = 0
    spent: Counter[str] = field(default_factory=Counter)
    reserved: Counter[str] = field(default_factory=Counter)
    all_spent: int = 0
    all_reserved: int = 0
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    open: dict[str, Open] = field(default_factory=dict)
    open_of: dict[Owner, dict[str, None]] = field(default_factory=dict)

    def take_line(self, line: bytes) -> None:
        """Add one line; what is no line of ours was torn by a kill, before the call it is about."""
        try:
            self.take(json.loads(line))
        except (ValueError, KeyError, TypeError, OverflowError):
            return

    def take(self, row: Row) -> None:
        """Add one row.

        Raises:
            ValueError: It is none of ours; nor are those that raise KeyError, TypeError or OverflowError.
        """
        micros = round(float(str(row["usd"])) * MILLION)
        if "settle" in row:
            self._settle(str(row["settle"]), micros=micros, is_doubtful=row.get("maybe") is True)
        else:
            self._reserve(str(row["reserve"]), _open(row, micros=micros))

    def dead_of(self, owners: Iterable[Owner]) -> dict[str, int]:
        """What these owners have open, by id, in millionths."""
        return {each: self.open[each].micros for owner in owners for each in self.open_of.get(owner, {})}

    def _reserve(self, name: str, reserved: Open) -> None:
        self._forget(name)
        self.open[name] = reserved
        self.open_of.setdefault(reserved.owner, {})[name] = None
        self.reserved[reserved.book] += reserved.micros
        self.all_reserved += reserved.micros

    def _settle(self, name: str, *, micros: int, is_doubtful: bool) -> None:
        reserved = self._forget(name)
        if reserved is None:
            return
        self.spent[reserved.book] += micros
        self.all_spent += micros
        if is_doubtful:
            self.doubtful[reserved.book, reserved.sort] += micros
        elif micros:
            self.sure[reserved.sort] += micros
            self.set_aside[reserved.sort] += reserved.micros

    def _forget(self, name: str) -> Open | None:
        reserved = self.open.pop(name, None)
        if reserved is None:
            return None
        others = self.open_of[reserved.owner]
        del others[name]
        if not others:
            del self.open_of[reserved.owner]
        self.reserved[reserved.book] -= reserved.micros
        self.all_reserved -= reserved.micros
        return reserved


def _open(row: Row, *, micros: int) -> Open:
    pid, at = int(str(row["pid"])), datetime.fromisoformat(str(row["at"]))
    if at.tzinfo is None or pid <= 0:
        raise ValueError("no moment, or no process")  # asked later, it would stop every call of every worker
    owner = Owner(name="", host=str(row["host"]), pid=pid, start=int(str(row["start"])), boot=str(row["boot"]))
    return Open(book=str(row["book"]), sort=str(row.get("sort", "")), micros=micros, at=at, owner=owner)

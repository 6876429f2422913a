"""The ledger's part of the gate: whoever reserves at the same time shares one line-up, one lock and one sync."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import monotonic

from imaginized.errors import LibraryBusy
from imaginized.logs.log import get_log
from imaginized.money.caps import Caps, OverCap
from imaginized.money.ledger import Entry, Ledger, Settlement, Wish
from imaginized.process.desk import Caller
from imaginized.process.fault_points import fault_point
from imaginized.process.packets import Packet
from imaginized.store.owners import Owner

AGAIN_SECONDS = 1.0

_log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    caller: Caller
    number: object
    order: Wish | Settlement


class LedgerDesk:
    """The ledger as a service of the gate. The files are the truth; what was answered was synced."""

    def __init__(self, ledger: Ledger) -> None:
        """Write this ledger."""
        self._ledger = ledger
        self._asked: list[_Asked] = []
        self._dead: set[Owner] = set()
        self._tried_at: float | None = None

    def greet(self, caller: Caller, holds: object) -> None:
        """Nothing is told anew: what is open stands in the files."""

    def take(self, caller: Caller, question: Packet) -> bool:
        """Take in a reservation or a settlement."""
        read = READERS.get(str(question.get("q")))
        if read is None:
            return False
        self._asked.append(_Asked(caller=caller, number=question["n"], order=read(caller, question)))
        return True

    def bury(self, caller: Caller) -> None:
        """Its calls may have been sent: what it has reserved counts in full."""
        self._dead.add(caller.owner)

    def order(self, order: str) -> None:
        """Nothing is ordered here."""

    def finish(self) -> None:
        """Write all that was asked for, then answer it."""
        reserves = any(isinstance(asked.order, Wish) for asked in self._asked)
        if not self._asked and not self._dead:
            return
        if not reserves and self._tried_at is not None and monotonic() - self._tried_at < AGAIN_SECONDS:
            return
        fault_point("ledger_asked")
        try:
            answers = self._ledger.commit([asked.order for asked in self._asked], lost=tuple(self._dead))
        except (OSError, LibraryBusy) as error:
            self._refuse(error)
            return
        failed = [asked for asked, said in zip(self._asked, answers, strict=True) if not self._answer(asked, said)]
        self._asked, self._dead = failed, set()
        self._tried_at = monotonic() if failed else None
        fault_point("ledger_answered")

    def due_seconds(self) -> float | None:
        """Until a settlement that could not be written is tried again."""
        if self._tried_at is None:
            return None
        return max(0.0, self._tried_at + AGAIN_SECONDS - monotonic())

    def _answer(self, asked: _Asked, said: Entry | Exception | None) -> bool:
        """Answer; False where it is to be written later: a settlement must not be lost over a full disk."""
        if isinstance(said, OverCap):
            asked.caller.answer(asked.number, over=said.which, balance=asdict(said.balance))
        elif isinstance(said, Exception):
            if isinstance(asked.order, Settlement):
                self._say_late(said)
                return False
            asked.caller.refuse(asked.number, said)
        else:
            asked.caller.answer(asked.number, day=said.day if said is not None else "")
        return True

    def _refuse(self, error: Exception) -> None:
        """Nothing can be written: reservations end, settlements wait."""
        for asked in self._asked:
            if isinstance(asked.order, Wish):
                asked.caller.refuse(asked.number, error)
        self._asked = [asked for asked in self._asked if isinstance(asked.order, Settlement)]
        self._say_late(error)
        self._tried_at = monotonic()

    def _say_late(self, error: Exception) -> None:
        if self._tried_at is None:
            _log.warning("error_caught", reason=f"the ledger cannot be written, and is tried again: {error}")


def _wish(caller: Caller, question: Packet) -> Wish:
    return Wish(
        id=str(question["id"]),
        book=str(question["book"]),
        usd=float(str(question["usd"])),
        check=Caps(
            usd=float(str(question["usd"])),
            book_usd=_cap(question["book_usd"]),
            day_usd=_cap(question["day_usd"]),
        ),
        sort=str(question["sort"]),
        owner=caller.owner,
    )


def _settlement(_: Caller, question: Packet) -> Settlement:
    return Settlement(
        id=str(question["id"]),
        day=str(question["day"]),
        usd=float(str(question["usd"])),
        is_doubtful=question["maybe"] is True,
    )


def _cap(value: object) -> float | None:
    return None if value is None else float(str(value))


READERS: dict[str, Callable[[Caller, Packet], Wish | Settlement]] = {"reserve": _wish, "settle": _settlement}

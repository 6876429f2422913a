"""The ledger as a worker sees it: the gate writes it for all; what it says is read from the files."""

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from imaginized.clock import Clock
from imaginized.money.caps import Caps, OverCap, Which
from imaginized.money.days import Balance
from imaginized.money.ledger import Entry, Ledger
from imaginized.process.line import Line, Silent
from imaginized.store.owners import Owner

WHICH: Mapping[str, Which] = {"book": "book", "day": "day", "soon": "soon"}


class RemoteLedger(Ledger):
    """Reserves and settles by asking the gate."""

    def __init__(self, library: Path, *, clock: Clock, owner: Owner, line: Line, answer_seconds: float = 30.0) -> None:
        """Ask over this line, and wait so long for an answer."""
        super().__init__(library, clock=clock, owner=owner)
        self._line = line
        self._answer_seconds = answer_seconds

    def reserve(self, book: str, *, usd: float, check: Callable[[Balance], None], sort: str = "") -> Entry:
        """Set money aside, durably, unless `check`, which is of caps, objects.

        Raises:
            OverCap: A cap would be passed.
            Retryable: The gate does not answer; nothing may be sent.
            OSError: Disk full or read-only; nothing is reserved.
        """
        if not isinstance(check, Caps):
            raise TypeError("only numbers can be asked of the gate")
        name = uuid.uuid4().hex
        question = {"q": "reserve", "id": name, "book": book, "usd": usd, "sort": sort}
        caps = {"book_usd": check.book_usd, "day_usd": check.day_usd}
        try:
            said = self._line.ask({**question, **caps}, seconds=self._answer_seconds)
        except Silent:
            # It may be written all the same, and is not to count: nothing is sent. Of no day, it is looked for.
            self._settle(name, day="", usd=0.0, is_doubtful=False)
            raise
        over = WHICH.get(str(said.get("over")))
        balance = said.get("balance")
        if over is not None and isinstance(balance, Mapping):
            raise OverCap(over, Balance(**balance))
        return Entry(id=name, day=str(said["day"]), book=book, usd=usd)

    def settle(self, entry: Entry, *, usd: float, is_doubtful: bool = False) -> None:
        """Say what a reserved call cost in the end. It is not waited for: said again until it was heard."""
        self._settle(entry.id, day=entry.day, usd=usd, is_doubtful=is_doubtful)

    def _settle(self, name: str, *, day: str, usd: float, is_doubtful: bool) -> None:
        self._line.tell({"q": "settle", "id": name, "day": day, "usd": usd, "maybe": is_doubtful})

"""The daemon as the page asks it: over its socket, in threads, and the status once for all who want it just now."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from imaginized.clock import Clock
from imaginized.control.answers import Metrics, Status
from imaginized.control.client import Client
from imaginized.control.paging import all_pages, pages_of
from imaginized.control.protocol import METRICS, STATUS, Signature, StatusOf
from imaginized.control.rows import BookRow
from imaginized.errors import ControlError, ExitCode

FRESH_SECONDS = 0.5
REST_SECONDS = 30.0  # of the books behind the first page
TIMEOUT_SECONDS = 10.0

Parameters = TypeVar("Parameters")
Answer = TypeVar("Answer")


@dataclass(slots=True, kw_only=True)
class Daemon:
    """One daemon.

    Attributes:
        socket: Its control socket.
    """

    socket: Path
    clock: Clock
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _status: Status | None = None
    _asked_at: float = 0.0
    _rest: tuple[object, float, dict[str, BookRow]] | None = None

    async def ask(self, method: Signature[Parameters, Answer], parameters: Parameters | None = None) -> Answer:
        """One call.

        Raises:
            ControlError: The daemon is not there, or refuses; the message is for a person.
        """
        return await asyncio.to_thread(self._ask, method, parameters)

    async def metrics(self) -> Metrics | None:
        """The daemon's figures; None of one that is too old to have any.

        Raises:
            ControlError: As for `ask`.
        """
        try:
            return await self.ask(METRICS)
        except ControlError as error:
            if error.exit_code != ExitCode.PROTOCOL_MISMATCH:
                raise
            return None

    async def status(self) -> Status:
        """What happens: not older than half a second, so that forty pages cost the daemon what one does.

        Raises:
            ControlError: As for `ask`.
        """
        async with self._lock:
            now = self.clock.monotonic()
            if self._status is not None and now - self._asked_at <= FRESH_SECONDS:
                return self._status
            found = await self.ask(STATUS, StatusOf(page=1))
            if pages_of(found) > 1:
                found = await self._with_all(found, now=now)
            self._status, self._asked_at = found, now
            return found

    async def _with_all(self, first: Status, *, now: float) -> Status:
        """The status with the books of all pages; the later ones change seldom, and are asked for as seldom."""
        seen = (first["counts"], first["page"]["books"])
        if self._rest is None or self._rest[0] != seen or now - self._rest[1] > REST_SECONDS:
            whole = await asyncio.to_thread(self._all)
            self._rest = seen, now, {row["book"]: row for row in whole["books"]}
        rows = {**self._rest[2], **{row["book"]: row for row in first["books"]}}
        return {**first, "books": list(rows.values())}

    def _all(self) -> Status:
        with Client(self.socket, timeout_seconds=TIMEOUT_SECONDS) as client:
            return all_pages(client, state="all")

    def forget(self) -> None:
        """Ask anew next time: something was just changed."""
        self._status = self._rest = None

    def _ask(self, method: Signature[Parameters, Answer], parameters: Parameters | None) -> Answer:
        with Client(self.socket, timeout_seconds=TIMEOUT_SECONDS) as client:
            return client.ask(method, parameters)

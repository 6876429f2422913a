"""The daemon as the page asks it: over its socket, in threads, and the status once for all who want it just now."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from imaginized.clock import Clock
from imaginized.control.answers import Status
from imaginized.control.client import Client
from imaginized.control.protocol import STATUS, Signature, StatusOf

FRESH_SECONDS = 0.5
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

    async def ask(self, method: Signature[Parameters, Answer], parameters: Parameters | None = None) -> Answer:
        """One call.

        Raises:
            ControlError: The daemon is not there, or refuses; the message is for a person.
        """
        return await asyncio.to_thread(self._ask, method, parameters)

    async def status(self) -> Status:
        """What happens: not older than half a second, so that forty pages cost the daemon what one does.

        Raises:
            ControlError: As for `ask`.
        """
        async with self._lock:
            now = self.clock.monotonic()
            if self._status is not None and now - self._asked_at <= FRESH_SECONDS:
                return self._status
            found = await self.ask(STATUS, StatusOf())
            self._status, self._asked_at = found, now
            return found

    def forget(self) -> None:
        """Ask anew next time: something was just changed."""
        self._status = None

    def _ask(self, method: Signature[Parameters, Answer], parameters: Parameters | None) -> Answer:
        with Client(self.socket, timeout_seconds=TIMEOUT_SECONDS) as client:
            return client.ask(method, parameters)

"""The gate's side of the lines: who has connected, what they ask, who has died. What is answered is the services'.

One thread, one loop: hear all that was said, let each service write what it decided, then answer.
"""

import os
import selectors
import socket
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from imaginized.logs.log import get_log
from imaginized.process.channel import receive
from imaginized.process.channel import send as send_up
from imaginized.process.packets import (
    FOLDER,
    MAX_PACKET_BYTES,
    SOCKET,
    Packet,
    error_row,
    is_ours,
    listen,
    pack,
    peer_of,
    send,
    unpack,
)
from imaginized.store.owners import Liveness, Owner, liveness

BEAT_SECONDS = 4.0
NEXT_BY_SECONDS = 20.0
LAST_SECONDS = 1.5  # for what workers say that end with the supervisor
PACKETS_A_ROUND = 256
LOOK_SECONDS = 1.0

_log = get_log()


class Caller:
    """A process that has asked. It is known until it is proven dead, with or without a connection."""

    def __init__(self, owner: Owner, *, pidfd: int | None) -> None:
        """Known now; `pidfd` is readable once it has ended, None where it cannot be seen from here."""
        self.owner = owner
        self.name = str(owner)
        self.pidfd = pidfd
        self.connection: socket.socket | None = None
        self._unsent: deque[bytes] = deque()

    @property
    def has_unsent(self) -> bool:
        """Whether it has not read what it asked for."""
        return bool(self._unsent)

    def answer(self, number: object, **values: object) -> None:
        """Answer a question."""
        self._put({"n": number, "ok": values})

    def refuse(self, number: object, error: Exception) -> None:
        """Answer a question with an error."""
        self._put({"n": number, "error": error_row(error)})

    def flush(self) -> None:
        """Send what could not be sent before."""
        while self._unsent and self.connection is not None and send(self.connection, self._unsent[0]):
            self._unsent.popleft()

    def left(self) -> None:
        """It has closed its connection: what it did not hear it asks again."""
        self.connection = None
        self._unsent.clear()

    def _put(self, message: Packet) -> None:
        if self.connection is not None:
            self._unsent.append(pack(message))
            self.flush()


class Service(Protocol):
    """What the gate does for its callers."""

    def greet(self, caller: Caller, holds: object) -> None:
        """A caller has connected, and says what it holds of a gate before this one."""

    def take(self, caller: Caller, question: Packet) -> bool:
        """Take in a question, if it is for this service; it is answered after `finish` has written what is decided."""

    def bury(self, caller: Caller) -> None:
        """A caller has died."""

    def order(self, order: str) -> None:
        """The supervisor says something."""

    def finish(self) -> None:
        """All is heard for now: decide, write, answer."""

    def due_seconds(self) -> float | None:
        """How long `finish` may be put off where nobody says anything."""


class Desk:
    """The loop."""

    def __init__(self, library: Path, *, boss: socket.socket, services: Mapping[str, Service]) -> None:
        """Listen in this library; `boss` is the child's end of the channel to the supervisor.

        Raises:
            OSError: The folder cannot be made or written.
        """
        self._library = library
        self._boss = boss
        self._services = services
        self._callers: dict[str, Caller] = {}
        self._buffer = bytearray(MAX_PACKET_BYTES)
        self._selector = selectors.DefaultSelector()
        self._selector.register(boss, selectors.EVENT_READ, self._hear_boss)
        self._looked_at = 0.0
        self._said_at = 0.0
        self._ends_at: float | None = None
        self._is_over = False
        self._listen()

    def run(self) -> None:
        """Answer until told to end, or until the supervisor and all callers are gone."""
        while not self._is_over:
            self._beat()
            for key, _ in self._selector.select(self._pause()):
                # Not closed by another one of this round, nor its number given to a new connection.
                if self._selector.get_map().get(key.fd) is key:
                    key.data()
            for service in self._services.values():
                service.finish()
            for caller in self._callers.values():
                if caller.has_unsent:
                    caller.flush()
            self._look()

    def _pause(self) -> float:
        dues = [due for service in self._services.values() if (due := service.due_seconds()) is not None]
        if any(caller.has_unsent for caller in self._callers.values()):
            dues.append(0.01)
        if self._ends_at is not None:
            dues.append(self._ends_at - time.monotonic())
        return max(0.0, min([BEAT_SECONDS, *dues]))

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._said_at >= BEAT_SECONDS:
            self._said_at = now
            send_up(self._boss, {"event": "idle", "next_by_seconds": NEXT_BY_SECONDS})

    def _hear_boss(self) -> None:
        with suppress(BlockingIOError):
            while (message := receive(self._boss, flags=socket.MSG_DONTWAIT)) is not None:
                order = str(message.get("order"))
                self._is_over |= order == "end"
                for service in self._services.values():
                    service.order(order)
            self._selector.unregister(self._boss)
            self._ends_at = time.monotonic() + LAST_SECONDS

    def _listen(self) -> None:
        self._listening = listen(self._library)
        self._bound = self._found()
        self._selector.register(self._listening, selectors.EVENT_READ, self._accept)

    def _found(self) -> tuple[int, int] | None:
        with suppress(OSError):
            where = (self._library / FOLDER / SOCKET).lstat()
            return where.st_dev, where.st_ino
        return None

    def _look(self) -> None:
        """Now and then: whether our name still leads here, and who of those that cannot be watched has died."""
        now = time.monotonic()
        if self._ends_at is not None and (now >= self._ends_at or not self._callers):
            self._is_over = True
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        if self._found() != self._bound:
            _log.warning("socket_restored", path=str(self._library / FOLDER), reason="it was removed or replaced")
            self._selector.unregister(self._listening)
            self._listening.close()
            with suppress(OSError):
                self._listen()
        for caller in list(self._callers.values()):
            if caller.pidfd is None and caller.connection is None and liveness(caller.owner) is Liveness.DEAD:
                self._bury(caller)

    def _accept(self) -> None:
        with suppress(BlockingIOError, ConnectionError):
            while True:
                connection, _ = self._listening.accept()
                if not is_ours(connection):
                    connection.close()
                    continue
                connection.setblocking(False)
                self._selector.register(connection, selectors.EVENT_READ, partial(self.greet, connection))

    def greet(self, connection: socket.socket) -> None:
        """Hear the first packet of a connection: who it is."""
        self._selector.unregister(connection)
        try:
            message = self._receive(connection)
            caller = self._caller_of(message, pid=peer_of(connection)[0]) if message else None
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("error_caught", reason=f"a caller of the gate that does not say who it is: {error}")
            caller, message = None, None
        if caller is None or message is None:
            connection.close()
            return
        if caller.connection is not None:
            self._hang_up(caller)
        caller.connection = connection
        self._selector.register(connection, selectors.EVENT_READ, partial(self.hear, caller))
        holds = message.get("holds")
        for name, service in self._services.items():
            service.greet(caller, holds.get(name) if isinstance(holds, Mapping) else None)

    def _caller_of(self, message: Packet, *, pid: int) -> Caller:
        row = message["hello"]
        if not isinstance(row, Mapping):
            raise ValueError("no owner")
        owner = Owner(
            name=str(row["name"]),
            host=str(row["host"]),
            pid=int(row["pid"]),
            start=int(row["start"]),
            boot=str(row["boot"]),
        )
        if pid not in (0, owner.pid):  # 0: of another pid namespace
            raise ValueError(f"process {pid} says that it is {owner}")
        known = self._callers.get(str(owner))
        if known is not None:
            return known
        caller = Caller(owner, pidfd=_watch(owner))
        self._callers[caller.name] = caller
        if caller.pidfd is not None:
            self._selector.register(caller.pidfd, selectors.EVENT_READ, partial(self.bury, caller))
        return caller

    def hear(self, caller: Caller) -> bool:
        """Take in what a caller has said; whether there may be more."""
        for _ in range(PACKETS_A_ROUND):
            if caller.connection is None:
                return False
            try:
                message = self._receive(caller.connection)
            except BlockingIOError:
                return False
            except (OSError, ValueError):
                message = None
            if message is None:
                self._hang_up(caller)
                return False
            self._take(caller, message)
        return True

    def _take(self, caller: Caller, message: Packet) -> None:
        try:
            if not any([service.take(caller, message) for service in self._services.values()]):
                caller.refuse(message.get("n"), ValueError("unknown question"))
        except Exception as error:  # noqa: BLE001 - the boundary: what one asks is not the others' fault
            _log.warning("error_caught", reason=f"a question that the gate does not understand: {error!r}")
            caller.refuse(message.get("n"), error)

    def bury(self, caller: Caller) -> None:
        """A caller has died: hear its last words, then end what it held."""
        while self.hear(caller):
            pass
        self._hang_up(caller)
        self._bury(caller)

    def _bury(self, caller: Caller) -> None:
        del self._callers[caller.name]
        if caller.pidfd is not None:
            self._selector.unregister(caller.pidfd)
            os.close(caller.pidfd)
        for service in self._services.values():
            service.bury(caller)

    def _hang_up(self, caller: Caller) -> None:
        if caller.connection is not None:
            self._selector.unregister(caller.connection)
            caller.connection.close()
            caller.left()

    def _receive(self, connection: socket.socket) -> Packet | None:
        count = connection.recv_into(self._buffer)
        return unpack(memoryview(self._buffer)[:count]) if count else None


def _watch(owner: Owner) -> int | None:
    """A descriptor that is readable once this process has ended; None where it cannot be seen from here."""
    if liveness(owner) is Liveness.UNKNOWN:
        return None
    try:
        pidfd = os.pidfd_open(owner.pid)
    except OSError:
        return None
    # Asked after the open: its pid may have been another's by then.
    if liveness(owner) is Liveness.ALIVE:
        return pidfd
    os.close(pidfd)
    return None

"""A process's line to the gate: questions with numbers, asked again after the gate was started anew, never lost.

Every question is safe to repeat: what was asked and not answered is asked again of the next gate, after that was told
what this process holds.
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from imaginized.errors import Retryable
from imaginized.logs.log import get_log
from imaginized.process.packets import MAX_PACKET_BYTES, Packet, connect, error_of, pack, send, unpack
from imaginized.store.owners import Owner

FIRST_PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.1
AGAIN_SECONDS = 1.0

Holds = Callable[[], object]


class Silent(Retryable):
    """The gate gives no answer: it is being started anew, or cannot write. Nothing was done without it."""

    def __init__(self) -> None:
        """Come again."""
        super().__init__("the gate process (limits and spending) does not answer yet", after_seconds=AGAIN_SECONDS)


class Question:
    """What was asked, and its answer once there is one.

    Attributes:
        event: Set with the answer; others may set it, too.
    """

    def __init__(self, number: int, packet: bytes, event: threading.Event) -> None:
        """Not sent yet."""
        self.number = number
        self.packet = packet
        self.event = event
        self.answer: Packet | None = None
        self.is_sent = False

    @property
    def is_granted(self) -> bool:
        """Whether the answer is one that is not an error."""
        return self.answer is not None and "error" not in self.answer

    def result(self) -> Mapping[str, object]:
        """The answer. Raises the error that it is."""
        answer = self.answer or {}
        error, said = answer.get("error"), answer.get("ok")
        if isinstance(error, Mapping):
            raise error_of(error)
        return said if isinstance(said, Mapping) else {}


class Line:
    """The line of one process to the gate of its library. Any thread may ask; connected at the first question.

    One line a process, or a name of its own for each.
    """

    def __init__(self, library: Path, *, owner: Owner) -> None:
        """Ask for this process; nothing is connected yet."""
        self._library = library
        self._owner = owner
        self._lock = threading.Lock()
        self._connection: socket.socket | None = None
        self._open: dict[int, Question] = {}  # in the order of asking
        self._number = 0
        self._is_full = False
        self._holds: dict[str, Holds] = {}
        self._reader: threading.Thread | None = None
        self._answered = threading.Condition(self._lock)

    def on_hello(self, name: str, holds: Holds) -> None:
        """Have each gate that we connect to told what this process holds, under this name."""
        self._holds[name] = holds

    def send(self, question: Packet, *, event: threading.Event | None = None) -> Question:
        """Ask; the answer comes later."""
        with self._lock:
            self._number += 1
            packet = pack({**question, "n": self._number})
            asked = Question(self._number, packet, event or threading.Event())
            self._open[asked.number] = asked
            # After one that could not be sent yet nothing else is: the gate hears all in the order of asking.
            if self._connection is not None and not self._is_full:
                asked.is_sent = send(self._connection, packet)
                self._is_full = not asked.is_sent
            if self._reader is None:
                self._reader = threading.Thread(target=self._read, name="gate", daemon=True)
                self._reader.start()
        return asked

    def tell(self, question: Packet) -> None:
        """Say something that needs no answer; it is said again until it was heard."""
        self.send(question)

    def ask(self, question: Packet, *, seconds: float) -> Mapping[str, object]:
        """Ask and wait for the answer, so long.

        Raises:
            Silent: None came; the question is taken back, which the gate may not know.
            Exception: The error that it is.
        """
        asked = self.send(question)
        if not asked.event.wait(seconds):
            self.forget(asked)
            if asked.answer is None:
                raise Silent
        return asked.result()

    def forget(self, question: Question) -> None:
        """Ask no more, where it is not answered yet."""
        with self._lock:
            self._open.pop(question.number, None)

    def drain(self, *, seconds: float) -> bool:
        """Wait until all was heard, so long; whether it was."""
        with self._lock:
            return self._answered.wait_for(lambda: not self._open, timeout=seconds)

    def _read(self) -> None:
        buffer = bytearray(MAX_PACKET_BYTES)
        while True:
            try:
                connection = self._connected()
                while self._hear(connection, buffer):
                    pass
                self._hang_up(connection)
            except Exception as error:  # noqa: BLE001 - the boundary: without this thread every call would wait for ever
                get_log().error("error_caught", reason="reconnecting to the gate", exc_info=error)
            time.sleep(FIRST_PAUSE_SECONDS)  # two lines under one name would take turns at it for ever

    def _hang_up(self, connection: socket.socket) -> None:
        with self._lock:
            self._connection = None
            connection.close()

    def _connected(self) -> socket.socket:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                connection = connect(self._library)
            except OSError:
                # It is being started: 0.1 s late at most, and a machine without one is not kept busy.
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            connection.setblocking(True)
            self._greet(connection)
            return connection

    def _greet(self, connection: socket.socket) -> None:
        """Say who we are and what we hold, then all that was not answered."""
        owner = self._owner
        row = {"name": owner.name, "host": owner.host, "pid": owner.pid, "start": owner.start, "boot": owner.boot}
        # Before the lock: what is held is asked of those who may be about to send.
        holds = {name: holds() for name, holds in self._holds.items()}
        with self._lock:
            send(connection, pack({"hello": row, "holds": holds}))
            self._connection = connection
            for question in self._open.values():
                question.is_sent = False
            self._send_open(connection)

    def _send_open(self, connection: socket.socket) -> None:
        self._is_full = False
        for question in self._open.values():
            if not question.is_sent:
                question.is_sent = send(connection, question.packet)
                if not question.is_sent:
                    self._is_full = True  # its next answer tells that there is room
                    return

    def _hear(self, connection: socket.socket, buffer: bytearray) -> bool:
        try:
            count = connection.recv_into(buffer)
            message = unpack(memoryview(buffer)[:count]) if count else None
        except (OSError, ValueError):
            return False
        if message is None:
            return False
        number = message.get("n")
        with self._lock:
            asked = self._open.pop(number, None) if isinstance(number, int) else None
            if asked is not None:
                asked.answer = message
            if self._is_full:
                self._send_open(connection)
            self._answered.notify_all()
        if asked is not None:
            asked.event.set()
        return True

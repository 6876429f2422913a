"""The socketpair between the supervisor and a child: events and beats go up, orders come down, end of file is the end.

One JSON object a packet; SOCK_SEQPACKET keeps them apart.
"""

import contextlib
import json
import os
import select
import socket
import threading
from collections.abc import Iterator, Mapping

Message = Mapping[str, object]

MAX_PACKET_BYTES = 64 * 1024
GRACE_SECONDS = 1.0


def channel_pair() -> tuple[socket.socket, socket.socket]:
    """The supervisor's end (non-blocking) and the child's end."""
    # A stream would need framing, and a writer killed in the middle of a message would spoil all that follow.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    return ours, theirs


def fits(message: Message) -> bool:
    """Whether the other side can take it whole."""
    return len(_packed(message)) <= MAX_PACKET_BYTES


def send(end: socket.socket, message: Message) -> bool:
    """Send without waiting; False when the other side is gone or does not read."""
    try:
        # A supervisor that waits for a stopped child, or a child for a stopped supervisor, would be stuck with it.
        end.send(_packed(message), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except (BlockingIOError, BrokenPipeError, ConnectionResetError):
        return False
    return True


def _packed(message: Message) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


def receive(end: socket.socket, *, flags: int = 0) -> Message | None:
    """The next message, waiting as the socket's mode and the flags say; None at end of file.

    Raises:
        BlockingIOError: None is there, and nobody waits.
    """
    try:
        packet = end.recv(MAX_PACKET_BYTES, flags)
    # What the other side had not read when it was killed turns its end of file into a reset.
    except ConnectionResetError:
        return None
    return json.loads(packet) if packet else None


def is_readable(end: socket.socket | int, *, seconds: float) -> bool:
    """Whether something is to be received within so many seconds, or the other side is gone.

    Of a descriptor of a process: whether that has ended.
    """
    # Not select: descriptors over 1,023 would raise there.
    ready = select.poll()
    ready.register(end, select.POLLIN)
    return bool(ready.poll(seconds * 1000))


class Orders:
    """A child's ear: hears orders while the child works, and ends the process when the supervisor is gone.

    Attributes:
        wake: Set whenever something was heard; the child clears it.
    """

    _also: tuple[threading.Event, ...] = ()

    def __init__(self, end: socket.socket) -> None:
        """Listen on the child's end, in a thread of its own."""
        self._end = end
        self._ear = threading.Lock()
        self._heard: set[str] = set()
        self.wake = threading.Event()
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    @property
    def is_draining(self) -> bool:
        """Whether to finish the step under way, give the claim back and exit."""
        return "drain" in self._heard

    def take(self, order: str) -> bool:
        """Whether this order was heard since the last call."""
        was_heard = order in self._heard
        self._heard.discard(order)
        return was_heard

    def hear(self) -> bool:
        """Take in what was said up to now; False once the supervisor is gone.

        A packet leaves the socket under the lock only, so that none is on its way in the other thread meanwhile.
        """
        with self._ear:
            try:
                while (message := receive(self._end, flags=socket.MSG_DONTWAIT)) is not None:
                    self._heard.add(str(message.get("order")))
                    self._ring()
            except BlockingIOError:
                return True
        return False

    def drain(self) -> None:
        """Order oneself to drain."""
        self._heard.add("drain")
        self._ring()

    @contextlib.contextmanager
    def waking(self, event: threading.Event) -> Iterator[None]:
        """Set this event, too, whenever something is heard: for who waits for something else as well."""
        self._also = (*self._also, event)
        try:
            yield
        finally:
            self._also = tuple(other for other in self._also if other is not event)

    def _ring(self) -> None:
        for event in (self.wake, *self._also):
            event.set()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed by the child's own exit
            ready = select.poll()
            # Waited for without the lock: `hear` is called under a book's lock and must not wait for this thread.
            ready.register(self._end, select.POLLIN)
            ready.poll()
            while self.hear():
                ready.poll()
        self.drain()
        # Nobody is left to collect us: what cannot stop by itself by then ends here; its claim shows a dead owner.
        threading.Event().wait(GRACE_SECONDS)
        # Not sys.exit, which would end this thread only.
        os._exit(1)

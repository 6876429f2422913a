"""What the gate and those who ask it share: where it listens, how a message is packed, how an error travels.

One JSON object a packet; SOCK_SEQPACKET keeps them apart and gives each its length.
"""

import errno
import hashlib
import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from imaginized.errors import LibraryBusy, Paused, Retryable, Unreachable

FOLDER = ".imaginized.gate"
SOCKET = "socket"
MAX_PACKET_BYTES = 128 * 1024
BACKLOG = 1024
NO_SOCKETS = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS))

Packet = Mapping[str, object]


def pack(message: Packet) -> bytes:
    """A packet."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(packet: bytes | memoryview) -> Packet:
    """The message of a packet.

    Raises:
        ValueError: It is none.
    """
    message = json.loads(bytes(packet))
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


def listen(library: Path) -> socket.socket:
    """Listen there; only for who has the gate's lock.

    Raises:
        OSError: The folder cannot be made or written.
    """
    folder = library / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
    try:
        with _named(folder) as name:
            (folder / SOCKET).unlink(missing_ok=True)  # of one that was killed
            _bind(listening, name, folder)
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def _bind(listening: socket.socket, name: str, folder: Path) -> None:
    try:
        listening.bind(name)
    except OSError as error:
        if error.errno not in NO_SOCKETS:
            raise
        # A file system that has no sockets. Such a name has no mode: both ends ask whose the other one is.
        listening.bind(_elsewhere(folder))
        return
    (folder / SOCKET).chmod(0o600)


def connect(library: Path) -> socket.socket:
    """A connection to the gate.

    Raises:
        OSError: None is there now.
    """
    folder = library / FOLDER
    for is_elsewhere in (False, True):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            connection.setblocking(False)
            with _named(folder) as name:
                connection.connect(_elsewhere(folder) if is_elsewhere else name)
            if not is_ours(connection):
                raise PermissionError(errno.EACCES, "the program listening there belongs to another user")
        except FileNotFoundError:
            connection.close()
            continue
        except BaseException:
            connection.close()
            raise
        return connection
    raise ConnectionRefusedError(errno.ECONNREFUSED, "no gate listens")


def peer_of(connection: socket.socket) -> tuple[int, int]:
    """Process and user at the other end, from the kernel."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _ = struct.unpack("3i", credentials)
    return pid, uid


def is_ours(connection: socket.socket) -> bool:
    """Whether the other end is the same user's."""
    return peer_of(connection)[1] == os.geteuid()


@contextmanager
def _named(folder: Path) -> Iterator[str]:
    """The socket's name by a descriptor of its folder: a path of its own may have more than 107 bytes."""
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}/{SOCKET}"
    finally:
        os.close(fd)


def _elsewhere(folder: Path) -> str:
    where = folder.stat()
    digest = hashlib.sha256(f"{where.st_dev}:{where.st_ino}".encode()).hexdigest()
    return f"\0imaginized-gate-{os.geteuid()}-{digest}"


def error_row(error: Exception) -> Packet:
    """An error as it travels."""
    row: dict[str, object] = {"kind": _kind(error), "text": str(error)}
    if isinstance(error, Retryable):
        row["after_seconds"] = error.after_seconds
    if isinstance(error, OSError):
        row |= {"errno": error.errno, "text": error.strerror or str(error)}
    return row


def error_of(row: Packet) -> Exception:
    """The error that was sent."""
    text, after = str(row["text"]), float(str(row.get("after_seconds", 0.0)))
    if row["kind"] == "os":
        number = row.get("errno")
        return OSError(number if isinstance(number, int) else errno.EIO, text)
    if row["kind"] in ("unreachable", "retryable"):
        return (Unreachable if row["kind"] == "unreachable" else Retryable)(text, after_seconds=after)
    return {"paused": Paused, "busy": LibraryBusy}.get(str(row["kind"]), RuntimeError)(text)


def _kind(error: Exception) -> str:
    kinds: Sequence[tuple[type[Exception], str]] = (
        (OSError, "os"),
        (Unreachable, "unreachable"),
        (Retryable, "retryable"),
        (Paused, "paused"),
        (LibraryBusy, "busy"),
    )
    return next((name for kind, name in kinds if isinstance(error, kind)), "bug")


def send(connection: socket.socket, packet: bytes) -> bool:
    """Send without waiting; False where the other side does not read just now. One that is gone hears nothing."""
    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            connection.send(packet, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return False
    return True

"""Where finished log lines go: one whole line by one write, which never waits for whoever reads it.

A line for which there is no room is dropped and counted. The descriptor's own flags are left as they are, because other
processes write through it too.
"""

import os
import select
import socket
import stat
from collections.abc import Callable
from contextlib import suppress


class LogSink:
    """Writes lines to a descriptor that it does not own.

    Attributes:
        place: Device and inode of what is written to.
        dropped: Lines there was no room for since this was last set to 0.
    """

    def __init__(self, descriptor: int) -> None:
        """Write there; a pipe or terminal is opened anew, so that only our own writes do not wait."""
        self.place, mode = _look_at(descriptor)
        self.dropped = 0
        self._rest = b""
        self._owned: list[Callable[[], None]] = []
        self._send = self._sender(descriptor, mode=mode)

    def write(self, line: str) -> bool:
        """Write a line if there is room for it now; False when it was dropped."""
        data = f"{line}\n".encode(errors="backslashreplace")
        try:
            if self._rest:  # the end of a line that went out in part: another one must not begin in its middle
                self._rest = self._rest[self._send(self._rest) :]
            if not self._rest:
                self._rest = data[self._send(data) :]
                return True
        except OSError:  # a reader that stalls or went away, or a full disk, costs log lines, not the daemon
            pass
        self.dropped += 1
        return False

    def close(self) -> None:
        """Close what was opened here; the descriptor itself stays open."""
        while self._owned:
            self._owned.pop()()

    def _sender(self, descriptor: int, *, mode: int) -> Callable[[bytes], int]:
        """From bytes to how many of them went out. Raises BlockingIOError where there is no room."""
        if stat.S_ISSOCK(mode):
            connection = socket.socket(fileno=os.dup(descriptor))
            self._owned.append(connection.close)
            return lambda data: connection.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
            flags = os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
            with suppress(OSError):  # another user's, or without /proc
                own = os.open(f"/proc/self/fd/{descriptor}", flags)
                self._owned.append(lambda: os.close(own))
                return lambda data: os.write(own, data)
        if stat.S_ISREG(mode):
            return lambda data: os.write(descriptor, data)
        return lambda data: _write_polled(descriptor, data)


def _look_at(descriptor: int) -> tuple[tuple[int, int], int]:
    """Device and inode, and the mode."""
    try:
        facts = os.fstat(descriptor)
    except OSError:
        return (0, 0), stat.S_IFREG  # closed: every write will say so, and costs a line
    return (facts.st_dev, facts.st_ino), facts.st_mode


def _write_polled(descriptor: int, data: bytes) -> int:
    """Write to what could not be opened anew, if it says that there is room."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    if not poll.poll(0):
        raise BlockingIOError
    return os.write(descriptor, data[: select.PIPE_BUF])  # for so much there is room when there is any

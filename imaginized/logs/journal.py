"""Handing events to systemd's journal as fields, one datagram an event, spoken without a library.

The protocol is that of https://systemd.io/JOURNAL_NATIVE_PROTOCOL. Never waits: what the journal does not take at once,
the caller writes as a line instead.
"""

import errno
import fcntl
import os
import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

JOURNAL_SOCKET = "/run/systemd/journal/socket"
IDENTIFIER = "imaginized"
TOO_LARGE = frozenset((errno.EMSGSIZE, errno.ENOBUFS))
SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
LONGEST_NAME = 64
_UNFIT = re.compile(r"[^A-Z0-9_]")


@dataclass(frozen=True, slots=True)
class Journal:
    """The way to the journal that listens on `path`. Holds no descriptor, so that a fork inherits none."""

    path: str

    def send(self, message: str, *, priority: int, values: Mapping[str, str]) -> bool:
        """Hand over an event; `values` become fields of their names in capitals. Whether the journal took it."""
        fields = {_field_name(name): value for name, value in values.items()}
        fields |= {"MESSAGE": message, "PRIORITY": str(priority), "SYSLOG_IDENTIFIER": IDENTIFIER}
        datagram = b"".join(_field(name, value) for name, value in fields.items())
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.setblocking(False)
            try:
                channel.sendto(datagram, self.path)
            except OSError as error:
                return error.errno in TOO_LARGE and self._send_in_memory(datagram, channel)
        return True

    def _send_in_memory(self, datagram: bytes, channel: socket.socket) -> bool:
        """What is too large for a datagram goes as a sealed file in memory, of which the descriptor is sent."""
        try:
            fd = os.memfd_create("imaginized-event", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        except OSError:
            return False
        try:
            view = memoryview(datagram)
            while view:
                view = view[os.write(fd, view) :]
            fcntl.fcntl(fd, fcntl.F_ADD_SEALS, SEALS)
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", fd))]
            channel.sendmsg([], rights, 0, self.path)
        except OSError:
            return False
        finally:
            os.close(fd)
        return True


def open_journal(path: str = JOURNAL_SOCKET) -> Journal | None:
    """A way to the journal that listens on `path`; None where there is none."""
    return Journal(path) if os.access(path, os.W_OK) else None


def _field_name(name: str) -> str:
    """The journal keeps only names of capitals, digits and underscores that begin with a letter."""
    fit = _UNFIT.sub("_", name.upper()).lstrip("_0123456789")
    return fit[:LONGEST_NAME] or "VALUE"


def _field(name: str, value: str) -> bytes:
    data = value.encode(errors="backslashreplace")
    if b"\n" in data:
        return name.encode() + b"\n" + struct.pack("<Q", len(data)) + data + b"\n"
    return name.encode() + b"=" + data + b"\n"

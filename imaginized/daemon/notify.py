"""What systemd and the daemon tell each other: readiness, status and watchdog out, passed sockets in.

The protocol is sd_notify(3) and sd_listen_fds(3), spoken without a library. The environment is handed in.
"""

import contextlib
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from imaginized.printable import printable

FIRST_PASSED_FD = 3  # SD_LISTEN_FDS_START
SEND_TIMEOUT_SECONDS = 0.5  # a full queue is worth a moment, for a lost READY=1 stops the daemon; a hung systemd is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifier:
    """Tells systemd how the daemon is. Does nothing outside of systemd, and never raises: status is not the work.

    Attributes:
        address: The socket systemd listens on: a path, or "@" and a name; "" where nobody listens.
        watchdog_seconds: Call `watchdog` at least this often, half of what systemd allows; None if unwatched.
    """

    address: str = ""
    watchdog_seconds: float | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Notifier":
        """Take NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID; one meant for another process is not ours."""
        period = environment.get("WATCHDOG_USEC", "")
        pid = str(os.getpid())
        is_ours = environment.get("WATCHDOG_PID", pid) == pid
        is_watched = is_ours and period.isdecimal() and int(period) > 0
        return cls(
            address=environment.get("NOTIFY_SOCKET", ""),
            # Half of it, as sd_watchdog_enabled(3) wants: one late beat must not be the end.
            watchdog_seconds=int(period) / 2e6 if is_watched else None,
        )

    def ready(self, status: str) -> None:
        """The daemon is up, or has finished reloading; `status` is the line `systemctl status` shows."""
        self._send("READY=1", f"STATUS={_one_line(status)}")

    def status(self, text: str) -> None:
        """Change the line that `systemctl status` shows."""
        self._send(f"STATUS={_one_line(text)}")

    def reloading(self) -> None:
        """The daemon reads its settings anew; `ready` ends it."""
        # systemd tells this reload from an earlier one by the time, which must be of this very clock.
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The daemon has begun to stop."""
        self._send("STOPPING=1")

    def watchdog(self) -> None:
        """The daemon is alive: put off its being killed."""
        self._send("WATCHDOG=1")

    def _send(self, *assignments: str) -> None:
        if not self.address:
            return
        # systemd writes an abstract socket's first byte, a NUL, as @: an environment cannot hold it.
        address = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        # systemd may restart, be slow or be gone; the next message finds it again.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.settimeout(SEND_TIMEOUT_SECONDS)
            channel.sendto("\n".join(assignments).encode(errors="replace"), address)


class Announcer:
    """Says what changed, and READY once: when all that a client may count on is there."""

    def __init__(self, notifier: Notifier) -> None:
        """Speak through this notifier."""
        self._notifier = notifier
        self._told = ""
        self._was_ready = False

    @property
    def was_ready(self) -> bool:
        """Whether READY was said."""
        return self._was_ready

    def tell(self, text: str, *, is_ready: bool) -> None:
        """Say what the daemon does now, if it is something else than before."""
        if is_ready and not self._was_ready:
            self._was_ready = True
            self._notifier.ready(text)
        elif text != self._told:
            self._notifier.status(text)
        self._told = text

    def reloaded(self) -> None:
        """A reload is over, well or not: READY again."""
        self._notifier.ready(self._told)


def _one_line(text: str) -> str:
    """The text without line breaks, which would begin another assignment, and without what drives a terminal."""
    return printable(" ".join(text.split()))


def listen_fds(environment: Mapping[str, str], *, pid: int, name: str = "control") -> list[int]:
    """The descriptors of the sockets systemd opened for the process `pid` under a FileDescriptorName, in order.

    They survive exec, as systemd left them; the caller decides who inherits them.
    """
    # A child inherits the variables of its parent: LISTEN_PID says whose they are.
    count = environment.get("LISTEN_FDS", "")
    if environment.get("LISTEN_PID") != str(pid) or not count.isdecimal():
        return []
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    return [FIRST_PASSED_FD + index for index in range(int(count)) if names[index : index + 1] == [name]]

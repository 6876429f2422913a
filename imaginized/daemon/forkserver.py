"""The fork server's process: whether it has imported what children need, whether it has ended, and how.

The standard library's `multiprocessing.forkserver` starts it, and starts another one when it is dead; it says neither
that it did so nor that the first is not through with its imports yet.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path
from types import MappingProxyType
from typing import Self

from imaginized.process.channel import is_readable

WARM_SECONDS = 30.0
# At its start; the rest: see `preload`. The last is what multiprocessing itself imports in each child.
PRELOAD = (
    "imaginized.daemon.outliving",
    "imaginized.daemon.preload",
    "imaginized.daemon.entry",
    "multiprocessing.popen_forkserver",
)
ENDPOINTS = ("imaginized.providers.openai.making",)
# What workers need for chapters at hosts, and where large files go through a store.
HOSTS, BLOBS = ("imaginized.remote.at_home",), ("imaginized.remote.object_store",)
# By the signal that has it import the rest: what of the above is wanted beside what every worker needs. Its start
# cannot say it, for it is started before the settings are read.
IMPORTS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    dict(
        zip(
            (signal.SIGUSR1, signal.SIGUSR2, *(signal.SIGRTMIN + number for number in range(1, 5))),
            (hosts + endpoints for hosts in ((), HOSTS, HOSTS + BLOBS) for endpoints in ((), ENDPOINTS)),
            strict=True,
        )
    )
)


@dataclass(slots=True, kw_only=True)
class ForkServer:
    """A running one, by a handle that a reused pid cannot fool."""

    pid: int
    _pidfd: int
    _is_warm: bool = False
    _is_told: bool = False
    _is_whole: bool = False
    _started_at: float = field(default_factory=time.monotonic)

    @classmethod
    def current(cls) -> Self | None:
        """The one that children are forked from now; None where there is none, or it has ended already."""
        # CPython 3.11 to 3.13 keep it there and nowhere else.
        pid: int | None = getattr(forkserver._forkserver, "_forkserver_pid", None)
        if pid is None:
            return None
        try:
            # We are its parent and have not collected it, so the pid cannot have gone to another process before this
            # call.
            return cls(pid=pid, _pidfd=os.pidfd_open(pid))
        except ProcessLookupError:
            return None

    def is_warm(self) -> bool:
        """Whether it forks at once: it catches SIGCHLD from when it is through with its imports."""
        self._is_warm = self._is_warm or self._is_late() or self._catches(signal.SIGCHLD, else_=True)
        return self._is_warm

    def is_whole(self, more: int) -> bool:
        """Whether it has imported the rest, too, and forks at once again; begins with that where it has not yet.

        Args:
            more: The signal that tells it what that is; it catches this as long as it is not through.
        """
        if not self._is_told and self._catches(more, else_=False):  # one that does not hear it would die of it
            self._is_told = True
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, more)
        self._is_whole = self._is_whole or self._is_late() or not self._catches(more, else_=False)
        return self._is_whole

    def _is_late(self) -> bool:
        return time.monotonic() - self._started_at > WARM_SECONDS

    def _catches(self, number: int, *, else_: bool) -> bool:
        try:
            lines = (Path("/proc") / str(self.pid) / "status").read_text().splitlines()
        except OSError:
            return else_  # nobody can tell: whoever starts a child waits for it
        caught = next((line.split()[1] for line in lines if line.startswith("SigCgt:")), "0")
        return bool(int(caught, 16) & 1 << (number - 1))

    def has_ended(self) -> bool:
        """Whether it is dead."""
        return is_readable(self._pidfd, seconds=0)

    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None when that is not known any more."""
        try:
            # Left in the process table: the standard library collects it when it starts the next one.
            found = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return None
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status

    def kill(self) -> None:
        """End it, and with it every child that it has forked."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def close(self) -> None:
        """Drop the handle."""
        os.close(self._pidfd)


def begin() -> None:
    """Start one where none runs; returns at once, its imports take a while."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(PRELOAD))
    forkserver.ensure_running()


def forget_folder() -> None:
    """Have the next fork server's socket made in a new folder: somebody has emptied the one for temporary files."""
    config: dict[str, object] = getattr(multiprocessing.current_process(), "_config", {})
    config.pop("tempdir", None)

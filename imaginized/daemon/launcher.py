"""Starting the children: forked by a fork server that has imported what they need and has no threads."""

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerProcess
from types import ModuleType
from typing import Protocol

from imaginized.daemon.channel import channel_pair
from imaginized.providers.keys import NO_KEYS, Keys
from imaginized.settings import Settings

INTAKE = "intake"
PRELOAD = ("imaginized.daemon.preload", "imaginized.daemon.entry")
PRELOAD_OPENAI = "imaginized.providers.openai"  # takes seconds to import: once, in the fork server, for all workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What every child is given.

    Attributes:
        faults: Fault points to arm, for tests.
        journal_stream: systemd's JOURNAL_STREAM; "" outside of it.
        keys: For the endpoints.
    """

    settings: Settings
    faults: str = ""
    journal_stream: str = ""
    keys: Keys = NO_KEYS


@dataclass(slots=True, kw_only=True)
class Child:
    """A running child, by handles that a reused pid cannot fool.

    Attributes:
        end: The supervisor's end of the channel.
        sentinel: Readable once the child has ended.
    """

    name: str
    pid: int
    end: socket.socket
    sentinel: int
    _process: ForkServerProcess
    _pidfd: int

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the child has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def collect(self) -> int:
        """After the sentinel: the exit code, negative for a signal; closes every handle."""
        self._process.join()
        code = self._process.exitcode
        self._process.close()
        os.close(self._pidfd)
        self.end.close()
        return 255 if code is None else code


class Launcher(Protocol):
    """Starts the process of a slot."""

    def start(self, name: str) -> Child:
        """Start it and return at once.

        Raises:
            OSError: The machine has no process left to give.
        """

    def use(self, settings: Settings, *, keys: Keys) -> None:
        """Give these settings and keys to whoever is started from now on."""


class ForkServerLauncher:
    """Forks children in milliseconds from the standard library's fork server."""

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Keys = NO_KEYS,
        faults: str = "",
        journal_stream: str = "",
    ) -> None:
        """Children get these settings and keys, the faults a test wants, and the name of the journal's stream."""
        self._given = Given(settings=settings, keys=keys, faults=faults, journal_stream=journal_stream)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_preload(settings))

    def use(self, settings: Settings, *, keys: Keys) -> None:
        """Give these settings and keys to whoever is forked from now on."""
        self._given = replace(self._given, settings=settings, keys=keys)

    def start(self, name: str) -> Child:
        """Fork the child of a slot: the intake or a worker."""
        ours, theirs = channel_pair()
        try:
            process = self._context.Process(target=run_child, name=name, args=(name, self._given, theirs))
            with without_program():
                process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        if process.pid is None:
            raise ChildProcessError(f"{name} has no pid")
        return Child(
            name=name,
            pid=process.pid,
            end=ours,
            sentinel=process.sentinel,
            _process=process,
            _pidfd=os.pidfd_open(process.pid),
        )


@contextlib.contextmanager
def without_program() -> Iterator[None]:
    """Start children that need not know whose they are: each would import the program anew that its parent runs."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _preload(settings: Settings) -> list[str]:
    """What the fork server imports before it forks; only what the settings need."""
    uses_openai = "openai" in (settings.provider.text, settings.provider.image)
    return [*PRELOAD, PRELOAD_OPENAI] if uses_openai else [*PRELOAD]


def run_child(name: str, given: Given, end: socket.socket) -> None:
    """What a forked child runs."""
    # The children's rooms must not be imported by the supervisor; the fork server has them loaded.
    from imaginized.daemon.entry import be_child

    be_child(name, given=given, end=end)

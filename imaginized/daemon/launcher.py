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

from imaginized.daemon.child import Given, run_child
from imaginized.daemon.forkserver import BLOBS, ENDPOINTS, HOSTS, IMPORTS, ForkServer, begin, forget_folder
from imaginized.logs.log import Log, get_log
from imaginized.process.channel import channel_pair, is_readable
from imaginized.process.slots import INTAKE
from imaginized.providers.keys import NO_KEYS, Keys
from imaginized.providers.modules import module_of
from imaginized.settings.model import Settings, vendor_of
from imaginized.settings.vendors import USES

LOST = 255  # what multiprocessing has for the exit code of a child whose fork server ended first
EXIT_SECONDS = 1.0


class ForkServerLost(ChildProcessError):
    """The fork server ended while it started a child; the next start has another one."""


@dataclass(slots=True, kw_only=True)
class Child:
    """A running child, by handles that a reused pid cannot fool.

    Attributes:
        end: The supervisor's end of the channel.
        sentinel: Its pidfd, readable once the child has ended. The pipe that multiprocessing calls so ends with the
            fork server, too, and a moment before the children of that.
    """

    name: str
    pid: int
    end: socket.socket
    sentinel: int
    _process: ForkServerProcess

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens if the child has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.sentinel, number)

    def collect(self, *, seconds: float = EXIT_SECONDS) -> int:
        """After the sentinel, or SIGKILL: the exit code, negative for a signal; closes every handle.

        It waits no longer than so many seconds, twice.

        `LOST` when its fork server was not there to tell: dead, or stopped.
        """
        is_readable(self.sentinel, seconds=seconds)
        # With a bound: a stopped fork server tells nothing, and this is the supervisor's only thread.
        self._process.join(seconds)  # the fork server collects it and tells
        code = self._process.exitcode
        with contextlib.suppress(ValueError):  # that stands still, and has told nothing
            self._process.close()
        if code == LOST:
            with contextlib.suppress(ChildProcessError):  # orphans are init's, and we may be that in a container
                os.waitpid(self.pid, os.WNOHANG)
        os.close(self.sentinel)
        self.end.close()
        return LOST if code is None else code


class Launcher(Protocol):
    """Starts the process of a slot."""

    def start(self, name: str) -> Child:
        """Start it and return at once.

        Raises:
            ForkServerLost: It was killed just then; try again.
            OSError: The machine has no process left to give.
        """

    def is_ready(self, name: str = "") -> bool:
        """Whether `start` would not have to wait; prepares for that without waiting, so ask again.

        Ask for the intake first, and for others once that was started: it needs the least, and is there the soonest.
        """

    def note_loss(self) -> bool:
        """Whether the fork server was found dead just now, with all its children; says so in the log, once each."""

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
        log: Log | None = None,
    ) -> None:
        """Children get these settings and keys, the faults a test wants, and the name of the journal's stream."""
        self._given = Given(settings=settings, keys=keys, faults=faults, journal_stream=journal_stream)
        self._context = multiprocessing.get_context("forkserver")
        self._more = signal_for(settings)
        self._log = log or get_log(pid=os.getpid())
        self._server: ForkServer | None = None

    def use(self, settings: Settings, *, keys: Keys) -> None:
        """Give these settings and keys to whoever is forked from now on."""
        self._given = replace(self._given, settings=settings, keys=keys)

    def is_ready(self, name: str = "") -> bool:
        """Whether the fork server is through with its imports for that child; starts one where there is none."""
        self.note_loss()
        if self._server is None:
            try:
                # Returns at once; its imports take seconds, and a start in that time would wait for them here.
                begin()
            except OSError:
                return True  # to start a child fails, too, and says why
            self._server = ForkServer.current()
        if self._server is None or not self._server.is_warm():
            return False
        return name == INTAKE or self._server.is_whole(self._more)

    def note_loss(self) -> bool:
        """Whether the fork server was found dead just now; says so, and that another one follows."""
        if self._server is None or not self._server.has_ended():
            return False
        code = self._server.exit_code()
        how = "ended" if code is None else ending(code)
        reason = (
            f"the fork server (process {self._server.pid}) {how}; its children end with it and are all started again"
        )
        self._log.warning("fork_server_lost", reason=reason)
        self._server.close()
        self._server = None
        return True

    def start(self, name: str) -> Child:
        """Fork the child of a slot: the intake or a worker."""
        self.note_loss()
        # Made for each child: an end that two children share would never come to its end of file.
        ours, theirs = channel_pair()
        try:
            process = self._context.Process(target=run_child, name=name, args=(name, self._given, theirs))
            with without_program():
                process.start()
            pid = process.pid or 0
            return Child(name=name, pid=pid, end=ours, sentinel=os.pidfd_open(pid), _process=process)
        except (EOFError, ConnectionError, FileNotFoundError) as error:
            ours.close()
            self._give_up(error)
            raise ForkServerLost(f"the fork server ended as it started {name}") from error
        except BaseException:
            ours.close()
            raise
        # Ours of the child's end: while it is open here, the child's death is no end of file.
        finally:
            theirs.close()
            self._server = self._server or ForkServer.current()

    def _give_up(self, error: Exception) -> None:
        """A fork server that cannot be reached: dead, or about to be; or without its socket, and of no use any more."""
        if isinstance(error, FileNotFoundError) and self._server is not None:
            self._server.kill()
            forget_folder()


@contextlib.contextmanager
def without_program() -> Iterator[None]:
    """Start children that need not know whose they are: each would import the program anew that its parent runs."""
    program = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def ending(code: int) -> str:
    """How a process ended, from its exit code."""
    if code == LOST:
        return "ended; its fork server was not there to tell how"
    if code >= 0:
        return f"exited with {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}"


def signal_for(settings: Settings) -> int:
    """What tells the fork server what to import before it forks workers; only what is needed, some takes long."""
    used = {module_of(vendor) for use in USES if (vendor := vendor_of(settings, use))}
    hosts = () if settings.hosts.engine == "none" else HOSTS + BLOBS if settings.hosts.blobs else HOSTS
    wanted = hosts if used.isdisjoint(ENDPOINTS) else hosts + ENDPOINTS
    return next(number for number, names in IMPORTS.items() if names == wanted)

"""A daemon whose processes are killed at random, and what must hold of them whatever is killed: shared by the soaks."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

from imaginized.process.packets import connect, peer_of
from tests.support.daemons import Daemon, Row

POLL_SECONDS = 0.02
SETTLED_SECONDS = 30.0
# Processes that run when nothing is wrong: supervisor, fork server, resource tracker, intake, gate, three workers.
FULL_HOUSE = 8
VICTIMS = (*["worker"] * 4, "intake", "gate", "gate", "supervisor", "fork server", "socket")
SHOWN_LINES = 60
MOST_CHANGES = 10


class Violation(Exception):
    """Something that must hold does not."""


class Target:
    """One daemon, restarted whenever its supervisor is killed."""

    def __init__(self, daemon: Daemon, *, choose: random.Random, full_house: int = FULL_HOUSE) -> None:
        """Start nothing yet; more processes than `full_house` are too many."""
        self.daemon = daemon
        self._choose = choose
        self._full_house = full_house
        self._groups: list[int] = []

    def start(self) -> None:
        """Start the daemon, and wait until it watches its inbox."""
        try:
            self.daemon.start()
        finally:
            if self.daemon.process is not None:
                self._groups.append(self.daemon.process.pid)

    def kill_somebody(self, victims: Sequence[str] = VICTIMS) -> str | None:
        """SIGKILL one process of a kind that is chosen among `victims`, and start the daemon anew if it was that.

        Returns the kind; None if there was none of it.
        """
        status = self.daemon.status()
        victim = "supervisor" if status["breaker"] == "open" else self._choose.choice(victims)
        if victim == "supervisor":
            self.daemon.kill()
            self.start()
            return victim
        if victim == "socket":
            self._remove_socket()
            return victim
        rows = [row for row in cast(list[Row], status["workers"]) if row["pid"] is not None]
        pids = [cast(int, row["pid"]) for row in rows if (row["slot"] == "intake") is (victim == "intake")]
        if victim == "fork server":
            pids = self._fork_servers()
        if victim == "gate":
            pids = self._gates()
        try:
            os.kill(self._choose.choice(pids), signal.SIGKILL)
        except (IndexError, ProcessLookupError):
            return None
        return victim

    def _remove_socket(self) -> None:
        """Remove the control socket, now and then with the lock beside it, and wait until it is there again."""
        self.daemon.socket.unlink()
        if self._choose.random() < 0.5:
            self.daemon.socket.with_name(f"{self.daemon.socket.name}.lock").unlink()
        self.daemon.wait_for(self.daemon.answers, "the daemon answers at its socket again")

    def stop(self) -> None:
        """Drain the daemon.

        Raises:
            Violation: It did not end well, or not all of it.
        """
        code = self.daemon.stop()
        if code != 0:
            raise Violation(f"the daemon ended with {code}")
        settle(lambda: [f"process {pid} is left" for pid in self._processes(current=True)])

    def end(self) -> None:
        """Whatever is left of it."""
        for group in self._groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        if self.daemon.process is not None:
            self.daemon.process.wait()

    def dump(self) -> str:
        """What every process does that should do something else; ends them, which puts their stacks into the log."""
        states, lines = self._processes(current=True), []
        for pid, command in self._commands().items():
            with contextlib.suppress(OSError):
                waits = (Path("/proc") / str(pid) / "wchan").read_text()
                lines.append(f"process {pid} ({states.get(pid, '?')}, in {waits}): {command.decode(errors='replace')}")
        for pid in states:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGABRT)
        if self.daemon.process is not None:
            self.daemon.process.wait(SETTLED_SECONDS)
        log = self.daemon.log.read_text(errors="replace").splitlines()[-SHOWN_LINES:]
        return "\n".join([*lines, "the end of the log:", *log])

    def problems(self) -> Iterator[str]:
        """What is wrong with the processes now."""
        yield from (f"process {pid} of a killed daemon is left" for pid in self._processes(current=False))
        ours = self._processes(current=True)
        yield from (f"process {pid} is a zombie" for pid, state in ours.items() if state == "Z")
        if len(ours) > self._full_house:
            yield f"{len(ours)} processes instead of {self._full_house}"

    def _fork_servers(self) -> list[int]:
        """The processes of that kind that the supervisor has started itself: what they fork is called like them."""
        assert self.daemon.process is not None
        found = []
        for pid, command in self._commands().items():
            with contextlib.suppress(OSError):
                parent = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1]
                if b"forkserver" in command and int(parent) == self.daemon.process.pid:
                    found.append(pid)
        return found

    def _gates(self) -> list[int]:
        """Who listens where the gate does; nobody while it is started anew."""
        try:
            with connect(self.daemon.library) as line:
                return [peer_of(line)[0]]
        except OSError:
            return []

    def _commands(self) -> dict[int, bytes]:
        """The command lines of the daemon's processes."""
        found: dict[int, bytes] = {}
        for pid in self._processes(current=True):
            with contextlib.suppress(OSError):
                found[pid] = (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ")
        return found

    def _processes(self, *, current: bool) -> dict[int, str]:
        """The processes of the daemon that runs, or of those that were killed, with their states."""
        groups = set(self._groups[-1:] if current else self._groups[:-1])
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with contextlib.suppress(OSError):  # ended between the listing and the look
                    state, _, group = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[:3]
                    if int(group) in groups:
                        found[int(entry.name)] = state
        return found


def settle(problems: Callable[[], Sequence[str]], *, seconds: float = SETTLED_SECONDS) -> None:
    """Wait until there are no problems; those that become others show that somebody works on them.

    Raises:
        Violation: The same ones were there for so many seconds.
    """
    before: Sequence[str] = ()
    last = time.monotonic() + MOST_CHANGES * seconds
    deadline = time.monotonic() + seconds
    while found := problems():
        if found != before:
            before, deadline = found, min(time.monotonic() + seconds, last)
        if time.monotonic() > deadline:
            raise Violation("; ".join(found))
        time.sleep(POLL_SECONDS)

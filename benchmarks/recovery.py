"""How soon a chapter is claimed again after its worker, or the whole daemon, was killed. Real processes."""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from imaginized.queue.codec import decode
from imaginized.queue.manifest import Entry
from tests.support.daemons import Daemon
from tests.support.epubs import make_epub

DEADLINE_SECONDS = 60.0
POLL_SECONDS = 0.001


def after_worker_kill(*, samples: int) -> list[float]:
    """Seconds from the SIGKILL of a worker in the middle of a chapter to the chapter's next claim, by another."""
    with _stopped_in_its_only_chapter() as (daemon, token):
        return [_again(daemon, token, kill=lambda pid: os.kill(pid, signal.SIGKILL)) for _ in range(samples)]


def after_supervisor_kill(*, samples: int) -> list[float]:
    """Seconds from the SIGKILL of the supervisor, restarted at once, to the first claim."""

    def kill(_pid: int) -> None:
        daemon.kill()
        daemon.begin()

    with _stopped_in_its_only_chapter() as (daemon, token):
        return [_again(daemon, token, kill=kill) for _ in range(samples)]


@contextmanager
def _stopped_in_its_only_chapter() -> Iterator[tuple[Daemon, Path]]:
    """A daemon whose book has one chapter, and whose worker stops in it whenever the token is there."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        folder = Path(short)
        token = folder / "token"
        token.touch()
        options = {"workers.max_attempts": 100, "workers.reap_interval_seconds": 15.0, "inbox.reconcile_seconds": 60.0}
        daemon = Daemon(folder=folder, options=options, faults=f"illustrate-1:stop:{token}")
        daemon.start()
        try:
            daemon.drop(make_epub(folder / "book.epub", chapters=1))
            yield daemon, token
        finally:
            assert daemon.process is not None
            os.killpg(daemon.process.pid, signal.SIGKILL)
            daemon.process.wait()


def _again(daemon: Daemon, token: Path, *, kill: Callable[[int], None]) -> float:
    daemon.wait_for(lambda: not token.exists() and bool(_holder(daemon)), "a worker is in the chapter")
    pid = _holder(daemon)
    before = _chapter(daemon)
    daemon.wait_for(lambda: _are_others_idle(daemon, pid), "the others have nothing to do")
    token.touch()
    began = time.monotonic()
    kill(pid)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while _chapter(daemon).attempt == before.attempt:
        if time.monotonic() > deadline:
            raise TimeoutError("the chapter was never claimed again")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began  # as others see it; the claim's own moment is before its write


def _chapter(daemon: Daemon) -> Entry:
    (path,) = daemon.library.glob("*/.imaginize.manifest.json")
    return decode(path.read_bytes()).chapters[1]


def _holder(daemon: Daemon) -> int:
    """The pid of the worker that stopped in the chapter; 0 while there is none."""
    for row in daemon.workers():
        pid = cast(int, row["pid"] or 0)
        if pid and (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "T":
            return pid
    return 0


def _are_others_idle(daemon: Daemon, pid: int) -> bool:
    return all(row["state"] == "idle" for row in daemon.workers() if row["pid"] != pid)

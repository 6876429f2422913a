"""What a killed supervisor leaves behind ends soon, whatever state it is in: F25, real processes."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from imaginized.queue.codec import decode
from imaginized.store.files import MANIFEST
from tests.support.daemons import Daemon, daemon_in, processes_of
from tests.support.epubs import make_epub
from tests.support.slowness import at_most

GONE_SECONDS = at_most(3.0)
CHAPTER = 1

Kill = Callable[[Daemon, int], None]


def parent_of(pid: int) -> int:
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


def kill(daemon: Daemon, _worker: int) -> None:
    daemon.kill()


def stop_the_fork_server_and_kill(daemon: Daemon, worker: int) -> None:
    os.kill(parent_of(worker), signal.SIGSTOP)
    daemon.kill()


def kill_and_stop(daemon: Daemon, worker: int) -> None:
    """The worker is stopped when its supervisor is gone already, before it has ended by itself."""
    daemon.kill()
    os.kill(worker, signal.SIGSTOP)


@pytest.mark.parametrize(
    ("action", "do_kill"),
    [
        pytest.param("stop", kill, id="stopped"),
        pytest.param("stop", stop_the_fork_server_and_kill, id="stopped-with-its-fork-server"),
        pytest.param("hang", kill, id="hung-in-c-code"),
        pytest.param("hang", kill_and_stop, id="stopped-afterwards"),
    ],
)
def test_f25_a_worker_that_cannot_end_by_itself_does_not_outlive_its_supervisor(
    tmp_path: Path, action: str, do_kill: Kill
) -> None:
    """Stopped, or hung where it hears nothing: it is gone in a moment, and the next daemon does its chapter."""
    token = tmp_path / "once"
    token.touch()
    with daemon_in(tmp_path, faults=f"analyze-{CHAPTER}:{action}:{token}") as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=2))
        daemon.wait_for(lambda: bool(at_the_chapter(daemon)) and not token.exists(), "a worker is at it, and stays")
        (worker,) = at_the_chapter(daemon)
        do_kill(daemon, worker)
        killed_at = time.monotonic()
        daemon.wait_for(lambda: not processes_of(daemon), "every child is gone")
        gone_after = time.monotonic() - killed_at
        daemon.start()
        (row,) = daemon.wait_for_phases("done")
        entry = decode((Path(str(row["folder"])) / MANIFEST).read_bytes()).chapters[CHAPTER]

    assert gone_after < GONE_SECONDS
    assert entry.attempt > 1


def at_the_chapter(daemon: Daemon) -> list[int]:
    return [cast(int, row["pid"]) for row in daemon.workers() if row["chapter"] == CHAPTER]

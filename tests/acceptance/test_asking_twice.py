"""Cancelled and tried again while a call is in flight, and killed at every step of that: nothing is asked for twice."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ControlError
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from tests.support.daemons import Daemon, Row, asking, daemon_in
from tests.support.epubs import make_epub

WAITS = Fault(kind="held")  # until the test lets it go, and then all is well
CHAPTERS = 2
# Where a worker ends: before it asks, with the answer paid, its reply kept, its picture kept, its chapter done.
POINTS = ("asking", "reply_stored", "answers_let_go", "part_kept", "artifacts_staged", "task_done", "task_committed")


def options(base_url: str) -> dict[str, object]:
    return {**asking(base_url), "workers__max_concurrency": 4, "guide__formats": ["markdown"]}


@contextmanager
def running(folder: Path, server: ScriptedServer, *, faults: str = "") -> Iterator[Daemon]:
    with daemon_in(folder, drawing=True, faults=faults, **options(server.base_url)) as daemon:
        daemon.drop(make_epub(folder / "book.epub", chapters=CHAPTERS))
        yield daemon


def in_flight(daemon: Daemon, server: ScriptedServer, *, kind: str) -> str:
    """Wait until a call of that kind hangs; the book."""
    daemon.wait_for(lambda: server.counts.at_once >= 1 and server.counts.requests[kind] >= 1, "such a call hangs")
    return str(daemon.books()[0]["book"])


def wait_for_others(daemon: Daemon, server: ScriptedServer) -> None:
    """Wait until somebody waits for an answer that another asked for."""

    def wait() -> bool:
        rows = [cast("Row | None", row["waits"]) for row in daemon.workers() if row["state"] == "working"]
        return sum(row is not None and row["for"] == "answer" for row in rows) > server.counts.at_once

    daemon.wait_for(wait, "another worker waits for that answer")


@pytest.mark.parametrize("kind", ["text", "image"])
def test_the_second_waits_for_the_answer_of_the_first(tmp_path: Path, kind: str) -> None:
    """However often it is cancelled and tried again, every chapter and every picture is asked for once."""
    held = (WAITS,) * CHAPTERS
    script = Script(text=held) if kind == "text" else Script(image=held)
    with scripted(script) as server, running(tmp_path, server) as daemon:
        book = in_flight(daemon, server, kind=kind)
        for _ in range(3):
            daemon.call("cancel", book=book)
            daemon.call("retry", book=book)
        wait_for_others(daemon, server)
        server.let_go.set()
        daemon.wait_for_phases("done")

    assert dict(server.counts.requests) == {"text": CHAPTERS, "image": CHAPTERS}


@pytest.mark.parametrize("kind", ["text", "image"])
def test_killed_while_it_asks_only_that_call_is_asked_for_again(tmp_path: Path, kind: str) -> None:
    """The kernel frees what the dead one asked for: the next asks at once, and no file of a lock is left."""
    script = Script(text=(WAITS,)) if kind == "text" else Script(image=(WAITS,))
    with scripted(script) as server, running(tmp_path, server) as daemon:
        book = in_flight(daemon, server, kind=kind)
        daemon.wait_for(lambda: server.counts.at_once == 1 and server.counts.requests[kind] >= 1, "one call hangs")
        asking = [row for row in daemon.workers() if row["stage"] == ("analyze" if kind == "text" else "illustrate")]
        daemon.call("cancel", book=book)
        daemon.call("retry", book=book)
        for pid in {int(str(row["pid"])) for row in asking}:
            os.kill(pid, signal.SIGKILL)
        daemon.wait_for_phases("done")
        left = [path.name for path in (daemon.library / book / "data").rglob(".*")]

    other = "image" if kind == "text" else "text"
    assert server.counts.requests[other] == CHAPTERS
    assert CHAPTERS < server.counts.requests[kind] <= CHAPTERS + len(asking)
    assert set(left) <= {".asking.locks"}


@pytest.mark.parametrize("points", [POINTS[:4], POINTS[4:]])
def test_killed_at_a_step_and_cancelled_and_tried_again_nothing_is_asked_for_twice(
    tmp_path: Path, points: tuple[str, ...]
) -> None:
    """What was paid is kept at every step, whoever is at it then: no chapter and no picture is asked for twice."""
    tokens = {point: tmp_path / point for point in points}
    faults = ",".join(f"{point}:kill:{token}" for point, token in tokens.items())
    counted: dict[str, dict[str, int]] = {}
    with (
        scripted(Script()) as server,
        daemon_in(tmp_path, drawing=True, faults=faults, **options(server.base_url)) as daemon,
    ):
        for number, (point, token) in enumerate(tokens.items(), 1):
            before = server.counts.requests.copy()
            daemon.drop(make_epub(tmp_path / f"{point}.epub", title=f"Book {number}", chapters=CHAPTERS))
            is_asked = partial(lambda asked: server.counts.requests["text"] > asked, before["text"])
            daemon.wait_for(is_asked, "a chapter is asked about")
            token.touch()
            daemon.wait_for(lambda token=token: not token.exists(), f"a worker is killed at {point}")  # type: ignore[misc]
            (book,) = [str(row["book"]) for row in daemon.books() if row["title"] == f"Book {number}"]
            for _ in range(2):
                with suppress(ControlError):  # it may be done by now
                    daemon.call("cancel", book=book)
                    daemon.call("retry", book=book)
            daemon.wait_for_phases(*["done"] * number)
            counted[point] = dict(server.counts.requests - before)

    assert counted == {point: {"text": CHAPTERS, "image": CHAPTERS} for point in points}


def test_a_daemon_killed_between_cancel_and_retry_asks_again_for_what_was_in_flight_alone(tmp_path: Path) -> None:
    """Its workers end with it, and with them what they have asked for; nobody waits for the dead."""
    with scripted(Script(text=(None, WAITS))) as server, running(tmp_path, server) as daemon:
        daemon.wait_for(lambda: server.counts.requests["text"] == 2, "one call hangs, the other is answered")
        book = str(daemon.books()[0]["book"])
        daemon.call("cancel", book=book)
        daemon.kill()
        daemon.start()
        daemon.call("retry", book=book)
        daemon.wait_for_phases("done")

    assert dict(server.counts.requests) == {"text": CHAPTERS + 1, "image": CHAPTERS}

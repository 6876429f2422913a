"""Chapters that several workers are at, through the real daemon and an endpoint that counts what it is asked."""

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from imaginized.cli.view import detail_lines
from imaginized.providers.scripted import Script, ScriptedServer, scripted
from imaginized.queue.codec import decode
from imaginized.store.files import MANIFEST, BookFiles
from tests.acceptance.test_openai_daemon import KEY, running
from tests.support.daemons import Daemon, Row
from tests.support.epubs import make_long_epub
from tests.support.replaying import contradictions

SCENES = 9
PIECES = 5


@contextmanager
def one_chapter(folder: Path, *, faults: str = "", latency: float = 0.3) -> Iterator[tuple[Daemon, ScriptedServer]]:
    """A daemon of four workers and a book of one long chapter, dropped."""
    book = make_long_epub(folder / "long.epub", title="One Long Chapter")
    options: dict[str, object] = {
        "workers__max_concurrency": 4,
        "openai__part_words": 750,
        "guide__pages_per_image": 1,
        "logs__level": "info",
    }
    with (
        scripted(Script(key=KEY, latency_seconds=latency)) as server,
        running(server, folder, faults=faults, **options) as daemon,
    ):
        daemon.drop(book)
        yield daemon, server


def named(daemon: Daemon, event: str) -> list[dict[str, object]]:
    """The lines of the daemon's log with this event."""
    lines = [json.loads(line) for line in daemon.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event]


def assert_whole(daemon: Daemon) -> None:
    """The book is done, its log tells so, and its manifest says nothing of parts."""
    (book,) = [path.parent for path in daemon.library.glob(f"*/{MANIFEST}")]
    data = (book / MANIFEST).read_bytes()
    assert b'"parts"' not in data
    assert list(contradictions(BookFiles(book), decode(data))) == []
    assert len(list((book / "images").glob("chapter_1_scene_*.jpg"))) == SCENES
    assert not list(book.glob("**/.*.staged"))


def test_a_chapter_is_read_and_drawn_by_several_workers(tmp_path: Path) -> None:
    """Its pieces and scenes are asked for at once, each once, by whoever is free."""
    with one_chapter(tmp_path) as (daemon, server):
        daemon.wait_for_phases("done")

        assert server.counts.requests == Counter(text=PIECES, image=SCENES)
        assert server.counts.most_at_once > 1
        stages = {(line["stage"], line["worker"]) for line in named(daemon, "part_completed")}
        assert {stage for stage, _ in stages} == {"analyze", "illustrate"}
        assert_whole(daemon)


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        ("analyze-1-3", 0),  # a helper, before it asks
        ("illustrate-1-4", 0),
        ("parts_listed", 0),  # the chapter's worker, before it asks
        ("part_kept", 0),  # the same, after a part
        ("reply_stored", 0),  # whoever comes first, after he was answered
        ("artifacts_staged", 0),
        ("task_done", 0),
    ],
)
def test_a_kill_at_a_shared_chapter_pays_nothing_twice(tmp_path: Path, fault: str, more: int) -> None:
    """Whoever dies, and at whichever line: the others go on, and what was answered is not asked again."""
    token = tmp_path / "token"
    with one_chapter(tmp_path, faults=f"{fault}:kill:{token}") as (daemon, server):
        token.touch()
        daemon.wait_for_phases("done")

        assert not token.exists()
        asked = server.counts.requests
        assert asked["text"] <= PIECES + more and asked["image"] <= SCENES + more
        assert_whole(daemon)


def test_a_part_that_ends_while_the_rest_is_listed_anew_is_done_once(tmp_path: Path) -> None:
    """The chapter's worker dies; between the next one's look and its list, others end what they were at."""
    with one_chapter(tmp_path, faults="parts_counted:slow") as (daemon, server):

        def worker_of_chapter() -> list[int]:
            rows = [row for row in cast(list[Row], daemon.status()["workers"]) if row["stage"] == "illustrate"]
            helped = any(row["part"] for row in rows) and any(
                line["stage"] == "illustrate" for line in named(daemon, "part_completed")
            )
            return [cast(int, row["pid"]) for row in rows if not row["part"] and helped]

        daemon.wait_for(lambda: bool(worker_of_chapter()), "a chapter that several draw")
        os.kill(worker_of_chapter()[0], signal.SIGKILL)
        daemon.wait_for_phases("done")

        drawn = Counter(line["part"] for line in named(daemon, "part_completed") if line["stage"] == "illustrate")
        assert set(drawn.values()) == {1}
        assert server.counts.requests["image"] <= SCENES + 1  # of the one that was killed
        assert_whole(daemon)


def test_status_says_who_is_at_a_shared_chapter(tmp_path: Path) -> None:
    """How many pictures of how many, and by which workers; and each of them says which part it is at."""
    with one_chapter(tmp_path, latency=1.0) as (daemon, _):
        told: list[str] = []

        def is_shared() -> bool:
            books = daemon.books()
            told[:] = detail_lines(daemon.call("status", book=books[0]["book"])) if books else []
            # Four end at once: any one count may be over between two looks.
            return any(re.search(r", [1-7] of 9 pictures, worker-\d.* worker-\d", line) for line in told)

        daemon.wait_for(is_shared, "a chapter that two workers draw")
        workers = cast(list[Row], daemon.status()["workers"])

        assert any(row["part"] for row in workers)
        assert all(row["chapter"] == 1 for row in workers if row["part"])
        daemon.wait_for_phases("done")

"""What an endpoint refuses of one use alone: pictures wait for a person while texts go on."""

import json
from pathlib import Path
from typing import cast

import pytest

from imaginized.providers.scripted import Fault, Script, scripted
from tests.acceptance.test_openai_daemon import CHAPTERS, KEY, records, running
from tests.support.daemons import Daemon, Row
from tests.support.epubs import make_epub

UNVERIFIED = Fault(
    kind="status", status=403, message="Your organization must be verified to use the model `painter-1`."
)
FORBIDDEN = Fault(kind="status", status=403, message="This project may not use the model")
EMPTY = Fault(kind="status", status=429, message="You exceeded your current quota", code="insufficient_quota")
MANY = 99


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_epub(tmp_path / "book.epub", chapters=CHAPTERS)


def attempts(daemon: Daemon) -> list[int]:
    manifest = json.loads(next(daemon.library.glob("*/.imaginize.manifest.json")).read_text())
    return [chapter.get("retryCount", 0) for chapter in manifest["chapters"].values()]


@pytest.mark.parametrize("fault", [UNVERIFIED, FORBIDDEN], ids=["unverified", "forbidden"])
def test_pictures_wait_alone_where_only_they_are_refused(book: Path, tmp_path: Path, fault: Fault) -> None:
    """One endpoint, one key: every chapter is read, `status` says what waits and why, `resume` takes it up."""
    script = Script(image=(fault,) * MANY, key=KEY)
    with scripted(script) as server, running(server, tmp_path, workers__max_concurrency=2) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: len(records(daemon, "scenes")) == CHAPTERS, "every chapter is read")
        daemon.wait_for(lambda: bool(daemon.status()["pauses"]), "pictures are paused")
        daemon.wait_for(lambda: server.counts.at_once == 0, "no call is under way, whose refusal would pause again")
        status, asked = daemon.status(), server.counts.requests["image"]
        server.script = Script(key=KEY)
        daemon.call("resume")
        daemon.wait_for_phases("done")
        after, tries = daemon.status(), attempts(daemon)

    (pause,) = cast(list[Row], status["pauses"])
    assert "drawing pictures is paused, reading chapters continues" in str(pause["text"])
    assert "painter-1" in str(pause["text"]) and fault.message in str(pause["text"])
    assert status["state"] == "running"
    assert asked <= 2  # a worker each
    assert server.counts.requests["text"] == CHAPTERS
    assert server.counts.requests["image"] <= CHAPTERS + asked
    assert (after["pauses"], tries) == ([], [0] * CHAPTERS)


def test_an_empty_account_stops_both(book: Path, tmp_path: Path) -> None:
    """Money is the account's: nothing more is asked of it for texts either."""
    with (
        scripted(Script(image=(EMPTY,) * MANY, key=KEY)) as server,
        running(server, tmp_path, workers__max_concurrency=1) as daemon,
    ):
        daemon.drop(book)
        daemon.wait_for(lambda: bool(daemon.events("provider_paused")), "the account is empty")
        daemon.wait_for(lambda: daemon.status()["state"] == "paused", "all work waits")
        before, status = dict(server.counts.requests), daemon.status()
        server.script = Script(key=KEY)
        daemon.call("resume")
        daemon.wait_for_phases("done")

    (pause,) = cast(list[Row], status["pauses"])
    assert "continues" not in str(pause["text"])
    assert before["image"] == 1
    assert server.counts.requests["text"] == CHAPTERS

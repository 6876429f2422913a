"""What `illustrate` waits for: until somebody has looked into the inbox a file is not given up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from imaginized.cli.errand import UNSEEN_SECONDS, UNTAKEN_SECONDS, Errand, Session
from imaginized.clock import ManualClock
from imaginized.control.client import Client
from imaginized.inbox.dropping import NOTHING
from tests.support.clients import daemon_telling

LOOKED: dict[str, object] = {"blocked": [], "waiting": []}


class Given:
    """A file given to a daemon that tells what a test wants, at a clock that the test moves."""

    def __init__(self, folder: Path, client: Client, status: dict[str, object]) -> None:
        self.status, self.clock, self.said = status, ManualClock(), list[str]()
        names = {name: folder / name for name in ("inbox", "library", "socket", "log")}
        names["inbox"].mkdir()
        self.inbox = names["inbox"]
        self.errand = Errand(Session(client=client, **names), say=self.said.append, approve_usd=None, clock=self.clock)
        (folder / "book.epub").write_bytes(b"a book")
        self.errand.take(folder / "book.epub", digest="ab" * 32, asked=NOTHING)

    def is_over_after(self, seconds: float, *, inbox: dict[str, object]) -> bool:
        """Whether it is given up so much later, with the inbox as the daemon has it then."""
        self.clock.advance(seconds)
        self.status["inbox"] = inbox
        self.errand.ask()
        return self.errand.is_over([])


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    status: dict[str, object] = {
        "state": "running", "inbox": {}, "workers": [], "books": [], "breaker": "closed", "pauses": [], "paused": {},
    }  # fmt: skip
    path = tmp_path / "s"
    with daemon_telling(path, status), Client(path) as client:
        yield Given(tmp_path, client, status)


def test_a_file_is_not_given_up_before_anybody_has_looked_for_it(given: Given) -> None:
    """A daemon of a busy machine takes long to start its intake."""
    assert not given.is_over_after(UNTAKEN_SECONDS + 1, inbox={})
    assert not given.is_over_after(UNSEEN_SECONDS - UNTAKEN_SECONDS - 2, inbox={})
    assert given.is_over_after(2, inbox={})
    assert "was not taken" in given.errand.outcomes()[0].reason


def test_a_file_has_its_whole_time_from_the_first_look_at_the_inbox(given: Given) -> None:
    """However long that took, and no longer."""
    assert not given.is_over_after(UNSEEN_SECONDS - 1, inbox=LOOKED)
    assert not given.is_over_after(UNTAKEN_SECONDS - 1, inbox=LOOKED)
    assert given.is_over_after(2, inbox=LOOKED)


def test_a_file_that_waits_is_never_given_up(given: Given) -> None:
    """The inbox says itself that it has seen it, and why it lies there."""
    waiting = {**LOOKED, "waiting": [{"name": "book.epub"}]}

    assert not given.is_over_after(UNSEEN_SECONDS, inbox=waiting)
    assert not given.is_over_after(10 * UNSEEN_SECONDS, inbox=waiting)
    assert not given.said


def test_a_file_that_is_gone_from_the_inbox_is_no_longer_waited_for_there(given: Given) -> None:
    """Neither a book nor a note came of it."""
    for file in given.inbox.iterdir():
        file.unlink()

    assert given.is_over_after(1, inbox=LOOKED)
    assert "neither in the inbox nor in the library" in given.errand.outcomes()[0].reason

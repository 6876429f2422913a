"""The reaper: whose claims are freed, when, with which reason, and what is left alone."""

import errno
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import structlog

from imaginized.clock import ManualClock
from imaginized.daemon.reaper import Reaper
from imaginized.logs.log import configure_logs, get_log
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Claim, Entry, Manifest, Status
from imaginized.queue.plan import live_claims
from imaginized.queue.transitions import claim
from imaginized.store.library import Library
from imaginized.store.locking import locked
from imaginized.store.owners import Owner, current_owner
from tests.support.manifests import make_claim, merged_book, split_book

BOOK = "a-book"
STALE_SECONDS = 600.0
LIMIT = 3
FOREIGN = "worker-1@elsewhere.example:4711:815"
BOOT = "11111111-2222-3333-4444-555555555555/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A library with one book of three chapters, its reaper, and what that logs."""

    library: Library
    clock: ManualClock
    reaper: Reaper
    log: StringIO

    def take(self, claim_id: str, *, owner: str, boot: str = BOOT) -> Claim:
        by = make_claim(claim_id, owner=owner, boot=boot)
        self.library.update(BOOK, partial(claim, by=by, now=self.clock.now()))
        return by

    def chapter(self, number: int = 3) -> Entry:
        return self.library.read(BOOK).chapters[number]

    def live(self) -> set[str]:
        return {entry.claim.claim_id for _, entry in live_claims(self.library.read(BOOK)) if entry.claim}

    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    log, clock = StringIO(), ManualClock()
    configure_logs("debug", format="json", stream=log)
    yield make_place(tmp_path, split_book(1, 2, 3), clock=clock, log=log)
    structlog.reset_defaults()


def make_place(root: Path, book: Manifest, *, clock: ManualClock, log: StringIO) -> Place:
    library = Library(root, clock=clock)
    add_book(library, BOOK, book)
    return Place(library=library, clock=clock, reaper=make_reaper(library, clock), log=log)


def make_reaper(library: Library, clock: ManualClock) -> Reaper:
    return Reaper(library, clock=clock, stale_after_seconds=STALE_SECONDS, max_attempts=LIMIT, log=get_log())


def add_book(library: Library, name: str, book: Manifest) -> None:
    library.files(name).root.mkdir()
    library.files(name).manifest.write_bytes(encode(replace(book, book_id=name)))


def dead_owner() -> Owner:
    """A process of this machine that is gone."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        return current_owner("worker-1", pid=process.pid)


def own() -> Owner:
    return current_owner("worker-1", pid=os.getpid())


def test_a_collected_child_frees_its_claims_at_once(place: Place) -> None:
    """F18: The claims of a child that was collected are free at the next look, with how it ended."""
    place.take("c1", owner="worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "worker-1 was killed by SIGKILL")

    assert place.reaper.reap() == [BOOK]
    assert (place.chapter().status, place.chapter().error) == (Status.PENDING, "worker-1 was killed by SIGKILL")
    assert (place.chapter().attempt, place.chapter().retry_count) == (1, 1)


def test_a_child_that_was_stopped_costs_no_attempt(place: Place) -> None:
    """F32: Whom the daemon itself ended because it stops gives its claims back as they were."""
    place.take("c1", owner="worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "worker-1 did not drain in time", was_stopped=True)

    assert place.reaper.reap() == [BOOK]
    assert (place.chapter().status, place.chapter().error) == (Status.PENDING, None)
    assert (place.chapter().attempt, place.chapter().retry_count) == (1, 0)


def test_a_dead_process_frees_its_claims_at_once(place: Place) -> None:
    """F25: Claims of an earlier daemon's processes, which are proven dead, are free at the first look."""
    owner = dead_owner()
    place.take("c1", owner=str(owner), boot=owner.boot)

    assert place.reaper.reap() == [BOOK]
    assert place.chapter().error == f"{owner} ended without a message"


def test_a_living_process_keeps_its_claims(place: Place) -> None:
    """A claim whose owner lives is never freed here, however old it is: that is for the deadline."""
    place.take("c1", owner=str(own()), boot=own().boot)
    for _ in range(3):
        assert place.reaper.reap() == []
        place.clock.advance(10 * STALE_SECONDS)

    assert place.live() == {"c1"}


def test_a_foreign_claim_is_freed_when_it_is_stale(place: Place) -> None:
    """A claim that cannot be checked is freed once it was seen for longer than `stale_after_seconds`."""
    place.take("c1", owner=FOREIGN)
    assert place.reaper.reap() == []
    place.clock.advance(STALE_SECONDS)
    assert place.reaper.reap() == []
    place.clock.advance(1.0)

    assert place.reaper.reap() == [BOOK]
    assert place.chapter().error == f"{FOREIGN} cannot be asked and was silent for 601 s"


def test_a_claim_of_nobody_is_freed_when_it_is_stale(place: Place) -> None:
    """Two chapters that another program claimed without ids are freed in the end, each by its own age."""
    for number in (1, 2):
        path = place.library.files(BOOK).manifest
        book = json.loads(path.read_bytes())
        moment = f"2026-01-01T00:0{number}:00.000Z"
        book["chapters"][str(number)] |= {"status": "in_progress", "claimedBy": "someone", "claimedAt": moment}
        path.write_bytes(json.dumps(book).encode())
        place.reaper.reap()
        place.clock.advance(STALE_SECONDS - 100)
    place.reaper.reap()

    assert [place.chapter(n).status for n in (1, 2)] == [Status.PENDING, Status.IN_PROGRESS]


def test_an_unknown_exit_frees_nobodys_claims(place: Place) -> None:
    """The exit of a child whose owner was never learned says nothing about claims without an owner."""
    place.take("c1", owner="")
    place.reaper.note_exit("", "worker-1 exited with 1")

    assert place.reaper.reap() == []
    assert place.live() == {"c1"}


@pytest.mark.parametrize("hours", [-8, -2, 2, 8])
def test_f27_a_clock_step_or_a_suspend_ends_no_claim(place: Place, hours: int) -> None:
    """A wall clock that is set back or forward, or was ahead on waking up, frees nothing and keeps nothing for ever."""
    place.take("c1", owner=FOREIGN)
    place.take("c2", owner=str(own()), boot=own().boot)
    place.reaper.reap()
    place.clock.step(hours * 3600)
    assert place.reaper.reap() == []
    assert place.live() == {"c1", "c2"}
    place.clock.advance(STALE_SECONDS + 1)
    place.reaper.reap()

    assert place.live() == {"c2"}


def test_a_new_claim_starts_a_new_age(place: Place) -> None:
    """The age of a claim is its own, not that of the claim before it."""
    place.take("c1", owner=FOREIGN)
    place.reaper.reap()
    place.clock.advance(STALE_SECONDS + 1)
    place.reaper.reap()
    place.take("c2", owner=FOREIGN)

    assert place.reaper.reap() == []
    assert place.live() == {"c2"}


def test_a_chapter_that_kills_its_workers_fails(place: Place) -> None:
    """F20: After three claims that ended in death the chapter fails with the signal named; the others go on."""
    for number in range(LIMIT):
        place.take(f"c{number}", owner=f"worker-1@here:{number}:1")
        place.reaper.note_exit(f"worker-1@here:{number}:1", f"worker-1 was killed by {signal.SIGSEGV.name}")
        place.reaper.reap()

    assert (place.chapter().status, place.chapter().retry_count) == (Status.FAILED, LIMIT)
    assert place.chapter().error == "worker-1 was killed by SIGSEGV"
    assert [place.chapter(n).status for n in (1, 2)] == [Status.PENDING, Status.PENDING]


def test_what_is_freed_is_logged_once(place: Place) -> None:
    """Each freed claim is one event with its chapter and reason; claims that stay are none."""
    place.take("c1", owner="worker-1@here:1:1")
    place.take("c2", owner=str(own()), boot=own().boot)
    place.reaper.note_exit("worker-1@here:1:1", "gone")
    place.reaper.reap()
    place.reaper.reap()

    events = [{key: event[key] for key in ("event", "book", "chapter", "stage", "reason")} for event in place.events()]
    assert events == [{"event": "claim_reaped", "book": BOOK, "chapter": 3, "stage": "analyze", "reason": "gone"}]


def test_staged_files_go_with_their_claim(place: Place) -> None:
    """What a dead owner had staged is removed when its claim is freed, what a living one has is kept."""
    place.take("c1", owner="worker-1@here:1:1")
    place.take("c2", owner=str(own()), boot=own().boot)
    files = place.library.files(BOOK)
    fences = [place.chapter(n).fence for n in (3, 2)]
    gone, kept = (files.stage(files.scenes(1), b"x", fence=fence) for fence in fences if fence)
    place.reaper.note_exit("worker-1@here:1:1", "gone")
    place.reaper.reap()
    place.reaper.tidy(seconds=1)

    assert (gone.staged.exists(), kept.staged.exists()) == (False, True)


def test_strays_go_at_the_first_look(place: Place) -> None:
    """A new daemon finds what killed ones left, also in books where nothing is claimed any more."""
    stray = place.library.files(BOOK).root / ".imaginize.manifest.json.1.2.tmp"
    stray.touch()
    place.reaper.tidy(seconds=1)

    assert not stray.exists()


def test_many_books_are_tidied_a_few_at_a_time(place: Place) -> None:
    """However many books there are, clients wait for no more than the time given, and the next call goes on."""
    for number in range(2):
        add_book(place.library, f"b-book-{number}", merged_book(1))
    strays = [place.library.files(book).root / ".x.1.2.tmp" for book in place.library.books()]
    for stray in strays:
        stray.touch()
    tidied = []
    for _ in range(4):
        tidied.append((place.reaper.tidy(seconds=0), [stray.exists() for stray in strays].count(True)))

    assert tidied == [(False, 2), (False, 1), (True, 0), (True, 0)]


def test_strays_go_with_any_process_that_ends(place: Place) -> None:
    """What a process left that was killed after its commit, when it held no claim any more, goes at its exit."""
    place.reaper.tidy(seconds=1)
    stray = place.library.files(BOOK).root / ".progress.md.1.2.tmp"
    stray.touch()
    place.reaper.note_exit("worker-1@here:1:1", "worker-1 was killed by SIGKILL")
    with locked(place.library.files(BOOK).lock, wait_seconds=0):
        assert not place.reaper.tidy(seconds=1)
    assert place.reaper.tidy(seconds=1)

    assert not stray.exists()


def test_a_busy_book_is_looked_at_later(place: Place) -> None:
    """The reaper waits for no lock: it names the book as not looked at yet, and frees the claim the next time."""
    place.take("c1", owner="worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "gone")
    with locked(place.library.files(BOOK).lock, wait_seconds=0):
        assert BOOK in place.reaper.reap()
        assert place.live() == {"c1"}

    assert place.reaper.reap() == [BOOK]
    assert place.live() == set()


def test_a_corrupt_book_holds_up_no_other(place: Place) -> None:
    """F28: A manifest that cannot be read is passed over and left as it is; claims in other books are freed."""
    add_book(place.library, "a-bad-book", merged_book(1))
    bad = place.library.files("a-bad-book").manifest
    bad.write_bytes(b"{")
    place.take("c1", owner="worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "gone")

    assert place.reaper.reap() == [BOOK]
    assert bad.read_bytes() == b"{"


def test_a_full_disk_does_not_end_the_daemon(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that cannot be freed because the disk is full is freed once there is room."""
    place.take("c1", owner="worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "gone")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        assert place.reaper.reap() == [BOOK]
    assert [event["event"] for event in place.events()] == ["error_caught"]
    assert place.live() == {"c1"}

    assert place.reaper.reap() == [BOOK]
    assert place.live() == set()


def seed_claims(place: Place, number: int, *, owner: str = "12345", status: str = "claimed") -> None:
    """What a program that knows only imaginize's manifest writes when it takes a chapter."""
    path = place.library.files(BOOK).manifest
    book = json.loads(path.read_bytes())
    moment = "2026-01-01T00:01:00.000Z"
    book["chapters"][str(number)] |= {"status": status, "claimedBy": owner, "claimedAt": moment}
    path.write_bytes(json.dumps(book).encode())


@pytest.mark.parametrize("status", ["claimed", "in_progress"])
@pytest.mark.parametrize("owner", ["12345", "process-12345"])
def test_a_seeds_claim_is_respected_until_it_is_stale(place: Place, status: str, owner: str) -> None:
    """A bare process id tells neither its host nor its boot: such a claim is freed by age alone."""
    seed_claims(place, 3, owner=owner, status=status)
    assert place.reaper.reap() == []
    place.clock.advance(STALE_SECONDS + 1)

    assert place.reaper.reap() == [BOOK]
    assert (place.chapter().status, place.live()) == (Status.PENDING, set())


def test_a_pruned_owner_leaves_no_chapter_in_progress(place: Place) -> None:
    """An owner of whom nothing is left to check, neither exit nor boot, is silent for so long, and then over."""
    place.take("c1", owner="worker-1@here:1:1", boot="")
    place.reaper.note_start("worker-1@here:1:1")
    place.reaper.note_exit("worker-1@here:1:1", "worker-1 was killed by SIGKILL")
    path = place.library.files(BOOK).manifest
    whole = path.read_bytes()
    path.write_bytes(b"{")
    place.reaper.reap()  # the claim is out of sight, and with it goes what was known of its owner
    path.write_bytes(whole)
    assert place.reaper.reap() == []
    place.clock.advance(STALE_SECONDS + 1)

    assert place.reaper.reap() == [BOOK]
    assert place.live() == set()


def test_a_worker_that_returns_in_the_same_slot_keeps_nothing_of_the_one_before(place: Place) -> None:
    """Neither its slot's name nor its process id makes a new worker the owner of what the one before had claimed."""
    before = replace(own(), start=own().start - 1)
    place.take("c1", owner=str(before), boot=before.boot)
    place.reaper.note_start(str(own()))
    place.take("c2", owner=str(own()), boot=own().boot)

    assert place.reaper.reap() == [BOOK]
    assert place.live() == {"c2"}


def test_a_foreign_folder_is_not_reaped(place: Place) -> None:
    """What another program claims in a folder that it made itself stays as it is, however old."""
    path = place.library.files(BOOK).manifest
    book = json.loads(path.read_bytes()) | {"originalName": None}
    path.write_bytes(json.dumps(book).encode())
    seed_claims(place, 3)
    before = path.read_bytes()
    place.reaper.reap()
    place.clock.advance(STALE_SECONDS + 1)
    place.reaper.reap()

    assert path.read_bytes() == before

"""A worker's loop, in this process."""

import io
import os
import platform
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Retryable
from imaginized.inbox.admission import admit
from imaginized.inbox.folder import look
from imaginized.process.channel import Orders, channel_pair, send
from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.change import Change
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.settings.file import load_settings
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.work.task import perform
from imaginized.work.worker import IDLE_SECONDS, NO_BOOK_SECONDS, claim_next, work
from tests.support.crash_steps import Place, StubProvider, Undisturbed, prepare, take_in, workshop
from tests.support.epubs import make_epub
from tests.support.large_library import fill, finished_book

FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("limit", [{"workers.recycle_after_tasks": 1}, {"workers.recycle_above_bytes": 1_000_000}])
def test_a_worker_makes_room_for_a_new_one(tmp_path: Path, limit: dict[str, object]) -> None:
    """After so many tasks, and after any if it takes too much memory, a worker ends by itself between two tasks."""
    place = prepare(tmp_path / "place", book=make_epub(tmp_path / "book.epub", chapters=1, paragraphs=1))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    paths = {"paths.inbox": place.inbox, "paths.library": place.library}
    settings = load_settings(None, environment={"HOME": str(tmp_path)}, overrides={**paths, **limit})
    ours, theirs = channel_pair()
    with ours, theirs:
        work(workshop(settings, library, end=theirs))
    (book,) = library.books()
    manifest = library.read(book)

    assert [step.status for step in manifest.steps.values()] == [Status.COMPLETED, Status.PENDING, Status.PENDING]
    assert [entry.attempt for entry in manifest.chapters.values()] == [0]


class RefusingProvider(StubProvider):
    """Asks whether its worker still has an order to resume, and turns every chapter away."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self.found: list[bool] = []

    def write(self, request: TextRequest) -> TextReply:
        self.found.append(self._orders.take("resume"))
        raise Retryable(f"chapter {request.chapter.number}: not now", after_seconds=0.0)


def test_an_old_order_to_resume_ends_no_later_wait(tmp_path: Path) -> None:
    """Who resumed an hour ago has not said that an endpoint which refuses now may be asked again at once."""
    place = prepare(tmp_path / "place", book=make_epub(tmp_path / "book.epub", chapters=1, paragraphs=1))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    orders = Undisturbed()
    refusing = RefusingProvider(orders)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = replace(workshop(place.settings(), library, end=theirs), orders=orders, text=refusing)
        while not refusing.found and (held := claim_next(shop)) is not None:
            orders._heard.add("resume")  # before the task, by whoever it was for
            perform(shop, held)

    assert refusing.found == [False]


def test_a_folder_of_slow_files_leaves_workers_for_the_drawing(tmp_path: Path) -> None:
    """While half of the workers read books, the others take chapters, of younger books, too; then all read."""
    slow, drawn, other = (make_epub(tmp_path / f"{n}.epub", chapters=n, paragraphs=1) for n in (1, 2, 3))
    place = prepare(tmp_path / "place", book=slow)
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    paths = {"paths.inbox": place.inbox, "paths.library": place.library, "workers.max_concurrency": 2}
    settings = load_settings(None, environment={"HOME": str(tmp_path)}, overrides=paths)
    ours, theirs = channel_pair()
    with ours, theirs:
        reader, drawer = (
            workshop(settings, library, end=theirs, owner=current_owner(f"worker-{n}", pid=os.getpid())) for n in (1, 2)
        )
        reading = claim_next(reader)
        shutil.copyfile(drawn, place.inbox / "drawn.epub")
        take_in(place, library)
        split = claim_next(drawer)
        assert split is not None
        perform(drawer, split)
        shutil.copyfile(other, place.inbox / "other.epub")
        sighting = next(iter(look(place.inbox).sightings))
        long_ago = SystemClock().now() - timedelta(days=1)
        admit(place.inbox / sighting.key, sighting=sighting, library=library, inbox=place.inbox, now=long_ago)
        held = claim_next(drawer)

    assert reading is not None
    assert (reading.task.stage, split.task.stage) == (Stage.SPLIT, Stage.SPLIT)
    assert held is not None
    assert held.book == split.book
    assert held.task.chapter is not None


class OrderedToDrain(Undisturbed):
    """Hears at once what was sent, without a thread."""

    def __init__(self, end: socket.socket) -> None:
        super().__init__()
        self._end, self._ear = end, threading.Lock()

    def hear(self) -> bool:
        return Orders.hear(self)


class Patience(threading.Event):
    """Notes for how long somebody would wait, and has him end then."""

    def __init__(self, orders: "Undisturbed") -> None:
        super().__init__()
        self.seconds: list[float] = []
        self._orders = orders

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0.0)
        self._orders._heard.add("drain")
        return True


@pytest.mark.parametrize(("until", "seconds"), [(None, NO_BOOK_SECONDS), (FAR, IDLE_SECONDS)])
def test_books_that_wait_for_a_person_are_looked_at_seldom(
    tmp_path: Path, until: datetime | None, seconds: float
) -> None:
    """Who answers for one wakes a worker; one that waits for a time is looked at for that."""
    with redirect_stdout(io.StringIO()):  # its log
        model = finished_book(tmp_path / "model")
    books = fill(tmp_path / "library", model=model, count=2, held=2)
    library = Library(tmp_path / "library", clock=SystemClock())

    def delay(manifest: Manifest) -> Manifest:
        assert manifest.hold is not None
        return replace(manifest, hold=replace(manifest.hold, until=until))

    library.update(books[1], lambda manifest: Change(delay(manifest)))
    orders = Undisturbed()
    orders.wake = patience = Patience(orders)
    ours, theirs = channel_pair()
    with ours, theirs:
        work(replace(workshop(Place(root=tmp_path).settings(), library, end=theirs), orders=orders))

    assert patience.seconds == [seconds]


# How many pages are given back of 12 MB that are free but for the very last of them.
LITTER = """
from pathlib import Path
from imaginized.process.memory import give_back

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

kept = [bytes(600) for _ in range(20_000)]
last = kept[-1]
del kept
before = pages()
give_back()
print(before - pages())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library gives it back by itself, or cannot")
def test_what_a_task_left_free_is_given_back() -> None:
    """Below something that is still in use, too: by itself glibc would keep it for good."""
    told = subprocess.run([sys.executable, "-c", LITTER], capture_output=True, text=True, check=True, timeout=60)

    assert int(told.stdout) > 2_000


class DrainingLibrary(Library):
    """The supervisor orders to drain after the look at a book and before its lock is there."""

    def __init__(self, root: Path, *, ours: socket.socket) -> None:
        super().__init__(root, clock=SystemClock())
        self._ours = ours

    def update(self, *arguments: Any, **options: Any) -> Manifest:
        send(self._ours, {"order": "wake"})
        send(self._ours, {"order": "drain"})
        return super().update(*arguments, **options)


def test_f32_a_drain_between_the_look_and_the_claim_claims_nothing(tmp_path: Path) -> None:
    """Under the lock the worker looks at its orders once more: nothing is claimed only to be given back."""
    place = prepare(tmp_path / "place", book=make_epub(tmp_path / "book.epub", chapters=1, paragraphs=1))
    take_in(place, Library(place.library, clock=SystemClock()))
    ours, theirs = channel_pair()
    with ours, theirs:
        library = DrainingLibrary(place.library, ours=ours)
        shop = replace(workshop(place.settings(), library, end=theirs), orders=OrderedToDrain(theirs))
        held = claim_next(shop)
    (book,) = library.books()
    step = library.read(book).steps[Stage.SPLIT]

    assert held is None
    assert (step.status, step.attempt) == (Status.PENDING, 0)

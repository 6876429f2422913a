"""The next task of a book is claimed in the update that ends the one before: fewer syncs, and nothing else is new."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.daemon.reaper import Reaper
from imaginized.logs.log import get_log
from imaginized.process.channel import channel_pair
from imaginized.process.fault_points import arm
from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.queue.plan import Phase, phase
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.work.task import perform
from imaginized.work.worker import claim_next, perform_and_claim
from imaginized.work.workshop import Held, Workshop
from tests.support.crash_steps import (
    Place,
    Shim,
    StubProvider,
    Undisturbed,
    dead_owner,
    prepare,
    take_in,
    workshop,
)
from tests.support.epubs import make_epub

CHAPTERS = 3


class Ordered(Undisturbed):
    """Is told to drain once its test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.is_told = False

    @property
    def is_draining(self) -> bool:
        return self.is_told


class Told(StubProvider):
    """Has its worker told to drain while it reads."""

    def __init__(self, orders: Ordered) -> None:
        self._orders = orders

    def write(self, request: TextRequest) -> TextReply:
        self._orders.is_told = True
        return super().write(request)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return prepare(tmp_path / "place", book=make_epub(tmp_path / "book.epub", chapters=CHAPTERS, paragraphs=1))


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm("")


@contextmanager
def worker(place: Place, *, is_dead: bool = False) -> Iterator[Workshop]:
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    owner = dead_owner() if is_dead else current_owner("worker-1", pid=os.getpid())
    ours, theirs = channel_pair()
    with ours, theirs:
        yield workshop(place.settings(), library, end=theirs, owner=owner)


def split(shop: Workshop) -> Held:
    """Perform the first task; the next one, which came with its end."""
    first = claim_next(shop)
    assert first is not None and first.task.stage is Stage.SPLIT
    held = perform_and_claim(shop, first)
    assert held is not None
    return held


def of(shop: Workshop) -> Manifest:
    (book,) = shop.library.books()
    return shop.library.read(book)


def in_work(manifest: Manifest) -> list[int]:
    return [number for number, entry in manifest.chapters.items() if entry.is_live]


def test_a_book_is_done_by_one_claim_that_nothing_ended_before(place: Place) -> None:
    """All tasks but the first are claimed with the end of another, and each is claimed once."""
    claimed = 0
    with worker(place) as shop:
        held = claim_next(shop)
        while held is not None:
            held = perform_and_claim(shop, held)
            claimed += held is not None
        manifest = of(shop)

    stages = len(manifest.chapter_stages)
    assert phase(manifest) is Phase.DONE
    assert [entry.retry_count for entry in manifest.chapters.values()] == [0] * CHAPTERS
    assert claimed == len(manifest.steps) - 1 + sum(entry.attempt for entry in manifest.chapters.values())
    assert max(entry.attempt for entry in manifest.chapters.values()) <= stages


def test_an_end_and_a_claim_are_one_write_of_the_manifest(tmp_path: Path) -> None:
    """Each replaces it by a rename, after a sync."""
    counts = []
    for name in ("apart", "joined"):
        (tmp_path / name).mkdir()
        book = make_epub(tmp_path / name / "book.epub", chapters=CHAPTERS, paragraphs=1)
        with worker(prepare(tmp_path / name / "place", book=book)) as shop:
            shim, held = Shim(), claim_next(shop)
            with shim.installed():
                while held is not None:
                    if name == "joined":
                        held = perform_and_claim(shop, held)
                    else:
                        perform(shop, held)
                        held = claim_next(shop)
            manifest = of(shop)
            tasks = len(manifest.steps) + sum(entry.attempt for entry in manifest.chapters.values())
        counts.append((tasks, shim.seen.count("fdatasync"), shim.seen.count("rename")))
    (tasks, *apart), (same, *joined) = counts

    assert tasks == same
    assert [before - after for before, after in zip(apart, joined, strict=True)] == [tasks - 1, tasks - 1]


def test_killed_right_after_the_update_the_end_stands_and_the_claim_is_given_back(place: Place) -> None:
    """Like any claim of a worker that is dead; what was ended is not done again."""
    with worker(place, is_dead=True) as shop:
        split(shop)
        library, before = shop.library, of(shop)
        Reaper(library, clock=SystemClock(), stale_after_seconds=600.0, max_attempts=3, log=get_log()).reap()
        after = of(shop)

    assert before.steps[Stage.SPLIT].status is Status.COMPLETED
    assert (len(in_work(before)), in_work(after)) == (1, [])
    assert after.steps[Stage.SPLIT] == before.steps[Stage.SPLIT]
    assert {entry.status for entry in after.chapters.values()} == {Status.PENDING}


def test_a_claim_whose_worker_fails_before_it_is_freed_by_its_next_look(place: Place) -> None:
    """Whatever goes wrong between the update and the next task."""
    with worker(place) as shop:
        first = claim_next(shop)
        assert first is not None
        arm("task_committed:raise")
        held = perform_and_claim(shop, first)
        arm("")

        assert held is not None and in_work(of(shop)) == [held.task.chapter]
        while held is not None:
            held = perform_and_claim(shop, held) or claim_next(shop)
        assert phase(of(shop)) is Phase.DONE


def test_f32_a_drain_leaves_no_claim(place: Place) -> None:
    """Told before the end, nothing is claimed with it; told after it, the claim is given back at no cost."""
    orders = Ordered()
    with worker(place) as shop:
        shop = replace(shop, orders=orders)
        held = split(shop)
        orders.is_told = True
        given_back = perform_and_claim(shop, held)
        released = of(shop)
        orders.is_told = False
        held = claim_next(shop)
        assert held is not None
        last = perform_and_claim(replace(shop, text=Told(orders)), held)
        ended = of(shop)

    assert (given_back, last) == (None, None)
    for manifest in (released, ended):
        assert in_work(manifest) == []
        assert [entry.retry_count for entry in manifest.chapters.values()] == [0] * CHAPTERS


def test_nothing_is_claimed_with_the_end_of_a_workers_last_task(place: Place) -> None:
    with worker(place) as shop:
        first = claim_next(shop)
        assert first is not None

        assert perform_and_claim(shop, first, is_last=lambda: True) is None
        assert in_work(of(shop)) == []


def test_nothing_is_claimed_while_the_library_is_paused(place: Place) -> None:
    with worker(place) as shop:
        held = split(shop)
        shop.pause.begin(now=shop.clock.now())
        after = perform_and_claim(shop, held)

        assert after is None
        assert in_work(of(shop)) == []


def test_an_older_book_goes_first(place: Place, tmp_path: Path) -> None:
    """Its retried chapter is not passed over for the book that a worker is at."""
    shutil.copyfile(make_epub(tmp_path / "other.epub", chapters=2, paragraphs=1), place.inbox / "other.epub")
    with worker(place) as shop:
        old, young = list(shop.library.open_books())
        held = claim_next(shop)
        assert held is not None and held.book == old
        aside = replace(shop, owner=current_owner("worker-2", pid=os.getpid()))
        other = claim_next(aside)  # the older one has nothing more to do now
        assert other is not None and other.book == young
        perform(shop, held)
        after = perform_and_claim(aside, other)
        again = claim_next(aside)

    assert after is None
    assert again is not None and again.book == old

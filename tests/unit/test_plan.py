"""Reading a manifest: what may be claimed, in which order, behind which barrier, and what follows from it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from imaginized.queue.claimable import ADAPTIVE, FREE, PAID, Pacing, claimable
from imaginized.queue.manifest import Manifest, Stage, Status, Task
from imaginized.queue.plan import ENDED, Phase, failed_chapters, held_by, live_claims, next_stage, phase, progress
from imaginized.reasons import Code, Reason
from tests.support.applied import claim
from tests.support.manifests import (
    EPOCH,
    admitted_book,
    done_book,
    make_claim,
    merged_book,
    split_book,
    with_chapter,
    with_step,
)

COMPLETED = {"status": Status.COMPLETED, "completed_at": EPOCH}
ANALYZED = {"stage": Stage.ILLUSTRATE, "analyzed_at": EPOCH}
FAILED = {"status": Status.FAILED, "failed_at": EPOCH, "reason": Reason(Code.CRASHED, "why")}
WORKING = {"status": Status.IN_PROGRESS, "claim": make_claim()}


def chapters_claimable(book: Manifest, *, pacing: Pacing = ADAPTIVE, now: datetime = EPOCH) -> list[int | None]:
    return [task.chapter for task in claimable(book, now=now, pacing=pacing)]


def with_all(book: Manifest, **changes: object) -> Manifest:
    for number in book.chapters:
        book = with_chapter(book, number, **changes)
    return book


def test_a_new_book_is_split_first() -> None:
    """Nothing but the split can be claimed before it is completed."""
    assert claimable(admitted_book(), now=EPOCH) == [Task(stage=Stage.SPLIT)]


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.FAILED])
def test_a_split_under_way_or_failed_leaves_nothing(status: Status) -> None:
    """While the split is in work or after it failed there is nothing to claim."""
    assert claimable(with_step(admitted_book(), Stage.SPLIT, status=status), now=EPOCH) == []


def test_the_longest_chapter_comes_first() -> None:
    """Chapters are offered by length, longest first, and in reading order where equal."""
    assert chapters_claimable(split_book(10, 30, 20, 30)) == [2, 4, 3, 1]


def test_only_waiting_chapters_are_offered() -> None:
    """A chapter in work, failed or analyzed already is not offered while others are analyzed."""
    book = with_chapter(with_chapter(split_book(1, 2, 3, 4), 1, **WORKING), 2, **FAILED)

    assert chapters_claimable(with_chapter(book, 3, **ANALYZED)) == [4]


def test_merge_waits_for_every_chapter() -> None:
    """The merge is offered once every chapter is analyzed or has failed, and not a moment earlier."""
    book = with_chapter(with_chapter(split_book(1, 2, 3), 1, **ANALYZED), 2, **FAILED)

    assert claimable(with_chapter(book, 3, **WORKING), now=EPOCH) == []
    assert claimable(with_chapter(book, 3, **ANALYZED), now=EPOCH) == [Task(stage=Stage.MERGE)]


def test_illustrating_waits_for_the_merge() -> None:
    """Analyzed chapters are offered only after the merge, because they are drawn from it."""
    book = with_all(split_book(1, 2), **ANALYZED)

    assert claimable(with_step(book, Stage.MERGE, status=Status.IN_PROGRESS), now=EPOCH) == []
    assert claimable(with_step(book, Stage.MERGE), now=EPOCH) == [
        Task(stage=Stage.ILLUSTRATE, chapter=2),
        Task(stage=Stage.ILLUSTRATE, chapter=1),
    ]


def test_compiling_waits_for_every_chapter() -> None:
    """The guide is compiled once every chapter is completed or has failed."""
    book = with_chapter(with_chapter(merged_book(1, 2), 1, **COMPLETED), 2, **WORKING)

    assert claimable(book, now=EPOCH) == []
    assert claimable(with_chapter(book, 2, **FAILED), now=EPOCH) == [Task(stage=Stage.COMPILE)]


def test_a_done_book_offers_nothing() -> None:
    """After the guide is compiled there is nothing left to claim."""
    assert claimable(done_book(1, 2), now=EPOCH) == []


def test_a_book_without_images_needs_no_second_stage() -> None:
    """Where chapters are only analyzed, the merge and the guide follow directly."""
    book = with_all(split_book(1, stages=(Stage.ANALYZE,)), **COMPLETED)

    assert claimable(book, now=EPOCH) == [Task(stage=Stage.MERGE)]
    assert claimable(with_step(book, Stage.MERGE), now=EPOCH) == [Task(stage=Stage.COMPILE)]


def test_a_chapter_behind_the_merge_still_gets_its_turn() -> None:
    """A chapter that waits to be analyzed in a merged book, whoever put it so, is analyzed first."""
    book = with_chapter(merged_book(1, 2), 2, stage=Stage.ANALYZE)

    assert claimable(book, now=EPOCH) == [Task(stage=Stage.ANALYZE, chapter=2)]


def test_adaptive_has_no_barrier() -> None:
    """With adaptive pacing, every waiting chapter is offered at once."""
    assert len(chapters_claimable(split_book(*range(1, 31)))) == 30


def test_nothing_behind_the_barrier_is_offered() -> None:
    """Only the first batch that has not ended is offered, however long the chapters behind it are."""
    book = split_book(1, 2, 3, 4, 5, 99)

    assert chapters_claimable(book, pacing=Pacing(batch_size=3)) == [3, 2, 1]


def test_a_batch_ends_with_its_last_chapter() -> None:
    """One chapter in work keeps the whole next batch behind the barrier."""
    book = with_chapter(with_all(split_book(1, 2, 3, 4), **ANALYZED), 2, **{**WORKING, "stage": Stage.ANALYZE})
    book = with_chapter(with_chapter(book, 3, stage=Stage.ANALYZE), 4, stage=Stage.ANALYZE)

    assert chapters_claimable(book, pacing=Pacing(batch_size=2)) == []


def test_a_failed_chapter_does_not_hold_the_barrier() -> None:
    """A batch whose chapters are analyzed or failed has ended."""
    book = with_chapter(with_chapter(split_book(1, 2, 3), 1, **ANALYZED), 2, **FAILED)

    assert chapters_claimable(book, pacing=Pacing(batch_size=2)) == [3]


def test_a_pause_follows_each_batch() -> None:
    """The next batch waits out the pause, counted from the last end of the one before."""
    later = EPOCH + timedelta(seconds=10)
    book = with_chapter(split_book(1, 2, 3), 1, **ANALYZED)
    book = with_chapter(book, 2, stage=Stage.ILLUSTRATE, analyzed_at=later)

    pacing = Pacing(batch_size=2, pause_seconds=60.0)
    assert chapters_claimable(book, pacing=pacing, now=EPOCH + timedelta(seconds=69.9)) == []
    assert chapters_claimable(book, pacing=pacing, now=EPOCH + timedelta(seconds=70)) == [3]


def test_a_pause_is_taken_once() -> None:
    """Pictures follow the barrier of their batch without a second pause: that would double the seed's."""
    book = with_chapter(merged_book(1, 2, 3), 1, **COMPLETED)

    assert chapters_claimable(book, pacing=Pacing(batch_size=1, pause_seconds=60.0)) == [2]


@pytest.mark.parametrize("hours", [-8, -2, 2, 8])
def test_f27_a_clock_step_cannot_hold_a_batch(hours: int) -> None:
    """A clock that was set back or forward by hours never leaves a batch waiting for hours."""
    book = with_chapter(split_book(1, 2), 1, **ANALYZED)

    assert chapters_claimable(book, pacing=replace(FREE, batch_size=1), now=EPOCH + timedelta(hours=hours)) == [2]


def test_the_barrier_is_built_anew_for_illustrating() -> None:
    """Batches of the illustrate stage end when their chapters are completed."""
    book = merged_book(1, 2, 3)

    assert chapters_claimable(book, pacing=Pacing(batch_size=2)) == [2, 1]
    assert chapters_claimable(with_chapter(book, 1, **COMPLETED), pacing=Pacing(batch_size=2)) == [2]


def test_a_retried_chapter_goes_before_later_batches() -> None:
    """A chapter of an early batch that is retried late puts the barrier back in front of the later ones."""
    book = with_all(split_book(1, 2, 3, 4), **ANALYZED)
    book = with_chapter(with_chapter(book, 1, stage=Stage.ANALYZE), 4, stage=Stage.ANALYZE)

    assert chapters_claimable(book, pacing=Pacing(batch_size=2)) == [1]


def test_in_flight_bounds_a_book() -> None:
    """Where one chapter may be under way, none is offered while one is."""
    book = split_book(1, 2, 3)

    assert chapters_claimable(book, pacing=FREE) == [3, 2, 1]
    assert chapters_claimable(with_chapter(book, 1, **WORKING), pacing=FREE) == []
    assert chapters_claimable(with_chapter(book, 1, **WORKING), pacing=PAID) == [3, 2]


def test_the_seeds_pacings_have_the_seeds_figures() -> None:
    """Free: batches of 3, one in flight, 60 s between; paid: batches of 5 in parallel, 2 s between."""
    assert Pacing(batch_size=3, in_flight=1, pause_seconds=60.0) == FREE
    assert Pacing(batch_size=5, in_flight=None, pause_seconds=2.0) == PAID


PHASES = [
    (admitted_book(), Phase.QUEUED),
    (with_step(admitted_book(), Stage.SPLIT, status=Status.IN_PROGRESS), Phase.SPLITTING),
    (with_step(admitted_book(), Stage.SPLIT, status=Status.FAILED), Phase.FAILED),
    (split_book(1, 2), Phase.ANALYZING),
    (with_all(split_book(1, 2), **ANALYZED), Phase.MERGING),
    (with_step(with_all(split_book(1), **ANALYZED), Stage.MERGE, status=Status.FAILED), Phase.FAILED),
    (merged_book(1, 2), Phase.ILLUSTRATING),
    (with_all(merged_book(1, 2), **COMPLETED), Phase.COMPILING),
    (done_book(1, 2), Phase.DONE),
    (with_chapter(done_book(1, 2), 2, **FAILED), Phase.PARTIAL),
]


@pytest.mark.parametrize(("book", "expected"), PHASES, ids=[str(expected) for _, expected in PHASES])
def test_the_phase_follows_from_the_entries(book: Manifest, expected: Phase) -> None:
    """Each phase is what the steps and chapters say, and a book that has ended offers nothing."""
    assert phase(book) is expected
    assert expected not in ENDED or claimable(book, now=EPOCH) == []


def test_progress_goes_from_nothing_to_one() -> None:
    """Each step and each stage of a chapter counts the same; failed chapters are as far as they will get."""
    half = with_chapter(split_book(1, 2), 1, **ANALYZED)

    assert progress(admitted_book()) == 0.0
    assert progress(half) == pytest.approx(2 / 7)
    assert progress(with_chapter(half, 2, **FAILED)) == pytest.approx(4 / 7)
    assert progress(done_book(1, 2)) == 1.0


def test_failed_chapters_are_named_in_order() -> None:
    """The numbers of failed chapters are given in reading order."""
    book = with_chapter(with_chapter(split_book(1, 2, 3), 3, **FAILED), 1, **FAILED)

    assert failed_chapters(book) == [1, 3]


def test_a_claim_is_found_while_it_lives() -> None:
    """A claim id leads to the task it took as long as the claim is live, and to nothing after."""
    taken = claim(split_book(1, 2), by=make_claim("mine"), now=EPOCH)

    assert held_by(taken, "mine") == Task(stage=Stage.ANALYZE, chapter=2)
    assert [task.chapter for task, _ in live_claims(taken)] == [2]
    assert held_by(taken, "other") is None
    assert held_by(with_chapter(taken, 2, status=Status.PENDING), "mine") is None


def test_stages_follow_each_other_as_the_book_says() -> None:
    """After analyze comes illustrate, or nothing where the book has no images."""
    assert next_stage(split_book(1), Stage.ANALYZE) is Stage.ILLUSTRATE
    assert next_stage(split_book(1), Stage.ILLUSTRATE) is None
    assert next_stage(split_book(1, stages=(Stage.ANALYZE,)), Stage.ANALYZE) is None


def test_tasks_read_as_people_say_them() -> None:
    """A task is its stage, and the chapter where it has one."""
    assert [str(Task(stage=Stage.MERGE)), str(Task(stage=Stage.ANALYZE, chapter=4))] == ["merge", "analyze chapter 4"]

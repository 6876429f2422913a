"""Changing a manifest: every rule of claims, ends, retries and cancels."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from imaginized.errors import ClaimLost, Rejected
from imaginized.queue.claimable import FREE, claimable
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import CHAPTER_STAGES, Claim, Entry, Fence, Hold, Manifest, Stage, Status, Task
from imaginized.queue.plan import Phase, held_by, phase
from imaginized.reasons import Code, Reason
from imaginized.story.text import ChapterText, Paragraph
from tests.support.applied import (
    approve,
    begin,
    cancel,
    checkpoint,
    claim,
    complete,
    complete_split,
    fail,
    hold,
    reap,
    release,
    restart,
    retry,
)
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

LATER = EPOCH + timedelta(seconds=60)
LIMIT = 3


def taken(book: Manifest, claim_id: str = "c1") -> tuple[Manifest, Task, Fence]:
    """The book with its best task claimed, that task, and its fence."""
    book = claim(book, by=make_claim(claim_id), now=EPOCH)
    task = held_by(book, claim_id)
    assert task is not None
    return book, task, fence_of(book, task)


def fence_of(book: Manifest, task: Task) -> Fence:
    fence = entry_of(book, task).fence
    assert fence is not None
    return fence


def entry_of(book: Manifest, task: Task) -> Entry:
    entry = book.entry(task)
    assert entry is not None
    return entry


def failed(book: Manifest, task: Task, fence: Fence, *, error: str = "why", rejected: bool = False) -> Manifest:
    return fail(
        book,
        task=task,
        fence=fence,
        now=LATER,
        error=Reason(Code.CRASHED, error),
        max_attempts=LIMIT,
        rejected=rejected,
    )


def test_a_claim_takes_the_best_task() -> None:
    """The first claimable task goes in progress with its claim, the attempt and the retry count both raised."""
    book = claim(split_book(10, 30), by=make_claim(), now=EPOCH)
    entry = book.chapters[2]

    assert (entry.status, entry.claim, entry.attempt, entry.retry_count) == (Status.IN_PROGRESS, make_claim(), 1, 1)
    assert book.chapters[1] == split_book(10, 30).chapters[1]


def test_a_claim_of_nothing_changes_nothing() -> None:
    """Where nothing is claimable, the same book comes back."""
    book = done_book(1)

    assert claim(book, by=make_claim(), now=EPOCH) is book


def test_a_claim_heeds_the_pacing() -> None:
    """What the pacing holds back is not claimed."""
    book, _, _ = taken(split_book(1, 2))

    assert claim(book, by=make_claim("c2"), now=EPOCH, pacing=FREE) is book


def test_attempts_grow_with_every_claim() -> None:
    """The attempt never falls, whatever became of the claims before."""
    book, task, first = taken(split_book(1))
    book, task, second = taken(release(book, task=task, fence=first), "c2")
    book, task, third = taken(failed(book, task, second), "c3")

    assert [first.attempt, second.attempt, third.attempt] == [1, 2, 3]


def test_begin_confirms_a_claim() -> None:
    """A claim that stands is confirmed without a change."""
    book, task, fence = taken(split_book(1))

    assert begin(book, task=task, fence=fence) is book


ENDS: dict[str, Callable[[Manifest, Task, Fence], Manifest]] = {
    "begin": lambda book, task, fence: begin(book, task=task, fence=fence),
    "checkpoint": lambda book, task, fence: checkpoint(book, task=task, fence=fence),
    "complete": lambda book, task, fence: complete(book, task=task, fence=fence, now=LATER),
    "fail": failed,
    "release": lambda book, task, fence: release(book, task=task, fence=fence),
}
LOSSES: dict[str, Callable[[Manifest, Task, Fence], Manifest]] = {
    "released": lambda book, task, fence: release(book, task=task, fence=fence),
    "failed": failed,
    "rejected": lambda book, task, fence: failed(book, task, fence, rejected=True),
    "reaped": lambda book, *_: reap(book, is_over=lambda _: "dead", now=LATER, max_attempts=LIMIT),
    "cancelled": lambda book, *_: cancel(book, now=LATER, reason="enough"),
    "taken by another": lambda book, task, fence: taken(release(book, task=task, fence=fence), "c2")[0],
    "cancelled, retried and taken": lambda book, *_: taken(retry(cancel(book, now=LATER, reason="")), "c2")[0],
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES.keys())
def test_a_lost_claim_changes_nothing(end: Callable[..., Manifest], lose: Callable[..., Manifest]) -> None:
    """F22: Whatever ended a claim, nothing that its owner says later is heard."""
    book, task, fence = taken(split_book(1))
    book = lose(book, task, fence)

    with pytest.raises(ClaimLost):
        end(book, task, fence)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
@pytest.mark.parametrize("forged", [Fence(attempt=1, claim_id="other"), Fence(attempt=2, claim_id="c1")])
def test_attempt_and_claim_id_must_both_fit(end: Callable[..., Manifest], forged: Fence) -> None:
    """Neither the attempt without the claim id nor the claim id without the attempt is a fence."""
    book, task, _ = taken(split_book(1))

    with pytest.raises(ClaimLost):
        end(book, task, forged)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_a_fence_holds_for_its_task_only(end: Callable[..., Manifest]) -> None:
    """A claim of one stage or chapter says nothing about another, or about a chapter that is not there."""
    book, _, fence = taken(split_book(1, 2))

    others = [Task(stage=Stage.ANALYZE, chapter=n) for n in (1, 9)]
    for other in (*others, Task(stage=Stage.ILLUSTRATE, chapter=2), Task(stage=Stage.MERGE)):
        with pytest.raises(ClaimLost):
            end(book, other, fence)


def test_completing_leads_to_the_next_stage() -> None:
    """An analyzed chapter waits to be illustrated, with its retries forgotten and its attempts kept."""
    book, task, fence = taken(split_book(1))
    entry = entry_of(complete(book, task=task, fence=fence, now=LATER), Task(stage=Stage.ILLUSTRATE, chapter=1))

    assert (entry.status, entry.stage, entry.analyzed_at) == (Status.PENDING, Stage.ILLUSTRATE, LATER)
    assert (entry.attempt, entry.retry_count) == (1, 0)


def test_completing_the_last_stage_completes_the_chapter() -> None:
    """After its last stage a chapter is completed, and its own claim is not counted as a retry."""
    book, task, fence = taken(merged_book(1))
    entry = complete(book, task=task, fence=fence, now=LATER).chapters[1]

    assert (entry.status, entry.completed_at, entry.retry_count) == (Status.COMPLETED, LATER, 0)


def test_completing_keeps_the_count_of_bad_ends() -> None:
    """A chapter that was completed at the second try says that one try ended badly, and no longer why."""
    book, task, fence = taken(merged_book(1))
    book, task, fence = taken(failed(book, task, fence), "c2")
    entry = complete(book, task=task, fence=fence, now=LATER).chapters[1]

    assert (entry.attempt, entry.retry_count, entry.error) == (3, 1, None)


def test_the_only_stage_sets_both_moments() -> None:
    """Where chapters are only analyzed, the end of that stage completes them."""
    book, task, fence = taken(split_book(1, stages=(Stage.ANALYZE,)))
    entry = complete(book, task=task, fence=fence, now=LATER).chapters[1]

    assert (entry.status, entry.analyzed_at, entry.completed_at) == (Status.COMPLETED, LATER, LATER)


@pytest.mark.parametrize("book", [split_book(1), merged_book(1), split_book()])
def test_completing_twice_changes_nothing(book: Manifest) -> None:
    """Saying again with the same fence that a task is complete is no error, and no change."""
    book, task, fence = taken(book)
    once = complete(book, task=task, fence=fence, now=EPOCH)

    assert complete(once, task=task, fence=fence, now=LATER) is once


def test_splitting_gives_a_book_its_chapters() -> None:
    """A completed split brings title, chapters in their first stage with their lengths, and the book's stages."""
    book, _, fence = taken(admitted_book())
    texts = [
        ChapterText(number=n, title=f"No. {n}", paragraphs=(Paragraph(text="one two three " * n),)) for n in (1, 2)
    ]
    split = complete_split(book, fence=fence, now=LATER, title="A Book", chapters=texts, chapter_stages=CHAPTER_STAGES)
    again = complete_split(split, fence=fence, now=LATER, title="Other", chapters=(), chapter_stages=CHAPTER_STAGES)

    assert again is split
    assert (split.book_title, split.steps[Stage.SPLIT].status) == ("A Book", Status.COMPLETED)
    assert [(e.title, e.words, e.stage) for e in split.chapters.values()] == [
        ("No. 1", 3, Stage.ANALYZE),
        ("No. 2", 6, Stage.ANALYZE),
    ]


def test_a_split_that_was_lost_brings_nothing() -> None:
    """A late split is refused whole."""
    book, task, fence = taken(admitted_book())
    book = release(book, task=task, fence=fence)

    with pytest.raises(ClaimLost):
        complete_split(book, fence=fence, now=LATER, title="", chapters=(), chapter_stages=CHAPTER_STAGES)


def test_a_bad_end_is_tried_again_until_the_limit() -> None:
    """F20: A task fails for good with its last allowed attempt, and keeps the reason and the moment."""
    book = split_book(1)
    seen = []
    for number in range(LIMIT):
        book, task, fence = taken(book, f"c{number}")
        book = failed(book, task, fence, error=f"end {number}")
        seen.append(book.chapters[1].status)

    assert seen == [Status.PENDING, Status.PENDING, Status.FAILED]
    assert (book.chapters[1].error, book.chapters[1].failed_at) == ("end 2", LATER)
    assert book.chapters[1].retry_count == LIMIT


def test_a_rejected_task_fails_at_once() -> None:
    """What is the input's fault is not tried again, and is marked so."""
    book, task, fence = taken(admitted_book())
    entry = failed(book, task, fence, rejected=True).steps[Stage.SPLIT]

    assert (entry.status, entry.rejected, entry.retry_count) == (Status.FAILED, True, 1)


@pytest.mark.parametrize("error", ["x" * 5000, "cannot open '/in/\udcff.epub'"])
def test_any_reason_can_be_written_down(error: str) -> None:
    """A reason of any length and with what file names may hold still gives a manifest that can be written and read."""
    book, task, fence = taken(split_book(1))
    book = failed(book, task, fence, error=error)

    assert decode(encode(book)) == book
    assert len(book.chapters[1].error or "") <= 1000


def test_releasing_costs_nothing() -> None:
    """A claim given back unfinished leaves the retry count as it was before it."""
    book, task, fence = taken(split_book(1))
    book = failed(book, task, fence)
    for number in range(10):
        book, task, fence = taken(book, f"c{number}")
        book = release(book, task=task, fence=fence)

    assert (book.chapters[1].status, book.chapters[1].retry_count) == (Status.PENDING, 1)


def test_a_checkpoint_forgets_bad_ends() -> None:
    """Once a part is durable, the bad ends before it count no more, and nothing else changes."""
    book, task, fence = taken(split_book(1))
    book, task, fence = taken(failed(book, task, fence), "c2")
    kept = checkpoint(book, task=task, fence=fence)

    assert kept.chapters[1] == replace(book.chapters[1], retry_count=0)
    assert checkpoint(kept, task=task, fence=fence) is kept


def test_reaping_frees_what_is_over() -> None:
    """A claim whose owner is over ends badly with that reason; the others stay as they are."""
    book, dead_task, _ = taken(split_book(1, 2), "dead")
    book, live_task, _ = taken(book, "alive")

    def is_over(held: Claim) -> str | None:
        return "killed by SIGSEGV" if held.claim_id == "dead" else None

    reaped = reap(book, is_over=is_over, now=LATER, max_attempts=LIMIT)
    entry = entry_of(reaped, dead_task)
    assert (entry.status, entry.error, entry.retry_count) == (Status.PENDING, "killed by SIGSEGV", 1)
    assert entry_of(reaped, live_task) == entry_of(book, live_task)
    assert reap(reaped, is_over=lambda _: None, now=LATER, max_attempts=LIMIT) is reaped


def test_retrying_reopens_all_that_failed() -> None:
    """Failed chapters and steps wait again where they stopped, with all attempts before them; nothing else moves."""
    book = with_chapter(
        done_book(1, 2), 2, status=Status.FAILED, reason=Reason(Code.CRASHED, "why"), failed_at=EPOCH, retry_count=3
    )
    again = retry(book)
    entry = again.chapters[2]

    assert (entry.status, entry.stage, entry.retry_count) == (Status.PENDING, Stage.ILLUSTRATE, 0)
    assert (entry.error, entry.failed_at, entry.analyzed_at) == (None, None, EPOCH)
    assert again.chapters[1] == book.chapters[1]
    assert phase(again) is Phase.ILLUSTRATING


def test_retrying_where_nothing_failed_builds_again_what_costs_nothing() -> None:
    """Of a finished book only the free steps run again, to find what is missing; one under way stays as it is."""
    again = retry(done_book(1, 2))
    waiting = split_book(1, 2)

    assert [stage for stage, entry in again.steps.items() if entry.status is Status.PENDING] == [
        Stage.MERGE,
        Stage.COMPILE,
    ]
    assert all(entry.status is Status.COMPLETED for entry in again.chapters.values())
    assert retry(waiting) is waiting


def test_a_retried_analysis_is_merged_again() -> None:
    """What is built from a reopened chapter is built again: after an analysis the merge and the guide."""
    failing = {"status": Status.FAILED, "stage": Stage.ANALYZE, "failed_at": EPOCH}
    again = retry(with_chapter(done_book(1, 2), 1, **failing))

    assert claimable(again, now=EPOCH) == [Task(stage=Stage.ANALYZE, chapter=1)]
    assert [again.steps[step].status for step in (Stage.SPLIT, Stage.MERGE, Stage.COMPILE)] == [
        Status.COMPLETED,
        Status.PENDING,
        Status.PENDING,
    ]


def test_a_retry_ends_the_claim_of_what_it_reopens() -> None:
    """A guide that is being compiled while a chapter is reopened is not the guide: its claim is lost."""
    book = with_chapter(done_book(1, 2), 2, status=Status.FAILED)
    book, task, fence = taken(with_step(book, Stage.COMPILE, status=Status.PENDING))
    again = retry(book)

    with pytest.raises(ClaimLost):
        complete(again, task=task, fence=fence, now=LATER)


def test_retrying_a_chapter_reopens_failed_steps_behind_it() -> None:
    """A book whose guide failed does not stay failed when one of its chapters is made again."""
    again = retry(with_step(done_book(1, 2), Stage.COMPILE, status=Status.FAILED), chapters=[1])

    assert phase(again) is Phase.ANALYZING
    assert again.steps[Stage.COMPILE].status is Status.PENDING


def test_a_completed_chapter_is_retried_from_its_first_stage() -> None:
    """A person who wants a good chapter anew gets all of it anew."""
    entry = retry(done_book(1, 2), chapters=[2]).chapters[2]

    assert (entry.status, entry.stage) == (Status.PENDING, Stage.ANALYZE)
    assert (entry.analyzed_at, entry.completed_at) == (None, None)


def test_a_waiting_chapter_is_retried_where_it_is() -> None:
    """A retry of a chapter that waits forgets its bad ends and undoes none of its work."""
    book, task, fence = taken(merged_book(1))
    again = retry(failed(book, task, fence), chapters=[1])

    assert (again.chapters[1].stage, again.chapters[1].retry_count) == (Stage.ILLUSTRATE, 0)
    assert claimable(again, now=EPOCH) == [Task(stage=Stage.ILLUSTRATE, chapter=1)]


def test_a_chapter_in_work_is_not_retried() -> None:
    """Nobody takes a chapter away from its worker by a retry."""
    book, _, _ = taken(split_book(1))

    with pytest.raises(Rejected, match="being worked on"):
        retry(book, chapters=[1])


@pytest.mark.parametrize(("book", "known"), [(split_book(1, 2), "chapters 1 to 2"), (admitted_book(), "none yet")])
def test_an_unknown_chapter_is_not_retried(book: Manifest, known: str) -> None:
    """The answer to a wrong number says which there are."""
    with pytest.raises(Rejected, match=f"no chapter 7; it has {known}"):
        retry(book, chapters=[7])


def test_cancelling_ends_everything_unfinished() -> None:
    """After a cancel nothing is claimable, what was completed stays, and the reason is told."""
    book = with_chapter(merged_book(1, 2, 3), 1, status=Status.COMPLETED)
    book, _, _ = taken(book)
    ended = cancel(book, now=LATER, reason="enough")

    assert [entry.status for entry in ended.chapters.values()] == [Status.COMPLETED, Status.FAILED, Status.FAILED]
    assert (ended.chapters[3].error, ended.chapters[3].failed_at) == ("enough", LATER)
    assert phase(ended) is Phase.CANCELLED
    assert claimable(ended, now=LATER) == []


def test_a_restarted_book_asks_anew_for_what_it_costs() -> None:
    """What a person approved, or was asked for, was for what the book was to be then."""
    asking = hold(split_book(10, 30), why=Hold(reason="dear", since=EPOCH, approve_usd=3.0))

    for book in (asking, approve(asking)):
        anew = restart(book, profile="calm")
        assert (anew.hold, anew.approval) == (None, None)


def test_a_restarted_book_begins_anew_and_late_commits_of_the_old_run_are_refused() -> None:
    """Nothing of the old run can be committed, be it a chapter's or a step's; attempts of the steps still grow."""
    book, task, fence = taken(admitted_book())
    of_a_step = restart(book, profile="calm")
    chapters, chapter, chapter_fence = taken(split_book(1, 2))
    of_a_chapter = restart(chapters, profile="calm")

    assert (of_a_step.profile, of_a_step.chapters) == ("calm", {})
    assert of_a_step.steps[Stage.SPLIT].attempt > fence.attempt
    assert [str(one) for one in claimable(of_a_chapter, now=LATER)] == ["split"]
    with pytest.raises(ClaimLost):
        complete(of_a_step, task=task, fence=fence, now=LATER)
    with pytest.raises(ClaimLost):
        complete(of_a_chapter, task=chapter, fence=chapter_fence, now=LATER)


def test_cancelling_a_done_book_changes_nothing() -> None:
    """There is nothing left to cancel."""
    book = done_book(1)

    assert cancel(book, now=LATER, reason="enough") is book


def test_a_cancelled_book_can_be_retried() -> None:
    """A retry after a cancel takes the book up where it was."""
    again = retry(cancel(merged_book(1, 2), now=LATER, reason="enough"))

    assert [str(task) for task in claimable(again, now=LATER)] == ["illustrate chapter 2", "illustrate chapter 1"]


def redone(book: Manifest, chapter: int, *, tasks: int = 0) -> Manifest:
    """A finished book of which a chapter is to be made again; of analyze, merge, illustrate so many are done."""
    book = retry(book, chapters=[chapter])
    for number in range(tasks):
        book, task, fence = taken(book, f"again-{number}")
        book = complete(book, task=task, fence=fence, now=LATER)
    return book


def finished_book(*lengths: int) -> Manifest:
    """A finished book as the transitions make it: every end has its moment."""
    book = done_book(*lengths)
    for number in book.chapters:
        book = with_chapter(book, number, analyzed_at=EPOCH, completed_at=EPOCH)
    for stage in (Stage.SPLIT, Stage.MERGE, Stage.COMPILE):
        entry = replace(book.steps[stage], completed_at=EPOCH)
        book = book.with_entry(Task(stage=stage), entry)
    return book


@pytest.mark.parametrize("is_claimed", [False, True])
def test_cancelling_a_redo_leaves_the_book_finished(is_claimed: bool) -> None:
    """A finished book of which a chapter is being made again is finished as before, and a late commit is refused."""
    before = finished_book(1, 2)
    book = redone(before, 2)
    task, fence = Task(stage=Stage.ANALYZE, chapter=2), None
    if is_claimed:
        book, task, fence = taken(book)
    ended = cancel(book, now=LATER, reason="cancelled")

    assert phase(ended) is Phase.DONE
    assert [entry.completed_at for _, entry in ended.entries()] == [entry.completed_at for _, entry in before.entries()]
    assert (ended.chapters[2].stage, ended.chapters[2].error) == (Stage.ILLUSTRATE, None)
    assert ended.chapters[2].attempt > book.chapters[2].attempt
    assert decode(encode(ended)) == ended
    if fence is not None:
        with pytest.raises(ClaimLost):
            complete(ended, task=task, fence=fence, now=LATER)


@pytest.mark.parametrize(("tasks", "step"), [(1, Stage.MERGE), (2, Stage.COMPILE), (3, Stage.COMPILE)])
def test_cancelling_a_redo_of_which_a_part_is_in_place_makes_the_guide_of_what_there_is(
    tasks: int, step: Stage
) -> None:
    """Once the new analysis is there, nothing more is paid for; the steps that cost nothing run again."""
    ended = cancel(redone(finished_book(1, 2), 2, tasks=tasks), now=LATER, reason="cancelled")

    assert [entry.status for entry in ended.chapters.values()] == [Status.COMPLETED, Status.COMPLETED]
    assert claimable(ended, now=LATER) == [Task(stage=step)]
    while claimable(ended, now=LATER):
        ended, task, fence = taken(ended, f"end-{ended.event_count}")
        ended = replace(complete(ended, task=task, fence=fence, now=LATER), event_count=ended.event_count + 1)
    assert phase(ended) is Phase.DONE


def test_cancelling_the_only_chapter_of_a_redo_leaves_the_rest_to_go_on() -> None:
    """Of two chapters that are made again one is cancelled: it is as before, the other goes on."""
    book = retry(finished_book(1, 2), chapters=[1, 2])
    ended = cancel(book, now=LATER, reason="cancelled", chapters=[2])

    assert [entry.status for entry in ended.chapters.values()] == [Status.PENDING, Status.COMPLETED]
    assert claimable(ended, now=LATER) == [Task(stage=Stage.ANALYZE, chapter=1)]


def test_cancelling_the_retry_of_a_partial_book_leaves_it_partial() -> None:
    """What had failed has failed again; the guide that was there stays."""
    partial_book = with_chapter(finished_book(1, 2), 2, status=Status.FAILED, completed_at=None, failed_at=EPOCH)
    ended = cancel(retry(partial_book), now=LATER, reason="cancelled")

    assert phase(ended) is Phase.PARTIAL
    assert [entry.status for entry in ended.chapters.values()] == [Status.COMPLETED, Status.FAILED]


def test_a_redo_that_is_done_is_no_redo_any_more() -> None:
    """After its end there is nothing to go back to."""
    book = redone(finished_book(1), 1, tasks=3)

    assert book.chapters[1].completed_before is None
    assert book.steps[Stage.COMPILE].completed_before == EPOCH


def test_numbers_a_book_does_not_have_change_nothing() -> None:
    """F40: One wrong number among right ones, and nothing is done; a book of a few chapters says how many."""
    book = with_chapter(merged_book(1, 2, 3), 2, status=Status.COMPLETED)
    few = replace(book, chapters={2: book.chapters[2], 9: book.chapters[3]})

    with pytest.raises(Rejected, match="no chapter 7; it has chapters 1 to 3"):
        cancel(book, now=LATER, reason="enough", chapters=[1, 7])
    with pytest.raises(Rejected, match="no chapter 7; it has 2 chapters between 2 and 9"):
        retry(few, chapters=[2, 7])


def test_approving_what_asked_for_no_money_allows_none() -> None:
    """A book that waited for a look at its chapters goes on under the settings' caps, not under one of nothing."""
    doubtful = hold(split_book(1), why=Hold(reason="5 chapters?", code=Code.DOUBTFUL, since=EPOCH))

    assert (approve(doubtful).hold, approve(doubtful).approval) == (None, None)


TODAY = Hold(reason="the day's money is spent", since=EPOCH, until=EPOCH + timedelta(hours=9))
FOR_A_PERSON = Hold(reason="it would cost 9 USD", since=EPOCH, approve_usd=9.0)


def test_a_second_hold_for_a_day_changes_nothing() -> None:
    """Each worker that finds the day's money spent says so; the first one's moment and reason stay, and one event."""
    held = hold(split_book(1), why=TODAY)
    later = replace(TODAY, reason="spent, again", since=LATER, until=LATER + timedelta(days=1))

    assert hold(held, why=later) is held


def test_a_hold_that_a_person_must_decide_takes_the_place_of_a_days_and_not_the_reverse() -> None:
    """A day that ends must not let a book go on that nobody approved."""
    for_a_person = hold(hold(split_book(1), why=TODAY), why=FOR_A_PERSON)

    assert for_a_person.hold == FOR_A_PERSON
    assert hold(for_a_person, why=TODAY) is for_a_person

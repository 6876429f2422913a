"""Several workers at one chapter: who may take a part, what its end means, and what becomes of it with its chapter."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest

from imaginized.errors import ClaimLost, Rejected
from imaginized.queue.claimable import FREE, PAID, Pacing, claimable
from imaginized.queue.manifest import NO_PARTS, Entry, Fence, Manifest, Stage, Status, Task
from imaginized.queue.plan import fence_of, held_by, live_claims
from imaginized.queue.redoing import brought_back, reopen_lost
from imaginized.queue.transitions import claim as claim_and_tell
from imaginized.reasons import Code, Reason
from tests.support.applied import (
    begin,
    cancel,
    claim,
    complete,
    fail,
    part_done,
    reap,
    release,
    restart,
    retry,
    share,
)
from tests.support.manifests import EPOCH, make_claim, merged_book, with_chapter

LIMIT = 3
CHAPTER = Task(stage=Stage.ILLUSTRATE, chapter=1)
WHY = Reason(Code.CRASHED, "why")


def fence(book: Manifest, task: Task) -> Fence:
    found = fence_of(book, task)
    assert found is not None
    return found


def entry(book: Manifest) -> Entry:
    return book.chapters[1]


def shared(*numbers: int, book: Manifest | None = None) -> Manifest:
    """A book whose only chapter is claimed by c1 and shared out."""
    book = claim(book or merged_book(9), by=make_claim("c1"), now=EPOCH)
    return share(book, task=CHAPTER, fence=fence(book, CHAPTER), numbers=numbers, of=9)


def joined(book: Manifest, claim_id: str = "p1", *, owner: str = "worker-2@here") -> tuple[Manifest, Task]:
    """Somebody else takes what is best."""
    book = claim(book, by=make_claim(claim_id, owner=owner), now=EPOCH)
    task = held_by(book, claim_id)
    assert task is not None and task.part is not None
    return book, task


def ends(book: Manifest, task: Task) -> Sequence[Callable[[Manifest], Manifest]]:
    """Whatever a worker may say of its claim."""
    by = fence(book, task)
    return (
        partial(begin, task=task, fence=by),
        partial(complete, task=task, fence=by, now=EPOCH),
        partial(fail, task=task, fence=by, now=EPOCH, error=WHY, max_attempts=LIMIT),
        partial(release, task=task, fence=by),
    )


def test_whole_chapters_go_first_and_the_first_part_is_the_chapter_workers() -> None:
    """Who finds a chapter takes that; else the next part of one under way, each under a fence of its own."""
    book = claim(merged_book(9, 5), by=make_claim("c1"), now=EPOCH)
    book = share(book, task=CHAPTER, fence=fence(book, CHAPTER), numbers=[1, 2, 3], of=3)

    offered = claimable(book, now=EPOCH)

    assert offered == [Task(stage=Stage.ILLUSTRATE, chapter=2), Task(stage=Stage.ILLUSTRATE, chapter=1, part=2)]
    assert entry(book).parts.own == (1,)
    book = claim(book, by=make_claim("c2"), now=EPOCH)
    book, part = joined(book)
    assert part.part == 2 and fence(book, part) != fence(book, CHAPTER)
    assert entry(book).attempt == fence(book, CHAPTER).attempt == 2


def test_the_chapter_with_most_left_for_each_of_its_workers_is_joined_first() -> None:
    """Longest work first: of two shared chapters the one that would take longer with those who are at it."""
    book = claim(claim(merged_book(9, 5), by=make_claim("c1"), now=EPOCH), by=make_claim("c2"), now=EPOCH)
    second = Task(stage=Stage.ILLUSTRATE, chapter=2)
    book = share(book, task=CHAPTER, fence=fence(book, CHAPTER), numbers=range(1, 5), of=4)
    book = share(book, task=second, fence=fence(book, second), numbers=range(1, 9), of=8)

    taken = []
    for number in range(5):
        book, part = joined(book, f"p{number}")
        taken.append(part.chapter)

    assert taken == [2, 1, 2, 2, 1]


def test_a_part_that_ends_well_is_nobodys_any_more() -> None:
    """It is in no list, its late worker changes nothing, and the chapter's tries begin anew."""
    book, part = joined(shared(1, 2, 3))
    by = fence(book, part)

    after = complete(book, task=part, fence=by, now=EPOCH)

    assert entry(after).parts.open == (3,) and not entry(after).parts.out
    assert entry(after).status is Status.IN_PROGRESS and entry(after).retry_count == 0
    with pytest.raises(ClaimLost):
        complete(after, task=part, fence=by, now=EPOCH)


def test_a_chapter_is_not_completed_before_its_parts() -> None:
    """Neither while one is open, nor out, nor given back: what it lacks would be lost."""
    book, part = joined(shared(1, 2))
    by = fence(book, CHAPTER)
    book = part_done(book, task=CHAPTER, fence=by)

    for stage in (book, fail(book, task=part, fence=fence(book, part), now=EPOCH, error=WHY, max_attempts=LIMIT)):
        with pytest.raises(ClaimLost):
            complete(stage, task=CHAPTER, fence=by, now=EPOCH)

    done = complete(book, task=part, fence=fence(book, part), now=EPOCH)
    ended = complete(done, task=CHAPTER, fence=by, now=EPOCH)
    assert entry(ended).status is Status.COMPLETED and entry(ended).parts is NO_PARTS


def test_what_ends_badly_goes_to_the_chapters_worker_alone() -> None:
    """Nobody else takes it, so that it cannot kill one worker after the other uncounted."""
    book, part = joined(shared(1, 2))

    book = fail(book, task=part, fence=fence(book, part), now=EPOCH, error=WHY, max_attempts=LIMIT)

    assert entry(book).parts.returned == (2,) and not claimable(book, now=EPOCH)
    book = part_done(book, task=CHAPTER, fence=fence(book, CHAPTER))
    assert entry(book).parts.own == (2,)


def test_what_cannot_be_done_is_not_tried_again() -> None:
    """The chapter's worker reads the reason, and asks for nothing that was refused."""
    book, part = joined(shared(1, 2))

    book = fail(book, task=part, fence=fence(book, part), now=EPOCH, error=WHY, max_attempts=LIMIT, rejected=True)

    assert entry(book).parts.refused == {2: "why"} and not claimable(book, now=EPOCH)
    assert entry(part_done(book, task=CHAPTER, fence=fence(book, CHAPTER))).parts.own == ()


def test_what_is_given_back_is_open_again() -> None:
    """A drain or a pause costs nothing: anybody may take it."""
    book, part = joined(shared(1, 2))

    book = release(book, task=part, fence=fence(book, part))

    assert claimable(book, now=EPOCH) == [part]


@pytest.mark.parametrize("how", [0, 1, 2, 3], ids=["begin", "complete", "fail", "release"])
def test_who_comes_late_changes_nothing_of_anothers_part(how: int) -> None:
    """A part that was given back and taken by another is his, by the claim's own id: the attempt is the same."""
    book, part = joined(shared(1, 2))
    late = ends(book, part)[how]
    book, again = joined(release(book, task=part, fence=fence(book, part)), "p2")

    assert again == part
    with pytest.raises(ClaimLost):
        late(book)


@pytest.mark.parametrize("changes", [{"status": Status.COMPLETED}, {"status": Status.FAILED}, {"stage": Stage.ANALYZE}])
def test_a_part_counts_only_in_its_chapters_stage_and_while_that_is_under_way(changes: dict[str, object]) -> None:
    """Whoever ended the chapter, another program too: what comes late changes nothing."""
    book, part = joined(shared(1, 2))

    for late in ends(book, part):
        with pytest.raises(ClaimLost):
            late(with_chapter(book, 1, **changes))


def test_parts_outlive_the_worker_of_their_chapter() -> None:
    """It dies: who is at a part goes on under his fence, and who takes the chapter next does not list that part."""
    book, part = joined(shared(1, 2, 3))
    by = fence(book, part)

    book = reap(book, is_over=lambda held: "dead" if held.claim_id == "c1" else None, now=EPOCH, max_attempts=LIMIT)

    assert entry(book).status is Status.PENDING and list(entry(book).parts.out) == [2]
    assert claimable(book, now=EPOCH) == [CHAPTER]  # nothing is listed while nobody has the chapter
    book = shared(1, 2, 3, book=book)
    assert (entry(book).parts.own, entry(book).parts.open) == ((1,), (3,))
    assert not complete(book, task=part, fence=by, now=EPOCH).chapters[1].parts.out


def test_a_dead_helper_is_reaped_before_the_chapter_that_ends_with_it() -> None:
    """Both died, and the chapter has no tries left: each is freed, none twice."""
    book = merged_book(9)
    book = replace(book, chapters={1: replace(book.chapters[1], retry_count=LIMIT - 1)})
    book, _ = joined(shared(1, 2, 3, book=book))

    book = reap(book, is_over=lambda _held: "dead", now=EPOCH, max_attempts=LIMIT)

    assert entry(book).status is Status.FAILED and not live_claims(book)


@pytest.mark.parametrize("how", ["cancel", "cancel-it", "fail", "restart", "lost"])
def test_the_end_of_a_chapter_revokes_its_parts(how: str) -> None:
    """Nothing that comes late counts once a person or a failure has ended the chapter, or its scenes are gone."""
    book, part = joined(shared(1, 2, 3))
    said, by = ends(book, part), fence(book, CHAPTER)
    ways = {
        "cancel": lambda: cancel(book, now=EPOCH, reason="enough"),
        "cancel-it": lambda: cancel(book, now=EPOCH, reason="enough", chapters=[1]),
        "fail": lambda: fail(book, task=CHAPTER, fence=by, now=EPOCH, error=WHY, max_attempts=LIMIT, rejected=True),
        "restart": lambda: restart(book, profile=""),
        "lost": lambda: reopen_lost(book, task=CHAPTER, fence=by, lost=[Task(stage=Stage.MERGE)], reason=WHY).manifest,
    }

    ended = ways[how]()

    assert part not in dict(live_claims(ended))
    for one in said:
        with pytest.raises(ClaimLost):
            one(ended)


def test_a_chapter_with_a_part_out_is_worked_on() -> None:
    """Nobody puts it back to work meanwhile: who is at the part would lose what he pays for."""
    book, _ = joined(shared(1, 2, 3))
    book = release(book, task=CHAPTER, fence=fence(book, CHAPTER))

    with pytest.raises(Rejected, match="being worked on"):
        retry(book, chapters=[1])


@pytest.mark.parametrize(("pacing", "joins"), [(FREE, 0), (PAID, 4), (Pacing(batch_size=2), 1), (Pacing(), 8)])
def test_parts_keep_to_the_pace_of_chapters(pacing: Pacing, joins: int) -> None:
    """With "free" nobody joins; with a batch no more work at once than there are chapters in one."""
    book, count = shared(*range(1, 10)), 0

    while claimable(book, now=EPOCH, pacing=pacing):
        book = claim(book, by=make_claim(f"p{count}"), now=EPOCH, pacing=pacing)
        count += 1

    assert count == joins


def test_a_book_that_comes_back_keeps_the_parts_that_somebody_is_at() -> None:
    """The others end with the claims that nobody works for."""
    book, first = joined(shared(1, 2, 3, 4))
    book, second = joined(book, "p2")

    back = brought_back(book, in_work=[second]).manifest

    assert list(entry(back).parts.out) == [second.part] and entry(back).status is Status.PENDING
    assert first.part != second.part


def test_what_happens_to_parts_is_told() -> None:
    """The book's log has who took which part and how that ended."""
    change = claim_and_tell(shared(1, 2), by=make_claim("p1", owner="worker-2@here"), now=EPOCH)

    (event,) = change.events
    assert (event.name, event.chapter, event.worker, event.details) == ("part_claimed", 1, "worker-2", {"part": 2})

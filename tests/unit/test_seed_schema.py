"""What a program that knows only imaginize's manifest writes is read here, and what we write leads it nowhere wrong."""

import json
from dataclasses import replace

import pytest

from imaginized.queue.claimable import claimable
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import Fence, Manifest, Stage, Status
from imaginized.queue.plan import Phase, live_claims, phase
from imaginized.queue.redoing import REDONE
from imaginized.reasons import Code, Reason
from tests.support.applied import approve, claim, complete, fail, take_back
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
from tests.support.schema import problems_of

Json = dict[str, object]
THEN = "2026-01-01T00:01:00.000Z"
FULL: Json = {
    "version": "2.0.0", "bookFile": "/books/the-hobbit.epub", "bookTitle": "The Hobbit", "totalChapters": 5,
    "createdAt": THEN, "lastUpdated": THEN, "theirs": [1],
    "chapters": {
        "1": {"status": "completed", "claimedBy": "process-12345", "claimedAt": THEN, "completedAt": THEN,
              "tokensUsed": 8234},
        "2": {"status": "in_progress", "claimedBy": "12347", "claimedAt": THEN},
        "3": {"status": "claimed", "claimedBy": "process-12346", "claimedAt": THEN, "theirs": {"a": None}},
        "4": {"status": "failed", "failedAt": THEN, "error": "Rate limit", "retryCount": 1, "tokensUsed": 0},
        "5": {"status": "pending"},
    },
}  # fmt: skip
SHORT: Json = {
    "version": "2.0.0", "bookFile": "path/to/book.epub", "totalChapters": 2,
    "chapters": {"1": {"status": "in_progress", "claimedBy": "process-1", "claimedAt": "2026-01-01T00:01:00Z"},
                 "2": {"status": "pending"}},
}  # fmt: skip


def read(book: Json) -> Manifest:
    return decode(json.dumps(book).encode())


def rows_of(book: Manifest) -> dict[str, Json]:
    data = encode(book)
    assert problems_of(data) == []
    rows: dict[str, Json] = json.loads(data)["chapters"]
    return rows


def by_foreigner(entry: Json, **changes: object) -> Json:
    """What a program that knows only the seed makes of a chapter: its own fields change, all others stay."""
    return {**entry, "claimedBy": "4711", "claimedAt": THEN, **changes}


def with_row(book: Manifest, number: int, **changes: object) -> Manifest:
    """The book after such a program has rewritten a chapter."""
    text = json.loads(encode(book))
    text["chapters"][str(number)] = by_foreigner(text["chapters"][str(number)], **changes)
    return read(text)


def is_part_of(part: object, whole: object) -> bool:
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and is_part_of(value, whole[key]) for key, value in part.items())
    return part == whole


@pytest.mark.parametrize("book", [FULL, SHORT], ids=["full", "short"])
def test_the_seeds_own_manifests_survive_a_rewrite(book: Json) -> None:
    """A path as bookFile, no times, the word "claimed", fields we do not know: read, and written as they were."""
    again = json.loads(encode(read(book)))
    moments = {"claimedAt": "2026-01-01T00:01:00.000Z"}
    expected = json.loads(json.dumps(book).replace("2026-01-01T00:01:00Z", moments["claimedAt"]))

    assert is_part_of(expected, again)
    assert problems_of(json.dumps(book).encode()) == problems_of(json.dumps(again).encode()) == []
    assert "createdAt" in again or "createdAt" not in book


def test_a_foreign_path_is_never_opened() -> None:
    """Of a path that another program wrote only the last part is a name here, in the book's own folder."""
    assert (read(FULL).book_file, read(SHORT).book_file) == ("the-hobbit.epub", "book.epub")


def test_claimed_is_somebodys() -> None:
    """A chapter that says claimed is as taken as one in progress; so the reaper frees it one day."""
    book = read(FULL)

    assert [task.chapter for task, _ in live_claims(book)] == [2, 3]


def test_only_those_who_work_are_named_in_claimed_by() -> None:
    """What waits, failed or is completed has its last claim under a key of ours: others take it for a process."""
    taken = claim(split_book(1, 2), by=make_claim(), now=EPOCH)
    failed = fail(
        taken,
        task=live_claims(taken)[0][0],
        fence=fence_of(taken, 2),
        now=EPOCH,
        error=Reason(Code.CRASHED, "e"),
        max_attempts=1,
    )
    waits = fail(
        taken,
        task=live_claims(taken)[0][0],
        fence=fence_of(taken, 2),
        now=EPOCH,
        error=Reason(Code.CRASHED, "e"),
        max_attempts=9,
    )

    for book in (failed, waits, with_chapter(merged_book(1, 2), 2, claim=make_claim())):
        row = rows_of(book)["2"]
        assert not row.keys() & {"claimedBy", "claimedAt", "claimedBoot", "claimId"}
        assert read(json.loads(encode(book))) == book
    assert rows_of(taken)["2"]["claimedBy"] == "4711 worker-1@somewhere:4711:815"


def fence_of(book: Manifest, number: int) -> Fence:
    fence = book.chapters[number].fence
    assert fence is not None
    return fence


def test_the_last_chapter_is_not_completed_before_the_guide() -> None:
    """What counts completed chapters shows less than all until the guide is written, and never less than before."""
    book, counts = merged_book(1, 2, 3), []
    for number in (2, 3, 1):
        book = with_chapter(book, number, status=Status.COMPLETED, completed_at=EPOCH)
        rows = rows_of(book)
        counts.append([key for key, row in rows.items() if row["status"] == "completed"])
        assert not any("claimedBy" in row for row in rows.values())
        assert read(json.loads(encode(book))) == book
    last = rows_of(with_step(book, Stage.COMPILE))

    assert counts == [[], ["2"], ["1", "2"]]
    assert [row["status"] for row in last.values()] == ["completed"] * 3


def test_a_takeover_is_no_claim_of_ours() -> None:
    """A foreign claim over ours has neither our id nor our boot, so that our late commit is refused."""
    taken = claim(split_book(1), by=make_claim(boot="b/1"), now=EPOCH)
    theirs = with_row(taken, 1, status="claimed")
    entry = theirs.chapters[1]

    assert entry.claim is not None and entry.is_live
    assert (entry.claim.owner, entry.claim.boot, entry.claim.claim_id) == ("4711", "", "")
    assert entry.fence != taken.chapters[1].fence


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_what_another_program_ended_is_done_again(status: str) -> None:
    """A chapter that a foreign program ended has no scenes of ours: it waits at its stage again, with a word why."""
    book = with_row(split_book(1, 2), 2, status=status, completedAt=THEN, error="Rate limit")
    back = take_back(book, max_attempts=3)

    assert (back.chapters[2].status, back.chapters[2].stage) == (Status.PENDING, Stage.ANALYZE)
    assert "4711" in (back.chapters[2].error or "")
    assert take_back(back, max_attempts=3) is back
    assert back.chapters[1] is book.chapters[1]


def test_what_another_program_ended_late_reopens_the_guide() -> None:
    """In a finished book only the pictures that are missing are drawn, and merged and written again is what follows."""
    book = with_row(done_book(1, 2), 1, status="completed", completedAt=THEN)
    back = take_back(book, max_attempts=3)

    assert (back.chapters[1].status, back.chapters[1].stage) == (Status.PENDING, Stage.ILLUSTRATE)
    assert [back.steps[step].status for step in (Stage.MERGE, Stage.COMPILE)] == [Status.COMPLETED, Status.PENDING]


@pytest.mark.parametrize("worn_by", [{"retry_count": 3}, {"retry_count": 1, "rejected": True}])
def test_a_chapter_without_tries_left_is_named(worn_by: dict[str, object]) -> None:
    """One that had failed for good before another program ended it fails again, with the command that tries it."""
    worn = with_chapter(split_book(1), 1, status=Status.FAILED, failed_at=EPOCH, **worn_by)
    back = take_back(with_row(worn, 1, status="completed", completedAt=THEN), max_attempts=3)

    assert back.chapters[1].status is Status.FAILED
    assert "imaginizectl retry" in (back.chapters[1].error or "")


def test_what_was_cancelled_stays_so() -> None:
    """A foreign program that takes up what a person cancelled does not bring it back."""
    gone = with_chapter(
        split_book(1), 1, status=Status.FAILED, failed_at=EPOCH, reason=Reason(Code.CANCELLED, "cancelled by somebody")
    )
    back = take_back(with_row(gone, 1, status="completed", completedAt=THEN), max_attempts=3)

    assert (back.chapters[1].status, back.chapters[1].error) == (Status.FAILED, "cancelled by somebody")


def test_ours_is_left_alone() -> None:
    """Nothing of a book in which no foreign program was is taken back, whatever it is in."""
    taken = claim(split_book(1, stages=(Stage.ANALYZE,)), by=make_claim(), now=EPOCH)
    done = complete(taken, task=live_claims(taken)[0][0], fence=fence_of(taken, 1), now=EPOCH)

    for book in (admitted_book(), split_book(1), taken, done, done_book(1), read(FULL)):
        assert take_back(book, max_attempts=1) is book
    assert REDONE in take_back(with_row(split_book(1), 1, status="completed"), max_attempts=2).chapters[1].error  # type: ignore[operator]


@pytest.mark.parametrize("book", [FULL, SHORT], ids=["full", "short"])
def test_a_folder_that_another_program_made_is_left_alone(book: Json) -> None:
    """Nobody claims anything in it, whatever is approved, and its status says why and what to do instead."""
    theirs = read(book)
    freed = replace(theirs, chapters={n: replace(row, status=Status.PENDING) for n, row in theirs.chapters.items()})

    assert claimable(freed, now=EPOCH) == claimable(approve(freed), now=EPOCH) == []
    assert phase(freed) is Phase.HELD
    assert freed.hold is not None and "drop its file into the inbox" in freed.hold.reason

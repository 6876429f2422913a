"""What happened to a book: what each change tells, and the log of that, which neither tears nor gaps."""

import json
import os
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import ManualClock
from imaginized.guide.markdown import progress_md
from imaginized.logs.log import get_log
from imaginized.queue.cancelling import cancel
from imaginized.queue.change import Change
from imaginized.queue.codec import encode
from imaginized.queue.events import BookEvent, Happening
from imaginized.queue.holding import approve, hold, let_go
from imaginized.queue.manifest import Claim, Hold, Manifest, Stage, Status, Task
from imaginized.queue.redoing import reopen_lost, restart, retry, take_back
from imaginized.queue.transitions import checkpoint, claim, complete, complete_split, fail, reap, release
from imaginized.reasons import Code, Reason
from imaginized.store.eventlog import Extent, append_events, read_events
from imaginized.store.library import Library
from imaginized.store.locking import locked
from imaginized.story.text import ChapterText
from imaginized.work.progress import progress_of
from imaginized.work.progress_file import LateReports
from tests.support.manifests import EPOCH, admitted_book, done_book, make_claim, merged_book, split_book, with_chapter

BOOK = "a-book-00000000"
ANALYZE_1 = Task(stage=Stage.ANALYZE, chapter=1)


def claimed(manifest: Manifest, claim_id: str = "c1") -> Manifest:
    return claim(manifest, by=make_claim(claim_id), now=EPOCH).manifest


def names(change: Change) -> list[str]:
    return [event.name for event in change.events]


def dated(event: Happening) -> BookEvent:
    return BookEvent(at=EPOCH, **{each.name: getattr(event, each.name) for each in fields(Happening)})


def failing(manifest: Manifest, *, error: str = "no ink", max_attempts: int = 3) -> Change:
    fence = manifest.chapters[1].fence
    assert fence is not None
    return fail(
        manifest, task=ANALYZE_1, fence=fence, now=EPOCH, error=Reason(Code.CRASHED, error), max_attempts=max_attempts
    )


def releasing(manifest: Manifest) -> Change:
    fence = manifest.chapters[1].fence
    assert fence is not None
    return release(manifest, task=ANALYZE_1, fence=fence)


# what a change tells


def test_a_claim_tells_who_took_what() -> None:
    """A claim is an event with chapter, stage, attempt and slot."""
    book = split_book(5)
    (event,) = claim(book, by=make_claim(), now=EPOCH).events

    assert event == Happening(name="chapter_claimed", chapter=1, stage=Stage.ANALYZE, attempt=1, worker="worker-1")


def test_a_stage_that_ends_well_is_told_with_its_stage() -> None:
    """A chapter that goes on to its next stage has completed the one before."""
    book = claimed(split_book(5))
    fence = book.chapters[1].fence
    assert fence is not None
    (event,) = complete(book, task=ANALYZE_1, fence=fence, now=EPOCH).events

    assert (event.name, event.stage, event.attempt) == ("chapter_completed", Stage.ANALYZE, 1)


def test_a_failure_tells_why_and_whether_it_is_tried_again() -> None:
    """With attempts left a failure says so; the last one does not."""
    book = claimed(split_book(5))
    (first,) = failing(book).events
    (last,) = failing(book, max_attempts=1).events

    assert (first.name, first.reason, first.again) == ("chapter_failed", "no ink", True)
    assert (last.name, last.reason, last.again) == ("chapter_failed", "no ink", False)


def test_the_same_failure_again_is_no_release() -> None:
    """A second attempt that fails for the same reason is told from one that was given back."""
    book = claimed(failing(claimed(split_book(5))).manifest, "c2")

    assert names(failing(book)) == ["chapter_failed"]
    assert names(releasing(book)) == ["claim_released"]


def test_a_release_after_a_kept_part_is_a_release() -> None:
    """Once a part was kept there is no count to give back; it is a release all the same."""
    book = claimed(split_book(5))
    fence = book.chapters[1].fence
    assert fence is not None
    part = checkpoint(book, task=ANALYZE_1, fence=fence)
    kept = part.manifest

    assert names(part) == []
    assert names(releasing(kept)) == ["claim_released"]
    assert names(failing(kept)) == ["chapter_failed"]


def test_freed_and_taken_in_one_update_are_two_events() -> None:
    """A worker that reaps its own lost claim and takes the chapter anew leaves no gap between them."""
    book = claimed(split_book(5))
    freed = reap(book, is_over=lambda _: "it could not be given back", now=EPOCH, max_attempts=3)
    first, second = freed.then(partial(claim, by=make_claim("c2"), now=EPOCH)).events

    assert (first.name, first.attempt, first.reason) == ("chapter_failed", 1, "it could not be given back")
    assert (second.name, second.attempt) == ("chapter_claimed", 2)


def test_a_split_tells_how_many_chapters() -> None:
    """The step's end and the chapters it found are events."""
    book = claimed(admitted_book())
    fence = book.steps[Stage.SPLIT].fence
    assert fence is not None
    texts = [ChapterText(number=n, title=f"{n}", paragraphs=()) for n in (1, 2)]
    after = complete_split(book, fence=fence, now=EPOCH, title="Oz", chapters=texts, chapter_stages=(Stage.ANALYZE,))
    step, split = after.events

    assert (step.name, step.stage) == ("step_completed", Stage.SPLIT)
    assert (split.name, split.details) == ("book_split", {"chapters": 2, "title": "Oz"})


def test_retry_and_cancel_are_told() -> None:
    """What a person asks for is in the log: of chapters and of the steps that follow."""
    done, waiting = done_book(5), split_book(5)

    assert names(retry(done, chapters=[1])) == ["step_retried", "step_retried", "chapter_retried"]
    assert names(cancel(waiting, now=EPOCH, reason="enough")) == [
        "step_failed",
        "step_failed",
        "chapter_failed",
    ]


def test_what_was_done_before_its_redo_was_cancelled_is_told_as_such() -> None:
    """The report does not end with a chapter put back to work, nor does it call a cancelled redo done."""
    again = retry(done_book(5), chapters=[1]).manifest
    waiting = cancel(again, now=EPOCH, reason="enough").events
    live = claimed(again)
    working = cancel(live, now=EPOCH, reason="enough").events
    report = progress_of(again, [dated(event) for event in waiting + working])

    assert [event.details for event in waiting + working] == [{"redo": "cancelled"}] * 6
    told = [entry.message for entry in report.entries if entry.message.startswith("Chapter 1")]
    assert len(told) == 2
    assert all(message.endswith("doing it again was cancelled; it is as it was before") for message in told)


def test_a_hold_and_what_ends_it_are_told_with_the_reason() -> None:
    """Why a book waits is in its log, and who let it go on: a person, or the next day."""
    book, until = split_book(5), EPOCH + timedelta(days=1)
    dear = hold(book, why=Hold(reason="dear", since=EPOCH, approve_usd=0.5))
    today = hold(book, why=Hold(reason="the day's cap", since=EPOCH, until=until))
    (held,), (waits,), (approved,) = dear.events, today.events, approve(dear.manifest).events

    assert (held.name, held.reason, held.details) == ("book_held", "dear", {})
    assert (waits.name, waits.details) == ("book_held", {"until": until.isoformat(timespec="seconds")})
    assert (approved.name, approved.details) == ("book_approved", {"may_cost_usd": 0.5, "any_price": False})
    assert names(let_go(today.manifest)) == ["book_resumed"]


def test_a_book_done_again_as_another_profile_tells_it() -> None:
    """A person who wants the whole book anew: every step is put back, a live claim is given back, the profile named."""
    book = hold(claimed(split_book(5)), why=Hold(reason="dear", since=EPOCH)).manifest
    change = restart(book, profile="calm")

    assert names(change) == [
        "step_retried",
        "step_changed",
        "step_changed",
        "claim_released",
        "book_resumed",
        "book_changed",
    ]
    assert change.events[-1].details == {"profile": "calm"}


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED])
@pytest.mark.parametrize(("tries", "name"), [(0, "chapter_retried"), (3, "chapter_failed")])
def test_what_another_program_ended_is_told_once_it_is_taken_back(status: Status, tries: int, name: str) -> None:
    """A program that knows only the seed tells nobody: what becomes of its chapter here is told, and why."""
    theirs = Claim(owner="4711", boot="", claim_id="", claimed_at=EPOCH)
    book = with_chapter(split_book(5), 1, status=status, claim=theirs, retry_count=tries)
    change = take_back(book, max_attempts=3)
    (event,) = change.events

    assert (event.name, event.chapter, event.stage) == (name, 1, Stage.ANALYZE)
    assert event.code is (Code.ELSEWHERE if tries else None)
    assert take_back(change.manifest, max_attempts=3).events == ()


def test_work_that_is_gone_is_told_with_the_reason() -> None:
    """Whoever finds it waits, and says why; the step and the chapter that made it are put back to work."""
    book = claimed(merged_book(5))
    task = Task(stage=Stage.ILLUSTRATE, chapter=1)
    fence, why = book.chapters[1].fence, Reason(Code.FILES_LOST, "the split is gone")
    assert fence is not None
    change = reopen_lost(book, task=task, fence=fence, lost=[Task(stage=Stage.SPLIT)], reason=why)
    failure = change.events[0]

    assert (failure.name, failure.reason, failure.code, failure.again) == (
        "chapter_failed",
        "the split is gone",
        Code.FILES_LOST,
        True,
    )
    assert [(event.name, event.stage) for event in change.events[1:]] == [
        ("step_retried", Stage.SPLIT),
        ("step_retried", Stage.MERGE),
    ]


# the log


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one admitted and split book."""
    root = tmp_path / "library"
    library = Library(root, clock=ManualClock())
    files = library.files(BOOK)
    files.root.mkdir(parents=True)
    files.manifest.write_bytes(encode(replace(split_book(5, 3), book_id=BOOK)))
    return library


def take(library: Library, claim_id: str = "c1") -> None:
    library.update(BOOK, partial(claim, by=make_claim(claim_id), now=EPOCH))


def numbers(library: Library) -> list[int]:
    return [json.loads(line)["number"] for line in library.files(BOOK).events.read_text().splitlines()]


def told(library: Library) -> list[str]:
    manifest = library.read(BOOK)
    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
    return [event.name for event in read_events(library.files(BOOK).events, extent=extent)]


def test_each_change_is_one_numbered_line(library: Library) -> None:
    """Updates append lines whose numbers have no gap, and the manifest says how far they go."""
    take(library)
    library.update(BOOK, releasing)
    take(library, "c2")

    assert numbers(library) == [1, 2, 3]
    assert told(library) == ["chapter_claimed", "claim_released", "chapter_claimed"]
    assert library.read(BOOK).event_count == 3


@pytest.mark.parametrize("left", [b'{"number": 2, "at": "2026', b'{"number": 2, "event": "chapter_failed"}\n'])
def test_a_line_of_a_change_that_never_came_to_be_goes(library: Library, left: bytes) -> None:
    """Killed between line and manifest, whole or torn: readers never see the line, the next writer cuts it."""
    take(library)
    with library.files(BOOK).events.open("ab") as log:
        log.write(left)

    assert told(library) == ["chapter_claimed"]
    library.update(BOOK, releasing)
    assert numbers(library) == [1, 2]
    assert told(library) == ["chapter_claimed", "claim_released"]


def test_lines_that_a_power_cut_took_are_said_to_be_lost(library: Library) -> None:
    """A log shorter than the manifest says is gone on with the next number, and names what is missing."""
    take(library)
    library.update(BOOK, releasing)
    take(library, "c2")
    path = library.files(BOOK).events
    os.truncate(path, len(path.read_bytes().splitlines(keepends=True)[0]) + 7)
    library.update(BOOK, releasing)

    assert numbers(library) == [1, 4, 5]
    assert told(library) == ["chapter_claimed", "events_lost", "claim_released"]
    assert "2 to 3" in path.read_text()


def test_a_program_that_drops_our_counts_costs_no_history(library: Library) -> None:
    """When another program rewrote the manifest without them, the lines are counted anew, a torn one is cut."""
    take(library)
    files = library.files(BOOK)
    files.manifest.write_bytes(encode(replace(library.read(BOOK), event_count=0, event_bytes=None)))
    with files.events.open("ab") as log:
        log.write(b'{"number": 2, "ev')
    library.update(BOOK, releasing)

    assert numbers(library) == [1, 2]
    assert library.read(BOOK).event_count == 2


def test_a_full_disk_leaves_log_and_manifest_as_they_were(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that could not be written whole is no part of the log, and nothing has happened."""
    take(library)
    write = os.write

    def short(fd: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(fd, data[:19])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: short(fd, bytes(data[:20])) if len(data) > 19 else short(fd, b""))
        with pytest.raises(OSError, match="No space"):
            library.update(BOOK, releasing)

    assert told(library) == ["chapter_claimed"]
    assert library.read(BOOK).chapters[1].status is Status.IN_PROGRESS
    library.update(BOOK, releasing)
    assert numbers(library) == [1, 2]


def test_an_event_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Everything an event holds survives the file, names that are no text included."""
    event = BookEvent(
        name="chapter_failed", at=EPOCH, chapter=3, stage=Stage.ILLUSTRATE, attempt=2, worker="worker-2",
        reason="“no ink”\n\x1b", again=True, details={"images": 4},
    )  # fmt: skip
    extent = append_events(tmp_path / "data" / "events.jsonl", [event], at=EPOCH, extent=Extent())

    assert read_events(tmp_path / "data" / "events.jsonl", extent=extent) == [event]
    assert extent.size == (tmp_path / "data" / "events.jsonl").stat().st_size


# progress.md


def test_the_report_tells_what_a_reader_wants_to_know(library: Library) -> None:
    """progress.md has failures, retries and completions from the log, and the admission even where the log lacks it."""
    take(library)
    library.update(BOOK, failing)
    take(library, "c2")
    library.update(BOOK, partial(failing, max_attempts=1))
    manifest = library.update(BOOK, retry)
    events = read_events(library.files(BOOK).events, extent=Extent(size=manifest.event_bytes))
    report = progress_md(progress_of(manifest, events))

    assert "a book.epub was admitted" in report
    assert "⚠️ Chapter 1 (Chapter 1) failed in analyze: no ink; it is tried again" in report
    assert "❌ Chapter 1 (Chapter 1) failed in analyze: no ink\n" in report
    assert "Chapter 1 (Chapter 1) was put back to work" in report
    assert "claimed" not in report


def never() -> bool:
    return False


def test_reports_of_books_at_rest_catch_up_with_their_manifests(library: Library) -> None:
    """What a person changed, or a killed worker left out, is in progress.md once somebody is idle, written once."""
    progress = library.files(BOOK).progress
    late = LateReports(library, log=get_log())
    late.catch_up(until=never)
    first = progress.read_text()
    take(library)
    late.catch_up(until=never)
    while_worked_on = progress.read_text()
    library.update(BOOK, partial(failing, max_attempts=1))
    changed_at = library.files(BOOK).manifest.stat().st_mtime_ns
    os.utime(progress, ns=(changed_at, changed_at))  # in the same tick, before
    late.catch_up(until=never)
    inode = progress.stat().st_ino
    late.catch_up(until=never)

    assert "no ink" not in first
    assert while_worked_on == first
    assert "no ink" in progress.read_text()
    assert progress.stat().st_ino == inode


def test_f42_catching_up_on_reports_ends_at_a_word_and_continues_later(library: Library) -> None:
    """An idle worker that renders late reports looks for orders before each book, and never waits for a lock."""
    other = library.files("b-book")
    other.root.mkdir()
    other.manifest.write_bytes(encode(replace(library.read(BOOK), book_id="b-book")))
    reports = [library.files(BOOK).progress, other.progress]
    late = LateReports(library, log=get_log())
    rendered: list[list[bool]] = []
    late.catch_up(until=lambda: any(path.exists() for path in reports))
    rendered.append([path.exists() for path in reports])
    with locked(other.lock, wait_seconds=0):
        late.catch_up(until=never)
    rendered.append([path.exists() for path in reports])
    late.catch_up(until=never)
    rendered.append([path.exists() for path in reports])

    assert rendered == [[True, False], [True, False], [True, True]]

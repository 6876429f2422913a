"""`progress.md` as it is added to: the same as one made anew, a long one once a second, the last one always."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import ManualClock
from imaginized.guide.markdown import progress_md
from imaginized.logs.log import get_log
from imaginized.queue.change import Change
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Manifest, Stage, Task
from imaginized.queue.transitions import claim, complete, fail
from imaginized.reasons import Code, Reason
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.library import Library
from imaginized.work.progress import progress_of
from imaginized.work.progress_file import AGAIN_SECONDS, LONG_BYTES, LateReports, render_owed, render_report
from tests.support.manifests import EPOCH, make_claim, split_book

BOOK = "a-book-00000000"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one admitted and split book."""
    library = Library(tmp_path / "library", clock=ManualClock())
    files = library.files(BOOK)
    files.root.mkdir(parents=True)
    files.manifest.write_bytes(encode(replace(split_book(5, 3), book_id=BOOK)))
    return library


def taken(library: Library) -> Task:
    """Claim the next chapter; returns its task."""
    before = library.read(BOOK)
    after = library.update(BOOK, partial(claim, by=make_claim("c"), now=EPOCH))
    number = next(n for n, entry in after.chapters.items() if entry is not before.chapters.get(n) and entry.is_live)
    return Task(stage=Stage.ANALYZE, chapter=number)


def end(library: Library, task: Task, *, error: str = "") -> None:
    def ended(manifest: Manifest) -> Change:
        entry = manifest.entry(task)
        assert entry is not None
        assert entry.fence is not None
        if not error:
            return complete(manifest, task=task, fence=entry.fence, now=EPOCH)
        reason = Reason(Code.CRASHED, error)
        return fail(manifest, task=task, fence=entry.fence, now=EPOCH, error=reason, max_attempts=3)

    library.update(BOOK, ended)


def anew(library: Library) -> str:
    """The report as all events make it."""
    manifest = library.read(BOOK)
    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
    return progress_md(progress_of(manifest, read_events(library.files(BOOK).events, extent=extent)))


def retitled(manifest: Manifest) -> Change:
    chapters = {number: replace(entry, title="Another Title") for number, entry in manifest.chapters.items()}
    return Change(replace(manifest, chapters=chapters))


def test_a_report_that_is_added_to_is_the_one_made_anew(library: Library) -> None:
    """Only new lines of the log are read; another title, or another log in its place, makes all of them anew."""
    log, files = get_log(), library.files(BOOK)
    seen = []
    for change in ("fail", "end", "title", "end", "log"):
        if change == "title":
            library.update(BOOK, retitled)
        elif change == "log":
            other = files.events.with_name("other")
            other.write_bytes(files.events.read_bytes().replace(b"no ink", b"no pen"))
            other.replace(files.events)
        else:
            end(library, taken(library), error="no ink" if change == "fail" else "")
        render_report(library, BOOK, log=log)
        seen.append((files.progress.read_text(), anew(library)))

    assert [one for one, _ in seen] == [other for _, other in seen]
    assert "no ink" in seen[0][0]
    assert "Another Title" in seen[2][0]
    assert "no pen" in seen[-1][0]


def long_report(library: Library, *, age_seconds: float = 0.0) -> Path:
    path = library.files(BOOK).progress
    path.write_text("long " * LONG_BYTES)
    status = path.stat()
    os.utime(path, (status.st_atime, status.st_mtime - age_seconds))
    return path


def test_a_long_report_is_put_off_and_made_up_for(library: Library) -> None:
    """Within a second of the last it is not written for a chapter; it is with the work that goes on, and when idle."""
    log = get_log()
    end(library, taken(library))
    path = long_report(library)
    render_report(library, BOOK, log=log)
    render_owed(library, log=log)
    put_off = path.read_text()
    long_report(library, age_seconds=AGAIN_SECONDS)
    render_owed(library, log=log)
    made_up_for, anew_then = path.read_text(), anew(library)
    taken(library)
    long_report(library)
    render_report(library, BOOK, log=log)
    os.utime(path, (0, 0))
    LateReports(library, log=log).catch_up(until=lambda: False)

    assert put_off.startswith("long")
    assert made_up_for == anew_then
    assert path.read_text() == anew(library)


def test_the_last_report_is_written_at_once(library: Library) -> None:
    """Where no chapter is left to tell of, nothing is put off."""
    for _ in range(2):
        end(library, taken(library))
    path = long_report(library)
    render_report(library, BOOK, log=get_log())

    assert path.read_text() == anew(library)


def test_an_empty_report_is_no_report(library: Library) -> None:
    """It is not synced: what a power cut has left of it is made again."""
    late = LateReports(library, log=get_log())
    late.catch_up(until=lambda: False)
    path = library.files(BOOK).progress
    path.write_text("")
    LateReports(library, log=get_log()).catch_up(until=lambda: False)

    assert path.read_text() == anew(library)

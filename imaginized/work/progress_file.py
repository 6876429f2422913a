"""`progress.md`, rendered from a book's log of events: by the worker that changed it, else by one that is idle."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.guide.markdown import progress_head, progress_log
from imaginized.logs.log import Log
from imaginized.queue.manifest import STEPS, Manifest
from imaginized.queue.openness import is_open
from imaginized.queue.plan import live_claims
from imaginized.queue.way import next_unfinished
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import BookFiles
from imaginized.store.library import Library, NoSuchBook
from imaginized.work.progress import admitted, entries_of, progress_of

LONG_BYTES = 64 * 1024  # of a report: one of 2,000 chapters has 400 kB, and is not written for each of them
AGAIN_SECONDS = 1.0
REMEMBERED_BOOKS = 8

_told: dict[Path, "_Told"] = {}
_owed: set[tuple[Path, str]] = set()  # books whose report this process has put off


def render_report(library: Library, book: str, *, log: Log) -> None:
    """Bring a book's report up to date, a long one once a second; what stands in the way does not undo the work."""
    try:
        if _is_just_written(library.files(book)) and _goes_on(library.read(book, is_glance=True)):
            _owed.add((library.root, book))
            return
        _render(library, book)
        _close_if_over(library, book)
    except (OSError, LibraryBusy, ManifestCorrupt, NoSuchBook) as error:
        log.warning("error_caught", book=book, reason=f"progress.md: {error}")


def render_owed(library: Library, *, log: Log) -> None:
    """Bring those up to date that were put off; cheap where there are none. Called as the work on the next goes on."""
    for root, book in tuple(_owed):
        if root == library.root and not _is_just_written(library.files(book)):
            _owed.discard((root, book))
            render_report(library, book, log=log)


def _goes_on(manifest: Manifest) -> bool:
    """Whether more will be told of the book soon: the last report is always written at once."""
    stage = next_unfinished(manifest)
    return manifest.hold is None and stage is not None and stage not in STEPS


class LateReports:
    """The reports that are older than their books: a person cancelled something, or a worker was killed just then."""

    def __init__(self, library: Library, *, log: Log) -> None:
        """Look at nothing yet."""
        self._library = library
        self._log = log
        self._looked_at: dict[str, int] = {}

    def catch_up(self, *, until: Callable[[], bool]) -> None:
        """Render them, each state of a book once. A book that somebody works on is left to them.

        Stops between two books once `until` is true: in a large library this takes seconds. The next call continues.
        """
        for book in self._library.open_books():
            if until():
                return
            try:
                changed_at = self._library.files(book).manifest.stat().st_mtime_ns
                # One stat a book is all that a library costs in which nothing happens.
                if self._looked_at.get(book) == changed_at or self._is_left_to_others(book):
                    continue
            except (OSError, ManifestCorrupt, NoSuchBook):
                continue  # gone, or set aside for a person
            # In one tick of the file system's clock, the report may be from before the change.
            if _written_at(self._library.files(book)) > changed_at or self._is_rendered(book):
                self._looked_at[book] = changed_at
                _close_if_over(self._library, book)

    def _is_left_to_others(self, book: str) -> bool:
        is_put_off = (self._library.root, book) in _owed
        return not is_put_off and any(live_claims(self._library.read(book)))

    def _is_rendered(self, book: str) -> bool:
        """Render it; False while somebody has the book's lock, which is not waited for: orders go unheard meanwhile."""
        try:
            _render(self._library, book, wait_seconds=0)
        except LibraryBusy:
            return False
        except (OSError, ManifestCorrupt, NoSuchBook) as error:
            self._log.warning("error_caught", book=book, reason=f"progress.md: {error}")
        return True


def _render(library: Library, book: str, *, wait_seconds: float | None = None) -> None:
    files = library.files(book)
    library.render(book, files.progress, partial(_text, files=files), wait_seconds=wait_seconds)
    _owed.discard((library.root, book))


def _close_if_over(library: Library, book: str) -> None:
    """Have nobody look at a book again that is over: now that its report is there."""
    with suppress(LibraryBusy, ManifestCorrupt, NoSuchBook, OSError):  # the next round of the sweep closes it
        if not is_open(library.read(book, is_glance=True)):
            library.settle(book)  # which looks again


def _written_at(files: BookFiles) -> int:
    """When the report was written, nanoseconds; 0 for never, and where a power cut has left an empty one."""
    try:
        status = files.progress.stat()
    except OSError:
        return 0
    return status.st_mtime_ns if status.st_size else 0


def _is_just_written(files: BookFiles) -> bool:
    """Whether a long report is so new that it can wait."""
    try:
        status = files.progress.stat()
    except OSError:
        return False
    return status.st_size > LONG_BYTES and 0 <= time.time() - status.st_mtime < AGAIN_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a report told when it was made last: the log only grows, so the next one adds what is new.

    Attributes:
        of: What the lines are made of beside the events: another title, or other stages, make all of them anew.
        size: Bytes of the log that are in it.
        log: Its lines.
    """

    of: tuple[object, ...]
    size: int
    log: str


def _text(manifest: Manifest, *, files: BookFiles) -> str:
    told = _told.pop(files.root, None)
    size, of = manifest.event_bytes, _made_of(manifest, files=files)
    if told is None or told.of != of or size is None or told.size > size:
        told = _Told(of=of, size=0, log=progress_log([admitted(manifest)]))
    events = read_events(files.events, extent=Extent(count=manifest.event_count, size=size), since=told.size)
    log = told.log + progress_log(entries_of(events, manifest=manifest))
    if size is not None:
        _told[files.root] = replace(told, size=size, log=log)
        if len(_told) > REMEMBERED_BOOKS:
            del _told[next(iter(_told))]
    return progress_head(progress_of(manifest, ())) + log + "\n"


def _made_of(manifest: Manifest, *, files: BookFiles) -> tuple[object, ...]:
    try:
        log = files.events.stat().st_ino  # a person may have put another one there
    except OSError:
        log = 0
    titles = manifest.standing.titles
    return (manifest.book_id, manifest.original_name, manifest.created_at, manifest.chapter_stages, log, titles)

"""`progress.md`, rendered from a book's log of events: by the worker that changed it, else by one that is idle."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.guide.markdown import progress_md
from imaginized.logs.log import Log
from imaginized.queue.manifest import Manifest
from imaginized.queue.openness import is_open
from imaginized.queue.plan import live_claims
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import BookFiles
from imaginized.store.library import Library, NoSuchBook
from imaginized.work.progress import progress_of


def render_report(library: Library, book: str, *, log: Log) -> None:
    """Bring a book's report up to date; what stands in the way of that does not undo the work."""
    try:
        _render(library, book)
        _close_if_over(library, book)
    except (OSError, LibraryBusy, ManifestCorrupt, NoSuchBook) as error:
        log.warning("error_caught", book=book, reason=f"progress.md: {error}")


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
                if self._looked_at.get(book) == changed_at or any(live_claims(self._library.read(book))):
                    continue
            except (OSError, ManifestCorrupt, NoSuchBook):
                continue  # gone, or set aside for a person
            # In one tick of the file system's clock, the report may be from before the change.
            if _written_at(self._library.files(book)) > changed_at or self._is_rendered(book):
                self._looked_at[book] = changed_at
                _close_if_over(self._library, book)

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


def _close_if_over(library: Library, book: str) -> None:
    """Have nobody look at a book again that is over: now that its report is there."""
    with suppress(LibraryBusy, ManifestCorrupt, NoSuchBook, OSError):  # the next round of the sweep closes it
        if not is_open(library.read(book)):
            library.settle(book)


def _written_at(files: BookFiles) -> int:
    """When the report was written, nanoseconds; 0 for never."""
    try:
        return files.progress.stat().st_mtime_ns
    except OSError:
        return 0


def _text(manifest: Manifest, *, files: BookFiles) -> str:
    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
    return progress_md(progress_of(manifest, read_events(files.events, extent=extent)))

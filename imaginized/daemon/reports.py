"""`progress.md`, rendered from a book's log of events: by the worker that changed it, else by one that is idle."""

from functools import partial

from imaginized.book.manifest import Manifest
from imaginized.book.plan import live_claims
from imaginized.daemon.progress import progress_of
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.guide.markdown import progress_md
from imaginized.logs import Log
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import BookFiles
from imaginized.store.library import Library, NoSuchBook


def render_report(library: Library, book: str, *, log: Log) -> None:
    """Bring a book's report up to date; what stands in the way of that does not undo the work."""
    files = library.files(book)
    try:
        library.render(book, files.progress, partial(_text, files=files))
    except (OSError, LibraryBusy, ManifestCorrupt, NoSuchBook) as error:
        log.warning("error_caught", book=book, reason=f"progress.md: {error}")


class LateReports:
    """The reports that are older than their books: a person cancelled something, or a worker was killed just then."""

    def __init__(self, library: Library, *, log: Log) -> None:
        """Look at nothing yet."""
        self._library = library
        self._log = log
        self._looked_at: dict[str, int] = {}

    def catch_up(self) -> None:
        """Render them, each state of a book once. A book that somebody works on is left to them."""
        for book in self._library.books():
            try:
                changed_at = self._library.files(book).manifest.stat().st_mtime_ns
                if self._looked_at.get(book) == changed_at or any(live_claims(self._library.read(book))):
                    continue
            except (OSError, ManifestCorrupt, NoSuchBook):
                continue  # gone, or set aside for a person
            self._looked_at[book] = changed_at
            # In one tick of the file system's clock, the report may be from before the change.
            if _written_at(self._library.files(book)) <= changed_at:
                render_report(self._library, book, log=self._log)


def _written_at(files: BookFiles) -> int:
    """When the report was written, nanoseconds; 0 for never."""
    try:
        return files.progress.stat().st_mtime_ns
    except OSError:
        return 0


def _text(manifest: Manifest, *, files: BookFiles) -> str:
    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
    return progress_md(progress_of(manifest, read_events(files.events, extent=extent)))

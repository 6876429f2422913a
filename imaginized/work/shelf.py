"""Writes the shelf, `index.html` of the library, after a compile: what has not changed is neither read nor written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.guide.gallery import is_ours
from imaginized.guide.shelf import FIRST, ShelfBook, shelf_pages
from imaginized.logs.log import Log
from imaginized.queue.manifest import Manifest, Status
from imaginized.queue.plan import failed_chapters, phase, progress
from imaginized.store.files import BookFiles
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.locking import locked
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.store.room import DISK_FULL
from imaginized.store.writing import TEMPORARY, write_atomic

KNOWN = ".shelf.json"
LOCK = ".shelf.lock"
_WAIT_SECONDS = 30.0
_TRIES = 2
_PAGES = ("index.html", "Contents.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Of `data/book.json`, what the shelf shows."""

    title: str = ""
    sort_title: str = ""
    authors: tuple[str, ...] = ()
    cover: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A book as it was when its manifest was last read.

    Attributes:
        seen: Inode, time and size of that manifest.
    """

    seen: tuple[int, int, int]
    book: ShelfBook


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """`library/.shelf.json`: what the shelf was made of; made anew where it is lost or of another version."""

    schema: str = "imaginized.shelf/1"
    rows: dict[str, _Row] = field(default_factory=dict)


def write_shelf(library: Library, *, log: Log, ending: Manifest | None = None, has_page: bool = True) -> None:
    """Write the pages of the shelf that say something else now. A shelf that cannot be written harms no book.

    Args:
        library: Whose.
        log: Told what could not be written.
        ending: A book as its commit is about to make it: a shelf after the commit would be lost with a process that is
            killed between the two.
        has_page: Whether that book gets a page.

    Raises:
        OSError: The disk is full, and the book is not committed yet.
    """
    for _ in range(_TRIES):  # no later step looks for what is missing: a fault of a moment would leave it so for days
        try:
            # Under a lock of its own, and read only then: of two that end at once the later one has both.
            with locked(library.root / LOCK, wait_seconds=_WAIT_SECONDS):
                _write(library, ending=ending, page=_PAGES[0 if has_page else 1])
        except (OSError, LibraryBusy) as error:
            if ending is not None and isinstance(error, OSError) and error.errno in DISK_FULL:
                raise  # its commit needs room, too: the book is given back until there is some, and both are written
            log.warning("error_caught", reason=f"{FIRST} of the library was not written: {error}")
        else:
            return


def _write(library: Library, *, ending: Manifest | None, page: str) -> None:
    root = library.root
    for stray in (*root.glob(f".{FIRST}.*{TEMPORARY}"), *root.glob(f".*shelf*{TEMPORARY}")):
        stray.unlink(missing_ok=True)  # of one that was killed: who writes these holds our lock
    if (root / FIRST).exists() and not is_ours((root / FIRST).read_bytes()[:4096]):
        return  # somebody's own page
    known = _known(root)
    rows = dict(_rows(library, known=known, ending=ending, page=page))
    pages = shelf_pages([row.book for row in rows.values()])
    for name, text in pages.items():
        data = text.encode()
        if not _has(root / name, data):
            write_atomic(root / name, data)
    for path in root.glob("shelf-*.html"):
        if path.name not in pages and is_ours(path.read_bytes()[:4096]):
            path.unlink()
    if rows != known.rows:
        write_atomic(root / KNOWN, dump(_Shelf(rows=rows)), synced=False)  # lost or torn, it is made anew


def _known(root: Path) -> _Shelf:
    try:
        return load(root / KNOWN, _Shelf)
    except (FileNotFoundError, RecordUnreadable):
        return _Shelf()


def _rows(library: Library, *, known: _Shelf, ending: Manifest | None, page: str) -> Iterator[tuple[str, _Row]]:
    for book in library.books():
        try:
            status = library.files(book).manifest.stat()
            seen = (status.st_ino, status.st_mtime_ns, status.st_size)
            had = known.rows.get(book)
            if ending is not None and ending.book_id == book:
                # As of the manifest that is there still: until it changes, others keep what we say here.
                yield book, _Row(seen=seen, book=_shown(ending, files=library.files(book), page=page))
            elif had and had.seen == seen:
                yield book, had
            else:
                files = library.files(book)
                yield book, _Row(seen=seen, book=_shown(library.read(book), files=files, page=_page(files)))
        except (NoSuchBook, ManifestCorrupt, LibraryBusy, FileNotFoundError):
            continue  # gone meanwhile, or `status` says what is wrong with it


def _shown(manifest: Manifest, *, files: BookFiles, page: str) -> ShelfBook:
    try:
        facts = load(files.book, _Facts)
    except (FileNotFoundError, RecordUnreadable):
        facts = _Facts()
    return ShelfBook(
        book=manifest.book_id,
        title=facts.title or manifest.book_title or manifest.original_name,
        sort=facts.sort_title,
        authors=facts.authors,
        cover=facts.cover or "",
        page=page,
        phase=str(phase(manifest)),
        share=round(progress(manifest), 2),
        chapters=len(manifest.chapters),
        reason=_reason(manifest),
    )


def _page(files: BookFiles) -> str:
    return next((name for name in _PAGES if files.guide(name).exists()), "")


def _reason(manifest: Manifest) -> str:
    """Why it does not go on, or is not whole."""
    ended = next((entry.error for entry in manifest.steps.values() if entry.status is Status.FAILED), None)
    if ended is not None:
        return ended or ""
    if manifest.hold is not None:
        return manifest.hold.reason
    failed = failed_chapters(manifest)
    if not failed:
        return ""
    first = manifest.chapters[failed[0]].error or "no reason was recorded"
    return f"{len(failed)} of {len(manifest.chapters)} chapters failed: {first}"


def _has(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False

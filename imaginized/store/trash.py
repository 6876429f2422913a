"""Books that a person removed: out of the library by one rename, kept for a while, and brought back by another."""

import errno
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imaginized.errors import ManifestCorrupt
from imaginized.store.index import card_of
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.writing import make_folder, sync_folder

TRASH = ".trash"
KEPT_DAYS = 30
_MARK = "@"  # in no id of a book
_SECONDS = re.compile(r"[0-9]{1,11}")  # more are of no year that a date has


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """A book that was removed."""

    book: str
    removed_at: datetime
    folder: Path

    @property
    def until(self) -> datetime:
        """When it goes for good."""
        return self.removed_at + timedelta(days=KEPT_DAYS)


def throw_away(library: Library, book: str, *, now: datetime, wait_seconds: float | None = None) -> Trashed:
    """Take a book out of the library with everything that was made of it; the same file may be dropped again.

    Nobody's claim may stand by then: whoever worked on it finds no book, as after every other end of one.

    Raises:
        NoSuchBook: It is gone.
        LibraryBusy: Its lock did not come free in `wait_seconds`.
    """
    trash = library.root / TRASH
    if trash.is_symlink():  # what goes there would be out of the library, and emptied there
        raise NotADirectoryError(f"{trash} is a link, not a folder; remove it")
    make_folder(trash)
    seconds = int(now.timestamp())
    while (folder := trash / f"{book}{_MARK}{seconds}").exists():  # removed, dropped and removed within a second
        seconds += 1
    with library.alone(library.files(book), wait_seconds=wait_seconds):
        library.files(book).root.rename(folder)
        sync_folder(trash)  # first where it is now: after a power cut it is in both, and not in none
        sync_folder(library.root)
    library.index.forget([book])
    return Trashed(book=book, removed_at=datetime.fromtimestamp(seconds, UTC), folder=folder)


def bring_back(library: Library, trashed: Trashed) -> None:
    """Put a book back into the library, as it was.

    Raises:
        FileExistsError: The library has this book again, of the same file.
    """
    target = library.files(trashed.book).root
    try:
        if target.exists():
            raise FileExistsError(f"{trashed.book} is in the library")
        trashed.folder.rename(target)
    except OSError as error:
        if error.errno == errno.ENOTEMPTY:  # the same file was admitted between the two lines
            raise FileExistsError(f"{trashed.book} is in the library") from error
        raise
    with suppress(NoSuchBook, ManifestCorrupt):
        library.index.put([card_of(library.peek(trashed.book), book=trashed.book)])
    sync_folder(library.root)
    sync_folder(trashed.folder.parent)


def trashed_books(library: Library) -> list[Trashed]:
    """What was removed and is kept, the last one first."""
    return trashed_below(library.root)


def trashed_below(root: Path) -> list[Trashed]:
    """Likewise, of the library in a folder."""
    trash = root / TRASH
    # One that may not be looked into, or is no folder, holds none: the intake must not end for it.
    with suppress(OSError):
        if not trash.is_symlink():
            found = [each for folder in trash.iterdir() if (each := _trashed(folder)) is not None]
            return sorted(found, key=lambda each: each.removed_at, reverse=True)
    return []


def _trashed(folder: Path) -> Trashed | None:
    """The book of a folder that `throw_away` has named; None for whatever else somebody has put there."""
    book, _, seconds = folder.name.rpartition(_MARK)
    if not _SECONDS.fullmatch(seconds) or not book or book.startswith(".") or folder.is_symlink():
        return None
    with suppress(OSError):
        if folder.is_dir():
            return Trashed(book=book, removed_at=datetime.fromtimestamp(int(seconds), UTC), folder=folder)
    return None


def empty_trash(library: Library, *, now: datetime) -> list[str]:
    """Remove for good what was removed long enough ago; returns the ids. Killed at any point, the next call ends it."""
    old = [each for each in trashed_books(library) if each.until <= now]
    for each in old:
        shutil.rmtree(each.folder, ignore_errors=True)
    return [each.book for each in old]

"""Books that a person removed: out of the library by one rename, kept for a while, and brought back by another."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imaginized.store.library import Library
from imaginized.store.writing import make_folder, sync_folder

TRASH = ".trash"
KEPT_DAYS = 30
_MARK = "@"  # in no id of a book


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
    make_folder(trash)
    folder = trash / f"{book}{_MARK}{int(now.timestamp())}"
    with library.alone(library.files(book), wait_seconds=wait_seconds):
        library.files(book).root.rename(folder)
        sync_folder(trash)  # first where it is now: after a power cut it is in both, and not in none
        sync_folder(library.root)
    return Trashed(book=book, removed_at=now, folder=folder)


def bring_back(library: Library, trashed: Trashed) -> None:
    """Put a book back into the library, as it was.

    Raises:
        FileExistsError: The library has this book again, of the same file.
    """
    target = library.files(trashed.book).root
    if target.exists():
        raise FileExistsError(f"{trashed.book} is in the library")
    trashed.folder.rename(target)
    sync_folder(library.root)
    sync_folder(trashed.folder.parent)


def trashed_books(library: Library) -> list[Trashed]:
    """What was removed and is kept, the last one first."""
    found = []
    with suppress(FileNotFoundError):
        for folder in (library.root / TRASH).iterdir():
            book, _, seconds = folder.name.rpartition(_MARK)
            if book and seconds.isdecimal() and folder.is_dir():
                removed_at = datetime.fromtimestamp(int(seconds), UTC)
                found.append(Trashed(book=book, removed_at=removed_at, folder=folder))
    return sorted(found, key=lambda each: each.removed_at, reverse=True)


def empty_trash(library: Library, *, now: datetime) -> list[str]:
    """Remove for good what was removed long enough ago; returns the ids. Killed at any point, the next call ends it."""
    old = [each for each in trashed_books(library) if each.until <= now]
    for each in old:
        shutil.rmtree(each.folder, ignore_errors=True)
    return [each.book for each in old]

"""A library made of a backup: checked, never over another one, and with nobody at work in it."""

import json
import os
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import partial as bound
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import ManifestCorrupt
from imaginized.queue.change import Change
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import fence_of, live_claims
from imaginized.queue.transitions import release
from imaginized.store.backup import (
    ABOUT,
    COPIED,
    SCHEMA,
    SUMS,
    BackupWrong,
    book_folders,
    check,
    keep_owner,
    make_folders,
    read_sums,
)
from imaginized.store.library import Library
from imaginized.store.underway import under_way
from imaginized.store.writing import sync_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What became of a backup.

    Attributes:
        released: How many claims of the daemon that it was taken from were given back.
        unread: Books whose manifest cannot be read; they are there as they were.
    """

    books: int
    files: int
    released: int
    unread: tuple[str, ...]


def restore(backup: Path, to: Path, *, clock: Clock) -> Restored:
    """Make a library of a backup, under its name only once it is whole.

    Raises:
        BackupWrong: It is no backup, or a file of it is not as it was; or there is something where the library goes.
        LibraryBusy: Another program makes this library just now.
        OSError: Disk full, or it cannot be written there; nothing of that name is left.
    """
    count = _read_about(backup)
    digests = read_sums(backup)
    if len(digests) != count:  # else a list that was cut at a line's end would restore fewer books, and say nothing
        text = f"{backup / SUMS} names {len(digests)} files, and the backup had {count}; take another backup"
        raise BackupWrong(text)
    if (to.exists() and (not to.is_dir() or any(to.iterdir()))) or to.is_symlink():
        raise BackupWrong(f"{to} is not empty, and a restore overwrites nothing; move it away, or name another folder")
    if not to.parent.is_dir():
        raise BackupWrong(f"{to.parent} is not there; make it first")
    if to.parent.resolve().is_relative_to(backup.resolve()):
        raise BackupWrong(f"{to} lies within the backup; name another folder")
    if os.path.ismount(to):  # it cannot be put in place whole: nothing can be renamed over it
        inside = to / COPIED
        raise BackupWrong(f"{to} is a disk of its own; restore to {inside} with --library, and set paths.library to it")
    partial = to.with_name(f".{to.name}.restoring")
    with under_way(partial):
        for name in digests:
            _copy(backup / name, partial / name)
        check(partial, digests)
        found = _put_down(partial / COPIED, files=len(digests), clock=clock)
        os.sync()
        with suppress(FileNotFoundError):
            to.rmdir()
        (partial / COPIED).rename(to)
        shutil.rmtree(partial, ignore_errors=True)
    sync_folder(to.parent)
    return found


def _read_about(backup: Path) -> int:
    """How many files a backup has."""
    try:
        about = json.loads((backup / ABOUT).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BackupWrong(f"{backup} is not a whole backup of imaginized: {ABOUT} cannot be read") from error
    schema, count = (about.get("schema"), about.get("files")) if isinstance(about, dict) else (None, None)
    if schema != SCHEMA:
        raise BackupWrong(f"{backup} is a backup of another version ({str(schema)[:80]}); this one reads {SCHEMA}")
    if not isinstance(count, int):
        raise BackupWrong(f"{backup} is not a whole backup of imaginized: {ABOUT} does not say how many files it has")
    return count


def _copy(source: Path, to: Path) -> None:
    try:
        status = source.lstat()
        if not stat.S_ISREG(status.st_mode):  # a link would bring in what lies elsewhere
            raise BackupWrong(f"{source} is not a file; take another backup")
        make_folders(to.parent, status)
        shutil.copyfile(source, to)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupWrong(f"{source} is missing from the backup") from error
    keep_owner(to, status)


def _put_down(root: Path, *, files: int, clock: Clock) -> Restored:
    """Give back what somebody worked on: he works on the other library, and seen from this one he would for ever."""
    root.mkdir(parents=True, exist_ok=True)
    library, released, unread = Library(root, clock=clock), 0, []
    books = [each.root.name for each in book_folders(root)]
    for book in books:
        try:
            count = len(live_claims(library.read(book)))
            if count:
                library.update(book, put_down)
                released += count
        except ManifestCorrupt:
            unread.append(book)
    return Restored(books=len(books), files=files, released=released, unread=tuple(unread))


def put_down(manifest: Manifest) -> Change:
    """Give every claim back, at no cost of an attempt."""
    change = Change(manifest)
    for task, _ in live_claims(manifest):
        fence = fence_of(change.manifest, task)
        if fence is not None:
            change = change.then(bound(release, task=task, fence=fence))
    return change

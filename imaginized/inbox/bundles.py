"""A zip of books, taken apart: each becomes an entry of the inbox, and the zip goes to `.duplicates/` with a note.

Killed between any two steps, the zip is still in the inbox and is taken apart again: what is in the library, or lies in
the folder, by then is not put there a second time.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from imaginized.inbox.admission import Step, held_entry
from imaginized.inbox.arrivals import Sighting, reference_of
from imaginized.inbox.aside import DUPLICATES, opened_aside, put_taken_apart
from imaginized.inbox.sidecar import SIDECAR_SUFFIX, find_sidecar
from imaginized.reading.unpacker import take_apart
from imaginized.store.beneath import opened
from imaginized.store.library import Library
from imaginized.store.originals import HASHED_BYTES
from imaginized.store.writing import copy_durably, write_atomic

_MOST_TRIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unpacked:
    """One book out of the zip, in a file without a name, which goes with the process."""

    name: str
    fd: int
    size: int
    digest: str


def unpack(
    path: Path, *, sighting: Sighting, library: Library, inbox: Path, now: datetime, step: Step
) -> list[str] | None:
    """Put each book of a zip into its folder, then the zip aside; the names they have there.

    Args:
        path: The zip.
        sighting: As it was when it was found whole; anything else is left alone.
        library: Whose books need not be put there again.
        inbox: Where `.duplicates/` is.
        now: For the note.
        step: Told "unpacking" at every piece, "unpacked" after each book and "apart" at the end.

    Returns:
        The names; None if the zip is not what was seen, and still there.

    Raises:
        Rejected: It cannot be taken apart; what was put there before stays.
        OSError: No room, or no right; it is still in the inbox.
    """
    with held_entry(path, sighting=sighting) as held:
        if held is None:
            return None
        names = []
        with opened_aside(inbox, DUPLICATES, make=True) as spare:
            for name, pieces in take_apart(held.fd, step=partial(step, "unpacking")):
                with tempfile.TemporaryFile(dir=spare) as file:
                    book = _write(name, pieces, file=file)
                    if library.holder_of_digest(book.digest) is None and not _lies_there(held.entry.parent, book):
                        names.append(_place(book, beside=held.entry))
                step("unpacked")
        if not held.is_unchanged:
            return None
        status = held.status
        put_taken_apart(
            path,
            inbox=inbox,
            names=names,
            reference=reference_of(status),
            now=now,
            sidecar=find_sidecar(held.entry),
            inode=(status.st_dev, status.st_ino),
        )
        step("apart")
        return names


def _write(name: str, pieces: Iterator[bytes], *, file: IO[bytes]) -> _Unpacked:
    sha, size = hashlib.sha256(), 0
    for piece in pieces:
        sha.update(piece)
        size += len(piece)
        file.write(piece)
    file.flush()
    return _Unpacked(name=name, fd=file.fileno(), size=size, digest=sha.hexdigest())


def _lies_there(folder: Path, book: _Unpacked) -> bool:
    """Whether an earlier try, that was killed, put it there already."""
    with os.scandir(folder) as entries:
        same = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    return any(_is_same(folder / name, book) for name in same)


def _is_same(entry: Path, book: _Unpacked) -> bool:
    with suppress(OSError), opened(entry) as fd:
        if os.fstat(fd).st_size != book.size:
            return False
        sha, at = hashlib.sha256(), 0
        while block := os.pread(fd, HASHED_BYTES, at):
            sha.update(block)
            at += len(block)
        return sha.hexdigest() == book.digest
    return False


def _place(book: _Unpacked, *, beside: Path) -> str:
    """Copy it into the folder under a name that is free, what is asked for the zip beside it; that name."""
    sidecar = find_sidecar(beside)
    asked = sidecar.read_bytes() if sidecar is not None else None
    stem, suffix = os.path.splitext(book.name)  # noqa: PTH122 - a name, no path
    for number in range(1, _MOST_TRIES):
        target = beside.with_name(book.name if number == 1 else f"{stem}-{number}{suffix}")
        own = target.with_name(target.name + SIDECAR_SUFFIX)
        if os.path.lexists(target) or os.path.lexists(own):
            continue
        with suppress(FileExistsError):  # somebody took the name just now
            if asked is not None:
                write_atomic(own, asked, replace=False)  # first: a book is admitted as it is asked for then
            copy_durably(book.fd, target, replace=False)
            return target.name
    raise FileExistsError(f"no name is free for {book.name}")

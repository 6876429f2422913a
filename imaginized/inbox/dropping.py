"""Dropping a file into the inbox the way the daemon likes best, with what is asked for it beside it."""

import hashlib
import itertools
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from imaginized.inbox.arrivals import reference_of
from imaginized.store.beneath import opened, pinned
from imaginized.store.writing import copy_durably, write_atomic
from imaginized.story.sidecar_keys import sidecar_text

Asked = Mapping[str, str | int | float | bool]

NOTHING: Asked = {}


def copy_into(inbox: Path, file: Path, *, asked: Asked = NOTHING) -> Path:
    """Copy a file into the inbox so that it appears whole, under a name that is free there, after its sidecar.

    Others may write in the inbox, too: no link is followed there, and nothing is replaced.
    """
    names = itertools.chain([file.name], (f"{file.stem}-{number}{file.suffix}" for number in itertools.count(2)))
    with pinned(inbox) as folder, opened(file.resolve()) as reading:
        for name in names:
            target = folder / name
            if os.path.lexists(target) or os.path.lexists(_sidecar(target)):
                continue
            with suppress(FileExistsError):  # somebody took the name just now
                with _asked_beside(target, asked):
                    copy_durably(reading, target, replace=False)
                return inbox / name
    raise AssertionError("ran out of numbers")


@contextmanager
def _asked_beside(target: Path, asked: Asked) -> Iterator[None]:
    """The sidecar of a copy that is about to appear; gone again if it does not: it would be about the next book."""
    if not asked:
        yield
        return
    sidecar = _sidecar(target)
    write_atomic(sidecar, sidecar_text(asked).encode(), replace=False)
    written = sidecar.lstat()
    try:
        yield
    except BaseException as error:
        # A copy may be there all the same, its name only not synced: it is taken, and then as it was asked for.
        is_lonely = isinstance(error, FileExistsError) or not os.path.lexists(target)
        with suppress(FileNotFoundError):  # not moved away first, as by `remove_same`: on a full disk that fails
            if is_lonely and os.path.samestat(written, sidecar.lstat()):
                sidecar.unlink()
        raise


def _sidecar(book: Path) -> Path:
    return book.with_name(f"{book.name}.toml")


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex; never waits for a pipe.

    Raises:
        OSError: It is not a file, or cannot be read.
    """
    with opened(file.resolve()) as fd, open(fd, "rb", closefd=False) as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def reference_at(path: Path) -> str:
    """As the intake tells an entry from any other; "" where it is gone already."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return ""
    return reference_of(status) if stat.S_ISREG(status.st_mode) else ""

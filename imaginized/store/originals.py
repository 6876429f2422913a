"""The copy of a dropped file that a book keeps, checked against the digest by which the file was admitted."""

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imaginized.errors import ImaginizedError
from imaginized.store.copying import Shortened, copy_bytes

HASHED_BYTES = 1 << 20
ORIGINAL_MODE = 0o644  # nobody but the library's own user writes to an original, whatever the umask


class OriginalChanged(ImaginizedError):
    """What was copied is not what was hashed: the file was written to meanwhile. No book was made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A whole file of which a book is to be made.

    Attributes:
        fd: It, open for reading: by its name it might be another one by now.
        size: In bytes.
        digest: Its SHA-256, hex; the copy must have it, too.
    """

    fd: int
    size: int
    digest: str


def copy_original(
    original: Original, target: Path, *, is_wanted: Callable[[], bool], step: Callable[[str], None]
) -> None:
    """Make a copy that shares nothing with the file that was dropped, and that has the bytes that were hashed.

    Args:
        original: The file.
        target: Where the copy goes, a free name in a folder of its own.
        is_wanted: Asked once it is copied: whether the file is still there, as it was.
        step: Told "copied", then "verifying" at every block.

    Raises:
        OriginalChanged: The copy has another digest, or is not wanted any more; the folder is removed.
        OSError: Unreadable, or the disk is full; what is there of it stays.
    """
    fd = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, ORIGINAL_MODE)
    with open(fd, "rb") as copy:  # noqa: PTH123 - a descriptor
        with suppress(Shortened):  # the digest tells
            copy_bytes(original.fd, fd, size=original.size)
        step("copied")
        is_it = os.fstat(fd).st_size == original.size and _digest(fd, step=step) == original.digest
        if not is_it or not is_wanted():
            shutil.rmtree(target.parent)
            raise OriginalChanged(f"{target.name} went, or was written to, while it was copied")
        os.fsync(copy.fileno())


def _digest(fd: int, *, step: Callable[[str], None]) -> str:
    sha, at = hashlib.sha256(), 0
    while block := os.pread(fd, HASHED_BYTES, at):
        sha.update(block)
        at += len(block)
        step("verifying")
    return sha.hexdigest()

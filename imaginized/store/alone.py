"""One process at a time asks for the same of a book: a lock by what is asked, held for as long as the answer takes.

All locks of a book are single bytes of one file, so that no kill leaves a file behind. The kernel frees a byte when its
holder dies.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FLOCK = "hhqqixxxx"  # struct flock of Linux with 64-bit offsets: type, whence, start, length, pid
_DIGITS = 15  # of a digest, in hex: the offset of a byte has 63 bits
_HELD = frozenset((errno.EAGAIN, errno.EACCES))


class Alone:
    """The file of one book, opened by the process that asks."""

    def __init__(self, fd: int) -> None:
        """Take nothing yet."""
        self._fd = fd

    def is_taken(self, asked: str) -> bool:
        """Whether another process asks for that now; where none does, this one has it from here on.

        Args:
            asked: The digest of what is asked, hex.

        Raises:
            OSError: The file system has no such locks.
        """
        # Of the open file, not of the process (F_SETLK): those would go with any other descriptor that is closed.
        wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, int(asked[:_DIGITS], 16), 1, 0)
        try:
            fcntl.fcntl(self._fd, fcntl.F_OFD_SETLK, wanted)
        except OSError as error:
            if error.errno in _HELD:
                return True
            raise
        return False


@contextmanager
def alone(path: Path) -> Iterator[Alone]:
    """Open the file of a book's locks; what was taken is free again when the context ends.

    Args:
        path: Made when missing, never removed: whoever came next would lock another file of the same name.

    Raises:
        OSError: It cannot be made there: the folder is gone, the disk is full or read-only.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
    try:
        yield Alone(fd)
    finally:
        os.close(fd)

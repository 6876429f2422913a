"""Copying the bytes of an open file into a new one, as cheaply as the disk can; names and syncing are in `files`."""

import errno
import fcntl
import os
from contextlib import suppress

COPIED_BYTES = 1 << 20
FICLONE = 0x40049409  # linux/fs.h: share the blocks of another file
# What copy_file_range answers where it does not work: between two file systems, on old kernels, under a filter.
NOT_BY_KERNEL = frozenset((errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF))


class Shortened(OSError):
    """A file lost bytes while it was copied."""


def copy_bytes(source: int, target: int, *, size: int) -> None:
    """Fill a new, empty file with the first bytes of another: shared blocks where the disk can, holes stay holes.

    Raises:
        Shortened: It has fewer bytes by now.
        OSError: Disk full, or it cannot be read.
    """
    with suppress(OSError):  # another file system, or one that shares no blocks
        # A copy that shares blocks until one side is written to. A hard link would not do: an edit of the drop would
        # edit the book.
        fcntl.ioctl(target, FICLONE, source)
        return
    os.ftruncate(target, size)
    at = 0
    while at < size:
        try:
            # A preallocated file of 2 GB with nothing in it must not become 2 GB of zeros.
            at = os.lseek(source, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO and os.fstat(source).st_size >= size:  # nothing but a hole until the end
                return
            if error.errno == errno.ENXIO:
                raise _shortened() from error
            raise
        end = min(os.lseek(source, at, os.SEEK_HOLE), size)
        while at < end:
            count = _copy_some(source, target, at=at, most=min(end - at, COPIED_BYTES))
            if count == 0:
                raise _shortened()
            at += count


def _shortened() -> Shortened:
    return Shortened(errno.EBUSY, "it became shorter while it was copied; try again once no program writes to it")


def _copy_some(source: int, target: int, *, at: int, most: int) -> int:
    try:
        # Some file systems answer 0 where there are bytes: only what is read tells.
        if count := os.copy_file_range(source, target, most, at, at):
            return count
    except OSError as error:
        if error.errno not in NOT_BY_KERNEL:
            raise
    return os.pwrite(target, os.pread(source, most, at), at)

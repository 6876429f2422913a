"""Names that are made in advance: files that are empty until their content comes, which then needs no sync of a name.

A kill can leave a part of the content: only for what its reader knows by itself to be whole, as JSON is.
"""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from imaginized.store.writing import create, write_whole


def reserve(paths: Iterable[Path]) -> dict[Path, int]:
    """Make empty files of these names; returns the inodes of those that are there and empty now.

    Their folder is not synced: that is the caller's.

    Raises:
        OSError: Disk full or read-only; some may have been made.
    """
    found: dict[Path, int] = {}
    for path in paths:
        with suppress(FileExistsError):
            os.close(create(path, flags=os.O_EXCL))
        with suppress(FileNotFoundError):
            if (status := path.stat()).st_size == 0:
                found[path] = status.st_ino
    return found


def fill_reserved(path: Path, data: bytes, *, inode: int) -> bool:
    """Write the content of a reserved file in its place and sync it.

    Args:
        path: The file.
        data: All of it.
        inode: Of the one whose name was synced: one that another process has made since may have no name for good.

    Returns:
        Whether that was done: not where the file is gone, another one, has a content, or is just being removed.

    Raises:
        OSError: Disk full or failing; it is empty as before.
    """
    fd = _opened_alone(path)
    if fd is None:
        return False
    try:
        if os.fstat(fd).st_ino != inode:
            return False
        try:
            write_whole(fd, data)
            os.fdatasync(fd)
        except OSError:
            os.ftruncate(fd, 0)
            raise
    finally:
        os.close(fd)
    return True


def is_filled(path: Path) -> bool:
    """Whether the content has come: an empty file is only a name that was made for it."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def give_up(paths: Iterable[Path]) -> None:
    """Remove those that are empty still; only where nobody asks any more: a rename to one takes no lock."""
    for path in paths:
        with suppress(OSError):
            fd = _opened_alone(path)
            if fd is not None:
                try:
                    path.unlink(missing_ok=True)
                finally:
                    os.close(fd)


def give_up_all(folder: Path) -> None:
    """Remove those of a folder that killed processes have left."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith(".")]
        give_up(path for path in map(folder.joinpath, names) if path.lstat().st_size == 0)


def _opened_alone(path: Path) -> int | None:
    """A reserved file for whoever fills or removes it; None where somebody else has done so, or is at it."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        # Without the lock one could remove the name between the other's opening and his writing: what was paid for
        # would be in a file that has no name.
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        status = os.fstat(fd)
        if status.st_nlink and not status.st_size and os.path.samestat(status, path.lstat()):
            return fd
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(fd)
        raise
    os.close(fd)
    return None

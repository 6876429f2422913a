"""Folders in which others may write, too: opening, moving and removing there without following or replacing anything.

`pinned` gives a path that stays in its folder, whoever renames or replaces that folder meanwhile. Then only the last
part of a path can be a link, and every function here refuses one.
"""

import ctypes
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LEAVING = ".leaving-"
DESCRIPTORS = Path("/proc/self/fd")
SHORT_STEM = 50
MOST_TRIES = 100

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NAMED = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_AT_FDCWD = -100
_NOREPLACE = 1
# What a file system, a C library or a filter that knows no renameat2 answers.
_UNKNOWN = frozenset((errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP))

IsSame = Callable[[os.stat_result], bool]


class NotAFile(OSError):
    """It is a link, a pipe, a socket, a device or a folder; it was not opened."""


class EntryChanged(OSError):
    """Somebody put something else in the place of an entry; it lies where it was put."""


@contextmanager
def pinned(root: Path, below: str | Path = "") -> Iterator[Path]:
    """The folder `root / below`, as a path that is valid while the context lasts; no link below `root` is followed.

    Raises:
        OSError: It is not there, or a part of `below` is not a folder (ENOTDIR, also for a link).
    """
    fd = os.open(root, _FOLDER)
    try:
        for part in Path(below).parts:
            if part == os.pardir:
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(below))
            # One part at a time is what openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS does, on any kernel.
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=fd)
            os.close(fd)
            fd = inner
        yield DESCRIPTORS / str(fd)
    finally:
        os.close(fd)


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A descriptor of a regular file, for reading. Never blocks, and opens nothing else, not even for a moment.

    Raises:
        NotAFile: It is something else.
        BlockingIOError: Its owner holds a lease on it.
        OSError: It cannot be opened.
    """
    named = os.open(path, _NAMED)  # opens nothing yet: opening a device may do something, a pipe wakes its writer
    try:
        if not stat.S_ISREG(os.fstat(named).st_mode):
            raise NotAFile(errno.EINVAL, "not a regular file", path.name)
        # By the descriptor, not by the name: what was looked at is what is opened. O_NONBLOCK, for a lease would hold
        # us up.
        fd = os.open(DESCRIPTORS / str(named), _READING)
    finally:
        os.close(named)
    try:
        yield fd
    finally:
        os.close(fd)


def move_new(source: Path, target: Path) -> None:
    """Rename, if nothing has the new name.

    Raises:
        FileExistsError: Something has.
        OSError: It cannot be renamed.
    """
    failed = _rename_new(os.fsencode(source), os.fsencode(target))
    if failed in _UNKNOWN:
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        source.rename(target)
    elif failed:
        raise OSError(failed, os.strerror(failed), str(source), None, str(target))


def remove_same(entry: Path, *, is_same: IsSame, moved: Callable[[], None] = lambda: None) -> bool:
    """Remove an entry if it is the one that is meant; returns whether it was. What took its place stays.

    Looked at and then removed by its name, it could be swapped in between. So it is first moved into a folder that
    nobody else can enter. Killed there, `put_back_all` returns it to its place.

    Args:
        entry: In a pinned folder.
        is_same: Whether this is the one.
        moved: Called while it is out of the others' reach.
    """
    with suppress(FileNotFoundError):
        if not is_same(entry.lstat()):
            return False
        with _private_folder(entry.parent) as private:
            hidden = private / entry.name
            # Moved, then looked at again: nobody can swap it any more where it lies now.
            entry.rename(hidden)
            try:
                moved()
                if is_same(hidden.lstat()):
                    hidden.unlink()
                    return True
            except Exception:  # not what ends the process: `put_back_all` is there for that
                put_back(hidden, entry)
                raise
            put_back(hidden, entry)
    return False


def put_back(hidden: Path, entry: Path) -> None:
    """Return something to its place, or beside it where that is taken by now.

    Raises:
        OSError: It cannot be moved.
    """
    names = [entry.name, *(f"{entry.stem[:SHORT_STEM]} ({number}){entry.suffix}" for number in range(2, MOST_TRIES))]
    for name in names:
        with suppress(FileExistsError):
            move_new(hidden, entry.with_name(name))
            return
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), entry.name)


def put_back_all(root: Path, folders: Iterable[str]) -> None:
    """Return what a process that was killed in `remove_same` had moved, in these folders below `root`."""
    for key in folders:
        with suppress(OSError), pinned(root, key) as folder:
            for path in [path for path in folder.iterdir() if path.name.startswith(LEAVING)]:
                with suppress(OSError):
                    with pinned(folder, path.name) as private:
                        for inner in private.iterdir():
                            put_back(inner, folder / inner.name)
                    path.rmdir()


@contextmanager
def _private_folder(parent: Path) -> Iterator[Path]:
    path = parent / f"{LEAVING}{secrets.token_hex(8)}"
    path.mkdir(mode=0o700)
    try:
        with pinned(parent, path.name) as private:
            yield private
    finally:
        with suppress(OSError):  # not empty: something could not be put back; the next start tries again
            path.rmdir()


def _rename_new(source: bytes, target: bytes) -> int:
    """The kernel's error number; 0 for none."""
    rename = getattr(_libc, "renameat2", None)  # of glibc since 2.28
    if rename is None:
        return errno.ENOSYS
    return 0 if rename(_AT_FDCWD, source, _AT_FDCWD, target, _NOREPLACE) == 0 else ctypes.get_errno()


_libc = ctypes.CDLL(None, use_errno=True)

"""Writing, moving and copying a file so that it is whole or absent, and so that its name survives a power cut.

Where the files of a book lie is in `files`.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path

from imaginized.store.beneath import EntryChanged, NotAFile, move_new, opened, remove_same
from imaginized.store.copying import copy_bytes

WRITTEN_TO = "it was written to while it was copied; try again once no program writes to it"
TEMPORARY = ".tmp"
SYNCED_FOLDERS = 1024
NUMBERED_FOLDERS = 64

_synced: dict[Path, None] = {}  # folders whose names this process has synced: once is enough, and it is slow
_numbers: dict[Path, int] = {}  # the last number that this process has written into a folder


def write_atomic(path: Path, data: bytes, *, durable: bool = False, replace: bool = True, synced: bool = True) -> None:
    """Replace `path` by `data`: readers see the old bytes or the new ones, never a part.

    Args:
        path: The file.
        data: All of it.
        durable: Whether the folder is synced too, so that a power cut after the return cannot bring the old bytes back.
        replace: Whether what has the name already is replaced.
        synced: Whether its bytes are on the disk before it has the name; False for what can be made again, and is
            where a power cut has left it empty.

    Raises:
        FileExistsError: Something has the name and is not to be replaced.
        OSError: Disk full or read-only; the old file stands, no temporary is left.
    """
    temporary, fd = _create_temporary(path)
    with gone_on_error(temporary):
        # Its bytes are on the disk before it has the name: after a power cut a name without bytes would be an empty
        # file.
        fill(fd, data, synced=synced)
        _name(temporary, path, replace=replace)
    if durable:
        sync_folder(path.parent)


def write_numbered(folder: Path, data: bytes, *, above: Path | None = None) -> Path:
    """Write a new file whose name is the next number that is free (1.json, 2.json …), whole, whoever else does so too.

    It is not synced: a power cut may take the last ones, or leave them empty.

    Raises:
        FileNotFoundError: `above` is not there, below which the folder is made.
        OSError: Disk full or read-only; nothing is left behind.
    """
    make_folder(folder, above=above)
    # To list the folder for each would cost more with every call of a long book.
    number = _numbers.pop(folder, None) or len(list(folder.glob("*.json")))
    while True:
        number += 1
        path = folder / f"{number}.json"
        if path.exists():
            continue
        temporary, fd = _create_temporary(path)
        with gone_on_error(temporary):
            fill(fd, data, synced=False)
        with suppress(FileExistsError, FileNotFoundError):  # another was quicker, or a tidying hand took the temporary
            # A link fails where the name is taken, whoever took it; a rename would replace the other's file.
            path.hardlink_to(temporary)
            temporary.unlink(missing_ok=True)
            _remember(folder, number)
            return path
        temporary.unlink(missing_ok=True)


def _remember(folder: Path, number: int) -> None:
    _numbers[folder] = number
    if len(_numbers) > NUMBERED_FOLDERS:
        del _numbers[next(iter(_numbers))]


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    # fsync of a file does not sync its name: measured, the last update was lost in 19 of 20 power cuts.
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def move(source: Path, target: Path, *, replace: bool = True, inode: tuple[int, int] | None = None) -> bool:
    """Move a file, onto another file system if need be; a link in the way is never followed.

    A power cut leaves it whole in one of the places, or in both. The order is the whole point: its bytes are synced,
    then its new name, and only then the old one goes.

    Args:
        source: The file.
        target: Where it goes.
        replace: Whether what has the name already is replaced.
        inode: The device and inode that are meant, for a copy; after a rename the caller can tell from the target.

    Returns:
        Whether it was copied, so that its inode is another one now.

    Raises:
        EntryChanged: What was to be copied is something else.
        FileExistsError: Something has the name and is not to be replaced.
        OSError: It is still where it was; what is no regular file does not go to another file system.
    """
    with suppress(NotAFile), opened(source) as moving:  # a link or a folder has no bytes of its own to sync
        os.fsync(moving)
    try:
        _name(source, target, replace=replace)
    except OSError as error:
        if error.errno != errno.EXDEV or not stat.S_ISREG(source.lstat().st_mode):
            raise
        _move_by_copy(source, target, replace=replace, inode=inode)
        is_copied = True
    else:
        sync_folder(target.parent)
        is_copied = False
    sync_folder(source.parent)  # else the old name may come back, and what was done with the file is done again
    return is_copied


def _move_by_copy(source: Path, target: Path, *, replace: bool, inode: tuple[int, int] | None) -> None:
    with opened(source) as reading:
        status = os.fstat(reading)
        if inode is not None and (status.st_dev, status.st_ino) != inode:
            raise EntryChanged(errno.ESTALE, "something else took its place", source.name)
        copied = copy_durably(reading, target, replace=replace)
        remove_same(source, is_same=partial(is_as_copied, copied))


def copy_durably(source: int, target: Path, *, replace: bool = True) -> os.stat_result:
    """Copy an open file under a name at which it appears whole; bytes and name survive a power cut that follows.

    Returns:
        What the file was while it was copied.

    Raises:
        FileExistsError: Something has the name and is not to be replaced.
        OSError: It could not be copied, or was written to meanwhile; nothing is left behind.
    """
    before = os.fstat(source)
    temporary, fd = _create_temporary(target)
    with gone_on_error(temporary):
        with open(fd, "wb") as writing:  # noqa: PTH123 - a descriptor
            copy_bytes(source, fd, size=before.st_size)
            os.fsync(writing.fileno())
        if not is_as_copied(before, os.fstat(source)):
            raise OSError(errno.EBUSY, WRITTEN_TO)
        _name(temporary, target, replace=replace)
    sync_folder(target.parent)
    return before


def is_as_copied(copied: os.stat_result, now: os.stat_result) -> bool:
    """Whether a file is still what it was, by its size and the time of its last change."""
    # Not the time of its last change of any kind: a rename is one, too.
    is_same = os.path.samestat(copied, now)
    return is_same and (copied.st_size, copied.st_mtime_ns) == (now.st_size, now.st_mtime_ns)


def sweep_temporaries(folder: Path) -> None:
    """Remove what killed writers left beside their files. Call under the lock that those writers hold while writing."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def make_folder(folder: Path, *, above: Path | None = None) -> None:
    """Make a folder and those above it, durably: what is renamed into it later lives no longer than its own name.

    Raises:
        FileNotFoundError: `above` is not there, which is not made.
    """
    is_new = not folder.is_dir()
    if is_new:
        if folder != above and not folder.parent.is_dir():
            make_folder(folder.parent, above=above)
        if folder == above:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        folder.mkdir(exist_ok=True)
    if is_new or folder not in _synced:  # one that is there: its maker may have been killed before he synced it
        with nullcontext() if is_new else suppress(PermissionError):  # above our own there may be one we may not read
            sync_folder(folder.parent)
        _synced[folder] = None
        if len(_synced) > SYNCED_FOLDERS:
            # A dict keeps the order of insertion: the oldest goes.
            del _synced[next(iter(_synced))]


def _create_temporary(path: Path) -> tuple[Path, int]:
    """A new file beside `path`, open. Nobody can guess its name, and so take it first."""
    while True:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(6)}{TEMPORARY}")
        with suppress(FileExistsError):
            return temporary, create(temporary, flags=os.O_EXCL)


def _name(source: Path, target: Path, *, replace: bool) -> None:
    if replace:
        source.rename(target)
    else:
        move_new(source, target)


@contextmanager
def gone_on_error(path: Path) -> Iterator[None]:
    """No temporary stays where its writer did not come to an end."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def create(path: Path, *, flags: int) -> int:
    """Open a file for writing, new or as `flags` say; a link in its place is not followed."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o666)


def fill(fd: int, data: bytes, *, synced: bool = True) -> None:
    """Write a new file whole, sync and close it."""
    try:
        write_whole(fd, data)
        if synced:
            os.fdatasync(fd)
    finally:
        os.close(fd)


def write_whole(fd: int, data: bytes) -> None:
    """A full disk shortens a write before it fails one; a short write must not pass for a whole one."""
    # Unchecked, such a write and the rename after it have destroyed a manifest on a full disk.
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

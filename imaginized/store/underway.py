"""A folder that is being made under another name: one maker at a time, and what a killed one left goes."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from imaginized.errors import LibraryBusy
from imaginized.store.locking import LifeLock

HELD = ".imaginized.underway"


@contextmanager
def under_way(folder: Path) -> Iterator[None]:
    """Make a folder, empty and for us alone; on an error it goes. Those of killed makers beside it go first.

    Raises:
        LibraryBusy: Somebody is making it just now.
        OSError: It cannot be made.
    """
    for other in folder.parent.glob(f".*{folder.suffix}"):  # by its mark: a name alone may be anybody's
        if other != folder and not other.is_symlink() and (other / HELD).is_file() and not _is_held(other):
            shutil.rmtree(other, ignore_errors=True)
    if _is_held(folder):
        raise LibraryBusy(f"{folder} is being made by another program just now; wait for it")
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    with closing(LifeLock(folder / HELD, mode=0o600)) as lock:
        with suppress(OSError):  # a file system without locks
            lock.take(wait_seconds=0)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _is_held(folder: Path) -> bool:
    if not (folder / HELD).is_file():
        return False
    with closing(LifeLock(folder / HELD)) as lock, suppress(OSError):
        try:
            lock.take(wait_seconds=0)
        except LibraryBusy:
            return True
    return False

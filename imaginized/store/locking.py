"""The lock: an flock on a side file that never goes away. The only portalocker import.

The kernel frees it the moment its holder dies, so it is never broken; a waiter blocks in the kernel's queue instead of
polling, because pollers starve each other.
"""

import os
import signal
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from imaginized.absent import absent
from imaginized.errors import LibraryBusy
from imaginized.settings.places import locker_of

# portalocker loads redis where it finds it, for a lock that we never take: a tenth of every process's start.
with absent("redis"):
    import portalocker

POLL_SECONDS = 0.005
REPEAT_SECONDS = 1.0
SOON_SECONDS = 0.001
NOW_OR_NEVER = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING


class _Expired(Exception):
    """The wait is over; raised by the alarm out of the blocking call."""


@contextmanager
def locked(path: Path, *, wait_seconds: float) -> Iterator[int]:
    """Hold the lock file `path` exclusively; yields its descriptor, opened here, in the process that uses it.

    Args:
        path: The side file; made when missing.
        wait_seconds: How long to wait for other holders; 0 tries once.

    Raises:
        LibraryBusy: Others held it all that time; the message names the holder.
        OSError: It cannot be made or locked there.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o660)
    try:
        if not _try(fd) and not _wait(fd, seconds=wait_seconds):
            raise LibraryBusy(f"{path.parent.name}: {_holder(fd)} has held the lock for over {wait_seconds:g} s")
        yield fd
    finally:
        # Not unlinked: the next to come would lock another file of the same name, and there would be two holders.
        os.close(fd)  # frees it


class LifeLock:
    """A lock that a daemon holds for life, though its file may be removed or replaced under it."""

    def __init__(self, path: Path, *, mode: int = 0o660, note: str = "") -> None:
        """Take nothing yet.

        Args:
            path: The lock file; made when missing, never removed.
            mode: It is made with.
            note: What to write into it, for those who want to know who holds it; it must have no other name then,
                because it may lie where others can plant a link.
        """
        self.path = path
        self._mode = mode
        self._note = note
        self._fd: int | None = None

    def take(self, *, wait_seconds: float) -> None:
        """Lock the file that is there now, instead of one that was held before.

        Raises:
            LibraryBusy: Somebody else holds it; the message names the process.
            OSError: It cannot be made or locked there.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        fd = os.open(self.path, flags, self._mode)
        try:
            is_free = _try(fd) or _wait(fd, seconds=wait_seconds)
            if not is_free:
                raise LibraryBusy(f"{self.path} is held by {_holder(fd)}")
            # Between open and flock its name may have gone to another file, which somebody else can lock as well.
            if not _is_at(self.path, fd):
                raise LibraryBusy(f"{self.path} was replaced just now; try again")
            if self._note:
                self._write_note(fd)
        except BaseException:
            os.close(fd)
            raise
        self.close()
        self._fd = fd

    def is_kept(self) -> bool:
        """Whether the file that is there now is the one that is locked here.

        Raises:
            OSError: One may not look.
        """
        return self._fd is not None and _is_at(self.path, self._fd)

    def was_retaken(self) -> bool:
        """Whether the file was removed or replaced, and the one there now was taken instead.

        Raises:
            LibraryBusy: Somebody else holds that; the message names the process.
            OSError: It cannot be made or locked there.
        """
        if self.is_kept():
            return False
        self.take(wait_seconds=0)
        return True

    def close(self) -> None:
        """Free it."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _write_note(self, fd: int) -> None:
        facts = os.fstat(fd)
        # A hard link to a file of ours, planted under the lock's name, would be overwritten by the note.
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1:
            raise OSError(f"{self.path} is not a lock file: it has another name, or is not a file; remove it")
        os.ftruncate(fd, 0)
        os.pwrite(fd, self._note.encode(errors="surrogateescape"), 0)


def _is_at(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(fd))
    except (FileNotFoundError, NotADirectoryError):
        return False


def _try(fd: int) -> bool:
    try:
        _flock(fd, NOW_OR_NEVER)
    except portalocker.AlreadyLocked:
        return False
    return True


def _flock(fd: int, flags: portalocker.LockFlags) -> None:
    try:
        portalocker.lock(fd, flags)
    except portalocker.AlreadyLocked:
        raise
    except portalocker.LockException as error:  # a file system without locks
        cause = error.__cause__
        raise OSError(cause.errno if isinstance(cause, OSError) else None, f"cannot be locked: {error}") from error


def _wait(fd: int, *, seconds: float) -> bool:
    if seconds <= 0:
        return False
    if threading.current_thread() is threading.main_thread():
        return _wait_in_queue(fd, seconds=seconds)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:  # alarms reach the main thread only
        if _try(fd):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _wait_in_queue(fd: int, *, seconds: float) -> bool:
    # A blocked flock has no deadline of its own; an exception out of the handler ends it (PEP 475 retries it else).
    before, began = signal.signal(signal.SIGALRM, _expire), time.monotonic()
    # Repeated: one that comes just before the call blocks would be the last.
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
    try:
        try:
            _flock(fd, portalocker.LockFlags.EXCLUSIVE)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Expired:
        return False
    finally:
        signal.signal(signal.SIGALRM, before)
        if left:  # our caller's own alarm goes on; one that came due meanwhile comes now
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), SOON_SECONDS), interval)
    return True


def _expire(_signal: int, _frame: FrameType | None) -> None:
    raise _Expired


def _holder(fd: int) -> str:
    """Who has the lock, as far as the kernel tells: "process 4711 (python)"."""
    pid = locker_of(os.fstat(fd))
    return f"process {pid} ({_command(str(pid))})" if pid else "a process that is not visible from here"


def _command(pid: str) -> str:
    try:
        return (Path("/proc") / pid / "comm").read_text(errors="replace").strip()
    except OSError:
        return "ended meanwhile"

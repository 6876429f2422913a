"""The lock file of programs that know only imaginize's schema: its presence alone means "locked" to them.

Ours among ourselves is the flock; this one is held beside it while a manifest is read and replaced, so that neither
side overwrites what the other has just written.
"""

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from imaginized.errors import LibraryBusy

POLL_SECONDS = 0.005
STALE_SECONDS = 600.0  # the seed's own rule, by the time of the file
FRESH_SECONDS = 60.0
DEAD_SECONDS = 2.0  # for one whose process is gone, by our own watch: a live holder keeps it for milliseconds
MOST_BYTES = 64

_watched: dict[Path, tuple[tuple[int, int], float]] = {}  # foreign lock files that are in the way, and since when


@contextlib.contextmanager
def shutting_others_out(path: Path, *, flock: Path, fd: int, wait_seconds: float) -> Iterator[None]:
    """Hold the foreign lock file `path`. Call only with our own lock held.

    It is held as a second name of our own lock's file: made by one call, so a crash leaves nothing half-made, and told
    from a foreign one by its inode. One that a killed process of ours left is therefore taken over at the next call.
    Where a file system knows no second names it is only waited for; what a foreign program writes in the millisecond
    after that can still be lost.

    Args:
        path: The lock file.
        flock: Our own lock's file.
        fd: The same, open and locked.
        wait_seconds: For a foreign holder; 0 asks once.

    Raises:
        LibraryBusy: A foreign program held it all that time; the message says what to do.
    """
    own = os.fstat(fd)
    if time.time() - own.st_mtime > FRESH_SECONDS:
        # They take a lock file for stale by its time, and a second name has that of the first.
        with contextlib.suppress(OSError):
            os.utime(fd)
    is_held = _take(path, flock=flock, own=own, wait_seconds=wait_seconds)
    try:
        yield
    finally:
        if is_held:
            _free(path, own=own)


def _take(path: Path, *, flock: Path, own: os.stat_result, wait_seconds: float) -> bool:
    """Wait for the lock and take it; returns whether there is something to give back."""
    began = time.monotonic()
    while (taken := _link(path, flock=flock)) is not True:
        found = _status(path)
        if found is None and taken is None:
            return False
        if found is None:
            continue  # it was freed between the two looks
        if os.path.samestat(found, own):
            return True  # its holder held our lock, too, and is dead: we hold that now
        now = time.monotonic()
        if _is_over(path, found, seen_seconds=now - _first_seen(path, found, now=now)):
            _remove(path, judged=found)
        elif now - began >= wait_seconds:
            raise LibraryBusy(
                f"{path.parent.name}: another program holds {path.name} for over {wait_seconds:g} s; "
                "if none is running, remove that file"
            )
        else:
            time.sleep(POLL_SECONDS)
    _watched.pop(path, None)
    return True


def _first_seen(path: Path, found: os.stat_result, *, now: float) -> float:
    """Since when this very lock file is there, as far as this process knows: the supervisor asks once at a time."""
    which = (found.st_ino, found.st_mtime_ns)
    if path not in _watched or _watched[path][0] != which:
        _watched[path] = (which, now)
    return _watched[path][1]


def _link(path: Path, *, flock: Path) -> bool | None:
    """Make the second name: False where there is one already, None where none can be made.

    None on a file system without hard links, on a full disk, in a folder that is gone: who writes next says so.
    """
    try:
        os.link(flock, path)
    except FileExistsError:
        return False
    except OSError:
        return None
    return True


def _is_over(path: Path, found: os.stat_result, *, seen_seconds: float) -> bool:
    """Whether nobody will ever free it."""
    if time.time() - found.st_mtime > STALE_SECONDS:
        return True
    return seen_seconds >= DEAD_SECONDS and not _may_live(path)


def _may_live(path: Path) -> bool:
    """Whether the process named in it may be alive. It writes its id at once: one without any was killed before."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        is_file = stat.S_ISREG(os.fstat(fd).st_mode)
        text = os.read(fd, MOST_BYTES).decode(errors="replace").strip() if is_file else "?"
    except OSError:
        return True
    finally:
        os.close(fd)
    if not text:
        return False
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 1 << 31:
        return True
    try:
        os.kill(int(text), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is another user's
    return True


def _remove(path: Path, *, judged: os.stat_result) -> None:
    # Between this look and the unlink a foreign program may do the same and take the lock: microseconds, once it died.
    found = _status(path)
    if found is not None and os.path.samestat(found, judged) and found.st_mtime_ns == judged.st_mtime_ns:
        path.unlink(missing_ok=True)


def _free(path: Path, *, own: os.stat_result) -> None:
    """Give it back, unless somebody has removed it as stale and it is another's now."""
    found = _status(path)
    if found is not None and os.path.samestat(found, own):
        with contextlib.suppress(OSError):  # as after a crash: the next call of ours takes it over
            path.unlink()


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None

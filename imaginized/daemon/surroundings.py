"""What the outside gave the daemon at its start."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.daemon.notify import Notifier
from imaginized.daemon.reload import Reading, Source
from imaginized.errors import LibraryBusy
from imaginized.inbox.folder import MOUNTS, find_mount
from imaginized.logs.log import Log
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Paths
from imaginized.store.locking import LifeLock
from imaginized.store.writing import make_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the outside gave the daemon.

    Attributes:
        notifier: systemd, or nobody.
        source: Where the settings come from, for a reload.
        reading: The file that they came from at the start.
        passed_sockets: Descriptors of control sockets that systemd opened.
        lifeline: A pipe whose end of file says that the program which runs this daemon for itself is gone; None for a
            daemon that belongs to nobody.
    """

    notifier: Notifier
    source: Source
    reading: Reading
    passed_sockets: Sequence[int] = ()
    lifeline: int | None = None


def make_folders(paths: Paths) -> None:
    """Make the library and the inbox.

    Raises:
        OSError: One cannot be made.
    """
    make_folder(paths.library)
    # A server that is away would hang us here: an inbox on one is left to the intake, which can be replaced.
    if not find_mount(paths.inbox, table=MOUNTS.read_text(errors="surrogateescape")).is_remote:
        make_folder(paths.inbox)


def is_held(lifeline: int) -> bool:
    """Whether the program at the other end of a lifeline is there."""
    try:
        return bool(os.read(lifeline, 1))  # whatever is written there says nothing
    except BlockingIOError:
        return True
    except OSError:  # what is broken stays readable, so that we would be called for it for ever
        return False


def trouble_with(lock: LifeLock, *, log: Log) -> Reason | None:
    """Take a library's lock again whose file was removed or replaced; why that cannot be, None where all is well."""
    try:
        if lock.was_retaken():
            log.warning("lock_restored", path=str(lock.path), reason="it was removed or replaced")
    except (LibraryBusy, OSError) as error:
        return Reason(Code.LOCK_LOST, f"the library's lock is gone, and cannot be had again: {error}")
    return None

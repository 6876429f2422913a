"""How much room the disk has, and whether that is enough to begin something."""

import errno
import os
from pathlib import Path

MEGABYTE = 1_000_000
DISK_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))


def free_bytes(folder: Path) -> int:
    """What an ordinary user may still write to the folder's file system.

    Raises:
        OSError: It cannot be asked.
    """
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def shortage(folder: Path, *, min_free_bytes: int) -> str:
    """Why nothing should be begun that writes there; "" while there is room, or none is demanded."""
    if min_free_bytes == 0:
        return ""
    try:
        free = free_bytes(folder)
    except OSError:
        return ""  # whoever writes there will learn what is wrong with it
    if free >= min_free_bytes:
        return ""
    return (
        f"{free / MEGABYTE:,.0f} MB are free on the disk of {folder}, less than disk.min_free_bytes = "
        f"{min_free_bytes / MEGABYTE:,.0f} MB; nothing new is started until there is room: make some, or lower that "
        "setting and run `imaginizectl reload`"
    )

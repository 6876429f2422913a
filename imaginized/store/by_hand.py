"""Reading what a person wrote into a book's folder."""

import errno
import os
from pathlib import Path

from imaginized.store.beneath import opened

MAX_EDITS_BYTES = 1 << 18


def read_by_hand(path: Path) -> bytes | None:
    """A book's `chapters.toml` or `cast.toml`; None where there is none. Never blocks, and follows no link.

    Raises:
        OSError: It is not a file, too large, or cannot be read; `strerror` says so.
    """
    try:
        with opened(path) as fd:
            data = os.read(fd, MAX_EDITS_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > MAX_EDITS_BYTES:
        raise OSError(errno.EFBIG, f"larger than {MAX_EDITS_BYTES >> 10} KiB", str(path))
    return data

"""What lies in a folder that a running daemon works in."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from imaginized.store.files import FOREIGN_LOCK

TIMES = {  # what of a file tells when it was made; all else of it must be the same however often it is made
    "timeline.json": re.compile(rb'"of": "[^"]*"'),
    "xray_cache.lua": re.compile(rb"cached_at = [0-9]+"),
}


def timeless(path: Path, data: bytes) -> bytes:
    """The bytes of a file without the moment that they tell."""
    pattern = TIMES.get(path.name)
    return data if pattern is None else pattern.sub(b"", data, count=1)


def files_below(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every regular file below a folder with its content, in order of its path.

    Left out: the lock file of foreign programs, which is there for a millisecond whenever the reaper looks at a book,
    and a file that is gone between the listing and the reading.
    """
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        if path.name != FOREIGN_LOCK:
            with contextlib.suppress(FileNotFoundError):
                yield path, path.read_bytes()

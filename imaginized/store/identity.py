"""Which library this is: a name of its own in a file of it, so that what was noted about another is told apart."""

import re
import secrets
from contextlib import suppress
from pathlib import Path

from imaginized.store.writing import write_atomic

IDENTITY = ".imaginized.id"
IDENTITY_BYTES = 8

_WRITTEN = re.compile(rb"([0-9a-f]{16})\n")


def identity_of(root: Path) -> bytes:
    """The library's identity, which it gets when it is first asked for and keeps wherever it is moved.

    Raises:
        OSError: It has none yet, and none can be written.
    """
    path = root / IDENTITY
    found = _read(path)
    if found is None:
        new = secrets.token_bytes(IDENTITY_BYTES)
        # Not over one that somebody else wrote meanwhile; over one that is damaged.
        with suppress(FileExistsError):
            write_atomic(path, new.hex().encode() + b"\n", durable=True, replace=path.exists())
        found = _read(path) or new
    return found


def _read(path: Path) -> bytes | None:
    try:
        match = _WRITTEN.fullmatch(path.read_bytes())
    except FileNotFoundError:
        return None
    return bytes.fromhex(match[1].decode()) if match else None

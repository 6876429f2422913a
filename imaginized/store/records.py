"""Records to JSON files and back: the data folder behind a guide. The only msgspec import."""

import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import msgspec

from imaginized.errors import ImaginizedError
from imaginized.store.manifests import SETTLED_SECONDS

REMEMBERED_BYTES = 16 << 20  # of files; parsed they take several times as much
Record = TypeVar("Record")
Kept = TypeVar("Kept")


class Dataclass(Protocol):
    """Any record."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


class RecordUnreadable(ImaginizedError):
    """A data file does not hold what it should; the message names the file and the field.

    Attributes:
        path: The file; None for what came from no file.
    """

    def __init__(self, text: str, *, path: Path | None = None) -> None:
        """Say what does not fit."""
        super().__init__(text)
        self.path = path


def dump(record: object) -> bytes:
    """A dataclass as indented JSON, the same bytes for the same record."""
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"


def dump_without(record: Dataclass, *names: str) -> bytes:
    """The same as if it had no fields of these names: what it was before they came."""
    return dump({each.name: getattr(record, each.name) for each in fields(record) if each.name not in names})


def parse(data: bytes, kind: type[Record]) -> Record:
    """A record of a kind from JSON.

    Raises:
        RecordUnreadable: It does not fit.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise RecordUnreadable(f"not a {kind.__name__}: {error}") from error


def load(path: Path, kind: type[Record]) -> Record:
    """A record of a kind from a file.

    Raises:
        RecordUnreadable: It does not fit; the message names the file.
        FileNotFoundError: There is none.
    """
    try:
        return parse(path.read_bytes(), kind)
    except RecordUnreadable as error:
        raise RecordUnreadable(f"{path}: {error}", path=path) from error


class Remembered(Generic[Kept]):
    """Files that are read at every task and hardly ever change: read again only where they did."""

    def __init__(self, load: Callable[[Path], Kept], *, most: int) -> None:
        """Remember nothing yet.

        Args:
            load: Reads one; what it gives is shared by all who ask.
            most: How many are remembered, of at most REMEMBERED_BYTES in all.
        """
        self._load = load
        self._most = most
        self._bytes = 0  # of the files that `_known` is of
        self._known: dict[Path, tuple[tuple[int, int, int], Kept]] = {}

    def load(self, path: Path) -> Kept:
        """What is in it; raises what its reader raises, and FileNotFoundError where there is none."""
        status = path.stat()
        # Taken before it is read: replaced in between, the newer bytes go by an old signature and are read again.
        signature = (status.st_ino, status.st_mtime_ns, status.st_size)
        known = self._known.pop(path, None)
        self._bytes -= known[0][2] if known is not None else 0
        kept = known[1] if known is not None and known[0] == signature else self._load(path)
        # Two changes within a tick of the file system's clock can leave the same inode, time and size.
        if time.time() - status.st_mtime > SETTLED_SECONDS:
            self._known[path] = (signature, kept)
            self._bytes += status.st_size
            while len(self._known) > self._most or (self._bytes > REMEMBERED_BYTES and len(self._known) > 1):
                (_, _, size), _ = self._known.pop(next(iter(self._known)))
                self._bytes -= size
        return kept

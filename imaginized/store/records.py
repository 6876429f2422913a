"""Records to JSON files and back: the data folder behind a guide. The only msgspec import."""

import time
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from imaginized.errors import ImaginizedError
from imaginized.store.manifests import SETTLED_SECONDS

REMEMBERED_RECORDS = 32

Record = TypeVar("Record")

_settled: dict[tuple[Path, type], tuple[tuple[int, int, int], object]] = {}


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


def load_settled(path: Path, kind: type[Record]) -> Record:
    """As `load`, of a file that is asked for at every task and hardly ever changes: parsed only where it did.

    Whoever gets the record shares it with others.

    Raises:
        RecordUnreadable: It does not fit; the message names the file.
        FileNotFoundError: There is none.
    """
    status = path.stat()
    # Taken before the bytes are read: replaced in between, the newer bytes go by an old signature and are read again.
    signature = (status.st_ino, status.st_mtime_ns, status.st_size)
    known = _settled.pop((path, kind), None)
    record = known[1] if known is not None and known[0] == signature else load(path, kind)
    # Two changes within a tick of the file system's clock can leave the same inode, time and size.
    if time.time() - status.st_mtime > SETTLED_SECONDS:
        _settled[path, kind] = (signature, record)
        if len(_settled) > REMEMBERED_RECORDS:
            del _settled[next(iter(_settled))]
    return record  # type: ignore[return-value]  # by its kind

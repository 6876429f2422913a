"""Records to JSON files and back: the data folder behind a guide. The only msgspec import."""

from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from imaginized.errors import ImaginizedError

Record = TypeVar("Record")


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

"""What lies in `.failed/` of the inbox, read on behalf of a person who waits for a file or a book that went there."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from imaginized.inbox.aside import ERROR_NOTE, FAILED

MAX_NOTE_BYTES = 65_536
OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC  # others may write there


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A file that was put into `.failed/`."""

    name: str
    reason: str
    next_step: str


def rejection(inbox: Path, *, is_meant: Callable[[str, str], bool]) -> Rejection | None:
    """The newest file in `.failed/` that is meant; None where there is none, or we may not look.

    Args:
        inbox: The daemon's.
        is_meant: By its name there and the reference of its note: a book, or an entry of the inbox.
    """
    try:
        with os.scandir(inbox / FAILED) as entries:
            notes = [(one.stat(follow_symlinks=False).st_mtime_ns, one.name) for one in entries]
    except OSError:
        return None
    for _, note in sorted(notes, reverse=True):
        said = _said(inbox / FAILED / note) if note.endswith(ERROR_NOTE) else {}
        name = note.removesuffix(ERROR_NOTE)
        if "Why" in said and is_meant(name, said.get("Reference", "")):
            return Rejection(name=name, reason=said["Why"], next_step=said.get("What to do", ""))
    return None


def _said(note: Path) -> Mapping[str, str]:
    try:
        with open(os.open(note, OPEN_FLAGS), "rb") as reading:  # noqa: PTH123 - a descriptor, no link followed
            lines = reading.read(MAX_NOTE_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return {}
    return {key: value for key, _, value in (line.partition(": ") for line in lines)}

"""Reading our own notes in `.failed/` and `.duplicates/`, where anybody may have put anything."""

import os
from pathlib import Path
from typing import NamedTuple

from imaginized.store.beneath import opened, pinned

NOTE_BYTES = 65_536  # a note that is longer is none of ours


class Said(NamedTuple):
    """What a note says."""

    why: str
    advice: str
    reference: str


def read_note(note: Path) -> Said | None:
    """What a note of ours in `.failed/` or `.duplicates/` says; None where there is none."""
    try:
        with pinned(note.parent.parent, note.parent.name) as folder:
            return said_in(folder / note.name)
    except OSError:
        return None


def said_in(note: Path) -> Said | None:
    """The same of a note in a pinned folder."""
    said = {key: value for key, _, value in (line.partition(": ") for line in lines_of(note))}
    if "Why" not in said:
        return None
    return Said(why=said["Why"], advice=said.get("What to do", ""), reference=said.get("Reference", ""))


def lines_of(note: Path) -> list[str]:
    """Of a note in a pinned folder; none where it is not a file, or far too long."""
    try:
        with opened(note) as fd:
            if os.fstat(fd).st_size > NOTE_BYTES:
                return []
            return os.read(fd, NOTE_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return []

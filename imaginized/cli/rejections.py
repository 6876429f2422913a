"""What lies in `.failed/` of the inbox, read on behalf of a person who waits for a file or a book that went there."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from imaginized.inbox.aside import ERROR_NOTE, FAILED
from imaginized.inbox.error_note import read_note
from imaginized.reasons import Reason
from imaginized.store.beneath import pinned

Notes = Mapping[str, int]  # when each was written, by its name

NO_NOTES: Notes = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A file that was put into `.failed/`."""

    name: str
    reason: Reason


def notes_in(inbox: Path) -> Notes:
    """The notes in `.failed/`; none where there are none, or we may not look."""
    try:
        with pinned(inbox, FAILED) as folder, os.scandir(folder) as entries:
            times = {one.name: one.stat(follow_symlinks=False).st_mtime_ns for one in entries}
    except OSError:
        return NO_NOTES
    return {name: time for name, time in times.items() if name.endswith(ERROR_NOTE)}


def rejection(inbox: Path, *, is_meant: Callable[[str, str], bool], before: Notes = NO_NOTES) -> Rejection | None:
    """The newest file in `.failed/` that is meant; None where there is none, or we may not look.

    Args:
        inbox: The daemon's.
        is_meant: By its name there and the reference of its note: a book, or an entry of the inbox.
        before: Notes that are too old; the same content, rejected once more, has the same note written anew.
    """
    notes = notes_in(inbox)
    for note in sorted(notes, key=lambda name: (notes[name], name), reverse=True):
        said = None if before.get(note) == notes[note] else read_note(inbox / FAILED / note)
        name = note.removesuffix(ERROR_NOTE)
        if said is not None and is_meant(name, said.reference):
            return Rejection(name=name, reason=said.reason)
    return None

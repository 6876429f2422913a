"""The words of `.error.txt` and `.pointer.txt`, which lie beside what was put aside, and what we read back of them.

A note is prose for people. What the program has to remember is a line of JSON at its end, and nothing else of a note
is read, except of those that 0.1.0 wrote, which have no such line. Anybody may have put anything there.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from imaginized.printable import as_json, cut, printable
from imaginized.reasons import Code, Reason
from imaginized.store.beneath import opened, pinned

SCHEMA = "imaginized.note/1"
NOTE_BYTES = 65_536  # a note that is longer is none of ours
REMEMBERED_CHARACTERS = 4000  # of a text, in the line for us; the words for people have all of it
FOR_US = "(Only imaginized needs the next line.)"
MEND = "Repair it or convert it to EPUB (Calibre can do both), then drop it into the inbox again."
DUPLICATE = "Read it there; this copy can be deleted. `imaginizectl add --force FILE` processes the book again."
RESTARTED = (
    "The book is being done again, as this copy asked; `imaginizectl watch` follows it. The copy can be deleted."
)


class Said(NamedTuple):
    """What a note tells the program.

    Attributes:
        reference: What tells this event from any other: an arrival or a book id; "" where the note has none.
    """

    reason: Reason
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a person is told about an entry that was put aside.

    Attributes:
        reference: What tells this event from any other: an arrival or a book id.
    """

    title: str
    reason: Reason
    reference: str
    at: datetime

    def text(self) -> bytes:
        """The note as a file."""
        moment = self.at.isoformat(timespec="seconds")
        # No title forges a line, or drives who `cat`s this.
        why, advice = printable(self.reason.text), printable(self.reason.advice)
        lines = [printable(self.title), "", f"Why: {why}", f"What to do: {advice}", "", f"When: {moment}"]
        return "\n".join([*lines, FOR_US, self._line(), ""]).encode()

    def _line(self) -> str:
        text, advice = (cut(words, REMEMBERED_CHARACTERS) for words in (self.reason.text, self.reason.advice))
        row = Reason(self.reason.code, text, advice).row()
        return as_json({"schema": SCHEMA, **row, "reference": self.reference})


def rejected_note(name: str, *, reason: Reason, reference: str, at: datetime) -> Note:
    """Of a file that is no book for us."""
    advised = Reason(reason.code, reason.text, reason.advice or MEND)
    return Note(title=f"{name} was not accepted.", reason=advised, reference=reference, at=at)


def duplicate_note(name: str, *, book: str, folder: Path, is_restarted: bool, reference: str, at: datetime) -> Note:
    """Of a copy of a book that the library has."""
    text = f"its content is that of {book}, in {folder}"
    reason = Reason(Code.DUPLICATE, text, RESTARTED if is_restarted else DUPLICATE)
    return Note(title=f"{name} is in the library already.", reason=reason, reference=reference, at=at)


def taken_apart_note(name: str, *, books: Sequence[str], reference: str, at: datetime) -> Note:
    """Of a zip file whose books lie in the inbox now."""
    placed = f"{', '.join(map(printable, books))} came out of it" if books else "all its books are here already"
    text = cut(f"it is a zip file of books: {placed}", REMEMBERED_CHARACTERS)
    reason = Reason(Code.TAKEN_APART, text, "Each of them is a book of its own now; this file can be deleted.")
    return Note(title=f"{name} was taken apart.", reason=reason, reference=reference, at=at)


def read_note(note: Path) -> Said | None:
    """What a note of ours in `.failed/` or `.duplicates/` says; None where there is none."""
    try:
        with pinned(note.parent.parent, note.parent.name) as folder:
            return said_in(folder / note.name)
    except OSError:
        return None


def said_in(note: Path) -> Said | None:
    """The same of a note in a pinned folder."""
    lines = _lines_of(note)
    for line in reversed(lines):  # a person may have written below it
        if line.startswith("{") and (said := _remembered(line)) is not None:
            return said
    return _said_by_0_1_0(lines)


def _remembered(line: str) -> Said | None:
    """What a line of ours says; None where it is not one."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or row.get("schema") != SCHEMA:
        return None
    text, advice, reference = (str(row.get(key, "")) for key in ("text", "advice", "reference"))
    return Said(reason=Reason(Code.read(row.get("code")), text, advice), reference=reference)


def _said_by_0_1_0(lines: Iterable[str]) -> Said | None:
    """What an older note says: labels and words, and no code."""
    said = {key: value for key, _, value in (line.partition(": ") for line in lines)}
    if "Why" not in said:
        return None
    reason = Reason(Code.UNKNOWN, said["Why"], said.get("What to do", ""))
    return Said(reason=reason, reference=said.get("Reference", ""))


def _lines_of(note: Path) -> list[str]:
    """Of a note in a pinned folder; none where it is not a file, or far too long."""
    try:
        with opened(note) as fd:
            if os.fstat(fd).st_size > NOTE_BYTES:
                return []
            return os.read(fd, NOTE_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return []

"""`add`: ask first whether a file would be taken, copy it into the inbox, and follow it to its end if asked to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imaginized.cli.command import envelope, say, say_aside
from imaginized.cli.dropped import GONE, Dropped, Taken, book_of, sentence
from imaginized.cli.exit_codes import code_of_book, worst
from imaginized.cli.reasons_text import code_of_end
from imaginized.cli.troubles import Row, asked_lines, rows
from imaginized.cli.watching import Patient, Show, display, follow, why_ended
from imaginized.control.client import Client
from imaginized.control.giving import Added, add_files
from imaginized.control.protocol import SCAN, STATUS
from imaginized.errors import ControlError, ExitCode
from imaginized.inbox.dropping import Asked
from imaginized.queue.phases import AT_REST
from imaginized.reasons import Code
from imaginized.store.naming import ending_of


def add_and_tell(files: Sequence[Path], *, socket: Path, asked: Asked, is_waiting: bool, as_json: bool) -> ExitCode:
    """Add files, say what became of each, and return the exit code for all of them.

    Raises:
        ControlError: Nothing is added: no daemon, no inbox, or what is asked for them is wrong.
    """
    with Client(socket) as client:
        status = client.ask(STATUS)
        inbox = Path(status["paths"]["inbox"])
        # A front has no inbox of its own: it names one for each file.
        if not (status.get("shards") or inbox.is_dir()):
            text = f"the inbox, {inbox}, does not exist; see `imaginizectl status`"
            raise ControlError(text, exit_code=ExitCode.BUG)
        is_converting = bool(status.get("converts"))  # an older daemon says nothing of it
        found = add_files(client, files, inbox=inbox, asked=asked, is_converting=is_converting)
        if any(one.name for one in found):
            client.ask(SCAN)
    if is_waiting:
        stream = sys.stderr if as_json else sys.stdout  # where one object is promised, nothing else may be
        with Patient(socket, say=say_aside) as patient, display(stream) as show:
            found = wait_for(found, patient=patient, show=show)
    _tell(found, inbox=inbox, state=status["state"], asked=asked_lines(dict(status)), as_json=as_json)
    return worst(one.code for one in found)


def _tell(found: Sequence[Added], *, inbox: Path, state: str, asked: Sequence[str], as_json: bool) -> None:
    for one in found:
        if one.code is not ExitCode.OK:
            say_aside(f"imaginizectl: {one.file}: {sentence(one.reason, one.next_step)}")
    lines = [_added_line(one, state=state) for one in found if one.code is ExitCode.OK]
    lines += asked if any(one.name and not one.book for one in found) else []
    if lines or as_json:
        names = [one.name for one in found if one.name]
        inbox_told = str(inbox) if inbox != Path() else ""
        answer = envelope("add", inbox=inbox_told, added=names, files=[one.answer() for one in found])
        say(answer, lines, as_json=as_json)


def _added_line(one: Added, *, state: str) -> str:
    if one.book:
        return one.guide or f"{one.book} is done"
    if state == "draining":
        return f"added {one.name}; the daemon is stopping, and takes it when it starts again"
    home = f" to home {one.shard}" if one.shard else ""
    return f"added {one.name}{home}; `imaginizectl watch` follows it"


@dataclass(slots=True, kw_only=True)
class Waiting:
    """Following added files until each of them has ended.

    Attributes:
        taken: Those that are out of their inbox.
        pending: Those that have not ended, by name in the inbox, as `status` has it.
        ended: What became of the others.
        told: What was said once: of which file, with which code.
    """

    patient: Patient
    taken: Taken
    pending: dict[str, Added]
    ended: dict[str, Added] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)

    def ask(self) -> Row:
        """The status, after a look at which files were taken; says what holds one up."""
        self.taken.look({shown: place_of(one) for shown, one in self.pending.items()})
        status = self.patient.ask()
        for row in _held_up(status):
            what = str(row["name"]), str(row["code"])
            if row["name"] in self.pending and what not in self.told:
                self.told.add(what)
                self.patient.say(f"{row['name']} waits in the inbox: {row['reason']}")
        return status

    def is_over(self, books: Sequence[Row]) -> bool:
        """Whether all have ended."""
        for name, one in list(self.pending.items()):
            end = self._end(one, books) if name in self.taken else None
            if end is not None:
                self.ended[name] = end
                del self.pending[name]
        return not self.pending

    def _end(self, one: Added, books: Sequence[Row]) -> Added | None:
        row = book_of(books, one.digest)
        if row is None:
            return self._end_of_one_that_is_gone(one)
        if row["phase"] not in AT_REST:
            return None
        told = replace(one, book=str(row["book"]), guide=str(row["guide"] or ""), next_step="")
        return replace(told, code=code_of_book(row), reason=why_ended(row), why=code_of_end(row))

    def _end_of_one_that_is_gone(self, one: Added) -> Added:
        """Neither in the inbox nor a book: there is a note, which is written before either is left."""
        dropped = Dropped(name=one.name, digest=one.digest, reference=one.reference)
        said = dropped.rejection(place_of(one).parent)
        if said is not None:
            why = said.reason
            return replace(one, code=ExitCode.REJECTED, reason=why.text, why=why.code, next_step=why.advice)
        return replace(one, code=ExitCode.NO_SUCH_BOOK, reason=GONE, why=Code.NO_BOOK, next_step="Add it again.")


def place_of(one: Added) -> Path:
    """Where the copy of a file lies until it is taken."""
    assert one.inbox is not None
    return one.inbox / one.name


def wait_for(added: Sequence[Added], *, patient: Patient, show: Show) -> list[Added]:
    """Follow what was added to its end; what was refused stays as it is."""
    pending = {one.shown: one for one in added if one.code is ExitCode.OK}
    waiting = Waiting(patient=patient, taken=Taken(), pending=dict(pending))
    if pending:
        patient.wanted = [ending_of(one.digest) for one in pending.values()]
        follow(
            waiting.ask,
            show=lambda books: show(
                [row for one in pending.values() if (row := book_of(books, one.digest)) is not None]
            ),
            is_over=waiting.is_over,
        )
    return [waiting.ended.get(one.shown, one) for one in added]


def _held_up(status: Row) -> list[Row]:
    inbox = status["inbox"]
    if not isinstance(inbox, dict):
        return []
    return [row for key in ("blocked", "incomplete") if key in inbox for row in rows(inbox, key)]

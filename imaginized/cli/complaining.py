"""`imaginizectl report`: the structure of a book, for a complaint, and whether readers find the same in both."""

import random
import secrets
from dataclasses import dataclass
from pathlib import Path

from imaginized.errors import ControlError, ExitCode, Rejected
from imaginized.reading.confined_reader import read_apart, structure_apart
from imaginized.reading.formats import recognise
from imaginized.reading.report import write_report
from imaginized.store.writing import write_atomic
from imaginized.story.text import BookText

REPORTED = frozenset(("epub", "pdf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A report.

    Attributes:
        is_same: Whether the same chapters, as long, are found in it as in the book.
        finding: What is found in each, for a person.
    """

    path: Path
    size: int
    is_same: bool
    finding: str


def written_report(file: Path, *, output: Path | None) -> Written:
    """Write the report of a book and read both.

    Raises:
        ControlError: It is no book, or the place is taken.
    """
    with file.open("rb") as book:
        found = recognise(book, name=file.name)
    is_paged = found is not None and found.name == "pdf"
    if found is not None and found.name not in REPORTED:
        text = (
            f"{file.name} is {found.label}; a report shows the structure of an EPUB or a PDF: describe the book instead"
        )
        raise ControlError(text, exit_code=ExitCode.USAGE)
    target = output or Path(f"report-{secrets.token_hex(4)}.{'json' if is_paged else 'epub'}")
    if is_paged:
        return _written_structure(file, target)
    try:
        write_report(file, target, choose=random.SystemRandom())
    except FileExistsError as error:
        raise ControlError(f"{target} is there already; name another --output", exit_code=ExitCode.USAGE) from error
    except Rejected as error:
        raise ControlError(f"{file.name}: {error}", exit_code=ExitCode.REJECTED) from error
    before, after = _found(file), _found(target)
    is_same = before == after
    finding = f"both give {after}" if is_same else f"the book gives {before}, the report {after}"
    return Written(path=target, size=target.stat().st_size, is_same=is_same, finding=finding)


def _written_structure(file: Path, target: Path) -> Written:
    """Of a PDF the pages' lines and places as JSON: nobody can read that as a book, but see what a reader sees."""
    try:
        text = structure_apart(file)
        write_atomic(target, text.encode(), replace=False)
    except FileExistsError as error:
        raise ControlError(f"{target} is there already; name another --output", exit_code=ExitCode.USAGE) from error
    except Rejected as error:
        raise ControlError(f"{file.name}: {error}", exit_code=ExitCode.REJECTED) from error
    finding = f"the structure of a PDF that gives {_found(file)}; it is not a book by itself"
    return Written(path=target, size=target.stat().st_size, is_same=True, finding=finding)


def _found(file: Path) -> str:
    """What a reader finds in a file, without its words."""
    try:
        return _summary(read_apart(file, original_name="the file"))
    except Rejected as error:
        return f"no book ({error.reason.code})"


def _summary(book: BookText) -> str:
    words = sum(chapter.words for chapter in book.chapters)
    chapters = "1 chapter" if len(book.chapters) == 1 else f"{len(book.chapters)} chapters"
    return f"{chapters}, {words:,} words, {len(book.skipped)} pieces left out"

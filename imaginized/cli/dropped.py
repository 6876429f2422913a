"""A file that was given to a daemon, followed: whether it was taken, its book, and its note if it was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from imaginized.cli.rejections import NO_NOTES, Notes, Rejection, rejection
from imaginized.cli.troubles import Row
from imaginized.store.naming import is_book_of

GONE = "it is neither in the inbox nor in the library any more: somebody removed it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A file in the inbox, or taken from there.

    Attributes:
        name: In the inbox.
        digest: SHA-256 of its content, hex.
        reference: Of the copy, as its notes have it; "" where nobody could look.
    """

    name: str
    digest: str
    reference: str

    def rejection(self, inbox: Path, *, before: Notes = NO_NOTES) -> Rejection | None:
        """Why it lies in `.failed/`, as a file or as a book; None where no note says so, or only one from before."""

        def is_meant(_name: str, reference: str) -> bool:
            return reference in {self.reference} - {""} or is_book_of(reference, self.digest)

        return rejection(inbox, is_meant=is_meant, before=before)


class Taken:
    """Which files are out of their inbox.

    Looked at before a status is asked for: what an older status says of their books may be about an earlier run.
    """

    def __init__(self) -> None:
        """None is, yet."""
        self._names: set[str] = set()

    def look(self, files: Mapping[str, Path]) -> None:
        """Note those that are gone by now: by name, where each lay."""
        self._names.update(name for name, path in files.items() if not path.exists())

    def __contains__(self, name: str) -> bool:
        """Whether it was gone at the last look."""
        return name in self._names


def book_of(books: Sequence[Row], digest: str) -> Row | None:
    """The book with this content."""
    return next((book for book in books if is_book_of(str(book["book"]), digest)), None)


def sentence(reason: str, next_step: str) -> str:
    """Why a file is not taken, and what to do if there is anything."""
    return f"{reason}. {next_step}" if next_step else reason

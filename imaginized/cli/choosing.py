"""From the name that a person gave to the one book that a command may change: asked about where it is not exact."""

import shlex
import sys
from collections.abc import Sequence

from imaginized.cli.command import say_aside
from imaginized.cli.output import ask
from imaginized.control.client import Client
from imaginized.control.protocol import FIND, OneBook
from imaginized.control.rows import FoundRow
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, printable

SHOWN_BOOKS = 20


def book_to_change(client: Client, name: str, *, command: Sequence[str], is_sure: bool) -> str:
    """The id of the book that is meant. An exact id is it; of a part of one, or of a title, a person is asked.

    Args:
        client: The daemon, which knows the books.
        name: What was given.
        command: The words of the command, with the name among them, to be shown with the id in its place.
        is_sure: Whether nobody is to be asked (--yes).

    Raises:
        ControlError: There is no such book, there are several, or nobody agreed.
    """
    found = client.ask(FIND, OneBook(book=name))
    row = the_one_book(name, found["books"])
    if found["is_exact"]:
        return row["book"]
    shown = f"{printable(repr(name))} is {_described(row)}"
    if is_sure:
        say_aside(shown)
        return row["book"]
    exact = shlex.join(["imaginizectl", *(row["book"] if word == name else word for word in command)])
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        text = f"{shown}; only an exact id is used without asking. If this is the book: `{exact}`, or add --yes"
        raise ControlError(text, exit_code=ExitCode.USAGE)
    if not ask(f"{shown}. {command[0].capitalize()} it? [y/N] "):
        raise ControlError("nothing was changed", exit_code=ExitCode.NOTHING_TO_DO)
    return row["book"]


def the_one_book(name: str, books: Sequence[FoundRow]) -> FoundRow:
    """The only one that a name may mean.

    Raises:
        ControlError: There is none, or there are several; the message lists them.
    """
    if not books:
        raise no_such_book(name)
    if len(books) > 1:
        lines = [f"  {_described(row)}" for row in books[:SHOWN_BOOKS]]
        more = [f"  and {len(books) - SHOWN_BOOKS} more"] if len(books) > SHOWN_BOOKS else []
        text = "\n".join([f"{name!r} may be any of these; give the id of one:", *lines, *more])
        raise ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK)
    return books[0]


def no_such_book(name: str) -> ControlError:
    """Nothing in the library has this name, or a name with this in it."""
    text = f"no book {name!r} in the library; `imaginizectl status` lists them"
    return ControlError(text, exit_code=ExitCode.NO_SUCH_BOOK)


def _described(row: FoundRow) -> str:
    return f"{row['book']} ({cut(printable(row['title']))}, {row['phase']})"

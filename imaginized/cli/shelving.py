"""`imaginizectl rename`, `remove` and `undo`: a book as a whole."""

from pathlib import Path

import click

from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import BOOK, answering, as_json_option, say, yes_option
from imaginized.control.client import Client
from imaginized.control.protocol import REMOVE, RENAME, UNDO, ToRemove, ToRename, ToUndo
from imaginized.printable import printable


@click.command()
@click.argument("book", type=BOOK)
@click.argument("title")
@yes_option
@as_json_option
@click.pass_obj
@answering
def rename(socket: Path, book: str, title: str, is_sure: bool, as_json: bool) -> None:
    """Call BOOK by another TITLE, in its guide and in every list. Its id and its folder stay; nothing is paid for."""
    with Client(socket) as client:
        exact = book_to_change(client, book, command=["rename", book, title], is_sure=is_sure)
        renamed = client.ask(RENAME, ToRename(book=exact, title=title))
    say(renamed, [f"{renamed['book']} is called {printable(renamed['title'])} now"], as_json=as_json)


@click.command()
@click.argument("book", type=BOOK)
@yes_option
@as_json_option
@click.pass_obj
@answering
def remove(socket: Path, book: str, is_sure: bool, as_json: bool) -> None:
    """Take BOOK out of the library with all that was made of it; `undo BOOK` brings it back for 30 days.

    It goes to .trash in the library. Work on it ends, and its file may be dropped again.
    """
    with Client(socket) as client:
        exact = book_to_change(client, book, command=["remove", book], is_sure=is_sure)
        gone = client.ask(REMOVE, ToRemove(book=exact))
    text = f"{gone['book']} is removed; until {gone['until'][:10]} `imaginizectl undo {gone['book']}` brings it back"
    say(gone, [text], as_json=as_json)


@click.command()
@click.argument("book", metavar="BOOK")
@as_json_option
@click.pass_obj
@answering
def undo(socket: Path, book: str, as_json: bool) -> None:
    """Bring a removed BOOK back, as it was; BOOK is its id, or the beginning of one."""
    with Client(socket) as client:
        back = client.ask(UNDO, ToUndo(book=book))
    say(back, [f"{back['book']} is in the library again"], as_json=as_json)


COMMANDS = (rename, remove, undo)

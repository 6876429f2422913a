"""`imaginizectl series`: which books are volumes of one series, and saying so."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast as as_type

import click

from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import BOOK, answering, as_json_option, say, yes_option
from imaginized.cli.foretelling import foretell
from imaginized.cli.troubles import Row, rows
from imaginized.control.client import Client
from imaginized.control.protocol import ENLIST, SERIES, InSeries, ToEnlist
from imaginized.control.series_rows import Enlisted
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, flat, printable

TITLE_CELLS = 40
ACTIONS = ("set", "none", "undo", "apply")
ACTIONS_HELP = """\b
  set NAME [VOLUME]       BOOK is this volume of the series NAME
  none                    BOOK is in no series
  undo                    as the file of BOOK says
  apply                   put the cast of BOOK together again with the volumes before it
"""


@click.command(epilog=ACTIONS_HELP)
@click.argument("book", required=False, type=BOOK)
@click.argument("action", required=False, type=click.Choice(ACTIONS))
@click.argument("words", nargs=-1, metavar="[NAME] [VOLUME]")
@yes_option
@as_json_option
@click.pass_obj
@answering
def series(
    socket: Path, book: str | None, action: str | None, words: tuple[str, ...], is_sure: bool, as_json: bool
) -> None:
    """Show which books are volumes of one series, or say which volume BOOK is.

    A volume knows who was in those before it: names, looks and pictures. Its guide says which volume each is from.
    Nothing of a later volume is told in an earlier one. Pictures are drawn again only where they show somebody of whom
    something else is known now.
    """
    with Client(socket) as client:
        if book is None or action is None:
            answer = client.ask(SERIES, InSeries() if book is None else InSeries(book=book))
            say(answer, list(series_lines(as_type(Row, answer))), as_json=as_json)
            return
        wanted = _wanted(action, words)
        exact = book_to_change(client, book, command=["series", book, action, *words], is_sure=is_sure)
        wanted["book"] = exact
        foretell(client, {"book": exact, "action": "apply"}, order="recast", is_sure=is_sure)
        changed = client.ask(ENLIST, wanted)
    say(changed, [f"{changed['book']}: {_told(action, changed)}"], as_json=as_json)


def _wanted(action: str, words: tuple[str, ...]) -> ToEnlist:
    if action != "set":
        if words:
            raise ControlError(f"{action} takes no name and no volume", exit_code=ExitCode.USAGE)
        return ToEnlist(action=action)
    if len(words) not in (1, 2) or not all(word.strip() for word in words):
        text = 'set takes the name of a series in quotes, and a number: set "The Oz Books" 2'
        raise ControlError(text, exit_code=ExitCode.USAGE)
    name, *volume = words
    return ToEnlist(action=action, name=name, volume=volume[0]) if volume else ToEnlist(action=action, name=name)


def _told(action: str, changed: Enlisted) -> str:
    again = f"its cast is put together again, and `imaginizectl cast {changed['book']}` shows it"
    if action == "apply":
        return again
    if changed["name"] is None:
        return f"in the series that its own file says; {again}"
    if not changed["name"]:
        return f"in no series; {again}"
    name = printable(changed["name"])
    if not changed["volume"]:
        return f"in {name}, without a number, so it shares no cast; give one after the name"
    return f"volume {printable(changed['volume'])} of {name}; {again}"


def series_lines(answer: Row) -> Iterator[str]:
    """What a person reads: each series, and a line for each of its books."""
    answer = flat(answer)
    found = rows(answer, "series")
    if not found:
        yield "no book is in a series; `imaginizectl series BOOK set NAME VOLUME` says that one is"
    for at, one in enumerate(found):
        if at:
            yield ""
        yield str(one["name"]) or "in no series"
        for volume in rows(one, "volumes"):
            yield from _lines(volume)


def _lines(volume: Row) -> Iterator[str]:
    said = " (you said so)" if volume["by_person"] else ""
    number = str(volume["volume"]) or "-"
    yield f"  {number:>4} {cut(str(volume['title']), TITLE_CELLS):<{TITLE_CELLS}} {volume['book']}{said}"
    knows, unread = (as_type(list[str], volume[name]) for name in ("knows", "unread"))
    if knows:
        yield f"       knows the cast of {', '.join(knows)}"
    if unread:
        again = f"`imaginizectl series {volume['book']} apply` does it"
        yield f"       its cast was put together without {', '.join(unread)} as it is now; {again}"
    if volume["edition_of"]:
        yield f"       a later edition of {volume['edition_of']}"


COMMANDS = (series,)

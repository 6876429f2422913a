"""`imaginizectl scene` and `draw`: single pictures of a book, and passages that a reader chooses."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click

from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import BOOK, answering, as_json_option, say, yes_option
from imaginized.cli.troubles import Row, rows
from imaginized.control.client import Client
from imaginized.control.protocol import DRAW, RESCENE, SCENE, OneScene, ToDraw, ToRescene
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, flat

ACTIONS = ("show", "use", "drop", "undo")
ACTIONS_HELP = """\b
  show BOOK 7.2           its passage, its picture, and the pictures it had before
  use BOOK 7.2 VERSION    show one of them again; VERSION is the beginning of its name
  drop BOOK 7.2           leave the scene out of the guide
  undo BOOK 7.2           back to what was found: neither another picture nor left out
"""
DONE = {"use": "shows that picture now", "drop": "is left out", "undo": "is as it was found"}
SHOWN_CELLS, SHOWN_DIGITS = 160, 12
LONGEST_QUOTE = 5_000  # as the daemon takes it; a test holds them together


@click.command(epilog=ACTIONS_HELP)
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("book", type=BOOK)
@click.argument("scene", metavar="SCENE")
@click.argument("version", required=False)
@yes_option
@as_json_option
@click.pass_obj
@answering
def scene(socket: Path, action: str, book: str, scene: str, version: str | None, is_sure: bool, as_json: bool) -> None:
    """Show one SCENE of BOOK (such as 7.2: the second of chapter 7), or change what is in the guide of it.

    Pictures that a scene had before are kept; `retry BOOK --scene 7.2` asks for another one.
    """
    if (action == "use") != (version is not None):
        raise click.UsageError("use takes a VERSION, and nothing else does")
    with Client(socket) as client:
        if action == "show":
            shown = client.ask(SCENE, OneScene(book=book, scene=scene))
            say(shown, list(scene_lines(cast(Row, shown))), as_json=as_json)
            return
        command = ["scene", action, book, scene, *([version] if version else [])]
        exact = book_to_change(client, book, command=command, is_sure=is_sure)
        changed = client.ask(RESCENE, ToRescene(book=exact, scene=scene, action=action, version=version))
    say(changed, [f"{changed['book']}: scene {changed['scene']} {DONE[action]}"], as_json=as_json)


@click.command()
@click.argument("book", type=BOOK)
@click.option("--quote", required=True, help="The passage, in the words of the book; a sentence or a few.")
@yes_option
@as_json_option
@click.pass_obj
@answering
def draw(socket: Path, book: str, quote: str, is_sure: bool, as_json: bool) -> None:
    """Draw a passage of BOOK that you choose, as one more scene of its chapter.

    Its words must stand in the book; blanks, quotation marks and capitals may differ. Of two places the first counts.
    """
    if len(quote) > LONGEST_QUOTE:
        raise ControlError(f"a passage has at most {LONGEST_QUOTE} characters", exit_code=ExitCode.USAGE)
    with Client(socket) as client:
        exact = book_to_change(client, book, command=["draw", book, "--quote", quote], is_sure=is_sure)
        drawn = client.ask(DRAW, ToDraw(book=exact, quote=quote))
    text = f"{drawn['book']}: scene {drawn['scene']} is drawn: {cut(flat_text(drawn['quote']), SHOWN_CELLS)}"
    say(drawn, [text], as_json=as_json)


def scene_lines(answer: Row) -> Iterator[str]:
    """What a person reads of a scene."""
    answer = flat(answer)
    yield f"scene {answer['scene']} of {answer['book']}" + (": left out" if answer["is_dropped"] else "")
    if answer["quote"]:
        yield f"  {cut(str(answer['quote']), SHOWN_CELLS)}"
    versions = rows(answer, "versions")
    if not versions:
        yield "  no picture yet"
    for row in versions:
        mark = "in the guide" if row["is_current"] else "before"
        yield f"  {str(row['version'])[:SHOWN_DIGITS]} {mark:<12} {row['method']} {row['file']}"


def flat_text(text: str) -> str:
    """A passage on one line."""
    return " ".join(text.split())


COMMANDS = (scene, draw)

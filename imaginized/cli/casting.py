"""`imaginizectl cast`: who is who in a book, and changing that."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast as as_type

import click

from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import BOOK, answering, as_json_option, say, yes_option
from imaginized.cli.foretelling import foretell
from imaginized.cli.troubles import Row, rows
from imaginized.control.client import Client
from imaginized.control.protocol import CAST, RECAST, OneBook, ToRecast
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, flat, printable

NAME_CELLS = 28
OTHERS_CELLS = 48
CHAPTERS_CELLS = 12
DONE = {"merge": "merged", "split": "split", "rename": "renamed", "kind": "kind", "drop": "left out"}
MAX_LENGTH, MAX_WORDS = 500, 50  # as the daemon takes them; a test holds them together
ACTIONS_HELP = """\b
  merge WHO WHO...        make one of several; it is called as the first one
  split WHO...            make this name somebody of its own
  rename WHO NAME         give somebody another name
  kind WHO KIND           character, creature, place or item
  drop WHO...             leave somebody out, with all names
  undo WHO...             as it was found
  reset                   the whole cast as it was found
  apply                   after cast.toml in the book's folder was edited by hand
"""
ACTIONS = ("merge", "split", "rename", "kind", "drop", "undo", "reset", "apply")
WITH_A_VALUE = {
    "rename": 'a row or a name, and the new name in quotes: rename 3 "Mary Lennox"',
    "kind": "a row or a name, and the kind: kind 3 creature",
}


@click.command(epilog=ACTIONS_HELP)
@click.argument("book", type=BOOK)
@click.argument("action", required=False, type=click.Choice(ACTIONS))
@click.argument("words", nargs=-1, metavar="[WHO]...")
@yes_option
@as_json_option
@click.pass_obj
@answering
def cast(socket: Path, book: str, action: str | None, words: tuple[str, ...], is_sure: bool, as_json: bool) -> None:
    """Show everybody of BOOK: who is who, what each is, other names, and from where; or change that.

    WHO is the number at the beginning of a line, or any name; 3.2 is the second other name of row 3.

    The cast is put together again, and the guide is written anew. Pictures are
    drawn again only where they show somebody who changed; nothing else is paid for. Your changes also hold for chapters
    that are read again later.
    """
    with Client(socket) as client:
        if action is None:
            answer = client.ask(CAST, OneBook(book=book))
            say(answer, list(cast_lines(as_type(Row, answer))), as_json=as_json)
            return
        wanted = _wanted(action, words)
        wanted["book"] = book_to_change(client, book, command=["cast", book, action, *words], is_sure=is_sure)
        foretell(client, wanted, order="recast", is_sure=is_sure)
        changed = client.ask(RECAST, wanted)
    who = [", ".join(printable(name) for name in changed["who"])] if changed["who"] else []
    told = " ".join([action, *who, *(["as", printable(str(wanted["to"]))] if "to" in wanted else [])])
    text = f"{changed['book']}: {told}; its cast is put together again once its chapters are"
    say(changed, [f"{text} read, and `imaginizectl cast {changed['book']}` shows it"], as_json=as_json)


def _wanted(action: str, words: Sequence[str]) -> ToRecast:
    _check_words(words)
    if action not in WITH_A_VALUE:
        return ToRecast(action=action, who=list(words))
    if len(words) != 2:
        raise ControlError(f"{action} takes {WITH_A_VALUE[action]}", exit_code=ExitCode.USAGE)
    return ToRecast(action=action, who=[words[0]], to=" ".join(words[1].split()))


def _check_words(words: Sequence[str]) -> None:
    """Say what the daemon would refuse, in the words of a person rather than of the protocol."""
    text = ""
    if any(not word.strip() for word in words):
        text = "a name is empty; give a row or a name, in quotes where it has blanks"
    elif any(len(word) > MAX_LENGTH for word in words):
        text = f"a name has more than {MAX_LENGTH} characters; give its row"
    elif len(words) > MAX_WORDS:
        text = f"{len(words)} names are too many at once; give at most {MAX_WORDS}"
    if text:
        raise ControlError(text, exit_code=ExitCode.USAGE)


def cast_lines(answer: Row) -> Iterator[str]:
    """What a person reads: one line for each of the cast."""
    answer = flat(answer)
    members = rows(answer, "members")
    if not members:
        yield _why_nobody(answer)
    else:
        yield (
            f"{'row':>4} {'kind':<9} {'mentions':>8} {'chapters':<{CHAPTERS_CELLS}} {'who':<{NAME_CELLS}} "
            f"{'also called':<{OTHERS_CELLS}} from"
        )
    for member in members:
        yield _line(member).rstrip()
    yield from (f"problem: {problem}" for problem in as_type(list[str], answer["problems"]))
    if answer["is_waiting"]:
        yield "the cast is being put together; ask again in a moment"
    elif not answer["is_applied"]:
        yield f"{answer['file']} was changed since; run `imaginizectl cast {answer['book']} apply` to use it"


def _why_nobody(answer: Row) -> str:
    if answer["is_waiting"]:
        return "not put together yet"
    nobody = (
        "no people or things were found in it, or its language is not supported for that; its Elements.md says which"
    )
    return nobody if answer["is_applied"] else "of an older version; `apply` puts it together again"


def _line(member: Row) -> str:
    name = cut(str(member["name"]), NAME_CELLS)
    others = cut(", ".join(as_type(list[str], member["names"])), OTHERS_CELLS)
    chapters = _chapters(as_type(list[int], member["chapters"]))
    head = f"{member['row']!s:>4} {member['kind']!s:<9} {member['mentions']!s:>8} {chapters:<{CHAPTERS_CELLS}}"
    return f"{head} {name:<{NAME_CELLS}} {others:<{OTHERS_CELLS}} {_from(member)}"


def _chapters(numbers: Sequence[int]) -> str:
    """The first and the last, and how many where some between them are not among them."""
    if len(numbers) < 2:
        return ", ".join(map(str, numbers))
    first, last = min(numbers), max(numbers)
    return f"{first}-{last}" + (f" ({len(numbers)})" if len(numbers) <= last - first else "")


def _from(member: Row) -> str:
    place = "" if member["chapter"] is None else f"chapter {member['chapter']}"
    place += "" if member["page"] is None else f", page {member['page']}"
    done = [DONE.get(verb, verb) for verb in as_type(list[str], member["orders"])]
    return f"{place} ({', '.join(done)} by you)" if done else place


COMMANDS = (cast,)

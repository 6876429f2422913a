"""`imaginizectl chapters`: how a book is divided into chapters, and changing that."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import click

from imaginized.cli.choosing import book_to_change
from imaginized.cli.command import BOOK, answering, as_json_option, say, yes_option
from imaginized.cli.foretelling import foretell
from imaginized.cli.troubles import Row, rows
from imaginized.control.client import Client
from imaginized.control.protocol import CHAPTERS, DIVIDE, OneBook, ToDivide
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, flat

TITLE_CELLS = 40
STARTS_CELLS = 40
MANY_ALIKE = 3
MAX_ROWS, MAX_LENGTH, SHOWN = 500, 500, 40  # as the daemon takes them; a test holds them together
_ROW = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
DONE = {"keep": "kept", "drop": "dropped", "merge": "merged", "split": "split", "rename": "renamed"}
ACTIONS_HELP = """\b
  keep ROW...             make a chapter of what was left out
  drop ROW...             leave out what is a chapter
  merge ROW ROW...        make one chapter of several
  split ROW --at WORDS    begin a new chapter at the paragraph with these words
  rename ROW TITLE        give a chapter another title
  undo ROW...             as the reader found it
  reset                   the whole book as the reader found it
  apply                   after chapters.toml in the book's folder was edited by hand
"""
ACTIONS = ("keep", "drop", "merge", "split", "rename", "undo", "reset", "apply")


@click.command(epilog=ACTIONS_HELP)
@click.argument("book", type=BOOK)
@click.argument("action", required=False, type=click.Choice(ACTIONS))
@click.argument("words", nargs=-1, metavar="[ROW]...")
@click.option("--at", help="With split: the first words of the paragraph that the new chapter begins with.")
@click.option("--title", help="With split: the title of the new chapter.")
@yes_option
@as_json_option
@click.pass_obj
@answering
def chapters(
    socket: Path,
    book: str,
    action: str | None,
    words: tuple[str, ...],
    at: str | None,
    title: str | None,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Show every piece of BOOK: what is a chapter, what was left out, and why; or change that.

    ROW is the number at the beginning of a line.

    The book is divided again once the claims on it have ended. Chapters whose text stays the same keep their scenes,
    pictures and progress, and nothing is paid for them again.
    """
    with Client(socket) as client:
        if action is None:
            _check_options(at=at, title=title)
            answer = client.ask(CHAPTERS, OneBook(book=book))
            say(answer, list(chapter_lines(cast(Row, answer))), as_json=as_json)
            return
        wanted = _wanted(action, words, at=at, title=title)
        command = ["chapters", book, action, *words]
        wanted["book"] = book_to_change(client, book, command=command, is_sure=is_sure)
        foretell(client, wanted, order="divide", is_sure=is_sure)
        divided = client.ask(DIVIDE, wanted)
    text = f"{divided['book']}: it is divided again as soon as its claims have ended; `imaginizectl chapters "
    say(divided, [f"{text}{divided['book']}` shows it"], as_json=as_json)


def _wanted(action: str, words: Sequence[str], *, at: str | None, title: str | None) -> ToDivide:
    if action == "rename":
        if len(words) != 2:
            raise ControlError(
                'rename takes a row and a title in quotes: rename 3 "The Cave"', exit_code=ExitCode.USAGE
            )
        return ToDivide(action=action, rows=_checked([words[0]]), title=_short("title", " ".join(words[1].split())))
    if action != "split":
        _check_options(at=at, title=title)
    wanted = ToDivide(action=action, rows=_checked(words))
    if at is not None:
        wanted["at"] = _short("text of --at", at)
    if title is not None:
        wanted["title"] = _short("title", title)
    return wanted


def _checked(words: Sequence[str]) -> list[str]:
    """The rows, which the daemon would refuse in the words of its protocol."""
    wrong = next((word for word in words if not _ROW.fullmatch(word)), None)
    if wrong is not None:
        text = f"{wrong[:SHOWN]!r} is not a row; give the number at the start of a line, such as 3 or 3.2"
        raise ControlError(text, exit_code=ExitCode.USAGE)
    if len(words) > MAX_ROWS:
        raise ControlError(f"{len(words)} rows are too many at once; give at most {MAX_ROWS}", exit_code=ExitCode.USAGE)
    return list(words)


def _short(what: str, text: str) -> str:
    if not 1 <= len(text.strip()) <= len(text) <= MAX_LENGTH:
        problem = "is empty" if not text.strip() else f"has {len(text)} characters"
        raise ControlError(f"the {what} {problem}; give 1 to {MAX_LENGTH}", exit_code=ExitCode.USAGE)
    return text


def _check_options(*, at: str | None, title: str | None) -> None:
    if at is not None or title is not None:
        raise ControlError("--at and --title go with split only", exit_code=ExitCode.USAGE)


def chapter_lines(answer: Row) -> Iterator[str]:
    """What a person reads: how it was divided, then one line a piece."""
    answer = flat(answer)
    pieces = rows(answer, "pieces")
    division = cast(Row | None, answer["division"])
    if division:
        yield f"divided by {division['way']}, confidence {division['confidence']:.2f}: {division['reason']}"
    if not pieces:
        yield "not divided yet" if answer["is_waiting"] else "divided by an older version; `apply` divides it again"
    else:
        yield f"{'row':>5} {'chapter':>7} {'words':>7}  {'title':<{TITLE_CELLS}}  begins, or why it is left out"
    for piece, others in _without_repeats(pieces):
        chapter = "-" if piece["chapter"] is None else str(piece["chapter"])
        title = cut(str(piece["title"]), TITLE_CELLS)
        why = f"{_why(piece)}{others}"
        yield f"{piece['row']!s:>5} {chapter:>7} {piece['words']!s:>7}  {title:<{TITLE_CELLS}}  {why}".rstrip()
    yield from (f"problem: {problem}" for problem in cast(list[str], answer["problems"]))
    if answer["is_waiting"]:
        yield "the book is being divided again; ask again in a moment"
    elif not answer["is_applied"]:
        yield f"{answer['file']} was changed since; `imaginizectl chapters {answer['book']} apply` divides by it"


def _without_repeats(pieces: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Each piece, equal ones that nobody changed as the first of them, and which others are like it."""
    alike: dict[tuple[str, ...], list[str]] = {}
    keys = [tuple(str(piece[key]) for key in ("chapter", "title", "words", "reason", "edits")) for piece in pieces]
    for key, piece in zip(keys, pieces, strict=True):
        alike.setdefault(key, []).append(str(piece["row"]))
    for key, piece in zip(keys, pieces, strict=True):
        first, *others = alike[key]
        if piece["chapter"] is not None or piece["edits"] or len(others) + 1 < MANY_ALIKE:
            yield piece, ""
        elif first == str(piece["row"]):
            yield piece, f"; {len(others) + 1} like this, rows {first} to {others[-1]}"


def _why(piece: Row) -> str:
    done = [DONE.get(verb, verb) for verb in cast(list[str], piece["edits"])]
    by = f"{', '.join(done)} by you" if done else ""
    if piece["chapter"] is None:
        return by if "dropped" in done else f"left out: {piece['reason']}" + (f"; {by}" if by else "")
    starts = cut(str(piece["starts"]), STARTS_CELLS)
    return f"{starts} ({by})" if by else starts


COMMANDS = (chapters,)

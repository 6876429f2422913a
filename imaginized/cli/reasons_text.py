"""Sentences of reasons, for whoever reads a terminal: the one place in `cli` that decides by codes what to advise."""

from collections.abc import Mapping
from typing import cast

from imaginized.reasons import Code, Reason

Row = Mapping[str, object]

CTL = "imaginizectl"

# Who is asked to do what, where that is a command: by the code, so that a daemon of one's own gets commands of its own.
PAUSE_ADVICE: Mapping[Code, str] = {
    Code.OPERATOR: "run `{ctl} resume` to continue",
    Code.UNREACHABLE: "run `{ctl} resume` to try now",
    Code.PROVIDER: "check key and quota, then `{ctl} reload`",
}
# Of what ended in a daemon that has ended with the command that began it.
SAME_COMMAND: Mapping[Code, str] = {
    Code.CANCELLED: "run the same command again to continue",
    Code.ELSEWHERE: "run the same command again to retry",
    Code.PROVIDER: "check key and quota, then run the same command again",
}

# The same again gives the same: a person has to change something first, and the reason says what.
USELESS_TO_RETRY = frozenset(
    (
        *(Code.PROTECTED, Code.ENCRYPTED, Code.DAMAGED, Code.TRUNCATED, Code.FOREIGN, Code.MISNAMED, Code.TOO_LARGE),
        *(Code.BOMB, Code.NO_TEXT, Code.READER_FAILED, Code.UNREADABLE, Code.CHAPTERS_ABSENT),
    )
)


def code_of(row: Row) -> Code | None:
    """The code of a book's, step's or chapter's reason; None where it has none."""
    reason = cast(Row | None, row.get("reason"))
    return Code.read(reason["code"]) if reason else None


def joined(text: object, advice: object) -> str:
    """Why, and what to do, as one line."""
    return str(Reason(Code.UNKNOWN, str(text), str(advice)))


def pause_rows(status: Row) -> list[Row]:
    """What holds work up, each with its code; a daemon of 0.1.0 tells the causes and their words alone."""
    paused = cast(Row, status.get("paused") or {})
    rows = cast(list[Row] | None, status.get("pauses"))
    return rows or [{"code": cause, "text": text, "advice": ""} for cause, text in paused.items()]


def why_paused(row: Row, *, ctl: str = CTL) -> str:
    """Why work is held up, and the command that ends it.

    Args:
        row: Of the pause.
        ctl: How that command begins, for the daemon it is for.
    """
    advice = PAUSE_ADVICE.get(Code.read(row["code"]))
    return joined(row["text"], advice.format(ctl=ctl) if advice and row["advice"] else row["advice"])


def why_ended_here(reason: Row) -> str:
    """Why something is not done, for somebody whose next step is the same command."""
    return joined(reason["text"], SAME_COMMAND.get(Code.read(reason["code"]), reason["advice"]))


def code_of_end(book: Row) -> Code | None:
    """The code of why a book that rests is not done; None for one that is."""
    if book["phase"] == "done":
        return None
    held = cast(Row | None, book.get("held"))
    return Code.read(held.get("code")) if held else code_of(book) or Code.CHAPTERS_FAILED


def is_cancelled(row: Row) -> bool:
    """Whether a person, and no fault, ended it."""
    return code_of(row) is Code.CANCELLED


def why_book(book: Row) -> str:
    """Why a book has ended without its guide, and what to do."""
    reason, code = cast(Row | None, book.get("reason")), code_of(book)
    if reason is None:
        return str(book["error"])
    if reason["advice"] or code in USELESS_TO_RETRY or book.get("rejected"):
        return str(book["error"])
    return f"{book['error']}; `imaginizectl retry {book['book']}` tries again"

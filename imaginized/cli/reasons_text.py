"""Sentences of reasons, for whoever reads a terminal: the one place in `cli` that decides by codes what to advise."""

from collections.abc import Mapping
from typing import cast

from imaginized.reasons import Code

Row = Mapping[str, object]

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

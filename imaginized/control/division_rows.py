"""The rows of `status BOOK` that say how a book was divided into chapters; `rows` has all others."""

from typing import TypedDict


class WayRow(TypedDict):
    """One way to divide a book into chapters.

    Attributes:
        name: contents, typed sections, headings, numbers, capitals or documents.
        places: How many chapters it would give.
        score: How well it fits, from 0 to 1, for comparing with the others of the same book.
    """

    name: str
    places: int
    score: float


class DivisionRow(TypedDict):
    """How a book was divided into chapters.

    Attributes:
        way: The way that was taken.
        confidence: From 0, a guess, to 1.
        reason: Why, for a person.
        ways: All ways that were tried, the best first.
    """

    way: str
    confidence: float
    reason: str
    ways: list[WayRow]


class FindingRow(TypedDict):
    """Something that looks wrong with the text of a book.

    Attributes:
        code: mojibake, glued_digits, lump, repeated_lines, language, first_letters or titles_missing.
        text: For a person.
        chapters: Those that show it best; none for the whole book.
    """

    code: str
    text: str
    chapters: list[int]


class PieceRow(TypedDict):
    """A piece of the original, chapter or not.

    Attributes:
        row: Its place in the book, from 1; "3.2" for the second part of a piece that is split.
        chapter: The chapter that has its text; null where none has.
        title: As the reader found it.
        starts: Its first words.
        words: How long it is.
        file: Where it is in the book.
        reason: Why the reader took it for no chapter; empty where it took it for one.
        edits: What a person did to it: keep, drop, merge, split, rename.
    """

    row: str
    chapter: int | None
    title: str
    starts: str
    words: int
    file: str
    reason: str
    edits: list[str]


class Pieces(TypedDict):
    """Every piece of a book, and how a person changed its division.

    Attributes:
        file: Where the changes are: the book's `chapters.toml`, there or not.
        is_applied: Whether the book is divided as that file says.
        is_waiting: Whether it is about to be divided.
        pieces: In reading order; none before the book is divided.
        problems: What of the file could not be done, for a person.
    """

    file: str
    is_applied: bool
    is_waiting: bool
    pieces: list[PieceRow]
    problems: list[str]

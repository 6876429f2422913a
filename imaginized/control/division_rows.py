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

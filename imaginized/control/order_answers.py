"""Answers about orders to a book's scenes and to a book as a whole; `answers` has all others."""

from imaginized.control.answers import Head


class Foretold(Head):
    """The answer of `foretell`.

    Attributes:
        book: Its id.
        pictures: How many are drawn again at most; those that the book has kept of before cost nothing.
        texts: How many chapters an endpoint is asked to read again at most.
        cost_usd: What both cost at most, 0 where nobody charges; null when a price is unknown.
    """

    book: str
    pictures: int
    texts: int
    cost_usd: float | None

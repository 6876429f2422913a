"""The answers about series of books; `answers` has all others."""

from typing import TypedDict

from imaginized.control.answers import Head


class VolumeRow(TypedDict):
    """A book of a series, or one beside it.

    Attributes:
        book: Its id.
        title: Its title.
        volume: Its number in the series, as written; "" for none.
        by_person: Whether a person said which volume of which series it is; else its own file does.
        is_merged: Whether its cast was put together.
        knows: Ids of the earlier volumes that its cast was put together with.
        unread: Ids of the earlier volumes that it was not put together with as they are now; `apply` does that.
        edition_of: Id of the book that it is a later edition of; null for none.
    """

    book: str
    title: str
    volume: str
    by_person: bool
    is_merged: bool
    knows: list[str]
    unread: list[str]
    edition_of: str | None


class SeriesRow(TypedDict):
    """A series.

    Attributes:
        name: As its first volume writes it; "" for a book that is in none.
        volumes: In order; behind them those without a number.
    """

    name: str
    volumes: list[VolumeRow]


class Shelved(Head):
    """The answer of `series`.

    Attributes:
        book: The id of the book that was asked about; null for none.
        series: By name; of a book, its own.
    """

    book: str | None
    series: list[SeriesRow]


class Enlisted(Head):
    """The answer of `enlist`.

    Attributes:
        book: Its id.
        name: Of its series now; "" for none. Null where its own file says it.
        volume: Its number there; "" for none. Null likewise.
    """

    book: str
    name: str | None
    volume: str | None

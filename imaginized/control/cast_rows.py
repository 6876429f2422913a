"""The rows of `cast` that say who is who in a book; `rows` has all others."""

from typing import TypedDict


class MemberRow(TypedDict):
    """One of the cast.

    Attributes:
        row: Its number, from 1; it stays while there are changes, so that a row means the same after each.
        name: What the guide calls it.
        kind: character, creature, place or item.
        names: Its other names; the second of row 3 is "3.2".
        mentions: How often it is named.
        chapters: The chapters that it is in.
        chapter: Where its first quote stands, or it is first met; null for nowhere.
        page: Of that quote; null for none.
        quote: That quote; "" for none.
        found: What it was called before a person renamed it.
        orders: What a person said of it: split, merge, rename, kind, drop.
        is_dropped: Whether a person wants it left out.
    """

    row: int
    name: str
    kind: str
    names: list[str]
    mentions: int
    chapters: list[int]
    chapter: int | None
    page: int | None
    quote: str
    found: str
    orders: list[str]
    is_dropped: bool


class CastRows(TypedDict):
    """Everybody of a book, and how a person changed who is who.

    Attributes:
        file: Where the changes are: the book's `cast.toml`, there or not.
        is_applied: Whether the cast is as that file says.
        is_waiting: Whether it is about to be put together.
        members: By their rows; none before all chapters are read.
        problems: What of the file could not be done, for a person.
    """

    file: str
    is_applied: bool
    is_waiting: bool
    members: list[MemberRow]
    problems: list[str]

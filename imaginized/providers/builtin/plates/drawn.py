"""What a plate turned out to show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a plate shows, for its alternative text and for whoever measures a book.

    Attributes:
        composition: The view, its ground and its shot; two plates with the same word look alike.
        people: How many persons and creatures are drawn.
    """

    alt: str
    composition: str
    people: int

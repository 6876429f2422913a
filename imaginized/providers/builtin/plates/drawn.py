"""What a plate turned out to show."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a plate shows, for its alternative text and for whoever measures a book.

    Attributes:
        composition: The view, its ground and its shot; two plates with the same word look alike.
        people: How many persons and creatures are drawn.
        frame: What of the composition a reader sees at a glance: view, place or ground, and camera.
        company: How many there are and what the first of them does, as far as it changes the picture.
    """

    alt: str
    composition: str
    people: int
    frame: str
    company: str = "nobody"

    @property
    def seen(self) -> str:
        """What a reader takes for one composition."""
        return f"{self.frame}: {self.company}"

"""What seals the words that go through the broker; the one that does is in `sealing`, which needs the extra."""

from typing import Protocol


class Seal(Protocol):
    """Nobody else reads what it closes, changes it or puts it elsewhere."""

    def close(self, data: bytes, *, about: str) -> bytes:
        """Sealed; opens again only where it is said to be about the same."""

    def open(self, sealed: bytes, *, about: str) -> bytes | None:
        """What was sealed; None for what was not sealed by us for this place."""

    def name(self, *parts: object) -> str:
        """A name that tells nobody without the key what it is made of."""

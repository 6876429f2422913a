"""The rows of who is told of books and at what pace, in the answer of `status`."""

from typing import TypedDict


class AskedRow(TypedDict):
    """Who is told of books.

    Attributes:
        use: text, who reads chapters whole; or image, who reads what to draw.
        endpoint: Its URL.
        model: As that endpoint names it.
        is_own: Whether the endpoint is on this machine or in its own network.
    """

    use: str
    endpoint: str
    model: str
    is_own: bool


class PacingRow(TypedDict):
    """How chapters follow each other.

    Attributes:
        rate_limit: free, paid or adaptive.
        batch: Chapters a batch; null where there are no batches.
        at_once: How many of a batch are in work at the same time: with fewer workers than paid asks for, so many.
    """

    rate_limit: str
    batch: int | None
    at_once: int

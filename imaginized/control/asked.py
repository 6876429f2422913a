"""The rows of who is told of books, in the answer of `status`."""

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

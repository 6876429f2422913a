"""The rows of `notify`."""

from typing import TypedDict


class WayRow(TypedDict):
    """What became of a message by one way.

    Attributes:
        way: webhook, ntfy, apprise or command.
        problem: Why it was not taken; "" where it was.
    """

    way: str
    problem: str

"""The rows of `notify`, and what its process is told of the daemon."""

from typing import TypedDict

from imaginized.control.rows import ReasonRow


class WayRow(TypedDict):
    """What became of a message by one way.

    Attributes:
        way: webhook, ntfy, apprise or command.
        problem: Why it was not taken; "" where it was.
    """

    way: str
    problem: str


class Standing(TypedDict):
    """How the daemon stands, for who tells people. It never leaves the machine.

    Attributes:
        pauses: What holds all work up.
        is_broken: Whether the breaker is open.
        spent_today_usd: Since midnight UTC; 0 where that cannot be read.
        max_usd_per_day: The cap.
        rejected: How many files are in .failed.
        newest: The name of the newest; "" for none.
        reason: Why it was rejected.
        code: Of that reason; "" for none.
        inbox: The inbox's folder.
    """

    pauses: list[ReasonRow]
    is_broken: bool
    spent_today_usd: float
    max_usd_per_day: float
    rejected: int
    newest: str
    reason: str
    code: str
    inbox: str

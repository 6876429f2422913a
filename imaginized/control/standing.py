"""What the process that tells people is told of the daemon. It never leaves the machine, and is no part of the wire."""

from typing import TypedDict

from imaginized.control.rows import ReasonRow

NOT_LOOKED = -1


class Standing(TypedDict):
    """How the daemon stands.

    Attributes:
        pauses: What holds all work up.
        is_broken: Whether the breaker is open.
        spent_today_usd: Since midnight UTC; 0 where that cannot be read.
        max_usd_per_day: The cap.
        rejected: How many files are in .failed; -1 before the inbox was looked at.
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

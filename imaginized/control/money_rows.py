"""What was spent, in the daemon's answers."""

from typing import TypedDict


class DoubtRow(TypedDict):
    """What nobody knows of what a book has cost.

    Attributes:
        maybe_usd: What of spent_usd may not have been charged, at the most that it can be.
        maybe_usual_usd: What such calls usually cost.
    """

    maybe_usd: float
    maybe_usual_usd: float


class Budget(TypedDict):
    """What today has cost and may cost, in dollars.

    Attributes:
        spent_today_usd: Since midnight UTC, calls under way included.
        max_usd_per_day: The cap.
    """

    spent_today_usd: float
    max_usd_per_day: float

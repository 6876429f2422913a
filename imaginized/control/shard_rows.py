"""The row of one home in what `imaginized front` answers."""

from typing import TypedDict


class ShardRow(TypedDict):
    """A home behind a front.

    Attributes:
        shard: Its name; rows of the answer that are about it have the same word.
        socket: Where it is asked.
        inbox: Where the front's machine has its inbox; "" while it does not answer.
        state: As its own `status` has it, or away.
        reason: Why it is away; "" where it is not.
        version: Of its daemon; "" while it does not answer.
        books: How many it has.
        spent_today_usd: Since midnight UTC.
        max_usd_per_day: The most that it may spend in a day, by its own settings.
    """

    shard: str
    socket: str
    inbox: str
    state: str
    reason: str
    version: str
    books: int
    spent_today_usd: float
    max_usd_per_day: float

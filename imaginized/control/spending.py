"""What was spent, as the ledger has it, for answers."""

from collections.abc import Mapping

from imaginized.control.daemon import Daemon
from imaginized.money.ledger import Doubt
from imaginized.reasons import Code, Reason


def spending_of(daemon: Daemon) -> tuple[Mapping[str, float], Mapping[str, Doubt], float, list[Reason]]:
    """What each book and today have cost, calls under way included, and why that cannot be read."""
    ledger = daemon.ledger
    try:
        today = ledger.balance()
        return ledger.books(), ledger.doubts(), round(today.day_spent + today.day_reserved, 6), []
    except OSError as error:
        return {}, {}, 0.0, [Reason(Code.SPENDING_UNREADABLE, f"what was spent cannot be read: {error}")]

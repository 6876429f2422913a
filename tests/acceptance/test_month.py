"""Some days of the scripted month; `scripts/month` takes all of it."""

from collections import Counter
from pathlib import Path

from tests.support.month import month

DAYS, BOOKS, SEED = 3.0, 4, 2


def test_books_come_through_endpoints_in_trouble_and_the_money_is_true(tmp_path: Path) -> None:
    """Nobody helps but by approving: every book is done, no chapter failed, and what is booked is what was charged."""
    with month(tmp_path, days=DAYS, books=BOOKS, seed=SEED) as run:
        found = run.run()

    assert (found.phases, found.whys) == (Counter(done=BOOKS), [])
    assert found.approvals == BOOKS
    assert found.calls["maybe, dropped"] > 0
    assert len(found.requests) >= 4  # ways that it met
    assert found.off <= 0.01
    assert found.usual_usd < found.most_usd

"""A second set of endpoints, written without sight of the code: what comes of each, by a clock that only waits move."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.more_endpoints import endpoints, more_served
from tests.support.zoo import KEY, Book, Zoo

LONGEST_REST = 7 * 86_400  # a week's allowance is the longest that any service tells of


@pytest.fixture(scope="module")
def zoo() -> Iterator[Zoo]:
    with more_served() as found:
        yield found


@pytest.mark.parametrize("row", endpoints(), ids=lambda row: row["name"])
def test_what_comes_of_it(zoo: Zoo, tmp_path: Path, row: dict[str, Any]) -> None:
    """Done untended, or stopped for the right reason after few calls; nothing uses up an attempt."""
    came = Book(zoo, row["name"], folder=tmp_path).read()

    assert came.what in row["what"].split("|"), came.words[-1:]
    assert came.calls <= row["most"]
    assert came.attempts == 0
    assert len(came.booked) <= row["most"]
    assert came.booked.count("sure") >= row.get("sure", 0)
    if "waits" in row:
        assert [second for second in came.waits + came.pauses if second] == row["waits"]
    shortest, longest = row.get("rests", (0, LONGEST_REST))
    assert all(shortest <= seconds <= longest for seconds in came.pauses)
    assert all(seconds <= LONGEST_REST for seconds in came.waits)
    words = " ".join(came.words)
    assert KEY not in words
    assert row.get("says", "") in words

"""F50: what we keep for ourselves may be spoiled by a disk or a person; a line of it is worth no more than itself."""

import json
import os
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.money.calls import Usage
from imaginized.money.ledger import FOLDER
from imaginized.settings.model import Budget
from imaginized.store.owners import current_owner
from imaginized.store.pause import PAUSED, Pause
from tests.support.paying import CALL, customer, make_till

BUDGET = Budget(max_usd_per_book=5.0, approve_above_usd=5.0)
HERE = current_owner("worker-1", pid=os.getpid())
RESERVED: dict[str, object] = {
    "reserve": "r1", "usd": 0.5, "book": "a-book", "at": SystemClock().now().isoformat(), "host": HERE.host, "pid": 1,
    "start": 1, "boot": HERE.boot,
}  # fmt: skip
OTHER_TYPES: tuple[object, ...] = (None, [], {}, "x")
WRONG = [
    "no JSON",
    "[]",
    "null",
    "7",
    '{"settle": "r1", "usd": "much"}',
    '{"settle": "r1", "usd": NaN}',
    '{"settle": "r1", "usd": 1e999}',
    '{"reserve": "r1"}',
    *(json.dumps({**RESERVED, name: value}) for name in RESERVED for value in OTHER_TYPES if name != "reserve"),
    json.dumps({**RESERVED, "pid": -1}),
    json.dumps({**RESERVED, "pid": 10**30}),
    json.dumps({**RESERVED, "at": "2026-01-01T00:00:00"}),
]


@pytest.mark.parametrize("line", WRONG)
def test_f50_a_line_of_the_ledger_that_is_none_stops_nobody(tmp_path: Path, line: str) -> None:
    """F50: whatever stands in a line, what was paid before and after it counts, and calls go on."""
    till = make_till(tmp_path, budget=BUDGET)
    with till.serve(customer(tmp_path)):
        till.reserve(CALL).settle(Usage(), outcome="ok")
        (file,) = (tmp_path / FOLDER).glob("*.jsonl")
        with file.open("a") as ledger:
            ledger.write(f"{line}\n")
        till.reserve(CALL).settle(Usage(), outcome="ok")
        till = make_till(tmp_path, budget=BUDGET)
    with till.serve(customer(tmp_path)):
        till.reserve(CALL).settle(Usage(), outcome="ok")
        paid = file.read_text().count('"settle"') - line.count('"settle"')

    assert paid >= 3  # what a dead process had reserved is settled, too


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "7", '{"since": []}', "\x00"])
def test_f50_a_spoiled_pause_is_a_pause(tmp_path: Path, text: str) -> None:
    """F50: a pause that does not say since when is one; nobody pays because a file was damaged."""
    (tmp_path / PAUSED).write_text(text)
    pause = Pause(tmp_path)

    assert pause.is_on
    assert isinstance(pause.since, str)
    assert pause.end()

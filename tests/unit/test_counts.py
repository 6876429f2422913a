"""What a library has counted, where its file was spoiled."""

import json
from pathlib import Path

import pytest

from imaginized.control.counts import FILE, HISTOGRAMS, Counts


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -5.0, "x"])
@pytest.mark.parametrize("where", ["counter", "ranges", "total"])
def test_a_number_that_nobody_counted_is_damage(tmp_path: Path, where: str, value: object) -> None:
    """All is counted from zero then: else every sum were NaN for ever, and no JSON."""
    counts = Counts(tmp_path / FILE)
    counts.add("steps_total", "split", "completed")
    counts.note("task_seconds", "split", seconds=1.0)
    counts.keep()
    told = json.loads((tmp_path / FILE).read_text())
    spread = told["spreads"]["task_seconds"][0]
    if where == "counter":
        told["counters"]["steps_total"][0][-1] = value
    elif where == "total":
        spread[-1] = value
    else:
        spread[-2] = [value] * (len(HISTOGRAMS["task_seconds"][1]) + 1)
    (tmp_path / FILE).write_text(json.dumps(told))

    assert (Counts.of(tmp_path).counters, Counts.of(tmp_path).spreads) == ({}, {})

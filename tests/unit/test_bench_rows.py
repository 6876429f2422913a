"""`scripts/bench`: what becomes of a row that fails, of a name that there is not, and what replies take at no cost."""

from collections.abc import Sequence

import pytest

from benchmarks import __main__ as bench
from benchmarks.endpoint import Course, Served
from benchmarks.makespan import at_no_cost
from benchmarks.registry import ROWS, Row
from benchmarks.targets import Target


class Failing(Row):
    """A row that comes to no result."""

    def run(self, **_: bool) -> Sequence[Target]:
        raise TimeoutError("never came true")


class Measured(Row):
    """A row with one figure."""

    def run(self, **_: bool) -> Sequence[Target]:
        return [Target(name="a figure", asked=1.0, measured=2.0, words="why")]


def test_a_row_that_fails_ends_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    """The others are measured and printed with what they miss; the run says which one failed, and is no success."""
    code = bench.main(["--quick"], among=(Failing(module="one", title="One"), Measured(module="two", title="Two")))

    told = capsys.readouterr()
    assert code == 1
    assert "| a figure | at most 1 | 2 | 2.0 | **no** | why |" in told.out
    assert "failed: one;" in told.err


def test_help_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """It tells the usage and every name, and ends well."""
    code = bench.main(["--help"], among=(Failing(module="one", title="One"),))

    told = capsys.readouterr()
    assert code == 0
    assert told.out.startswith("usage: scripts/bench")
    assert all(row.module in told.out for row in ROWS)


@pytest.mark.parametrize("asked", [["fotprint"], ["--fast"], ["footprint", "--fast"], ["footprint", "growth"]])
def test_what_is_not_known_measures_nothing(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with all the names there are; that is a wrong use."""
    code = bench.main(asked)

    told = capsys.readouterr()
    assert code == 2
    assert f"{asked[-1]} is not known" in told.err
    assert all(row.module in told.err for row in ROWS)


def test_at_no_cost_each_worker_takes_the_next_reply_and_no_picture_comes_before_a_text() -> None:
    """Who does not know how long a reply takes may have the longest one last."""
    texts = [Served(kind="text", came=at, went=at, seconds=seconds) for at, seconds in enumerate([1.0, 1.0, 4.0])]
    picture = Served(kind="image", came=3.0, went=3.0, seconds=1.0)

    assert at_no_cost(Course(served=texts), workers=2) == 5.0
    assert at_no_cost(Course(served=[texts[0], picture]), workers=2) == 2.0

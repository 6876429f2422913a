"""`scripts/bench`: what becomes of a row that fails, and of a name that there is not."""

from collections.abc import Sequence

import pytest

from benchmarks import __main__ as bench
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

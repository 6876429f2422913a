"""The benchmarks: one row each. A module here with `run(quick=…)`, which returns its targets, is a row.

One that has more to show in hours than in minutes has a `run_long()`, too: `scripts/bench all` and its name alone call
that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from benchmarks.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One benchmark.

    Attributes:
        module: Below `benchmarks`.
        title: For the report.
        is_quick: Whether `scripts/bench quick` runs it: what it tells then must be the same in every run.
        is_usual: Whether `scripts/bench` without a name runs it: all of these take 25 minutes on two cores.
    """

    module: str
    title: str
    is_quick: bool = False
    is_usual: bool = True

    def run(self, *, quick: bool = False, is_long: bool = False) -> Sequence[Target]:
        """Measure; takes from seconds to many minutes."""
        module = import_module(f"benchmarks.{self.module}")
        found: Callable[..., Sequence[Target]] | None = getattr(module, "run_long", None) if is_long else None
        if found is not None:
            return found()
        measured: Sequence[Target] = module.run(quick=quick)
        return measured


ROWS = (
    Row(module="percall", title="What a call costs", is_quick=True),
    Row(module="footprint", title="At rest, and after a kill", is_quick=True),
    Row(module="claims", title="Claims and updates"),
    Row(module="makespan", title="First request to last reply"),
    Row(module="first", title="The first picture"),
    Row(module="seed", title="The seed's table"),
    Row(module="gate", title="The gate: permits, reservations, and after a kill"),
    Row(module="growth", title="A library that has grown"),
    Row(module="limiter", title="The shared limiter"),
    Row(module="faults", title="A novel through faults"),
    Row(module="reading", title="Reading files", is_usual=False),
)


def row_of(name: str) -> Row | None:
    """The row of a module; None where there is none."""
    return next((row for row in ROWS if row.module == name), None)

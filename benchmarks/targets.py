"""What was asked and what was measured: one row for each target, the same in every benchmark."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from benchmarks.writing import table

Sense = Literal["at most", "at least"]
COLUMNS = ("target", "asked", "measured", "ratio", "met", "words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure.

    Attributes:
        name: What it is, with its unit.
        asked: What it should be; None where it is only told.
        measured: What it is.
        sense: Whether it may be more or less than was asked.
        words: Why it is missed and what was tried, or how it was taken.
        is_count: Whether it is the same on every machine and in every run, so that it can guard a change.
        slack: How many times what was recorded a guarded one may be: memory differs a little from run to run.
        is_wall: Whether it is a time by the clock, which other work on the machine makes longer.
    """

    name: str
    asked: float | None
    measured: float
    sense: Sense = "at most"
    words: str = ""
    is_count: bool = False
    slack: float = 1.05
    is_wall: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is as asked, or nothing was."""
        if self.asked is None:
            return True
        return self.measured <= self.asked if self.sense == "at most" else self.measured >= self.asked

    def row(self, *, is_loaded: bool = False) -> dict[str, object]:
        """Its line in a table."""
        is_asked = self.asked is not None
        missed = "**no**, loaded" if is_loaded and self.is_wall else "**no**"
        ratio = round(self.measured / self.asked, 2) if self.asked else None
        return {
            "target": self.name,
            "asked": f"{self.sense} {self.asked:g}" if is_asked else None,
            "measured": f"{self.measured:.4g}",
            "ratio": ratio,
            "met": None if not is_asked else "yes" if self.is_met else missed,
            "words": self.words,
        }

    def as_json(self) -> dict[str, object]:
        """For `results`."""
        return asdict(self)


def load(row: dict[str, object]) -> Target:
    """One of `results`."""
    return Target(**row)  # type: ignore[arg-type]


def target_table(targets: Sequence[Target], *, is_loaded: bool = False) -> list[str]:
    """Lines of a Markdown table; on a loaded machine a missed time by the clock says so."""
    return table([target.row(is_loaded=is_loaded) for target in targets], columns=COLUMNS) if targets else []

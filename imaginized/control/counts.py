"""Figures that only grow: calls, tokens, pictures, chapters, how long each takes. In memory, and kept in the library.

They are kept before they are told: a daemon that is killed takes up what it told last, so no figure ever falls. What
was counted since then is lost with it; the ledger and the logs of the books have all.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from imaginized.control.metric_rows import Family, Sample
from imaginized.store.writing import write_atomic

FILE = ".imaginized.metrics.json"
FORMAT = 1
MOST_SERIES = 200  # of one family: a label that anybody can fill must not grow without end
OTHER = "other"
CALL_SECONDS = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
CPU_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
TASK_SECONDS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0)

COUNTERS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "requests_total": (("op", "code"), "Calls to endpoints, by what they are for and how they ended."),
    "tokens_total": (("dir",), "Tokens of calls that were answered, in and out."),
    "images_total": (("model", "result"), "Pictures asked of endpoints, by model."),
    "plates_total": (("by",), "Pictures that books got, by who draws."),
    "chapters_total": (("stage", "result"), "Ends of work on a chapter, by stage."),
    "steps_total": (("stage", "result"), "Ends of work on a whole book, by step."),
    "retries_total": (("stage",), "Work on a chapter or step that was begun again."),
    "worker_restarts_total": (("reason",), "Ends of processes, by why."),
}
HISTOGRAMS: Mapping[str, tuple[tuple[str, ...], tuple[float, ...], str]] = {
    "request_seconds": (("op",), CALL_SECONDS, "How long a call took, from sending to the end of the answer."),
    "task_cpu_seconds": (("stage", "at"), CPU_SECONDS, "CPU time of this machine for it; at says who did the work."),
    "task_seconds": (("stage",), TASK_SECONDS, "How long work on a chapter or step took, waiting included."),
}

Key = tuple[str, ...]


@dataclass(slots=True)
class Spread:
    """How many of a histogram's figures are in each of its ranges, and their sum."""

    ranges: list[int]
    total: float = 0.0


@dataclass(slots=True)
class Counts:
    """All of them."""

    path: Path
    counters: dict[str, dict[Key, float]] = field(default_factory=dict)
    spreads: dict[str, dict[Key, Spread]] = field(default_factory=dict)
    _is_kept: bool = True

    @classmethod
    def of(cls, library: Path) -> "Counts":
        """Those of a library, as they were told last; from zero where that cannot be read."""
        counts = cls(library / FILE)
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            counts._load(json.loads(counts.path.read_bytes()))
        return counts

    def add(self, name: str, *labels: str, number: float = 1.0) -> None:
        """Count something."""
        series = self.counters.setdefault(name, {})
        key = _bounded(labels, series)
        series[key] = series.get(key, 0.0) + number
        self._is_kept = False

    def note(self, name: str, *labels: str, seconds: float) -> None:
        """Count how long something took."""
        bounds = HISTOGRAMS[name][1]
        series = self.spreads.setdefault(name, {})
        spread = series.setdefault(_bounded(labels, series), Spread([0] * (len(bounds) + 1)))
        spread.ranges[bisect_left(bounds, seconds)] += 1
        spread.total += max(seconds, 0.0)
        self._is_kept = False

    def families(self) -> list[Family]:
        """All of them, kept first.

        Raises:
            OSError: They cannot be kept, so they are not told.
        """
        self.keep()
        return [*self._counter_families(), *self._histogram_families()]

    def keep(self) -> None:
        """Keep them, if they have changed. Not synced: it is the process that is killed, not the machine.

        Raises:
            OSError: Disk full or read-only.
        """
        if self._is_kept:
            return
        counters = {name: [[*key, value] for key, value in rows.items()] for name, rows in self.counters.items()}
        spreads = {
            name: [[*key, one.ranges, one.total] for key, one in rows.items()] for name, rows in self.spreads.items()
        }
        told = {"format": FORMAT, "counters": counters, "spreads": spreads}
        write_atomic(self.path, json.dumps(told).encode(), synced=False)
        self._is_kept = True

    def _load(self, row: Mapping[str, object]) -> None:
        """Take what was kept: all of it or, where it is damaged or of other ranges, nothing."""
        if row["format"] != FORMAT:
            return
        counters: dict[str, dict[Key, float]] = {}
        spreads: dict[str, dict[Key, Spread]] = {}
        for name, rows in row["counters"].items():  # type: ignore[attr-defined]
            for *labels, value in rows if name in COUNTERS else ():
                counters.setdefault(name, {})[tuple(map(str, labels))] = _amount(value)
        for name, rows in row["spreads"].items():  # type: ignore[attr-defined]
            for *labels, ranges, total in rows if name in HISTOGRAMS else ():
                if len(ranges) == len(HISTOGRAMS[name][1]) + 1:
                    spread = Spread([int(_amount(number)) for number in ranges], _amount(total))
                    spreads.setdefault(name, {})[tuple(map(str, labels))] = spread
        self.counters, self.spreads = counters, spreads

    def _counter_families(self) -> list[Family]:
        found: list[Family] = []
        for name, (labels, meaning) in COUNTERS.items():
            rows = sorted(self.counters.get(name, {}).items())
            samples = [Sample(suffix="", labels=_named(labels, key), value=value) for key, value in rows]
            found.append(Family(name=f"imaginized_{name}", kind="counter", meaning=meaning, samples=samples))
        return found

    def _histogram_families(self) -> list[Family]:
        found: list[Family] = []
        for name, (labels, bounds, meaning) in HISTOGRAMS.items():
            rows = sorted(self.spreads.get(name, {}).items())
            samples = [sample for key, one in rows for sample in _samples(_named(labels, key), bounds, one)]
            found.append(Family(name=f"imaginized_{name}", kind="histogram", meaning=meaning, samples=samples))
        return found


def _amount(value: float) -> float:
    """A number that counting may have come to.

    Raises:
        ValueError: It is negative, or none; json takes NaN and Infinity.
    """
    if not 0 <= float(value) < inf:
        raise ValueError(value)
    return float(value)


def _samples(labels: dict[str, str], bounds: tuple[float, ...], one: Spread) -> list[Sample]:
    samples, below = [], 0
    for bound, number in zip((*map(str, bounds), "+Inf"), one.ranges, strict=True):
        below += number
        samples.append(Sample(suffix="_bucket", labels={**labels, "le": bound}, value=below))
    samples.append(Sample(suffix="_sum", labels=labels, value=one.total))
    return [*samples, Sample(suffix="_count", labels=labels, value=below)]


def _named(names: tuple[str, ...], key: Key) -> dict[str, str]:
    return dict(zip(names, key, strict=True))


def _bounded(labels: Key, series: Mapping[Key, object]) -> Key:
    """The key of these labels; of too many, that of all others."""
    if labels in series or len(series) < MOST_SERIES:
        return labels
    return (OTHER,) * len(labels)

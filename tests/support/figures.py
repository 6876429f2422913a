"""The figures of an endurance run: who was asked and killed, what the supervisor had, and whether that is fit."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from imaginized.errors import ExitCode
from tests.support.dropping import Drop
from tests.support.standing import Standing

SAMPLE_SECONDS = 1.0
WARM_SECONDS = 10.0
LONG_LIFE_SECONDS = 60.0
# What must hold.
P99_SECONDS = 0.1
THREADS = 1
MORE_DESCRIPTORS = 6  # in the last quarter of a life than in the first: clients and children come and go
MORE_KIB = 8_192  # likewise; the manifests of more books are kept in memory
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """What the supervisor has at a moment of its life."""

    age: float
    kib: int
    descriptors: int
    threads: int


@dataclass(slots=True)
class Run:
    """What happened so far. Moments are monotonic seconds."""

    drops: list[Drop] = field(default_factory=list)
    kills: list[tuple[float, str]] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    lives: list[list[Sample]] = field(default_factory=list)
    asked: list[tuple[float, float]] = field(default_factory=list)  # when, and how long it took
    refused: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)


def unfit(run: Run) -> Iterator[str]:
    """Which of the figures are not as they must be on a machine that has nothing else to do."""
    slowest = percentile([seconds for _, seconds in run.asked], 99)
    if slowest > P99_SECONDS:
        yield f"status p99 is {slowest * 1000:.0f} ms"
    if count := run.refused.total() - run.refused[ExitCode.NOT_RUNNING.name.lower()]:
        yield f"{count} calls of status were refused or not answered: {dict(run.refused)}"
    for number, life in enumerate(run.lives, 1):
        if any(sample.threads != THREADS for sample in life):
            yield f"life {number} had {max(sample.threads for sample in life)} threads"
        if len(life) * SAMPLE_SECONDS >= LONG_LIFE_SECONDS:
            first, *_, last = quarters(life)
            if last.descriptors - first.descriptors > MORE_DESCRIPTORS:
                yield f"life {number}: descriptors grew from {first.descriptors} to {last.descriptors}"
            if last.kib - first.kib > MORE_KIB:
                yield f"life {number}: memory grew from {first.kib} to {last.kib} KiB"


def quarters(life: Sequence[Sample]) -> list[Sample]:
    """The medians of each quarter of a life, after it has warmed up."""
    warm = [sample for sample in life if sample.age >= WARM_SECONDS] or list(life)
    parts = [warm[len(warm) * at // 4 : len(warm) * (at + 1) // 4] or warm for at in range(4)]
    return [
        Sample(
            age=part[0].age,
            kib=int(statistics.median(sample.kib for sample in part)),
            descriptors=int(statistics.median(sample.descriptors for sample in part)),
            threads=max(sample.threads for sample in part),
        )
        for part in parts
    ]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of all do not pass; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)] if ordered else 0.0


def told(run: Run, standing: Standing) -> Iterator[str]:
    """The run as a table for people."""
    yield f"{'dropped':20} times files library failed duplicates nowhere"
    rows = standing.by_kind(run.drops)
    total: Counter[str] = Counter()
    for kind, row in rows.items():
        total += row
        yield _row(kind, row)
    yield _row("all", total)
    kills = Counter(victim for _, victim in run.kills)
    restarts = (
        f"; answering again after {percentile(run.restarts, 50):.1f} s (median), {max(run.restarts, default=0):.1f}"
    )
    yield f"killed: {', '.join(f'{count} {name}' for name, count in sorted(kills.items())) or 'nobody'}{restarts}"
    took = [seconds for _, seconds in run.asked]
    figures = ", ".join(f"p{each:g} {percentile(took, each) * 1000:.1f} ms" for each in (50, 99, 99.9))
    yield f"status: {len(took)} answers, {figures}, longest {max(took, default=0.0) * 1000:.0f} ms; {dict(run.refused)}"
    for began, seconds in sorted(run.asked, key=lambda each: -each[1])[:SHOWN]:
        before = [(began + seconds - at, victim) for at, victim in run.kills if at < began + seconds]
        after = "" if not before else f", {min(before)[0]:.2f} s after a {min(before)[1]} was killed"
        yield f"  {seconds * 1000:.0f} ms{after}"
    yield "supervisor: life, seconds; KiB, descriptors, threads of its quarters"
    for number, life in enumerate(run.lives, 1):
        parts = " | ".join(f"{each.kib} {each.descriptors} {each.threads}" for each in quarters(life))
        yield f"  {number}, {life[-1].age:.0f}; {parts}"
    violations = [*run.violations, *unfit(run)]
    yield f"violations: {len(violations)}"
    yield from (f"  {violation}" for violation in violations)


def _row(kind: str, row: Counter[str]) -> str:
    numbers = (row[name] for name in ("times", "files", "library", ".failed", ".duplicates", "nowhere"))
    return f"{kind:20} {'{:5} {:5} {:7} {:6} {:10} {:7}'.format(*numbers)}"

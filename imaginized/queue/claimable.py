"""Who may claim what next: the one rule by which workers take their tasks, its order and its pacing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from imaginized.queue.manifest import Entry, Manifest, Stage, Status, Task
from imaginized.queue.plan import all_ended, all_past, live_claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How the chapters of a book may follow each other.

    Attributes:
        batch_size: Chapters in a batch that must end before the next one starts; None for no barrier.
        in_flight: Chapters under way at once in one book; None for as many as there are workers.
        pause_seconds: From the end of one batch to the start of the next.
    """

    batch_size: int | None = None
    in_flight: int | None = None
    pause_seconds: float = 0.0


FREE = Pacing(batch_size=3, in_flight=1, pause_seconds=60.0)
PAID = Pacing(batch_size=5, pause_seconds=2.0)
ADAPTIVE = Pacing()


def claimable(manifest: Manifest, *, now: datetime, pacing: Pacing = ADAPTIVE) -> list[Task]:
    """The tasks somebody may claim now, best first: steps, then the longest chapters.

    Args:
        manifest: The book.
        now: For the pause between batches.
        pacing: The barrier, if any.
    """
    if is_held(manifest, now=now) or not was_admitted(manifest):
        return []
    step = _next_step(manifest)
    if step is not None:
        return [Task(stage=step)] if manifest.steps[step].status is Status.PENDING else []
    stage = _open_stage(manifest)
    if _is_full(manifest, pacing=pacing):
        return []
    waiting = [(n, entry) for n, entry in manifest.chapters.items() if _waits_for(entry, stage=stage)]
    allowed = _allowed(manifest, stage=stage, now=now, pacing=pacing)
    longest_first = sorted(waiting, key=lambda row: (-row[1].words, row[0]))
    return [Task(stage=entry.stage, chapter=n) for n, entry in longest_first if n in allowed]


def was_admitted(manifest: Manifest) -> bool:
    """Whether the book came in here. To work on a folder that another program made would overwrite what is in it."""
    return bool(manifest.original_name)


def is_held(manifest: Manifest, *, now: datetime) -> bool:
    """Whether nothing of the book may be claimed."""
    hold = manifest.hold
    return hold is not None and (hold.until is None or now < hold.until)


def _next_step(manifest: Manifest) -> Stage | None:
    """The step that everything else waits for now; None while chapters are the work, or when the book has ended."""
    steps = manifest.steps
    if steps[Stage.SPLIT].status is not Status.COMPLETED:
        return Stage.SPLIT
    if steps[Stage.MERGE].status is not Status.COMPLETED:
        return Stage.MERGE if all_past(manifest, stage=Stage.ANALYZE) else None
    return Stage.COMPILE if all_ended(manifest) else None


def _open_stage(manifest: Manifest) -> Stage:
    """The chapter stage that may be claimed: analyze until all are past it and merged, then illustrate."""
    is_merged = manifest.steps[Stage.MERGE].status is Status.COMPLETED
    return Stage.ILLUSTRATE if is_merged and all_past(manifest, stage=Stage.ANALYZE) else Stage.ANALYZE


def _waits_for(entry: Entry, *, stage: Stage) -> bool:
    return entry.status is Status.PENDING and entry.stage is stage


def _is_full(manifest: Manifest, *, pacing: Pacing) -> bool:
    return pacing.in_flight is not None and len(live_claims(manifest)) >= pacing.in_flight


def _allowed(manifest: Manifest, *, stage: Stage, now: datetime, pacing: Pacing) -> set[int]:
    """The chapters in front of the barrier: those of the first batch that has not ended, once the pause is over."""
    numbers = sorted(manifest.chapters)
    if pacing.batch_size is None:
        return set(numbers)
    ended_at: datetime | None = None
    for start in range(0, len(numbers), pacing.batch_size):
        batch = numbers[start : start + pacing.batch_size]
        entries = [manifest.chapters[n] for n in batch]
        if not all(_has_left(entry, stage=stage) for entry in entries):
            return set() if _is_pausing(ended_at, now=now, seconds=pacing.pause_seconds) else set(batch)
        ended_at = _latest(_left_at(entry, stage=stage) for entry in entries)
    return set()


def _is_pausing(ended_at: datetime | None, *, now: datetime, seconds: float) -> bool:
    # An end in the future means that the clock was set back: waiting for it could take for ever.
    return ended_at is not None and ended_at <= now < ended_at + timedelta(seconds=seconds)


def _has_left(entry: Entry, *, stage: Stage) -> bool:
    if entry.status in (Status.COMPLETED, Status.FAILED):
        return True
    return stage is Stage.ANALYZE and entry.stage is Stage.ILLUSTRATE


def _left_at(entry: Entry, *, stage: Stage) -> datetime | None:
    if entry.status is Status.FAILED:
        return entry.failed_at
    return entry.analyzed_at if stage is Stage.ANALYZE else entry.completed_at


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)

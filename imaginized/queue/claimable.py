"""Who may claim what next: the one rule by which workers take their tasks, its order and its pacing. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from imaginized.queue.manifest import STEPS, Entry, Manifest, Stage, Status, Task
from imaginized.queue.parts import joinable
from imaginized.queue.plan import live_claims, live_parts
from imaginized.queue.way import first_unread, last_before_a_step, next_unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How the chapters of a book may follow each other.

    Attributes:
        batch_size: Chapters in a batch that must end before the next one starts; None for no barrier.
        in_flight: Chapters under way at once in one book; None for as many as there are workers.
        pause_seconds: From the end of one batch to the start of the next, while chapters are read.
    """

    batch_size: int | None = None
    in_flight: int | None = None
    pause_seconds: float = 0.0


FREE = Pacing(batch_size=3, in_flight=1, pause_seconds=60.0)
PAID = Pacing(batch_size=5, pause_seconds=2.0)
ADAPTIVE = Pacing()


def claimable(manifest: Manifest, *, now: datetime, pacing: Pacing = ADAPTIVE) -> list[Task]:
    """The tasks somebody may claim now, best first: steps, then the longest chapters, then parts of those under way.

    Args:
        manifest: The book.
        now: For the pause between batches.
        pacing: The barrier, if any.
    """
    return list(best_first(manifest, now=now, pacing=pacing))


def best_first(manifest: Manifest, *, now: datetime, pacing: Pacing = ADAPTIVE) -> Iterator[Task]:
    """The same one by one, for who takes the first that suits: under the lock, of thousands of chapters."""
    if is_held(manifest, now=now) or not was_admitted(manifest):
        return
    stage = next_unfinished(manifest)
    if stage is None:
        return
    if stage in STEPS:
        is_busy = bool(manifest.standing.live) or bool(live_parts(manifest))
        if stage is Stage.SPLIT and is_busy:
            return  # chapters will have other numbers: what is under way ends under its own first
        if manifest.steps[stage].status is Status.PENDING:
            yield Task(stage=stage)
        return
    if _is_full(manifest, pacing=pacing):
        return
    last = last_before_a_step(manifest, stage)
    batch = _batch(manifest, last=last, now=now, pacing=pacing)
    for number in _waiting(manifest, until=last):
        if batch is None or number in batch:
            yield Task(stage=manifest.chapters[number].stage, chapter=number)
    # Last: whoever joins shortens what is left by at most a part, and costs an update more than a chapter of his own.
    if pacing.batch_size is None or len(live_claims(manifest)) < pacing.batch_size:
        shared = [n for n in manifest.standing.shared if batch is None or n in batch]
        entries = ((n, manifest.chapters[n]) for n in shared)
        yield from joinable((n, entry) for n, entry in entries if entry.stage.order <= last.order)


def _waiting(manifest: Manifest, *, until: Stage) -> Iterator[int]:
    """Longest first, but behind pictures that need not wait for the merge and the chapter that others wait for."""
    standing = manifest.standing
    yield from standing.at.get((Stage.PREVIEW, Status.PENDING), ()) if until.order >= Stage.PREVIEW.order else ()
    first = first_unread(manifest)
    if first is not None and manifest.chapters[first].status is Status.PENDING:
        yield first
    lists = [
        each for stage, each in standing.longest.items() if stage.order <= until.order and stage is not Stage.PREVIEW
    ]
    for _, number in lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists)):
        if number != first:
            yield number


def may_read_too(manifests: Iterable[Manifest], *, workers: int) -> bool:
    """Whether one more worker may read a book while there is other work: half of them may, so that the rest draw."""
    reading = sum(one.steps[stage].is_live for one in manifests for stage in STEPS if stage.traits.opens_original)
    return reading < max(1, workers // 2)


def was_admitted(manifest: Manifest) -> bool:
    """Whether the book came in here. To work on a folder that another program made would overwrite what is in it."""
    return bool(manifest.original_name)


def is_held(manifest: Manifest, *, now: datetime) -> bool:
    """Whether nothing of the book may be claimed."""
    hold = manifest.hold
    return hold is not None and (hold.until is None or now < hold.until)


def _is_full(manifest: Manifest, *, pacing: Pacing) -> bool:
    return pacing.in_flight is not None and len(live_claims(manifest)) >= pacing.in_flight


def _batch(manifest: Manifest, *, last: Stage, now: datetime, pacing: Pacing) -> tuple[int, ...] | None:
    """The chapters in front of the barrier: those of the first batch that has not ended, once the pause is over.

    None where there is no barrier.
    """
    size = pacing.batch_size
    if size is None:
        return None
    standing = manifest.standing
    first = min((numbers[0] for numbers in standing.unfinished(last)), default=None)
    if first is None:
        return ()
    start = bisect_left(standing.numbers, first) // size * size
    before = standing.numbers[max(start - size, 0) : start]
    ended_at = _latest(_left_at(manifest.chapters[n]) for n in before)
    # Once a batch: its pictures follow the same barrier, but a second pause for them would double the seed's.
    is_pausing = last.order < Stage.MERGE.order and _is_pausing(ended_at, now=now, seconds=pacing.pause_seconds)
    return () if is_pausing else standing.numbers[start : start + size]


def _is_pausing(ended_at: datetime | None, *, now: datetime, seconds: float) -> bool:
    # An end in the future means that the clock was set back: waiting for it could take for ever.
    return ended_at is not None and ended_at <= now < ended_at + timedelta(seconds=seconds)


def _left_at(entry: Entry) -> datetime | None:
    """When it ended, or was analyzed: stages between that and the next step have no moments of their own."""
    if entry.status is Status.FAILED:
        return entry.failed_at
    return entry.completed_at if entry.status is Status.COMPLETED else entry.analyzed_at


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)

"""Reading a manifest: what can be claimed now, in which order, which phase a book is in, how far it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from imaginized.queue.manifest import STEPS, Entry, Manifest, Stage, Status, Task
from imaginized.queue.stages import Phase as Phase
from imaginized.queue.way import have_all_left, last_before_a_step, next_unfinished
from imaginized.reasons import Code


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


ENDED = frozenset((Phase.DONE, Phase.PARTIAL, Phase.FAILED, Phase.CANCELLED))


def claimable(manifest: Manifest, *, now: datetime, pacing: Pacing = ADAPTIVE) -> list[Task]:
    """The tasks somebody may claim now, best first: steps, then the longest chapters.

    Args:
        manifest: The book.
        now: For the pause between batches.
        pacing: The barrier, if any.
    """
    if is_held(manifest, now=now) or not was_admitted(manifest):
        return []
    stage = next_unfinished(manifest)
    if stage is None:
        return []
    if stage in STEPS:
        return [Task(stage=stage)] if manifest.steps[stage].status is Status.PENDING else []
    if _is_full(manifest, pacing=pacing):
        return []
    last = last_before_a_step(manifest, stage)
    waiting = [(n, entry) for n, entry in manifest.chapters.items() if _waits_for(entry, until=last)]
    allowed = _allowed(manifest, last=last, now=now, pacing=pacing)
    longest_first = sorted(waiting, key=lambda row: (-row[1].words, row[0]))
    return [Task(stage=entry.stage, chapter=n) for n, entry in longest_first if n in allowed]


def was_admitted(manifest: Manifest) -> bool:
    """Whether the book came in here. To work on a folder that another program made would overwrite what is in it."""
    return bool(manifest.original_name)


def is_held(manifest: Manifest, *, now: datetime) -> bool:
    """Whether nothing of the book may be claimed."""
    hold = manifest.hold
    return hold is not None and (hold.until is None or now < hold.until)


def phase(manifest: Manifest) -> Phase:
    """Where the book is. One whose hold has just run out is held until the next claim in it."""
    steps = manifest.steps
    failed = [entry for entry in steps.values() if entry.status is Status.FAILED]
    if failed:
        return Phase.CANCELLED if any(map(was_cancelled, failed)) else Phase.FAILED
    if steps[Stage.COMPILE].status is Status.COMPLETED:
        return Phase.PARTIAL if failed_chapters(manifest) or cancelled_chapters(manifest) else Phase.DONE
    if manifest.hold is not None:
        return Phase.HELD
    if steps[Stage.SPLIT].status is Status.PENDING:
        return Phase.QUEUED
    return (next_unfinished(manifest) or Stage.COMPILE).traits.phase


def failed_chapters(manifest: Manifest) -> list[int]:
    """Numbers of the chapters that failed by themselves, ascending."""
    return sorted(n for n, one in manifest.chapters.items() if one.status is Status.FAILED and not was_cancelled(one))


def cancelled_chapters(manifest: Manifest) -> list[int]:
    """Numbers of the chapters that a person ended, ascending."""
    return sorted(n for n, entry in manifest.chapters.items() if was_cancelled(entry))


def is_rejected(manifest: Manifest) -> bool:
    """Whether its original turned out to be unusable, so that it will be put out of the library again."""
    split = manifest.steps[Stage.SPLIT]
    # One that was split before has finished work, which is not thrown away for it.
    return split.status is Status.FAILED and split.rejected and not manifest.chapters


def was_cancelled(entry: Entry) -> bool:
    """Whether a person, and no fault, ended it."""
    return entry.status is Status.FAILED and entry.reason is not None and entry.reason.code is Code.CANCELLED


def was_cancelled_whole(manifest: Manifest) -> bool:
    """Whether a person ended the whole book, its guide included."""
    return any(was_cancelled(entry) for entry in manifest.steps.values())


def progress(manifest: Manifest) -> float:
    """How much of the book's work is done, 0 to 1: every stage of a chapter and every step counts one."""
    stages = manifest.chapter_stages
    total = len(manifest.steps) + len(stages) * len(manifest.chapters)
    done = sum(entry.status is Status.COMPLETED for entry in manifest.steps.values())
    for entry in manifest.chapters.values():
        ended = entry.status in (Status.COMPLETED, Status.FAILED)
        done += len(stages) if ended else stages.index(entry.stage)
    return done / total


def live_claims(manifest: Manifest) -> list[tuple[Task, Entry]]:
    """What is being worked on now."""
    steps = [(Task(stage=stage), entry) for stage, entry in manifest.steps.items() if entry.is_live]
    chapters = manifest.chapters.items()
    return steps + [(Task(stage=entry.stage, chapter=number), entry) for number, entry in chapters if entry.is_live]


def held_by(manifest: Manifest, claim_id: str) -> Task | None:
    """The task that this claim took, while it is live."""
    for task, entry in live_claims(manifest):
        if entry.claim is not None and entry.claim.claim_id == claim_id:
            return task
    return None


def next_stage(manifest: Manifest, stage: Stage) -> Stage | None:
    """The stage a chapter enters after this one; None when it is through."""
    later = manifest.chapter_stages[manifest.chapter_stages.index(stage) + 1 :]
    return later[0] if later else None


def _waits_for(entry: Entry, *, until: Stage) -> bool:
    return entry.status is Status.PENDING and entry.stage.order <= until.order


def _is_full(manifest: Manifest, *, pacing: Pacing) -> bool:
    return pacing.in_flight is not None and len(live_claims(manifest)) >= pacing.in_flight


def _allowed(manifest: Manifest, *, last: Stage, now: datetime, pacing: Pacing) -> set[int]:
    """The chapters in front of the barrier: those of the first batch that has not ended, once the pause is over."""
    numbers = sorted(manifest.chapters)
    if pacing.batch_size is None:
        return set(numbers)
    ended_at: datetime | None = None
    for start in range(0, len(numbers), pacing.batch_size):
        batch = numbers[start : start + pacing.batch_size]
        entries = [manifest.chapters[n] for n in batch]
        if not have_all_left(entries, last):
            return set() if _is_pausing(ended_at, now=now, seconds=pacing.pause_seconds) else set(batch)
        ended_at = _latest(_left_at(entry) for entry in entries)
    return set()


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

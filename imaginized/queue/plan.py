"""Reading a manifest: which phase a book is in, how far it is, who works on it. Pure.

What may be claimed now is in `claimable`.
"""

from dataclasses import replace

from imaginized.errors import Rejected
from imaginized.queue.chapters import ENDED as ENDED_CHAPTERS
from imaginized.queue.manifest import NO_PARTS, Entry, Fence, Manifest, Stage, Status, Task
from imaginized.queue.phases import ENDED as ENDED
from imaginized.queue.stages import Phase as Phase
from imaginized.queue.way import next_unfinished
from imaginized.reasons import Code


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
    return [n for n in manifest.standing.of(Status.FAILED) if not was_cancelled(manifest.chapters[n])]


def cancelled_chapters(manifest: Manifest) -> list[int]:
    """Numbers of the chapters that a person ended, ascending."""
    return [n for n in manifest.standing.of(Status.FAILED) if was_cancelled(manifest.chapters[n])]


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
    stages = [stage for stage in manifest.chapter_stages if not stage.traits.is_extra]
    total = len(manifest.steps) + len(stages) * len(manifest.chapters)
    done = sum(entry.status is Status.COMPLETED for entry in manifest.steps.values())
    for (at, status), numbers in manifest.standing.at.items():
        passed = len(stages) if status in ENDED_CHAPTERS else sum(stage.order < at.order for stage in stages)
        done += passed * len(numbers)
    return done / total


def live_claims(manifest: Manifest) -> list[tuple[Task, Entry]]:
    """What is being worked on now; of a part, its chapter's entry with the part's claim and attempt."""
    steps = [(Task(stage=stage), entry) for stage, entry in manifest.steps.items() if entry.is_live]
    chapters = [(number, manifest.chapters[number]) for number in manifest.standing.live]
    live = [(Task(stage=entry.stage, chapter=number), entry) for number, entry in chapters]
    # Parts first: who ends claims one by one must not end a chapter, which may end all its parts, before them.
    return steps + live_parts(manifest) + live


def live_parts(manifest: Manifest) -> list[tuple[Task, Entry]]:
    """The parts of chapters that are out, as `live_claims` has them; also where nobody has the chapter itself now."""
    return [
        (
            Task(stage=entry.stage, chapter=number, part=part),
            replace(entry, status=Status.IN_PROGRESS, claim=out.claim, attempt=out.attempt, parts=NO_PARTS),
        )
        for number in manifest.standing.shared
        for entry in (manifest.chapters[number],)
        for part, out in entry.parts.out.items()
    ]


def fence_of(manifest: Manifest, task: Task) -> Fence | None:
    """The fence of the last claim of a task; None where it has none."""
    entry = manifest.entry(task)
    if entry is None or task.part is None:
        return entry.fence if entry else None
    out = entry.parts.out.get(task.part)
    return out.fence if out else None


def held_by(manifest: Manifest, claim_id: str) -> Task | None:
    """The task that this claim took, while it is live."""
    for task, entry in live_claims(manifest):
        if entry.claim is not None and entry.claim.claim_id == claim_id:
            return task
    return None


def next_stage(manifest: Manifest, stage: Stage) -> Stage | None:
    """The stage that every chapter enters after this one; None when it is through."""
    later = manifest.chapter_stages[manifest.chapter_stages.index(stage) + 1 :]
    return next((stage for stage in later if not stage.traits.is_extra), None)


def known_chapter(manifest: Manifest, number: int) -> Entry:
    """The chapter that a person named.

    Raises:
        Rejected: There is none of that number.
    """
    entry = manifest.chapters.get(number)
    if entry is None:
        known = _known_numbers(manifest)
        raise Rejected(f"{manifest.book_id} has no chapter {number}; it has {known}", code=Code.NO_CHAPTER)
    return entry


def _known_numbers(manifest: Manifest) -> str:
    count, first, last = len(manifest.chapters), min(manifest.chapters, default=0), max(manifest.chapters, default=0)
    if not count:
        return "none yet"
    has_all = last - first + 1 == count
    return f"chapters {first} to {last}" if has_all else f"{count} chapters between {first} and {last}"

"""A person wants no more work: of a book, or of some of its chapters. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from imaginized.queue.change import Change
from imaginized.queue.events import RESUMED, TAKEN_BACK, Happening, changed, failed, released
from imaginized.queue.manifest import NO_PARTS, Entry, Manifest, Stage, Status, Task
from imaginized.queue.plan import known_chapter
from imaginized.reasons import Code, Reason


def cancel(manifest: Manifest, *, now: datetime, reason: str, advice: str = "", chapters: Sequence[int] = ()) -> Change:
    """A person wants no more work: what is unfinished is failed and live claims lose their fence.

    What was complete before a person had it done again is so again, and so is the guide. Where a part of that is in
    place already, the guide is made anew of what there is, which costs nothing.

    Args:
        manifest: The book.
        now: When this was asked for.
        reason: In words.
        advice: How it is taken up again.
        chapters: Only these; none for the whole book, its steps included.

    Raises:
        Rejected: A chapter is unknown.
    """
    for number in chapters:
        known_chapter(manifest, number)
    meant = frozenset(chapters) or manifest.chapters.keys()
    is_rebuilt, why = _has_news(manifest), Reason(Code.CANCELLED, reason, advice)
    ended: dict[Task, Entry] = {}
    events: list[Happening] = []
    for task, entry in manifest.entries():
        is_meant = task.chapter in meant if task.chapter is not None else not chapters
        if is_meant and _is_unfinished(entry):
            ended[task] = _cancelled(manifest, task, entry, now=now, reason=why, is_rebuilt=is_rebuilt)
            events.append(_told(task, entry, ended[task]))
    manifest = manifest.with_entries(ended)
    if manifest.hold is None:
        return Change(manifest, tuple(events))
    return Change(replace(manifest, hold=None), (*events, RESUMED))


def _told(task: Task, entry: Entry, after: Entry) -> Happening:
    if after.status is Status.FAILED:
        # Of one that is worked on the claim is meant, and its attempt: that of after has no owner.
        return failed(task, entry if entry.is_live else after, reason=after.reason, again=False)
    if after.status is Status.COMPLETED:
        return changed(task, details=TAKEN_BACK)
    return released(task, entry) if entry.is_live else changed(task)


def _cancelled(
    manifest: Manifest, task: Task, entry: Entry, *, now: datetime, reason: Reason, is_rebuilt: bool
) -> Entry:
    """Whatever becomes of it, the attempt rises, so that its fence is lost."""
    fenced = replace(entry, attempt=entry.attempt + 1, parts=NO_PARTS)
    before = entry.completed_before
    if before is None:
        return replace(fenced, status=Status.FAILED, failed_at=now, reason=reason)
    if task.chapter is None and is_rebuilt:
        return replace(fenced, status=Status.PENDING, retry_count=0, reason=None)
    stage = entry.stage if task.chapter is None else manifest.chapter_stages[-1]
    return replace(
        fenced,
        status=Status.COMPLETED,
        stage=stage,
        analyzed_at=None if task.chapter is None else entry.analyzed_at or before,
        completed_at=before,
        completed_before=None,
        retry_count=0,
        reason=None,
    )


def _has_news(manifest: Manifest) -> bool:
    """Whether a chapter got further since the guide was made last; where the clock was set, that may be a guess."""
    made_at = manifest.steps[Stage.COMPILE].completed_before
    ends = [at for entry in manifest.chapters.values() for at in (entry.analyzed_at, entry.completed_at)]
    return made_at is not None and any(at is not None and at > made_at for at in ends)


def _is_unfinished(entry: Entry) -> bool:
    return entry.status in (Status.PENDING, Status.IN_PROGRESS)

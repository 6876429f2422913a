"""Work is done again: for a person, for a file that is gone, after a program that made no scenes. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from imaginized.errors import Rejected
from imaginized.queue.change import Change
from imaginized.queue.events import (
    RESUMED,
    Happening,
    begun_anew,
    failed,
    found_of_another_program,
    picture_differs,
    released,
    retried,
)
from imaginized.queue.manifest import NO_PARTS, NO_WISHES, STEPS, Entry, Fence, Manifest, Stage, Status, Task
from imaginized.queue.parts import left, release_part
from imaginized.queue.plan import known_chapter, live_parts, next_stage, was_cancelled, was_cancelled_whole
from imaginized.queue.stored_reasons import writable
from imaginized.queue.transitions import complete, entry_held
from imaginized.reasons import Code, Reason
from imaginized.story.volumes import SeriesSaid

REDONE = "its scenes are not here, so it is done again"


class Anew(StrEnum):
    """What of a completed chapter is asked for once more, though it was answered."""

    NOTHING = ""
    TEXT = "text"
    PICTURES = "pictures"


def retry(manifest: Manifest, *, chapters: Sequence[int] = (), anew: Anew = Anew.NOTHING) -> Change:
    """A person wants another try: of all that failed, or of these chapters whatever became of them.

    A failed or waiting chapter goes on where it stopped, a completed one begins anew. Of a finished book in which
    nothing failed, what costs nothing is built again, and whatever file is missing for it is made first.

    Args:
        manifest: The book.
        chapters: Which; none for all that failed.
        anew: What of these chapters was answered, and is asked for by a new number where they were completed.

    Raises:
        Rejected: A chapter is unknown or being worked on.
    """
    targets = [idle_chapter(manifest, number) for number in chapters]
    if not chapters:
        targets = [task for task, entry in manifest.entries() if entry.status is Status.FAILED]
    if not chapters and not targets and manifest.steps[Stage.COMPILE].status is Status.COMPLETED:
        targets = [Task(stage=Stage.MERGE), Task(stage=Stage.COMPILE)]
    return _put_back(manifest, targets, anew=anew)


def recast(manifest: Manifest) -> Change:
    """A person changed who is who: what is built from that is built again, once all chapters are read.

    Which chapters are drawn again the merge finds out (`complete_merge`): until then nobody is taken from his work.
    """
    if manifest.steps[Stage.MERGE].status is Status.PENDING:
        return Change(manifest)
    return _put_back(manifest, [Task(stage=Stage.MERGE)])


def rename(manifest: Manifest, *, title: str) -> Change:
    """A person gives the book another title; its guide is written anew, and nothing else: no request has this title."""
    if title == manifest.book_title:
        return Change(manifest)
    named, step = replace(manifest, renamed=title, book_title=title), manifest.steps[Stage.COMPILE]
    if step.status is not Status.COMPLETED and not step.is_live:
        return Change(named)
    task = Task(stage=Stage.COMPILE)
    return reopen(named, {task: _reopened(named, task=task, entry=step)})


def enlist(manifest: Manifest, *, said: SeriesSaid | None) -> Change:
    """A person says which volume of which series the book is; its cast is put together again with the earlier ones.

    None for what its own file says.
    """
    return Change(manifest) if said == manifest.series else recast(replace(manifest, series=said))


def brought_back(manifest: Manifest, *, in_work: Collection[Task]) -> Change:
    """The book was out of the library: live claims that nobody works for any more end, at no cost of an attempt.

    Whoever still waits for an answer that was asked for before keeps his: another would ask for the same, and pay.
    """
    change = Change(manifest)
    for task, part in live_parts(manifest):
        if task not in in_work and part.fence is not None:
            change = change.then(partial(release_part, task=task, fence=part.fence))
    live = [(task, entry) for task, entry in change.manifest.entries() if entry.is_live and task not in in_work]
    freed = {
        task: replace(
            entry,
            status=Status.PENDING,
            attempt=entry.attempt + 1,
            retry_count=max(entry.retry_count - 1, 0),
            parts=left(entry),
        )
        for task, entry in live
    }
    if not freed:
        return change
    after = change.manifest.with_entries(freed)
    return Change(after, (*change.events, *(released(task, entry) for task, entry in live)))


def complete_merge(manifest: Manifest, *, fence: Fence, now: datetime, redrawn: Sequence[int]) -> Change:
    """The merge is done, and these chapters have pictures of somebody that a person changed since they were drawn.

    Raises:
        ClaimLost: The claim is another's now.
    """
    done = complete(manifest, task=Task(stage=Stage.MERGE), fence=fence, now=now)
    # In one update, and once: told twice, it would put back chapters that were drawn anew since.
    return done if done.manifest is manifest else done.then(partial(redraw, chapters=redrawn))


def complete_drawn(
    manifest: Manifest,
    *,
    task: Task,
    fence: Fence,
    now: datetime,
    is_outdated: Callable[[], bool],
    differs: Mapping[int, str] = MappingProxyType({}),
) -> Change:
    """The chapter is drawn; where a person changed who is who meanwhile, it is gone through once more.

    Args:
        manifest: The book.
        task: The chapter's.
        fence: Of the attempt.
        now: When it ended.
        is_outdated: Whether its pictures were made by other orders than those in force; asked under the book's lock.
        differs: Of pictures that were drawn before the merge, what the whole book says beside or against them.

    Raises:
        ClaimLost: The claim is another's now.
    """
    done = complete(manifest, task=task, fence=fence, now=now)
    if done.manifest is manifest or task.chapter is None:
        return done
    done = done.then(partial(_note_differing, task=task, differs=differs))
    return done.then(partial(redraw, chapters=[task.chapter])) if is_outdated() else done


def _note_differing(manifest: Manifest, *, task: Task, differs: Mapping[int, str]) -> Change:
    """Note which early pictures differ, and tell of those that nobody was told of."""
    entry, numbers = manifest.entry(task), tuple(sorted(differs))
    if entry is None or entry.differs == numbers:
        return Change(manifest)
    news = [number for number in numbers if number not in entry.differs]
    events = tuple(picture_differs(task, scene=number, text=differs[number]) for number in news)
    return Change(manifest.with_entry(task, replace(entry, differs=numbers)), events)


def redraw(manifest: Manifest, *, chapters: Sequence[int]) -> Change:
    """Draw these chapters again, as far as they are drawn; each picture that fits stays.

    One that is being drawn is not taken from who draws it: another would ask for the picture in flight a second time.
    Its stage puts it back itself, in the update that completes it (`complete_drawn`).
    """
    anew = {}
    for number in chapters:
        task, entry = Task(stage=Stage.ILLUSTRATE, chapter=number), manifest.chapters.get(number)
        is_ours = entry is not None and entry.stage is task.stage and entry.analyzed_at is not None
        if entry is not None and is_ours and entry.status is Status.COMPLETED:
            anew[task] = made_again(manifest, task=task, entry=entry)
    return reopen(manifest, anew)


def retry_failed(manifest: Manifest) -> Change:
    """A person wants another try of all that failed by itself; what a person has cancelled stays as it is."""
    if was_cancelled_whole(manifest):
        return Change(manifest)
    failures = [(task, entry) for task, entry in manifest.entries() if entry.status is Status.FAILED]
    return _put_back(manifest, [task for task, entry in failures if not was_cancelled(entry)])


def restart(manifest: Manifest, *, profile: str) -> Change:
    """A person wants the whole book again: it is as it was when it was admitted; every live claim loses its fence.

    What was approved was approved for what was asked then: what this costs is asked anew.
    """
    steps = {stage: Entry(stage=stage, attempt=entry.attempt + 1) for stage, entry in manifest.steps.items()}
    after = replace(manifest, profile=profile, steps=steps, chapters={}, hold=None, approval=None, seen_division="")
    events = [begun_anew(task, entry) for task, entry in manifest.entries() if task.chapter is None or entry.is_live]
    if manifest.hold is not None:
        events.append(RESUMED)
    if profile != manifest.profile:
        events.append(Happening(name="book_changed", details={"profile": profile}))
    return Change(after, tuple(events))


def reopen_lost(manifest: Manifest, *, task: Task, fence: Fence, lost: Sequence[Task], reason: Reason) -> Change:
    """What finished tasks had left is gone, and this one needs it: they are done again first, and it waits.

    The claim counts as one that ended badly, so that a file which does not come back ends in a reason.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = entry_held(manifest, task=task, fence=fence)
    # Also the parts that are out: what they are made from is about to change.
    waiting = manifest.with_entry(task, replace(entry, status=Status.PENDING, parts=NO_PARTS))
    known = [(each, found) for each in lost if (found := waiting.entry(each)) is not None and not found.is_live]
    anew = {each: made_again(waiting, task=each, entry=found) for each, found in known}
    reopened = reopen(waiting, anew)
    return Change(reopened.manifest, (failed(task, entry, reason=reason, again=True), *reopened.events))


def made_again(manifest: Manifest, *, task: Task, entry: Entry) -> Entry:
    """From the stage whose files are lost; without its earlier ends it would be taken for another program's work."""
    analyzed_at = entry.analyzed_at if task.stage.order > Stage.ANALYZE.order else None
    return replace(_reopened(manifest, task=task, entry=entry), stage=task.stage, analyzed_at=analyzed_at)


def take_back(manifest: Manifest, *, max_attempts: int) -> Change:
    """Do again what a program that knows only chapters has ended: it leaves neither scenes nor pictures of ours.

    The same manifest where there is nothing of that kind. A chapter whose tries are used up fails, and one that a
    person had cancelled stays so: else two programs could pass it to each other for ever, and pay each time.
    """
    if manifest.steps[Stage.SPLIT].status is not Status.COMPLETED:
        return Change(manifest)  # there will be other chapters
    back = {
        Task(stage=entry.stage, chapter=number): _taken_back(manifest, number, entry, max_attempts=max_attempts)
        for number in manifest.standing.odd
        if _was_ended_elsewhere(entry := manifest.chapters[number])
    }
    return reopen(manifest, back, told=found_of_another_program)


def _was_ended_elsewhere(entry: Entry) -> bool:
    if entry.status is Status.IN_PROGRESS:
        return False
    if entry.status is Status.COMPLETED and entry.analyzed_at is None:
        return True  # whoever says so: ours always have both
    return entry.claim is not None and not entry.claim.claim_id


def _taken_back(manifest: Manifest, number: int, entry: Entry, *, max_attempts: int) -> Entry:
    """Without the foreign claim, by which it was found: it is taken back once."""
    who = f"another program ({entry.claim.owner})" if entry.claim and entry.claim.owner else "another program"
    what = f"failed with it: {entry.error}" if entry.status is Status.FAILED else "marked it completed"
    stages = manifest.chapter_stages
    resumed = next_stage(manifest, Stage.ANALYZE) or entry.stage
    stage = stages[0] if entry.analyzed_at is None else max(entry.stage, resumed, key=stages.index)
    fresh = replace(entry, stage=stage, claim=None, completed_at=None, completed_before=None, parts=NO_PARTS)
    if was_cancelled(replace(entry, status=Status.FAILED)):
        return replace(fresh, status=Status.FAILED)
    if entry.retry_count < max_attempts and not entry.rejected:
        why = Reason(Code.ELSEWHERE, writable(f"{who} {what}; {REDONE}"))
        return replace(fresh, status=Status.PENDING, failed_at=None, reason=why)
    text = writable(f"{who} {what}; all its tries are used up")
    why = Reason(Code.ELSEWHERE, text, f"`imaginizectl retry {manifest.book_id} {number}` gives it new ones")
    failed_at = entry.failed_at or entry.completed_at or manifest.last_updated
    return replace(fresh, status=Status.FAILED, failed_at=failed_at, reason=why)


def idle_chapter(manifest: Manifest, number: int) -> Task:
    """The task of a chapter that nobody works on now.

    Raises:
        Rejected: Somebody does, or there is none of that number.
    """
    entry = known_chapter(manifest, number)
    if entry.is_live or entry.parts.out:
        text = f"chapter {number} of {manifest.book_id} is being worked on"
        raise Rejected(text, code=Code.BUSY, advice="wait for it or cancel it first")
    return Task(stage=entry.stage, chapter=number)


def _put_back(manifest: Manifest, tasks: Sequence[Task], *, anew: Anew = Anew.NOTHING) -> Change:
    found = [(task, entry) for task in tasks if (entry := manifest.entry(task)) is not None]
    back = {task: _reopened(manifest, task=task, entry=entry) for task, entry in found}
    numbered = {task: _by_a_new_number(back[task], anew=anew) for task, entry in found if _is_answered(task, entry)}
    return reopen(manifest, {**back, **numbered})


def _is_answered(task: Task, entry: Entry) -> bool:
    """Whether it is a chapter that was asked about to its end; of any other only what is lacking is asked."""
    return task.chapter is not None and entry.status is Status.COMPLETED


def _by_a_new_number(entry: Entry, *, anew: Anew) -> Entry:
    if anew is Anew.TEXT:
        return replace(entry, reading=entry.reading + 1)
    if anew is Anew.PICTURES:
        # By the chapter's number from now on; what is left out and what was chosen of the text stay so.
        scenes = {number: replace(wish, asking=None, version="") for number, wish in entry.scenes.items()}
        return replace(entry, asking=entry.next_asking, scenes=scenes or NO_WISHES)
    return entry


def reopen(
    manifest: Manifest, anew: Mapping[Task, Entry], *, told: Callable[[Task, Entry], Happening] | None = None
) -> Change:
    """The book with these entries, and with whatever is built from them waiting to be built again.

    Args:
        manifest: The book.
        anew: What becomes of them.
        told: What is told of each; None: that somebody put it back to work.
    """
    if not anew:
        return Change(manifest)
    steps = {task: _reopened(manifest, task=task, entry=entry) for task, entry in _built_of(manifest, anew)}
    after = {**anew, **steps}
    events: list[Happening] = []
    for task in sorted(after, key=lambda task: (task.chapter or 0, task.stage.order)):
        if told is not None and task in anew:
            events.append(told(task, after[task]))
        else:
            events += _put_back_events(manifest, task, after[task])
    return Change(manifest.with_entries(after), tuple(events))


def _put_back_events(manifest: Manifest, task: Task, after: Entry) -> list[Happening]:
    before = manifest.entry(task)
    if before is None or before == after:
        return []
    stood = Task(stage=before.stage, chapter=task.chapter)
    return [released(stood, before) if before.is_live else retried(stood)]


def _reopened(manifest: Manifest, *, task: Task, entry: Entry) -> Entry:
    """Pending again: a completed chapter from its first stage, anything else where it stopped."""
    is_anew = entry.status is Status.COMPLETED and task.chapter is not None
    return replace(
        entry,
        status=Status.PENDING,
        stage=manifest.chapter_stages[0] if is_anew else entry.stage,
        analyzed_at=None if is_anew else entry.analyzed_at,
        retry_count=0,
        reason=None,
        failed_at=None,
        completed_at=None,
        completed_before=_completed_before(manifest, entry),
        rejected=False,
        parts=NO_PARTS,
    )


def _completed_before(manifest: Manifest, entry: Entry) -> datetime | None:
    if entry.status is not Status.COMPLETED:
        return entry.completed_before
    return entry.completed_at or manifest.last_updated  # other programs do not always say when


def _built_of(manifest: Manifest, anew: Mapping[Task, Entry]) -> list[tuple[Task, Entry]]:
    """The steps that are built from what is done again."""
    first = min(entry.stage.order for entry in anew.values())
    steps = [(Task(stage=step), manifest.steps[step]) for step in STEPS if step.order > first]
    # One under way is reopened too: it reads artifacts that are about to change, and its fence ends here.
    # A failed one, too: left so, it would end the book before the reopened chapters are in it.
    return [(task, entry) for task, entry in steps if task not in anew and entry.status is not Status.PENDING]

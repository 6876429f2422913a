"""Changing a manifest: pure functions from a book and a moment to the next book. The only way a manifest changes.

A fence that does not match raises `ClaimLost` and changes nothing, however late it comes and whoever sends it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from imaginized.errors import ClaimLost, Rejected
from imaginized.queue.manifest import STEPS, Approval, Claim, Entry, Fence, Hold, Manifest, Stage, Status, Task
from imaginized.queue.plan import (
    ADAPTIVE,
    Pacing,
    claimable,
    live_claims,
    next_stage,
    was_cancelled,
    was_cancelled_whole,
)
from imaginized.reasons import Code, Reason
from imaginized.story.text import ChapterText

REASON_LENGTH = 1000
REDONE = "its scenes are not here, so it is done again"


def _every(_task: Task) -> bool:
    return True


def claim(
    manifest: Manifest,
    *,
    by: Claim,
    now: datetime,
    pacing: Pacing = ADAPTIVE,
    is_open: Callable[[Task], bool] = _every,
) -> Manifest:
    """Take the best claimable task of those that are open; the same manifest when there is none.

    The attempt and the retry count rise here, so that a claim whose owner vanishes is counted without anyone's help.
    """
    tasks = [task for task in claimable(manifest, now=now, pacing=pacing) if is_open(task)]
    if not tasks:
        return manifest
    entry = _known(manifest, tasks[0])
    taken = replace(
        entry, status=Status.IN_PROGRESS, claim=by, attempt=entry.attempt + 1, retry_count=entry.retry_count + 1
    )
    return replace(manifest, hold=None).with_entry(tasks[0], taken)


def begin(manifest: Manifest, *, task: Task, fence: Fence) -> Manifest:
    """Confirm that the claim still stands, before work is paid for.

    Raises:
        ClaimLost: It does not.
    """
    _held(manifest, task=task, fence=fence)
    return manifest


def checkpoint(manifest: Manifest, *, task: Task, fence: Fence) -> Manifest:
    """A part of the task is durable: ends that come later do not count as the same failure again.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = _held(manifest, task=task, fence=fence)
    return manifest.with_entry(task, replace(entry, retry_count=0)) if entry.retry_count else manifest


def complete(manifest: Manifest, *, task: Task, fence: Fence, now: datetime) -> Manifest:
    """The task's artifacts are in place. Saying so twice with the same fence is no error and changes nothing.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = _known(manifest, task)
    if entry.fence == fence and _is_complete(entry, task=task):
        return manifest
    entry = _held(manifest, task=task, fence=fence)
    following = next_stage(manifest, task.stage) if task.chapter is not None else None
    if following is not None:
        ended = replace(entry, status=Status.PENDING, stage=following, retry_count=0, reason=None, failed_at=None)
    else:
        ended = replace(
            entry,
            status=Status.COMPLETED,
            completed_at=now,
            completed_before=None,
            retry_count=max(entry.retry_count - 1, 0),
            reason=None,
            failed_at=None,
        )
    if task.stage is Stage.ANALYZE:
        ended = replace(ended, analyzed_at=now)
    return manifest.with_entry(task, ended)


def complete_split(
    manifest: Manifest,
    *,
    fence: Fence,
    now: datetime,
    title: str,
    chapters: Sequence[ChapterText],
    chapter_stages: tuple[Stage, ...],
) -> Manifest:
    """The book is split: it gains its title and its chapters.

    Raises:
        ClaimLost: The claim is another's now.
    """
    done = complete(manifest, task=Task(stage=Stage.SPLIT), fence=fence, now=now)
    if done is manifest:
        return manifest
    first = chapter_stages[0]
    entries = {text.number: _kept_or_new(done.chapters.get(text.number), text, stage=first) for text in chapters}
    return replace(done, book_title=title, chapters=entries, chapter_stages=chapter_stages)


def _kept_or_new(before: Entry | None, text: ChapterText, *, stage: Stage) -> Entry:
    """The chapter as it was, where a book is read again for lost files; else one that nothing was done for."""
    if before is not None and (before.title, before.words) == (text.title, text.words):
        return before
    return Entry(stage=stage, title=text.title, words=text.words)


def reopen_lost(manifest: Manifest, *, task: Task, fence: Fence, lost: Sequence[Task]) -> Manifest:
    """What finished tasks had left is gone, and this one needs it: they are done again first, and it waits.

    The claim counts as one that ended badly, so that a file which does not come back ends in a reason.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = _held(manifest, task=task, fence=fence)
    manifest = manifest.with_entry(task, replace(entry, status=Status.PENDING))
    known = [(each, found) for each in lost if (found := manifest.entry(each)) is not None and not found.is_live]
    anew = {each: _made_again(manifest, task=each, entry=found) for each, found in known}
    return _reopen_steps(_with_entries(manifest, anew), reopened=[each for each, _ in known])


def _made_again(manifest: Manifest, *, task: Task, entry: Entry) -> Entry:
    """From the stage whose files are lost; without its earlier ends it would be taken for another program's work."""
    analyzed_at = entry.analyzed_at if task.stage.order > Stage.ANALYZE.order else None
    return replace(_reopened(manifest, task=task, entry=entry), stage=task.stage, analyzed_at=analyzed_at)


def fail(
    manifest: Manifest,
    *,
    task: Task,
    fence: Fence,
    now: datetime,
    error: Reason,
    max_attempts: int,
    rejected: bool = False,
) -> Manifest:
    """The attempt ended badly: back to pending while attempts are left, else failed for a person to see.

    Args:
        manifest: The book.
        task: What was tried.
        fence: Of the attempt.
        now: When it ended.
        error: What happened; the first 1,000 characters of its text are kept.
        max_attempts: Bad ends in a row that make it failed.
        rejected: The input's fault; failed at once.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = _held(manifest, task=task, fence=fence)
    error = replace(error, text=_writable(error.text), advice=_writable(error.advice))
    if rejected or entry.retry_count >= max_attempts:
        ended = replace(entry, status=Status.FAILED, failed_at=now, reason=error, rejected=rejected)
    else:
        ended = replace(entry, status=Status.PENDING, reason=error)
    return manifest.with_entry(task, ended)


def release(manifest: Manifest, *, task: Task, fence: Fence) -> Manifest:
    """Give the claim back unfinished and without cost: a drain, a pause, a rate limit.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = _held(manifest, task=task, fence=fence)
    count = max(entry.retry_count - 1, 0)
    return manifest.with_entry(task, replace(entry, status=Status.PENDING, retry_count=count))


def reap(manifest: Manifest, *, is_over: Callable[[Claim], str | None], now: datetime, max_attempts: int) -> Manifest:
    """Free every live claim that is provably over.

    Args:
        manifest: The book.
        is_over: For a claim, why it is over ("worker killed by SIGKILL"), or None while its owner may live.
        now: When this was found.
        max_attempts: As in `fail`.
    """
    for task, entry in live_claims(manifest):
        reason = is_over(entry.claim) if entry.claim else None
        if reason is not None and entry.fence is not None:
            error = Reason(Code.WORKER_LOST, reason)
            manifest = fail(manifest, task=task, fence=entry.fence, now=now, error=error, max_attempts=max_attempts)
    return manifest


def take_back(manifest: Manifest, *, max_attempts: int) -> Manifest:
    """Do again what a program that knows only chapters has ended: it leaves neither scenes nor pictures of ours.

    The same manifest where there is nothing of that kind. A chapter whose tries are used up fails, and one that a
    person had cancelled stays so: else two programs could pass it to each other for ever, and pay each time.
    """
    if manifest.steps[Stage.SPLIT].status is not Status.COMPLETED:
        return manifest  # there will be other chapters
    entries = {
        Task(stage=entry.stage, chapter=number): _taken_back(manifest, number, entry, max_attempts=max_attempts)
        for number, entry in manifest.chapters.items()
        # Hundreds, at every look for work: what is ours beyond doubt costs no call.
        if entry.status is not Status.PENDING
        and (entry.analyzed_at is None or entry.claim is None or not entry.claim.claim_id)
        and _was_ended_elsewhere(entry)
    }
    return _reopen_steps(_with_entries(manifest, entries), reopened=list(entries)) if entries else manifest


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
    fresh = replace(entry, stage=stage, claim=None, completed_at=None, completed_before=None)
    if was_cancelled(replace(entry, status=Status.FAILED)):
        return replace(fresh, status=Status.FAILED)
    if entry.retry_count < max_attempts and not entry.rejected:
        why = Reason(Code.ELSEWHERE, _writable(f"{who} {what}; {REDONE}"))
        return replace(fresh, status=Status.PENDING, failed_at=None, reason=why)
    text = _writable(f"{who} {what}; all its tries are used up")
    why = Reason(Code.ELSEWHERE, text, f"`imaginizectl retry {manifest.book_id} {number}` gives it new ones")
    failed_at = entry.failed_at or entry.completed_at or manifest.last_updated
    return replace(fresh, status=Status.FAILED, failed_at=failed_at, reason=why)


def retry(manifest: Manifest, *, chapters: Sequence[int] = ()) -> Manifest:
    """A person wants another try: of all that failed, or of these chapters whatever became of them.

    A failed or waiting chapter goes on where it stopped, a completed one begins anew. Of a finished book in which
    nothing failed, what costs nothing is built again, and whatever file is missing for it is made first.

    Raises:
        Rejected: A chapter is unknown or being worked on.
    """
    targets = [_retryable_chapter(manifest, number) for number in chapters]
    if not chapters:
        targets = [(task, entry) for task, entry in manifest.entries() if entry.status is Status.FAILED]
    if not chapters and not targets and manifest.steps[Stage.COMPILE].status is Status.COMPLETED:
        targets = [(task, manifest.steps[task.stage]) for task in (Task(stage=Stage.MERGE), Task(stage=Stage.COMPILE))]
    return _reopen(manifest, targets)


def restart(manifest: Manifest, *, profile: str) -> Manifest:
    """A person wants the whole book again: it is as it was when it was admitted; every live claim loses its fence.

    What was approved was approved for what was asked then: what this costs is asked anew.
    """
    steps = {stage: Entry(stage=stage, attempt=entry.attempt + 1) for stage, entry in manifest.steps.items()}
    return replace(manifest, profile=profile, steps=steps, chapters={}, hold=None, approval=None)


def retry_failed(manifest: Manifest) -> Manifest:
    """A person wants another try of all that failed by itself; what a person has cancelled stays as it is."""
    if was_cancelled_whole(manifest):
        return manifest
    failed = [(task, entry) for task, entry in manifest.entries() if entry.status is Status.FAILED]
    return _reopen(manifest, [(task, entry) for task, entry in failed if not was_cancelled(entry)])


def hold(manifest: Manifest, *, why: Hold) -> Manifest:
    """The book waits: nothing of it is claimed until it is approved. What is under way may end well.

    Of two reasons the one that a person must decide stays.
    """
    if manifest.hold is not None and (manifest.hold.until is None or why.until is not None):
        return manifest
    return replace(manifest, hold=replace(why, reason=_writable(why.reason)))


def approve(manifest: Manifest, *, usd: float | None = None) -> Manifest:
    """A person lets the book go on, and allows what it asks for.

    Args:
        manifest: The book.
        usd: What it may cost in all; None for what it asks for. What was allowed before is not taken back.

    Raises:
        Rejected: It waits for no approval.
    """
    why = manifest.hold
    if why is None:
        raise Rejected(f"{manifest.book_id} is not held, so there is nothing to approve", code=Code.NOT_HELD)
    if why.until is not None:
        raise Rejected(
            f"{manifest.book_id} goes on by itself at {why.until:%Y-%m-%d %H:%M} UTC: {why.reason}",
            code=Code.DAY_BUDGET,
            advice="To let it go on now, raise max_usd_per_day in [budget] and `imaginizectl reload`",
        )
    before = manifest.approval or Approval()
    allowed = Approval(
        usd=max(before.usd, why.approve_usd if usd is None else usd),
        any_price=before.any_price or why.any_price,
    )
    return replace(manifest, hold=None, approval=allowed)


def let_go(manifest: Manifest) -> Manifest:
    """A book that waits for another day may try now, and is held again if it must; the same manifest if it does not."""
    is_for_a_day = manifest.hold is not None and manifest.hold.until is not None
    return replace(manifest, hold=None) if is_for_a_day else manifest


def cancel(
    manifest: Manifest, *, now: datetime, reason: str, advice: str = "", chapters: Sequence[int] = ()
) -> Manifest:
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
        _known_chapter(manifest, number)
    meant = frozenset(chapters) or manifest.chapters.keys()
    is_rebuilt, why = _has_news(manifest), Reason(Code.CANCELLED, reason, advice)
    changed: dict[Task, Entry] = {}
    for task, entry in manifest.entries():
        is_meant = task.chapter in meant if task.chapter is not None else not chapters
        if is_meant and _is_unfinished(entry):
            changed[task] = _cancelled(manifest, task, entry, now=now, reason=why, is_rebuilt=is_rebuilt)
    manifest = _with_entries(manifest, changed)
    return replace(manifest, hold=None) if manifest.hold is not None else manifest


def _cancelled(
    manifest: Manifest, task: Task, entry: Entry, *, now: datetime, reason: Reason, is_rebuilt: bool
) -> Entry:
    """Whatever becomes of it, the attempt rises, so that its fence is lost."""
    fenced = replace(entry, attempt=entry.attempt + 1)
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


def _with_entries(manifest: Manifest, changed: Mapping[Task, Entry]) -> Manifest:
    """The same book with these entries, in one go: one by one, a book of thousands of chapters takes seconds."""
    if not changed:
        return manifest
    steps = {task.stage: entry for task, entry in changed.items() if task.chapter is None}
    chapters = {task.chapter: entry for task, entry in changed.items() if task.chapter is not None}
    return replace(
        manifest,
        steps={**manifest.steps, **steps} if steps else manifest.steps,
        chapters={**manifest.chapters, **chapters} if chapters else manifest.chapters,
    )


def _known(manifest: Manifest, task: Task) -> Entry:
    entry = manifest.entry(task)
    if entry is None:
        raise ClaimLost(f"{task} of {manifest.book_id} is not in the manifest")
    return entry


def _held(manifest: Manifest, *, task: Task, fence: Fence) -> Entry:
    entry = _known(manifest, task)
    if not entry.is_live or entry.fence != fence or entry.stage is not task.stage:
        raise ClaimLost(f"{task} of {manifest.book_id}: attempt {fence.attempt} no longer holds the claim")
    return entry


def _is_complete(entry: Entry, *, task: Task) -> bool:
    return entry.status is Status.COMPLETED or (entry.status is Status.PENDING and entry.stage is not task.stage)


def _writable(reason: str) -> str:
    """A reason that fits a manifest; names of files may hold what JSON cannot."""
    return reason[:REASON_LENGTH].encode(errors="replace").decode()


def _known_chapter(manifest: Manifest, number: int) -> Entry:
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


def _retryable_chapter(manifest: Manifest, number: int) -> tuple[Task, Entry]:
    entry = _known_chapter(manifest, number)
    if entry.is_live:
        text = f"chapter {number} of {manifest.book_id} is being worked on"
        raise Rejected(text, code=Code.BUSY, advice="wait for it or cancel it first")
    return Task(stage=entry.stage, chapter=number), entry


def _reopen(manifest: Manifest, targets: Sequence[tuple[Task, Entry]]) -> Manifest:
    fresh = _with_entries(manifest, {task: _reopened(manifest, task=task, entry=entry) for task, entry in targets})
    return _reopen_steps(fresh, reopened=[task for task, _ in targets]) if targets else manifest


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
    )


def _completed_before(manifest: Manifest, entry: Entry) -> datetime | None:
    if entry.status is not Status.COMPLETED:
        return entry.completed_before
    return entry.completed_at or manifest.last_updated  # other programs do not always say when


def _reopen_steps(manifest: Manifest, *, reopened: Sequence[Task]) -> Manifest:
    """Whatever is built from the reopened chapters is built again."""
    stages = {entry.stage for task in reopened if (entry := manifest.entry(task)) is not None}
    first = min((list(Stage).index(stage) for stage in stages), default=len(Stage))
    for step in STEPS:
        entry = manifest.steps[step]
        # One under way is reopened too: it reads artifacts that are about to change, and its fence ends here.
        # A failed one, too: left so, it would end the book before the reopened chapters are in it.
        if list(Stage).index(step) > first and entry.status is not Status.PENDING:
            task = Task(stage=step)
            manifest = manifest.with_entry(task, _reopened(manifest, task=task, entry=entry))
    return manifest

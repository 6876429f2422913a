"""The life of a claim: pure functions from a book and a moment to the book that comes of it, and what is told of that.

A fence that does not match raises `ClaimLost` and changes nothing, however late it comes and whoever sends it. What
people ask for is in `redoing`, `cancelling` and `holding`; who may claim what, in `claimable`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from imaginized.errors import ClaimLost
from imaginized.queue.change import Change
from imaginized.queue.claimable import ADAPTIVE, Pacing, best_first
from imaginized.queue.dividing import Kept, entries_of, split_events
from imaginized.queue.events import RESUMED, Happening, claimed, completed, failed, released
from imaginized.queue.manifest import NO_PARTS, Claim, Entry, Fence, Manifest, Stage, Status, Task
from imaginized.queue.parts import (
    advance,
    are_over,
    complete_part,
    fail_part,
    join,
    left,
    offer,
    part_held,
    release_part,
)
from imaginized.queue.plan import live_claims, next_stage, phase
from imaginized.queue.stored_reasons import writable
from imaginized.queue.way import may_preview
from imaginized.reasons import Code, Reason
from imaginized.story.text import ChapterText


def _every(_task: Task) -> bool:
    return True


def claim(
    manifest: Manifest,
    *,
    by: Claim,
    now: datetime,
    pacing: Pacing = ADAPTIVE,
    is_open: Callable[[Task], bool] = _every,
) -> Change:
    """Take the best claimable task of those that are open; the same manifest when there is none.

    The attempt and the retry count rise here, so that a claim whose owner vanishes is counted without anyone's help.
    """
    task = next(filter(is_open, best_first(manifest, now=now, pacing=pacing)), None)
    if task is None:
        return Change(manifest)
    if task.part is not None:
        return join(manifest, task, by=by)
    entry = _known(manifest, task)
    taken = replace(
        entry, status=Status.IN_PROGRESS, claim=by, attempt=entry.attempt + 1, retry_count=entry.retry_count + 1
    )
    after, event = manifest.with_entry(task, taken), claimed(task, taken)
    # A hold whose day is over ends with the first claim after it.
    return Change(after, (event,)) if manifest.hold is None else Change(replace(after, hold=None), (event, RESUMED))


def begin(manifest: Manifest, *, task: Task, fence: Fence) -> Change:
    """Confirm that the claim still stands, before work is paid for.

    Raises:
        ClaimLost: It does not.
    """
    if task.part is not None:
        part_held(manifest, task=task, fence=fence)
    else:
        entry_held(manifest, task=task, fence=fence)
    return Change(manifest)


def checkpoint(manifest: Manifest, *, task: Task, fence: Fence) -> Change:
    """Something of the task is durable: ends that come later do not count as the same failure again.

    Raises:
        ClaimLost: The claim is another's now.
    """
    if task.part is not None:
        return begin(manifest, task=task, fence=fence)  # what is counted are the tries of its chapter
    entry = entry_held(manifest, task=task, fence=fence)
    return Change(manifest.with_entry(task, replace(entry, retry_count=0)) if entry.retry_count else manifest)


def share(manifest: Manifest, *, task: Task, fence: Fence, numbers: Sequence[int], of: int) -> Change:
    """List what is to be done of a chapter, so that others may take parts of it; see `parts.offer`.

    Raises:
        ClaimLost: The claim is another's now.
    """
    entry = entry_held(manifest, task=task, fence=fence)
    return Change(manifest.with_entry(task, offer(entry, numbers, of=of)))


def part_done(manifest: Manifest, *, task: Task, fence: Fence, is_progress: bool = True) -> Change:
    """The part that the chapter's worker was at is over, and it takes the next, in one update.

    Args:
        manifest: The book.
        task: The chapter's.
        fence: Of the chapter's claim.
        is_progress: Whether it has left something, as of `checkpoint`.

    Raises:
        ClaimLost: The claim is another's now.
    """
    change = checkpoint(manifest, task=task, fence=fence) if is_progress else Change(manifest)
    entry = entry_held(change.manifest, task=task, fence=fence)
    after = advance(entry)
    return change if after is entry else Change(change.manifest.with_entry(task, after))


def complete(manifest: Manifest, *, task: Task, fence: Fence, now: datetime, pictures: int = 0) -> Change:
    """The task's artifacts are in place. Saying so twice with the same fence is no error and changes nothing.

    Args:
        manifest: The book.
        task: What was done.
        fence: Of the attempt.
        now: When it ended.
        pictures: How many of its pictures a previewed chapter has; told with its end.

    Raises:
        ClaimLost: The claim is another's now, or parts of the chapter are not done.
    """
    if task.part is not None:
        return complete_part(manifest, task=task, fence=fence)
    entry = _known(manifest, task)
    if entry.fence == fence and _is_complete(entry, task=task):
        return Change(manifest)
    entry = entry_held(manifest, task=task, fence=fence)
    if not are_over(entry):
        raise ClaimLost(f"{task} of {manifest.book_id}: parts of it are not done")
    entry = replace(entry, parts=NO_PARTS)
    following = _following(manifest, task)
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
    after, event = manifest.with_entry(task, ended), completed(task, entry, pictures=pictures)
    if task.stage is not Stage.COMPILE:
        return Change(after, (event,))
    return Change(after, (event, Happening(name="book_completed", details={"phase": str(phase(after))})))


def _following(manifest: Manifest, task: Task) -> Stage | None:
    if task.chapter is None:
        return None
    if task.stage is Stage.ANALYZE and may_preview(manifest, task.chapter):
        return Stage.PREVIEW
    return next_stage(manifest, task.stage)


def complete_split(
    manifest: Manifest,
    *,
    fence: Fence,
    now: datetime,
    title: str,
    chapters: Sequence[ChapterText],
    chapter_stages: tuple[Stage, ...],
    kept: Mapping[int, Kept] | None = None,
) -> Change:
    """The book is split: it gains its title and its chapters; `kept` as in `entries_of`.

    Raises:
        ClaimLost: The claim is another's now.
    """
    done = complete(manifest, task=Task(stage=Stage.SPLIT), fence=fence, now=now)
    if done.manifest is manifest:
        return done
    before = manifest.chapters
    entries = entries_of(chapters, before=before, kept=kept, stages=chapter_stages, now=now)
    title = manifest.renamed or title
    after = replace(done.manifest, book_title=title, chapters=entries, chapter_stages=chapter_stages)
    return Change(after, (*done.events, *split_events(after, before=before, is_again=kept is not None)))


def fail(
    manifest: Manifest,
    *,
    task: Task,
    fence: Fence,
    now: datetime,
    error: Reason,
    max_attempts: int,
    rejected: bool = False,
) -> Change:
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
    if task.part is not None:
        return fail_part(manifest, task=task, fence=fence, error=error, is_refused=rejected)
    entry = entry_held(manifest, task=task, fence=fence)
    error = replace(error, text=writable(error.text), advice=writable(error.advice))
    if rejected or entry.retry_count >= max_attempts:
        ended = replace(entry, status=Status.FAILED, failed_at=now, reason=error, rejected=rejected, parts=NO_PARTS)
    else:
        ended = replace(entry, status=Status.PENDING, reason=error, parts=left(entry))
    is_last = ended.status is Status.FAILED
    return Change(manifest.with_entry(task, ended), (failed(task, entry, reason=error, again=not is_last),))


def release(manifest: Manifest, *, task: Task, fence: Fence) -> Change:
    """Give the claim back unfinished and without cost: a drain, a pause, a rate limit.

    Raises:
        ClaimLost: The claim is another's now.
    """
    if task.part is not None:
        return release_part(manifest, task=task, fence=fence)
    entry = entry_held(manifest, task=task, fence=fence)
    count = max(entry.retry_count - 1, 0)
    freed = replace(entry, status=Status.PENDING, retry_count=count, parts=left(entry))
    return Change(manifest.with_entry(task, freed), (released(task, entry),))


def reap(manifest: Manifest, *, is_over: Callable[[Claim], str | None], now: datetime, max_attempts: int) -> Change:
    """Free every live claim that is provably over.

    Args:
        manifest: The book.
        is_over: For a claim, why it is over ("worker killed by SIGKILL"), or None while its owner may live.
        now: When this was found.
        max_attempts: As in `fail`.
    """
    change = Change(manifest)
    for task, entry in live_claims(manifest):
        reason = is_over(entry.claim) if entry.claim else None
        if reason is not None and entry.fence is not None:
            error = Reason(Code.WORKER_LOST, reason)
            dead = partial(fail, task=task, fence=entry.fence, now=now, error=error, max_attempts=max_attempts)
            change = change.then(dead)
    return change


def _known(manifest: Manifest, task: Task) -> Entry:
    entry = manifest.entry(task)
    if entry is None:
        raise ClaimLost(f"{task} of {manifest.book_id} is not in the manifest")
    return entry


def entry_held(manifest: Manifest, *, task: Task, fence: Fence) -> Entry:
    """The entry of a claim that stands.

    Raises:
        ClaimLost: It does not.
    """
    entry = _known(manifest, task)
    if not entry.is_live or entry.fence != fence or entry.stage is not task.stage:
        raise ClaimLost(f"{task} of {manifest.book_id}: attempt {fence.attempt} no longer holds the claim")
    return entry


def _is_complete(entry: Entry, *, task: Task) -> bool:
    return entry.status is Status.COMPLETED or (entry.status is Status.PENDING and entry.stage is not task.stage)

"""Several workers at one chapter: its worker lists parts, others take them, each under a fence of its own. Pure.

The chapter's claim stays what it is: its worker alone completes the chapter, and may not while a part is neither done
nor refused. What a part leaves is in files, so that a part that ends needs no place here. A chapter whose claim ends
keeps what is out, so that nobody's work is lost with the chapter's worker; a chapter that ends keeps nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from imaginized.errors import ClaimLost
from imaginized.queue.change import Change, Transition
from imaginized.queue.events import PartEventName, part_event
from imaginized.queue.manifest import NO_PARTS, Claim, Entry, Fence, Manifest, Part, Parts, Status, Task
from imaginized.queue.stored_reasons import writable
from imaginized.reasons import Reason

LEAST_SHARED = 3  # with fewer left, one worker does them as soon as two would have agreed on it
UNDER_WAY = (Status.PENDING, Status.IN_PROGRESS)


def offer(entry: Entry, numbers: Sequence[int], *, of: int) -> Entry:
    """List what is to be done of a chapter, and take the first of it; what is out already stays with who has it.

    Args:
        entry: The chapter's; whoever calls has checked its claim.
        numbers: What its worker has found to be undone.
        of: How many parts the chapter has in all.
    """
    had = entry.parts
    fresh = [number for number in sorted(numbers) if number not in had.out and number not in had.returned]
    return replace(entry, parts=_first_taken(replace(had, of=of, open=tuple(fresh), own=(), refused={})))


def advance(entry: Entry) -> Entry:
    """What the chapter's worker was at is done, and it takes the next; the same entry where nothing is listed."""
    if entry.parts is NO_PARTS:
        return entry
    parts = _first_taken(replace(entry.parts, own=()))
    return entry if parts == entry.parts else replace(entry, parts=parts)


def _first_taken(parts: Parts) -> Parts:
    """What nobody else may take comes last: by then others are at the rest."""
    if parts.open:
        return replace(parts, open=parts.open[1:], own=parts.open[:1])
    return replace(parts, own=parts.returned[:1], returned=parts.returned[1:])


def left(entry: Entry) -> Parts:
    """What stays of the parts once the chapter's claim has ended before the chapter: what others are at."""
    return Parts(out=entry.parts.out) if entry.parts.out else NO_PARTS


def are_over(entry: Entry) -> bool:
    """Whether no part is to be done any more."""
    parts = entry.parts
    return not (parts.open or parts.own or parts.out or parts.returned)


def joinable(chapters: Iterable[tuple[int, Entry]]) -> list[Task]:
    """A part of each chapter that has one for others, most work for each of its workers first."""
    found = [(number, entry) for number, entry in chapters if entry.parts is not NO_PARTS and _may_join(entry)]
    longest = sorted(found, key=lambda one: (-len(one[1].parts.open) / (1 + len(one[1].parts.out)), one[0]))
    return [Task(stage=entry.stage, chapter=number, part=entry.parts.open[0]) for number, entry in longest]


def _may_join(entry: Entry) -> bool:
    # Only of a chapter that somebody has: of another one it is not known what is to be done.
    return entry.is_live and bool(entry.parts.open)


def join(manifest: Manifest, task: Task, *, by: Claim) -> Change:
    """Take a part that is listed."""
    entry, number = _chapter_of(manifest, task), _number(task)
    part = Part(claim=by, attempt=entry.attempt)
    rest = tuple(one for one in entry.parts.open if one != number)
    parts = replace(entry.parts, open=rest, out={**entry.parts.out, number: part})
    return Change(manifest.with_entry(task, replace(entry, parts=parts)), (part_event("part_claimed", task, part),))


def part_held(manifest: Manifest, *, task: Task, fence: Fence) -> Part:
    """The part of a claim that stands.

    Raises:
        ClaimLost: It does not.
    """
    entry = _chapter_of(manifest, task)
    part = entry.parts.out.get(_number(task))
    if part is None or part.fence != fence or entry.stage is not task.stage or entry.status not in UNDER_WAY:
        raise ClaimLost(f"{task} of {manifest.book_id}: attempt {fence.attempt} no longer holds the part")
    return part


def complete_part(manifest: Manifest, *, task: Task, fence: Fence) -> Change:
    """The part's files are in place. Ends of the chapter that come later do not count as the same failure again.

    Raises:
        ClaimLost: The part is another's now.
    """
    part = part_held(manifest, task=task, fence=fence)
    entry = replace(_chapter_of(manifest, task), retry_count=0)
    return _ended(manifest, task, entry, _without(entry.parts, task)).then(_told("part_completed", task, part))


def fail_part(manifest: Manifest, *, task: Task, fence: Fence, error: Reason, is_refused: bool) -> Change:
    """It ended badly: it goes to the chapter's worker, whose tries are counted; else it would kill one after the other.

    Raises:
        ClaimLost: The part is another's now.
    """
    part, entry = part_held(manifest, task=task, fence=fence), _chapter_of(manifest, task)
    parts, number = _without(entry.parts, task), _number(task)
    if is_refused:
        parts = replace(parts, refused={**parts.refused, number: writable(error.text)})
    else:
        parts = replace(parts, returned=(*parts.returned, number))
    return _ended(manifest, task, entry, parts).then(_told("part_failed", task, part, reason=error))


def release_part(manifest: Manifest, *, task: Task, fence: Fence) -> Change:
    """Give it back undone and without cost: anybody may take it.

    Raises:
        ClaimLost: The part is another's now.
    """
    part, entry = part_held(manifest, task=task, fence=fence), _chapter_of(manifest, task)
    parts = _without(entry.parts, task)
    parts = replace(parts, open=tuple(sorted((*parts.open, _number(task)))))
    return _ended(manifest, task, entry, parts).then(_told("part_released", task, part))


def _ended(manifest: Manifest, task: Task, entry: Entry, parts: Parts) -> Change:
    # Without a worker the chapter has no list: whoever takes it next sees by the files what is to be done.
    kept = parts if entry.is_live else left(replace(entry, parts=parts))
    return Change(manifest.with_entry(task, replace(entry, parts=kept)))


def _told(name: PartEventName, task: Task, part: Part, *, reason: Reason | None = None) -> Transition:
    return lambda manifest: Change(manifest, (part_event(name, task, part, reason=reason),))


def _without(parts: Parts, task: Task) -> Parts:
    return replace(parts, out={number: part for number, part in parts.out.items() if number != task.part})


def _chapter_of(manifest: Manifest, task: Task) -> Entry:
    entry = manifest.entry(task)
    if entry is None:
        raise ClaimLost(f"{task} of {manifest.book_id} is not in the manifest")
    return entry


def _number(task: Task) -> int:
    if task.part is None:
        raise ValueError(f"{task} is not a part")
    return task.part

"""What happens to a book, in the words of its log. Pure; told by whoever changes the manifest, written by `store`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from imaginized.queue.manifest import NOTHING, Entry, Hold, Part, Stage, Status, Task
from imaginized.reasons import Code, Reason

BookEventName = Literal[
    "book_admitted",
    "book_split",
    "book_completed",
    "book_held",
    "book_approved",
    "book_resumed",
    "book_changed",
    "chapter_claimed",
    "chapter_completed",
    "chapter_failed",
    "chapter_retried",
    "chapter_changed",
    "step_claimed",
    "step_completed",
    "step_failed",
    "step_retried",
    "step_changed",
    "claim_released",
    "part_claimed",
    "part_completed",
    "part_failed",
    "part_released",
    "picture_differs",
    "events_lost",
]
PartEventName = Literal["part_claimed", "part_completed", "part_failed", "part_released"]
TAKEN_BACK: Mapping[str, object] = MappingProxyType({"redo": "cancelled"})
BOOK_EVENTS: frozenset[str] = frozenset(get_args(BookEventName))
_Kind = Literal["claimed", "completed", "failed", "retried", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One change of a book's state.

    Attributes:
        chapter: None for a step or the whole book.
        stage: Of the chapter or step then.
        attempt: The claim's; None where no claim is meant.
        worker: The slot that holds or held the claim; empty where no claim is meant.
        reason: Why it failed or waits, for a person.
        code: Of that reason; None where there is none.
        again: Whether it will be tried again without anyone's help.
        details: What else there is to say: numbers and short texts.
    """

    name: BookEventName
    chapter: int | None = None
    stage: Stage | None = None
    attempt: int | None = None
    worker: str = ""
    reason: str = ""
    code: Code | None = None
    again: bool = False
    details: Mapping[str, object] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEvent(Happening):
    """It with its moment, as it is in the log.

    Attributes:
        at: Aware UTC moment of the update, under the lock: the log is in the order of its times.
    """

    at: datetime


RESUMED = Happening(name="book_resumed")
_NAMES: Mapping[_Kind, tuple[BookEventName, BookEventName]] = {
    "claimed": ("chapter_claimed", "step_claimed"),
    "completed": ("chapter_completed", "step_completed"),
    "failed": ("chapter_failed", "step_failed"),
    "retried": ("chapter_retried", "step_retried"),
    "changed": ("chapter_changed", "step_changed"),
}


def claimed(task: Task, entry: Entry) -> Happening:
    """Somebody took it; `entry` has the claim."""
    return _of_claim(_name("claimed", task), task, entry)


def completed(task: Task, entry: Entry, *, pictures: int = 0) -> Happening:
    """The stage ended well; `entry` has the claim that did it, `pictures` says how many there are before the merge."""
    told = _of_claim(_name("completed", task), task, entry)
    return replace(told, details={"pictures": pictures}) if pictures else told


def released(task: Task, entry: Entry) -> Happening:
    """A claim ended before its work did, and nobody is to blame; `entry` has it."""
    return _of_claim("claim_released", task, entry)


def failed(task: Task, entry: Entry, *, reason: Reason | None, again: bool) -> Happening:
    """It failed; `entry` has the claim that is meant."""
    return Happening(
        name=_name("failed", task),
        chapter=task.chapter,
        stage=task.stage,
        attempt=entry.attempt,
        worker=_slot(entry),
        reason=str(reason) if reason else "",
        code=reason.code if reason else None,
        again=again,
    )


def retried(task: Task) -> Happening:
    """It was put back to work."""
    return Happening(name=_name("retried", task), chapter=task.chapter, stage=task.stage)


def changed(task: Task, *, details: Mapping[str, object] = NOTHING) -> Happening:
    """It is another than it was, though nobody worked on it."""
    return Happening(name=_name("changed", task), chapter=task.chapter, stage=task.stage, details=details)


def standing(number: int, entry: Entry) -> Happening | None:
    """Where a chapter stands under a number that is new to it; None for one that waits, as all of a split book do."""
    if entry.status is Status.PENDING:
        return None
    return changed(Task(stage=entry.stage, chapter=number), details={"status": str(entry.status)})


def begun_anew(task: Task, entry: Entry) -> Happening:
    """All that was done for it is dropped; `entry` is what it was."""
    if entry.is_live:
        return released(task, entry)
    is_as_before = entry.status is Status.PENDING and not entry.retry_count
    return changed(task) if is_as_before else retried(task)


def found_of_another_program(task: Task, after: Entry) -> Happening:
    """What is told of a chapter that a program which knows only the seed has ended, and told nobody of.

    Ours tell what they do; theirs is seen in the manifest, once it is taken back.

    Args:
        task: The chapter, as that program left it.
        after: What becomes of it here.
    """
    if after.status is Status.FAILED:
        return failed(task, after, reason=after.reason, again=False)
    return retried(task)


def held(why: Hold) -> Happening:
    """The book waits."""
    until = {"until": why.until.isoformat(timespec="seconds")} if why.until else NOTHING
    return Happening(name="book_held", reason=why.reason, code=why.code, details=until)


def part_event(name: PartEventName, task: Task, part: Part, *, reason: Reason | None = None) -> Happening:
    """What becomes of a part of a chapter; where the chapter stands is not changed by it."""
    return Happening(
        name=name,
        chapter=task.chapter,
        stage=task.stage,
        attempt=part.attempt,
        worker=part.claim.owner.partition("@")[0],
        reason=str(reason) if reason else "",
        code=reason.code if reason else None,
        again=name == "part_failed",
        details={"part": task.part},
    )


def picture_differs(task: Task, *, scene: int, text: str) -> Happening:
    """A picture that was drawn before the merge stays, though the whole book says more of what it shows."""
    # Of no stage: where the chapter stands is not changed by it.
    return Happening(name="picture_differs", chapter=task.chapter, reason=text, details={"scene": scene})


def _of_claim(name: BookEventName, task: Task, entry: Entry) -> Happening:
    return Happening(name=name, chapter=task.chapter, stage=task.stage, attempt=entry.attempt, worker=_slot(entry))


def _name(kind: _Kind, task: Task) -> BookEventName:
    of_chapter, of_step = _NAMES[kind]
    return of_step if task.chapter is None else of_chapter


def _slot(entry: Entry) -> str:
    return entry.claim.owner.partition("@")[0] if entry.claim else ""

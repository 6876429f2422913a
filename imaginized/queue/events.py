"""What happened to a book, told by comparing it before and after a change. Pure; the file of events is in `store`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Literal, get_args

from imaginized.queue.manifest import NOTHING, Entry, Manifest, Stage, Status, Task
from imaginized.queue.plan import phase
from imaginized.reasons import Code

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
    "events_lost",
]
TAKEN_BACK: Mapping[str, object] = MappingProxyType({"redo": "cancelled"})
BOOK_EVENTS: frozenset[str] = frozenset(get_args(BookEventName))
_Kind = Literal["claimed", "completed", "failed", "retried", "changed", "released"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEvent:
    """One change of a book's state.

    Attributes:
        at: Aware UTC moment.
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
    at: datetime
    chapter: int | None = None
    stage: Stage | None = None
    attempt: int | None = None
    worker: str = ""
    reason: str = ""
    code: Code | None = None
    again: bool = False
    details: Mapping[str, object] = field(default_factory=lambda: NOTHING)


def events_between(before: Manifest, after: Manifest, *, at: datetime) -> list[BookEvent]:
    """Every change of state from one manifest to the next, steps first; empty when nothing happened.

    A part that a claim kept is no change of state: the claim goes on.
    """
    found: list[BookEvent] = []
    if after.steps is not before.steps:
        for stage, entry in after.steps.items():
            if entry is not before.steps[stage]:
                found += _entry_events(Task(stage=stage), before.steps[stage], entry, at=at)
    if after.chapters is not before.chapters:
        for number, entry in after.chapters.items():
            old = before.chapters.get(number)
            if old is not None and entry is not old:
                found += _entry_events(Task(stage=old.stage, chapter=number), old, entry, at=at)
    found += _book_events(before, after, at=at)
    return found


def _entry_events(task: Task, old: Entry, new: Entry, *, at: datetime) -> Iterator[BookEvent]:
    if old == new:
        return
    # Done before, to be done again, and done without an attempt of its own: a person cancelled the second time.
    is_done = new.status is Status.COMPLETED and old.status is not Status.COMPLETED
    is_taken_back = is_done and new.attempt > old.attempt
    if old.is_live and not (new.is_live and new.fence == old.fence):
        yield _event(_ending(old, new), task, entry=old, new=new, at=at, is_taken_back=is_taken_back)
    elif not old.is_live and not new.is_live:
        yield _event(_change(old, new), task, entry=new, new=new, at=at, is_taken_back=is_taken_back)
    if new.is_live and new.fence != old.fence:
        yield _event("claimed", Task(stage=new.stage, chapter=task.chapter), entry=new, new=new, at=at)


def _ending(old: Entry, new: Entry) -> _Kind:
    """How a claim ended."""
    if new.is_live or new.status is Status.FAILED:
        return "failed"
    if new.attempt > old.attempt:  # a person took it away: what is completed again was so before
        return "changed"
    if new.status is Status.COMPLETED or new.stage is not old.stage:
        return "completed"
    # A release gives the count back; after a kept part there is none to give back, and only a failure has a new reason.
    is_released = new.retry_count < old.retry_count or (new.retry_count == 0 and new.reason == old.reason)
    return "released" if is_released else "failed"


def _change(old: Entry, new: Entry) -> _Kind:
    """What happened to an entry that nobody works on."""
    if new.status is Status.FAILED and old.status is not Status.FAILED:
        return "failed"
    if new.status is Status.PENDING and (old.status is not Status.PENDING or new.retry_count < old.retry_count):
        return "retried"
    return "changed"


def _event(
    kind: _Kind, task: Task, *, entry: Entry, new: Entry, at: datetime, is_taken_back: bool = False
) -> BookEvent:
    is_claims = kind not in ("retried", "changed")
    return BookEvent(
        name=_name(kind, is_step=task.chapter is None),
        at=at,
        chapter=task.chapter,
        stage=task.stage,
        attempt=entry.attempt if is_claims else None,
        worker=entry.claim.owner.partition("@")[0] if is_claims and entry.claim else "",
        reason=new.error or "" if kind == "failed" else "",
        code=new.reason.code if kind == "failed" and new.reason else None,
        again=kind == "failed" and new.status is not Status.FAILED,
        details=TAKEN_BACK if is_taken_back else NOTHING,
    )


def _name(kind: _Kind, *, is_step: bool) -> BookEventName:
    if kind == "released":
        return "claim_released"
    chapters: Mapping[_Kind, BookEventName] = {
        "claimed": "chapter_claimed", "completed": "chapter_completed", "failed": "chapter_failed",
        "retried": "chapter_retried", "changed": "chapter_changed",
    }  # fmt: skip
    steps: Mapping[_Kind, BookEventName] = {
        "claimed": "step_claimed", "completed": "step_completed", "failed": "step_failed",
        "retried": "step_retried", "changed": "step_changed",
    }  # fmt: skip
    return (steps if is_step else chapters)[kind]


def _book_events(before: Manifest, after: Manifest, *, at: datetime) -> Iterator[BookEvent]:
    if after.chapters and not before.chapters:
        yield BookEvent(name="book_split", at=at, details={"chapters": len(after.chapters), "title": after.book_title})
    if _is_compiled(after) and not _is_compiled(before) and not _was_taken_back(before, after):
        yield BookEvent(name="book_completed", at=at, details={"phase": str(phase(after))})
    yield from _hold_events(before, after, at=at)
    changed = {name: _telling(getattr(after, name)) for name in _FACTS if getattr(after, name) != getattr(before, name)}
    if changed:
        yield BookEvent(name="book_changed", at=at, details=changed)


def _is_compiled(manifest: Manifest) -> bool:
    return manifest.steps[Stage.COMPILE].status is Status.COMPLETED


def _was_taken_back(before: Manifest, after: Manifest) -> bool:
    """Whether the guide is that of before, because a person cancelled that it is made again."""
    return after.steps[Stage.COMPILE].attempt > before.steps[Stage.COMPILE].attempt


def _hold_events(before: Manifest, after: Manifest, *, at: datetime) -> Iterator[BookEvent]:
    why, allowed = after.hold, after.approval
    if allowed is not None and allowed != before.approval:
        details = {"may_cost_usd": allowed.usd, "any_price": allowed.any_price}
        yield BookEvent(name="book_approved", at=at, details=details)
    elif why is None and before.hold is not None:
        yield BookEvent(name="book_resumed", at=at)
    if why is not None and why != before.hold:
        until = {"until": why.until.isoformat(timespec="seconds")} if why.until else {}
        yield BookEvent(name="book_held", at=at, reason=why.reason, code=why.code, details=until)


def _telling(value: object) -> object:
    """A value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


# Told by events of their own, or by none: the counters of the events themselves, and what splitting finds out.
_TOLD = frozenset(
    (
        *("steps", "chapters", "last_updated", "event_count", "event_bytes"),
        *("book_title", "chapter_stages", "book_id", "hold", "approval"),
    )
)
_FACTS = tuple(each.name for each in fields(Manifest) if each.name not in _TOLD)

"""A book's progress report: how far it is from its manifest, what happened from its log of events. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from imaginized.guide.model import Level, Progress, ProgressEntry
from imaginized.queue.events import TAKEN_BACK, BookEvent
from imaginized.queue.manifest import Manifest, Stage, Status
from imaginized.queue.plan import phase

STEP_WORDS: Mapping[Stage | None, str] = {
    Stage.SPLIT: "The book was split into its chapters",
    Stage.MERGE: "The elements of all chapters were merged",
    Stage.COMPILE: "The guide was compiled",
}
PASSED_WORDS: Mapping[Stage | None, str] = {Stage.ANALYZE: "was analyzed"}


def progress_of(manifest: Manifest, events: Iterable[BookEvent]) -> Progress:
    """How far the book is, and what happened when, oldest first."""
    return Progress(
        title=manifest.book_title or manifest.original_name,
        started=manifest.created_at,
        phase=phase(manifest).value,
        chapters_total=len(manifest.chapters),
        completed=len(manifest.standing.of(Status.COMPLETED)),
        failed=len(manifest.standing.of(Status.FAILED)),
        entries=(admitted(manifest), *entries_of(events, manifest=manifest)),
    )


def admitted(manifest: Manifest) -> ProgressEntry:
    """The first entry of every report."""
    message = f"{manifest.original_name} was admitted as {manifest.book_id}"
    return ProgressEntry(at=manifest.created_at, message=message)


def entries_of(events: Iterable[BookEvent], *, manifest: Manifest) -> tuple[ProgressEntry, ...]:
    """What a reader of the report wants to know of these events."""
    return tuple(entry for event in events for entry in _entries(event, manifest=manifest))


def _entries(event: BookEvent, *, manifest: Manifest) -> Iterator[ProgressEntry]:
    """What a reader of the report wants to know of an event: nothing of claims that came and went."""
    if event.name == "picture_differs" or (event.stage is Stage.PREVIEW and event.name == "chapter_completed"):
        yield from _early(event, manifest=manifest)
    elif event.name in ("chapter_completed", "step_completed"):
        yield ProgressEntry(at=event.at, level=_level(event, manifest=manifest), message=_completed(event, manifest))
    elif event.name in ("chapter_failed", "step_failed"):
        level, outlook = (Level.WARNING, "; it is tried again") if event.again else (Level.ERROR, "")
        where = f" in {event.stage}" if event.chapter is not None else ""
        message = f"{_subject(event, manifest)} failed{where}: {event.reason}{outlook}"
        yield ProgressEntry(at=event.at, level=level, message=message)
    elif event.name in ("chapter_retried", "step_retried"):
        yield ProgressEntry(at=event.at, message=f"{_subject(event, manifest)} was put back to work")
    elif event.name in ("chapter_changed", "step_changed") and event.details == TAKEN_BACK:
        message = f"{_subject(event, manifest)}: doing it again was cancelled; it is as it was before"
        yield ProgressEntry(at=event.at, message=message)
    elif event.name == "book_held":
        yield ProgressEntry(at=event.at, level=Level.WARNING, message=f"The book waits: {event.reason}")
    elif event.name in ("book_approved", "book_resumed"):
        how = "was approved" if event.name == "book_approved" else "goes on"
        yield ProgressEntry(at=event.at, message=f"The book {how}")
    elif event.name == "book_changed":
        changes = ", ".join(f"{name} is {value} now" for name, value in event.details.items())
        yield ProgressEntry(at=event.at, message=f"The book was changed: {changes}")
    elif event.name == "events_lost":
        yield ProgressEntry(at=event.at, level=Level.WARNING, message=f"A part of this log was lost: {event.reason}")


def _early(event: BookEvent, *, manifest: Manifest) -> Iterator[ProgressEntry]:
    """What is told of pictures that were drawn before the merge."""
    of, pictures = _subject(event, manifest), event.details.get("pictures")
    if event.name == "picture_differs":
        what = f"scene {event.details.get('scene')} was drawn before the whole book was read"
        yield ProgressEntry(at=event.at, message=f"{of}: {what}. By the whole book: {event.reason}")
    elif pictures:
        first = "its first picture" if pictures == 1 else f"its first {pictures} pictures"
        yield ProgressEntry(at=event.at, message=f"{of} has {first}")


def _level(event: BookEvent, *, manifest: Manifest) -> Level:
    is_last = event.chapter is None or event.stage is manifest.chapter_stages[-1]
    return Level.DONE if is_last else Level.INFO


def _completed(event: BookEvent, manifest: Manifest) -> str:
    if event.chapter is None:
        return STEP_WORDS.get(event.stage, f"{_subject(event, manifest)} was completed")
    if event.stage is manifest.chapter_stages[-1]:
        return f"{_subject(event, manifest)} is done"
    return f"{_subject(event, manifest)} {PASSED_WORDS.get(event.stage, f'is through {event.stage}')}"


def _subject(event: BookEvent, manifest: Manifest) -> str:
    if event.chapter is None:
        return f"Step {event.stage}"
    entry = manifest.chapters.get(event.chapter)
    return f"Chapter {event.chapter}" + (f" ({entry.title})" if entry and entry.title else "")

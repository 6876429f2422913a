"""A book's log of events, replayed: where every step and chapter stands by what was told alone."""

from collections.abc import Iterable, Iterator

from imaginized.queue.events import TAKEN_BACK, Happening
from imaginized.queue.manifest import STEPS, Manifest, Stage, Status
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import BookFiles

Standing = dict[Stage | int, Status]


def standing_of(manifest: Manifest) -> Standing:
    """The same, as the manifest has it."""
    steps: Standing = {stage: entry.status for stage, entry in manifest.steps.items()}
    return steps | {number: entry.status for number, entry in manifest.chapters.items()}


def replayed(events: Iterable[Happening], *, stages: tuple[Stage, ...]) -> Standing:
    """Where everything stands after these events, of a book whose chapters are numbered from 1.

    Args:
        events: From the book's admission on.
        stages: The stages of its chapters.
    """
    found: Standing = dict.fromkeys(STEPS, Status.PENDING)
    for event in events:
        if event.name == "book_split":
            steps = {stage: found[stage] for stage in STEPS}
            found = steps | dict.fromkeys(range(1, int(str(event.details["chapters"])) + 1), Status.PENDING)
        elif event.stage is not None:
            key = event.stage if event.chapter is None else event.chapter
            found[key] = _status(event, stages=stages) or found[key]
    return found


def contradictions(files: BookFiles, manifest: Manifest) -> Iterator[str]:
    """Where a book's manifest is not what its log of events on the disk tells."""
    extent = Extent(count=manifest.event_count, size=manifest.event_bytes)
    told = replayed(read_events(files.events, extent=extent), stages=manifest.chapter_stages)
    for key, status in standing_of(manifest).items():
        if told.get(key) is not status:
            yield f"{key} is {status}, and by the log {told.get(key)}"


def _status(event: Happening, *, stages: tuple[Stage, ...]) -> Status | None:
    """What an event of a step or chapter makes of it; None for nothing."""
    subject, _, kind = event.name.partition("_")
    if subject == "part":
        return None  # its chapter stands where it stood
    if kind == "completed":
        is_last = event.chapter is None or event.stage is stages[-1]
        return Status.COMPLETED if is_last else Status.PENDING
    if kind == "failed":
        return Status.PENDING if event.again else Status.FAILED
    if kind == "changed":
        if status := event.details.get("status"):
            return Status(str(status))  # of a chapter that has another number since the book was divided again
        return Status.COMPLETED if event.details == TAKEN_BACK else None
    return Status.IN_PROGRESS if kind == "claimed" else Status.PENDING

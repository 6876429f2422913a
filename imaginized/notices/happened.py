"""What happened to books since the last look, by their logs of events: each end and each hold, once."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.notices.notice import LONGEST_TITLE, Notice, made_id
from imaginized.notices.outbox import Place, Record
from imaginized.printable import cut
from imaginized.queue.events import BookEvent
from imaginized.queue.manifest import Manifest, Status
from imaginized.queue.phases import ENDED
from imaginized.queue.plan import Phase, failed_chapters, is_rejected, phase
from imaginized.reasons import Code
from imaginized.settings.choices import NoticeEvent
from imaginized.store.eventlog import Extent
from imaginized.store.eventwalk import Walk
from imaginized.store.index import BEGINNING, Mark
from imaginized.store.library import Library, NoSuchBook

MOST_LINES = 256
MOST_PLACES = 5000
MARGIN_SECONDS = 120.0  # the index may learn of a book so late
SHOWN_CHAPTERS = 10

TOLD: dict[Phase, NoticeEvent] = {
    Phase.DONE: "done",
    Phase.PARTIAL: "partial",
    Phase.FAILED: "failed",
    Phase.HELD: "held",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look found.

    Attributes:
        record: What is to be kept, without the messages.
        notices: What happened, in the order of the books.
    """

    record: Record
    notices: tuple[Notice, ...] = ()


def look(library: Library, record: Record, *, now: datetime) -> Look:
    """What happened since the record was made; of a record that knows nothing, where everything stands now.

    Raises:
        IndexUnusable: It cannot be looked for now.
        OSError: Likewise.
    """
    mark, books = _books(library, record)
    places: dict[str, Place] = dict(record.places)
    notices: list[Notice] = []
    is_first = record.mark is None
    for book in books:
        with suppress(NoSuchBook, ManifestCorrupt, LibraryBusy):
            manifest = library.read(book)
            here = _place(manifest)
            before = places.pop(book, None)  # and in again: the one that changed last is the last to be forgotten
            known = before if before is not None and before.created_at == here.created_at else None
            if not is_first and here != known:
                since = record.until - MARGIN_SECONDS if known is None else None
                notices += _told(library, manifest, known, since=since)
            places[book] = here
    kept = dict(list(places.items())[-max(MOST_PLACES, len(books)) :])
    after = replace(record, mark=(mark.made_at, mark.gone, mark.turn), until=now.timestamp(), places=kept)
    # A look that found nothing is no reason to write.
    is_same = (after.mark, after.places) == (record.mark, record.places)
    return Look(record=record if is_same and not is_first else after, notices=tuple(notices))


def _books(library: Library, record: Record) -> tuple[Mark, list[str]]:
    """The books in which something may have happened: the open ones, and those that were closed since."""
    opened = list(library.index.open_books())
    mark = BEGINNING if record.mark is None else Mark._make(record.mark)
    now, noted = library.index.noted_since(mark)
    if record.mark is None:
        return now, opened
    if noted is None:
        now, noted = library.index.noted_since(BEGINNING)
        changed = [one.book for one in noted or [] if not one.is_open and _changed_since(library, one.book, record)]
    else:
        changed = [one.book for one in noted]
    return now, list(dict.fromkeys([*changed, *opened]))


def _changed_since(library: Library, book: str, record: Record) -> bool:
    """Whether a closed book was written since the last look, where the index has forgotten what it told."""
    with suppress(OSError):
        return library.files(book).manifest.stat().st_mtime > record.until - MARGIN_SECONDS
    return False


def _place(manifest: Manifest) -> Place:
    return Place(created_at=manifest.created_at.isoformat(), count=manifest.event_count, size=manifest.event_bytes or 0)


def _told(library: Library, manifest: Manifest, known: Place | None, *, since: float | None) -> Iterable[Notice]:
    """The message of what became of a book, if what happened to it tells one."""
    stands = phase(manifest)
    event = TOLD.get(stands)
    if event is None or is_rejected(manifest):  # a rejected one leaves the library; the inbox tells of it
        return ()
    last = _last(library, manifest, known, since=since, stands=stands)
    return () if last is None else (_notice(manifest, event, *last),)


def _last(
    library: Library, manifest: Manifest, known: Place | None, *, since: float | None, stands: Phase
) -> tuple[int, BookEvent] | None:
    """The last of the new lines that brought the book where it stands, with its number; None for none."""
    files = library.files(manifest.book_id)
    walk = Walk(Extent() if known is None else Extent(count=known.count, size=known.size))
    extent, found = Extent(count=manifest.event_count, size=manifest.event_bytes), None
    while True:
        step = walk.step(files.events, extent=extent, most=MOST_LINES)
        for line in step.lines:
            is_new = since is None or line.event.at.timestamp() >= since
            if is_new and _brings(line.event, stands):
                found = (line.place.count, line.event)
        if step.is_over:
            return found


def _brings(event: BookEvent, stands: Phase) -> bool:
    if stands is Phase.HELD:
        return event.name == "book_held"
    if stands is Phase.FAILED:
        return event.name == "step_failed" and not event.again
    return event.name == "book_completed" and stands in ENDED


def _notice(manifest: Manifest, event: NoticeEvent, number: int, line: BookEvent) -> Notice:
    text, advice, code = _words(manifest, event, line)
    title = manifest.book_title or manifest.original_name
    return Notice(
        id=made_id(manifest.book_id, manifest.created_at.isoformat(), number),
        event=event,
        at=line.at.astimezone(UTC).isoformat(timespec="seconds"),
        text=f"{cut(title)}: {text}",
        advice=advice,
        code=code,
        book=manifest.book_id,
        title=cut(title, LONGEST_TITLE),
    )


def _words(manifest: Manifest, event: NoticeEvent, line: BookEvent) -> tuple[str, str, str]:
    """What happened, what to do, and the code of the reason."""
    book, count = manifest.book_id, len(manifest.chapters)
    chapters = "1 chapter" if count == 1 else f"{count} chapters"
    if event == "done":
        return f"the guide is ready ({chapters})", "", ""
    if event == "held" and manifest.hold is not None:
        until = manifest.hold.until
        text = manifest.hold.reason + (f"; it continues at {until:%Y-%m-%d %H:%M} UTC" if until else "")
        is_elsewhere = manifest.hold.code is Code.ELSEWHERE
        advice = "" if until or is_elsewhere else f"`imaginizectl approve {book}` lets it continue"
        return text, advice, str(manifest.hold.code)
    again = f"`imaginizectl status {book}` shows why, `imaginizectl retry {book}` tries again"
    if event == "failed":
        failed = next((entry for entry in manifest.steps.values() if entry.status is Status.FAILED), None)
        reason = line.reason or (str(failed.reason) if failed is not None and failed.reason else "it failed")
        return reason, again, str(line.code or "")
    numbers = failed_chapters(manifest)
    if not numbers:
        return "the guide is ready, without the chapters that were cancelled", "", str(Code.CANCELLED)
    shown = ", ".join(map(str, numbers[:SHOWN_CHAPTERS])) + (", …" if len(numbers) > SHOWN_CHAPTERS else "")
    reasons = [entry.reason for entry in map(manifest.chapters.__getitem__, numbers) if entry.reason is not None]
    why = f": {reasons[0].text}" if reasons else ""
    text = f"the guide is ready, but {len(numbers)} of {chapters} failed ({shown}){why}"
    return text, again, str(reasons[0].code) if reasons else str(Code.CHAPTERS_FAILED)

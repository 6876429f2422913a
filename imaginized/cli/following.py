"""The logs of events of one book or of all, as they grow, read from their folders."""

import json
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from pathlib import Path

from imaginized.cli.troubles import Row
from imaginized.control.client import Told
from imaginized.errors import ControlError, ExitCode, ManifestCorrupt
from imaginized.queue.codec import decode
from imaginized.store.files import BookFiles

_AGO = re.compile(r"([0-9]{1,6})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are told.

    Attributes:
        since: None for all.
        last: How many of them, the newest; None for all.
    """

    since: datetime | None = None
    last: int | None = None

    def late(self, events: Iterable[Row]) -> Iterable[Row]:
        """Those of them that are late enough, however many."""
        return events if self.since is None else (one for one in events if _moment(one) >= self.since)

    def of(self, events: Iterable[Row]) -> Iterable[Row]:
        """Those of them, which are in order."""
        late = self.late(events)
        return late if self.last is None else deque(late, maxlen=min(self.last, sys.maxsize))


ALL = Wanted()
MANY = 1000  # of all books, where nobody says how many


def moment_of(text: str) -> datetime:
    """The moment that a person means by "90m", "2026-11-29" or "2026-11-29T14:00".

    Raises:
        ControlError: It is none of these.
    """
    ago = _AGO.fullmatch(text.strip())
    with suppress(ValueError, OverflowError):
        if ago is not None:
            return datetime.now(UTC) - timedelta(seconds=int(ago[1]) * _SECONDS[ago[2]])
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    advice = 'write for example "90m", "12h", "3d", "2026-11-29" or "2026-11-29T14:00"'
    raise ControlError(f"not a time: {text!r}", exit_code=ExitCode.USAGE, advice=advice)


def events_of_all(library: Path, *, wanted: Wanted, stream: Iterator[Told] | None) -> Iterator[Row]:
    """The events of all books by their time, each with its book; then those that the stream tells.

    Args:
        library: The folder of all books.
        wanted: Which of those that there are.
        stream: What happens from now on; None where nobody wants that.
    """
    if stream is not None:
        next(stream)  # subscribed before the logs are read: what happens in between is told by one or by both
    told: dict[str, int] = {}
    late = wanted.late(row for folder in _books(library, wanted.since) for row in _named(folder, told))
    # Of many books one at a time: the logs of a large library do not fit into memory.
    kept = list(late) if wanted.last is None else nlargest(wanted.last, late, key=_moment)
    yield from sorted(kept, key=lambda row: (_moment(row), str(row["book"]), _number(row)))
    for one in stream or ():
        if one.event is not None and one.event["number"] > told.get(one.event["book"], 0):
            yield {key: value for key, value in one.event.items() if key != "cursor" and value not in (None, "", {})}


def _named(folder: Path, told: dict[str, int]) -> Iterator[Row]:
    """The events of a book, with its name; one without a time was when the one before it was."""
    latest = _BEGINNING
    for event in events_of(folder, wait=None):
        latest = max(latest, _moment(event))
        told[folder.name] = _number(event)
        yield {"book": folder.name, **event, "at": event.get("at") or latest.isoformat()}


def _number(event: Row) -> int:
    number = event.get("number")
    return number if isinstance(number, int) else 0


def _books(library: Path, since: datetime | None) -> list[Path]:
    """The folders of books in which something happened since."""
    with os.scandir(library) as entries:
        folders = [Path(entry.path) for entry in entries if not entry.name.startswith(".")]
    found = []
    for folder in sorted(folders):
        with suppress(OSError):  # no book, or none any more
            changed_at = BookFiles(folder).manifest.stat().st_mtime
            if since is None or changed_at >= since.timestamp():
                found.append(folder)
    return found


_BEGINNING = datetime.min.replace(tzinfo=UTC)


def _moment(event: Row) -> datetime:
    """When it was; the beginning of time where it does not say."""
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(str(event.get("at")))
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return _BEGINNING


def events_of(folder: Path, *, wait: Callable[[], None] | None, wanted: Wanted = ALL) -> Iterator[Row]:
    """Every event of the book so far, then those that are added; a line that is still being written waits for its end.

    What lies behind the bytes that the manifest vouches for never came to be: its writer was killed, or is at it.

    Args:
        folder: The book's.
        wait: Returns when there may be more; None for what there is now.
        wanted: Which of those that there are by now.
    """
    files = BookFiles(folder)
    position, rest = 0, b""
    while True:
        added = _read(files.events, start=position, end=_true_bytes(files.manifest))
        position += len(added)
        *lines, rest = (rest + added).split(b"\n")
        yield from wanted.of(map(_event, lines))
        if wait is None:
            return
        wanted = ALL
        wait()


def _true_bytes(manifest: Path) -> int | None:
    """How much of the log is true; None where the manifest does not say."""
    try:
        return decode(manifest.read_bytes()).event_bytes
    except (FileNotFoundError, ManifestCorrupt):
        return None


def _read(path: Path, *, start: int, end: int | None) -> bytes:
    try:
        with path.open("rb") as reading:
            reading.seek(start)
            return reading.read() if end is None else reading.read(max(end - start, 0))
    except FileNotFoundError:
        return b""


def _event(line: bytes) -> Row:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    return event if isinstance(event, dict) else {"event": "unreadable_line"}

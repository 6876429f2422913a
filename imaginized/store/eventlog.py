"""`data/events.jsonl`: what happened to a book, one JSON object a line, numbered without a gap from 1.

A line is appended before the manifest that makes it true, and the manifest says how many lines and bytes are. Whatever
lies behind them was written for a change that never came to be, and the next writer cuts it off. Call under the lock.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imaginized.queue.events import BOOK_EVENTS, BookEvent, Happening
from imaginized.queue.manifest import Stage
from imaginized.reasons import Code
from imaginized.store.writing import sync_folder, write_whole

Line = dict[str, object]

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # made once: a line is written under the lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of the log is true.

    Attributes:
        count: Number of the last line; 0 for none.
        size: Bytes up to its end; None where the manifest does not say, such as in a book of an earlier version.
    """

    count: int = 0
    size: int | None = None


def append_events(path: Path, events: Sequence[Happening], *, at: datetime, extent: Extent) -> Extent:
    """Add events behind the true part of the log, mended first if need be; returns what will be true then.

    Not synced: a power cut can cost the last lines, which the next call says in a line `events_lost`.

    Raises:
        OSError: Disk full or read-only; the true part stands.
    """
    fd = _open(path)
    try:
        found = os.fstat(fd).st_size
        count, size, lost = extent.count, found, 0
        if found != extent.size:
            count, size, lost = _mend(fd, path.read_bytes(), extent=extent)
        if lost:
            events = [_loss(lost, last=count), *events]
        data = b"".join(_line(event, number=number, at=at) for number, event in enumerate(events, count + 1))
        # Not O_APPEND: what lies behind the true part is written over.
        os.lseek(fd, size, os.SEEK_SET)
        write_whole(fd, data)
    finally:
        os.close(fd)
    return Extent(count=count + len(events), size=size + len(data))


def read_events(path: Path, *, extent: Extent, since: int = 0) -> list[BookEvent]:
    """The true part of the log, oldest first; lines that do not parse are left out.

    Args:
        path: The log.
        extent: How much of it is true.
        since: Bytes at its beginning that are passed over: whole lines that the caller has read before.
    """
    try:
        with path.open("rb") as reading:
            reading.seek(since)
            data = reading.read() if extent.size is None else reading.read(max(0, extent.size - since))
    except FileNotFoundError:
        return []
    return [event for line, _ in _lines(data) if (event := event_of(line)) is not None]


def _open(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, flags, 0o666)
    except FileNotFoundError:
        path.parent.mkdir(exist_ok=True)
        sync_folder(path.parent.parent)
        return os.open(path, flags, 0o666)


def _mend(fd: int, data: bytes, *, extent: Extent) -> tuple[int, int, int]:
    """Cut off what is not true; returns the last line's number, the size, and how many lines a power cut took."""
    is_vouched = extent.size is not None and data[extent.size - 1 : extent.size] in (b"\n", b"")
    kept = data[: extent.size] if is_vouched else data
    last, size = 0, 0
    for line, end in _lines(kept):
        number = line.get("number")
        last, size = (number if isinstance(number, int) else last), end
    os.ftruncate(fd, size)
    count = max(extent.count, last)
    return count, size, count - last


def _loss(lost: int, *, last: int) -> Happening:
    first = last - lost + 1
    numbers = str(first) if first == last else f"{first} to {last}"
    return Happening(name="events_lost", reason=f"lines {numbers} did not reach the disk; the manifest has all")


def _lines(data: bytes) -> Iterator[tuple[Line, int]]:
    """Each whole line with where it ends, up to the first torn one; what is no JSON object is an empty one."""
    end = 0
    for raw in data.splitlines(keepends=True):
        if not raw.endswith(b"\n"):
            return
        end += len(raw)
        yield parsed(raw), end


def parsed(raw: bytes) -> Line:
    """One line; an empty one where it is no JSON object."""
    try:
        line = json.loads(raw, parse_constant=_refused)
    except (ValueError, RecursionError):  # nobody but us writes there, but anybody may have edited it
        line = {}
    return line if isinstance(line, dict) else {}


def _refused(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def moment_text(at: datetime) -> str:
    """A moment as a log has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _line(event: Happening, *, number: int, at: datetime) -> bytes:
    line: Line = {"number": number, "at": moment_text(at), "event": event.name}
    if event.chapter is not None:
        line["chapter"] = event.chapter
    texts = {
        "stage": event.stage,
        "attempt": event.attempt,
        "worker": event.worker,
        "reason": event.reason,
        "code": event.code,
    }
    line |= {key: value for key, value in texts.items() if value}
    if event.again:
        line["again"] = True
    if event.details:
        line["details"] = dict(event.details)
    return _as_json(line).encode(errors="backslashreplace") + b"\n"


def event_of(line: Line) -> BookEvent | None:
    """The event that a line tells; None where it cannot be read."""
    name, details = line.get("event"), line.get("details")
    if name not in BOOK_EVENTS:
        return None
    try:
        return BookEvent(
            name=name,  # type: ignore[arg-type]
            at=_moment(str(line["at"])),
            chapter=int(str(line["chapter"])) if "chapter" in line else None,
            stage=Stage(str(line["stage"])) if "stage" in line else None,
            attempt=int(str(line["attempt"])) if "attempt" in line else None,
            worker=str(line.get("worker", "")),
            reason=str(line.get("reason", "")),
            code=Code.read(line["code"]) if "code" in line else None,
            again=bool(line.get("again")),
            details=details if isinstance(details, dict) else {},
        )
    except (KeyError, ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    # Compared with others, one without a zone would raise; at either end of all time, another zone's would.
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)

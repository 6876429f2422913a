"""A book's log of events as it grows, read from its folder."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from imaginized.cli.troubles import Row
from imaginized.errors import ManifestCorrupt
from imaginized.queue.codec import decode
from imaginized.store.files import BookFiles


def events_of(folder: Path, *, wait: Callable[[], None] | None) -> Iterator[Row]:
    """Every event of the book so far, then those that are added; a line that is still being written waits for its end.

    What lies behind the bytes that the manifest vouches for never came to be: its writer was killed, or is at it.

    Args:
        folder: The book's.
        wait: Returns when there may be more; None for what there is now.
    """
    files = BookFiles(folder)
    position, rest = 0, b""
    while True:
        added = _read(files.events, start=position, end=_true_bytes(files.manifest))
        position += len(added)
        *lines, rest = (rest + added).split(b"\n")
        for line in lines:
            yield _event(line)
        if wait is None:
            return
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

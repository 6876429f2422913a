"""`logs` of one book and of all: which events, in which order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from imaginized.cli.following import ALL, Wanted, events_of, events_of_all, moment_of
from imaginized.control.client import Told
from imaginized.control.event_rows import EventTold
from imaginized.errors import ControlError
from imaginized.queue.codec import encode
from imaginized.queue.events import RESUMED
from imaginized.store.eventlog import Extent, append_events
from imaginized.store.files import BookFiles
from tests.support.manifests import EPOCH, admitted_book


def log_of(library: Path, book: str, *, at: list[int]) -> Path:
    """A book to which something happened so many seconds after the epoch."""
    files, extent = BookFiles(library / book), Extent()
    files.root.mkdir()
    for seconds in at:
        extent = append_events(files.events, [RESUMED], at=EPOCH + timedelta(seconds=seconds), extent=extent)
    manifest = replace(admitted_book(book), event_count=extent.count, event_bytes=extent.size)
    files.manifest.write_bytes(encode(manifest))
    return files.root


def seconds(events: Iterator[object]) -> list[tuple[str, int]]:
    rows = cast(Iterator[dict[str, str]], events)
    return [(row.get("book", ""), int((datetime.fromisoformat(row["at"]) - EPOCH).total_seconds())) for row in rows]


def test_the_events_of_all_books_are_in_the_order_of_their_times(tmp_path: Path) -> None:
    """Each names its book; what lies behind a manifest's word is told for none."""
    log_of(tmp_path, "a", at=[1, 5])
    with BookFiles(log_of(tmp_path, "b", at=[2, 3])).events.open("ab") as writing:
        writing.write(b'{"number": 3, "at": "2026-01-01T00:00:04Z", "event": "book_resumed"}\n')
    (tmp_path / "no-book").mkdir()

    assert seconds(events_of_all(tmp_path, wanted=ALL, stream=None)) == [("a", 1), ("b", 2), ("b", 3), ("a", 5)]


def test_since_and_the_last_few_choose_among_them(tmp_path: Path) -> None:
    """Of one book, and of all, the newest are kept."""
    one = log_of(tmp_path, "a", at=[1, 5, 9])
    log_of(tmp_path, "b", at=[2, 6])
    late, few = Wanted(since=EPOCH + timedelta(seconds=5)), Wanted(last=2)

    assert seconds(events_of_all(tmp_path, wanted=late, stream=None)) == [("a", 5), ("b", 6), ("a", 9)]
    assert seconds(events_of_all(tmp_path, wanted=few, stream=None)) == [("b", 6), ("a", 9)]
    assert seconds(events_of(one, wait=None, wanted=late)) == [("", 5), ("", 9)]
    assert seconds(events_of(one, wait=None, wanted=Wanted(last=0))) == []


def test_what_happens_while_the_logs_are_read_is_told_once(tmp_path: Path) -> None:
    """The stream begins before the logs are read, and tells again what they had already."""
    log_of(tmp_path, "a", at=[1, 2])

    def stream() -> Iterator[Told]:
        yield Told(cursor="", is_beginning=True)
        for number in (2, 3):
            row = {"book": "a", "number": number, "at": f"2026-01-01T00:00:0{number}Z", "event": "book_resumed"}
            yield Told(cursor="", event=cast(EventTold, {**row, "cursor": "x", "reason": ""}))

    found = list(events_of_all(tmp_path, wanted=ALL, stream=stream()))
    assert [row["number"] for row in found] == [1, 2, 3]
    assert set(found[-1]) == {"book", "number", "at", "event"}


def test_the_logs_wait_for_more(tmp_path: Path) -> None:
    """What is added is told whole, whatever was asked of what there was."""
    folder = log_of(tmp_path, "a", at=[1, 2])

    def wait() -> None:
        files, extent = BookFiles(folder), Extent(count=2, size=BookFiles(folder).events.stat().st_size)
        extent = append_events(files.events, [RESUMED], at=EPOCH + timedelta(seconds=3), extent=extent)
        manifest = replace(admitted_book("a"), event_count=extent.count, event_bytes=extent.size)
        files.manifest.write_bytes(encode(manifest))

    events = events_of(folder, wait=wait, wanted=Wanted(last=1))
    assert [next(events)["number"], next(events)["number"]] == [2, 3]


@pytest.mark.parametrize("text", ["soon", "", "12x", "2026-13-01", "999999w", "-3d"])
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    """A mistyped time shows what may be written."""
    with pytest.raises(ControlError, match="90m"):
        moment_of(text)


def test_times_are_those_of_utc_where_nothing_else_is_said() -> None:
    """As every time in the logs."""
    assert moment_of("2026-11-29T14:00") == datetime(2026, 11, 29, 14, tzinfo=UTC)
    assert moment_of("2026-11-29T14:00+02:00") == datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert timedelta(hours=11) < datetime.now(UTC) - moment_of("12h") < timedelta(hours=13)

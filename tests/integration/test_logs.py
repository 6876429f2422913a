"""The log: what a line looks like on each kind of stream, and that lines stay whole."""

import io
import json
import multiprocessing
import os
import pty
import socket
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

import pytest
import structlog

import imaginized.logs.log
from imaginized.logs.log import EVENTS, configure_logs, get_log
from tests.support.waiting import DEADLINE_SECONDS


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    """No test leaves its log to the next one."""
    yield
    structlog.reset_defaults()


def test_json_lines_carry_what_was_bound() -> None:
    """A line is one JSON object: event, level, UTC time, bound values and its own; a path is text."""
    stream = io.StringIO()
    configure_logs("info", format="json", stream=stream)
    get_log(book="oz-1").bind(chapter=3).info("chapter_claimed", fence=2, file=Path("/a b"))
    line = json.loads(stream.getvalue())

    assert datetime.fromisoformat(line.pop("timestamp")).utcoffset() is not None
    assert line == {
        "event": "chapter_claimed", "level": "info", "book": "oz-1", "chapter": 3, "fence": 2, "file": "/a b"
    }  # fmt: skip


def test_only_listed_events_are_written() -> None:
    """An event that is not in the list is refused, even where its level is not shown."""
    configure_logs("error", format="json", stream=io.StringIO())

    with pytest.raises(ValueError, match="books_eaten"):
        get_log().debug("books_eaten")  # type: ignore[arg-type]


def test_every_listed_event_is_told_by_somebody() -> None:
    """Nobody waits for an event that never comes."""
    package = Path(imaginized.__file__).parent
    source = "".join(path.read_text() for path in package.rglob("*.py"))

    assert [event for event in EVENTS if source.count(f'"{event}"') < 2] == []


def test_event_names_are_snake_case() -> None:
    """Names are a subject and what happened to it."""
    odd = [
        event for event in EVENTS if not event.replace("_", "").isalpha() or "_" not in event or event.lower() != event
    ]

    assert not odd


def test_less_important_levels_are_left_out() -> None:
    """The level is the least important one that is written, and may be changed for logs made before."""
    stream = io.StringIO()
    log = get_log()
    configure_logs("warning", format="json", stream=stream)
    log.info("book_admitted")
    log.error("book_rejected")
    configure_logs("debug", format="json", stream=stream)
    log.debug("arrival_seen")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["book_rejected", "arrival_seen"]


def test_text_cannot_be_forged_by_a_file_name() -> None:
    """Line breaks and terminal codes in a value are shown, not obeyed."""
    stream = io.StringIO()
    configure_logs("info", format="text", stream=stream)
    get_log().warning("arrival_rejected", name="a\nb\x1b[31m.epub")

    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_journal_lines_begin_with_their_priority() -> None:
    """Under systemd each line, a traceback's too, carries its priority; the journal knows the time."""
    stream = io.StringIO()
    configure_logs("info", format="journal", stream=stream)
    log = get_log(book="oz 1")
    log.info("book_admitted", chapters=24, note="")
    log.error("chapter_failed", exc_info=RuntimeError("no\nink"))
    lines = stream.getvalue().splitlines()

    assert lines[0] == '<6>book_admitted book="oz 1" chapters=24 note=""'
    assert lines[1:] == ['<3>chapter_failed book="oz 1"', "<3>RuntimeError: no", "<3>ink"]


def test_auto_is_json_in_a_pipe_and_in_a_file(tmp_path: Path) -> None:
    """What is not a terminal gets JSON, also where systemd's journal was redirected into a file."""
    with (tmp_path / "log").open("w") as stream:
        configure_logs("info", format="auto", stream=stream, journal_stream="1:1")
        get_log().info("daemon_started")

    assert json.loads((tmp_path / "log").read_text())["event"] == "daemon_started"


def test_auto_knows_the_journal(tmp_path: Path) -> None:
    """The stream that JOURNAL_STREAM names gets journal lines."""
    with (tmp_path / "log").open("w") as stream:
        facts = os.fstat(stream.fileno())
        names = f"{facts.st_dev}:{facts.st_ino}"
        configure_logs("info", format="auto", stream=stream, journal_stream=names, journal_socket=str(tmp_path / "no"))
        get_log().info("daemon_started")

    assert (tmp_path / "log").read_text() == "<6>daemon_started\n"


@pytest.fixture
def journal() -> Iterator[socket.socket]:
    """A socket in place of the journal's, below a short path."""
    with tempfile.TemporaryDirectory(prefix="imz-") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as it:
        it.bind(f"{folder}/journal")
        it.settimeout(DEADLINE_SECONDS)
        yield it


def configure_for(journal: socket.socket, stream: TextIO) -> None:
    facts = os.fstat(stream.fileno())
    name = f"{facts.st_dev}:{facts.st_ino}"
    configure_logs("info", format="auto", stream=stream, journal_stream=name, journal_socket=str(journal.getsockname()))


def fields_of(data: bytes) -> dict[str, str]:
    """What the journal's native protocol says in a datagram."""
    found = {}
    while data:
        name, sign, rest = data.partition(data[i : i + 1] if (i := _end_of_name(data)) else b"")
        if sign == b"=":
            value, _, data = rest.partition(b"\n")
        else:
            size = int.from_bytes(rest[:8], "little")
            value, data = rest[8 : 8 + size], rest[9 + size :]
        found[name.decode()] = value.decode()
    return found


def _end_of_name(data: bytes) -> int:
    return min(place for place in (data.find(b"="), data.find(b"\n")) if place >= 0)


def test_the_journal_gets_fields(journal: socket.socket, tmp_path: Path) -> None:
    """Under systemd every value is a field one can ask for, and nothing is written twice."""
    with (tmp_path / "log").open("w") as stream:
        configure_for(journal, stream)
        get_log(book="oz 1", chapter=3).warning("chapter_failed", reason="no\nink", odd_näme=1)

    assert fields_of(journal.recv(1 << 16)) == {
        "MESSAGE": 'chapter_failed book="oz 1" chapter=3 reason=no\\nink odd_näme=1',
        "PRIORITY": "4", "SYSLOG_IDENTIFIER": "imaginized", "EVENT": "chapter_failed", "BOOK": "oz 1",
        "CHAPTER": "3", "REASON": "no\\nink", "ODD_N_ME": "1",
    }  # fmt: skip
    assert (tmp_path / "log").read_text() == ""


def test_a_traceback_is_part_of_the_journals_message(journal: socket.socket, tmp_path: Path) -> None:
    """`journalctl` shows the traceback with its event, as one entry."""
    with (tmp_path / "log").open("w") as stream:
        configure_for(journal, stream)
        get_log().error("error_caught", exc_info=RuntimeError("no ink"))

    assert fields_of(journal.recv(1 << 16))["MESSAGE"] == "error_caught\nRuntimeError: no ink"


def test_what_is_too_large_for_a_datagram_goes_by_descriptor(journal: socket.socket, tmp_path: Path) -> None:
    """The journal gets a sealed file in memory for an event of any size."""
    with (tmp_path / "log").open("w") as stream:
        configure_for(journal, stream)
        get_log().error("error_caught", reason="x" * 1_000_000)
    _, descriptors, _, _ = socket.recv_fds(journal, 1, 1)
    with os.fdopen(descriptors[0], "rb") as sent:
        sent.seek(0)
        fields = fields_of(sent.read())

    assert fields["REASON"] == "x" * 1_000_000


def test_what_the_journal_does_not_take_becomes_a_line(journal: socket.socket, tmp_path: Path) -> None:
    """A journal that does not read costs nobody's time: further events go to the stream with their priority."""
    with (tmp_path / "log").open("w") as stream:
        configure_for(journal, stream)
        for count in range(5000):
            get_log().info("daemon_started", count=count)
    lines = (tmp_path / "log").read_text().splitlines()

    assert lines[-1] == "<6>daemon_started count=4999"
    assert 1 <= 5000 - len(lines) < 5000


def test_auto_is_coloured_text_on_a_terminal() -> None:
    """A person at a terminal gets colours."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as reader, os.fdopen(theirs, "w") as terminal:
        configure_logs("info", format="auto", stream=terminal)
        get_log().info("daemon_ready")
        shown = reader.read(4096)

    assert b"daemon_ready" in shown
    assert b"\x1b[" in shown


def test_a_name_that_is_no_text_does_not_break_json(tmp_path: Path) -> None:
    """A file name with bytes outside UTF-8 still gives a valid line."""
    with (tmp_path / "log").open("w") as stream:
        configure_logs("info", format="json", stream=stream)
        get_log().info("arrival_seen", name=os.fsdecode(b"caf\xe9.epub"))

    assert json.loads((tmp_path / "log").read_bytes())["name"] == "caf\udce9.epub"


def test_a_reader_that_went_away_stops_nothing() -> None:
    """Log lines may be lost, the daemon may not."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        configure_logs("info", format="json", stream=stream)
        get_log().info("daemon_started")

    assert stream.closed


def write_many(path: Path, number: int) -> None:
    with path.open("a") as stream:
        configure_logs("info", format="json", stream=stream)
        for count in range(200):
            get_log(worker=number).info("chapter_claimed", count=count, padding="x" * 600)


def test_lines_of_several_processes_stay_whole(tmp_path: Path) -> None:
    """Workers that share a log never mix their lines."""
    path = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(path, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(DEADLINE_SECONDS)
    lines = [json.loads(line) for line in path.read_text().splitlines()]

    assert sorted((line["worker"], line["count"]) for line in lines) == [(w, c) for w in range(4) for c in range(200)]

"""Log lines whose reader stalls: they are dropped and counted, and nobody waits."""

import fcntl
import json
import os
import pty
import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from imaginized.logs.log import configure_logs, get_log
from imaginized.logs.sink import LogSink
from tests.support.daemons import daemon_in
from tests.support.epubs import make_epub

PADDING = "x" * 1000


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    """No test leaves its log to the next one."""
    yield
    structlog.reset_defaults()


def drain(descriptor: int) -> bytes:
    """All that can be read now."""
    found = b""
    while select.select([descriptor], [], [], 0)[0] and (chunk := os.read(descriptor, 1 << 16)):
        found += chunk
    return found


def test_f36_lines_for_a_stalled_pipe_are_dropped_and_counted() -> None:
    """While nobody reads a pipe, lines are dropped at once; when somebody does, their number comes first."""
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "w") as stream:
        configure_logs("info", format="json", stream=stream)
        for count in range(200):
            get_log().info("chapter_claimed", count=count, padding=PADDING)
        before = [json.loads(line) for line in drain(ours).splitlines()]
        get_log().info("daemon_ready")
        after = [json.loads(line) for line in drain(ours).splitlines()]
        flags = fcntl.fcntl(theirs, fcntl.F_GETFL)

    written = [event["count"] for event in before if "count" in event]
    lost = [event["lines"] for event in before + after if event["event"] == "log_lines_dropped"]
    assert after[-1]["event"] == "daemon_ready"
    assert len(written) + sum(lost) == 200
    assert written == list(range(len(written)))
    assert not flags & os.O_NONBLOCK


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_f36_a_stalled_socket_stops_nobody(kind: socket.SocketKind) -> None:
    """The journal's stream is a socket; one that nobody reads drops lines, and its flags stay as they were."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    with ours, theirs:
        sink = LogSink(theirs.fileno())
        written = [sink.write(PADDING) for _ in range(2000)]
        lost = sink.dropped
        drained = drain(ours.fileno())
        again = sink.write("more")
        sink.close()

        assert lost == written.count(False) > 0
        assert theirs.getblocking()
        assert again
    assert drained.startswith(PADDING.encode())


def test_f36_a_stalled_terminal_stops_nobody() -> None:
    """Ctrl-S on a terminal costs lines, not the daemon."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "wb", buffering=0):
        sink = LogSink(theirs)
        written = [sink.write("x" * 100) for _ in range(2000)]

    assert not all(written)


def test_a_line_that_went_out_in_part_is_ended_before_the_next() -> None:
    """A long line may be cut by a full pipe; its rest comes first, so that lines stay whole."""
    ours, theirs = os.pipe()
    try:
        sink = LogSink(theirs)
        long = "y" * 300_000
        assert sink.write(long)
        read = drain(ours)
        while not sink.write("next"):
            read += drain(ours)
        read += drain(ours)
        sink.close()
    finally:
        os.close(ours)
        os.close(theirs)

    assert read.splitlines() == [long.encode(), b"next"]


def test_setting_the_log_up_again_opens_nothing_more() -> None:
    """A reload leaves as many descriptors as there were."""
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "w") as stream:
        configure_logs("info", format="json", stream=stream)
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(50):
            configure_logs("info", format="json", stream=stream)

        assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_f36_a_daemon_whose_log_is_not_read_does_its_work(tmp_path: Path) -> None:
    """With its log's pipe full from the start, the daemon still answers, and its workers still finish a book."""
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
    with os.fdopen(ours, "rb", buffering=0), os.fdopen(theirs, "wb", buffering=0) as stalled:
        os.set_blocking(theirs, False)
        while True:
            if stalled.write(b"x" * 512) is None:
                break
        os.set_blocking(theirs, True)
        with daemon_in(tmp_path) as daemon:
            daemon.stop()
            daemon.log_to = theirs
            daemon.start()
            daemon.drop(make_epub(tmp_path / "small.epub"))
            daemon.wait_for_phases("done")
            os.read(ours, 4096)
            daemon.call("scan")
            told = [json.loads(line) for line in drain(ours).splitlines() if line.startswith(b"{")]

        assert "log_lines_dropped" in [event["event"] for event in told]

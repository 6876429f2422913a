"""What the daemon tells systemd, heard by a real socket."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaginized.daemon.notify import Notifier, listen_fds
from tests.support.waiting import DEADLINE_SECONDS


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """Somebody who listens as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(DEADLINE_SECONDS)
        yield listener


def to(listener: socket.socket) -> Notifier:
    return Notifier.from_environment({"NOTIFY_SOCKET": listener.getsockname()})


def test_ready_and_status_go_together(systemd: socket.socket) -> None:
    """Readiness comes with a status line, and a line break in it cannot smuggle in another message."""
    to(systemd).ready("2 books\nWATCHDOG=1")

    assert systemd.recv(4096) == b"READY=1\nSTATUS=2 books WATCHDOG=1"


def test_status_line_drives_no_terminal(systemd: socket.socket) -> None:
    """`systemctl status` shows the line as it is."""
    to(systemd).status("A\x1b[2J\u202eB")

    assert systemd.recv(4096) == b"STATUS=A\\x1b[2J\\u202eB"


def test_every_message_is_as_systemd_wants_it(systemd: socket.socket) -> None:
    """Status, stopping and watchdog are one datagram each."""
    notifier = to(systemd)
    notifier.status("drawing Öz")
    notifier.watchdog()
    notifier.stopping()

    assert [systemd.recv(4096).decode() for _ in range(3)] == ["STATUS=drawing Öz", "WATCHDOG=1", "STOPPING=1"]


def test_reloading_tells_the_monotonic_time(systemd: socket.socket) -> None:
    """A reload carries the moment it began, in microseconds of the monotonic clock."""
    before = time.monotonic_ns() // 1000
    to(systemd).reloading()
    flag, _, moment = systemd.recv(4096).decode().partition("\nMONOTONIC_USEC=")

    assert flag == "RELOADING=1"
    assert before <= int(moment) <= time.monotonic_ns() // 1000


def test_an_abstract_address_is_understood() -> None:
    """systemd may listen on a name without a file, written with an @."""
    name = f"imaginized-test-{os.getpid()}-{time.monotonic_ns()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        listener.settimeout(DEADLINE_SECONDS)
        Notifier.from_environment({"NOTIFY_SOCKET": f"@{name}"}).stopping()
        heard = listener.recv(4096)

    assert heard == b"STOPPING=1"


@pytest.mark.parametrize("address", ["", "/nowhere/notify", f"/{'x' * 200}", "vsock:2:9"])
def test_nobody_listening_is_no_error(address: str) -> None:
    """Outside of systemd, or when it is gone, the daemon goes on."""
    notifier = Notifier(address=address)
    notifier.ready("up")
    notifier.reloading()

    assert notifier.watchdog_seconds is None


def test_a_full_queue_is_given_up() -> None:
    """A systemd that does not read cannot stop the daemon."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0imaginized-test-full-{os.getpid()}-{time.monotonic_ns()}")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filler:
            filler.setblocking(False)
            with pytest.raises(BlockingIOError):
                while True:
                    filler.sendto(b"x", listener.getsockname())
        Notifier(address=f"@{listener.getsockname()[1:].decode()}").watchdog()

        assert listener.recv(4096) == b"x"


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_at_half_its_time(environment: dict[str, str], seconds: float | None) -> None:
    """The period is half of WATCHDOG_USEC, and none where the watchdog is off or watches another process."""
    notifier = Notifier.from_environment(environment)

    assert notifier.watchdog_seconds == seconds


@pytest.mark.parametrize(
    ("environment", "descriptors"),
    [
        ({"LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control"}, [3]),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "web:control:control"}, [4, 5]),
        ({"LISTEN_PID": "8", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "control"}, []),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "1"}, []),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "x", "LISTEN_FDNAMES": "control"}, []),
        ({}, []),
    ],
)
def test_passed_sockets_are_found_by_name(environment: dict[str, str], descriptors: list[int]) -> None:
    """Only sockets of our name that were meant for this process are taken."""
    found = listen_fds(environment, pid=7)

    assert found == descriptors

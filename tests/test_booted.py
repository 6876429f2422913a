"""The service under a real systemd: readiness, rights, restarts, watchdog, journal, socket activation, drain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted import Machine, booted, needs_machine
from tests.daemons import make_epub

pytestmark = [needs_machine, pytest.mark.xdist_group("booted"), pytest.mark.timeout(180)]
INBOX = "/var/lib/imaginized/inbox"
CLIENT = """
import sys, time
from pathlib import Path
from imaginized.cli.client import Client
answered = 0
print("asking", flush=True)
while not Path("/run/enough").exists():
    with Client(Path(sys.argv[1])) as client:
        client.call("status")
        answered += 1
print(answered)
"""


@pytest.fixture(scope="module")
def booted_machine() -> Iterator[Machine]:
    """One machine for all tests of this module."""
    with booted() as machine:
        yield machine


@pytest.fixture
def machine(booted_machine: Machine) -> Machine:
    """The machine with the service freshly started on an empty library."""
    booted_machine.restart()
    return booted_machine


def drop(machine: Machine, folder: Path, *, chapters: int = 2) -> None:
    """Put a book where a member of the group would."""
    book = make_epub(folder / "Three Lamps.epub", title="Three Lamps", chapters=chapters)
    machine.path(f"{INBOX}/Three Lamps.epub").write_bytes(book.read_bytes())
    machine.run("chown", "imaginized:imaginized", f"{INBOX}/Three Lamps.epub")


def test_it_starts_and_says_what_it_does(machine: Machine, tmp_path: Path) -> None:
    """`systemctl start` returns when the daemon is ready, and its status line follows what is in work."""
    first = (machine.show("ActiveState"), machine.show("StatusText"), machine.show("User"))
    drop(machine, tmp_path)
    machine.wait_for("StatusText", "idle, 1 book done")

    assert first == ("active", "idle, 0 books done", "imaginized")
    assert machine.show("Type") == "notify"


def test_f19_a_worker_that_the_kernel_kills_leaves_the_service_up(machine: Machine, tmp_path: Path) -> None:
    """The OOM killer's SIGKILL takes one worker; systemd sees the same service go on, and the book is done."""
    supervisor = machine.show("MainPID")
    pid = next(row["pid"] for row in machine.status()["workers"] if row["slot"] == "worker-1")
    drop(machine, tmp_path)
    machine.run("kill", "-KILL", str(pid))
    machine.wait_for("StatusText", "idle, 1 book done")

    assert machine.show("OOMPolicy") == "continue"
    assert (machine.show("ActiveState"), machine.show("MainPID"), machine.show("NRestarts")) == ("active", supervisor, "0")
    assert any("SIGKILL" in entry["MESSAGE"] for entry in machine.journal())

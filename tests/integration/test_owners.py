"""Owners: a process is dead when that is proven, and unknown when it cannot be asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.store.owners import Liveness, Owner, boot_token, current_owner, liveness, start_token
from tests.support.manifests import make_claim
from tests.support.waiting import eventually


def me() -> Owner:
    return current_owner("worker-1", pid=os.getpid())


@contextmanager
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives until its input is closed, and is not collected before the end of the context."""
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_this_process_is_alive() -> None:
    """A running process is alive."""
    assert liveness(me()) is Liveness.ALIVE


def test_a_collected_process_is_dead() -> None:
    """A pid that nobody has is dead."""
    with sleeper() as process:
        owner = current_owner("worker-1", pid=process.pid)
        process.kill()
        process.wait()

        assert liveness(owner) is Liveness.DEAD


def test_a_zombie_is_dead() -> None:
    """A process that ended but was not collected yet can commit nothing: it is dead."""
    with sleeper() as process:
        owner = current_owner("worker-1", pid=process.pid)
        assert liveness(owner) is Liveness.ALIVE
        process.kill()

        eventually(lambda: liveness(owner) is Liveness.DEAD)
        assert Path(f"/proc/{process.pid}").exists()


def test_a_stopped_process_is_alive() -> None:
    """F22: A process that is only stopped may go on, so it is alive."""
    with sleeper() as process:
        owner = current_owner("worker-1", pid=process.pid)
        process.send_signal(signal.SIGSTOP)

        assert liveness(owner) is Liveness.ALIVE


def test_a_reused_pid_is_another_process() -> None:
    """A process with the owner's pid that started at another time is not the owner."""
    assert liveness(replace(me(), start=me().start - 1)) is Liveness.DEAD


def test_another_boot_of_this_host_is_over() -> None:
    """Whoever ran before this host was started anew is dead, although its pid and start may be taken again."""
    assert liveness(replace(me(), boot="11111111-2222-3333-4444-555555555555/4026531836")) is Liveness.DEAD


def test_another_host_cannot_be_asked() -> None:
    """Of a process on another host, nothing is known."""
    boot = "11111111-2222-3333-4444-555555555555/4026531836"

    assert liveness(replace(me(), host="elsewhere.example", boot=boot)) is Liveness.UNKNOWN


def test_a_renamed_host_is_still_this_one() -> None:
    """The boot tells the machine, so that a new host name makes no strangers of its own processes."""
    assert liveness(replace(me(), host="old-name")) is Liveness.ALIVE
    assert liveness(replace(me(), host="old-name", start=me().start - 1)) is Liveness.DEAD


def test_another_pid_namespace_cannot_be_asked() -> None:
    """A pid of another container says nothing here."""
    boot = boot_token().partition("/")[0]

    assert liveness(replace(me(), boot=f"{boot}/1")) is Liveness.UNKNOWN


@pytest.mark.parametrize("boot", ["", "/4026531836"])
def test_without_a_boot_nothing_is_proven(boot: str) -> None:
    """A claim that does not say of which boot it is cannot be checked."""
    assert liveness(replace(me(), boot=boot, start=1)) is Liveness.UNKNOWN


def test_any_command_name_can_be_read(tmp_path: Path) -> None:
    """A process whose name holds parentheses and half a character is read like any other."""
    code = (
        "import ctypes, sys; ctypes.CDLL(None).prctl(15, b') Z 1 (\\xff\\xc3', 0, 0, 0);"
        "print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        owner = current_owner("worker-1", pid=process.pid)

        assert b"\xff" in Path(f"/proc/{process.pid}/comm").read_bytes()
        assert owner.start > 0
        assert liveness(owner) is Liveness.ALIVE


def test_an_owner_is_what_its_claim_says() -> None:
    """The text in a claim leads back to the owner, host names with colons included."""
    owner = Owner(name="worker-1", host="fe80::1", pid=4711, start=815, boot="b/1")

    assert Owner.of(make_claim(owner=str(owner), boot="b/1")) == owner


@pytest.mark.parametrize("text", ["", "worker-1", "worker@host", "w@host:1", "w@host:x:1", "w@host:1:-1", "w@host::"])
def test_what_others_wrote_is_no_owner(text: str) -> None:
    """A claim that another program signed in its own way names nobody we could ask."""
    assert Owner.of(make_claim(owner=text)) is None


def test_nobody_is_no_owner() -> None:
    """A pid that does not exist makes no owner."""
    with sleeper() as process:
        process.kill()
        process.wait()

        assert start_token(process.pid) is None
        with pytest.raises(ProcessLookupError):
            current_owner("worker-1", pid=process.pid)

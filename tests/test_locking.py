"""The lock: waited for, named, never broken, and gone with its holder."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imaginized.errors import LibraryBusy
from imaginized.store.locking import locked
from tests.support import eventually

HOLDER = """
import sys, time
from pathlib import Path
from imaginized.store.locking import locked
with locked(Path(sys.argv[1]), wait_seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""
FOREVER_SECONDS = 60.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a-book" / "lock"


@pytest.fixture(autouse=True)
def folder(path: Path) -> None:
    path.parent.mkdir()


@contextmanager
def holder_of(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def waiters(path: Path) -> int:
    """How many processes wait in the kernel's queue for the lock."""
    inode = f":{path.stat().st_ino} "
    return sum("->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines())


def test_one_holder_at_a_time(path: Path) -> None:
    """A lock that is held is not given again, not even to the same process."""
    with locked(path, wait_seconds=0), pytest.raises(LibraryBusy), locked(path, wait_seconds=0):
        pass


def test_the_lock_comes_free_and_the_file_stays(path: Path) -> None:
    """After its holder is done the lock is free; its file is never removed."""
    with locked(path, wait_seconds=0):
        inode = path.stat().st_ino
    with locked(path, wait_seconds=0):
        pass

    assert path.stat().st_ino == inode


def test_an_error_frees_the_lock(path: Path) -> None:
    """Whatever goes wrong under the lock, it comes free."""
    with pytest.raises(ZeroDivisionError), locked(path, wait_seconds=0):
        raise ZeroDivisionError
    with locked(path, wait_seconds=0) as fd:
        assert fd > 2


@pytest.mark.parametrize("wait_seconds", [0, 0.05])
def test_the_holder_is_named(path: Path, wait_seconds: float) -> None:
    """Who waited in vain is told which process holds the lock of which book."""
    with holder_of(path) as holder:
        with pytest.raises(LibraryBusy) as caught, locked(path, wait_seconds=wait_seconds):
            pass

        assert f"process {holder.pid} (" in str(caught.value)
        assert str(caught.value).startswith("a-book: ")


def test_a_killed_holder_frees_the_lock(path: Path) -> None:
    """The lock of a process that was killed is free at once, with nobody's help."""
    with holder_of(path) as holder:
        holder.kill()
        holder.wait()

        with locked(path, wait_seconds=0):
            pass


def test_a_waiter_gets_the_lock_when_it_comes_free(path: Path) -> None:
    """A wait ends with the lock as soon as its holder lets go, and the alarm is taken back."""
    before = signal.getsignal(signal.SIGALRM)
    with holder_of(path) as holder:

        def kill_once_waited_for() -> None:
            eventually(lambda: waiters(path) == 1)
            holder.kill()

        killer = threading.Thread(target=kill_once_waited_for)
        killer.start()
        with locked(path, wait_seconds=FOREVER_SECONDS):
            pass
        killer.join()

    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_a_wait_in_vain_takes_back_the_alarm(path: Path) -> None:
    """After a wait that ended without the lock, no alarm is left that could end the process."""
    before = signal.getsignal(signal.SIGALRM)
    with holder_of(path), pytest.raises(LibraryBusy), locked(path, wait_seconds=0.02):
        pass

    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0.0


def test_a_thread_can_wait(path: Path) -> None:
    """A thread, which no alarm reaches, waits as well: in vain with an error, or until it has the lock."""
    results: list[str] = []
    inside = threading.Event()

    def wait(seconds: float) -> None:
        try:
            with locked(path, wait_seconds=seconds):
                results.append("locked")
        except LibraryBusy:
            results.append("busy")
        inside.set()

    with holder_of(path):
        threading.Thread(target=wait, args=(0.02,)).start()
        assert inside.wait(FOREVER_SECONDS)
        patient = threading.Thread(target=wait, args=(FOREVER_SECONDS,))
        patient.start()
    patient.join(FOREVER_SECONDS)

    assert results == ["busy", "locked"]


def test_the_descriptor_is_not_handed_on(path: Path) -> None:
    """A program started under the lock does not inherit it, or the lock would outlive its holder."""
    with locked(path, wait_seconds=0) as fd:
        assert not os.get_inheritable(fd)


def test_a_lock_is_never_a_link(path: Path, tmp_path: Path) -> None:
    """A symbolic link in the lock's place is refused, whatever it points at."""
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError), locked(path, wait_seconds=0):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_no_folder_no_lock(tmp_path: Path) -> None:
    """The folder is not made for the lock's sake."""
    with pytest.raises(FileNotFoundError), locked(tmp_path / "missing" / "lock", wait_seconds=0):
        pass

"""The lock: waited for, named, never broken, and gone with its holder."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker
import pytest

from imaginized.errors import LibraryBusy
from imaginized.settings.places import holder_of, lock_note
from imaginized.store.alone import alone
from imaginized.store.locking import LifeLock, locked
from tests.support.slowness import at_most
from tests.support.waiting import eventually

HOLDER = """
import sys, time
from pathlib import Path
from imaginized.settings.places import holder_of, lock_note
from imaginized.store.locking import LifeLock, locked
with locked(Path(sys.argv[1]), wait_seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""
FOREVER_SECONDS = 60.0
OTHER_UID = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a-book" / "lock"


@pytest.fixture(autouse=True)
def folder(path: Path) -> None:
    path.parent.mkdir()


@contextmanager
def holder_of_lock(path: Path) -> Iterator[subprocess.Popen[str]]:
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


def test_a_wait_leaves_its_caller_s_alarm(path: Path) -> None:
    """Whoever waits under an alarm of its own gets that alarm, later than asked at the most by the wait."""
    rung = threading.Event()
    before = signal.signal(signal.SIGALRM, lambda *_: rung.set())
    try:
        with holder_of_lock(path):
            signal.setitimer(signal.ITIMER_REAL, 0.01, 7.0)
            with pytest.raises(LibraryBusy), locked(path, wait_seconds=0.05):
                pass

        eventually(rung.is_set)
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 7.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_f41_another_user_is_told_who_has_a_socket_s_lock(path: Path) -> None:
    """Who may not open the lock, as a member of the socket's group, still learns which process holds it."""
    for folder in [path.parent, *path.parent.parents][:5]:
        folder.chmod(folder.stat().st_mode | 0o011)
    lock = LifeLock(path.with_name("s.lock"), mode=0o600, note=lock_note(pid=os.getpid(), library=Path("/books")))
    lock.take(wait_seconds=0)
    try:
        os.seteuid(OTHER_UID)
        try:
            told = holder_of(path.with_name("s"))
        finally:
            os.seteuid(0)
    finally:
        lock.close()

    assert told == f"process {os.getpid()}"
    assert holder_of(path.with_name("s")) == ""


@pytest.mark.parametrize("wait_seconds", [0, 0.05])
def test_the_holder_is_named(path: Path, wait_seconds: float) -> None:
    """Who waited in vain is told which process holds the lock of which book."""
    with holder_of_lock(path) as holder:
        with pytest.raises(LibraryBusy) as caught, locked(path, wait_seconds=wait_seconds):
            pass

        assert f"process {holder.pid} (" in str(caught.value)
        assert str(caught.value).startswith("a-book: ")


def test_a_killed_holder_frees_the_lock(path: Path) -> None:
    """The lock of a process that was killed is free at once, with nobody's help."""
    with holder_of_lock(path) as holder:
        holder.kill()
        holder.wait()

        with locked(path, wait_seconds=0):
            pass


def test_a_waiter_gets_the_lock_when_it_comes_free(path: Path) -> None:
    """A wait ends with the lock as soon as its holder lets go, and the alarm is taken back."""
    before, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
    with holder_of_lock(path) as holder:

        def kill_once_waited_for() -> None:
            eventually(lambda: waiters(path) == 1)
            holder.kill()

        killer = threading.Thread(target=kill_once_waited_for)
        killer.start()
        with locked(path, wait_seconds=FOREVER_SECONDS):
            pass
        killer.join()

    assert signal.getsignal(signal.SIGALRM) == before
    # pytest's own, if it has set one for this test, goes on
    assert signal.getitimer(signal.ITIMER_REAL)[0] <= timer


def test_a_wait_in_vain_takes_back_the_alarm(path: Path) -> None:
    """After a wait that ended without the lock, no alarm is left that could end the process."""
    before, timer = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]
    with holder_of_lock(path), pytest.raises(LibraryBusy), locked(path, wait_seconds=0.02):
        pass

    assert signal.getsignal(signal.SIGALRM) == before
    # pytest's own, if it has set one for this test, goes on
    assert signal.getitimer(signal.ITIMER_REAL)[0] <= timer


def test_an_alarm_that_comes_too_early_is_repeated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm between the last look at signals and the blocking call interrupts nothing; the next ends the wait."""
    block = portalocker.lock

    def lock_after_the_alarm(fd: int, flags: portalocker.LockFlags) -> None:
        if flags == portalocker.LockFlags.EXCLUSIVE:
            lost: list[int] = []
            expire = signal.signal(signal.SIGALRM, lambda number, _: lost.append(number))
            eventually(lambda: bool(lost))
            signal.signal(signal.SIGALRM, expire)
        block(fd, flags)

    monkeypatch.setattr(portalocker, "lock", lock_after_the_alarm)
    with holder_of_lock(path) as holder:
        too_late = threading.Timer(at_most(5.0), holder.kill)  # or the test would hang where the rule is broken
        too_late.start()
        with pytest.raises(LibraryBusy), locked(path, wait_seconds=0.02):
            pass
        too_late.cancel()


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

    with holder_of_lock(path):
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


def test_f41_a_lock_for_life_follows_its_file(path: Path) -> None:
    """Removed or replaced, the file that is there then is taken; if somebody else has that, they are named."""
    lock = LifeLock(path)
    lock.take(wait_seconds=0)
    was_kept = lock.is_kept()
    path.unlink()
    was_lost = not lock.is_kept()
    was_retaken = lock.was_retaken() and lock.is_kept()
    path.unlink()
    with holder_of_lock(path) as other, pytest.raises(LibraryBusy, match=f"process {other.pid}"):
        lock.was_retaken()
    other.wait(FOREVER_SECONDS)
    was_retaken_late = lock.was_retaken()
    lock.close()

    assert (was_kept, was_lost, was_retaken, was_retaken_late) == (True, True, True, True)
    with locked(path, wait_seconds=0):
        pass


def test_f41_the_note_of_a_lock_names_its_holder_while_it_is_held(tmp_path: Path) -> None:
    """Whoever may read the lock beside a socket sees process and library; nobody once it is free, nor without one."""
    socket = tmp_path / "s"
    lock = LifeLock(tmp_path / "s.lock", mode=0o600, note=lock_note(pid=4711, library=Path("/books\x1b[2J")))
    before = holder_of(socket)
    lock.take(wait_seconds=0)
    meanwhile = holder_of(socket)
    lock.close()

    assert (before, meanwhile, holder_of(socket)) == ("", "process 4711, library /books?[2J", "")
    assert (tmp_path / "s.lock").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["symlink", "hard link", "fifo"])
def test_f46_a_planted_lock_file_is_not_written(tmp_path: Path, kind: str) -> None:
    """What lies where the lock of a socket is to be, and is another file by that name, is refused and left alone."""
    victim, lock = tmp_path / "victim", tmp_path / "s.lock"
    victim.write_text("precious")
    if kind == "symlink":
        lock.symlink_to(victim)
    elif kind == "hard link":
        lock.hardlink_to(victim)
    else:
        os.mkfifo(lock)
    with pytest.raises(OSError):
        LifeLock(lock, note="4711 /books").take(wait_seconds=0)

    assert victim.read_text() == "precious"
    assert holder_of(tmp_path / "s") == ""


def test_one_process_asks_for_the_same_and_its_death_frees_it(tmp_path: Path) -> None:
    """What is asked is held apart from everything else that is asked of the book; a kill leaves nothing to clean up."""
    code = (
        "import sys; from pathlib import Path; from imaginized.store.alone import alone\n"
        "with alone(Path(sys.argv[1])) as asking:\n"
        "    print(asking.is_taken(sys.argv[2]), flush=True); sys.stdin.read()"
    )
    path, asked, other = tmp_path / "locks", "a" * 64, "b" * 64
    command = [sys.executable, "-c", code, str(path), asked]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        said = first.stdout.readline()
        with alone(path) as asking:
            meanwhile = asking.is_taken(asked), asking.is_taken(other)
            first.kill()
            first.wait()
            after = asking.is_taken(asked)

    assert (said, meanwhile, after) == ("False\n", (True, False), False)
    assert path.read_bytes() == b""
    with pytest.raises(FileNotFoundError), alone(tmp_path / "gone" / "locks"):
        pass

"""F01 to F11 of the failures an inbox meets: slow, broken and lost arrivals; with the real intake or daemon."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from imaginized.inbox.aside import DUPLICATES, FAILED
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import make_epub
from tests.support.intakes import TRUNCATED, drop, epub_bytes, library_of, make_settings, names, running
from tests.support.slowness import at_most
from tests.support.waiting import DEADLINE_SECONDS

MANY = 20_000
TEMPORARY_NAMES = (
    "a.epub.crdownload", "a.epub.part", ".a.epub.x.AbC123", ".syncthing.a.epub.tmp", "~syncthing~a.epub.tmp",
    "._a.epub", ".~lock.a.epub#", "~$a.epub", "a.epub~", "a.pdf.partial",
)  # fmt: skip


def inbox_of(daemon: Daemon) -> Row:
    return cast(Row, daemon.status()["inbox"])


@contextmanager
def mounted(point: Path, *, megabytes: int = 16) -> Iterator[Path]:
    """A small file system of its own at `point`; skips where mounting is not permitted."""
    point.mkdir(parents=True, exist_ok=True)
    mount(point, megabytes=megabytes)
    try:
        yield point
    finally:
        unmount(point)


def mount(point: Path, *, megabytes: int = 16) -> None:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "none", str(point)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a tmpfs is not permitted here")


def unmount(point: Path) -> None:
    subprocess.run(["umount", "-l", str(point)], capture_output=True, check=False)


def test_f01_slow_copy_starts_nothing_until_its_last_byte_and_close(tmp_path: Path) -> None:
    """F01: a writer that stalls far longer than the settle time is waited for, and no longer than settle + 2 s."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path, text="A slow copy. " * 500)
    with running(settings) as intake:
        intake.wait_for("ready")
        with (settings.paths.inbox / "a.epub").open("wb") as copy:
            for start in range(0, len(data), len(data) // 3):
                copy.write(data[start : start + len(data) // 3])
                copy.flush()
                intake.wait_for("inbox", written=["a.epub"])
                intake.heard.clear()
                (settings.paths.inbox / "a.epub").touch()  # the next stall begins with a change
                intake.wait_for("inbox", settling=["a.epub"])
            intake.wait_for("inbox", written=["a.epub"])
            before = library_of(settings).books()
        closed_at = time.monotonic()
        message = intake.wait_for("book_admitted")
        took = time.monotonic() - closed_at

    assert before == []
    assert took < settings.inbox.settle_seconds + at_most(2.0)
    assert library_of(settings).files(str(message["book"])).source("source.epub").read_bytes() == data


def test_f02_preallocated_file_is_taken_once_its_data_is_there(tmp_path: Path) -> None:
    """F02: full size at once and nobody writing: shown as incomplete, taken when the data has come."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "a.epub", b"PK\x03\x04" + bytes(len(data) - 4))
        intake.wait_for("inbox", incomplete=[TRUNCATED])
        with (settings.paths.inbox / "a.epub").open("r+b") as copy:
            copy.write(data)
        message = intake.wait_for("book_admitted")

    assert library_of(settings).files(str(message["book"])).source("source.epub").read_bytes() == data


def test_f03_file_that_is_appended_to_is_one_book(tmp_path: Path) -> None:
    """F03: closed, reopened and appended to, with pauses longer than the settle time: incomplete, then one book."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path, text="Appended. " * 300)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "a.epub", data[:100])
        for start in (100, 200):
            intake.wait_for("inbox", incomplete=[TRUNCATED])
            with (settings.paths.inbox / "a.epub").open("ab") as copy:
                copy.write(data[start : start + 100])
            intake.wait_for("inbox", settling=["a.epub"])
        intake.wait_for("inbox", incomplete=[TRUNCATED])
        with (settings.paths.inbox / "a.epub").open("ab") as copy:
            copy.write(data[300:])
        message = intake.wait_for("book_admitted")
        intake.wait_for("inbox", waiting=0)

    assert library_of(settings).books() == [message["book"]]


def test_f03_file_that_stays_truncated_is_put_aside_after_the_timeout(tmp_path: Path) -> None:
    """F03: after the timeout it is in failed, with "truncated" in the reason."""
    settings = make_settings(tmp_path, incomplete_timeout_seconds=0.3)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "a.epub", epub_bytes(tmp_path)[:-30])
        message = intake.wait_for("book_rejected")

    assert "truncated" in str(message["reason"])
    assert names(settings.paths.inbox / FAILED) == ["a.epub", "a.epub.error.txt"]


def test_f04_temporary_names_are_never_touched_and_the_final_one_is_taken_once(tmp_path: Path) -> None:
    """F04: whatever browsers, rsync, syncthing and office programs call half-made files stays; the rename counts."""
    settings = make_settings(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        for number, name in enumerate(TEMPORARY_NAMES):
            drop(settings, name, epub_bytes(tmp_path, text=f"{number}"))
        drop(settings, "marker.epub", epub_bytes(tmp_path, text="marker"))
        intake.wait_for("book_admitted", name="marker.epub")
        intake.wait_for("inbox", waiting=0)
        untouched = set(TEMPORARY_NAMES) <= set(names(settings.paths.inbox))
        (settings.paths.inbox / TEMPORARY_NAMES[0]).rename(settings.paths.inbox / "a.epub")
        intake.wait_for("book_admitted", name="a.epub")
        intake.wait_for("inbox", waiting=0)

    assert untouched
    assert len(library_of(settings).books()) == 2


@pytest.mark.parametrize("step", ["hashing", "hashed"])
def test_f05_file_deleted_while_it_is_taken_is_no_error(tmp_path: Path, step: str) -> None:
    """F05: gone between settling and taking: nothing is admitted, the next file is, and nothing is blocked."""
    settings = make_settings(tmp_path)
    token = tmp_path / "once"
    token.touch()
    drop(settings, "a.epub", epub_bytes(tmp_path))
    with running(settings, faults=f"intake_{step}:stop:{token}") as intake:
        intake.wait_until_stopped()
        (settings.paths.inbox / "a.epub").unlink()
        intake.go_on()
        drop(settings, "b.epub", epub_bytes(tmp_path, text="b"))
        intake.wait_for("book_admitted", name="b.epub")
        picture = intake.wait_for("inbox", waiting=0)

    assert (picture["blocked"], picture["degraded"]) == ([], "")
    assert len(library_of(settings).books()) == 1


def test_f05_file_renamed_while_it_settles_is_taken_under_its_new_name(tmp_path: Path) -> None:
    """F05: a rename is one arrival gone and one new."""
    settings = make_settings(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        with (settings.paths.inbox / "a.epub").open("wb") as writing:  # nobody takes it before it is renamed
            writing.write(epub_bytes(tmp_path))
            intake.wait_for("inbox", settling=["a.epub"])
            (settings.paths.inbox / "a.epub").rename(settings.paths.inbox / "b.epub")
        message = intake.wait_for("book_admitted")

    assert message["name"] == "b.epub"
    assert len(library_of(settings).books()) == 1


def test_f06_daemon_killed_during_a_copy_settles_it_after_the_restart(tmp_path: Path) -> None:
    """F06: SIGKILL in mid-copy; the rest is written while nobody looks; after the restart it is one whole book."""
    data = make_epub(tmp_path / "a.epub", chapters=1).read_bytes()
    with daemon_in(tmp_path) as daemon:
        with (daemon.inbox / "a.epub").open("wb") as copy:
            copy.write(data[:500])
            copy.flush()
            daemon.wait_for(lambda: inbox_of(daemon).get("written") == ["a.epub"], "the copy is seen")
            daemon.kill()
            copy.write(data[500:])
        daemon.start()
        (book,) = daemon.wait_for_phases("done")
        kept = (Path(str(book["folder"])) / "source.epub").read_bytes()

    assert kept == data


@pytest.mark.parametrize("fault", ["intake_hashed", "intake_published", "split"])
def test_f07_daemon_whose_process_is_killed_at_a_step_ends_with_exactly_one_book(tmp_path: Path, fault: str) -> None:
    """F07: SIGKILL after the hash, between library and inbox, and in mid-parse: one book, done, nothing left over."""
    token = tmp_path / "once"
    token.touch()
    with daemon_in(tmp_path, faults=f"{fault}:kill:{token}") as daemon:
        daemon.drop(make_epub(tmp_path / "a.epub", chapters=1))
        daemon.wait_for_phases("done")
        left = names(daemon.inbox), names(daemon.inbox / DUPLICATES), names(daemon.inbox / FAILED)

    assert not token.exists()
    assert left == ([DUPLICATES, FAILED], [], [])


def test_f08_twenty_thousand_files_that_came_while_it_was_stopped_are_all_found(tmp_path: Path) -> None:
    """F08: the kernel's queue overflows, which is counted; the reconcile scan finds every file."""
    settings = make_settings(tmp_path, settle_seconds=1.0, incomplete_timeout_seconds=600.0)
    with running(settings) as intake:
        intake.wait_for("ready")
        os.kill(intake.pid, signal.SIGSTOP)
        for number in range(MANY):
            (settings.paths.inbox / f"{number}.epub").touch()
        intake.go_on()
        picture = intake.wait_for("inbox", waiting=MANY)
        picture = picture if picture["overflows"] else intake.wait_for("inbox", overflows=1)

    assert picture["degraded"] == ""


def test_f09_inbox_removed_is_degraded_within_five_seconds_and_comes_back(tmp_path: Path) -> None:
    """F09: `status` says it while it is gone; made again, it is watched again; the books stay as they are."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "a.epub", chapters=1))
        daemon.wait_for_phases("done")
        shutil.rmtree(daemon.inbox)
        began = time.monotonic()
        daemon.wait_for(lambda: bool(inbox_of(daemon)["degraded"]), "the loss is shown")
        took = time.monotonic() - began
        books = daemon.books()
        daemon.inbox.mkdir()
        daemon.wait_for(lambda: not inbox_of(daemon)["degraded"], "the return is seen")
        daemon.drop(make_epub(tmp_path / "b.epub", title="Another", chapters=1))
        daemon.wait_for_phases("done", "done")

    assert took < at_most(5.0)
    assert [book["phase"] for book in books] == ["done"]


def test_f09_inbox_unmounted_and_mounted_again(tmp_path: Path) -> None:
    """F09: the folder below the mount point is not the inbox; what is dropped on the new mount is taken."""
    settings = make_settings(tmp_path)
    with mounted(settings.paths.inbox), running(settings) as intake:
        intake.wait_for("ready")
        unmount(settings.paths.inbox)
        lost = intake.wait_for("inbox")
        mount(settings.paths.inbox)
        intake.wait_for("inbox", degraded="")
        drop(settings, "a.epub", epub_bytes(tmp_path))
        intake.wait_for("book_admitted", name="a.epub")

    assert "is not mounted" in str(lost["degraded"])


@pytest.mark.parametrize(("limit", "left"), [("instances", 0), ("watches", 0), ("watches", 4)])
def test_f10_inotify_limit_means_polling_said_once_with_the_sysctl_named(tmp_path: Path, limit: str, left: int) -> None:
    """F10: with no watch to be had, or none left for a subfolder, it polls; one log line says why and what to raise."""
    setting = f"/proc/sys/user/max_inotify_{limit}"
    wrapper = ("unshare", "-Ur", "sh", "-c", f'echo {left} > {setting} && exec "$@"', "sh")
    if subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("user namespaces are not permitted here")
    with daemon_in(tmp_path, wrapper=wrapper, inbox__reconcile_seconds=0.5) as daemon:
        for number in range(4):
            (daemon.inbox / f"{number}").mkdir()
        daemon.wait_for(lambda: inbox_of(daemon).get("polling") is True, "it is polled")
        daemon.drop(make_epub(tmp_path / "a.epub", chapters=1))
        daemon.wait_for_phases("done")
        said = daemon.events("polling_started")

    assert len(said) == 1
    assert f"fs.inotify.max_user_{limit}" in str(said[0]["reason"])


def test_f11_hung_mount_leaves_status_answering(tmp_path: Path) -> None:
    """F11: an intake that is stuck in the file system costs nobody else anything; `status` answers at once."""
    token = tmp_path / "hang"
    with daemon_in(tmp_path, faults=f"intake_looking:hang:{token}", workers__drain_seconds=1.0) as daemon:
        daemon.drop(make_epub(tmp_path / "a.epub", chapters=1))
        daemon.wait_for_phases("done")
        token.touch()
        daemon.wait_for(lambda: not token.exists(), "the intake hangs")
        took = min(_seconds_to_ask(daemon) for _ in range(5))

    assert took < at_most(1.0)


def _seconds_to_ask(daemon: Daemon) -> float:
    began = time.monotonic()
    daemon.status()
    return time.monotonic() - began


def test_status_shows_degraded_and_paused_to_people(tmp_path: Path) -> None:
    """`imaginizectl status` has a line for each, in capitals."""
    with daemon_in(tmp_path, disk__min_free_bytes=10**15) as daemon:
        shutil.rmtree(daemon.inbox)
        daemon.wait_for(lambda: bool(inbox_of(daemon).get("degraded")), "status says it")
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "status"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=DEADLINE_SECONDS).stdout

    assert "DEGRADED: the inbox cannot be read" in shown
    assert "PAUSED(disk): " in shown

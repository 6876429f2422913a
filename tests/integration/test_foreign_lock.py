"""The seed's lock file beside our own lock: who waits for whom, and what a crash of either side leaves behind."""

import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import LibraryBusy
from imaginized.queue.change import Change
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Manifest
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from tests.support.manifests import split_book
from tests.support.waiting import eventually

BOOK = "a-book-00000000"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path, clock=SystemClock())
    library.files(BOOK).root.mkdir()
    library.files(BOOK).manifest.write_bytes(encode(split_book(1, 2)))
    return library


@pytest.fixture
def files(library: Library) -> BookFiles:
    return library.files(BOOK)


def note(manifest: Manifest, text: str) -> Change:
    return Change(replace(manifest, extra={**manifest.extra, text: True}))


def dead_process() -> int:
    with subprocess.Popen(["true"]) as process:
        pass
    return process.pid


def test_others_are_shut_out_while_we_write(library: Library, files: BookFiles) -> None:
    """The seed's lock file is there while a manifest is replaced, too fresh to be stale to them, and gone then."""
    seen = []
    files.lock.touch()
    os.utime(files.lock, (0, 0))

    def transition(manifest: Manifest) -> Change:
        seen.append(files.foreign_lock.stat().st_mtime)
        with pytest.raises(FileExistsError):
            files.foreign_lock.open("x")
        return note(manifest, "a")

    library.update(BOOK, transition)

    assert time.time() - seen[0] < 60
    assert not files.foreign_lock.exists()


def test_a_live_foreign_holder_is_waited_for(library: Library, files: BookFiles) -> None:
    """An update waits until a foreign holder frees its lock, and then sees what that wrote."""
    files.foreign_lock.write_text(str(os.getpid()))
    with pytest.raises(LibraryBusy, match=r"another program holds \.imaginize\.manifest\.lock"):
        library.update(BOOK, lambda it: note(it, "early"), wait_seconds=0)
    result: list[Manifest] = []
    updating = threading.Thread(target=lambda: result.append(library.update(BOOK, lambda it: note(it, "ours"))))
    updating.start()
    files.manifest.write_bytes(encode(note(library.read(BOOK), "theirs").manifest))
    files.foreign_lock.unlink()
    updating.join()

    assert set(result[0].extra) == {"theirs", "ours"}


@pytest.mark.parametrize("content", ["", "dead"])
def test_a_lock_whose_maker_is_dead_is_removed(library: Library, files: BookFiles, content: str) -> None:
    """What a killed foreign program left, even before it wrote its process id, holds nobody up for ten minutes."""
    files.foreign_lock.write_text(str(dead_process()) if content else "")
    library.update(BOOK, lambda it: note(it, "ours"))

    assert not files.foreign_lock.exists()


def test_a_dead_lock_does_not_outlast_those_who_do_not_wait(library: Library, files: BookFiles) -> None:
    """Who asks once at a time, as the supervisor does, gets past a dead foreign holder, too."""
    files.foreign_lock.write_text(str(dead_process()))

    def is_through() -> bool:
        try:
            library.update(BOOK, lambda it: note(it, "ours"), wait_seconds=0)
        except LibraryBusy:
            return False
        return True

    assert not is_through()
    eventually(is_through)


@pytest.mark.parametrize("content", ["ours", "process-x"])
def test_a_lock_of_ten_minutes_is_stale(library: Library, files: BookFiles, content: str) -> None:
    """By the seed's own rule, whoever made it."""
    files.foreign_lock.write_text(str(os.getpid()) if content == "ours" else content)
    os.utime(files.foreign_lock, (time.time() - 601,) * 2)

    assert "ours" in library.update(BOOK, lambda it: note(it, "ours"), wait_seconds=0).extra


def test_a_crash_of_ours_is_taken_over_at_once(library: Library, files: BookFiles) -> None:
    """Killed while it holds both locks, a process of ours leaves a mark that the next update takes over and removes."""
    context = multiprocessing.get_context("forkserver")
    killed = context.Process(target=die_inside, args=(files.root.parent,))
    killed.start()
    killed.join()
    was_left = files.foreign_lock.exists()
    library.update(BOOK, lambda it: note(it, "next"), wait_seconds=0)

    assert (killed.exitcode, was_left, files.foreign_lock.exists()) == (-signal.SIGKILL, True, False)


def die_inside(root: Path) -> None:
    def die(manifest: Manifest) -> Change:
        os.kill(os.getpid(), signal.SIGKILL)
        return Change(manifest)

    Library(root, clock=SystemClock()).update(BOOK, die)


def test_what_others_made_of_it_meanwhile_is_left(library: Library, files: BookFiles) -> None:
    """A lock of ours that a foreign program took for stale and made its own is not removed under it."""

    def transition(manifest: Manifest) -> Change:
        files.foreign_lock.unlink()
        files.foreign_lock.write_text("4711")
        return note(manifest, "ours")

    library.update(BOOK, transition)

    assert files.foreign_lock.read_text() == "4711"


def test_a_foreign_temporary_file_is_no_stray(library: Library, files: BookFiles) -> None:
    """Tidying waits for a foreign writer: the file it is about to rename into place is not swept away."""
    files.foreign_lock.write_text(str(os.getpid()))
    temporary = files.root / ".imaginize.manifest.json.tmp"
    temporary.touch()
    with pytest.raises(LibraryBusy):
        library.tidy(BOOK, wait_seconds=0)

    assert temporary.exists()


@contextmanager
def no_links(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def link(*_: object) -> None:
        raise PermissionError("no hard links on this file system")

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", link)
        yield


def test_a_file_system_without_hard_links_is_no_obstacle(
    library: Library, files: BookFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There the seed's lock is not held, only waited for, and updates go on."""
    with no_links(monkeypatch):
        files.foreign_lock.write_text(str(os.getpid()))
        with pytest.raises(LibraryBusy):
            library.update(BOOK, Change, wait_seconds=0)
        files.foreign_lock.unlink()
        after = library.update(BOOK, lambda it: note(it, "ours"))

    assert "ours" in after.extra
    assert not files.foreign_lock.exists()

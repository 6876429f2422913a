import os
import resource
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest

from imaginized.inbox.aside import DUPLICATES, FAILED
from imaginized.inbox.folder import Mount
from imaginized.inbox.watcher import Watcher
from tests.support.intakes import (
    LOCAL,
    TRUNCATED,
    drop,
    epub_bytes,
    library_of,
    make_settings,
    names,
    reject_in_library,
    running,
)
from tests.support.waiting import DEADLINE_SECONDS


def test_dropped_book_is_admitted_once_and_a_drain_ends_the_intake(tmp_path: Path) -> None:
    """A book in, a book in the library, an empty inbox; the order to drain ends the process with 0."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "The Hobbit.epub", data)
        message = intake.wait_for("book_admitted")
        intake.order("drain")
        code = intake.ended()

    library = library_of(settings)
    assert message["name"] == "The Hobbit.epub"
    assert library.books() == [message["book"]]
    assert library.files(str(message["book"])).source("source.epub").read_bytes() == data
    assert names(settings.paths.inbox) == [DUPLICATES, FAILED]
    assert code == 0


def test_f06_file_that_was_there_before_the_start_settles_too(tmp_path: Path) -> None:
    """F06: no event tells of it; the first look does."""
    settings = make_settings(tmp_path)
    drop(settings, "fantasy/a.epub", epub_bytes(tmp_path))
    with running(settings) as intake:
        first = intake.wait_for("inbox")
        message = intake.wait_for("book_admitted")

    assert first["settling"] == ["fantasy/a.epub"]
    assert message["name"] == "fantasy/a.epub"


def test_f04_file_is_taken_under_its_final_name_only(tmp_path: Path) -> None:
    """F04: the temporary name is never touched, the rename is one arrival."""
    settings = make_settings(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        half = drop(settings, "a.epub.part", epub_bytes(tmp_path, text="a"))
        drop(settings, "b.epub", epub_bytes(tmp_path, text="b"))
        other = intake.wait_for("book_admitted")
        was_left = half.exists()
        half.rename(settings.paths.inbox / "a.epub")
        message = intake.wait_for("book_admitted")

    assert (other["name"], was_left, message["name"]) == ("b.epub", True, "a.epub")


def test_f03_file_that_is_kept_open_is_shown_and_taken_when_it_is_closed(tmp_path: Path) -> None:
    """F01, F03: an open writer postpones, however quiet; half a book is incomplete; the whole one is admitted."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        with (settings.paths.inbox / "a.epub").open("wb") as file:
            file.write(data[:50])
            file.flush()
            intake.wait_for("inbox", written=["a.epub"])
        intake.wait_for("inbox", incomplete=[TRUNCATED])
        with (settings.paths.inbox / "a.epub").open("ab") as file:
            file.write(data[50:])
        message = intake.wait_for("book_admitted")

    assert message["name"] == "a.epub"
    assert [one for one in intake.heard if one["event"] == "book_rejected"] == []


def test_f15_file_that_stays_truncated_is_put_aside_with_the_reason(tmp_path: Path) -> None:
    """F03, F15: after incomplete_timeout the rest is not waited for any longer."""
    settings = make_settings(tmp_path, incomplete_timeout_seconds=0.3)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "a.epub", epub_bytes(tmp_path)[:50])
        message = intake.wait_for("book_rejected")

    assert "truncated" in str(message["reason"])
    assert names(settings.paths.inbox / FAILED) == ["a.epub", "a.epub.error.txt"]


@pytest.mark.parametrize("point", ["hashed", "published"])
def test_f07_intake_killed_while_it_admits_leaves_exactly_one_book_after_the_restart(
    tmp_path: Path, point: str
) -> None:
    """F07: SIGKILL after the hash, and between library and inbox: one book, no duplicate, nothing lost."""
    settings = make_settings(tmp_path)
    token = tmp_path / "once"
    token.touch()
    drop(settings, "a.epub", epub_bytes(tmp_path))
    with running(settings, faults=f"intake_{point}:kill:{token}") as intake:
        killed = intake.ended()
    with running(settings) as intake:
        message = intake.wait_for("book_admitted")

    assert killed == -signal.SIGKILL
    assert library_of(settings).books() == [message["book"]]
    assert names(settings.paths.inbox / DUPLICATES) == []
    assert names(settings.paths.inbox) == [DUPLICATES, FAILED]


def test_book_rejected_before_its_entry_was_removed_is_put_aside_once(tmp_path: Path) -> None:
    """Killed between library and inbox, then rejected by a worker: after the restart one file and one reason."""
    settings = make_settings(tmp_path, reconcile_seconds=600.0)
    drop(settings, "a.epub", epub_bytes(tmp_path))
    with running(settings, faults="intake_published:kill") as intake:
        intake.ended()
    reject_in_library(library_of(settings), library_of(settings).books()[0])
    with running(settings) as intake:
        intake.wait_for("book_rejected")
        intake.order("drain")
        intake.ended()

    assert library_of(settings).books() == []
    assert names(settings.paths.inbox) == [DUPLICATES, FAILED]
    assert names(settings.paths.inbox / FAILED) == ["a.epub", "a.epub.error.txt"]


def test_f09_inbox_removed_and_made_again_is_watched_again(tmp_path: Path) -> None:
    """F09: its loss is shown, its return too, and what is dropped then is admitted by event, not by luck."""
    settings = make_settings(tmp_path, reconcile_seconds=600.0)
    with running(settings) as intake:
        intake.wait_for("ready")
        shutil.rmtree(settings.paths.inbox)
        lost = intake.wait_for("inbox")
        settings.paths.inbox.mkdir()
        intake.order("scan")
        intake.wait_for("inbox", degraded="")
        drop(settings, "a.epub", epub_bytes(tmp_path))
        message = intake.wait_for("book_admitted")

    assert "cannot be read" in str(lost["degraded"])
    assert message["name"] == "a.epub"


def test_f10_watch_limit_means_polling_and_names_the_setting(tmp_path: Path) -> None:
    """F10: without a descriptor for events the watcher says why and what to raise."""
    watcher = Watcher(tmp_path, wake=threading.Event())
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        watcher.start(LOCAL)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        watcher.stop()

    assert "fs.inotify.max_user_instances" in watcher.polling


def test_f11_network_file_system_means_polling(tmp_path: Path) -> None:
    """F11: no watch is made where events would not tell."""
    watcher = Watcher(tmp_path, wake=threading.Event())
    watcher.start(Mount(point=tmp_path, type="nfs4"))

    assert "nfs4" in watcher.polling


def test_watcher_hints_at_what_happened_and_wakes(tmp_path: Path) -> None:
    """An event gives the key below the inbox, also in a subfolder made a moment ago."""
    wake = threading.Event()
    watcher = Watcher(tmp_path, wake=wake)
    watcher.start(LOCAL)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.epub").touch()
    keys: set[str] = set()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while "sub/a.epub" not in keys and time.monotonic() < deadline:
        wake.wait(1.0)
        wake.clear()
        keys |= watcher.take_hints()
    watcher.stop()

    assert keys >= {"sub", "sub/a.epub"}


def test_f17_full_disk_degrades_the_inbox_and_passes(tmp_path: Path) -> None:
    """F17: no room: nothing is lost, the reason is shown, and it resumes automatically."""
    settings = make_settings(tmp_path)
    token = tmp_path / "full"
    token.touch()
    drop(settings, "a.epub", epub_bytes(tmp_path))
    with running(settings, faults=f"intake_hashed:enospc:{token}") as intake:
        intake.wait_for("inbox", degraded="the disk is full; the inbox waits until there is room")
        message = intake.wait_for("book_admitted")
        intake.wait_for("inbox", degraded="")

    assert library_of(settings).books() == [message["book"]]


def test_order_to_expel_puts_an_unusable_book_back_out(tmp_path: Path) -> None:
    """What a worker rejected goes to failed at the supervisor's word, and the supervisor hears which book went."""
    settings = make_settings(tmp_path, reconcile_seconds=600.0)
    with running(settings) as intake:
        intake.wait_for("ready")
        drop(settings, "a.epub", epub_bytes(tmp_path))
        book = str(intake.wait_for("book_admitted")["book"])
        reject_in_library(library_of(settings), book)
        intake.order("expel")
        message = intake.wait_for("book_rejected")
        intake.wait_for(
            "inbox", rejected={"count": 1, "name": "a.epub", "reason": "it is encrypted", "code": "encrypted"}
        )

    assert (message["book"], message["name"], message["reason"]) == (book, "a.epub", "it is encrypted")
    assert message["code"] == "encrypted"
    assert names(settings.paths.inbox / FAILED) == ["a.epub", "a.epub.error.txt"]
    assert library_of(settings).books() == []


def test_same_content_twice_at_once_is_one_book_and_one_duplicate(tmp_path: Path) -> None:
    """F12: two names, one content, dropped together."""
    settings = make_settings(tmp_path)
    data = epub_bytes(tmp_path)
    drop(settings, "a.epub", data)
    drop(settings, "b.epub", data)
    with running(settings) as intake:
        first = intake.wait_for("book_admitted")
        second = intake.wait_for("duplicate")

    assert first["book"] == second["book"]
    assert {first["name"], second["name"]} == {"a.epub", "b.epub"}


def test_sigterm_drains_and_sigint_is_the_supervisors(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group and is ignored here; SIGTERM ends the intake with 0."""
    settings = make_settings(tmp_path)
    with running(settings) as intake:
        intake.wait_for("ready")
        assert intake.process.pid is not None
        os.kill(intake.process.pid, signal.SIGINT)
        drop(settings, "a.epub", epub_bytes(tmp_path))
        intake.wait_for("book_admitted")
        os.kill(intake.process.pid, signal.SIGTERM)
        code = intake.ended()

    assert code == 0


def test_intake_ends_when_the_supervisor_is_gone(tmp_path: Path) -> None:
    """The end of the channel is the end of the intake."""
    with running(make_settings(tmp_path)) as intake:
        intake.wait_for("ready")
        intake.end.close()
        code = intake.ended()

    assert code in (0, 1)

"""`add` and `watch` on a real daemon: they ask first, say what becomes of each file, and end with the truth."""

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imaginized.cli.exit_codes import code_of_book, worst
from imaginized.cli.watching import why_ended
from imaginized.errors import ExitCode
from tests.support.converters import COPIES, LIT, make_converter, write_converter
from tests.support.daemons import Daemon, daemon_in, processes_of
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS, PROGRAM_SECONDS, eventually


def command(daemon: Daemon, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]


def ctl(daemon: Daemon, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the client as a user does."""
    return subprocess.run(
        command(daemon, *map(str, arguments)), capture_output=True, text=True, timeout=PROGRAM_SECONDS
    )


@contextmanager
def client(daemon: Daemon, *arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """The client while something happens to what it waits for."""
    line = command(daemon, *map(str, arguments))
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        if running.poll() is None:
            running.send_signal(signal.SIGINT)


def unreadable(path: Path) -> Path:
    """A zip file that looks like a book until somebody reads it."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/epub+zip")
        file.writestr("readme.txt", "nothing to read")
    return path


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"phase": "done"}, 0),
        ({"phase": "partial", "failed": [3]}, 7),
        ({"phase": "held", "held": {"until": None, "reason": "dear"}}, 7),
        ({"phase": "failed", "error": "no ink"}, 7),
        ({"phase": "failed", "error": "no text in it", "rejected": True}, 8),
        ({"phase": "cancelled", "error": "cancelled", "reason": {"code": "cancelled"}}, 9),
    ],
)
def test_what_became_of_a_book_ends_the_command_that_waits(values: dict[str, object], code: int) -> None:
    """0 done, 7 for a person to look at, 8 rejected, 9 cancelled; but for the first, with the reason."""
    book = {"book": "small-0123abcd", "failed": [], "error": None, "held": None, **values}

    assert code_of_book(book) == code
    assert bool(why_ended(book)) == (code != 0)


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 9], 9), ([9, 7], 7), ([9, 8, 0], 8), ([8, 1], 1), ([9, 5, 8], 5)]
)
def test_the_worst_file_gives_the_exit_code(codes: list[int], code: int) -> None:
    """A known book is less bad than a broken file, whatever their numbers."""
    assert worst(map(ExitCode, codes)) == code


def left_in(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.iterdir() if not path.name.startswith("."))


def test_add_refuses_what_is_never_taken_and_says_so_of_each_file(tmp_path: Path) -> None:
    """Another format, by name or content, half a book, a pipe: 8 with what to do; the good one is added."""
    good = make_epub(tmp_path / "good.epub")
    for name in ("a.mobi", "b.docx", "c.zip", "d.epub.part", "e.epub"):
        (tmp_path / name).write_bytes(b"BOOKMOBI, or whatever")
    (tmp_path / "half.epub").write_bytes(good.read_bytes()[:-100])
    os.mkfifo(tmp_path / "pipe.epub")
    bad = [tmp_path / name for name in ("a.mobi", "b.docx", "c.zip", "d.epub.part", "e.epub", "half.epub", "pipe.epub")]
    with daemon_in(tmp_path, inbox__settle_seconds=60.0) as daemon:
        ended = ctl(daemon, "add", *bad, good, "--json")
        again = ctl(daemon, "add", good, good)

        told = json.loads(ended.stdout)
        lines = ended.stderr.splitlines()
        assert ended.returncode == ExitCode.REJECTED
        assert told["added"] == ["good.epub"]
        assert [(row["exit_code"], row["name"]) for row in told["files"]] == [(8, None)] * 7 + [(0, "good.epub")]
        assert [line.split(": ")[1] for line in lines] == [str(path) for path in bad]
        assert "its name says MOBI, AZW3, but its content does not. Convert it to EPUB" in lines[0]
        assert "its name says DOCX" in lines[1]
        assert "it is not a zip archive" in lines[2]
        assert "it is neither an EPUB (a zip file) nor a PDF" in lines[4]
        assert "half-made copy" in lines[3]
        assert "not complete" in lines[5]
        assert left_in(daemon.inbox) == ["good-2.epub", "good.epub"]
        assert again.returncode == ExitCode.NOTHING_TO_DO
        assert f"it is the same book as {good}" in again.stderr


@pytest.mark.parametrize("is_on", [True, False])
def test_add_takes_what_the_inbox_would_have_converted(tmp_path: Path, is_on: bool) -> None:
    """Only the daemon knows whether its settings say so; a comic is refused all the same."""
    (tmp_path / "a.lit").write_bytes(LIT)
    (tmp_path / "a.cbz").write_bytes(LIT)
    found = make_converter(tmp_path / "bin")
    with daemon_in(tmp_path, inbox__convert=is_on, reading__sandbox="none", environment=found) as daemon:
        comic = ctl(daemon, "add", tmp_path / "a.cbz")
        added = ctl(daemon, "add", tmp_path / "a.lit", "--wait")

    assert comic.returncode == ExitCode.REJECTED
    assert added.returncode == (0 if is_on else ExitCode.REJECTED), added.stderr


def test_what_a_killed_converter_left_goes_with_its_claim(tmp_path: Path) -> None:
    """It works in the book's own folder; whoever frees the claim sweeps that, whichever process was killed."""
    (tmp_path / "a.lit").write_bytes(LIT)
    found = make_converter(tmp_path / "bin", script='echo half > "$2"; exec sleep 600')
    with daemon_in(tmp_path, inbox__convert=True, reading__sandbox="none", environment=found) as daemon:

        def left() -> list[Path]:
            return list(daemon.library.glob("*/data/.converting.*"))

        daemon.drop(tmp_path / "a.lit")
        daemon.wait_for(lambda: any((each / "book.epub").exists() for each in left()), "the converter has begun")
        (before,) = left()
        daemon.kill()
        eventually(lambda: not processes_of(daemon))
        write_converter(tmp_path / "bin" / "ebook-convert", COPIES)
        daemon.start()
        daemon.wait_for_phases("done")

        daemon.wait_for(lambda: not left(), f"{before} is swept")


def test_an_estimate_goes_by_the_settings_of_the_daemon_that_would_do_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its own file says is paid, not what the client's would say; another file only where it is named."""
    book, own = make_epub(tmp_path / "b.epub"), tmp_path / "own.toml"
    own.touch()
    monkeypatch.delenv("IMAGINIZED_CONFIG", raising=False)
    with daemon_in(tmp_path, guide__pages_per_image=1) as daemon:
        told = ctl(daemon, "estimate", book)
        named = ctl(daemon, "estimate", book, "--config", own)

    assert f"settings: {daemon.folder / 'imaginized.toml'}" in told.stderr
    assert f"settings: {own}" in named.stderr
    assert told.stdout != named.stdout


def test_add_of_an_unknown_profile_adds_nothing(tmp_path: Path) -> None:
    """A profile that is not there is a usage error that lists those that are; once it is made, it is one."""
    good = make_epub(tmp_path / "good.epub")
    with daemon_in(tmp_path, inbox__settle_seconds=60.0, paths__profiles="profiles") as daemon:
        unknown = ctl(daemon, "add", good, "--profile", "noir")
        nothing = left_in(daemon.inbox)
        (daemon.folder / "profiles").mkdir()
        (daemon.folder / "profiles" / "noir.toml").touch()
        known = ctl(daemon, "add", good, "--profile", "noir")

        assert unknown.returncode == ExitCode.USAGE
        assert "--profile noir: there is no profile noir: use general" in unknown.stderr
        assert nothing == []
        assert known.returncode == 0, known.stderr


def test_add_of_a_known_book_names_it_and_what_to_do(tmp_path: Path) -> None:
    """9 with the book, `retry` and --force; with --force --wait it is done again, and the guide is the last line."""
    good = make_epub(tmp_path / "good.epub", chapters=1)
    with daemon_in(tmp_path) as daemon:
        first = ctl(daemon, "add", good, "--wait")
        (row,) = daemon.books()
        known = ctl(daemon, "add", good)
        forced = ctl(daemon, "add", good, "--force", "--wait", "--json")

        assert first.returncode == 0, first.stderr
        assert first.stdout.splitlines()[-1] == row["guide"]
        assert known.returncode == ExitCode.NOTHING_TO_DO
        assert known.stdout == ""
        assert f"the library already has this book: {row['book']}, done" in known.stderr
        assert f"`imaginizectl retry {row['book']}`" in known.stderr
        assert "--force" in known.stderr
        assert forced.returncode == 0, forced.stderr
        assert json.loads(forced.stdout)["files"][0]["guide"] == row["guide"]
        assert len(daemon.events("book_restarted")) == 1
        (note,) = (daemon.inbox / ".duplicates").glob("*.txt")
        assert "being done again" in note.read_text()
        assert "--force" not in note.read_text()


def test_add_waits_for_the_end_of_each_file_and_returns_the_worst(tmp_path: Path) -> None:
    """One is done, one is rejected once it is read: 8, with the reason that lies beside it."""
    good, bad = make_epub(tmp_path / "good.epub", chapters=1), unreadable(tmp_path / "bad.epub")
    with daemon_in(tmp_path) as daemon:
        ended = ctl(daemon, "add", bad, good, "--wait", "--json")
        watched = ctl(daemon, "watch", "bad")
        asked = [ctl(daemon, command, "bad") for command in ("status", "logs")]

        told = json.loads(ended.stdout)["files"]
        assert ended.returncode == ExitCode.REJECTED
        assert [row["exit_code"] for row in told] == [8, 0]
        assert told[1]["book"] == daemon.books()[0]["book"]
        assert watched.returncode == ExitCode.REJECTED
        assert watched.stderr.startswith("imaginizectl: bad.epub was rejected: ")
        assert watched.stderr.count("\n") == 1
        assert [(one.returncode, one.stderr) for one in asked] == [(ExitCode.REJECTED, watched.stderr)] * 2
        assert f"{daemon.inbox}/.failed" in watched.stderr


def test_add_waits_for_a_book_that_is_cancelled(tmp_path: Path) -> None:
    """Somebody cancels it meanwhile: 9, and so ends `watch`."""
    with daemon_in(tmp_path) as daemon:
        daemon.call("pause")
        good = make_epub(tmp_path / "good.epub")
        with client(daemon, "add", good, "--wait") as adding:
            daemon.wait_for_phases("queued")
            (row,) = daemon.books()
            daemon.call("cancel", book=row["book"])
            heard = adding.communicate(timeout=DEADLINE_SECONDS)[1]
        watched = ctl(daemon, "watch", "good")

        assert adding.returncode == watched.returncode == ExitCode.NOTHING_TO_DO
        assert f"`imaginizectl retry {row['book']}`" in heard
        assert watched.stderr.splitlines()[-1].startswith("imaginizectl: cancelled; ")


def test_watch_ends_with_a_book_that_vanishes(tmp_path: Path) -> None:
    """Its folder is removed by hand: 4, for there is nothing more to come; a rejected one ends with 8."""
    with daemon_in(tmp_path) as daemon:
        daemon.call("pause")
        daemon.drop(make_epub(tmp_path / "good.epub"))
        daemon.drop(unreadable(tmp_path / "bad.epub"))
        daemon.wait_for_phases("queued", "queued")
        names = {str(row["title"]): str(row["book"]) for row in daemon.books()}
        with client(daemon, "watch", names["good.epub"]) as watching:
            assert watching.stdout is not None
            watching.stdout.readline()
            shutil.rmtree(daemon.library / names["good.epub"])
            gone = watching.communicate(timeout=DEADLINE_SECONDS)[1]
        with client(daemon, "watch", names["bad.epub"]) as rejecting:
            assert rejecting.stdout is not None
            rejecting.stdout.readline()
            daemon.call("resume")
            rejected = rejecting.communicate(timeout=DEADLINE_SECONDS)[1]

        assert watching.returncode == ExitCode.NO_SUCH_BOOK
        assert f"{names['good.epub']} is no longer in the library" in gone
        assert rejecting.returncode == ExitCode.REJECTED
        assert rejected.splitlines()[-1].startswith("imaginizectl: ")


@pytest.mark.parametrize("chapters", [[], ["2"]])
def test_a_cancelled_redo_leaves_the_book_finished(tmp_path: Path, chapters: list[str]) -> None:
    """While chapter 2 of a finished book is drawn again it is cancelled: the book is done, and its guide is there."""
    once = tmp_path / "once"
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{once}") as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        (row,) = daemon.wait_for_phases("done")
        once.touch()
        daemon.call("retry", book=row["book"], chapters=[2])
        daemon.wait_for(lambda: not once.exists(), "chapter 2 is being drawn again")
        worker = next(one["pid"] for one in daemon.workers() if one["chapter"] == 2)
        cancelled = ctl(daemon, "cancel", str(row["book"]), *chapters)
        assert isinstance(worker, int)
        os.kill(worker, signal.SIGCONT)
        watched = ctl(daemon, "watch", str(row["book"]))
        again = ctl(daemon, "cancel", str(row["book"]))

        assert cancelled.returncode == 0, cancelled.stderr
        assert "cancelled: chapter 2" in cancelled.stdout
        assert watched.returncode == 0, watched.stderr
        assert Path(str(row["guide"])).is_file()
        assert again.returncode == ExitCode.NOTHING_TO_DO
        assert not daemon.events("chapter_failed")


@pytest.mark.parametrize("text", ["8-5", "0", "", "2,x", "9", "1-9"])
def test_f40_a_wrong_chapter_list_changes_nothing(tmp_path: Path, text: str) -> None:
    """Backward, empty, zero, junk, or a chapter the book does not have: exit 2, and every chapter is as it was."""
    with daemon_in(tmp_path) as daemon:
        daemon.call("pause")
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("queued")
        before = daemon.books()
        ended = [ctl(daemon, verb, str(before[0]["book"]), text) for verb in ("cancel", "retry")]

        assert [one.returncode for one in ended] == [ExitCode.USAGE, ExitCode.USAGE]
        assert daemon.books() == before

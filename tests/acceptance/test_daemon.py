"""The whole daemon, as a user meets it: real processes, real files, real signals."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import pytest

from imaginized.control.client import Client
from imaginized.daemon.forkserver import ForkServer
from imaginized.errors import ControlError, ExitCode
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest, Status
from tests.support.daemons import Daemon, Row, daemon_in, processes_of
from tests.support.epubs import make_epub
from tests.support.slowness import at_most
from tests.support.trees import timeless
from tests.support.waiting import DEADLINE_SECONDS, PROGRAM_SECONDS

SEED = 7
GONE_SECONDS = at_most(2.0)
FULL_HOUSE = 8  # supervisor, fork server, resource tracker, intake, gate, three workers


def guide_of(daemon: Daemon, book: str) -> dict[str, bytes]:
    """What a reader gets, and the data behind it; the manifest and the logs, which tell times, left out."""
    folder = daemon.library / book
    return {
        str(path.relative_to(folder)): timeless(path, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name not in ("progress.md", "events.jsonl")
    }


def manifest_of(daemon: Daemon, book: str) -> Manifest:
    return decode((daemon.library / book / ".imaginize.manifest.json").read_bytes())


def undisturbed(tmp_path: Path, book: Path) -> dict[str, bytes]:
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(book)
        (row,) = daemon.wait_for_phases("done")
        return guide_of(daemon, str(row["book"]))


def test_dropped_book_becomes_a_guide(tmp_path: Path) -> None:
    """A book copied into the inbox becomes a guide, a gallery and their data; the daemon then stops cleanly."""
    book = make_epub(tmp_path / "small.epub")
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(book)
        (row,) = daemon.wait_for_phases("done")
        folder = Path(str(row["folder"]))
        code = daemon.stop()

        assert code == 0
        daemon.wait_for(lambda: not processes_of(daemon), "every process has ended")
        assert [path.name for path in daemon.inbox.iterdir() if not path.name.startswith(".")] == []
        assert (folder / "source.epub").read_bytes() == book.read_bytes()
        names = {path.name for path in folder.iterdir()}
        assert {"Contents.md", "Chapters.md", "Elements.md", "progress.md", "index.html", "images", "data"} <= names
        assert not daemon.socket.exists()


def test_supervisor_has_one_thread_and_no_parser_loaded(tmp_path: Path) -> None:
    """The supervisor at work has a single thread, and no library that reads books or draws is mapped into it."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        assert daemon.process is not None
        proc = Path("/proc") / str(daemon.process.pid)

        assert len(list((proc / "task").iterdir())) == 1
        maps = (proc / "maps").read_text()
        assert not [name for name in ("lxml", "/PIL/", "jiter", "msgspec") if name in maps]


def test_f18_killed_worker_costs_an_attempt_and_nothing_else(tmp_path: Path) -> None:
    """A worker killed in the middle of a chapter is replaced, its chapter is done by another, the guide is the same."""
    book = make_epub(tmp_path / "small.epub")
    expected = undisturbed(tmp_path, book)
    token = tmp_path / "once"
    token.touch()
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:kill:{token}") as daemon:
        daemon.drop(book)
        (row,) = daemon.wait_for_phases("done")
        chapters = manifest_of(daemon, str(row["book"])).chapters

        assert guide_of(daemon, str(row["book"])) == expected
        assert [reaped["chapter"] for reaped in daemon.events("claim_reaped")] == [2]
        assert chapters[2].attempt == max(entry.attempt for entry in chapters.values())
        (exit_event,) = daemon.events("worker_exited")
        assert "SIGKILL" in str(exit_event["reason"])


def test_random_kills_change_nothing(tmp_path: Path) -> None:
    """Whichever workers are killed again and again, the guide is byte for byte that of an undisturbed run."""
    book = make_epub(tmp_path / "small.epub", chapters=6)
    expected = undisturbed(tmp_path, book)
    choose = random.Random(SEED)
    with daemon_in(
        tmp_path, drawing=True, workers__max_attempts=20
    ) as daemon:  # no chapter is given up for the kills alone
        daemon.drop(book)
        for done in range(1, 5):
            daemon.wait_for(lambda done=done: has_progressed(daemon, done), f"{done} chapters")  # type: ignore[misc]
            working = [row for row in daemon.workers() if row["state"] == "working"]
            if working:
                os.kill(cast(int, choose.choice(working)["pid"]), signal.SIGKILL)
        (row,) = daemon.wait_for_phases("done")

        assert guide_of(daemon, str(row["book"])) == expected


def has_progressed(daemon: Daemon, chapters: int) -> bool:
    return any(cast(Mapping[str, int], book["chapters"]).get("completed", 0) >= chapters for book in daemon.books())


def test_f25_killed_supervisor_takes_its_workers_along_and_a_restart_goes_on(tmp_path: Path) -> None:
    """Without its supervisor every process ends within two seconds; the next daemon redoes nothing that was done."""
    book = make_epub(tmp_path / "small.epub", chapters=8)
    with daemon_in(tmp_path, drawing=True) as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: has_progressed(daemon, 2), "two chapters")
        daemon.kill()
        killed_at = time.monotonic()
        daemon.wait_for(lambda: not processes_of(daemon), "every child is gone")
        gone_after = time.monotonic() - killed_at
        (name,) = [path.name for path in daemon.library.iterdir() if path.is_dir() and not path.name.startswith(".")]
        before = manifest_of(daemon, name)
        daemon.start()
        daemon.wait_for_phases("done")
        after = manifest_of(daemon, name)

        assert gone_after < GONE_SECONDS
        finished = [n for n, entry in before.chapters.items() if entry.status is Status.COMPLETED]
        assert len(finished) >= 2
        assert [after.chapters[n] for n in finished] == [before.chapters[n] for n in finished]


def test_f20_poison_chapter_fails_with_its_signal_and_the_book_goes_on(tmp_path: Path) -> None:
    """A chapter that kills every worker is given up after three claims; a retry after the cure completes the book."""
    book = make_epub(tmp_path / "small.epub")
    with daemon_in(tmp_path, drawing=True, faults="illustrate-2:kill") as daemon:
        daemon.drop(book)
        (row,) = daemon.wait_for_phases("partial")
        detail = daemon.call("status", book=row["book"])
        (failed,) = [entry for entry in cast(list[Mapping[str, object]], detail["chapter_list"]) if entry["error"]]
        page = (Path(str(row["folder"])) / "index.html").read_text()
        daemon.stop()
        daemon.faults = ""
        daemon.start()
        answer = daemon.call("retry", book=row["book"])
        daemon.wait_for_phases("done")

        assert failed["number"] == 2
        assert failed["retry_count"] == 3
        assert "SIGKILL" in str(failed["error"])
        assert "SIGKILL" in page
        assert answer["chapters"] == [2]
        assert "SIGKILL" not in (Path(str(row["folder"])) / "index.html").read_text()


def test_two_books_by_copy_and_by_move_are_both_completed(tmp_path: Path) -> None:
    """A book that is copied and one that is moved in at the same time both become guides."""
    first = make_epub(tmp_path / "first.epub", title="First")
    second = make_epub(tmp_path / "second.epub", title="Second")
    with daemon_in(tmp_path, drawing=True) as daemon:
        moved = shutil.copyfile(second, daemon.folder / "second.epub")
        daemon.drop(first)
        moved.rename(daemon.inbox / "second.epub")
        rows = daemon.wait_for_phases("done", "done")

        assert sorted(str(row["title"]) for row in rows) == ["First", "Second"]


def test_bad_input_is_put_aside_with_a_reason_and_the_daemon_goes_on(tmp_path: Path) -> None:
    """What is no book goes to .failed beside a file that says why and what to do; a good book after it is done."""
    bad = {
        "not-an-epub.epub": b"<html>this is a web page</html>",
        "broken.epub": make_epub(tmp_path / "whole.epub").read_bytes()[:-40] + b"\0" * 40,
        "empty.epub": make_epub(tmp_path / "empty.epub", title="", chapters=0).read_bytes(),
    }
    with daemon_in(tmp_path, inbox__incomplete_timeout_seconds=1.0) as daemon:
        failed = daemon.inbox / ".failed"
        for name, content in bad.items():
            (daemon.inbox / f".{name}.part").write_bytes(content)
            (daemon.inbox / f".{name}.part").rename(daemon.inbox / name)
        daemon.wait_for(lambda: all((failed / f"{name}.error.txt").exists() for name in bad), "three reasons")
        daemon.wait_for(lambda: all((failed / name).exists() for name in bad), "three files")
        daemon.drop(make_epub(tmp_path / "good.epub", title="Good"))
        daemon.wait_for_phases("done")

        reasons = {name: (failed / f"{name}.error.txt").read_text() for name in bad}
        assert all(len(reason) > 20 for reason in reasons.values())
        assert {name: (failed / name).read_bytes() for name in bad} == bad
        assert [
            path.name for path in daemon.library.iterdir() if path.name.startswith(("empty", "broken", "not"))
        ] == []


def test_f31_second_daemon_on_the_same_library_is_refused(tmp_path: Path) -> None:
    """Another supervisor on the library ends at once, wherever it would listen; it names the holder, which goes on."""
    with daemon_in(tmp_path) as daemon:
        command = [sys.executable, "-m", "imaginized", "run", "--config", str(daemon.folder / "imaginized.toml")]
        elsewhere = {**os.environ, "IMAGINIZED_PATHS__SOCKET": str(daemon.folder / "another")}
        second = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, env=elsewhere)
        assert daemon.process is not None

        assert not (daemon.folder / "another").exists()
        assert second.returncode == ExitCode.NEEDS_ATTENTION
        assert str(daemon.process.pid) in second.stderr
        assert daemon.status()["state"] == "running"


def run_second(daemon: Daemon, folder: Path) -> subprocess.CompletedProcess[str]:
    """Another daemon with folders of its own that would listen where this one does."""
    config = folder / "second.toml"
    paths = {"inbox": folder / "inbox", "library": folder / "library", "socket": daemon.socket}
    config.write_text("[paths]\n" + "".join(f'{name} = "{path}"\n' for name, path in paths.items()))
    command = [sys.executable, "-m", "imaginized", "run", "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def test_f41_a_second_daemon_does_not_get_the_socket_of_a_live_one(tmp_path: Path) -> None:
    """Whoever would listen where another daemon does ends with 7, names that one, and leaves its socket alone."""
    with daemon_in(tmp_path) as daemon:
        second = run_second(daemon, tmp_path)
        lock = daemon.socket.with_name("s.lock")
        note = lock.read_text()
        lock.unlink()
        daemon.wait_for(lambda: lock.exists() and len(daemon.events("lock_restored")) == 1, "the lock is there again")
        third = run_second(daemon, tmp_path)
        assert daemon.process is not None
        facts = (f"process {daemon.process.pid}", str(daemon.library), str(daemon.socket), "paths.socket")

        for ended in (second, third):
            assert ended.returncode == ExitCode.NEEDS_ATTENTION
            assert all(fact in ended.stderr.splitlines()[-1] for fact in facts)
        assert note == lock.read_text() == f"{daemon.process.pid} {daemon.library}\n"
        assert daemon.status()["state"] == "running"
        assert daemon.stop() == 0
        assert lock.exists()
        assert not daemon.socket.exists()


def test_f41_a_socket_that_was_removed_comes_back(tmp_path: Path) -> None:
    """Removed or replaced, also with its lock, the socket is bound anew; what is in its way is told and left alone."""
    with daemon_in(tmp_path) as daemon, Client(daemon.socket) as client:
        daemon.socket.unlink()
        daemon.wait_for(daemon.answers, "it answers again")
        daemon.socket.unlink()
        daemon.socket.with_name("s.lock").unlink()
        daemon.wait_for(daemon.answers, "it answers again")
        daemon.socket.unlink()
        daemon.socket.write_text("mine")
        daemon.wait_for(lambda: bool(client.call("status")["problems"]), "the open connection tells")
        (problem,) = cast(list[str], client.call("status")["problems"])
        kept = daemon.socket.read_text()
        daemon.socket.unlink()
        daemon.wait_for(daemon.answers, "it answers again")

        assert kept == "mine"
        assert "is not a socket" in problem
        assert daemon.status()["problems"] == []
        assert [len(daemon.events(name)) for name in ("socket_restored", "socket_lost", "lock_restored")] == [3, 1, 1]


def test_f41_the_client_names_a_daemon_whose_socket_is_gone(tmp_path: Path) -> None:
    """Without a socket, but with a daemon that has its lock, that is what the client says, with exit 3."""
    with daemon_in(tmp_path) as daemon:
        assert daemon.process is not None
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "status"]
        daemon.process.send_signal(signal.SIGSTOP)  # it would bind the socket again
        daemon.socket.unlink()
        told = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        daemon.process.send_signal(signal.SIGCONT)
        pid = daemon.process.pid

        assert told.returncode == ExitCode.NOT_RUNNING
        assert f"is running (process {pid}, library {daemon.library}), but its socket" in told.stderr


def test_f41_the_library_stays_locked_when_its_lock_file_is_removed(tmp_path: Path) -> None:
    """Within a second the file that is there then is locked, too: nobody else gets the library."""
    with daemon_in(tmp_path) as daemon:
        (daemon.library / ".imaginized.lock").unlink()
        daemon.wait_for(lambda: len(daemon.events("lock_restored")) == 1, "the lock is taken again")
        command = [sys.executable, "-m", "imaginized", "run", "--config", str(daemon.folder / "imaginized.toml")]
        second = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

        assert second.returncode == ExitCode.NEEDS_ATTENTION
        assert daemon.status()["state"] == "running"


def fork_server_of(daemon: Daemon) -> int:
    """The parent of the daemon's workers."""
    daemon.wait_for(lambda: all(row["pid"] for row in daemon.workers()), "workers")
    worker = daemon.workers()[0]["pid"]
    return int((Path("/proc") / str(worker) / "stat").read_text().rpartition(")")[2].split()[1])


def test_f42_another_fork_server_follows_one_that_was_killed(tmp_path: Path) -> None:
    """Killed at work, it takes its children along; all are started again, no book is lost, one event tells."""
    book = make_epub(tmp_path / "small.epub", chapters=6)
    (tmp_path / "once").touch()
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{tmp_path / 'once'}") as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: not (tmp_path / "once").exists(), "a worker stands still in chapter 2")
        os.kill(fork_server_of(daemon), signal.SIGKILL)
        daemon.wait_for_phases("done")
        daemon.wait_for(lambda: len(processes_of(daemon)) == FULL_HOUSE, "nobody is left of the first")
        daemon.wait_for(lambda: {row["state"] for row in daemon.workers()} == {"idle"}, "nobody works any more")
        made = guide_of(daemon, str(daemon.books()[0]["book"]))
        entries = manifest_of(daemon, str(daemon.books()[0]["book"])).chapters.values()

        assert len(daemon.events("fork_server_lost")) == 1
        assert daemon.events("error_caught") == []
        assert {row["state"] for row in daemon.workers()} == {"idle"}
        # One of a chapter whose pictures were there before the merge: its claim had nothing to show for itself yet.
        assert all(entry.retry_count <= 1 for entry in entries)
    assert made == undisturbed(tmp_path, book)


def test_f42_the_fork_server_killed_as_it_starts_a_child(tmp_path: Path) -> None:
    """The supervisor that waits for the child goes on with another fork server: it once ended with "Aborted!"."""
    with daemon_in(tmp_path) as daemon:
        assert daemon.process is not None
        server, worker = fork_server_of(daemon), cast(int, daemon.workers()[0]["pid"])
        waits = Path("/proc") / str(daemon.process.pid) / "wchan"
        os.kill(server, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
        daemon.wait_for(lambda: len(daemon.events("worker_exited")) == 1, "the worker is collected")
        daemon.wait_for(lambda: "pipe" in waits.read_text(), "the supervisor waits for a new one's pid")
        os.kill(server, signal.SIGKILL)
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        daemon.wait_for(lambda: len(processes_of(daemon)) == FULL_HOUSE, "everybody is there again")

        assert len(daemon.events("fork_server_lost")) == 1
        assert daemon.events("error_caught") == []
        assert daemon.stop() == 0


def test_f42_calls_are_answered_while_a_fork_server_imports(tmp_path: Path) -> None:
    """Children are started once it can fork at once; the loop waits for nothing meanwhile."""
    with daemon_in(tmp_path) as daemon:
        server = fork_server_of(daemon)
        while True:
            os.kill(server, signal.SIGKILL)
            daemon.wait_for(lambda old=server: next_fork_server(daemon) not in (0, old), "another one")  # type: ignore[misc]
            server = next_fork_server(daemon)
            os.kill(server, signal.SIGSTOP)
            if not is_warm(server):
                break
            os.kill(server, signal.SIGCONT)  # it was quicker than we are
            fork_server_of(daemon)
        daemon.wait_for(lambda: not [row for row in daemon.workers() if row["pid"]], "every child has ended")
        os.kill(server, signal.SIGCONT)

        assert fork_server_of(daemon) == server


def next_fork_server(daemon: Daemon) -> int:
    """The supervisor's own child of that kind; 0 while there is none."""
    assert daemon.process is not None
    for pid in processes_of(daemon):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            parent = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == daemon.process.pid and "forkserver" in (Path("/proc") / str(pid) / "cmdline").read_text():
                return pid
    return 0


def is_warm(server: int) -> bool:
    with closing(ForkServer(pid=server, _pidfd=os.pidfd_open(server))) as seen:
        return seen.is_warm()


def test_f42_the_fork_servers_socket_removed(tmp_path: Path) -> None:
    """Whoever empties the folder of temporary files costs the daemon a fork server, not its life."""
    with (
        tempfile.TemporaryDirectory(prefix="imz-") as temporary,  # a short path: sockets lie there
        daemon_in(tmp_path, environment={"TMPDIR": temporary}) as daemon,
    ):
        worker = cast(int, daemon.workers()[0]["pid"])
        shutil.rmtree(next(Path(temporary).glob("pymp-*")))
        os.kill(worker, signal.SIGKILL)
        daemon.wait_for(lambda: len(daemon.events("fork_server_lost")) == 1, "it is replaced")
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")

        assert daemon.stop() == 0


def test_f30_left_over_socket_is_replaced(tmp_path: Path) -> None:
    """After a SIGKILL the socket stays behind: the client says so, and the next daemon takes its place."""
    with daemon_in(tmp_path) as daemon:
        daemon.kill()
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "status"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        daemon.wait_for(lambda: not processes_of(daemon), "every child is gone")
        daemon.start()

        assert told.returncode == ExitCode.NOT_RUNNING
        assert "killed" in told.stderr
        assert daemon.status()["state"] == "running"


def test_f32_term_in_mid_work_gives_claims_back_at_no_cost(tmp_path: Path) -> None:
    """A drain says so and claims nothing; what was under way is kept and counts no try, and the daemon exits with 0."""
    (tmp_path / "once").touch()
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{tmp_path / 'once'}") as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=6))
        daemon.wait_for(lambda: not (tmp_path / "once").exists(), "a worker stands still in chapter 2")
        (stopped,) = [cast(int, row["pid"]) for row in daemon.workers() if row["chapter"] == 2]
        book = str(daemon.books()[0]["book"])
        assert daemon.process is not None
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait_for(lambda: len(daemon.workers()) == 3 and running(daemon) == [stopped], "the others are gone")
        state = daemon.status()["state"]
        # A claim that was on its way when the order came is told after it, and given back; the last one makes none.
        claimed = daemon.events("chapter_claimed")
        (stopping,) = daemon.events("daemon_stopping")
        late = [row["worker"] for row in claimed if str(row["timestamp"]) > str(stopping["timestamp"])]
        os.kill(stopped, signal.SIGCONT)
        code = daemon.process.wait(DEADLINE_SECONDS)
        entries = manifest_of(daemon, book).chapters.values()

        assert (state, code) == ("draining", 0)
        assert not [entry for entry in entries if entry.is_live or entry.retry_count]
        assert len(late) == len(set(late)) <= 2
        assert daemon.events("chapter_claimed") == claimed
        assert daemon.events("worker_killed") == []


def running(daemon: Daemon) -> list[object]:
    return [row["pid"] for row in daemon.workers() if row["pid"] is not None]


def test_f32_term_as_processes_are_spawned_is_not_lost() -> None:
    """SIGTERM within milliseconds of a spawn ends the daemon and whoever has hardly begun, with exit 0."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        daemon = Daemon(folder=Path(short))
        daemon.begin()
        daemon.wait_for(lambda: len(daemon.events("intake_started")) == 1, "the first process is spawned")
        code = daemon.stop()

        assert code == 0
        assert len(daemon.events("daemon_stopped")) == 1
        daemon.wait_for(lambda: not processes_of(daemon), "every process has ended")


def test_daemon_is_starting_until_the_intake_has_the_inbox() -> None:
    """Calls are answered before that, with the state `starting`; no readiness is told, and SIGTERM ends it well."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        (Path(short) / "once").touch()
        daemon = Daemon(folder=Path(short), faults=f"intake_looking:stop:{short}/once")
        daemon.begin()
        daemon.wait_for(lambda: not (Path(short) / "once").exists() and daemon.answers(), "the intake stands still")
        status = daemon.status()
        intake = next(row for row in cast(list[Row], status["workers"]) if row["slot"] == "intake")
        assert daemon.process is not None
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait_for(lambda: len(daemon.events("daemon_stopping")) == 1, "it drains")
        os.kill(cast(int, intake["pid"]), signal.SIGCONT)
        code = daemon.process.wait(DEADLINE_SECONDS)

        assert (status["state"], code) == ("starting", 0)
        assert daemon.events("daemon_ready") == []


def test_f32_second_signal_ends_a_drain(tmp_path: Path) -> None:
    """SIGTERM twice ends the daemon at once, whatever its workers do, and costs no attempt; a restart goes on."""
    book = make_epub(tmp_path / "small.epub", chapters=8)
    with daemon_in(tmp_path, drawing=True, faults="illustrate-3:stop") as daemon:
        daemon.drop(book)
        daemon.wait_for(lambda: has_progressed(daemon, 1), "a chapter")
        assert daemon.process is not None
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait_for(lambda: len(daemon.events("daemon_stopping")) == 1, "draining")
        code = daemon.stop()
        (manifest,) = [decode(path.read_bytes()) for path in daemon.library.glob("*/.imaginize.manifest.json")]
        daemon.faults = ""
        daemon.start()
        daemon.wait_for_phases("done")

        assert code == 0
        assert {entry.status for entry in manifest.chapters.values()} <= {Status.PENDING, Status.COMPLETED}
        assert not [entry for entry in manifest.chapters.values() if entry.retry_count or entry.error]


def test_every_mistake_of_the_settings_is_told_at_once(tmp_path: Path) -> None:
    """A settings file with mistakes ends the program with 10 and a line for each, with the nearest key."""
    config = tmp_path / "bad.toml"
    config.write_text('[workers]\nmax_concurency = 3\nrate_limit = "fast"\n')
    command = [sys.executable, "-m", "imaginized", "run", "--config", str(config)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

    assert ended.returncode == ExitCode.BAD_SETTINGS
    assert "bad.toml:2" in ended.stderr
    assert "workers.max_concurrency" in ended.stderr
    assert "bad.toml:3" in ended.stderr


def test_illustrate_runs_for_these_files_and_exits(tmp_path: Path) -> None:
    """The one-shot command leaves the guide below --out, prints its page last and leaves the original alone."""
    book = make_epub(tmp_path / "small.epub")
    before = book.read_bytes()
    command = [sys.executable, "-m", "imaginized", "illustrate", str(book), "--out", str(tmp_path / "out")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PROGRAM_SECONDS)
    again = subprocess.run(command, capture_output=True, text=True, timeout=PROGRAM_SECONDS)

    assert ended.returncode == 0, ended.stderr
    page = Path(ended.stdout.splitlines()[-1])
    assert page.name == "index.html"
    assert page.exists()
    assert again.stdout.splitlines()[-1] == str(page)
    assert book.read_bytes() == before


def test_illustrate_says_why_a_file_is_rejected(tmp_path: Path) -> None:
    """What is no book, or only the beginning of one, ends the one-shot command with 8 and the reason, at once.

    Also by settings that let a daemon wait an hour for the rest of a file.
    """
    bad, half = tmp_path / "bad.epub", tmp_path / "half.epub"
    bad.write_text("no book at all")
    whole = make_epub(tmp_path / "whole.epub").read_bytes()
    half.write_bytes(whole[: len(whole) // 2])
    config = tmp_path / "settings.toml"
    config.write_text("inbox.incomplete_timeout_seconds = 3600.0\n")
    command = [sys.executable, "-m", "imaginized", "illustrate", str(bad), str(half), "--out", str(tmp_path / "out")]
    ended = subprocess.run(
        [*command, "--config", str(config), "--json"], capture_output=True, text=True, timeout=PROGRAM_SECONDS
    )
    first, second = [json.loads(line) for line in ended.stdout.splitlines()[-2:]]

    assert ended.returncode == first["exit_code"] == ExitCode.REJECTED
    assert (first["schema"], first["file"], first["book"]) == ("imaginized.illustrate/1", str(bad), None)
    assert "neither an EPUB" in first["reason"]
    assert second["reason"].startswith("it is not complete: the end of the zip file is missing")
    assert second["next_step"] == "Copy or download it again, then add that."


@pytest.mark.parametrize("command", [["status", "--json"], ["status"], ["watch", "small"]])
def test_client_answers_about_a_finished_book(tmp_path: Path, command: list[str]) -> None:
    """status, status --json and watch tell the truth about a book that is done, and exit with 0."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        client = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *command]
        ended = subprocess.run(client, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

        assert ended.returncode == 0
        if "--json" in command:
            assert json.loads(ended.stdout)["books"][0]["phase"] == "done"
        else:
            assert "done" in ended.stdout


def test_f37_systemd_is_told_also_by_a_busy_daemon_and_by_no_worker(tmp_path: Path) -> None:
    """READY once socket and intake are there, WATCHDOG under calls without a pause, STOPPING; children cannot speak.

    A pause and its end are in the status line with the next tick, not with the next look at everything.
    """
    with tempfile.TemporaryDirectory(prefix="imz-") as short, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(f"{short}/notify")
        told.settimeout(DEADLINE_SECONDS)
        folder = Path(short) / "d"
        environment = {"NOTIFY_SOCKET": f"{short}/notify", "WATCHDOG_USEC": "800000"}
        daemon = Daemon(folder=folder, environment=environment, options={"workers.reap_interval_seconds": 600})
        daemon.start()
        while not (ready := told.recv(4096).decode()).startswith("READY=1"):
            pass
        daemon.wait_for(lambda: all(row["pid"] for row in daemon.workers()), "workers")
        environments = [(Path("/proc") / str(row["pid"]) / "environ").read_bytes() for row in daemon.workers()]
        told.setblocking(False)
        before = list(iter(lambda: received(told), ""))
        told.settimeout(DEADLINE_SECONDS)
        with hammered(daemon):
            for _ in range(2):
                while told.recv(4096) != b"WATCHDOG=1":
                    pass
        for call, is_paused in (("pause", True), ("resume", False)):
            daemon.call(call)
            while not (line := told.recv(4096).decode()).startswith("STATUS=") or ("paused" in line) is not is_paused:
                pass
        (folder / "imaginized.toml").write_text("no.such = 1\n")
        with pytest.raises(ControlError):
            daemon.call("reload")
        code = daemon.stop()
        told.setblocking(False)
        rest = list(iter(lambda: received(told), ""))
        reloading = next(number for number, message in enumerate(rest) if message.startswith("RELOADING=1"))

        assert code == 0
        assert ready.startswith("READY=1\nSTATUS=")
        assert not [message for message in before if message.startswith(("READY", "STOPPING"))]
        assert "\nMONOTONIC_USEC=" in rest[reloading]
        assert rest[reloading + 1].startswith("READY=1")  # F33: after a reload that was refused, too
        assert "STOPPING=1" in rest
        assert not any(b"NOTIFY_SOCKET" in environment or b"WATCHDOG" in environment for environment in environments)


@contextmanager
def hammered(daemon: Daemon) -> Iterator[None]:
    """Four clients that ask for the status again and again, without a pause."""
    is_enough = threading.Event()

    def ask() -> None:
        with Client(daemon.socket) as client:
            while not is_enough.is_set():
                client.call("status")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_enough.set()
        for thread in threads:
            thread.join()


def received(told: socket.socket) -> str:
    try:
        return told.recv(4096).decode()
    except BlockingIOError:
        return ""

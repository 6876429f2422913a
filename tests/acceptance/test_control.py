"""The control plane on a real daemon: cancel, pause, retry, reload, and what each answers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ControlError, ExitCode
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

RELOADS = 200


def ctl(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the client as a user does."""
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def chapter_of(daemon: Daemon, book: object, number: int) -> Row:
    detail = daemon.call("status", book=book)
    return next(row for row in cast(list[Row], detail["chapter_list"]) if row["number"] == number)


def refusal(daemon: Daemon, method: str, **parameters: object) -> tuple[str, ExitCode]:
    with pytest.raises(ControlError) as caught:
        daemon.call(method, **parameters)
    return str(caught.value), caught.value.exit_code


def chapters_done(daemon: Daemon) -> int:
    return sum(cast(Mapping[str, int], book["chapters"]).get("completed", 0) for book in daemon.books())


def stop_at_chapter_2(folder: Path) -> str:
    """The fault that stops the first worker which illustrates chapter 2."""
    (folder / "once").touch()
    return f"illustrate-2:stop:{folder / 'once'}"


def stopped_worker(daemon: Daemon) -> int:
    """Wait for the worker that stands still in the middle of chapter 2; returns its pid, to be continued."""
    daemon.wait_for(lambda: bool(stopped_pids(daemon)), "chapter 2 under way")
    return stopped_pids(daemon)[0]


def stopped_pids(daemon: Daemon) -> list[int]:
    pids = [cast(int, row["pid"]) for row in daemon.workers() if row["chapter"] == 2]
    stats = {pid: (Path("/proc") / str(pid) / "stat").read_text() for pid in pids}
    return [pid for pid, stat in stats.items() if stat.rpartition(")")[2].split()[0] == "T"]


def test_f38_cancel_in_mid_call_fails_the_chapter_and_frees_the_worker(tmp_path: Path) -> None:
    """A chapter cancelled while a worker is at it is failed at once; what that worker brings later changes nothing."""
    with daemon_in(tmp_path, drawing=True, faults=stop_at_chapter_2(tmp_path)) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        stopped = stopped_worker(daemon)
        (row,) = daemon.books()
        answer = daemon.call("cancel", book=row["book"], chapters=[2])
        at_once = chapter_of(daemon, row["book"], 2)
        os.kill(stopped, signal.SIGCONT)
        daemon.wait_for_phases("partial")
        later = chapter_of(daemon, row["book"], 2)

        assert answer["chapters"] == [2]
        assert at_once["status"] == later["status"] == "failed"
        assert "cancelled" in str(later["error"])
        assert len(daemon.events("claim_lost")) == 1
        assert not daemon.events("worker_killed")


def test_f38_retry_and_cancel_have_an_answer_for_every_state(tmp_path: Path) -> None:
    """Running, done, failed, unknown: each is either done or refused with a reason and its own exit code."""
    with daemon_in(tmp_path, drawing=True, faults=stop_at_chapter_2(tmp_path)) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        stopped = stopped_worker(daemon)
        daemon.wait_for(lambda: chapters_done(daemon) == 3, "the others are done")
        book = daemon.books()[0]["book"]

        assert refusal(daemon, "retry", book=book, chapters=[2])[1] == ExitCode.USAGE
        assert "cancel" in refusal(daemon, "retry", book=book, chapters=[2])[0]
        assert refusal(daemon, "retry", book=book, chapters=[99]) == (
            f"{book} has no chapter 99; it has chapters 1 to 4",
            ExitCode.USAGE,
        )
        assert refusal(daemon, "cancel", book=book, chapters=[99])[1] == ExitCode.USAGE
        assert refusal(daemon, "cancel", book=book, chapters=[1])[1] == ExitCode.NOTHING_TO_DO
        assert refusal(daemon, "retry", book=book)[1] == ExitCode.NOTHING_TO_DO
        assert refusal(daemon, "retry", all_failed=True)[1] == ExitCode.NOTHING_TO_DO
        assert refusal(daemon, "cancel", book="nobody")[1] == ExitCode.NO_SUCH_BOOK
        assert refusal(daemon, "retry", book=book, chapters=["x"])[1] == ExitCode.USAGE
        assert daemon.call("retry", book=book, chapters=[1])["chapters"] == [1]
        os.kill(stopped, signal.SIGCONT)
        daemon.wait_for_phases("done")
        assert refusal(daemon, "cancel", book=book)[1] == ExitCode.NOTHING_TO_DO


def test_cancelled_book_stays_so_until_it_is_retried_by_name(tmp_path: Path) -> None:
    """`retry --all-failed` leaves alone what a person has cancelled; `retry BOOK` takes it up."""
    with daemon_in(tmp_path, drawing=True, faults=stop_at_chapter_2(tmp_path)) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        stopped = stopped_worker(daemon)
        book = str(daemon.books()[0]["book"])
        cancelled = ctl(daemon, "cancel", book)
        os.kill(stopped, signal.SIGCONT)
        daemon.wait_for_phases("failed")
        all_failed = ctl(daemon, "retry", "--all-failed")
        by_name = ctl(daemon, "retry", book)
        daemon.wait_for_phases("done")

        assert cancelled.returncode == 0, cancelled.stderr
        assert all_failed.returncode == ExitCode.NOTHING_TO_DO
        assert by_name.returncode == 0, by_name.stderr


def test_f38_pause_survives_a_restart(tmp_path: Path) -> None:
    """While paused nothing is worked on, also after a restart, at no cost of attempts; resume takes everything up."""
    with daemon_in(tmp_path) as daemon:
        paused = ctl(daemon, "pause")
        again = ctl(daemon, "pause")
        daemon.stop()
        daemon.start()
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("queued")
        status, check = ctl(daemon, "status"), ctl(daemon, "status", "--check")
        claims_while_paused = daemon.events("step_claimed")
        resumed = ctl(daemon, "resume")
        daemon.wait_for_phases("done")

        assert (paused.returncode, again.returncode) == (0, ExitCode.NOTHING_TO_DO)
        assert "PAUSED" in status.stdout
        assert check.returncode == ExitCode.NEEDS_ATTENTION
        assert claims_while_paused == []
        assert resumed.returncode == 0
        assert ctl(daemon, "resume").returncode == ExitCode.NOTHING_TO_DO
        assert ctl(daemon, "status", "--check").returncode == 0


def test_pause_gives_back_what_is_under_way_at_no_cost(tmp_path: Path) -> None:
    """A chapter under way is given back after its step and counts no bad end."""
    with daemon_in(tmp_path, drawing=True, faults=stop_at_chapter_2(tmp_path)) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        stopped = stopped_worker(daemon)
        daemon.call("pause")
        os.kill(stopped, signal.SIGCONT)
        daemon.wait_for(lambda: not daemon.call("claims")["claims"], "nothing is claimed")
        row = chapter_of(daemon, daemon.books()[0]["book"], 2)
        daemon.call("resume")
        daemon.wait_for_phases("done")

        assert (row["status"], row["retry_count"]) == ("pending", 0)


def test_f33_reload_takes_new_settings_and_refuses_broken_ones(tmp_path: Path) -> None:
    """A mistake keeps the old settings and answers with line and reason; a good file changes the pool at once."""
    with daemon_in(tmp_path) as daemon:
        config = daemon.folder / "imaginized.toml"
        good = config.read_text()
        config.write_text(f"{good}workers.max_concurrency = 0\n")
        broken = ctl(daemon, "reload")
        kept = len(daemon.workers())
        config.write_text(f"{good}workers.max_concurrency = 5\n")
        grown = ctl(daemon, "reload")
        daemon.wait_for(lambda: sum(row["pid"] is not None for row in daemon.workers()) == 5, "five workers")
        config.write_text(f"{good}workers.max_concurrency = 1\n")
        assert daemon.process is not None
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for(lambda: len(daemon.workers()) == 1, "one worker")
        config.write_text(good.replace('"library"', '"elsewhere"'))
        moved = ctl(daemon, "reload")

        assert broken.returncode == ExitCode.BAD_SETTINGS
        assert f"imaginized.toml:{len(good.splitlines()) + 1}" in broken.stderr
        assert "max_concurrency" in broken.stderr
        assert kept == 3
        assert grown.returncode == 0, grown.stderr
        assert moved.returncode == ExitCode.BAD_SETTINGS
        assert "restart" in moved.stderr


def test_reload_in_mid_work_loses_nothing(tmp_path: Path) -> None:
    """Workers that are restarted by a reload give their chapters back at no cost; the book is done."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=8))
        for done in range(1, 5):
            daemon.wait_for(lambda done=done: chapters_done(daemon) >= done, f"{done} chapters")  # type: ignore[misc]
            daemon.call("reload")
        (row,) = daemon.wait_for_phases("done")

        assert all(chapter_of(daemon, row["book"], number)["retry_count"] == 0 for number in range(1, 9))
        assert not daemon.events("claim_reaped")


def test_f33_two_hundred_reloads_and_restarts_leave_no_trace(tmp_path: Path) -> None:
    """After 200 reloads, each of which restarts every process, descriptors and threads are as many as before."""
    with daemon_in(tmp_path, workers__max_concurrency=1) as daemon:
        daemon.wait_for(lambda: all_run(daemon, but=None), "all run")
        before = traces_at_rest(daemon)
        for _ in range(RELOADS):
            pid = daemon.workers()[0]["pid"]
            daemon.call("reload")
            daemon.wait_for(lambda pid=pid: all_run(daemon, but=pid), "another worker")  # type: ignore[misc]
        # A reader is tried out after each reload, and a client that hung up is still open here for a moment.
        daemon.wait_for(lambda: traces(daemon) == before, "descriptors and threads are as many as before")

        assert len(daemon.events("worker_exited")) >= RELOADS
        assert not daemon.events("worker_killed")


def all_run(daemon: Daemon, *, but: object) -> bool:
    """Whether every slot has a process, none of them this one."""
    pids = [row["pid"] for row in cast(list[Row], daemon.status()["workers"])]
    return not {None, but} & set(pids)


def traces_at_rest(daemon: Daemon) -> tuple[int, int]:
    """The fewest within a second: a connection that a client just closed is still open here for a moment."""
    looks = []
    for _ in range(20):
        looks.append(traces(daemon))
        time.sleep(0.05)
    return min(looks)


def traces(daemon: Daemon) -> tuple[int, int]:
    """The supervisor's descriptors and threads."""
    assert daemon.process is not None
    proc = Path("/proc") / str(daemon.process.pid)
    return len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir()))


def test_reset_of_a_healthy_daemon_has_nothing_to_do(tmp_path: Path) -> None:
    """Where no crash loop stopped the workers, that is told, with exit 9."""
    with daemon_in(tmp_path) as daemon:
        daemon.wait_for(lambda: daemon.status()["state"] == "running", "it runs")
        reset = ctl(daemon, "reset")

    assert reset.returncode == ExitCode.NOTHING_TO_DO
    assert "nothing to reset" in reset.stderr


def test_reset_closes_the_breaker(tmp_path: Path) -> None:
    """After a crash loop was mended, a reset fills every slot at once instead of one a minute."""
    with daemon_in(tmp_path, faults="worker_started:kill", workers__max_concurrency=5) as daemon:
        daemon.wait_for(lambda: daemon.status()["breaker"] == "open", "the breaker is open")
        check = ctl(daemon, "status", "--check")
        reset = ctl(daemon, "reset")

        assert check.returncode == ExitCode.NEEDS_ATTENTION
        assert "crashing" in check.stderr
        assert reset.returncode == 0
        daemon.wait_for(lambda: len(daemon.events("worker_started")) >= 10, "every slot was filled again")


def test_watch_ends_on_ctrl_c_and_tells_it_by_its_exit_code(tmp_path: Path) -> None:
    """Ctrl-C detaches: the client ends with 130, the daemon goes on; each line is an object with a schema."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "watch", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as watching:
            assert watching.stdout is not None
            assert watching.stderr is not None
            line = json.loads(watching.stdout.readline())
            watching.send_signal(signal.SIGINT)
            code = watching.wait(DEADLINE_SECONDS)
            complaints = watching.stderr.read()

        assert code == ExitCode.INTERRUPTED
        assert complaints == b""
        assert (line["schema"], line["phase"]) == ("imaginized.watch/1", "done")
        assert daemon.status()["state"] == "running"


def test_watch_draws_bars_on_a_terminal_and_ctrl_c_detaches(tmp_path: Path) -> None:
    """On a terminal each book has a bar with its title and phase; the Ctrl-C key ends the client with 130."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub"))
        daemon.wait_for_phases("done")
        ours, terminal = os.openpty()
        command = ["setsid", "--ctty", "--wait", sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket)]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        with subprocess.Popen(
            [*command, "watch"], stdin=terminal, stdout=terminal, stderr=terminal, env=environment
        ) as watching:
            os.close(terminal)
            shown = b""
            while b"done" not in shown:
                shown += os.read(ours, 4096)
            os.write(ours, b"\x03")
            code = watching.wait(DEADLINE_SECONDS)
        os.close(ours)

        assert code == ExitCode.INTERRUPTED
        assert b"A Small Book" in shown
        assert "━".encode() in shown
        assert b"Traceback" not in shown


def test_logs_follow_what_is_added(tmp_path: Path) -> None:
    """`logs BOOK -f` tells what is there, then each event that came to be, until Ctrl-C; never one that did not."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(make_epub(tmp_path / "small.epub", chapters=1))
        (row,) = daemon.wait_for_phases("done")
        path = Path(str(row["folder"])) / "data" / "events.jsonl"
        count = len(path.read_text().splitlines())
        with path.open("a") as adding:  # its writer was killed before the manifest was written
            adding.write(f'{{"number": {count + 1}, "at": "t", "event": "never"}}\n{{"torn')
        command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), "logs", "-f", "small"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:
            assert following.stdout is not None
            before = [following.stdout.readline() for _ in range(count)]
            daemon.call("retry", book=row["book"], chapters=[1])
            after = following.stdout.readline()
            following.send_signal(signal.SIGINT)
            code = following.wait(DEADLINE_SECONDS)

        assert "  book admitted" in before[0]
        assert "  book completed" in before[-1]
        assert "  step retried stage=merge" in after
        assert code == ExitCode.INTERRUPTED

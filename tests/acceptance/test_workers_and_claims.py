"""Workers that crash, stop, hang or wake up late, and manifests that somebody broke: F21 to F28, real processes."""

import os
import shutil
import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from imaginized.clock import SystemClock
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Claim, Manifest
from imaginized.queue.transitions import reap
from imaginized.store.library import Library
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.slowness import at_most
from tests.support.trees import files_below, timeless

TIMEOUT_SECONDS = at_most(0.4)
LONG_TIMEOUT_SECONDS = at_most(0.8)  # no plate takes so long, on no busy machine
MANIFEST = ".imaginize.manifest.json"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make_epub(tmp_path / "small.epub")


@pytest.fixture
def token(tmp_path: Path) -> Path:
    """Arms a fault for one process: whichever takes it away."""
    path = tmp_path / "once"
    path.touch()
    return path


def guide_of(folder: Path) -> dict[str, bytes]:
    """Every file of a book, strays too, but those that tell times; progress.md may just be written anew."""
    clocked = (MANIFEST, "events.jsonl")
    files = ((path, data) for path, data in files_below(folder) if path.name not in clocked)
    kept = ((path, timeless(path, data)) for path, data in files if "progress.md" not in path.name)
    return {str(path.relative_to(folder)): data for path, data in kept}


def difference(found: dict[str, bytes], wanted: dict[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
    """The files that differ, each as found and as wanted, cut short: the whole of two books is no message."""
    names = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    return {name: (found.get(name, b"(none)")[-400:], wanted.get(name, b"(none)")[-400:]) for name in names}


def manifest_in(folder: Path) -> Manifest:
    return decode((folder / MANIFEST).read_bytes())


def wait_for_done(daemon: Daemon) -> Path:
    (row,) = daemon.wait_for_phases("done")
    return Path(str(row["folder"]))


def wait_for_stopped_worker(daemon: Daemon) -> int:
    """Wait until a worker stopped itself at a gate; returns its pid."""
    daemon.wait_for(lambda: bool(stopped_workers(daemon)), "a worker stopped at its gate")
    return stopped_workers(daemon)[0]


def stopped_workers(daemon: Daemon) -> list[int]:
    pids = [cast(int, row["pid"]) for row in daemon.workers() if row["pid"] is not None]
    return [pid for pid in pids if state_of(pid) == "T"]


def state_of(pid: int) -> str:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def reasons_of(daemon: Daemon, event: str) -> str:
    return "\n".join(str(row.get("reason")) for row in daemon.events(event))


def those_who_caught(daemon: Daemon, reason: str) -> set[object]:
    return {row["pid"] for row in daemon.events("error_caught") if reason in str(row.get("reason"))}


def test_f21_crash_loop_opens_the_breaker_and_the_rest_stays_up(tmp_path: Path, book: Path) -> None:
    """Workers that all die at their start are held back; the inbox and the control socket go on."""
    with daemon_in(tmp_path, faults="worker_started:kill") as daemon:
        daemon.wait_for(lambda: daemon.status()["breaker"] == "open", "the breaker is open")
        daemon.drop(book)
        daemon.wait_for_phases("queued")
        daemon.wait_for(lambda: bool(daemon.events("breaker_opened")), "a probe")
        daemon.wait_for(lambda: all(row["pid"] is None for row in daemon.workers()), "the probe is dead, too")
        rows = daemon.workers()
        crashes = daemon.events("worker_exited")

        assert {row["state"] for row in rows} <= {"waiting", "stopped"}
        assert 5 <= len(crashes) <= 7


def test_f22_worker_stopped_beyond_its_deadline_is_replaced(tmp_path: Path, book: Path, token: Path) -> None:
    """A worker that was stopped and missed its deadline is ended, stopped as it is; its chapter is done by another."""
    stop = f"analyze-2:stop:{token}"
    with daemon_in(tmp_path, faults=stop, workers__chapter_timeout_seconds=TIMEOUT_SECONDS) as daemon:
        daemon.drop(book)
        pid = wait_for_stopped_worker(daemon)
        folder = wait_for_done(daemon)

        assert manifest_in(folder).chapters[2].attempt == 2
        assert state_of(pid) == ""
        assert "was silent past its deadline and was killed by SIGABRT" in reasons_of(daemon, "claim_reaped")


def test_f22_late_commit_changes_nothing(tmp_path: Path, book: Path, token: Path) -> None:
    """A worker whose claim went to another while it was stopped wakes up, finds its fence gone and leaves no trace."""
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{token}") as daemon:
        daemon.drop(book)
        pid = wait_for_stopped_worker(daemon)
        (name,) = Library(daemon.library, clock=SystemClock()).books()
        attempt = manifest_in(daemon.library / name).chapters[2].attempt  # one more where it was previewed
        take_claims_from(daemon, pid)
        folder = wait_for_done(daemon)
        guide, manifest = guide_of(folder), manifest_in(folder)
        os.kill(pid, signal.SIGCONT)
        daemon.wait_for(lambda: len(daemon.events("claim_lost")) == 1, "the late commit is refused")
        daemon.drop(make_epub(tmp_path / "other.epub", title="Other"))
        daemon.wait_for_phases("done", "done")

        assert guide_of(folder) == guide
        assert manifest_in(folder) == manifest
        assert manifest.chapters[2].attempt == attempt + 1
        assert state_of(pid) not in ("", "T")


def take_claims_from(daemon: Daemon, pid: int) -> None:
    """Do what a reaper that cannot ask does: another host's, say."""

    def is_over(claim: Claim) -> str | None:
        return "taken away" if f":{pid}:" in claim.owner else None

    library = Library(daemon.library, clock=SystemClock())
    (name,) = library.books()
    library.update(name, partial(reap, is_over=is_over, now=SystemClock().now(), max_attempts=3), durable=True)


def test_f23_worker_hung_in_c_code_leaves_its_stack(tmp_path: Path, book: Path, token: Path) -> None:
    """A worker that hangs where no Python runs is aborted at its deadline, its stack is in the log, another goes on."""
    hang = f"analyze-2:hang:{token}"
    with daemon_in(tmp_path, faults=hang, workers__chapter_timeout_seconds=TIMEOUT_SECONDS) as daemon:
        daemon.drop(book)
        folder = wait_for_done(daemon)
        log = daemon.log.read_text()

        assert manifest_in(folder).chapters[2].attempt == 2
        assert "Fatal Python error: Aborted" in log
        assert "in _hang" in log
        assert "was silent past its deadline and was killed by SIGABRT" in reasons_of(daemon, "claim_reaped")


def test_f23_worker_that_ignores_the_order_to_abort_is_killed(tmp_path: Path, book: Path, token: Path) -> None:
    """A worker that does not abort is killed five seconds later."""
    deaf = f"analyze-2:deaf:{token}"
    with daemon_in(tmp_path, faults=deaf, workers__chapter_timeout_seconds=TIMEOUT_SECONDS) as daemon:
        daemon.drop(book)
        folder = wait_for_done(daemon)

        assert [row["how"] for row in daemon.events("worker_killed")] == ["abort", "kill"]
        assert manifest_in(folder).chapters[2].attempt == 2
        assert "SIGKILL" in reasons_of(daemon, "claim_reaped")


@pytest.mark.parametrize("workers", [1, 3])
def test_f23_slow_worker_that_beats_is_let_work(tmp_path: Path, workers: int) -> None:
    """A chapter that takes longer than its deadline in all, but not between two beats, is not disturbed."""
    slow = make_epub(
        tmp_path / "slow.epub", chapters=1, paragraphs=110 * workers
    )  # whoever helps is as slow, at a part of it
    options = {
        "workers__max_concurrency": workers,
        "workers__chapter_timeout_seconds": LONG_TIMEOUT_SECONDS,
        "guide__pages_per_image": 1,
    }
    with daemon_in(tmp_path, drawing=True, faults="part_kept:slow,task_done:slow", **options) as daemon:
        daemon.drop(slow)
        folder = wait_for_done(daemon)
        chapter = manifest_in(folder).chapters[1]
        assert chapter.completed_at is not None
        assert chapter.claim is not None
        seconds = (chapter.completed_at - chapter.claim.claimed_at).total_seconds()

        assert seconds > LONG_TIMEOUT_SECONDS
        assert chapter.attempt == 2
        assert daemon.events("worker_killed") == []


def broken(manifest: bytes) -> Mapping[str, bytes]:
    return {
        "truncated": manifest[: len(manifest) // 2],
        "empty": b"",
        "garbage": b"\x00\xff" * 200,
        "newer": manifest.replace(b'"version": "2.1.0"', b'"version": "3.0.0"'),
        "another-shape": b'{"version": "2.0.0", "chapters": [1, 2]}',
    }


def test_f28_broken_manifest_is_put_aside_and_others_go_on(tmp_path: Path, book: Path) -> None:
    """A manifest that does not parse is named with its reason, stays as it is, and stops no other book."""
    with daemon_in(tmp_path) as daemon:
        daemon.drop(book)
        folder = wait_for_done(daemon)
        path = folder / MANIFEST
        whole = path.read_bytes()
        told: dict[str, str] = {}
        for kind, content in broken(whole).items():
            path.write_bytes(content)
            told[kind] = str(daemon.status()["problems"])
        daemon.drop(make_epub(tmp_path / "other.epub", title="Other"))
        daemon.wait_for_phases("done")
        daemon.wait_for(lambda: bool(daemon.events("manifest_set_aside")), "it is in the log")
        left = path.read_bytes()
        path.write_bytes(whole)

        assert left == broken(whole)["another-shape"]
        assert all(folder.name in reason for reason in told.values()), told
        assert "3.0.0" in told["newer"]
        daemon.wait_for_phases("done", "done")
        assert daemon.status()["problems"] == []


def test_f28_manifest_broken_under_a_worker_is_left_alone(tmp_path: Path, book: Path, token: Path) -> None:
    """A worker whose book is put aside meanwhile overwrites nothing; once the manifest is mended, the book goes on."""
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{token}") as daemon:
        daemon.drop(book)
        pid = wait_for_stopped_worker(daemon)
        daemon.wait_for(lambda: others_are_done(daemon), "the other chapters are done")
        (row,) = daemon.books()
        path = Path(str(row["folder"])) / MANIFEST
        whole = path.read_bytes()
        path.write_bytes(whole[:100])
        os.kill(pid, signal.SIGCONT)
        daemon.wait_for(lambda: pid in those_who_caught(daemon, "does not parse"), "the worker gave up")
        left = path.read_bytes()
        path.write_bytes(whole)
        folder = wait_for_done(daemon)

        assert left == whole[:100]
        assert manifest_in(folder).chapters[2].attempt == 3
        assert not [name for name in guide_of(folder) if name.endswith((".tmp", ".staged"))]


def others_are_done(daemon: Daemon) -> bool:
    (row,) = daemon.books()
    counts = cast(Mapping[str, int], row["chapters"])
    return counts.get("completed", 0) == counts["total"] - 1


def test_f28_manifest_replaced_by_hand_is_the_new_truth(tmp_path: Path, book: Path, token: Path) -> None:
    """An older copy put in the manifest's place, claims of living workers and all, is worked off to the same guide."""
    with daemon_in(tmp_path, drawing=True, faults=f"illustrate-2:stop:{token}") as daemon:
        daemon.drop(book)
        pid = wait_for_stopped_worker(daemon)
        (row,) = daemon.books()
        path = Path(str(row["folder"])) / MANIFEST
        older = shutil.copyfile(path, tmp_path / "older.json")
        os.kill(pid, signal.SIGCONT)
        folder = wait_for_done(daemon)
        guide = guide_of(folder)
        shutil.copyfile(older, path.with_name("copy"))
        path.with_name("copy").rename(path)
        daemon.wait_for(lambda: manifest_in(folder).chapters[2].attempt == 3, "the chapter is claimed again")
        wait_for_done(daemon)

        assert difference(guide_of(folder), guide) == {}

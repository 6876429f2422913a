"""What a library costs that has grown: books of which ten are open, the others done. Real processes.

`scripts/bench growth` takes 10, 1,000, 10,000 and 50,000 books, `scripts/bench` 10 and 10,000; `--books N` one size.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from benchmarks.processes import run_seconds
from benchmarks.targets import Target, target_table
from benchmarks.writing import RESULTS, is_loaded, keep, machine, table
from imaginized.clock import SystemClock
from imaginized.process.channel import channel_pair
from imaginized.queue.codec import decode
from imaginized.store.files import MANIFEST
from imaginized.store.index import INDEX
from imaginized.store.library import Library
from imaginized.work.progress_file import LateReports
from imaginized.work.worker import claim_next
from tests.support.crash_steps import Place, workshop
from tests.support.daemons import Daemon, processes_of
from tests.support.epubs import make_epub
from tests.support.large_library import fill, finished_book

SIZES = (10, 1_000, 10_000, 50_000)
USUAL, QUICK = (10, 10_000), (10, 200)
OPEN_BOOKS = 10
WORKERS = 3
IDLE_SECONDS, USUAL_IDLE_SECONDS = 60.0, 30.0
DEADLINE_SECONDS = 600.0
SETTLING_SECONDS = 30.0  # after a start every book is looked at once
CALLS = 20
TARGETS = {
    "idle_percent_of_a_core": 1.0,
    "ready_seconds": 5.0,
    "look_ms": 5.0,
    "status_ms": 100.0,
    "status_bytes": 64 * 1024,
    "supervisor_mb": 150.0,
    "worker_mb": 80.0,
    "kill_to_claim_seconds": 2.0,
    "touched_found_seconds": 60.0,
}
# What another program changed is found within a minute, or three where so many are looked at: less would cost more
# CPU at rest than is asked.
MOST_IN_A_MINUTE, OF_MANY_FOUND_SECONDS = 16_000, 180.0
# Of few books more is asked.
OF_TEN = {"idle_percent_of_a_core": 0.2, "ready_seconds": 0.6, "supervisor_mb": 45.0, "kill_to_claim_seconds": 1.0}
NAMES = {
    "idle_percent_of_a_core": "% of a core at rest, all processes",
    "ready_seconds": "s from start to ready",
    "look_ms": "ms of CPU a look for something to claim",
    "status_ms": "ms for `status`",
    "status_bytes": "bytes of `status`",
    "supervisor_mb": "MB of the supervisor (PSS)",
    "worker_mb": "MB of a worker (PSS)",
    "kill_to_claim_seconds": "s from the supervisor's SIGKILL and start to the first claim",
    "touched_found_seconds": "s until a change by another program is found",
}
WORDS = {
    "idle_percent_of_a_core": "each finished book is looked at again now and then: another program may change it",
    "ready_seconds": "the imports of supervisor and fork server, and a look at the index",
    "kill_to_claim_seconds": "start to ready, and one claim of a dead owner given back",
}
BY_THE_CLOCK = frozenset(("ready_seconds", "status_ms", "kill_to_claim_seconds", "touched_found_seconds"))

Row = Mapping[str, object]


def run(*, quick: bool) -> list[Target]:
    """Ten books, and ten thousand: memory, CPU at rest, start, `status`, and how soon it works again after a kill."""
    seconds = 5.0 if quick else USUAL_IDLE_SECONDS
    return _targets([measured(size, idle_seconds=seconds) for size in (QUICK if quick else USUAL)])


def run_long() -> list[Target]:
    """Up to fifty thousand."""
    rows = [measured(size, idle_seconds=IDLE_SECONDS) for size in SIZES]
    _keep(rows)
    return _targets(rows)


def main() -> None:
    """Measure one size, and keep it beside the others."""
    parser = argparse.ArgumentParser(prog="scripts/bench growth")
    parser.add_argument("--books", type=int, required=True)
    parser.add_argument("--idle-seconds", type=float, default=IDLE_SECONDS)
    given = parser.parse_args()
    rows = [measured(given.books, idle_seconds=given.idle_seconds)]
    _keep(rows)
    print("\n".join(target_table(_targets(rows), is_loaded=is_loaded(machine()))))


def _targets(rows: Sequence[Row]) -> list[Target]:
    return [_target(row, figure, asked) for row in rows for figure, asked in TARGETS.items()]


def _target(row: Row, figure: str, asked: float) -> Target:
    books = cast(int, row["books"])
    asked = OF_TEN.get(figure, asked) if books == OPEN_BOOKS else asked
    if figure == "touched_found_seconds" and books > MOST_IN_A_MINUTE:
        asked = OF_MANY_FOUND_SECONDS
    measured_now = float(str(row[figure]))
    return Target(
        name=f"{NAMES[figure]}, {books} books", asked=asked, measured=measured_now,
        is_wall=figure in BY_THE_CLOCK, words=WORDS.get(figure, "") if measured_now > asked else "",
    )  # fmt: skip


def _keep(rows: Sequence[Row]) -> None:
    """Of sizes that are not measured now, the figures of the last time stay."""
    kept = {cast(int, row["books"]): row for row in [*_before(), *rows]}
    rows = [kept[size] for size in sorted(kept)]
    judged = [
        {"figure": name, "asked": f"<= {target:g}", **{f"{row['books']} books": row[name] for row in rows}}
        for name, target in TARGETS.items()
    ]
    more = [
        {"figure": name, "asked": "", **{f"{row['books']} books": row.get(name) for row in rows}}
        for name in rows[0]
        if name not in TARGETS and name != "books"
    ]
    text = "\n".join(["# A library that has grown", "", *table(judged + more), ""])
    keep("growth", results={"machine": machine(), "rows": rows, "targets": TARGETS}, text=text)


def _before() -> list[Row]:
    path = RESULTS / "growth.json"
    return cast(list[Row], json.loads(path.read_text())["rows"]) if path.exists() else []


def measured(size: int, *, idle_seconds: float) -> Row:
    """Everything about a library of so many books."""
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        folder = Path(short)
        with contextlib.redirect_stdout(io.StringIO()):  # its log
            model = finished_book(folder / "model")
        books = fill(folder / "library", model=model, count=size, held=min(OPEN_BOOKS, size))
        token = folder / "token"
        options = {
            "provider.image": "none",
            "workers.max_concurrency": WORKERS,
            "workers.max_attempts": 100,
            "workers.reap_interval_seconds": 15.0,
            "inbox.reconcile_seconds": 60.0,
        }
        daemon = Daemon(folder=folder, options=options, faults=f"analyze-1:stop:{token}")
        row: dict[str, object] = {"books": size}
        try:
            row["first_ready_seconds"] = _start(daemon)
            row["first_whole_seconds"] = _seconds_until(lambda: _is_whole(daemon), "`status` is whole")
            row["first_whole_cpu_seconds"] = round(run_seconds(processes_of(daemon)), 2)
            daemon.stop()
            row["ready_seconds"] = _start(daemon)
            _seconds_until(lambda: _is_whole(daemon), "`status` is whole after a restart")
            time.sleep(SETTLING_SECONDS)
            row |= _while_idle(daemon, seconds=idle_seconds)
            row |= _of_status(daemon)
            row |= _of_a_look(folder)
            row["touched_found_seconds"] = _found_again(daemon, books[-1])
            row["kill_to_claim_seconds"] = _kill_to_claim(daemon, token)
            print(json.dumps(row), flush=True)
        except TimeoutError as error:
            error.add_note(_left(daemon))
            raise
        finally:
            if daemon.process is not None and daemon.process.poll() is None:
                os.killpg(daemon.process.pid, signal.SIGKILL)
                daemon.process.wait()
        return row


def _left(daemon: Daemon) -> str:
    """Of a daemon at which something never came true: where its log is kept, its last lines, and what still runs."""
    kept = Path(tempfile.mkdtemp(prefix="imaginized-growth-"))
    lines = daemon.log.read_text(errors="replace").splitlines() if daemon.log.exists() else []
    (kept / "log").write_text("\n".join(lines))
    for manifest in daemon.library.glob(f"dropped-*/{MANIFEST}"):
        shutil.copyfile(manifest, kept / "manifest.json")
    listed = subprocess.run(
        ["ps", "-eo", "pid,ppid,pgid,sid,stat,etimes,args"], capture_output=True, text=True, check=False
    )
    (kept / "ps").write_text(listed.stdout)
    return "\n".join([f"its log, manifest and all processes are kept in {kept}; the log ends with", *lines[-20:]])


def _seconds_until(is_so: Callable[[], bool], what: str, *, poll_seconds: float = 0.02) -> float:
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > DEADLINE_SECONDS:
            raise TimeoutError(f"never came true in {DEADLINE_SECONDS:g} s: {what}")
        time.sleep(poll_seconds)
    return round(time.monotonic() - began, 2)


def _start(daemon: Daemon) -> float:
    """Seconds until it says READY."""
    before = len(daemon.events("daemon_ready")) if daemon.log.exists() else 0
    began = time.monotonic()
    daemon.begin()
    _seconds_until(lambda: daemon.log.exists() and len(daemon.events("daemon_ready")) > before, "it is ready")
    return round(time.monotonic() - began, 2)


def _is_whole(daemon: Daemon) -> bool:
    return bool(cast(Row, daemon.status()["page"])["is_whole"])


def _pss_mb(pid: int) -> float:
    lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024, 1)


def _while_idle(daemon: Daemon, *, seconds: float) -> Row:
    pids = processes_of(daemon)
    before = run_seconds(pids)
    by_process = {pid: run_seconds({pid}) for pid in pids}
    time.sleep(seconds)
    assert daemon.process is not None
    workers = [cast(int, row["pid"]) for row in daemon.workers()]
    spent = run_seconds(pids) - before
    supervisor = run_seconds({daemon.process.pid}) - by_process[daemon.process.pid]
    return {
        "idle_percent_of_a_core": round(100 * spent / seconds, 2),
        "idle_percent_of_supervisor": round(100 * supervisor / seconds, 2),
        "supervisor_mb": _pss_mb(daemon.process.pid),
        "worker_mb": max(map(_pss_mb, workers)),
        "all_mb": round(sum(map(_pss_mb, pids)), 1),
    }


def _of_status(daemon: Daemon) -> Row:
    """Of the whole status as a client has it on the wire."""
    assert daemon.process is not None
    walls, sizes = [], []
    before = run_seconds({daemon.process.pid})
    for _ in range(CALLS):
        began = time.monotonic()
        sizes.append(_asked(daemon.socket, "status"))
        walls.append((time.monotonic() - began) * 1000)
    cpu = (run_seconds({daemon.process.pid}) - before) / CALLS * 1000
    return {"status_ms": round(statistics.median(walls), 1), "status_cpu_ms": round(cpu, 1), "status_bytes": max(sizes)}


def _asked(path: Path, method: str) -> int:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode() + b"\n")
        with client.makefile("rb") as answer:
            return len(answer.readline())


def _of_a_look(folder: Path) -> Row:
    """CPU of a worker's look for something to claim where there is nothing, and of its look for late reports."""
    place = Place(root=folder)
    library = Library(place.library, clock=SystemClock())
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(place.settings(), library, end=theirs)
        late = LateReports(library, log=shop.log)
        took = []
        for _ in range(CALLS):
            began = time.process_time()
            assert claim_next(shop) is None
            late.catch_up(until=lambda: False)
            took.append((time.process_time() - began) * 1000)
    return {"first_look_ms": round(took[0], 2), "look_ms": round(statistics.median(took), 2)}


def _found_again(daemon: Daemon, book: str) -> float:
    """Seconds until a finished book is looked at again whose manifest another program has changed."""
    manifest = daemon.library / book / MANIFEST
    index = daemon.library / INDEX
    report = daemon.library / book / "progress.md"
    before = report.stat().st_mtime_ns
    assert index.exists()
    manifest.touch()
    return _seconds_until(lambda: report.stat().st_mtime_ns != before, "a changed book is looked at", poll_seconds=0.1)


def _kill_to_claim(daemon: Daemon, token: Path) -> float:
    """Seconds from the SIGKILL of the supervisor, started again at once, to the next claim of the chapter in work."""
    token.touch()
    daemon.drop(make_epub(daemon.folder / "dropped.epub", chapters=1))
    path: list[Path] = []

    def is_stopped() -> bool:
        path[:] = daemon.library.glob(f"dropped-*/{MANIFEST}")
        return bool(path) and not token.exists() and decode(path[0].read_bytes()).chapters[1].attempt == 1

    _seconds_until(is_stopped, "a worker is stopped within its claim")
    began = time.monotonic()
    daemon.kill()
    daemon.begin()
    _seconds_until(
        lambda: decode(path[0].read_bytes()).chapters[1].attempt > 1,
        "the chapter of the worker that was stopped is claimed again",
        poll_seconds=0.005,
    )
    return round(time.monotonic() - began, 2)


if __name__ == "__main__":
    main()

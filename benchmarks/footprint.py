"""What the daemon takes while nothing happens, and how soon it works again after a kill: see `run`."""

import statistics
import time

from benchmarks.books import write_book
from benchmarks.counting import daemon, endpoint_options, worker_pids
from benchmarks.endpoint import endpoint, fixed
from benchmarks.processes import own_bytes, pss_bytes, run_seconds
from benchmarks.recovery import after_supervisor_kill, after_worker_kill
from benchmarks.targets import Target
from imaginized.work.worker import NO_BOOK_SECONDS, REST_SECONDS
from tests.support.daemons import Daemon, processes_of

BOOKS = 10
IDLE_SECONDS = 30.0
# As every daemon has them that is not a test's: that looks fifteen times as often what a dead process left.
CALM = {"workers.reap_interval_seconds": 15.0, "inbox.reconcile_seconds": 60.0}
STARTS = 5
SAMPLES = 40  # of fewer, the 95th of a hundred is the worst
MB = 1_000_000
# A worker that found nothing for so long is replaced by one that shares its pages; see imaginized.work.worker.
RESTED_SECONDS = NO_BOOK_SECONDS + REST_SECONDS + 10.0
AT_WORK = (
    "about 30 of it are copies of shared pages: Python counts references on them, 11 before the first task, the "
    "rest as the code of calls and guides runs; 3 are its own data, the rest what its allocator keeps. Tried and "
    "kept: what a task leaves free in the heap is given back (2, and 9 after a drawn cover), the formats of "
    "pictures are imported before the fork (1.8), no child imports the launcher (1.5). Tried and left: the holes "
    "of the allocator filled before the fork (0.3), templates compiled before it (1.7, for 80 ms more until the "
    "first claim). Who rests is replaced"
)
IDLE = (
    "a tick a second of the supervisor, a look every 30 s of each worker (10 s before, and 2 s: 0.23 and 0.43 in all), "
    "a beat of gate and intake every few seconds"
)
AFTER_DEATH = (
    "the kernel tells the supervisor, which frees the claim and wakes one worker, which looks and claims: two updates "
    "with their syncs, and two processes that wake; what the dead one left is removed later"
)
START = (
    "the imports of two processes, made at the same time: the fork server is started before the settings are read; "
    "what workers need is imported after READY"
)


def run(*, quick: bool) -> list[Target]:
    """Memory by process at ten books with the client loaded; unless `quick`, CPU at rest and recovery, too."""
    with endpoint(fixed(0.0)) as server, daemon({**endpoint_options(server.base_url, workers=3), **CALM}) as running:
        for number in range(1, (2 if quick else BOOKS) + 1):
            running.drop(write_book(running.folder / f"book-{number}.md", pages=[1.0] * 5, seed=number))
        running.wait_for_phases(*["done"] * (2 if quick else BOOKS))
        targets = memory(running)
        if not quick:
            time.sleep(RESTED_SECONDS)
            targets += [further(running, when="at rest", words=""), idle(running), *ready(running)]
    return targets if quick else [*targets, *recovery()]


def memory(running: Daemon) -> list[Target]:
    """Proportional memory: what is shared counts in parts."""
    assert running.process is not None
    everything = sum(pss_bytes(pid) for pid in processes_of(running))
    return [
        Target(
            name="MB of the supervisor (PSS)",
            asked=45.0,
            measured=pss_bytes(running.process.pid) / MB,
            is_count=True,
            slack=1.2,
        ),
        further(running, when="just after work", words=AT_WORK),
        Target(name="MB of all processes just after work (PSS)", asked=None, measured=everything / MB),
    ]


def further(running: Daemon, *, when: str, words: str) -> Target:
    """What one more worker takes that nobody shares."""
    each = statistics.fmean(own_bytes(pid) for pid in worker_pids(running)) / MB
    return Target(
        name=f"MB that each further worker adds, {when} (openai loaded)", asked=25.0, measured=each, is_count=True,
        slack=1.2, words="" if each <= 25.0 else words,
    )  # fmt: skip


def idle(running: Daemon) -> Target:
    """CPU of all processes while nothing happens."""
    pids = processes_of(running)
    before = run_seconds(pids)
    time.sleep(IDLE_SECONDS)
    share = (run_seconds(pids) - before) / IDLE_SECONDS * 100
    words = "" if share <= 0.2 else IDLE
    return Target(name="% of a core at rest, all processes, 10 books", asked=0.2, measured=share, words=words)


def ready(running: Daemon) -> list[Target]:
    """From the start of the process to its first answer, and to READY: the intake has looked at the inbox.

    The best of five, as other work only adds to it.
    """
    answered, took = [], []
    for _ in range(STARTS):
        running.stop()
        before, began = len(running.events("daemon_ready")), time.monotonic()
        running.begin()
        while not running.socket.exists() or not running.answers():
            time.sleep(0.005)
        answered.append(time.monotonic() - began)
        while len(running.events("daemon_ready")) == before:
            time.sleep(0.005)
        took.append(time.monotonic() - began)
        running.wait_for(lambda: all(row["pid"] for row in running.workers()), "the workers run")
    words = "" if min(took) <= 0.6 else START
    return [
        Target(name="s from start to the first answer, 10 books", asked=None, measured=min(answered), is_wall=True),
        Target(name="s from start to READY, 10 books", asked=0.6, measured=min(took), is_wall=True, words=words),
    ]


def recovery() -> list[Target]:
    """From a SIGKILL to the next claim."""
    worker, supervisor = sorted(after_worker_kill(samples=SAMPLES)), after_supervisor_kill(samples=4)
    p95 = worker[min(int(0.95 * len(worker)), len(worker) - 1)]
    return [
        Target(
            name="s from a worker's SIGKILL to the next claim, p95",
            asked=0.02,
            measured=p95,
            is_wall=True,
            words="" if p95 <= 0.02 else AFTER_DEATH,
        ),
        Target(
            name="s from the supervisor's SIGKILL and start to the first claim",
            asked=1.0,
            measured=min(supervisor),
            is_wall=True,
            words="" if min(supervisor) <= 1.0 else START,
        ),
    ]

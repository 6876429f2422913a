"""What the daemon takes while nothing happens, and how soon it works again after a kill: see `run`."""

import os
import statistics
import time

from benchmarks.books import write_book
from benchmarks.counting import daemon, endpoint_options, worker_pids
from benchmarks.endpoint import endpoint, fixed
from benchmarks.processes import cpu_of, own_bytes, pss_bytes
from benchmarks.recovery import after_supervisor_kill, after_worker_kill
from benchmarks.targets import Target
from tests.support.daemons import Daemon, processes_of

BOOKS = 10
IDLE_SECONDS = 30.0
MB = 1_000_000
FURTHER = (
    "9 before its first task: Python counts references on the shared pages, which makes copies of them; the word lists "
    "loaded before the fork changed nothing"
)


def run(*, quick: bool) -> list[Target]:
    """Memory by process at ten books with the client loaded; unless `quick`, CPU at rest and recovery, too."""
    with endpoint(fixed(0.0)) as server, daemon(endpoint_options(server.base_url, workers=3)) as running:
        for number in range(1, (2 if quick else BOOKS) + 1):
            running.drop(write_book(running.folder / f"book-{number}.md", pages=[1.0] * 5, seed=number))
        running.wait_for_phases(*["done"] * (2 if quick else BOOKS))
        targets = memory(running)
        if not quick:
            targets += [idle(running), ready(running)]
    return targets if quick else [*targets, *recovery()]


def memory(running: Daemon) -> list[Target]:
    """Proportional memory: what is shared counts in parts."""
    assert running.process is not None
    further = statistics.fmean(own_bytes(pid) for pid in worker_pids(running))
    everything = sum(pss_bytes(pid) for pid in processes_of(running))
    return [
        Target(
            name="MB of the supervisor (PSS)",
            asked=45.0,
            measured=pss_bytes(running.process.pid) / MB,
            is_count=True,
            slack=1.2,
        ),
        Target(
            name="MB that each further worker adds (openai loaded)",
            asked=25.0,
            measured=further / MB,
            is_count=True,
            slack=1.2,
            words=FURTHER,
        ),
        Target(name="MB of all processes (PSS)", asked=None, measured=everything / MB),
    ]


def idle(running: Daemon) -> Target:
    """CPU of all processes while nothing happens."""
    pids = processes_of(running)
    before = cpu_of(pids)
    time.sleep(IDLE_SECONDS)
    share = (cpu_of(pids) - before) / IDLE_SECONDS * 100
    return Target(name="% of a core at rest, all processes, 10 books", asked=0.2, measured=share)


def ready(running: Daemon) -> Target:
    """From the start of the process to its first answer; the best of three, as other work only adds to it."""
    took = []
    for _ in range(3):
        running.stop()
        began = time.monotonic()
        running.begin()
        while not running.socket.exists() or not running.answers():
            time.sleep(0.005)
        took.append(time.monotonic() - began)
        running.wait_for(running.watches, "the intake has looked at the inbox")
    words = f"with {os.getloadavg()[0]:.0f} others running" if os.getloadavg()[0] > (os.cpu_count() or 1) else ""
    return Target(name="s from start to ready, 10 books", asked=0.6, measured=min(took), words=words)


def recovery() -> list[Target]:
    """From a SIGKILL to the next claim."""
    worker, supervisor = sorted(after_worker_kill(samples=12)), after_supervisor_kill(samples=4)
    p95 = worker[min(int(0.95 * len(worker)), len(worker) - 1)]
    return [
        Target(name="s from a worker's SIGKILL to the next claim, p95", asked=0.02, measured=p95),
        Target(
            name="s from the supervisor's SIGKILL and start to the first claim", asked=1.0, measured=min(supervisor)
        ),
    ]

"""The endurance run: books dropped in bursts and in every way, processes killed at random, the status asked all along.

scripts/endure runs it: python -m tests.support.enduring [--minutes 30] [--books 200] [--seed S] [--tabs 32]
"""

import argparse
import contextlib
import heapq
import itertools
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from imaginized.control.client import Client
from imaginized.errors import ControlError
from tests.support.daemons import FAST, Daemon, Row
from tests.support.dropping import KINDS, PROFILE, STYLE, Drop, Place, Steps
from tests.support.enduring_page import Page
from tests.support.figures import SAMPLE_SECONDS, Run, Sample, percentile, told, unfit
from tests.support.hostile import Hostility
from tests.support.killing import Target, Violation, settle
from tests.support.standing import Standing, problems_at_rest

SETTLE_SECONDS = 0.5
OPTIONS = {
    **FAST,
    "workers.max_attempts": 100,  # a chapter may be at work at many of the kills
    "inbox.settle_seconds": SETTLE_SECONDS,
    "logs.level": "info",
}
VICTIMS = (*["worker"] * 8, "intake", "intake", "supervisor")
KILL_SECONDS = 16.0  # between two at most
MOST_IN_A_BURST = 20
DROPPING_SHARE = 0.85  # of the time; what is dropped last has the rest of it to get through
KILLING_SHARE = 0.93
SPARED = (0.25, 0.75)  # of the time the supervisor is not killed, so that its figures can be seen to be flat
ASK_SECONDS = 0.1
TELL_SECONDS = 60.0
REST_SECONDS = 300.0


class Asker(threading.Thread):
    """Asks for the status all along, each time on a connection of its own, as imaginizectl does."""

    def __init__(self, socket: Path, run: Run) -> None:
        super().__init__(daemon=True)
        self._socket = socket
        self._run = run
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.wait(ASK_SECONDS):
            began = time.monotonic()
            try:
                with Client(self._socket) as client:
                    client.call("status")
            except ControlError as error:
                self._run.refused[error.exit_code.name.lower()] += 1
            else:
                self._run.asked.append((began, time.monotonic() - began))

    def stop(self) -> None:
        self._is_over.set()
        self.join()


class Endurance:
    """One run."""

    def __init__(
        self, folder: Path, *, seconds: float, drops: int, seed: int, options: Mapping[str, object], tabs: int
    ) -> None:
        """Make every book below `folder`, an empty one with a short path; nothing is started yet."""
        self.run = Run()
        self._seconds = seconds
        self._choose = random.Random(seed)
        self._daemon = Daemon(folder=folder, options={**OPTIONS, **options})
        self._target = Target(self._daemon, choose=self._choose)
        outside, books, profiles = (folder / name for name in ("outside", "books", "profiles"))
        for each in (outside, books, profiles):
            each.mkdir()
        (profiles / f"{PROFILE}.toml").write_text(f'style = "{STYLE}"\n')
        self._place = Place(
            inbox=self._daemon.inbox, outside=outside, choose=self._choose, settle_seconds=SETTLE_SECONDS
        )
        self._planned = [self._plan(number, kind, books) for number, kind in enumerate(self._kinds(drops))]
        self._hostility = (
            Hostility(self._daemon, seed=seed, seconds=seconds * DROPPING_SHARE) if os.geteuid() == 0 else None
        )  # nobody else can become another user
        self._page = Page(self._daemon, tabs=tabs) if tabs else None
        self._agenda: list[tuple[float, int, Steps]] = []
        self._serial = itertools.count()

    def go(self, tell: Callable[[str], None]) -> Standing:
        """Drop, kill and ask for as long as it takes; what does not hold then is in the run's violations."""
        if self._hostility:
            self._hostility.start()
        self._target.start()
        if self._page:
            self._page.start()
        began = time.monotonic()
        asker = Asker(self._daemon.socket, self.run)
        asker.start()
        self._add(0.0, self._killing(began))
        self._add(0.0, self._sampling())
        self._add(TELL_SECONDS, self._telling(tell))
        for at, steps in zip(self._moments(len(self._planned)), self._planned, strict=True):
            self._add(at, steps)
        with self._noted():
            self._follow_agenda(lambda: time.monotonic() >= began + self._seconds)
        if self._hostility:
            self._hostility.stop()
        with self._noted():
            self._come_to_rest()
        with self._noted():
            settle(lambda: [*problems_at_rest(self._daemon, self.run.drops), *self._target.problems()])
        with self._noted():
            self._judge_hostility(tell)
        with self._noted():
            self._judge_page(tell)
        standing = Standing.of(self._daemon)
        asker.stop()
        with self._noted():
            self._target.stop()
        return standing

    def end(self) -> None:
        """Whatever is left of it."""
        if self._page:
            self._page.stop()
        if self._hostility:
            self._hostility.stop()
        self._target.end()

    def _judge_hostility(self, tell: Callable[[str], None]) -> None:
        if self._hostility is None:
            tell("no hostile dropper: only root can become another user")
            return
        caught = list(self._hostility.problems())
        self.run.violations.extend(caught)
        tell(f"hostile dropper: {self._hostility.count} swaps, {len(caught)} secrets caught")

    def _judge_page(self, tell: Callable[[str], None]) -> None:
        """What happened last may still be on its way to the tabs."""
        if self._page is None:
            return
        page = self._page
        try:
            settle(lambda: list(page.missed()))
        finally:
            page.stop()
            self.run.violations.extend(page.problems())
            for line in page.told():
                tell(line)

    @contextlib.contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except (Violation, ControlError, AssertionError, OSError) as problem:
            self.run.violations.append(f"{type(problem).__name__}: {problem}")

    def _kinds(self, count: int) -> list[str]:
        """At least one of each, as far as that goes, in any order."""
        weights = [often for often, _, _ in KINDS.values()]
        more = self._choose.choices(list(KINDS), weights=weights, k=max(count - len(KINDS), 0))
        kinds = [*list(KINDS)[:count], *more]
        self._choose.shuffle(kinds)
        return kinds

    def _plan(self, number: int, kind: str, books: Path) -> Steps:
        _, make, way = KINDS[kind]
        file = make(books, number, self._choose)
        drop = Drop(kind=kind, name=file.name)
        return self._dropping(drop, way(self._place, file, drop))

    def _dropping(self, drop: Drop, steps: Steps) -> Steps:
        self.run.drops.append(drop)
        yield from steps
        drop.is_over = True

    def _moments(self, count: int) -> Iterator[float]:
        """When to drop, seconds from the start: in bursts, each within two seconds."""
        while count > 0:
            size = min(self._choose.randint(1, MOST_IN_A_BURST), count)
            burst = self._choose.uniform(0.0, self._seconds * DROPPING_SHARE)
            yield from (burst + self._choose.uniform(0.0, 2.0) for _ in range(size))
            count -= size

    def _killing(self, began: float) -> Steps:
        while (share := (time.monotonic() - began) / self._seconds) < KILLING_SHARE:
            yield self._choose.uniform(0.0, min(KILL_SECONDS, self._seconds / 8))
            if self._daemon.status()["breaker"] == "open":
                with contextlib.suppress(ControlError):  # it closed by itself meanwhile
                    self._daemon.call("reset")  # the operator sees it
            is_spared = SPARED[0] <= share < SPARED[1]
            victims = [victim for victim in VICTIMS if victim != "supervisor" or not is_spared]
            at = time.monotonic()
            victim = self._target.kill_somebody(victims)
            if victim:
                self.run.kills.append((at, victim))
            if victim == "supervisor":
                self.run.restarts.append(time.monotonic() - at)

    def _sampling(self) -> Steps:
        pid, since = 0, 0.0
        while True:
            assert self._daemon.process is not None
            if self._daemon.process.pid != pid:
                pid, since = self._daemon.process.pid, time.monotonic()
                self.run.lives.append([])
            self.run.lives[-1].append(_sample(pid, age=time.monotonic() - since))
            if self._page:
                self._page.sample()
            yield SAMPLE_SECONDS

    def _telling(self, tell: Callable[[str], None]) -> Steps:
        while True:
            slowest = percentile([seconds for _, seconds in self.run.asked], 99) * 1000
            tell(f"… {len(self.run.drops)} dropped, {len(self.run.kills)} killed, status p99 {slowest:.1f} ms")
            yield TELL_SECONDS

    def _add(self, seconds: float, steps: Steps) -> None:
        heapq.heappush(self._agenda, (time.monotonic() + seconds, next(self._serial), steps))

    def _follow_agenda(self, is_over: Callable[[], bool]) -> None:
        """Take every step when it is due, until it is over."""
        while self._agenda and not is_over():
            at, _, steps = heapq.heappop(self._agenda)
            time.sleep(max(at - time.monotonic(), 0.0))
            pause = next(steps, None)
            if pause is not None:
                self._add(pause, steps)

    def _come_to_rest(self) -> None:
        """Until nothing waits in the inbox, and every book is done.

        Raises:
            Violation: It was not so for too long.
        """
        deadline = time.monotonic() + REST_SECONDS
        self._follow_agenda(lambda: self._is_at_rest() or time.monotonic() > deadline)
        if not self._is_at_rest():
            raise Violation(f"not at rest after {REST_SECONDS:g} s: {self._daemon.status()}")

    def _is_at_rest(self) -> bool:
        status = self._daemon.status()
        inbox = cast(Row, status["inbox"])
        books = cast(list[Row], status["books"])
        is_dropped = all(drop.is_over for drop in self.run.drops) and len(self.run.drops) == len(self._planned)
        return is_dropped and inbox.get("waiting") == 0 and all(book["phase"] == "done" for book in books)


def _sample(pid: int, *, age: float) -> Sample:
    process = Path("/proc") / str(pid)
    said = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    descriptors = len(list((process / "fd").iterdir()))
    return Sample(age, int(said["VmRSS"].split()[0]), descriptors, int(said["Threads"]))


def endure(
    folder: Path,
    *,
    seconds: float,
    drops: int,
    seed: int,
    options: Mapping[str, object] | None = None,
    tabs: int,
    tell: Callable[[str], None],
) -> Run:
    """One run; tells how far it is every minute, and its table."""
    this = Endurance(folder, seconds=seconds, drops=drops, seed=seed, options=options or {}, tabs=tabs)
    try:
        standing = this.go(tell)
    finally:
        this.end()
    for line in told(this.run, standing):
        tell(line)
    return this.run


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/endure", description="Drop books in bursts while processes die.")
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (default 30)")
    parser.add_argument("--books", type=int, default=200, help="how many things to drop (default 200)")
    parser.add_argument("--seed", type=int, help="of the choices made; the moments stay random (default: a new one)")
    parser.add_argument("--tabs", type=int, default=32, help="how many listen to the page; 0 without it (default 32)")
    given = parser.parse_args(arguments)
    seed = random.SystemRandom().randrange(1_000_000) if given.seed is None else given.seed
    folder = Path(tempfile.mkdtemp(prefix="imz-"))
    print(f"seed {seed}, {given.minutes:g} minutes, {given.books} drops, in {folder}", flush=True)
    options = {"inbox.incomplete_timeout_seconds": 20.0}
    run = endure(
        folder,
        seconds=given.minutes * 60,
        drops=given.books,
        seed=seed,
        options=options,
        tabs=given.tabs,
        tell=lambda line: print(line, flush=True),
    )
    if run.violations or any(unfit(run)):
        print(f"everything is left in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

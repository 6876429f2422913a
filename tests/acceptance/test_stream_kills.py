"""The stream of events over a daemon whose processes are killed again and again: none is missing, none comes twice."""

import os
import random
import signal
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import cast

from imaginized.clock import SystemClock
from imaginized.control.client import Told, events
from imaginized.errors import ControlError
from imaginized.store.library import Library
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.streaming import gaps, in_logs, numbers
from tests.support.waiting import PROGRAM_SECONDS, eventually

KILLS = int(os.environ.get("IMAGINIZED_STREAM_KILLS", "100"))
WORKERS_TO_A_SUPERVISOR = 4
BOOKS = 5
SEED = 15
MOST_EVENTS = 4  # from one kill to the next


class Listener(threading.Thread):
    """A client that comes back with the last cursor it has, and now and then begins anew with an old one."""

    def __init__(self, socket: Path) -> None:
        super().__init__()
        self.told: list[Told] = []
        self.problem = ""
        self._stream = events(socket, quiet_seconds=lambda: 0.5, return_seconds=PROGRAM_SECONDS)
        next(self._stream)
        self._is_over = threading.Event()

    def run(self) -> None:
        try:
            for told in self._stream:
                if told.event is not None or told.gap is not None:
                    self.told.append(told)
                elif self._is_over.is_set() and not told.is_beginning:
                    return
        except ControlError as error:
            self.problem = str(error)

    def end(self) -> None:
        """Once nothing more comes."""
        self._is_over.set()
        self.join(PROGRAM_SECONDS)


def wait_for_some(listener: Listener, dice: random.Random) -> None:
    """Until some more was told: the next kill comes somewhere in a claim, a commit or a line."""
    wanted = len(listener.told) + dice.randint(1, MOST_EVENTS)
    eventually(lambda: len(listener.told) >= wanted or bool(listener.problem))


def kill_workers(daemon: Daemon, *, most: int) -> int:
    """SIGKILL some of those that run; how many it were."""
    killed = 0
    for row in daemon.workers():
        if killed == most or row["pid"] is None:
            continue
        with suppress(ProcessLookupError):
            os.kill(cast(int, row["pid"]), signal.SIGKILL)
            killed += 1
    return killed


def give_work(daemon: Daemon, dice: random.Random) -> None:
    """Have chapters done again, so that there is always something to claim."""
    for book in daemon.books():
        with suppress(ControlError):  # it is as it should be, or its lock is held by one who was killed
            daemon.call("retry", book=book["book"], chapters=[dice.randint(1, 4)])


def test_100_kills_cost_a_stream_nothing(tmp_path: Path) -> None:
    """Supervisors and workers are killed while a client listens; it has every line of every log, once, in order."""
    dice = random.Random(SEED)
    killed: Counter[str] = Counter()
    with daemon_in(tmp_path, workers__max_attempts=100) as daemon:
        listener = Listener(daemon.socket)
        listener.start()
        for number in range(BOOKS):
            daemon.drop(make_epub(tmp_path / f"book-{number}.epub", title=f"Book {number}"))
        while killed.total() < KILLS:
            give_work(daemon, dice)
            wait_for_some(listener, dice)
            killed["worker"] += kill_workers(daemon, most=dice.randint(1, 3))
            if killed["worker"] >= WORKERS_TO_A_SUPERVISOR * (killed["supervisor"] + 1):
                daemon.kill()
                killed["supervisor"] += 1
                daemon.begin()
                daemon.wait_for(daemon.answers, "the daemon answers")
            elif daemon.status()["breaker"] == "open":
                daemon.call("reset")
        with suppress(ControlError):
            daemon.call("reset")
        daemon.wait_for_phases(*["done"] * BOOKS)
        held = in_logs(Library(daemon.library, clock=SystemClock()))
        # The last lines may still be on their way; after them there are no more to wait for.
        eventually(lambda: len(numbers(listener.told)) >= len(held) or bool(listener.problem))
        listener.end()

    told = numbers(listener.told)
    assert listener.problem == ""
    assert gaps(listener.told) == []
    assert Counter(told) == Counter(held)
    for book in {book for book, _ in held}:
        assert [number for name, number in told if name == book] == sorted(n for name, n in held if name == book)
    assert killed.total() >= KILLS
    print(f"{dict(killed)} killed, {len(told)} events told")

"""The table that imaginize publishes, with our figures beside its own: see `run`."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.contention import BOOK, NOW, following, new_claim, prepare
from benchmarks.counting import daemon, endpoint_options
from benchmarks.endpoint import endpoint, fixed
from benchmarks.makespan import CHAPTERS, PICTURES, one
from benchmarks.targets import Target
from imaginized.clock import SystemClock
from imaginized.queue.change import Change, Transition
from imaginized.queue.manifest import Manifest
from imaginized.queue.transitions import claim
from imaginized.store.library import Library

# imaginize 2.7.0, docs/specs/parallel-processing.md: 10 chapters with 5 pictures each took 12 min 30 s one by one.
SPEEDUP = {2: 1.61, 3: 2.0, 5: 2.14}
WRITE_US, READ_US, UPDATE_US = 650.0, 234.0, 450.0
PAUSES = "the pauses of 2 s between batches alone take longer than that: no program that keeps them can"
REPEATS = 300
MEMORY = Path("/dev/shm")


def run(*, quick: bool) -> list[Target]:
    """State and manifest as the seed measures them, and its pacing at replies of 0.1 and 1 s."""
    targets = state(REPEATS // 10 if quick else REPEATS)
    return targets if quick else [*targets, *speedups((0.1, 1.0))]


def run_long() -> list[Target]:
    """At 10 s, too, which the seed's own figures are nearest to: 11 minutes."""
    return [*run(quick=False), *speedups((10.0,))]


def speedups(seconds: Sequence[float]) -> list[Target]:
    """How many times less than one by one a book takes with `paid` and batches of 2, 3 and 5."""
    return [_speedup(batch, each) for each in seconds for batch in SPEEDUP]


def _speedup(batch: int, seconds: float) -> Target:
    with endpoint(fixed(seconds)) as server:
        options = endpoint_options(server.base_url, workers=1)
        del options["workers.max_concurrency"]  # workers follow the batch
        paced = {"workers.rate_limit": "paid", "workers.batch_size": batch}
        with daemon({**options, **paced}) as running:
            course = one(running, server, fixed(seconds), pages=[PICTURES] * CHAPTERS, number=1)
    pauses = 2.0 * (-(-CHAPTERS // batch) - 1)
    most = course.work / (pauses + course.work / batch)
    return Target(
        name=f"paid, batch of {batch}, replies of {seconds:g} s: times faster than one by one",
        asked=SPEEDUP[batch], measured=course.work / course.makespan, sense="at least",
        is_wall=True,
        words="" if most > SPEEDUP[batch] else f"at most {most:.2f}: {PAUSES}",
    )  # fmt: skip


def state(repeats: int) -> list[Target]:
    """Microseconds on the seed's payloads: a book without chapters, and an update of one with ten."""
    with tempfile.TemporaryDirectory(prefix="imz-", dir=MEMORY if MEMORY.is_dir() else None) as short:
        small, ten = Path(short) / "small", Path(short) / "ten"
        prepare(small, chapters=0)
        prepare(ten, chapters=10)
        writer = Library(small, clock=SystemClock())
        flip = _Flip(Library(ten, clock=SystemClock()))
        read = _median(lambda: Library(small, clock=SystemClock()).read(BOOK), repeats)
        write = _median(lambda: writer.update(BOOK, _touched), repeats)
        update = _median(flip.turn, repeats)
    synced = "in a file system where a sync costs nothing: theirs syncs nothing"
    return [
        Target(name="us to read the state", asked=READ_US, measured=read, is_wall=True),
        Target(name="us to write the state", asked=WRITE_US, measured=write, words=synced, is_wall=True),
        Target(
            name="us to update the manifest of 10 chapters",
            asked=UPDATE_US,
            measured=update,
            words=synced,
            is_wall=True,
        ),
    ]


class _Flip:
    """Claims and releases in turns."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._next: Transition = partial(claim, by=new_claim(), now=NOW)

    def turn(self) -> None:
        """One of the two."""
        self._next = following(self._library.update(BOOK, self._next))


def _touched(manifest: Manifest) -> Change:
    return Change(replace(manifest, renamed=manifest.renamed))


def _median(call: Callable[[], object], repeats: int) -> float:
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1e6

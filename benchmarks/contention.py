"""Measuring one update against the bare file operations, and claims a second when processes compete for them."""

import multiprocessing
import shutil
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.locks import WAYS, replace_file
from imaginized.clock import SystemClock
from imaginized.errors import ClaimLost, LibraryBusy, ManifestCorrupt
from imaginized.queue.change import Transition
from imaginized.queue.codec import encode
from imaginized.queue.manifest import Claim, Entry, Manifest, Stage, Status
from imaginized.queue.plan import held_by, live_claims
from imaginized.queue.transitions import claim, release
from imaginized.store.library import Library

NODE_UPDATE = Path(__file__).with_name("update.mjs")
NODE_TURNS = 20  # at once: each change of the process leaves cold caches to the next
BOOK = "book-00000000"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OWNER = "worker-1@a-host-name:123456:12345678"
BOOT = "5f0c1a2e-0000-4000-8000-000000000000/4026531836"


def prepare(root: Path, *, chapters: int) -> Path:
    """A library with one book, half of whose chapters were analyzed; returns the path of its manifest."""
    old = Claim(owner=OWNER, boot=BOOT, claim_id=uuid.UUID(int=1).hex, claimed_at=NOW)
    entries = {
        number: Entry(stage=Stage.ANALYZE, title=f"Chapter {number}: A Title of Some Length", words=1000 + number)
        if number % 2
        else Entry(
            stage=Stage.ILLUSTRATE, title=f"Chapter {number}: A Title of Some Length", words=1000 + number,
            attempt=1, analyzed_at=NOW, claim=old,
        )
        for number in range(1, chapters + 1)
    }  # fmt: skip
    steps = {stage: Entry(stage=stage) for stage in (Stage.SPLIT, Stage.MERGE, Stage.COMPILE)}
    steps[Stage.SPLIT] = Entry(stage=Stage.SPLIT, status=Status.COMPLETED, completed_at=NOW)
    manifest = Manifest(
        book_id=BOOK, book_file="source.epub", original_name="a book.epub", digest="0" * 64, created_at=NOW,
        last_updated=NOW, steps=steps, chapters=entries,
    )  # fmt: skip
    path = root / BOOK / ".imaginize.manifest.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(encode(manifest))
    return path


def new_claim() -> Claim:
    """A claim nobody made before."""
    return Claim(owner=OWNER, boot=BOOT, claim_id=uuid.uuid4().hex, claimed_at=datetime.now(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateCost:
    """Medians, in seconds, and how many times the bare operations ours takes."""

    chapters: int
    size: int
    ours: float
    bare: float
    node: float | None = None

    @property
    def ratio(self) -> float:
        """Ours to bare."""
        return self.ours / self.bare


def measure_update(root: Path, *, chapters: int, repeats: int, durable: bool) -> UpdateCost:
    """One update (claim, release, claim …), a bare read, write, sync and rename, and an update in Node, in turns."""
    path = prepare(root, chapters=chapters)
    library = Library(root, clock=SystemClock())
    bare_path = path.with_name("bare.json")
    took: dict[str, list[float]] = {"ours": [], "bare": [], "node": []}
    transition: Transition = partial(claim, by=new_claim(), now=NOW)
    with node_updates(root / "node", chapters=chapters, durable=durable) as update_in_node:
        for turn in range(1, repeats + 1):
            began = time.perf_counter()
            after = library.update(BOOK, transition, durable=durable)
            took["ours"].append(time.perf_counter() - began)
            transition = following(after)
            bare_path.write_bytes(path.read_bytes())
            began = time.perf_counter()
            replace_file(bare_path, bare_path.read_bytes(), temporary=path.with_name("bare.tmp"), durable=durable)
            took["bare"].append(time.perf_counter() - began)
            if update_in_node is not None and turn % NODE_TURNS == 0:
                took["node"] += [update_in_node() for _ in range(NODE_TURNS)]
    medians = {name: statistics.median(values) for name, values in took.items() if values}
    return UpdateCost(
        chapters=chapters, size=path.stat().st_size, ours=medians["ours"], bare=medians["bare"],
        node=medians.get("node"),
    )  # fmt: skip


@contextmanager
def node_updates(root: Path, *, chapters: int, durable: bool) -> Iterator[Callable[[], float] | None]:
    """Makes one update of such a manifest in Node and tells its seconds; None on a machine without Node."""
    if shutil.which("node") is None:
        yield None
        return
    path = prepare(root, chapters=chapters)
    command = ["node", str(NODE_UPDATE), str(path), "true" if durable else "false"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        asking, told = node.stdin, node.stdout

        def update() -> float:
            asking.write("\n")
            return float(told.readline()) / 1000

        yield update
        asking.close()


def following(manifest: Manifest) -> Transition:
    """The change after this one: release what is claimed; claim when nothing is."""
    for task, entry in live_claims(manifest):
        if entry.fence is not None:
            return partial(release, task=task, fence=entry.fence)
    return partial(claim, by=new_claim(), now=NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What so many processes claimed in a time.

    Attributes:
        counts: Claims of each process.
        waits: Seconds every claim took, of all of them.
        errors: Updates that failed: a manifest that did not parse, a fence that another had overwritten.
    """

    way: str
    processes: int
    seconds: float
    counts: Sequence[int]
    waits: Sequence[float]
    errors: int

    @property
    def rate(self) -> float:
        """Claims a second."""
        return sum(self.counts) / self.seconds

    @property
    def jain(self) -> float:
        """Jain's fairness index: 1 when all got the same, 1/n when one got all."""
        squares = sum(count * count for count in self.counts)
        return sum(self.counts) ** 2 / (len(self.counts) * squares) if squares else 0.0

    @property
    def slowest_to_fastest(self) -> float:
        """Claims of the process that got fewest, to those of the one that got most."""
        return min(self.counts) / max(max(self.counts), 1)

    def percentile(self, share: float) -> float:
        """How long a claim took that so many others were quicker than."""
        ordered = sorted(self.waits)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def race(root: Path, *, way: str, processes: int, seconds: float, work_seconds: float) -> Race:
    """Let processes claim and release as fast as they can, working so long in between."""
    prepare(root, chapters=100)
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(processes)
    pipes = [context.Pipe(duplex=False) for _ in range(processes)]
    runners = [
        context.Process(target=_run, args=(root, way, seconds, work_seconds, barrier, writing)) for _, writing in pipes
    ]
    for runner in runners:
        runner.start()
    results = [reading.recv() for reading, _ in pipes]
    for runner in runners:
        runner.join()
    return Race(
        way=way, processes=processes, seconds=seconds,
        counts=[len(waits) for waits, _ in results],
        waits=[wait for waits, _ in results for wait in waits],
        errors=sum(errors for _, errors in results),
    )  # fmt: skip


def _run(root: Path, way: str, seconds: float, work_seconds: float, barrier: Barrier, pipe: Connection) -> None:
    update = WAYS[way](root, BOOK)
    waits: list[float] = []
    errors = 0
    barrier.wait()
    until = time.monotonic() + seconds
    for _ in cycle((None,)):
        by = new_claim()
        began = time.monotonic()
        if began >= until:
            break
        try:
            after = update(partial(claim, by=by, now=NOW))
            ended = time.monotonic()
            if ended < until:
                waits.append(ended - began)
            task = held_by(after, by.claim_id)
            if task is None:
                continue
            if work_seconds:
                time.sleep(work_seconds)
            entry = after.entry(task)
            if entry is not None and entry.fence is not None:
                update(partial(release, task=task, fence=entry.fence))
        except (ClaimLost, ManifestCorrupt, LibraryBusy, FileNotFoundError):
            errors += 1
    pipe.send((waits, errors))
    with suppress(OSError):
        pipe.close()

"""What a call costs beside its reply: syncs, writes and bytes by count, and CPU of the worker. See `run`."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.books import write_book
from benchmarks.counting import Operation, daemon, endpoint_options, operations, worker_pids
from benchmarks.endpoint import endpoint, fixed
from benchmarks.processes import cpu_seconds, family_seconds
from benchmarks.targets import Target
from tests.support.daemons import Daemon, processes_of

CHAPTERS, PICTURES = 10, 5
SIDE = 1024
LATENCY_SECONDS = 0.2
LONG = (300, 2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the one worker of a daemon did for a whole book."""

    requests: int
    pictures: int
    found: Sequence[Operation]
    cpu: float
    decoder_cpu: float
    seconds_beyond: float

    def count(self, kind: str, part: str = "") -> int:
        """How many operations of a kind, on paths that contain `part`."""
        return sum(each.kind == kind and part in each.path for each in self.found)

    def image_writes(self, size: int) -> float:
        """How many times the bytes of a picture were written, of all that was written for it."""
        drawn = [each for each in self.found if "/replies/" in each.path or "chapter_" in each.path]
        large = [each.size for each in drawn if each.kind == "write" and each.size > size // 2]
        return len(large) / self.pictures


def run(*, quick: bool) -> list[Target]:
    """Counts of a book of ten chapters with five pictures each; unless `quick`, the CPU of the worker, too."""
    cost = measure(counts=True)
    few = measure(counts=True, pictures=1)
    more = cost.pictures - few.pictures
    by_picture = (cost.count("sync") - few.count("sync")) / more
    size = 200_000
    targets = [
        Target(
            name="calls for a book of 10 chapters with 50 pictures",
            asked=CHAPTERS * (PICTURES + 1),
            measured=cost.requests,
            is_count=True,
        ),
        Target(
            name="syncs a request, of the worker, all in", asked=5.85, measured=cost.count("sync") / cost.requests,
            is_count=True, words="11.7 before; at an endpoint that charges nothing (the ledger's sync comes to it)",
        ),
        Target(name="syncs that one more picture takes", asked=5.0, measured=by_picture, is_count=True),
        Target(
            name="times the bytes of a picture are written", asked=2.0, measured=cost.image_writes(size),
            is_count=True, words="3 before: the answer as it is paid, and the image",
        ),
        Target(
            name="files opened a request", asked=None, is_count=True, measured=cost.count("open") / cost.requests
        ),
        Target(
            name="renames and links a request", asked=None, is_count=True,
            measured=(cost.count("rename") + cost.count("link")) / cost.requests,
        ),
        Target(
            name="kB written a request", asked=None, is_count=True,
            measured=sum(each.size for each in cost.found if each.kind == "write") / cost.requests / 1000,
        ),
    ]  # fmt: skip
    return targets if quick else [*targets, *timed()]


def timed() -> list[Target]:
    """CPU a picture, and what a chapter of a long book costs against one of a short book."""
    cost, few = measure(counts=False), measure(counts=False, pictures=1)
    more = cost.pictures - few.pictures
    cpu = (cost.cpu - few.cpu) / more * 1000
    decoder = (cost.decoder_cpu - few.decoder_cpu) / more * 1000
    beyond = (cost.seconds_beyond - few.seconds_beyond) / more * 1000
    short, long = (chapter_cpu(chapters) * 1000 for chapters in LONG)
    return [
        Target(
            name="ms of the worker's CPU a picture of 1024 x 1024", asked=13.25, measured=cpu,
            words="26.5 before, decoding and encoding in it; both are done by a confined process now: the next line",
        ),
        Target(
            name="ms of its decoder's CPU a picture of 1024 x 1024", asked=None, measured=decoder,
            words="a stranger's bytes are decoded where they can do nothing, and never handed on",
        ),
        Target(
            name="ms beyond the reply a picture", asked=30.0, measured=beyond, words="45 to 60 before", is_wall=True
        ),
        Target(name="ms of CPU a chapter, book of 300", asked=None, measured=short, words="11 before"),
        Target(name="ms of CPU a chapter, book of 2,000", asked=None, measured=long, words="53 before"),
        Target(name="a chapter at 2,000 to one at 300", asked=1.5, measured=long / short, words="4.6 before"),
    ]  # fmt: skip


def measure(*, counts: bool, pictures: int = PICTURES) -> Cost:
    """One worker, one book at an endpoint."""
    with (
        endpoint(fixed(0.0 if counts else LATENCY_SECONDS), side=SIDE) as server,
        daemon(endpoint_options(server.base_url, workers=1), counts=counts) as running,
    ):
        (pid,) = worker_pids(running)
        book = write_book(running.folder / "book.md", pages=[pictures] * CHAPTERS)
        before, began = cpu_seconds(pid), time.monotonic()
        running.drop(book)
        running.wait_for_phases("done")
        course = server.course
        found = [each for each in operations(running) if each.pid == pid] if counts else []
        return Cost(
            requests=sum(course.counts.values()), pictures=course.counts["image"], found=found,
            cpu=cpu_seconds(pid) - before, decoder_cpu=_decoders_seconds(running),
            seconds_beyond=course.makespan - course.work if course.served else time.monotonic() - began,
        )  # fmt: skip


def _decoders_seconds(running: Daemon) -> float:
    return sum(family_seconds(pid) for pid in processes_of(running) if _is_decoder(pid))


def _is_decoder(pid: int) -> bool:
    return b"providers.decoder" in Path(f"/proc/{pid}/cmdline").read_bytes()


def chapter_cpu(chapters: int) -> float:
    """Seconds of CPU that the last chapters of a book of so many take to be read, the reading itself left out."""
    from benchmarks.chapters import last_chapters

    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        return last_chapters(Path(short), chapters=chapters)

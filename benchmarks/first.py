"""How soon the first picture of a book is there, and what was read by then: see `run`."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.counting import daemon, endpoint_options
from benchmarks.endpoint import Course, endpoint, fixed
from benchmarks.makespan import one
from benchmarks.processes import family_seconds
from benchmarks.reading import BOOKS
from benchmarks.targets import Target
from tests.support.daemons import Daemon, processes_of

CHAPTERS, PICTURES = 28, 2
TEXT_SECONDS, IMAGE_SECONDS = 1.0, 0.75
WORKERS = (3, 10)
# 74,840 words; read and drawn by the words alone.
NOVEL, ASKED_PLATE, SETTLE_SECONDS = "frankenstein-se.epub", 3.0, 1.0
ASKED = 1.1  # one call after the first chapter is read, and what is between two calls


def run(*, quick: bool) -> list[Target]:
    """Times of a text and a picture, one after the other, to the first picture of 28 chapters; how much was read."""
    targets = []
    for workers in WORKERS[:1] if quick else WORKERS:
        course = _course(workers)
        first = min(each.went for each in course.served if each.kind == "image")
        began = min(each.came for each in course.served)
        read = sum(each.kind == "text" and each.went <= first - IMAGE_SECONDS for each in course.served)
        ratio = (first - began) / (TEXT_SECONDS + IMAGE_SECONDS)
        targets += [
            Target(
                name=f"first picture, {workers} workers: times one text and one picture", asked=ASKED, measured=ratio,
                is_wall=True, words="" if ratio <= ASKED else f"{read} of {CHAPTERS} chapters were read before it",
            ),
            Target(name=f"chapters read before it, {workers} workers", asked=None, measured=read),
        ]  # fmt: skip
    novel = BOOKS / NOVEL
    return [*targets, _plate(novel)] if novel.exists() else targets


def _plate(novel: Path) -> Target:
    """From a settled file to its first plate on its page, by one worker: CPU time, which other work hardly changes."""
    options = {"workers.max_concurrency": 1, "inbox.settle_seconds": SETTLE_SECONDS}
    with daemon(options) as running:
        before = _cpu_seconds(running)
        running.drop(novel)
        running.wait_for(_is_shown(running), "a page with a picture")
        measured = _cpu_seconds(running) - before
        has_all = any(running.library.glob("*/data/elements.json"))
    words = "after the merge" if has_all else "before the book was read whole"
    name = "s of CPU of all processes from a novel of 75,000 words to its first plate on the page"
    return Target(name=name, asked=ASKED_PLATE, measured=measured, words=words)


def _is_shown(running: Daemon) -> Callable[[], bool]:
    return lambda: any("images/chapter_" in page.read_text() for page in running.library.glob("*/index.html"))


def _cpu_seconds(running: Daemon) -> float:
    """Of all that run, and of those that have ended and were waited for."""
    return sum(map(family_seconds, processes_of(running)))


def _course(workers: int) -> Course:
    latency = fixed(TEXT_SECONDS, IMAGE_SECONDS)
    with endpoint(latency) as server, daemon(endpoint_options(server.base_url, workers=workers)) as running:
        return one(running, server, latency, pages=[PICTURES] * CHAPTERS, number=1)

"""First request to last reply, against the least that any program could take: see `run`."""

import heapq
import random
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.books import write_book
from benchmarks.counting import daemon, endpoint_options
from benchmarks.endpoint import Course, Endpoint, Latency, endpoint, fixed
from benchmarks.targets import Target
from tests.support.daemons import Daemon

WORKERS = (3, 5, 10)
CHAPTERS, PICTURES = 10, 5
FIXED_SECONDS = 1.0
TAIL_SECONDS = 0.5  # mean of the heavy-tailed replies
SIGMA = 1.0
TEXT_SEEDS, BOOK_SEEDS = 30, 5
GIANT_PICTURES = 60
PER_SECOND = 10
FIXED_ASKED = {3: 1.10, 5: 1.08, 10: 1.08}
BLIND = "times the bound at no cost of ours, by workers that do not know how long a reply will take"


class Ratios(NamedTuple):
    """How many times the bound books took, and how many times it they would have taken at no cost; in one order."""

    measured: list[float]
    at_no_cost: list[float]


def run(*, quick: bool) -> list[Target]:
    """The ratio to max(longest chain, work / workers, requests / rate) by kind of book, and what a rate is used of."""
    workers = (3,) if quick else WORKERS
    text_seeds, book_seeds = (2, 1) if quick else (TEXT_SEEDS, BOOK_SEEDS)
    targets: list[Target] = []
    for count in workers:
        targets.append(_target("fixed replies", FIXED_ASKED[count], count, books(count, [fixed(FIXED_SECONDS)])))
        tails = [tailed(seed) for seed in range(text_seeds)]
        targets.append(_target("heavy-tailed, text", 1.10, count, books(count, tails, pictures=0)))
        targets.append(_target("heavy-tailed, whole book", 1.15, count, books(count, tails[:book_seeds])))
    if not quick:
        giant = books(10, [fixed(FIXED_SECONDS)], pages=(GIANT_PICTURES,))
        targets += [_target("one giant chapter of 60 pictures", 1.25, 10, giant), adaptive()]
    return targets


def tailed(seed: int) -> Latency:
    """Replies of a log-normal length, the same for a seed: most are short, one in a hundred takes ten times that."""
    chance = random.Random(seed)
    drawn = {kind: [chance.lognormvariate(0.0, SIGMA) for _ in range(200)] for kind in ("text", "image")}
    mean = statistics.fmean([each for values in drawn.values() for each in values])
    return lambda kind, number: drawn[kind][number % 200] * TAIL_SECONDS / mean


def books(
    workers: int, latencies: Sequence[Latency], *, pictures: int = PICTURES, pages: Sequence[float] = ()
) -> Ratios:
    """The ratios of one book after the other, in one daemon; without pictures only its text is asked for."""
    image = "openai" if pictures else "none"
    asked = pages or [PICTURES] * CHAPTERS
    ratios = Ratios([], [])
    with (
        endpoint(fixed(0.0)) as server,
        daemon(endpoint_options(server.base_url, workers=workers, provider__image=image)) as running,
    ):
        for number, latency in enumerate(latencies, 1):
            course = one(running, server, latency, pages=asked, number=number)
            least = bound(course, workers=workers)
            ratios.measured.append(course.makespan / least)
            ratios.at_no_cost.append(at_no_cost(course, workers=workers) / least)
    return ratios


def one(running: Daemon, server: Endpoint, latency: Latency, *, pages: Sequence[float], number: int) -> Course:
    """What the endpoint saw of a book, from its drop to its guide."""
    server.latency, server.course = latency, Course()
    running.drop(write_book(running.folder / f"book-{number}.md", pages=pages, seed=number))
    running.wait_for_phases(*["done"] * number)
    return server.course


def bound(course: Course, *, workers: int, per_second: float = 0.0) -> float:
    """The least that any program could take, whatever it knew before: nothing of ours is in it."""
    longest = {kind: 0.0 for kind in course.counts}
    for each in course.served:
        longest[each.kind] = max(longest[each.kind], each.seconds)
    chain = sum(longest.values())  # a picture comes after the text that it is of
    rate = (len(course.served) - 1) / per_second if per_second else 0.0
    return max(chain, course.work / workers, rate)


def at_no_cost(course: Course, *, workers: int) -> float:
    """Seconds that the same replies take in the order in which they were asked for, one after the other by each worker.

    No picture is asked for before a text was answered. Whoever knew the replies beforehand could choose a better order.
    """
    free = [0.0] * workers
    read: float | None = None
    for each in sorted(course.served, key=lambda each: each.came):
        began = heapq.heappop(free)
        if each.kind == "image" and read is not None:
            began = max(began, read)
        ended = began + each.seconds
        if each.kind == "text":
            read = ended if read is None else min(read, ended)
        heapq.heappush(free, ended)
    return max(free)


def adaptive() -> Target:
    """How much of an endpoint's limit is used, with more workers than it takes."""
    with (
        endpoint(fixed(0.3)) as server,
        daemon(endpoint_options(server.base_url, workers=8, openai__requests_per_minute=PER_SECOND * 60)) as running,
    ):
        course = one(running, server, fixed(0.3), pages=[PICTURES] * CHAPTERS, number=1)
    used = bound(course, workers=8, per_second=PER_SECOND) / course.makespan
    words = (
        "" if used >= 0.97 else "from the first request to the last reply, the merge between texts and pictures in it"
    )
    name = "adaptive: share of 10 requests a second"
    return Target(name=name, asked=0.97, measured=used, sense="at least", is_wall=True, words=words)


def _target(what: str, asked: float, workers: int, ratios: Ratios) -> Target:
    mean = statistics.fmean(ratios.measured)
    words = "" if len(ratios.measured) == 1 else f"mean of {len(ratios.measured)}, worst {max(ratios.measured):.2f}"
    if mean > asked:
        words += ("; " if words else "") + f"{statistics.fmean(ratios.at_no_cost):.2f} {BLIND}"
    name = f"{what}, {workers} workers: times the bound"
    return Target(name=name, asked=asked, measured=mean, words=words, is_wall=True)

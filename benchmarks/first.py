"""How soon the first picture of a book is there, and what was read by then: see `run`."""

from benchmarks.counting import daemon, endpoint_options
from benchmarks.endpoint import Course, endpoint, fixed
from benchmarks.makespan import one
from benchmarks.targets import Target

CHAPTERS, PICTURES = 28, 2
TEXT_SECONDS, IMAGE_SECONDS = 1.0, 0.75
WORKERS = (3, 10)
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
    return targets


def _course(workers: int) -> Course:
    latency = fixed(TEXT_SECONDS, IMAGE_SECONDS)
    with endpoint(latency) as server, daemon(endpoint_options(server.base_url, workers=workers)) as running:
        return one(running, server, latency, pages=[PICTURES] * CHAPTERS, number=1)

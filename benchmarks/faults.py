"""A novel through 30 % faults, measured against the limiter's bound: `scripts/bench faults`."""

import tempfile
from pathlib import Path

from benchmarks.targets import Target
from benchmarks.writing import keep, machine, table
from imaginized.providers.scripted import Script, scripted
from tests.acceptance.test_openai_daemon import FAULTS, KEY, running

NOVEL = Path(__file__).parents[1] / "imaginized" / "assets" / "wizard-of-oz-se.epub"
PER_SECOND = 10
SHARE = 0.3
LATENCY_SECONDS = 0.3
OUTSIDE = "the waits after a fault, and the merge between texts and pictures, are no part of the bound"


def run(*, quick: bool) -> list[Target]:
    """How long a novel takes against what the limiter alone makes of its requests; the table is kept."""
    rows = [measure(seed) for seed in ((1,) if quick else (1, 2, 3))]
    if not quick:
        keep("faults", results={"machine": machine(), "faults": rows}, text=report(rows))
    worst = max(float(str(row["ratio"])) for row in rows)
    name = "through 30 % faults: times the limiter's bound, worst"
    words = "" if worst <= 1.5 else f"of {len(rows)}; {OUTSIDE}"
    return [Target(name=name, asked=1.5, measured=worst, is_wall=True, words=words)]


def measure(seed: int) -> dict[str, object]:
    """One run of the novel, 8 workers; times are those of the server's clock."""
    script = Script(fault_share=SHARE, random_faults=FAULTS, key=KEY, seed=seed, latency_seconds=LATENCY_SECONDS)
    options = {"workers__max_concurrency": 8, "openai__requests_per_minute": PER_SECOND * 60}
    with (
        tempfile.TemporaryDirectory(prefix="imz-") as folder,
        scripted(script) as server,
        running(server, Path(folder), **options) as daemon,
    ):
        daemon.drop(NOVEL)
        # Of three malformed answers to one chapter, by chance, the book ends without it.
        daemon.wait_for(lambda: [str(book["phase"]) for book in daemon.books()] in (["done"], ["partial"]), "its end")
        lacking = len(daemon.events("chapter_failed"))
    counts = server.counts
    requests, failed = counts.requests.total(), counts.failed.total()
    took = counts.moments[-1] - counts.moments[0] + LATENCY_SECONDS
    bound = (requests - 1) / PER_SECOND + LATENCY_SECONDS
    return {
        "seed": seed,
        "requests": requests,
        "failed": failed,
        "needed": requests - failed,
        "chapters lacking": lacking,
        "seconds": round(took, 2),
        "bound_seconds": round(bound, 2),
        "ratio": round(took / bound, 2),
    }


def report(rows: list[dict[str, object]]) -> str:
    """The results for people."""
    lines = [
        "# Faults",
        "",
        "Written by `scripts/bench faults`: the bundled novel by provider `openai`, 8 workers, 10 requests a second,",
        "each answer after 0.3 s, 30 % of the requests failing (429, 500, dropped, malformed). `bound_seconds` is what",
        "the limiter alone makes of so many requests. Target: `ratio` at most 1.5, `needed` 24 chapters and 24 images.",
        "",
        *table(rows),
        "",
    ]
    return "\n".join(lines)

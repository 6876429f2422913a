"""A book with one giant chapter by 3, 5 and 10 workers, against the bound of its calls: scripts/bench giant.

`scripts/bench giant 10 --far` has replies of 10 s, as of an endpoint that is far away or slow.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.writing import keep, machine, table
from imaginized.providers.scripted import Script, scripted
from tests.acceptance.test_openai_daemon import KEY, running
from tests.support.epubs import build_epub, contents, page
from tests.support.waiting import eventually

LATENCY_SECONDS, FAR_SECONDS = 1.0, 10.0
MOST_SECONDS = 600.0
WORKERS = (3, 5, 10)
GIANT_WORDS = 12_000
OTHER_WORDS = 600
OTHERS = 9
PIECE_WORDS = 2_000
NOUNS = ("lamp", "river", "door", "wagon", "garden", "letter", "tower", "kettle", "mirror", "bridge")
NAMES = ("Anna", "Berthold", "Clarice", "Dorothea", "Emmeline")


def main(arguments: list[str]) -> int:
    """Measure, print, and keep the results unless the run was a quick one."""
    parser = argparse.ArgumentParser(prog="scripts/bench giant")
    parser.add_argument("workers", type=int, nargs="*", default=WORKERS)
    parser.add_argument("--far", action="store_true", help=f"replies of {FAR_SECONDS:.0f} s")
    parser.add_argument("--quick", action="store_true", help="keep nothing")
    given = parser.parse_args(arguments)
    rows = [measure(workers, latency=FAR_SECONDS if given.far else LATENCY_SECONDS) for workers in given.workers]
    print(text := report(rows))
    print(json.dumps(rows))
    if not (given.quick or given.far):
        keep("giant", results={"machine": machine(), "giant": rows}, text=text)
    return 0


def measure(workers: int, *, latency: float) -> dict[str, object]:
    """One run; times are those of the server's clock."""
    script = Script(key=KEY, latency_seconds=latency)
    options = {
        "workers__max_concurrency": workers,
        "openai__part_words": PIECE_WORDS,
        "guide__pages_per_image": 1,
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        tempfile.TemporaryDirectory(prefix="imz-") as folder,
        scripted(script) as server,
        running(server, Path(folder), **options) as daemon,
    ):
        daemon.drop(giant_book(Path(folder)))
        eventually(lambda: [book["phase"] for book in daemon.books()] == ["done"], deadline_seconds=MOST_SECONDS)
        drawn = len(list(daemon.library.glob("*/data/illustrations/*.json")))
    asked = server.counts
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    kinds = [kind for kind, _ in asked.bodies]
    # Each piece has other words; pictures of the scripted answers may be asked for in the same ones.
    read = len({json.dumps(body["messages"]) for kind, body in asked.bodies if kind == "text"})
    took = asked.moments[-1] - asked.moments[0] + latency
    # The merge parts reading from drawing: each of the two has a bound of its own.
    rounds = sum(max(-(-kinds.count(kind) // workers), 1) for kind in ("text", "image"))
    work = len(kinds) / workers
    return {
        "workers": workers,
        "texts": kinds.count("text"),
        "images": kinds.count("image"),
        "asked twice": len(kinds) - read - drawn,
        "reply s": latency,
        "seconds": round(took, 2),
        "first picture s": round(_first_picture(asked.bodies, asked.moments) + latency, 2),
        "work / N": round(work * latency, 2),
        "CPU s": round(cpu, 2),
        "ratio": round(took / (work * latency), 2),
        "ratio to whole rounds": round(took / (rounds * latency), 2),
    }


def _first_picture(bodies: Sequence[tuple[str, object]], moments: Sequence[float]) -> float:
    """Seconds from the first request to the first one for a picture."""
    first = next(moment for (kind, _), moment in zip(bodies, moments, strict=True) if kind == "image")
    return first - moments[0]


def giant_book(folder: Path) -> Path:
    """One chapter of 40 pages among chapters of two, whose sentences all differ."""
    chance = random.Random(7)
    pages = {
        f"c{number}.xhtml": page(f"<h1>Chapter {number}</h1>{_prose(words, chance)}")
        for number, words in enumerate([OTHER_WORDS] * OTHERS, 1)
    }
    pages[f"c{OTHERS + 1}.xhtml"] = page(f"<h1>Chapter {OTHERS + 1}</h1>{_prose(GIANT_WORDS, chance)}")
    nav = contents(*((f"Chapter {number}", name) for number, name in enumerate(pages, 1)))
    return build_epub(folder, pages=pages, nav=nav, name="giant.epub")


def _prose(words: int, chance: random.Random) -> str:
    told, count = [], 0
    while count < words:
        sentence = (
            f"On day {chance.randrange(10**6)} the {chance.choice(NOUNS)} that {chance.choice(NAMES)} had found "
            f"stood beside the old {chance.choice(NOUNS)} for {chance.randrange(10**4)} hours."
        )
        told.append(sentence)
        count += len(sentence.split())
    return "".join(f"<p>{' '.join(told[start : start + 6])}</p>" for start in range(0, len(told), 6))


def report(rows: list[dict[str, object]]) -> str:
    """The table."""
    return "\n".join(table(rows)) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Figures of many hosts that are too long for the tests: `scripts/host-figures same|lost|others|budget`.

Every line it prints is a figure of `docs/many-hosts.md` or of its acceptance; the runs are those of
`tests/acceptance/test_many_hosts.py`, on real books, more hosts, and as often as asked.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from imaginized.providers.scripted import Script, scripted
from tests.acceptance.test_many_hosts import (
    LOST,
    asked_house,
    asking,
    give_back,
    in_flight,
    lose,
    made,
    priced,
    requests,
    settled,
    spent,
)
from tests.support.daemons import Row
from tests.support.epubs import make_epub
from tests.support.many_hosts import HostProcess, House, house_in, taken_in

ALIKE = {"workers__rate_limit": "paid", "workers__batch_size": 1000}  # no pictures before the merge, see the tests


def same(folder: Path, books: Sequence[Path], counts: Sequence[int]) -> bool:
    """Whether each book is the same from so many hosts as from home, drawn by us and by a scripted model."""
    is_same = True
    for book in books:
        library = taken_in(folder / f"taken-{book.stem}", book)
        for who in ("builtin", "scripted"):
            with scripted(Script()) as server:  # one for all: replies are kept by the address, too
                options = {**asking(server), **ALIKE} if who == "scripted" else {}
                here, _ = _run(folder / f"{book.stem}-{who}-here", library, hosts=0, options=options)
                at_home = requests(server)
                for hosts in counts:
                    before = requests(server)
                    place = folder / f"{book.stem}-{who}-{hosts}"
                    away, seconds = _run(place, library, hosts=hosts, options=options)
                    asked = requests(server) - before
                    other = sorted(name for name in here.keys() | away.keys() if here.get(name) != away.get(name))
                    is_same &= not other and asked == at_home
                    print(f"{book.stem}, {who}, {hosts} hosts: {len(here)} files, {len(other)} differ {other[:3]}, "
                          f"{at_home} requests at home, {asked} away, {seconds:.0f} s", flush=True)  # fmt: skip
    return is_same


def _run(folder: Path, library: Path, *, hosts: int, options: dict[str, object]) -> tuple[dict[str, bytes], float]:
    folder.mkdir()
    began = time.monotonic()
    with house_in(folder, library=library, hosts=hosts, away=hosts > 0, **options) as house:  # type: ignore[arg-type]
        house.wait_until_done()
        return made(house), time.monotonic() - began


def lost(folder: Path, silence_seconds: float) -> bool:
    """Whether another host begins within the silence and 5 s, and what it costs."""
    is_in_time = True
    library = taken_in(folder / "place", make_epub(folder / "book.epub", chapters=2, paragraphs=6))
    for how in LOST:
        place = folder / how.replace(" ", "-")
        place.mkdir()
        told = {"hosts": 3, "silence_seconds": silence_seconds, "latency_seconds": silence_seconds + 15.0}
        with asked_house(place, library, **told, **priced(folder)) as (house, server):  # type: ignore[arg-type]
            in_flight(house, server, calls=2)
            which = next(number for number, host in enumerate(house.hosts) if _taken(host))
            (chapter,) = (row["chapter"] for row in _taken(house.hosts[which]))
            at = datetime.now(UTC)
            lose(house, how, which=which)
            house.home.wait_for(lambda house=house, chapter=chapter: len(_begun(house, chapter)) > 1, "again")  # type: ignore[misc]
            seconds = (_begun(house, chapter)[1] - at).total_seconds()
            give_back(house, how, which=which)
            house.wait_until_done()
            reserved, ended = settled(house)
            texts, completed = server.counts.requests["text"], set(house.completed().values())
        is_in_time &= seconds <= silence_seconds + 5 and texts <= 3 and completed == {1} and reserved == ended
        print(f"{how}, silence {silence_seconds:g} s: begun again after {seconds:.1f} s, {texts - 2} extra calls, "
              f"commits a chapter {completed}, {reserved} reserved, {ended} settled", flush=True)  # fmt: skip
    return is_in_time


def _begun(house: House, chapter: object) -> list[datetime]:
    """When hosts took the reading of a chapter."""
    rows = [row for host in house.hosts for row in _taken(host)]
    mine = [row for row in rows if row["chapter"] == chapter and row["stage"] == "analyze"]
    return sorted(datetime.fromisoformat(str(row["timestamp"])) for row in mine)


def _taken(host: HostProcess) -> list[Row]:
    lines = [line for line in host.log.read_text().splitlines() if line.startswith("{")]
    return [row for row in map(json.loads, lines) if row["event"] == "offer_taken"]


def budget(folder: Path, seconds: float, hosts: int) -> bool:
    """Whether one dollar is never passed, in as many runs as the time allows."""
    library = taken_in(folder / "place", make_epub(folder / "book.epub", chapters=4, paragraphs=6))
    until, runs, worst = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < until:
        place = folder / f"run{runs}"
        place.mkdir()
        most, charged = spent(place, library, seed=100 + runs, hosts=hosts)
        runs, worst = runs + 1, max(worst, most, charged)
        print(f"run {runs}: most ${most:.4f}, charged ${charged:.4f}; worst of all ${worst:.4f}", flush=True)
    return 0 < worst <= 1.0


def others(folder: Path, rounds: int) -> bool:
    """Whether a host with other prompts leaves the throughput of two others as it is: medians of some rounds."""
    library = taken_in(folder / "place", make_epub(folder / "book.epub", chapters=24, paragraphs=6))
    took: dict[int, list[float]] = {0: [], 1: []}
    for each in range(rounds):
        for count in took:
            place = folder / f"{each}-{count}"
            place.mkdir()
            told = {"hosts": 2, "slots": 2, "others": count, "latency_seconds": 1.5}
            with asked_house(place, library, **told) as (house, _):
                house.wait_until_done()
                # From the first chapter that is done: starting takes as long as the machine likes.
                done = [datetime.fromisoformat(str(row["timestamp"])) for row in house.home.events("chapter_completed")]
            took[count].append((max(done) - min(done)).total_seconds())
    ratio = statistics.median(took[1]) / statistics.median(took[0])
    print(
        f"48 chapters by two hosts of two slots: {took[0]} s; with another one beside: {took[1]} s; ratio {ratio:.3f}"
    )
    return ratio <= 1.05


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/host-figures", description="Figures of many hosts, for hours.")
    parser.add_argument("what", choices=("same", "lost", "others", "budget"))
    parser.add_argument("books", nargs="*", type=Path, help="for same")
    parser.add_argument("--hosts", default="1,2,4", help="how many (default 1,2,4); budget takes the last")
    parser.add_argument("--silence", type=float, default=3.0, help="silence_seconds, for lost (default 3)")
    parser.add_argument("--seconds", type=float, default=3600.0, help="how long, for budget (default 3600)")
    parser.add_argument("--rounds", type=int, default=3, help="for others (default 3)")
    given = parser.parse_args(arguments)
    counts = [int(each) for each in given.hosts.split(",")]
    with tempfile.TemporaryDirectory(prefix="imz-") as name:
        folder = Path(name)
        if given.what == "same":
            return 0 if same(folder, given.books, counts) else 1
        if given.what == "lost":
            return 0 if lost(folder, given.silence) else 1
        if given.what == "others":
            return 0 if others(folder, given.rounds) else 1
        return 0 if budget(folder, given.seconds, counts[-1]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Claims and updates, measured as ratios within one run: `scripts/bench claims`."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks.contention import Race, UpdateCost, measure_update, race
from benchmarks.locks import WAYS
from benchmarks.targets import Target
from benchmarks.writing import keep, machine, table

MEMORY = Path("/dev/shm")
CHAPTERS = (19, 100, 300, 1000, 2000)
PROCESSES = (1, 2, 4, 8, 16)
WORK_SECONDS = 0.02
# Where the update is measured: the file system, and whether the folder is synced, too.
PLACES = {"memory": ("memory", False), "disk": ("disk", False), "disk, durable": ("disk", True)}
TARGETS = {"disk": {19: 1.5, 100: 1.5, 300: 2.0, 1000: 3.2}, "disk, durable": {19: 1.2, 100: 1.2}}

CPU_WORDS = "0.1 ms of Python beside the file operations: of them a sync takes 0.3 ms here, and 8 on a busy disk"
HANDED_ON = (
    "each of eight has to read what the others have changed since its last turn: 1.1 of the 1.7 ms of CPU of an update "
    "go there; and each turn wakes a process that sleeps, for nobody keeps the lock (the other ways are faster, and "
    "starve most of eight)"
)

COLUMNS = ("place", "chapters", "bytes", "ours_ms", "bare_ms", "ratio", "target", "node_ms", "node_to_ours")

Row = dict[str, object]


def run(*, quick: bool) -> list[Target]:
    """Updates against the bare file operations, and claims a second as processes compete; the tables are kept."""
    measured_on = machine()  # before the load is ours
    with _folder(MEMORY if MEMORY.is_dir() else None) as memory, _folder(None) as disk:
        folders = {"memory": memory, "disk": disk}
        updates = [_update_row(place, folders, chapters, quick=quick) for place in PLACES for chapters in CHAPTERS]
        cells = [(way, processes, work) for work in (0.0, WORK_SECONDS) for way in WAYS for processes in PROCESSES]
        seconds = 0.4 if quick else 3.0  # a few hundred claims a process: fewer differ by chance alone
        races = [_race_row(memory, way, processes, work, seconds) for way, processes, work in cells]
    if not quick:
        results: Row = {"machine": measured_on, "updates": updates, "races": races}
        keep("claims", results=results, text=report(results))
    return [*_update_targets(updates), *_race_targets(races)]


def _update_targets(updates: list[Row]) -> list[Target]:
    return [
        Target(
            name=f"update to bare, {row['place']}, {row['chapters']} chapters",
            asked=float(str(row["target"])),
            measured=float(str(row["ratio"])),
            words=CPU_WORDS if float(str(row["ratio"])) > float(str(row["target"])) else "",
        )
        for row in updates
        if row["target"] is not None
    ]


def _race_targets(races: list[Row]) -> list[Target]:
    free = {row["processes"]: row for row in races if row["way"] == "ours" and row["work_ms"] == 0}
    rate = float(str(free[8]["claims_per_second"])) / float(str(free[1]["claims_per_second"]))
    return [
        Target(
            name="claims a second, 8 processes to one", asked=0.75, measured=rate, sense="at least", is_wall=True,
            words="" if rate >= 0.75 else HANDED_ON,
        ),
        Target(
            name="fairness of 8 (Jain)", asked=0.8, measured=float(str(free[8]["jain"])), sense="at least"
        ),
        Target(name="claims that failed", asked=0, measured=sum(float(str(row["errors"])) for row in races)),
    ]  # fmt: skip


_numbers = count()


@contextmanager
def _folder(parent: Path | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="imz-bench-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _update_row(place: str, folders: dict[str, Path], chapters: int, *, quick: bool) -> Row:
    name, durable = PLACES[place]
    repeats = (60 if quick else 400) if chapters <= 300 else (20 if quick else 120)
    root = folders[name] / str(next(_numbers))
    cost: UpdateCost = measure_update(root, chapters=chapters, repeats=repeats, durable=durable)
    return {
        "place": place, "chapters": chapters, "bytes": cost.size, "ours_ms": round(cost.ours * 1000, 3),
        "bare_ms": round(cost.bare * 1000, 3), "ratio": round(cost.ratio, 2),
        "target": TARGETS.get(place, {}).get(chapters),
        "node_ms": None if cost.node is None else round(cost.node * 1000, 3),
        "node_to_ours": None if cost.node is None else round(cost.node / cost.ours, 2),
    }  # fmt: skip


def _race_row(folder: Path, way: str, processes: int, work: float, seconds: float) -> Row:
    run: Race = race(folder / str(next(_numbers)), way=way, processes=processes, seconds=seconds, work_seconds=work)
    return {
        "way": way, "processes": processes, "work_ms": round(work * 1000), "claims_per_second": round(run.rate),
        "p50_ms": round(run.percentile(0.5) * 1000, 2), "p99_ms": round(run.percentile(0.99) * 1000, 2),
        "jain": round(run.jain, 2), "slowest_to_fastest": round(run.slowest_to_fastest, 2), "errors": run.errors,
    }  # fmt: skip


def report(results: Row) -> str:
    """The results for people."""
    on, updates, races = results["machine"], results["updates"], results["races"]
    assert isinstance(on, dict) and isinstance(updates, list) and isinstance(races, list)
    lines = ["# Claims", "", "Written by `scripts/bench claims`. Ratios travel between machines, times do not."]
    lines += [f"{on['cores']} cores, Python {on['python']}, load {on['load']:.1f} when it began.", ""]
    lines += ["## One update against a bare read, write, sync and rename of the same bytes", ""]
    lines += [
        "`memory` is a file system where a sync costs nothing: there the ratio shows all that is not waiting for a",
        "disk. `disk` syncs the file, `durable` its folder, too. Medians; the three take turns. Ours takes the lock",
        "and appends to the book's log of events, which the bare one does not. `node` is the same in Node by promises,",
        "with the seed's lock file and no log; the target for `node_to_ours` is 2.",
        "",
    ]
    lines += table(updates, columns=COLUMNS)
    lines += ["", "## Claims a second, 100 chapters", ""]
    lines += ["The three ways differ in lock and temp file only; reading, transition and sync are the same.", ""]
    columns: tuple[str, ...] = ("way", "processes", "work_ms", "claims_per_second", "p50_ms", "p99_ms", "jain")
    columns += ("slowest_to_fastest", "errors")
    lines += table(races, columns=columns)
    return "\n".join([*lines, ""])

"""`scripts/bench [NAME|quick|all] [--quick]`: measure, print every target, keep the results and write the report.

The report is written after each row: a run that is stopped, or a row that fails, costs no other row.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from benchmarks.registry import ROWS, Row, row_of
from benchmarks.report import write_report
from benchmarks.targets import Target, target_table
from benchmarks.writing import RESULTS, is_loaded, machine

BOUNDS = Path(__file__).parent / "bounds.json"
ROW_SECONDS = 900.0  # of a usual run; no row takes half of that on two quiet cores
WITH_OPTIONS = ("giant", "growth")  # modules with options of their own, which keep nothing for the report then
FLAGS = frozenset(("--quick", "--record"))
USAGE = """usage: scripts/bench [NAME | quick [--record] | all] [--quick]

without a name  what fits 25 minutes on two cores, and the report
all             everything, in hours: growth to 50,000 books and the like
quick           a minute: counts, compared with bounds.json; --record writes those anew
NAME            one benchmark, as in `all`; with --quick small
"""


class TooLong(Exception):
    """A row did not come to its end in time."""


def main(arguments: Sequence[str], *, among: Sequence[Row] = ROWS) -> int:
    """Run what is asked for; 1 where a guarded count is worse than its bound, or a row failed, 2 for a name unknown."""
    names = [each for each in arguments if not each.startswith("-")]
    name = names[0] if names else ""
    own = [each for each in arguments if each != name and each not in FLAGS]
    if name in WITH_OPTIONS and (own or row_of(name) is None):
        rest = [each for each in arguments if each != name]
        os.execv(sys.executable, [sys.executable, "-m", f"benchmarks.{name}", *rest])
    if not {"-h", "--help"}.isdisjoint(own):
        print(_usage())
        return 0
    rows = _rows(name, among=among)
    if own or (name != "quick" and not rows):
        print(f"scripts/bench: {' '.join(own) or name} is not known\n{_usage()}", file=sys.stderr)
        return 2
    if name == "quick":
        return _guard(is_recorded="--record" in arguments)
    quick, began = "--quick" in arguments, time.monotonic()
    is_long = bool(name) and not quick
    failed = [row.module for row in rows if not _try(row, quick=quick, is_long=is_long)]
    print(f"\nall in: {(time.monotonic() - began) / 60:.1f} minutes")
    if failed:
        print(f"failed: {', '.join(failed)}; what they measured before is kept", file=sys.stderr)
    return 1 if failed else 0


def _rows(name: str, *, among: Sequence[Row]) -> Sequence[Row]:
    if name in ("", "all"):
        return [row for row in among if name or row.is_usual]
    return [row for row in among if row.module == name]


def _usage() -> str:
    names = {row.module: row.title for row in ROWS} | {"giant": "One long chapter among short ones"}
    return USAGE + "\nnames:\n" + "\n".join(f"  {name:<10} {title}" for name, title in names.items())


def _try(row: Row, *, quick: bool, is_long: bool) -> bool:
    """Measure a row and write the report; False where it failed, which ends no other row."""
    try:
        with _limited(0.0 if is_long else ROW_SECONDS):
            _measure(row, quick=quick, is_long=is_long)
    except Exception:  # noqa: BLE001 - the boundary: whatever a row raises, the others are measured
        traceback.print_exc()
        return False
    if not quick:
        write_report()
    return True


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `TooLong` in the middle of it after so many seconds; 0 for never."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TooLong(f"no end after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _measure(row: Row, *, quick: bool, is_long: bool) -> Sequence[Target]:
    on, began = dict(machine()), time.monotonic()
    print(f"\n## {row.title} ({row.module})\n", flush=True)
    targets = row.run(quick=quick, is_long=is_long)
    on |= {"load_after": machine()["load"], "seconds": round(time.monotonic() - began)}
    print("\n".join(target_table(targets, is_loaded=is_loaded(on))))
    if is_loaded(on):
        print(f"\nloaded: {on['load']} before, {on['load_after']} after; times by the clock say little")
    print(f"\n{time.monotonic() - began:.0f} s", flush=True)
    if not quick:
        RESULTS.mkdir(exist_ok=True)
        kept = {"machine": on, "targets": [target.as_json() for target in targets]}
        (RESULTS / f"{row.module}.targets.json").write_text(json.dumps(kept, indent=1) + "\n")
    return targets


def _guard(*, is_recorded: bool) -> int:
    """Compare the counts that are the same in every run with what was recorded."""
    found = {
        f"{row.module}: {target.name}": target
        for row in ROWS
        if row.is_quick
        for target in _measure(row, quick=True, is_long=False)
        if target.is_count
    }
    if is_recorded:
        BOUNDS.write_text(json.dumps({name: round(one.measured, 3) for name, one in found.items()}, indent=1) + "\n")
        return 0
    bounds: dict[str, float] = json.loads(BOUNDS.read_text())
    worse = [name for name in bounds if name not in found or found[name].measured > bounds[name] * found[name].slack]
    for name in worse:
        told = f"{found[name].measured:.4g}" if name in found else "not measured"
        print(f"worse than recorded: {name}: {told}, recorded {bounds[name]:.4g}", file=sys.stderr)
    if not worse:
        print(f"{len(bounds)} counts are no worse than recorded")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

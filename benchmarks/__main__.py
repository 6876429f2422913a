"""`scripts/bench [NAME|quick|all] [--quick]`: measure, print every target, keep the results and write the report."""

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.registry import ROWS, Row, row_of
from benchmarks.report import write_report
from benchmarks.targets import Target, target_table
from benchmarks.writing import RESULTS, is_loaded, machine

BOUNDS = Path(__file__).parent / "bounds.json"
USAGE = "usage: scripts/bench [NAME | quick [--record] | all] [--quick]; names: "


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; 1 where a guarded count is worse than its bound."""
    names = [each for each in arguments if not each.startswith("--")]
    name = names[0] if names else ""
    if name == "quick":
        return _guard(is_recorded="--record" in arguments)
    if name in ("", "all"):
        rows = [row for row in ROWS if name or row.is_usual]
    else:
        row = row_of(name)
        own = [each for each in arguments if each not in (name, "--quick")]
        if (own or row is None) and Path(__file__).with_name(f"{name}.py").exists():
            # It has options of its own, and keeps nothing for the report then.
            os.execv(sys.executable, [sys.executable, "-m", f"benchmarks.{name}", *own])
        if row is None:
            print(USAGE + ", ".join(row.module for row in ROWS), file=sys.stderr)
            return 2
        rows = [row]
    quick = "--quick" in arguments
    for row in rows:
        _measure(row, quick=quick, is_long=bool(name) and not quick)
    if not quick:
        write_report()
    return 0


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

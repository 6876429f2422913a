"""`benchmarks/README.md` and its plots, written from the results that were kept. Nobody edits them by hand."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from benchmarks.registry import ROWS
from benchmarks.targets import COLUMNS, Target, load, target_table
from benchmarks.writing import RESULTS, is_loaded, table

HERE = Path(__file__).parent
BAR, GAP, LEFT, WIDTH = 16, 8, 420, 300
FULL = 2.0  # times what was asked: a bar that is longer is cut there
MET, MISSED = "#2f7d5b", "#b5482f"
INTRODUCTION = """# Benchmarks

Written by `scripts/bench`; do not edit. `scripts/bench` runs what fits 25 minutes on two cores, `scripts/bench NAME`
one of them, `scripts/bench all` everything. `scripts/bench quick` takes a minute and compares counts that are the same
in every run with `bounds.json`; `scripts/bench quick --record` writes those anew, for a change that is meant.

Ratios and counts travel between machines, times do not. `ratio` is measured to asked; the plots show it, and the line
is what was asked. A module of this folder with `run(quick=…)` is one more row in `registry.py`. *Loaded* means that
more wanted to run than there are cores: a time by the clock that is missed then is to be taken again when it is quiet.
"""


def write_report() -> None:
    """Write the page and one plot for each benchmark that has targets."""
    parts = [INTRODUCTION, _summary()]
    for row in ROWS:
        path = RESULTS / f"{row.module}.targets.json"
        if not path.exists():
            parts.append(f"## {row.title}\n\nNot run yet: `scripts/bench {row.module}`.\n")
            continue
        kept = json.loads(path.read_text())
        targets, on = [load(each) for each in kept["targets"]], kept["machine"]
        plot = RESULTS / f"{row.module}.svg"
        plot.write_text(plotted(targets))
        state = f"load {on['load']:.1f} when it began" + (", **loaded**" if is_loaded(on) else "")
        parts += [
            f"## {row.title}\n",
            f"`scripts/bench {row.module}`; {on['cores']} cores, Python {on['python']}, {state}.\n",
            f"![ratio of measured to asked](results/{plot.name})\n",
            "\n".join(target_table(targets, is_loaded=is_loaded(on))) + "\n",
        ]
    (HERE / "README.md").write_text("\n".join(parts))


def _summary() -> str:
    """How many targets are met, and every one that is not."""
    kept = {row.title: RESULTS / f"{row.module}.targets.json" for row in ROWS}
    found = {title: json.loads(path.read_text()) for title, path in kept.items() if path.exists()}
    asked = [
        (title, target, is_loaded(each["machine"]))
        for title, each in found.items()
        for target in map(load, each["targets"])
        if target.asked is not None
    ]
    missed = [{"of": title, **target.row(is_loaded=loaded)} for title, target, loaded in asked if not target.is_met]
    lines = [f"## Asked and missed\n\n{len(asked) - len(missed)} of {len(asked)} targets are met. Not met:\n"]
    if missed:
        lines.append("\n".join(table(missed, columns=("of", *COLUMNS))) + "\n")
    return "\n".join(lines)


def plotted(targets: Sequence[Target]) -> str:
    """A bar for each target that something was asked of."""
    asked = [target for target in targets if target.asked]
    height = len(asked) * (BAR + GAP) + GAP
    line = LEFT + WIDTH / FULL
    bars = "".join(_bar(target, top=GAP + number * (BAR + GAP)) for number, target in enumerate(asked))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{height}" '
        f'font-family="sans-serif" font-size="11">{bars}'
        f'<line x1="{line}" x2="{line}" y1="0" y2="{height}" stroke="#444" stroke-dasharray="3 3"/></svg>\n'
    )


def _bar(target: Target, *, top: int) -> str:
    ratio = target.measured / (target.asked or 1.0)
    width = min(ratio, FULL) / FULL * WIDTH
    middle = top + BAR - 4
    return (
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(target.name)}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{MET if target.is_met else MISSED}"/>'
        f'<text x="{LEFT + width + 6:.1f}" y="{middle}">{ratio:.2f}</text>'
    )

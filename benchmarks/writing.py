"""Writing what was measured: a table for people, and the results with the machine they are from."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results"

Row = Mapping[str, object]


def machine() -> Row:
    """What was measured on, and how busy it is now."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}


def is_loaded(on: Row) -> bool:
    """Whether more wanted to run than there are cores, before or after: times by the clock say little then."""
    return max(float(str(on["load"])), float(str(on.get("load_after", 0)))) > int(str(on["cores"]))


def table(rows: Sequence[Row], *, columns: Sequence[str] = ()) -> list[str]:
    """Lines of a Markdown table; of all columns if none are named. None is an empty cell."""
    names = columns or list(rows[0])
    lines = [names, ["---"] * len(names)]
    lines += [["" if row[name] is None else str(row[name]) for name in names] for row in rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def keep(name: str, *, results: Row, text: str) -> None:
    """Put both where `scripts/bench` has them."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
    (RESULTS / f"{name}.md").write_text(text)

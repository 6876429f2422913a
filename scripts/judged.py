"""Print how people judged plates, blind, from the passage and the plate alone: benchmarks/judged, a file a round."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "benchmarks" / "judged"
VERDICTS = ("fits", "partly", "contradicts")
JUDGES = ("first", "second")  # neither knew what the other said, or which plates were older ones
TYPE = "typographic"

Row = Mapping[str, str]


def main(arguments: Sequence[str]) -> int:
    """Print a table of each round that is named, else of the last."""
    known = {path.stem: path for path in sorted(FOLDER.glob("*.csv"))}
    wanted = arguments or [max(known, key=_number)]
    for name in wanted:
        if name not in known:
            print(f"no round {name}; there are {', '.join(known)}", file=sys.stderr)
            return 2
        print(f"{name}: fits / partly / contradicts, in percent, by each of two judges\n")
        print("\n".join(table(read_round(known[name]))))
    return 0


def read_round(path: Path) -> list[Row]:
    """The judged plates: book, chapter, scene, view, state ("new", or "older" ones mixed in), and each judge's word."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def table(rows: Sequence[Row]) -> list[str]:
    """All new plates, those that are drawn, and by view and by book."""
    new = [row for row in rows if row["state"] == "new"]
    groups = {"all": new, "drawn": [row for row in new if row["view"] != TYPE]}
    groups |= {f"view: {view}": [row for row in new if row["view"] == view] for view in _values(new, "view")}
    groups |= {book: [row for row in new if row["book"] == book] for book in _values(new, "book")}
    groups["older ones, mixed in"] = [row for row in rows if row["state"] != "new"]
    lines = ["| plates | number | first | second |", "|---|---|---|---|"]
    return lines + [
        f"| {name} | {len(some)} | {' | '.join(_told(shares(some, judge)) for judge in JUDGES)} |"
        for name, some in groups.items()
        if some
    ]


def shares(rows: Sequence[Row], *judges: str) -> tuple[int, ...]:
    """Of 100 verdicts of these judges how many are each of VERDICTS, rounded."""
    counts = Counter(row[judge] for judge in judges for row in rows)
    return tuple(round(100 * counts[verdict] / max(counts.total(), 1)) for verdict in VERDICTS)


def _told(found: Iterable[int]) -> str:
    return " / ".join(map(str, found))


def _values(rows: Iterable[Row], key: str) -> list[str]:
    return sorted({row[key] for row in rows})


def _number(name: str) -> int:
    return int(name.rpartition("-")[2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

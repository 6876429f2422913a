"""The shared limiter, measured by `scripts/bench limiter`. Eight processes at ten requests a second."""

import tempfile
from pathlib import Path

from benchmarks.targets import Target
from benchmarks.writing import keep, machine, table
from tests.integration.test_limiter import PER_SECOND, PROCESSES, most_in_a_second, race

SECONDS = 20.0
QUICK_SECONDS = 3.0


def run(*, quick: bool) -> list[Target]:
    """What eight processes use of a limit, and how evenly; the table is kept."""
    seconds = QUICK_SECONDS if quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        shares = race(Path(folder), seconds=seconds)
    counts = [len(share) for share in shares]
    sent = sorted(moment for share in shares for moment in share)
    row = {
        "processes": PROCESSES,
        "limit_per_second": PER_SECOND,
        "seconds": seconds,
        "sent": len(sent),
        "used": round(len(sent) / (PER_SECOND * seconds), 3),
        "most_in_a_second": most_in_a_second(sent),
        "slowest_to_fastest": round(min(counts) / max(counts), 2),
    }
    if not quick:
        keep("limiter", results={"machine": machine(), "limiter": row}, text=report(row))
    return [
        Target(name="requests in any second, of 10", asked=PER_SECOND, measured=row["most_in_a_second"]),
        Target(
            name="share of the limit that is used", asked=0.95, measured=row["used"], sense="at least", is_wall=True
        ),
        Target(
            name="slowest to fastest process",
            asked=0.7,
            measured=row["slowest_to_fastest"],
            sense="at least",
            is_wall=True,
        ),
    ]


def report(row: dict[str, float]) -> str:
    """The results for people."""
    lines = [
        "# Limiter",
        "",
        "Written by `scripts/bench limiter`. Targets: never above the limit by the permits' own times, `used` at",
        "least 0.95, `slowest_to_fastest` at least 0.7.",
        "",
        *table([row]),
        "",
    ]
    return "\n".join(lines)

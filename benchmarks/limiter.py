"""The shared limiter, measured: scripts/bench limiter [--quick]. Eight processes at ten requests a second."""

import sys
import tempfile
from pathlib import Path

from benchmarks.writing import keep, machine, table
from tests.integration.test_limiter import PER_SECOND, PROCESSES, most_in_a_second, race

SECONDS = 20.0
QUICK_SECONDS = 3.0


def main(arguments: list[str]) -> int:
    """Measure, print, and keep the results unless the run was a quick one."""
    is_quick = "--quick" in arguments
    seconds = QUICK_SECONDS if is_quick else SECONDS
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
    print(text := report(row))
    if not is_quick:
        keep("limiter", results={"machine": machine(), "limiter": row}, text=text)
    return 0


def report(row: dict[str, float]) -> str:
    """The results for people."""
    lines = [
        "# Limiter",
        "",
        "Written by `scripts/bench limiter`. Targets: never above the limit, `used` at least 0.95,",
        "`slowest_to_fastest` at least 0.7.",
        "",
        *table([row]),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What processes take: CPU time and memory, from /proc."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, without its children."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def family_seconds(pid: int) -> float:
    """The same, with that of its children that have ended."""
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def pss_bytes(pid: int) -> int:
    """Its memory, what it shares divided among those that share it."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def own_bytes(pid: int) -> int:
    """What would be free if this process ended: what it shares with nobody."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024


def run_seconds(pids: Iterable[int]) -> float:
    """CPU time of all their threads, to the nanosecond: at rest a tick is much. One that is gone counts none."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            total += sum(_run_nanoseconds(task) for task in (PROC / str(pid) / "task").iterdir())
    return total / 1e9


def _run_nanoseconds(task: Path) -> int:
    return int((task / "schedstat").read_text().split()[0])

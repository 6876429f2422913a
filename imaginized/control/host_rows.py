"""The hosts as the workers saw them last, for people: they leave it in the library, as they alone ask Redis."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from imaginized.control.process_rows import HostRow, HostRows
from imaginized.remote.presence import SEEN, SHOWN_SECONDS
from imaginized.settings.model import Settings


def host_rows(settings: Settings) -> HostRows:
    """What the workers saw last."""
    nothing: HostRows = {
        "engine": settings.hosts.engine,
        "looked_at": None,
        "problem": "",
        "store_problem": "",
        "hosts": [],
        "strangers": 0,
    }
    seen = settings.paths.library / SEEN
    if settings.hosts.engine == "none" or (at := _written_at(seen)) is None:
        return nothing
    try:
        told = json.loads(seen.read_bytes())
        rows, strangers = [_row(row) for row in told["hosts"]], int(told["strangers"])
        problem, store_problem = str(told["problem"]), str(told["store_problem"])
    except (OSError, ValueError, KeyError, TypeError):
        return nothing
    now = {"problem": problem, "store_problem": store_problem, "hosts": rows, "strangers": strangers}
    return cast(HostRows, {**nothing, "looked_at": at, **now})


def _row(row: dict[str, object]) -> HostRow:
    spec, takes = row["spec"], row["uses"]
    return {
        "host": str(row["name"]),
        "takes": [str(use) for use in takes] if isinstance(takes, list) else [],
        "slots": int(str(row["slots"])),
        "busy": int(str(row["busy"])),
        "version": str(spec["version"]) if isinstance(spec, dict) else "",
        "differs": str(row["differs"]),
        "refused": int(str(row["refused"])),
    }


def _written_at(path: Path) -> str | None:
    try:
        at = path.stat().st_mtime
    except FileNotFoundError:
        return None
    if abs(time.time() - at) > SHOWN_SECONDS:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")

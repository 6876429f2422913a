"""Facts about the machine as the daemon sees it, for `imaginizectl doctor` to judge. Opens no user's file."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from imaginized.daemon.report import Report

INOTIFY = Path("/proc/sys/fs/inotify")


def facts_about(settings: Mapping[str, object]) -> Report:
    """What can be found out without reading anybody's file.

    Args:
        settings: All of them, as plain tables.
    """
    paths = cast(Mapping[str, str], settings["paths"])
    return {
        "uid": os.geteuid(),
        "folders": {name: _folder(Path(paths[name])) for name in ("inbox", "library")},
        "inotify": {name: _number(INOTIFY / name) for name in ("max_user_watches", "max_user_instances")},
        "provider": settings["provider"],
        "endpoint": _endpoint(settings),
    }


def _folder(path: Path) -> Report:
    is_there = path.is_dir()
    return {
        "path": str(path),
        "is_folder": is_there,
        "is_writable": is_there and os.access(path, os.R_OK | os.W_OK | os.X_OK, effective_ids=True),
        "file_system": _file_system(path) if is_there else None,
        "free_bytes": shutil.disk_usage(path).free if is_there else None,
    }


def _file_system(path: Path) -> str:
    """The type of the file system a folder is on, by the longest mount point above it."""
    wanted = path.resolve()
    found = ("", "unknown")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        mount, _, rest = line.partition(" - ")
        point = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), mount.split()[4])
        if wanted.is_relative_to(point) and len(point) >= len(found[0]):
            found = (point, rest.split()[0])
    return found[1]


def _endpoint(settings: Mapping[str, object]) -> Report | None:
    """Where text comes from and whether its key can be read; None when no provider needs one."""
    provider = cast(Mapping[str, str], settings["provider"])
    if "openai" not in provider.values():
        return None
    openai = cast(Mapping[str, object], settings["openai"])
    key = openai.get("api_key_file")
    file = Path(str(key)) if key else None
    return {
        "base_url": openai["base_url"],
        "key_file": None if file is None else str(file),
        "is_key_readable": file is None or os.access(file, os.R_OK, effective_ids=True),
        "key_mode": file.stat().st_mode & 0o777 if file is not None and file.exists() else None,
    }


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None

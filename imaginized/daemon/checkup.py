"""Facts about the machine as the daemon sees it, for `imaginizectl doctor` to judge. Opens no user's file."""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from imaginized.daemon.report import Report
from imaginized.errors import SettingsError
from imaginized.providers.keys import NO_KEYS, Keys

INOTIFY = Path("/proc/sys/fs/inotify")


def facts_about(settings: Mapping[str, object], *, find_keys: Callable[[], Keys]) -> Report:
    """What can be found out without reading anybody's file.

    Args:
        settings: All of them, as plain tables.
        find_keys: Looks for the keys, as they would be after a reload. Raises SettingsError.
    """
    paths = cast(Mapping[str, str], settings["paths"])
    return {
        "uid": os.geteuid(),
        "folders": {name: _folder(Path(paths[name])) for name in ("inbox", "library")},
        "inotify": {name: _number(INOTIFY / name) for name in ("max_user_watches", "max_user_instances")},
        "provider": settings["provider"],
        **_endpoints(settings, find_keys),
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


def _endpoints(settings: Mapping[str, object], find_keys: Callable[[], Keys]) -> Report:
    """What is asked for text and for images, and where each key comes from; no key is in it."""
    provider = cast(Mapping[str, str], settings["provider"])
    openai = cast(Mapping[str, object], settings["openai"])
    images = cast(Mapping[str, object], openai["image"]).get("base_url")
    urls = {"text": openai["base_url"], "image": images or openai["base_url"]}
    keys, problem = NO_KEYS, ""
    try:
        keys = find_keys()
    except SettingsError as error:
        problem = str(error)
    sources = {"text": keys.text, "image": keys.image}
    endpoints = [
        {"use": use, "base_url": url, "key": key.source if (key := sources[use]) else None}
        for use, url in urls.items()
        if provider[use] == "openai"
    ]
    unused = keys.text.source if keys.text and provider["text"] != "openai" and not keys.image else None
    return {"endpoints": endpoints, "key_problem": problem, "unused_key": unused}


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None

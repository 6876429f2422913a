"""Facts about the machine as the daemon sees it, for `imaginizectl doctor` to judge. Opens no user's file."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from imaginized.control.machine_facts import EndpointFacts, EndpointsFacts, FolderFacts, MachineFacts
from imaginized.errors import SettingsError
from imaginized.inbox.folder import find_mount
from imaginized.providers.keys import NO_KEYS, Keys
from imaginized.settings.model import Settings, target_of
from imaginized.settings.near import is_loopback
from imaginized.settings.vendors import USES

INOTIFY = Path("/proc/sys/fs/inotify")
PRIVILEGES = Path("/proc/self/status")
CAP_LEASE = 1 << 28
SHARED = 0o022  # others may write there


def facts_about(settings: Settings, *, mounts: str, find_keys: Callable[[], Keys]) -> MachineFacts:
    """What can be found out without reading anybody's file, and without a look at an inbox that may hang.

    Args:
        settings: All of them.
        mounts: What /proc/self/mountinfo says.
        find_keys: Looks for the keys, as they would be after a reload. Raises SettingsError.
    """
    paths = settings.paths
    return {
        "uid": os.geteuid(),
        "folders": {
            "inbox": _far_inbox(paths.inbox, mounts=mounts) or _folder(paths.inbox, mounts=mounts),
            "library": _folder(paths.library, mounts=mounts),
        },
        "tells_writers": _tells_writers(),
        "inotify": {
            "max_user_watches": _number(INOTIFY / "max_user_watches"),
            "max_user_instances": _number(INOTIFY / "max_user_instances"),
        },
        "provider": {"text": settings.provider.text, "image": settings.provider.image},
        **_endpoints(settings, find_keys),
    }


def _far_inbox(path: Path, *, mounts: str) -> FolderFacts | None:
    """An inbox on a server, untouched: if that is away, a look at it hangs, and the supervisor with it."""
    mount = find_mount(path.absolute(), table=mounts)
    if not mount.is_remote:
        return None
    return {
        "path": str(path),
        "is_folder": None,
        "is_shared": None,
        "is_writable": None,
        "file_system": mount.type,
        "is_remote": True,
        "free_bytes": None,
    }


def _folder(path: Path, *, mounts: str) -> FolderFacts:
    is_there = path.is_dir()
    mount = find_mount(path.resolve(), table=mounts) if is_there else None
    return {
        "path": str(path),
        "is_folder": is_there,
        "is_shared": is_there and bool(path.stat().st_mode & SHARED),
        "is_writable": is_there and os.access(path, os.R_OK | os.W_OK | os.X_OK, effective_ids=True),
        "file_system": (mount.type or "unknown") if mount else None,
        "is_remote": mount.is_remote if mount else None,
        "free_bytes": shutil.disk_usage(path).free if is_there else None,
    }


def _tells_writers() -> bool:
    """Whether the kernel says of other users' files, too, that somebody has them open for writing."""
    with suppress(OSError, ValueError, IndexError):
        held = int(PRIVILEGES.read_text().split("CapEff:")[1].split()[0], 16)
        return bool(held & CAP_LEASE)
    return False


def _endpoints(settings: Settings, find_keys: Callable[[], Keys]) -> EndpointsFacts:
    """What is asked for text and for images, and where each key comes from; no key is in it."""
    keys, problem = NO_KEYS, ""
    try:
        keys = find_keys()
    except SettingsError as error:
        problem = "; ".join(error.mistakes)
    sources = {"text": keys.text, "image": keys.image}
    endpoints: list[EndpointFacts] = [
        {
            "use": use,
            "section": target.vendor,
            "base_url": target.base_url,
            "key": key.source if (key := sources[use]) else None,
            "at_hosts": settings.hosts.slots(use) > 0 and is_loopback(target.base_url),
        }
        for use in USES
        if (target := target_of(settings, use))
    ]
    unused = keys.text.source if keys.text and not endpoints else None
    return {"endpoints": endpoints, "key_problem": problem, "unused_key": unused}


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None

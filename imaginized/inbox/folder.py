"""Looking at the inbox: what is in it now, and which file system it is on. Opens no file and follows no link."""

import itertools
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.inbox.arrivals import Kind, NameKind, Sighting, judge_name
from imaginized.store.beneath import pinned

MAX_DEPTH = 16
MAX_BUNDLE_ENTRIES = 10_000
OWN_FOLDERS = (".failed", ".duplicates")
MOUNTS = Path("/proc/self/mountinfo")
REMOTE_TYPES = frozenset(
    (
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "fuse",
        "gfs2",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything seen in one walk through the inbox.

    Attributes:
        folders: The inbox itself and every subfolder that was read, by key.
        hidden: What is hidden or temporary by its name, by key; our own folders are not among it.
        deep: Folders that lie too deep to be read, by key.
        unreadable: Subfolders that could not be read, with the reason.
    """

    sightings: list[Sighting] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    deep: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A mounted file system.

    Attributes:
        type: As the kernel names it ("ext4", "nfs4", "fuse.sshfs").
    """

    point: Path
    type: str

    @property
    def is_remote(self) -> bool:
        """Whether changes can be made behind the kernel's back, so that no event tells of them."""
        return self.type in REMOTE_TYPES or self.type.startswith("fuse.")


def look(inbox: Path) -> Look:
    """See every entry of the inbox and of its plain subfolders; hidden and half-made folders are left alone.

    Raises:
        OSError: The inbox itself cannot be read.
    """
    seen = Look()
    folders = [("", 0)]
    while folders:
        folder, depth = folders.pop()
        try:
            # Pinned: a subfolder swapped for a link in the middle of the walk would lead out of the inbox.
            with pinned(inbox, folder) as place, os.scandir(place) as entries:
                seen.folders.append(folder)
                for entry in entries:
                    key = f"{folder}/{entry.name}" if folder else entry.name
                    if judge_name(entry.name) is NameKind.TEMPORARY:
                        seen.hidden.extend([key] if key not in OWN_FOLDERS else [])
                    elif _is_plain_folder(entry) and depth >= MAX_DEPTH:
                        seen.deep.append(key)
                    elif _is_plain_folder(entry):
                        folders.append((key, depth + 1))
                    else:
                        found = sight(entry.path, key=key)
                        seen.sightings.extend([found] if found else [])
        except (FileNotFoundError, NotADirectoryError):
            if not folder:
                raise  # a subfolder may go at any time, or become a link; the inbox may not
        except OSError as error:
            if not folder:
                raise
            seen.unreadable.append(f"{folder}: {error.strerror}")
    return seen


def find_mount(path: Path, *, table: str) -> Mount:
    """The file system that `path`, an absolute path without links, is on.

    Args:
        path: It need not exist.
        table: What /proc/self/mountinfo says.
    """
    best = Mount(point=Path("/"), type="")
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(_unescaped(before.split(" ")[4]))
        # The last of several on the same point is the one on top.
        if path.is_relative_to(point) and len(point.parts) >= len(best.point.parts):
            best = Mount(point=point, type=after.split(" ")[0])
    return best


def _unescaped(field: str) -> str:
    """A mountinfo field with its octal escapes (blank, tab, newline, backslash) resolved."""
    for code in ("040", "011", "012", "134"):
        field = field.replace(f"\\{code}", chr(int(code, 8)))
    return field


def _is_plain_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and judge_name(entry.name) in (NameKind.UNKNOWN, NameKind.DOCUMENT)


def sight(path: str, *, key: str) -> Sighting | None:
    """An entry as it is; None if it is temporary by its name or has just gone."""
    if judge_name(key.rpartition("/")[2]) is NameKind.TEMPORARY:
        return None
    try:
        # Never stat: a link is seen as a link, and a hung mount behind it is not touched.
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    kind = _kind(status)
    size, mtime_ns = _measure(path) if kind is Kind.FOLDER else (status.st_size, status.st_mtime_ns)
    return Sighting(key=key, size=size, mtime_ns=mtime_ns, inode=status.st_ino, dev=status.st_dev, kind=kind)


def _kind(status: os.stat_result) -> Kind:
    if stat.S_ISREG(status.st_mode):
        return Kind.FILE
    if stat.S_ISLNK(status.st_mode):
        return Kind.SYMLINK
    return Kind.FOLDER if stat.S_ISDIR(status.st_mode) else Kind.OTHER


def _measure(folder: str) -> tuple[int, int]:
    """Bytes in a folder that looks like a book, and its newest mtime, so that one that is still copied is not quiet."""
    place = Path(folder)
    size, newest, count = 0, 0, 0
    folders = [(place.name, 0)]
    while folders and count <= MAX_BUNDLE_ENTRIES:
        inner, depth = folders.pop()
        with suppress(OSError), pinned(place.parent, inner) as at, os.scandir(at) as entries:
            newest = max(newest, at.stat().st_mtime_ns)
            # Bounded: a dropped home folder has millions of entries, and the others wait.
            for entry in itertools.islice(entries, MAX_BUNDLE_ENTRIES):
                status = entry.stat(follow_symlinks=False)
                count, size, newest = count + 1, size + status.st_size, max(newest, status.st_mtime_ns)
                if stat.S_ISDIR(status.st_mode) and depth < MAX_DEPTH:
                    folders.append((f"{inner}/{entry.name}", depth + 1))
    return size, newest

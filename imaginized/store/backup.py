"""A copy of a whole library while its daemon runs. The way back is in `restore`.

Each book is copied as it was at one moment: two looks at all of its files that show the same, with the copying between
them. What can be made again, belongs to a running process or lets somebody in is left out.
"""

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imaginized.errors import ImaginizedError, LibraryBusy
from imaginized.store.beneath import NotAFile, opened
from imaginized.store.files import FOREIGN_LOCK, LOCK, BookFiles
from imaginized.store.identity import IDENTITY
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.pause import PAUSED
from imaginized.store.trash import TRASH
from imaginized.store.underway import HELD, under_way
from imaginized.store.writing import TEMPORARY, sync_folder

SCHEMA = "imaginized.backup/1"
ABOUT = "backup.json"
SUMS = "SHA256SUMS"  # as sha256sum writes it, so that a backup can be checked without us
PARTIAL = ".partial"
COPIED = "library"
BLOCK_BYTES = 1 << 20
FREE_TRIES = 3
MOST_TRIES = 200
# Of the files beside the books, what no process can make again: the rest belongs to the machine that the daemon is on.
KEPT = frozenset((IDENTITY, PAUSED, ".imaginized.spend", ".imaginized.endpoints.json", ".imaginized.metrics.json"))
LEFT_OUT = frozenset((LOCK, FOREIGN_LOCK, ".asking.locks"))


class BackupWrong(ImaginizedError):
    """A backup that cannot be made or used; the message says why and what to do."""


@dataclass(slots=True)
class Copied:
    """What a backup has so far.

    Attributes:
        books: How many books.
        sizes: Of every file, in bytes, by its path below the backup.
        digests: Its SHA-256.
        skipped: What is no regular file, and was left out.
    """

    books: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def back_up(library: Library, to: Path, *, now: datetime, version: str) -> Copied:
    """Copy the library into a new folder, which has its name only once everything in it was read back.

    Raises:
        BackupWrong: The folder is there already, lies within the library, or what was written reads back otherwise.
        LibraryBusy: A book changed all the time, or another program makes this backup.
        OSError: Disk full, or a file cannot be read; nothing of that name is left.
    """
    _check_place(library, to)
    partial = to.with_name(f".{to.name}{PARTIAL}")
    with under_way(partial):
        found = _copied(library, partial)
        check(partial, found.digests)
        about = {"schema": SCHEMA, "version": version, "at": now.isoformat(timespec="seconds")}
        about |= {"library": str(library.root)}
        told = {**about, "books": found.books, "files": len(found.sizes), "bytes": sum(found.sizes.values())}
        (partial / SUMS).write_bytes(b"".join(_sum_line(name, found.digests[name]) for name in sorted(found.digests)))
        (partial / ABOUT).write_text(json.dumps(told, indent=2) + "\n")
        os.sync()  # before it has its name: one call, for thousands of files
        partial.rename(to)
        (to / HELD).unlink()  # not before: without it another maker takes the folder for a dead one's
    sync_folder(to.parent)
    return found


def check(folder: Path, digests: Mapping[str, str]) -> None:
    """Read every file of a backup and compare it with its digest.

    Raises:
        BackupWrong: One is missing or another than it was; names it.
    """
    for name, digest in digests.items():
        try:
            found = _digest(folder / name)
        except FileNotFoundError as error:
            raise BackupWrong(f"{folder / name} is missing from the backup") from error
        if found != digest:
            raise BackupWrong(f"{folder / name} is damaged: its SHA-256 is {found}, and should be {digest}")


def _check_place(library: Library, to: Path) -> None:
    if to.exists() or to.is_symlink():
        raise BackupWrong(f"{to} is there already; name a new folder, such as {to}-2")
    if not to.parent.is_dir():
        raise BackupWrong(f"{to.parent} is not there; make it first")
    if library.root.resolve() in (to.parent.resolve(), *to.parent.resolve().parents):
        raise BackupWrong(f"{to} lies within the library; name a folder on another disk")


def _copied(library: Library, to: Path) -> Copied:
    found, root = Copied(), to / COPIED
    root.mkdir()
    _copy_trash(library, found, base=to)
    _copy_books(library, found, base=to)
    # Again: one that was removed before its turn is among the removed now, and one that was brought back a book.
    _copy_trash(library, found, base=to)
    _copy_books(library, found, base=to)
    # Last: what the books say was paid, it says as well.
    for path in sorted(library.root.iterdir()):
        if path.name in KEPT or (not path.name.startswith(".") and path.is_file()):
            _copy_whole(path, root / path.name, found, base=to)
    return found


def _copy_trash(library: Library, found: Copied, *, base: Path) -> None:
    """Copy the removed books that are not copied yet."""
    trash, to = library.root / TRASH, base / COPIED / TRASH
    folders = sorted(trash.iterdir()) if trash.is_dir() and not trash.is_symlink() else []
    for folder in folders:
        if folder.is_dir() and not folder.is_symlink() and not (to / folder.name).exists():
            _copy_whole(folder, to / folder.name, found, base=base)


def _copy_books(library: Library, found: Copied, *, base: Path) -> None:
    """Copy the books that are not copied yet."""
    for book in library.books():
        if not (base / COPIED / book).exists():
            with suppress(NoSuchBook):
                _copy_book(library, book, base / COPIED / book, found, base=base)
                found.books += 1


def _copy_book(library: Library, book: str, to: Path, found: Copied, *, base: Path) -> None:
    """Copy a book as it was at one moment.

    Raises:
        NoSuchBook: It was removed meanwhile; nothing of it is left.
        LibraryBusy: It changed all the time.
    """
    files = library.files(book)
    have: dict[str, tuple[int, int, int]] = {}
    for number in range(MOST_TRIES):
        # Its lock keeps the manifest still. Replies are kept without it, so that alone is not enough.
        is_locked = number >= FREE_TRIES
        with library.alone(files, wait_seconds=None) if is_locked else nullcontext():
            if not files.manifest.exists():
                _forget(to, found, base=base)
                raise NoSuchBook(f"{book} was removed while it was copied")
            if _is_same(files.root, to, have, found, base=base):
                return
    raise LibraryBusy(f"{book} changed all the time; `imaginizectl pause` first")


def _is_same(source: Path, to: Path, have: dict[str, tuple[int, int, int]], found: Copied, *, base: Path) -> bool:
    """Copy what changed since the last look; whether nothing did, from before the copying to after it."""
    before = _look(source, found)
    changed = [name for name, state in before.items() if have.get(name) != state]
    for name in have.keys() - before.keys():
        _drop(to / name, found, base=base)
        del have[name]
    for name in changed:
        have.pop(name, None)
        with suppress(FileNotFoundError):  # gone again: the look below tells
            _copy_file(source / name, to / name, found, base=base)
            have[name] = before[name]
    return not changed or _look(source, found) == before == have


def _look(source: Path, found: Copied) -> dict[str, tuple[int, int, int]]:
    """Every file below a folder, with what tells that it changed."""
    state: dict[str, tuple[int, int, int]] = {}
    for path, status in _files(source, found):
        state[os.fsdecode(os.path.relpath(path, source))] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return state


def _files(source: Path, found: Copied) -> Iterator[tuple[Path, os.stat_result]]:
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not _is_link(Path(folder, name), found)]
        for name in names:
            path = Path(folder, name)
            if name in LEFT_OUT or name.endswith(TEMPORARY):
                continue
            with suppress(FileNotFoundError):
                status = path.lstat()
                if stat.S_ISREG(status.st_mode):
                    yield path, status
                elif str(path) not in found.skipped:
                    found.skipped.append(str(path))


def _is_link(path: Path, found: Copied) -> bool:
    if path.is_symlink() and str(path) not in found.skipped:
        found.skipped.append(str(path))
    return path.is_symlink()


def _copy_whole(source: Path, to: Path, found: Copied, *, base: Path) -> None:
    """Copy what nobody changes in the middle: a file, or a folder of files that only grow, whose last line may lack."""
    if source.is_file() and not source.is_symlink():
        _copy_file(source, to, found, base=base)
        return
    for path, _ in list(_files(source, found)):
        with suppress(FileNotFoundError):
            _copy_file(path, to / path.relative_to(source), found, base=base)


def _copy_file(source: Path, to: Path, found: Copied, *, base: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with suppress(NotAFile), opened(source) as reading:
        status = os.fstat(reading)
        make_folders(to.parent, status)
        with to.open("wb") as writing:
            while block := os.read(reading, BLOCK_BYTES):
                digest.update(block)
                writing.write(block)
                size += len(block)
        keep_owner(to, status)
        name = str(to.relative_to(base))
        found.sizes[name], found.digests[name] = size, digest.hexdigest()


def make_folders(folder: Path, status: os.stat_result) -> None:
    """Make a folder and those above it, for the owner of a file that goes into it."""
    if not folder.is_dir():
        make_folders(folder.parent, status)
        folder.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(folder, status.st_uid, status.st_gid)


def keep_owner(path: Path, status: os.stat_result) -> None:
    """Give a copy the mode, the time and, where one may, the owner of what it was copied of."""
    path.chmod(stat.S_IMODE(status.st_mode))
    if os.geteuid() == 0:
        os.chown(path, status.st_uid, status.st_gid)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _forget(to: Path, found: Copied, *, base: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)
    inside = f"{to.relative_to(base)}/"
    for name in [name for name in found.sizes if name.startswith(inside)]:
        del found.sizes[name], found.digests[name]


def _drop(path: Path, found: Copied, *, base: Path) -> None:
    path.unlink(missing_ok=True)
    name = str(path.relative_to(base))
    found.sizes.pop(name, None)
    found.digests.pop(name, None)


def _digest(path: Path) -> str:
    with path.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def _sum_line(name: str, digest: str) -> bytes:
    """A line of sha256sum: a name that would break it has its backslashes and line ends escaped."""
    raw = os.fsencode(name)
    escaped = raw.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return (b"\\" if escaped != raw else b"") + digest.encode() + b"  " + escaped + b"\n"


def read_sums(folder: Path) -> dict[str, str]:
    """The digest of each file of a backup.

    Raises:
        BackupWrong: There are none, or a line is not one of these.
    """
    try:
        lines = (folder / SUMS).read_bytes().split(b"\n")
    except OSError as error:
        raise BackupWrong(f"{folder} is not a backup of imaginized: {SUMS} cannot be read") from error
    return dict(_read_sum(line, folder) for line in lines if line)


def _read_sum(line: bytes, folder: Path) -> tuple[str, str]:
    digest, _, raw = line.removeprefix(b"\\").partition(b"  ")
    if line.startswith(b"\\"):
        signs = {b"n": b"\n", b"r": b"\r", b"\\": b"\\"}
        parts = iter([raw[at : at + 1] for at in range(len(raw))])
        raw = b"".join(signs.get(next(parts, b""), b"") if sign == b"\\" else sign for sign in parts)
    name = os.fsdecode(raw)
    if len(digest) != hashlib.sha256().digest_size * 2 or not is_inside(name):
        raise BackupWrong(f"{folder / SUMS} has a line that is none of ours: {line[:80]!r}")
    return name, digest.decode("ascii", "replace")


def is_inside(name: str) -> bool:
    """Whether a path of a backup leads to a file of the library that a backup has, and nowhere else."""
    first, *rest = name.split("/")
    if first != COPIED or not rest or {"", ".", ".."} & set(rest) or "\0" in name:
        return False
    # No other hidden file: logins of the page, planted in a backup, would let somebody in.
    return not rest[0].startswith(".") or rest[0] in KEPT or rest[0] == TRASH


def book_folders(library: Path) -> list[BookFiles]:
    """The books of a copied library."""
    found = [BookFiles(each) for each in sorted(library.iterdir()) if not each.name.startswith(".")]
    return [files for files in found if files.manifest.is_file()]

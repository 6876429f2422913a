"""Where everything of a book lies, and writing a file so that it is whole or absent. All paths come from here."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from imaginized.queue.manifest import CHAPTER_STAGES, Fence, Stage
from imaginized.store.beneath import EntryChanged, NotAFile, move_new, opened, remove_same
from imaginized.store.copying import copy_bytes

MANIFEST = ".imaginize.manifest.json"
LOCK = ".imaginize.manifest.flock"
FOREIGN_LOCK = ".imaginize.manifest.lock"
EDITS = "chapters.toml"
CAST = "cast.toml"
VERSIONS = "versions"
STAGED = ".staged"
TEMPORARY = ".tmp"
# What link answers where a file system has none, or no more for this file.
NO_LINKS = frozenset((errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS))
SYNCED_FOLDERS = 1024

_synced: dict[Path, None] = {}  # folders whose names this process has synced: once is enough, and it is slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A whole, synced file under a name of its own, waiting for the commit that gives it its final name."""

    staged: Path
    final: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A file that is to go with a commit."""

    final: Path


@dataclass(frozen=True)
class BookFiles:
    """Every path in a book's folder. Those that every update needs are joined once: that is a tenth of its time."""

    root: Path

    @cached_property
    def manifest(self) -> Path:
        """The book's queue and truth."""
        return self.root / MANIFEST

    @cached_property
    def lock(self) -> Path:
        """The side file that is flocked; never unlinked."""
        return self.root / LOCK

    @cached_property
    def foreign_lock(self) -> Path:
        """The lock file of programs that know only imaginize's schema; there only while the manifest is replaced."""
        return self.root / FOREIGN_LOCK

    @property
    def data(self) -> Path:
        """The truth behind the guide, JSON."""
        return self.root / "data"

    @property
    def book(self) -> Path:
        """Metadata and the map from story chapters to their sources."""
        return self.data / "book.json"

    @cached_property
    def events(self) -> Path:
        """What happened to the book, one JSON object a line."""
        return self.data / "events.jsonl"

    @property
    def request(self) -> Path:
        """What was asked for this book: chapters, style, budget; absent where nothing was."""
        return self.data / "request.json"

    @property
    def elements(self) -> Path:
        """The elements merged over the book."""
        return self.data / "elements.json"

    @property
    def cast(self) -> Path:
        """Who is who, for people, and what they changed about it."""
        return self.data / "cast.json"

    @property
    def style(self) -> Path:
        """The book's style guide, for people to edit."""
        return self.root / "style.md"

    @property
    def sheets(self) -> Path:
        """Which sheets were written for whom, and what was written into them."""
        return self.data / "sheets.json"

    def sheet(self, stem: str) -> Path:
        """The sheet of an element, for people to edit; `stem` is from `stems_of`."""
        return self.root / "elements" / f"{stem}.md"

    def portraits(self, stem: str) -> tuple[Path, ...]:
        """Where a person may put a picture of an element, the first that exists counts."""
        return tuple(self.root / "elements" / f"{stem}{suffix}" for suffix in (".jpg", ".jpeg", ".png"))

    def made_for(self, number: int) -> list[Path]:
        """What is there for a chapter's number: its scenes, its illustrations and their images, not its text."""
        found = (
            [self.scenes(number)],
            (self.data / "illustrations").glob(f"{number:03d}-*.json"),
            (self.root / "images").glob(f"chapter_{number}_scene_*.jpg"),
        )
        return [path for paths in found for path in paths if path.exists()]

    def chapter(self, number: int) -> Path:
        """A chapter's text."""
        return self.data / "chapters" / f"{number:03d}.json"

    def chapter_record(self, stage: Stage, number: int) -> Path:
        """What a stage made of a chapter, where that is one record."""
        return self.data / stage.folder / f"{number:03d}.json"

    def scenes(self, number: int) -> Path:
        """What the analyze stage found in a chapter."""
        return self.chapter_record(Stage.ANALYZE, number)

    def illustration(self, number: int, scene: int) -> Path:
        """How a scene's image was made."""
        return self.data / Stage.ILLUSTRATE.folder / f"{number:03d}-{scene:02d}.json"

    def reply(self, asked: str) -> Path:
        """What a provider answered, by the digest of what it was asked."""
        return self.data / "replies" / f"{asked}.json"

    def version(self, digest: str, suffix: str = ".json") -> Path:
        """A picture that a scene had before (.jpg), by what it shows, and how it was made (.json)."""
        return self.data / VERSIONS / f"{digest}{suffix}"

    @property
    def calls(self) -> Path:
        """What each call to an endpoint took: numbered files."""
        return self.data / "calls"

    def image(self, number: int, scene: int) -> Path:
        """A scene's image, under imaginize's name for it."""
        return self.root / "images" / f"chapter_{number}_scene_{scene}.jpg"

    @property
    def outlet(self) -> Path:
        """What of the book is in the folder that other programs watch."""
        return self.data / "outlet.json"

    def copy(self, digest: str) -> Path:
        """The smaller copy of an image, by the SHA-256 of that; for exports that would be too large."""
        return self.data / "copies" / f"{digest}.jpg"

    def cover(self, suffix: str) -> Path:
        """The book's own cover."""
        return self.root / "images" / f"cover{suffix}"

    @property
    def edits(self) -> Path:
        """What a person changed about the division into chapters."""
        return self.root / EDITS

    @property
    def cast_orders(self) -> Path:
        """What a person changed about who is who."""
        return self.root / CAST

    def kept(self, request: str) -> Path:
        """What was made for the chapters of earlier divisions; a book that is done anew as asked has another."""
        return self.data / "kept" / request

    @property
    def progress(self) -> Path:
        """What happened so far, for people."""
        return self.root / "progress.md"

    def guide(self, name: str) -> Path:
        """A file of the guide, such as Contents.md or index.html."""
        return self.root / name

    def source(self, book_file: str) -> Path:
        """The untouched original."""
        return self.root / book_file

    @property
    def converted(self) -> Path:
        """The EPUB that a converter made of the original, where no reader of ours reads that."""
        return self.data / "converted.epub"

    def converting(self, claim_id: str) -> Path:
        """Where a converter works for a claim; it goes as that claim's staged artifacts do."""
        return self.data / f".converting.{claim_id}{STAGED}"

    def _make(self, folder: Path) -> None:
        # What comes late, for a book that was removed, must leave no folder in its place: not even of one that goes
        # between a look and the making.
        make_folder(folder, above=self.root)

    def stage(self, final: Path, data: bytes, *, fence: Fence) -> Artifact:
        """Write an artifact under a name that carries its fence; `Library.update` publishes it.

        Raises:
            OSError: It could not be written whole; nothing is left behind.
        """
        self._make(final.parent)
        # By claim: a zombie and its successor never write into the same file, and what the dead one left is told by
        # its name.
        staged = final.with_name(f".{final.name}.{fence.claim_id}{STAGED}")
        # Truncated, not exclusive: the same claim may stage a file twice, after a full disk.
        fd = _create(staged, flags=os.O_TRUNC)
        with _gone_on_error(staged):
            _fill(fd, data)
        return Artifact(staged=staged, final=final)

    def stage_same(self, final: Path, source: Path, *, fence: Fence) -> Artifact | None:
        """Stage a file with the bytes of another; None where it has its final name already.

        Raises:
            OSError: It could not be written whole; nothing is left behind.
        """
        # Two names of one file: a rename from one to the other would do nothing, and leave the staged name behind.
        with suppress(FileNotFoundError):
            if final.samefile(source):
                return None
        self._make(final.parent)
        staged = final.with_name(f".{final.name}.{fence.claim_id}{STAGED}")
        staged.unlink(missing_ok=True)
        try:
            staged.hardlink_to(source)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            return self.stage(final, source.read_bytes(), fence=fence)
        return Artifact(staged=staged, final=final)

    def sweep(self, *, live: Iterable[str]) -> list[Path]:
        """Remove staged artifacts whose claim is not among the live ones; returns what went. Call under the lock."""
        names = tuple(f".{claim_id}{STAGED}" for claim_id in live)
        strays = [path for path in self._artifacts() if not path.name.endswith(names)]
        for path in strays:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return strays

    def _artifacts(self) -> Iterator[Path]:
        below = (*_FOLDERS, *(f"data/{name}" for name in _DATA_FOLDERS))
        for folder in (self.root, *(self.root / name for name in below)):
            yield from folder.glob(f".*{STAGED}")
        yield from self.data.glob(f"kept/*/*/.*{STAGED}")
        yield from self.data.glob(f"kept/*/.*{STAGED}")


_FOLDERS = ("images", "elements", "exports", "pages", "data")
_DATA_FOLDERS = ("chapters", *(stage.folder for stage in CHAPTER_STAGES), "replies", "copies", VERSIONS)


def write_atomic(path: Path, data: bytes, *, durable: bool = False, replace: bool = True) -> None:
    """Replace `path` by `data`: readers see the old bytes or the new ones, never a part.

    Args:
        path: The file.
        data: All of it.
        durable: Whether the folder is synced too, so that a power cut after the return cannot bring the old bytes back.
        replace: Whether what has the name already is replaced.

    Raises:
        FileExistsError: Something has the name and is not to be replaced.
        OSError: Disk full or read-only; the old file stands, no temporary is left.
    """
    temporary, fd = _create_temporary(path)
    with _gone_on_error(temporary):
        # Its bytes are on the disk before it has the name: after a power cut a name without bytes would be an empty
        # file.
        _fill(fd, data)
        _name(temporary, path, replace=replace)
    if durable:
        sync_folder(path.parent)


def write_numbered(folder: Path, data: bytes, *, above: Path | None = None) -> Path:
    """Write a new file whose name is the next number that is free (1.json, 2.json …), whole, whoever else does so too.

    Raises:
        FileNotFoundError: `above` is not there, below which the folder is made.
        OSError: Disk full or read-only; nothing is left behind.
    """
    make_folder(folder, above=above)
    number = len(list(folder.glob("*.json")))
    while True:
        number += 1
        path = folder / f"{number}.json"
        if path.exists():
            continue
        temporary, fd = _create_temporary(path)
        with _gone_on_error(temporary):
            _fill(fd, data)
        with suppress(FileExistsError, FileNotFoundError):  # another was quicker, or a tidying hand took the temporary
            # A link fails where the name is taken, whoever took it; a rename would replace the other's file.
            path.hardlink_to(temporary)
            temporary.unlink(missing_ok=True)
            return path
        temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    # fsync of a file does not sync its name: measured, the last update was lost in 19 of 20 power cuts.
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def move(source: Path, target: Path, *, replace: bool = True, inode: tuple[int, int] | None = None) -> bool:
    """Move a file, onto another file system if need be; a link in the way is never followed.

    A power cut leaves it whole in one of the places, or in both. The order is the whole point: its bytes are synced,
    then its new name, and only then the old one goes.

    Args:
        source: The file.
        target: Where it goes.
        replace: Whether what has the name already is replaced.
        inode: The device and inode that are meant, for a copy; after a rename the caller can tell from the target.

    Returns:
        Whether it was copied, so that its inode is another one now.

    Raises:
        EntryChanged: What was to be copied is something else.
        FileExistsError: Something has the name and is not to be replaced.
        OSError: It is still where it was; what is no regular file does not go to another file system.
    """
    with suppress(NotAFile), opened(source) as moving:  # a link or a folder has no bytes of its own to sync
        os.fsync(moving)
    try:
        _name(source, target, replace=replace)
    except OSError as error:
        if error.errno != errno.EXDEV or not stat.S_ISREG(source.lstat().st_mode):
            raise
        _move_by_copy(source, target, replace=replace, inode=inode)
        is_copied = True
    else:
        sync_folder(target.parent)
        is_copied = False
    sync_folder(source.parent)  # else the old name may come back, and what was done with the file is done again
    return is_copied


def _move_by_copy(source: Path, target: Path, *, replace: bool, inode: tuple[int, int] | None) -> None:
    with opened(source) as reading:
        status = os.fstat(reading)
        if inode is not None and (status.st_dev, status.st_ino) != inode:
            raise EntryChanged(errno.ESTALE, "something else took its place", source.name)
        copied = copy_durably(reading, target, replace=replace)
        remove_same(source, is_same=partial(_is_as_copied, copied))


def copy_durably(source: int, target: Path, *, replace: bool = True) -> os.stat_result:
    """Copy an open file under a name at which it appears whole; bytes and name survive a power cut that follows.

    Returns:
        What the file was while it was copied.

    Raises:
        FileExistsError: Something has the name and is not to be replaced.
        OSError: It could not be copied, or was written to meanwhile; nothing is left behind.
    """
    before = os.fstat(source)
    temporary, fd = _create_temporary(target)
    with _gone_on_error(temporary):
        with open(fd, "wb") as writing:  # noqa: PTH123 - a descriptor
            copy_bytes(source, fd, size=before.st_size)
            os.fsync(writing.fileno())
        if not _is_as_copied(before, os.fstat(source)):
            raise OSError(errno.EBUSY, "it was written to while it was copied; try again once nobody writes to it")
        _name(temporary, target, replace=replace)
    sync_folder(target.parent)
    return before


def _is_as_copied(copied: os.stat_result, now: os.stat_result) -> bool:
    # Not the time of its last change of any kind: a rename is one, too.
    is_same = os.path.samestat(copied, now)
    return is_same and (copied.st_size, copied.st_mtime_ns) == (now.st_size, now.st_mtime_ns)


def publish(artifacts: Iterable[Artifact | Removal]) -> None:
    """Give staged artifacts their final names, and remove what is to go, durably.

    Call under the lock, after the fence was checked.
    """
    folders = set()
    for artifact in artifacts:
        # Each was synced when it was staged: under the lock there are only renames and one sync a folder.
        if isinstance(artifact, Removal):
            artifact.final.unlink(missing_ok=True)
        else:
            artifact.staged.rename(artifact.final)
        folders.add(artifact.final.parent)
    for folder in sorted(folders):
        sync_folder(folder)


def discard(artifacts: Iterable[Artifact | Removal]) -> None:
    """Remove artifacts that no commit will publish."""
    for artifact in artifacts:
        if isinstance(artifact, Artifact):
            artifact.staged.unlink(missing_ok=True)


def sweep_temporaries(folder: Path) -> None:
    """Remove what killed writers left beside their files. Call under the lock that those writers hold while writing."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink(missing_ok=True)


def make_folder(folder: Path, *, above: Path | None = None) -> None:
    """Make a folder and those above it, durably: what is renamed into it later lives no longer than its own name.

    Raises:
        FileNotFoundError: `above` is not there, which is not made.
    """
    is_new = not folder.is_dir()
    if is_new:
        if folder != above and not folder.parent.is_dir():
            make_folder(folder.parent, above=above)
        if folder == above:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        folder.mkdir(exist_ok=True)
    if is_new or folder not in _synced:  # one that is there: its maker may have been killed before he synced it
        with nullcontext() if is_new else suppress(PermissionError):  # above our own there may be one we may not read
            sync_folder(folder.parent)
        _synced[folder] = None
        if len(_synced) > SYNCED_FOLDERS:
            # A dict keeps the order of insertion: the oldest goes.
            del _synced[next(iter(_synced))]


def _create_temporary(path: Path) -> tuple[Path, int]:
    """A new file beside `path`, open. Nobody can guess its name, and so take it first."""
    while True:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(6)}{TEMPORARY}")
        with suppress(FileExistsError):
            return temporary, _create(temporary, flags=os.O_EXCL)


def _name(source: Path, target: Path, *, replace: bool) -> None:
    if replace:
        source.rename(target)
    else:
        move_new(source, target)


@contextmanager
def _gone_on_error(path: Path) -> Iterator[None]:
    """No temporary stays where its writer did not come to an end."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _create(path: Path, *, flags: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o666)


def _fill(fd: int, data: bytes) -> None:
    """Write a new file whole, sync and close it."""
    try:
        write_whole(fd, data)
        os.fdatasync(fd)
    finally:
        os.close(fd)


def write_whole(fd: int, data: bytes) -> None:
    """A full disk shortens a write before it fails one; a short write must not pass for a whole one."""
    # Unchecked, such a write and the rename after it have destroyed a manifest on a full disk.
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]

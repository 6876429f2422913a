"""Where everything of a book lies, and the staging of what a commit is to publish. All paths come from here."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from imaginized.queue.manifest import CHAPTER_STAGES, Fence, Stage
from imaginized.store.reserved import give_up_all
from imaginized.store.writing import create, fill, gone_on_error, make_folder, sync_folder

MANIFEST = ".imaginize.manifest.json"
LOCK = ".imaginize.manifest.flock"
FOREIGN_LOCK = ".imaginize.manifest.lock"
EDITS = "chapters.toml"
CAST = "cast.toml"
VERSIONS = "versions"
STAGED = ".staged"
# What link answers where a file system has none, or no more for this file.
NO_LINKS = frozenset((errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A whole, synced file under a name of its own, waiting for the commit that gives it its final name."""

    staged: Path
    final: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A file that is to go with a commit."""

    final: Path


def record_name(number: int) -> str:
    """The name of a chapter's record, in whichever folder."""
    return f"{number:03d}.json"


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
    def series(self) -> Path:
        """Which series it is in, and what it knows from earlier volumes; absent where there is none."""
        return self.data / "series.json"

    def earlier_picture(self, name: str) -> Path:
        """A copy of a picture that an earlier volume has of somebody."""
        return self.data / "earlier" / name

    def earlier_pictures(self) -> list[Path]:
        """All such copies."""
        return sorted(self.earlier_picture("").glob("*.*"))

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
        return self.data / stage.folder / record_name(number)

    def without_record(self, stage: Stage, numbers: Iterable[int]) -> list[int]:
        """Those chapters that a stage has left no record for: found by one listing, not by a look for each.

        A listing may miss what is there while others write beside it: those it lacks are asked for.
        """
        names: set[str] = set()
        with suppress(FileNotFoundError), os.scandir(self.data / stage.folder) as entries:
            names.update(entry.name for entry in entries)
        missed = [number for number in numbers if record_name(number) not in names]
        return [number for number in missed if not self.chapter_record(stage, number).exists()]

    def scenes(self, number: int) -> Path:
        """What the analyze stage found in a chapter."""
        return self.chapter_record(Stage.ANALYZE, number)

    def illustration(self, number: int, scene: int) -> Path:
        """How a scene's image was made."""
        return self.data / Stage.ILLUSTRATE.folder / f"{number:03d}-{scene:02d}.json"

    def reply(self, asked: str) -> Path:
        """What a provider answered, by the digest of what it was asked."""
        return self.data / "replies" / f"{asked}.json"

    @property
    def asking(self) -> Path:
        """The locks of those who ask for something now; never unlinked."""
        return self.data / ".asking.locks"

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

    def is_plate(self, path: Path) -> bool:
        """Whether that is where the picture of a scene goes."""
        return path.parent == self.root / "images" and path.name.startswith("chapter_")

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

    def stage(self, final: Path, data: bytes, *, fence: Fence, synced: bool = True) -> Artifact:
        """Write an artifact under a name that carries its fence; `Library.update` publishes it.

        Args:
            final: Its name.
            data: All of it.
            fence: Of the claim that it is made under.
            synced: As in `write_atomic`.

        Raises:
            OSError: It could not be written whole; nothing is left behind.
        """
        self._make(final.parent)
        # By claim: a zombie and its successor never write into the same file, and what the dead one left is told by
        # its name.
        staged = final.with_name(f".{final.name}.{fence.claim_id}{STAGED}")
        # Truncated, not exclusive: the same claim may stage a file twice, after a full disk.
        fd = create(staged, flags=os.O_TRUNC)
        with gone_on_error(staged):
            fill(fd, data, synced=synced)
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

    def give_up_names(self) -> None:
        """Remove the names that killed processes had made for answers that never came."""
        give_up_all(self.reply("").parent)

    def _artifacts(self) -> Iterator[Path]:
        below = (*_FOLDERS, *(f"data/{name}" for name in _DATA_FOLDERS))
        for folder in (self.root, *(self.root / name for name in below)):
            yield from folder.glob(f".*{STAGED}")
        yield from self.data.glob(f"kept/*/*/.*{STAGED}")
        yield from self.data.glob(f"kept/*/.*{STAGED}")


_FOLDERS = ("images", "elements", "exports", "pages", "data")
_DATA_FOLDERS = ("chapters", *(stage.folder for stage in CHAPTER_STAGES), "replies", "copies", VERSIONS)


def publish(artifacts: Iterable[Artifact | Removal], *, later: set[Path] | None = None) -> None:
    """Give staged artifacts their final names, and remove what is to go, durably.

    Call under the lock, after the fence was checked.

    Args:
        artifacts: Each under its own name.
        later: Where the caller notes folders that it syncs itself later, before anything goes by which the same can be
            made again; None syncs them now.
    """
    folders: set[Path] = set() if later is None else later
    for artifact in artifacts:
        # Each was synced when it was staged: under the lock there are only renames and one sync a folder.
        if isinstance(artifact, Removal):
            artifact.final.unlink(missing_ok=True)
        else:
            artifact.staged.rename(artifact.final)
        folders.add(artifact.final.parent)
    for folder in sorted(folders) if later is None else ():
        sync_folder(folder)


def discard(artifacts: Iterable[Artifact | Removal]) -> None:
    """Remove artifacts that no commit will publish."""
    for artifact in artifacts:
        if isinstance(artifact, Artifact):
            artifact.staged.unlink(missing_ok=True)

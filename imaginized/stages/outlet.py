"""Copies of a book's exports in a folder that other programs watch, such as Calibre-Web, Komga or Kavita.

What is written there is recorded first, by its digest: a file that has another one is a stranger's, and stays.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path

from imaginized.guide.model import Guide
from imaginized.settings.outlet_names import filled, root_of, safe_name
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.store.trash import trashed_below
from imaginized.store.writing import make_folder, write_atomic

_TAKEN = "The {} file was not written there: its names are taken by files that are not of this book"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A file that is to be in the watched folder."""

    format: str
    suffix: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFile:
    """A file of ours in the watched folder.

    Attributes:
        digests: SHA-256, hex, of what it may have: of the last one written, and of the one that is being written.
        is_written: Whether the last of them was written whole.
    """

    format: str
    path: str
    digests: tuple[str, ...]
    is_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRecord:
    """`data/outlet.json`: what of a book is in the watched folder."""

    schema: str = "imaginized.outlet/1"
    files: tuple[OutletFile, ...] = ()


class Outlet:
    """The watched folder, as one book has files in it."""

    def __init__(
        self, files: BookFiles, *, template: Path | None, guide: Guide, keep: Callable[[dict[Path, bytes]], None]
    ) -> None:
        """Read what is there.

        Args:
            files: The book's.
            template: Of paths; None for no such folder: what is there of ours goes.
            guide: Whose words the names are made of.
            keep: Makes a record durable at once; may raise ClaimLost.
        """
        self._files, self._template, self._guide, self._keep = files, template, guide, keep
        self._record = _recorded(files) or _before_removal(files) or OutletRecord()

    def hand_out(
        self, outgoing: Iterable[Outgoing], *, again: bool, formats: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """Bring the folder to what a book has now; returns what could not be done, in sentences.

        Args:
            outgoing: All that is to be there.
            again: Whether what its watcher took away is written again.
            formats: Those that are in question; None for all. Files of others stay as they are.
        """
        problems, placed, failed = [], set[str](), set[str]()
        for each in outgoing if self._template else ():
            try:
                path, problem = self._put(each, again=again), ""
            except OSError as error:
                path, problem = "", f"The {each.format} file could not be written there: {error.strerror or error}"
            if path:
                placed.add(path)
            else:
                failed.add(each.format)
                problems.append(f"{self._template}: {problem or _TAKEN.format(each.format)}.")
        asked = None if formats is None else set(formats)
        for file in self._record.files:
            is_asked = asked is None or file.format in asked
            if is_asked and file.path not in placed and file.format not in failed:
                self._drop(file)
        return tuple(problems)

    def _put(self, each: Outgoing, *, again: bool) -> str:
        """Have one file there; returns where, or "" where strangers' files have its names."""
        digest = sha256(each.data).hexdigest()
        for path in self._candidates(each):
            mine = next((file for file in self._record.files if file.path == str(path)), None)
            if mine and mine.is_written and mine.digests == (digest,) and not again and not path.exists():
                return str(path)  # its watcher took it away: once more would be a second copy over there
            if self._place(path, each, digest=digest, mine=mine):
                return str(path)
        return ""

    def _place(self, path: Path, each: Outgoing, *, digest: str, mine: OutletFile | None) -> bool:
        """Write a file to a path; False where a stranger's is there."""
        is_there = path.exists() or path.is_symlink()
        present = _digest_of(path) if is_there else ""
        if is_there and not (mine and present in mine.digests):
            return False
        file = OutletFile(format=each.format, path=str(path), digests=(digest,), is_written=True)
        if present == digest:
            if mine != file:
                self._note(file)
            return True
        # Recorded before it is there: after a kill in between, the next attempt knows the file for its own.
        digests = (present, digest) if present else (digest,)
        self._note(replace(file, digests=digests, is_written=False))
        make_folder(path.parent)
        try:
            write_atomic(path, each.data, durable=True, replace=is_there)
        except FileExistsError:  # another book was quicker
            return False
        self._note(file)
        return True

    def _candidates(self, each: Outgoing) -> Iterator[Path]:
        """Where a file may be, the best first: two books may have one title, and strangers have files, too."""
        guide = self._guide
        values = {
            "author": safe_name(guide.authors[0] if guide.authors else "") or "Unknown author",
            "title": safe_name(guide.title) or guide.book_id,
            "series": guide.series,
            "number": guide.series_index,
            "language": guide.language,
            "book": guide.book_id,
            "format": each.format,
        }
        if self._template is not None:
            base = filled(self._template, values)
            yield base.with_name(base.name + each.suffix)
            yield base.with_name(f"{base.name} ({guide.book_id[-8:]}){each.suffix}")

    def _note(self, file: OutletFile) -> None:
        self._remember((*(one for one in self._record.files if one.path != file.path), file))

    def _drop(self, file: OutletFile) -> None:
        self._remove(file)
        self._remember(tuple(one for one in self._record.files if one.path != file.path))

    def _remember(self, files: tuple[OutletFile, ...]) -> None:
        self._record = OutletRecord(files=files)
        self._keep({self._files.outlet: dump(self._record)})

    def _remove(self, file: OutletFile) -> None:
        """Take a file of ours away, and the folders above it that it leaves empty."""
        path = Path(file.path)
        with suppress(OSError):
            if _digest_of(path) in file.digests:
                path.unlink()
                if self._template is not None:
                    _remove_empty(path.parent, root=root_of(self._template))


def _recorded(files: BookFiles) -> OutletRecord | None:
    try:
        return load(files.outlet, OutletRecord)
    except (FileNotFoundError, RecordUnreadable):
        return None


def _before_removal(files: BookFiles) -> OutletRecord | None:
    """What the book had there when it was removed, where its file was dropped again: that is no stranger's."""
    root = files.root.parent
    folders = (each.folder for each in trashed_below(root) if each.book == files.root.name)
    return next((found for folder in folders if (found := _recorded(BookFiles(folder)))), None)


def _remove_empty(folder: Path, *, root: Path) -> None:
    while folder != root and folder.is_relative_to(root):
        folder.rmdir()  # fails, and so ends, where something is in it
        folder = folder.parent


def _digest_of(path: Path) -> str:
    """Of a file's bytes; "" for what is none, such as a link or a folder."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as reading:
        return file_digest(reading, "sha256").hexdigest()

"""Entries that do not become books: `.failed/` and `.duplicates/`, each entry with a note that says why and what to do.

The note is written first, so that killed at any point nothing lies there without a reason; nothing is overwritten.
"""

import contextlib
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from imaginized.book.manifest import Manifest, Stage, Status
from imaginized.errors import ManifestCorrupt
from imaginized.inbox.folder import OWN_FOLDERS
from imaginized.inbox.sidecar import SIDECAR_SUFFIX
from imaginized.store.files import move, sync_folder, write_atomic
from imaginized.store.library import Library, NoSuchBook

FAILED, DUPLICATES = OWN_FOLDERS
ERROR_NOTE = ".error.txt"
POINTER_NOTE = ".pointer.txt"
NAME_BYTES = 255
RESERVED_BYTES = 50  # for the note's suffix, a number, and what write_atomic adds to a name while writing
ENDING_LENGTH = 8
COMPARED_BYTES = 1 << 20
SHOWN_CHARACTERS = 400  # of a reason, in a message: the note lies where anybody may edit it
MEND = "Mend it or convert it to EPUB (Calibre does both), then drop it into the inbox again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Expulsion:
    """A book that went back out of the library."""

    book: str
    name: str
    reason: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """What lies in `.failed/`, with a note of ours.

    Attributes:
        count: How many entries.
        name: The newest of them.
        reason: Why that one lies there.
        mtime_ns: The folder's then: while it stays, so does the rest.
    """

    count: int = 0
    name: str = ""
    reason: str = ""
    mtime_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What lies in `.duplicates/` with a note of ours, and what in either folder lies there without one.

    Attributes:
        duplicates: Their names, printable.
        unnoted: Keys, as in `Sighting`.
        mtimes_ns: The folders' then: while they stay, so does the rest.
    """

    duplicates: tuple[str, ...] = ()
    unnoted: tuple[str, ...] = ()
    mtimes_ns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a person is told about an entry that was put aside.

    Attributes:
        reference: What tells this event from any other: an arrival or a book id.
    """

    title: str
    why: str
    advice: str
    reference: str
    at: datetime

    def text(self) -> bytes:
        """The note as a file."""
        moment = self.at.isoformat(timespec="seconds")
        lines = [self.title, "", f"Why: {self.why}", f"What to do: {self.advice}", "", f"When: {moment}"]
        return "\n".join([*lines, _reference_line(self.reference), ""]).encode(errors="replace")


def printable(name: str) -> str:
    """A name fit for a message: valid Unicode on one line."""
    text = os.fsencode(name).decode(errors="replace")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def reject(
    path: Path,
    *,
    inbox: Path,
    reason: str,
    advice: str,
    reference: str,
    now: datetime,
    sidecar: Path | None = None,
) -> Path:
    """Move an entry of any kind to `.failed/` with the reason, and its sidecar, beside it; returns where it is now.

    Raises:
        OSError: It could not be moved; it is still where it was.
    """
    title = f"{printable(path.name)} was not accepted."
    note = Note(title=title, why=reason, advice=advice or MEND, reference=reference, at=now)
    return _put_aside(path, folder=inbox / FAILED, note=note, suffix=ERROR_NOTE, sidecar=sidecar)


def put_duplicate(
    path: Path,
    *,
    inbox: Path,
    book: str,
    folder: Path,
    reference: str,
    now: datetime,
    sidecar: Path | None = None,
) -> Path:
    """Move a second copy of a book to `.duplicates/` with a pointer to the first; returns where it is now.

    Raises:
        OSError: It could not be moved; it is still where it was.
    """
    note = Note(
        title=f"{printable(path.name)} is in the library already.",
        why=f"its content is that of {book}, in {printable(str(folder))}",
        advice="Read it there; this copy can be deleted. `imaginizectl add --force FILE` has the book done again.",
        reference=reference,
        at=now,
    )
    return _put_aside(path, folder=inbox / DUPLICATES, note=note, suffix=POINTER_NOTE, sidecar=sidecar)


def rejections(inbox: Path, *, known: Rejections) -> Rejections:
    """What lies in `.failed/` now: a single look at the folder when nothing has changed since `known`.

    Raises:
        OSError: It cannot be read.
    """
    folder = inbox / FAILED
    try:
        mtime_ns = folder.stat().st_mtime_ns
    except FileNotFoundError:
        return Rejections()
    if mtime_ns == known.mtime_ns:
        return known
    with os.scandir(folder) as entries:
        times = {entry.name: entry.stat(follow_symlinks=False).st_mtime_ns for entry in entries}
    noted = [name for name in times if f"{name}{ERROR_NOTE}" in times]
    if not noted:
        return Rejections(mtime_ns=mtime_ns)
    newest = max(noted, key=lambda name: (times[f"{name}{ERROR_NOTE}"], name))
    why, _ = read_note(folder / f"{newest}{ERROR_NOTE}") or ("", "")
    return Rejections(count=len(noted), name=printable(newest), reason=why[:SHOWN_CHARACTERS], mtime_ns=mtime_ns)


def look_aside(inbox: Path, *, known: Lying) -> Lying:
    """What lies in both folders now: a single look at each when nothing has changed since `known`.

    Raises:
        OSError: One cannot be read, or is not a folder.
    """
    places = (FAILED, ERROR_NOTE), (DUPLICATES, POINTER_NOTE)
    mtimes_ns = tuple(_mtime_ns(inbox / place) for place, _ in places)
    if mtimes_ns == known.mtimes_ns:
        return known
    unnoted: list[str] = []
    duplicates: list[str] = []
    for place, suffix in places:
        names = _names_in(inbox / place) if _mtime_ns(inbox / place) else set()
        noted = {name for name in names if f"{name}{suffix}" in names}
        duplicates += sorted(noted) if place == DUPLICATES else []
        ours = noted | {f"{name}{suffix}" for name in names} | {f"{name}{SIDECAR_SUFFIX}" for name in noted}
        stray = [name for name in names - ours if not name.startswith(".") and not name.endswith(suffix)]
        unnoted += [f"{place}/{name}" for name in stray]
    shown = tuple(printable(name) for name in duplicates)
    return Lying(duplicates=shown, unnoted=tuple(unnoted), mtimes_ns=mtimes_ns)


def _names_in(folder: Path) -> set[str]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        with os.scandir(fd) as entries:
            return {entry.name for entry in entries}
    finally:
        os.close(fd)


def _mtime_ns(folder: Path) -> int:
    """When its names changed; 0 while it is not there."""
    try:
        return folder.lstat().st_mtime_ns
    except FileNotFoundError:
        return 0


def read_note(note: Path) -> tuple[str, str] | None:
    """Why, and what to do, from a note of ours; None where there is none."""
    try:
        lines = note.read_text(errors="replace").splitlines()
    except OSError:
        return None
    said = {key: value for key, _, value in (line.partition(": ") for line in lines)}
    return (said["Why"], said.get("What to do", "")) if "Why" in said else None


def rejected_books(library: Library) -> list[Manifest]:
    """The books whose original turned out to be unusable when it was split."""
    found = []
    for book in library.books():
        try:
            manifest = library.read(book)
        except (NoSuchBook, ManifestCorrupt):
            continue  # gone meanwhile, or set aside for a person
        split = manifest.steps[Stage.SPLIT]
        if split.status is Status.FAILED and split.rejected:
            found.append(manifest)
    return found


def expel(manifest: Manifest, *, library: Library, inbox: Path, now: datetime) -> Expulsion:
    """Move a book's original from the library to `.failed/`.

    Killed at any point and repeated, it gives exactly one file and one note.

    Raises:
        OSError: It could not be moved; the same call may succeed later.
        LibraryBusy: Somebody holds the book's lock.
        NoSuchBook: It is gone.
    """
    book = manifest.book_id
    name = manifest.original_name.replace("\0", "").rpartition("/")[2]
    name = name if name not in ("", ".", "..") else f"{book}.epub"
    reason = manifest.steps[Stage.SPLIT].error or "it could not be split into chapters"
    source = library.files(book).source(manifest.book_file)
    folder = inbox / FAILED
    _make_place(folder)

    def is_own(target: Path, note: Path) -> bool:
        return _refers_to(note, book) and _is_beginning_of(target, source)

    target, note_path = _free_place(folder, name, suffix=ERROR_NOTE, is_own=is_own)
    title = f"{printable(name)} was not accepted."
    why, advice = _parted(reason.removeprefix(f"{name}: "))
    note = Note(title=title, why=why, advice=advice, reference=book, at=now)
    write_atomic(note_path, note.text(), durable=True)
    library.expel(book, to=target)
    return Expulsion(book=book, name=name, reason=reason, path=target)


def _parted(reason: str) -> tuple[str, str]:
    """What a reader says, "why. What to do.", in its two parts."""
    why, _, advice = reason.rpartition(". ")
    return (why, advice) if why else (reason, MEND)


def _put_aside(path: Path, *, folder: Path, note: Note, suffix: str, sidecar: Path | None) -> Path:
    _make_place(folder)
    target, note_path = _free_place(folder, path.name, suffix=suffix, is_own=lambda _target, _note: False)
    write_atomic(note_path, note.text(), durable=True)
    move(path, target)
    if sidecar is not None:
        with contextlib.suppress(FileNotFoundError):  # somebody took it away meanwhile
            move(sidecar, target.with_name(target.name + SIDECAR_SUFFIX))
    return target


def _make_place(folder: Path) -> None:
    """Make `.failed` or `.duplicates` so that it survives a power cut, also if it is there: by whom, nobody knows."""
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def _free_place(folder: Path, name: str, *, suffix: str, is_own: Callable[[Path, Path], bool]) -> tuple[Path, Path]:
    """Where to put an entry and its note: the first number whose place is free, or is our own from a try before.

    A note without its entry counts for nothing: either we were killed before the move, or somebody took the entry away.
    """
    for number in itertools.count(1):
        fitted = _numbered(name, number)
        target, note = folder / fitted, folder / f"{fitted}{suffix}"
        if not os.path.lexists(target) or is_own(target, note):  # a dangling link is an entry, too
            return target, note
    raise AssertionError("numbers do not end")


def _numbered(name: str, number: int) -> str:
    """The name with " (2)" and so on before its ending, shortened so that its note's name fits, too."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, f"{dot}{ending}") if stem and len(ending) <= ENDING_LENGTH else (name, "")
    tail = (f" ({number})" if number > 1 else "") + ending
    room = NAME_BYTES - RESERVED_BYTES - len(os.fsencode(ending))
    return os.fsdecode(_cut(os.fsencode(stem), max(room, 1))) + tail


def _cut(name: bytes, limit: int) -> bytes:
    """At most `limit` bytes, without half a character at the end."""
    while 0 < limit < len(name) and name[limit] & 0xC0 == 0x80:
        limit -= 1
    return name[:limit]


def _reference_line(reference: str) -> str:
    return f"Reference: {reference}"


def _refers_to(note: Path, reference: str) -> bool:
    try:
        return _reference_line(reference) in note.read_text(errors="replace").splitlines()
    except OSError:
        return False


def _is_beginning_of(part: Path, whole: Path) -> bool:
    """Whether one file is the other as far as it goes: what a move to another file system leaves when it is killed."""
    if part.is_symlink() or not part.is_file():
        return False
    if not whole.exists():
        return True  # it was moved here before we were killed
    with part.open("rb") as some, whole.open("rb") as all_of_it:
        while block := some.read(COMPARED_BYTES):
            if block != all_of_it.read(len(block)):
                return False
    return True

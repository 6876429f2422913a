"""Entries that do not become books: `.failed/` and `.duplicates/`, each entry with a note that says why and what to do.

The note is written first, so that killed at any point nothing lies there without a reason; nothing is overwritten.
Others may write where these folders lie: whatever is done in them is done in the very folder that was looked at.
"""

import errno
import itertools
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from imaginized.inbox.error_note import Note, duplicate_note, rejected_note, said_in, taken_apart_note
from imaginized.inbox.folder import OWN_FOLDERS
from imaginized.inbox.sidecar import SIDECAR_SUFFIX
from imaginized.printable import cut, printable
from imaginized.queue.manifest import Manifest, Stage
from imaginized.queue.plan import is_rejected
from imaginized.reasons import Code, Reason
from imaginized.store.beneath import EntryChanged, opened, pinned, put_back, remove_same
from imaginized.store.library import Library
from imaginized.store.writing import move, sync_folder, write_atomic

FAILED, DUPLICATES = OWN_FOLDERS
ERROR_NOTE = ".error.txt"
POINTER_NOTE = ".pointer.txt"
NOTES = {FAILED: ERROR_NOTE, DUPLICATES: POINTER_NOTE}
NAME_BYTES = 255
RESERVED_BYTES = 50  # for the note's suffix, a number, and what write_atomic adds to a name while writing
ENDING_LENGTH = 8
COMPARED_BYTES = 1 << 20
MOST_KNOWN = 20_000  # notes
MOST_TRIES = 100  # to find a place that nobody takes at the same moment
SHOWN_CHARACTERS = 400  # of a reason, in a message: the note lies where anybody may edit it


class AsideUnusable(OSError):
    """`.failed` or `.duplicates` is not a folder of ours, so that nothing is put there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expulsion:
    """A book that went back out of the library."""

    book: str
    name: str
    reason: Reason
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """What lies in `.failed/`, with a note of ours.

    Attributes:
        count: How many entries.
        name: The newest of them.
        reason: Why that one lies there; None for none.
        mtime_ns: The folder's then: while it stays, so does the rest.
    """

    count: int = 0
    name: str = ""
    reason: Reason | None = None
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


def trouble(inbox: Path) -> Reason | None:
    """What is wrong with the folders for what does not become a book; None for nothing."""
    for name in (FAILED, DUPLICATES):
        try:
            with opened_aside(inbox, name):
                pass
        except AsideUnusable as error:
            return Reason(Code.FOLDER_UNUSABLE, str(error.strerror))
        except OSError:
            continue  # it will be made, or the inbox itself is the trouble
    return None


@contextmanager
def opened_aside(inbox: Path, name: str, *, make: bool = False) -> Iterator[Path]:
    """`.failed` or `.duplicates`, pinned: a real folder that the daemon, root or the inbox's owner has made.

    Raises:
        AsideUnusable: It is something else; the message says what to do.
        OSError: It is not there, or cannot be made or opened.
    """
    with ExitStack() as held:
        root = held.enter_context(pinned(inbox))
        if make:
            with suppress(FileExistsError):
                # Made first and opened then: looked for before, it could be swapped for a link in between.
                (root / name).mkdir()
            sync_folder(root)  # also if it is there: whoever made it may have been killed before the name was synced
        try:
            folder = held.enter_context(pinned(root, name))
        except NotADirectoryError as error:  # a link, too
            raise _unusable(inbox / name, "is not a folder") from error
        # On a network share that shows one owner for all, that one owns the inbox, too.
        if folder.stat().st_uid not in (os.geteuid(), 0, root.stat().st_uid):
            raise _unusable(inbox / name, "belongs to another user")
        yield folder


def _unusable(folder: Path, what: str) -> AsideUnusable:
    advice = "Remove or rename it. The daemon then makes it again."
    return AsideUnusable(errno.ENOTDIR, f"{printable(str(folder))} {what}, so nothing is put there. {advice}")


def reject(
    path: Path,
    *,
    inbox: Path,
    reason: Reason,
    reference: str,
    now: datetime,
    sidecar: Path | None = None,
    inode: tuple[int, int] | None = None,
) -> Path:
    """Move an entry of any kind to `.failed/` with the reason, and its sidecar, beside it; returns where it is now.

    Args:
        path: The entry.
        inbox: Where `.failed/` is.
        reason: Why it is not accepted; without an advice, the usual is given.
        reference: Of the arrival.
        now: For the note.
        sidecar: What lies beside it and is about nothing else.
        inode: Its device and inode; what has its name by now may be something else. None for whatever it is.

    Raises:
        EntryChanged: It is something else; that is still where it was.
        OSError: It could not be moved; it is still where it was.
    """
    note = rejected_note(path.name, reason=reason, reference=reference, at=now)
    return _put_aside(path, inbox=inbox, place=FAILED, note=note, sidecar=sidecar, inode=inode)


def put_duplicate(
    path: Path,
    *,
    inbox: Path,
    book: str,
    folder: Path,
    reference: str,
    now: datetime,
    is_restarted: bool = False,
    sidecar: Path | None = None,
    inode: tuple[int, int] | None = None,
) -> Path:
    """Move a second copy of a book to `.duplicates/` with a pointer to the first; returns where it is now.

    Args:
        path: The copy.
        inbox: Where `.duplicates/` is.
        book: The first.
        folder: Its folder.
        reference: Of the arrival.
        now: For the note.
        is_restarted: Whether the copy processes the book again.
        sidecar: What lies beside it and is about nothing else.
        inode: Its device and inode; None for whatever it is.

    Raises:
        EntryChanged: It is no longer what has this device and inode; that is still where it was.
        OSError: It could not be moved; it is still where it was.
    """
    note = duplicate_note(path.name, book=book, folder=folder, is_restarted=is_restarted, reference=reference, at=now)
    return _put_aside(path, inbox=inbox, place=DUPLICATES, note=note, sidecar=sidecar, inode=inode)


def put_taken_apart(
    path: Path,
    *,
    inbox: Path,
    names: Sequence[str],
    reference: str,
    now: datetime,
    sidecar: Path | None,
    inode: tuple[int, int],
) -> Path:
    """Move a zip of books, of which each is in the inbox now, to `.duplicates/` with their names."""
    note = taken_apart_note(path.name, books=names, reference=reference, at=now)
    return _put_aside(path, inbox=inbox, place=DUPLICATES, note=note, sidecar=sidecar, inode=inode)


def rejections(inbox: Path, *, known: Rejections) -> Rejections:
    """What lies in `.failed/` now: a single look at the folder when nothing has changed since `known`.

    Raises:
        OSError: It cannot be read.
    """
    try:
        with opened_aside(inbox, FAILED) as folder:
            # Before the listing: what comes while it is read changes the mtime, and is seen at the next look.
            mtime_ns = folder.stat().st_mtime_ns
            return known if mtime_ns == known.mtime_ns else _rejections(folder, mtime_ns=mtime_ns)
    except FileNotFoundError:
        return Rejections()


def _rejections(folder: Path, *, mtime_ns: int) -> Rejections:
    with os.scandir(folder) as entries:
        times = {entry.name: entry.stat(follow_symlinks=False).st_mtime_ns for entry in entries}
    notes = _notes(folder, times, suffix=ERROR_NOTE)
    noted = [name for name in times if f"{name}{ERROR_NOTE}" in notes]
    if not noted:
        return Rejections(mtime_ns=mtime_ns)
    newest = max(noted, key=lambda name: (times[f"{name}{ERROR_NOTE}"], name))
    said = said_in(folder / f"{newest}{ERROR_NOTE}")
    why = _shown(said.reason) if said else None
    return Rejections(count=len(noted), name=printable(newest), reason=why, mtime_ns=mtime_ns)


def _shown(reason: Reason) -> Reason:
    """A reason that fits a message."""
    return replace(reason, text=cut(reason.text, SHOWN_CHARACTERS), advice=cut(reason.advice, SHOWN_CHARACTERS))


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
        if not _mtime_ns(inbox / place):
            continue
        with pinned(inbox, place) as folder:
            names = set(os.listdir(folder))  # noqa: PTH208 - names alone
            notes = _notes(folder, names, suffix=suffix)
        noted = {name for name in names if f"{name}{suffix}" in notes}
        duplicates += sorted(noted) if place == DUPLICATES else []
        ours = noted | notes | {f"{name}{SIDECAR_SUFFIX}" for name in noted}
        unnoted += [f"{place}/{name}" for name in names - ours if not name.startswith(".")]
    shown = tuple(printable(name) for name in duplicates)
    return Lying(duplicates=shown, unnoted=tuple(unnoted), mtimes_ns=mtimes_ns)


def _notes(folder: Path, names: Iterable[str], *, suffix: str) -> set[str]:
    """Those that are notes of ours, and not only named like one."""
    return {name for name in names if name.endswith(suffix) and _is_note(folder / name)}


def _is_note(path: Path) -> bool:
    """Whether it can be read as a note of ours; each is read once for as long as nobody writes to it."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if not stat.S_ISREG(status.st_mode):
        return False
    seen = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_size)
    if seen in _known_notes:
        return True
    if said_in(path) is None:  # not kept: it may only have been unreadable for a moment
        return False
    while len(_known_notes) >= MOST_KNOWN:
        del _known_notes[next(iter(_known_notes))]
    _known_notes[seen] = None
    return True


# A large `.failed` on a slow share is not read anew at each change.
_known_notes: dict[tuple[int, int, int, int], None] = {}


def _mtime_ns(folder: Path) -> int:
    """When its names changed; 0 while it is not there."""
    try:
        return folder.lstat().st_mtime_ns
    except FileNotFoundError:
        return 0


def rejected_books(library: Library) -> list[Manifest]:
    """The books whose original turned out to be unusable when it was split."""
    return [manifest for _, manifest in library.open_manifests() if is_rejected(manifest)]


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
    why = manifest.steps[Stage.SPLIT].reason or Reason(Code.UNKNOWN, "it could not be split into chapters")
    source = library.files(book).source(manifest.book_file)
    note = rejected_note(name, reason=why, reference=book, at=now)

    def is_own(target: Path, note_path: Path) -> bool:
        return _refers_to(note_path, book) and _is_beginning_of(target, source)

    with opened_aside(inbox, FAILED, make=True) as folder:
        target, note_path = _free_place(folder, name, suffix=ERROR_NOTE, is_own=is_own)
        write_atomic(note_path, note.text(), durable=True, replace=os.path.lexists(note_path))
        # Without the source, what lies there is the whole original, and must stay.
        if source.exists() and os.path.lexists(target):
            _remove_part(target, is_own=lambda: is_own(target, note_path))
        # Last: while the book is there, all of this is done again after a kill, to the same names.
        library.expel(book, to=target)
    return Expulsion(book=book, name=name, reason=why, path=inbox / FAILED / target.name)


def _remove_part(target: Path, *, is_own: Callable[[], bool]) -> None:
    """Make room where a move that was killed has left a part of the original."""
    seen = target.lstat()
    if is_own():
        remove_same(target, is_same=partial(os.path.samestat, seen))


def _put_aside(
    path: Path, *, inbox: Path, place: str, note: Note, sidecar: Path | None, inode: tuple[int, int] | None
) -> Path:
    with (
        pinned(inbox, path.relative_to(inbox).parent) as source,
        opened_aside(inbox, place, make=True) as folder,
    ):
        entry = source / path.name
        suffix = NOTES[place]
        target, is_copied = _move_noted(
            entry, folder=folder, note=note, suffix=suffix, has_sidecar=sidecar is not None, inode=inode
        )
        status = target.lstat()
        if inode is not None and not is_copied and (status.st_dev, status.st_ino) != inode:
            put_back(target, entry)
            target.with_name(target.name + suffix).unlink(missing_ok=True)
            raise EntryChanged(errno.ESTALE, "something else took its place", path.name)
        if sidecar is not None:
            with suppress(FileNotFoundError, FileExistsError):  # somebody took it away meanwhile, or was quicker
                move(source / sidecar.name, target.with_name(target.name + SIDECAR_SUFFIX), replace=False)
        sync_folder(folder)
    return inbox / place / target.name


def _move_noted(
    entry: Path, *, folder: Path, note: Note, suffix: str, has_sidecar: bool, inode: tuple[int, int] | None
) -> tuple[Path, bool]:
    """Write the note, then move the entry to where it points; returns that and whether it had to be copied."""
    for _ in range(MOST_TRIES):
        target, note_path = _free_place(
            folder, entry.name, suffix=suffix, is_own=lambda _target, _note: False, has_sidecar=has_sidecar
        )
        with suppress(FileExistsError):  # somebody took the place just now
            # The note first: killed in between, a note without a file misleads nobody, a file without a reason does.
            write_atomic(note_path, note.text(), durable=True, replace=os.path.lexists(note_path))
            try:
                is_copied = move(entry, target, replace=False, inode=inode)
            except OSError:
                note_path.unlink(missing_ok=True)
                raise
            return target, is_copied
    raise FileExistsError(errno.EEXIST, f"others take every place in {folder.name} first", entry.name)


def _free_place(
    folder: Path, name: str, *, suffix: str, is_own: Callable[[Path, Path], bool], has_sidecar: bool = False
) -> tuple[Path, Path]:
    """Where to put an entry and its note: the first number whose place is free, or is our own from a try before.

    A note without its entry counts for nothing: either we were killed before the move, or somebody took the entry away.
    What has the note's name and is not a note of ours stays.
    """
    for number in itertools.count(1):
        fitted = _numbered(name, number)
        target, note = folder / fitted, folder / f"{fitted}{suffix}"
        is_free = not os.path.lexists(target)  # a dangling link is an entry, too
        if has_sidecar and os.path.lexists(folder / f"{fitted}{SIDECAR_SUFFIX}"):
            is_free = False
        if (is_free and (said_in(note) or not os.path.lexists(note))) or is_own(target, note):
            return target, note
    raise AssertionError("ran out of numbers")


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


def _refers_to(note: Path, reference: str) -> bool:
    said = said_in(note)
    return said is not None and said.reference == reference


def _is_beginning_of(part: Path, whole: Path) -> bool:
    """Whether one file is the other as far as it goes: what a move to another file system leaves when it is killed."""
    try:
        with opened(part) as fd, open(fd, "rb", closefd=False) as some:
            return not whole.exists() or _begins(some, whole)  # else it was moved here before we were killed
    except OSError:
        return False


def _begins(some: BinaryIO, whole: Path) -> bool:
    with whole.open("rb") as all_of_it:
        while block := some.read(COMPARED_BYTES):
            if block != all_of_it.read(len(block)):
                return False
    return True

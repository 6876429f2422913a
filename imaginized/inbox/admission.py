"""From a quiet entry of the inbox to a book in the library: look into it, hash it, admit it, then remove the entry.

Killed between any two steps, the same file is either still in the inbox or a book; the next start tells which.
"""

import errno
import fcntl
import hashlib
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from imaginized.errors import ManifestCorrupt, Rejected
from imaginized.inbox.arrivals import Finding, Kind, Sighting, reference_of
from imaginized.inbox.aside import put_duplicate
from imaginized.inbox.foreign import foreign_kind, foreign_reason
from imaginized.inbox.sidecar import Asked, ProfileUnusable, find_sidecar, is_still_needed, read_asked, signature
from imaginized.queue.redoing import restart
from imaginized.reading.formats import check_structure, is_convertible, labels
from imaginized.reasons import Code, Reason
from imaginized.store.beneath import DESCRIPTORS, EntryChanged, NotAFile, opened, pinned, remove_same
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.originals import HASHED_BYTES, Original, OriginalChanged
from imaginized.store.records import dump
from imaginized.store.room import DISK_FULL
from imaginized.store.writing import make_folder, sync_folder, write_atomic

CHANGED = Finding(state="changed")
WHOLE = Finding(state="whole")
BUNDLE = Finding(state="bundle")
WRITTEN = Finding(state="written", reason=Reason(Code.IN_USE, "a program has it open"))

NOTHING_ASKED = Asked()

Step = Callable[[str], None]  # told the name of each step as it is reached, and "hashing" at every block


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an entry.

    Attributes:
        state: "admitted" as a new book; "resumed": it was one already, only the entry was left; "duplicate" of another
            book; "restarted": of another book, which is done again as asked; "changed": it is not what was looked
            into, and still in the inbox.
        book: The book that has its content; empty when it changed.
    """

    state: Literal["admitted", "resumed", "duplicate", "restarted", "changed"]
    book: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An entry that is open: whatever its name stands for by now, this is the file that was seen.

    Attributes:
        entry: Its place, in a pinned folder.
        fd: Open for reading. What is hashed is what is copied.
        status: When it was opened.
    """

    entry: Path
    fd: int
    status: os.stat_result

    @property
    def is_unchanged(self) -> bool:
        """Whether it was not written to since; the change time tells even if its writer turned the other one back."""
        status = os.fstat(self.fd)
        # utime() sets the mtime back, but nothing sets the ctime.
        return _version(status) == _version(self.status) and status.st_ctime_ns == self.status.st_ctime_ns

    def is_it(self, status: os.stat_result) -> bool:
        """Whether this is the very file, as it was."""
        return _version(status) == _version(self.status)


def has_writer(path: Path) -> bool | None:
    """Whether a program has the file open for writing; None where that cannot be told.

    Raises:
        OSError: It cannot be opened.
    """
    try:
        # By a descriptor of a regular file: opening a pipe by its name would block, or wake its writer.
        with opened(path) as fd:
            return _has_writer(fd)
    except NotAFile:
        return None
    except BlockingIOError:  # it has it for itself, by a lease
        return True


def refusal(sighting: Sighting) -> Finding | None:
    """Why this kind of entry is never admitted, from what was seen of it alone; None for one worth a look."""
    if sighting.kind is Kind.SYMLINK:
        return _unusable(
            Code.NOT_A_FILE, "it is a symbolic link, and links are never followed", "Drop the file itself."
        )
    if sighting.kind is Kind.FOLDER:
        advice = "Zip its content to an .epub file (Calibre can) and drop that."
        return _unusable(Code.NOT_A_FILE, "it is a folder, not a file", advice)
    if sighting.kind is Kind.OTHER:
        return _unusable(Code.NOT_A_FILE, "it is a pipe, a socket or a device, not a file", "Drop a file.")
    return None


def inspect(path: Path, *, sighting: Sighting, is_converting: bool = False) -> Finding:
    """Look into a quiet entry: is it still what was seen, has nobody got it open, is it whole. Never blocks on it."""
    refused = refusal(sighting)
    try:
        with _pinned_entry(path, sighting=sighting) as entry:
            # Asked before a book is made: an entry that has to stay would be admitted again after every restart.
            if not _is_removable(entry):
                text = "the daemon may not take it out of its folder"
                return _blocked(Code.NOT_REMOVABLE, text, "give its user write access to the inbox")
            if refused is not None:
                return refused
            with opened(entry) as fd:
                return _inspect(fd, sighting=sighting, is_converting=is_converting)
    except (FileNotFoundError, NotADirectoryError, NotAFile):
        return CHANGED
    except BlockingIOError:
        return WRITTEN
    except OSError as error:
        return blocked_by(error)


def inspect_with_sidecar(
    path: Path, *, sighting: Sighting, inbox: Path, profiles: Path, is_converting: bool = False
) -> tuple[Finding, Asked]:
    """Look into a quiet entry as `inspect` does, and into what is asked for it."""
    finding = inspect(path, sighting=sighting, is_converting=is_converting)
    if finding.state != "whole":
        return finding, NOTHING_ASKED
    try:
        with _pinned_entry(path, sighting=sighting) as entry:
            sidecar = find_sidecar(entry)
            if sidecar is not None and has_writer(sidecar):
                return WRITTEN, NOTHING_ASKED
        return finding, read_asked(path, inbox=inbox, profiles=profiles)
    except Rejected as error:
        advice = "Fix the sidecar, then move it and the book into the inbox again."
        return _unusable(error.reason.code, str(error), advice), NOTHING_ASKED
    except ProfileUnusable as error:
        return _blocked(Code.PROFILE, f"its profile has mistakes: {error}"), NOTHING_ASKED
    except OSError as error:
        return _blocked(Code.SIDECAR, f"its sidecar cannot be read: {error.strerror}"), NOTHING_ASKED


def blocked_by(error: OSError) -> Finding:
    """An error that may pass, as a reason to wait."""
    if error.errno == errno.ELOOP or isinstance(error, EntryChanged | NotAFile):
        return CHANGED  # became something else since it was seen
    if error.errno in (errno.EACCES, errno.EPERM):
        text = f"the daemon may not read or move it ({error.strerror})"
        return _blocked(Code.NO_ACCESS, text, "give its user access to the file")
    return _blocked(Code.DISK if error.errno in DISK_FULL else Code.IO, error.strerror or str(error))


def admit(
    path: Path,
    *,
    sighting: Sighting,
    library: Library,
    inbox: Path,
    now: datetime,
    asked: Asked = NOTHING_ASKED,
    step: Step = lambda _name: None,
) -> Outcome:
    """Make a book of a whole entry and remove the entry; or put it aside if the library has its content already.

    Args:
        path: The entry.
        sighting: As it was when it was found whole; anything else is left alone.
        library: Where it goes.
        inbox: Where `.duplicates/` is.
        now: For the note of a duplicate.
        asked: What is asked for it; its sidecar goes where the entry goes.
        step: Told "opened", "hashing" at every block, "hashed", "copied", "verifying" at every block, "published",
            "moved" and "removed".

    Raises:
        EntryChanged: Another entry took its place just now; that is still in the inbox.
        OSError: No room, or no right; the entry is still in the inbox.
    """
    # From here on it is the open file, not the name: others may swap that between any two lines.
    with held_entry(path, sighting=sighting) as held:
        digest = None if held is None else _digest(held, step=step)
        # Not an error: it settles anew, and is taken when it is quiet.
        if held is None or digest is None:
            return Outcome(state="changed")
        step("hashed")
        holder = _holder(library, digest)
        if holder is None:
            return _admit_new(held, digest=digest, sighting=sighting, library=library, asked=asked, step=step)
        if _was_admitted_from(library, holder, sighting=sighting):
            sync_folder(library.root)  # whoever made the book may have been killed before it did so
            _consume(asked, entry=held.entry)
            remove_same(held.entry, is_same=held.is_it, moved=partial(step, "moved"))
            return Outcome(state="resumed", book=holder)
        return _admit_again(held, path, book=holder, library=library, inbox=inbox, now=now, asked=asked)


def _admit_again(
    held: Held, path: Path, *, book: str, library: Library, inbox: Path, now: datetime, asked: Asked
) -> Outcome:
    is_restarted = asked.force and _restart(library, book, asked=asked)
    put_duplicate(
        path,
        inbox=inbox,
        book=book,
        folder=library.files(book).root,
        reference=reference_of(held.status),
        now=now,
        is_restarted=is_restarted,
        sidecar=_own(asked.sidecar, entry=held.entry),
        inode=(held.status.st_dev, held.status.st_ino),
    )
    return Outcome(state="restarted" if is_restarted else "duplicate", book=book)


def _admit_new(held: Held, *, digest: str, sighting: Sighting, library: Library, asked: Asked, step: Step) -> Outcome:
    try:
        book = library.admit(
            Original(fd=held.fd, size=sighting.size, digest=digest),
            original_name=os.fsencode(held.entry.name).decode(errors="replace"),
            arrival=sighting.reference,
            profile=asked.request.profile,
            request=None if asked.request == NOTHING_ASKED.request else dump(asked.request),
            is_wanted=lambda: _is_in_place(held) and held.is_unchanged,
            step=step,
        )
    except OriginalChanged:
        return Outcome(state="changed")
    # The book is true now. Killed from here on, the same entry is known by its arrival and only removed.
    step("published")
    if _was_written_to(held):
        # Not back to the entry, which has all of it and would be replaced by an older copy.
        library.expel(book, to=None)
        return Outcome(state="changed")
    _consume(asked, entry=held.entry)  # first: killed here, the entry is told from a new one, a sidecar is not
    # Only if it is still this one: else somebody removed, renamed or replaced it, and that is theirs to keep.
    remove_same(held.entry, is_same=held.is_it, moved=partial(step, "moved"))
    step("removed")
    return Outcome(state="admitted", book=book)


def _restart(library: Library, book: str, *, asked: Asked) -> bool:
    """Have a book done again as asked now; whether it could be."""
    try:
        files = library.files(book)
        make_folder(files.data)
        # Before the restart: a worker may claim a chapter the moment after, and must find what is asked now.
        write_atomic(files.request, dump(asked.request), durable=True)
        if asked.request.edits:  # what is asked now counts, not what was changed before
            files.edits.unlink(missing_ok=True)
        library.update(book, partial(restart, profile=asked.request.profile), durable=True)
    except (NoSuchBook, ManifestCorrupt):
        return False  # for a person to look at; the copy is kept as any duplicate
    return True


def _own(sidecar: Path | None, *, entry: Path) -> Path | None:
    """The sidecar in its pinned folder, unless another book goes by it, too."""
    if sidecar is None:
        return None
    sidecar = entry.with_name(sidecar.name)
    return None if is_still_needed(sidecar, book=entry) else sidecar


def _consume(asked: Asked, *, entry: Path) -> None:
    """Remove a sidecar whose word is kept in the book's folder; one that was written since then stays."""
    own = _own(asked.sidecar, entry=entry)
    if own is not None:
        remove_same(own, is_same=lambda status: asked.sidecar_seen in (None, signature(status)))


def _was_written_to(held: Held) -> bool:
    """Whether the very file that was admitted changed, or is about to, and is still there to be taken again."""
    # Replaced or gone, the book is what was there before.
    return _is_in_place(held) and (not held.is_unchanged or _has_writer(held.fd) is True)


def _is_in_place(held: Held) -> bool:
    try:
        return os.path.samestat(held.entry.lstat(), held.status)
    except FileNotFoundError:
        return False


def _matches(status: os.stat_result, *, sighting: Sighting) -> bool:
    return _version(status) == (sighting.dev, sighting.inode, sighting.size, sighting.mtime_ns)


def _version(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _digest(held: Held, *, step: Step) -> str | None:
    """SHA-256 of the entry, hex; None if it was not all the time what was seen."""
    step("opened")
    sha, at = hashlib.sha256(), 0
    # No further than what was seen: a file that grows as fast as it is read would never end.
    while at < held.status.st_size and (block := os.pread(held.fd, HASHED_BYTES, at)):
        sha.update(block)
        at += len(block)
        step("hashing")
    return None if not held.is_unchanged or _has_writer(held.fd) else sha.hexdigest()


def _holder(library: Library, digest: str) -> str | None:
    """The book with this content; not one that only shares the digits in its name."""
    book = library.holder_of_digest(digest)
    if book is None:
        return None
    try:
        return book if library.read(book).digest == digest else None
    except (NoSuchBook, ManifestCorrupt):
        return book  # cannot be told; keeping the copy as a duplicate loses nothing


def _was_admitted_from(library: Library, book: str, *, sighting: Sighting) -> bool:
    try:
        return library.read(book).arrival == sighting.reference
    except (NoSuchBook, ManifestCorrupt):
        return False


def _inspect(fd: int, *, sighting: Sighting, is_converting: bool) -> Finding:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode) or not _matches(status, sighting=sighting):
        return CHANGED
    if _has_writer(fd):
        return WRITTEN
    # By descriptor: by name it could meanwhile be a pipe, and opening that would block.
    structure = check_structure(DESCRIPTORS / str(fd), name=sighting.name)
    if structure.state == "incomplete":
        return Finding(state="incomplete", reason=Reason(Code.INCOMPLETE, structure.reason))
    if is_converting and structure.state == "foreign" and is_convertible(sighting.name):
        return WHOLE  # what it is, and whether that is whole, only the converter knows
    foreign = foreign_kind(sighting.name)
    if foreign is not None and structure.state == "whole":
        text = "it is a book by its content, but not by its name"
        return _unusable(Code.MISNAMED, text, f"Name it as what it is: {labels('or')}.")
    if foreign is not None:
        return _unusable(Code.FOREIGN, foreign_reason(sighting.name, foreign), foreign.advice)
    if structure.state == "foreign":
        return _unusable(Code.FOREIGN, structure.reason)
    return BUNDLE if structure.is_bundle else WHOLE


def _has_writer(fd: int) -> bool | None:
    """Ask for a read lease, which is granted only while nobody has the file open for writing."""
    try:
        # Somebody who opens it right now breaks the lease, which is told by a signal: SIGIO, the default, would end us.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    return False


@contextmanager
def _pinned_entry(path: Path, *, sighting: Sighting) -> Iterator[Path]:
    """The entry in its folder, whatever the names of the folders above it stand for by now."""
    depth = sighting.key.count("/")
    inbox = path.parents[depth]
    with pinned(inbox, path.parent.relative_to(inbox)) as folder:
        yield folder / path.name


@contextmanager
def held_entry(path: Path, *, sighting: Sighting) -> Iterator[Held | None]:
    """The entry, open; None if it is not what was seen."""
    with ExitStack() as kept:
        held = None
        with suppress(FileNotFoundError, NotADirectoryError, NotAFile, BlockingIOError):
            entry = kept.enter_context(_pinned_entry(path, sighting=sighting))
            fd = kept.enter_context(opened(entry))
            status = os.fstat(fd)
            held = Held(entry=entry, fd=fd, status=status) if _matches(status, sighting=sighting) else None
        yield held


def _is_removable(path: Path) -> bool:
    """Whether this process may take the entry out of its folder, so that no book is made of one that has to stay."""
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
        return False
    folder = path.parent.stat()
    if not folder.st_mode & stat.S_ISVTX or os.geteuid() == 0:
        return True
    return os.geteuid() in (folder.st_uid, path.lstat().st_uid)  # a sticky folder, such as /tmp


def _unusable(code: Code, text: str, advice: str = "") -> Finding:
    return Finding(state="unusable", reason=Reason(code, text, advice))


def _blocked(code: Code, text: str, advice: str = "") -> Finding:
    return Finding(state="blocked", reason=Reason(code, text, advice))

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
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from imaginized.book.transitions import restart
from imaginized.errors import ManifestCorrupt, Rejected
from imaginized.inbox.arrivals import Finding, Kind, Sighting
from imaginized.inbox.aside import put_duplicate
from imaginized.inbox.foreign import foreign_kind, foreign_reason
from imaginized.inbox.sidecar import Asked, ProfileUnusable, find_sidecar, is_still_needed, read_asked
from imaginized.reading.structure import check_structure
from imaginized.store.files import make_folder, sync_folder, write_atomic
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.records import dump

HASHED_BYTES = 1 << 20
OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
DESCRIPTORS = Path("/proc/self/fd")

CHANGED = Finding(state="changed")
WHOLE = Finding(state="whole")

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


def has_writer(path: Path) -> bool | None:
    """Whether a program has the file open for writing; None where that cannot be told.

    Raises:
        OSError: It cannot be opened.
    """
    with _opened(path) as fd:
        return _has_writer(fd)


def refusal(sighting: Sighting) -> Finding | None:
    """Why this kind of entry is never admitted, from what was seen of it alone; None for one worth a look."""
    if sighting.kind is Kind.SYMLINK:
        return _unusable("it is a symbolic link, and links are never followed", "Drop the file itself.")
    if sighting.kind is Kind.FOLDER:
        return _unusable("it is a folder, not a file", "Zip its content to an .epub file (Calibre does) and drop that.")
    if sighting.kind is Kind.OTHER:
        return _unusable("it is a pipe, a socket or a device, not a file", "Drop a file.")
    return None


def inspect(path: Path, *, sighting: Sighting) -> Finding:
    """Look into a quiet entry: is it still what was seen, has nobody got it open, is it whole. Never blocks on it."""
    refused = refusal(sighting)
    try:
        if not _is_removable(path):
            return _blocked("the daemon may not take it out of its folder; give its user write access to the inbox")
        if refused is not None:
            return refused
        with _opened(path) as fd:
            return _inspect(fd, sighting=sighting)
    except (FileNotFoundError, NotADirectoryError):
        return CHANGED
    except OSError as error:
        return blocked_by(error)


def inspect_with_sidecar(path: Path, *, sighting: Sighting, inbox: Path, profiles: Path) -> tuple[Finding, Asked]:
    """Look into a quiet entry as `inspect` does, and into what is asked for it."""
    finding = inspect(path, sighting=sighting)
    if finding.state != "whole":
        return finding, NOTHING_ASKED
    try:
        sidecar = find_sidecar(path)
        if sidecar is not None and has_writer(sidecar):
            return Finding(state="written"), NOTHING_ASKED
        return finding, read_asked(path, inbox=inbox, profiles=profiles)
    except Rejected as error:
        return _unusable(str(error), "Mend the sidecar, then move it and the book into the inbox again."), NOTHING_ASKED
    except ProfileUnusable as error:
        return _blocked(f"its profile has mistakes: {error}"), NOTHING_ASKED
    except OSError as error:
        return _blocked(f"its sidecar cannot be read: {error.strerror}"), NOTHING_ASKED


def blocked_by(error: OSError) -> Finding:
    """An error that may pass, as a reason to wait."""
    if error.errno == errno.ELOOP:
        return CHANGED  # became a link since it was seen
    if error.errno in (errno.EACCES, errno.EPERM):
        return _blocked(f"the daemon may not read or move it ({error.strerror}); give its user access to the file")
    return _blocked(error.strerror or str(error))


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
        step: Told "hashing" at every block, then "hashed", "published" and "removed".

    Raises:
        OSError: No room, or no right; the entry is still in the inbox.
    """
    digest = _digest(path, sighting=sighting, step=step)
    if digest is None:
        return Outcome(state="changed")
    step("hashed")
    holder = _holder(library, digest)
    if holder is None:
        return _admit_new(path, digest=digest, sighting=sighting, library=library, asked=asked, step=step)
    if _was_admitted_from(library, holder, sighting=sighting):
        sync_folder(library.root)  # whoever made the book may have been killed before it did so
        _consume(asked.sidecar, entry=path)
        path.unlink(missing_ok=True)
        return Outcome(state="resumed", book=holder)
    is_restarted = asked.force and _restart(library, holder, asked=asked)
    folder = library.files(holder).root
    sidecar = _own(asked.sidecar, entry=path)
    put_duplicate(path, inbox=inbox, book=holder, folder=folder, reference=sighting.reference, now=now, sidecar=sidecar)
    return Outcome(state="restarted" if is_restarted else "duplicate", book=holder)


def _admit_new(path: Path, *, digest: str, sighting: Sighting, library: Library, asked: Asked, step: Step) -> Outcome:
    book = library.admit(
        path,
        digest=digest,
        original_name=os.fsencode(path.name).decode(errors="replace"),
        arrival=sighting.reference,
        profile=asked.request.profile,
        request=None if asked.request == NOTHING_ASKED.request else dump(asked.request),
    )
    step("published")
    if _was_written_to(path, sighting=sighting):
        _retract(library, book, entry=path)
        return Outcome(state="changed")
    _consume(asked.sidecar, entry=path)  # first: killed here, the entry is told from a new one, a sidecar is not
    if _is_same(path, sighting=sighting):  # else somebody else removed, renamed or replaced it: theirs to keep
        path.unlink(missing_ok=True)
    step("removed")
    return Outcome(state="admitted", book=book)


def _restart(library: Library, book: str, *, asked: Asked) -> bool:
    """Have a book done again as asked now; whether it could be."""
    try:
        files = library.files(book)
        make_folder(files.data)
        write_atomic(files.request, dump(asked.request), durable=True)
        library.update(book, partial(restart, profile=asked.request.profile), durable=True)
    except (NoSuchBook, ManifestCorrupt):
        return False  # for a person to look at; the copy is kept as any duplicate
    return True


def _own(sidecar: Path | None, *, entry: Path) -> Path | None:
    """The sidecar, unless another book goes by it, too."""
    return None if sidecar is None or is_still_needed(sidecar, book=entry) else sidecar


def _consume(sidecar: Path | None, *, entry: Path) -> None:
    """Remove a sidecar whose word is kept in the book's folder."""
    own = _own(sidecar, entry=entry)
    if own is not None:
        own.unlink(missing_ok=True)


def _retract(library: Library, book: str, *, entry: Path) -> None:
    """Take back a book whose original was written to while it was admitted; the entry has all of it."""
    # Without its source first: moved back, it would replace the entry by an older copy.
    library.files(book).source(library.read(book).book_file).unlink(missing_ok=True)
    library.expel(book, to=entry)


def _was_written_to(path: Path, *, sighting: Sighting) -> bool:
    """Whether the very file that was admitted changed, or is about to: it may share its blocks with the book."""
    try:
        with _opened(path) as fd:
            status = os.fstat(fd)
            if status.st_ino != sighting.inode or status.st_dev != sighting.dev:
                return False
            return not _matches(status, sighting=sighting) or _has_writer(fd) is True
    except OSError:
        return False  # gone, or replaced by something that is no file


def _is_same(path: Path, *, sighting: Sighting) -> bool:
    try:
        return _matches(path.lstat(), sighting=sighting)
    except FileNotFoundError:
        return False


def _matches(status: os.stat_result, *, sighting: Sighting) -> bool:
    seen = (sighting.dev, sighting.inode, sighting.size, sighting.mtime_ns)
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns) == seen


def _digest(path: Path, *, sighting: Sighting, step: Step) -> str | None:
    """SHA-256 of the entry, hex; None if it is not, or was not all the time, what was seen."""
    sha = hashlib.sha256()
    try:
        with _opened(path) as fd:
            if not _matches(os.fstat(fd), sighting=sighting):
                return None
            left = sighting.size
            # No further than what was seen: a file that grows as fast as it is read would never end.
            while left > 0 and (block := os.read(fd, min(left, HASHED_BYTES))):
                sha.update(block)
                left -= len(block)
                step("hashing")
            if not _matches(os.fstat(fd), sighting=sighting) or _has_writer(fd):
                return None
    except FileNotFoundError:
        return None
    return sha.hexdigest()


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


def _inspect(fd: int, *, sighting: Sighting) -> Finding:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode) or not _matches(status, sighting=sighting):
        return CHANGED
    if _has_writer(fd):
        return Finding(state="written")
    # By descriptor: by name it could meanwhile be a pipe, and opening that would block.
    structure = check_structure(DESCRIPTORS / str(fd))
    if structure.state == "incomplete":
        return Finding(state="incomplete", reason=structure.reason)
    foreign = foreign_kind(sighting.name)
    if foreign is not None and structure.state == "whole":
        return _unusable("it is a book by its content, but not by its name", "Name it .epub or .pdf, as it is one.")
    if foreign is not None:
        return _unusable(foreign_reason(sighting.name, foreign), foreign.advice)
    if structure.state == "foreign":
        return Finding(state="unusable", reason=structure.reason)
    return WHOLE


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
def _opened(path: Path) -> Iterator[int]:
    fd = os.open(path, OPEN_FLAGS)
    try:
        yield fd
    finally:
        os.close(fd)


def _is_removable(path: Path) -> bool:
    """Whether this process may take the entry out of its folder, so that no book is made of one that has to stay."""
    if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
        return False
    folder = path.parent.stat()
    if not folder.st_mode & stat.S_ISVTX or os.geteuid() == 0:
        return True
    return os.geteuid() in (folder.st_uid, path.lstat().st_uid)  # a sticky folder, such as /tmp


def _unusable(reason: str, advice: str) -> Finding:
    return Finding(state="unusable", reason=reason, advice=advice)


def _blocked(reason: str) -> Finding:
    return Finding(state="blocked", reason=reason)

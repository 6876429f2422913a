import ctypes
import errno
import hashlib
import os
import struct
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import ManualClock
from imaginized.control.checkup import CAP_LEASE
from imaginized.inbox.admission import Outcome, admit, has_writer, inspect
from imaginized.inbox.arrivals import Finding, Sighting
from imaginized.inbox.aside import (
    DUPLICATES,
    ERROR_NOTE,
    FAILED,
    SHOWN_CHARACTERS,
    Expulsion,
    Rejections,
    expel,
    reject,
    rejected_books,
    rejections,
)
from imaginized.inbox.error_note import MEND, read_note
from imaginized.inbox.folder import look
from imaginized.printable import cut
from imaginized.queue.manifest import Claim, Stage, Task
from imaginized.queue.transitions import claim, fail
from imaginized.reasons import Code, Reason
from imaginized.store.library import Library
from tests.support.epubs import write_hollow_epub
from tests.support.users import DAEMON, DROPPER, do_as, shared_folders

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOBODY = 65534
KEEP_CAPABILITIES, CAPABILITIES_VERSION = 8, 0x20080522  # linux/prctl.h, linux/capability.h


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "library"
    folder.mkdir()
    return Library(folder, clock=ManualClock())


def sight(path: Path, inbox: Path) -> Sighting:
    key = str(path.relative_to(inbox))
    return next(one for one in look(inbox).sightings if one.key == key)


def inspected(path: Path, inbox: Path) -> Finding:
    return inspect(path, sighting=sight(path, inbox))


def admitted(path: Path, *, inbox: Path, library: Library) -> Outcome:
    return admit(path, sighting=sight(path, inbox), library=library, inbox=inbox, now=NOW)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def files_in(inbox: Path) -> list[str]:
    return sorted(path.name for path in inbox.rglob("*") if path.is_file())


def kill_at(wanted: str) -> "Step":
    return Step(wanted, Killed())


class Step:
    """Raises at one step of an admission."""

    def __init__(self, wanted: str, error: BaseException) -> None:
        self.wanted, self.error = wanted, error

    def __call__(self, name: str) -> None:
        if name == self.wanted:
            raise self.error


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be somebody whom permissions hold back; root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_f01_writer_is_seen_while_it_has_the_file_open_and_not_after(tmp_path: Path) -> None:
    """The lease probe tells an open writer from none, and a reader is no writer."""
    path = write_hollow_epub(tmp_path / "a.epub")
    with path.open("ab"):
        during = has_writer(path)
    with path.open("rb"):
        after = has_writer(path)

    assert (during, after) == (True, False)


@pytest.mark.parametrize(("capabilities", "told"), [(0, {None}), (CAP_LEASE, {True, False})])
def test_f01_of_another_users_file_a_writer_is_told_with_cap_lease_only(
    capabilities: int, told: set[bool | None]
) -> None:
    """What the system unit gives is what it takes; without it the answer is "cannot be told", never "nobody"."""
    libc = ctypes.CDLL(None, use_errno=True)
    with shared_folders() as shared:
        path = shared.inbox / "a.epub"
        path.write_bytes(b"x")
        path.chmod(0o666)
        os.chown(path, DROPPER, DROPPER)

        def ask() -> None:
            given = struct.pack("=6I", capabilities, capabilities, 0, 0, 0, 0)
            assert libc.capset(struct.pack("=Ii", CAPABILITIES_VERSION, 0), given) == 0
            answers = {has_writer(path)}
            with path.open("ab"):
                answers.add(has_writer(path))
            assert answers == told

        libc.prctl(KEEP_CAPABILITIES, 1)
        try:
            do_as(DAEMON, ask)
        finally:
            libc.prctl(KEEP_CAPABILITIES, 0)


def test_writer_of_something_that_takes_no_lease_cannot_be_told(tmp_path: Path) -> None:
    """Where the kernel gives no lease the answer is None, never an error and never a wait."""
    os.mkfifo(tmp_path / "pipe")

    assert has_writer(tmp_path / "pipe") is None


def test_f02_preallocated_file_is_incomplete_until_its_data_is_there(inbox: Path) -> None:
    """F02: full size without data is incomplete; open for writing comes first; then whole."""
    whole = write_hollow_epub(inbox.parent / "whole.epub").read_bytes()
    path = inbox / "a.epub"
    path.write_bytes(bytes(len(whole)))
    empty = inspected(path, inbox)
    with path.open("r+b") as file:
        file.write(whole)
        file.flush()
        written = inspected(path, inbox)
    done = inspected(path, inbox)

    assert (empty.state, written.state, done.state) == ("incomplete", "written", "whole")


def test_f05_entry_that_changed_or_went_since_it_was_seen_is_left_alone(inbox: Path, library: Library) -> None:
    """F05: gone, replaced by a pipe or a link, or grown: no error, no block, nothing admitted."""
    path = write_hollow_epub(inbox / "a.epub")
    seen = sight(path, inbox)
    found = []
    path.write_bytes(path.read_bytes() + b"more")
    found.append(inspect(path, sighting=seen).state)
    path.unlink()
    found.append(inspect(path, sighting=seen).state)
    os.mkfifo(path)
    found.append(inspect(path, sighting=seen).state)
    path.unlink()
    path.symlink_to(write_hollow_epub(inbox.parent / "b.epub"))
    found.append(inspect(path, sighting=seen).state)
    path.unlink()
    outcome = admit(path, sighting=seen, library=library, inbox=inbox, now=NOW)

    assert found == ["changed"] * 4
    assert outcome.state == "changed"
    assert library.books() == []


def test_admitted_entry_is_in_the_library_and_no_longer_in_the_inbox(inbox: Path, library: Library) -> None:
    """The original arrives byte for byte under the name it was dropped with."""
    path = write_hollow_epub(inbox / "The Hobbit.epub")
    data, seen = path.read_bytes(), sight(path, inbox)
    outcome = admitted(path, inbox=inbox, library=library)

    manifest = library.read(outcome.book)
    assert outcome.state == "admitted"
    assert library.files(outcome.book).source(manifest.book_file).read_bytes() == data
    assert (manifest.original_name, manifest.arrival) == ("The Hobbit.epub", seen.reference)
    assert manifest.digest == hashlib.sha256(data).hexdigest()
    assert names(inbox) == []


@pytest.mark.parametrize("point", ["hashing", "hashed", "published", "removed"])
def test_f07_killed_at_any_step_the_repeat_ends_with_exactly_one_book(
    inbox: Path, library: Library, point: str
) -> None:
    """F07: after a kill the next start makes one book of it: no duplicate, no loss."""
    path = write_hollow_epub(inbox / "a.epub")
    with pytest.raises(Killed):
        admit(path, sighting=sight(path, inbox), library=library, inbox=inbox, now=NOW, step=kill_at(point))
    for seen in look(inbox).sightings:
        admit(inbox / seen.key, sighting=seen, library=library, inbox=inbox, now=NOW)

    assert len(library.books()) == 1
    assert files_in(inbox) == []


def test_f12_second_copy_goes_to_duplicates_with_a_pointer_to_the_first(inbox: Path, library: Library) -> None:
    """F12: one book; each further copy is kept, numbered, beside a note that names book and folder."""
    first = admitted(write_hollow_epub(inbox / "a.epub"), inbox=inbox, library=library)
    second = admitted(write_hollow_epub(inbox / "a.epub"), inbox=inbox, library=library)
    (inbox / "sub").mkdir()
    third = admitted(write_hollow_epub(inbox / "sub" / "a.epub"), inbox=inbox, library=library)

    assert [one.state for one in (first, second, third)] == ["admitted", "duplicate", "duplicate"]
    assert {first.book, second.book, third.book} == set(library.books())
    kept = ["a (2).epub", "a (2).epub.pointer.txt", "a.epub", "a.epub.pointer.txt"]
    assert names(inbox / DUPLICATES) == kept
    pointer = (inbox / DUPLICATES / "a.epub.pointer.txt").read_text()
    assert first.book in pointer
    assert str(library.files(first.book).root) in pointer


def test_f12_same_name_with_other_content_is_another_book(inbox: Path, library: Library) -> None:
    """F12: the content makes the book, not its name."""
    first = admitted(write_hollow_epub(inbox / "a.epub", text="one"), inbox=inbox, library=library)
    second = admitted(write_hollow_epub(inbox / "a.epub", text="two"), inbox=inbox, library=library)

    assert library.books() == sorted((first.book, second.book))
    assert files_in(inbox) == []


@pytest.mark.parametrize("point", ["hashing", "hashed", "published"])
def test_entry_written_to_while_it_is_admitted_stays_whole_in_the_inbox(
    inbox: Path, library: Library, point: str
) -> None:
    """A file that grows under our hands is no book yet; the inbox keeps every byte of it."""
    path = write_hollow_epub(inbox / "a.epub")
    data = path.read_bytes()

    def append(name: str) -> None:
        if name == point:
            with path.open("ab") as file:
                file.write(b"more")

    outcome = admit(path, sighting=sight(path, inbox), library=library, inbox=inbox, now=NOW, step=append)

    assert outcome.state == "changed"
    assert library.books() == []
    assert path.read_bytes() == data + b"more"


def test_entry_replaced_while_it_is_admitted_is_a_new_arrival(inbox: Path, library: Library) -> None:
    """Another file that took the name in the meantime is not removed with the old one."""
    path = write_hollow_epub(inbox / "a.epub", text="one")
    other = write_hollow_epub(inbox.parent / "b.epub", text="two")

    def replace(name: str) -> None:
        if name == "published":
            other.rename(path)

    outcome = admit(path, sighting=sight(path, inbox), library=library, inbox=inbox, now=NOW, step=replace)
    second = admitted(path, inbox=inbox, library=library)

    assert (outcome.state, second.state) == ("admitted", "admitted")
    assert len(library.books()) == 2


@pytest.mark.parametrize("make", ["symlink", "fifo", "folder"])
def test_f14_what_is_no_book_file_is_refused_unopened_and_moved_itself(inbox: Path, make: str) -> None:
    """F14: links, pipes and folders are never followed or opened; they go to failed with a reason."""
    target = write_hollow_epub(inbox.parent / "target.epub")
    path = inbox / "a.epub"
    if make == "symlink":
        path.symlink_to(target)
    elif make == "fifo":
        os.mkfifo(path)
    else:
        (path / "META-INF").mkdir(parents=True)
    found = inspected(path, inbox)
    assert found.reason is not None
    moved = reject(path, inbox=inbox, reason=found.reason, reference="x", now=NOW)

    assert (found.state, found.reason.code) == ("unusable", Code.NOT_A_FILE)
    assert found.reason.advice
    assert target.exists()
    assert not os.path.lexists(path)
    assert names(inbox / FAILED) == [path.name, f"{path.name}.error.txt"]
    assert os.path.lexists(moved)
    note = (inbox / FAILED / f"{path.name}.error.txt").read_text()
    assert found.reason.text in note
    assert found.reason.advice in note
    assert "2026-01-01" in note


HOSTILE = [
    "new\nline.epub",
    os.fsdecode(b"caf\xe9 \xff.epub"),
    "ä" * 125 + ".epub",
    "x" * 250 + ".epub",
    "..epub".replace("..", "a..b."),
    '"; rm -rf $HOME;".epub',
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_f14_hostile_names_are_admitted_duplicated_and_refused_like_any_other(
    inbox: Path, library: Library, name: str
) -> None:
    """F14: newlines, bytes that are no UTF-8 and 255 bytes: a valid name in the manifest, notes that fit the disk."""
    first = admitted(write_hollow_epub(inbox / name), inbox=inbox, library=library)
    second = admitted(write_hollow_epub(inbox / name), inbox=inbox, library=library)
    path = write_hollow_epub(inbox / name, text="other")
    reject(path, inbox=inbox, reason=Reason(Code.FOREIGN, "no"), reference="x", now=NOW)

    assert (first.state, second.state) == ("admitted", "duplicate")
    assert library.read(first.book).original_name.encode()
    assert len(names(inbox / DUPLICATES)) == len(names(inbox / FAILED)) == 2
    assert files_in(inbox) != []
    assert [path for path in inbox.iterdir() if path.is_file()] == []


def test_rejections_of_the_same_name_are_numbered_and_never_overwrite(inbox: Path) -> None:
    """Every refused file is kept with its own reason; a dangling link in the way counts as one."""
    (inbox / FAILED).mkdir()
    (inbox / FAILED / "a (2).epub").symlink_to("nowhere")
    for text in ("one", "two"):
        path = inbox / "a.epub"
        path.write_text(text)
        reject(path, inbox=inbox, reason=Reason(Code.FOREIGN, text), reference=text, now=NOW)

    assert (inbox / FAILED / "a.epub").read_text() == "one"
    assert (inbox / FAILED / "a (3).epub").read_text() == "two"
    assert "Why: two" in (inbox / FAILED / "a (3).epub.error.txt").read_text()


def test_what_was_rejected_is_counted_until_it_is_taken_away(inbox: Path) -> None:
    """The newest with its reason; what lies there without a note of ours is not counted."""
    none = rejections(inbox, known=Rejections())
    for number, reason in enumerate(("first", "second" * 1000)):
        path = inbox / f"{number}.epub"
        path.write_bytes(b"")
        path = reject(path, inbox=inbox, reason=Reason(Code.FOREIGN, reason), reference="r", now=NOW)
        os.utime(path.with_name(f"{path.name}{ERROR_NOTE}"), (number, number))
    (inbox / FAILED / "own.epub").touch()
    both = rejections(inbox, known=Rejections())
    path.unlink()
    one = rejections(inbox, known=Rejections())

    assert none == Rejections()
    assert (both.count, both.name) == (2, "1.epub")
    assert both.reason == Reason(Code.FOREIGN, cut("second" * 1000, SHOWN_CHARACTERS), MEND)
    assert rejections(inbox, known=one) is one
    assert (one.count, one.name, one.reason) == (1, "0.epub", Reason(Code.FOREIGN, "first", MEND))


@pytest.mark.parametrize(
    ("data", "state"), [(b"", "incomplete"), (b"<html>404", "unusable"), (b"PK\x03\x04", "incomplete")]
)
def test_f15_broken_files_never_enter_the_library(inbox: Path, data: bytes, state: str) -> None:
    """F15: an empty file waits, a web page is refused, half a zip file waits for its rest."""
    path = inbox / "a.epub"
    path.write_bytes(data)
    found = inspected(path, inbox)

    assert found.state == state
    assert found.reason


def test_f16_unreadable_file_or_fixed_folder_is_not_taken() -> None:
    """F16: without the right to read or to remove it an entry is left alone, with a reason that names the fix."""
    with tempfile.TemporaryDirectory() as name:
        inbox = Path(name)
        path = write_hollow_epub(inbox / "a.epub")
        inbox.chmod(0o777)
        path.chmod(0)
        with without_privileges():
            unreadable = inspected(path, inbox)
        path.chmod(0o644)
        inbox.chmod(0o555)
        with without_privileges():
            fixed = inspected(path, inbox)
        inbox.chmod(0o755)

    assert (unreadable.state, fixed.state) == ("blocked", "blocked")
    assert unreadable.reason is not None and fixed.reason is not None
    assert (unreadable.reason.code, fixed.reason.code) == (Code.NO_ACCESS, Code.NOT_REMOVABLE)
    assert "access" in unreadable.reason.advice
    assert "write access" in fixed.reason.advice


def test_f17_full_disk_loses_nothing_and_the_next_try_succeeds(inbox: Path, library: Library) -> None:
    """F17: an admission that found no room leaves the entry where it is."""
    path = write_hollow_epub(inbox / "a.epub")
    full = Step("hashed", OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OSError, match="No space"):
        admit(path, sighting=sight(path, inbox), library=library, inbox=inbox, now=NOW, step=full)
    was_there = path.exists()
    outcome = admitted(path, inbox=inbox, library=library)

    assert was_there
    assert outcome.state == "admitted"


def reject_in_library(library: Library, book: str, *, error: str | Reason = "it is encrypted (DRM)") -> None:
    error = error if isinstance(error, Reason) else Reason(Code.ENCRYPTED, error)
    by = Claim(owner="worker-1@host:1:1", boot="", claim_id=uuid.uuid4().hex, claimed_at=NOW)
    taken = library.update(book, partial(claim, by=by, now=NOW))
    fence = taken.steps[Stage.SPLIT].fence
    assert fence is not None
    task = Task(stage=Stage.SPLIT)
    library.update(
        book,
        partial(fail, task=task, fence=fence, now=NOW, error=error, max_attempts=3, rejected=True),
    )


def expel_rejected(library: Library, inbox: Path) -> list[Expulsion]:
    return [expel(book, library=library, inbox=inbox, now=NOW) for book in rejected_books(library)]


def test_rejected_book_goes_back_out_with_its_reason_and_others_stay(inbox: Path, library: Library) -> None:
    """A book that cannot be split leaves the library whole: original to failed, reason beside it."""
    path = write_hollow_epub(inbox / "bad.epub", text="bad")
    data = path.read_bytes()
    bad = admitted(path, inbox=inbox, library=library)
    good = admitted(write_hollow_epub(inbox / "good.epub", text="good"), inbox=inbox, library=library)
    reject_in_library(library, bad.book)
    gone = expel_rejected(library, inbox)
    again = expel_rejected(library, inbox)

    assert [(one.book, one.name, str(one.reason)) for one in gone] == [(bad.book, "bad.epub", "it is encrypted (DRM)")]
    assert again == []
    assert library.books() == [good.book]
    assert not library.files(bad.book).root.exists()
    assert (inbox / FAILED / "bad.epub").read_bytes() == data
    assert "encrypted" in (inbox / FAILED / "bad.epub.error.txt").read_text()


@pytest.mark.parametrize(
    ("error", "note"),
    [
        (Reason(Code.BOMB, "it is a bomb"), ("it is a bomb", MEND)),
        (
            Reason(Code.ENCRYPTED, "it has a password", "Remove it and drop it again."),
            ("it has a password", "Remove it and drop it again."),
        ),
    ],
)
def test_the_readers_own_advice_goes_before_the_general_one(
    inbox: Path, library: Library, error: Reason, note: tuple[str, str]
) -> None:
    """Nobody is told to convert what a password or DRM keeps shut."""
    bad = admitted(write_hollow_epub(inbox / "bad.epub", text="bad"), inbox=inbox, library=library)
    reject_in_library(library, bad.book, error=error)
    expel_rejected(library, inbox)

    said = read_note(inbox / FAILED / "bad.epub.error.txt")
    assert said is not None
    assert (said.reason.code, said.reason.text, said.reason.advice) == (error.code, *note)


class LibraryKilledBeforeTheMove(Library):
    def expel(self, book: str, *, to: Path | None) -> None:  # noqa: ARG002 - the method of a Library
        raise Killed


class LibraryKilledInTheMove(Library):
    """Half of the original was copied to another file system."""

    def expel(self, book: str, *, to: Path | None) -> None:
        assert to is not None
        data = self.files(book).source("source.epub").read_bytes()
        to.write_bytes(data[: len(data) // 2])
        raise Killed


class LibraryKilledAfterTheMove(Library):
    def expel(self, book: str, *, to: Path | None) -> None:
        assert to is not None
        self.files(book).source("source.epub").rename(to)
        raise Killed


@pytest.mark.parametrize("kind", [LibraryKilledBeforeTheMove, LibraryKilledInTheMove, LibraryKilledAfterTheMove])
def test_expulsion_killed_at_any_point_and_repeated_gives_one_file_and_one_reason(
    inbox: Path, library: Library, kind: type[Library]
) -> None:
    """Killed after the note, within the move or after it: the repeat ends with exactly one whole file and one note."""
    (inbox / FAILED).mkdir()
    (inbox / FAILED / "bad.epub").write_text("another book of that name")
    path = write_hollow_epub(inbox / "bad.epub", text="bad")
    data = path.read_bytes()
    reject_in_library(library, admitted(path, inbox=inbox, library=library).book)
    with pytest.raises(Killed):
        expel_rejected(kind(library.root, clock=ManualClock()), inbox)
    expel_rejected(library, inbox)

    assert names(inbox / FAILED) == ["bad (2).epub", "bad (2).epub.error.txt", "bad.epub"]
    assert (inbox / FAILED / "bad (2).epub").read_bytes() == data
    assert (inbox / FAILED / "bad.epub").read_text() == "another book of that name"
    assert library.books() == []


def test_same_unusable_book_dropped_again_is_kept_once(inbox: Path, library: Library) -> None:
    """The same content, refused again, does not pile up."""
    for _ in range(2):
        path = write_hollow_epub(inbox / "bad.epub")
        reject_in_library(library, admitted(path, inbox=inbox, library=library).book)
        expel_rejected(library, inbox)

    assert names(inbox / FAILED) == ["bad.epub", "bad.epub.error.txt"]

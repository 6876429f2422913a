"""F45 and F46: a user who may write to the inbox swaps drops and plants links; he reads, writes and blocks nothing."""

import fcntl
import hashlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.daemon.child import Given
from imaginized.daemon.entry import be_child
from imaginized.inbox.admission import admit, inspect, inspect_with_sidecar
from imaginized.inbox.arrivals import Sighting
from imaginized.inbox.aside import (
    DUPLICATES,
    FAILED,
    AsideUnusable,
    Lying,
    Rejections,
    look_aside,
    put_duplicate,
    reject,
    rejections,
    trouble,
)
from imaginized.inbox.dropping import copy_into
from imaginized.inbox.error_note import read_note
from imaginized.inbox.folder import look
from imaginized.process.channel import Message, channel_pair
from imaginized.process.slots import INTAKE
from imaginized.reasons import Code, Reason
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.store.beneath import LEAVING, EntryChanged, move_new, opened, pinned, put_back_all, remove_same
from imaginized.store.library import Library
from imaginized.store.writing import move
from tests.acceptance.test_inbox_failures import mounted
from tests.support.intakes import Running, epub_bytes
from tests.support.slowness import at_most
from tests.support.users import DAEMON, DROPPER, MEMORY, TOKEN, Shared, do_as, end, ended, shared_folders, start_as
from tests.support.waiting import eventually

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = ("opened", "hashing", "hashed", "copied", "verifying", "published", "moved", "removed")
RACES = 300
RACING_SECONDS = 90.0
NAME = "sub/secret.epub"  # as in the folder of secrets, for whoever follows a link to that


@pytest.fixture
def shared() -> Iterator[Shared]:
    with shared_folders() as folders:
        yield folders


def sight(inbox: Path, key: str) -> Sighting:
    return next(one for one in look(inbox).sightings if one.key == key)


def write_as_dropper(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    partial.write_bytes(data)
    partial.chmod(0o660)
    partial.rename(path)


def take_all(shared: Shared, step: Callable[[str], None] = lambda _name: None) -> int:
    """What the intake does with what has settled; returns how many it went about to admit."""
    library = Library(shared.library, clock=SystemClock())
    library.sweep_incoming()
    tried = 0
    put_back_all(shared.inbox, look(shared.inbox).folders)
    for sighting in look(shared.inbox).sightings:
        path = shared.inbox / sighting.key
        with suppress(EntryChanged, FileNotFoundError, NotADirectoryError):
            found, asked = inspect_with_sidecar(path, sighting=sighting, inbox=shared.inbox, profiles=shared.root)
            if found.state == "whole":
                tried += 1
                admit(
                    path, sighting=sighting, library=library, inbox=shared.inbox, now=NOW, asked=asked, step=step
                )  # fmt: skip
            elif found.state == "unusable" and found.reason is not None:
                reject(path, inbox=shared.inbox, reason=found.reason, reference=sighting.reference, now=NOW,
                       inode=(sighting.dev, sighting.inode))  # fmt: skip
    return tried


class Gate:
    """Holds a child at a step until the one who waits for it has done something."""

    def __init__(self, point: str) -> None:
        self._point = point
        self._reached, self._go = os.pipe(), os.pipe()
        self._is_over = False

    def step(self, name: str) -> None:
        if name == self._point and not self._is_over:
            self._is_over = True
            os.write(self._reached[1], b"x")
            os.read(self._go[0], 1)

    def wait(self) -> None:
        os.close(self._reached[1])
        os.read(self._reached[0], 1)  # nothing, if the child ends without coming by

    def open(self) -> None:
        os.write(self._go[1], b"x")

    def close(self) -> None:
        for fd in (self._reached[0], *self._go):
            os.close(fd)


def link(shared: Shared, _data: bytes) -> None:
    (shared.inbox / NAME).unlink(missing_ok=True)
    (shared.inbox / NAME).symlink_to(shared.secrets / "secret.epub")


def pipe(shared: Shared, _data: bytes) -> None:
    (shared.inbox / NAME).unlink(missing_ok=True)
    os.mkfifo(shared.inbox / NAME)


def other(shared: Shared, data: bytes) -> None:
    write_as_dropper(shared.inbox / NAME, data)


def edit(shared: Shared, data: bytes) -> None:
    with suppress(FileNotFoundError), (shared.inbox / NAME).open("r+b") as file:
        before = os.fstat(file.fileno())
        file.write(data)
        file.flush()
        os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))  # as if nothing had been


def folder(shared: Shared, _data: bytes) -> None:
    (shared.inbox / "sub").rename(shared.inbox / "aside")
    (shared.inbox / "sub").symlink_to(shared.secrets)


def gone(shared: Shared, _data: bytes) -> None:
    (shared.inbox / NAME).unlink(missing_ok=True)


SWAPS = (link, pipe, other, edit, folder, gone)


def contents(shared: Shared, *places: Path) -> list[bytes]:
    return [path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()]


def check_library(shared: Shared) -> None:
    """Every original is what it is named for, and the daemon's alone."""
    library = Library(shared.library, clock=SystemClock())
    for book in library.books():
        manifest = library.read(book)
        source = library.files(book).source(manifest.book_file)
        status = source.stat()
        assert hashlib.sha256(source.read_bytes()).hexdigest() == manifest.digest
        assert (status.st_uid, status.st_nlink, status.st_mode & 0o137) == (DAEMON, 1, 0)


@pytest.mark.parametrize("swap", SWAPS, ids=lambda swap: swap.__name__)
@pytest.mark.parametrize("point", POINTS)
def test_f45_a_drop_swapped_between_any_two_steps_is_never_read_mistaken_or_waited_for(
    shared: Shared, tmp_path: Path, swap: Callable[[Shared, bytes], None], point: str
) -> None:
    """F45: link, pipe, other file, edit in place, folder become a link: no secret, no wrong digest, nothing lost."""
    first, second = epub_bytes(tmp_path, text="one"), epub_bytes(tmp_path, text="two")
    do_as(DROPPER, lambda: write_as_dropper(shared.inbox / NAME, first))
    gate = Gate(point)
    daemon = start_as(DAEMON, lambda: take_all(shared, gate.step))
    gate.wait()
    do_as(DROPPER, lambda: swap(shared, second))
    gate.open()
    code = ended(daemon, seconds=at_most(20.0))
    gate.close()
    check_library(shared)
    after = contents(shared, shared.inbox, shared.library)
    leaks = shared.leaks()
    do_as(DAEMON, lambda: take_all(shared))
    check_library(shared)

    assert code == 0
    assert leaks + shared.leaks() == []
    assert (shared.secrets / "secret.epub").read_text() == TOKEN
    assert swap is not other or second in after
    assert swap is not folder or first in after
    assert not (swap is edit and point not in ("moved", "removed")) or second in after
    assert not list(shared.inbox.rglob(f"{LEAVING}*"))


def race(shared: Shared, data: bytes) -> None:
    """Swap a good file for a link to a secret and back, as fast as it goes."""
    good, bad, name = (shared.dropper / "good", shared.dropper / "bad", shared.inbox / "a.epub")
    for number in range(10_000_000):
        good.write_bytes(data + str(number).encode())
        good.chmod(0o660)
        bad.symlink_to(shared.key)
        with suppress(OSError):
            good.rename(name)
        for _ in range(number % 7 * 40):
            os.getppid()  # some microseconds, other ones each time
        with suppress(OSError):
            bad.rename(name)
        bad.unlink(missing_ok=True)


def test_f45_none_of_300_races_is_won(shared: Shared, tmp_path: Path) -> None:
    """F45: a process that swaps as fast as it can never gets the daemon's secret into anything it may read."""
    data = epub_bytes(tmp_path, text="x" * 30_000)

    def take_many() -> None:
        deadline, tried = time.monotonic() + RACING_SECONDS, 0
        while tried < RACES:
            assert time.monotonic() < deadline, tried
            tried += take_all(shared)
            for path in (shared.inbox / FAILED, shared.inbox / DUPLICATES):
                if path.exists() and not path.is_symlink():
                    for one in path.iterdir():
                        assert one.is_symlink() or TOKEN.encode() not in one.read_bytes()
                        one.unlink()

    dropper = start_as(DROPPER, lambda: race(shared, data))
    try:
        do_as(DAEMON, take_many, seconds=RACING_SECONDS + 10)
    finally:
        end(dropper)

    check_library(shared)
    assert shared.leaks() == []


def settings_of(shared: Shared) -> Settings:
    overrides: dict[str, object] = {
        "paths.inbox": shared.inbox, "paths.library": shared.library, "inbox.settle_seconds": 0.05,
        "inbox.reconcile_seconds": 0.3, "disk.min_free_bytes": 0, "logs.level": "debug",
    }  # fmt: skip
    return load_settings(None, environment={"HOME": str(shared.root)}, overrides=overrides)


class Child:
    """As much of a process as `Running` asks for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid


@contextmanager
def intake_of(shared: Shared, *, faults: str = "") -> Iterator[Running]:
    """The real intake as the daemon's user, its log in the shared folder."""
    ours, theirs = channel_pair()
    log = os.open(shared.root / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    settings = settings_of(shared)

    def be_intake() -> None:
        os.dup2(log, 2)
        ours.close()
        be_child(INTAKE, given=Given(settings=settings, faults=faults), end=theirs)

    pid = start_as(DAEMON, be_intake)
    theirs.close()
    os.close(log)
    try:
        yield Running(Child(pid), ours)  # type: ignore[arg-type]
    finally:
        ours.close()
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        end(pid)


@pytest.mark.parametrize("swap", [link, pipe, folder], ids=lambda swap: swap.__name__)
@pytest.mark.parametrize("point", ["hashed", "copied", "published"])
def test_f45_the_intake_says_nothing_of_a_secret_and_goes_on(
    shared: Shared, tmp_path: Path, swap: Callable[[Shared, bytes], None], point: str
) -> None:
    """F45: with the real intake: no file, line of the log or message has the secret; the next is taken."""
    token = shared.library / "once"
    token.touch()
    os.chown(token, DAEMON, -1)
    with intake_of(shared, faults=f"intake_{point}:stop:{token}") as intake:
        intake.wait_for("ready")
        do_as(DROPPER, lambda: write_as_dropper(shared.inbox / NAME, epub_bytes(shared.dropper, text="one")))
        intake.wait_until_stopped()
        do_as(DROPPER, lambda: swap(shared, b""))
        intake.go_on()
        do_as(DROPPER, lambda: write_as_dropper(shared.inbox / "b.epub", epub_bytes(shared.dropper, text="two")))
        intake.wait_for("book_admitted", name="b.epub")
        intake.wait_for("inbox", degraded="", waiting=0)

    assert shared.leaks() == []
    assert TOKEN not in json.dumps(intake.heard)
    check_library(shared)


def test_f46_aside_that_is_a_link_or_anothers_folder_is_refused_and_said(shared: Shared) -> None:
    """F46: nothing is written through it, the drop stays, `status` says what to do; then all goes on by itself."""
    messages: list[Message] = []
    with intake_of(shared) as intake:
        intake.wait_for("ready")

        def plant() -> None:
            for name in (FAILED, DUPLICATES):
                (shared.inbox / name).rename(shared.inbox / f"{name}.old")
            (shared.inbox / FAILED).symlink_to(shared.secrets)
            (shared.inbox / DUPLICATES).mkdir()
            write_as_dropper(shared.inbox / "page.epub", b"<html>404")

        do_as(DROPPER, plant)
        while not (messages and messages[-1]["blocked"]):
            messages.append(intake.wait_for("inbox", waiting=1))
        still_there, secrets = (
            (shared.inbox / "page.epub").exists(),
            sorted(path.name for path in shared.secrets.iterdir()),
        )
        do_as(DROPPER, (shared.inbox / FAILED).unlink)
        other_trouble = intake.wait_for("book_rejected") and trouble_as_daemon(shared)
        do_as(DROPPER, (shared.inbox / DUPLICATES).rmdir)
        intake.wait_for("inbox", degraded="")

    assert "is not a folder" in str(messages[-1]["degraded"])
    assert "Remove or rename it" in str(messages[-1]["blocked"])
    assert still_there and secrets == ["key", "secret.epub"]
    assert "belongs to another user" in other_trouble


def trouble_as_daemon(shared: Shared) -> str:
    reading, writing = os.pipe()
    do_as(DAEMON, lambda: os.write(writing, str(trouble(shared.inbox)).encode()))
    os.close(writing)
    with os.fdopen(reading) as said:
        return said.read()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox" / FAILED).mkdir(parents=True)
    (tmp_path / "inbox" / DUPLICATES).mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    path = tmp_path / "precious"
    path.write_text(TOKEN)
    return path


@pytest.mark.parametrize("place", [FAILED, DUPLICATES])
def test_f46_what_lies_in_the_way_of_an_entry_or_its_note_stays_as_it_is(
    inbox: Path, precious: Path, place: str
) -> None:
    """F46: links, pipes and foreign files under every name that it would take: the next number is taken."""
    suffix = {FAILED: ".error.txt", DUPLICATES: ".pointer.txt"}[place]
    (inbox / place / f"a.epub{suffix}").symlink_to(precious)
    (inbox / place / "a (2).epub").symlink_to(precious.parent)
    os.mkfifo(inbox / place / f"a (3).epub{suffix}")
    (inbox / place / f"a (4).epub{suffix}").write_text("mine")
    (inbox / place / "a (5).epub.toml").symlink_to(precious)
    path, sidecar = inbox / "a.epub", inbox / "a.toml"
    path.write_text("x")
    sidecar.write_text("force = true")
    if place == FAILED:
        moved = reject(path, inbox=inbox, reason=Reason(Code.FOREIGN, "no"), reference="r", now=NOW, sidecar=sidecar)
    else:
        moved = put_duplicate(
            path, inbox=inbox, book="b", folder=inbox, reference="r", now=NOW, sidecar=sidecar
        )  # fmt: skip

    assert moved == inbox / place / "a (6).epub"
    assert (moved.read_text(), moved.with_name("a (6).epub.toml").read_text()) == ("x", "force = true")
    assert read_note(moved.with_name(f"{moved.name}{suffix}"))
    assert precious.read_text() == TOKEN
    assert (inbox / place / f"a (4).epub{suffix}").read_text() == "mine"


def test_f46_what_took_an_entrys_place_is_not_put_aside_for_it(inbox: Path) -> None:
    """F46: the swapped-in file lies where it was put, and no note speaks of it."""
    path = inbox / "a.epub"
    path.write_text("one")
    seen = path.stat()
    (inbox / "b").write_text("two")
    (inbox / "b").rename(path)
    with pytest.raises(EntryChanged):
        reject(
            path,
            inbox=inbox,
            reason=Reason(Code.FOREIGN, "no"),
            reference="r",
            now=NOW,
            inode=(seen.st_dev, seen.st_ino),
        )

    assert path.read_text() == "two"
    assert list((inbox / FAILED).iterdir()) == []


def test_a_book_in_a_subfolder_on_another_file_system_is_put_aside_with_its_sidecar(inbox: Path) -> None:
    """What is copied because it cannot be renamed has another inode there, and is the same book all the same."""
    with mounted(inbox / "sub") as sub:
        path = sub / "a.epub"
        for put, place in ((put_aside_as_failed, FAILED), (put_aside_as_duplicate, DUPLICATES)):
            path.write_text("one")
            (sub / "a.toml").write_text('style = "ink"')
            put(path, inbox=inbox, sidecar=sub / "a.toml")

            names = {entry.name: entry.read_text() for entry in (inbox / place).iterdir()}
            assert (names["a.epub"], names["a.epub.toml"], len(names)) == ("one", 'style = "ink"', 3)
            assert list(sub.iterdir()) == []


def test_f46_what_took_an_entrys_place_on_another_file_system_is_not_put_aside_for_it(inbox: Path) -> None:
    """F46: the swapped-in file stays where it was put, and no note speaks of it."""
    with mounted(inbox / "sub") as sub:
        path = sub / "a.epub"
        path.write_text("one")
        seen = path.stat()
        (sub / "b").write_text("two")
        (sub / "b").rename(path)
        with pytest.raises(EntryChanged):
            put_aside_as_failed(path, inbox=inbox, inode=(seen.st_dev, seen.st_ino))

        assert [(entry.name, entry.read_text()) for entry in sub.iterdir()] == [("a.epub", "two")]
        assert list((inbox / FAILED).iterdir()) == []


def put_aside_as_failed(
    path: Path, *, inbox: Path, sidecar: Path | None = None, inode: tuple[int, int] | None = None
) -> None:
    seen = path.stat()
    inode = inode or (seen.st_dev, seen.st_ino)
    reject(path, inbox=inbox, reason=Reason(Code.FOREIGN, "no"), reference="r", now=NOW, sidecar=sidecar, inode=inode)


def put_aside_as_duplicate(path: Path, *, inbox: Path, sidecar: Path | None = None) -> None:
    seen = path.stat()
    inode = (seen.st_dev, seen.st_ino)
    put_duplicate(path, inbox=inbox, book="b", folder=inbox, reference="r", now=NOW, sidecar=sidecar, inode=inode)


def test_f46_notes_are_read_only_if_they_are_files_of_a_sane_size(inbox: Path, precious: Path) -> None:
    """F46: links, pipes and endless notes beside a file are no notes, and neither followed nor waited for."""
    precious.write_text(f"Why: {TOKEN}")
    for name in ("a", "b", "c"):
        (inbox / FAILED / name).touch()
    (inbox / FAILED / "a.error.txt").symlink_to(precious)
    found = [rejections(inbox, known=Rejections())]
    os.mkfifo(inbox / FAILED / "b.error.txt")
    found.append(rejections(inbox, known=Rejections()))
    with (inbox / FAILED / "c.error.txt").open("wb") as note:
        note.truncate(1 << 40)
    found.append(rejections(inbox, known=Rejections()))

    lying = look_aside(inbox, known=Lying())

    assert [(one.count, one.name, one.reason) for one in found] == [(0, "", None)] * 3
    assert len(lying.unnoted) == 6 and f"{FAILED}/b.error.txt" in lying.unnoted
    assert read_note(inbox / FAILED / "a.error.txt") is None


def test_f46_a_folder_of_notes_that_is_a_link_is_not_read(inbox: Path, tmp_path: Path) -> None:
    """F46: neither by the daemon nor by the one who asks why."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.error.txt").write_text(f"Why: {TOKEN}")
    (tmp_path / "elsewhere" / "a").touch()
    (inbox / FAILED).rmdir()
    (inbox / FAILED).symlink_to(tmp_path / "elsewhere")

    assert read_note(inbox / FAILED / "a.error.txt") is None
    with pytest.raises(AsideUnusable):
        rejections(inbox, known=Rejections())


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_f46_sidecar_that_is_no_file_is_neither_read_nor_waited_for(inbox: Path, precious: Path, kind: str) -> None:
    """F46: the book is taken as one without a sidecar, or waits; the link's target stays unread."""
    precious.write_text(f'style = "{TOKEN}"')
    book = inbox / "a.epub"
    book.write_bytes(epub_bytes(inbox.parent))
    (inbox / "a.toml").symlink_to(precious) if kind == "link" else os.mkfifo(inbox / "a.toml")
    found, asked = inspect_with_sidecar(book, sighting=sight(inbox, "a.epub"), inbox=inbox, profiles=inbox.parent)

    assert found.state == "whole"
    assert asked.sidecar is None
    assert TOKEN not in str(asked)


def test_f46_sidecar_written_anew_while_its_book_is_taken_is_not_removed(inbox: Path, tmp_path: Path) -> None:
    """F46: what nobody has read yet is not thrown away."""
    (tmp_path / "library").mkdir()
    book, sidecar = inbox / "a.epub", inbox / "a.toml"
    book.write_bytes(epub_bytes(tmp_path))
    sidecar.write_text("pages_per_image = 1")
    seen = sight(inbox, "a.epub")
    _, asked = inspect_with_sidecar(book, sighting=seen, inbox=inbox, profiles=tmp_path)
    (inbox / "b").write_text("pages_per_image = 2")
    (inbox / "b").rename(sidecar)
    library = Library(tmp_path / "library", clock=SystemClock())
    outcome = admit(book, sighting=seen, library=library, inbox=inbox, now=NOW, asked=asked)

    assert outcome.state == "admitted"
    assert sidecar.read_text() == "pages_per_image = 2"


def test_f46_folders_that_became_links_are_not_looked_into(inbox: Path, tmp_path: Path) -> None:
    """F46: neither a subfolder nor what lies in a folder that is named like a book."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.epub").write_bytes(epub_bytes(tmp_path))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "a.epub").write_bytes(epub_bytes(tmp_path))
    seen = sight(inbox, "sub/a.epub")
    (inbox / "sub").rename(inbox / "old")
    (inbox / "sub").symlink_to(tmp_path / "elsewhere")

    assert inspect(inbox / "sub" / "a.epub", sighting=seen).state == "changed"
    assert {one.key for one in look(inbox).sightings} == {"old/a.epub", "sub"}
    with pytest.raises(NotADirectoryError), pinned(inbox, "sub"):
        pass
    with pytest.raises(NotADirectoryError), pinned(inbox, "../elsewhere"):
        pass


def test_f46_add_follows_nothing_and_replaces_nothing(inbox: Path, precious: Path, tmp_path: Path) -> None:
    """F46: links under the names that `add` would take, and under those that it took before."""
    file = tmp_path / "a.epub"
    file.write_text("book")
    for name in (".a.epub.part", ".a-2.epub.part", "a.epub", "a-2.epub.toml"):
        (inbox / name).symlink_to(precious)
    (inbox / "a-3.epub").symlink_to(tmp_path / "not there")
    added = copy_into(inbox, file, asked={"style": "ink"})

    assert added == inbox / "a-4.epub"
    assert (added.read_text(), added.with_name("a-4.epub.toml").read_text()) == ("book", 'style = "ink"\n')
    assert precious.read_text() == TOKEN
    assert not (tmp_path / "not there").exists()
    assert len(list(inbox.iterdir())) == 9


def test_f46_removing_an_entry_spares_whatever_took_its_place(inbox: Path) -> None:
    """F46: swapped between the last look and the removal, it is put back, and beside its place if that is taken."""
    path = inbox / "a.epub"
    path.write_text("one")
    seen = path.stat()

    def swap() -> None:
        (hidden,) = inbox.glob(f"{LEAVING}*/a.epub")
        (inbox / "two").write_text("two")
        (inbox / "two").rename(hidden)
        path.write_text("three")

    with pinned(inbox) as here:
        is_removed = remove_same(here / "a.epub", is_same=lambda now: os.path.samestat(now, seen), moved=swap)

    assert not is_removed
    assert {one.name: one.read_text() for one in inbox.glob("*.epub")} == {"a.epub": "three", "a (2).epub": "two"}


def test_f46_an_entry_on_its_way_out_is_put_back_after_a_kill(inbox: Path) -> None:
    """F46: killed between the two steps of a removal, nothing is lost: the next start finds the entry in its place."""
    (inbox / "sub" / f"{LEAVING}0").mkdir(parents=True)
    (inbox / "sub" / f"{LEAVING}0" / "a.epub").write_text("one")
    put_back_all(inbox, look(inbox).folders)

    assert [(path.name, path.read_text()) for path in (inbox / "sub").iterdir()] == [("a.epub", "one")]


def test_f46_moving_to_another_file_system_follows_and_replaces_nothing(tmp_path: Path) -> None:
    """F46: a dangling link under the new name stays one, and the file stays where it was."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as other_disk:
        source, target = tmp_path / "a", Path(other_disk) / "a"
        source.write_text("a")
        target.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FileExistsError):
            move(source, target, replace=False)
        stayed = source.read_text()
        target.unlink()
        move(source, target, replace=False)

        assert (stayed, target.read_text(), source.exists()) == ("a", "a", False)
    assert list(tmp_path.iterdir()) == []


def test_f46_moving_to_a_new_name_replaces_nothing(tmp_path: Path) -> None:
    """F46: not a file, not a dangling link."""
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    (tmp_path / "c").symlink_to("nowhere")
    for name in ("b", "c"):
        with pytest.raises(FileExistsError):
            move_new(tmp_path / "a", tmp_path / name)
    move_new(tmp_path / "a", tmp_path / "d")

    assert (tmp_path / "b").read_text() == "b"
    assert (tmp_path / "d").read_text() == "a"


def test_f45_a_file_that_its_owner_keeps_by_a_lease_blocks_nobody(tmp_path: Path) -> None:
    """F45: opening it would wait for up to 45 s; it counts as being written."""

    (tmp_path / "inbox").mkdir()
    path = tmp_path / "inbox" / "a.epub"
    path.write_bytes(epub_bytes(tmp_path))
    reached, leave = os.pipe(), os.pipe()

    def keep() -> None:
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        fd = os.open(path, os.O_RDWR)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        os.write(reached[1], b"x")
        os.read(leave[0], 1)

    pid = os.fork()
    if pid == 0:
        try:
            keep()
        finally:
            os._exit(0)
    os.read(reached[0], 1)
    found = inspect(path, sighting=sight(tmp_path / "inbox", "a.epub"))
    os.write(leave[1], b"x")
    ended(pid, seconds=at_most(10.0))

    assert found.state == "written"
    eventually(lambda: inspect(path, sighting=sight(tmp_path / "inbox", "a.epub")).state == "whole")
    with opened(path) as fd:
        assert os.fstat(fd).st_size == path.stat().st_size

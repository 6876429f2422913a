"""A backup is the library as it was at one moment, whatever happens meanwhile; a restore overwrites nothing."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imaginized.clock import ManualClock, SystemClock
from imaginized.errors import LibraryBusy
from imaginized.queue.change import Change
from imaginized.queue.codec import decode, encode
from imaginized.queue.events import RESUMED
from imaginized.queue.manifest import Manifest, Stage, Task
from imaginized.queue.plan import live_claims
from imaginized.queue.transitions import claim
from imaginized.store.backup import ABOUT, SCHEMA, SUMS, BackupWrong, back_up, read_sums
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.restore import restore
from imaginized.store.trash import TRASH, throw_away
from imaginized.store.underway import HELD, under_way
from imaginized.store.writing import write_atomic
from tests.support.manifests import EPOCH, admitted_book, make_claim, split_book

BOOK = "a-book-00000000"
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def library_with(root: Path, manifest: Manifest) -> Library:
    root.mkdir()
    files = BookFiles(root / BOOK)
    files.data.mkdir(parents=True)
    files.manifest.write_bytes(encode(manifest))
    files.source("source.epub").write_bytes(b"a book")
    return Library(root, clock=SystemClock())


def backed_up(library: Library, to: Path) -> Path:
    back_up(library, to, now=NOW, version="0")
    return to


@contextmanager
def busy(library: Library) -> Iterator[None]:
    """Somebody who pays, keeps the reply, makes a file of it, says so, and lets the reply go; again and again."""
    stop, files = threading.Event(), library.files(BOOK)
    replies = files.data / "replies"
    replies.mkdir()

    def work() -> None:
        own = Library(library.root, clock=SystemClock())
        for number in range(100_000):
            if stop.is_set():
                return
            write_atomic(replies / f"{number}.json", b"paid", synced=False)
            write_atomic(files.data / f"{number}.json", b"made", synced=False)
            own.update(BOOK, lambda manifest: Change(replace(manifest), (RESUMED,)))
            (replies / f"{number}.json").unlink()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_book_in_work_is_copied_as_it_was_at_one_moment(tmp_path: Path) -> None:
    """What was paid for is there as the reply or as what was made of it; the log has what the manifest vouches for."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    with busy(library):
        copies = [backed_up(library, tmp_path / f"backup-{number}") for number in range(6)]

    for copy in copies:
        files = BookFiles(copy / "library" / BOOK)
        manifest = decode(files.manifest.read_bytes())
        made = {int(path.stem) for path in files.data.glob("*.json")}
        paid = {int(path.stem) for path in files.data.joinpath("replies").glob("*.json")}
        lines = files.events.read_bytes() if manifest.event_count else b""
        assert set(range(manifest.event_count)) <= made | paid
        assert made | paid == set(range(max(made | paid, default=-1) + 1))
        assert lines.count(b"\n") >= manifest.event_count
        assert len(lines) >= (manifest.event_bytes or 0)


def test_a_backup_can_be_checked_without_us(tmp_path: Path) -> None:
    """`sha256sum -c` reads its digests, also of a name with a line end in it."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    (library.root / BOOK / "odd\nname\\.txt").write_text("odd")
    copy = backed_up(library, tmp_path / "backup")

    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", SUMS], cwd=copy, check=True, timeout=60)
    assert f"library/{BOOK}/odd\nname\\.txt" in read_sums(copy)


def test_what_belongs_to_the_machine_or_lets_somebody_in_is_left_out(tmp_path: Path) -> None:
    """Locks, the index, limits, logins and links stay; spending, the pause and removed books come along."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    for name in (".imaginized.lock", ".imaginized.index", ".imaginized.web.json", ".imaginized.paused", "index.html"):
        (library.root / name).write_text("x")
    for name in (".imaginized.spend/2026-11-29.jsonl", ".trash/old@1/data/x.json", ".imaginized.gate/lock"):
        (library.root / name).parent.mkdir(parents=True)
        (library.root / name).write_text("x")
    (library.root / BOOK / "secrets").symlink_to("/etc/passwd")
    found = back_up(library, tmp_path / "backup", now=NOW, version="0")
    root = tmp_path / "backup" / "library"

    assert {each.name for each in root.iterdir()} == {
        BOOK, ".imaginized.paused", ".imaginized.spend", ".trash", "index.html",
    }  # fmt: skip
    assert (root / ".trash/old@1/data/x.json").read_text() == "x"
    assert found.skipped == [str(library.root / BOOK / "secrets")]


def test_a_restored_library_is_the_same_and_nobody_works_in_it(tmp_path: Path) -> None:
    """Whoever had a chapter works in the other library; here it waits again, and no attempt was used."""
    taken = claim(split_book(5, 7), by=make_claim(), now=EPOCH).manifest
    library = library_with(tmp_path / "library", taken)
    copy = backed_up(library, tmp_path / "backup")
    found = restore(copy, tmp_path / "elsewhere", clock=ManualClock())
    there = Library(tmp_path / "elsewhere", clock=ManualClock())

    after = there.read(BOOK)
    assert (found.books, found.released, found.unread) == (1, 1, ())
    assert live_claims(after) == []
    entry = after.entry(Task(stage=Stage.ANALYZE, chapter=1))
    assert entry is not None
    assert entry.retry_count == 0
    assert there.files(BOOK).source("source.epub").read_bytes() == b"a book"
    assert live_claims(library.read(BOOK)) != []  # the other daemon goes on


@pytest.mark.parametrize(
    "damage",
    ["changed", "missing", "cut", "link", "no list", "no backup", "short list", "below a file", "deep", "no count"],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path, damage: str) -> None:
    """Each file is compared before the library has its name."""
    copy = backed_up(library_with(tmp_path / "library", admitted_book(BOOK)), tmp_path / "backup")
    original = copy / "library" / BOOK / "source.epub"
    if damage == "changed":
        original.write_bytes(b"a BOOK")
    elif damage == "cut":
        original.write_bytes(b"")
    elif damage == "missing":
        original.unlink()
    elif damage == "link":
        shutil.copy(original, tmp_path / "same")
        original.unlink()
        original.symlink_to(tmp_path / "same")
    elif damage == "short list":
        (copy / SUMS).write_bytes((copy / SUMS).read_bytes().split(b"\n")[0] + b"\n")
    elif damage == "below a file":
        name = f"library/{BOOK}/source.epub"
        (copy / SUMS).write_text((copy / SUMS).read_text().replace(name, f"{name}/x"))
    elif damage in ("deep", "no count"):
        (copy / ABOUT).write_text("[" * 100_000 if damage == "deep" else f'{{"schema": "{SCHEMA}"}}')
    else:
        (copy / (SUMS if damage == "no list" else ABOUT)).unlink()
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(BackupWrong):
        restore(copy, tmp_path / "elsewhere", clock=ManualClock())

    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "line", ["../x", "library/../../x", "/etc/x", "library/", "other/x", "library/a\0b", "library/.imaginized.web.json"]
)
def test_a_backup_leads_nowhere_else(tmp_path: Path, line: str) -> None:
    """A list with a path out of the library is none of ours, nor is one with what lets somebody in."""
    copy = backed_up(library_with(tmp_path / "library", admitted_book(BOOK)), tmp_path / "backup")
    with (copy / SUMS).open("a") as writing:
        writing.write(f"{'0' * 64}  {line}\n")

    with pytest.raises(BackupWrong, match="none of ours"):
        restore(copy, tmp_path / "elsewhere", clock=ManualClock())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither a library that is there, however little is in it, nor a backup."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    copy = backed_up(library, tmp_path / "backup")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / ".hidden").write_text("mine")
    with pytest.raises(BackupWrong, match="not empty"):
        restore(copy, tmp_path / "elsewhere", clock=ManualClock())
    with pytest.raises(BackupWrong, match="already"):
        backed_up(library, copy)
    with pytest.raises(BackupWrong, match="within the library"):
        backed_up(library, library.root / "backup")
    with pytest.raises(BackupWrong, match="within the backup"):
        restore(copy, copy / "library2", clock=ManualClock())
    (tmp_path / "elsewhere" / ".hidden").unlink()
    restore(copy, tmp_path / "elsewhere", clock=ManualClock())

    assert (tmp_path / "elsewhere" / BOOK).is_dir()


def test_a_backup_that_was_killed_is_no_backup(tmp_path: Path) -> None:
    """What it left is under another name, and goes with the next one."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    half = tmp_path / ".backup.partial"
    half.mkdir()
    (half / "rest").write_text("x")
    copy = backed_up(library, tmp_path / "backup")

    assert not half.exists()
    assert (copy / SUMS).is_file()
    assert not (copy / "rest").exists()


class Removing(Library):
    """A person removes a book when its turn to be copied comes."""

    def books(self) -> list[str]:
        names = super().books()
        if names:
            throw_away(self, names[0], now=NOW)
        return names


def test_a_book_that_is_removed_before_its_turn_is_among_the_removed(tmp_path: Path) -> None:
    """It could be brought back in the library, so it can be in its copy."""
    root = library_with(tmp_path / "library", admitted_book(BOOK)).root
    found = back_up(Removing(root, clock=SystemClock()), tmp_path / "backup", now=NOW, version="0")
    (folder,) = (tmp_path / "backup" / "library" / TRASH).iterdir()

    assert found.books == 0
    assert (folder / "source.epub").read_bytes() == b"a book"
    assert restore(tmp_path / "backup", tmp_path / "elsewhere", clock=ManualClock()).books == 0


def test_two_that_make_the_same_folder_do_not_spoil_it(tmp_path: Path) -> None:
    """The second one is told, and leaves the first alone."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    copy = backed_up(library, tmp_path / "backup")
    with under_way(tmp_path / ".daily.partial"), under_way(tmp_path / ".elsewhere.restoring"):
        with pytest.raises(LibraryBusy, match="wait for it"):
            backed_up(library, tmp_path / "daily")
        with pytest.raises(LibraryBusy, match="wait for it"):
            restore(copy, tmp_path / "elsewhere", clock=ManualClock())
        backed_up(library, tmp_path / "another")
        assert (tmp_path / ".daily.partial" / HELD).is_file()
        assert (tmp_path / ".elsewhere.restoring" / HELD).is_file()


def test_what_killed_backups_of_other_days_left_goes_and_nothing_else(tmp_path: Path) -> None:
    """Each day has a name of its own, so nobody would ever come back to it."""
    library = library_with(tmp_path / "library", admitted_book(BOOK))
    for name, inside in ((".monday.partial", HELD), (".download.partial", "rest")):
        (tmp_path / name).mkdir()
        (tmp_path / name / inside).touch()
    copy = backed_up(library, tmp_path / "tuesday")

    assert {path.name for path in tmp_path.iterdir()} == {"library", "tuesday", ".download.partial"}
    assert {path.name for path in copy.iterdir()} == {"library", ABOUT, SUMS}

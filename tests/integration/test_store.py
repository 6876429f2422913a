"""The library: updates that are whole or absent, artifacts behind the fence, admission, and many processes at once."""

import contextlib
import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import ManualClock, SystemClock
from imaginized.errors import ClaimLost, LibraryBusy, LibraryInUse, ManifestCorrupt
from imaginized.queue.change import Change, Transition
from imaginized.queue.codec import encode
from imaginized.queue.events import Happening
from imaginized.queue.manifest import Fence, Manifest, Stage, Status, Task
from imaginized.queue.parts import join
from imaginized.queue.plan import held_by, live_claims
from imaginized.queue.transitions import begin, claim, complete, fail, release, share
from imaginized.reasons import Code, Reason
from imaginized.store.beneath import opened, pinned
from imaginized.store.copying import Shortened, copy_bytes
from imaginized.store.eventlog import Extent, append_events
from imaginized.store.files import BookFiles, discard
from imaginized.store.index import BEGINNING, card_of, unread_card
from imaginized.store.library import INCOMING, Library, NoSuchBook
from imaginized.store.locking import LifeLock, locked
from imaginized.store.originals import Original, OriginalChanged
from imaginized.store.writing import write_atomic
from tests.support.applied import silently
from tests.support.manifests import EPOCH, OWNER, admitted_book, make_claim, split_book
from tests.support.schema import problems_of
from tests.support.waiting import eventually

BOOK = "a-book-0123abcd"
ANALYZE_2 = Task(stage=Stage.ANALYZE, chapter=2)


@dataclass(slots=True, kw_only=True)
class SyncLog:
    """What was synced and renamed, in order, by the names of files and folders."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        fsync, fdatasync, rename = os.fsync, os.fdatasync, Path.rename

        def note(kind: str, call: Callable[[int], None], fd: int) -> None:
            self.calls.append((kind, Path(f"/proc/self/fd/{fd}").readlink().name))
            call(fd)

        def noted_rename(path: Path, target: Path) -> Path:
            self.calls.append(("rename", Path(target).name))
            return rename(path, target)

        patch.setattr(os, "fsync", partial(note, "sync", fsync))
        patch.setattr(os, "fdatasync", partial(note, "sync", fdatasync))
        patch.setattr(Path, "rename", noted_rename)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one book of three chapters, of which nothing is claimed."""
    root = tmp_path / "library"
    library = Library(root, clock=ManualClock(), lock_timeout_seconds=30.0)
    put_book(library, split_book(1, 3, 2))
    return library


def put_book(library: Library, manifest: Manifest, *, book: str = BOOK) -> BookFiles:
    files = library.files(book)
    files.root.mkdir(parents=True)
    files.manifest.write_bytes(encode(replace(manifest, book_id=book)))
    (files.root / manifest.book_file).write_bytes(b"the original")
    return files


def take(library: Library, claim_id: str = "c1") -> Fence:
    """Claim chapter 2, which is the longest."""
    now = SystemClock().now()
    book = library.update(BOOK, partial(claim, by=make_claim(claim_id), now=now))
    assert held_by(book, claim_id) == ANALYZE_2
    fence = book.chapters[2].fence
    assert fence is not None
    return fence


def completing(fence: Fence) -> Transition:
    return partial(complete, task=ANALYZE_2, fence=fence, now=SystemClock().now())


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# update


def test_an_update_is_on_disk_when_it_returns(library: Library) -> None:
    """What an update returns is what anybody reads afterwards, and the moment of it is noted."""
    after = library.update(BOOK, silently(lambda book: replace(book, book_title="New")))

    assert library.read(BOOK) == after == Library(library.root, clock=ManualClock()).read(BOOK)
    assert after.last_updated == ManualClock().now()
    assert problems_of(library.files(BOOK).manifest.read_bytes()) == []


def test_no_change_writes_nothing(library: Library) -> None:
    """A transition that returns its book leaves the file untouched."""
    before = library.files(BOOK).manifest.stat()
    library.update(BOOK, Change)
    after = library.files(BOOK).manifest.stat()

    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_artifacts_appear_with_their_commit(library: Library) -> None:
    """An artifact has its final name once the update that makes it true returns, and not before."""
    files, fence = library.files(BOOK), take(library)
    artifact = files.stage(files.scenes(2), b"scenes", fence=fence)
    assert not files.scenes(2).exists()
    library.update(BOOK, completing(fence), artifacts=[artifact], durable=True)

    assert files.scenes(2).read_bytes() == b"scenes"
    assert not artifact.staged.exists()


def test_a_late_commit_leaves_no_trace(library: Library) -> None:
    """F22: A commit with a lost fence changes neither manifest nor artifacts, and leaves no stray file."""
    files, fence = library.files(BOOK), take(library)
    late = [files.stage(path, b"late", fence=fence) for path in (files.scenes(2), files.image(2, 1))]
    library.update(BOOK, partial(release, task=ANALYZE_2, fence=fence))
    newer = take(library, "c2")
    good = files.stage(files.scenes(2), b"good", fence=newer)
    library.update(BOOK, completing(newer), artifacts=[good])
    before, tree = files.manifest.read_bytes(), names_in(files.root)

    with pytest.raises(ClaimLost):
        library.update(BOOK, completing(fence), artifacts=late)
    assert files.manifest.read_bytes() == before
    assert names_in(files.root) == tree - {str(artifact.staged.relative_to(files.root)) for artifact in late}
    assert files.scenes(2).read_bytes() == b"good"


def test_two_attempts_never_share_a_staged_name(library: Library) -> None:
    """A zombie and its successor write the same artifact to different files."""
    files = library.files(BOOK)
    first = files.stage(files.scenes(2), b"1", fence=Fence(attempt=1, claim_id="c1"))
    second = files.stage(files.scenes(2), b"2", fence=Fence(attempt=2, claim_id="c2"))

    assert (first.staged.read_bytes(), second.staged.read_bytes()) == (b"1", b"2")
    discard([first, second])
    assert names_in(files.data) == set()


def test_artifacts_are_durable_before_the_manifest_says_so(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a durable update, files are synced, then named, then their folder is synced, before the manifest is."""
    files, fence, log = library.files(BOOK), take(library), SyncLog()
    artifact = files.stage(files.scenes(2), b"scenes", fence=fence)
    log.watch(monkeypatch)
    library.update(BOOK, completing(fence), artifacts=[artifact], durable=True)

    kinds = [(kind, "temporary" if name.endswith(".tmp") else name) for kind, name in log.calls]
    assert kinds == [
        ("rename", "002.json"),
        ("sync", "scenes"),
        ("sync", "temporary"),
        ("rename", files.manifest.name),
        ("sync", BOOK),
    ]


def test_a_repeated_completion_is_durable_too(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says it again is told the same, so the folder is synced although nothing changed."""
    fence, log = take(library), SyncLog()
    library.update(BOOK, completing(fence))
    log.watch(monkeypatch)
    library.update(BOOK, completing(fence), durable=True)

    assert log.calls == [("sync", BOOK)]


def test_folders_of_artifacts_are_durable(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder made for an artifact is synced into its parent, or the artifact would go with it in a power cut."""
    files, log = library.files(BOOK), SyncLog()
    log.watch(monkeypatch)
    artifact = files.stage(files.scenes(2), b"scenes", fence=Fence(attempt=1, claim_id="c1"))
    files.stage(files.scenes(3), b"scenes", fence=Fence(attempt=1, claim_id="c1"))

    assert [name for _, name in log.calls] == [BOOK, "data", artifact.staged.name, ".003.json.c1.staged"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_a_failing_disk_keeps_the_old_manifest(
    library: Library, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """When the new manifest cannot be written or synced, the old one stands and no temporary is left."""
    files = library.files(BOOK)
    library.update(BOOK, lambda book: Change(replace(book, digest="0" * 64), (Happening(name="book_changed"),)))
    before, tree = files.manifest.read_bytes(), names_in(files.root)

    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(OSError, match=os.strerror(number)):
            take(library)
    assert files.manifest.read_bytes() == before
    assert names_in(files.root) == tree
    assert take(library).attempt == 1


def test_short_writes_are_gone_on_with(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that takes only a part, as on a disk that is getting full, never passes for a whole one."""
    whole = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: whole(fd, data[:7]))
    take(library)

    assert library.read(BOOK).chapters[2].is_live


def test_a_disk_that_fills_up_midway_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that is short first and fails then leaves the old bytes."""
    path, whole = tmp_path / "file", os.write
    path.write_bytes(b"old")
    calls: list[int] = []

    def fills_up(fd: int, data: bytes) -> int:
        calls.append(fd)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(fd, data[:2])

    monkeypatch.setattr(os, "write", fills_up)
    with pytest.raises(OSError):
        write_atomic(path, b"the new content")
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == {"file"}


def test_temporary_names_are_unique(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No two writes use one temporary, and it is opened exclusively."""
    opened: list[tuple[str, int]] = []
    real = os.open

    def noted(path: Path, flags: int, mode: int = 0o777) -> int:
        opened.append((str(path), flags))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", noted)
    for _ in range(3):
        write_atomic(tmp_path / "file", b"x")

    assert len({name for name, _ in opened}) == len(opened) == 3
    assert all(flags & os.O_EXCL and str(os.getpid()) in name for name, flags in opened)


def test_a_strangers_temporary_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary name that is taken, as by a dead writer whose pid we have now, is neither used nor removed."""
    path, real = tmp_path / "file", os.open
    taken: list[Path] = []

    def taken_once(name: Path, flags: int, mode: int = 0o777) -> int:
        if not taken:
            taken.append(Path(name))
            Path(name).write_bytes(b"theirs")
        return real(name, flags, mode)

    monkeypatch.setattr(os, "open", taken_once)
    write_atomic(path, b"ours")

    assert path.read_bytes() == b"ours"
    assert taken[0].read_bytes() == b"theirs"


def test_no_descriptor_is_left_open(library: Library) -> None:
    """Neither updates nor refused ones leave a descriptor behind."""
    fence = take(library)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        library.update(BOOK, partial(begin, task=ANALYZE_2, fence=fence), durable=True)
        with pytest.raises(ClaimLost):
            library.update(BOOK, partial(begin, task=ANALYZE_2, fence=replace(fence, attempt=9)))

    assert len(list(Path("/proc/self/fd").iterdir())) == before


# reading


def test_reading_sees_every_change(library: Library) -> None:
    """A manifest changed by another process is read anew, however quickly the changes follow each other."""
    reader = Library(library.root, clock=SystemClock())
    for number in range(50):
        library.update(BOOK, silently(partial(replace, book_title=str(number % 10))))
        assert reader.read(BOOK).book_title == str(number % 10)


def test_an_unchanged_manifest_is_parsed_once(library: Library) -> None:
    """Reading again what has been still for a while costs no parsing: the same object comes back."""
    path = library.files(BOOK).manifest
    reader = Library(library.root, clock=SystemClock())
    os.utime(path, (1, 1))

    assert reader.read(BOOK) is reader.read(BOOK)


def test_the_folder_names_the_book(library: Library) -> None:
    """A book whose folder was renamed or copied goes by the folder's name, so that nobody works on the other one."""
    shutil.copytree(library.files(BOOK).root, library.files("a-copy").root)

    assert library.read("a-copy").book_id == "a-copy"
    assert library.update("a-copy", silently(lambda book: replace(book, book_title="x"))).book_id == "a-copy"
    assert library.books() == ["a-book-0123abcd", "a-copy"]


NEWER_STAGE = (
    b'{"version": "2.1.0", "bookFile": "b.epub", "chapterStages": ["analyze", "narrate"], "chapters": '
    b'{"1": {"status": "pending", "stage": "narrate"}}}'
)


@pytest.mark.parametrize("data", [b"", b"\0\0", b'{"version": "2.0.0", "chap', b'{"version": "9.0.0"}', NEWER_STAGE])
def test_a_corrupt_manifest_is_never_overwritten(library: Library, data: bytes) -> None:
    """F28: A truncated, garbled or newer manifest is named as such by every call, and stays as it is."""
    path = library.files(BOOK).manifest
    path.write_bytes(data)

    for call in (library.read, library.tidy, lambda book: library.update(book, Change), library.read):
        with pytest.raises(ManifestCorrupt, match=BOOK):
            call(BOOK)
    assert path.read_bytes() == data


def test_a_mended_manifest_is_a_book_again(library: Library) -> None:
    """F28: Put right by hand, a manifest is read at once."""
    path = library.files(BOOK).manifest
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    with pytest.raises(ManifestCorrupt):
        library.read(BOOK)
    path.write_bytes(whole)

    assert library.read(BOOK).chapters.keys() == {1, 2, 3}


def test_what_is_no_book_is_not_listed(library: Library) -> None:
    """Folders without a manifest, files and hidden folders are no books."""
    (library.root / "notes").mkdir()
    (library.root / "file.txt").touch()
    put_book(library, admitted_book(), book=f"{INCOMING}x")

    assert library.books() == [BOOK]


@pytest.mark.parametrize("book", ["missing", "notes", "file.txt"])
def test_no_such_book(library: Library, book: str) -> None:
    """Every call about a book that is not there says so."""
    (library.root / "notes").mkdir()
    (library.root / "file.txt").touch()

    for call in (library.read, library.tidy, lambda name: library.update(name, Change)):
        with pytest.raises(NoSuchBook, match=book):
            call(book)


# sweeping


def test_what_the_worker_of_a_part_has_staged_stays(library: Library) -> None:
    """Its claim is as live as that of the chapter, and it will publish what it has written."""
    fence = take(library)
    task = held_by(library.read(BOOK), fence.claim_id)
    assert task is not None
    library.update(BOOK, partial(share, task=task, fence=fence, numbers=[1, 2, 3], of=3))
    joined = partial(join, task=replace(task, part=2), by=make_claim("helper"))
    library.update(BOOK, joined)
    files = library.files(BOOK)
    staged = files.stage(files.image(1, 2), b"x", fence=Fence(attempt=1, claim_id="helper"))

    assert library.tidy(BOOK) == []
    assert staged.staged.exists()


def test_strays_of_the_dead_are_swept(library: Library) -> None:
    """Temporaries, and staged artifacts of claims that are not live, go; those of live claims and all else stay."""
    files, fence = library.files(BOOK), take(library)
    alive = files.stage(files.scenes(2), b"x", fence=fence)
    paths = (
        files.scenes(1),
        files.chapter(1),
        files.image(1, 1),
        files.illustration(1, 1),
        files.book,
        files.guide("a"),
    )
    dead = [files.stage(path, b"x", fence=Fence(attempt=1, claim_id="dead")) for path in paths]
    (files.root / f".{files.manifest.name}.1.2.tmp").touch()
    (files.root / "a.tmp").touch()
    kept = names_in(files.root) - {str(artifact.staged.relative_to(files.root)) for artifact in dead}
    left, working = files.converting("dead"), files.converting(fence.claim_id)
    for folder in (left, working):
        folder.mkdir()
        (folder / "book.epub").touch()

    assert sorted(library.tidy(BOOK)) == sorted([left, *(artifact.staged for artifact in dead)])
    assert alive.staged.exists()
    assert (working / "book.epub").exists()
    shutil.rmtree(working)
    assert names_in(files.root) == kept - {f".{files.manifest.name}.1.2.tmp"}


def test_an_older_view_never_replaces_a_newer_one(library: Library) -> None:
    """A file made from the manifest is made from what the manifest is under the lock."""
    path = library.files(BOOK).progress
    library.render(BOOK, path, lambda book: f"{len(live_claims(book))} in work")
    take(library)
    library.render(BOOK, path, lambda book: f"{len(live_claims(book))} in work")

    assert path.read_text() == "1 in work"


# the lock


def test_a_busy_book_says_so(library: Library) -> None:
    """Who cannot get the lock in time is told, and nothing is changed or left behind."""
    files, fence = library.files(BOOK), take(library)
    artifact = files.stage(files.scenes(2), b"x", fence=fence)
    with locked(files.lock, wait_seconds=0), pytest.raises(LibraryBusy, match=BOOK):
        library.update(BOOK, completing(fence), artifacts=[artifact], wait_seconds=0)

    assert library.read(BOOK).chapters[2].is_live
    assert not artifact.staged.exists()


def test_books_are_locked_one_by_one(library: Library) -> None:
    """A book whose lock is held holds up no other book."""
    put_book(library, split_book(1), book="b")
    with locked(library.files(BOOK).lock, wait_seconds=0):
        after = library.update("b", silently(lambda book: replace(book, book_title="x")), wait_seconds=0)

    assert after.book_title == "x"


def test_library_in_use_behind_a_link_is_told_by_its_folder(library: Library, tmp_path: Path) -> None:
    """Who asks for a library by a link reads which folder that is, and what to do."""
    link = tmp_path / "link"
    link.symlink_to(library.root)
    second = Library(link, clock=SystemClock())

    with library.instance(), pytest.raises(LibraryInUse) as refused, second.instance():
        pass

    assert f"runs on {library.root.resolve()}: {link}/" in str(refused.value)
    assert str(refused.value).endswith("set another paths.library")


def test_one_supervisor_a_library(library: Library) -> None:
    """A second supervisor is refused for as long as the first one runs, and its own errors stay its own."""
    with library.instance(), pytest.raises(LibraryInUse, match=f"process {os.getpid()}"), library.instance():
        pass
    with pytest.raises(LibraryBusy), library.instance():
        raise LibraryBusy("of something else")
    with library.instance():
        pass


# admission

DROPPED = hashlib.sha256(b"PK" * 1000).hexdigest()
TAKEN = f"the-hobbit-{DROPPED[:8]}"


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    path = tmp_path / "The Hobbit.EPUB"
    path.write_bytes(b"PK" * 1000)
    return path


def admit(library: Library, source: Path, *, name: str = "") -> str:
    with source.open("rb") as file:
        original = Original(fd=file.fileno(), size=source.stat().st_size, digest=DROPPED)
        return library.admit(original, original_name=name or source.name, arrival="1-2-3")


def test_a_file_becomes_a_book(library: Library, dropped: Path) -> None:
    """An admitted book has a manifest that waits for its split and the original, whose entry stays for the caller."""
    book = admit(library, dropped)
    manifest = library.read(book)

    assert book == TAKEN
    assert (manifest.book_id, manifest.original_name, manifest.digest) == (book, "The Hobbit.EPUB", DROPPED)
    assert manifest.steps[Stage.SPLIT].status is Status.PENDING
    assert library.files(book).source(manifest.book_file).read_bytes() == dropped.read_bytes()
    assert library.holder_of_digest(DROPPED) == book
    assert problems_of(library.files(book).manifest.read_bytes()) == []


def test_the_index_has_the_moment_that_the_manifest_has(library: Library, dropped: Path) -> None:
    """To the last digit, also where the manifest could not be read at first: streams know a book by it."""
    library.index.begin()
    book = admit(library, dropped)
    manifest = library.read(book)
    library.index.put([card_of(manifest, book=book, seal=1)])
    admitted = library.index.noted_since(BEGINNING)[1]
    library.index.forget([book])
    library.index.put([unread_card(book, library.files(book).manifest.stat())])
    library.index.put([card_of(manifest, book=book, seal=1)])
    mended = library.index.noted_since(BEGINNING)[1]

    assert [[one.created_at for one in noted or []] for noted in (admitted, mended)] == [[manifest.created_at]] * 2


def test_admission_is_durable(library: Library, dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The original, the manifest and their folder are synced before the one rename, and the library after it."""
    log = SyncLog()
    log.watch(monkeypatch)
    book = admit(library, dropped)

    order = [(kind, name) for kind, name in log.calls if not name.endswith(".tmp")]
    manifest, incoming = library.files(book).manifest.name, f"{INCOMING}{book}.{os.getpid()}"
    assert order == [
        ("sync", "source.epub"),
        ("sync", incoming),
        ("sync", "data"),
        ("rename", manifest),
        ("sync", incoming),
        ("rename", book),
        ("sync", library.root.name),
    ]


@pytest.mark.parametrize("by_hand", [False, True], ids=["by the kernel", "by hand"])
def test_the_original_shares_nothing_with_the_file_that_was_dropped(
    library: Library, dropped: Path, monkeypatch: pytest.MonkeyPatch, *, by_hand: bool
) -> None:
    """Another inode, one name, the library's own mode, synced; also where the kernel does not copy between files."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    log = SyncLog()
    log.watch(monkeypatch)
    if by_hand:
        monkeypatch.setattr(os, "copy_file_range", refused)
    dropped.chmod(0o666)
    (dropped.parent / "mine.epub").hardlink_to(dropped)
    source = library.files(admit(library, dropped)).source("source.epub")

    assert source.read_bytes() == dropped.read_bytes()
    assert not source.samefile(dropped)
    assert (source.stat().st_nlink, source.stat().st_mode & 0o022) == (1, 0)
    assert log.calls[0] == ("sync", "source.epub")


def test_holes_of_a_file_stay_holes(library: Library, dropped: Path) -> None:
    """Two gigabytes of nothing between two words cost no disk; what is not there cannot be copied wrongly."""
    with dropped.open("wb") as file:
        file.write(b"head")
        file.seek(50_000_000)
        file.write(b"tail")
    with dropped.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        original = Original(fd=file.fileno(), size=dropped.stat().st_size, digest=digest)
        book = library.admit(original, original_name="a.epub", arrival="")
    source = library.files(book).source("source.epub")

    assert source.read_bytes() == dropped.read_bytes()
    assert source.stat().st_blocks * 512 < original.size // 10


@pytest.mark.parametrize("change", ["rewritten", "longer", "shorter"])
def test_f45_nothing_is_admitted_under_a_digest_that_is_not_its_own(
    library: Library, dropped: Path, change: str
) -> None:
    """F45: what was written to after it was hashed becomes no book, and nothing is left of the try."""
    data = {"rewritten": b"KP" * 1000, "longer": b"PK" * 1001, "shorter": b"PK" * 999}[change]
    size = dropped.stat().st_size
    dropped.write_bytes(data)
    with dropped.open("rb") as file, pytest.raises(OriginalChanged):
        original = Original(fd=file.fileno(), size=max(size, len(data)), digest=DROPPED)
        library.admit(original, original_name="a.epub", arrival="")

    assert [path.name for path in library.root.iterdir()] == [BOOK]


def test_a_book_is_admitted_once(library: Library, dropped: Path) -> None:
    """The same content is refused while its book is there, which stays as it is."""
    book = admit(library, dropped)
    library.update(book, silently(lambda it: replace(it, book_title="touched")))

    with pytest.raises(FileExistsError):
        admit(library, dropped)
    assert library.read(book).book_title == "touched"


@pytest.mark.parametrize("left", [None, b'{"version": "2.0.0", "bookFile": "source.epub", "chapters": {}}'])
def test_a_folder_that_is_no_book_of_ours_any_more_keeps_nobody_out(
    library: Library, dropped: Path, left: bytes | None
) -> None:
    """It has lost its manifest, or another program wrote it without our fields: what is printed then, to add the
    original again, works as often as that happens, and the new book is the one that is known by its content."""
    taken = []
    for _ in range(3):
        book = admit(library, dropped)
        taken.append(book)
        assert library.holder_of_digest(DROPPED) == book
        path = library.files(book).manifest
        path.unlink() if left is None else path.write_bytes(left)

    assert taken == [TAKEN, f"the-hobbit-2-{DROPPED[:8]}", f"the-hobbit-3-{DROPPED[:8]}"]
    last = admit(library, dropped)
    assert library.holder_of_digest(DROPPED) == last == f"the-hobbit-4-{DROPPED[:8]}"


@pytest.mark.parametrize("step", range(6))
def test_admission_killed_anywhere_can_be_repeated(
    library: Library, dropped: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """After a crash at any sync or rename there is a whole book or none, the entry is there, and no stray is left."""

    class Killed(BaseException):
        """Nothing of ours catches it, as nothing catches SIGKILL."""

    counter = iter(range(100))

    def dies(real: Callable[..., object], *arguments: object) -> object:
        if next(counter) == step:
            raise Killed
        return real(*arguments)

    with monkeypatch.context() as patch:
        for name in ("fsync", "fdatasync", "rename", "link"):
            patch.setattr(os, name, partial(dies, getattr(os, name)))
        with pytest.raises(Killed):
            admit(library, dropped)
    library.sweep_incoming()
    held = library.holder_of_digest(DROPPED) if TAKEN in library.books() else None
    book = held or admit(library, dropped)

    assert library.read(TAKEN).digest == DROPPED and book
    assert dropped.exists()
    assert {path.name for path in library.root.iterdir()} == {BOOK, TAKEN}
    assert not [name for name in names_in(library.root) if name.endswith(".tmp")]


@pytest.mark.parametrize(
    "name", ["…", "-", ".epub", "ΑΒΓ.epub", "a" * 250 + ".epub", "x\N{REPLACEMENT CHARACTER}.epub"]
)
def test_any_name_makes_a_folder(library: Library, dropped: Path, name: str) -> None:
    """Whatever a file was called, its folder has a plain short name, and the manifest says what it was called."""
    book = admit(library, dropped, name=name)

    assert book.endswith(f"-{DROPPED[:8]}") and book.isascii() and len(book) <= 69
    assert not book.startswith((".", "-"))
    assert library.read(book).original_name == name


def test_an_expelled_book_leaves_its_original(library: Library, tmp_path: Path) -> None:
    """The original goes where it is wanted; of the book, nothing is left."""
    library.expel(BOOK, to=tmp_path / "back.epub")

    assert (tmp_path / "back.epub").read_bytes() == b"the original"
    assert list(library.root.iterdir()) == []
    with pytest.raises(NoSuchBook):
        library.update(BOOK, Change)


@pytest.mark.parametrize("dying", ["unlink", "rename", "fsync", "rmdir"])
def test_a_book_taken_back_has_its_original_or_is_none(
    library: Library, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    """A crash leaves no book without its original, which would make every further copy of it a duplicate of nothing."""

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    source = library.files(BOOK).source("source.epub")
    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(os, dying, dies)
        library.expel(BOOK, to=None)
    library.sweep_incoming()

    assert library.books() == ([BOOK] if source.exists() else [])


@pytest.mark.parametrize("has_hole", [False, True])
def test_a_copy_of_what_became_shorter_is_refused(tmp_path: Path, has_hole: bool) -> None:
    """Zeros in place of bytes that are not there any more are no copy: the move fails, and the file stays."""
    (tmp_path / "source").write_bytes(b"" if has_hole else b"some")
    with (
        (tmp_path / "source").open("rb") as source,
        (tmp_path / "target").open("wb") as target,
        pytest.raises(Shortened, match="shorter"),
    ):
        copy_bytes(source.fileno(), target.fileno(), size=1 << 20)


@pytest.mark.parametrize("dying", ["fsync", "rename", "rmdir"])
def test_expelling_killed_anywhere_can_be_repeated(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dying: str
) -> None:
    """After a crash the book is a whole book and can be expelled again, or it is none and its id is free."""

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, dying, dies)
        with pytest.raises(KeyboardInterrupt):
            library.expel(BOOK, to=tmp_path / "back.epub")
    library.sweep_incoming()
    if library.books():
        library.expel(BOOK, to=tmp_path / "back.epub")

    assert (tmp_path / "back.epub").read_bytes() == b"the original"
    assert list(library.root.iterdir()) == []


def test_a_lock_that_was_replaced_while_waiting_for_it_is_not_the_books(library: Library, tmp_path: Path) -> None:
    """Who waited for the lock of a folder that is no longer the book's is told so, and changes nothing of the new."""
    files = library.files(BOOK)
    raised: list[Exception] = []

    def rename() -> None:
        try:
            library.update(BOOK, silently(lambda book: replace(book, book_title="lost")))
        except LibraryBusy as error:
            raised.append(error)

    waiting = threading.Thread(target=rename)
    with locked(files.lock, wait_seconds=0):
        waiting.start()
        eventually(lambda: _is_open_twice(files.lock))
        files.root.rename(tmp_path / "expelled")
        shutil.copytree(tmp_path / "expelled", files.root)
        before = files.manifest.read_bytes()
    waiting.join()

    assert "the lock was replaced" in str(raised)
    assert files.manifest.read_bytes() == before


def _is_open_twice(path: Path) -> bool:
    inode, found = path.stat().st_ino, 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the descriptor of the listing itself
            found += descriptor.stat().st_ino == inode
    return found == 2


def _locked(path: Path) -> None:
    with locked(path, wait_seconds=0):
        pass


def _logged(path: Path) -> None:
    append_events(path, [Happening(name="book_admitted")], at=EPOCH, extent=Extent())


def _looked_at(path: Path) -> None:
    with opened(path):
        pass


def _entered(path: Path) -> None:
    with pinned(path.parent, path.name):
        pass


def _staged(path: Path) -> None:
    """An artifact's name carries the claim's id, which everybody may read in the manifest."""
    fence = Fence(attempt=1, claim_id="c1")
    path.rename(path.with_name(f".{path.name}.c1.staged"))
    BookFiles(path.parent).stage(path, b"ours", fence=fence)


@pytest.mark.parametrize("is_folder", [False, True], ids=["file", "folder"])
@pytest.mark.parametrize(
    "use",
    [_locked, lambda path: LifeLock(path).take(wait_seconds=0), _logged, _looked_at, _entered, _staged],
    ids=["lock", "lock-for-life", "events", "reading", "folder", "artifact"],
)
def test_no_planted_link_is_followed(use: Callable[[Path], None], is_folder: bool, tmp_path: Path) -> None:
    """A link in the place of a file or folder of ours is an error; what it points to is neither read nor written."""
    elsewhere, place = tmp_path / "elsewhere", tmp_path / "ours"
    place.mkdir()
    elsewhere.mkdir() if is_folder else elsewhere.write_bytes(b"theirs")
    (place / "name").symlink_to(elsewhere)

    with pytest.raises(OSError):
        use(place / "name")

    assert list(elsewhere.iterdir()) == [] if is_folder else elsewhere.read_bytes() == b"theirs"


# many processes

PROCESSES = 16
CHAPTERS = 500


def claim_all(root: Path, name: str) -> None:
    """Claim chapters until there are none; the claims go to a file of this process."""
    library = Library(root, clock=SystemClock(), lock_timeout_seconds=60.0)
    got: list[tuple[int | None, int]] = []
    while True:
        by = make_claim(f"{name}-{len(got)}", owner=name)
        taken = library.update(BOOK, partial(claim, by=by, now=EPOCH))
        task = held_by(taken, by.claim_id)
        if task is None:
            break
        entry = taken.entry(task)
        got.append((task.chapter, entry.attempt if entry else 0))
    (root.parent / f"{name}.json").write_text(json.dumps(got))


def test_f26_each_chapter_is_claimed_once(tmp_path: Path) -> None:
    """16 processes that claim 500 chapters get each of them once, and no process fails to get the lock."""
    library = Library(tmp_path / "library", clock=SystemClock())
    files = put_book(library, split_book(*range(1, CHAPTERS + 1)))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_store"])
    racers = [context.Process(target=claim_all, args=(library.root, f"racer-{n}")) for n in range(PROCESSES)]
    with locked(files.lock, wait_seconds=0):  # the gate: all of them wait here before one can claim
        for racer in racers:
            racer.start()
        eventually(lambda: waiters(files.lock) == PROCESSES)
    for racer in racers:
        racer.join(100)

    assert [racer.exitcode for racer in racers] == [0] * PROCESSES
    got = [row for n in range(PROCESSES) for row in json.loads((tmp_path / f"racer-{n}.json").read_text())]
    assert Counter(chapter for chapter, _ in got) == Counter(range(1, CHAPTERS + 1))
    assert {attempt for _, attempt in got} == {1}
    assert len(live_claims(library.read(BOOK))) == CHAPTERS
    assert names_in(files.root) == {files.manifest.name, files.lock.name, "source.epub", "data/events.jsonl"}


def waiters(path: Path) -> int:
    inode = f":{path.stat().st_ino} "
    return sum("->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines())


def update_for_ever(root: Path, name: str) -> None:
    """Claim, and complete, fail or release, as fast as it goes, until killed."""
    library = Library(root, clock=SystemClock(), lock_timeout_seconds=60.0)
    number = 0
    while True:
        number += 1
        by = make_claim(f"{name}-{number}", owner=OWNER)
        taken = library.update(BOOK, partial(claim, by=by, now=by.claimed_at))
        task = held_by(taken, by.claim_id)
        entry = taken.entry(task) if task else None
        if task is None or entry is None or entry.fence is None:
            continue
        files = library.files(BOOK)
        artifact = files.stage(files.scenes(task.chapter or 0), by.claim_id.encode(), fence=entry.fence)
        give_back: Transition = partial(release, task=task, fence=entry.fence)
        if number % 3 == 0:
            give_back = partial(
                fail,
                task=task,
                fence=entry.fence,
                now=by.claimed_at,
                error=Reason(Code.CRASHED, "e"),
                max_attempts=10**6,
            )
        library.update(BOOK, give_back, artifacts=[artifact], durable=number % 2 == 0)


def test_killed_writers_leave_a_whole_manifest(tmp_path: Path) -> None:
    """Whatever process is killed in whatever line: the manifest is whole, the lock free, attempts have only grown."""
    library = Library(tmp_path / "library", clock=SystemClock())
    files = put_book(library, split_book(1, 2))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_store"])
    highest = 0
    for round_number in range(8):
        writers = [
            context.Process(target=update_for_ever, args=(library.root, f"w{round_number}{n}")) for n in range(3)
        ]
        for writer in writers:
            writer.start()
        target = highest + 10
        eventually(lambda target=target: attempts(library) > target)  # type: ignore[misc]
        for writer in writers:
            writer.kill()
            writer.join()
        assert {writer.exitcode for writer in writers} == {-signal.SIGKILL}
        assert problems_of(files.manifest.read_bytes()) == []
        assert attempts(library) > highest
        highest = attempts(library)
        for task, entry in live_claims(library.read(BOOK)):
            assert entry.fence is not None
            library.update(BOOK, partial(release, task=task, fence=entry.fence), wait_seconds=0)
    library.tidy(BOOK)

    strays = {name for name in names_in(files.root) if name.endswith((".tmp", ".staged"))}
    assert strays == set()


def attempts(library: Library) -> int:
    return sum(entry.attempt for entry in library.read(BOOK).chapters.values())

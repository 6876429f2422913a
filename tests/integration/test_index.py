"""The index of open books: what it saves, and that whatever becomes of it costs time and never a book."""

import asyncio
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.daemon.lookout import Lookout
from imaginized.errors import LibraryBusy
from imaginized.logs.log import get_log
from imaginized.process.channel import channel_pair
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest
from imaginized.queue.openness import is_open
from imaginized.queue.plan import Phase, live_claims, phase
from imaginized.queue.redoing import Anew, retry
from imaginized.store.files import MANIFEST
from imaginized.store.index import INDEX, Index, IndexUnusable
from imaginized.store.library import Library
from imaginized.store.sweep import ROUND_SECONDS, Sweep
from imaginized.store.trash import bring_back, throw_away
from imaginized.work.progress_file import LateReports
from imaginized.work.worker import claim_next
from tests.support.crash_steps import Place, Shim, apart, live, prepare, take_up, workshop
from tests.support.epubs import make_epub
from tests.support.large_library import fill, finished_book

AGAIN = partial(retry, chapters=(1,), anew=Anew.TEXT)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished book."""
    return finished_book(tmp_path_factory.mktemp("model") / "place", chapters=2)


def library_of(folder: Path, model: Path, *, count: int = 3) -> Library:
    fill(folder / "library", model=model, count=count)
    (folder / "inbox").mkdir()
    return swept(Library(folder / "library", clock=SystemClock()))


def swept(library: Library) -> Library:
    """As a supervisor leaves it after one round."""
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    a_round(sweep)
    return library


def a_round(sweep: Sweep) -> list[str]:
    """Look through the library once more, from its beginning to its end."""
    found = sweep.look()
    folders = len([one for one in sweep.root.iterdir() if one.name[0] != "."])
    while sweep.progress[1] != folders:  # the folder is not listed again at once
        found += sweep.look()
    was_settled, steps = sweep.is_settled, 0
    while not steps or not sweep.is_settled or (was_settled and sweep.progress[0]):
        sweep.begin()  # as at every tick
        found += sweep.step(seconds=10.0)
        steps += 1
        assert steps < 1000
    return found


def opened(library: Library) -> list[str]:
    return list(library.index.open_books())


def by_hand(path: Path) -> None:
    """A change in place by another program that gives the file its old time back, with as many bytes."""
    status = path.stat()
    data = path.read_bytes()
    changed = data.replace(b'"completed"', b'"pending"  ', 1)
    assert changed != data
    path.write_bytes(changed)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_finished_books_are_not_looked_at(tmp_path: Path, model: Path) -> None:
    """After one round nothing is open; an order opens its book at once, and its end closes it."""
    library = library_of(tmp_path, model)
    before = opened(library)
    book = library.books()[0]
    library.update(book, AGAIN)
    ordered = opened(library)
    unanswered = library.files(book).reply("0" * 64)
    unanswered.parent.mkdir(exist_ok=True)
    unanswered.touch()  # the name that a killed worker had made for an answer
    live(Place(root=tmp_path))

    assert before == []
    assert ordered == [book]
    assert opened(library) == []
    assert library.index.closed_phases() == {"done": 3}
    assert library.index.is_whole()
    assert not unanswered.exists()


def test_without_an_index_every_book_is_looked_at(tmp_path: Path, model: Path) -> None:
    """None was ever made, as for a worker alone: what is open is found all the same, the oldest first."""
    fill(tmp_path / "library", model=model, count=3, held=2)
    library = Library(tmp_path / "library", clock=SystemClock())

    assert not (tmp_path / "library" / INDEX).exists()
    assert [book[:11] for book in library.open_books()] == ["book-000000", "book-000001", "book-000002"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a database at all" * 500),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: sqlite3.connect(path).executescript("DROP TABLE books"),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + b"x" * (path.stat().st_size - 4096)),
        lambda path: sqlite3.connect(path).executescript("UPDATE state SET made_by = 'another version'"),
        lambda path: sqlite3.connect(path).executescript("UPDATE books SET open = 0"),
        lambda path: sqlite3.connect(path).executescript("DELETE FROM books"),
    ],
)
def test_a_lost_damaged_or_lying_index_hides_no_book(
    tmp_path: Path, model: Path, harm: Callable[[Path], object]
) -> None:
    """With whatever is left of it, the next round has every open book listed."""
    library = library_of(tmp_path, model)
    book = library.books()[1]
    library.update(book, AGAIN)
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    a_round(sweep)
    harm(tmp_path / "library" / INDEX)
    for _ in range(2):
        sweep.begin()
        list(library.open_books())  # damage below the first page is found by whoever reads on
        a_round(sweep)

    assert opened(library) == [book]
    assert library.index.closed_phases() == {"done": 2}


@pytest.mark.parametrize(("count", "seconds"), [(3, ROUND_SECONDS), (400, 200.0)])
def test_a_round_of_a_large_library_takes_longer(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, count: int, seconds: float
) -> None:
    """Else a daemon at rest would have more to do the more books are finished."""
    monkeypatch.setattr("imaginized.store.sweep.MOST_BOOKS_A_SECOND", 2)
    library = library_of(tmp_path, model, count=count)
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    a_round(sweep)
    steps = 1
    while sweep.step() or sweep.progress[0]:
        steps += 1

    assert sweep.pause_seconds * steps == pytest.approx(seconds)


def test_an_index_that_is_busy_is_not_made_anew(tmp_path: Path, model: Path) -> None:
    """Whoever has it writes on in it; made anew, it would lose that and everything else."""
    library = library_of(tmp_path, model)
    other = sqlite3.connect(tmp_path / "library" / INDEX, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    library.index.begin()
    other.execute("ROLLBACK")
    other.close()

    assert library.index.closed_phases() == {"done": 3}


def test_an_index_of_another_library_is_found_out(tmp_path: Path, model: Path) -> None:
    """Two libraries with books of the same ids: what one has finished, the other has not."""
    ours, theirs = (library_of(tmp_path / name, model) for name in ("ours", "theirs"))
    book = ours.books()[0]
    ours.update(book, AGAIN)
    extra = ours.root / "book-extra-00000000"
    shutil.copytree(ours.root / ours.books()[1], extra)
    shutil.copyfile(theirs.root / INDEX, ours.root / INDEX)
    seen_by_all = opened(ours)
    swept(ours)

    assert seen_by_all == []
    assert opened(ours) == [book]
    assert ours.index.closed_phases() == {"done": 3}
    assert opened(theirs) == []


def test_what_other_programs_do_is_found_within_a_round(tmp_path: Path, model: Path) -> None:
    """A manifest changed in place with its old time and size, a backup put back, a folder copied in, one taken away."""
    library = library_of(tmp_path, model, count=6)
    books = library.books()
    backup = (library.root / books[1] / MANIFEST).read_bytes()
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    a_round(sweep)
    by_hand(library.root / books[0] / MANIFEST)
    temporary = library.root / books[1] / "restored"
    temporary.write_bytes(backup.replace(b'"completed"', b'"pending"', 1))
    temporary.rename(library.root / books[1] / MANIFEST)
    shutil.copytree(library.root / books[2], library.root / "copied-12345678")
    shutil.rmtree(library.root / books[3])
    (library.root / books[4] / MANIFEST).unlink()
    (library.root / books[5] / MANIFEST).touch()
    found = set(a_round(sweep))

    assert found == {books[0], books[1], books[5]}
    assert set(opened(library)) == found
    assert library.index.closed_phases() == {"done": 2}  # the copy, too: it is finished, and its report is right
    assert [path.parent.name for path in library.orphans()] == [books[4]]


def test_a_folder_that_is_still_being_copied_is_taken_once_it_is_whole(tmp_path: Path, model: Path) -> None:
    """First there is a folder without a manifest: it is looked at again and again, without a listing."""
    library = library_of(tmp_path, model)
    sweep = Sweep(library, clock=SystemClock())
    sweep.begin()
    a_round(sweep)
    source = library.root / library.books()[0]
    target = library.root / "copied-12345678"
    target.mkdir()
    a_round(sweep)
    shutil.copyfile(source / MANIFEST, target / MANIFEST)

    assert sweep.look() == ["copied-12345678"]  # its report is not there yet
    assert opened(library) == ["copied-12345678"]


def test_a_book_that_was_changed_while_no_daemon_ran_is_found_at_the_start(tmp_path: Path, model: Path) -> None:
    """The index of the last run is trusted for what it opens, never for what it leaves out."""
    library = library_of(tmp_path, model)
    book = library.books()[2]
    by_hand(library.root / book / MANIFEST)
    again = swept(Library(library.root, clock=SystemClock()))

    assert opened(again) == [book]


class Hurrying(SystemClock):
    """A twentieth of a second later at each look."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        self.passed += 0.05
        return self.passed


def test_a_library_that_its_index_knows_delays_no_start(tmp_path: Path, model: Path) -> None:
    """Nobody is ready before the first look: what is left of the round comes after it."""
    library, clock = library_of(tmp_path, model, count=800), Hurrying()

    async def begin() -> None:
        lookout = Lookout(library, clock=clock, opened=lambda _: None, log=get_log())
        lookout.begin()
        lookout.close()

    asyncio.run(begin())

    assert clock.passed < 0.28  # one slice of four; the next ones would each take longer


def test_a_late_report_is_written_after_a_start(tmp_path: Path, model: Path) -> None:
    """Somebody removed `progress.md`, or its writer was killed: the book is listed until it is there."""
    library = library_of(tmp_path, model)
    book = library.books()[0]
    library.files(book).progress.unlink()
    again = swept(Library(library.root, clock=SystemClock()))
    listed = opened(again)
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(Place(root=tmp_path).settings(), again, end=theirs)
        LateReports(again, log=shop.log).catch_up(until=lambda: False)

    assert listed == [book]
    assert library.files(book).progress.exists()
    assert opened(again) == []


def test_removed_and_brought_back(tmp_path: Path, model: Path) -> None:
    """A book that left is listed no more; one that came back is looked at."""
    library = library_of(tmp_path, model)
    book = library.books()[0]
    trashed = throw_away(library, book, now=SystemClock().now())
    gone = library.index.closed_phases()
    bring_back(library, trashed)

    assert gone == {"done": 2}
    assert opened(library) == [book]


def test_a_book_that_is_reopened_while_it_is_closed_stays_open(tmp_path: Path, model: Path) -> None:
    """Closing and opening take the book's lock: neither is lost, in whatever order two processes do it."""
    library = library_of(tmp_path, model, count=1)
    (book,) = library.books()
    place = Place(root=tmp_path)
    for _ in range(10):
        other = Library(library.root, clock=SystemClock())
        closing = threading.Thread(target=_settle_often, args=(other, book))
        closing.start()
        library.update(book, AGAIN)
        closing.join()
        assert opened(library) == [book]
        live(place)
        assert opened(library) == []


def _settle_often(library: Library, book: str) -> None:
    for _ in range(20):
        with suppress(LibraryBusy):
            library.settle(book)


def everything(place: Place) -> None:
    """An order for a finished book, and all that comes of it."""
    library = Library(place.library, clock=SystemClock())
    (book,) = library.books()
    library.update(book, AGAIN)
    live(place)


def state_of(place: Place) -> tuple[Manifest, list[str]]:
    (path,) = place.library.glob(f"*/{MANIFEST}")
    return decode(path.read_bytes()), list(Index(place.library / INDEX).open_books())


def test_killed_at_any_step_an_open_book_is_listed(tmp_path: Path) -> None:
    """Without a sweep: between every two operations on files, from the order to the end of what it asks for."""
    whole = prepare(tmp_path / "whole", book=make_epub(tmp_path / "b.epub", chapters=1, paragraphs=1))
    live(whole)
    swept(Library(whole.library, clock=SystemClock()))
    counted = Place(root=tmp_path / "counted")
    shutil.copytree(whole.root, counted.root)
    swept(Library(counted.library, clock=SystemClock()))
    shim = Shim()
    with shim.installed():
        everything(counted)
    wrong = []
    for at in range(1, len(shim.seen) + 1):
        place = Place(root=tmp_path / "lives" / str(at))
        shutil.copytree(whole.root, place.root)
        swept(Library(place.library, clock=SystemClock()))
        code = apart(partial(_killed, place, at=at))
        manifest, listed = state_of(place)
        if code != -signal.SIGKILL:
            wrong.append(f"step {at} ended with {code}")
        if is_open(manifest) and listed != [manifest.book_id]:
            wrong.append(f"step {at} ({shim.seen[at - 1]}): open, and not listed")
        take_up(place)
        # Within a tick of the clock nobody knows whether a report is late: an idle worker writes it again.
        LateReports(swept(Library(place.library, clock=SystemClock())), log=get_log()).catch_up(until=lambda: False)
        after, left = state_of(place)
        if phase(after) is not Phase.DONE or live_claims(after) or left:
            wrong.append(f"step {at}: {phase(after)}, listed {left}")
        shutil.rmtree(place.root)

    assert len(shim.seen) > 30
    assert "\n".join(wrong) == ""


def _killed(place: Place, *, at: int) -> None:
    with Shim(at=at).installed():
        everything(place)


def test_many_processes_mark_and_close_at_once(tmp_path: Path, model: Path) -> None:
    """Eight of them, each with books of its own: no mark is lost to another's."""
    library = library_of(tmp_path, model, count=24)
    books = library.books()
    pids = []
    for number in range(8):
        pid = os.fork()
        if pid == 0:
            try:
                mine = Library(library.root, clock=SystemClock())
                for book in books[number::8]:
                    mine.update(book, AGAIN)
            finally:
                os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)

    assert opened(library) == books


def test_an_idle_worker_reads_open_books_only(tmp_path: Path, model: Path) -> None:
    """Its look costs the same whatever is finished: of five hundred books it opens none."""
    library = library_of(tmp_path, model, count=500)
    seen: list[str] = []

    class Counting(Library):
        def read(self, book: str, *, is_glance: bool = False) -> Manifest:
            seen.append(book)
            return super().read(book, is_glance=is_glance)

    counting = Counting(library.root, clock=SystemClock())
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = workshop(Place(root=tmp_path).settings(), counting, end=theirs)
        held = claim_next(shop)

    assert held is None
    assert seen == []


def test_a_busy_index_is_no_reason_to_stop(tmp_path: Path, model: Path) -> None:
    """Somebody holds the database: the order is carried out, and found by the next round."""
    library = library_of(tmp_path, model)
    library.index = Index(library.root / INDEX, busy_seconds=0.0)
    book = library.books()[0]
    holder = sqlite3.connect(library.root / INDEX, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    library.update(book, AGAIN)
    with pytest.raises(IndexUnusable):
        opened(library)
    holder.execute("ROLLBACK")
    holder.close()
    missed = opened(library)
    swept(library)

    assert missed == []
    assert opened(library) == [book]


def test_parsed_manifests_do_not_pile_up(tmp_path: Path, model: Path) -> None:
    """Whoever reads every book of a large library keeps the last few megabytes of them."""
    library = library_of(tmp_path, model, count=20)
    memory = library._manifests
    for _, _manifest in library.readable():
        pass
    few = len(memory._read)
    memory._bytes += 8 << 20
    library.read(library.books()[0])
    library.files(library.books()[1]).manifest.touch()
    list(library.readable())

    assert few == 20
    assert len(memory._read) < 20

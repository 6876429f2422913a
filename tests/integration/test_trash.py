"""Books that were removed: what is in the trash is brought back or emptied, whatever else somebody has put there."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.queue.manifest import Fence
from imaginized.store.library import Library
from imaginized.store.trash import TRASH, bring_back, empty_trash, throw_away, trashed_books
from tests.support.crash_steps import prepare, take_in
from tests.support.epubs import make_epub
from tests.support.manifests import EPOCH

LATER = EPOCH + timedelta(days=40)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one book."""
    place = prepare(tmp_path / "place", book=make_epub(tmp_path / "b.epub", chapters=1))
    found = Library(place.library, clock=SystemClock())
    take_in(place, found)
    return found


def test_a_book_that_is_removed_twice_within_a_second_is_there_twice(library: Library) -> None:
    """The second does not fail, and takes nothing from the first; the last one comes back first."""
    (book,) = library.books()
    copy = library.root.parent / "copy"
    shutil.copytree(library.files(book).root, copy)
    first = throw_away(library, book, now=EPOCH)
    shutil.copytree(copy, library.files(book).root)
    second = throw_away(library, book, now=EPOCH)

    assert first.folder != second.folder
    assert [each.folder for each in trashed_books(library)] == [second.folder, first.folder]
    assert [each.removed_at for each in trashed_books(library)] == [second.removed_at, first.removed_at]


@pytest.mark.parametrize(
    "name", ["x@99999999999", "x@99999999999999999999", "x@253402300800000", "x@\u0661\u0662", ".x@12", "@12", "x"]
)
def test_what_nobody_threw_away_ends_no_program(library: Library, name: str) -> None:
    """Another program or a person may put any folder there; it stays, and the books beside it are known."""
    (book,) = library.books()
    throw_away(library, book, now=EPOCH)
    (library.root / TRASH / name).mkdir()

    assert [each.book for each in trashed_books(library) if each.book != "x"] == [book]
    assert empty_trash(library, now=LATER) == [book]
    assert (library.root / TRASH / name).is_dir()


def linked_book(trash: Path, outside: Path) -> None:
    trash.mkdir()
    (trash / "b@12").symlink_to(outside / "b@12")


def linked_trash(trash: Path, outside: Path) -> None:
    trash.symlink_to(outside)


def plain_file(trash: Path, outside: Path) -> None:
    trash.write_text(f"not {outside}")


@pytest.mark.parametrize("plant", [linked_book, linked_trash, plain_file])
def test_no_link_leads_out_of_the_trash(library: Library, tmp_path: Path, plant: Callable[[Path, Path], None]) -> None:
    """Nothing outside is listed or removed, and nothing goes there."""
    (book,), outside = library.books(), tmp_path / "outside"
    (outside / "b@12").mkdir(parents=True)
    plant(library.root / TRASH, outside)

    assert (trashed_books(library), empty_trash(library, now=LATER)) == ([], [])
    if plant is not linked_book:
        with pytest.raises(OSError, match=TRASH):
            throw_away(library, book, now=EPOCH)
        assert library.books() == [book]
    assert [path.name for path in outside.iterdir()] == ["b@12"]


def test_a_book_that_was_dropped_again_is_not_replaced(library: Library) -> None:
    """Also where its folder has come only a moment ago, and is not listed yet."""
    (book,) = library.books()
    trashed = throw_away(library, book, now=EPOCH)
    shutil.copytree(trashed.folder, library.files(book).root)

    with pytest.raises(FileExistsError):
        bring_back(library, trashed)

    assert trashed.folder.is_dir()


def test_what_comes_late_makes_no_folder_in_the_place_of_a_removed_book(library: Library) -> None:
    """Not even one that is removed between a look at it and the making of a folder in it."""
    (book,) = library.books()
    files = library.files(book)
    shutil.rmtree(files.data)
    trashed = throw_away(library, book, now=EPOCH)

    with pytest.raises(FileNotFoundError):
        files.stage(files.reply("0" * 64), b"late", fence=Fence(attempt=1, claim_id="c"))

    assert not files.root.exists()
    bring_back(library, trashed)
    assert library.books() == [book]

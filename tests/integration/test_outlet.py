"""Copies of exports in a folder that other programs watch: ours go, a stranger's stay, kills leave nothing behind."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.errors import ClaimLost
from imaginized.guide.model import Guide
from imaginized.stages.outlet import Outgoing, Outlet
from imaginized.store.files import BookFiles
from imaginized.store.trash import TRASH
from imaginized.store.writing import make_folder, write_atomic

GUIDE = Guide(title="The Title", authors=("An Author",), book_id="the-title-12345678")


class Shelf:
    """A book with a watched folder; it may be killed after so many records."""

    def __init__(self, folder: Path, *, guide: Guide = GUIDE) -> None:
        self.files = BookFiles(folder / guide.book_id)
        self.watched = folder / "watched"
        self.template: Path | None = self.watched / "{author}" / "{title}"
        self.guide = guide
        self.lives = 1_000

    def keep(self, contents: dict[Path, bytes]) -> None:
        if self.lives == 0:
            raise ClaimLost("killed")
        self.lives -= 1
        for path, data in contents.items():
            make_folder(path.parent)
            write_atomic(path, data)

    def give(self, *, again: bool = False, formats: tuple[str, ...] | None = None, **files: bytes) -> tuple[str, ...]:
        outgoing = [Outgoing(format=name, suffix=f".{name}", data=data) for name, data in files.items()]
        outlet = Outlet(self.files, template=self.template, guide=self.guide, keep=self.keep)
        return outlet.hand_out(outgoing, again=again, formats=formats)

    def there(self) -> dict[str, bytes]:
        found = sorted(path for path in self.watched.rglob("*") if path.is_file())
        return {str(path.relative_to(self.watched)): path.read_bytes() for path in found}


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    yield Shelf(tmp_path)


def test_exports_are_there_under_the_names_of_the_book(shelf: Shelf) -> None:
    """And are replaced when there is something new, under the same name."""
    assert shelf.give(epub=b"1", cbz=b"2") == ()
    assert shelf.there() == {"An Author/The Title.cbz": b"2", "An Author/The Title.epub": b"1"}

    shelf.give(epub=b"new", cbz=b"2")

    assert shelf.there() == {"An Author/The Title.cbz": b"2", "An Author/The Title.epub": b"new"}


def test_a_format_that_is_taken_out_goes_and_its_empty_folder_with_it(shelf: Shelf) -> None:
    """The operator's own folder stays."""
    shelf.give(epub=b"1", cbz=b"2")
    shelf.give(cbz=b"2")
    assert shelf.there() == {"An Author/The Title.cbz": b"2"}

    shelf.give()

    assert shelf.there() == {} and shelf.watched.is_dir() and not (shelf.watched / "An Author").exists()


def test_without_the_setting_what_was_there_goes(shelf: Shelf) -> None:
    """Its folder stays: it may be another's now."""
    shelf.give(epub=b"1")
    shelf.template = None
    shelf.give(epub=b"1")

    assert shelf.there() == {}


def test_a_strangers_file_is_neither_replaced_nor_removed(shelf: Shelf) -> None:
    """Ours gets the book's digits into its name; where both names are taken, that is told."""
    first, second = (shelf.watched / "An Author" / f"The Title{end}" for end in (".epub", " (12345678).epub"))
    first.parent.mkdir(parents=True)
    first.write_bytes(b"theirs")
    assert shelf.give(epub=b"1") == ()
    assert shelf.there() == {"An Author/The Title (12345678).epub": b"1", "An Author/The Title.epub": b"theirs"}

    second.write_bytes(b"theirs, too")
    problems = shelf.give(epub=b"2")
    shelf.give()

    assert "taken by files that are not of this book" in problems[0]
    assert (first.read_bytes(), second.read_bytes()) == (b"theirs", b"theirs, too")


def test_a_file_that_somebody_changed_is_a_strangers(shelf: Shelf) -> None:
    """A program over there may write its own words into it."""
    shelf.give(epub=b"1")
    (shelf.watched / "An Author" / "The Title.epub").write_bytes(b"with notes")
    shelf.give(epub=b"2")

    assert shelf.there() == {
        "An Author/The Title (12345678).epub": b"2",
        "An Author/The Title.epub": b"with notes",
    }


def test_what_its_watcher_took_away_is_not_brought_again(shelf: Shelf) -> None:
    """A second copy over there would be a second book; something new, or a person who asks, is another matter."""
    path = shelf.watched / "An Author" / "The Title.epub"
    shelf.give(epub=b"1")
    path.unlink()
    shelf.give(epub=b"1")
    assert shelf.there() == {}

    shelf.give(epub=b"1", again=True, formats=("epub",))
    assert shelf.there() == {"An Author/The Title.epub": b"1"}
    path.unlink()
    shelf.give(epub=b"2")

    assert shelf.there() == {"An Author/The Title.epub": b"2"}


def test_formats_that_were_not_asked_for_stay(shelf: Shelf) -> None:
    """A person who exports one format takes none away."""
    shelf.give(epub=b"1", cbz=b"2")
    shelf.give(pdf=b"3", again=True, formats=("pdf",))

    assert set(shelf.there()) == {f"An Author/The Title.{suffix}" for suffix in ("cbz", "epub", "pdf")}


def test_two_books_of_one_title_are_two_files(tmp_path: Path) -> None:
    """Each takes only its own away."""
    one, other = Shelf(tmp_path), Shelf(tmp_path, guide=replace(GUIDE, book_id="the-title-87654321"))
    one.give(epub=b"1")
    other.give(epub=b"2")
    assert one.there() == {"An Author/The Title (87654321).epub": b"2", "An Author/The Title.epub": b"1"}

    one.give()

    assert one.there() == {"An Author/The Title (87654321).epub": b"2"}


def test_a_book_that_was_removed_and_dropped_again_has_its_files_there(shelf: Shelf, tmp_path: Path) -> None:
    """Its new folder has no record of them, and they are no stranger's."""
    shelf.give(epub=b"1", cbz=b"2")
    make_folder(tmp_path / TRASH)
    shelf.files.root.rename(tmp_path / TRASH / f"{GUIDE.book_id}@1700000000")

    assert shelf.give(epub=b"new") == ()

    assert shelf.there() == {"An Author/The Title.epub": b"new"}


def test_another_template_moves_the_files(shelf: Shelf) -> None:
    """The old ones go."""
    shelf.give(epub=b"1")
    shelf.template = shelf.watched / "{title}"
    shelf.give(epub=b"1")

    assert shelf.there() == {"The Title.epub": b"1"}


def test_a_link_in_the_way_is_not_followed(shelf: Shelf, tmp_path: Path) -> None:
    """What it leads to is a stranger's."""
    (tmp_path / "secret").write_bytes(b"1")
    path = shelf.watched / "An Author" / "The Title.epub"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "secret")
    shelf.give(epub=b"1")
    shelf.give()

    assert (tmp_path / "secret").read_bytes() == b"1" and path.is_symlink()


def test_a_folder_that_cannot_be_written_is_told_and_nothing_fails(shelf: Shelf) -> None:
    """The guide is written all the same."""
    shelf.watched.write_bytes(b"a file, not a folder")

    assert "could not be written there" in shelf.give(epub=b"1")[0]


@pytest.mark.parametrize("lives", range(6))
def test_a_kill_between_any_two_records_leaves_nothing_that_nobody_knows(shelf: Shelf, lives: int) -> None:
    """The next attempt ends with the same files, and what goes later goes whole."""
    shelf.give(epub=b"0", cbz=b"0")
    shelf.lives = lives
    with suppress(ClaimLost):
        shelf.give(epub=b"1", cbz=b"1")
    shelf.lives = 1_000
    shelf.give(epub=b"2", cbz=b"2")
    assert shelf.there() == {"An Author/The Title.cbz": b"2", "An Author/The Title.epub": b"2"}

    shelf.give()

    assert shelf.there() == {}

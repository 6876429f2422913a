"""A book whose cast a person changes: what is made again, what stays, and what a mistake costs."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.control.casting import cast_of, change_orders
from imaginized.errors import ControlError, Rejected
from imaginized.inbox.sidecar import read_asked
from imaginized.process.channel import channel_pair
from imaginized.providers.api import ImageReply, ImageRequest
from imaginized.queue.dividing import divide_again
from imaginized.queue.manifest import Manifest
from imaginized.queue.plan import Phase, phase
from imaginized.queue.redoing import recast, retry
from imaginized.stages.records import CastRecord, ElementsRecord, load_cast
from imaginized.store.by_hand import MAX_EDITS_BYTES
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.store.records import dump, load
from imaginized.store.writing import make_folder
from imaginized.story.cast_orders import Order, Verb
from imaginized.story.elements import Element
from imaginized.story.recasting import Action, Wish
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from tests.support.casting import Found
from tests.support.crash_steps import Place, prepare, take_in, workshop
from tests.support.epubs import make_epub
from tests.support.ordering import CHAPTERS
from tests.support.replaying import contradictions

MERGE = '[[merge]]\nnames = ["Anna", "Number 2"]\n'
RENAME = '[[rename]]\nname = "Anna"\nto = "Nan"\n'
DROP = '[[drop]]\nname = "Number 3"\n'


class Teller(Found):
    """Keeps what it was asked, and does something in the middle of a picture."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.drawn: list[ImageRequest] = []
        self.meanwhile: Callable[[], None] | None = None

    def draw(self, request: ImageRequest) -> ImageReply:
        self.drawn.append(request)
        if self.meanwhile is not None:
            self.meanwhile()
        return super().draw(request)

    def _note(self, line: str) -> None:
        self.asked.append(line)


class Book:
    """A place with one book, and a worker in this process."""

    def __init__(self, folder: Path, *, is_drawn: bool = True) -> None:
        self.is_drawn = is_drawn
        self.place: Place = prepare(folder / "place", book=make_epub(folder / "b.epub", chapters=CHAPTERS))
        self.library = Library(self.place.library, clock=SystemClock())
        self.provider = Teller()
        take_in(self.place, self.library)
        (self.book,) = self.library.books()

    @property
    def files(self) -> BookFiles:
        return self.library.files(self.book)

    @property
    def manifest(self) -> Manifest:
        return self.library.read(self.book)

    @property
    def cast(self) -> CastRecord:
        return load_cast(self.files)

    @property
    def elements(self) -> dict[str, Element]:
        return {element.name: element for element in load(self.files.elements, ElementsRecord).elements}

    def say(self, text: str) -> None:
        """What the control socket does."""
        self.files.cast_orders.write_text(text)
        self.library.update(self.book, recast)

    def work(self, *, slot: str = "worker-1") -> list[str]:
        """Do what there is to do; returns what was asked of the provider."""
        self.provider.asked = []
        ours, theirs = channel_pair()
        with ours, theirs:
            owner = current_owner(slot, pid=os.getpid())
            shop = workshop(self.place.settings(), self.library, end=theirs, owner=owner)
            shop = replace(shop, text=self.provider, image=self.provider if self.is_drawn else None)
            while (held := claim_next(shop)) is not None:
                perform(shop, held)
        return sorted(self.provider.asked)

    def picture(self, number: int) -> bytes:
        return self.files.image(number, 1).read_bytes()

    def page(self, name: str = "Chapters.md") -> str:
        return self.files.guide(name).read_text()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """One that is done."""
    found = Book(tmp_path)
    found.work()
    return found


def test_a_merge_redraws_only_where_one_of_the_two_stands(book: Book) -> None:
    """Nothing is read again, and the pictures of all others stay."""
    pictures = [book.picture(3), book.picture(4)]
    book.say(MERGE)

    assert book.work() == ["image Chapter 1", "image Chapter 2"]
    assert [element.name for element in book.provider.drawn[-1].elements] == ["Anna"]
    assert [book.picture(3), book.picture(4)] == pictures
    assert book.elements["Anna"].aliases == ("Number 2",)
    assert phase(book.manifest) is Phase.DONE
    assert list(contradictions(book.files, book.manifest)) == []


def test_a_renamed_element_keeps_its_sheet_and_its_pictures(book: Book) -> None:
    """Another label is no other picture; what a person wrote into the sheet stays in force."""
    sheet = book.files.sheet("anna")
    sheet.write_text("## Looks\n- green hair\n")
    book.library.update(book.book, lambda manifest: retry(manifest, chapters=[1]))
    assert book.work() == ["image Chapter 1"]
    book.say(RENAME)

    assert book.work() == []
    assert "Nan" in book.elements
    assert sheet.read_text() == "## Looks\n- green hair\n"
    assert sorted(path.stem for path in sheet.parent.iterdir()) == ["anna", "number-2", "number-3", "number-4"]
    assert "Nan" in book.page("Elements.md")
    assert "Nan" in book.page()


def test_a_sheet_of_ours_has_the_new_name_and_comes_back(book: Book) -> None:
    """It is the same file, by the name that was found."""
    before = book.files.sheet("anna").read_text()
    book.say(RENAME)
    book.work()
    assert book.files.sheet("anna").read_text().startswith("# Nan\n")
    book.say("")
    book.work()

    assert book.files.sheet("anna").read_text() == before


def test_who_is_dropped_leaves_the_guide_and_the_sheets(book: Book) -> None:
    """And comes back with an undo, with the picture that was there before, at no cost."""
    before = book.picture(3)
    book.say(DROP)
    assert book.work() == ["image Chapter 3"]
    assert book.provider.drawn[-1].elements == ()
    assert not book.files.sheet("number-3").exists()
    assert "Number 3" not in book.page() + book.page("Elements.md")
    book.say("")

    assert book.work() == []
    assert book.picture(3) == before
    assert book.files.sheet("number-3").exists()


def test_what_a_person_wrote_in_a_sheet_of_nobody_stays_and_is_told(book: Book) -> None:
    """Nothing that a person wrote is lost."""
    sheet = book.files.sheet("number-2")
    sheet.write_text("## Looks\n- one eye\n")
    book.say(MERGE)
    book.work()

    assert sheet.read_text() == "## Looks\n- one eye\n"
    assert [problem.partition(":")[0] for problem in book.cast.problems] == ["elements/number-2.md"]


def test_a_chapter_that_is_read_again_passes_through_the_orders(book: Book) -> None:
    """They are done to whatever is found, whenever it is found."""
    book.say(MERGE + DROP)
    book.work()
    book.library.update(book.book, lambda manifest: retry(manifest, chapters=[2, 3]))
    for path in (book.files.data / "replies").iterdir():
        path.unlink()

    assert book.work() == ["text Chapter 2", "text Chapter 3"]
    assert set(book.elements) == {"Anna", "Number 4"}


def test_orders_from_before_the_book_is_read_are_done_when_it_is(tmp_path: Path) -> None:
    """And nothing is drawn twice for it."""
    found = Book(tmp_path)
    found.say(MERGE)
    asked = found.work()

    assert sorted(asked) == sorted(f"{what} Chapter {n}" for what in ("image", "text") for n in range(1, CHAPTERS + 1))
    assert found.elements["Anna"].aliases == ("Number 2",)


def test_a_file_that_was_edited_by_hand_counts_with_the_next_retry(book: Book) -> None:
    """Also without `apply`: its pictures are found by what they show, not by who gave the word."""
    book.files.cast_orders.write_text(MERGE)
    book.library.update(book.book, retry)

    assert book.work() == ["image Chapter 1", "image Chapter 2"]


def test_a_file_with_mistakes_leaves_the_last_good_state_in_force(book: Book) -> None:
    """The book does not fail for it; the mistake is told with its line, in the guide, too."""
    book.say(MERGE)
    book.work()
    book.say(MERGE + "[[drop]\n")
    assert book.work() == []
    assert "Number 2" not in book.elements
    assert book.cast.problems[0].startswith("cast.toml:3: not valid TOML")
    assert "cast.toml:3" in book.page("Contents.md")
    assert phase(book.manifest) is Phase.DONE
    book.say(MERGE + DROP)

    assert book.work() == ["image Chapter 3"]
    assert book.cast.problems == ()


def test_an_order_that_fits_nobody_is_told_and_the_others_are_done(book: Book) -> None:
    """With its line, and with who may be meant."""
    book.say('[[drop]]\nname = "Numbr 3"\n' + MERGE)
    book.work()

    assert book.cast.problems == (
        "cast.toml:1: no one in the cast is called 'Numbr 3'; did you mean 'Number 3'?; "
        "`imaginizectl cast BOOK` lists them",
    )
    assert "Number 2" not in book.elements


@pytest.mark.parametrize("what", ["folder", "pipe", "link", "bytes", "latin-1", "large"])
def test_whatever_has_the_name_of_the_file_no_book_stops_for_it(book: Book, what: str) -> None:
    """A folder, a pipe, bytes that are no text: what was said before stays in force, and no command writes there."""
    book.say(MERGE)
    book.work()
    path = book.files.cast_orders
    path.unlink()
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "link":
        path.symlink_to(book.files.style)
    elif what == "large":
        path.write_text(DROP + "#\n" * MAX_EDITS_BYTES)  # cut, it would be written back without its end
    else:
        path.write_bytes(b"[[drop]]\nname = '\xe9'\n" if what == "latin-1" else b"\x00\xff")
    book.library.update(book.book, recast)
    book.work()

    assert phase(book.manifest) is Phase.DONE
    assert "Number 2" not in book.elements
    assert book.cast.problems
    assert cast_of(book.manifest, files=book.files)["problems"]
    with pytest.raises(ControlError, match=r"cast\.toml has mistakes, nothing was changed"):
        change_orders(Wish(action=Action.DROP, who=("Anna",)), book=book.book, files=book.files)


@pytest.mark.parametrize(
    ("text", "redrawn"),
    [(RENAME, [1]), (RENAME + MERGE.replace("Anna", "Number 4"), [1, 2, 4]), (MERGE, [1, 1, 2])],
    ids=["renamed", "others-changed", "changed-itself"],
)
def test_who_draws_while_the_cast_changes_is_left_to_end_it(book: Book, text: str, redrawn: list[int]) -> None:
    """Nobody asks for a picture that is in flight; a chapter that was begun with the old cast is gone through again."""
    book.library.update(book.book, lambda manifest: retry(manifest, chapters=[1]))
    book.files.illustration(1, 1).unlink()

    def change() -> None:
        book.provider.meanwhile = None
        book.say(text)
        book.work(slot="worker-2")

    book.provider.meanwhile = change
    book.work()
    drawn = [request.scene.chapter for request in book.provider.drawn[CHAPTERS:]]

    assert phase(book.manifest) is Phase.DONE
    assert sorted(drawn) == redrawn
    assert list(contradictions(book.files, book.manifest)) == []


def test_a_chapter_with_another_number_keeps_its_picture_when_the_cast_changes(book: Book) -> None:
    """A page number is no other picture."""
    book.files.edits.write_text('[[drop]]\ntitle = "Chapter 1"\n')
    book.library.update(book.book, divide_again)
    assert book.work() == []
    pictures = [book.picture(number) for number in (1, 2, 3)]
    book.say('[[merge]]\nnames = ["Number 2", "Number 3"]\n')

    assert book.work() == ["image Chapter 2", "image Chapter 3"]
    assert book.picture(3) == pictures[2]


def test_a_sidecar_may_say_who_is_who(tmp_path: Path) -> None:
    """By the same blocks in a table of their own; its mistakes are named as those of its other keys are."""
    (tmp_path / "b.toml").write_text('style = "ink"\n[[drop]]\ntitle = "Chapter 4"\n[[cast.drop]]\nname = "Number 3"\n')
    asked = read_asked(tmp_path / "b.epub", inbox=tmp_path, profiles=tmp_path / "profiles")
    found = Book(tmp_path)
    make_folder(found.files.data)
    found.files.request.write_bytes(dump(asked.request))
    found.work()
    (tmp_path / "b.toml").write_text('[[cast.drop]]\nnme = "Number 3"\n')
    with pytest.raises(Rejected) as caught:
        read_asked(tmp_path / "b.epub", inbox=tmp_path, profiles=tmp_path / "profiles")

    assert asked.request.cast == (Order(verb=Verb.DROP, names=("Number 3",)),)
    assert set(found.elements) == {"Anna", "Number 2"}
    assert "b.toml:1: [[cast.drop]]: unknown key 'nme'" in str(caught.value)


def test_a_book_of_an_older_version_takes_orders(book: Book) -> None:
    """It has no record of its cast, and its pictures do not say what they show."""
    book.files.cast.unlink()
    for number in range(1, CHAPTERS + 1):
        path = book.files.illustration(number, 1)
        record = json.loads(path.read_bytes())
        del record["shows"]
        path.write_text(json.dumps(record))
    book.say(MERGE)

    assert book.work() == ["image Chapter 1", "image Chapter 2"]


def test_without_anybody_who_draws_only_the_guide_is_made_again(tmp_path: Path) -> None:
    """Chapters that end with the reading stay as they are."""
    found = Book(tmp_path, is_drawn=False)
    found.work()
    found.say(MERGE)

    assert found.work() == []
    assert found.elements["Anna"].aliases == ("Number 2",)
    assert phase(found.manifest) is Phase.DONE

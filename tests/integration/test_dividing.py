"""A book that is divided again as a person wants: what stays, what is done anew, and what a mistake costs."""

import json
import socket
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Rejected
from imaginized.inbox.sidecar import read_asked
from imaginized.process.channel import channel_pair
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.queue.cancelling import cancel
from imaginized.queue.claimable import claimable
from imaginized.queue.dividing import divide_again
from imaginized.queue.holding import approve, hold
from imaginized.queue.manifest import Hold, Manifest, Stage, Status
from imaginized.queue.plan import Phase, phase
from imaginized.queue.redoing import Anew, restart, retry
from imaginized.queue.scene_orders import draw_passage, redo_scene
from imaginized.reasons import Code
from imaginized.stages.records import ScenesRecord
from imaginized.store.library import Library
from imaginized.store.records import dump, load
from imaginized.store.writing import make_folder
from imaginized.story.elements import passage_of
from imaginized.work.task import perform
from imaginized.work.worker import claim_next
from imaginized.work.workshop import Held, Workshop
from tests.support.crash_steps import Place, StubProvider, live, prepare, take_in, workshop
from tests.support.epubs import build_epub, make_epub, page
from tests.support.manifests import EPOCH
from tests.support.replaying import contradictions

FORMATS = Path(__file__).parents[1] / "fixtures" / "formats"


class Asked(StubProvider):
    """Counts what is asked of it, and draws pictures that can be told apart."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses = ""

    def write(self, request: TextRequest) -> TextReply:
        self.asked.append(f"text {request.chapter.title}")
        return super().write(request)

    def draw(self, request: ImageRequest) -> ImageReply:
        if request.chapter_title == self.refuses:
            raise Rejected("not this one", code=Code.PROVIDER_REFUSED)
        self.asked.append(f"image {request.chapter_title}")
        reply = super().draw(request)
        return ImageReply(data=reply.data + request.chapter_title.encode(), alt=reply.alt, method=reply.method)


class Reader:
    """A place with one book, and a worker in this process."""

    def __init__(self, folder: Path, *, book: Path | None = None, doubtful: str = "warn") -> None:
        book = book or make_epub(folder / "b.epub", chapters=4, paragraphs=2)
        self.place: Place = prepare(folder / "place", book=book)
        self.doubtful = doubtful
        self.library = Library(self.place.library, clock=SystemClock())
        self.provider = Asked()

    @property
    def book(self) -> str:
        (book,) = self.library.books()
        return book

    @property
    def manifest(self) -> Manifest:
        return self.library.read(self.book)

    def divide(self, text: str) -> None:
        """What the control socket does."""
        self.library.files(self.book).edits.write_text(text)
        self.library.update(self.book, divide_again)

    def work(self, *, tasks: int = 100) -> list[str]:
        """Do what there is to do; returns what was asked of the provider."""
        self.provider.asked = []
        ours, theirs = channel_pair()
        with ours, theirs:
            shop = self.shop(theirs)
            while tasks and (held := claim_next(shop)) is not None:
                perform(shop, held)
                tasks -= 1
        return self.provider.asked

    def shop(self, end: socket.socket) -> Workshop:
        overrides = {"reading.doubtful": self.doubtful}
        shop = workshop(self.place.settings(overrides), self.library, end=end)
        return replace(shop, text=self.provider, image=self.provider)

    def picture(self, number: int) -> bytes:
        return self.library.files(self.book).image(number, 1).read_bytes()

    def titles(self) -> list[str | None]:
        return [entry.title for _, entry in sorted(self.manifest.chapters.items())]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader whose book is done."""
    found = Reader(tmp_path)
    live(found.place)
    found.library.update(found.book, lambda manifest: retry(manifest, chapters=[1, 2, 3, 4]))
    found.work()
    return found


def drop(*titles: str) -> str:
    return "".join(f'[[drop]]\ntitle = "{title}"\n' for title in titles)


def test_dropping_asks_nothing_and_every_picture_stays_with_its_chapter(reader: Reader) -> None:
    """The chapters behind it move up with their scenes, pictures and progress."""
    pictures = [reader.picture(number) for number in (1, 2, 3, 4)]
    reader.divide(drop("Chapter 2"))

    assert reader.work() == []
    assert reader.titles() == ["Chapter 1", "Chapter 3", "Chapter 4"]
    assert [reader.picture(number) for number in (1, 2, 3)] == [pictures[0], pictures[2], pictures[3]]
    assert not reader.library.files(reader.book).image(4, 1).exists()
    assert phase(reader.manifest) is Phase.DONE
    scenes = json.loads(reader.library.files(reader.book).scenes(2).read_bytes())
    assert (scenes["chapter"], scenes["scenes"][0]["quote"]["chapter"]) == (2, 2)


def test_what_was_dropped_comes_back_with_its_pictures(reader: Reader) -> None:
    """Nothing that was paid for is thrown away: a mistake costs nothing."""
    before = [reader.picture(number) for number in (1, 2, 3, 4)]
    reader.divide(drop("Chapter 1", "Chapter 3"))
    reader.work()
    reader.divide("")

    assert reader.work() == []
    assert [reader.picture(number) for number in (1, 2, 3, 4)] == before
    assert {entry.status for entry in reader.manifest.chapters.values()} == {Status.COMPLETED}


def test_renaming_asks_nothing(reader: Reader) -> None:
    """The text is the same, so what was made of it is."""
    reader.divide('[[rename]]\ntitle = "Chapter 2"\nto = "The River"\n')

    assert reader.work() == []
    assert reader.titles()[1] == "The River"
    assert "The River" in (reader.library.files(reader.book).root / "Chapters.md").read_text()


def test_merged_chapters_are_done_anew_and_no_others(reader: Reader) -> None:
    """Their text is another one now."""
    reader.divide('[[merge]]\ntitle = "Chapter 3"\n')

    assert sorted(reader.work()) == ["image Chapter 2", "text Chapter 2"]
    assert reader.titles() == ["Chapter 1", "Chapter 2", "Chapter 4"]


def test_the_guide_shows_the_new_division_before_all_of_it_is_done(reader: Reader) -> None:
    """No picture stands with another chapter than its own while new ones are worked on."""
    reader.divide(drop("Chapter 1") + '[[merge]]\ntitle = "Chapter 3"\n')
    reader.work(tasks=1)
    page = (reader.library.files(reader.book).root / "Chapters.md").read_text()

    assert phase(reader.manifest) is Phase.ANALYZING
    assert "Chapter 1" not in page
    assert "still being worked on" in page
    assert page.index("Chapter 4") < page.index("images/chapter_2_scene_1.jpg")


def test_a_chapter_that_failed_keeps_the_pictures_it_has(reader: Reader) -> None:
    """It goes on where it stopped, under its new number."""
    reader.provider.refuses = "Chapter 4"
    reader.library.update(reader.book, lambda manifest: retry(manifest, chapters=[4]))
    reader.library.files(reader.book).illustration(4, 1).unlink()
    reader.work()
    assert reader.manifest.chapters[4].status is Status.FAILED
    reader.divide(drop("Chapter 1"))
    assert reader.work() == []
    assert reader.manifest.chapters[3].status is Status.FAILED
    reader.provider.refuses = ""
    reader.library.update(reader.book, retry)

    assert reader.work() == ["image Chapter 4"]
    assert phase(reader.manifest) is Phase.DONE


def test_a_file_with_mistakes_changes_nothing_and_names_the_line(reader: Reader) -> None:
    """The book keeps its chapters and its guide; fixed, it is divided by the next retry."""
    reader.divide('[[drop]]\ntitle = "Chapter 1"\n\n[[drop]]\nname = "Chapter 2"\n')
    assert reader.work() == []
    split = reader.manifest.steps[Stage.SPLIT]
    assert split.reason is not None
    assert split.reason.code is Code.EDITS
    assert "chapters.toml:4: [[drop]]: unknown key 'name'" in str(split.reason)
    assert len(reader.manifest.chapters) == 4
    reader.library.files(reader.book).edits.write_text(drop("Chapter 1"))
    reader.library.update(reader.book, retry)
    reader.work()

    assert reader.titles() == ["Chapter 2", "Chapter 3", "Chapter 4"]


def test_an_edit_that_fits_no_piece_is_told_in_the_book(reader: Reader) -> None:
    """The others are made."""
    reader.divide(drop("No Such Chapter", "Chapter 1"))
    reader.work()
    record = json.loads(reader.library.files(reader.book).book.read_bytes())

    assert reader.titles() == ["Chapter 2", "Chapter 3", "Chapter 4"]
    assert record["warnings"] == [
        "chapters.toml:1: no piece of the book is called 'No Such Chapter'; `imaginizectl chapters BOOK` lists them"
    ]


def test_a_running_book_is_divided_when_its_claims_have_ended(reader: Reader) -> None:
    """Who works on a chapter ends it under its number; nobody begins another one before the split."""
    reader.library.update(reader.book, lambda manifest: retry(manifest, chapters=[1, 2]))
    ours, theirs = channel_pair()
    with ours, theirs:
        shop = reader.shop(theirs)
        held: Held | None = claim_next(shop)
        assert held is not None
        reader.divide(drop("Chapter 4"))
        assert claimable(reader.manifest, now=EPOCH) == []
        perform(shop, held)
        assert [task.stage for task in claimable(reader.manifest, now=EPOCH)] == [Stage.SPLIT]
    reader.work()

    assert reader.titles() == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert phase(reader.manifest) is Phase.DONE


def test_a_held_book_is_divided_and_asks_anew(reader: Reader) -> None:
    """Before it is paid for is when a person changes its chapters: nothing but the split can be claimed until then."""
    why = Hold(reason="dear", code=Code.APPROVAL, since=EPOCH, approve_usd=2.0)
    reader.library.update(
        reader.book, lambda manifest: retry(manifest, chapters=[1, 2, 3, 4]).then(partial(hold, why=why))
    )
    assert claimable(reader.manifest, now=EPOCH) == []
    reader.divide(drop("Chapter 1"))

    assert [task.stage for task in claimable(reader.manifest, now=EPOCH)] == [Stage.SPLIT]
    reader.work()
    assert reader.titles() == ["Chapter 2", "Chapter 3", "Chapter 4"]


def test_cancelling_leaves_the_book_as_it_was(reader: Reader) -> None:
    """Before it is divided, that is: the old division stands, with its guide."""
    reader.divide(drop("Chapter 1"))
    reader.library.update(reader.book, lambda manifest: cancel(manifest, now=SystemClock().now(), reason="cancelled"))

    assert reader.work() == []
    assert len(reader.titles()) == 4
    assert phase(reader.manifest) is Phase.DONE


def test_a_sidecar_may_say_how_its_book_is_divided(tmp_path: Path) -> None:
    """By the same blocks, before anything is paid for; and its mistakes are named as those of its other keys are."""
    (tmp_path / "book.toml").write_text('style = "ink"\n[[drop]]\ntitle = "Chapter 1"\n')
    asked = read_asked(tmp_path / "book.epub", inbox=tmp_path, profiles=tmp_path / "profiles")
    found = Reader(tmp_path)
    take_in(found.place, found.library)
    files = found.library.files(found.book)
    make_folder(files.data)
    files.request.write_bytes(dump(asked.request))
    found.work()
    (tmp_path / "book.toml").write_text('[[drop]]\ntitel = "Chapter 1"\n')
    with pytest.raises(Rejected) as caught:
        read_asked(tmp_path / "book.epub", inbox=tmp_path, profiles=tmp_path / "profiles")

    assert found.titles() == ["Chapter 2", "Chapter 3", "Chapter 4"]
    assert "book.toml:1: [[drop]]: unknown key 'titel'" in str(caught.value)


def test_a_new_book_is_never_lost_for_a_file_with_mistakes(tmp_path: Path) -> None:
    """It is divided as the reader found it, and says so."""
    found = Reader(tmp_path)
    take_in(found.place, found.library)
    found.library.files(found.book).edits.write_text("[[drop]\n")
    found.work()
    record = json.loads(found.library.files(found.book).book.read_bytes())

    assert len(found.titles()) == 4
    assert record["warnings"][0].startswith("chapters.toml:1: not valid TOML")


@pytest.mark.parametrize("name", ["calibre.docx", "calibre.azw3", "pandoc.odt", "libreoffice.txt", "pandoc.md"])
def test_a_book_of_any_format_is_divided_again(name: str, tmp_path: Path) -> None:
    """Its chapters are edited as those of an EPUB are; what is dropped comes back with its pictures."""
    found = Reader(tmp_path, book=FORMATS / name)
    take_in(found.place, found.library)
    found.work()
    titles, pictures = found.titles(), [found.picture(number) for number in sorted(found.manifest.chapters)]
    found.divide(drop(str(titles[0])))
    assert found.work() == []
    assert found.titles() == titles[1:]
    found.divide("")

    assert found.work() == []
    assert [found.picture(number) for number in sorted(found.manifest.chapters)] == pictures


def test_a_division_that_a_person_changed_is_doubted_no_more(tmp_path: Path) -> None:
    """A book that waits for a look at its chapters goes on by their change; as the reader found it, it waits again."""
    text = "<p>The red lamp stood in the green tower by the dark river, and Anna saw it.</p>" * 1300
    book = build_epub(tmp_path, pages={"a.xhtml": page(text)}, name="lump.epub")
    found = Reader(tmp_path, book=book, doubtful="wait")
    take_in(found.place, found.library)
    found.work()
    assert phase(found.manifest) is Phase.HELD
    found.divide('[[rename]]\ntitle = "The Made Book"\nto = "All of It"\n')
    found.work()
    record = json.loads(found.library.files(found.book).book.read_bytes())
    assert (phase(found.manifest), found.titles()) == (Phase.DONE, ["All of It"])
    assert (record["division"]["confidence"], record["warnings"]) == (1.0, [])
    found.divide("")
    found.work()

    assert phase(found.manifest) is Phase.HELD
    assert found.manifest.chapters[1].status is Status.COMPLETED


def test_a_doubtful_book_that_was_approved_waits_no_more_when_it_is_split_again(tmp_path: Path) -> None:
    """For files that were lost, into the very chapters that a person has let go on; into others it waits."""
    text = "<p>The red lamp stood in the green tower by the dark river, and Anna saw it.</p>" * 1300
    book = build_epub(tmp_path, pages={"a.xhtml": page(text)}, name="lump.epub")
    found = Reader(tmp_path, book=book, doubtful="wait")
    take_in(found.place, found.library)
    found.work()
    held = phase(found.manifest)
    found.library.update(found.book, approve)
    found.work()
    found.library.files(found.book).chapter(1).unlink()
    found.library.update(found.book, retry)
    found.work()
    again = phase(found.manifest)
    found.library.update(found.book, partial(restart, profile=""))
    found.work()

    assert (held, again, phase(found.manifest)) == (Phase.HELD, Phase.DONE, Phase.HELD)


def test_the_log_tells_where_every_chapter_stands_after_it_was_divided_again(reader: Reader) -> None:
    """Under its new number."""
    reader.divide(drop("Chapter 2") + '[[split]]\ntitle = "Chapter 3"\nat = "{}"\n'.format("No such words"))
    reader.work()

    assert list(contradictions(reader.library.files(reader.book), reader.manifest)) == []


def test_a_chapter_that_comes_back_has_its_numbers_and_wishes(reader: Reader) -> None:
    """Left out and taken in again, it is asked about by none of the numbers that it was answered by before."""
    passage = passage_of(load(reader.library.files(reader.book).scenes(2), ScenesRecord).scenes[0])
    reader.library.update(reader.book, partial(retry, chapters=[2], anew=Anew.PICTURES))
    reader.work()
    reader.library.update(reader.book, partial(retry, chapters=[2], anew=Anew.TEXT))
    reader.work()
    order = partial(draw_passage, chapter=2, scene=2, of="0" * 16, passage=(3, 20))
    reader.library.update(reader.book, order)
    reader.library.update(reader.book, partial(redo_scene, chapter=2, scene=1, of=passage))
    reader.work()
    before = reader.manifest.chapters[2]
    reader.divide(drop("Chapter 2"))
    reader.work()
    left = reader.titles()
    reader.divide("")
    asked = reader.work()
    after = reader.manifest.chapters[2]

    assert (before.reading, before.asking, sorted(before.scenes)) == (1, 1, [1, 2])
    assert len(left) == 3
    assert asked == []
    assert (after.reading, after.asking, after.scenes) == (before.reading, before.asking, before.scenes)

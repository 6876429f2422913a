"""Sheets and the style guide: written once, read back, a person's edits win, names stay in their folder."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.errors import Rejected
from imaginized.guide.sheets import parse_looks, parse_style, sheet_md, style_md
from imaginized.providers.api import ImageReply, ImageRequest, TextReply, TextRequest
from imaginized.providers.builtin.styling import guess_style
from imaginized.queue.manifest import CHAPTER_STAGES, Stage, Task
from imaginized.queue.plan import Phase, phase
from imaginized.queue.redoing import retry
from imaginized.reasons import Code
from imaginized.settings.model import Guide
from imaginized.stages.illustrate import illustrate
from imaginized.stages.job import Contents, Job
from imaginized.stages.merge import merge
from imaginized.stages.records import BookRecord, ElementsRecord, IllustrationRecord, ScenesRecord
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.naming import stems_of
from imaginized.store.records import dump, load
from imaginized.story.elements import Element, ElementType, Look, Quote, Scene
from imaginized.story.methods import WordMethod
from imaginized.story.sheets import Style, looks_of, main_elements
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import ChapterText, Paragraph
from tests.support.crash_steps import live, prepare, take_up
from tests.support.epubs import make_epub
from tests.support.manifests import merged_book

STORY = "Anna wore a red cloak. Anna had grey eyes and sat by the lamp. The witch and the wizard came to the castle."
HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "",
    "CON",
    "a/b\\c",
    "\x00\n",
    "…",
    "Anna\u202e",
    "ANNA",
    "anna",
    "猫",
    "😀",
    "x" * 400,
    "- [link](http://example.org) # heading",
]


def quote(text: str, *, chapter: int = 1) -> Quote:
    return Quote(text=text, chapter=chapter, start=STORY.find(text), page=chapter)


RED, GREY = quote("Anna wore a red cloak."), quote("Anna had grey eyes and sat by the lamp.", chapter=2)
ANNA = Element(
    type=ElementType.CHARACTER,
    name="Anna",
    aliases=("Queen in Hiding",),
    description="grey eyes; red cloak; a crown nobody mentions",
    quotes=(RED, GREY),
    mentions=9,
    chapters=(1, 2),
)


class Painter:
    """Draws four bytes and remembers what it was asked."""

    identity = "painter"

    def __init__(self) -> None:
        self.asked: list[ImageRequest] = []
        self.declined = ""
        self.refuses = False

    def write(self, request: TextRequest) -> TextReply:
        raise AssertionError(f"nobody reads {request.chapter.title} here")

    def draw(self, request: ImageRequest) -> ImageReply:
        self.asked.append(request)
        if self.refuses:
            raise Rejected("the endpoint refused: no such model", code=Code.PROVIDER_REFUSED)
        return ImageReply(data=b"\xff\xd8\xff\xd9", alt="", method="painted", declined=self.declined, cost_usd=0.04)


class Bench:
    """A split and analyzed book of two chapters, and the stages on it."""

    def __init__(self, root: Path, *, elements: Sequence[Element] = (ANNA,)) -> None:
        self.files = BookFiles(root)
        self.painter = Painter()
        book = BookRecord(
            title="A # Book", sort_title="", authors=(), language="en", publisher="", series="", series_index="",
            reader="", words=1, pages=1, cover=None, chapters=(), skipped=(), warnings=(),
        )  # fmt: skip
        contents = {self.files.book: dump(book)}
        for number in (1, 2):
            text = ChapterText(number=number, title=f"{number}", paragraphs=(Paragraph(text=STORY),))
            scene = Scene(
                chapter=number, number=1, quote=RED, description="", elements=("Anna",), pages=(number, number)
            )
            record = ScenesRecord(chapter=number, method="", scenes=(scene,), elements=tuple(elements))
            contents |= {self.files.chapter(number): dump(text), self.files.scenes(number): dump(record)}
        self.keep(contents)

    def keep(self, contents: Contents) -> None:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            assert isinstance(data, bytes)
            path.write_bytes(data)

    def job(self, task: Task) -> Job:
        return Job(
            task=task, manifest=merged_book(10, 10), files=self.files,
            request=BookRequest(style="like *old*\nwoodcuts"), guide=Guide(), text=self.painter, image=self.painter,
            keep=self.keep, store_reply=lambda path, data: self.keep({path: data}), step=lambda: None,
        )  # fmt: skip

    def merge(self) -> Contents:
        contents = merge(self.job(Task(stage=Stage.MERGE))).contents
        self.keep(contents)
        return contents

    def draw(self, chapter: int) -> list[ImageRequest]:
        """Illustrate a chapter; returns what the painter was asked for it."""
        before = len(self.painter.asked)
        illustrate(self.job(Task(stage=CHAPTER_STAGES[1], chapter=chapter)))
        return self.painter.asked[before:]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A merged book."""
    made = Bench(tmp_path)
    made.merge()
    return made


def test_sheet_tells_looks_with_quotes() -> None:
    """A sheet states looks that a quote shows, first told first, with chapter and page, and no other name or fact."""
    text = sheet_md(ANNA, stem="anna")

    assert "- red cloak — “Anna wore a red cloak.” (chapter 1, page 1)" in text
    assert text.index("red cloak") < text.index("grey eyes")
    assert "Queen in Hiding" not in text
    assert "crown" not in text


def test_a_sheet_says_why_it_is_empty() -> None:
    """Nothing was found, or nobody read the book's language for looks."""
    nobody = replace(ANNA, description="", quotes=())

    assert "None was found." in sheet_md(nobody, stem="anna")
    assert "not read in this language" in sheet_md(nobody, stem="anna", is_read=False)


def test_a_book_read_for_names_only_says_so(tmp_path: Path) -> None:
    """A sheet of a book in a language that is read for names says that looks are not."""
    bench = Bench(tmp_path, elements=(replace(ANNA, description="", quotes=()),))
    for number in (1, 2):
        record = load(bench.files.scenes(number), ScenesRecord)
        bench.keep({bench.files.scenes(number): dump(replace(record, method=WordMethod.NAMES))})

    bench.merge()

    assert "not read in this language" in bench.files.sheet("anna").read_text()


def test_sheet_is_read_back() -> None:
    """What is written into a sheet is read from it again, markup in the book's words included."""
    words = "a *bold* [cap] (chapter 9, page 9)"
    element = replace(
        ANNA, description=words, quotes=(Quote(text=f"She had {words} — “so”", chapter=3, start=0, page=7),)
    )

    looks = parse_looks(sheet_md(element, stem="anna"))

    assert [(look.text, look.quote.text, look.quote.chapter) for look in looks if look.quote] == [
        (words, f"She had {words} — “so”", 3)
    ]


def test_person_may_write_freely() -> None:
    """Bullets of any kind count, with or without a quote, over several lines, up to the next heading."""
    text = "# Anna\n\n## looks\n* a blue cloak\n  with a hood\n+ tall\n-\nno bullet\n\n## Notes\n- secret\n"

    assert parse_looks(text) == (Look(text="a blue cloak with a hood"), Look(text="tall"))


def test_style_is_read_back() -> None:
    """A style guide gives its lines; those without a value say nothing, a person's own count."""
    style = Style(genre="fairy tale", palette="green, gold", evidence=(("witch", 12),))

    text = style_md(style, title="A # Book").replace("- Medium:", "- Medium:\n- No text in the picture")

    assert parse_style(text) == "Genre: fairy tale\nPalette: green, gold\nNo text in the picture"


def test_style_is_guessed_from_words() -> None:
    """Genre, place and palette come from the words of the book, and the guide names those words."""
    style = guess_style([STORY * 9], language="en-GB")

    assert style.genre == ""  # three different words of a genre are the least
    assert guess_style([STORY.replace("castle", "enchanted castle") * 9], language="").genre == "fairy tale"
    assert style.place == "castle"
    assert "red" in style.palette
    assert ("red", 9) in style.evidence


def test_unknown_language_guesses_nothing() -> None:
    """Words of another language are not counted as English ones."""
    assert guess_style([STORY * 9], language="de") == Style()


def test_main_characters_only() -> None:
    """Sheets are for the weightiest characters and creatures, not for places and things."""
    crowd = [replace(ANNA, name=f"Anna {number}") for number in range(30)]
    tower = replace(ANNA, type=ElementType.PLACE, name="Tower")

    chosen = main_elements([*crowd, tower])

    assert [element.name for element in chosen] == [f"Anna {number}" for number in range(12)]


def test_looks_without_quote_are_left_out() -> None:
    """What no quote shows is no look of the sheet."""
    assert [look.text for look in looks_of(ANNA)] == ["red cloak", "grey eyes"]


def test_merge_writes_sheets(bench: Bench) -> None:
    """Merging leaves a style guide and a sheet, and twice gives the same bytes."""
    first = bench.merge()

    assert bench.files.style.is_file()
    assert bench.files.sheet("anna").is_file()
    assert bench.merge() == first


def test_edits_are_kept(bench: Bench) -> None:
    """A file that a person changed is never written again, whatever the book says later; others follow the book."""
    bench.files.sheet("anna").write_text("# Anna\n\n## Looks\n\n- a blue cloak\n")

    contents = bench.merge()

    assert bench.files.sheet("anna") not in contents
    assert bench.files.style in contents
    assert "blue" in bench.files.sheet("anna").read_text()


def test_edit_back_is_ours_again(bench: Bench) -> None:
    """A text that we once wrote is ours, also after another of ours was written in between."""
    old = bench.files.sheet("anna").read_bytes()
    bench.keep({bench.files.scenes(1): dump(ScenesRecord(chapter=1, method="", scenes=(), elements=()))})
    bench.keep({bench.files.scenes(2): bench.files.scenes(2).read_bytes().replace(b"grey eyes;", b"")})
    bench.merge()
    bench.keep({bench.files.sheet("anna"): old})

    contents = bench.merge()

    assert bench.files.sheet("anna") in contents


def test_crash_between_files_keeps_them_ours(bench: Bench, tmp_path: Path) -> None:
    """When only the first files of a merge reach the disk, the next one does not take ours for a person's."""
    fresh = Bench(tmp_path / "other")
    contents = list(merge(fresh.job(Task(stage=Stage.MERGE))).contents.items())
    fresh.keep(dict(contents[:2]))

    again = fresh.merge()

    assert list(again) == [path for path, _ in contents]


def test_deleted_sheet_comes_back(bench: Bench) -> None:
    """A deleted file is written anew by the next merge."""
    bench.files.sheet("anna").unlink()

    bench.merge()

    assert bench.files.sheet("anna").is_file()


def test_untouched_book_is_not_drawn_again(bench: Bench) -> None:
    """Drawing a chapter twice, and drawing it when images of others have come, asks nothing new."""
    bench.draw(1)
    bench.draw(2)

    assert bench.draw(1) == []
    assert bench.draw(2) == []


def test_edited_looks_win(bench: Bench) -> None:
    """An edited sheet replaces what the book says of somebody, and the chapter is drawn again with it."""
    bench.draw(1)
    bench.files.sheet("anna").write_text("# Anna\n\n## Looks\n\n- a blue cloak\n- barefoot\n")

    request = bench.draw(1)[0]

    assert request.elements[0].description == "a blue cloak; barefoot"
    assert request.elements[0].quotes == ()


def test_edited_style_redraws(bench: Bench) -> None:
    """A changed style guide is part of the request."""
    bench.draw(1)
    bench.files.style.write_text("## Style\n\n- Palette: sepia\n")

    request = bench.draw(1)[0]

    assert request.style == "Palette: sepia"


def test_wish_is_first_in_style(bench: Bench) -> None:
    """What a person asked for with the book stands first in the style guide and in every request."""
    request = bench.draw(1)[0]

    assert request.style.splitlines()[0] == "Wish: like *old* woodcuts"


def test_own_image_is_reference(bench: Bench) -> None:
    """Our first image that shows a character alone is a reference for later scenes, and not for itself."""
    first, second = bench.draw(1)[0], bench.draw(2)[0]

    assert first.references == ()
    assert [reference.path for reference in second.references] == [str(bench.files.image(1, 1))]


def test_declined_plate_is_no_reference(bench: Bench) -> None:
    """A plate with a quote on it shows nobody: the next scene is not drawn after it."""
    bench.painter.declined = "too sad"
    bench.draw(1)

    (request,) = bench.draw(2)

    assert request.references == ()


def test_record_tells_model_prompt_and_cost(bench: Bench) -> None:
    """Each image's record has what it was made with and what it cost."""
    bench.draw(1)
    record = load(bench.files.illustration(1, 1), IllustrationRecord)

    assert (record.method, record.cost_usd) == ("painted", 0.04)


def test_scene_that_cannot_be_drawn_fails_its_chapter(bench: Bench) -> None:
    """A request that the endpoint will not take is no picture that was declined: nothing is recorded as drawn."""
    bench.painter.refuses = True
    with pytest.raises(Rejected, match="1 of 1 scenes could not be drawn: the endpoint refused: no such model"):
        bench.draw(1)
    bench.painter.refuses = False

    assert len(bench.draw(1)) == 1


def test_placed_picture_wins(bench: Bench) -> None:
    """A picture that a person put beside the sheet goes before ours, and another picture is drawn after anew."""
    bench.draw(1)
    bench.draw(2)
    bench.files.portraits("anna")[0].write_bytes(b"\xff\xd8\xff first")
    first = bench.draw(2)[0]
    bench.files.portraits("anna")[0].write_bytes(b"\xff\xd8\xff second")
    second = bench.draw(2)[0]

    assert first.references[0].path == str(bench.files.portraits("anna")[0])
    assert first.references[0].sha256 != second.references[0].sha256


def test_placed_file_must_be_picture(bench: Bench) -> None:
    """A file that only calls itself a picture is refused by name."""
    bench.files.portraits("anna")[0].write_bytes(b"GIF89a")

    with pytest.raises(Rejected, match=r"anna\.jpg is not a JPEG or PNG"):
        bench.draw(1)


def test_long_sheet_is_refused(bench: Bench) -> None:
    """A sheet of unreasonable length is refused by name instead of being sent."""
    bench.files.sheet("anna").write_text("- x\n" * 40_000)

    with pytest.raises(Rejected, match=r"anna\.md is longer"):
        bench.draw(1)


def test_sheet_made_by_hand_counts(bench: Bench) -> None:
    """A sheet for somebody who got none may be made by hand."""
    lamp = Element(type=ElementType.ITEM, name="Anna's Lamp", description="small")
    record = ElementsRecord(elements=(replace(lamp, aliases=("Anna",)),))
    bench.keep({bench.files.elements: dump(record), bench.files.sheet("anna-s-lamp"): b"## Looks\n- brass\n"})

    request = bench.draw(1)[0]

    assert request.elements[0].description == "brass"


def test_hostile_names_stay_in_folder() -> None:
    """Whatever an element is called, its file name is plain, its own, and short."""
    stems = stems_of(HOSTILE, known={})

    assert len(set(stems.values())) == len(set(HOSTILE))
    assert all(stem and set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for stem in stems.values())
    assert max(map(len, stems.values())) <= 70


def test_file_names_stay() -> None:
    """Who has a file keeps it, however the order changes."""
    before = stems_of(["Anna", "ANNA"], known={})

    after = stems_of(["ANNA", "anna", "Anna"], known=before)

    assert after == {**before, "anna": "anna-3"}


def test_hostile_names_are_written(tmp_path: Path) -> None:
    """Sheets of characters with hostile names are written below the elements folder and read back."""
    elements = [replace(ANNA, name=name, aliases=()) for name in HOSTILE if name.split()]
    bench = Bench(tmp_path / "book", elements=elements)

    contents = bench.merge()

    sheets = [path for path in contents if path.suffix == ".md" and path != bench.files.style]
    assert sheets
    assert {path.resolve().parent for path in sheets} == {(tmp_path / "book" / "elements").resolve()}
    assert all(len(parse_looks(path.read_text())) == 2 for path in sheets)
    assert len(load(bench.files.elements, ElementsRecord).elements) >= len(sheets)


def test_edits_outlive_retry_and_restart(tmp_path: Path) -> None:
    """An edited sheet is the same after a retry and a restart, and the retried chapters are drawn after it."""
    place = prepare(tmp_path / "life", book=make_epub(tmp_path / "book.epub", chapters=2, paragraphs=1))
    live(place)
    library = Library(place.library, clock=SystemClock())
    book = library.books()[0]
    files = library.files(book)
    before = load(files.illustration(1, 1), IllustrationRecord).asked
    files.sheet("anna").write_text("## Looks\n\n- a blue cloak\n")
    library.update(book, partial(retry, chapters=[1, 2]))

    take_up(place)

    assert files.sheet("anna").read_text() == "## Looks\n\n- a blue cloak\n"
    assert phase(library.read(book)) is Phase.DONE
    assert load(files.illustration(1, 1), IllustrationRecord).asked != before

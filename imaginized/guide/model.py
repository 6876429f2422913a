"""What the writers of the guide are given: one record of a finished or half-finished book. Pure records.

Paths in these records are relative to the book's folder, with `/`, as they are linked from the guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from imaginized.story.earlier import Cast
from imaginized.story.elements import Element, ElementType, Scene
from imaginized.story.text import Skipped

GROUP_TITLES = {
    ElementType.CHARACTER: "Characters",
    ElementType.CREATURE: "Creatures",
    ElementType.PLACE: "Places",
    ElementType.ITEM: "Items",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A scene and what was drawn for it.

    Attributes:
        scene: The moment, with its quote.
        image: Relative path such as "images/chapter_1_scene_2.jpg"; None while there is none.
        alt: What can be seen, for those who cannot see it; empty where nobody said.
        method: How it was drawn ("storyboard plate" or a model's name); empty while there is no image.
        by_model: Whether a model drew it, and `method` is its name.
        declined: Why the provider would not draw it; empty otherwise.
        differs: What the whole book says beside or against a picture that was drawn before all of it was read; empty
            for nothing.
    """

    scene: Scene
    image: str | None = None
    alt: str = ""
    method: str = ""
    by_model: bool = True
    declined: str = ""
    differs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Initial:
    """What the first letter of a chapter is set on.

    Attributes:
        image: Relative path of the drawn ground.
        ground: Its colour as "#rrggbb", for where the picture is not shown.
        letter: That of the letter.
    """

    image: str
    ground: str
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vignette:
    """A small drawing at the end of a chapter.

    Attributes:
        image: Its relative path.
        alt: What can be seen in it.
    """

    image: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideChapter:
    """One story chapter of the guide, whether it is done or not.

    Attributes:
        number: Story chapter, from 1.
        title: As printed.
        path: Titles of the parts above it, outermost first.
        words: How many words it has.
        page: Where it begins; 0 where nobody counted.
        illustrations: Its scenes in reading order; empty when none was picked (yet).
        problem: Why it is missing or incomplete, for a person; empty when fine.
        method: How its scenes were picked ("word-based" or a model's name).
        by_model: Whether a model picked them, and `method` is its name.
        pending: Whether work on it is still to come.
        invented: How many scenes were dropped because their quote is not in the chapter.
        is_narrow: Whether all its scenes come from one quarter of it, though enough are wanted to be spread.
        recap: Sentences of its author that tell it, verbatim, in reading order.
        vignette: A small drawing at its end.
    """

    number: int
    title: str
    path: tuple[str, ...] = ()
    words: int = 0
    page: int = 0
    illustrations: tuple[Illustration, ...] = ()
    problem: str = ""
    method: str = ""
    by_model: bool = True
    pending: bool = False
    invented: int = 0
    is_narrow: bool = False
    recap: tuple[str, ...] = ()
    vignette: Vignette | None = None

    @property
    def heading(self) -> str:
        """Its title; a numeral alone gets the titles of its parts in front, so that it can be told from the others."""
        return " · ".join((*self.path, self.title or f"Chapter {self.number}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """When a reader comes to know what of an element.

    Attributes:
        names: Each of its names with the chapter from which on it may be told; the one to use goes first.
        counts: How often it is named, by chapter.
        looks: What can be seen of it, each with the chapter that tells it.
        near: How often it stands in a sentence with another element, by that one's place and by chapter.
        face: Relative path of a portrait as of the first chapter it is in; "" for none.
    """

    names: Mapping[str, int]
    counts: Mapping[int, int] = field(default_factory=dict)
    looks: tuple[tuple[str, int], ...] = ()
    near: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    face: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file for other programs that was wanted.

    Attributes:
        path: Where it lies below the book's folder; "" where it could not be made.
        format: As in `guide.formats`.
        about: What it is, in a few words.
        remarks: What its reader should know, or why there is none.
    """

    path: str
    format: str
    about: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Everything the guide of one book says.

    Attributes:
        language: BCP 47 tag, or "" where the book gives none.
        series: That the book is a part of; "" for none.
        series_index: Its number there, as written; "" for none.
        pages: Of the whole story; 0 where nobody counted.
        words: Of the whole story; 0 where nobody counted.
        cover: Relative path of the cover image, or None.
        chapters: Every story chapter in reading order, also those that are missing.
        elements: Merged over the book, the most important of a type first.
        known: What of each element is known from which chapter on, in their order; empty where nobody looked.
        skipped: Parts of the book that are no story, with the reason.
        text_method: How scenes and elements were picked ("word-based" or a model's name).
        text_by_model: Whether a model picked them, and `text_method` is its name.
        image_method: How plates were drawn ("storyboard plate" or a model's name); empty when none was wanted.
        image_by_model: Whether a model drew them, and `image_method` is its name.
        source: Relative path of the untouched original.
        original_name: What the file was called when it was dropped.
        warnings: What was odd about the file.
        formats: Which are written, as in `guide.formats`.
        exports: What became of the files for other programs.
        sheets: Path of the sheet of an element, by its name; for those that have one.
        earlier: What earlier volumes of the series tell of an element, by its name.
        edition_of: Id and title of the book that this is a later edition of; None for none.
        initials: Grounds for the first letters of chapters, which take turns; empty for plain letters.
    """

    title: str
    authors: tuple[str, ...] = ()
    publisher: str = ""
    language: str = ""
    series: str = ""
    series_index: str = ""
    book_id: str = ""
    pages: int = 0
    words: int = 0
    cover: str | None = None
    chapters: tuple[GuideChapter, ...] = ()
    elements: tuple[Element, ...] = ()
    known: tuple[Known, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    text_method: str = ""
    text_by_model: bool = True
    image_method: str = ""
    image_by_model: bool = True
    source: str = "source.epub"
    original_name: str = ""
    warnings: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("markdown", "html")
    exports: tuple[Exported, ...] = ()
    sheets: Mapping[str, str] = field(default_factory=dict)
    earlier: Cast = field(default_factory=dict)
    edition_of: tuple[str, str] | None = None
    initials: tuple[Initial, ...] = ()

    @property
    def illustrations(self) -> Iterator[Illustration]:
        """Every scene of every chapter, in reading order."""
        return (illustration for chapter in self.chapters for illustration in chapter.illustrations)

    @property
    def scene_count(self) -> int:
        """How many scenes were picked."""
        return sum(len(chapter.illustrations) for chapter in self.chapters)

    @property
    def plate_count(self) -> int:
        """How many scenes have an image."""
        return sum(1 for illustration in self.illustrations if illustration.image)

    @property
    def incomplete(self) -> tuple[GuideChapter, ...]:
        """The chapters that are missing, failed or still to come."""
        return tuple(chapter for chapter in self.chapters if chapter.problem or chapter.pending)

    def elements_of(self, element_type: ElementType) -> tuple[Element, ...]:
        """The elements of one type, in the order they were given."""
        return tuple(element for element in self.elements if element.type == element_type)


class Level(StrEnum):
    """How a line of the progress log is meant."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEntry:
    """One line of the progress log.

    Attributes:
        at: Aware UTC moment.
        message: For a person; one sentence.
    """

    at: datetime
    level: Level = Level.INFO
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a book is.

    Attributes:
        started: Aware UTC moment of its admission; None where nobody knows.
        phase: The book's phase in a word or two; empty to leave the line out.
        chapters_total: 0 while the book is not split yet.
        completed: Chapters that are done.
        failed: Chapters that were given up.
        entries: The log, oldest first.
    """

    title: str
    started: datetime | None = None
    phase: str = ""
    chapters_total: int = 0
    completed: int = 0
    failed: int = 0
    entries: tuple[ProgressEntry, ...] = ()

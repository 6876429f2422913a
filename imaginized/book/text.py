"""The text of a book once it is split: paragraphs, chapters, what was skipped and why. Pure records."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

WORDS_PER_PAGE = 300
PARAGRAPH_BREAK = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph as a reader sees it: white space folded, no markup.

    Attributes:
        text: Its words; verse keeps its line breaks as single newlines.
        file: Name of the file inside the book it came from.
        position: Ordinal of the block element within that file, from 0, so that a picture can be placed after it.
        page: Printed page, where the book knows one (PDF); else None.
        starts_scene: Whether the author put a scene break (a rule, asterisks, a blank) before it.
    """

    text: str
    file: str = ""
    position: int = 0
    page: int | None = None
    starts_scene: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterText:
    """One story chapter with its paragraphs.

    Attributes:
        number: Story chapter, from 1, as users mean it.
        title: As printed, with its number if the title has one ("I: The Cyclone").
        path: Titles of the parts above it, outermost first; empty for most books.
        paragraphs: In reading order, headings left out.
        words_before: Words of the story chapters before this one; page numbers come from it.
    """

    number: int
    title: str
    path: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...]
    words_before: int = 0

    @property
    def text(self) -> str:
        """The whole chapter; paragraphs are joined by a blank line. Scene offsets count in this string."""
        return PARAGRAPH_BREAK.join(paragraph.text for paragraph in self.paragraphs)

    @property
    def words(self) -> int:
        """How many words it has, split at white space."""
        return sum(len(paragraph.text.split()) for paragraph in self.paragraphs)

    def paragraph_at(self, offset: int) -> int:
        """The index of the paragraph that holds character `offset` of `text`."""
        lengths = (len(paragraph.text) + len(PARAGRAPH_BREAK) for paragraph in self.paragraphs)
        starts = [0, *accumulate(lengths)][: len(self.paragraphs)]
        return max(bisect_right(starts, offset) - 1, 0)

    def page_at(self, offset: int) -> int:
        """The page of character `offset`: the printed one if known, else 300 words a page through the story."""
        printed = self.paragraphs[self.paragraph_at(offset)].page if self.paragraphs else None
        if printed is not None:
            return printed
        return 1 + (self.words_before + len(self.text[:offset].split())) // WORDS_PER_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A part of the book that is no story chapter, and why it was left out."""

    title: str
    reason: str
    words: int
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookText:
    """A whole book, split.

    Attributes:
        title: Never empty; "Untitled (file name)" where the book gives none.
        sort_title: For shelves: "Wonderful Wizard of Oz, The".
        language: BCP 47 tag, or "" where the book gives none.
        reader: Which way it was read ("ebooklib", "recovery", "pdf").
        cover: Name and bytes of the cover image, or None.
        warnings: What was odd about the file, for `status` and `book.json`.
    """

    title: str
    sort_title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    series: str = ""
    series_index: str = ""
    reader: str = ""
    chapters: tuple[ChapterText, ...]
    skipped: tuple[Skipped, ...] = ()
    cover: tuple[str, bytes] | None = None
    warnings: tuple[str, ...] = field(default=())

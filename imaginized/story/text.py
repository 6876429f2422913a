"""The text of a book once it is split: paragraphs, chapters, what was skipped and why. Pure records."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from imaginized.reasons import Code

WORDS_PER_PAGE = 300
PARAGRAPH_BREAK = "\n\n"
DOUBTFUL_BELOW = 0.5

_WIDE = "\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"  # kana, Han, and their marks
_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # and Lao, Burmese, Khmer: signs above and below letters, too
_UNSPACED = re.compile(f"[{_WIDE}{_THAI}]")
# UTF-8 begins those with one of these bytes: to look for them costs a third of what the pattern does.
_LEADS = bytes((0xE0, 0xE1, *range(0xE3, 0xEA), 0xEF, 0xF0))
_NO_LEADS = bytes(set(range(256)) - set(_LEADS))
_MARKS = "“”‘’…—·"  # shared with other scripts; between Han characters they are no words
_WORD = re.compile(rf"[{_MARKS}]*[{_WIDE}]{{1,2}}[{_MARKS}]*|[{_THAI}]{{1,5}}|[^\s{_WIDE}{_THAI}]+")


def count_words(text: str) -> int:
    """How many words a text has, split at white space.

    Scripts that put no spaces between words count by length: two characters of Chinese or Japanese, or five of Thai,
    Lao, Burmese or Khmer, are about one word.
    """
    return len(_WORD.findall(text)) if is_unspaced(text) else len(text.split())


def is_unspaced(text: str) -> bool:
    """Whether any of it is in a script without spaces between words."""
    if text.isascii() or not text.encode("utf-8", "replace").translate(None, _NO_LEADS):
        return False
    return _UNSPACED.search(text) is not None


def leads_unspaced(data: bytes) -> bool:
    """Whether some bytes of UTF-8 may hold such a script; what does not is none, and asked in one go."""
    return any(lead in data for lead in _LEADS)


@dataclass(slots=True)  # not frozen: a book has thousands, and making a frozen one takes twice as long
class Paragraph:
    """One paragraph as a reader sees it: white space folded, no markup. Never changed once it is made.

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
        fragment: Identifier in its first file that the contents point to; "" for the file's beginning.
        paragraphs: In reading order, headings left out.
        words_before: Words of the story chapters before this one; page numbers come from it.
        order: Its place among all pieces of the book, chapters and skipped ones together, from 0.
    """

    number: int
    title: str
    path: tuple[str, ...] = ()
    fragment: str = ""
    paragraphs: tuple[Paragraph, ...]
    words_before: int = 0
    order: int = 0

    @property
    def text(self) -> str:
        """The whole chapter; paragraphs are joined by a blank line. Scene offsets count in this string."""
        return PARAGRAPH_BREAK.join(paragraph.text for paragraph in self.paragraphs)

    @property
    def words(self) -> int:
        """How many words it has, as `count_words` counts."""
        return sum(count_words(paragraph.text) for paragraph in self.paragraphs)

    def paragraph_at(self, offset: int) -> int:
        """The index of the paragraph that holds character `offset` of `text`."""
        return max(bisect_right(self._starts(), offset) - 1, 0)

    def page_at(self, offset: int) -> int:
        """The page of character `offset`: the printed one if known, else 300 words a page through the story.

        For more than a few offsets ask `pages()`, which goes over the text once.
        """
        printed = self.paragraphs[self.paragraph_at(offset)].page if self.paragraphs else None
        if printed is not None:
            return printed
        return 1 + (self.words_before + count_words(self.text[:offset])) // WORDS_PER_PAGE

    def pages(self) -> "PageIndex":
        """The pages of the whole chapter; its `page_at` answers as ours does, by bisection."""
        pages = tuple(self._find_pages())
        return PageIndex(starts=tuple(start for start, _ in pages), numbers=tuple(number for _, number in pages))

    def _starts(self) -> list[int]:
        lengths = (len(paragraph.text) + len(PARAGRAPH_BREAK) for paragraph in self.paragraphs)
        return [0, *accumulate(lengths)][: len(self.paragraphs)]

    def _find_pages(self) -> Iterator[tuple[int, int]]:
        """From which offset on which page number holds; one place or more for each paragraph."""
        words = self.words_before
        if not self.paragraphs:
            yield 0, 1 + words // WORDS_PER_PAGE
        for start, paragraph in zip(self._starts(), self.paragraphs, strict=True):
            before, words = words, words + count_words(paragraph.text)
            yield start, 1 + before // WORDS_PER_PAGE if paragraph.page is None else paragraph.page
            if paragraph.page is None and words // WORDS_PER_PAGE > before // WORDS_PER_PAGE:
                for at, word in enumerate(_WORD.finditer(paragraph.text), start=before + 1):
                    if at % WORDS_PER_PAGE == 0:
                        yield start + word.start() + 1, 1 + at // WORDS_PER_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIndex:
    """Where in a chapter's text pages begin.

    Attributes:
        starts: Offsets in `ChapterText.text`, ascending, the first 0.
        numbers: The page from each of them on.
    """

    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def page_at(self, offset: int) -> int:
        """The page of character `offset`."""
        return self.numbers[max(bisect_right(self.starts, offset) - 1, 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A part of the book that is no story chapter, or a chapter that was not asked for.

    Attributes:
        reason: Why it was left out.
        number: Of the story chapter that was not asked for; None for what is none.
        order: Its place among all pieces of the book, chapters and skipped ones together, from 0.
        paragraphs: Its text, so that it can be taken back; empty in `data/book.json` and where nobody kept it.
    """

    title: str
    reason: str
    words: int
    file: str = ""
    number: int | None = None
    order: int = 0
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def code(self) -> Code | None:
        """Why, for programs; None for what is no story."""
        return None if self.number is None else Code.NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to divide a book, and how well it fits.

    Attributes:
        name: "contents", "typed sections", "headings", "numbers", "capitals", "documents".
        places: How many chapters it would give.
        score: From 0 to 1, for comparing with the other ways of the same book only.
    """

    name: str
    places: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """How a book was divided into chapters.

    Attributes:
        way: Name of the way that was taken.
        confidence: From 0 (a guess) to 1 (everything agrees).
        reason: Facts, for a person: "contents name 5 places, headings 12; took headings".
        ways: All that were tried, the best first.
    """

    way: str
    confidence: float
    reason: str
    ways: tuple[Way, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at the chapters."""
        return self.confidence < DOUBTFUL_BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class BookText:
    """A whole book, split.

    Attributes:
        title: Never empty; "Untitled (file name)" where the book gives none.
        sort_title: For shelves: "Wonderful Wizard of Oz, The".
        language: BCP 47 tag, or "" where the book gives none.
        reader: Which way it was read, as in `reading.formats`: "ebooklib", "recovery", "pdf" …
        cover: Name and bytes of the cover image, or None.
        warnings: What was odd about the file, for `status` and `book.json`.
        division: How it was divided into chapters; None where nobody said.
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
    division: Division | None = None

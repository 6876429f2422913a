"""Where everything of a book is, by place in its text: `data/timeline.json`, for e-readers and other programs. Pure.

A place never changes while the chapters stay, so what an earlier timeline knew is not looked for again: a chapter that
is reported costs the reading of that chapter, however long the book is.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from imaginized.guide.excerpts import beginning, marked, sentence_at
from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.story.elements import Element, ElementType, Quote, is_present
from imaginized.story.text import PARAGRAPH_BREAK, ChapterText, count_words, is_unspaced

LONGEST_CAPTION = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A character of the story.

    Attributes:
        chapter: Story chapter, from 1.
        paragraph: Its index in `data/chapters/NNN.json`, from 0.
        offset: The character's in the chapter's paragraphs joined by a blank line, in Unicode code points, from 0.
        words: How many words of the story chapters come before it.
    """

    chapter: int
    paragraph: int
    offset: int
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChapter:
    """A story chapter.

    Attributes:
        words_before: Words of the story chapters before it.
        page: Where it begins; 0 where nobody counted.
    """

    number: int
    title: str
    path: tuple[str, ...]
    words: int
    words_before: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPicture:
    """A scene with its picture.

    Attributes:
        start: The first character of its passage.
        end: The last one: a picture that is shown earlier shows what is not read yet.
        quote: The passage, verbatim.
        caption: Its beginning, whole sentences if it can be; else it ends in " …".
        alt: What can be seen; a description of the scene where nobody said.
        image: Path below the book's folder; None where there is no picture.
        elements: Names of the book's elements that stand in it.
    """

    chapter: int
    scene: int
    start: Place
    end: Place
    quote: str
    caption: str
    alt: str
    image: str | None
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldName:
    """A name of somebody or something.

    Attributes:
        place: Where it stands first, in the chapters that it was found in; None where it stands in none to the letter.
        sentence: The one it stands in there, verbatim; "" where it stands in none.
        beside: Which other names of the same one stand in that chapter, too.
    """

    name: str
    place: Place | None
    sentence: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldQuote:
    """A passage about somebody or something, verbatim."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLook:
    """Something that can be seen of it, in the author's words; it holds from its place on.

    Attributes:
        is_lasting: Whether it holds for the rest of the book; else for its chapter only.
    """

    text: str
    place: Place
    is_lasting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldElement:
    """A person, creature, place or thing.

    Attributes:
        names: What it is called, by first appearance; the name that the guide calls it is `name`.
        first: Its first appearance: the earliest place of a name or quote; None where nothing of it has a place.
        chapters: The story chapters it was found in.
        quotes: In reading order.
        looks: In reading order.
    """

    type: ElementType
    name: str
    names: tuple[ToldName, ...]
    first: Place | None
    chapters: tuple[int, ...]
    mentions: int
    quotes: tuple[ToldQuote, ...]
    looks: tuple[ToldLook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """`data/timeline.json`.

    Attributes:
        of: When the division ended that its places count in; another one moves them all.
        words: Of all story chapters.
        pages: Of the whole story; 0 where nobody counted.
    """

    schema: str = "imaginized.timeline/1"
    of: str
    book: str
    title: str
    authors: tuple[str, ...]
    language: str
    words: int
    pages: int
    chapters: tuple[ToldChapter, ...]
    pictures: tuple[ToldPicture, ...]
    elements: tuple[ToldElement, ...]


def timeline_of(
    guide: Guide, *, of: str, text: Callable[[int], ChapterText | None], before: Timeline | None = None
) -> Timeline:
    """The timeline of a book.

    Args:
        guide: What the guide says.
        of: When its chapters were divided.
        text: A chapter's text by its number; None where it is not there.
        before: The last one; its places are taken over where it is of the same division.
    """
    finder = _Finder(text=text, before=before if before is not None and of and before.of == of else None)
    chapters = tuple(_chapters(guide.chapters))
    return Timeline(
        of=of,
        book=guide.book_id,
        title=guide.title,
        authors=guide.authors,
        language=guide.language,
        words=sum(chapter.words for chapter in chapters),
        pages=guide.pages,
        chapters=chapters,
        pictures=tuple(_picture(each, guide=guide, finder=finder) for each in guide.illustrations),
        elements=tuple(_element(each, finder=finder) for each in guide.elements),
    )


def _chapters(chapters: Iterable[GuideChapter]) -> Iterator[ToldChapter]:
    words = 0
    for chapter in chapters:
        yield ToldChapter(
            number=chapter.number,
            title=chapter.title,
            path=chapter.path,
            words=chapter.words,
            words_before=words,
            page=chapter.page,
        )
        words += chapter.words


def _picture(illustration: Illustration, *, guide: Guide, finder: "_Finder") -> ToldPicture:
    scene = illustration.scene
    quote = scene.quote
    said, is_cut = beginning(quote.text, LONGEST_CAPTION)
    return ToldPicture(
        chapter=scene.chapter,
        scene=scene.number,
        start=finder.place(quote.chapter, quote.start),
        end=finder.place(quote.chapter, quote.start + max(len(quote.text) - 1, 0)),
        quote=quote.text,
        caption=f"{said} …" if is_cut else marked(said),
        alt=illustration.alt or scene.description or f"Picture of scene {scene.chapter}.{scene.number}",
        image=illustration.image,
        elements=tuple(each.name for each in guide.elements if is_present(each, scene=scene)),
    )


def _element(element: Element, *, finder: "_Finder") -> ToldElement:
    quotes = tuple(_quote(quote, finder=finder) for quote in element.quotes)
    looks = tuple(
        ToldLook(text=look.text, place=finder.place(look.quote.chapter, look.quote.start), is_lasting=look.is_lasting)
        for look in element.looks
        if look.quote is not None
    )
    names = finder.names(element)
    places = [name.place for name in names if name.place]
    places += [quote.place for quote in quotes] + [look.place for look in looks]
    return ToldElement(
        type=element.type,
        name=element.name,
        names=names,
        first=min(places, key=_order, default=None),
        chapters=element.chapters,
        mentions=element.mentions,
        quotes=tuple(sorted(quotes, key=lambda each: _order(each.place))),
        looks=tuple(sorted(looks, key=lambda each: _order(each.place))),
    )


def _quote(quote: Quote, *, finder: "_Finder") -> ToldQuote:
    return ToldQuote(place=finder.place(quote.chapter, quote.start), text=quote.text)


def _order(place: Place) -> tuple[int, int]:
    return place.chapter, place.offset


@dataclass(frozen=True)
class _Ruler:
    """A chapter's text with what comes before each of its paragraphs, counted once."""

    text: ChapterText

    @cached_property
    def whole(self) -> str:
        return self.text.text

    @cached_property
    def starts(self) -> list[int]:
        lengths = (len(paragraph.text) + len(PARAGRAPH_BREAK) for paragraph in self.text.paragraphs)
        return [0, *accumulate(lengths)]

    @cached_property
    def words(self) -> list[int]:
        counts = (count_words(paragraph.text) for paragraph in self.text.paragraphs)
        return list(accumulate(counts, initial=self.text.words_before))

    def place(self, offset: int) -> Place:
        last = len(self.text.paragraphs) - 1
        index = min(max(bisect_right(self.starts, offset) - 1, 0), max(last, 0))
        inside = self.text.paragraphs[index].text[: max(offset - self.starts[index], 0)] if last >= 0 else ""
        words = self.words[index] + count_words(inside)
        return Place(chapter=self.text.number, paragraph=index, offset=offset, words=words)

    def sentence(self, place: Place) -> str:
        begin = self.starts[place.paragraph]
        paragraph = self.text.paragraphs[place.paragraph].text
        start, end = sentence_at(paragraph, place.offset - begin)
        return paragraph[start:end]


class _Finder:
    """Places of a book; a chapter is read when one of its places is asked for that nobody knows yet."""

    def __init__(self, *, text: Callable[[int], ChapterText | None], before: Timeline | None) -> None:
        self._text, self._rulers = text, dict[int, _Ruler | None]()
        self._known = {(place.chapter, place.offset): place for place in _places(before)} if before else {}
        self._named = {(each.type, each.name): each for each in before.elements} if before else {}

    def place(self, chapter: int, offset: int) -> Place:
        known = self._known.get((chapter, offset))
        if known is not None:
            return known
        ruler = self._ruler(chapter)
        return ruler.place(offset) if ruler else Place(chapter=chapter, paragraph=0, offset=offset, words=0)

    def names(self, element: Element) -> tuple[ToldName, ...]:
        """Its names by first appearance; those that stand nowhere to the letter come last."""
        wanted = tuple(name for name in dict.fromkeys((element.name, *element.aliases)) if name.strip())
        before = self._named.get((element.type, element.name))
        known = {}
        if before is not None and {each.name for each in before.names} == set(wanted):
            known = {each.name: each for each in before.names if _holds_still(each, before.chapters, element.chapters)}
        named = [known.get(name) or self._name(name, others=wanted, chapters=element.chapters) for name in wanted]
        return tuple(sorted(named, key=lambda each: (each.place is None, _order(each.place) if each.place else (0, 0))))

    def _name(self, name: str, *, others: tuple[str, ...], chapters: tuple[int, ...]) -> ToldName:
        pattern, first = _pattern(name), name.split()[0]
        for number in chapters:
            ruler = self._ruler(number)
            # A substring first: most chapters have none, and that is told ten times as fast.
            found = pattern.search(ruler.whole) if ruler and first in ruler.whole else None
            if ruler and found:
                place = ruler.place(found.start())
                beside = tuple(other for other in others if other != name and _pattern(other).search(ruler.whole))
                return ToldName(name=name, place=place, sentence=ruler.sentence(place), beside=beside)
        return ToldName(name=name, place=None)

    def _ruler(self, chapter: int) -> _Ruler | None:
        if chapter not in self._rulers:
            text = self._text(chapter)
            self._rulers[chapter] = _Ruler(text) if text else None
        return self._rulers[chapter]


def _holds_still(name: ToldName, before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether a name has its first place still, where it is found in other chapters now."""
    if name.place is None:
        return before == now
    last = name.place.chapter
    return [each for each in before if each <= last] == [each for each in now if each <= last]


def _pattern(name: str) -> re.Pattern[str]:
    """A name as a whole word, whatever white space is within it; scripts without spaces have no whole words."""
    spelled = r"\s+".join(map(re.escape, name.split())) or r"(?!)"
    return re.compile(spelled if is_unspaced(name) else rf"(?<!\w){spelled}(?!\w)")


def _places(timeline: Timeline) -> Iterator[Place]:
    for picture in timeline.pictures:
        yield from (picture.start, picture.end)
    for element in timeline.elements:
        yield from (quote.place for quote in element.quotes)
        yield from (look.place for look in element.looks)

"""Which chapters and which cards are on which page of the guide, and how they link to each other. Pure.

A book of few chapters is one page, `index.html`. A larger one has its chapters and its cast on pages of their own, so
that none grows too large to open or to walk through with a keyboard. Each page has a twin that hides nothing, for
readers who have said that they have read the book, or who have no JavaScript: `all.html`, `pages/all-….html`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from imaginized.guide.model import Guide, GuideChapter

INDEX, ALL = "index.html", "all.html"
FOLDER = "pages"
# What a keyboard has to walk through on one page: about 8 stops a scene, 3 a chapter, 2 a card.
_MOST_STOPS = 110
_MOST_CARDS = 40
_CHUNK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Neighbouring chapters below the same part titles; the name is empty where a book has no parts."""

    name: str
    chapters: tuple[GuideChapter, ...]

    @property
    def first(self) -> int:
        """The number of its first chapter."""
        return self.chapters[0].number

    @property
    def last(self) -> int:
        """The number of its last chapter."""
        return self.chapters[-1].number


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where everything of a guide is.

    Attributes:
        chapters: The page of each chapter, by number.
        cards: The page of each element, by its place in the guide.
        parts: The contents.
    """

    chapters: dict[int, str]
    cards: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def chapter_pages(self) -> tuple[str, ...]:
        """Pages that hold chapters only, in reading order."""
        return tuple(page for page in dict.fromkeys(self.chapters.values()) if page != INDEX)

    @property
    def card_pages(self) -> tuple[str, ...]:
        """Pages that hold cards only."""
        return tuple(page for page in dict.fromkeys(self.cards) if page != INDEX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses as one page needs them.

    Attributes:
        here: The page, without regard to whether it hides anything.
        shows_all: Whether it is the twin that hides nothing.
    """

    plan: Plan
    here: str
    shows_all: bool

    @property
    def root(self) -> str:
        """What leads to the book's folder: "" or "../"."""
        return "../" * self.here.count("/")

    def to(self, page: str, anchor: str = "", *, shows_all: bool | None = None) -> str:
        """A place on a page; of the same kind as this one if nothing else is said."""
        wants_all = self.shows_all if shows_all is None else shows_all
        fragment = f"#{anchor}" if anchor else ""
        if page == self.here and wants_all == self.shows_all:
            return fragment or "#top"
        return f"{self.root}{twin(page) if wants_all else page}{fragment}"

    def chapter(self, number: int, *, shows_all: bool | None = None) -> str:
        """A chapter."""
        return self.to(self.plan.chapters.get(number, INDEX), f"chapter-{number}", shows_all=shows_all)

    def card(self, index: int) -> str:
        """An element."""
        return self.to(self.plan.cards[index], f"element-{index + 1}")


def twin(page: str) -> str:
    """The page that hides nothing."""
    folder, _, name = page.rpartition("/")
    return ALL if page == INDEX else f"{folder}/all-{name}"


def plan_pages(guide: Guide) -> Plan:
    """Where everything of a guide goes. By the chapters and how many scenes they have, whatever these are."""
    parts = tuple(_parts(guide.chapters))
    stops = sum(map(_stops, guide.chapters)) + 2 * len(guide.elements)
    if stops <= 2 * _MOST_STOPS and len(guide.elements) <= 2 * _MOST_CARDS:
        chapters = {chapter.number: INDEX for chapter in guide.chapters}
        return Plan(chapters=chapters, cards=(INDEX,) * len(guide.elements), parts=parts)
    pages = {chapter.number: f"{FOLDER}/{group[0].number:03d}.html" for group in _grouped(parts) for chapter in group}
    return Plan(chapters=pages, cards=tuple(_card_pages(guide)), parts=parts)


def _stops(chapter: GuideChapter) -> int:
    return 3 + sum(1 + len(plate.scene.elements) for plate in chapter.illustrations)


def _grouped(parts: Sequence[Part]) -> Iterator[tuple[GuideChapter, ...]]:
    """Chapters of one part, as many as a page takes."""
    for part in parts:
        group: list[GuideChapter] = []
        stops = 0
        for chapter in part.chapters:
            if group and stops + _stops(chapter) > _MOST_STOPS:
                yield tuple(group)
                group, stops = [], 0
            group.append(chapter)
            stops += _stops(chapter)
        yield tuple(group)


def _card_pages(guide: Guide) -> Iterator[str]:
    """The page of each element: those of a type stay together as far as a page takes them."""
    places: dict[str, int] = {}
    for element in guide.elements:
        at = places[element.type] = places.get(element.type, -1) + 1
        yield f"{FOLDER}/{element.type}-{at // _MOST_CARDS + 1}.html"


def _parts(chapters: tuple[GuideChapter, ...]) -> Iterator[Part]:
    """The chapters by the parts they stand in, in reading order; many without parts by their numbers."""
    for path, members in groupby(chapters, key=lambda chapter: chapter.path):
        there = tuple(members)
        size = len(there) if path or len(there) <= 2 * _CHUNK else _CHUNK
        for start in range(0, len(there), size):
            yield Part(name=" · ".join(path), chapters=there[start : start + size])

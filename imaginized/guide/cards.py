"""The cards of people, creatures, places and things, as a page shows them: each fact with its chapter. Pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from imaginized.guide.dating import undated
from imaginized.guide.model import Guide, Known
from imaginized.guide.wording import Words
from imaginized.story.earlier import Earlier
from imaginized.story.elements import Element, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLine:
    """What an earlier volume tells of somebody.

    Attributes:
        names: What they are called there and not here.
        since: The chapter of this book from which on it may be told.
    """

    volume: str
    title: str
    names: tuple[str, ...]
    looks: tuple[str, ...]
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCard:
    """An element as the page shows it.

    Attributes:
        index: Its place in the guide.
        anchor: Its id on the page.
        since: The story chapter it may be told from.
        headings: What it is called: name, from which chapter, up to before which (0 for the end of the book).
        aliases: Its other names, each with the chapter from which it may be told.
        looks: What can be seen of it, likewise.
        earlier: What each earlier volume tells of it.
        first: The quote that is shown first, or None.
        more: The other quotes, shown on demand.
        face: Relative path of its portrait; "" for none.
        counts: How often it is named, "chapter:times" with spaces between.
    """

    index: int
    anchor: str
    element: Element
    since: int
    headings: tuple[tuple[str, int, int], ...]
    aliases: tuple[tuple[str, int], ...]
    looks: tuple[tuple[str, int], ...]
    earlier: tuple[EarlierLine, ...]
    first: Quote | None
    more: tuple[Quote, ...]
    face: str
    counts: str
    by_chapter: Mapping[int, int]

    @property
    def count(self) -> int:
        """How often it is named."""
        return sum(self.by_chapter.values())

    def seen(self, words: Words, *, shows_all: bool) -> str:
        """How often it is named and where; of the first chapter alone where the page does not show all."""
        known = {chapter: times for chapter, times in self.by_chapter.items() if times and (shows_all or chapter == 1)}
        if not known:
            return ""
        times = sum(known.values())
        key = "named.one" if times == 1 else "named.other"
        return words(key, n=words.number(times), where=words.chapters(tuple(known)))


def cards_of(guide: Guide) -> tuple[ElementCard, ...]:
    """One card for each element, in their order."""
    known = guide.known or tuple(map(undated, guide.elements))
    return tuple(
        _card(element, one, index=index, earlier=guide.earlier.get(element.name, ()))
        for index, (element, one) in enumerate(zip(guide.elements, known, strict=True))
    )


def letters_of(cards: Sequence[ElementCard]) -> list[tuple[str, int, int]]:
    """Every name from A to Z, with the place of its card and the chapter from which it may be told."""
    names = [(name, card.index, since) for card in cards for name, since in _names(card).items()]
    return sorted(names, key=lambda each: (_sort_key(each[0]), each[1]))


def _names(card: ElementCard) -> dict[str, int]:
    return {name: since for name, since, _ in reversed(card.headings)} | dict(card.aliases)


def _sort_key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _card(element: Element, known: Known, *, index: int, earlier: Iterable[Earlier]) -> ElementCard:
    headings = _headings(known)
    since = min(first for _, first, _ in headings)
    quotes = tuple(sorted(element.quotes, key=lambda quote: (quote.chapter, quote.start)))
    main = headings[0][0]
    # What stands in for the name that is used later is another name from then on.
    used = {name: until for name, _, until in headings if until}
    aliases = tuple((name, used.get(name, max(first, since))) for name, first in known.names.items() if name != main)
    return ElementCard(
        index=index,
        anchor=f"element-{index + 1}",
        element=element,
        since=since,
        headings=headings,
        aliases=tuple(sorted(aliases, key=lambda each: each[1])),
        looks=known.looks or ((element.description, since),) * bool(element.description and not known.looks),
        earlier=tuple(_from_earlier(one, element, known=known, since=since) for one in earlier if _says(one, element)),
        first=quotes[0] if quotes else None,
        more=quotes[1:],
        face=known.face,
        counts=" ".join(f"{chapter}:{times}" for chapter, times in known.counts.items() if times),
        by_chapter=known.counts,
    )


def _says(one: Earlier, element: Element) -> bool:
    return bool(one.looks or one.new_names(element))


def _from_earlier(one: Earlier, element: Element, *, known: Known, since: int) -> EarlierLine:
    # From the chapter on that calls them by a name which the earlier volume has, too.
    first = max(min((at for name, at in known.names.items() if one.is_called(name)), default=since), since)
    looks = tuple(look.text for look in one.looks)
    return EarlierLine(volume=one.volume, title=one.title, names=one.new_names(element), looks=looks, since=first)


def _headings(known: Known) -> tuple[tuple[str, int, int], ...]:
    """The name that the book uses most, and what stands in its place for readers who do not know it yet."""
    main, since = next(iter(known.names.items()))
    earlier = sorted((first, name) for name, first in known.names.items() if first < since)
    stand_in: list[tuple[str, int, int]] = []
    if earlier:
        stand_in.append((earlier[0][1], earlier[0][0], since))
    return ((main, since, 0), *stand_in)

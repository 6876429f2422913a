"""The looks of somebody over a whole book: which to keep, and which hold when a chapter is drawn. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from imaginized.story.elements import Element, ElementType, Look
from imaginized.story.foreign_titles import word_set
from imaginized.story.names import ARTICLES, LOOSE, MEN, WOMEN, name_key

MOST_LOOKS = 12
LONGEST_TEXT = 400
MOST_PASSING = 3  # of a chapter
# Characters within which two looks belong to one portrait; that many together are surely about one.
TOGETHER = 500
SURE = 4
KIN = frozenset(("mother", "father", "grandmother", "grandfather", "aunt", "uncle", "wife", "husband", "cousin"))
AT_FIRST = 2  # where somebody comes in, looks are told on purpose
# Mentions from which the looks of somebody are told by the name, or where they come in, or many together.
OFTEN_MET = 60
PORTRAIT = 4  # looks told together, in more than one sentence
NEXT_TO = 8  # characters between a look and the name after it: "the pale Miss Grey"
# Words of looks that tell nothing by themselves.
SAID_OF_ALL = word_set(
    "a an the and but of with in to very so too rather quite was were is are his her man woman boy girl lady gentleman "
    "person fellow hair face eye eyes head hand hands arm arms brow forehead figure cheek cheeks mouth nose chin lips "
    "beautiful pretty handsome fine young old small large"
)
_WORD = re.compile(r"[\w'’-]+")


def gather_looks(found: Iterable[Element], *, first: int) -> tuple[Look, ...]:
    """The looks of one person from what the chapters found: portraits before stray words, early before late.

    Args:
        found: The elements that are this person.
        first: The chapter in which this person comes into the book; a guess counts in that one only.
    """
    found = tuple(found)
    looks = [look for element in found for look in element.looks if look.quote is not None]
    called = _called(found)
    sure = sorted((look for look in looks if not look.is_guessed or _comes_in(look, looks, called, first)), key=_place)
    lasting = [look for look in sure if look.is_lasting]
    mentions = sum(element.mentions for element in found if element.type is ElementType.CHARACTER)
    theirs = [look for look in lasting if not mentions or _is_theirs(look, lasting, called, first=first)]
    if mentions >= OFTEN_MET:
        lasting = theirs
    lasting = [_weighed(look, theirs) for look in _kept(lasting, first=first)]
    return tuple(sorted((*lasting, *_passing(sure)), key=_place))


def _weighed(look: Look, theirs: Sequence[Look]) -> Look:
    """A look that is a guess where more chapters may show it to be another's, and none beside a sure one."""
    if look not in theirs:
        return replace(look, is_guessed=True)
    beside = any(not other.is_guessed and _distance(look, other) < TOGETHER for other in theirs)
    return replace(look, is_guessed=False) if look.is_guessed and beside else look


def _called(found: Iterable[Element]) -> frozenset[str]:
    """The words that somebody is called by, without those that many are."""
    names = (name for element in found for name in (element.name, *element.aliases))
    return frozenset(word for name in names for word in name_key(name)) - MEN - WOMEN - LOOSE - ARTICLES


def _comes_in(look: Look, looks: Sequence[Look], called: Collection[str], first: int) -> bool:
    """Whether a guess is from where somebody comes in; a chapter later only with the name, or in a whole portrait."""
    if _place(look)[0] != first + 1:
        return _place(look)[0] <= first
    near = {other.text for other in looks if _distance(look, other) < TOGETHER}
    return len(near) >= PORTRAIT or _is_called(look, called)


def _is_theirs(look: Look, looks: Sequence[Look], called: Collection[str], *, first: int) -> bool:
    """Whether a look is surely of somebody who is met often: far from the name it is as often another's."""
    if _place(look)[0] <= first + 1 or _is_called(look, called):
        return True
    if any(_agree(look, other) for other in looks if _distance(look, other) >= TOGETHER):
        return True
    near = [other for other in looks if _distance(look, other) < TOGETHER]
    told = {other.quote.start for other in near if other.quote is not None}
    return len({other.text for other in near}) >= PORTRAIT and len(told) > 1


def _agree(one: Look, other: Look) -> bool:
    """Whether two looks tell the same of somebody: "lank red hair", "hair was lank"."""
    told = [frozenset(_WORD.findall(look.text.casefold())) - SAID_OF_ALL for look in (one, other)]
    return any(not word.endswith("ly") for word in told[0] & told[1])


def _is_called(look: Look, called: Collection[str]) -> bool:
    """Whether the quote of a look has a name before it, or right after it."""
    text = look.quote.text if look.quote is not None else ""
    at = text.find(look.text)
    end = len(text) if at < 0 else at + len(look.text) + NEXT_TO
    words = [word.group().casefold().replace("’", "'") for word in _WORD.finditer(text) if word.start() <= end]
    return any(word.removesuffix("'s") in called for word in words)


def _distance(one: Look, other: Look) -> int:
    """How many characters apart two looks are told; many where that is in different chapters."""
    return abs(_place(one)[1] - _place(other)[1]) if _place(one)[0] == _place(other)[0] else TOGETHER


def first_there(found: Iterable[Element]) -> int:
    """The chapter in which somebody first says or does something; before that, others only speak of them."""
    chapters = {element.chapters[0]: element for element in found if element.chapters}
    acting = [
        number
        for number, element in chapters.items()
        if element.signs is None or element.signs.counts.get("speech", 0) + element.signs.counts.get("acts", 0) > 0
    ]
    return min(acting or chapters, default=0)


def describe(looks: Sequence[Look]) -> str:
    """The lasting ones as one text."""
    return "; ".join(look.text for look in looks if look.is_lasting)


def as_of(element: Element, *, chapter: int) -> Element:
    """The element as a reader of a chapter knows it: no look of a later one, passing ones of this one only."""
    if not element.looks:
        return element
    known = tuple(look for look in element.looks if _holds(look, chapter=chapter) and not _is_of_kin(look))
    quotes = tuple(quote for quote in element.quotes if quote.chapter <= chapter)
    return replace(element, description="; ".join(look.text for look in known), looks=known, quotes=quotes)


def _is_of_kin(look: Look) -> bool:
    """Whether a stranger's look that was only guessed to be somebody's is that of "an old grandmother": another's."""
    return look.is_guessed and look.text.casefold().split()[-1] in KIN


def _holds(look: Look, *, chapter: int) -> bool:
    told = _place(look)[0]
    return told <= chapter if look.is_lasting else told == chapter


def _kept(looks: list[Look], *, first: int) -> list[Look]:
    """Those that fit, of the fullest portraits first, nothing twice."""
    near = Counter(
        {
            index: sum(other.text != look.text and _distance(other, look) < TOGETHER for other in looks)
            for index, look in enumerate(looks)
        }
    )
    ranked = sorted(range(len(looks)), key=lambda index: (-_worth(looks[index], near[index], first=first), index))
    kept: list[Look] = []
    for index in ranked:
        look = looks[index]
        text = look.text.casefold()
        is_told = any(text in other.text.casefold() or other.text.casefold() in text for other in kept)
        fits = sum(len(other.text) for other in kept) + len(look.text) <= LONGEST_TEXT
        if not is_told and fits and len(kept) < MOST_LOOKS:
            kept.append(look)
    return kept


def _worth(look: Look, near: int, *, first: int) -> int:
    """What a look counts for: with others around it, where somebody comes in, or as "a stout man"."""
    return min(near, SURE) + AT_FIRST * (_place(look)[0] == first) + look.text.startswith(("a ", "an "))


def _passing(looks: list[Look]) -> list[Look]:
    by_chapter: dict[int, dict[str, Look]] = defaultdict(dict)
    for look in looks:
        if not look.is_lasting:
            by_chapter[_place(look)[0]].setdefault(look.text.casefold(), look)
    return [look for chapter in by_chapter.values() for look in list(chapter.values())[:MOST_PASSING]]


def _place(look: Look) -> tuple[int, int]:
    return (look.quote.chapter, look.quote.start) if look.quote else (0, 0)

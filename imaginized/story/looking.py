"""The looks of somebody over a whole book: which to keep, and which hold when a chapter is drawn. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from imaginized.story.elements import Element, Look

MOST_LOOKS = 12
LONGEST_TEXT = 400
MOST_PASSING = 3  # of a chapter
# Characters within which two looks belong to one portrait; that many together are surely about one.
TOGETHER = 500
SURE = 4
KIN = frozenset(("mother", "father", "grandmother", "grandfather", "aunt", "uncle", "wife", "husband", "cousin"))
AT_FIRST = 2  # where somebody comes in, looks are told on purpose


def gather_looks(found: Iterable[Element], *, first: int) -> tuple[Look, ...]:
    """The looks of one person from what the chapters found: portraits before stray words, early before late.

    Args:
        found: The elements that are this person.
        first: The chapter in which this person comes into the book; a guess counts in that one only.
    """
    looks = [look for element in found for look in element.looks if look.quote is not None]
    sure = sorted((look for look in looks if not look.is_guessed or _place(look)[0] <= first + 1), key=_place)
    lasting = _kept([look for look in sure if look.is_lasting], first=first)
    return tuple(sorted((*lasting, *_passing(sure)), key=_place))


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
            index: sum(
                other.text != look.text and _place(other)[0] == _place(look)[0]
                and abs(_place(other)[1] - _place(look)[1]) < TOGETHER
                for other in looks
            )
            for index, look in enumerate(looks)
        }
    )  # fmt: skip
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

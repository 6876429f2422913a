"""Character sheets and style guides: what stays the same from picture to picture. Pure records and functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from imaginized.story.elements import Element, ElementType, Look, Quote

MOST_SHEETS = {ElementType.CHARACTER: 12, ElementType.CREATURE: 6}
_PIECES = re.compile(r"; |(?<=[.!?])\s+(?=[A-Z“\"])")
_WORDS = re.compile(r"[^\W_]{4,}")
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a book should look; any field may be empty.

    Attributes:
        wish: What the person who added the book asked for (`--style`, a profile), in their words.
        evidence: Words of the book it was guessed from, with their counts.
    """

    genre: str = ""
    period: str = ""
    place: str = ""
    palette: str = ""
    medium: str = ""
    wish: str = ""
    evidence: tuple[tuple[str, int], ...] = ()


def main_elements(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Those that get a sheet: the weightiest characters and creatures; expects them weightiest first."""
    chosen: list[Element] = []
    for kind, most in MOST_SHEETS.items():
        chosen += [element for element in elements if element.type is kind][:most]
    return tuple(chosen)


def looks_of(element: Element) -> tuple[Look, ...]:
    """What the book says of its looks, each with a quote, first told first; what no quote shows is left out."""
    if element.looks:
        return tuple(look for look in element.looks if look.is_lasting)
    looks = []
    for piece in _PIECES.split(element.description):
        text = " ".join(piece.split())
        quote = _shown_by(text, element.quotes) if text else None
        if quote is not None:
            looks.append(Look(text=text, quote=quote))
    return tuple(sorted(looks, key=_place))


def _place(look: Look) -> tuple[int, int]:
    return (look.quote.chapter, look.quote.start) if look.quote else (0, 0)


def _shown_by(text: str, quotes: tuple[Quote, ...]) -> Quote | None:
    """The quote that has it word for word, else the first that has at least half of its longer words."""
    verbatim = next((quote for quote in quotes if text.casefold() in quote.text.casefold()), None)
    if verbatim is not None:
        return verbatim
    wanted = set(_WORDS.findall(text.casefold()))
    shares = [len(wanted & set(_WORDS.findall(quote.text.casefold()))) / max(len(wanted), 1) for quote in quotes]
    best = max(range(len(quotes)), key=lambda index: (shares[index], -index), default=None)
    return quotes[best] if best is not None and shares[best] >= HALF else None

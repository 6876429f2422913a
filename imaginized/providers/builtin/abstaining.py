"""Who is left out of a picture because a wrong one would be worse than none: a teller of unknown sex, a doll."""

import re
from collections.abc import Iterable
from dataclasses import replace

from imaginized.providers.builtin.actors import NARRATOR
from imaginized.story.elements import Element
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Being, Figure, Staging, View

LIFELESS = re.compile(r"\b(?:dolls?|puppet|statue|effigy|scarecrow|figurehead|waxwork|marionette|teddy)\b")
LEAST_SAID = 0.3  # share of the sentences quoted for somebody that call them so


def abstain(told: Staging, known: Staging, elements: Iterable[Element]) -> Staging:
    """What may be drawn of a staging, `known` by the whole book; words in type where nobody is left of those told of.

    A place without them would say that nobody was there, and one of two who did the same that he did it alone.
    """
    kept = without_doubtful(known, elements)
    if _is_half(known, kept):
        return replace(kept, view=View.TYPOGRAPHIC, why="one of two cannot be drawn: words")
    if kept.view is not View.SCENE or kept.figures or kept.crowd or not told.figures:
        return kept
    return replace(kept, view=View.TYPOGRAPHIC, why="those who are there cannot be drawn: words")


def _is_half(known: Staging, kept: Staging) -> bool:
    """Whether of who tells it and another, who do the same deed, only the other is left."""
    if len(kept.figures) != 1 or len(known.figures) != len(kept.figures) + 1 or kept.crowd:
        return False
    one, other = known.figures
    return one.deed is other.deed and one.deed is not Deed.STAND and kept.figures[0].count == 1


def without_doubtful(staging: Staging, elements: Iterable[Element]) -> Staging:
    """The staging without those whom nobody can draw: who tells, of no known sex, and who is no living being."""
    lifeless = {element.name for element in elements if _is_lifeless(element)}
    kept = [at for at, figure in enumerate(staging.figures) if not _is_doubtful(figure, lifeless)]
    if len(kept) == len(staging.figures):
        return staging
    places: dict[int | None, int] = {old: new for new, old in enumerate(kept)}
    figures = (staging.figures[at] for at in kept)
    return replace(staging, figures=tuple(replace(figure, toward=places.get(figure.toward)) for figure in figures))


def _is_doubtful(figure: Figure, lifeless: set[str]) -> bool:
    told = figure.noun == NARRATOR and figure.being is Being.PERSON and not figure.sex
    return told or figure.name in lifeless


def _is_lifeless(element: Element) -> bool:
    if LIFELESS.search(element.name.lower()):
        return False  # every quote says the name: whether the Scarecrow lives is in its type, which all signs decided
    said = sum(bool(LIFELESS.search(quote.text.lower())) for quote in element.quotes)
    return said > 1 and said >= LEAST_SAID * len(element.quotes)

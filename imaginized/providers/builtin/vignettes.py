"""The thing or the beast of a chapter that a vignette shows: one that its words say is there. English only."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set

from imaginized.providers.builtin.acting_words import DULL
from imaginized.providers.builtin.people_words import SPECIES
from imaginized.providers.builtin.plates.ornaments import is_drawn
from imaginized.providers.builtin.plates.players import ALIKE
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Staging

LEAST = 2  # paragraphs that must have it, each by itself
MOST_KINDS, MOST_READ = 4, 4  # of a chapter and of a kind: a quarter of a second's reading for a book of 50 chapters
LONGEST = 900  # letters of a paragraph that is read
# Handsome alone, though no hero of a plate.
_FINE = frozenset({Thing.SHIP, Thing.BOAT, Thing.TREE, Thing.HOUSE, Thing.SUN})
_WORD = re.compile(r"(?<![\w’'-])[a-z]+(?:-[a-z]+)*")  # no names: "Fox" is somebody


def find_vignette(paragraphs: Sequence[str], *, avoid: Set[str] = frozenset()) -> str:
    """What to draw at the end of a chapter, as the drawing is called; "" where nothing is sure to be there.

    Args:
        paragraphs: Of the chapter.
        avoid: What the chapters before it end with.
    """
    for kind, places in _candidates(paragraphs, avoid=avoid)[:MOST_KINDS]:
        met = 0
        for place in places[:MOST_READ]:
            met += kind in _there(stage_quote(paragraphs[place], ()))
            if met == LEAST:
                return kind
    return ""


def _candidates(paragraphs: Sequence[str], *, avoid: Set[str]) -> list[tuple[str, list[int]]]:
    """Kinds that have a drawing, the most often named first, with the paragraphs that name them."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(paragraphs):
        if len(text) <= LONGEST:
            for kind in {_KINDS[word] for word in _WORD.findall(text) if word in _KINDS} - avoid:
                found[kind].append(place)
    named = ((kind, places) for kind, places in found.items() if len(places) >= LEAST)
    return sorted(named, key=lambda each: (-len(each[1]), each[0]))


def _there(staging: Staging) -> set[str]:
    beasts = {_drawing(figure.species) for figure in staging.figures if figure.being is Being.CREATURE}
    return {thing.value for thing in staging.things} | beasts


def _drawing(species: Species) -> str:
    return ALIKE.get(species, species.value)


def _known() -> Iterator[tuple[str, str]]:
    kinds = [(word, thing.value) for word, thing in THINGS.items() if thing not in DULL - _FINE]
    kinds += [(word, _drawing(species)) for word, species in SPECIES.items()]
    for word, kind in kinds:
        if is_drawn(kind):
            yield word, kind
            yield f"{word}s", kind


_KINDS = dict(_known())

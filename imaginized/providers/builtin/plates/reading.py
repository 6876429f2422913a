"""Which words of the passage decide the picture: place, light, things, creatures, people and what they do."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from random import Random

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import Colour
from imaginized.providers.builtin.plates.palette import COLOURS, PALETTES, Light, Palette
from imaginized.providers.builtin.plates.words import (
    AMBIGUOUS,
    ARRIVALS,
    CARRIED,
    CREATURES,
    DEED_WEIGHT,
    DEEDS,
    DISTANT,
    DOERS,
    GRAND,
    INDOORS,
    LIGHTS,
    PEOPLE,
    PLACES,
    PREPOSITIONS,
    STORMS,
    THINGS,
    WEAPONS,
    Place,
)
from imaginized.story.elements import ElementType
from imaginized.story.stage_lists import ROOFED, Setting
from imaginized.story.staging import Season

SIMILE_REACH = 6  # words after "like a …" that are a comparison and not the place
LEAST_DEED = 0.45  # below it nobody who could act stood before the verb
WEAPON_REACH = 6  # words after "drew" within which the sword stands
DENIAL_REACH = 3  # "nor a house": the house is not there
DENIALS = frozenset({"nor", "no", "without", "neither"})
_ADDRESS = re.compile(r"\b((?:at|to|from|for|of|in) (?:[A-Z][\w’.]+ )+)(?:Street|Road|Lane|Square|Court)\b")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[.,;:!?—]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a plate is composed from.

    Attributes:
        seed: Decides everything left to chance; from the passage alone.
        words: Of the passage, lower case, comparisons left out.
        things: Kinds of thing named, most telling first.
        deeds: What is done, by weight; empty when nobody acts.
        colours: Colour words with the noun they stand before, in reading order.
        setting: The exact place where the scene says it; else unknown, and `place` is what the words say.
        turn: Counts through the scenes of a book, so that neighbours are composed differently.
        is_told: Whether the scene says what is to be seen: then nothing else is drawn.
        is_hour_told: Whether it says what time it is.
    """

    seed: int
    words: tuple[str, ...]
    place: Place
    light: Light
    palette: Palette
    things: tuple[str, ...]
    deeds: tuple[str, ...]
    colours: tuple[tuple[Colour, str], ...]
    setting: Setting = Setting.UNKNOWN
    season: Season = Season.UNKNOWN
    turn: int = 0
    is_told: bool = False
    is_hour_told: bool = False

    @property
    def indoors(self) -> bool:
        """Whether there is a roof over the scene."""
        return self.place in INDOORS or self.setting in ROOFED

    def has(self, *kinds: str) -> bool:
        """Whether the passage names any of these kinds of thing."""
        return any(kind in self.things for kind in kinds)

    def colour_of(self, *nouns: str) -> Colour | None:
        """The colour the passage gives to one of these nouns, if any."""
        return next((colour for colour, noun in self.colours if noun in nouns), None)

    def dice(self, purpose: str) -> Random:
        """A source of chance of its own for each purpose, so that one more tree moves no cloud."""
        return Random(seed_of(str(self.seed), purpose))


def seed_of(*parts: str) -> int:
    """The same number for the same words in every process."""
    return int.from_bytes(hashlib.sha256("\0".join(parts).encode()).digest()[:8])


def read_passage(request: ImageRequest) -> Reading:
    """Decide what to draw from the words of the passage and, with less weight, of its description and light."""
    scene = request.scene
    words = _plain_words(scene.quote.text)
    around = _plain_words(f"{scene.description} . {scene.lighting} . {scene.mood}")
    seed = seed_of(request.book_title, scene.quote.text, str(scene.number))
    place = _place(words, around, request)
    light = _light(words, _plain_words(f"{scene.lighting} {scene.mood}"), place)
    told = (*words, *(word for word in around if word not in STORMS))
    things = tuple(dict.fromkeys(THINGS[word] for word in told if word in THINGS))
    choices = PALETTES[light]
    return Reading(
        seed=seed,
        words=words,
        place=place,
        light=light,
        palette=choices[seed % len(choices)],
        things=things,
        deeds=_deeds(words, _names_in(request)),
        colours=_colours(words),
    )


def _plain_words(text: str) -> tuple[str, ...]:
    """Words in lower case without what stands in a comparison ("like a sea of gold") or is over ("the storm had")."""
    kept: list[str] = []
    skip = 0
    tokens = _WORD.findall(_ADDRESS.sub(r"\1", text).lower())
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if (
            token == "like" or (token == "as" and index and "as" in tokens[max(index - 3, 0) : index])
        ) and following in {
            "a",
            "an",
            "the",
            "some",
            "so",
        }:
            skip = SIMILE_REACH
        if (token == "as" and following in {"if", "though"}) or (token == "one" and following == "sees"):
            skip = len(tokens)
        if (
            token == "as"
            and following in {"the", "a"}
            and tokens[index + 2 : index + 3]
            and tokens[index + 2] in CREATURES
        ):
            skip = SIMILE_REACH  # "as the lion rends the antelope"
        if not token[0].isalpha():
            skip = 0
        if token in DENIALS or (token == "not" and following in {"a", "an", "the"}):
            skip = max(skip, DENIAL_REACH)
        if skip:
            skip -= 1
            continue
        is_over = token in STORMS and following == "had"
        is_peaceful = token in AMBIGUOUS and WEAPONS.isdisjoint(tokens[index + 1 : index + WEAPON_REACH])
        is_peaceful = is_peaceful or (token == "crew" and tokens[max(index - 1, 0)] == "cock")
        is_peaceful = is_peaceful or (token == "fought" and tokens[index + 2 : index + 3] == ["way"])
        if not is_over and not is_peaceful:
            kept.append(token)
    return tuple(kept)


def _place(words: tuple[str, ...], around: tuple[str, ...], request: ImageRequest) -> Place:
    scores = dict.fromkeys(Place, 0.0)
    _score_places(scores, words, share=1.0)
    _score_places(scores, around, share=0.35)
    for element in request.elements:
        if element.type is ElementType.PLACE:
            _score_places(scores, _plain_words(f"at {element.name}"), share=0.6)
    if scores[Place.DECK] and scores[Place.SEA]:
        scores[Place.DECK] += 1
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < 0.5:
        speaks = any(word in {"said", "asked", "replied", "answered"} for word in words)
        return Place.ROOM if speaks else Place.HILLS
    return ranked[0][0]


def _score_places(scores: dict[Place, float], words: tuple[str, ...], *, share: float) -> None:
    seen: Counter[str] = Counter()
    for index, word in enumerate(words):
        before = frozenset(words[max(index - 3, 0) : index])
        if word not in PLACES or (word == "fire" and not before & PREPOSITIONS):  # "a streak of fire"
            continue
        place, weight = PLACES[word]
        seen[word] += 1
        scores[place] += share * weight * _nearness(word, before) / seen[word]


def _nearness(word: str, before: frozenset[str]) -> float:
    """How much the words before a place's word say that the scene is there."""
    if before & CARRIED:
        return 0.1
    if word in {"gate", "gates", "walls"} and before & GRAND:
        return 2.2
    if before & ARRIVALS:
        return 1.5
    if before & DISTANT:
        return 0.4
    return 1.5 if before & PREPOSITIONS else 1.0


def _light(words: tuple[str, ...], told: tuple[str, ...], place: Place) -> Light:
    scores = dict.fromkeys(Light, 0.0)
    seen: Counter[str] = Counter()
    for index, word in enumerate(words):
        if word in LIGHTS:
            seen[word] += 1
            scores[LIGHTS[word][0]] += LIGHTS[word][1] / seen[word]
        if word == "sun":
            _score_sun(scores, words[index + 1 : index + 7])
    for word in told:
        if word in LIGHTS:
            scores[LIGHTS[word][0]] += LIGHTS[word][1] * 1.2
    if scores[Light.SNOW] and place in {Place.ROOM, Place.HALL}:
        scores[Light.SNOW] *= 0.4
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < 0.8:
        return Light.DUSK if place in INDOORS or place is Place.CAVE else Light.DAY
    return ranked[0][0]


def _score_sun(scores: dict[Light, float], after: tuple[str, ...]) -> None:
    if any(word in {"set", "setting", "sank", "sinking", "sinks", "gone", "dipped", "below"} for word in after):
        scores[Light.DUSK] += 3
    if any(word in {"rose", "rising", "rises"} for word in after):
        scores[Light.DAWN] += 3


def _names_in(request: ImageRequest) -> frozenset[str]:
    alive = (element for element in request.elements if element.type in {ElementType.CHARACTER, ElementType.CREATURE})
    return frozenset(word for element in alive for word in element.name.lower().split())


def _deeds(words: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    """What is done, weighed by whether somebody who can do it stands before the verb: fog lies and roads run, too."""
    scores: dict[str, float] = {}
    for index, word in enumerate(words):
        if word in DEEDS:
            deed = DEEDS[word]
            doers = words[max(index - 5, 0) : index]
            weight = DEED_WEIGHT.get(deed, 1.0)
            if any(doer in names or doer in DOERS or doer in PEOPLE for doer in doers):
                scores[deed] = scores.get(deed, 0.0) + weight
            else:
                scores[deed] = max(scores.get(deed, 0.0), 0.3 * weight)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(deed for deed, score in ranked if score >= LEAST_DEED)


def _colours(words: tuple[str, ...]) -> tuple[tuple[Colour, str], ...]:
    found: list[tuple[Colour, str]] = []
    for index, word in enumerate(words):
        if word in COLOURS:
            nouns = [after for after in words[index + 1 : index + 4] if after not in COLOURS and after.isalpha()]
            found.extend((COLOURS[word], noun) for noun in nouns or [""])
    return tuple(found)

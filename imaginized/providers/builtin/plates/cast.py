"""The looks of people and creatures, which stay the same for each of them through a book."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from imaginized.providers.builtin.plates.canvas import Colour
from imaginized.providers.builtin.plates.palette import ACCENTS, COATS, COLOURS
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.words import (
    CHILDREN,
    CLOAKED,
    CLOTHES,
    CREATURES,
    DAY_HATS,
    HATS,
    OLD,
    WOMEN,
)
from imaginized.story.elements import Element, ElementType

_NO_NAMES = frozenset(["the", "of", "a", "an", "and"])
_SKINS: tuple[Colour, ...] = ((232, 188, 150), (220, 170, 130), (206, 154, 116), (238, 200, 166))
_HAIRS: tuple[Colour, ...] = ((64, 42, 34), (38, 32, 34), (128, 82, 46), (188, 140, 76), (92, 56, 40))
_HAIR_WORDS: dict[str, Colour] = {
    **dict.fromkeys(("fair", "blond", "blonde", "golden", "yellow", "flaxen", "straw", "light"), (206, 164, 92)),
    **dict.fromkeys(("red", "auburn", "ginger", "foxy", "carroty"), (166, 76, 40)),
    **dict.fromkeys(("black", "raven", "jet"), (38, 32, 34)),
    **dict.fromkeys(("dark", "brown", "chestnut"), (78, 50, 36)),
    **dict.fromkeys(("grey", "gray", "white", "silver", "grizzled", "iron-grey", "snowy"), (196, 192, 184)),
}
_GRIZZLED: Colour = (196, 192, 184)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The permanent looks of a person.

    Attributes:
        height: Of 1 for a grown man.
        girth: Width factor of the body.
        garment: "suit", "coat", "dress" or "robe".
        hair_style: "short", "long", "bun", "braids" or "bald".
        hat: Kind of hat or "".
    """

    height: float
    girth: float
    skin: Colour
    hair: Colour
    hair_style: str
    beard: bool
    hat: str
    garment: str
    cloth: Colour
    legs: Colour
    trim: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One figure of a plate: a person with looks, or a creature of a kind.

    Attributes:
        name: From the book; empty for somebody the passage only calls "a man".
        kind: "person" or the kind of creature.
        noun: What the alternative text calls it.
        called: The words, lower case, by which the passage may speak of it.
    """

    name: str
    kind: str
    noun: str
    look: Look
    accent: Colour
    called: frozenset[str] = frozenset()


def bareheaded(actor: Actor) -> Actor:
    """Nobody keeps a hat for the street on under a roof; crowns, cowls and helmets stay."""
    return replace(actor, look=replace(actor.look, hat="")) if actor.look.hat in DAY_HATS else actor


def named_actor(element: Element, book_title: str, *, hints: Sequence[str] = ()) -> Actor:
    """The looks of an element, the same in every scene of a book; `hints` are words of its sex and age."""
    dice = Random(seed_of(book_title, element.name))
    words = re.findall(r"[\w-]+", f"{element.name} {' '.join(element.aliases)} {element.description}".lower())
    words += hints
    name_words = re.findall(r"[\w-]+", " ".join((element.name, *element.aliases)).lower())
    kind = next((CREATURES[word] for word in name_words if word in CREATURES), "")
    if not kind and element.type is ElementType.CREATURE:
        kind = next((CREATURES[word] for word in words if word in CREATURES), "wolf" if element.name.islower() else "")
    actor = actor_by_words(element.name, kind or "person", words, dice)
    return replace(actor, called=(frozenset(name_words) | {actor.noun}) - _NO_NAMES)


def actor_by_words(name: str, kind: str, words: list[str], dice: Random) -> Actor:
    """Somebody whose looks the words tell as far as they go; the dice decide the rest."""
    if kind == "person":
        accent = _worn_colour(words) or dice.choice(ACCENTS)
    else:
        accent = next((COLOURS[word] for word in words if word in COLOURS), COATS.get(kind, COATS["wolf"]))
    look = _look(words, accent, dice)
    noun = kind if kind != "person" else _noun(words, look)
    return Actor(name=name, kind=kind, noun=noun, look=look, accent=accent)


def _worn_colour(words: list[str]) -> Colour | None:
    """The colour of what is worn ("a blue gingham dress", "clad in black"), not of a scar or an eye."""
    for index, word in enumerate(words):
        clothed = any(after in CLOTHES for after in words[index + 1 : index + 4])
        if word in COLOURS and (clothed or "in" in words[max(index - 2, 0) : index]):
            return COLOURS[word]
    return None


def _noun(words: list[str], look: Look) -> str:
    for odd in ("scarecrow", "tin", "witch", "king", "queen"):
        if odd in words:
            return "tin man" if odd == "tin" else odd
    if look.height < 0.8:
        return "girl" if look.garment == "dress" else "boy"
    return "woman" if look.garment == "dress" else "man"


def _hair_colour(words: list[str]) -> Colour | None:
    """The colour of the hair that is told: "fair hair", "his long white beard"."""
    for index, word in enumerate(words):
        if word in {"hair", "haired", "curls", "locks", "beard", "whiskers", "braids"}:
            told = [_HAIR_WORDS[before] for before in words[max(index - 3, 0) : index] if before in _HAIR_WORDS]
            if told:
                return told[-1]
        if word.endswith("-haired") and word.removesuffix("-haired") in _HAIR_WORDS:
            return _HAIR_WORDS[word.removesuffix("-haired")]
    return None


def _look(words: list[str], accent: Colour, dice: Random) -> Look:
    female, child, old = (any(word in group for word in words) for group in (WOMEN, CHILDREN, OLD))
    hat = next((HATS[word] for word in words if word in HATS), "")
    if child and hat in {"bonnet", "straw", "top", "crown"}:
        hat = ""
    tin, straw = "tin" in words, "scarecrow" in words or "straw" in words
    skin: Colour = (176, 186, 194) if tin else (226, 192, 120) if straw else dice.choice(_SKINS)
    garment = "dress" if female else dice.choice(("suit", "coat"))
    if any(word in CLOAKED for word in words) and not child and hat not in DAY_HATS:  # King Ahab is a captain
        garment = "robe"
    hair_style = dice.choice(("braids", "long") if child else ("bun", "bun", "long")) if female else "short"
    if not female and old and dice.random() < 0.4:
        hair_style = "bald"
    return Look(
        height=(0.66 if child else 0.93 if female else 1.0) + dice.uniform(-0.03, 0.03),
        girth=(1.3 if "fat" in words or "stout" in words else 1.0) * dice.uniform(0.94, 1.1),
        skin=skin,
        hair=_hair_colour(words) or (_GRIZZLED if old else dice.choice(_HAIRS)),
        hair_style="bald" if tin or straw else hair_style,
        beard=not female and not child and not tin and not straw and dice.random() < (0.75 if old else 0.3),
        hat=hat or ("" if female or child or dice.random() < 0.6 else dice.choice(("bowler", "cap", "top"))),
        garment="suit" if tin or straw else garment,
        cloth=(168, 178, 188) if tin else accent,
        legs=(150, 160, 170) if tin else dice.choice(((58, 54, 66), (84, 66, 54), (70, 76, 88))),
        trim=dice.choice(((236, 224, 196), (214, 176, 96), (228, 232, 226))),
    )

"""Who is in the picture, and the looks that stay the same for each of them through a book."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.canvas import Colour
from imaginized.providers.builtin.plates.palette import ACCENTS, COATS, COLOURS
from imaginized.providers.builtin.plates.reading import Reading, seed_of
from imaginized.providers.builtin.plates.words import (
    CHILDREN,
    CLOAKED,
    CLOTHES,
    COUNTS,
    CREATURES,
    CROWDED,
    CROWDS,
    DAY_HATS,
    HATS,
    OLD,
    PEOPLE,
    PEOPLE_MANY,
    VAGUE,
    WOMEN,
    Place,
)
from imaginized.story.elements import Element, ElementType

MOST_ACTORS = 5
MOST_CREATURES = 3
ANYBODY = frozenset(["every", "any", "each", "no"])  # "such as every man wore": nobody that could be seen
_NO_NAMES = frozenset(["the", "of", "a", "an", "and"])
OUTDOORS = frozenset({"horse", "elephant", "cow"})  # heard from the window, not seen in the room
STEEDS = ("horse", "elephant", "lion", "bear", "cow", "wolf")
_SKINS: tuple[Colour, ...] = ((232, 188, 150), (220, 170, 130), (206, 154, 116), (238, 200, 166))
_HAIRS: tuple[Colour, ...] = ((64, 42, 34), (38, 32, 34), (128, 82, 46), (188, 140, 76), (92, 56, 40))
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


def choose_actors(request: ImageRequest, reading: Reading) -> tuple[Actor, ...]:
    """Those the scene names, the named first; else those the passage's nouns and pronouns speak of."""
    text = request.scene.quote.text
    named = [
        named_actor(element, request.book_title)
        for element in request.elements
        if element.type in {ElementType.CHARACTER, ElementType.CREATURE} and not _is_vague(element, text)
    ]
    named.sort(key=lambda actor: (actor.name.split()[-1] not in text, actor.name))
    named = [actor for actor in named if not _is_only_compared(actor, text, reading)]
    actors = [actor for actor in named if not any(_is_shorter(actor, other) for other in named)][:MOST_ACTORS]
    kinds = {actor.kind for actor in actors}
    room = MOST_CREATURES - sum(actor.kind != "person" for actor in actors)
    actors += [actor for actor in _creatures(reading) if actor.kind not in kinds][: max(room, 0)]
    if any(actor.kind == "person" for actor in actors):
        known = {word for actor in actors for word in (actor.noun, *actor.called)}  # Miss Hunter is no hunter
        others = [actor for actor in _people(reading, pronouns=False) if known.isdisjoint((actor.noun, *actor.called))]
        actors += others[:2]
    else:
        actors = [*_people(reading, pronouns=True), *actors]
    if reading.indoors:
        actors = [_bareheaded(actor) for actor in actors if actor.kind not in OUTDOORS]
    return tuple(actors[:MOST_ACTORS])


def _is_vague(element: Element, text: str) -> bool:
    """Whether it is a beast of no kind that can be drawn ("white animal", "clam"): no wolf, and nobody either."""
    words = element.name.casefold().split()
    if element.type is not ElementType.CREATURE or any(word in CREATURES for word in words):
        return False
    return words[-1] in VAGUE or re.search(rf"\b{re.escape(words[-1])}\b", text) is not None


def _is_only_compared(actor: Actor, text: str, reading: Reading) -> bool:
    """Whether the passage names it only in a comparison ("a nose like the Count"): then it is not there."""
    named = actor.called & frozenset(re.findall(r"\w+", text.lower()))
    return bool(named) and named.isdisjoint(reading.words)


def _is_shorter(actor: Actor, other: Actor) -> bool:
    """Whether one's name only begins the other's ("Wicked Witch", "Wicked Witch of the West"): one figure is enough."""
    return actor.kind == other.kind and other.name.casefold().startswith(f"{actor.name.casefold()} of ")


def _bareheaded(actor: Actor) -> Actor:
    """Nobody keeps a hat for the street on under a roof; crowns, cowls and helmets stay."""
    return replace(actor, look=replace(actor.look, hat="")) if actor.look.hat in DAY_HATS else actor


def is_crowded(reading: Reading) -> bool:
    """Whether the passage speaks of more people than can be told apart, and the place has room for them."""
    if reading.place in {Place.ROOM, Place.CAVE}:
        return False
    pairs = zip(("", *reading.words), reading.words, strict=False)
    return any(word in CROWDS and before not in COUNTS for before, word in pairs)


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
        hair=_GRIZZLED if old else dice.choice(_HAIRS),
        hair_style="bald" if tin or straw else hair_style,
        beard=not female and not child and not tin and not straw and dice.random() < (0.75 if old else 0.3),
        hat=hat or ("" if female or child or dice.random() < 0.6 else dice.choice(("bowler", "cap", "top"))),
        garment="suit" if tin or straw else garment,
        cloth=(168, 178, 188) if tin else accent,
        legs=(150, 160, 170) if tin else dice.choice(((58, 54, 66), (84, 66, 54), (70, 76, 88))),
        trim=dice.choice(((236, 224, 196), (214, 176, 96), (228, 232, 226))),
    )


def _people(reading: Reading, *, pronouns: bool) -> list[Actor]:
    found: list[str] = []
    crowd = 3 if len(PEOPLE_MANY.keys() & set(reading.words)) == 1 else 1
    for index, word in enumerate(reading.words):
        kind = PEOPLE.get(word) or PEOPLE_MANY.get(word)
        if kind is None:
            continue
        before = reading.words[max(index - 2, 0) : index]
        if ANYBODY.intersection(before):
            continue
        count = next((COUNTS[b] for b in before if b in COUNTS), crowd if word in PEOPLE_MANY else 1)
        if word not in found:
            found.extend([word] * count)
    if not found and pronouns:
        found = list(_pronouns(reading.words))
    return [_unnamed(word, index, reading) for index, word in enumerate(found[:MOST_ACTORS])]


def _pronouns(words: tuple[str, ...]) -> Iterator[str]:
    if "she" in words or "her" in words:
        yield "woman"
    if any(word in words for word in ("he", "him", "his", "i", "me", "my")):
        yield "man"
    if any(word in words for word in (("we", "us") if "i" in words else ("we", "us", "they"))):
        yield "man"
        yield "gentleman"


def _unnamed(word: str, index: int, reading: Reading) -> Actor:
    kind = PEOPLE.get(word) or PEOPLE_MANY.get(word) or "man"
    actor = actor_by_words("", "person", [word, kind], reading.dice(f"unnamed {word} {index}"))
    return replace(actor, called=frozenset([word]))


def choose_steed(reading: Reading, actors: tuple[Actor, ...]) -> Actor:
    """What the riders of a passage ride: its horse, else the large creature it names, else a horse."""
    ridden = [actor for actor in actors if actor.kind in STEEDS]
    ridden.sort(key=lambda actor: STEEDS.index(actor.kind))
    return ridden[0] if ridden else actor_by_words("", "horse", ["horse"], reading.dice("creature horse"))


def _creatures(reading: Reading) -> list[Actor]:
    """The kinds named, each as often as counted; several of the only kind when the passage speaks of many."""
    found: dict[str, Actor] = {}
    count = 1
    for index, word in enumerate(reading.words):
        if word in CREATURES and CREATURES[word] not in found:
            kind = CREATURES[word]
            actor = actor_by_words("", kind, [kind], reading.dice(f"creature {kind}"))
            called = frozenset(noun for noun in CREATURES if CREATURES[noun] == kind)
            found[kind] = replace(actor, accent=reading.colour_of(word) or actor.accent, called=called)
            before = reading.words[max(index - 2, 0) : index]
            many = MOST_CREATURES if word in CROWDED else 1
            count = max(count, next((COUNTS[b] for b in before if b in COUNTS), many))
    actors = list(found.values())
    return actors * min(count, MOST_CREATURES) if len(actors) == 1 else actors[:MOST_CREATURES]

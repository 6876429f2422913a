"""Who is in a plate where the scene says so: a figure with the looks of its element, what it does, and to whom."""

from dataclasses import dataclass, replace
from random import Random

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.canvas import Colour, mix
from imaginized.providers.builtin.plates.cast import Actor, actor_by_words, bareheaded, named_actor
from imaginized.providers.builtin.plates.figures import POSES
from imaginized.providers.builtin.plates.objects import outlines
from imaginized.providers.builtin.plates.palette import ACCENTS
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.story.elements import Element
from imaginized.story.stage_lists import PLAINER, Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Sex, Staging

MOST_PLAYERS = 6
MOST_ALIKE = 4  # of "a pack of wolves"
# The outline that a species shares with another; what is in neither list is not drawn, and never as a person.
ALIKE: dict[Species, str] = {
    Species.PUPPY: "dog",
    Species.FOX: "wolf",
    Species.KITTEN: "cat",
    Species.TIGER: "lion",
    Species.PONY: "horse",
    Species.DONKEY: "horse",
    Species.MULE: "horse",
    Species.BULL: "cow",
    Species.OX: "cow",
    Species.LAMB: "sheep",
    Species.GOAT: "sheep",
    Species.RAT: "mouse",
}
_COATS: dict[Species, Colour] = {
    Species.FOX: (178, 92, 46),
    Species.TIGER: (214, 138, 60),
    Species.DONKEY: (128, 122, 118),
    Species.MULE: (112, 92, 78),
    Species.GOAT: (206, 196, 178),
    Species.RAT: (92, 86, 86),
}
_ALIKE_BELOW = 70  # of three channels together: clothes that a reader would call the same
STEEDS = frozenset({"horse", "elephant", "lion", "bear", "cow", "wolf"})
_DRIVEN = frozenset({Thing.CARRIAGE, Thing.CART, Thing.SLED, Thing.BOAT, Thing.TRAIN, Thing.OMNIBUS, Thing.MOTOR_CAR})
_POSED: dict[Deed, str] = {
    Deed.RAISE: "reach",
    Deed.HOLD: "talk",
    Deed.ROW: "sit",
    Deed.CLIMB: "reach",
    Deed.FALL: "lie",
    Deed.EMBRACE: "talk",
    Deed.SHAKE_HANDS: "talk",
    Deed.STRIKE: "fight",
    Deed.SHOOT: "point",
    Deed.DIG: "carry",
    Deed.WRITE: "sit",
    Deed.READ: "sit",
    Deed.EAT: "sit",
    Deed.DRINK: "talk",
    Deed.PLAY_AN_INSTRUMENT: "talk",
    Deed.PUSH: "reach",
    Deed.PULL: "reach",
    Deed.KNOCK: "reach",
    Deed.TALK: "talk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One figure of a plate.

    Attributes:
        deed: A posture that can be drawn.
        told: What the scene says it does.
        toward: Index of another player it turns to, or None.
        holds: What is drawn in its hand.
        mount: What it rides, or None.
    """

    actor: Actor
    deed: str
    told: Deed
    toward: int | None = None
    holds: Thing = Thing.NONE
    mount: Actor | None = None


def choose_players(request: ImageRequest, staging: Staging) -> tuple[Player, ...]:
    """Those the scene puts there, each once; the first is the main one."""
    elements = {element.name: element for element in request.elements}
    players: list[Player] = []
    places: dict[int, int] = {}
    for index, figure in enumerate(staging.figures):
        actor = _actor(figure, elements.get(figure.name), request, index)
        if actor is None:
            continue
        if staging.indoors:
            actor = bareheaded(actor)
        places[index] = len(players)
        for copy in range(min(figure.count, MOST_ALIKE)):
            if len(players) < MOST_PLAYERS:
                players.append(_player(figure, _varied(actor, figure, request, copy)))
    players = [
        replace(player, toward=None if player.toward is None else places.get(player.toward)) for player in players
    ]
    return _mounted(_unlike(players), staging, request)


def _unlike(players: list[Player]) -> list[Player]:
    """No two people in clothes of one colour: the later one wears another."""
    worn: list[Colour] = []
    told: list[Player] = []
    for player in players:
        look = player.actor.look
        if player.actor.kind == "person":
            if any(_near(look.cloth, cloth) for cloth in worn):
                free = [cloth for cloth in ACCENTS if not any(_near(cloth, other) for other in worn)]
                look = replace(look, cloth=free[len(worn) % len(free)] if free else mix(look.cloth, (20, 16, 24), 0.45))
                player = replace(player, actor=replace(player.actor, look=look))
            worn.append(look.cloth)
        told.append(player)
    return told


def _near(one: Colour, two: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(one, two, strict=True)) < _ALIKE_BELOW


def _mounted(players: list[Player], staging: Staging, request: ImageRequest) -> tuple[Player, ...]:
    """Riders on what they ride: the beast they deal with, else the first that can bear them, else a horse."""
    steeds = [index for index, player in enumerate(players) if player.actor.kind in STEEDS]
    seated = staging.indoors or any(thing in _DRIVEN for thing in staging.things)
    gone: set[int] = set()
    for index, player in enumerate(players):
        if player.deed != "ride":
            continue
        if seated or player.actor.kind != "person":
            players[index] = replace(player, deed="sit" if seated else "run")
            continue
        free = [steed for steed in steeds if steed not in gone]
        steed = player.toward if player.toward in free else free[0] if free else None
        if steed is not None:
            gone.add(steed)
        dice = Random(seed_of(request.book_title, "horse", str(index)))
        mount = players[steed].actor if steed is not None else actor_by_words("", "horse", ["horse"], dice)
        players[index] = replace(player, mount=mount, toward=None if steed == player.toward else player.toward)
    kept = [index for index in range(len(players)) if index not in gone]
    moved: dict[int | None, int] = {index: place for place, index in enumerate(kept)}
    return tuple(replace(players[index], toward=moved.get(players[index].toward)) for index in kept)


def _player(figure: Figure, actor: Actor) -> Player:
    return Player(actor=actor, deed=posture(figure), told=figure.deed, toward=figure.toward, holds=figure.holds)


def posture(figure: Figure) -> str:
    """The nearest posture that can be drawn for what a figure does."""
    deed: Deed | None = figure.deed
    while deed is not None:
        if deed in _POSED:
            return _POSED[deed]
        if deed.value in POSES:
            return deed.value
        deed = PLAINER.get(deed)
    return "stand"


def _actor(figure: Figure, element: Element | None, request: ImageRequest, index: int) -> Actor | None:
    """The looks of a figure; None for a creature without an outline."""
    if figure.being is Being.CREATURE:
        kind = ALIKE.get(figure.species, figure.species.value)
        if kind not in BEASTS and kind not in outlines():
            return None
        dice = Random(seed_of(request.book_title, figure.name or f"{figure.noun} {index}"))
        words = element.description.lower().split() if element else []
        actor = actor_by_words(figure.name, kind, [kind, *words], dice)
        coat = _COATS.get(figure.species, actor.accent)
        return replace(actor, noun=figure.noun or figure.species.value, accent=coat)
    words = _plain_words(figure)
    if element is not None:
        return named_actor(element, request.book_title, hints=words)
    seed = seed_of(request.book_title, request.scene.quote.text, figure.name, figure.noun, str(index))
    actor = actor_by_words(figure.name, "person", words, Random(seed))
    return replace(actor, noun=figure.noun or actor.noun)


def _plain_words(figure: Figure) -> list[str]:
    """Sex, age and noun of a person in the words that looks are made from."""
    words = [figure.noun] if figure.noun else []
    child = figure.age in {Age.BABY, Age.CHILD}
    if figure.sex is Sex.WOMAN:
        words.append("girl" if child else "woman")
    elif figure.sex is Sex.MAN:
        words.append("boy" if child else "man")
    if child:
        words.append("child")
    if figure.age is Age.OLD:
        words.append("old")
    return words


def _varied(actor: Actor, figure: Figure, request: ImageRequest, copy: int) -> Actor:
    """The second and third of several alike differ in height and cloth."""
    if copy == 0 or actor.kind != "person":
        return actor
    seed = seed_of(request.book_title, request.scene.quote.text, figure.noun, f"copy {copy}")
    return replace(actor_by_words("", "person", _plain_words(figure), Random(seed)), noun=actor.noun)

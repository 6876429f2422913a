"""Who is in a plate where the scene says so: a figure with the looks of its element, what it does, and to whom."""

from dataclasses import dataclass, replace
from random import Random

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.people_words import MOST_ALIKE
from imaginized.providers.builtin.plates.beasts import BEASTS
from imaginized.providers.builtin.plates.blocking import LYING
from imaginized.providers.builtin.plates.boarding import board
from imaginized.providers.builtin.plates.canvas import Colour
from imaginized.providers.builtin.plates.cast import Actor, actor_by_words, bareheaded, is_told, named_actor, unlike
from imaginized.providers.builtin.plates.families import as_families, of_both_sexes
from imaginized.providers.builtin.plates.mounting import STABLED, STALL_LESS, STEEDS, mount
from imaginized.providers.builtin.plates.objects import outlines
from imaginized.providers.builtin.plates.palette import COLOURS
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.poses import POSES
from imaginized.providers.builtin.plates.props import PROPS
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.told import UPRIGHT
from imaginized.providers.builtin.plates.trades import Company, company_of
from imaginized.providers.builtin.plates.wardrobe import Era, era_of
from imaginized.providers.builtin.plates.words import DAY_HATS
from imaginized.providers.builtin.telling import KIN
from imaginized.story.elements import Element
from imaginized.story.stage_lists import PLAINER, Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Reference, Sex, Staging

MOST_PLAYERS = 6
# The outline that a species shares with another; what is in neither list is not drawn, and never as a person.
ALIKE: dict[Species, str] = {
    Species.PUPPY: "dog",
    Species.KITTEN: "cat",
    Species.PONY: "horse",
    Species.MULE: "donkey",
    Species.BULL: "cow",
    Species.OX: "cow",
    Species.LAMB: "sheep",
    Species.RAT: "mouse",
}
_SCALES: dict[Species, float] = {
    Species.PUPPY: 0.6,
    Species.KITTEN: 0.6,
    Species.PONY: 0.72,
    Species.MULE: 1.12,
    Species.BULL: 1.12,
    Species.OX: 1.08,
    Species.LAMB: 0.6,
    Species.RAT: 1.3,
}
_COATS: dict[Species, Colour] = {
    Species.FOX: (178, 92, 46),
    Species.TIGER: (214, 138, 60),
    Species.DONKEY: (128, 122, 118),
    Species.MULE: (112, 92, 78),
    Species.GOAT: (206, 196, 178),
    Species.RAT: (92, 86, 86),
}
# The colours of beasts that have no paper of their own.
_SHADES = {"bay": "russet", "chestnut": "russet", "roan": "russet", "sorrel": "russet", "red": "russet",
    "cream": "ivory", "dun": "amber", "tawny": "amber", "yellow": "amber"}  # fmt: skip
_GIANT = 0.55  # of a grown man: from here on a beast of the water is not carried ashore
_WATERS = frozenset({Setting.SEA, Setting.BOAT, Setting.UNDERWATER})
_BANKS = frozenset({Setting.RIVER, Setting.LAKE, Setting.SHORE})  # what is seen there is the land
_WALKING = frozenset({"horse", "donkey", "dog", "wolf", "cow", "bear", "lion", "elephant", "camel"})
_POSED: dict[Deed, str] = {
    Deed.ROW: "row",
    Deed.EMBRACE: "embrace",
    Deed.KISS: "embrace",
    Deed.SHAKE_HANDS: "shake",
    Deed.CHASE: "run",
    Deed.LISTEN: "hark",
    Deed.PLAY_AN_INSTRUMENT: "fiddle",
    Deed.LIGHT: "reach",
    Deed.BURY: "dig",
    Deed.BITE: "fight",
    Deed.SAIL: "look out",
}
_ARMED: dict[tuple[str, Thing], str] = {  # what somebody holds decides how it is done
    ("fight", Thing.SWORD): "fence",
    ("strike", Thing.SWORD): "fence",
    ("shoot", Thing.GUN): "aim",
    ("point", Thing.GUN): "aim",
    ("raise", Thing.GUN): "aim",
    ("point", Thing.PISTOL): "shoot",
    ("raise", Thing.PISTOL): "shoot",
    ("shoot", Thing.BOW): "draw bow",
    ("point", Thing.BOW): "draw bow",
    ("raise", Thing.BOW): "draw bow",
    ("pull", Thing.BOW): "draw bow",
    ("look out", Thing.WINDOW): "at window",
    ("look out", Thing.CURTAIN): "at window",
    ("fight", Thing.KNIFE): "stab",
    ("fiddle", Thing.FLUTE): "flute",
    ("fiddle", Thing.TRUMPET): "flute",
    ("fiddle", Thing.GUITAR): "strum",
    ("fiddle", Thing.HARP): "strum",
    ("fiddle", Thing.PIANO): "piano",
    ("stand", Thing.BOOK): "read standing",
    ("stand", Thing.LETTER): "read standing",
    ("look", Thing.LETTER): "read standing",
    ("look", Thing.BOOK): "read standing",
    ("look", Thing.TELESCOPE): "aim",
}
# What the other does who is only there: who is embraced embraces, who is struck shrinks back.
ANSWERS: dict[str, str] = {
    "embrace": "embrace",
    "shake": "shake",
    "lead": "led",
    "strike": "flinch",
    "stab": "flinch",
    "seize": "flinch",
    "shoot": "flinch",
    "aim": "flinch",
    "draw bow": "flinch",
    "embrace low": "embrace",
    "pull": "led",
    "talk": "listen",
    "shout": "listen",
    "whisper": "listen",
    "laugh": "listen",
    "smile": "listen",
    "give": "take",
    "take": "give",
    "fight": "fight",
    "fence": "fence",
    "bow": "listen",
    "dance": "dance",
    "push": "flinch",
}
_IDLE = frozenset({Deed.UNKNOWN, Deed.STAND, Deed.LOOK, Deed.LISTEN})
_ON_THE_WAY = frozenset({Deed.RIDE, Deed.WALK, Deed.RUN, Deed.CHASE, Deed.ENTER, Deed.LEAVE})
_HORSEMEN = frozenset({"horseman", "horsewoman", "rider", "cavalryman", "trooper", "dragoon", "hussar", "postilion"})
_SEATS = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.SOFA, Thing.BENCH})
_AT_TABLE = frozenset({Deed.WRITE, Deed.SEW, Deed.EAT, Deed.COOK, Deed.SLEEP})
_AT_SEA = frozenset({Setting.SEA, Setting.BOAT, Setting.SHIP_DECK, Setting.UNDERWATER})
_HANDS = frozenset({"", "man", "men", "fellow", "hand", "hands", "crew"})
_INDOOR_HATS = DAY_HATS - {"sailor", "peaked", "shako", "bicorne", "stetson", "helm", "kepi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fashion:
    """How the people of a book dress: by its times, and by what its men are of whom it says nothing."""

    era: Era
    company: Company


def choose_players(request: ImageRequest, staging: Staging) -> tuple[Player, ...]:
    """Those the scene puts there, each once; the first is the main one."""
    elements = {element.name: element for element in request.elements}
    fashion = Fashion(
        era=era_of(request.style, in_space=staging.setting is Setting.SPACESHIP), company=company_of(request.style)
    )
    staging = as_families(staging, childish=fashion.company.children)
    players: list[Player] = []
    places: dict[int, int] = {}
    alike: list[int] = []
    for index, figure in enumerate(staging.figures):
        actor = _actor(of_both_sexes(figure, 0), elements.get(figure.name), request, index, fashion)
        if actor is None or (staging.is_placed and not _lives_here(actor, staging.setting)):
            continue
        if len(players) >= MOST_PLAYERS:
            break  # nobody may turn to somebody who is not there
        places[index] = len(players)
        alike += [index] * min(figure.count, MOST_ALIKE, MOST_PLAYERS - len(players))
        for copy in range(min(figure.count, MOST_ALIKE)):
            if len(players) < MOST_PLAYERS:
                varied = _hatted(
                    _varied(actor, of_both_sexes(figure, copy), request, copy, fashion), staging, figure.deed
                )
                players.append(_player(figure, varied))
    players = [
        replace(player, toward=None if player.toward is None else places.get(player.toward)) for player in players
    ]
    acting = _leading(_lowered(_answered(_joined(_told_apart(players)), alike)))
    acting = board(acting, staging, book=request.book_title, rough=fashion.company.rough)
    return _burdened(mount(acting, staging, request))


def _hatted(actor: Actor, staging: Staging, deed: Deed) -> Actor:
    """Hats are for the street; where it is not known which it is, only those that tell who wears them."""
    if staging.setting in _AT_SEA and staging.is_placed:
        return bareheaded(actor, hats=_INDOOR_HATS - {"cap"})
    if staging.indoors is False and deed not in _AT_TABLE:
        return actor
    return bareheaded(actor, hats=DAY_HATS if staging.indoors else _INDOOR_HATS)


def _told_apart(players: list[Player]) -> list[Player]:
    """No two people of one colour in a plate; those whose colours the book tells are asked first."""
    order = sorted(
        (index for index, player in enumerate(players) if player.actor.kind == "person"),
        key=lambda index: (not is_told(players[index].actor.look), not players[index].actor.name, index),
    )
    taken: list[Colour] = []
    apart = list(players)
    for index in order:
        actor = unlike(players[index].actor, taken)
        taken.append(actor.look.cloth)
        apart[index] = replace(players[index], actor=actor)
    return apart


def _joined(players: list[Player]) -> list[Player]:
    """Who holds somebody, and nothing in the hand, has that one's hand."""
    joined = list(players)
    for index, player in enumerate(players[:-1]):  # two of a kind, who do it to each other
        alike = players[index + 1]
        both = player.told is alike.told and player.actor.noun == alike.actor.noun and not player.actor.name
        if both and player.told in _MUTUAL and joined[index].toward is None and alike.toward is None:
            joined[index : index + 2] = replace(player, toward=index + 1), replace(alike, toward=index)
    for index, player in enumerate(joined):
        other = players[player.toward] if player.toward is not None and player.toward < len(players) else None
        empty = player.deed == "hold" and not player.holds and not player.upon
        people = other is not None and player.actor.kind == other.actor.kind == "person"
        if empty and people and other is not None and other.told in _IDLE and not other.actor.look.is_baby:
            joined[index] = replace(player, deed="shake")
    return joined


def _answered(players: list[Player], alike: list[int]) -> list[Player]:
    """Who is only there answers what is done to it, and all of its kind; `alike` is the figure of each player."""
    answered = list(players)
    for index, player in enumerate(players):
        other = player.toward
        if other is None or not 0 <= other < len(players) or other == index:
            continue
        partner = answered[other]
        free = partner.told in _IDLE and partner.toward in {None, index}
        if free and player.told is Deed.CHASE:
            for at, figure in enumerate(alike):
                fled = replace(answered[at], deed="run", toward=index if at == other else None)
                answered[at] = fled if figure == alike[other] else answered[at]
        answer = ANSWERS.get(player.deed, "")
        people = player.actor.kind == partner.actor.kind == "person"
        if free and answer and people and player.told is not Deed.CHASE:
            answered[other] = replace(partner, deed=answer, toward=index)
    return answered


def _lowered(players: list[Player]) -> list[Player]:
    """Each as whom it deals with needs it: kneeling to a child, on the horse that is climbed."""
    lowered = list(players)
    for index, player in enumerate(players):
        if player.deed == "fall" and player.toward is None:
            steed = next((at for at, it in enumerate(players) if it.actor.kind in STEEDS and it.told in _IDLE), None)
            player = lowered[index] = replace(player, toward=steed)
        at = player.toward
        if at is None or at >= len(players) or player.actor.kind != "person":
            continue
        other = players[at]
        lowered[index] = replace(player, deed=_fitted(player, other))
        if other.told not in _IDLE:
            continue
        if player.deed == "fall" and other.actor.kind in STEEDS:
            lowered[at] = replace(other, deed="fight")  # it rears
        elif player.told is Deed.BURY and other.actor.kind == "person":
            lowered[at] = replace(other, deed="lie dead", told=Deed.LIE_DEAD)
    return lowered


def _fitted(player: Player, other: Player) -> str:
    """The posture of a deed for the one to whom it is done."""
    if other.actor.kind != "person":
        if player.deed in _HANDED and _is_small_beast(other.actor):
            return "stoop"
        return "ride" if player.deed == "climb" and other.actor.kind in STEEDS else player.deed
    small = other.actor.look.is_small and not player.actor.look.is_small
    if player.deed == "embrace" and small:
        return "embrace low"
    if player.deed == "help" and other.deed in LYING:
        return "kneel"
    return "hold out" if player.deed == "reach" else player.deed


def _is_small_beast(actor: Actor) -> bool:
    """Whether one has to stoop to lay a hand on it."""
    if actor.kind in outlines():
        outline = outlines()[actor.kind]
        return outline.stands not in {"air", "sea"} and outline.share * actor.scale < _KNEE_HIGH
    return actor.kind in BEASTS and BEASTS[actor.kind].size * actor.scale < _KNEE_HIGH


_KNEE_HIGH = 0.4  # of a grown man
_HANDED = frozenset({"seize", "touch", "give", "take", "reach", "hold"})


def _leading(players: list[Player]) -> list[Player]:
    """A beast as large as a dog is not carried: who brings it leads it."""
    led = [
        player.deed == "carry" and player.toward is not None and players[player.toward].actor.kind in _WALKING
        for player in players
    ]
    return [replace(player, deed="lead") if lead else player for player, lead in zip(players, led, strict=True)]


def _burdened(players: tuple[Player, ...]) -> tuple[Player, ...]:
    """Who carries somebody has them in the arms, and they stand nowhere else; a baby that nobody holds sits."""
    borne: dict[int, int] = {}
    for index, player in enumerate(players):
        other = player.toward
        if other is None or other == index or other in borne or index in borne:
            continue
        if _is_borne(player, players[other]):
            borne[other] = index
    loaded = [
        replace(player, deed="bear" if player.toward in borne and player.deed == "carry" else player.deed)
        for player in map(_seated_baby, players)
    ]
    for other, index in borne.items():
        player, held = players[index], "bear"
        if players[other].actor.look.is_baby:
            held = "kiss baby" if player.told is Deed.KISS else "cradle"
        loaded[index] = replace(player, burden=players[other].actor, toward=None, deed=held)
    kept = [index for index in range(len(players)) if index not in borne]
    moved: dict[int | None, int] = {index: place for place, index in enumerate(kept)}
    return tuple(replace(loaded[index], toward=moved.get(loaded[index].toward)) for index in kept)


def _is_borne(player: Player, other: Player) -> bool:
    """Whether one has the other in the arms: whom they carry, and a baby that they hold or kiss."""
    if other.actor.kind != "person" or player.actor.kind != "person":
        return False
    held = player.told in _HELD_BABIES and other.actor.look.is_baby and not player.actor.look.is_baby
    return player.deed == "carry" or held


def _seated_baby(player: Player) -> Player:
    stands = player.actor.kind == "person" and player.actor.look.is_baby and player.told in _IDLE
    return replace(player, deed="sit low") if stands else player


_MUTUAL = frozenset({Deed.SHAKE_HANDS, Deed.EMBRACE, Deed.KISS, Deed.DANCE, Deed.FIGHT})
_HELD_BABIES = frozenset({Deed.CARRY, Deed.HOLD, Deed.KISS, Deed.EMBRACE, Deed.RAISE, Deed.TAKE, Deed.SEIZE})


def _lives_here(actor: Actor, setting: Setting) -> bool:
    """Whether a beast can be where this is: a whale is seen beyond the rail of a deck, a horse outside a room."""
    if actor.kind in STABLED and setting in STALL_LESS:
        return False
    outline = outlines().get(actor.kind)
    if outline is None or outline.stands != "sea":
        return True
    return setting in _WATERS or (outline.share < _GIANT and setting not in _BANKS)


def _player(figure: Figure, actor: Actor) -> Player:
    return Player(
        actor=actor,
        deed="ride" if _is_mounted(figure) else posture(figure),
        told=figure.deed,
        toward=figure.toward,
        holds=figure.holds or (Thing.ROPE if figure.upon is Thing.ROPE else Thing.NONE),
        upon=figure.upon,
        support=figure.support,
        way=figure.way,
    )


def _is_mounted(figure: Figure) -> bool:
    """Whether the noun for somebody puts them on a horse for what they do: a horseman who waits, a rider on the way."""
    afoot = figure.deed not in _ON_THE_WAY
    return figure.noun in _HORSEMEN and (not afoot or (figure.noun != "rider" and figure.deed in _IDLE))


def posture(figure: Figure) -> str:
    """The nearest posture that can be drawn for what a figure does, with what it holds."""
    deed: Deed | None = figure.deed
    if figure.being is Being.PERSON and figure.deed in (Deed.SLEEP, Deed.LIE) and figure.upon in UPRIGHT:
        deed = Deed.SIT
    while deed is not None:
        pose = _POSED.get(deed, deed.value)
        if pose in POSES:
            return _handled(pose, figure)
        deed = PLAINER.get(deed)
    return "stand"


def _handled(pose: str, figure: Figure) -> str:
    """The same deed as what is held needs it."""
    thing = figure.holds or figure.upon
    if (pose, thing) in _ARMED:
        return _ARMED[pose, thing]
    if pose == "hark" and figure.toward is not None:
        return "listen"
    if pose == "weep" and figure.upon in _SEATS:
        return "sit weep"
    if pose == "sit" and figure.upon is Thing.CARPET:
        return "sit low"  # on the floor
    if pose == "stand" and figure.holds:
        return "hold"
    if pose == "carry" and thing and thing.value not in PROPS:
        return "bear"  # else a bundle would be carried, too
    return pose


def _actor(
    figure: Figure, element: Element | None, request: ImageRequest, index: int, fashion: Fashion
) -> Actor | None:
    """The looks of a figure; None for a creature without an outline."""
    if figure.being is Being.CREATURE:
        kind = ALIKE.get(figure.species, figure.species.value)
        if kind not in BEASTS and kind not in outlines():
            return None
        dice = Random(seed_of(request.book_title, figure.name or f"{figure.noun} {index}"))
        words = element.description.lower().split() if element else []
        actor = actor_by_words(figure.name, kind, [kind, *words], dice)
        coat = COLOURS.get(_SHADES.get(figure.coat, figure.coat)) or _COATS.get(figure.species, actor.accent)
        return replace(
            actor, noun=figure.noun or figure.species.value, accent=coat, scale=_SCALES.get(figure.species, 1.0)
        )
    words = _plain_words(figure)
    staging = request.scene.staging
    aboard = staging is not None and staging.is_placed and staging.setting in _AT_SEA
    if aboard and figure.noun in _HANDS and figure.sex is not Sex.WOMAN and element is None:
        words.append("sailor")  # a man aboard is one of the crew
    if element is not None:
        actor = named_actor(element, request.book_title, hints=words, era=fashion.era, company=fashion.company)
        return replace(actor, name="") if figure.reference is Reference.GUESS else actor
    seed = seed_of(request.book_title, request.scene.quote.text, figure.name, figure.noun, str(index))
    return _nameless(figure, words, Random(seed), request, fashion)


def _nameless(figure: Figure, words: list[str], dice: Random, request: ImageRequest, fashion: Fashion) -> Actor:
    """Somebody of whom only a noun is known, dressed as the people of this book are."""
    actor = actor_by_words(
        figure.name,
        "person",
        words,
        dice,
        hints=words,
        era=fashion.era,
        company=fashion.company,
        book=request.book_title,
    )
    return replace(actor, noun=actor.noun if figure.noun in KIN else figure.noun or actor.noun, is_known=False)


def actor_of(figure: Figure, element: Element, *, book_title: str, era: Era) -> Actor:
    """The looks of somebody outside any scene: those of the plates, where nothing that is done changes them."""
    return named_actor(element, book_title, hints=_plain_words(figure), era=era)


def _plain_words(figure: Figure) -> list[str]:
    """Sex, age and noun of a person in the words that looks are made from."""
    grown = figure.noun in {"girl", "boy"} and figure.age is Age.YOUNG
    words = [figure.noun] if figure.noun and not grown else []
    child = figure.age in {Age.BABY, Age.CHILD}
    if figure.sex is Sex.WOMAN:
        words.append("girl" if child else "woman")
    elif figure.sex is Sex.MAN:
        words.append("boy" if child else "man")
    if child:
        words.append("baby" if figure.age is Age.BABY else "child")
    if figure.age in {Age.OLD, Age.YOUNG}:
        words.append(figure.age.value)
    return words


def _varied(actor: Actor, figure: Figure, request: ImageRequest, copy: int, fashion: Fashion) -> Actor:
    """The second and third of several alike differ in height and cloth."""
    if copy == 0 or actor.kind != "person":
        return actor
    seed = seed_of(request.book_title, request.scene.quote.text, figure.noun, f"copy {copy}")
    return _nameless(replace(figure, name=""), _plain_words(figure), Random(seed), request, fashion)

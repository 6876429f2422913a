"""Verbs that are a deed only with the words after them: to spring up, to throw oneself down. English only."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Being


class Noun(Protocol):
    """A noun phrase or a verb of a clause, as `acting` cuts it."""

    at: int
    who: list[Actor]
    thing: Thing
    prep: str
    phrase: Phrase | None
    owner: Actor | None
    other: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A verb with the nouns after it; `end` is the first token that is no longer of it; `cries`: "cry", "crying".

    Of a `passive` one the doers are whom it befalls, and who does it stands after "by".
    """

    verb: Noun
    nouns: Sequence[Noun]
    end: int
    spoken: bool
    cries: bool
    doers: list[Actor]
    passive: bool = False


Found = tuple[Deed, Actor | None, Thing, Thing]


PUTTING = words("put throw fling lay wind pass slip cast twine fold")
SINKING = words("fall sink drop go get throw be cast")
TAKING = words("take seize hold grasp catch clasp press squeeze grip clutch")
SHOWING = words("hold stretch reach extend put")
UPWARDS = words("up aloft high")
MOVING_EYES = words("raise lift cast throw turn drop bend sink fix")
FALLEN = words("asleep silent ill short")
# What is said after "fell" of a body that falls; without it one falls to work, in love, into a habit.
DOWNWARDS = words(
    "from down off over overboard headlong backward backwards forward forwards heavily senseless unconscious "
    "insensible dead prone prostrate flat ground floor earth heap downstairs stairs faint swoon water pit"
)
GROUND = words("down ground floor earth grass bed sofa couch bunk bench turf sand snow straw hay")
NECKS = words("neck arms breast bosom")
WORN = words(
    "coat cap hat bonnet glove gloves shirt shoe shoes boot boots stocking stockings trousers collar sleeve sleeves "
    "cloak shawl suspenders mittens overcoat dress skirt jacket veil hood tie watch moustache mustache beard"
)
AT = words(
    "at to toward towards on upon with against over beside before round around about by behind after into for "
    "near of past"
)
# At a table one sits, on a chair, too; by the fire one only is near it.
ON = words("on upon in into at against through up down over across")
BESIDE = words("by beside before")
MEALS = words("something anything nothing enough little much more food bread meal")
NEAR = 9  # words after a verb that may say how it is done
_ARMS, _HANDS = words("arm arms"), words("hand hands arm arms finger fingers paw")


SEEMING = words("a an the every quite very rather almost nearly such still more less like no altogether wholly")
SEEN_AT = 4  # words after "looked" that say at whom: "looked a moment at him", "looked a king as he went up"
AIMED = words("at after face over up through out into down round about away back way")


def _look(base: str, said: list[str], clause: Clause) -> Found | None:
    if base == "look" and SEEMING.intersection(said[:1]) and AIMED.isdisjoint(said[:SEEN_AT]):
        return NOTHING  # who looks a beggar, and very old
    into = next((noun.thing for noun in clause.nouns if noun.prep in ("in", "through", "into")), Thing.NONE)
    if into is Thing.DOOR:
        return Deed.LOOK, None, into, Thing.NONE
    out = "out" in said[:2]
    return (Deed.LOOK_OUT, None, upon_of(clause, Deed.LOOK_OUT), Thing.NONE) if out else None


def _cry(base: str, said: list[str], clause: Clause) -> Found | None:
    """Who cried in a tale called out; who cries or is crying weeps, and who cried bitterly."""
    if base == "call" and clause.passive:
        return NOTHING  # by what name
    weeps = TEARFUL.intersection(said[:4]) or (clause.cries and not CALLING.intersection(said))
    aloud = clause.spoken or said[:1] == ["out"] or not weeps
    return (Deed.SHOUT, aim_of(clause), Thing.NONE, Thing.NONE) if aloud else None


CALLING = words("shouting calling waving beckoning running to pointing yelling after at")
TEARFUL = words("bitterly quietly softly silently herself himself tears sobbed sobbing hard heart eyes over")


def _strike(_base: str, said: list[str], _clause: Clause) -> Found | None:
    lit = {"match", "light", "matches"}.intersection(said[:3])
    return (Deed.LIGHT, None, Thing.NONE, Thing.MATCH) if lit else None


def _hold(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who holds something up raises it; "his foot he held up" names it before."""
    if "up" not in said[:3]:
        return None
    named = any(noun.prep in ("", "up") for noun in clause.nouns[:1])
    return (Deed.RAISE, aim_of(clause), Thing.NONE, first_thing(clause)) if named else NOTHING


def _play(_base: str, said: list[str], clause: Clause) -> Found | None:
    if {"part", "trick", "tricks", "role"}.intersection(said):
        return NOTHING
    instrument = next((noun.thing for noun in clause.nouns if noun.thing in table.INSTRUMENTS), Thing.NONE)
    return (Deed.PLAY_AN_INSTRUMENT, None, instrument, instrument) if instrument else None


def _throw(_base: str, said: list[str], clause: Clause) -> Found | None:
    if said[:1] == ["off"]:
        return NOTHING
    if said[:1] == ["back"]:
        opens = {"lid", "cover", "door", "curtain", "curtains", "shutter", "shutters"}.intersection(said[:4])
        return (Deed.OPEN, None, upon_of(clause), Thing.NONE) if opens else NOTHING
    if "open" in said[:4]:
        return Deed.OPEN, None, upon_of(clause), Thing.NONE
    if {"traces", "harness", "collar"}.intersection(said):
        return Deed.PULL, None, upon_of(clause), Thing.NONE
    if STONES.intersection(said[:4]) and any(noun.who and noun.prep == "at" for noun in clause.nouns):
        return Deed.THROW, aim_of(clause), Thing.NONE, Thing.STONE
    if not {"himself", "herself", "themselves", "myself", "itself"}.intersection(said[:3]):
        return None
    aim = aim_of(clause)
    onto = any(noun.who and noun.who[0] is aim and noun.prep in THROWN_ON for noun in clause.nouns)
    if aim is not None and onto and not {"feet", "knees"}.intersection(said):
        return (Deed.EMBRACE if NECKS.intersection(said) else Deed.SEIZE), aim, Thing.NONE, Thing.NONE
    return _settled(said, clause) or NOTHING


STONES = words("stone stones pebble pebbles clod clods snowball snowballs")
THROWN_ON = words("on upon at into against round around")


def _settled(said: list[str], clause: Clause) -> Found | None:
    """Where somebody who falls, sinks or throws themselves comes to rest: on a seat, at feet, on a neck, on the bed."""
    seat = next((THINGS[word] for word in said if THINGS.get(word) in table.SEATS), Thing.NONE)
    if {"knees", "knee"}.intersection(said) or ("feet" in said and "at" in said):
        return Deed.KNEEL, aim_of(clause) or owner_of(clause), Thing.NONE, Thing.NONE
    if _is_face_down(said):
        return Deed.FALL, None, Thing.NONE, Thing.NONE
    if NECKS.intersection(said) and {"on", "upon", "into", "in"}.intersection(said):
        aim = aim_of(clause) or owner_of(clause)
        return (Deed.EMBRACE, aim, Thing.NONE, Thing.NONE) if aim else NOTHING
    oneself = {"himself", "herself", "themselves"}.intersection(said)
    if oneself and GROUND.intersection(said) and seat in (Thing.NONE, Thing.BED, Thing.SOFA):
        return Deed.LIE, None, seat, Thing.NONE
    if seat and {"into", "in", "on", "upon"}.intersection(said):
        return Deed.SIT, None, seat, Thing.NONE
    return None


def _is_face_down(said: list[str]) -> bool:
    """Whether somebody falls or lies on the face, as nobody does who goes to bed."""
    own = (words for words in zip(said, said[1:], said[2:], strict=False) if words[0] in ("on", "upon"))
    down = any(whose in _OWN and limb in ("face", "faces", "stomach", "stomachs") for _, whose, limb in own)
    return down or bool(PRONE.intersection(said[:3]))


_OWN = words("his her their its my our")
PRONE = words("prostrate prone grovelling groveling")


def _pull(_base: str, said: list[str], clause: Clause) -> Found | None:
    """To pull on a coat, or to pull at one's beard, is not to pull."""
    if "open" in said[:4]:
        return Deed.OPEN, None, upon_of(clause), Thing.NONE
    out = first_thing(clause)
    if out and {"out", "from", "forth"}.intersection(said):
        return Deed.HOLD, None, Thing.NONE, out
    seats = [noun.thing for noun in clause.nouns if noun.thing in table.SEATS and noun.prep in ("", "up", "back")]
    if seats and UP_TO.intersection(said):
        return Deed.SIT, None, seats[0], Thing.NONE  # who pulls up a chair sits down on it
    if seats and AWAY.intersection(said):
        return Deed.STAND, None, Thing.NONE, Thing.NONE  # who pushes back a chair has risen
    return NOTHING if WORN.intersection(said) else None


AWAY = words("back away aside")
UP_TO = words("up to near nearer close closer forward beside before opposite")


def _lie(_base: str, said: list[str], clause: Clause) -> Found | None:
    if any(noun.thing and noun.prep in ("", "down", "aside") for noun in clause.nouns[:1]):
        return NOTHING  # "lay down the axe"
    if said[:1] in (["beyond"], ["ahead"]):
        return NOTHING  # "what lay beyond"
    if _is_face_down(said):
        return Deed.FALL, None, Thing.NONE, Thing.NONE  # no picture has them on the face, and a bed would be false
    dead = "dead" in said and not UNDYING.intersection(said)
    return (Deed.LIE_DEAD, None, upon_of(clause), Thing.NONE) if dead else None


UNDYING = words("more than half almost nearly as like if asleep tired faint drunk sleep dead-tired not")
ELBOWS = words("elbow elbows")


def _raise(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who raises himself upon an elbow lies; whom one lifts one helps or carries, and a curtain is opened."""
    if ELBOWS.intersection(said):
        oneself = {"himself", "herself", "themselves", "myself"}.intersection(said[:2])
        return (Deed.LIE, None, Thing.NONE, Thing.NONE) if oneself else NOTHING
    direct = next((noun for noun in clause.nouns[:1] if noun.prep in ("", "up")), None)
    if direct is None:
        return None
    if direct.thing in (Thing.CURTAIN, Thing.WINDOW, Thing.GATE):
        return Deed.OPEN, None, direct.thing, Thing.NONE
    if direct.thing and direct.thing not in table.HANDLED:
        return NOTHING  # bushes and lids are lifted, and no hand
    whom = direct.who[0] if direct.who and direct.owner is None and direct.who[0] not in clause.doers else None
    if whom is None or whom.count > 1:
        return None
    borne = whom.age in (Age.BABY, Age.CHILD) or {"arms", "carried", "bore"}.intersection(said)
    return (Deed.CARRY if borne else Deed.HELP), whom, Thing.NONE, Thing.NONE


def _go(base: str, said: list[str], clause: Clause) -> Found | None:
    head = said[:3]
    if base == "pass" and not clause.passive and (handed := _hand(clause)) is not None:
        return handed
    if base == "go" and any(pair in (("to", "bed"), ("to", "sleep")) for pair in itertools.pairwise(head)):
        return Deed.LIE, None, Thing.BED if "bed" in head else Thing.NONE, Thing.NONE
    if not (clause.verb.prep or clause.nouns or clause.doers):
        return NOTHING
    return None


def _hand(clause: Clause) -> Found | None:
    """Who passes somebody a thing gives it, and over the brow one passes a cloth; who passes a lamp walks by it."""
    thing = first_thing(clause)
    at = next((noun.at for noun in clause.nouns if noun.thing is thing and not noun.prep), None)
    if not thing or at is None:
        return None
    given = (noun for noun in clause.nouns if noun.prep == "to" or (not noun.prep and noun.at < at))
    whom = next((noun.who[0] for noun in given if noun.who), None)
    if whom is not None:
        return Deed.GIVE, whom, Thing.NONE, thing
    following = next((noun for noun in clause.nouns if noun.at > at), None)
    drawn = following is not None and following.prep in DRAWN_OVER
    return (Deed.HOLD, None, Thing.NONE, thing) if drawn else None


DRAWN_OVER = words("over across round through")


def _fall(base: str, said: list[str], clause: Clause) -> Found | None:
    """Only a body falls: what is let drop, and who falls to work or silent, shows nothing."""
    direct = any(noun.who or noun.thing for noun in clause.nouns[:1] if not noun.prep)
    if {"asleep", "sleep"}.intersection(said[:4]):
        return Deed.SLEEP, None, Thing.NONE, Thing.NONE
    if base in ("faint", "swoon", "collapse") or (base == "tumble" and not direct):
        return None
    if direct:  # "dropped the bundle on the bed"
        let_fall = clause.nouns[0].thing in table.HANDLED
        return (Deed.STAND, None, Thing.NONE, Thing.NONE) if let_fall else NOTHING
    rest = _settled(said, clause)
    if rest is not None:
        return rest
    if base == "sink":
        low = GROUND.intersection(said) or said[:1] == ["back"]
        return (Deed.SIT, None, Thing.NONE, Thing.NONE) if low else NOTHING
    bare = base != "drop" and (not said or said[:1] == ["and"])  # what is dropped may be named before or after
    falls = DOWNWARDS.intersection(said[:4]) or bare
    onto = said[:1] in (["on"], ["upon"], ["against"])  # who falls on the stairs does not fall from them
    return (Deed.FALL, None, Thing.NONE if onto else upon_of(clause), Thing.NONE) if falls else NOTHING


def _run(_base: str, said: list[str], clause: Clause) -> Found | None:
    if {"eye", "eyes", "glance", "mind", "finger", "fingers"}.intersection(said) or said[:2] in (
        ["over", "it"],
        ["through", "it"],
    ):
        return NOTHING
    if said[:1] == ["over"] and aim_of(clause) is None:
        return NOTHING  # who is run over does not run
    if said[:1] in (["into"], ["across"]) and any(noun.who and noun.prep == said[0] for noun in clause.nouns):
        return NOTHING  # who runs into a friend meets one
    return (Deed.STRIKE, aim_of(clause), Thing.NONE, Thing.NONE) if "over" in said[:3] and aim_of(clause) else None


WATERY = words("water river sea stream lake pool waves surf overboard headlong pond flood")


def _plunge(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who plunges into water jumps; into thoughts nobody does."""
    if WATERY.intersection(said):
        return Deed.JUMP, None, Thing.NONE, Thing.NONE
    place = any(noun.phrase is not None for noun in clause.nouns[:1])
    return (Deed.RUN, None, Thing.NONE, Thing.NONE) if place else NOTHING


def _climb(base: str, said: list[str], clause: Clause) -> Found | None:
    """One climbs a tree; stairs are walked, a horse is mounted, a carriage entered."""
    if {"feet", "bed"}.intersection(said[:4]):
        return NOTHING
    things = [noun.thing for noun in clause.nouns if noun.thing]
    aim = next((noun.who[0] for noun in clause.nouns if noun.who and noun.who[0].being is Being.CREATURE), None)
    if aim is not None and (base == "mount" or "on" in said[:2]):
        return Deed.RIDE, aim, Thing.NONE, Thing.NONE
    if base == "mount" and not CLIMBED.intersection(said) and not MOUNTED_TO.intersection(said):
        return NOTHING  # a table, a chair, into a window-seat
    if Thing.STAIRS in things or (base in ("mount", "ascend") and not CLIMBED.intersection(said)):
        return Deed.WALK, None, Thing.STAIRS if Thing.STAIRS in things else Thing.NONE, Thing.NONE
    if (
        {"in", "into", "out"}.intersection(said[:3])
        and not CLIMBED.intersection(said)
        and not {"window", "tree"}.intersection(said)
    ):
        return Deed.WALK, None, Thing.NONE, Thing.NONE
    return NOTHING if "down" in said[:3] and not CLIMBED.intersection(said) else None


MOUNTED_TO = words("stair stairs staircase step steps ladder upstairs flight deck room bed platform")
CLIMBED = words(
    "tree trees wall rock rocks cliff ladder rope mast rigging fence mountain hill bank slope crag tower roof"
)


def _stir(_base: str, _said: list[str], clause: Clause) -> Found | None:
    """Who stirs a pot cooks; who stirs moves, and who stirs the fire does neither."""
    return None if any(noun.thing in COOKED_IN for noun in clause.nouns) else NOTHING


COOKED_IN = frozenset({Thing.POT, Thing.BOWL, Thing.CUP, Thing.TEAPOT, Thing.JUG})


def _charge(_base: str, said: list[str], _clause: Clause) -> Found | None:
    return None if not said or ONWARDS.intersection(said[:1]) else NOTHING


ONWARDS = words("at down upon on into forward across through up toward towards and over along")


def _drive(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who drives on, past or home is on a carriage, even where none is named; not out to sea, nor a knife."""
    driven = any(noun.who and noun.who[0].being is Being.PERSON and not noun.prep for noun in clause.nouns[:1])
    if driven or NOT_DRIVEN.intersection(said) or any(noun.thing in table.WEAPONS for noun in clause.nouns[:1]):
        return NOTHING
    if ONWARDS.intersection(said[:1]) or {"past", "home", "away", "off", "to", "out"}.intersection(said[:1]):
        return Deed.DRIVE, None, upon_of(clause, Deed.DRIVE), Thing.NONE
    return None


NOT_DRIVEN = words("sea ashore adrift blade nail nails stake")


def _catch(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who catches sight, a glimpse or fire seizes nothing; whom one catches up one bears away."""
    whom = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and noun.prep in ("", "up")), None)
    if whom is not None and "up" in said[:3] and whom.count == 1 and whom not in clause.doers:
        overtaken = said[:1] != ["up"] and whom.age not in (Age.BABY, Age.CHILD) and not _ARMS.intersection(said)
        return (Deed.WALK if overtaken else Deed.CARRY), whom, Thing.NONE, Thing.NONE
    return NOTHING if said[:1] == ["of"] or CAUGHT.intersection(said[:3]) else None


CAUGHT = words("sight glimpse glimpses breath fire eye eyes cold hold up")


def _knock(_base: str, said: list[str], clause: Clause) -> Found | None:
    """To knock at a door is one thing, somebody down another."""
    aim = aim_of(clause)
    low = {"down", "over", "off", "senseless"}.intersection(said[:3])
    return (Deed.STRIKE, aim, Thing.NONE, Thing.NONE) if aim and low else None


def _struggle(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who struggles up or for breath fights nobody."""
    fought = aim_of(clause) is not None and {"with", "against"}.intersection(said[:4])
    return None if fought or not said else NOTHING


def _bring(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who brings somebody a meal carries the meal, not them."""
    thing = first_thing(clause)
    if thing:
        return Deed.CARRY, None, Thing.NONE, thing
    led = {"in", "back", "home", "here", "to", "into", "away"}.intersection(said[1:3])
    aim = next((noun.who[0] for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    return (Deed.LEAD, aim, Thing.NONE, Thing.NONE) if aim and led else NOTHING


def _reach(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who reaches a place has gone there; who reaches out or for something reaches."""
    if {"out", "for", "up", "down", "over", "hand", "hands", "arm", "arms"}.intersection(said[:4]):
        return None
    return (Deed.WALK, None, Thing.NONE, Thing.NONE) if any(not noun.prep for noun in clause.nouns) else NOTHING


def _put(base: str, said: list[str], clause: Clause) -> Found | None:
    """Who puts a candle on a table has it in the hand; who puts on a hat or a fire out is seen with neither."""
    direct = next((noun for noun in clause.nouns[:1] if not noun.prep), None)
    if direct is None or direct.thing not in table.HANDLED or said[:1] in (["on"], ["out"], ["off"], ["away"]):
        return NOTHING if base == "pour" else None
    whose = (noun.owner for noun in clause.nouns if noun.owner is not None and not noun.thing)
    return Deed.HOLD, next((who for who in whose if who not in clause.doers), None), Thing.NONE, direct.thing


def _pour(base: str, said: list[str], clause: Clause) -> Found | None:
    """Who pours has the bottle, the pot or the cup in the hand."""
    thing = first_thing(clause)
    whom = next((noun.who[0] for noun in clause.nouns if noun.who and not noun.prep), None)
    return (Deed.HOLD, whom, Thing.NONE, thing) if thing else _put(base, said, clause)


def _close(_base: str, said: list[str], clause: Clause) -> Found | None:
    """Who closes a book has it in the hand; who shuts somebody up or closes a bargain shows nothing."""
    thing = next((noun.thing for noun in clause.nouns if noun.thing and not noun.prep), Thing.NONE)
    if thing in (Thing.BOOK, Thing.UMBRELLA, Thing.FAN, Thing.KNIFE, Thing.WATCH):
        return Deed.HOLD, None, Thing.NONE, thing
    return None if thing in CLOSED and "up" not in said[:1] else NOTHING


CLOSED = frozenset(
    {Thing.DOOR, Thing.GATE, Thing.WINDOW, Thing.CURTAIN, Thing.CHEST, Thing.BOX, Thing.BAG, Thing.CUPBOARD, Thing.DESK}
)


NOTHING: Found = (Deed.UNKNOWN, None, Thing.NONE, Thing.NONE)
RULES: dict[str, Callable[[str, list[str], Clause], Found | None]] = {
    **dict.fromkeys(("look", "gaze", "peer", "lean", "stare", "peep"), _look),
    **dict.fromkeys(("cry", "call"), _cry),
    **dict.fromkeys(("throw", "fling", "cast", "strain"), _throw),
    **dict.fromkeys(("go", "come", "pass"), _go),
    "strike": _strike,
    "hold": _hold,
    "play": _play,
    "lie": _lie,
    **dict.fromkeys(("raise", "lift", "prop"), _raise),
    **dict.fromkeys(("fall", "sink", "drop", "topple", "tumble", "faint", "swoon", "collapse"), _fall),
    **dict.fromkeys(("pull", "draw", "tug", "haul", "push"), _pull),
    **dict.fromkeys(("plunge", "dive"), _plunge),
    **dict.fromkeys(("climb", "clamber", "scramble", "mount", "ascend"), _climb),
    "reach": _reach,
    "bring": _bring,
    "struggle": _struggle,
    **dict.fromkeys(("catch", "snatch", "pick", "gather"), _catch),
    "knock": _knock,
    "stir": _stir,
    **dict.fromkeys(("close", "shut", "slam"), _close),
    **dict.fromkeys(("put", "place", "lay", "set"), _put),
    "pour": _pour,
    "charge": _charge,
    "drive": _drive,
    "run": _run,
}
BODILY = frozenset(base for base, rule in RULES.items() if rule in (_fall, _throw, _pull))


def owner_of(clause: Clause, *, own: bool = False) -> Actor | None:
    """Whose hand: "took her hand" is hers, where somebody else is there; where it may be one's `own`, it is."""
    for noun in clause.nouns:
        owners = (noun.owner,) if own else (noun.owner, noun.other)
        whose = next((who for who in owners if who is not None and who not in clause.doers), None)
        if whose is not None:
            return whose
    return None


def aim_of(clause: Clause) -> Actor | None:
    """Whom it is done to: the object, else who stands after a preposition."""
    others = [noun for noun in clause.nouns if noun.who and noun.who[0] not in clause.doers]
    found = [noun for noun in others if not noun.prep] or [noun for noun in others if noun.prep in AT]
    return found[0].who[0] if found else None


def upon_of(clause: Clause, deed: Deed = Deed.STAND) -> Thing:
    if deed is Deed.LOOK_OUT:
        return next((noun.thing for noun in clause.nouns if noun.thing in (Thing.WINDOW, Thing.DOOR)), Thing.NONE)
    near = ON | BESIDE if deed in (Deed.KNEEL, Deed.KNOCK) else ON
    things = [noun for noun in clause.nouns if noun.thing and (not noun.prep or noun.prep in near)]
    if deed is Deed.DRIVE:
        things = [noun for noun in clause.nouns if noun.thing in table.VEHICLES]
    return things[0].thing if things else Thing.NONE


def first_thing(clause: Clause) -> Thing:
    return next((noun.thing for noun in clause.nouns if noun.thing in table.HANDLED), Thing.NONE)

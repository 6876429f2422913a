"""Which deed a verb with its objects is: "put her arms round him" is an embrace, "raised his eyes" is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.phrases import Phrase
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing


class Noun(Protocol):
    """A noun phrase or a verb of a clause, as `acting` cuts it."""

    at: int
    who: list[Actor]
    thing: Thing
    prep: str
    phrase: Phrase | None
    owner: Actor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A verb with the nouns after it; `end` is the first token that is no longer of it."""

    verb: Noun
    nouns: Sequence[Noun]
    end: int
    spoken: bool
    doers: list[Actor]


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


def find_deed(passage: Passage, clause: Clause) -> Found | None:
    """The deed of a clause with its aim, the thing it is done on, and what is held; None where none shows."""
    tokens = passage.tokens
    verb = tokens[clause.verb.at]
    base = {"seated": "sit", "pointed": "point"}.get(verb.lower, verb.base)
    if verb.lower == "asleep":
        return Deed.SLEEP, None, _upon(clause), Thing.NONE
    if verb.lower == "astride":
        return Deed.RIDE, _aim(clause), Thing.NONE, Thing.NONE
    said = [token.lower for token in tokens[clause.verb.at + 1 : clause.end]]
    if _is_other_sense(passage, clause, base):
        return None
    if base in _BODILY:  # "dropped groaning into a chair": what says how stands after a second verb
        said = _near(passage, clause.verb.at)
    limbs = [noun for noun in clause.nouns if noun.phrase and tokens[noun.at].facts & lex.BODY and not noun.prep]
    special = _with_limbs(base, said, clause, [tokens[noun.at].lower for noun in limbs]) or _by_words(
        base, said, clause
    )
    if special is not None:
        return special if special[0] else None
    deed = table.DEEDS.get(base)
    if deed is None:
        return None
    if limbs and not any(noun.who or noun.thing for noun in clause.nouns):
        return None if base in table.NEED_OBJECT | {"run", "play", "drag"} else (deed, None, Thing.NONE, Thing.NONE)
    return _plain(base, deed, clause)


def _near(passage: Passage, at: int) -> list[str]:
    """The words after a verb up to the next stop, few enough to be about it."""
    found: list[str] = []
    while at + 1 < len(passage.tokens) and passage.tokens[at].gap == " " and len(found) < NEAR:
        at += 1
        found.append(passage.tokens[at].lower)
    return found


def _is_other_sense(passage: Passage, clause: Clause, base: str) -> bool:
    """Tell "fell asleep", "it struck him that", "something to eat", which show nothing or are told by what follows."""
    tokens, at = passage.tokens, clause.verb.at
    after = tokens[min(at + 1, len(tokens) - 1)].lower
    if base == "fall":
        return after in FALLEN
    if base == "strike":
        return not {"as", "that"}.isdisjoint(token.lower for token in tokens[at + 2 : min(clause.end + 1, at + 6)])
    if table.DEEDS.get(base) in (Deed.EAT, Deed.DRINK):
        return at > 1 and tokens[at - 1].lower == "to" and tokens[at - 2].lower in MEALS
    return False


def _plain(base: str, deed: Deed, clause: Clause) -> Found | None:
    objects = [noun for noun in clause.nouns if not noun.prep]
    objects += [noun for noun in clause.nouns if noun.prep and noun.prep == clause.verb.prep and not objects]
    aim = _aim(clause) if deed in table.AT_SOMEBODY else None
    direct = next((noun for noun in objects if noun.thing), None)
    if (
        base in table.NEED_OBJECT
        and not any(noun.thing or noun.who for noun in objects)
        and base not in ("fire", "draw", "lead")
    ):
        return None
    if base == "draw" and not (direct and direct.thing in table.WEAPONS):
        deed = Deed.PULL
        if direct is None or direct.thing in table.SEATS or direct.thing is Thing.CURTAIN:
            return None
    elif base == "draw":
        deed = Deed.RAISE
    if base == "fire" and direct is None and clause.verb.prep not in ("at", "upon", "on", "into", ""):
        return None
    upon = _upon(clause, deed) if deed in table.UPON else Thing.NONE
    if base == "fire" and aim is None and not (direct and direct.thing in table.FIREARMS):
        return None
    return deed, aim, upon, _held(base, deed, clause, direct)


def _with_limbs(base: str, said: list[str], clause: Clause, limbs: list[str]) -> Found | None:
    """Deeds of arms, hands, knees and eyes; (Deed.UNKNOWN, …) for what shows nothing."""
    aim = _aim(clause)
    if base == "shake":
        if "hands" in said or ("hand" in said and aim):
            return Deed.SHAKE_HANDS, aim, Thing.NONE, Thing.NONE
        return (Deed.RAISE, aim, Thing.NONE, Thing.NONE) if "fist" in said or "stick" in said else NOTHING
    if base in SINKING and ("knees" in said or "knee" in said):
        return Deed.KNEEL, aim, Thing.NONE, Thing.NONE
    if _ARMS.intersection(said) and base in PUTTING and table.EMBRACING.intersection(said):
        return Deed.EMBRACE, aim or _owner(clause), Thing.NONE, Thing.NONE
    if base in TAKING and "arms" in said and "in" in said and aim:
        return Deed.EMBRACE, aim, Thing.NONE, Thing.NONE
    if limbs and _HANDS.intersection(limbs):
        return _of_hands(base, said, aim, clause) or (NOTHING if base in table.NEED_OBJECT else None)
    if limbs and base in MOVING_EYES | {"shake", "open", "close", "shut", "hold"}:
        return NOTHING
    return None


def _of_hands(base: str, said: list[str], aim: Actor | None, clause: Clause) -> Found | None:
    upon = Thing.NONE
    if (base in TAKING and base != "hold") or (base == "hold" and "out" not in said and "up" not in said):
        return Deed.HOLD, aim or _owner(clause), upon, Thing.NONE
    if base in ("raise", "lift", "wave") or UPWARDS.intersection(said):
        return (Deed.WAVE if base == "wave" else Deed.RAISE), aim, upon, Thing.NONE
    if base in SHOWING and ("out" in said or base in ("stretch", "reach", "extend")):
        return Deed.REACH, aim, upon, Thing.NONE
    if base in ("lay", "put", "place", "rest", "pass", "clap", "set") and ("on" in said or "upon" in said):
        return Deed.TOUCH, aim or _owner(clause), upon, Thing.NONE
    if base == "kiss":
        return Deed.KISS, aim or _owner(clause), upon, Thing.NONE
    if base == "give":
        return Deed.SHAKE_HANDS, aim, upon, Thing.NONE
    return None


def _owner(clause: Clause) -> Actor | None:
    """Whose hand: "took her hand" is hers, where somebody else of that sex is there."""
    for noun in clause.nouns:
        if noun.owner is not None and noun.owner not in clause.doers:
            return noun.owner
    return None


def _by_words(base: str, said: list[str], clause: Clause) -> Found | None:
    """Deeds that a verb is only together with a word after it; (Deed.UNKNOWN, …) for what shows nothing."""
    rule = _RULES.get(base)
    return rule(base, said, clause) if rule is not None else None


def _look(_base: str, said: list[str], clause: Clause) -> Found | None:
    out = "out" in said[:2]
    return (Deed.LOOK_OUT, None, _upon(clause, Deed.LOOK_OUT), Thing.NONE) if out else None


def _cry(_base: str, _said: list[str], clause: Clause) -> Found | None:
    return (Deed.SHOUT, _aim(clause), Thing.NONE, Thing.NONE) if clause.spoken else None


def _strike(_base: str, said: list[str], _clause: Clause) -> Found | None:
    lit = {"match", "light", "matches"}.intersection(said[:3])
    return (Deed.LIGHT, None, Thing.NONE, Thing.NONE) if lit else None


def _hold(_base: str, said: list[str], clause: Clause) -> Found | None:
    return (Deed.RAISE, _aim(clause), Thing.NONE, _first_thing(clause)) if "up" in said[:3] else None


def _play(_base: str, said: list[str], clause: Clause) -> Found | None:
    if {"part", "trick", "tricks", "role"}.intersection(said):
        return NOTHING
    instrument = next((noun.thing for noun in clause.nouns if noun.thing in table.INSTRUMENTS), Thing.NONE)
    return (Deed.PLAY_AN_INSTRUMENT, None, instrument, instrument) if instrument else None


def _throw(_base: str, said: list[str], clause: Clause) -> Found | None:
    if "open" in said[:4]:
        return Deed.OPEN, None, _upon(clause), Thing.NONE
    if {"traces", "harness", "collar"}.intersection(said):
        return Deed.PULL, None, _upon(clause), Thing.NONE
    if not {"himself", "herself", "themselves", "myself", "itself"}.intersection(said[:3]):
        return None
    aim = _aim(clause)
    if aim is not None and not {"feet", "knees"}.intersection(said):
        return (Deed.EMBRACE if NECKS.intersection(said) else Deed.SEIZE), aim, Thing.NONE, Thing.NONE
    return _settled(said, clause) or (Deed.JUMP, None, _upon(clause), Thing.NONE)


def _settled(said: list[str], clause: Clause) -> Found | None:
    """Where somebody who falls, sinks or throws themselves comes to rest: on a seat, at feet, on a neck, on the bed."""
    seat = next((table.THINGS[word] for word in said if table.THINGS.get(word) in table.SEATS), Thing.NONE)
    if {"knees", "knee"}.intersection(said) or ("feet" in said and "at" in said):
        return Deed.KNEEL, _aim(clause) or _owner(clause), Thing.NONE, Thing.NONE
    if NECKS.intersection(said) and {"on", "upon", "into", "in"}.intersection(said):
        aim = _aim(clause) or _owner(clause)
        return (Deed.EMBRACE, aim, Thing.NONE, Thing.NONE) if aim else NOTHING
    oneself = {"himself", "herself", "themselves"}.intersection(said)
    if oneself and GROUND.intersection(said) and seat in (Thing.NONE, Thing.BED, Thing.SOFA):
        return Deed.LIE, None, seat, Thing.NONE
    if seat and {"into", "in", "on", "upon"}.intersection(said):
        return Deed.SIT, None, seat, Thing.NONE
    return None


def _pull(_base: str, said: list[str], clause: Clause) -> Found | None:
    """To pull on a coat, or to pull at one's beard, is not to pull."""
    if "open" in said[:4]:
        return Deed.OPEN, None, _upon(clause), Thing.NONE
    return NOTHING if WORN.intersection(said) else None


def _lie(_base: str, said: list[str], clause: Clause) -> Found | None:
    if any(noun.thing and noun.prep in ("", "down", "aside") for noun in clause.nouns[:1]):
        return NOTHING  # "lay down the axe"
    return (Deed.LIE_DEAD, None, _upon(clause), Thing.NONE) if "dead" in said else None


def _go(base: str, said: list[str], clause: Clause) -> Found | None:
    head = said[:3]
    if base == "go" and "to" in head and ("bed" in head or "sleep" in head):
        return Deed.LIE, None, Thing.BED if "bed" in head else Thing.NONE, Thing.NONE
    if not (clause.verb.prep or clause.nouns or clause.doers):
        return NOTHING
    return None


def _fall(base: str, said: list[str], clause: Clause) -> Found | None:
    """Only a body falls: what is let drop, and who falls to work or silent, shows nothing."""
    direct = any(noun.who or noun.thing for noun in clause.nouns[:1] if not noun.prep)
    if base in ("faint", "swoon", "collapse") or (base == "tumble" and not direct):
        return None
    rest = _settled(said, clause)
    if rest is not None or direct:
        return rest or NOTHING
    if base == "sink":
        low = GROUND.intersection(said) or said[:1] == ["back"]
        return (Deed.SIT, None, Thing.NONE, Thing.NONE) if low else NOTHING
    falls = DOWNWARDS.intersection(said[:4]) or not said or said[:1] == ["and"]
    return (Deed.FALL, None, _upon(clause), Thing.NONE) if falls else NOTHING


def _run(_base: str, said: list[str], clause: Clause) -> Found | None:
    if {"eye", "eyes", "glance", "mind"}.intersection(said):
        return NOTHING
    return (Deed.STRIKE, _aim(clause), Thing.NONE, Thing.NONE) if "over" in said[:3] and _aim(clause) else None


def _spring(_base: str, said: list[str], clause: Clause) -> Found | None:
    """To spring up is to stand, to spring forward to run."""
    if "feet" in said[:3] or said[:1] == ["up"]:
        return Deed.STAND, None, Thing.NONE, Thing.NONE
    away = {"forward", "away", "out", "into", "after"}.intersection(said[:1])
    return (Deed.RUN, _aim(clause), Thing.NONE, Thing.NONE) if away else None


NOTHING: Found = (Deed.UNKNOWN, None, Thing.NONE, Thing.NONE)
_RULES: dict[str, Callable[[str, list[str], Clause], Found | None]] = {
    **dict.fromkeys(("look", "gaze", "peer", "lean", "stare"), _look),
    **dict.fromkeys(("cry", "call"), _cry),
    **dict.fromkeys(("throw", "fling", "cast", "strain"), _throw),
    **dict.fromkeys(("go", "come", "pass"), _go),
    **dict.fromkeys(("spring", "jump", "leap", "bound"), _spring),
    "strike": _strike,
    "hold": _hold,
    "play": _play,
    "lie": _lie,
    **dict.fromkeys(("fall", "sink", "drop", "topple", "tumble", "faint", "swoon", "collapse"), _fall),
    **dict.fromkeys(("pull", "draw", "tug", "haul", "push"), _pull),
    "run": _run,
}
_BODILY = frozenset(base for base, rule in _RULES.items() if rule in (_fall, _throw, _pull))


def _aim(clause: Clause) -> Actor | None:
    """Whom it is done to: the object, else who stands after a preposition."""
    others = [noun for noun in clause.nouns if noun.who and noun.who[0] not in clause.doers]
    direct = [noun for noun in others if not noun.prep]
    around = [noun for noun in others if noun.prep in AT]
    return (direct or around)[0].who[0] if direct or around else None


def _upon(clause: Clause, deed: Deed = Deed.STAND) -> Thing:
    if deed is Deed.LOOK_OUT:
        return next((noun.thing for noun in clause.nouns if noun.thing in (Thing.WINDOW, Thing.DOOR)), Thing.NONE)
    near = ON | BESIDE if deed in (Deed.KNEEL, Deed.KNOCK) else ON
    things = [noun for noun in clause.nouns if noun.thing and (not noun.prep or noun.prep in near)]
    return things[0].thing if things else Thing.NONE


def _first_thing(clause: Clause) -> Thing:
    return next((noun.thing for noun in clause.nouns if noun.thing in table.HANDLED), Thing.NONE)


def _held(base: str, deed: Deed, clause: Clause, direct: Noun | None) -> Thing:
    """What is in the hand: the object of holding, or "with a stick"."""
    if direct is not None and direct.thing in table.HANDLED and base in table.HOLDING:
        return direct.thing
    tools = [noun.thing for noun in clause.nouns if noun.prep == "with" and noun.thing in table.HANDLED]
    if tools and deed:
        return tools[0]
    return Thing.NONE

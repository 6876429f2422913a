"""Which deed a verb with its objects is: "put her arms round him" is an embrace, "raised his eyes" is none."""

import itertools

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.agreement import agreed_aim, agreed_thing, is_figurative
from imaginized.providers.builtin.handling import handled
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.steering import at_wheel
from imaginized.providers.builtin.verb_frames import find_other_sense
from imaginized.providers.builtin.verb_moves import find_move
from imaginized.providers.builtin.verb_senses import (
    _ARMS,
    _HANDS,
    BODILY,
    FALLEN,
    MEALS,
    MOVING_EYES,
    NEAR,
    NOTHING,
    PUTTING,
    RULES,
    SHOWING,
    SINKING,
    TAKING,
    UPWARDS,
    Clause,
    Found,
    Noun,
    aim_of,
    first_thing,
    owner_of,
    upon_of,
)
from imaginized.providers.builtin.vocabulary import words
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age


def find_deed(passage: Passage, clause: Clause) -> Found | None:
    """The deed of a clause with its aim, the thing it is done on, and what is held; None where none shows."""
    tokens = passage.tokens
    verb = tokens[clause.verb.at]
    base = {"seated": "sit", "pointed": "point", "closed": "close"}.get(verb.lower) or table.PARTICIPLES.get(
        verb.lower, verb.base
    )
    if verb.lower == "asleep":
        return Deed.SLEEP, None, upon_of(clause), Thing.NONE
    if verb.lower == "astride" and upon_of(clause) not in table.SEATS:
        return Deed.RIDE, aim_of(clause), Thing.NONE, Thing.NONE
    said = [token.lower for token in tokens[clause.verb.at + 1 : clause.end]]
    if _is_other_sense(passage, clause, base) or _is_of_the_mind(passage, clause, base):
        return None
    other = find_other_sense(passage, clause, base)
    if other is not None:
        return (other, aim_of(clause), upon_of(clause), Thing.NONE) if other else None
    moved = at_wheel(base, clause) or find_move(passage, clause, base, said)
    if moved is not None:
        return moved if moved[0] else None
    return _read(passage, clause, base, said)


def _read(passage: Passage, clause: Clause, base: str, said: list[str]) -> Found | None:
    """The deed of a verb that is meant as it stands, by limbs, by the words after it, by its object."""
    tokens = passage.tokens
    if base in BODILY:  # "dropped groaning into a chair": what says how stands after a second verb
        said = _near(passage, clause.verb.at)
    direct = ("", clause.verb.prep) if clause.verb.prep in _PARTICLES else ("",)  # "held out his hand"
    limbs = [noun for noun in clause.nouns if noun.phrase and tokens[noun.at].facts & lex.BODY and noun.prep in direct]
    special = _with_limbs(base, said, clause, [tokens[noun.at].lower for noun in limbs]) or _by_words(
        base, said, clause
    )
    if special is not None:
        return _in_bed(special, said) if special[0] else None
    deed = table.DEEDS.get(base)
    if deed is None:
        held = handled(clause, base)
        return (Deed.HOLD, None, Thing.NONE, held) if held else _with_a_tool(passage, clause)
    if _moves_a_thing(passage, clause, deed):
        return None
    if limbs and not any(noun.who or noun.thing for noun in clause.nouns):
        return None if base in table.NEED_OBJECT | {"run", "play", "drag"} else (deed, None, Thing.NONE, Thing.NONE)
    if deed in _NOT_ABSTRACT and _is_bare_noun(passage, clause):
        return None
    found = _plain(base, deed, clause)
    return found and _in_bed(found, said)


def _moves_a_thing(passage: Passage, clause: Clause, deed: Deed) -> bool:
    """Whether what is only done alone has an object here: "ran the shop", "walked his horse", "stole the purse"."""
    alone = deed in _ALONE or passage.tokens[clause.verb.at].base in _WALKED
    direct = next((noun for noun in clause.nouns[:1] if not noun.prep), None)
    if not alone or clause.passive or direct is None or direct.phrase is None:
        return False
    if direct.phrase.first != clause.verb.at + 1:
        return False
    facts = passage.tokens[direct.at].facts
    placed = deed is Deed.WALK and facts & lex.PLACE and not (direct.who or direct.thing or facts & lex.ITEM)
    return not facts & (lex.NATURE | lex.BODY) and not placed


_ALONE = frozenset({Deed.RUN, Deed.SWIM, Deed.DANCE, Deed.STAND, Deed.SIT, Deed.SLEEP, Deed.FLY})
_WALKED = words("walk stride march stroll wander tramp stagger limp creep steal trudge plod saunter shuffle hobble")


def _in_bed(found: Found, said: list[str]) -> Found:
    """Who sits up or lies "in bed" is in it, half-lying; the bare noun names no thing of the room."""
    deed, aim, upon, holds = found
    if deed not in (Deed.SIT, Deed.LIE, Deed.SLEEP) or (upon and upon is not Thing.BED):
        return found
    near = said[:IN_BED]
    if deed is Deed.SIT and not upon and "on" in near and _FLOORS.intersection(near):
        return deed, aim, Thing.CARPET, holds
    if "bed" in near and not upon and _EDGES.intersection(near):
        return deed, aim, Thing.BED, holds
    if ("in", "bed") not in itertools.pairwise(near) and not (upon and "in" in near):
        return found
    return (Deed.LIE if deed is Deed.SIT else deed), aim, Thing.BED, holds


IN_BED = 6  # words from a verb to "bed"
_FLOORS = frozenset({"floor", "carpet", "rug", "hearthrug", "hearth-rug", "matting"})
_EDGES = frozenset({"edge", "side", "foot", "end"})


def _with_a_tool(passage: Passage, clause: Clause) -> Found | None:
    """What nobody can be drawn doing "with a broom" shows the broom in the hand."""
    if clause.passive or not passage.tokens[clause.verb.at].facts & lex.ACT:
        return None
    tool = next(
        (noun.thing for noun in clause.nouns if noun.prep == "with" and noun.thing in table.HANDLED), Thing.NONE
    )
    return (Deed.HOLD, None, Thing.NONE, tool) if tool else None


_PARTICLES = frozenset({"out", "up", "forth"})


def _is_of_the_mind(passage: Passage, clause: Clause, base: str) -> bool:
    deed = table.DEEDS.get(base)
    if deed is Deed.PLAY and any(noun.thing in table.INSTRUMENTS for noun in clause.nouns):
        return False  # "played a tune on her banjo"
    if deed is Deed.READ and any(noun.thing and not noun.prep for noun in clause.nouns[:1]):
        return False
    return deed is not None and deed not in _UNTESTED and is_figurative(passage, clause, base)


def _is_bare_noun(passage: Passage, clause: Clause) -> bool:
    """Tell "read hatred in his eyes" from "read in the hall": a noun follows that is no thing."""
    at = clause.verb.at + 1
    if at >= clause.end or any(noun.at == at for noun in clause.nouns):
        return False
    facts = passage.tokens[at].facts
    return bool(facts & (lex.NOUN | lex.ABSTRACT)) and not facts & (lex.FUNCTION | lex.ADVERB | lex.QUALITY)


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
    if at and tokens[at - 1].lower in _NOT_QUITE and base not in _MOVED:
        return True
    if base == "support" and clause.passive and any(who.count > 1 for noun in clause.nouns for who in noun.who):
        return True  # "supported by a group of officers", who attend him
    said = [token.lower for token in tokens[at + 1 : clause.end]]
    if tokens[at].lower == "drunk" or (base == "regard" and "as" in said):
        return True  # "somewhat drunk", "regarded him as a fool"
    if base == "fall":
        return after in FALLEN
    if base == "strike":
        return not {"as", "that"}.isdisjoint(token.lower for token in tokens[at + 2 : min(clause.end + 1, at + 6)])
    if base == "devour" and not any(noun.thing for noun in clause.nouns):
        return True  # a book, a scene, with the eyes
    if table.DEEDS.get(base) in (Deed.EAT, Deed.DRINK):
        return at > 1 and tokens[at - 1].lower == "to" and tokens[at - 2].lower in MEALS
    return False


_NOT_QUITE = frozenset({"nearly", "almost"})
_MOVED = frozenset({"run", "walk", "leap", "jump", "spring", "shout", "scream", "fly"})


def _plain(base: str, deed: Deed, clause: Clause) -> Found | None:
    objects = [noun for noun in clause.nouns if not noun.prep]
    objects += [noun for noun in clause.nouns if noun.prep and noun.prep == clause.verb.prep and not objects]
    if deed in (Deed.PUSH, Deed.PULL) and not objects:
        objects = [noun for noun in clause.nouns if noun.thing and noun.prep in ("at", "against")]
    whom = _whom(base, deed, clause)
    aim = whom.who[0] if whom is not None else None
    direct = next((noun for noun in objects if noun.thing), None)
    if _is_no_talk(base, deed, clause) or (
        not (clause.passive and whom) and _is_done_to_none(base, deed, objects, whom)
    ):
        return None
    if base == "draw":
        drawn = _drawn(direct)
        if drawn is None:
            return None
        deed = drawn
    if base == "fire" and direct is None and clause.verb.prep not in ("at", "upon", "on", "into", ""):
        return None
    if not _has_what_it_needs(deed, aim, direct, clause):
        return None
    if direct is not None and aim is None and (turned := _by_thing(deed, direct.thing)) is not None:
        return turned if turned[0] else None
    if base == "fire" and aim is None and not (direct and direct.thing in table.FIREARMS):
        return None
    upon = _upon(deed, clause) if deed is not Deed.POINT or aim is None else Thing.NONE
    if deed is Deed.STRIKE and aim is None and upon in _NEVER_STRUCK:
        return None
    return _fitting(base, deed, upon, clause), aim, upon, _held(base, deed, clause, direct)


def _is_held_fast(base: str, clause: Clause) -> bool:
    """Whether somebody is clutched, or held by the arm: the picture of holding is two hands in each other."""
    whom = next((noun for noun in clause.nouns[:1] if noun.who and not noun.prep), None)
    if whom is None or whom.who[0].age in (Age.BABY, Age.CHILD):
        return False
    return base in _GRABBING or any(noun.prep == "by" for noun in clause.nouns[1:2])


def _whom(base: str, deed: Deed, clause: Clause) -> Noun | None:
    """Whom a deed is done to; who only comes comes to nobody: "Anna came, and a baby with her"."""
    whom = agreed_aim(deed, clause) if deed in table.AT_SOMEBODY else None
    direct = whom is not None and not whom.prep and not clause.passive
    if deed is Deed.CARRY and whom is not None and whom.prep == "to" and not first_thing(clause):
        return None  # "carried home to Anna the news of it"
    return None if direct and deed in _ONWARDS and base not in _REACHING else whom


def _is_no_talk(base: str, deed: Deed, clause: Clause) -> bool:
    """Tell "began it", "played a waltz" and "torn by grief" from what is said, from games and from running."""
    if clause.passive and deed in _NEVER_SUFFERED:
        return True
    if base == "play":
        return any(noun.who and not noun.prep for noun in clause.nouns[:1])
    return base in _SAYING_ONLY and not clause.spoken


_SAYING_ONLY = frozenset({"begin", "continue", "add"})
_ONWARDS = frozenset({Deed.WALK, Deed.RUN, Deed.JUMP})
_REACHING = frozenset({"approach", "follow", "accompany", "pass", "advance", "cross"})
_NEVER_SUFFERED = frozenset({Deed.RUN, Deed.JUMP, Deed.ENTER, Deed.LEAVE, Deed.SWIM, Deed.CLIMB})


def _fitting(base: str, deed: Deed, upon: Thing, clause: Clause) -> Deed:
    """Who lies back in a chair sits, and who clutches somebody or holds them by the arm seizes them."""
    if deed is Deed.HOLD and _is_held_fast(base, clause):
        return Deed.SEIZE
    return Deed.SIT if deed is Deed.LIE and upon in _UPRIGHT else deed


def _is_done_to_none(base: str, deed: Deed, objects: list[Noun], whom: Noun | None) -> bool:
    """Whether the object is nobody and no thing: "fired a question at him", "pulled her kerchief round her"."""
    if deed in _DIRECTLY and objects and not objects[0].prep and not (objects[0].who or objects[0].thing):
        return whom is not objects[0]
    needed = base in table.NEED_OBJECT and base not in ("fire", "draw", "lead")
    return needed and not any(noun.thing or noun.who for noun in objects)


def _drawn(direct: Noun | None) -> Deed | None:
    """A weapon is raised, a chair and a curtain are drawn by nobody who is seen, what else is drawn is pulled."""
    if direct is None or direct.thing in table.SEATS or direct.thing in (Thing.CURTAIN, Thing.PICTURE, Thing.MAP):
        return None
    return Deed.RAISE if direct.thing in table.WEAPONS else Deed.PULL


def _by_thing(deed: Deed, thing: Thing) -> Found | None:
    """What a deed is by its object: a cigar that is lit is smoked, a cross that is hugged is held."""
    if deed in table.MUTUAL:
        return (Deed.HOLD, None, Thing.NONE, thing) if thing in table.HANDLED else NOTHING
    if deed is Deed.TOUCH and thing in (*WORN_THINGS, Thing.HAT, Thing.COAT):
        return NOTHING  # a salute
    if deed in (Deed.PUSH, Deed.PULL) and thing in ON_HEADS:
        return NOTHING  # "pushed up her spectacles"
    if deed is Deed.LIGHT and thing in _LIT:
        return _LIT[thing], None, Thing.NONE, thing
    return None


def _upon(deed: Deed, clause: Clause) -> Thing:
    if deed not in table.UPON:
        return Thing.NONE
    if deed in (Deed.DRIVE, Deed.LOOK_OUT):
        return upon_of(clause, deed)
    thing = agreed_thing(deed, clause)
    return Thing.NONE if deed in _BORNE and thing not in _BEARING else thing  # who sits by the fire is not on it


def _has_what_it_needs(deed: Deed, aim: Actor | None, direct: Noun | None, clause: Clause) -> bool:
    """To give a glance, raise an objection, catch sight or fight a weakness shows nothing: the deed needs a thing."""
    thing = direct is not None and direct.thing not in (Thing.NONE, *WORN_THINGS)
    if deed in _NEED_THING:
        return thing
    if deed in _NEED_ONE:
        return thing or aim is not None
    if deed in _NOT_ABSTRACT:
        return aim is not None or thing or not any(not noun.prep for noun in clause.nouns)
    return True


ON_HEADS = frozenset({Thing.SPECTACLES, Thing.MASK, Thing.VEIL, Thing.BONNET, Thing.HAT, Thing.HELMET, Thing.CROWN})
WORN_THINGS = (Thing.GLOVE, Thing.CLOAK, Thing.SHOE, Thing.DRESS)
_BORNE = frozenset({Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.KNEEL})
_UPRIGHT = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.THRONE})
_BEARING = table.SEATS | table.VEHICLES | {Thing.CHEST, Thing.BOX, Thing.BARREL, Thing.TABLE, Thing.DESK, Thing.PIANO}
_NEED_THING = frozenset({Deed.GIVE, Deed.TAKE, Deed.RAISE, Deed.THROW, Deed.OPEN, Deed.CLOSE, Deed.COOK})
_NEED_ONE = frozenset(
    {Deed.SEIZE, Deed.HOLD, Deed.PULL, Deed.PUSH, Deed.CARRY, Deed.LEAD, Deed.HELP, Deed.STRIKE, Deed.BITE, Deed.STAB}
)
# Deeds whose object is the next noun or nobody.
_DIRECTLY = _NEED_ONE | {Deed.SHOOT, Deed.FIGHT, Deed.CHASE, Deed.THROW, Deed.TAKE, Deed.RAISE, Deed.TOUCH}
_NEVER_STRUCK = table.HANDLED | {Thing.NONE, Thing.HOUSE}
_UNTESTED = frozenset(
    {Deed.TALK, Deed.LOOK, Deed.WHISPER, Deed.LISTEN, Deed.SHOUT, Deed.STAND, Deed.LAUGH, Deed.SMILE, Deed.WEEP}
)
_LIT = {
    **dict.fromkeys((Thing.CIGAR, Thing.PIPE), Deed.SMOKE),
    **dict.fromkeys((Thing.CANDLE, Thing.LAMP, Thing.LANTERN, Thing.TORCH), Deed.HOLD),
}
_NOT_ABSTRACT = frozenset({Deed.FIGHT, Deed.SHOOT, Deed.CHASE, Deed.READ})


def _with_limbs(base: str, said: list[str], clause: Clause, limbs: list[str]) -> Found | None:
    """Deeds of arms, hands, knees and eyes; (Deed.UNKNOWN, …) for what shows nothing."""
    aim = aim_of(clause)
    if base == "shake":
        if "hands" in said or ("hand" in said and aim):
            return Deed.SHAKE_HANDS, aim, Thing.NONE, Thing.NONE
        if "fist" in said or "stick" in said:
            return Deed.RAISE, aim, Thing.NONE, Thing.NONE
        shaken = aim is not None and any(noun.who and not noun.prep for noun in clause.nouns[:1])
        return (Deed.SEIZE, aim, Thing.NONE, Thing.NONE) if shaken and not limbs else NOTHING
    if base in SINKING and not limbs and ("knees" in said or "knee" in said):
        return Deed.KNEEL, aim, Thing.NONE, Thing.NONE
    if _ARMS.intersection(said) and base in PUTTING and table.EMBRACING.intersection(said):
        return Deed.EMBRACE, aim or owner_of(clause), Thing.NONE, Thing.NONE
    if base in _GRABBING and aim and _is_by_the_hand(said):
        return Deed.SHAKE_HANDS, aim, Thing.NONE, Thing.NONE
    if base in TAKING and "arms" in said and {"in", "into"}.intersection(said) and aim:
        return Deed.EMBRACE, aim, Thing.NONE, Thing.NONE
    if limbs and _HANDS.intersection(limbs):
        return (
            _by_the_arm(base, said, aim, clause)
            or _of_hands(base, said, aim, clause)
            or (NOTHING if base in table.NEED_OBJECT else None)
        )
    if limbs and base in MOVING_EYES | {"shake", "open", "close", "shut", "slam", "hold"}:
        return NOTHING
    return None


_GRABBING = frozenset({"grab", "catch", "seize", "grip", "grasp", "clutch", "snatch"})


def _is_by_the_hand(said: list[str]) -> bool:
    return any(by == "by" and {"hand", "hands"}.intersection(said[at + 1 : at + 3]) for at, by in enumerate(said))


def _by_the_arm(base: str, said: list[str], aim: Actor | None, clause: Clause) -> Found | None:
    """Who clutches another's arm seizes them, and nobody by their own; only hands are held."""
    if base not in _GRABBING or not _ARMS.intersection(said) or not {"hand", "hands"}.isdisjoint(said):
        return None
    whose = aim or owner_of(clause)
    return (Deed.SEIZE, whose, Thing.NONE, Thing.NONE) if whose is not None else NOTHING


def _of_hands(base: str, said: list[str], aim: Actor | None, clause: Clause) -> Found | None:
    upon = Thing.NONE
    if base in TAKING and {"from", "off", "away"}.intersection(said[:4]) and owner_of(clause) is None:
        return NOTHING  # "took her finger from her mouth"
    if base in _FOLDING and "hands" in said[:3] and any(noun.owner in clause.doers for noun in clause.nouns[:1]):
        return NOTHING  # her own: "Anna clasped her hands"
    if (base in TAKING and base != "hold") or (base == "hold" and "out" not in said and "up" not in said):
        own = base == "hold"
        held = owner_of(clause, own=own)
        return (Deed.HOLD, held or (None if own else aim), upon, Thing.NONE)
    if base in ("raise", "lift") and aim is not None and {"finger", "forefinger"}.intersection(said):
        return Deed.POINT, aim, upon, Thing.NONE
    if base in ("raise", "lift", "wave") or (UPWARDS.intersection(said) and base not in _LOWERING):
        return (Deed.WAVE if base == "wave" else Deed.RAISE), aim, upon, Thing.NONE
    if base in SHOWING and ("out" in said or base in ("stretch", "reach", "extend")):
        return Deed.REACH, aim, upon, Thing.NONE
    if base in ("lay", "put", "place", "rest", "pass", "clap", "set") and ("on" in said or "upon" in said):
        return Deed.TOUCH, aim or owner_of(clause), upon, Thing.NONE
    if base == "kiss":
        return Deed.KISS, aim or owner_of(clause), upon, Thing.NONE
    if base == "give":
        return Deed.SHAKE_HANDS, aim, upon, Thing.NONE
    return None


_FOLDING = frozenset({"clasp", "press", "grip", "clutch", "squeeze"})
_LOWERING = frozenset({"drop", "lay", "rest", "fold", "let", "clasp", "press"})


def _by_words(base: str, said: list[str], clause: Clause) -> Found | None:
    """Deeds that a verb is only together with a word after it; (Deed.UNKNOWN, …) for what shows nothing."""
    rule = RULES.get(base)
    return rule(base, said, clause) if rule is not None else None


def _held(base: str, deed: Deed, clause: Clause, direct: Noun | None) -> Thing:
    """What is in the hand: the object of holding, or "with a stick"."""
    if direct is not None and direct.thing in table.HANDLED and base in table.HOLDING:
        return direct.thing
    tools = [noun.thing for noun in clause.nouns if noun.prep == "with" and noun.thing in table.HANDLED]
    if tools and deed:
        return tools[0]
    return Thing.NONE

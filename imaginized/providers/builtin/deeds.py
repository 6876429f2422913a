"""Which deed a verb with its objects is: "put her arms round him" is an embrace, "raised his eyes" is none."""

from imaginized.providers.builtin import acting_words as table
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin.actors import Actor
from imaginized.providers.builtin.sentences import Passage
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
    owner_of,
    upon_of,
)
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing


def find_deed(passage: Passage, clause: Clause) -> Found | None:
    """The deed of a clause with its aim, the thing it is done on, and what is held; None where none shows."""
    tokens = passage.tokens
    verb = tokens[clause.verb.at]
    base = {"seated": "sit", "pointed": "point"}.get(verb.lower) or table.PARTICIPLES.get(verb.lower, verb.base)
    if verb.lower == "asleep":
        return Deed.SLEEP, None, upon_of(clause), Thing.NONE
    if verb.lower == "astride" and upon_of(clause) not in table.SEATS:
        return Deed.RIDE, aim_of(clause), Thing.NONE, Thing.NONE
    said = [token.lower for token in tokens[clause.verb.at + 1 : clause.end]]
    if _is_other_sense(passage, clause, base):
        return None
    if base in BODILY:  # "dropped groaning into a chair": what says how stands after a second verb
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
    if deed in _NOT_ABSTRACT and _is_bare_noun(passage, clause):
        return None
    return _plain(base, deed, clause)


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
    if base == "fall":
        return after in FALLEN
    if base == "strike":
        return not {"as", "that"}.isdisjoint(token.lower for token in tokens[at + 2 : min(clause.end + 1, at + 6)])
    if base == "devour" and not any(noun.thing for noun in clause.nouns):
        return True  # a book, a scene, with the eyes
    if table.DEEDS.get(base) in (Deed.EAT, Deed.DRINK):
        return at > 1 and tokens[at - 1].lower == "to" and tokens[at - 2].lower in MEALS
    return False


def _plain(base: str, deed: Deed, clause: Clause) -> Found | None:
    objects = [noun for noun in clause.nouns if not noun.prep]
    objects += [noun for noun in clause.nouns if noun.prep and noun.prep == clause.verb.prep and not objects]
    aim = aim_of(clause) if deed in table.AT_SOMEBODY else None
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
    if not _has_what_it_needs(deed, aim, direct, clause):
        return None
    upon = upon_of(clause, deed) if deed in table.UPON else Thing.NONE
    if base == "fire" and aim is None and not (direct and direct.thing in table.FIREARMS):
        return None
    return deed, aim, upon, _held(base, deed, clause, direct)


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


WORN_THINGS = (Thing.GLOVE, Thing.CLOAK, Thing.SHOE, Thing.DRESS)
_NEED_THING = frozenset({Deed.GIVE, Deed.TAKE, Deed.RAISE, Deed.THROW, Deed.OPEN, Deed.COOK})
_NEED_ONE = frozenset(
    {Deed.SEIZE, Deed.HOLD, Deed.PULL, Deed.PUSH, Deed.CARRY, Deed.LEAD, Deed.HELP, Deed.STRIKE, Deed.BITE, Deed.STAB}
)
_NOT_ABSTRACT = frozenset({Deed.FIGHT, Deed.SHOOT, Deed.CHASE, Deed.READ})


def _with_limbs(base: str, said: list[str], clause: Clause, limbs: list[str]) -> Found | None:
    """Deeds of arms, hands, knees and eyes; (Deed.UNKNOWN, …) for what shows nothing."""
    aim = aim_of(clause)
    if base == "shake":
        if "hands" in said or ("hand" in said and aim):
            return Deed.SHAKE_HANDS, aim, Thing.NONE, Thing.NONE
        return (Deed.RAISE, aim, Thing.NONE, Thing.NONE) if "fist" in said or "stick" in said else NOTHING
    if base in SINKING and ("knees" in said or "knee" in said):
        return Deed.KNEEL, aim, Thing.NONE, Thing.NONE
    if _ARMS.intersection(said) and base in PUTTING and table.EMBRACING.intersection(said):
        return Deed.EMBRACE, aim or owner_of(clause), Thing.NONE, Thing.NONE
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
        return Deed.HOLD, aim or owner_of(clause), upon, Thing.NONE
    if base in ("raise", "lift", "wave") or UPWARDS.intersection(said):
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

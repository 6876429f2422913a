"""Where a moment happens: the clues of a chapter, remembered from sentence to sentence, weighed for one passage.

A place that was entered stays until another is entered or it is left; furniture speaks for a roof, grass against one.
English only.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from imaginized.providers.builtin import gate_scope as gate
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import setting_words as table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.story.stage_lists import ROOFED, Setting

# How the noun of a place stands in its sentence, and what that weighs.
ENTERED, WITHIN, UPON, NEAR, NAMED, GOAL, DEICTIC = 3.0, 2.6, 2.2, 0.9, 0.8, 0.8, 1.6
ABOARD = 0.9  # "aboard" may be a boat, too
PART_OF = 2.0  # "against the wall of the cave"
MODIFIER = 0.4  # "the garden gate" is near the garden
CAPITAL = 0.5  # "Baker Street" is as often an address as a place
PLURAL = 0.6
MEANT = 0.8  # from this on a word before "room" is no adjective
UNPEOPLED, FAR = 0.6, 0.3  # weight of a place without anybody in its clause, and of one that is only seen


class Clue(NamedTuple):
    """A word that speaks for a setting: token span of its phrase, and its weight; `UNKNOWN` speaks for a side only.

    `entered` tells that somebody gets into it, `ahead` that somebody only sets out for it.
    """

    at: int
    first: int
    last: int
    setting: Setting
    weight: float
    sign: bool
    roof: float
    entered: bool = False
    ahead: bool = False


class Turn(NamedTuple):
    """A movement: what was known before it counts less. `left` is the setting that was left, or a side of the door."""

    at: int
    left: Setting
    inwards: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """The clues and turns of a chapter in order of their tokens, and the tokens at which scenes begin."""

    clues: list[Clue]
    starts: list[int]
    turns: list[Turn]
    breaks: list[int]


def find_clues(passage: Passage, unreal: Sequence[int]) -> Clues:
    """Go once over a chapter and note every word that says where it is."""
    tokens = passage.tokens
    about = _what_about(passage)
    clues: list[Clue] = []
    turns: list[Turn] = []
    for at in passage.between(_TOLD, 0, len(tokens)):
        token = tokens[at]
        code = unreal[at]
        if (code and code not in (gate.MEMORY, gate.SPOKEN)) or (not code and _is_likened_on(tokens, unreal, at)):
            continue
        if token.base in _KNOWN or token.lower in _KNOWN:
            _add_clue(tokens, at, code, about=about, clues=clues, turns=turns)
        elif token.lower in _MOVES and not code:
            _add_move(tokens, at, clues, turns)
    breaks = [
        passage.sentences[number].first
        for number in range(1, len(passage.sentences))
        if passage.sentences[number].paragraph != passage.sentences[number - 1].paragraph
        and passage.chapter.paragraphs[passage.sentences[number].paragraph].starts_scene
    ]
    return Clues(clues=clues, starts=[clue.at for clue in clues], turns=turns, breaks=breaks)


def _is_likened_on(tokens: list[Token], unreal: Sequence[int], at: int) -> bool:
    """Whether a likeness goes on with it after a comma: "as though he were at home, in his own study"."""
    for i in range(at - 1, max(at - 5, 0), -1):
        if tokens[i - 1].gap == ", ":
            return unreal[i - 1] == gate.SIMILE and tokens[i].lower in _PREPOSITIONS
        if tokens[i - 1].gap != " ":
            return False
    return False


_KNOWN = frozenset(table.PLACES) | frozenset(table.ROOFED) | table.OPEN | table.CABINS | table.BATTLE
_MOVES = frozenset(phrase[0] for phrase in table.OUTWARDS + table.INWARDS + table.ON_BOARD)
_TOLD = _KNOWN | _MOVES
_SIDES: tuple[tuple[tuple[str, ...], bool], ...] = (
    *((phrase, False) for phrase in table.OUTWARDS),
    *((phrase, True) for phrase in table.INWARDS),
)


def _add_move(tokens: list[Token], at: int, clues: list[Clue], turns: list[Turn]) -> None:
    following = tuple([token.lower for token in tokens[at : at + 3]])
    boarding = next((phrase for phrase in table.ON_BOARD if following[: len(phrase)] == phrase), ())
    if boarding:
        clues.append(Clue(at, at, at + len(boarding), Setting.SHIP_DECK, ABOARD, False, 0.0))
    for phrase, inwards in _SIDES:
        if following[: len(phrase)] == phrase:
            turns.append(Turn(at, Setting.UNKNOWN, inwards))
            return


def _add_clue(
    tokens: list[Token], at: int, code: int, *, about: frozenset[str], clues: list[Clue], turns: list[Turn]
) -> None:
    token = tokens[at]
    found = _street_walked(tokens, at) or _place_of(token, about, tokens[at - 1] if at else None)
    if found is None:
        if code == gate.SPOKEN or code == gate.MEMORY:
            return
        _add_sign(tokens, at, clues)
        return
    setting, sure = found
    first, prep = _lead(tokens, at)
    if code == gate.SPOKEN:
        if "this" in (tokens[i].lower for i in range(first, at)):
            clues.append(_clue(at, first, setting, DEICTIC * sure))
        return
    weight = _stand(tokens, first, prep, setting)
    if (code == gate.MEMORY and weight < ENTERED) or _is_of_other(tokens, at) or _is_next(tokens, first, at, weight):
        return
    outer = setting in _ENCLOSING and _is_of_a_thing(tokens, at)
    if weight < 0 or (outer and prep in table.UPON):  # who sits on the cellar hatch is not below it
        turns.append(Turn(at, setting, None))
        return
    weight *= _named_so(tokens, at, prep)
    if outer or not weight:
        return
    weight *= _presence(tokens, first) * (MODIFIER if _modifies(tokens, at) else 1.0)
    weight *= _of_many(tokens, first, at, setting)
    within = _inside(setting, prep, entered=weight >= ENTERED * UNPEOPLED)
    setting = setting if token.base in table.OUTSIDE_DOORS else within
    found_here = _clue(at, first, setting, weight * sure)
    ahead = prep in table.GOAL and first > 0 and tokens[first - 1].lower in table.SETTING_OUT
    clues.append(found_here._replace(entered=prep in ("into", "aboard", "on board"), ahead=ahead))


ELSEWHERE = vocabulary.words("next neighbouring neighboring adjoining adjacent nearest distant opposite far-off")
ADDRESSED = table.CONTAINING | {"at", "down", "up", "on"}
_MANY = frozenset({Setting.STAIRCASE, Setting.FOREST, Setting.RUINS, Setting.HILLS, Setting.STREET})


def _named_so(tokens: list[Token], at: int, prep: str) -> float:
    """What remains of the weight of a word that is part of a name."""
    if tokens[at].first or not tokens[at].word[0].isupper() or _street_walked(tokens, at):
        return 1.0
    return CAPITAL if prep in ADDRESSED else 0.0


def _street_walked(tokens: list[Token], at: int) -> tuple[Setting, float] | None:
    """What somebody goes along whose name it is part of: "trotted down Mill Street" is in a town, "the Bath Road" not.

    An address, "he lived in Mill Street", is None.
    """
    first = _start_of_name(tokens, at)
    article = first > 0 and tokens[first - 1].lower == "the"
    prep = max(first - 1 - article, 0)
    gone = any(token.base in table.GOING for token in tokens[max(prep - 3, 0) : prep])
    named = first < at and gone and tokens[at].lower in table.STREETS and tokens[prep].lower in table.ALONG
    if not named:
        return None
    return (Setting.ROAD if article and tokens[at].lower == "road" else Setting.STREET), 1.0


def _of_many(tokens: list[Token], first: int, at: int, setting: Setting) -> float:
    """What remains of the weight of several: of "their boats" each has one."""
    if not tokens[at].facts & lex.PLURAL or setting in _MANY:
        return 1.0
    theirs = setting in (Setting.CARRIAGE, Setting.BOAT) and any(tokens[i].lower == "their" for i in range(first, at))
    return PLURAL * FAR if theirs else PLURAL


def _start_of_name(tokens: list[Token], at: int) -> int:
    """The first of the words with capitals that a name is of, without one that begins a sentence."""
    while at > 0 and tokens[at].word[0].isupper() and tokens[at - 1].gap == " ":
        if tokens[at - 1].first or not tokens[at - 1].word[0].isupper():
            break
        at -= 1
    return at


def _clue(at: int, first: int, setting: Setting, weight: float) -> Clue:
    roof = 1.0 if setting in ROOFED and setting is not Setting.CAVE else -1.0
    return Clue(at, first, at + 1, setting, weight, False, roof * min(weight, 1.5))


def _what_about(passage: Passage) -> frozenset[str]:
    """What a chapter is about, for words that are one place at sea, at court or at law, and another elsewhere."""
    counts: Counter[str] = Counter()
    different: Counter[str] = Counter()
    for base, kinds in table.ABOUT.items():
        places = passage.places_of(passage.forms.get(base, ()))
        said = sum(not passage.tokens[at].facts & lex.FUNCTION for at in places)  # "the fault is mine"
        counts.update(dict.fromkeys(kinds, said))
        different.update(kinds if said else ())
    if counts["grandeur"] * table.GRAND_WITHIN < len(passage.tokens):
        del counts["grandeur"]
    if counts["cave"] <= len(passage.places_of(("door", "doors"))):
        del counts["cave"]  # the passages of a house beside a mine
    enough = (kind for kind, least in table.LEAST.items() if counts[kind] >= least)
    return frozenset(kind for kind in enough if kind not in table.ALL_OF_ONE or different[kind] > 1)


# Words that are another place in chapters of the sea, of the law, of farms.
_OF_CHAPTERS = {
    "bridge": ("sea", Setting.SHIP_DECK), "dock": ("law", Setting.COURT), "yard": ("farm", Setting.FARMYARD),
    **dict.fromkeys(("corridor", "passage", "gallery", "passageway"), ("cave", Setting.CAVE)),
}  # fmt: skip


def _place_of(token: Token, about: frozenset[str], before: Token | None) -> tuple[Setting, float] | None:
    if token.facts & lex.FUNCTION:
        return None  # "his hand in mine"
    if token.base in table.CABINS:
        return (Setting.SHIP_CABIN if "sea" in about else Setting.CABIN), 0.9
    if token.base in table.BATTLE:
        return (Setting.BATTLEFIELD, 0.7) if "war" in about else None
    kind, other = _OF_CHAPTERS.get(token.base, ("", Setting.UNKNOWN))
    if kind in about:
        return other, 0.8
    found = table.PLACES.get(token.lower) or table.PLACES.get(token.base)
    named = before is not None and before.lower in vocabulary.DETERMINERS
    if found is not None and not named and not token.facts & lex.NOUN and token.facts & lex.VERB:
        return None  # "to park", "camped"
    if found is not None and found[0] is Setting.ROOM and before is not None and before.gap == " ":
        found = _kind_of_room(before) or found
    if found is not None and found[0] is Setting.STAIRCASE and "sea" in about:
        return Setting.SHIP_CABIN, found[1]  # the companion stairs
    if found is not None and found[0] is Setting.HALL and ("grandeur" not in about or token.base in table.LOBBIES):
        return _hall_of_a_house(before), found[1]
    return found


def _hall_of_a_house(before: Token | None) -> Setting:
    """It has no pillars; the upper one is where the doors of rooms are."""
    along = before is not None and before.gap == " " and before.lower in table.OF_CORRIDORS
    return Setting.CORRIDOR if along else Setting.ROOM


def _kind_of_room(before: Token) -> tuple[Setting, float] | None:
    """The kind that the word before tells: "dining room", "her attic room", "the prison chamber"."""
    whole = table.PLACES.get(f"{before.lower}-room")
    if whole is not None:
        return whole
    part = table.PLACES.get(before.base)
    return (part[0], 1.0) if part is not None and part[0] in ROOFED and part[1] >= MEANT else None


def _add_sign(tokens: list[Token], at: int, clues: list[Clue]) -> None:
    token = tokens[at]
    if token.word[0].isupper() and not token.first:
        return  # "Julia Bell"
    found = table.ROOFED.get(token.lower) or table.ROOFED.get(token.base)
    if found is not None:
        setting, weight = found
        first, prep = _lead(tokens, at)
        outside = prep in ("through", "outside") and token.base in ("window", "door")
        clues.append(Clue(at, first, at + 1, setting, weight * (0.5 if outside else 1.0), True, weight))
    elif token.base in table.OPEN or token.lower in table.OPEN:
        clues.append(Clue(at, at, at + 1, Setting.UNKNOWN, 0.0, True, -0.3))


def _lead(tokens: list[Token], at: int) -> tuple[int, str]:
    """The first token of the phrase with its preposition, and that preposition; "" where there is none."""
    first = at = _start_of_name(tokens, at)
    while first > 0 and at - first < 5 and tokens[first - 1].gap in (" ", ", "):
        before = tokens[first - 1]
        if before.lower in vocabulary.DETERMINERS or before.lower in table.WHICH_ONE:
            first -= 1
            continue
        if before.lower in _PREPOSITIONS and before.gap == " ":
            double = f"{tokens[first - 2].lower} {before.lower}" if first > 1 else ""
            if double == "out of":
                return first - 2, "out of"
            if double in ("from inside", "from within"):
                return first - 2, "from"  # a cry from there: who hears it is elsewhere
            return first - 1, before.lower
        if before.facts & lex.FUNCTION or (not before.facts & (lex.QUALITY | lex.NOUN | lex.VERB) and before.facts):
            break
        if _is_plain_verb(before) and not (
            before.lower.endswith(("ed", "ing")) and tokens[max(first - 2, 0)].lower in vocabulary.DETERMINERS
        ):
            break
        first -= 1
    return first, ""


def _is_plain_verb(token: Token) -> bool:
    return bool(token.facts & lex.VERB and token.facts & lex.INFLECTED) and not token.facts & (lex.QUALITY | lex.NOUN)


_PREPOSITIONS = (
    table.CONTAINING | table.UPON | table.NEARBY | table.GOAL | table.LEAVING | {"of", "off", "with", "down", "up"}
)


def _stand(tokens: list[Token], first: int, prep: str, setting: Setting) -> float:
    """What the place of a noun in its sentence weighs; below 0 where somebody leaves it."""
    if first and _is_spoken_of(tokens, first, prep):
        return 0.0
    if prep in ("round", "around", "about", "over") and setting in ROOFED:
        return NEAR
    plain = _BY_PREPOSITION.get(prep)
    if plain is not None:
        return plain
    if prep in ("down", "up"):
        return WITHIN if setting in _LONG else NEAR
    if prep in ("from", "out of", "off"):
        return -1.0 if prep != "from" or _moves(tokens, first) else 0.0
    if prep in ("of", "with"):
        part = tokens[first - 1].base if prep == "of" and first > 1 else ""
        within = (part in table.PARTS and setting in _ENCLOSING) or (part in table.EDGES and setting in _WILD)
        return PART_OF if within else 0.4 if setting in ROOFED else 0.3
    verb = tokens[first - 1] if first else None
    if verb is not None and verb.gap == " ":
        if verb.base in table.ENTERING:
            return ENTERED
        if verb.base in table.QUITTING:
            return -1.0
    return NAMED


_SPOKEN_OF = {
    "about": table.TOLD_ABOUT, "on": table.TOLD_ON, "upon": table.TOLD_ON, "of": table.TOLD_OF,
}  # fmt: skip


def _is_spoken_of(tokens: list[Token], first: int, prep: str) -> bool:
    """Tell "read about the castle", "inquired after the cottage" and "the sketch taken on the cliff"."""
    verb, before = tokens[first - 1], tokens[max(first - 2, 0)]
    asked = verb.lower == "after" and before.base in table.ASKING
    pictured = verb.lower in table.PICTURED and before.base in table.PICTURES
    return asked or pictured or verb.base in _SPOKEN_OF.get(prep, ())


_WILD = frozenset(
    {
        Setting.FOREST, Setting.HILLS, Setting.MOUNTAINS, Setting.RIVER, Setting.LAKE, Setting.CLIFF, Setting.FIELD,
        Setting.ROAD, Setting.GARDEN, Setting.MOOR, Setting.DESERT, Setting.SWAMP, Setting.JUNGLE,
    }
)  # fmt: skip
_ENCLOSING = ROOFED - {Setting.DOORWAY, Setting.CASTLE, Setting.CARRIAGE}

_BY_PREPOSITION = {
    **dict.fromkeys(table.GOAL, GOAL),
    **dict.fromkeys(table.NEARBY, NEAR),
    **dict.fromkeys(table.UPON, UPON),
    **dict.fromkeys(table.CONTAINING, WITHIN),
}
_LONG = frozenset(
    {
        Setting.STREET, Setting.ROAD, Setting.HILLS, Setting.GARDEN, Setting.RIVER, Setting.STATION, Setting.SHORE,
        Setting.SHIP_DECK, Setting.DOCK, Setting.FIELD, *ROOFED,
    }
)  # fmt: skip


def _moves(tokens: list[Token], first: int) -> bool:
    return any(token.facts & lex.ACT for token in tokens[max(first - 3, 0) : first])


def _modifies(tokens: list[Token], at: int) -> bool:
    """Tell whether it only says which one: "the garden gate", "in plain clothes"."""
    if at + 1 >= len(tokens) or tokens[at].gap != " ":
        return False
    following = tokens[at + 1]
    return bool(following.facts & lex.CONCRETE) and not following.facts & (lex.FUNCTION | lex.VERB | lex.ADVERB)


def _is_of_a_thing(tokens: list[Token], at: int) -> bool:
    """Tell whether it says which hatch, roof or key it is: "the cellar hatch"."""
    return at + 1 < len(tokens) and tokens[at].gap == " " and tokens[at + 1].lower in table.OUTER_THINGS


def _is_of_other(tokens: list[Token], at: int) -> bool:
    """Tell whether it is "the slope of his head", "a yard or two away", or each of many: "in every cell"."""
    if at and tokens[at - 1].lower in ("every", "each"):
        return True
    if tokens[at].base == "yard" and at and at + 1 < len(tokens):
        measured = tokens[at - 1].lower in table.COUNTED and tokens[at + 1].lower in table.MEASURED
        return measured or (tokens[at].lower == "yards" and tokens[at - 1].lower not in ("the", "of"))
    if at + 2 >= len(tokens) or tokens[at + 1].lower != "of" or tokens[at].gap != " ":
        return False
    return any(token.facts & (lex.BODY | lex.ABSTRACT) for token in tokens[at + 2 : at + 5])


def _is_next(tokens: list[Token], first: int, at: int, weight: float) -> bool:
    """Tell whether it is next door and nobody goes there: who hears a dog bark in the next yard is not in it."""
    return 0 < weight < ENTERED and any(tokens[i].lower in ELSEWHERE for i in range(first, at))


def _presence(tokens: list[Token], first: int) -> float:
    """Less for a place where nobody of the clause is, least for one that is looked at from elsewhere."""
    peopled = False
    for i in range(first - 1, max(first - 11, -1), -1):
        token = tokens[i]
        if token.gap != " " and any(mark in token.gap for mark in ".;:!?—") and token.gap != ". ":
            break
        if token.lower in table.DISTANT:
            return FAR
        if (
            token.lower in table.PEOPLE
            or (token.word[0].isupper() and not token.facts & lex.FUNCTION)
            or (token.facts & (lex.PERSON | lex.ANIMAL) and not token.facts & lex.RARE_NOUN)
        ):
            peopled = True
    return 1.0 if peopled else UNPEOPLED


def _inside(setting: Setting, prep: str, *, entered: bool) -> Setting:
    """Turn "in the house" into a room, and a coach that nobody is in into the road."""
    if setting is Setting.HOUSE_FRONT and (
        prep in ("in", "into", "inside", "within", "through") or (entered and not prep)
    ):
        return Setting.ROOM
    if setting is Setting.SHIP_DECK and prep in ("below", "under", "beneath"):
        return Setting.SHIP_CABIN
    if setting is Setting.CARRIAGE and prep not in ("in", "into", "inside", "within"):
        return Setting.ROAD
    return setting

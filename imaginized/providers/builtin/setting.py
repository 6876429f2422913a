"""Where a moment happens: the clues of a chapter, remembered from sentence to sentence, weighed for one passage.

A place that was entered stays until another is entered or it is left; furniture speaks for a roof, grass against one.
English only.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from imaginized.providers.builtin import gate_scope as gate
from imaginized.providers.builtin import lexicon as lex
from imaginized.providers.builtin import setting_words as table
from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.story.stage_lists import BROADER, ROOFED, Setting
from imaginized.story.staging import Source

# How the noun of a place stands in its sentence, and what that weighs.
ENTERED, WITHIN, UPON, NEAR, NAMED, GOAL, DEICTIC = 3.0, 2.6, 2.2, 0.9, 0.8, 0.8, 1.6
ABOARD = 0.9  # "aboard" may be a boat, too
MODIFIER = 0.4  # "the garden gate" is near the garden
CAPITAL = 0.5  # "Baker Street" is as often an address as a place
PLURAL = 0.6
LEFT = 0.15  # what remains of a place that somebody left
OTHER_SIDE = 0.3  # what remains of the clues of the other side of the door
FORGOTTEN = 600.0  # words after which a clue weighs a third
LOOK_BACK, LOOK_AHEAD = 1500, 45  # words
MOVED = 0.5  # what remains of older clues each time somebody is told to be elsewhere
STRONG = 1.5  # weight from which a clue says that somebody is there
UNPEOPLED, FAR = 0.6, 0.3  # weight of a place without anybody in its clause, and of one that is only seen
LATELY, LONE = 250, 0.5  # tokens within which another word must say the same; the confidence of one word alone
TRACE = 1e-6  # weight below which a clue is forgotten
PEAKED = 1.4  # exponent under which families are compared: the clearly best one gains
AHEAD = 0.5
HERE = 1.5  # weight of a clue in the passage itself
BROKEN = 0.15  # what remains over a scene break
ENOUGH = 2.4  # evidence that makes about two thirds sure
AGREED = 0.15  # more where the things around speak for the same side of the door
SPECIFIC = 0.3  # share of its family from which a narrower setting is taken
HOUSE = frozenset(
    {
        Setting.ROOM, Setting.DRAWING_ROOM, Setting.DINING_ROOM, Setting.KITCHEN, Setting.BEDROOM, Setting.NURSERY,
        Setting.LIBRARY, Setting.OFFICE, Setting.SCHOOLROOM, Setting.LABORATORY, Setting.HALL, Setting.STAIRCASE,
        Setting.CORRIDOR, Setting.ATTIC, Setting.CELLAR, Setting.DOORWAY, Setting.BALLROOM, Setting.INN, Setting.CABIN,
        Setting.SHOP, Setting.HOSPITAL, Setting.COURT,
    }
)  # fmt: skip
AFLOAT = frozenset({Setting.SHIP_DECK, Setting.SEA, Setting.BOAT, Setting.SHIP_CABIN})


class Clue(NamedTuple):
    """A word that speaks for a setting: token span of its phrase, and its weight; `UNKNOWN` speaks for a side only."""

    at: int
    first: int
    last: int
    setting: Setting
    weight: float
    sign: bool
    roof: float


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a passage happens, as the record has it."""

    setting: Setting = Setting.UNKNOWN
    confidence: float = 0.0
    source: Source = Source.NONE
    evidence: str = ""
    indoors: bool | None = None


def find_clues(passage: Passage, unreal: Sequence[int]) -> Clues:
    """Go once over a chapter and note every word that says where it is."""
    tokens = passage.tokens
    cabins = any(token.base in table.CABINS for token in tokens)
    aboard = cabins and sum(token.base in table.ABOARD for token in tokens) >= table.LEAST_ABOARD
    clues: list[Clue] = []
    turns: list[Turn] = []
    for at, token in enumerate(tokens):
        if token.base not in _KNOWN and token.lower not in _KNOWN and token.lower not in _MOVES:
            continue
        code = unreal[at]
        if code and code not in (gate.MEMORY, gate.SPOKEN):
            continue
        if token.base in _KNOWN or token.lower in _KNOWN:
            _add_clue(tokens, at, code, aboard=aboard, clues=clues, turns=turns)
        elif token.lower in _MOVES and not code:
            _add_move(tokens, at, clues, turns)
    breaks = [
        passage.sentences[number].first
        for number in range(1, len(passage.sentences))
        if passage.sentences[number].paragraph != passage.sentences[number - 1].paragraph
        and passage.chapter.paragraphs[passage.sentences[number].paragraph].starts_scene
    ]
    return Clues(clues=clues, starts=[clue.at for clue in clues], turns=turns, breaks=breaks)


_KNOWN = frozenset(table.PLACES) | frozenset(table.ROOFED) | table.OPEN | table.CABINS
_MOVES = frozenset(phrase[0] for phrase in table.OUTWARDS + table.INWARDS + table.ON_BOARD)
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


def _add_clue(tokens: list[Token], at: int, code: int, *, aboard: bool, clues: list[Clue], turns: list[Turn]) -> None:
    token = tokens[at]
    found = _place_of(token, aboard=aboard)
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
    if (code == gate.MEMORY and weight < ENTERED) or _is_of_other(tokens, at):
        return
    if weight < 0:
        turns.append(Turn(at, setting, None))
        return
    if token.word[0].isupper() and not token.first:
        if prep not in ADDRESSED:
            return
        weight *= CAPITAL
    weight *= _presence(tokens, first) * (MODIFIER if _modifies(tokens, at) else 1.0)
    if token.facts & lex.PLURAL and setting not in _MANY:
        weight *= PLURAL
    setting = _inside(setting, prep, entered=weight >= ENTERED * UNPEOPLED)
    clues.append(_clue(at, first, setting, weight * sure))


ADDRESSED = table.CONTAINING | {"at", "down", "up", "on"}
_MANY = frozenset({Setting.STAIRCASE, Setting.FOREST, Setting.RUINS, Setting.HILLS, Setting.STREET})


def _clue(at: int, first: int, setting: Setting, weight: float) -> Clue:
    roof = 1.0 if setting in ROOFED and setting is not Setting.CAVE else -1.0
    return Clue(at, first, at + 1, setting, weight, False, roof * min(weight, 1.5))


def _place_of(token: Token, *, aboard: bool) -> tuple[Setting, float] | None:
    if token.facts & lex.FUNCTION:
        return None  # "his hand in mine"
    if token.base in table.CABINS:
        return (Setting.SHIP_CABIN if aboard else Setting.CABIN), 0.9
    found = table.PLACES.get(token.lower) or table.PLACES.get(token.base)
    if found is not None and not token.facts & lex.NOUN and token.facts & lex.VERB:
        return None  # "to park", "camped"
    return found


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
    first = at
    while first > 0 and at - first < 5 and tokens[first - 1].gap in (" ", ", "):
        before = tokens[first - 1]
        if before.lower in vocabulary.DETERMINERS or before.lower in ("same", "own", "other", "next"):
            first -= 1
            continue
        if before.lower in _PREPOSITIONS and before.gap == " ":
            double = f"{tokens[first - 2].lower} {before.lower}" if first > 1 else ""
            if double == "out of":
                return first - 2, "out of"
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
    plain = _BY_PREPOSITION.get(prep)
    if plain is not None:
        return plain
    if prep in ("down", "up"):
        return WITHIN if setting in _LONG else NEAR
    if prep in ("from", "out of", "off"):
        return -1.0 if prep != "from" or _moves(tokens, first) else 0.0
    if prep in ("of", "with"):
        return 0.4 if setting in ROOFED else 0.3
    verb = tokens[first - 1] if first else None
    if verb is not None and verb.gap == " ":
        if verb.base in table.ENTERING:
            return ENTERED
        if verb.base in table.QUITTING:
            return -1.0
    return NAMED


_BY_PREPOSITION = {
    **dict.fromkeys(table.GOAL, GOAL),
    **dict.fromkeys(table.NEARBY, NEAR),
    **dict.fromkeys(table.UPON, UPON),
    **dict.fromkeys(table.CONTAINING, WITHIN),
}
_LONG = frozenset(
    {Setting.STAIRCASE, Setting.STREET, Setting.ROAD, Setting.CORRIDOR, Setting.HILLS, Setting.GARDEN, Setting.RIVER}
)


def _moves(tokens: list[Token], first: int) -> bool:
    return any(token.facts & lex.ACT for token in tokens[max(first - 3, 0) : first])


def _modifies(tokens: list[Token], at: int) -> bool:
    """Tell whether it only says which one: "the garden gate", "in plain clothes"."""
    if at + 1 >= len(tokens) or tokens[at].gap != " ":
        return False
    following = tokens[at + 1]
    return bool(following.facts & lex.CONCRETE) and not following.facts & (lex.FUNCTION | lex.VERB | lex.ADVERB)


def _is_of_other(tokens: list[Token], at: int) -> bool:
    """Tell whether it is "the slope of his head"."""
    if at + 2 >= len(tokens) or tokens[at + 1].lower != "of" or tokens[at].gap != " ":
        return False
    return any(token.facts & (lex.BODY | lex.ABSTRACT) for token in tokens[at + 2 : at + 4])


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
            or (token.facts & lex.PERSON and not token.facts & lex.RARE_NOUN)
        ):
            peopled = True
    return 1.0 if peopled else UNPEOPLED


def _inside(setting: Setting, prep: str, *, entered: bool) -> Setting:
    """Turn "in the house" into a room, and a coach that nobody is in into the road."""
    if setting is Setting.HOUSE_FRONT and (
        prep in ("in", "into", "inside", "within", "through") or (entered and not prep)
    ):
        return Setting.ROOM
    if setting is Setting.CARRIAGE and prep not in ("in", "into", "inside", "within"):
        return Setting.ROAD
    return setting


def find_whereabouts(passage: Passage, clues: Clues, first: int, last: int) -> Whereabouts:
    """Weigh the clues for the passage of tokens first..last (last excluded)."""
    begin = bisect_left(clues.starts, first - LOOK_BACK)
    end = bisect_left(clues.starts, last + LOOK_AHEAD)
    scores: dict[Setting, float] = defaultdict(float)
    best: dict[Setting, tuple[float, Clue]] = {}
    roof = under = 0.0
    moves = _moves_before(clues, begin, last)
    words: dict[str, set[str]] = defaultdict(set)
    for clue in clues.clues[begin:end]:
        share = _share(clues, clue, first, last)
        share *= MOVED ** sum(at > clue.at and family != _family(clue.setting) for at, family in moves)
        weight = clue.weight * share
        roof += clue.roof * share
        under += abs(clue.roof) * share
        if clue.setting and weight > TRACE:  # what fades over a long chapter underflows to nothing
            if clue.at >= first - LATELY:
                words[_family(clue.setting)].add(passage.tokens[clue.at].base)
            scores[clue.setting] += weight
            if clue.setting not in best or weight > best[clue.setting][0]:
                best[clue.setting] = (weight, clue)
    if not scores:
        return Whereabouts(indoors=_side(roof, under))
    return _choose(passage, scores, best, words, (roof, under), (first, last))


def _moves_before(clues: Clues, begin: int, last: int) -> list[tuple[int, str]]:
    """Where before or in the passage somebody is told to be in a place, the last few with the family of the place."""
    found: list[tuple[int, str]] = []
    for clue in clues.clues[begin : bisect_left(clues.starts, last)]:
        if clue.weight >= STRONG and clue.setting:
            family = _family(clue.setting)
            if not found or found[-1][1] != family:
                found.append((clue.at, family))
    return found[-4:]


def _share(clues: Clues, clue: Clue, first: int, last: int) -> float:
    """How much of a clue's weight counts for a passage: all of it here, less before, little after."""
    at = clue.at
    if at >= last:
        return AHEAD if not any(last <= broken <= at for broken in clues.breaks) else 0.0
    share = HERE if at >= first else math.exp((at - first) / FORGOTTEN)
    if at < first and any(at < broken <= first for broken in clues.breaks):
        share *= BROKEN
    for turn in clues.turns:
        if at < turn.at < last:
            share *= _kept(clue, turn)
    return share


def _kept(clue: Clue, turn: Turn) -> float:
    if turn.inwards is None:
        return LEFT if turn.left is clue.setting or _root(turn.left) is _root(clue.setting) else 1.0
    return OTHER_SIDE if clue.roof and (clue.roof > 0) != turn.inwards else 1.0


def _root(setting: Setting) -> Setting:
    while setting in BROADER:
        setting = BROADER[setting]
    return setting


def _side(roof: float, under: float) -> bool | None:
    return roof > 0 if under > 0.8 and abs(roof) > 0.3 * under else None


def _choose(
    passage: Passage,
    scores: dict[Setting, float],
    best: dict[Setting, tuple[float, Clue]],
    words: dict[str, set[str]],
    side: tuple[float, float],
    span: tuple[int, int],
) -> Whereabouts:
    """Take the family with most evidence, in it the narrowest that has its share."""
    families: dict[str, float] = defaultdict(float)
    for setting, score in scores.items():
        families[_family(setting)] += score
    roof, under = side
    family = max(families, key=lambda name: (families[name], name))
    members = {setting: score for setting, score in scores.items() if _family(setting) == family}
    setting = _narrow(members)
    share = families[family] ** PEAKED / sum(score**PEAKED for score in families.values())
    agrees = _agreement(setting, roof, under)
    evidence = best[setting][1] if setting in best else max(best[each] for each in members)[1]
    confidence = min(share * agrees * (1.0 - math.exp(-families[family] / ENOUGH)), 1.0)
    if len(words[family]) < 2:
        confidence = min(confidence, LONE)
    return Whereabouts(
        setting=setting,
        confidence=round(confidence, 2),
        source=_source(evidence, span),
        evidence=passage.text[passage.tokens[evidence.first].start : passage.tokens[evidence.last - 1].end],
        indoors=setting in ROOFED if confidence >= 0.4 else _side(roof, under),
    )


def _family(setting: Setting) -> str:
    if setting in HOUSE:
        return "house"
    if setting in AFLOAT:
        return "afloat"
    if setting is Setting.CARRIAGE:
        return str(Setting.ROAD)
    return str(_root(setting))


def _narrow(members: dict[Setting, float]) -> Setting:
    """The narrowest setting with its share of the family; in a house a room where none has."""
    total = sum(members.values())
    ranked = sorted(members, key=lambda setting: (-members[setting], setting))
    narrow = [setting for setting in ranked if setting is not Setting.ROOM and members[setting] >= SPECIFIC * total]
    top = ranked[0]
    if top in HOUSE:
        return narrow[0] if narrow and members[narrow[0]] >= 1.2 else Setting.ROOM
    return top


def _agreement(setting: Setting, roof: float, under: float) -> float:
    """Less where the things around speak for the other side of the door."""
    if under <= 0.8 or setting in (Setting.CARRIAGE, Setting.SHIP_CABIN, Setting.DOORWAY, Setting.CAVE, Setting.TENT):
        return 1.0
    lean = roof / under
    against = -lean if setting in ROOFED else lean
    return 1.0 - max(0.0, against) + AGREED * max(0.0, -against)


def _source(clue: Clue, span: tuple[int, int]) -> Source:
    if clue.sign:
        return Source.SIGNS
    return Source.PASSAGE if span[0] <= clue.at < span[1] else Source.CHAPTER

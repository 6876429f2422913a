"""Who is only on the way to a place, looks into it from without, is above the roofs or aloft is not in it.

A remembered room stays only where nothing of the kind is told; what is told of the open air needs no place to be sure.
English only.
"""

from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import replace
from enum import IntEnum

from imaginized.providers.builtin import gate_scope as gate
from imaginized.providers.builtin import people_words as people_table
from imaginized.providers.builtin.elsewhere import elsewhere
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.setting import ENTERED, UNPEOPLED, Clues
from imaginized.providers.builtin.settling import Acts
from imaginized.providers.builtin.vocabulary import DETERMINERS, words
from imaginized.providers.builtin.whereabouts import LONE, Whereabouts
from imaginized.story.stage_lists import ROOFED, Deed, Setting
from imaginized.story.stage_things import Species
from imaginized.story.staging import Being, Source

BUILDINGS = words(
    "house cottage cabin hut shanty mansion villa farmhouse farm homestead inn tavern church chapel castle palace barn "
    "mill station school schoolhouse manor bungalow tent camp village town fort monastery abbey convent"
)
EVENTS = words("pictures movies ball party dance concert meeting war races market fair funeral wedding picnic feast")
TOWARDS = words("toward towards outside")
BEFORE = words("past behind before beyond")  # "round the house" may be within it
COMING_TO = words("approach near neared nearing")
COMING = words("walk come go run ride drive march hurry return ascend creep stroll trudge gallop hasten stagger")
GOING_OUT = COMING | words("wander slip step rush sally steal venture pass dash dart saunter limp")
# After "out" these say that the door is passed; "out of" says by itself what is left.
OUT_TO = words("to into on upon onto through across for and in again together after at")
OTHER_FLOOR = words("upstairs downstairs overhead")
BACK_TO = words("up back down over on out away off round across")
ROOFS = words("roof housetop house-top chimney-top chimney-pot treetop tree-top slate tile")
ABOVE = words("over across above upon along from on of")
ON_SLATES = words("upon on along across over")
GLASS = words("window skylight casement pane")
LOOKING = words("look peer peep glance gaze stare climb knock tap lean")
SEEING = words("see saw watch look hear gaze window")
STEPS = frozenset({"steps"})
ON_STEPS = words("up down on upon from ascending mounting descending ascended mounted descended")
OF_HOUSES = words("door front stone marble house church")
ALOFT = words("aloft masthead mast-head crosstrees cross-trees crow's-nest")
HAILING = words("hail hailing hailed")
WITHIN = 5  # tokens from the word that tells it to the building
_CUES = frozenset(TOWARDS | BEFORE | COMING_TO | ROOFS | GLASS | STEPS | ALOFT | HAILING | OTHER_FLOOR | {"to", "out"})
# What a thing of the kind is told beside: it happens all the same.
_HAPPENS = (0, gate.DENIED, gate.MEMORY)
# Beasts that are in no room, unless it is told.
WILD = frozenset(
    {
        Species.WOLF, Species.FOX, Species.LION, Species.TIGER, Species.BEAR, Species.ELEPHANT, Species.COW,
        Species.BULL, Species.OX, Species.SHEEP, Species.LAMB, Species.GOAT, Species.DEER, Species.CAMEL,
        Species.EAGLE, Species.GULL, Species.STORK, Species.CROCODILE, Species.BADGER, Species.HEDGEHOG,
    }
)  # fmt: skip
_FREE = WILD | people_table.WINGED
# Who drives towards a house sits in a carriage all the same.
_DRIVEN = frozenset({Setting.CARRIAGE, Setting.TRAIN})


class Side(IntEnum):
    """What a phrase says of where somebody is."""

    UNTOLD = 0
    DOUBTED = 1  # perhaps under the sky
    OPEN = 2  # under the sky
    ALOFT = 3  # above a deck
    UPSTAIRS = 4  # in another room
    TOWARDS = 5  # on the way to a building: in no room of it yet


def on_the_way(
    passage: Passage,
    clues: Clues,
    unreal: Sequence[int],
    span: tuple[int, int],
    where: Whereabouts,
    *,
    names: Container[int],
) -> Whereabouts:
    """The place with less confidence where its passage tells that somebody is only before, above or on the way to it.

    Args:
        passage: The chapter.
        clues: Its clues.
        unreal: What of it does not happen.
        span: First token of the passage and the token after it.
        where: What the clues say.
        names: The tokens that name somebody alive.
    """
    where = elsewhere(passage, clues, unreal, span, where, names)
    told = [at for at in passage.between(_CUES, *span) if unreal[at] in _HAPPENS]
    if not told:
        return where
    tokens = passage.tokens
    sides = [(at, side) for at in told if (side := _tell_side(tokens, at, span[1])) is not Side.UNTOLD]
    if not sides or where.setting in _DRIVEN:
        return where
    at, side = sides[-1]
    if side is Side.ALOFT:
        aboard = where.setting is Setting.SHIP_DECK
        return replace(where, confidence=min(where.confidence, LONE)) if aboard else where
    outdoors = False if side is Side.OPEN and not _is_seen(tokens, span[0], at) else None
    if where.setting not in ROOFED:
        return where if where.indoors is not None else replace(where, indoors=outdoors)
    again = where.setting if side is Side.DOUBTED else Setting.UNKNOWN  # "went out to the kitchen"
    if _is_in_since(clues, again, at, span[1]) or (side is Side.UPSTAIRS and where.source is Source.PASSAGE):
        return where
    indoors = where.indoors if side is Side.UPSTAIRS else outdoors
    return replace(where, confidence=min(where.confidence, LONE), indoors=indoors)


def _is_in_since(clues: Clues, again: Setting, at: int, last: int) -> bool:
    """Whether somebody is told to be within a building after that: "came to the house and went into the kitchen"."""
    after = clues.clues[bisect_left(clues.starts, at + 1) : bisect_left(clues.starts, last)]
    within = (clue for clue in after if clue.setting in ROOFED and not clue.sign)
    return any(clue.weight >= ENTERED * UNPEOPLED or clue.setting is again for clue in within)


def _is_seen(tokens: list[Token], first: int, at: int) -> bool:
    """Whether somebody sees it, perhaps from within."""
    return any(token.base in SEEING or token.lower in SEEING for token in tokens[first:at])


def _tell_side(tokens: list[Token], at: int, last: int) -> Side:
    """Where it happens, by one word and those around it."""
    token = tokens[at]
    if token.lower in _PLAIN:
        return _PLAIN[token.lower]
    if token.lower == "out":
        return _tell_out(tokens, at)
    if token.lower in HAILING:
        return Side.ALOFT if any(each.lower == "deck" for each in tokens[at + 1 : at + 3]) else Side.UNTOLD
    if token.lower in STEPS:
        return _tell_steps(tokens, at)
    if token.base in ROOFS:
        prep = _before_phrase(tokens, at)
        return Side.OPEN if prep in (ON_SLATES if token.base in ("slate", "tile") else ABOVE) else Side.UNTOLD
    if token.base in GLASS:
        return Side.OPEN if _is_looked_into(tokens, at) else Side.UNTOLD
    return _tell_goal(tokens, at, last)


_PLAIN = {**dict.fromkeys(ALOFT, Side.ALOFT), **dict.fromkeys(OTHER_FLOOR, Side.UPSTAIRS)}


def _tell_out(tokens: list[Token], at: int) -> Side:
    """Tell "wandered out to the hill" and "went out." from "ran out of bread" and "came out with a curse"."""
    if not at or tokens[at - 1].base not in GOING_OUT or tokens[at - 1].gap != " ":
        return Side.UNTOLD
    ends = at + 1 >= len(tokens) or tokens[at].gap != " "
    return Side.DOUBTED if ends or tokens[at + 1].lower in OUT_TO else Side.UNTOLD


def _tell_goal(tokens: list[Token], at: int, last: int) -> Side:
    """What a preposition or a verb of coming says with the building after it."""
    token = tokens[at]
    if token.lower == "to":
        coming = any(each.base in COMING for each in tokens[max(at - 3, 0) : at])
        if coming and any(each.lower in EVENTS and each.gap != " " for each in tokens[at + 1 : min(at + WITHIN, last)]):
            return Side.DOUBTED  # who goes to the ball has left
        near = coming and at > 0 and tokens[at - 1].lower in BACK_TO
        if not coming or not _leads_to(tokens, at, last):
            return Side.UNTOLD
        return Side.OPEN if near else Side.UNTOLD if _is_planned(tokens, at) else Side.TOWARDS
    if token.base in COMING_TO and token.lower not in ("approach", "near") and _is_its_door(tokens, at):
        return Side.OPEN
    return Side.OPEN if _leads_to(tokens, at, last) else Side.UNTOLD


def _is_planned(tokens: list[Token], at: int) -> bool:
    """Whether nobody goes yet: "it was time to go to"."""
    return any(tokens[i].base in COMING and tokens[i - 1].lower == "to" for i in range(max(at - 3, 1), at))


def _leads_to(tokens: list[Token], at: int, last: int) -> bool:
    """Whether the phrase after a word is a building: "towards the little house", and no part of one."""
    for i in range(at + 1, min(at + WITHIN, last)):
        if tokens[i - 1].gap != " ":
            return False
        if tokens[i].base in BUILDINGS:
            after = tokens[i + 1] if i + 1 < last and tokens[i].gap == " " else None
            return not tokens[i].lower.endswith("'s") and (after is None or after.lower not in _ROOMS)
        if tokens[i].lower in _STOPPING:
            return False
    return False


_ROOMS = words("door fire table kitchen room stairs window wall")  # "behind the cabin door"
_STOPPING = words("of and in at who which that when as he she they i we it")


def _is_its_door(tokens: list[Token], at: int) -> bool:
    near = [token.lower for token in tokens[at + 1 : at + 4]]
    return near[:2] == ["its", "door"] or near[1:3] in (["front", "door"], ["hall", "door"]) or "gate" in near


def _tell_steps(tokens: list[Token], at: int) -> Side:
    """Those of a house are outside of it; those of a ladder or a throne are none."""
    if at + 1 < len(tokens) and tokens[at].gap == " " and tokens[at + 1].lower == "of":
        return Side.UNTOLD
    prep = _before_phrase(tokens, at)
    if prep not in ON_STEPS:
        return Side.UNTOLD
    return Side.OPEN if tokens[at - 1].lower in OF_HOUSES else Side.DOUBTED


def _before_phrase(tokens: list[Token], at: int) -> str:
    """The word before a noun with its article and adjectives."""
    for i in range(at - 1, max(at - WITHIN, -1), -1):
        if tokens[i].gap != " ":
            return ""
        if tokens[i].lower in ON_STEPS | ABOVE:
            return tokens[i].lower
        if tokens[i].lower in DETERMINERS and i > 0 and tokens[i - 1].gap == " ":
            return tokens[i - 1].lower
    return ""


def _is_looked_into(tokens: list[Token], at: int) -> bool:
    """Whether somebody looks "in at the window": who looks out of it is behind it."""
    before = [token.lower for token in tokens[max(at - 4, 0) : at]]
    inwards = any(before[i : i + 2] in (["in", "at"], ["in", "through"]) for i in range(len(before)))
    return inwards and any(token.base in LOOKING for token in tokens[max(at - 8, 0) : at])


def in_the_open(where: Whereabouts, acts: Acts) -> Whereabouts:
    """The place without a remembered roof where those who are shown are wild beasts or birds that fly."""
    if where.source is Source.PASSAGE or not where.indoors or not acts.figures:
        return where
    if all(figure.being is Being.CREATURE for figure in acts.figures) and any(
        figure.species in WILD or (figure.species in _FREE and figure.deed is Deed.FLY) for figure in acts.figures
    ):
        return replace(where, confidence=min(where.confidence, LONE), indoors=None)
    return where

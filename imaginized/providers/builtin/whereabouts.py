"""Weighs the clues of a chapter for one passage: which place is sure, and how sure. English only."""

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace

from imaginized.providers.builtin import setting_words as table
from imaginized.providers.builtin.sentences import Passage
from imaginized.providers.builtin.setting import Clue, Clues, Turn
from imaginized.story.stage_lists import BROADER, ROOFED, Setting
from imaginized.story.staging import SURE, Source

LEFT = 0.15  # what remains of a place that somebody left
OTHER_SIDE = 0.3  # what remains of the clues of the other side of the door
FORGOTTEN = 600.0  # words after which a clue weighs a third
LOOK_BACK, LOOK_AHEAD = 1500, 45  # words
MOVED = 0.5  # what remains of older clues each time somebody is told to be elsewhere
STRONG = 1.5  # weight from which a clue says that somebody is there
LATELY, LONE = 250, 0.5  # tokens within which another word must say the same; the confidence of one word alone
# One phrase that says where somebody is: its least weight, and its confidence in the passage and soon before it.
ALONE, HERE_ALONE, SOON_ALONE, SOON = 1.5, 0.72, 0.6, 120
OTHER_HERE = 0.8  # weight of another place in the passage for which its one phrase is not enough
ELSEWHERE = 0.5  # weight of things of the other side of the door in a passage for which its remembered place is doubted
MEANT = 0.8  # weight from which a place is named as one where somebody is
OPEN_AIR = 0.4  # weight of things of the open air in a passage for which it is drawn under a sky
GONE_TO, PANE = 0.45, 0.3  # weight of a place to which somebody goes; of a thing of rooms, such as a window
OF_ANOTHER = 0.5  # weight of a thing of one kind of room from which the passage is in no other kind
SAID = 0.3  # weight of another place from which a remembered one may have been left
REMEMBERED = 0.8  # the most that is sure of a place that only the page before names
FURNISHED, COMFORTABLE = 0.5, 0.7  # weight of a thing of parlours, and of all of them for which a room is one
PASSED_SOON = 60  # tokens after which nobody is on the stairs any more
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
# Who goes off to one of these is soon there.
HOME = HOUSE - {Setting.CABIN, Setting.SHOP, Setting.INN, Setting.HOSPITAL, Setting.COURT, Setting.OFFICE}
_NO_HOUSE = ROOFED - HOUSE - {Setting.CARRIAGE}
ODD = 0.25  # weight of another roof from which furniture alone says nothing
PASSED = frozenset({Setting.STAIRCASE, Setting.CORRIDOR, Setting.DOORWAY})
AFLOAT = frozenset({Setting.SHIP_DECK, Setting.SEA, Setting.BOAT, Setting.SHIP_CABIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where a passage happens, as the record has it."""

    setting: Setting = Setting.UNKNOWN
    confidence: float = 0.0
    source: Source = Source.NONE
    evidence: str = ""
    indoors: bool | None = None


def find_whereabouts(passage: Passage, clues: Clues, first: int, last: int) -> Whereabouts:
    """Weigh the clues for the passage of tokens first..last (last excluded)."""
    where = _weigh(passage, clues, first, last)
    if where.confidence >= SURE or not where.indoors:
        return where
    out = any(turn.inwards is False for turn in clues.turns if first <= turn.at < last)
    # A cave or a carriage has a roof and is no bare room; nor is it where who goes out has gone.
    bare = out or where.setting in NO_ROOM or _names_no_room(clues, first, last)
    return replace(where, indoors=None) if bare else where


NO_ROOM = frozenset({
    Setting.CARRIAGE, Setting.CAVE, Setting.TENT, Setting.DOORWAY, Setting.STABLE, Setting.CRYPT, Setting.TRAIN,
    Setting.SPACESHIP,
})  # fmt: skip


def _names_no_room(clues: Clues, first: int, last: int) -> bool:
    """Whether a passage itself names a cave, or a place under the sky to which somebody goes, and no room."""
    here = clues.clues[bisect_left(clues.starts, first) : bisect_left(clues.starts, last)]
    places = [clue for clue in here if not clue.sign and clue.setting and clue.weight >= GONE_TO]
    apart = any(clue.setting in NO_ROOM or clue.setting not in ROOFED for clue in places)
    within = any(clue.setting in ROOFED - NO_ROOM for clue in places)
    panes = any(clue.sign and clue.roof >= PANE for clue in here)
    return apart and not within and not panes


def _weigh(passage: Passage, clues: Clues, first: int, last: int) -> Whereabouts:
    begin = bisect_left(clues.starts, first - LOOK_BACK)
    end = bisect_left(clues.starts, last + LOOK_AHEAD)
    scores: dict[Setting, float] = defaultdict(float)
    best: dict[Setting, tuple[float, Clue]] = {}
    roof = under = 0.0
    moves = _moves_before(clues, begin, last)
    words: dict[str, set[str]] = defaultdict(set)
    near = _near(clues, begin, last)
    for clue in clues.clues[begin:end]:
        share = _share(near, clue, first, last)
        moved = 0
        for at, family in moves:
            moved += at > clue.at and family != _FAMILIES[clue.setting]
        share *= MOVED**moved
        weight = clue.weight * share
        roof += clue.roof * share
        under += abs(clue.roof) * share
        if clue.setting and weight > TRACE:  # what fades over a long chapter underflows to nothing
            if clue.at >= first - LATELY:
                words[_FAMILIES[clue.setting]].add(passage.tokens[clue.at].base)
            scores[clue.setting] += weight
            if clue.setting not in best or weight > best[clue.setting][0]:
                best[clue.setting] = (weight, clue)
    if not scores:
        return Whereabouts(indoors=_side(roof, under))
    where = _doubt(_choose(passage, scores, best, words, (roof, under), (first, last)), clues, first, last)
    told = _told_here(clues, first, last)
    if told is not None and (where.source is not Source.PASSAGE or where.confidence < HERE_ALONE):
        return _doubt(_as_told(passage, told, where), clues, first, last)
    side = sum(clue.roof for clue in clues.clues[bisect_left(clues.starts, first) : bisect_left(clues.starts, last)])
    if where.source is not Source.PASSAGE and abs(side) > ELSEWHERE and (side > 0) != (where.setting in ROOFED):
        # Grass around whom a room is remembered, a sofa upon which they lie who were in the street.
        indoors = True if side >= COMFORTABLE else None
        return replace(where, confidence=min(where.confidence, LONE), indoors=indoors)
    if where.indoors is False and where.confidence < SURE and side > -OPEN_AIR:
        return replace(where, indoors=None)  # the open air of a page ago may be snow, a glen or a doorstep
    return where


def _as_told(passage: Passage, told: Clue, where: Whereabouts) -> Whereabouts:
    """The place that the passage itself names; a plain "room" stays the one that is known."""
    same = _FAMILIES[told.setting] == _FAMILIES[where.setting] and where.setting is not Setting.ROOM
    plain = told.setting is Setting.ROOM and passage.tokens[told.at].base not in table.HALLS
    return Whereabouts(
        setting=where.setting if same and plain else told.setting,
        confidence=HERE_ALONE,
        source=Source.PASSAGE,
        evidence=passage.text[passage.tokens[told.first].start : passage.tokens[told.last - 1].end],
        indoors=told.setting in ROOFED,
    )


def _doubt(where: Whereabouts, clues: Clues, first: int, last: int) -> Whereabouts:
    """Less sure of a place of which the page says too little to draw it, or says another one since."""
    page = clues.clues[bisect_left(clues.starts, first - LATELY) : bisect_left(clues.starts, last)]
    if where.setting is Setting.ROOM and not _is_parlour(page, said=where.source is Source.PASSAGE):
        return replace(where, confidence=min(where.confidence, LONE))
    if where.source is not Source.PASSAGE and _is_furnished_otherwise(page, where.setting, first):
        return replace(where, confidence=min(where.confidence, LONE))
    if _is_got_into(page, where.setting, first) or _is_aboard(page, where.setting, first):
        return replace(where, confidence=min(where.confidence, LONE), indoors=None)
    if where.source is Source.PASSAGE:
        passed = where.setting in PASSED and _goes_on(page, where.setting, first)
        return replace(where, confidence=min(where.confidence, LONE)) if passed else where
    return replace(where, confidence=min(where.confidence, REMEMBERED if _is_last(page, where, first) else LONE))


def _is_furnished_otherwise(page: list[Clue], setting: Setting, first: int) -> bool:
    """Whether a passage names what stands in another kind of room than the remembered one: a bed, of a kitchen."""
    here = [clue for clue in page if clue.at >= first and clue.sign and clue.weight >= OF_ANOTHER]
    others = [clue for clue in here if clue.setting and clue.setting not in (Setting.ROOM, setting)]
    return setting in HOUSE and bool(others) and not any(_ALIKE.get(clue.setting) is setting for clue in others)


# Rooms in which the things of others stand, too.
_ALIKE = {Setting.BEDROOM: Setting.ATTIC, Setting.DINING_ROOM: Setting.DRAWING_ROOM, Setting.LIBRARY: Setting.OFFICE}


def _is_got_into(page: list[Clue], setting: Setting, first: int) -> bool:
    """Whether a passage tells only that somebody sets out for a place or gets into a train: they are seen outside."""
    here = [clue for clue in page if clue.at >= first and clue.setting is setting and not clue.sign]
    boarded = setting in _BOARDED and all(clue.entered for clue in here)
    return bool(here) and (boarded or (setting not in HOME and all(clue.ahead for clue in here)))


def _is_aboard(page: list[Clue], setting: Setting, first: int) -> bool:
    """Whether a passage that names a river or a shore tells of somebody on board: they are on the water."""
    return setting in _BANKS and any(
        clue.setting in AFLOAT and clue.weight >= OTHER_HERE for clue in page if clue.at >= first
    )


_BANKS = frozenset({Setting.RIVER, Setting.LAKE, Setting.SHORE, Setting.DOCK})
_BOARDED = frozenset({Setting.TRAIN, Setting.CARRIAGE, Setting.SPACESHIP})


def _is_last(page: list[Clue], where: Whereabouts, first: int) -> bool:
    """Whether a place that a passage does not name is the last one that the page before it names."""
    signs = sum(clue.weight for clue in page if clue.sign and clue.setting is where.setting and clue.at >= first)
    if where.source is Source.SIGNS and signs >= MEANT:
        return True
    named = [clue for clue in page if clue.setting and not clue.sign]
    last = max((clue.at for clue in named if clue.setting is where.setting and clue.weight >= MEANT), default=-1)
    since = [clue for clue in named if clue.at > last and clue.setting not in PASSED | {where.setting, Setting.ROOM}]
    return (last >= 0 or where.source is Source.SIGNS) and not any(clue.weight >= SAID for clue in since)


def _is_parlour(page: list[Clue], *, said: bool) -> bool:
    """Whether a room without a name is one with a hearth and chairs: a cell, an attic or a den has none."""
    signs = [clue.weight for clue in page if clue.sign and clue.setting is Setting.ROOM]
    fine = sum(weight for weight in signs if said or weight >= FURNISHED)
    other = [clue for clue in page if clue.setting in ROOFED - PASSED - {Setting.ROOM, Setting.HALL}]
    named = any(not clue.sign and clue.weight >= MEANT for clue in other)
    return (
        fine >= (FURNISHED if said else COMFORTABLE)
        and not named
        and fine > sum(clue.weight for clue in other if clue.sign)
    )


def _goes_on(page: list[Clue], passed: Setting, first: int) -> bool:
    """Whether a passage goes on from the stairs to another room."""
    here = [clue for clue in page if clue.at >= first and not clue.sign and clue.weight >= MEANT]
    return bool(here) and here[-1].setting is not passed


def _told_here(clues: Clues, first: int, last: int) -> Clue | None:
    """The one phrase of a passage that says where somebody is, if no other and nothing around speaks against it."""
    here = clues.clues[bisect_left(clues.starts, first) : bisect_left(clues.starts, last)]
    places = [clue for clue in here if not clue.sign and clue.setting]
    sure = [clue for clue in places if clue.weight >= ALONE]
    apart = [clue for clue in places if sure and _FAMILIES[clue.setting] != _FAMILIES[sure[0].setting]]
    if not sure or any(clue.at > sure[0].at for clue in apart):
        return None
    others = any(clue.weight >= OTHER_HERE for clue in apart)
    against = sum(clue.roof for clue in here if clue.sign) * (-1.0 if sure[0].setting in ROOFED else 1.0)
    left = any(turn.at > sure[-1].at for turn in clues.turns if first <= turn.at < last)
    return None if others or left or against > ELSEWHERE else max(sure, key=lambda clue: clue.weight)


def _moves_before(clues: Clues, begin: int, last: int) -> list[tuple[int, str]]:
    """Where before or in the passage somebody is told to be in a place, the last few with the family of the place."""
    found: list[tuple[int, str]] = []
    for clue in clues.clues[begin : bisect_left(clues.starts, last)]:
        if clue.weight >= STRONG and clue.setting:
            family = _FAMILIES[clue.setting]
            if not found or found[-1][1] != family:
                found.append((clue.at, family))
    return found[-4:]


def _near(clues: Clues, begin: int, last: int) -> tuple[list[Turn], list[int]]:
    """The turns and breaks that matter to clues from the one numbered `begin` on."""
    start = clues.starts[begin] if begin < len(clues.starts) else last
    turns = [turn for turn in clues.turns if start < turn.at < last]
    return turns, [broken for broken in clues.breaks if broken >= min(start, last)]


def _share(near: tuple[list[Turn], list[int]], clue: Clue, first: int, last: int) -> float:
    """How much of a clue's weight counts for a passage: all of it here, less before, little after."""
    at = clue.at
    turns, breaks = near
    if at >= last:
        return AHEAD if not breaks or not any(last <= broken <= at for broken in breaks) else 0.0
    share = HERE if at >= first else math.exp((at - first) / FORGOTTEN)
    if breaks and at < first and any(at < broken <= first for broken in breaks):
        share *= BROKEN
    for turn in turns:
        if at < turn.at:
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
        families[_FAMILIES[setting]] += score
    roof, under = side
    family = max(families, key=lambda name: (families[name], name))
    members = {setting: score for setting, score in scores.items() if _FAMILIES[setting] == family}
    setting = _narrow(members)
    share = families[family] ** PEAKED / sum(score**PEAKED for score in families.values())
    agrees = _agreement(setting, roof, under)
    evidence = best[setting][1] if setting in best else max(best[each] for each in members)[1]
    confidence = min(share * agrees * (1.0 - math.exp(-families[family] / ENOUGH)), 1.0)
    if setting in PASSED and not evidence.sign and evidence.at < span[0] - PASSED_SOON:
        confidence = min(confidence, LONE)
    if len(words[family]) < 2:
        confidence = min(confidence, _trust_alone(evidence, span))
    if setting is Setting.ROOM and evidence.sign and any(scores.get(each, 0.0) >= ODD for each in _NO_HOUSE):
        confidence = min(confidence, LONE)  # a floor and a ceiling, but of a cave, a ship or a theatre
    return Whereabouts(
        setting=setting,
        confidence=round(confidence, 2),
        source=_source(evidence, span),
        evidence=passage.text[passage.tokens[evidence.first].start : passage.tokens[evidence.last - 1].end],
        indoors=setting in ROOFED if confidence >= 0.4 else _side(roof, under),
    )


def _trust_alone(clue: Clue, span: tuple[int, int]) -> float:
    """How far one word alone is believed: "she was in the kitchen", told here or right before, is enough."""
    if clue.sign or clue.weight < ALONE or clue.at >= span[1]:
        return LONE
    return HERE_ALONE if clue.at >= span[0] else SOON_ALONE if clue.at >= span[0] - SOON else LONE


def _family(setting: Setting) -> str:
    if setting in HOUSE:
        return "house"
    if setting in AFLOAT:
        return "afloat"
    if setting is Setting.CARRIAGE:
        return str(Setting.ROAD)
    return str(_root(setting))


_FAMILIES = {setting: _family(setting) for setting in Setting}


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

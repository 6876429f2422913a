"""How those in a picture do what they do: what bears who sits or lies, up or down which stairs, away from whom.

English only. Reads the words of a passage after its deeds were read, and only adds to them.
"""

import re
from dataclasses import replace

from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being, Figure, Lack, Staging, Support, Way

_RESTING = (
    r"(?:s[ai]t(?:s|ting)?|seat(?:ed|ing)|perch\w*|squat\w*|crouch\w*|s[aiu]nk(?:s|ing)?|l[aiy]y?(?:s|ing)?|laid|lie(?:s|d)?"
    r"|sle(?:ep|eps|pt|eping)|stretch\w*|dropp\w*|flung|threw|thrown|reclin\w*|sprawl\w*|curl\w*|settl\w*|loung\w*)"
)
_NOUNS = {
    Support.FLOOR: "floor deck hearthrug rug carpet mat boards planks flags flagstones tiles",
    Support.GROUND: "ground grass turf sand sands sod heather moss snow bank knoll hillside slope meadow hill mound lawn"
    " shingle beach pavement curb leaves bracken hilltop ridge roadside",
    Support.STEPS: "step steps doorstep doorsteps stair stairs threshold stoop",
    Support.WALL: "wall parapet coping ledge",
    Support.LOG: "log trunk stump block beam stile",
    Support.ROCK: "rock rocks boulder stone crag",
    Support.SACKS: "sacks sack bales bale sacking",
    Support.STRAW: "straw hay pallet",
}
_KINDS = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}
_RESTED = re.compile(
    rf"\b{_RESTING}\b(?:(?![.;:!?—]| but | while ).){{0,60}}?\b(?:on|upon|in|among|across|against)"
    rf" (?:(?:the|an?|his|her|their|its|my|our|some|that|this|bare|soft|dry|few) )*(?:[\w’-]+ ){{0,2}}?"
    rf"({'|'.join(_KINDS)})\b"
)
_LOW = frozenset({Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.LIE_DEAD, Deed.READ, Deed.EAT, Deed.SEW, Deed.SMOKE})
_STAIRS = re.compile(
    r"\b(?P<up>upstairs)\b|\b(?P<down>downstairs)\b"
    r"|\b(?P<way>up|down) (?:(?:the|a|his|her|their|some|those|these) )(?:[\w’-]+ ){0,2}(?P<on>stairs?|staircase|ladder)\b",
    re.IGNORECASE,
)
_GOING = frozenset({Deed.WALK, Deed.RUN, Deed.CLIMB, Deed.ENTER, Deed.LEAVE, Deed.CHASE, Deed.LEAD, Deed.CARRY})
_DESCENT = re.compile(r"\b(?:down|descend\w*|downhill)\b")
_MOVED = r"(?:w[ae]nt|walk|turn|look|r[ua]n|mov|st[eo]le|r[io]de|step|dr[ea]w|shr[aiu]nk|hurri|str[io]de|fl[ei][ed]|gaz|glanc|go|slunk|edg|back)\w*"
_AWAY = re.compile(
    rf"\b{_MOVED}(?:,? [\w’-]+){{0,5}},? away(?: [\w’-]+){{0,3}} from\b"
    r"|\b(?:turn(?:ed|ing|s)?|with) (?:his|her|their) backs? (?:on|upon|to|towards?|turned)\b|\bpassed behind\b"
)
_TURNED = frozenset({Deed.WALK, Deed.RUN, Deed.LEAVE, Deed.LOOK, Deed.STAND, Deed.TALK, Deed.LISTEN, Deed.UNKNOWN})
_ONTO = re.compile(
    r"\b(?:st[aoe]o?d\w*|climb\w*|jump\w*|sprang|leap\w*|got|mount\w*|clamber\w*|stepp\w*|hopp\w*)"
    r"(?: [\w’-]+){0,3} (?:on|upon|onto|on to)(?: top of)? (?:the|a|an|his|her|their|my|that) (?:[\w’-]+ ){0,2}"
    r"(table|chair|bench|bed|sofa|couch|settee|stool|box|chest|trunk|barrel|counter|desk|cask|crate)\b"
)
_TOPS = {
    "couch": Thing.SOFA, "settee": Thing.SOFA, "stool": Thing.CHAIR, "trunk": Thing.CHEST, "counter": Thing.TABLE,
    "cask": Thing.BARREL, "crate": Thing.BOX,
}  # fmt: skip
_RISEN = frozenset({Deed.STAND, Deed.CLIMB, Deed.JUMP, Deed.RUN, Deed.WALK, Deed.DANCE, Deed.UNKNOWN, Deed.RAISE})
_COATS = "white black grey gray brown bay chestnut roan sorrel cream dun tawny golden russet ivory silver yellow red"
# What is done with hands and feet and is no deed of the lists: a face does not show it.
_BODILY = re.compile(
    r"\b(?:finger|par|peel|polish|scrub|rinse|iron|wip|button|unbutton|lengthen|quicken|glid|limp|stamp|shov|scrambl"
    r"|stretch|shrugg|toss|twist|wrung|wring|pack|unpack|unlac|lac|tidi|tidy|stepp|hasten|totter|stagger|sprang|pound"
    r"|laid|thrust|flung|pluck|pull|push|drew|drag|brush|sweep|swept|wash|knead|spread|pour|lift|rais)(?:ed|d|ing|s|es)?\b"
)
_QUIET = frozenset({Deed.STAND, Deed.LOOK, Deed.LISTEN, Deed.TALK, Deed.UNKNOWN})


def heed_manners(staging: Staging, told: str) -> Staging:
    """The staging with what the words of its telling say of how its figures sit, go and are turned.

    Args:
        staging: What the passage shows.
        told: The passage without what is said in it.
    """
    figures = tuple(_coated(_borne(figure, told), told) for figure in staging.figures)
    figures = _turned(_atop(_on_stairs(figures, told), told), told)
    lacks = staging.lacks
    if Lack.DEED not in lacks and all(it.deed in _QUIET for it in figures) and _BODILY.search(told):
        lacks = (*lacks, Lack.DEED)
    if figures == staging.figures and lacks == staging.lacks:
        return staging
    return replace(staging, figures=figures, lacks=lacks)


def _borne(figure: Figure, told: str) -> Figure:
    """Who sits or lies on the ground, a log, some sacks."""
    if figure.being is not Being.PERSON or figure.deed not in _LOW or (figure.upon and figure.upon not in _SAME):
        return figure
    found = _RESTED.search(told)
    return replace(figure, support=_KINDS[found.group(1)]) if found else figure


_SAME = frozenset({Thing.CARPET, Thing.WALL, Thing.STAIRS, Thing.ROCK, Thing.STONE, Thing.SACK})


def _on_stairs(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Who goes up or down stairs is on them; of several who go, all."""
    found = _STAIRS.search(told)
    slope = Way.DOWN if _DESCENT.search(told) else Way.UP
    if found is None:
        return tuple(
            replace(it, way=slope) if it.deed is Deed.CLIMB or it.upon is Thing.STAIRS and it.deed in _GOING else it
            for it in figures
        )
    up = found["up"] or (found["way"] or "").lower() == "up"
    ladder = (found["on"] or "").lower() == "ladder"
    return tuple(
        replace(it, upon=Thing.LADDER if ladder else Thing.STAIRS, way=Way.UP if up else Way.DOWN, toward=it.toward,
                deed=Deed.CLIMB if ladder else it.deed)
        if it.being is Being.PERSON and it.deed in _GOING and not it.upon
        else it
        for it in figures
    )  # fmt: skip


def _atop(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Who climbs or jumps on a table or a bed, or stands on it."""
    found = _ONTO.search(told)
    if found is None:
        return figures
    thing = _TOPS.get(found.group(1)) or Thing(found.group(1))
    return tuple(
        replace(it, upon=thing, way=Way.UP)
        if it.being is Being.PERSON and it.deed in _RISEN and it.upon in (Thing.NONE, thing)
        else it
        for it in figures
    )


def _turned(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Of two the one who goes or looks away from the other is turned so."""
    if len(figures) != PAIR or not _AWAY.search(told):
        return figures
    first = next((at for at, it in enumerate(figures) if it.deed in _TURNED and it.deed is not Deed.STAND), None)
    if first is None or any(it.deed not in _TURNED for it in figures):
        return figures
    away = replace(figures[first], way=Way.AWAY, toward=None)
    return tuple(away if at == first else it for at, it in enumerate(figures))


PAIR = 2


def _coated(figure: Figure, told: str) -> Figure:
    """A beast in the colour that is said of it."""
    if figure.being is not Being.CREATURE:
        return figure
    nouns = "|".join(re.escape(word) for word in (figure.noun, figure.species.value) if word)
    if not nouns:
        return figure
    found = re.search(rf"\b({_COATS.replace(' ', '|')}) (?:[\w’-]+ )?(?:{nouns})s?\b", told, re.IGNORECASE)
    return replace(figure, coat=found.group(1).lower()) if found else figure

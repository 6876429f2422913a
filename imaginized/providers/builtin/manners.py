"""How those in a picture do what they do: what bears who sits or lies, up or down which stairs, away from whom.

English only. Reads the words of a passage after its deeds were read, and only adds to them.
"""

import re
from dataclasses import replace

from imaginized.providers.builtin.acting_words import HANDLED
from imaginized.providers.builtin.thing_words import THINGS
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being, Figure, Lack, Staging, Support, View, Way

_SAT_DOWN = (
    r"(?:s[ai]t(?:s|ting)?|seat(?:ed|ing)|perch\w*|squat\w*|s[aiu]nk(?:s|ing)?|dropp\w*|settl\w*|crouch\w*|threw)"
)
_LAY_DOWN = (
    r"(?:lay|lying|lie(?:s|d)?|laid|sle(?:ep|eps|pt|eping)|stretch\w*|dropp\w*|flung|threw|thrown|reclin\w*"
    r"|sprawl\w*|curl\w*|sank|loung\w*)"
)
_NOUNS = {
    Support.FLOOR: "floor deck hearthrug rug carpet mat boards planks flags flagstones tiles",
    Support.GROUND: "ground grass turf sand sands sod heather moss snow bank knoll hillside slope meadow hill mound"
    " lawn shingle beach pavement curb leaves bracken hilltop ridge roadside",
    Support.STEPS: "step steps doorstep doorsteps stair stairs threshold stoop",
    Support.WALL: "wall parapet coping ledge",
    Support.LOG: "log trunk stump block beam stile",
    Support.ROCK: "rock rocks boulder stone crag",
    Support.SACKS: "sacks sack bales bale sacking",
    Support.STRAW: "straw hay pallet",
}
_KINDS = {noun: kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}
_ON = (
    r"\b(?:(?![.;:!?—]| but | while ).){0,60}?\b(?:on|upon|in|among)"
    r" (?:(?:the|an?|his|her|their|its|my|our|some|that|this|bare|soft|dry|few) )*(?:[\w’-]+ ){0,2}?"
    rf"({'|'.join(_KINDS)})\b"
)
_SITS, _LIES = re.compile(rf"\b{_SAT_DOWN}{_ON}"), re.compile(rf"\b{_LAY_DOWN}{_ON}")
_LYING = frozenset({Deed.LIE, Deed.SLEEP, Deed.LIE_DEAD})
_LOW = frozenset({Deed.SIT, Deed.LIE, Deed.SLEEP, Deed.LIE_DEAD, Deed.READ, Deed.EAT, Deed.SEW, Deed.SMOKE})
_STAIRS = re.compile(
    r"\b(?P<up>upstairs)\b|\b(?P<down>downstairs)\b"
    r"|\b(?P<way>up|down) (?:(?:the|a|his|her|their|some|those|these) )(?:[\w’-]+ ){0,2}"
    r"(?P<on>stairs?|staircase|ladder)\b",
    re.IGNORECASE,
)
_HILL = re.compile(
    r"\b(?P<way>up|down) (?:the|a|an|that|this|some) (?:[\w’-]+,? ){0,3}?"
    r"(?:hill|hillside|slope|trail|bank|mountain|mountainside|incline|brae|cliff|ridge|ravine|glen|gully)\b",
    re.IGNORECASE,
)
_AFOOT = frozenset({Deed.WALK, Deed.RUN, Deed.CLIMB})
_GOING = frozenset({Deed.WALK, Deed.RUN, Deed.CLIMB, Deed.ENTER, Deed.LEAVE, Deed.CHASE, Deed.LEAD, Deed.CARRY})
_DESCENT = re.compile(r"\b(?:down|descend\w*|downhill)\b")
_MOVED = (
    r"(?:w[ae]nt|walk|turn|look|r[ua]n|mov|st[eo]le|r[io]de|step|dr[ea]w|shr[aiu]nk|hurri|str[io]de|fl[ei][ed]|gaz"
    r"|glanc|go|slunk|edg|back)\w*"
)
_AWAY = re.compile(
    rf"\b{_MOVED}(?:,? [\w’-]+){{0,5}},? away(?: [\w’-]+){{0,3}} from\b"
    r"|\b(?:turn(?:ed|ing|s)?|with) (?:his|her|their) backs? (?:on|upon|to|towards?|turned)\b|\bpassed behind\b"
)
# Who goes, and is seen to go.
_GONE = re.compile(
    r"\b(?:w[ae]nt|walk\w*|pass\w*|tripp\w*|hurri\w*|str[io]de|ran|st[eo]le|slipp\w*|trott\w*|fled|mov\w*|march\w*"
    r"|rush\w*)(?: [\w’-]+){0,2}? (?:away|off|out|upstairs|home)\b|\bdepart(?:s|ed|ing)?\b"
)
_WHOM = r"(?:him|her|them|[A-Z][\w’-]+)"
_LOOKED_AFTER = re.compile(
    rf"\b(?:look(?:ed|s|ing)?|gaz(?:ed?|es|ing)|star(?:ed?|es|ing)) after {_WHOM}\b"
    r"(?! (?:kindly|well|while|for|until|till)\b)"
    rf"|\bwatch\w* {_WHOM}(?: as s?he)? (?:go|steal|walk|ride|depart|leav|retire|disappear|vanish|out|away)\w*"
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
    figures = _turned(_atop(_on_stairs(_seated(figures, told), told), told), told)
    figures = _in_hand(staging, figures, told)
    lacks = staging.lacks
    if Lack.DEED not in lacks and all(it.deed in _QUIET for it in figures) and _BODILY.search(told):
        lacks = (*lacks, Lack.DEED)
    view, why = _shown_with(staging, figures)
    if figures == staging.figures and lacks == staging.lacks and view is staging.view:
        return staging
    return replace(staging, figures=figures, lacks=lacks, view=view, why=why)


def _shown_with(staging: Staging, figures: tuple[Figure, ...]) -> tuple[View, str]:
    """No thing is shown alone where somebody is told to be with it."""
    people = [figure for figure in figures if figure.being is Being.PERSON]
    if staging.view is not View.OBJECT or not people:
        return staging.view, staging.why
    alone = len(figures) == 1 and figures[0].count == 1
    return (View.PORTRAIT if alone else View.GROUP), "a thing and who is with it"


_SEAT = r"(chair|arm-?chair|easy-chair|rocker|rocking-chair|stool|sofa|couch|settee|bench|settle)"
_SAT = re.compile(
    r"\b(?:s[ai]t(?:s|ting)?|seat(?:ed|ing)|s[aiu]nk(?:ing)?|dropp(?:ed|ing)|fell|threw|throwing|flung|flinging)"
    rf"(?:,? [\w’-]+){{0,4}} (?:in|into|on|upon) (?:an?|the|his|her|my) (?:[\w’-]+ ){{0,3}}{_SEAT}\b"
)
_SEATS = {"sofa": Thing.SOFA, "couch": Thing.SOFA, "settee": Thing.SOFA, "bench": Thing.BENCH, "settle": Thing.BENCH}
_SITTING = re.compile(r"\b(?:sat|sitting|seated)\b(?! up\b)")
_SAT_UP = re.compile(r"\b(?:sat|sitting|sit|sits) up\b(?! (?:to|with|for|all|late|and|straight))")
_RISING = re.compile(r"\b(?:rose|risen|rising|stood|got up|sprang up|jumped up|leaped up)\b")
_SAT_AFTER = frozenset({Deed.WEEP, Deed.RUN, Deed.WALK, Deed.LAUGH, Deed.TALK, Deed.LOOK, Deed.STAND, Deed.FALL})
_WHILE_SITTING = frozenset({Deed.SMOKE, Deed.DRINK, Deed.LISTEN})


def _seated(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Who sinks into a chair and weeps does it there; who sits and smokes sits; who sits up was lying."""
    if _RISING.search(told):
        return figures
    seat = _SAT.search(told)
    people = [figure for figure in figures if figure.being is Being.PERSON]
    return tuple(_sat(it, seat.group(1) if seat else "", told, alone=len(people) == 1) for it in figures)


def _sat(figure: Figure, seat: str, told: str, *, alone: bool) -> Figure:
    if figure.being is not Being.PERSON:
        return figure
    if seat and alone and figure.deed in _SAT_AFTER and not figure.upon:
        deed = Deed.WEEP if figure.deed is Deed.WEEP else Deed.SIT
        return replace(figure, deed=deed, upon=_seat(seat))
    if seat and _is_meant(figure, alone=alone) and figure.deed in _AT_WORK and figure.upon not in _KNOWN_SEATS:
        thing = figure.upon if figure.upon in HANDLED else Thing.NONE
        return replace(figure, upon=_seat(seat), holds=figure.holds or thing)
    if figure.deed in _WHILE_SITTING and _SITTING.search(told):
        pipe = Thing.PIPE if figure.deed is Deed.SMOKE else Thing.NONE
        return replace(figure, deed=Deed.SIT, holds=figure.holds or pipe)
    low = figure.deed is Deed.SIT and not figure.upon and _SAT_UP.search(told)
    return replace(figure, support=Support.FLOOR) if low else figure


def _seat(noun: str) -> Thing:
    return _SEATS.get(noun, Thing.ARMCHAIR if noun.startswith(("arm", "easy")) else Thing.CHAIR)


def _is_meant(figure: Figure, *, alone: bool) -> bool:
    """Whether nobody else can be meant who sits: with a book or a needle in hand it is this one."""
    return alone or figure.deed in (Deed.READ, Deed.SEW)


_AT_WORK = frozenset({Deed.READ, Deed.SEW, Deed.PLAY, Deed.EAT})
_KNOWN_SEATS = frozenset({Thing.CHAIR, Thing.ARMCHAIR, Thing.SOFA, Thing.BENCH, Thing.BED, Thing.THRONE})
_WITH = (
    r"(?<!for )\b(?:with|holding|clutching|carrying|bearing|waving|under|raised|lifted|drew|pointed|pointing"
    r"|clutched|gripping"
    r"|brandish\w*|flourish\w*|swinging|twirling|jangling|beneath|levelled|aimed|shook|shaking|fingering|twisting)"
)
_BARE = frozenset({Deed.SIT, Deed.STAND, Deed.WALK, Deed.RUN, Deed.CROUCH, Deed.POINT, Deed.TALK, Deed.LOOK, Deed.SHOUT,
    Deed.ENTER, Deed.LEAVE, Deed.RIDE, Deed.KNEEL, Deed.WAVE, Deed.RAISE, Deed.LISTEN, Deed.CLIMB,
    Deed.UNKNOWN})  # fmt: skip
_DRUNK_FROM = frozenset({Thing.CUP, Thing.GLASS, Thing.BOTTLE, Thing.BOWL, Thing.JUG, Thing.FLASK})


def _in_hand(staging: Staging, figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Of one person alone empty hands get what somebody is told to have; who drinks has what it is drunk from."""
    figures = tuple(
        replace(it, holds=it.upon) if it.deed is Deed.DRINK and it.upon in _DRUNK_FROM and not it.holds else it
        for it in figures
    )
    taken = {it.holds for it in figures} | set(staging.fallen)
    people = [at for at, it in enumerate(figures) if it.being is Being.PERSON]
    free = people[0] if len(people) == 1 else None  # of two it may be the other who came with a basket
    if free is None or figures[free].holds or figures[free].deed not in _BARE:
        return figures
    for thing in staging.things:
        nouns = "|".join(re.escape(word) for word, kind in THINGS.items() if kind is thing)
        if thing not in HANDLED or thing in taken or not nouns:
            continue
        had = rf"{_WITH} (?:(?:the|an?|his|her|my|their|some|two|three|one) )?(?:[\w’-]+ ){{0,2}}?(?:{nouns})s?\b"
        if re.search(had, told):
            upon = Thing.NONE if figures[free].upon is thing else figures[free].upon
            holder = replace(figures[free], holds=thing, upon=upon)
            return tuple(holder if at == free else it for at, it in enumerate(figures))
    return figures


def _borne(figure: Figure, told: str) -> Figure:
    """Who sits or lies on the ground, a log, some sacks."""
    if figure.being is not Being.PERSON or figure.deed not in _LOW or (figure.upon and figure.upon not in _SAME):
        return figure
    found = (_LIES if figure.deed in _LYING else _SITS).search(told)
    return replace(figure, support=_KINDS[found.group(1)]) if found else figure


_SAME = frozenset({Thing.CARPET, Thing.WALL, Thing.STAIRS, Thing.ROCK, Thing.STONE, Thing.SACK})


def _on_stairs(figures: tuple[Figure, ...], told: str) -> tuple[Figure, ...]:
    """Who goes up or down stairs is on them; of several who go, all."""
    found = _STAIRS.search(told)
    slope = Way.DOWN if _DESCENT.search(told) else Way.UP
    hill = _HILL.search(told)
    if found is None and hill is not None:
        way = Way.UP if hill["way"].lower() == "up" else Way.DOWN
        return tuple(replace(it, way=way) if it.deed in _AFOOT and not it.upon else it for it in figures)
    if found is None:
        return tuple(
            replace(it, way=slope) if it.deed is Deed.CLIMB or (it.upon is Thing.STAIRS and it.deed in _GOING) else it
            for it in figures
        )
    up = found["up"] or (found["way"] or "").lower() == "up"
    ladder = (found["on"] or "").lower() == "ladder"
    return tuple(
        replace(it, upon=Thing.LADDER if ladder else Thing.STAIRS, way=Way.UP if up else Way.DOWN,
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
    afoot = [it for it in figures if it.deed in _AFOOT or it.deed is Deed.LEAVE]  # of two who go together none leaves
    after = _LOOKED_AFTER.search(told)
    gone = len(afoot) == 1 and afoot[0].toward is None and (after or _GONE.search(told))
    if len(figures) == PAIR and after and any(it.deed is Deed.LOOK and it.toward is not None for it in figures):
        return _left(figures)
    if len(figures) != PAIR or not (gone or _AWAY.search(told)):
        return figures
    turned = [at for at, it in enumerate(figures) if it.deed in _TURNED and it.deed is not Deed.STAND]
    first = min(turned, key=lambda at: (figures[at].deed not in _GOING, at), default=None)  # who goes, before who looks
    if first is None or any(it.deed not in _TURNED for it in figures):
        return figures
    away = replace(figures[first], way=Way.AWAY, toward=None)
    return tuple(away if at == first else it for at, it in enumerate(figures))


def _left(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Of two of whom one looks after the other, that one as he goes."""
    first = 0 if figures[0].deed is Deed.LOOK and figures[0].toward is not None else 1
    left = figures[1 - first]
    if left.toward is not None or left.deed not in _LEAVING:  # "he watched her walk up to him"
        return figures
    going = replace(left, way=Way.AWAY, toward=None, deed=left.deed if left.deed in _AFOOT else Deed.WALK)
    return (figures[0], going) if first == 0 else (going, figures[1])


_LEAVING = _AFOOT | {Deed.STAND, Deed.LEAVE, Deed.UNKNOWN}
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

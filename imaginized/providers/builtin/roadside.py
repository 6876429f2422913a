"""Roads and platforms: who is at the wheel of a motor car, and where who gets into a train stands.

English only.
"""

from collections.abc import Sequence
from dataclasses import replace

from imaginized.providers.builtin.motors import CARS, MOTORS, is_motored, thing_named
from imaginized.providers.builtin.sentences import Passage, Token
from imaginized.providers.builtin.settling import Acts
from imaginized.providers.builtin.steering import GOT_IN, STEERED, WITHIN
from imaginized.providers.builtin.vocabulary import words
from imaginized.providers.builtin.whereabouts import Whereabouts
from imaginized.story.stage_lists import ROOFED, Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import SURE, Being, Figure, Sex, Source

COMING = words("come roll rattle drive draw pull dash rumble whirl stop bowl trundle clatter roar spin swing glide go")
_HORSED = frozenset({Thing.CARRIAGE})
# Where nobody who is told of is seen from the road.
_NO_ROAD = frozenset(
    {Setting.SEA, Setting.BOAT, Setting.SHIP_DECK, Setting.UNDERWATER, Setting.RIVER, Setting.LAKE, Setting.SKY}
)
TRAFFIC = frozenset(words("traffic"))
OFFICERS = frozenset(words("policeman policemen constable"))
STOPPING = words("raise lift hold put")
TOWNS = frozenset(words("street avenue pavement sidewalk kerb curb traffic policeman city boulevard taxi"))
STAFF = frozenset(words("porter guard official station-master stationmaster ticket-collector signalman"))
PLATFORMS = words("station platform train railway compartment engine stationmaster station-master trains")
TRAINS = frozenset({"train", "compartment", "railway-carriage"})
BOARDING = words("climb get step board clamber enter mount help")  # who leaps aboard does so on the way
STOPS = ".;:!?—"
_NEAR = 200  # tokens around a porter in which a train or a station is told of
HERE_SURE = 0.72  # how sure a road, a street or a platform is that only what is done there tells


def on_road(passage: Passage, unreal: Sequence[int], span: tuple[int, int], acts: Acts, where: Whereabouts) -> Acts:
    """Those who drive in a chapter of motors in their car, and a driver on what comes along by itself."""
    first, last = span
    told = [at for at in range(first, last) if not unreal[at]]
    motored = is_motored(passage)
    steering = any(_is_steered(passage, at) for at in told) or (motored and _in_traffic(passage, first, last))
    figures = list(acts.figures)
    for at, figure in enumerate(figures):
        drives = motored and figure.deed is Deed.DRIVE and figure.toward is None and not figure.upon
        if figure.being is Being.PERSON and (drives or (steering and at == 0 and _may_steer(figure))):
            deed = Deed.DRIVE if figure.deed is Deed.STAND else figure.deed
            figures[at] = replace(figure, deed=deed, upon=Thing.MOTOR_CAR)
    heard = _is_sure(where) and where.setting in ROOFED  # from a room it is only heard
    come = Thing.NONE if heard else _coming(passage, told)
    if come and len(figures) < 3 and not any(figure.deed is Deed.DRIVE or figure.upon is come for figure in figures):
        figures.append(Figure(noun="driver", sex=Sex.MAN, deed=Deed.DRIVE, upon=come))
    cars = Thing.MOTOR_CAR in {figure.upon for figure in figures} and Thing.MOTOR_CAR not in acts.things
    things = (Thing.MOTOR_CAR, *acts.things) if cars else acts.things
    if motored and passage.between(_HORNS, first, last):
        things = tuple(thing for thing in things if thing is not Thing.TRUMPET)  # the horn of a car
    return replace(acts, figures=tuple(figures), things=things)


_HORNS = frozenset({"horn"})


def _may_steer(figure: Figure) -> bool:
    """Whether somebody whose car is told of does it from the car."""
    named = bool(figure.name) or not figure.noun  # "he stopped his car": no preacher or clerk who is there, too
    return figure.deed in _FROM_CARS and not figure.upon and named


_FROM_CARS = frozenset({Deed.DRIVE, Deed.SIT, Deed.WAVE, Deed.SHOUT, Deed.LOOK_OUT, Deed.LEAN, Deed.LOOK, Deed.STAND})


def _is_steered(passage: Passage, at: int) -> bool:
    """Whether it is "his car" after "stopped"."""
    if passage.tokens[at].lower not in CARS | MOTORS or thing_named(passage, at) is not Thing.MOTOR_CAR:
        return False
    before = passage.tokens[max(at - 4, 0) : at]
    leaning = before[1:2] and before[1].lower == "out" and before[0].base in _LEANING  # "leaned out of the taxi"
    into = any(token.lower == "into" for token in before) and any(token.base in GOT_IN for token in before)
    return bool(leaning) or into or any(token.base in STEERED for token in before[-3:])


_LEANING = frozenset(words("lean look wave peer shout call"))


def _in_traffic(passage: Passage, first: int, last: int) -> bool:
    return bool(passage.between(TRAFFIC, first, last)) and bool(passage.between(_GLIDING, first, last))


_GLIDING = frozenset(words("slide glide roll honk creep crawl speed"))


def _coming(passage: Passage, told: Sequence[int]) -> Thing:
    """The carriage or the car that comes along, as the first noun before a verb of motion."""
    tokens = passage.tokens
    for at in told:
        thing = thing_named(passage, at)
        if thing not in _HORSED | {Thing.MOTOR_CAR} or at + 1 >= len(tokens) or tokens[at].gap != " ":
            continue
        led = tokens[at - 1].lower if at else ""
        alone = tokens[at].lower == tokens[at].base or thing is Thing.MOTOR_CAR
        verb = tokens[at + 1]
        if verb.base in COMING and verb.lower != verb.base and alone and led not in ("in", "into", "to"):
            return thing if not _is_led(tokens, at) else Thing.NONE
    return Thing.NONE


def _is_led(tokens: list[Token], at: int) -> bool:
    """Whether a preposition stands before it: "who sat in the carriage came"."""
    return any(token.lower in WITHIN | {"to", "from", "of", "by", "with"} for token in tokens[max(at - 3, 0) : at])


def outside(
    passage: Passage, where: Whereabouts, span: tuple[int, int], unreal: Sequence[int], acts: Acts
) -> Whereabouts:
    """The street, the road or the platform that what is done tells of, where no place is sure or it was left."""
    first, last = span
    if where.setting in _NO_ROAD and where.confidence >= SURE:
        return where
    told = [at for at in range(first, last) if not unreal[at]]
    boarded = next((at for at in told if _is_boarded(passage.tokens, at)), None)
    staffed = next((at for at in passage.between(STAFF, first, last) if _is_staff(passage, at)), None)
    if boarded is not None or (staffed is not None and not _is_sure(where)):
        return _guess(passage, Setting.STATION, boarded if boarded is not None else staffed or first)
    said = _is_sure(where) and where.source is Source.PASSAGE
    those = acts.figures[:1] if said else acts.figures
    driving = any(figure.upon is Thing.MOTOR_CAR or _drives(figure) for figure in those)
    street = _is_street(passage, first, last)
    if not (driving or street) or (_is_sure(where) and where.setting not in ROOFED):
        return where
    if not driving and said:
        return where
    town = street or passage.between(TOWNS, max(first - _NEAR, 0), last)
    return _guess(passage, Setting.STREET if town else Setting.ROAD, first)


def _drives(figure: Figure) -> bool:
    return figure.deed is Deed.DRIVE and figure.upon is Thing.CARRIAGE


def _is_sure(where: Whereabouts) -> bool:
    return where.confidence >= SURE


def _guess(passage: Passage, setting: Setting, at: int) -> Whereabouts:
    return Whereabouts(
        setting=setting,
        confidence=HERE_SURE,
        source=Source.PASSAGE,
        evidence=passage.tokens[at].word,
        indoors=setting in ROOFED,
    )


def _is_street(passage: Passage, first: int, last: int) -> bool:
    """Whether traffic goes on, or a policeman raises a hand to it."""
    tokens = passage.tokens
    raised = any(
        token.base in STOPPING and "hand" in {each.lower for each in tokens[at : at + 6]}
        for officer in passage.between(OFFICERS, first, last)
        for at, token in enumerate(tokens[officer : officer + 4], officer)
    )
    return bool(passage.between(TRAFFIC, first, last)) and (raised or bool(passage.between(_GLIDING, first, last)))


def _is_boarded(tokens: list[Token], at: int) -> bool:
    """Whether it is a train that somebody gets into: "climb upon the train", "boarded the train"."""
    if tokens[at].lower not in TRAINS:
        return False
    for here in range(at - 1, max(at - 6, -1), -1):
        if any(mark in tokens[here].gap for mark in STOPS):
            return False
        if tokens[here].base in BOARDING:
            prep = {token.lower for token in tokens[here + 1 : at]}
            direct = tokens[here].base in ("board", "enter", "mount")
            away = prep & {"from", "off", "out", "down"}
            return not away and (direct or bool(prep & {"on", "upon", "onto", "into", "in", "aboard"}))
    return False


def _is_staff(passage: Passage, at: int) -> bool:
    """Whether a porter or a guard is one of a railway."""
    near = passage.between(frozenset(PLATFORMS), max(at - _NEAR, 0), at + _NEAR)
    said = passage.tokens[at].lower
    led = at > 0 and passage.tokens[at - 1].lower == "station"
    return led or said in ("station-master", "stationmaster") or len(near) >= (1 if said == "porter" else 2)

"""Who sits in what: those who drive, ride or row are put into one vehicle with the beasts that draw it."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from imaginized.providers.builtin.plates.cast import actor_by_words
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.providers.builtin.plates.vehicles import BUILDS, SLEIGH
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Season, Staging, Weather

BOAT = "boat"
_KINDS: dict[Thing, str] = {
    **{Thing(kind): kind for kind in BUILDS if kind != SLEIGH},
    **dict.fromkeys((Thing.BOAT, Thing.CANOE, Thing.RAFT), BOAT),
    Thing.OMNIBUS: Thing.CARRIAGE.value,
}
_DRAUGHT = frozenset({"horse", "donkey", "cow", "dog", "wolf"})
_INSIDE = frozenset({Deed.SIT, Deed.RIDE, Deed.DRIVE, Deed.ROW, Deed.ENTER, Deed.SAIL})
_FROM_CARS = frozenset(
    {Deed.WAVE, Deed.SHOUT, Deed.LOOK_OUT, Deed.LEAN, Deed.LOOK, Deed.TALK, Deed.SLEEP, Deed.LAUGH, Deed.SMILE}
)
_GOING = frozenset({Deed.RIDE, Deed.DRIVE, Deed.ROW})
_BESIDE = frozenset({Deed.SIT, Deed.RIDE, Deed.DRIVE, Deed.UNKNOWN, Deed.STAND, Deed.LOOK, Deed.TALK, Deed.LISTEN})
_HITCHED = frozenset({"horse", "donkey"})
_DRAWING = frozenset({Deed.RUN, Deed.WALK, Deed.PULL, Deed.JUMP, Deed.STAND, Deed.LEAD})
_DRIVERS = frozenset(
    {"driver", "coachman", "charioteer", "postilion", "cabman", "cabby", "carter", "teamster", "waggoner"}
)
_HORSED = frozenset({SLEIGH, Thing.CART.value, Thing.CARRIAGE.value})
_WATERS = frozenset([Setting.SEA, Setting.BOAT, Setting.RIVER, Setting.LAKE, Setting.SHIP_DECK, Setting.UNDERWATER])


def board(players: list[Player], staging: Staging, *, book: str, rough: bool) -> list[Player]:
    """Those who go by a vehicle in it, with its beasts; the first of them stands for all.

    Args:
        players: All of the plate.
        staging: What is to be seen.
        book: Title of the book.
        rough: Whether its people live in the wilds, where a cart is driven and no carriage.
    """
    if staging.is_placed and staging.setting in _WATERS:
        return players
    kind = _kind_of(players, staging, rough=rough)
    if staging.indoors and kind != BOAT:  # a cave may have water in it
        return players
    aboard = _aboard(players, kind) if kind else []
    if not aboard:
        return _hitch(players, staging)
    team = [at for at, player in enumerate(players) if _draws(player, kind)]
    actors = tuple(players[at].actor for at in team)
    if kind in _HORSED and not actors:
        actors = (actor_by_words("", "horse", ["horse"], Random(seed_of(book, "team"))),)
    driver, gone = aboard[0], {*aboard[1:], *team}
    crew = tuple(players[at] for at in aboard)
    hitched = len(team)
    carrier = replace(players[driver], vehicle=kind, crew=crew, team=actors, hitched=hitched, toward=None, mount=None)
    kept = [at for at in range(len(players)) if at not in gone]
    moved: dict[int | None, int] = {at: place for place, at in enumerate(kept)}
    moved |= dict.fromkeys(gone, moved[driver])
    loaded = [carrier if at == driver else players[at] for at in kept]
    return [
        replace(player, toward=None if moved.get(player.toward) == place else moved.get(player.toward))
        for place, player in enumerate(loaded)
    ]


def _hitch(players: list[Player], staging: Staging) -> list[Player]:
    """Horses before a carriage or a sleigh that the passage tells of, with nobody in it: the first stands for all."""
    kind = next((_KINDS[thing] for thing in staging.things if _KINDS.get(thing) in _HORSED | {Thing.SLED.value}), "")
    kind = SLEIGH if kind == Thing.SLED.value else kind
    team = [at for at, player in enumerate(players) if player.actor.kind in _HITCHED and player.told in _DRAWING]
    if not kind or not team or any(player.toward in team for player in players):
        return players
    first = team[0]
    actors = tuple(players[at].actor for at in team)
    carrier = replace(players[first], vehicle=kind, crew=(), team=actors, hitched=len(team) - 1, toward=None)
    kept = [at for at in range(len(players)) if at not in team[1:]]
    moved: dict[int | None, int] = {at: place for place, at in enumerate(kept)}
    drawn = [carrier if at == first else players[at] for at in kept]
    return [replace(player, toward=moved.get(player.toward)) for player in drawn]


def _kind_of(players: Sequence[Player], staging: Staging, *, rough: bool) -> str:
    """The vehicle that somebody is in: the one the deed names, one that is there, what is driven in such a place."""
    people = [player for player in players if player.actor.kind == "person"]
    beasts = {player.actor.kind for player in players}
    named = next((_KINDS[it.upon] for it in people if it.upon in _KINDS and _is_inside(it)), "")
    if not named and any(player.told in _GOING for player in people):
        named = next((_KINDS[thing] for thing in staging.things if thing in _KINDS), "")
    if not named and any(player.told is Deed.ROW for player in people):
        named = BOAT
    driven = any(_is_driver(player, players) for player in people)
    if not named and driven:
        named = next((_KINDS[thing] for thing in staging.things if thing in _KINDS), "")
    if not named and (driven or any(player.told is Deed.DRIVE and player.toward is None for player in people)):
        winter = staging.weather is Weather.SNOW or staging.season is Season.WINTER or staging.setting is Setting.SNOW
        named = Thing.SLED.value if winter else Thing.CART.value if rough else Thing.CARRIAGE.value
    if named == Thing.SLED.value and not beasts & {"dog", "wolf"}:
        driven = driven or any(player.told is Deed.DRIVE for player in people)
        return SLEIGH if driven or "horse" in beasts else named
    return named


def _is_inside(player: Player) -> bool:
    """Whether a deed is done in what it is done upon; from a motor car one waves and shouts, too."""
    return player.told in _INSIDE or (player.upon is Thing.MOTOR_CAR and player.told in _FROM_CARS)


def _aboard(players: Sequence[Player], kind: str) -> list[int]:
    """Who is in it, the one who drives or rows first; who sits or talks with one of them sits there, too."""
    going = {Deed.ROW, Deed.RIDE} if kind == BOAT else {Deed.RIDE, Deed.DRIVE}
    people = [at for at, player in enumerate(players) if player.actor.kind == "person" and player.burden is None]
    inside = [
        at
        for at in people
        if players[at].told in going or _KINDS.get(players[at].upon) == kind or _is_driver(players[at], players)
    ]
    if not inside:
        return []
    if kind == Thing.BICYCLE.value:
        return inside[:1]
    with_them = [
        at
        for at in people
        if at not in inside
        and players[at].told in _BESIDE
        and (players[at].toward in inside or any(_has_beside(players[it], at) for it in inside))
    ]
    first = sorted(inside, key=lambda at: (players[at].told not in {Deed.DRIVE, Deed.ROW}, at))
    return [*first, *with_them]


def _has_beside(player: Player, other: int) -> bool:
    """Whether the one it deals with is with it; to who stands by the road one waves and shouts."""
    return player.toward == other and not (player.upon is Thing.MOTOR_CAR and player.told in _TO_THE_ROAD)


_TO_THE_ROAD = frozenset({Deed.WAVE, Deed.SHOUT, Deed.LOOK, Deed.LOOK_OUT})


def _is_driver(player: Player, players: Sequence[Player]) -> bool:
    """Whether the noun for somebody puts them on the box of a carriage whose horses are there."""
    return player.actor.noun in _DRIVERS and any(it.actor.kind in _HITCHED for it in players)


def _draws(player: Player, kind: str) -> bool:
    """Whether it is a beast that draws such a vehicle."""
    if player.actor.kind not in _DRAUGHT or (kind in BUILDS and BUILDS[kind].hitch is None) or kind == BOAT:
        return False
    return (player.actor.kind in {"dog", "wolf"}) == (kind == Thing.SLED.value)

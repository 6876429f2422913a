"""Who rides on what: riders are put on the beasts they deal with, two of a kind on the one horse that is told."""

from dataclasses import replace
from random import Random

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.cast import actor_by_words
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.reading import seed_of
from imaginized.story.stage_lists import ROOFED, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Staging

STEEDS = frozenset({"horse", "donkey", "tiger", "elephant", "lion", "bear", "cow", "wolf"})
_DRIVEN = frozenset({Thing.CARRIAGE, Thing.CART, Thing.SLED, Thing.BOAT, Thing.TRAIN, Thing.OMNIBUS, Thing.MOTOR_CAR})
# Horses and cattle stand before a house, not in its rooms, and before a carriage, not in it.
STABLED = frozenset({"horse", "donkey", "cow", "elephant", "camel"})
STALL_LESS = ROOFED - {Setting.STABLE, Setting.CAVE, Setting.TENT, Setting.THEATRE, Setting.DOORWAY} | {
    Setting.SHIP_DECK,
    Setting.BOAT,
}


def mount(players: list[Player], staging: Staging, request: ImageRequest) -> tuple[Player, ...]:
    """Riders on what they ride: the beast they deal with, else the first that can bear them, else a horse."""
    steeds = [index for index, player in enumerate(players) if player.actor.kind in STEEDS]
    nowhere = staging.is_placed and staging.setting in STALL_LESS
    seated = staging.indoors or nowhere or any(thing in _DRIVEN for thing in staging.things)
    gone: set[int] = set()
    for index, player in enumerate(players):
        if player.deed != "ride" or player.vehicle or index in gone:
            continue
        if seated or player.actor.kind != "person":
            players[index] = replace(player, deed="sit" if seated else "run")
            continue
        free = [steed for steed in steeds if steed not in gone]
        steed = player.toward if player.toward in free else free[0] if free else None
        if steed is not None:
            gone.add(steed)
        dice = Random(seed_of(request.book_title, "horse", str(index)))
        ridden = players[steed].actor if steed is not None else actor_by_words("", "horse", ["horse"], dice)
        second = _second_on(players, index, steed)
        if second is not None:
            gone.add(second)
        players[index] = replace(
            player,
            mount=ridden,
            toward=None if steed == player.toward else player.toward,
            pillion=None if second is None else players[second].actor,
        )
    kept = [index for index in range(len(players)) if index not in gone]
    moved: dict[int | None, int] = {index: place for place, index in enumerate(kept)}
    return tuple(replace(players[index], toward=moved.get(players[index].toward)) for index in kept)


def _second_on(players: list[Player], first: int, steed: int | None) -> int | None:
    """Who rides behind another on the one horse that two of a kind ride."""
    if steed is None:
        return None
    one = players[first]
    for at, player in enumerate(players):
        alike = player.deed == "ride" and player.toward == one.toward == steed and player.actor.kind == "person"
        if at != first and alike and not player.vehicle:
            return at
    return None

"""Vehicles of a plate: who sits in them, what draws them, and that they fit into the picture."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.plates.blocking import block, fitting_size, vehicle_length
from imaginized.providers.builtin.plates.camera import Shot
from imaginized.providers.builtin.plates.compose import PICTURE, compose_plate
from imaginized.providers.builtin.plates.players import MOST_PLAYERS, choose_players
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.vehicles import BUILDS
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Staging, View, Weather
from tests.unit.test_plates import HORSE, MAN, WOMAN, request, scene_of

DRIVER = replace(MAN, deed=Deed.DRIVE)
PASSENGER = replace(WOMAN, deed=Deed.SIT, toward=0)
DOGS = Figure(noun="dog", being=Being.CREATURE, species=Species.DOG, count=4)


@pytest.mark.parametrize(
    ("thing", "beasts", "kind", "before"),
    [
        (Thing.SLED, DOGS, "sled", ["dog"] * 4),
        (Thing.SLED, HORSE, "sleigh", ["horse"]),
        (Thing.CARRIAGE, HORSE, "carriage", ["horse"]),
        (Thing.CART, replace(HORSE, species=Species.OX, noun="ox"), "cart", ["cow"]),
    ],
)
def test_beasts_draw_what_is_driven(thing: Thing, beasts: Figure, kind: str, before: list[str]) -> None:
    """The dogs or horses of a scene are before its sled or carriage, and stand nowhere else."""
    players = choose_players(request("x"), Staging(figures=(DRIVER, beasts), things=(thing,)))

    assert [(player.vehicle, [actor.kind for actor in player.team]) for player in players] == [(kind, before)]


def test_passenger_sits_beside_the_driver() -> None:
    """Who sits with the driver is in the same vehicle; each is counted once."""
    players = choose_players(request("x"), Staging(figures=(DRIVER, PASSENGER), things=(Thing.CARRIAGE,)))

    assert len(players) == 1
    assert len(players[0].crew) == 2
    assert players[0].stands_for == 2


def test_snow_makes_it_a_sleigh() -> None:
    """Who drives through snow, with nothing named to drive in, has a sleigh with a horse."""
    players = choose_players(request("x"), Staging(figures=(DRIVER,), weather=Weather.SNOW))

    assert (players[0].vehicle, [actor.kind for actor in players[0].team]) == ("sleigh", ["horse"])


def test_cattle_are_driven_on_foot() -> None:
    """Who drives a cow sits in no carriage."""
    driver = replace(DRIVER, toward=1)
    cow = replace(HORSE, noun="cow", species=Species.COW)

    assert not any(player.vehicle for player in choose_players(request("x"), Staging(figures=(driver, cow))))


def test_rower_has_a_boat() -> None:
    """Who rows sits in a boat, also where no water is drawn."""
    players = choose_players(request("x"), Staging(figures=(replace(MAN, deed=Deed.ROW),)))

    assert players[0].vehicle == "boat"


@pytest.mark.parametrize("setting", [Setting.ROOM, Setting.TRAIN, Setting.CARRIAGE])
def test_no_vehicle_indoors(setting: Setting) -> None:
    """Inside a room or a railway carriage nobody is drawn from outside, and no horse stands there."""
    staging = replace(scene_of(setting, DRIVER, HORSE, thing=Thing.CARRIAGE), indoors=True)

    players = choose_players(request("x", staging=staging), staging)

    assert [(player.actor.kind, player.vehicle) for player in players] == [("person", "")]


@pytest.mark.parametrize("kind", [*BUILDS, "boat"])
@pytest.mark.parametrize("setting", [Setting.UNKNOWN, Setting.ROAD])
def test_every_vehicle_draws(kind: str, setting: Setting) -> None:
    """Each vehicle is drawn with its crew, on plain ground and on a road."""
    thing = Thing.SLED if kind == "sleigh" else Thing(kind)
    rider = replace(MAN, deed=Deed.RIDE, upon=thing)
    staging = replace(scene_of(setting, rider, PASSENGER), things=(thing,))
    staging = staging if setting else replace(staging, view=View.GROUP, confidence=0.0)

    _, drawn = compose_plate(request(kind, staging=staging))

    assert drawn.people == 2


def test_team_fits_into_the_picture() -> None:
    """However many dogs draw it, sled and team are inside the picture."""
    staging = scene_of(Setting.SNOW, DRIVER, DOGS, thing=Thing.SLED)
    players = choose_players(request("x"), staging)
    stage = Stage(feet=860, size=900, centre=740, light_at=(900, 200), depth=0.1, setting="in the snow")

    marks = block(tell_scene(request("x"), staging), stage, players, width=PICTURE[0], shot=Shot.WIDE)

    assert marks[0].size <= fitting_size(players, width=PICTURE[0], height=860)
    assert marks[0].size * vehicle_length(players[0]) <= PICTURE[0]


def test_nobody_turns_to_who_is_left_out() -> None:
    """Whoever deals with somebody beyond the number that is drawn deals with nobody."""
    carrier = replace(MAN, deed=Deed.CARRY, toward=2)
    crowd = replace(MAN, noun="sailor", count=4)
    figures = (carrier, crowd, crowd, replace(crowd, noun="dog"))

    players = choose_players(request("x"), Staging(figures=(carrier, crowd, replace(carrier, toward=3), *figures[2:])))

    assert len(players) <= MOST_PLAYERS
    assert all(player.toward is None or player.toward < len(players) for player in players)

"""Motor cars, carriages that come along and trains that are boarded: how they are read, and that they are drawn."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.plates.blocking import Mark
from imaginized.providers.builtin.plates.canvas import Canvas
from imaginized.providers.builtin.plates.compose import compose_plate
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.performing import headed
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Staging
from tests.unit.test_plates import MAN, WOMAN, request, scene_of

CAST = tuple(
    Element(type=ElementType.CHARACTER, name=name, description=looks)
    for name, looks in (("John", "a stout man"), ("Mary", "a young woman"), ("Tom", "a boy"))
)
MOTOR = Thing.MOTOR_CAR


def _read(text: str) -> Staging:
    return stage_quote(text, [element for element in CAST if element.name in text])


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("John stopped his car and leaned out to shout at the boy.", Deed.DRIVE),
        ("John started the car and backed out of the garage.", Deed.DRIVE),
        ("John drove on slowly. The motor purred.", Deed.DRIVE),
        ("John waved, honked his horn, and slid on with the traffic as the policeman lifted his hand.", Deed.WAVE),
        ("Mary sat in the limousine with Tom. The chauffeur yawned.", Deed.SIT),
        ("John jumped into the motor and sat there.", Deed.SIT),
        ("John jumped into the motor.", Deed.ENTER),
        ("John parked his car before the house.", Deed.DRIVE),
        ("John leaned out of the taxi and waved to Mary.", Deed.WAVE),
    ],
)
def test_who_is_told_of_is_in_the_car(text: str, deed: Deed) -> None:
    """Who stops a car, sits in it or waves from it is drawn in it, out of doors."""
    staging = _read(text)
    players = choose_players(request(text, *CAST, staging=staging), staging)

    assert (staging.figures[0].deed, staging.figures[0].upon) == (deed, MOTOR)
    assert (staging.indoors, staging.setting in (Setting.STREET, Setting.ROAD)) == (False, True)
    assert MOTOR in staging.things
    assert players[0].vehicle == MOTOR.value


@pytest.mark.parametrize(
    "text",
    [
        "The car of the balloon rose into the air, and John waved.",
        "John walked through the Pullman car to the smoking car.",
        "The train stopped. John stood in the car and looked at the berth.",
        "The conductor came into the car where John sat.",
        "Apollo drove his car across the sky behind the chariot of the dawn.",
        "John drove on slowly. The horses were tired.",
    ],
)
def test_no_other_car_has_a_motor(text: str) -> None:
    """The car of a railway, of a balloon or of a god is no motor car, nor has one who drives horses."""
    staging = _read(text)

    assert MOTOR not in {*staging.things, *(figure.upon for figure in staging.figures)}


@pytest.mark.parametrize(
    ("text", "vehicle"),
    [
        ("A hansom came rattling down the road.", "carriage"),
        ("A cab drew up at the door.", "carriage"),
        ("A taxi drew up at the kerb and John stepped out.", "motor-car"),
    ],
)
def test_what_comes_along_is_driven(text: str, vehicle: str) -> None:
    """A carriage that comes along has a horse before it and a driver, a taxi a driver and no horse."""
    staging = _read(text)
    players = choose_players(request(text, *CAST, staging=staging), staging)

    carrier = next(player for player in players if player.vehicle)
    assert (carrier.vehicle, [actor.kind for actor in carrier.team]) == (
        vehicle,
        ["horse"] if vehicle == "carriage" else [],
    )


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("Mary climbed upon the train at the end of the day.", Setting.STATION),
        ("The train stopped. Mary got into the train, and a porter handed up her bag.", Setting.STATION),
        ("A porter and a station official ran forward and pulled open the door.", Setting.STATION),
        ("The policeman held up his hand and the traffic stopped.", Setting.STREET),
    ],
)
def test_platform_and_street(text: str, setting: Setting) -> None:
    """Who boards a train, and a railway's people, are on the platform; traffic is in a street."""
    staging = _read(text)

    assert (staging.setting, staging.is_placed, staging.indoors) == (setting, True, False)


@pytest.mark.parametrize("text", ["A porter opened the door of the hotel.", "The guard before the palace slept."])
def test_other_porters_have_no_platform(text: str) -> None:
    """The porter of a hotel and the guard of a palace are at no railway."""
    assert _read(text).setting is not Setting.STATION


def test_who_is_waved_to_stands_by_the_road() -> None:
    """Who is waved to from a car is beside it and not in it; who is talked to in it sits there."""
    waving = replace(MAN, deed=Deed.WAVE, upon=MOTOR, toward=1)
    sitting = replace(waving, deed=Deed.SIT)
    other = replace(WOMAN, toward=None)

    crews = [
        [len(player.crew) for player in choose_players(request("x"), Staging(figures=(one, other), things=(MOTOR,)))]
        for one in (waving, sitting)
    ]

    assert crews == [[1, 0], [2]]


@pytest.mark.parametrize("upon", [Thing.TRAIN, Thing.LADDER, Thing.WALL, Thing.NONE])
def test_no_head_leaves_the_picture(upon: Thing) -> None:
    """However near somebody is drawn, a climber's head is within the picture."""
    staging = scene_of(Setting.STATION, replace(MAN, deed=Deed.CLIMB, upon=upon))
    player: Player = choose_players(request("x", staging=staging), staging)[0]
    canvas = Canvas(400, 300, seed=1)

    mark = headed(Mark(player=player, index=0, at=(200, 280), size=400, facing=1, back=0))

    assert 0 < mark.at[1] - mark.size * player.actor.look.height * 1.3 < canvas.height
    assert compose_plate(request("x", staging=staging))[1].people == 1

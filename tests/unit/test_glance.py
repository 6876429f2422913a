"""What a reader sees at a glance, by which repeats in a book are counted; and what takes turns so that they are few."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.plates.blocking import block
from imaginized.providers.builtin.plates.camera import Shot, choose_shot
from imaginized.providers.builtin.plates.compose import compose_plate
from imaginized.providers.builtin.plates.footing import under_roof
from imaginized.providers.builtin.plates.glance import company_seen, ground_seen
from imaginized.providers.builtin.plates.palette import COLOURS
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.plates.portrait import is_half
from imaginized.providers.builtin.plates.sides import INDOORS, OUTDOORS
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.supports import is_low
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.typographic import is_dark, layout_of, ornament_of
from imaginized.story.elements import Quote, Scene
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Lack, Sex, Staging, Support, Time, View, Way

MAN = Figure(noun="man", sex=Sex.MAN)
WOMAN = Figure(noun="woman", sex=Sex.WOMAN, toward=0)
FOX = Figure(noun="fox", being=Being.CREATURE, species=Species.FOX)


def request(staging: Staging, *, chapter: int = 1, number: int = 1) -> ImageRequest:
    quote = Quote(text=f"Words {chapter}.{number}", chapter=chapter, start=0, page=1)
    scene = Scene(
        chapter=chapter, number=number, quote=quote, description="", elements=(), pages=(1, 1), staging=staging
    )
    return ImageRequest(book_title="A Book", chapter_title="A Chapter", scene=scene, elements=())


@pytest.mark.parametrize(
    ("figures", "crowd", "seen"),
    [
        ((), False, "nobody"),
        ((), True, "a crowd"),
        ((MAN,), False, "one, stands"),
        ((replace(MAN, deed=Deed.RUN), WOMAN), False, "two, goes"),
        ((replace(MAN, deed=Deed.FIGHT), WOMAN), True, "two, fights before a crowd"),
        ((FOX,), False, "one fox, stands"),
        ((MAN, WOMAN, replace(MAN, noun="sailor"), replace(MAN, noun="cook")), False, "many, stands"),
    ],
)
def test_company_seen(figures: tuple[Figure, ...], crowd: bool, seen: str) -> None:
    """How many there are and what the first does is what makes a picture another one."""
    staging = Staging(figures=figures)

    assert company_seen(choose_players(request(staging), staging), crowd=crowd) == seen


def test_grounds_seen() -> None:
    """A beam of light or a horizon a little lower makes no other picture."""
    assert {ground_seen(name) for name in OUTDOORS} == {"open low", "open high"}
    assert {ground_seen(name) for name in INDOORS} == {"box", "flat", "side", "corner", "low flat", "low corner"}
    assert ground_seen("mist") == "mist"


def test_one_alone_and_a_company_are_seen_alike() -> None:
    """Whether a plate of people is called a portrait or a group changes nothing for who looks at it."""
    kneeling = replace(MAN, deed=Deed.KNEEL)
    frames = {
        compose_plate(request(Staging(figures=figures, view=View.GROUP)))[1].frame.split("/")[0]
        for figures in ((kneeling,), (kneeling, WOMAN))
    }

    assert frames == {"people"}
    talking = Staging(figures=(MAN, WOMAN))
    asked = request(talking)
    assert is_half(tell_scene(asked, talking), choose_players(asked, talking))


@pytest.mark.parametrize("scenes", [1, 2, 3, 7])
def test_turns_come_evenly(scenes: int) -> None:
    """In a book of any number of scenes a chapter, each of eight grounds comes as often, and none twice in a row."""
    places = [(chapter, number) for chapter in range(1, 41) for number in range(1, scenes + 1)]
    turns = [tell_scene(request(Staging(), chapter=c, number=n), Staging()).turn for c, n in places]

    assert set(Counter(turn % 8 for turn in turns).values()) == {len(places) / 8}
    assert all(one % 8 != two % 8 for one, two in pairwise(turns))
    papers = [(is_dark(turn), layout_of(turn)) for turn in turns]
    assert all(one != two for one, two in pairwise(papers))
    assert len(set(papers)) == 12
    assert Counter(map(ornament_of, turns)).most_common(1)[0][1] <= 0.21 * len(turns)


@pytest.mark.parametrize("setting", [Setting.STREET, Setting.SHIP_DECK])
def test_a_place_is_seen_from_more_than_one_side(setting: Setting) -> None:
    """A street along it and across it, a deck over its rail and along it."""
    staging = Staging(setting=setting, confidence=1.0, view=View.SCENE, figures=(replace(MAN, deed=Deed.KNEEL),))
    frames = {compose_plate(request(staging, chapter=chapter))[1].frame.rsplit("/", 1)[0] for chapter in range(1, 7)}

    assert len(frames) == 2


def test_nobody_climbs_a_rock_in_a_room() -> None:
    """Where nothing is named that is climbed, it is stairs under a roof."""
    climber, walker = replace(MAN, deed=Deed.CLIMB), replace(WOMAN, toward=None)
    players = choose_players(request(Staging()), Staging(figures=(climber, walker)))

    assert [player.upon for player in under_roof(players)] == [Thing.STAIRS, players[1].upon]


def test_a_face_alone_is_no_picture_of_a_deed() -> None:
    """Who talks is seen as well from the waist up; of whom a deed was not read, or who looks away, all is shown."""
    talking = Staging(figures=(MAN, WOMAN))
    unread = replace(talking, lacks=(Lack.DEED,))
    away = Staging(figures=(replace(MAN, way=Way.AWAY), replace(WOMAN, toward=None)))

    halves = [
        is_half(tell_scene(request(each), each), choose_players(request(each), each))
        for each in (talking, unread, away)
    ]

    assert halves == [True, False, False]


def test_nobody_is_a_shadow_by_day() -> None:
    """Where nothing is told of the light, nobody stands black against it; in the evening somebody may."""
    shots = {}
    for time in (Time.UNKNOWN, Time.DUSK):
        staging = replace(_FIELD, time=time, figures=(replace(MAN, deed=Deed.DIG),))
        reading, players = tell_scene(request(staging), staging), choose_players(request(staging), staging)
        turns = (replace(reading, turn=turn) for turn in range(8))
        shots[time] = {choose_shot(turn, players, stage=_STAGE, crowd=False) for turn in turns}

    assert Shot.BACKLIT not in shots[Time.UNKNOWN]
    assert Shot.BACKLIT in shots[Time.DUSK]


_STAGE = Stage(feet=800, size=400, centre=740, light_at=(900, 100), depth=0.1, setting="")
_FIELD = Staging(setting=Setting.FIELD, confidence=0.9, view=View.SCENE, indoors=False)


@pytest.mark.parametrize(
    ("figure", "outside", "low"),
    [
        (replace(MAN, deed=Deed.SIT), True, True),
        (replace(MAN, deed=Deed.SIT), False, False),
        (replace(MAN, deed=Deed.SIT), None, False),
        (replace(MAN, deed=Deed.SIT, upon=Thing.BENCH), True, False),
        (replace(MAN, deed=Deed.SIT, support=Support.FLOOR), False, True),
        (replace(MAN, deed=Deed.SIT, support=Support.LOG), True, False),
    ],
)
def test_who_sits_in_the_open_sits_on_the_ground(figure: Figure, outside: bool | None, low: bool) -> None:
    """No chair is carried into the fields; where the floor is told, it is the floor under a roof, too."""
    staging = Staging(figures=(figure,))
    (player,) = choose_players(request(staging), staging)

    assert is_low(player, outside=outside) is low


def test_riders_ride_one_way_and_two_on_the_one_horse() -> None:
    """Two who ride together look the same way; two of a kind who ride one horse sit on it both."""
    two = Staging(figures=(replace(MAN, deed=Deed.RIDE), replace(WOMAN, deed=Deed.RIDE, toward=None)))
    horse = Figure(noun="horse", being=Being.CREATURE, species=Species.HORSE)
    one = Staging(figures=(replace(MAN, deed=Deed.RIDE, count=2, toward=1), horse))

    riders = choose_players(request(two), two)
    marks = block(tell_scene(request(two), two), _STAGE, riders, width=1484, shot=Shot.WIDE)
    (pair,) = choose_players(request(one), one)

    assert len({mark.facing for mark in marks}) == 1
    assert pair.mount is not None
    assert pair.pillion is not None
    assert pair.stands_for == 3


def test_a_beast_has_its_told_coat() -> None:
    """A white horse is drawn white, a bay one in another colour."""
    coats = []
    for coat in ("white", "bay"):
        staging = Staging(figures=(replace(FOX, species=Species.HORSE, noun="horse", coat=coat),))
        coats.append(choose_players(request(staging), staging)[0].actor.accent)

    assert coats[0] == COLOURS["white"]
    assert coats[1] != coats[0]

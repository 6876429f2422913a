"""Who is in a plate: dress by period, colours told apart, and pairs that touch."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from imaginized.providers.builtin.plates.blocking import Mark, block
from imaginized.providers.builtin.plates.camera import Shot
from imaginized.providers.builtin.plates.cast import LEAST_APART, apart, named_actor
from imaginized.providers.builtin.plates.compose import PICTURE, compose_plate
from imaginized.providers.builtin.plates.garments import CUTS
from imaginized.providers.builtin.plates.hats import HATS
from imaginized.providers.builtin.plates.performing import has_table
from imaginized.providers.builtin.plates.players import choose_players, posture
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.trades import ROLES
from imaginized.providers.builtin.plates.wardrobe import Era, choose_outfit, era_of
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Sex, Staging, Way
from tests.unit.test_plates import MAN, WOMAN, request, scene_of

BOY = Figure(noun="boy", sex=Sex.MAN, age=Age.CHILD)
QUEEN = Element(type=ElementType.CHARACTER, name="Queen Ilse", description="a queen with black hair")


@pytest.mark.parametrize(
    ("style", "era"),
    [
        ("", Era.VICTORIAN),
        ("Period: 19th century", Era.VICTORIAN),
        ("Period: 1812", Era.REGENCY),
        ("Period: middle ages", Era.MEDIEVAL),
        ("Period: today\nGenre: detective story", Era.TODAY),
        ("Genre: western\nPeriod:", Era.FRONTIER),
        ("Genre: fairy tale\nPeriod: 19th century", Era.FAIRY),
        ("Place: the future", Era.VICTORIAN),
    ],
)
def test_era_from_style_guide(style: str, era: Era) -> None:
    """People are dressed by the lines Period and Genre of the style guide."""
    assert era_of(style) is era


@pytest.mark.parametrize("era", list(Era))
def test_every_outfit_is_drawn(era: Era) -> None:
    """Whatever is chosen for a station, sex and age has a cut and a hat that can be drawn."""
    for role in ("", *ROLES):
        for woman, child in ((False, False), (True, False), (False, True), (True, True)):
            for seed in range(6):
                outfit = choose_outfit(role, era=era, woman=woman, child=child, dice=Random(seed))

                assert outfit.costume in CUTS
                assert outfit.hat == "" or outfit.hat in HATS


def test_crowns_are_of_fairy_tales() -> None:
    """A queen wears a crown in a fairy tale, and dresses as a lady in later times."""
    hats = {era: named_actor(QUEEN, "a book", hints=["woman"], era=era).look.hat for era in Era}

    assert {era for era, hat in hats.items() if hat == "crown"} == {Era.FAIRY, Era.MEDIEVAL}


def test_nobody_wears_the_colour_of_another() -> None:
    """Six people in one plate wear six colours."""
    figures = tuple(replace(MAN, noun=f"man{index}") for index in range(6))

    cloths = [player.actor.look.cloth for player in choose_players(request("x"), Staging(figures=figures))]

    assert min(apart(one, other) for one, other in combinations(cloths, 2)) >= LEAST_APART / 2


def test_who_is_carried_is_in_the_arms() -> None:
    """A child that is carried stands nowhere else."""
    carrier = replace(MAN, deed=Deed.CARRY, toward=1)

    players = choose_players(request("x"), Staging(figures=(carrier, BOY)))

    assert [(player.actor.noun, player.burden is not None) for player in players] == [("man", True)]


@pytest.mark.parametrize("deed", [Deed.EMBRACE, Deed.SHAKE_HANDS, Deed.STRIKE, Deed.LEAD, Deed.TOUCH])
def test_those_who_touch_stand_near(deed: Deed) -> None:
    """Two of whom one touches the other stand within an arm's length, on one ground."""
    staging = scene_of(Setting.ROOM, replace(MAN, deed=deed, toward=1), replace(WOMAN, toward=None, deed=Deed.STAND))
    asked = request("x", staging=staging)
    stage = Stage(feet=800, size=300, centre=700, light_at=(900, 90), depth=0.1, setting="")

    marks = block(tell_scene(asked, staging), stage, choose_players(asked, staging), width=PICTURE[0], shot=Shot.MEDIUM)

    assert abs(marks[0].at[0] - marks[1].at[0]) <= 0.66 * stage.size
    assert marks[0].at[1] == marks[1].at[1]


def test_who_is_struck_shrinks_back() -> None:
    """Who does nothing else answers what is done to it; who does something goes on."""
    striker = replace(MAN, deed=Deed.STRIKE, toward=1)

    idle, busy = (
        choose_players(request("x"), Staging(figures=(striker, replace(WOMAN, toward=None, deed=deed))))[1].deed
        for deed in (Deed.STAND, Deed.WRITE)
    )

    assert (idle, busy) == ("flinch", "write")


def marks_of(*figures: Figure, setting: Setting = Setting.FIELD) -> dict[int, Mark]:
    """Where everybody stands out of doors, by index."""
    asked = request("x", staging=scene_of(setting, *figures))
    players = choose_players(asked, scene_of(setting, *figures))
    reading = tell_scene(asked, scene_of(setting, *figures))
    stage = Stage(feet=800, size=300, centre=700, light_at=(900, 90), depth=0.1, setting="")
    return {mark.index: mark for mark in block(reading, stage, players, width=PICTURE[0], shot=Shot.MEDIUM)}


@pytest.mark.parametrize(
    ("deed", "holds"),
    [
        (Deed.POINT, Thing.NONE),
        (Deed.POINT, Thing.GUN),
        (Deed.RAISE, Thing.GUN),
        (Deed.SHOOT, Thing.PISTOL),
        (Deed.SHOOT, Thing.BOW),
        (Deed.THROW, Thing.BALL),
        (Deed.WAVE, Thing.NONE),
    ],
)
def test_no_hand_or_muzzle_is_in_a_face(deed: Deed, holds: Thing) -> None:
    """Who points, aims or throws stands apart from the one it is meant for, and looks at them."""
    marks = marks_of(replace(MAN, deed=deed, holds=holds, toward=1), replace(WOMAN, toward=None))

    assert abs(marks[0].at[0] - marks[1].at[0]) >= 0.9 * marks[0].size
    assert (marks[0].facing > 0) == (marks[1].at[0] > marks[0].at[0])


@pytest.mark.parametrize(
    ("deed", "holds", "pose"),
    [
        (Deed.POINT, Thing.GUN, "aim"),
        (Deed.RAISE, Thing.GUN, "aim"),
        (Deed.POINT, Thing.PISTOL, "shoot"),
        (Deed.SHOOT, Thing.BOW, "draw bow"),
        (Deed.POINT, Thing.STICK, "point"),
        (Deed.CARRY, Thing.TEAPOT, "bear"),
    ],
)
def test_what_is_held_decides_how(deed: Deed, holds: Thing, pose: str) -> None:
    """A gun that is pointed is at the shoulder, a bow is drawn, and no bundle is carried beside a teapot."""
    assert posture(Figure(deed=deed, holds=holds)) == pose


def test_who_flees_runs_before_the_chaser() -> None:
    """A beast that is chased runs, too, and all of its kind; both run one way."""
    rats = Figure(noun="rat", being=Being.CREATURE, species=Species.RAT, count=2, deed=Deed.STAND)

    marks = marks_of(replace(MAN, deed=Deed.CHASE, toward=1), rats)

    assert [marks[index].player.deed for index in range(3)] == ["run"] * 3
    assert marks[0].facing == marks[1].facing == (1 if marks[1].at[0] > marks[0].at[0] else -1)


@pytest.mark.parametrize("way", [Way.AHEAD, Way.BEHIND])
@pytest.mark.parametrize("deed", [Deed.WALK, Deed.STAND])
def test_two_in_file_face_one_way(way: Way, deed: Deed) -> None:
    """Who goes ahead is in front, and nobody's hand is on the other's back."""
    marks = marks_of(replace(MAN, deed=Deed.WALK, toward=1, way=way), replace(WOMAN, toward=None, deed=deed))
    goer, other = marks[0], marks[1]

    behind = 1 if other.at[0] > goer.at[0] else -1
    assert goer.facing == other.facing == (behind if way is Way.BEHIND else -behind)
    assert abs(other.at[0] - goer.at[0]) > 0.7 * goer.size


def test_who_is_looked_out_for_is_far_away() -> None:
    """Somebody espied from afar is small and does not turn; who comes is seen to come."""
    looker = replace(MAN, deed=Deed.LOOK_OUT, toward=1)
    away, coming = (marks_of(looker, replace(WOMAN, toward=None, deed=deed)) for deed in (Deed.STAND, Deed.WALK))

    assert away[1].size < away[0].size / 2
    assert away[1].facing == away[0].facing
    assert coming[1].facing == -coming[0].facing


@pytest.mark.parametrize(
    ("deed", "pose"),
    [(Deed.HOLD, "cradle"), (Deed.CARRY, "cradle"), (Deed.EMBRACE, "cradle"), (Deed.KISS, "kiss baby")],
)
def test_baby_is_in_the_arms(deed: Deed, pose: str) -> None:
    """Who holds or kisses a baby has it in the arms; it stands nowhere."""
    baby = Figure(noun="baby", age=Age.BABY)

    players = choose_players(request("x"), Staging(figures=(replace(WOMAN, deed=deed, toward=1), baby)))

    assert [(player.deed, player.burden is not None) for player in players] == [(pose, True)]


def test_one_kneels_to_kiss_a_child() -> None:
    """A grown one comes down to the child; two grown ones stand."""
    kiss = replace(WOMAN, deed=Deed.KISS, toward=1)

    child, man = (choose_players(request("x"), Staging(figures=(kiss, it)))[0].deed for it in (BOY, MAN))

    assert (child, man) == ("embrace low", "embrace")


def test_two_carry_one() -> None:
    """Whom two carry lies in their arms, and neither has a bundle."""
    bearers = (replace(MAN, deed=Deed.CARRY, toward=2), replace(WOMAN, deed=Deed.CARRY, toward=2))

    players = choose_players(request("x"), Staging(figures=(*bearers, replace(MAN, noun="captain", toward=None))))

    assert [player.deed for player in players] == ["bear", "bear"]


def test_horse_throws_its_rider() -> None:
    """Who falls beside a horse falls from it: close behind its tail, and it rears."""
    horse = Figure(noun="horse", being=Being.CREATURE, species=Species.HORSE, deed=Deed.STAND)

    marks = marks_of(replace(MAN, deed=Deed.FALL, toward=None), horse)

    assert marks[1].player.deed == "fight"
    assert abs(marks[0].at[0] - marks[1].at[0]) < marks[0].size


@pytest.mark.parametrize("upon", [Thing.TREE, Thing.WALL, Thing.LADDER, Thing.ROPE, Thing.NONE])
def test_what_is_climbed_is_drawn(upon: Thing) -> None:
    """Each kind of thing that is climbed gives a picture of its own, the same each time."""
    climber = Figure(noun="man", sex=Sex.MAN, deed=Deed.CLIMB, upon=upon)
    other = replace(climber, upon=Thing.TREE if upon is not Thing.TREE else Thing.WALL)
    first, again, differs = (
        compose_plate(request("x", staging=scene_of(Setting.FIELD, it)))[0] for it in (climber, climber, other)
    )

    assert first == again != differs


def test_who_looks_out_of_a_window_is_at_one() -> None:
    """The window is before them; a room whose wall may be shelves is not drawn."""
    looker = replace(WOMAN, deed=Deed.LOOK_OUT, upon=Thing.WINDOW, toward=None)

    drawn = compose_plate(request("x", staging=scene_of(Setting.ROOM, looker)))[1]

    assert drawn.composition.startswith("group/")
    assert posture(looker) == "at window"


def test_who_runs_off_turns_the_back() -> None:
    """Who flees from somebody who sits there faces away, on either side; two who run go one way."""
    fled, still = replace(MAN, deed=Deed.RUN), replace(WOMAN, deed=Deed.SIT, toward=None)
    for figures, runner in (((fled, still), 0), ((still, fled), 1)):
        staging = scene_of(Setting.RUINS, *figures)
        asked = request("x", staging=staging)
        stage = Stage(feet=800, size=300, centre=700, light_at=(900, 90), depth=0.1, setting="")
        marks = block(
            tell_scene(asked, staging), stage, choose_players(asked, staging), width=PICTURE[0], shot=Shot.MEDIUM
        )
        at = {mark.index: mark for mark in marks}

        away = 1 if at[runner].at[0] > at[1 - runner].at[0] else -1
        assert at[runner].facing == away


@pytest.mark.parametrize("deed", [Deed.JUMP, Deed.SWIM])
def test_two_who_do_the_same_on_their_way_do_not_wrestle(deed: Deed) -> None:
    """They face the same way."""
    at = marks_of(replace(MAN, deed=deed), replace(WOMAN, deed=deed, toward=None))

    assert at[0].facing == at[1].facing


def test_no_table_stands_in_the_street() -> None:
    """Who eats in a street has a table only where the passage tells of one; in a room there is one."""
    eats = replace(MAN, deed=Deed.EAT)
    for setting, thing, table in (
        (Setting.STREET, Thing.NONE, False),
        (Setting.STREET, Thing.TABLE, True),
        (Setting.KITCHEN, Thing.NONE, True),
    ):
        staging = scene_of(setting, eats, thing=thing)
        asked = request("x", staging=staging)

        assert has_table(tell_scene(asked, staging), choose_players(asked, staging)[0]) is table


def test_who_sleeps_in_a_chair_sits() -> None:
    """Nobody lies beside the chair, and no bed stands there."""
    sleeper = replace(MAN, deed=Deed.SLEEP, upon=Thing.CHAIR)
    staging = scene_of(Setting.KITCHEN, sleeper)

    assert posture(sleeper) == "sit"
    assert not tell_scene(request("x", staging=staging), staging).abed

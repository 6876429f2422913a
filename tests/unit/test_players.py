"""Who is in a plate: dress by period, colours told apart, and pairs that touch."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from imaginized.providers.builtin.plates.blocking import block
from imaginized.providers.builtin.plates.camera import Shot
from imaginized.providers.builtin.plates.cast import LEAST_APART, apart, named_actor
from imaginized.providers.builtin.plates.compose import PICTURE
from imaginized.providers.builtin.plates.garments import CUTS
from imaginized.providers.builtin.plates.hats import HATS
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.plates.stage import Stage
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.trades import ROLES
from imaginized.providers.builtin.plates.wardrobe import Era, choose_outfit, era_of
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.staging import Age, Figure, Sex, Staging
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

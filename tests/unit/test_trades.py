"""What people wear for their trade, and of whom no face is drawn."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.plates.cast import Look, apart, named_actor
from imaginized.providers.builtin.plates.covers import SIZE, choose_motif, draw_cover
from imaginized.providers.builtin.plates.parts import Player
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.plates.portrait import choose_sitting
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.trades import company_of, is_one_of_children, role_told
from imaginized.providers.builtin.plates.wardrobe import Era
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Figure, Sex, Staging, View
from tests.unit.test_plates import MAN, request, scene_of

WAR, SEA = "Genre: war story\nPeriod: 19th century", "Genre: sea story\nPeriod: 19th century"


def character(name: str, *quotes: str, looks: str = "") -> Element:
    told = tuple(Quote(text=text, chapter=1, start=0, page=1) for text in quotes)
    return Element(type=ElementType.CHARACTER, name=name, description=looks, quotes=told)


def look_of(element: Element, style: str) -> Look:
    return named_actor(element, "A Book", hints=("man",), era=Era.VICTORIAN, company=company_of(style)).look


@pytest.mark.parametrize(
    ("element", "role"),
    [
        (character("Ames", "Ames, the mate, looked over the rail."), "sailor"),
        (character("Cole", "Cole was a policeman, and a slow one."), "police"),
        (character("Pratt", "They asked the butler Pratt to wait."), "servant"),
        (character("Reed", looks="a grey-haired old shepherd; blue eyes"), "farmer"),
        (character("Hill", "Hill met a soldier on the road."), ""),
        (character("Marsh", "Marsh, a friend of the captain, came in."), ""),
    ],
)
def test_book_tells_a_trade(element: Element, role: str) -> None:
    """What a sentence or a look says that somebody is decides what they wear, not whom they meet."""
    assert role_told(element) == role


def test_men_of_a_war_story_are_soldiers() -> None:
    """In a war story who has no trade wears the uniform, of one colour; a captain is an officer."""
    private, captain = look_of(character("Henry"), WAR), look_of(character("Captain Ross"), WAR)

    assert (private.costume, captain.costume, captain.hat) == ("uniform", "uniform", "peaked")
    assert private.cloth == captain.cloth or apart(private.cloth, captain.cloth) < 60
    assert look_of(character("Henry"), "Period: 19th century").costume != "uniform"


def test_nobody_at_sea_wears_a_top_hat() -> None:
    """In a sea story a man without a trade, with or without a title, is dressed for the sea; a doctor is no sailor."""
    assert {look_of(character(name), SEA).costume for name in ("Disko", "Mr. Salters")} == {"reefer"}
    assert look_of(character("Dr. Vane"), SEA).costume == "frock"


def test_trade_keeps_its_colour_through_a_book() -> None:
    """Nameless soldiers of two scenes wear shades of the same cloth."""
    soldier = replace(MAN, noun="soldier")
    cloths = [
        choose_players(request("x", number=number), Staging(figures=(soldier,)))[0].actor.look.cloth
        for number in range(1, 6)
    ]

    assert len(set(cloths)) == 1


def test_children_of_a_book_of_children() -> None:
    """Who goes by a given name alone is a child there, and no man and no "Mrs."."""
    company = company_of("Genre: children's story")
    cast = [character("Robert"), character("Mrs. Perks"), character("Jane", "Jane was a woman of forty.")]

    assert [is_one_of_children(each, company) for each in cast] == [True, False, False]
    assert not is_one_of_children(cast[0], company_of("Genre: western"))


def test_no_beard_that_is_not_told() -> None:
    """A man of whom no look is told has no full beard unless he is old."""
    beards = {look_of(character(f"Man{index}"), "").beard for index in range(60)}

    assert "full" not in beards


@pytest.mark.parametrize("turn", range(1, 6))
def test_no_face_is_invented(turn: int) -> None:
    """Who has no look is never shown face to face; who has one is never shown from behind."""
    known = character("Ames", looks="a tall man with a red beard")
    shown = {}
    for element in (known, character("Ned")):
        staging = Staging(figures=(Figure(name=element.name, sex=Sex.MAN, deed=Deed.LOOK),), view=View.PORTRAIT)
        asked = request("x", element, staging=staging, number=turn)
        player: Player = choose_players(asked, staging)[0]
        shown[element.name] = choose_sitting(tell_scene(asked, staging), player)

    assert shown["Ned"] in {"silhouette", "back", "whole"}
    assert shown["Ames"] in {"bust", "whole"}


@pytest.mark.parametrize(
    ("staging", "abed"),
    [
        (scene_of(Setting.BEDROOM, replace(MAN, deed=Deed.SLEEP)), True),
        (Staging(figures=(replace(MAN, deed=Deed.LIE),), things=(Thing.BED,)), True),
        (Staging(figures=(replace(MAN, deed=Deed.LIE),), indoors=False), False),
        (Staging(figures=(replace(MAN, deed=Deed.LIE_DEAD),), indoors=True), False),
        (scene_of(Setting.ROOM, replace(MAN, deed=Deed.LIE), thing=Thing.SOFA), False),
        (scene_of(Setting.KITCHEN, replace(MAN, deed=Deed.LIE)), False),
    ],
)
def test_who_lies_indoors_lies_in_a_bed(staging: Staging, *, abed: bool) -> None:
    """A bed is drawn for who lies or sleeps under a roof or in a bed that is told; none in the open."""
    assert tell_scene(request("x", staging=staging), staging).abed is abed


def test_baby_is_smaller_than_a_child() -> None:
    """A baby is drawn smaller than a child, and a child smaller than a man."""
    ages = (Age.BABY, Age.CHILD, Age.GROWN)
    figures = tuple(replace(MAN, noun="", age=age) for age in ages)

    heights = [player.actor.look.height for player in choose_players(request("x"), Staging(figures=figures))]

    assert heights == sorted(heights)
    assert heights[0] < 0.5 < heights[1] < 0.8 < heights[2]


def test_cover_names_its_thing() -> None:
    """A drawn cover shows what the title names, else what its genre is full of, else an ornament; always the same."""
    lamp, ship = choose_motif("The Red Lamp", ""), choose_motif("Home", "sea story")

    assert lamp is not None
    assert ship is not None
    assert (lamp.kind, ship.kind) == ("lamp", "ship")
    assert choose_motif("Home", "") is None
    first, again = (draw_cover(title="草枕", authors=(), genre="") for _ in range(2))
    assert first == again
    assert SIZE[0] < SIZE[1]

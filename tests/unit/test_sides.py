"""Where only the side of the door is known, and how people of old and of the East are dressed."""

import itertools
from dataclasses import replace

import pytest

from imaginized.providers.builtin.plates.cast import Look, named_actor
from imaginized.providers.builtin.plates.compose import choose_view, compose_plate
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.plates.sides import INDOORS, OUTDOORS, choose_side
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.plates.trades import company_of
from imaginized.providers.builtin.plates.wardrobe import Era, era_of
from imaginized.providers.builtin.styling import EAST, guess_style
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.elements import Look as Told
from imaginized.story.looking import as_of
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Sex, Staging, View
from tests.unit.test_plates import MAN, WOMAN, request

RUNNER = Figure(noun="man", sex=Sex.MAN, deed=Deed.RUN)
ROMAN, EASTERN = "Period: antiquity", f"Period: 19th century\nPlace: road, {EAST}"


def look(name: str, style: str, *hints: str, described: str = "") -> Look:
    element = Element(type=ElementType.CHARACTER, name=name, description=described)
    return named_actor(element, "A Book", hints=hints or ("man",), era=era_of(style), company=company_of(style)).look


@pytest.mark.parametrize(
    ("staging", "grounds"),
    [
        (Staging(figures=(MAN, WOMAN), indoors=True, view=View.GROUP), set(INDOORS)),
        (Staging(figures=(MAN, WOMAN), indoors=False, view=View.GROUP), set(OUTDOORS)),
        (Staging(figures=(MAN, WOMAN), indoors=False, setting=Setting.SEA, confidence=0.4, view=View.GROUP), {""}),
        (Staging(figures=(MAN, WOMAN), view=View.GROUP), {""}),
    ],
)
def test_ground_of_a_side(staging: Staging, grounds: set[str]) -> None:
    """Under a roof a bare room, without one earth and sky; at sea, and where it is not known, neither."""
    places = itertools.product((1, 2), range(1, 9))  # every other ground is of the same chapter
    asked = (request(f"{number}", staging=staging, chapter=chapter, number=number) for chapter, number in places)

    assert {choose_side(tell_scene(each, staging)) for each in asked} == grounds


def test_every_side_draws() -> None:
    """Each ground is a whole picture, told in the name of the composition; the alternative text names no place."""
    for indoors, count in ((True, len(INDOORS)), (False, len(OUTDOORS))):
        staging = Staging(figures=(MAN, WOMAN), indoors=indoors, things=(Thing.CANDLE,), view=View.GROUP)
        places = itertools.product((1, 2), range(1, count // 2 + 1))
        drawn = [compose_plate(request("They ran.", staging=staging, chapter=c, number=n))[1] for c, n in places]

        assert len({each.composition.split("/")[1] for each in drawn}) == count
        assert not any("room" in each.alt or "under" in each.alt for each in drawn)


def test_one_who_acts_in_a_room_is_no_portrait() -> None:
    """Who runs under a roof is a small scene; who only stands there, or runs nobody knows where, is a portrait."""
    views = [
        choose_view(staging, choose_players(request("He ran.", staging=staging), staging))
        for staging in (
            Staging(figures=(RUNNER,), indoors=True, view=View.PORTRAIT),
            Staging(figures=(RUNNER,), view=View.PORTRAIT),
            Staging(figures=(MAN,), indoors=True, view=View.PORTRAIT),
        )
    ]

    assert views == [View.GROUP, View.PORTRAIT, View.PORTRAIT]


@pytest.mark.parametrize(
    ("name", "style", "costumes"),
    [
        ("Marcus", ROMAN, {"chiton", "toga"}),
        ("Captain Marcus", ROMAN, {"chiton"}),
        ("King Marcus", ROMAN, {"chiton", "toga"}),
        ("The Centurion Guard", ROMAN, {"legion"}),
        ("The Outlaw", "Period: middle ages", {"tunic"}),
        ("The Outlaw", "Genre: western\nPeriod: 19th century", {"frontier"}),
        ("Ali", EASTERN, {"caftan"}),
        ("The Lama", "Period: 19th century", {"caftan"}),
        ("Mr. Ali", EASTERN, {"frock"}),
    ],
)
def test_dress_of_times_and_lands(name: str, style: str, costumes: set[str]) -> None:
    """Nobody of antiquity wears a tie, no outlaw of the middle ages a stetson; a title of the West dresses so."""
    assert look(name, style).costume in costumes


def test_women_and_children_of_old() -> None:
    """A woman of antiquity and of the East is draped, a child there wears neither apron nor cap."""
    assert {look("Iras", style, "woman").costume for style in (ROMAN, EASTERN)} == {"stola"}
    assert [look("Simon", style, "boy", "child").costume for style in (ROMAN, EASTERN)] == ["chiton", "kurta"]
    assert look("Simon", "Period: middle ages", "boy", "child").hat == ""


def test_rooms_of_old_have_no_bookcase() -> None:
    """A bedroom of antiquity is told as one, without the furniture of parlours."""
    staging = Staging(figures=(MAN,), setting=Setting.BEDROOM, confidence=1.0, indoors=True, view=View.SCENE)
    asked = request("He stood there.", staging=staging)
    old, new = (compose_plate(replace(asked, style=style)) for style in (ROMAN, ""))

    assert "in a bedroom" in old[1].alt
    assert old[0] != new[0]


@pytest.mark.parametrize(
    ("text", "period", "place"),
    [
        ("The tribune left the legion by chariot past the amphitheatre; a gladiator in a toga, a centurion. " * 9,
            "antiquity", ""),
        ("The lama met a fakir and a sahib in the bazaar; the sheikh paid rupees for camels by the mosque. " * 9,
            "", EAST),
        ("The Roman holiday was over, and a chariot of clouds went by above the quiet fields and the old farm. " * 9,
            "", ""),
    ],
)  # fmt: skip
def test_style_of_times_and_lands(text: str, period: str, place: str) -> None:
    """Antiquity and the East are told by many words of theirs; a Roman holiday is neither."""
    style = guess_style([text], language="en")

    assert (style.period, style.place.rpartition(", ")[2] if place else "") == (period, place)


def test_names_are_no_looks() -> None:
    """Miss Grey is not grey-haired, Colonel Bishop no bishop; "old" before a name is told of him."""
    grey, bishop = look("Agnes Grey", "", "woman"), look("Colonel Bishop", "")

    assert (grey.age, bishop.costume) == ("grown", "uniform")
    assert look("Agnes", "", "woman", described="grey hair").age == "old"
    assert look("Old Simon", "").age == "old"
    assert era_of("Period: ancient Rome") is Era.ANTIQUE


def test_a_guess_of_kin_is_anothers_look() -> None:
    """A stranger who may be somebody, but is "an old grandmother", is somebody's grandmother."""
    told = Quote(text="There lived an old grandmother.", chapter=1, start=0, page=1)
    looks = tuple(
        Told(text=text, quote=told, is_lasting=True, is_guessed=guessed)
        for text, guessed in (("an old grandmother", True), ("a tall girl", True), ("a mother", False))
    )
    element = Element(type=ElementType.CHARACTER, name="Nell", looks=looks)

    assert as_of(element, chapter=1).description == "a tall girl; a mother"

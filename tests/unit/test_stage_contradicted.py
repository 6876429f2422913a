"""What two readers found to be against the words: beings as men, owners who are not there, postures, places left."""

import pytest

from imaginized.providers.builtin.coverage import Count
from imaginized.providers.builtin.safety import SAFE, weigh_safety
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Being

CAST = tuple(Element(type=ElementType.CHARACTER, name=name) for name in ("Anna", "Tom", "Oliver"))


def deeds(text: str) -> dict[str, Deed]:
    """What each figure does, by name, else by noun, else by sex."""
    return {figure.name or figure.noun or figure.sex.value: figure.deed for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    "text", ["How the monsters screamed and fought!", "Two fiends danced round the fire.", "The brute ran at the gate."]
)
def test_a_being_without_an_outline_is_no_man(text: str) -> None:
    """A monster is no person, and a picture without it is not safe."""
    staging = stage_quote(text, CAST)

    assert {figure.being for figure in staging.figures} == {Being.CREATURE}
    assert staging.lacks
    assert weigh_safety(1.0, Count(), staging, sentences=1) < SAFE


def test_a_creature_that_does_something_is_missed() -> None:
    """Whom "the creature" means is open: its picture lacks it."""
    assert stage_quote("The creature screamed and struck Tom.", CAST).lacks


@pytest.mark.parametrize(
    "text",
    [
        "He opened Oliver’s door and went in. He stole across the room.",
        "He lay down on Oliver’s little bed. He slept.",
        "He came to Oliver’s grave, and knelt down. He wept.",
    ],
)
def test_whose_door_it_is_is_not_there(text: str) -> None:
    """The owner of a door, a bed or a grave does nothing by that, and is not whom "he" means."""
    assert "Oliver" not in deeds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The priests fell on their faces in the hall, and lay still.",
        "The priests lay prostrate on the floor of the hall.",
        "The priests lay upon their faces in the bedroom.",
    ],
)
def test_who_falls_on_the_face_is_in_no_bed(text: str) -> None:
    """Nobody lies down to sleep on the face, or prostrate."""
    assert deeds(text) == {"priest": Deed.FALL}


def test_who_lies_in_a_chair_sits() -> None:
    """A chair is sat in, however low; a sofa is lain on."""
    figure = stage_quote("The lady lay in her low chair in the garden.", CAST).figures[0]

    assert (figure.deed, figure.upon) == (Deed.SIT, Thing.CHAIR)
    assert deeds("Anna lay on the sofa.") == {"Anna": Deed.LIE}


def test_the_upper_hall_is_no_bedroom() -> None:
    """A hall is none of the rooms that open on it, whatever stands in those."""
    staging = stage_quote("Anna went into the upper hall. The bed had pillows.", CAST)

    assert (staging.setting, staging.is_placed) == (Setting.CORRIDOR, True)
    assert not stage_quote("The bed had pillows. Anna went into the hall.", CAST).is_placed


@pytest.mark.parametrize(
    "text",
    [
        "There was a shriek from inside the hut, and Tom staggered out and ran.",
        "Tom heard a cry from within the cave.",
        "Anna came out of her hut.",
    ],
)
def test_whence_a_cry_comes_nobody_is(text: str) -> None:
    """Where a cry comes from, or somebody comes out of, is not where they are."""
    assert not stage_quote(text, CAST).is_placed


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Anna waved her hand to me and smiled.", {"Anna": Deed.WAVE}),
        ("I stood at the gate. Anna waved her hand to me.", {"Anna": Deed.WAVE}),
        ("Anna spoke not, but only waved her hand and smiled to me.", {"Anna": Deed.WAVE}),
        ("Tom saw himself going along it with the pride a wise man feels.", {"Tom": Deed.STAND}),
        ("Tom went along it with the pride a wise man feels.", {"Tom": Deed.WALK}),
        ("As Tom spoke the great name those in the pillared hall fell on their knees.", {"people": Deed.KNEEL, "Tom": Deed.TALK}),
    ],
)
def test_who_need_not_be_there(text: str, there: dict[str, Deed]) -> None:
    """Who is waved to may be far off, a man who always feels so is anybody, and what "those" do Tom does not."""
    assert deeds(text) == there


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom stood in the street, eating bread.", Deed.STAND),
        ("Tom walked down the lane, eating an apple.", Deed.WALK),
        ("Tom sat in the street, eating bread.", Deed.EAT),
        ("Coming over the hill, Tom dropped among the barley and lay waiting.", Deed.LIE),
    ],
)
def test_the_posture_that_is_told(text: str, deed: Deed) -> None:
    """Who eats standing sits at no table, and who lies waiting lies."""
    assert deeds(text) == {"Tom": deed}


def test_who_lies_in_the_barley_is_on_no_road() -> None:
    """Corn that somebody is among is a place, against a road that they came by."""
    assert not stage_quote("Coming over the rise in the road, I dropped among the barley and lay waiting.").is_placed

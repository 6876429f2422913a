"""What "was" tells: who is away is not there, who is in bed lies, a full room has people in it."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Lack
from tests.unit.test_stage_truth import staged

CAST = tuple(Element(type=ElementType.CHARACTER, name=name) for name in ("Anna", "Tom"))


def names(text: str) -> set[str]:
    """Those who are drawn of a text."""
    return {figure.name or figure.noun for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    "text",
    [
        "Tom was out.",
        "Tom was out when the baker knocked.",
        "Tom was wed and away.",
        "Tom was far away.",
        "Tom was still away at school.",
        "Tom was gone, and the baker smiled.",
        "The cook and Tom were out.",
        "Tom was dead.",
        "Tom was gone with the soldiers.",
    ],
)
def test_who_is_away_is_not_drawn(text: str) -> None:
    """Nothing else is told of him."""
    assert "Tom" not in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tom was out on the lawn.",
        "Tom was out in the garden.",
        "Tom was out of breath.",
        "Tom was worn out.",
        "Tom was almost dead.",
        "Tom was away with the mules.",
        "Tom was dead tired.",
        "Tom lay there, and he was dead.",
        "Tom was quite tired out and hungry.",
        "Tom was carried away.",
        "Tom was walking away.",
        "Tom was away, and then he came in.",
        "Tom smiled, for it was time to be gone.",
        "Tom smiled, and then he had been out.",
    ],
)
def test_who_is_only_out_of_doors_or_worn_out_is_drawn(text: str) -> None:
    """He is seen out there, or as he was left."""
    assert "Tom" in names(text)


@pytest.mark.parametrize(
    "text", ["Tom was dead on the stones.", "Tom was dead at his post.", "Tom was dead under a tree."]
)
def test_who_is_dead_at_a_place_lies_there(text: str) -> None:
    """He is seen so."""
    assert [figure.deed for figure in stage_quote(text, CAST).figures] == [Deed.LIE_DEAD]


@pytest.mark.parametrize("text", ["Tom was dead at the time.", "Tom was dead on the Monday.", "Tom was dead at forty."])
def test_who_is_dead_at_a_time_lies_nowhere(text: str) -> None:
    """A time is no place."""
    assert "Tom" not in names(text)


def test_the_dead_lack_where_somebody_is_beside_them() -> None:
    """Over whom one kneels lies there; of who may be dead a year nothing lacks, nor of who went away."""
    knelt = stage_quote("Tom was dead, and Anna knelt beside him.", CAST).figures
    assert {figure.name: figure.deed for figure in knelt} == {"Anna": Deed.KNEEL, "Tom": Deed.LIE}
    for text in ("Tom was dead, and Anna stood beside him.", "Tom was dead, and Anna kissed him."):
        assert Lack.PERSON in stage_quote(text, CAST).lacks
    assert not stage_quote("Tom was dead, and Anna knelt by the window.", CAST).lacks


def test_who_is_in_bed_lies() -> None:
    """Of one and of several."""
    two = stage_quote("The baker was in, and two were in bed.").figures

    assert [figure.deed for figure in two] != [Deed.LIE]
    for text in ("Tom was still in bed.", "The villagers were abed."):
        assert [(each.deed, each.upon) for each in stage_quote(text, CAST).figures] == [(Deed.LIE, Thing.BED)]


def test_a_full_room_is_not_drawn_empty() -> None:
    """Of smoke it may be."""
    before = "They came into the ballroom, where lamps hung. The ballroom was warm, and the band was in the ballroom."

    assert staged(before, "The ballroom was soon quite full.").crowd
    assert staged(before, "The ballroom was thronged with ladies.").crowd
    assert not staged(before, "The ballroom was full of smoke.").crowd
    assert not staged(before, "The glass was full.").crowd


def test_who_came_and_is_closeted_talks() -> None:
    """He walks nowhere any more."""
    came = stage_quote("Tom came and was closeted for an hour with Anna.", CAST).figures

    assert (came[0].name, came[0].deed) == ("Tom", Deed.TALK)
    assert stage_quote("Tom came in, and Anna was closeted.", CAST).figures[0].deed is Deed.WALK

"""What the words around somebody say: in which seat they are, who is older, who is far off, what is next door."""

import pytest

from imaginized.providers.api import ImageRequest
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.plates.players import posture
from imaginized.providers.builtin.plates.told import tell_scene
from imaginized.providers.builtin.scenes import DATED
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.telling import tell
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Age, Figure, Lack, Sex, Staging, View


def told(name: str, description: str, *quotes: str) -> Element:
    """Somebody of the cast."""
    said = tuple(Quote(text=text, chapter=1, start=0, page=1) for text in quotes)
    return Element(type=ElementType.CHARACTER, name=name, description=description, quotes=said)


@pytest.mark.parametrize(
    ("text", "deed", "upon"),
    [
        ("The widow sat up in bed for an hour.", Deed.LIE, Thing.BED),
        ("She was sitting up in her bed, reading a letter.", Deed.LIE, Thing.BED),
        ("The girl lay in bed and wept.", Deed.LIE, Thing.BED),
        ("The nurse sat down on the bed.", Deed.SIT, Thing.BED),
        ("He sat on the edge of the bed.", Deed.SIT, Thing.BED),
        ("The doctor was sitting in an armchair, with his feet on the mantelpiece.", Deed.SIT, Thing.ARMCHAIR),
        ("The lady sat in a rocking-chair and sewed.", Deed.SEW, Thing.CHAIR),
        ("The captain sat on the floor and laughed.", Deed.SIT, Thing.CARPET),
        ("The old man sat upon a bench.", Deed.SIT, Thing.BENCH),
        ("The aunt sat by the bed.", Deed.SIT, Thing.NONE),
        ("The aunt sat by the bed in an armchair.", Deed.SIT, Thing.ARMCHAIR),
        ("The aunt sat before the piano.", Deed.SIT, Thing.PIANO),
        ("The aunt fell down the stairs.", Deed.FALL, Thing.STAIRS),
        ("The aunt fell upon the stairs in a faint.", Deed.FALL, Thing.NONE),
        ("The thief was found shot in his carriage.", Deed.LIE_DEAD, Thing.NONE),
    ],
)
def test_who_rests_does_so_where_it_is_told(text: str, deed: Deed, upon: Thing) -> None:
    figure = stage_quote(text).figures[0]
    assert (figure.deed, figure.upon) == (deed, upon)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("The man looked at his mother and laughed.", {"man": Age.YOUNG, "mother": Age.OLD}),
        ("The man sat by the fire beside his daughter.", {"man": Age.OLD, "daughter": Age.YOUNG}),
        ("The boy looked at his mother and laughed.", {"boy": Age.CHILD, "mother": Age.UNKNOWN}),
        ("The doctor bowed to the mother.", {"doctor": Age.UNKNOWN, "mother": Age.UNKNOWN}),
        ("The pupils laughed, for half of them were grown up.", {"pupil": Age.YOUNG}),
        ("The boy laughed at the grown-ups.", {"boy": Age.CHILD}),
    ],
)
def test_kin_are_of_different_ages(text: str, ages: dict[str, Age]) -> None:
    assert {figure.noun: figure.age for figure in stage_quote(text).figures} == ages


def test_a_named_son_is_younger_than_his_mother() -> None:
    text = "Ulric sat silent while his mother gazed into his face."
    figures = stage_quote(text, (told("Ulric", "a man"),)).figures
    assert [figure.age for figure in figures] == [Age.YOUNG, Age.OLD]


@pytest.mark.parametrize(
    "text",
    [
        "When the lady looked back from the corner the man was still at the gate.",
        "The maid waved to the sailor from the window.",
        "The lady watched the soldier riding away.",
    ],
)
def test_who_are_far_apart_are_not_side_by_side(text: str) -> None:
    staging = stage_quote(text)
    assert staging.view is not View.GROUP
    assert Lack.PERSON in staging.lacks


def test_who_gives_a_hand_is_near_after_all() -> None:
    staging = stage_quote("The man looked back at the lady and kissed her.")
    assert [figure.deed for figure in staging.figures][:1] == [Deed.KISS]
    assert len(staging.figures) > 1


@pytest.mark.parametrize(
    "text",
    [
        "A dog barked in the next yard.",
        "The maid slammed the door. A dog barked in the neighbouring garden.",
        "A child laughed in the adjoining kitchen.",
    ],
)
def test_what_is_next_door_is_not_where_one_is(text: str) -> None:
    staging = stage_quote(text)
    assert staging.setting not in (Setting.COURTYARD, Setting.GARDEN, Setting.KITCHEN)


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("Paris, March 4, 1902 (exactly a year later).—Baron Q, Minister. Found shot.", True),
        ("St. Ives, 3 May, 1880.—We came home.", True),
        ("29 October.—This is written in a train.", True),
        ("Anna came home in March—and wept.", False),
    ],
)
def test_a_dateline_is_no_moment(text: str, *, dated: bool) -> None:
    assert bool(DATED.match(text)) is dated


@pytest.mark.parametrize(
    ("deed", "quote", "age"),
    [
        (Deed.SMOKE, "Ned sat down.", Age.YOUNG),
        (Deed.SIT, "Ned stroked his moustache.", Age.YOUNG),
        (Deed.SIT, "Ned was engaged to a widow.", Age.YOUNG),
        (Deed.SIT, "Ned ran to school.", Age.CHILD),
    ],
)
def test_a_boy_with_a_moustache_is_no_child(deed: Deed, quote: str, age: Age) -> None:
    staging = Staging(figures=(Figure(name="Ned", sex=Sex.MAN, deed=deed),))
    assert recast(staging, (told("Ned", "a fine boy", quote),)).figures[0].age is age


def test_nobody_reads_a_sofa_and_no_second_armchair_stands_beside() -> None:
    """What is sat in is drawn below who sits, and furnishes the room no more."""
    reader = Figure(noun="man", sex=Sex.MAN, deed=Deed.READ, upon=Thing.SOFA)
    sitter = Figure(noun="woman", sex=Sex.WOMAN, deed=Deed.SIT, upon=Thing.ARMCHAIR)
    staging = Staging(setting=Setting.ROOM, confidence=0.9, figures=(reader, sitter), view=View.SCENE)
    quote = Quote(text="They sat.", chapter=1, start=0, page=1)
    scene = Scene(chapter=1, number=1, quote=quote, description="", elements=(), pages=(1, 1), staging=staging)
    request = ImageRequest(book_title="T", chapter_title="I", scene=scene, elements=(), width=768, height=512)
    assert tell_scene(request, staging).taken == ("sofa", "armchair")
    assert "reads a sofa" not in tell(staging)
    assert "in an armchair" in tell(staging)


def test_who_sits_on_the_floor_has_no_chair() -> None:
    figure = Figure(noun="tailor", sex=Sex.MAN, deed=Deed.SIT, upon=Thing.CARPET)
    assert posture(figure) == "sit low"
    assert "sits on the floor" in tell(Staging(figures=(figure,), view=View.PORTRAIT))


@pytest.mark.parametrize(
    ("text", "upon", "lacks"),
    [
        ("Three farmers were sitting in their carriages.", Thing.NONE, True),
        ("Three farmers were sitting in the carriage.", Thing.CARRIAGE, False),
    ],
)
def test_each_in_a_carriage_of_his_own_are_in_none_together(text: str, upon: Thing, lacks: bool) -> None:
    staging = stage_quote(f"It was market day in the town, and the people had come. {text}")
    assert [figure.upon for figure in staging.figures if figure.count > 1] == [upon]
    assert (Lack.THING in staging.lacks) is lacks


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("The sailor stood behind the captain's chair.", True),
        ("The sailor stood at her side.", True),
        ("The sailor stood by his chair.", False),
        ("The sailor stood by the chair.", False),
        ("The sailor stood at the nurse's side.", True),
        ("The sailor stood at the sisters' side.", True),
        ("The sailor stood at Martha's elbow.", True),
        ("The traveller stood with his arms at his side.", False),
        ("The child sat with a basket at her side.", False),
        ("The sailor walked by the river's side.", False),
        ("The sailor stood by the ship's side.", False),
    ],
)
def test_who_stands_at_anothers_side_alone_lacks_that_one(text: str, lacks: bool) -> None:
    staging = stage_quote(text)
    assert len(staging.figures) > 1 or (Lack.PERSON in staging.lacks) is lacks


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Four nuns knelt by the altar.", False),
        ("Many nuns knelt by the altar.", False),
        ("Five nuns knelt by the altar.", True),
        ("The seven nuns knelt by the altar.", True),
        ("Twenty nuns knelt by the altar.", True),
    ],
)
def test_of_more_than_are_drawn_some_are_lacked(text: str, lacks: bool) -> None:
    assert (Lack.PERSON in stage_quote(text).lacks) is lacks

"""Who comes to a place, looks into it, is above it or rides is not in the remembered room; cold hearths do not burn."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.approaching import in_the_open, on_the_way
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.plates.plain import GROUNDINGS
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.setting import find_clues
from imaginized.providers.builtin.settling import Acts
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.whereabouts import Whereabouts
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Season, Source, Time, View
from imaginized.story.text import ChapterText, Paragraph


def last(text: str) -> tuple[View, bool | None]:
    """The view and the side of the door of a passage."""
    staging = stage_quote(text)
    return staging.view, staging.indoors


@pytest.mark.parametrize(
    "text",
    [
        "The man approached the house.",
        "The widow came marching back towards the little cottage.",
        "The soldier ran down the front steps.",
        "The boys neared the farmhouse.",
        "The man crept behind the barn.",
        "The girl had reached the inn; the groom waited outside the inn.",
        "The tall man and the doctor rode out together.",
    ],
)
def test_who_is_before_a_house_is_under_the_sky(text: str) -> None:
    view, indoors = last(text)
    assert view is not View.SCENE
    assert indoors is False


@pytest.mark.parametrize(
    "text",
    [
        "The boys looked in at the window of the parlour.",
        "The thief was lying on the roof, peeping in through the skylight.",
        "The clerk sat at the window and saw the man coming towards the house.",
    ],
)
def test_who_looks_in_is_in_no_room(text: str) -> None:
    assert last(text)[1] is not True


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The captain came to the house and went into the kitchen.", Setting.KITCHEN),
        ("The nurse sat down at the table in the parlour.", Setting.DRAWING_ROOM),
        ("The old man walked up and down the cave.", Setting.CAVE),
        ("The maid leaned against the wall of the cave.", Setting.CAVE),
        ("The girl shuffled down the platform to the porter.", Setting.STATION),
        ("The old man came at last to the foot of a steep wood.", Setting.FOREST),
        ("The captain reached the summit and laughed.", Setting.MOUNTAINS),
        ("The hunter slept on the edge of the forest.", Setting.FOREST),
        ("The lady sat on the porch and sewed.", Setting.HOUSE_FRONT),
        ("The boy wrote on his slate in the schoolroom.", Setting.SCHOOLROOM),
    ],
)
def test_who_is_within_is_drawn_there(text: str, setting: Setting) -> None:
    staging = stage_quote(text)
    assert (staging.view, staging.setting) == (View.SCENE, setting)


@pytest.mark.parametrize(
    "text",
    [
        "He read as hard as if he were in his armchair, in his own study.",
        "The lady got three books on the theatre.",
        "The cook murmured something about the kitchen.",
        "The clerk spoke of the foot of the hill.",
        "The officer lay on the slope, a yard or two away.",
        "The sailor sat aloft and hailed the deck.",
    ],
)
def test_what_is_only_spoken_of_or_hailed_is_no_place(text: str) -> None:
    assert stage_quote(text).view is not View.SCENE


@pytest.mark.parametrize(
    "text",
    [
        "No light burned in the cabin where the man sat.",
        "The woman entered the kitchen and found the fire black out.",
        "The man sat by the cold hearth in the kitchen.",
        "The doctor stirred the ashes in the fireplace of the parlour.",
    ],
)
def test_no_fire_burns_where_it_is_out(text: str) -> None:
    staging = stage_quote(text)
    assert staging.view is not View.SCENE
    assert not {Thing.HEARTH, Thing.FIRE, Thing.STOVE} & set(staging.things)


def test_a_fire_that_burns_is_drawn() -> None:
    staging = stage_quote("The old man sat by the fire in the kitchen, and the maid held out the candle to him.")
    assert staging.view is View.SCENE
    assert Thing.FIRE in staging.things


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The woman went along the dark road.", Time.NIGHT),
        ("The widow sat in the darkened room.", Time.NIGHT),
        ("The man led the girl through the pitchy darkness.", Time.NIGHT),
        ("The woman had dark hair, and she went along the road.", Time.UNKNOWN),
        ("The man walked along the road in his dark coat.", Time.UNKNOWN),
    ],
)
def test_a_dark_road_is_a_night(text: str, time: Time) -> None:
    assert stage_quote(text).time is time


@pytest.mark.parametrize(
    ("species", "deed", "indoors"),
    [
        (Species.WOLF, Deed.LOOK, None),
        (Species.BIRD, Deed.FLY, None),
        (Species.CAT, Deed.RUN, True),
        (Species.PARROT, Deed.STAND, True),
    ],
)
def test_wild_beasts_are_in_no_remembered_room(species: Species, deed: Deed, indoors: bool | None) -> None:
    where = Whereabouts(setting=Setting.KITCHEN, confidence=0.8, source=Source.CHAPTER, indoors=True)
    acts = Acts(figures=(Figure(being=Being.CREATURE, species=species, deed=deed),))
    assert in_the_open(where, acts).indoors is indoors
    assert in_the_open(replace(where, source=Source.PASSAGE), acts).indoors is True


@pytest.mark.parametrize(
    ("text", "confident", "indoors"),
    [
        ("The boy wandered out to the pit.", False, None),
        ("The boy went out.", False, None),
        ("The mother opened a window upstairs and looked down.", False, True),
        ("The boy ran out of bread.", True, True),
        ("The boy sat down and laughed.", True, True),
    ],
)
def test_who_goes_out_leaves_the_remembered_room(text: str, confident: bool, indoors: bool | None) -> None:
    passage = read_passage(ChapterText(number=1, title="", paragraphs=(Paragraph(text),)), lexicon=load_lexicon())
    unreal = mark_unreal(passage)
    where = Whereabouts(setting=Setting.KITCHEN, confidence=0.8, source=Source.CHAPTER, indoors=True)
    found = on_the_way(passage, find_clues(passage, unreal), unreal, (0, len(passage.tokens)), where, names=())
    assert (found.confidence > 0.6, found.indoors) == (confident, indoors)


@pytest.mark.parametrize(
    ("text", "season"),
    [
        ("The men went slowly up the icy path.", Season.WINTER),
        ("The lady spoke in an icy voice.", Season.UNKNOWN),
    ],
)
def test_an_icy_path_is_a_winter(text: str, season: Season) -> None:
    assert stage_quote(text).season is season


def test_the_passages_of_a_cave_are_no_corridors() -> None:
    cave = "The boys came into the cave. The cave was high. " * 4
    passage = read_passage(
        ChapterText(number=1, title="", paragraphs=(Paragraph(f"{cave}They ran down a corridor."),)),
        lexicon=load_lexicon(),
    )
    clues = find_clues(passage, mark_unreal(passage)).clues
    assert {clue.setting for clue in clues if not clue.sign} == {Setting.CAVE}


def test_every_ground_of_paper_is_laid() -> None:
    assert {"sheet", "torn", "bands"} <= set(GROUNDINGS)

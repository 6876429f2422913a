"""No place of a page ago is drawn where another one is told: by a name, by "it", by whose chair it is. Nor its hour."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.stage_lists import Setting
from imaginized.story.staging import Staging, Time, View
from tests.unit.test_stage_truth import staged

IN_BEDROOM = "The nurse lay in the bedroom. She got out of the bed and crossed the bedroom."


def placed(staging: Staging) -> Setting:
    """The place that is drawn."""
    return staging.setting if staging.view is View.SCENE else Setting.UNKNOWN


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The clerk then ambled and ran on down Front Street.", Setting.STREET),
        ("The boy ran into Fountain Square.", Setting.STREET),
        ("The man walked along the Dover Road.", Setting.ROAD),
        ("The girl walked in Chapel Lane.", Setting.STREET),
        ("The man lived in Mill Street.", Setting.UNKNOWN),
        ("The man looked down Mill Street.", Setting.UNKNOWN),
    ],
)
def test_who_goes_along_a_street_with_a_name_is_in_it(text: str, setting: Setting) -> None:
    assert placed(staged(IN_BEDROOM, text)) is setting


@pytest.mark.parametrize(
    "text",
    [
        "The old man lectured upon the hospital.",
        "The lady asked after the likeness painted on the cliff.",
        "The captain dreamed of the inn.",
        "The woman sat on the cellar hatch.",
    ],
)
def test_what_is_talked_of_or_only_has_a_hatch_is_no_place(text: str) -> None:
    assert placed(stage_quote(text)) is Setting.UNKNOWN


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The woman sat on the cliff and laughed.", Setting.CLIFF),
        ("The woman sat in the inn till it was time to go to the mill.", Setting.INN),
        ("The woman went into the cellar and sat down on the cellar floor.", Setting.CELLAR),
        ("The woman went into the kitchen and sat down by the kitchen fire.", Setting.KITCHEN),
    ],
)
def test_where_somebody_sits_is_drawn(text: str, setting: Setting) -> None:
    assert placed(stage_quote(text)) is setting


IN_PARLOUR = "The ladies sat in the drawing-room. The aunt crossed the drawing-room and rang the bell."
IN_WARD = "The man lay in the hospital. In the hospital a nurse crossed the ward of the hospital."


@pytest.mark.parametrize(
    "text",
    [
        "The next day the man returned to Dover and laughed.",
        "The man reached the Grove and walked on.",
        "The man arrived in Rome and laughed.",
        "The man went into the Blue Room and laughed.",
        "In it sat the father.",
        "The lady got into it and laughed.",
        "The man walked away to the inn.",
        "The woman went to the church to pray.",
    ],
)
def test_who_goes_to_a_town_or_sits_in_what_is_not_named_is_in_no_remembered_room(text: str) -> None:
    assert placed(staged(IN_PARLOUR, text)) is Setting.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "The lady walked to Mrs. Dale.",
        "The lady walked to Sarah and laughed.",
        "The lady went back to the sofa and laughed.",
        "The lady drew up the chair and sat in it.",
        "The lady wrote to London and wept.",
        "The lady came to the Red Library and laughed.",
        "The lady heard the joke at which Grey laughed, and wept.",
        "The lady sat in her armchair.",
        "The lady walked to the window.",
        "The lady came to the Council chamber and laughed.",
    ],
)
def test_who_stays_in_the_remembered_room_is_drawn_there(text: str) -> None:
    assert placed(staged(IN_PARLOUR, text)) is Setting.DRAWING_ROOM


@pytest.mark.parametrize(
    ("before", "setting"),
    [
        (f"{IN_PARLOUR} The next day the man returned to Dover.", Setting.UNKNOWN),
        (f"The man returned to Dover. {IN_PARLOUR}", Setting.DRAWING_ROOM),
        (f"{IN_PARLOUR} The man had gone to Dover.", Setting.DRAWING_ROOM),
    ],
)
def test_after_a_journey_the_room_before_it_is_left(before: str, setting: Setting) -> None:
    assert placed(staged(before, "The man laughed and wept.")) is setting


def test_who_rides_to_a_town_is_on_the_road() -> None:
    before = "The man rode along the road. The road was white, and he met a boy on the road."
    assert placed(staged(before, "The man rode to Dover and laughed.")) is Setting.ROAD


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The man sat in his own armchair.", Setting.UNKNOWN),
        ("The man sat by his own fire.", Setting.UNKNOWN),
        ("The man sat down.", Setting.HOSPITAL),
    ],
)
def test_a_chair_of_ones_own_is_in_no_hospital(text: str, setting: Setting) -> None:
    assert placed(staged(IN_WARD, text)) is setting


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("The man walked along the lane between twelve and one o'clock.", Time.UNKNOWN),
        ("The clock struck eleven as the man walked.", Time.UNKNOWN),
        ("The man walked at half past one.", Time.UNKNOWN),
        ("It was just two by the clock, and the man walked.", Time.UNKNOWN),
        ("The man walked past two to three houses.", Time.DUSK),
        ("At mid-day the man walked.", Time.DAY),
        ("It was seven o'clock, and the man walked.", Time.DUSK),
        ("One of the men walked.", Time.DUSK),
    ],
)
def test_no_remembered_dusk_is_at_twelve_o_clock(text: str, time: Time) -> None:
    assert staged("It was dusk. The sun had set. The man walked along the lane.", text).time is time


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The nurse stole up the back stairs.", Setting.STAIRCASE),
        ("The nurse sat on the bed.", Setting.BEDROOM),
        ("The nurse hurried back to the bedroom.", Setting.BEDROOM),
        ("The nurse hurried off to her bedroom.", Setting.BEDROOM),
    ],
)
def test_stairs_that_are_told_are_no_remembered_bedroom(text: str, setting: Setting) -> None:
    assert placed(staged(IN_BEDROOM, text)) is setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The sailor marched off to the tavern.", Setting.UNKNOWN),
        ("The sailor set out for the tavern.", Setting.UNKNOWN),
        ("The sailor sat in the tavern and laughed.", Setting.INN),
        ("The sailor laughed at the landlord.", Setting.INN),
    ],
)
def test_who_sets_out_for_a_place_is_not_there_yet(text: str, setting: Setting) -> None:
    """Whatever was told of that place before."""
    before = "The men drank in the tavern. The landlord of the tavern stood at the bar in the tavern."
    assert placed(staged(before, text)) is setting


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("The sisters were soon on board, and drifting down the river.", Setting.UNKNOWN),
        ("The sisters walked along the river.", Setting.RIVER),
    ],
)
def test_who_is_on_board_is_not_on_the_bank(text: str, setting: Setting) -> None:
    before = "The sisters stood by the river. The water of the river was brown, and the stream was wide."
    assert placed(staged(before, text)) is setting


def test_what_is_mine_makes_no_mine() -> None:
    """A gallery is one of a house, however often somebody says what is theirs; among miners it is not."""
    text = "The uncle stood in the gallery and laughed."
    ours = "“That is mine, and this was mine, and mine it is,” said the uncle. “The fault is mine, and mine the blame.”"
    cave = "The miners went into the mines. In the cave a miner sang, and the cavern, the old mines and the cave rang."
    assert placed(staged(f"{ours} {ours}", text)) is Setting.CORRIDOR
    assert placed(staged(f"{cave} {cave}", text)) is Setting.CAVE


@pytest.mark.parametrize("text", ["The uncle was tired in every cell of him.", "The uncle laughed in each room."])
def test_each_of_many_places_is_none(text: str) -> None:
    assert placed(staged("The uncle laughed.", text)) is Setting.UNKNOWN

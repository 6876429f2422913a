"""A place of a page ago is not drawn where the passage tells of another one, by a name, by "it" or by whose chair it is."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.stage_lists import Setting
from imaginized.story.staging import Staging, View
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
        ("The woman went into the cellar and sat down on the cellar floor.", Setting.CELLAR),
        ("The woman went into the kitchen and sat down by the kitchen fire.", Setting.KITCHEN),
    ],
)
def test_where_somebody_sits_is_drawn(text: str, setting: Setting) -> None:
    assert placed(stage_quote(text)) is setting

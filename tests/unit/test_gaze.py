"""Who looks down at another is not drawn as the lower one, or the picture lacks it."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.staging import Lack


@pytest.mark.parametrize(
    "text",
    [
        "The woman looked down at the sailor.",
        "The woman looked down upon him.",
        "The sailor looked up at the woman.",
        "The child looked down at the woman.",
        "The woman laughed and looked down at him, and the sailor bowed.",
    ],
)
def test_who_looks_down_is_not_the_lower_one(text: str) -> None:
    assert Lack.DEED in stage_quote(text).lacks


@pytest.mark.parametrize(
    "text",
    [
        "The woman looked up at the sailor.",
        "The sailor looked down at the child.",
        "The sailor looked at the woman.",
        "The sailor sat upon a bench, and the woman looked down at him.",
        "The lady looked down at her gloves, and the boy ran to the gate.",
        "The soldier looked up at her balcony, and the lady laughed.",
        "The woman stood by the sailor, and he looked down at her.",
    ],
)
def test_who_looks_as_they_stand_lacks_nothing(text: str) -> None:
    assert Lack.DEED not in stage_quote(text).lacks

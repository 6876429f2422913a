"""What a person says to `chapters` and `cast` is checked in plain words before it goes to the daemon."""

import pytest

from imaginized.cli import casting, dividing
from imaginized.control import parameters
from imaginized.control.casting import cast_wish
from imaginized.control.dividing import wish_of
from imaginized.errors import ControlError
from imaginized.story.cast_file import MAX_NAMES


@pytest.mark.parametrize(
    ("action", "words", "told"),
    [
        ("keep", ["3", "three"], "'three' is not a row; give the number at the start of a line"),
        ("drop", ["1"] * 501, "501 rows are too many at once"),
        ("rename", ["3", "x" * 501], "the title has 501 characters"),
        ("rename", ["3", " "], "the title is empty"),
    ],
)
def test_what_is_no_row_and_no_title_is_said_plainly(action: str, words: list[str], told: str) -> None:
    with pytest.raises(ControlError, match=told):
        dividing._wanted(action, words, at=None, title=None)


@pytest.mark.parametrize(
    ("words", "told"),
    [(["1", ""], "a name is empty"), (["x" * 501], "more than 500"), (["1"] * 51, "51 names are too")],
)
def test_what_is_no_name_is_said_plainly(words: list[str], told: str) -> None:
    with pytest.raises(ControlError, match=told):
        casting._wanted("merge", words)


def test_a_new_name_is_one_line() -> None:
    assert dividing._wanted("rename", ["3", "The\n Cave "], at=None, title=None)["title"] == "The Cave"
    assert casting._wanted("rename", ["3", "Mary\nLennox"])["to"] == "Mary Lennox"
    assert wish_of({"action": "rename", "rows": ["3"], "title": "The\n Cave "}).title == "The Cave"
    assert cast_wish({"action": "rename", "who": ["3"], "to": "Mary\nLennox"}).to == "Mary Lennox"


def test_the_client_allows_what_the_daemon_takes() -> None:
    assert (dividing.MAX_ROWS, dividing.MAX_LENGTH) == (parameters.MAX_ROWS, parameters.MAX_TEXT_LENGTH)
    assert (casting.MAX_WORDS, casting.MAX_LENGTH) == (MAX_NAMES, parameters.MAX_TEXT_LENGTH)

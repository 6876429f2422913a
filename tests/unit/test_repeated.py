"""What a passage tells of a time, and of no moment."""

import pytest

from tests.unit.test_safe_pictures import counted


@pytest.mark.parametrize(
    ("text", "is_habit"),
    [
        ("The miller took her to the fair several times.", True),
        ("Once or twice the miller dined with them.", True),
        ("Now and then a neighbour came to the mill.", True),
        ("The miller was there three or four times.", True),
        ("All that winter the miller rode with her.", True),
        ("During the summer the miller rode with her.", True),
        ("Day after day the miller rode with her.", True),
        ("The miller rode with her once a week.", True),
        ("The miller rode with her more than once.", True),
        ("Each time the miller kissed her.", True),
        ("Again and again the miller dined with them.", True),
        ("Time and again the miller dined with them.", True),
        ("Each evening the miller dined with them.", True),
        ("The miller rode with her for a month.", True),
        ("The miller slept through the spring.", True),
        ("The cook went away and the miller dined there for a week.", True),
        ("Again and again the miller looked at her.", False),
        ("Once again the miller dined with them.", False),
        ("Each neighbour dined with the miller.", False),
        ("The miller came home for the holidays.", False),
        ("The miller came home for the summer.", False),
        ("The miller left her for a week.", False),
        ("The miller left her for two days.", False),
        ("The miller fell through the spring.", False),
        ("The miller looked back more than once.", False),
        ("For an hour the miller rode with her.", False),
        ("The boy after the miller rode through the spring rain.", False),
        ("The miller knocked three times at the door.", False),
        ("The miller ran twice round the pond.", False),
        ("The miller walked up and down several times.", False),
        ("Now and then the miller looked at her.", False),
        ("The mill was three times as high.", False),
    ],
)
def test_what_is_done_many_times_is_no_moment(text: str, is_habit: bool) -> None:
    """Unless it is what one does many times in a moment: to knock, to look, to go up and down, or to go for long."""
    assert bool(counted(text).habits) == is_habit

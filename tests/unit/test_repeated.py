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
    """Unless it is what one does many times in a moment: to knock, to look, to go up and down."""
    assert bool(counted(text).habits) == is_habit

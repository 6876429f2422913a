"""Of two who go one way the one ahead is in front, the one behind at the other's heels; nobody meets."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.telling import tell
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Way


def told(name: str, quote: str) -> Element:
    """Somebody of the cast."""
    return Element(type=ElementType.CHARACTER, name=name, quotes=(Quote(text=quote, chapter=1, start=0, page=1),))


CAST = (told("Anna", "Anna took off her hat."), told("Ralph", "Ralph took off his hat."))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Anna went in before Ralph.", "Anna walks ahead of Ralph."),
        ("Anna walked on quickly before Ralph.", "Anna walks ahead of Ralph."),
        ("Anna went ahead of Ralph.", "Anna walks ahead of Ralph."),
        ("The boy walked on in front of the captain.", "A boy walks ahead of a captain."),
        ("Ralph followed Anna to the door.", "Ralph walks behind Anna to a door."),
        ("Following Anna came Ralph.", "Ralph walks behind Anna."),
        ("Anna was followed by Ralph to the wood.", "Ralph walks behind Anna."),
        ("Behind Anna walked Ralph.", "Ralph walks behind Anna."),
        ("The sailor trudged behind the captain.", "A sailor walks behind a captain."),
        ("Ralph ran after Anna.", "Ralph runs behind Anna."),
        ("The two boys followed Anna.", "Two boys walk behind Anna."),
        ("Ralph came up behind Anna.", "Ralph walks behind Anna."),
    ],
)
def test_who_goes_before_or_behind_another_does_not_go_up_to_them(text: str, says: str) -> None:
    staging = stage_quote(text, CAST)

    assert [figure.way for figure in staging.figures if figure.toward is not None] != [Way.UNKNOWN]
    assert tell(staging) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Anna walked through the hall with a candle, and Ralph walked behind her.", "Ralph walks behind her"),
        ("Ralph walked through the hall with a candle, and Anna walked ahead of him.", "Anna walks ahead of him"),
        ("Anna ran through the hall, and Ralph walked behind her.", "Ralph walks behind her"),
        ("Ralph walked behind Anna with a candle.", "Ralph walks behind Anna with a candle."),
    ],
)
def test_what_the_other_does_or_has_is_told_too(text: str, says: str) -> None:
    told = tell(stage_quote(text, CAST))

    assert says in told
    assert ("candle" in told) is ("candle" in text)
    assert ("runs" in told) is ("ran" in text)


def test_who_is_come_up_behind_stands() -> None:
    """Whom another follows goes; who does not hear another come does not."""
    deeds = [
        stage_quote(text, CAST).figures[1].deed
        for text in ("Ralph followed Anna to the door.", "Ralph came up behind Anna.")
    ]

    assert deeds == [Deed.WALK, Deed.STAND]


@pytest.mark.parametrize(
    ("text", "way", "other"),
    [
        ("Anna went behind Ralph and tied his scarf.", Way.UNKNOWN, Deed.STAND),
        ("Anna stepped quickly behind Ralph.", Way.UNKNOWN, Deed.STAND),
        ("Anna went on behind Ralph.", Way.BEHIND, Deed.WALK),
        ("Anna went behind Ralph through the wood.", Way.BEHIND, Deed.WALK),
        ("Anna marched behind Ralph.", Way.BEHIND, Deed.WALK),
        ("Ralph walked to the wood, and Anna went behind him.", Way.BEHIND, Deed.WALK),
    ],
)
def test_who_steps_behind_one_who_stands_is_not_in_file(text: str, way: Way, other: Deed) -> None:
    figures = {figure.name: figure for figure in stage_quote(text, CAST).figures}

    assert (figures["Anna"].way, figures["Ralph"].deed) == (way, other)


@pytest.mark.parametrize(
    "text",
    [
        "Anna walked up to Ralph and stood before him.",
        "Anna walked to Ralph.",
        "Anna came to Ralph and shut the door after him.",
        "Anna walked up and down before Ralph.",
        "Ralph followed the two boys.",
    ],
)
def test_who_goes_up_to_another_meets_them(text: str) -> None:
    assert not any(figure.way for figure in stage_quote(text, CAST).figures)

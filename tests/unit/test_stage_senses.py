"""Words of two senses, and names that others bear as well: what is drawn is what was meant."""

import pytest

from imaginized.providers.builtin.known import know, recast
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Age, Figure, Sex, Staging

CAST = (
    Element(type=ElementType.CHARACTER, name="Anna", aliases=()),
    Element(type=ElementType.CHARACTER, name="Tom", aliases=()),
)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Tom sat down, his muscular calves in grey gaiters.", {"Tom": Deed.SIT}),
        ("Tom led his calves into the yard.", {"Tom": Deed.LEAD, "calf": Deed.STAND}),
        ("Anna grabbed Tom by the hand.", {"Anna": Deed.SHAKE_HANDS, "Tom": Deed.STAND}),
        ("Anna grabbed Tom by the collar.", {"Anna": Deed.SEIZE, "Tom": Deed.STAND}),
        ("Anna was playing with noisy inaccuracy.", {"Anna": Deed.STAND}),
        ("A little boy was playing in the yard.", {"boy": Deed.PLAY}),
        ("The peeler seized Tom.", {"peeler": Deed.SEIZE, "Tom": Deed.STAND}),
        ("Tom filled the tumbler.", {"Tom": Deed.HOLD}),
        ("The toaster stood beside Tom.", {"Tom": Deed.STAND}),
    ],
)
def test_a_word_of_two_senses(text: str, there: dict[str, Deed]) -> None:
    """Calves of legs, hands that are shaken, a play that is music."""
    assert {figure.name or figure.noun: figure.deed for figure in stage_quote(text, CAST).figures} == there


def test_what_the_book_says_of_somebody_counts_more_than_the_name() -> None:
    """A man whom his friends call by what is mostly a woman's name."""
    by_name = Element(type=ElementType.CHARACTER, name="Bella")
    told = Element(type=ElementType.CHARACTER, name="Bella", signs=Signs(counts={"he": 14, "she": 2}))

    assert (know(by_name).sex, know(told).sex) == (Sex.WOMAN, Sex.MAN)


@pytest.mark.parametrize(("aliases", "age"), [(("Master Tom", "Young Tom"), Age.CHILD), (("Master Tom",), Age.UNKNOWN)])
def test_a_young_master_is_a_boy(aliases: tuple[str, ...], age: Age) -> None:
    """Of "Master" alone it is open: so are craftsmen and captains called."""
    tom = Element(type=ElementType.CHARACTER, name="Tom", aliases=aliases)

    (figure,) = recast(Staging(figures=(Figure(name="Tom", sex=Sex.MAN, deed=Deed.WALK),)), (tom,)).figures
    assert figure.age is age

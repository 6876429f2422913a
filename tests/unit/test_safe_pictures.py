"""What of a passage is not drawn wrongly: who is borne, what no picture has."""

import pytest

from imaginized.providers.builtin.coverage import Count
from imaginized.providers.builtin.safety import weigh_safety
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Lack, Sex, Staging, View


def test_who_is_carried_by_somebody_does_not_walk() -> None:
    """The one after "by" carries, and the subject is carried."""
    cook, boy = stage_quote("The boy was carried away by the cook.").figures

    assert (cook.noun, cook.deed, cook.toward) == ("cook", Deed.CARRY, 1)
    assert (boy.noun, boy.deed) == ("boy", Deed.STAND)


@pytest.mark.parametrize("words", ["by the fire", "at his own door", "in the sun"])
def test_nobody_sits_on_what_bears_nobody(words: str) -> None:
    """A fire, a door and the sun are beside who sits there."""
    figure = stage_quote(f"The old man sat {words} and smoked.").figures[0]

    assert figure.upon is Thing.NONE


def test_who_drives_an_ox_walks() -> None:
    """Only a carriage has a seat."""
    assert stage_quote("Some youths were driving a fat young ox.").figures[0].deed is Deed.WALK


def test_they_are_the_riders_and_not_their_horses() -> None:
    """Of men and beasts that may both be meant the men are."""
    figures = stage_quote("The two brothers mounted their horses, and they galloped away.").figures

    assert next(figure for figure in figures if figure.noun == "brother").deed is Deed.RIDE


@pytest.mark.parametrize("lack", [Lack.DEED, Lack.PERSON, Lack.THING, Lack.MOUNT])
def test_a_picture_that_lacks_something_is_less_safe(lack: Lack) -> None:
    """Whatever is told of those drawn and not shown counts."""
    walker = Figure(noun="man", sex=Sex.MAN, deed=Deed.WALK)
    whole = Staging(view=View.SCENE, figures=(walker,))
    lacking = Staging(view=View.SCENE, figures=(walker,), lacks=(lack,))

    assert weigh_safety(0.8, Count(words=12), lacking, sentences=1) < weigh_safety(
        0.8, Count(words=12), whole, sentences=1
    )


def test_a_company_with_a_beast_is_no_group_of_men() -> None:
    """Who "the travelers" are is open where a beast with a name may be one of them."""
    company = Staging(view=View.GROUP, figures=(Figure(noun="traveler", count=3, deed=Deed.WALK),))
    soldiers = Staging(view=View.GROUP, figures=(Figure(noun="soldier", count=3, deed=Deed.WALK),))

    alike = [weigh_safety(0.8, Count(words=9), each, sentences=1, beasts=False) for each in (company, soldiers)]
    mixed = [weigh_safety(0.8, Count(words=9), each, sentences=1, beasts=True) for each in (company, soldiers)]

    assert alike[0] == alike[1] == mixed[1] > 2 * mixed[0]

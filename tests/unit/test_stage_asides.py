"""Who does what is told after an aside, of several at once, and by the way."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing

CAST = tuple(Element(type=ElementType.CHARACTER, name=name) for name in ("Anna", "Tom", "Oliver"))


@pytest.mark.parametrize(
    ("text", "doer", "deed", "other"),
    [
        ("Tom somehow tripped and fell and then Oliver, laughing loudly, helped him up.", "Oliver", Deed.HELP, "Tom"),
        ("Tom fell, and Oliver, laughing, lifted him up.", "Oliver", Deed.HELP, "Tom"),
        ("Tom fell and Oliver helped him up.", "Oliver", Deed.HELP, "Tom"),
        ("There were two women in the yard, who waved to Tom.", "woman", Deed.WAVE, "Tom"),
        ("There were four men on duty, who saluted Tom as he approached.", "man", Deed.RAISE, "Tom"),
        ("Tom turned. Three men sprang at his throat.", "man", Deed.SEIZE, "Tom"),
        ("Oliver flew at Tom.", "Oliver", Deed.SEIZE, "Tom"),
        ("Tom saw an irregular body of horsemen gathering and galloping down.", "horseman", Deed.RIDE, ""),
        ("A group of boys ran down the road.", "boy", Deed.RUN, ""),
        ("Tom saw the boy running towards the gate.", "boy", Deed.RUN, ""),
        ("Tom saw Oliver running down the road and waving.", "Oliver", Deed.RUN, ""),
        ("Tom kissed once more Anna.", "Tom", Deed.KISS, "Anna"),
        ("Oliver picked up the child.", "Oliver", Deed.CARRY, "child"),
        ("Anna had fainted. Tom picked her up.", "Tom", Deed.CARRY, "Anna"),
        ("Tom picked up Oliver in his arms.", "Tom", Deed.CARRY, "Oliver"),
    ],
)
def test_who_does_it_to_whom(text: str, doer: str, deed: Deed, other: str) -> None:
    """The one whom the sentence has do it does it, to the one it names or means."""
    figures = stage_quote(text, CAST).figures
    first = figures[0]
    toward = figures[first.toward] if first.toward is not None else None

    assert (first.name or first.noun, first.deed) == (doer, deed)
    assert (toward.name or toward.noun if toward else "") == other


@pytest.mark.parametrize(
    "text",
    [
        "On the way back Tom picked up his partner and father-in-law.",
        "Tom picked up Oliver at the station.",
        "Tom dropped Oliver at the station.",
        "And here, I think, his pride carried him too far.",
        "Oliver, his feelings carried him away.",
    ],
)
def test_nobody_is_carried(text: str) -> None:
    """A friend is picked up by the way, and pride carries somebody away: nobody is in anybody's arms."""
    assert Deed.CARRY not in {figure.deed for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    ("text", "upon"),
    [
        ("The two men in the tug put her off again.", Thing.BOAT),
        ("Two men in a launch shouted to Tom.", Thing.BOAT),
        ("Two women in a carriage laughed.", Thing.CARRIAGE),
        ("The man in the boat was tall.", Thing.NONE),
    ],
)
def test_who_is_aboard_sits_there(text: str, upon: Thing) -> None:
    """Those of whom it is told what they do in a boat or a carriage are drawn in it."""
    assert {figure.upon for figure in stage_quote(text, CAST).figures} | {Thing.NONE} == {upon, Thing.NONE}

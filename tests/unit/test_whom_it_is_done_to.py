"""Whom and what a deed is done to: limbs, pronouns, those who go together, things that are put and thrown."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Lack
from tests.unit.test_stage_truth import staged

CAST = tuple(Element(type=ElementType.CHARACTER, name=name) for name in ("Anna", "Tom", "Oliver"))


def doings(text: str) -> list[tuple[str, Deed, str]]:
    """Who does what to whom; somebody without a name by the noun, else by the sex."""
    figures = stage_quote(text, CAST).figures
    called = [figure.name or figure.noun or figure.sex.value for figure in figures]
    return [
        (name, figure.deed, "" if figure.toward is None else called[figure.toward])
        for name, figure in zip(called, figures, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "doing"),
    [
        ("Anna caught Tom’s hand and smiled.", ("Anna", Deed.HOLD, "Tom")),
        ("Tom sprang forward, and laid a hand upon Oliver’s arm.", ("Tom", Deed.TOUCH, "Oliver")),
        ("Tom came to Anna, and held out his hands.", ("Tom", Deed.REACH, "Anna")),
        ("Her mother’s arm went around Anna.", ("mother", Deed.EMBRACE, "Anna")),
        ("He pushed through the crowd, and struck Oliver.", ("man", Deed.STRIKE, "Oliver")),
        ("Tom found himself shaking hands with Oliver.", ("Tom", Deed.SHAKE_HANDS, "Oliver")),
        ("He lifted the child out of the cart.", ("man", Deed.CARRY, "child")),
        ("Tom caught up the child and ran.", ("Tom", Deed.CARRY, "child")),
        ("Tom threw a stone at the dog.", ("Tom", Deed.THROW, "dog")),
        ("Tom patted the horse’s neck.", ("Tom", Deed.TOUCH, "horse")),
        ("Anna knelt beside the wounded man.", ("man", Deed.LIE, "")),
        ("The doctor was kneeling over Tom.", ("Tom", Deed.LIE, "")),
        ("Anna walked with Tom through the wood.", ("Tom", Deed.WALK, "")),
        ("Tom went down the lane, followed by Oliver.", ("Oliver", Deed.WALK, "Tom")),
        ("Anna watched Tom ride away.", ("Tom", Deed.RIDE, "")),
        ("The horse bore Tom away.", ("Tom", Deed.RIDE, "horse")),
        ("Tom tore the letter in two.", ("Tom", Deed.HOLD, "")),
        ("As Anna turned, Tom and Oliver were upon her.", ("Oliver", Deed.FIGHT, "Anna")),
    ],
)
def test_whom(text: str, doing: tuple[str, Deed, str]) -> None:
    """The other one is found by limb, preposition and list, and does what the deed makes of it."""
    assert doing in doings(text)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Tom picked up the letter and read it.", Thing.LETTER),
        ("Anna put the candle on the table.", Thing.CANDLE),
        ("Tom flung the book into the fire.", Thing.BOOK),
        ("Anna swept the floor with a broom.", Thing.BROOM),
        ("Anna poured him a glass of wine.", Thing.GLASS),
        ("Tom lifted the bushes.", Thing.NONE),
    ],
)
def test_what_is_in_the_hand(text: str, held: Thing) -> None:
    """What is read, put, thrown or used is in the hand of who does it; a bush is not."""
    assert stage_quote(text, CAST).figures[0].holds is held


def test_he_is_not_who_is_named_after_him() -> None:
    """ "He" before a name is another, but not in a clause that comes before its own."""
    assert {name for name, _, _ in doings("He came through the snow and leered at Oliver.")} == {"man", "Oliver"}
    assert [name for name, _, _ in doings("When he came in, Oliver sat down.")] == ["Oliver"]


def test_curtains_are_opened() -> None:
    """A curtain that is lifted is opened."""
    figure = stage_quote("Anna lifted the curtain.", CAST).figures[0]

    assert (figure.deed, figure.upon) == (Deed.OPEN, Thing.CURTAIN)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("The lady nodded to the girl. She looked around her sleepily.", 1),
        ("The lady nodded to the girl. She looked at her sleepily.", 2),
    ],
)
def test_who_looks_around_her_looks_at_nobody(text: str, drawn: int) -> None:
    """She is the one around whom she looks."""
    assert len(staged("It was a wet day, and the house was still.", text).figures) == drawn


def test_who_shuts_the_door_behind_himself_is_alone_there() -> None:
    """Nobody else lacks."""
    alone = staged("It was a wet day.", "The miller shut the door behind him, and the groom smiled.")

    assert Lack.PERSON not in alone.lacks
    assert [figure.noun for figure in alone.figures] == ["miller", "groom"]

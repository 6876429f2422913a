"""Who stands in the picture of a passage: the partner of a deed, those of a list, those only spoken of, families."""

import pytest

from imaginized.providers.builtin.plates.crowd import is_of_men
from imaginized.providers.builtin.plates.families import as_families, of_both_sexes
from imaginized.providers.builtin.plates.players import choose_players
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.staging import Age, Figure, Sex, Staging
from tests.unit.test_plates import request

PEOPLE = tuple(
    Element(type=ElementType.CHARACTER, name=name, sex=sex, ages={})
    for name, sex in (("Anna", "woman"), ("Ben", "man"), ("Dane", "man"))
)


def drawn(text: str) -> list[str]:
    """Those in the picture, by name or noun."""
    return [figure.name or figure.noun or "somebody" for figure in stage_quote(text, PEOPLE).figures]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Anna ran down the slope to meet Ben.", {"Anna", "Ben"}),
        ("Ben snatched the stick from Dane.", {"Ben", "Dane"}),
        ("Anna and Ben waited.", {"Anna", "Ben"}),
        ("The sailor and I and Ben all looked at each other.", {"sailor", "narrator", "Ben"}),
    ],
)
def test_the_other_one_is_there(text: str, who: set[str]) -> None:
    """To whom somebody runs, from whom something is taken, who is named beside the other, and who tells it."""
    assert set(drawn(text)) == who


@pytest.mark.parametrize(
    "text",
    [
        "She went in quest of Ben.",
        "In search of Ben she climbed the stairs.",
        "At supper she talked of nothing but Ben.",
    ],
)
def test_who_is_only_sought_or_spoken_of_is_not_there(text: str) -> None:
    """Nobody stands before one who looks for him."""
    assert "Ben" not in drawn(text)


@pytest.mark.parametrize(
    "text",
    [
        "The thought struck Ben.",
        "The sight of it amused the sailors.",
        "It quietly reproved the husbands.",
        "His silence vexed the sailor.",
        "The memory seized the sailor.",
        "The thought of the enemy vexed the sailor.",
        "That gravely warned the sailor.",
        "The letter annoyed the sailor.",
    ],
)
def test_whom_only_a_thing_or_an_idea_does_something_to_is_not_there(text: str) -> None:
    """What they do themselves is not told."""
    assert drawn(text) == []


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The noise woke the sailor, and he ran to the door.", ["sailor"]),
        ("The bear bit the sailor.", ["bear", "sailor"]),
        ("Its owner struck Ben.", ["owner", "Ben"]),
        ("The barge carried the sailor down the river.", ["sailor"]),
        ("The cart brought the sailor to the gate.", ["sailor"]),
        ("His hands held the sailor.", ["sailor"]),
        ("The chain held the sailor.", ["sailor"]),
        ("The flames drove the sailor back.", ["sailor"]),
        ("The arrow struck the sailor.", ["sailor"]),
        ("It bit the sailor.", ["sailor"]),
        ("The enemy seized the sailor.", ["sailor"]),
        ("The crew warned the sailor.", ["sailor"]),
    ],
)
def test_whom_somebody_does_something_to_is_there(text: str, who: list[str]) -> None:
    """Beasts are somebody; who runs then is there as well, and whom a thing bears, holds or hits is seen."""
    assert drawn(text) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ben leaped forward in spite of the constable.", ["Ben"]),
        ("Ben leaped towards the constable.", ["Ben", "constable"]),
        ("Ben sprang at the thief in spite of his wound.", ["Ben", "thief"]),
        ("Ben leaped upon the thief because of the alarm.", ["Ben", "thief"]),
        ("Ben left Anna with Dane.", ["Ben"]),
        ("Anna stood there, and Ben left the house.", ["Anna", "Ben"]),
    ],
)
def test_whom_one_goes_from_or_against_is_not_with_him(text: str, who: list[str]) -> None:
    """Unless what they do is told as well."""
    assert sorted(drawn(text)) == sorted(who)


def test_who_is_all_that_is_seen_is_there() -> None:
    """ "Saw nothing but" tells of what was seen."""
    assert "Ben" in drawn("She saw nothing but Ben, who ran.")


def test_riders_have_no_crowd_on_foot() -> None:
    """Many who fight are a mass; of those who march or ride a few are drawn, and no others behind them."""
    assert stage_quote("The soldiers fought upon the road.").crowd
    assert not stage_quote("The soldiers marched up the road.").crowd
    assert not stage_quote("The riders rode up the road.").crowd


def test_the_kin_of_a_child_are_children() -> None:
    """A boy's sisters are girls beside him and in a book of children; elsewhere they may be ladies."""
    sisters = Staging(figures=(Figure(name="Wat", age=Age.CHILD), Figure(noun="sister", sex=Sex.WOMAN, count=2)))
    alone = Staging(figures=sisters.figures[1:])

    assert as_families(sisters, childish=False).figures[1].age is Age.CHILD
    assert as_families(alone, childish=True).figures[0].age is Age.CHILD
    assert as_families(alone, childish=False).figures[0].age is Age.UNKNOWN


def test_a_father_is_older_than_his_son() -> None:
    """Two men of one age are no father and son; beside a small son he need not be old."""
    men = (Figure(noun="father", sex=Sex.MAN), Figure(noun="son", sex=Sex.MAN))
    small = (men[0], Figure(noun="son", sex=Sex.MAN, age=Age.CHILD))

    assert as_families(Staging(figures=men), childish=False).figures[0].age is Age.OLD
    assert as_families(Staging(figures=small), childish=False).figures[0].age is Age.UNKNOWN


def test_of_several_children_some_are_girls() -> None:
    """Of three children the second is a girl; three sailors are men, and one child is as told."""
    children, sailors = Figure(noun="child", count=3), Figure(noun="sailor", count=3, sex=Sex.MAN)

    assert [of_both_sexes(children, copy).sex for copy in range(3)] == [Sex.MAN, Sex.WOMAN, Sex.MAN]
    assert of_both_sexes(sailors, 1).sex is Sex.MAN
    assert of_both_sexes(Figure(noun="child"), 0).sex is Sex.UNKNOWN


def test_the_others_of_a_crew_wear_no_gowns() -> None:
    """Behind two sailors there are more of them; behind a man and a woman anybody."""
    crew = Staging(figures=(Figure(noun="sailor", sex=Sex.MAN, count=2),))
    pair = Staging(figures=(Figure(noun="man", sex=Sex.MAN), Figure(noun="woman", sex=Sex.WOMAN)))

    assert is_of_men(choose_players(request("x"), crew))
    assert not is_of_men(choose_players(request("x"), pair))


def test_a_girl_of_fourteen_is_a_child() -> None:
    """So are school girls, and the girl beside two boys; a girl of twenty is none."""
    ages = [
        stage_quote(text).figures[-1].age for text in ("A woman and a girl of fourteen ran out.", "School girls ran.")
    ]
    pair = Staging(figures=(Figure(noun="boy", age=Age.CHILD, count=2), Figure(noun="girl", age=Age.YOUNG)))

    assert ages == [Age.CHILD, Age.CHILD]
    assert as_families(pair, childish=False).figures[1].age is Age.CHILD
    assert all(figure.age is not Age.CHILD for figure in stage_quote("The girl of twenty ran out.").figures)

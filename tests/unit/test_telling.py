"""What a picture shows, told as a person would: who with whom, nobody twice in one word, the grammar of English."""

import pytest

from imaginized.providers.builtin.resting import say_where
from imaginized.providers.builtin.telling import tell
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Sex, Staging, View, Way

TOM, ANNA = Figure(name="Tom", sex=Sex.MAN), Figure(name="Anna", sex=Sex.WOMAN)
MAN, WOMAN = Figure(noun="man", sex=Sex.MAN), Figure(noun="woman", sex=Sex.WOMAN)


def doing(figure: Figure, deed: Deed, *, to: int | None = None, holds: Thing = Thing.NONE, count: int = 1) -> Figure:
    """Somebody who does something."""
    return Figure(name=figure.name, noun=figure.noun, sex=figure.sex, count=count, deed=deed, toward=to, holds=holds)


def told(*figures: Figure, things: tuple[Thing, ...] = ()) -> str:
    """What is said of them."""
    return tell(Staging(figures=figures, things=things, view=View.GROUP))


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ((doing(WOMAN, Deed.WALK, to=1), WOMAN), "A woman walks towards another woman."),
        ((doing(TOM, Deed.RIDE), doing(MAN, Deed.RIDE)), "Tom and a man ride."),
        ((doing(TOM, Deed.FIGHT, to=1), doing(MAN, Deed.FIGHT, to=0)), "Tom and a man fight each other."),
        ((doing(ANNA, Deed.LOOK, to=1), doing(MAN, Deed.WALK)), "Anna looks at a man, who walks."),
        ((doing(ANNA, Deed.LIE), doing(TOM, Deed.KNEEL, to=0)), "Anna lies down and Tom kneels before her."),
        ((doing(TOM, Deed.ENTER), doing(MAN, Deed.WALK, to=0, count=3)), "Tom enters and three men walk towards him."),
        ((doing(TOM, Deed.LIE), doing(MAN, Deed.KNEEL, to=0)), "Tom lies down and a man kneels before Tom."),
    ],
)
def test_two_are_told_of_together(figures: tuple[Figure, ...], said: str) -> None:
    """Who was named comes again as "him" where nobody else can be meant; two who do the same do it in one verb."""
    assert told(*figures) == said


def test_what_is_there_besides_is_told_once() -> None:
    """With what somebody has with him; of two people nobody is said to have it."""
    rider = doing(MAN, Deed.RIDE, holds=Thing.FLOWER)

    assert told(rider, things=(Thing.HAT,)) == "A man rides with a flower and a hat."
    assert told(doing(TOM, Deed.RUN), doing(ANNA, Deed.WALK), things=(Thing.BOX,)) == (
        "Tom runs and Anna walks, a box nearby."
    )


def test_into_a_car_one_gets() -> None:
    """Nobody enters from it; a house is entered."""
    baker = Figure(noun="baker", sex=Sex.MAN, deed=Deed.ENTER, upon=Thing.MOTOR_CAR)

    assert told(baker) == "A baker gets into a motor-car."


def test_nobody_in_a_view() -> None:
    """A place with nobody is told as one."""
    staging = Staging(setting=Setting.RIVER, confidence=0.9, indoors=False, view=View.SCENE)

    assert tell(staging) == "A view by a river, with nobody in it."


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("Egyptian", "An Egyptian"),
        ("heiress", "An heiress"),
        ("European", "A European"),
        ("uncle", "An uncle"),
        ("usher", "An usher"),
        ("user", "A user"),
    ],
)
def test_an_article_goes_by_the_sound(noun: str, said: str) -> None:
    """Whatever the letter."""
    assert told(Figure(noun=noun)) == f"{said}."


@pytest.mark.parametrize(
    ("thing", "way", "said"),
    [
        (Thing.FIRE, Way.UNKNOWN, "A clerk stands by the fire."),
        (Thing.TABLE, Way.UNKNOWN, "A clerk stands by a table."),
        (Thing.TABLE, Way.UP, "A clerk stands on a table."),
        (Thing.HEARTH, Way.UNKNOWN, "A clerk stands on the hearth."),
    ],
)
def test_nobody_stands_on_the_furniture_or_in_the_fire(thing: Thing, way: Way, said: str) -> None:
    """But who is told to have got up there."""
    assert told(Figure(noun="clerk", deed=Deed.STAND, upon=thing, way=way)) == said


@pytest.mark.parametrize(
    ("noun", "said"), [("calf", "calves"), ("thief", "thieves"), ("wife", "wives"), ("chief", "chiefs"),
     ("sea-kings", "sea-kings"), ("ladies", "ladies"), ("school-children", "school-children"), ("king", "kings")],
)  # fmt: skip
def test_several_have_their_plural(noun: str, said: str) -> None:
    """Also those that change a letter; one that is a plural has no other."""
    assert told(Figure(noun=noun, count=3)) == f"Three {said}."


def test_a_name_that_says_it_is_not_told_again() -> None:
    """ "The Old Woman, an old woman" is one too many."""
    cast = (Element(type=ElementType.CHARACTER, name="Old Woman", description="a tall woman"),)
    figures = (Figure(name="Old Woman", sex=Sex.WOMAN, deed=Deed.WALK),)

    assert tell(Staging(figures=figures, view=View.GROUP), cast) == "Old Woman walks."


def test_who_is_called_with_an_article_has_it_here_too() -> None:
    """As the book calls them more often than not."""
    quotes = tuple(
        Quote(text=text, chapter=1, start=0, page=1)
        for text in ("The Scarecrow bowed.", "She saw the Scarecrow.", "Scarecrow!", "Rex barked at the Scarecrow.")
    )
    cast = (Element(type=ElementType.CHARACTER, name="Scarecrow", quotes=quotes),)
    figures = (Figure(name="Scarecrow", deed=Deed.WALK),)

    assert tell(Staging(figures=figures, view=View.GROUP), cast) == "The Scarecrow walks."


def test_a_place_is_said_once() -> None:
    """Where the deed tells it already."""
    assert say_where("Two men sit in a carriage", "in a carriage at night") == "Two men sit in a carriage at night"
    assert say_where("A man stands", "in a carriage") == "A man stands in a carriage"
    assert say_where("A man looks at a boat", "on a road") == "A man looks at a boat on a road"
    assert say_where("Tom stands on a boat", "in a boat on the water") == "Tom stands in a boat on the water"
    assert say_where("Tom sits in a boat", "in a boat on the water") == "Tom sits in a boat on the water"
    assert say_where("Tom stands on a box", "in a boat on the water") == "Tom stands on a box in a boat on the water"
    assert say_where("Tom stands", "") == "Tom stands"

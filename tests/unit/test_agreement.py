"""A deed is staged only where verb, preposition and object agree; who does it is settled by grammar."""

import pytest

from imaginized.providers.builtin.known import is_nickname, recast
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.telling import tell
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Being, Figure, Lack, Reference, Sex, Staging, View
from tests.unit.test_stage_quote import CAST


def deeds(text: str) -> dict[str, Deed]:
    """What each does, by name or noun."""
    return {figure.name or figure.noun or str(figure.sex): figure.deed for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom came to the rescue of the ladies.", Deed.STAND),
        ("Tom went in quest of the doctor.", Deed.STAND),
        ("Tom was going to speak.", Deed.STAND),
        ("Tom fired a question at the captain.", Deed.STAND),
        ("Tom struck through the woods.", Deed.WALK),
        ("Tom leaned his elbow on his knee.", Deed.STAND),
        ("Tom raised his hand to strike the captain.", Deed.RAISE),
        ("Tom stopped to light a cigar.", Deed.SMOKE),
        ("Tom touched the horse with his spur.", Deed.RIDE),
        ("Tom turned in his saddle.", Deed.RIDE),
        ("Tom sprang up from the chair on which he was sitting.", Deed.STAND),
        ("Tom was led to believe the captain.", Deed.STAND),
        ("Tom was brought to with brandy.", Deed.STAND),
    ],
)
def test_the_object_goes_with_the_verb(text: str, deed: Deed) -> None:
    """Ideas are gone to by nobody, what is only meant is not done, what is done on horseback is done riding."""
    assert deeds(text)["Tom"] is deed


def test_who_begins_a_clause_by_its_case_does_it() -> None:
    """In "while she waited he opened" it is he, without a comma."""
    assert deeds("While Anna waited he opened the door.").get("Anna") is not Deed.OPEN


def test_the_object_of_a_participle_does_nothing() -> None:
    """Who is left behind does not go on with those who leave."""
    assert set(deeds("Leaving Tom and Anna, the sailors walked through the forest.")) == {"sailor"}


def test_whose_hand_it_is_stands_there_too() -> None:
    """From whom a pistol is taken is drawn, and the pistol with them."""
    staging = stage_quote("The old man wrenched the pistol from the soldier's hand.")

    assert [(it.noun, it.deed, it.toward) for it in staging.figures] == [
        ("man", Deed.PULL, 1),
        ("soldier", Deed.STAND, None),
    ]
    assert staging.figures[0].holds is Thing.PISTOL
    assert tell(staging) == "An old man pulls a pistol from a soldier."


def test_what_is_not_shown_is_reported() -> None:
    """A deed that was not read, and one who is held with nobody to hold."""
    assert Lack.DEED in stage_quote("Tom came to the rescue.", CAST).lacks
    assert Lack.MOUNT in stage_quote("Tom tightened the reins.", CAST).lacks
    assert Lack.DEED in stage_quote("The fiddler fiddled merrily.").lacks
    assert not stage_quote("Tom sat on a bench.", CAST).lacks


def test_gun_that_is_raised_is_aimed_at_somebody() -> None:
    """Who raises a gun and points it at one is told of as pointing, not as raising it beside them."""
    staging = stage_quote("The soldier raised his musket and pointed at the man.")

    assert [(it.noun, it.deed, it.toward, it.holds) for it in staging.figures] == [
        ("soldier", Deed.POINT, 1, Thing.GUN),
        ("man", Deed.STAND, None, Thing.NONE),
    ]


def test_she_is_never_a_man_of_that_name() -> None:
    """Whom "she" meant in a chapter, and who is a man for the book, is somebody else, without a name."""
    element = Element(name="Mr. Ivan Petrov", type=ElementType.CHARACTER, description="", chapters=(1,))
    figure = Figure(name=element.name, sex=Sex.WOMAN, deed=Deed.SIT, reference=Reference.PRONOUN)

    (drawn,) = recast(Staging(figures=(figure,), view=View.GROUP), [element]).figures

    assert (drawn.name, drawn.sex) == ("", Sex.WOMAN)


def test_a_guess_is_not_told_by_name() -> None:
    """Where another may be meant, the text says what can be seen."""
    figure = Figure(name="Anna", sex=Sex.WOMAN, deed=Deed.SIT, reference=Reference.GUESS)

    assert tell(Staging(figures=(figure,), view=View.GROUP)) == "A woman sits."


def test_a_child_called_by_a_beast_is_a_child() -> None:
    """The cast's quotes tell of a frock and of arms, and of no wool."""
    told = (
        "The Lamb sat in her arms, a baby in a clean frock.",
        "The baby whom they called the Lamb lay in his cradle.",
    )
    quotes = tuple(Quote(text=text, chapter=1, start=at, page=1) for at, text in enumerate(told))
    lamb = Element(name="Lamb", type=ElementType.CREATURE, description="", chapters=(1,), quotes=quotes)
    figure = Figure(name="Lamb", being=Being.CREATURE, species=Species.LAMB, deed=Deed.WALK)

    (drawn,) = recast(Staging(figures=(figure,), view=View.GROUP), [lamb]).figures

    assert is_nickname(lamb)
    assert (drawn.being, drawn.species) == (Being.PERSON, Species.UNKNOWN)

"""What is not sure is not drawn: tellers of unknown sex, the imagined and the framed, a parlour nobody told of."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.abstaining import abstain, without_doubtful
from imaginized.providers.builtin.actors import NARRATOR
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Sex, Staging, Time, View

CAST = (Element(type=ElementType.CHARACTER, name="Tom"), Element(type=ElementType.CHARACTER, name="Anna"))


def test_a_teller_of_unknown_sex_is_nobody() -> None:
    """Who says "I" and may be a man or a woman is left out, and nobody does anything to them."""
    teller, anna = Figure(noun=NARRATOR), Figure(name="Anna", sex=Sex.WOMAN, toward=0)

    assert without_doubtful(Staging(figures=(teller, anna)), CAST).figures == (Figure(name="Anna", sex=Sex.WOMAN),)


def test_a_teller_of_known_sex_stays() -> None:
    """A woman who tells her own tale is drawn as one."""
    staging = Staging(figures=(Figure(noun=NARRATOR, sex=Sex.WOMAN),))

    assert without_doubtful(staging, CAST) is staging


def test_a_doll_with_a_name_is_nobody() -> None:
    """Whom the book calls a doll again and again does not stand there."""
    quotes = tuple(Quote(text=text, chapter=1, start=0, page=1) for text in ("Rosa was a doll.", "The doll Rosa fell."))
    rosa = Element(type=ElementType.CHARACTER, name="Rosa", quotes=quotes)

    assert without_doubtful(Staging(figures=(Figure(name="Rosa", sex=Sex.WOMAN),)), (rosa,)).figures == ()


def test_a_scarecrow_by_name_is_somebody() -> None:
    """What every quote says because it is the name does not tell that he is a thing."""
    quotes = tuple(Quote(text=f"The Scarecrow {word}.", chapter=1, start=0, page=1) for word in ("sat", "smiled"))
    scarecrow = Element(type=ElementType.CHARACTER, name="Scarecrow", quotes=quotes)
    staging = Staging(figures=(Figure(name="Scarecrow", sex=Sex.MAN),))

    assert without_doubtful(staging, (scarecrow,)) is staging


def test_a_place_that_somebody_was_told_to_be_in_is_not_drawn_empty() -> None:
    """Where the whole book knows that who was told of is nobody who can be drawn, the words are set in type."""
    told = Staging(view=View.SCENE, setting=Setting.HILLS, figures=(Figure(noun=NARRATOR),))
    crowded = replace(told, crowd=True)

    assert abstain(told, told, CAST).view is View.TYPOGRAPHIC
    assert abstain(crowded, crowded, CAST).view is View.SCENE
    assert abstain(replace(told, figures=()), replace(told, figures=()), CAST).view is View.SCENE


def test_twins_are_two() -> None:
    """Other people of whom no number is told are three."""
    assert [stage_quote(f"The {word} shouted.", CAST).figures[0].count for word in ("twins", "boys")] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Anna sat down. Over the silent house presided Tom in his frame.",
        "Anna sat down. She saw in her mind a broken soldier running through the streets.",
        "Anna believed the soldiers on this cold night were drinking, and sat down.",
        "Anna sat down, for which she had found the time while Tom was riding his horse.",
    ],
)
def test_who_is_elsewhere_does_not_stand_there(text: str) -> None:
    """Those on a picture, in a mind, believed in or elsewhere before are not drawn."""
    assert [figure.name for figure in stage_quote(text, CAST).figures] == ["Anna"]


def test_we_are_several() -> None:
    """Of "we plunged" it is open who does it, and not that they are several."""
    (we,) = stage_quote("We plunged into the river and climbed up again.").figures
    assert (we.name, we.sex, we.count > 1) == ("", "", True)


@pytest.mark.parametrize(
    ("text", "setting", "placed"),
    [
        ("Anna ran down into her attic room.", Setting.ATTIC, True),
        ("Anna lay on her back under the skylight in the garret room.", Setting.ATTIC, True),
        ("Anna ran across the room.", Setting.ROOM, False),
        ("Anna ran across the room and sat down on the sofa by the fireplace.", Setting.ROOM, True),
        ("Anna climbed the stairs, and in the bedroom she fell upon her knees.", Setting.STAIRCASE, False),
    ],
)
def test_a_room_is_drawn_by_its_kind_or_its_things(text: str, setting: Setting, placed: bool) -> None:
    """A room without a kind is a parlour only with what stands in parlours."""
    staging = stage_quote(text, CAST)

    assert (staging.setting, staging.is_placed) == (setting, placed)


def test_fire_of_a_jewel_is_no_fire() -> None:
    """Metaphors light nothing."""
    assert Thing.FIRE not in stage_quote("Tom kissed the ring. The crimson fire in the opal glowed.", CAST).things


def test_the_night_overhead_is_no_likeness() -> None:
    """Who stands like a rock under the starlight stands there at night; a name with a sun in it is no day."""
    staging = stage_quote("At the foot of the Sun Rock Tom stood like a thing of stone under the starlight.", CAST)

    assert staging.time is Time.NIGHT


def test_who_is_more_dead_than_alive_lives() -> None:
    """Nobody is drawn dead for a way of speaking."""
    assert stage_quote("Tom lay there more dead than alive.", CAST).figures[0].deed is Deed.LIE


def test_who_sits_and_laughs_sits() -> None:
    """A posture shows beside what is only said or looked."""
    assert stage_quote("Tom sat upon a chair. Tom laughed and talked to Anna.", CAST).figures[0].deed is Deed.SIT

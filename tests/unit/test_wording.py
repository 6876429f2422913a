"""Sentences set in type: one that stands alone and strikes, not one that only leads on or leans on another."""

from dataclasses import replace

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.provider import BuiltinProvider
from imaginized.providers.builtin.words import read_chapter
from imaginized.stages.replies import digest
from imaginized.story.elements import Scene
from imaginized.story.staging import View
from tests.unit.test_words import QUIET, chapter_of

STRIKING = (
    "The old lighthouse burned like a great torch above the black water, and the gulls screamed in terror around it."
)
DULL = "He was a man of few words, and of what he did in those years nobody knew anything at all."


def typed(*paragraphs: str) -> list[str]:
    """What a chapter sets in type, where it may have so much."""
    chapter = chapter_of(*paragraphs, number=3)
    request = TextRequest(book_title="A book", language="", chapter=chapter, scenes=1, scenes_before=7)
    scenes = read_chapter(request).scenes
    return [scene.quote.text for scene in scenes if scene.staging and scene.staging.view is View.TYPOGRAPHIC]


@pytest.mark.parametrize(
    "other",
    [
        "The soup was taken away at eight o'clock, and the fish was brought, and after it the coffee and the bill.",
        "“If I do come tomorrow and take tea with you, madam, this bill must be my affair, thank you,” said she.",
        "Ties and hose and collars of all kinds on a rail of brass over the long counter by the window of the shop.",
        "So he took it from them again, and put this beside the other one, as he had done with those before it too.",
        "They travelled for three weeks by train and by carriage, and arrived at the hotel on a Monday afternoon.",
    ],
    ids=["meals", "courtesy", "no verb", "leaning", "travel in sum"],
)
def test_a_sentence_that_strikes_is_set_before_one_that_leads_on(other: str) -> None:
    """Wherever the two stand."""
    for paragraphs in ((f"{DULL} {STRIKING} {other}",), (f"{other} {DULL} {STRIKING}",)):
        assert typed(*paragraphs) == [STRIKING]


@pytest.mark.parametrize(
    "broken",
    [
        "With less pride and less terror I might have loved her—But the black storm and the fire took all of it away.",
        "The storm screamed and the black water burned around the old tower like fire until there was nothing but—",
        "The wild storm threw the burning tower into the black water (and all the old lighthouse with it) that night.",
    ],
)
def test_what_is_broken_off_is_never_set(broken: str) -> None:
    assert broken not in typed(f"{DULL} {broken} {DULL}")


def test_how_many_scenes_come_before_is_no_part_of_what_was_asked() -> None:
    """A chapter that was paid for is not asked about again when one before it grows."""
    request = TextRequest(book_title="A book", language="en", chapter=chapter_of(QUIET), scenes=1)
    provider = BuiltinProvider()

    assert digest(provider, request) == digest(provider, replace(request, scenes_before=7))


def test_a_place_with_nobody_in_it_is_not_drawn_for_people() -> None:
    """Rain, a bush and girls are told of: the garden alone shows nothing of them."""
    told = "In the garden the rain ran over the lilac bush, and the girls hurried under the trees with their baskets. "
    drawn = "Anna Brown seized the red lantern and walked through the garden with her old father."
    made: list[Scene] = []
    for number in range(1, 5):
        chapter = chapter_of(told * 2 + drawn, number=number)
        made += read_chapter(TextRequest(book_title="A book", language="", chapter=chapter, scenes=1)).scenes

    stagings = [scene.staging for scene in made if scene.staging is not None]
    assert stagings
    assert all(each.figures or each.crowd for each in stagings if each.view is View.SCENE)


@pytest.mark.parametrize(
    "other",
    [
        "A green velvet sofa faced the window, and behind it was an oak table and a lamp with a splendid silk shade.",
        "There was a magnificent potted palm on a carved stand, and a desk, and two chairs beside the parlour door.",
        "Anna Brown threw away the pencil she was holding, and put her hand in the pocket of her coat to find another.",
        "When she entered, Anna Brown was standing near the desk, as though she had risen from it to meet her aunt.",
        "Indeed, that is the first rule of the house; and whoever breaks it must go without his dinner for a day.",
        "“I do not follow your honour,” said Anna Brown, pausing, like somebody busy with the letters of her desk.",
        "Love to old aunt Brown in the cottage, who sat by the fire, and was free from any care, and dead tired.",
    ],
    ids=["furniture", "things", "small doing", "rising", "pointing back", "long tag", "hollow words"],
)
def test_the_things_and_small_doings_of_a_room_are_not_set_before_what_strikes(other: str) -> None:
    striking = "The bridge broke like a rotten twig, and the horses vanished in the black flood with a terrible scream."
    for paragraphs in ((f"{DULL} {striking} {other}",), (f"{other} {DULL} {striking}",)):
        assert typed(*paragraphs) == [striking]


def test_a_small_doing_is_not_set_where_nothing_else_is_told() -> None:
    doing = (
        "Anna Brown threw away the pencil she was holding, and put her hand in the pocket of her coat to find another."
    )
    assert typed(f"{DULL} {doing} {DULL}") == []


def test_the_end_and_beginning_of_two_speeches_are_no_sentence() -> None:
    """The marks are as many as in a whole one."""
    halved = "I am a prisoner,” he cried in terror, “and you shall never see the burning tower or the wild storm again."
    assert halved not in typed(f"“The end is here. {halved}” {DULL}")


def test_nearly_the_same_sentence_is_set_once_in_a_chapter() -> None:
    """A refrain, or a letter that is quoted again."""
    again = STRIKING.replace("great torch", "huge torch")
    chapter = chapter_of(*[f"{STRIKING} {DULL} {DULL}", f"{DULL} {again} {DULL}"] * 2, number=3)
    request = TextRequest(book_title="A book", language="", chapter=chapter, scenes=4, scenes_before=40)
    scenes = read_chapter(request).scenes

    assert sum("the gulls screamed in terror" in scene.quote.text for scene in scenes if is_typed(scene)) == 1


def is_typed(scene: Scene) -> bool:
    return scene.staging is not None and scene.staging.view is View.TYPOGRAPHIC

"""The greatest event of a chapter is told by one of its scenes, drawn or set in type."""

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Scene
from imaginized.story.staging import View
from tests.unit.test_words import chapter_of

CALM = (
    "The week went by as such weeks do, and there was little to say about it. Anna Brown walked through the garden "
    "with her father. The letters came in the morning, and they were put aside, as letters are. Nobody thought of it "
    "for long, and whoever had thought of it forgot it again. It was held to be a mild spring for the country. "
)
EVENT = (
    "Suddenly the great dam burst with a terrible roar, and the black flood hurled itself upon the sleeping village."
)
LONG = (
    "The great dam of the valley burst with a terrible roar in the dark night, and the black flood hurled itself upon "
    "the sleeping village like a beast, which had stood where it was for longer than anybody knew, and longer than the "
    "oldest book of the parish could tell anybody who had ever cared to ask the clerk of it."
)
AFTER = "The people screamed in terror and fled, and a horse struck wildly at the rushing water and fell dead. "


def scenes_of(*paragraphs: str) -> tuple[Scene, ...]:
    """Two scenes of a chapter that may have one in type."""
    request = TextRequest(
        book_title="A book", language="", chapter=chapter_of(*paragraphs, number=3), scenes=2, scenes_before=14
    )
    return read_chapter(request).scenes


@pytest.mark.parametrize("where", [0, 1, 2, 3])
def test_the_greatest_event_is_told_wherever_it_stands(where: int) -> None:
    paragraphs = [CALM * 3] * 4
    paragraphs[where] = f"{CALM}{EVENT} {AFTER}{CALM}"
    quotes = " ".join(scene.quote.text for scene in scenes_of(*paragraphs))

    assert any(word in quotes for word in ("flood", "terror", "fled", "rushing water"))


def test_a_clause_of_a_long_sentence_is_set_for_its_event() -> None:
    """What is too long for type is not lost: what of it stands alone is set, and no letter is changed."""
    made = scenes_of(CALM * 3, CALM * 3, LONG, CALM.replace("Anna Brown", "Nobody") * 3, CALM * 3)
    set_in_type = [each.quote.text for each in made if each.staging and each.staging.view is View.TYPOGRAPHIC]

    assert any(
        "burst with a terrible roar" in text and len(text.split()) <= 30 and text in LONG for text in set_in_type
    )


def test_where_nothing_happens_no_small_doing_is_an_event() -> None:
    small = "Anna Brown threw away the pencil she was holding, and put her hand in the pocket of her coat for another."
    made = scenes_of(CALM * 3, f"{CALM}{small} {CALM}", CALM * 3)

    assert not any(small in each.quote.text for each in made if each.staging and each.staging.view is View.TYPOGRAPHIC)

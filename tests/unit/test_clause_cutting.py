"""Long sentences: a scene is the clause that a picture can show, word for word; what cannot be shown is set in type."""

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.cutting import cut_long
from imaginized.providers.builtin.safety import UNDRAWN, most_undrawn
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Scene
from imaginized.story.staging import View
from tests.unit.test_trimming import stage_of
from tests.unit.test_words import QUIET, chapter_of, read

HEAD = "Anna Brown seized the red lantern and walked down to the dark river with her old father"


@pytest.mark.parametrize(
    "tail",
    [
        "; and nobody in all the country could have told what she had in her mind, or why it was so much to her",
        ", which nobody had thought of before, and which in the opinion of many was the cause of all that was said",
        ", and the neighbours thought that there was something in it which would be talked of for many years",
    ],
)
def test_a_long_sentence_is_cut_to_the_clause_that_can_be_seen(tail: str) -> None:
    """The passage ends where a deed of it does, all of which is shown, and is the book's own words."""
    quote = read(QUIET * 2, f"{HEAD}{tail}.", QUIET * 2).scenes[0].quote.text

    assert quote in ("Anna Brown seized the red lantern", HEAD)


@pytest.mark.parametrize(
    "sentence",
    [
        "When Anna Brown had seized the red lantern, and her father had walked down to the river, and all was dark, "
        "the old house by the bridge burned to the ground in an hour.",
        "So fast did Anna Brown seize the red lantern and run down to the dark river, and so well did she climb, that "
        "nobody in the old house by the bridge saw her go that night.",
        "Anna Brown (she had a red lantern; it was her father's, and he was proud of it) walked down to the dark river "
        "and stood on the old bridge by the house all that night.",
    ],
)
def test_no_passage_ends_before_what_it_promises_is_said(sentence: str) -> None:
    """What leans on a clause to come, or stands in brackets, is not cut."""
    quote = read(QUIET * 2, sentence, QUIET * 2).scenes[0].quote.text

    assert "Anna Brown" not in quote or quote == sentence


def test_a_passage_that_begins_within_a_sentence_begins_with_who_does_it() -> None:
    """Not with "and", nor with what depends on the words before it."""
    before = "What the neighbours thought of the matter in all those long years is of no importance whatever to anybody"
    quote = read(QUIET * 2, f"{before}; and {HEAD}.", QUIET * 2).scenes[0].quote.text

    assert quote in (f"{HEAD}.", f"{before}; and {HEAD}.")


@pytest.mark.parametrize(
    ("text", "may_open"),
    [
        ("“The barn is on fire!” Anna cried.", False),
        ("“Is that not so?” Anna went on gravely.", False),
        ("“The barn is on fire!” Anna ran to the door.", True),
        ("The barn was on fire. Anna cried.", True),
        ("“The barn is on fire!” …", True),
    ],
)
def test_who_is_told_to_have_said_something_is_no_passage_without_it(text: str, *, may_open: bool) -> None:
    """Alone "Anna cried" would weep, and "went on" walk."""
    assert (cut_long(stage_of(text)).opens[1] >= 0) is may_open


@pytest.mark.parametrize("passages", [1, 2, 3, 5])
def test_of_no_book_too_many_pictures_are_left_undrawn(passages: int) -> None:
    """Chapter by chapter, by how many come before; what would be an unsure picture is set in type besides."""
    each = [most_undrawn(chapter * passages, passages) for chapter in range(40)]

    assert set(each) <= {int(UNDRAWN * passages), int(UNDRAWN * passages) + 1}
    assert abs(sum(each) - UNDRAWN * passages * 40) < 1
    assert sum(each[:20]) in (sum(each[20:]), sum(each[20:]) - 1)


def test_chapters_of_other_lengths_share_what_is_left_undrawn() -> None:
    """Long and short ones in turn: no book has more of it because of where its long ones are."""
    lengths = [1, 5, 1, 1, 7, 2, 3, 1, 1, 9] * 3
    total = sum(most_undrawn(sum(lengths[:at]), length) for at, length in enumerate(lengths))

    assert UNDRAWN * sum(lengths) - 2 <= total <= UNDRAWN * sum(lengths)


def test_what_is_set_in_type_is_a_short_whole_sentence() -> None:
    """Where nothing sure can be drawn the words are the picture: the cry, not a part of a long thought."""
    told = (
        "He was a man of few words, with a gray hat and a long coat, of whom nobody in the town knew anything at all. "
    )
    cry = "“I shall never, never come back to this house again, Anna!” he cried."
    made: list[Scene] = []
    for number in range(1, 9):
        chapter = chapter_of(told * 3 + cry, "It was so.", number=number)
        made += read_chapter(TextRequest(book_title="A book", language="", chapter=chapter, scenes=1)).scenes
    typed = [scene for scene in made if scene.staging and scene.staging.view is View.TYPOGRAPHIC]

    assert typed
    assert all(scene.quote.text == cry for scene in typed)

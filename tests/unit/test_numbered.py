"""Passages by the numbers of their sentences: as they are shown, as models say them, as they are found again."""

import random

import pytest

from imaginized.providers.openai.numbered import Numbered, without_numbers
from imaginized.providers.openai.replies import read_reply
from imaginized.providers.openai.said import Said, SaidElement, SaidScene, SaidSpan
from imaginized.providers.openai.verbatim import check_quotes
from imaginized.reading.quotes import find_quote
from imaginized.story.elements import ElementType
from tests.support.judging import chapter_of

CHAPTER = chapter_of(
    [
        "At dusk the ferryman came down. “Who calls?” he asked. Nobody answered him.",
        "He lifted his lantern over the water. The river was black and slow",
        "Mr. Hale paid him in silver. The old ferryman had a red beard. Then they pushed off.",
    ]
)
TEXT = CHAPTER.text
SENTENCES = [
    "At dusk the ferryman came down.",
    "“Who calls?” he asked.",
    "Nobody answered him.",
    "He lifted his lantern over the water.",
    "The river was black and slow",
    "Mr. Hale paid him in silver.",
    "The old ferryman had a red beard.",
    "Then they pushed off.",
]


def found(span: SaidSpan) -> str:
    place = Numbered(TEXT).find(span)
    return TEXT[place[0] : place[1]] if place else ""


def test_each_sentence_is_shown_with_its_number() -> None:
    """Within its paragraph; all else stays as it is."""
    marked = Numbered(TEXT).marked(0, len(TEXT))

    assert [f"[{number}] {sentence}" in marked for number, sentence in enumerate(SENTENCES, start=1)] == [True] * 8
    assert without_numbers(marked, TEXT) == TEXT


def test_a_part_of_a_chapter_has_the_numbers_of_the_chapter() -> None:
    """So that what is said of one part is found in the whole."""
    start = TEXT.index("He lifted")

    assert Numbered(TEXT).marked(start, len(TEXT)).startswith("[4] He lifted his lantern")


def test_a_book_that_has_numbers_in_brackets_gets_others() -> None:
    """Notes are told by [12] in many books."""
    text = "The king fled [12]. Nobody knew where to."
    marked = Numbered(text).marked(0, len(text))

    assert "{2} Nobody" in marked
    assert without_numbers("{2} Nobody knew where to.", text) == "Nobody knew where to."
    assert without_numbers("The king fled [12].", text) == "The king fled [12]."


@pytest.mark.parametrize(
    ("span", "passage"),
    [
        (SaidSpan(first=4, last=4), SENTENCES[3]),
        (SaidSpan(first=1, last=2, begins="At dusk the ferryman"), f"{SENTENCES[0]} {SENTENCES[1]}"),
        (SaidSpan(first=3, last=3, begins="He lifted his lantern"), SENTENCES[3]),
        (SaidSpan(first=4, last=3), SENTENCES[3]),
        (SaidSpan(first=8, last=9), SENTENCES[7]),
        (SaidSpan(first=4, last=4, begins="he raised his lantern"), SENTENCES[3]),
        (SaidSpan(first=9, last=9), ""),
        (SaidSpan(first=0, last=2), ""),
        (SaidSpan(first=1, last=40), ""),
        (SaidSpan(first=2, last=2, begins="A dragon flew over"), ""),
    ],
)
def test_a_passage_is_found_by_its_numbers(span: SaidSpan, passage: str) -> None:
    """How it begins goes before the numbers; what fits neither is no passage."""
    assert found(span) == passage


@pytest.mark.parametrize(
    "told",
    [
        '{"first": 4, "last": 5}',
        '{"first": "4", "last": "[5]"}',
        '{"sentences": [4, 5]}',
        '{"sentences": "4-5"}',
        '{"quote": "[4]–[5]"}',
        '{"quote": [4, 5]}',
        '{"from": 4.0, "to": 5}',
        '{"firstSentence": 4, "lastSentence": 5}',
    ],
)
def test_numbers_are_read_in_whatever_shape_they_come(told: str) -> None:
    """Models say a range in many ways."""
    scene = told.removesuffix("}") + ', "description": "A lantern", "mood": "calm"}'
    said = read_reply(f'{{"scenes": [{scene}], "elements": []}}')

    assert [(one.span.first, one.span.last) for one in said.scenes if one.span] == [(4, 5)]
    checked = check_quotes(said, chapter=CHAPTER, find=find_quote)
    assert checked.scenes[0].quote.text == TEXT[TEXT.index("He lifted") : TEXT.index("\n\nMr. Hale")]


def test_numbers_that_are_none_are_no_passage() -> None:
    """Infinity, halves, truth and far too large ones."""
    for number in ("Infinity", "NaN", "1.5", "true", "99999999999999999999", "-1", "null", "{}"):
        scene = f'{{"first": {number}, "last": 2, "description": "x", "quote": "Nobody answered him."}}'
        said = read_reply(f'{{"scenes": [{scene}]}}')
        assert [scene.span for scene in said.scenes] == [None], number


def test_a_sentence_counts_for_an_element_that_is_named_near_it() -> None:
    """Any number is one of some sentence; a name that is nowhere near is not borne out by it."""
    far = chapter_of(
        [*(paragraph.text for paragraph in CHAPTER.paragraphs), *(f"Rain fell on day {n}." for n in range(9))]
    )
    last = len(Numbered(far.text).spans)
    scene = SaidScene(span=SaidSpan(first=1, last=1), description="x")
    elements = (
        SaidElement(type=ElementType.CHARACTER, name="the ferryman", spans=(SaidSpan(first=7, last=7),)),
        SaidElement(type=ElementType.CHARACTER, name="Hale", spans=(SaidSpan(first=last, last=last),)),
        SaidElement(type=ElementType.CREATURE, name="a dragon", spans=(SaidSpan(first=3, last=3),)),
    )
    checked = check_quotes(Said(scenes=(scene,), elements=elements), chapter=far, find=find_quote)

    quotes = {element.name: [quote.text for quote in element.quotes] for element in checked.elements}
    assert quotes == {"the ferryman": ["The old ferryman had a red beard."], "Hale": []}


def test_whatever_numbers_come_a_quote_is_the_books_own() -> None:
    """A thousand spans by chance give whole sentences or nothing."""
    choose = random.Random(20)
    numbered = Numbered(TEXT)
    for _ in range(1000):
        span = SaidSpan(
            first=choose.randint(-3, 12), last=choose.randint(-3, 30), begins=choose.choice(("", "The old"))
        )
        place = numbered.find(span)
        if place is not None:
            assert place[0] in {start for start, _ in numbered.spans}
            assert place[1] in {end for _, end in numbered.spans}
            assert place[0] < place[1]

"""Staging a passage again gives what the first time gave, however much of its chapter was staged before."""

from imaginized.providers.builtin.actors import Known, People
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.phrases import find_phrases
from imaginized.providers.builtin.sentences import Passage, read_passage
from imaginized.providers.builtin.setting import find_clues
from imaginized.providers.builtin.staging import Stage, stage_passage
from imaginized.story.staging import Sex, Staging
from imaginized.story.text import ChapterText, Paragraph

TOLD = (
    "Anna took the lamp from the table and went down the stairs of the old house with it. The miller, a tall man in "
    "a grey coat, stood by the cart; he lifted his whip and shouted.",
    "“Who is there?” she asked. He did not answer. A dog ran out of the dark barn, barked at her, and it snapped at "
    "the wheel. Then the soldiers who had slept in the hay came running, and one of them struck him in the face.",
    "The moon shone. She knelt beside the wounded man and held the lamp over him, while the dog sat in the snow.",
)


def ready(passage: Passage) -> Stage:
    """A chapter that nothing was staged of."""
    unreal = mark_unreal(passage)
    anna = Known(name="Anna", sex=Sex.WOMAN)
    names = {at: anna for at, token in enumerate(passage.tokens) if token.word == "Anna"}
    phrases = [find_phrases(passage, sentence, taken=frozenset(names)) for sentence in passage.sentences]
    clues = find_clues(passage, unreal)
    return Stage(passage=passage, unreal=unreal, clues=clues, phrases=phrases, people=People(names=names))


def test_what_was_read_before_changes_no_staging() -> None:
    """Each run of one to three sentences alone, and all of them of one chapter, forwards and backwards."""
    chapter = ChapterText(number=1, title="", paragraphs=tuple(map(Paragraph, TOLD)))
    passage = read_passage(chapter, lexicon=load_lexicon())
    count = len(passage.sentences)
    spans = [(first, last) for first in range(count) for last in range(first + 1, min(first + 3, count) + 1)]

    alone: dict[tuple[int, int], Staging] = {span: stage_passage(ready(passage), *span) for span in spans}

    for order in (spans, spans[::-1]):
        stage = ready(passage)
        assert {span: stage_passage(stage, *span) for span in order} == alone
    assert any(staging.figures for staging in alone.values())

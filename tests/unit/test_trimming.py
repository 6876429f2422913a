"""What of a sentence stands alone as a caption: whole clauses, word for word; nothing that leans on what is gone."""

import pytest

from imaginized.providers.builtin.actors import Known, People
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.phrases import find_phrases
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.setting import find_clues
from imaginized.providers.builtin.staging import Stage, stage_passage
from imaginized.providers.builtin.trimming import find_clauses, part_off
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Sex
from imaginized.story.text import ChapterText, Paragraph
from tests.unit.test_words import read

PEOPLE = {"Anna": Sex.WOMAN, "Brown": Sex.MAN}


def stage_of(text: str) -> Stage:
    passage = read_passage(ChapterText(number=1, title="", paragraphs=(Paragraph(text),)), lexicon=load_lexicon())
    passage.english = True
    known = {name: Known(name=name, sex=sex) for name, sex in PEOPLE.items()}
    names = {at: known[token.word] for at, token in enumerate(passage.tokens) if token.word in known}
    phrases = [find_phrases(passage, sentence, taken=frozenset(names)) for sentence in passage.sentences]
    unreal = mark_unreal(passage)
    return Stage(
        passage=passage, unreal=unreal, clues=find_clues(passage, unreal), phrases=phrases, people=People(names=names)
    )


def clauses_of(text: str) -> set[str]:
    stage = stage_of(text)
    found = find_clauses(stage, 0, start=0, is_ended=True)
    return {text[clause.start : clause.end] for clause in found}


@pytest.mark.parametrize(
    "marked",
    [
        "[Anna caught the girl], boxed her ears, and tore the letter into fragments.",
        "[“Go on then!” shouted Brown], and flung the money into the road.",
        "The clerk snatched the paper out of her hands, and [she sat heavily on the chair.]",
        "[Brown stood in the doorway], eating an apple and looking at the rain.",
        "When the clerk was going back in the rain, [she opened the gate.]",
        "[Anna took the clerk's hands] and they stood looking at each other.",
        "[Brown put down the lamp] as the clerk came into the room.",
        "[The old clerk, reaching the corner, entered the street], and came upon a van.",
        "[Brown shot two bears with a revolver]—a pipe in the other hand—and made a coat of them.",
    ],
)
def test_a_clause_that_stands_alone_is_found(marked: str) -> None:
    """Up to where the next deed, what goes on beside it, or another clause begins; or from there on."""
    text, caption = _read_marked(marked)

    assert caption in clauses_of(text)


@pytest.mark.parametrize(
    "marked",
    [
        "[Not only Anna came into the hall], but the clerk stood there with a lamp.",
        "[Brown would have gone to the door], and the clerk sat on the chair.",
        "[Anna, who slept in the small hall], rose and lit the lamp.",
        "As, in the act of waking, [she kicked the clerk], Anna lit the lamp.",
        "[Brown sat down while Anna] and the clerk stood by the door.",
        "[Anna sat in a lax], thoughtful pose with a lamp in her hand.",
        "[Anna lay with wide-open], staring eyes in the dark hall.",
        "[Brown sat down quietly and the clerk, laying aside his pen], went out.",
        "[Brown was certain that Anna and the clerk, who were behind him], had seen the lamp.",
        "[Brown gave the clerk], with a low bow, the lamp and the letter.",
        "[So tall was Brown that he struck the lamp], and Anna laughed at him.",
        "[“Stay here,” said Anna, “until the lamp is lit], and the door is shut.”",
        "[Anna did not weep in the dark hall], but she struck the clerk.",
        "[Anna came to the door just at the moment] when Brown lit the lamp.",
        "[The letter, written in pencil by the clerk], lay on the table.",
        "[Brown came in, and when Anna saw him], she wept.",
        "[Brown came down, and from the window], with a lamp, he saw her.",
    ],
)
def test_what_leans_on_the_rest_is_no_caption(marked: str) -> None:
    """No half of "not only", no subject without its verb, no clause that waits, nothing from within a speech."""
    text, no_caption = _read_marked(marked)

    assert no_caption not in clauses_of(text)


def _read_marked(marked: str) -> tuple[str, str]:
    """The sentence, and what of it stands between brackets."""
    return marked.replace("[", "").replace("]", ""), marked[marked.index("[") + 1 : marked.index("]")]


def test_a_clause_is_staged_alone_with_all_that_was_known_before_it() -> None:
    """Its "she" is whom the words before it mean, and what was cut off is not drawn."""
    text = "Anna wept in the dark. The clerk opened the gate, and she sat on the stone, and Brown lit a lamp."
    stage = stage_of(text)
    clause = next(
        each
        for each in find_clauses(stage, 1, start=stage.passage.sentences[1].start, is_ended=True)
        if text[each.start : each.end] == "she sat on the stone"
    )
    parted, number = part_off(stage, 1, clause)
    figures = stage_passage(parted, number, number + 1).figures

    assert [(figure.name, figure.deed) for figure in figures] == [("Anna", Deed.SIT)]


def test_a_sentence_of_several_deeds_becomes_a_caption_of_the_one_that_is_drawn() -> None:
    """The quote is the book's own words, and what is staged is told in it."""
    quiet = "Nobody could have said what they thought of the matter, or why it seemed so very much to them all."
    told = "Anna Brown kissed her father in the dark kitchen, wondered why she was so sorry, and said nothing about it."
    known = "“It is nothing to me,” said Anna Brown. What Anna Brown thought of the matter, and why, she told nobody."
    scene = read(known, *[quiet] * 4, told, *[quiet] * 4).scenes[0]

    assert scene.quote.text == "Anna Brown kissed her father in the dark kitchen"
    assert scene.staging is not None
    assert {figure.deed for figure in scene.staging.figures} <= {Deed.KISS, Deed.STAND}

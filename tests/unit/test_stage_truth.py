"""What a plate must not say against its passage: a beast as a man, a place of a page ago, a day by lamplight."""

import pytest

from imaginized.providers.builtin.actors import People
from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.known import know, recast
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.phrases import find_phrases
from imaginized.providers.builtin.sentences import Passage, read_passage
from imaginized.providers.builtin.setting import find_clues
from imaginized.providers.builtin.sky import find_sky
from imaginized.providers.builtin.staging import Stage, stage_passage, stage_quote
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Species
from imaginized.story.staging import Being, Figure, Staging, Time
from imaginized.story.text import ChapterText, Paragraph


def told(name: str, *quotes: str) -> Element:
    """Somebody of the cast whom a chapter took for a person."""
    said = tuple(Quote(text=text, chapter=1, start=0, page=1) for text in quotes)
    return Element(type=ElementType.CHARACTER, name=name, quotes=said)


def staged(before: str, text: str) -> Staging:
    """The staging of a paragraph of which another stands before."""
    passage = read(before, text)
    unreal = mark_unreal(passage)
    phrases = [find_phrases(passage, sentence, taken=frozenset()) for sentence in passage.sentences]
    clues = find_clues(passage, unreal)
    stage = Stage(passage=passage, unreal=unreal, clues=clues, phrases=phrases, people=People(names={}))
    return stage_passage(stage, len(passage.sentences) - 1, len(passage.sentences))


def read(*paragraphs: str) -> Passage:
    """A chapter of these paragraphs."""
    chapter = ChapterText(number=1, title="", paragraphs=tuple(map(Paragraph, paragraphs)))
    return read_passage(chapter, lexicon=load_lexicon())


@pytest.mark.parametrize(
    ("element", "species"),
    [
        (told("Badger", "The Badger sat down.", "He spoke to the old Badger."), Species.BADGER),
        (told("Weasels", "The frightened weasels ran."), Species.WEASEL),
        (told("Mole", "The Mole dug on.", "It was only the Mole."), Species.MOLE),
    ],
)
def test_who_is_called_a_beast_is_one(element: Element, species: Species) -> None:
    known = know(element)
    assert (known.being, known.species) == (Being.CREATURE, species)


@pytest.mark.parametrize("name", ["Fox", "Swan", "Robin"])
def test_a_surname_that_is_a_word_for_a_beast_stays_a_person(name: str) -> None:
    assert know(told(name, f"{name} took his hat.", f"She wrote to {name}.")).being is Being.PERSON


def test_a_beast_among_beasts_keeps_its_kind_under_a_title() -> None:
    figure = Figure(name="Mr. Badger", being=Being.CREATURE, species=Species.BADGER, deed=Deed.SIT)
    kept = recast(Staging(figures=(figure,)), (told("Mr. Badger", "Mr. Badger sat down."),)).figures[0]
    assert (kept.being, kept.species) == (Being.CREATURE, Species.BADGER)


@pytest.mark.parametrize(
    ("quote", "count"),
    [
        ("On the bench sat the two lady Wagglers, and Anna went up to them.", 2),
        ("On the bench sat the lady, and Anna went up to her.", 1),
    ],
)
def test_two_of_a_kind_are_two(quote: str, count: int) -> None:
    assert [figure.count for figure in stage_quote(quote).figures if figure.noun == "lady"] == [count]


def test_a_door_that_flies_open_is_nobody_who_runs() -> None:
    assert stage_quote("The door facing me across the kitchen flew open to my surprise.").figures == ()


def test_who_races_with_a_paddle_in_a_canoe_rows() -> None:
    figures = stage_quote("The boys were in the canoe with their paddles, racing over the bar.").figures
    assert [figure.deed for figure in figures] == [Deed.ROW]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("He lighted the lamp and came up to me.", Time.DUSK),
        ("He took the parcel and came up to me.", Time.DAY),
    ],
)
def test_a_lamp_that_is_lit_ends_the_remembered_day(text: str, time: Time) -> None:
    assert stage_quote(f"It was a fine morning. {text}").time is Time.DAY  # an hour that the passage says stands
    passage = read("It was a bright afternoon and nobody was about.", text)
    last = passage.sentences[-1]
    assert find_sky(passage, [0] * len(passage.tokens), last.first, last.last).time is time


def test_a_remembered_place_is_drawn_only_where_something_is_done() -> None:
    quiet = "They went into the prison, and the jailer stood by the door of the cell and turned the key."
    idle = "The danger of Anna was indeed a very great one, and there was no help for it on any side."
    busy = "Suddenly the soldier sprang at the jailer and struck him with a heavy stick, and he fell with a cry."
    assert not staged(quiet, idle).is_placed
    assert staged(quiet, busy).is_placed

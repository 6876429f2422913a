"""Who tells a book is drawn as what they are: man, woman or beast; the book and the years decide for others."""

import pytest

from imaginized.providers.builtin.abstaining import without_doubtful
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.narrators import read_narrator, sex_of_narrator, species_of
from imaginized.providers.builtin.plates.cast import named_actor
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import NARRATOR, Element, ElementType, Look, Quote, Signs
from imaginized.story.merging import merge_elements
from imaginized.story.stage_things import Species
from imaginized.story.staging import Age, Being, Figure, Sex, Staging
from imaginized.story.text import ChapterText, Paragraph
from tests.unit.test_stage_quote import CAST


def signs(text: str) -> dict[str, int]:
    """What a chapter tells of who tells it."""
    chapter = ChapterText(number=1, title="", paragraphs=(Paragraph(text),))
    return read_narrator(read_passage(chapter, lexicon=load_lexicon()))


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("I smoothed my new silk gown, and the rain came through the roof on me all the same.", Sex.WOMAN),
        ("The coachman turned to me. “It is late, miss,” and he gave me the bag with a nod.", Sex.WOMAN),
        ("I stroked my beard while the rain came through the roof and the wind was in the trees.", Sex.MAN),
        ("I turned to the coachman. “It is late, sir,” I said, and gave him the bag with a nod.", Sex.UNKNOWN),
        ("The boy came to me with the bag. “Miss Orme is out,” and he was gone again.", Sex.UNKNOWN),
    ],
)
def test_sex_of_who_tells(text: str, sex: Sex) -> None:
    """By what they own and how they are spoken to, not by what they say to others."""
    assert sex_of_narrator(signs(text)) is sex


def test_a_beast_tells() -> None:
    """Its own mane and hoofs speak for a beast, the beast that it speaks of most for its kind."""
    told = signs("The groom brushed my mane and tail and my hoofs, and he was the best friend that a horse had.")

    assert told["beast"] == 3
    assert species_of(told) is Species.HORSE


@pytest.mark.parametrize(
    ("kind", "counts", "being", "sex"),
    [
        (ElementType.CREATURE, {"beast": 3, "horse": 5}, Being.CREATURE, Sex.UNKNOWN),
        (ElementType.CHARACTER, {"she": 40, "he": 2}, Being.PERSON, Sex.WOMAN),
    ],
)
def test_the_book_knows_who_tells_it(kind: ElementType, counts: dict[str, int], being: Being, sex: Sex) -> None:
    """A passage that does not say who "I" is takes it from the whole book."""
    found = [
        Element(
            type=kind,
            name=NARRATOR,
            mentions=60,
            chapters=(chapter,),
            signs=Signs(counts={**counts, "noun": 60, "narrator": 60}),
        )
        for chapter in (1, 2, 3)
    ]
    staging = Staging(figures=(Figure(noun="narrator"),))

    figure = recast(staging, merge_elements([(element,) for element in found])).figures[0]

    assert (figure.being, figure.sex) == (being, sex)
    assert figure.species is (Species.HORSE if being is Being.CREATURE else Species.UNKNOWN)


def test_who_may_be_a_man_or_a_woman_is_left_out_behind_others() -> None:
    """Nobody is invented: where no word of the book says who tells it, the other is drawn alone."""
    staging = Staging(figures=(Figure(name="Tom", sex=Sex.MAN, toward=1), Figure(noun="narrator")))

    figures = without_doubtful(recast(staging, CAST), CAST).figures

    assert [(figure.name, figure.toward) for figure in figures] == [("Tom", None)]


def test_a_man_called_as_a_beast_is_a_man() -> None:
    """The kind that the book found decides, not the word of the name."""
    man = named_actor(Element(type=ElementType.CHARACTER, name="Mr. Wolf"), "Book", hints=("man",))
    beast = named_actor(Element(type=ElementType.CREATURE, name="wolf"), "Book")

    assert (man.kind, beast.kind) == ("person", "wolf")


@pytest.mark.parametrize(
    ("look", "told", "chapter", "age"),
    [
        ("a slight, slim-built boy", 1, 2, Age.CHILD),
        ("a slight, slim-built boy", 1, 20, Age.UNKNOWN),
        ("a determined little person", 3, 4, Age.CHILD),
        ("a wise old boy", 3, 4, Age.UNKNOWN),
        ("a tall, handsome girl", 3, 4, Age.UNKNOWN),
        ("an old crone", 1, 20, Age.OLD),
    ],
)
def test_people_grow(look: str, told: int, chapter: int, age: Age) -> None:
    """A child is one in the chapters around the one that says so."""
    quote = Quote(text=look, chapter=told, start=0, page=1)
    dorn = Element(type=ElementType.CHARACTER, name="Dorn", description=look, looks=(Look(text=look, quote=quote),))
    staging = Staging(figures=(Figure(name="Dorn", sex=Sex.MAN),))

    assert recast(staging, (dorn,), chapter=chapter).figures[0].age is age


def test_soldiers_who_fight_are_a_mass() -> None:
    """Whose number nobody told are many; two are two."""
    assert stage_quote("The soldiers fought in the field and ran through the smoke.", CAST).crowd
    assert not stage_quote("The soldiers entered the house.", CAST).crowd  # they are who enters
    assert not stage_quote("Two soldiers fought in the field and ran through the smoke.", CAST).crowd

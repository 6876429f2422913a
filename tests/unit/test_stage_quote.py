"""What is to be seen in a passage by its words: who does what to whom, where, and which picture is honest."""

from dataclasses import replace

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.staging import stage_quote
from imaginized.providers.builtin.telling import tell
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import NARRATOR, Element, ElementType, Quote
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Reference, Season, Sex, Source, Staging, Time, View, Weather
from imaginized.story.text import ChapterText, Paragraph

ANNA = Element(type=ElementType.CHARACTER, name="Anna")
TOM = Element(type=ElementType.CHARACTER, name="Tom")
REX = Element(type=ElementType.CREATURE, name="Rex", description="a large dog")
CAST = (ANNA, TOM, REX)


def acts(text: str) -> list[tuple[str, Deed, str]]:
    """Who does what to whom, by name or noun."""
    figures = stage_quote(text, CAST).figures
    called = [figure.name or figure.noun or str(figure.sex) for figure in figures]
    return [
        (called[at], figure.deed, called[figure.toward] if figure.toward is not None else "")
        for at, figure in enumerate(figures)
    ]


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Anna raised the lamp above her head.", ("Anna", Deed.RAISE, "")),
        ("Tom was kneeling by the chest.", ("Tom", Deed.KNEEL, "")),
        ("The captain seized Anna by the arm.", ("captain", Deed.SEIZE, "Anna")),
        ("Anna put her arms round his neck.", ("Anna", Deed.EMBRACE, "man")),
        ("Tom was carried by two sailors.", ("sailor", Deed.CARRY, "Tom")),
        ("Two sailors were rowing the boat.", ("sailor", Deed.ROW, "")),
        ("He was struck by Tom, and fell to the ground.", ("Tom", Deed.STRIKE, "man")),
        ("Rex sprang at the stranger and bit him.", ("Rex", Deed.BITE, "stranger")),
        ("Rex threw himself against the traces.", ("Rex", Deed.PULL, "")),
        ("“I am going,” said Anna. Tom laid his hand on her shoulder.", ("Tom", Deed.TOUCH, "Anna")),
        ("Tom shook hands with the captain.", ("Tom", Deed.SHAKE_HANDS, "captain")),
        ("Anna leaned out of the window.", ("Anna", Deed.LOOK_OUT, "")),
        ("Tom fell on his knees.", ("Tom", Deed.KNEEL, "")),
        ("Tom played softly on his flute.", ("Tom", Deed.PLAY_AN_INSTRUMENT, "")),
        ("There sat an old woman.", ("woman", Deed.SIT, "")),
    ],
)
def test_who_does_what_to_whom(text: str, act: tuple[str, Deed, str]) -> None:
    """The grammar of a clause, active, passive or inverted, gives each deed its doer and its aim."""
    assert act in acts(text)


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("Anna ran like a lion over the bridge.", "lion"),
        ("Anna spoke of a sailor, and sat down.", "sailor"),
        ("No soldier was there; Anna sat alone.", "soldier"),
        ("“The doctor comes tomorrow,” said Anna.", "doctor"),
    ],
)
def test_only_those_who_are_there(text: str, nobody: str) -> None:
    """Who is compared, told of, missing or only spoken about does not stand in the picture."""
    assert nobody not in [figure.noun for figure in stage_quote(text, CAST).figures]


def test_nobody_stands_twice() -> None:
    """A name, its pronoun, its predicate and its apposition are one figure."""
    staging = stage_quote("Tom, an old sailor, came in. He was a tall man. The man sat down on the bench.", CAST)

    assert [(figure.name, figure.deed, figure.upon) for figure in staging.figures] == [("Tom", Deed.SIT, Thing.BENCH)]


def test_a_verb_of_things_is_nobodys_deed() -> None:
    """The darkness falls and the door opens; nobody falls or opens."""
    staging = stage_quote("Anna stood still. The darkness fell and the door opened.", CAST)

    assert [figure.deed for figure in staging.figures] == [Deed.STAND]


def test_what_is_held() -> None:
    """The object of holding, and what is in a hand, is in that hand."""
    figures = stage_quote("Anna held a candle. Tom ran beside her with a whip in his hand.", CAST).figures

    assert {figure.name: figure.holds for figure in figures} == {"Anna": Thing.CANDLE, "Tom": Thing.WHIP}


@pytest.mark.parametrize(
    ("text", "weather", "time", "season"),
    [
        ("They sat by the fire till the storm was blown over.", Weather.UNKNOWN, Time.UNKNOWN, Season.UNKNOWN),
        ("The rain beat upon her face as she ran.", Weather.RAIN, Time.UNKNOWN, Season.UNKNOWN),
        ("The blossoms were showing pink and snow.", Weather.UNKNOWN, Time.UNKNOWN, Season.WINTER),
        ("A storm of applause greeted Tom.", Weather.UNKNOWN, Time.UNKNOWN, Season.UNKNOWN),
        ("The moon shone on the road that winter night.", Weather.UNKNOWN, Time.NIGHT, Season.WINTER),
        ("The sun was setting behind Tom.", Weather.UNKNOWN, Time.DUSK, Season.UNKNOWN),
        ("“Good night,” said Anna, and every night she said it.", Weather.UNKNOWN, Time.UNKNOWN, Season.UNKNOWN),
    ],
)
def test_weather_only_from_words_that_say_it_is_so(text: str, weather: Weather, time: Time, season: Season) -> None:
    """A storm that is over, compared or of applause is none."""
    staging = stage_quote(text, CAST)

    assert (staging.weather, staging.time, staging.season) == (weather, time, season)


def staged(*paragraphs: str) -> Staging:
    """The staging of the one scene of a chapter."""
    chapter = ChapterText(number=1, title="", paragraphs=tuple(Paragraph(text) for text in paragraphs))
    reply = read_chapter(TextRequest(book_title="A book", language="en", chapter=chapter, scenes=1))
    staging = reply.scenes[0].staging
    assert staging is not None
    return staging


def test_a_place_is_remembered() -> None:
    """The kitchen that they entered is still around them when somebody is struck there."""
    quiet = "They went into the kitchen, and the cook stood by the stove and stirred a pan, and the kettle sang."
    event = "Suddenly the soldier sprang at the cook and struck him with a heavy stick, and he fell with a cry."

    staging = staged(quiet, event)

    assert (staging.setting, staging.is_placed, staging.source) == (Setting.KITCHEN, True, Source.CHAPTER)
    assert staging.evidence in quiet


def test_a_place_that_was_left_is_not_around() -> None:
    """Who went out into the garden is in no kitchen."""
    staging = staged(
        "They sat in the kitchen by the stove.",
        "Then they left the kitchen and went out into the garden, and among the roses of the garden the soldier "
        "suddenly sprang at the gardener and struck him with a heavy stick, and the man fell with a cry on the lawn.",
    )

    assert staging.setting is Setting.GARDEN


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Anna wept.", View.PORTRAIT),
        ("Anna embraced Tom.", View.GROUP),
        ("It was a great golden crown with a red stone.", View.OBJECT),
        ("It was not so, and it never had been.", View.TYPOGRAPHIC),
        ("Er ging in den Wald und sah den Wolf nicht, aber der Wolf sah ihn.", View.TYPOGRAPHIC),
    ],
)
def test_a_picture_never_lies(text: str, view: View) -> None:
    """Without a sure place there is a portrait, a group, an object or typography, and no invented landscape."""
    staging = stage_quote(text, CAST)

    assert staging.view is view
    assert not staging.is_placed


def test_talk_of_a_short_chapter_makes_a_portrait() -> None:
    """A chapter that is nothing but speech has a scene all the same."""
    staging = staged(
        "“I shall never marry, and you know it,” said Anna Brown to Mrs. Hill.", "“Never!” said Mrs. Hill."
    )

    assert staging.view in (View.PORTRAIT, View.GROUP)


def test_recast_by_the_book() -> None:
    """What the book knows better counts: a place is nobody, a beast is one, two names of one are one figure."""
    staging = Staging(
        figures=(
            Figure(name="Thorn", deed=Deed.STAND),
            Figure(name="Rex", deed=Deed.BITE, toward=3),
            Figure(name="Old Tom", deed=Deed.SIT),
            Figure(name="Tom", deed=Deed.STAND),
        )
    )
    quote = Quote(text="The hound Rex barked.", chapter=1, start=0, page=1)
    cast = (
        Element(type=ElementType.PLACE, name="Thorn"),
        Element(type=ElementType.CREATURE, name="Rex", quotes=(quote,)),
        Element(type=ElementType.CHARACTER, name="Tom", aliases=("Old Tom",)),
    )

    figures = recast(staging, cast).figures

    assert [(figure.name, figure.being, figure.species, figure.toward) for figure in figures] == [
        ("Rex", Being.CREATURE, Species.DOG, 1),
        ("Tom", Being.PERSON, Species.UNKNOWN, None),
    ]


def test_he_is_never_who_tells_the_book() -> None:
    """Beside "me", "he" is another, though only the name of the one who tells was called before."""
    teller = Element(type=ElementType.CHARACTER, name="Tom", aliases=(NARRATOR,), sex="man")
    he = Figure(name="Tom", sex=Sex.MAN, deed=Deed.TOUCH, toward=1, reference=Reference.PRONOUN)
    staging = Staging(figures=(he, Figure(noun="narrator", deed=Deed.STAND)))

    assert [(each.name, each.toward) for each in recast(staging, (teller,)).figures] == [("", 1), ("Tom", None)]
    called = replace(staging, figures=(replace(he, reference=Reference.NAME, toward=None),))
    assert [each.name for each in recast(called, (teller,)).figures] == ["Tom"]


@pytest.mark.parametrize(
    ("said", "sex", "kept"), [("Mrs. Grey", "man", ""), ("Sir Hugh", "woman", ""), ("Mr. Grey", "man", "Dean Grey")]
)
def test_a_title_is_of_one_sex(said: str, sex: str, kept: str) -> None:
    """Whoever is joined with a man in the cast, Mrs. Grey is not drawn as he is."""
    dean = Element(type=ElementType.CHARACTER, name="Dean Grey", aliases=(said,), sex=sex)
    (figure,) = recast(Staging(figures=(Figure(name=said, deed=Deed.TALK),)), (dean,)).figures

    assert figure.name == kept
    assert figure.sex is (Sex.WOMAN if said == "Mrs. Grey" else Sex.MAN)


def test_told_as_a_person_would() -> None:
    """The text of a picture says who does what where, with a name's looks, and nothing that is not shown."""
    staging = Staging(
        setting=Setting.ROAD,
        confidence=0.9,
        indoors=False,
        time=Time.NIGHT,
        view=View.SCENE,
        figures=(
            Figure(name="Rex", being=Being.CREATURE, species=Species.DOG, deed=Deed.PULL, upon=Thing.SLED),
            Figure(name="Tom", sex=Sex.MAN, deed=Deed.RUN, holds=Thing.WHIP),
        ),
    )

    assert tell(staging, CAST) == "Rex, a large dog, pulls a sled and Tom runs with a whip on a road at night."


def test_groups_are_told_in_the_plural() -> None:
    """Three sailors row, they do not rows; children are no childs."""
    figures = (Figure(noun="child", count=3, deed=Deed.CARRY, upon=Thing.BASKET),)

    assert tell(Staging(figures=figures, view=View.GROUP)) == "Three children carry a basket."


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom fell to work on the heap of letters.", Deed.STAND),
        ("Tom fell silent.", Deed.STAND),
        ("Tom fell in love with the town.", Deed.STAND),
        ("Tom dropped the lamp.", Deed.STAND),
        ("Tom fell headlong.", Deed.FALL),
        ("Tom fell down the stairs.", Deed.FALL),
        ("Tom dropped groaning into an armchair.", Deed.SIT),
        ("Tom flung himself into a chair.", Deed.SIT),
        ("Tom sank down and buried his face in his hands.", Deed.SIT),
        ("Tom fell at her feet.", Deed.KNEEL),
        ("Tom flung the door open.", Deed.OPEN),
        ("Tom pulled his coat over his shoulders.", Deed.STAND),
        ("Tom struck Anna as a quiet man.", Deed.STAND),
        ("Tom ran his fingers over the cloth.", Deed.STAND),
        ("Tom threw himself upon the bed.", Deed.LIE),
    ],
)
def test_sense_of_a_verb(text: str, deed: Deed) -> None:
    """A verb of falling, throwing, pulling or striking is that deed only where a body does it."""
    figures = stage_quote(text, CAST).figures

    assert {figure.name: figure.deed for figure in figures}["Tom"] == deed


def test_one_sex_and_age_over_the_book() -> None:
    """What the sentences of the whole book say of somebody wins over what one passage was taken for."""
    quotes = tuple(
        Quote(text=text, chapter=1, start=0, page=1) for text in ("She raised her head.", "Her hand shook.", "She ran.")
    )
    cast = (
        Element(type=ElementType.CHARACTER, name="Zarah", quotes=quotes),
        Element(type=ElementType.CHARACTER, name="Dorn", description="a slight, slim-built boy"),
    )
    staging = Staging(figures=(Figure(name="Zarah", sex=Sex.MAN), Figure(name="Dorn")))

    figures = recast(staging, cast).figures

    assert [(figure.sex, figure.age) for figure in figures] == [(Sex.WOMAN, Age.UNKNOWN), (Sex.MAN, Age.CHILD)]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("Tom remembered Anna, and ran.", ["Tom"]),
        ("Tom ran. It was the sweetness of a girl.", ["Tom"]),
        ("The man sat down beside Anna. Tom spoke of a sailor.", ["man", "Anna", "Tom"]),
        ("Tom looked out. The Anna house was burning.", ["Tom"]),
        ("Tom heard a whizz.", ["Tom"]),
    ],
)
def test_only_who_has_part_is_there(text: str, there: list[str]) -> None:
    """Who is thought of, spoken of, a generality or a place is nobody in the picture."""
    figures = stage_quote(text, CAST).figures

    assert sorted(figure.name or figure.noun for figure in figures) == sorted(there)

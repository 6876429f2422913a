"""What the words of a passage really show: senses of verbs and things, whom a pronoun means, what one phrase proves."""

import pytest

from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed, Setting
from imaginized.story.stage_things import Species, Thing
from imaginized.story.staging import Age, Being, Figure, Sex, Staging, View
from tests.unit.test_stage_quote import CAST
from tests.unit.test_words import QUIET, read


def deeds(text: str) -> dict[str, Deed]:
    """What each does, by name or noun."""
    return {figure.name or figure.noun or str(figure.sex): figure.deed for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom peered through the branches, falling upon his knees.", Deed.KNEEL),
        ("Tom went out, running down the lane.", Deed.RUN),
        ("Tom sprang to his feet.", Deed.STAND),
        ("Tom sprang over the wall.", Deed.JUMP),
        ("Tom plunged into a reverie.", Deed.STAND),
        ("Tom plunged into the river.", Deed.JUMP),
        ("Tom mounted the stairs.", Deed.WALK),
        ("Tom climbed the tree.", Deed.CLIMB),
        ("Tom gave a cry.", Deed.STAND),
        ("Tom raised an objection.", Deed.STAND),
        ("Tom read hatred in the eyes.", Deed.STAND),
        ("Tom read the letter.", Deed.READ),
        ("Tom reached the corner.", Deed.WALK),
        ("Tom was dropping off to sleep.", Deed.SLEEP),
        ("Tom flung back the lid.", Deed.OPEN),
        ("Tom was hurled headlong down the stairs.", Deed.FALL),
        ("Tom cried. He sprang up.", Deed.STAND),  # a call or tears, nobody knows
        ("“Fire!” Tom cried. He sprang up.", Deed.SHOUT),
        ("Tom cried bitterly.", Deed.WEEP),
        ("Tom struggled up.", Deed.STAND),
        ("Tom was knocked down by the crowd, and lay still in the gutter.", Deed.FALL),
        ("Tom caught sight of her.", Deed.STAND),
    ],
)
def test_a_deed_is_seen_only_where_it_is_done(text: str, deed: Deed) -> None:
    """A participle is a deed; springing to the feet, plunging into thought and giving a cry are none."""
    assert deeds(text)["Tom"] is deed


def test_what_befell_a_thing_is_nobodys_deed() -> None:
    """Who hears a table dragged out drags nothing."""
    assert deeds("Tom heard the table dragged out by Anna.").get("Tom") is not Deed.PULL


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("The branch struck Tom in the chest.", Thing.CHEST),
        ("Tom had a bullet in his skull.", Thing.SKULL),
        ("Tom came to the crown of the hill.", Thing.CROWN),
        ("Tom stepped on to the flags of the porch.", Thing.FLAG),
        ("Tom walked across to the Travellers’ Club.", Thing.CLUB),
    ],
)
def test_a_word_of_a_body_or_a_place_is_no_thing(text: str, thing: Thing) -> None:
    """A chest that is struck, the crown of a hill and a club of gentlemen are no objects."""
    assert thing not in stage_quote(text, CAST).things


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("The schooner lay at her anchor. She shook herself and bowed.", []),
        ("Tom sat down by the door and said that he was in love, old horse.", ["Tom"]),
        ("Tom spoke of the Browns.", ["Tom"]),
        ("Tom laughed. Men like him are few.", ["Tom"]),
        ("It was time to go to bed. Tom sat down.", ["Tom"]),
    ],
)
def test_who_is_not_there(text: str, there: list[str]) -> None:
    """A ship is no woman; who is called by a noun, a family and men at large stand in no picture."""
    assert sorted(deeds(text)) == there


def test_who_sings_is_not_who_was_named_before() -> None:
    """Where somebody without a name sings, "she" is not the lady of the sentence before."""
    figures = stage_quote("Anna sat down. The prima donna sang, and she pressed a rose to her lips.", CAST).figures

    assert not any(figure.name == "Anna" and figure.holds for figure in figures)


def test_who_only_stands_by_is_left_out() -> None:
    """Of many who are named those are drawn who do something, not a row of idle people."""
    figures = stage_quote("Anna struck Tom. The captain, the doctor and the miller were men of honour.", CAST).figures

    assert [figure.name for figure in figures] == ["Anna", "Tom"]


@pytest.mark.parametrize(
    ("text", "setting", "placed"),
    [
        ("Anna was sitting in the kitchen, and laughed.", Setting.KITCHEN, True),
        ("Tom came into the hall.", Setting.ROOM, False),
        ("The king was old. Tom came into the hall of the castle.", Setting.HALL, True),
        ("Tom walked round the tent.", Setting.TENT, False),
        ("Tom saw her in the dark path of her wonderful eyes.", Setting.UNKNOWN, False),
    ],
)
def test_one_sure_phrase_is_enough(text: str, setting: Setting, placed: bool) -> None:
    """One phrase says the place, not round a tent; a room without its kind or furniture is no parlour to be drawn."""
    staging = stage_quote(text, CAST)

    assert staging.is_placed is placed
    assert not placed or staging.setting is setting


def test_one_thing_that_is_told_of_is_the_picture() -> None:
    """Where nothing is done and one thing is described, it is drawn, and nobody beside it."""
    staging = stage_quote("The old silver lantern was small, and the lantern was dim.", ())

    assert (staging.view, staging.things[0]) == (View.OBJECT, Thing.LANTERN)


def test_a_girl_may_be_grown() -> None:
    """A little girl is a child; a girl in a tale without children is young."""
    grown = read("The tall girl seized the lantern and ran over the bridge with it.").scenes[0].staging
    small = read("The little girl seized the lantern and ran over the bridge with it.").scenes[0].staging

    assert grown is not None
    assert small is not None
    assert (grown.figures[0].age, small.figures[0].age) == (Age.YOUNG, Age.CHILD)


def test_wings_and_fins() -> None:
    """A bird that speeds away flies, a fish swims."""
    figures = stage_quote("The robin flew away. A fish darted past.", ()).figures

    assert {figure.species: figure.deed for figure in figures} == {Species.ROBIN: Deed.FLY, Species.FISH: Deed.SWIM}


def test_a_name_that_is_nobody_for_the_book_is_not_drawn() -> None:
    """A name that no sentence calls "he" or "she", and that does nothing, is no person in a picture."""
    cast = (Element(type=ElementType.CHARACTER, name="Zorn"),)
    idle = Staging(figures=(Figure(name="Zorn"),))
    busy = Staging(figures=(Figure(name="Zorn", sex=Sex.MAN, deed=Deed.RUN),))

    assert not recast(idle, cast).figures
    assert recast(busy, cast).figures


def test_of_two_moments_the_one_that_a_picture_can_show() -> None:
    """A blow between two wins over as loud a passage with more people than can be drawn."""
    clear = "Suddenly Anna seized the old captain by the arm and struck him with a heavy stick, and he fell with a cry."
    crowded = (
        "Suddenly the miller and the doctor and the sailor seized the groom and the butler, and they struck the cook."
    )

    assert "Anna" in read(clear, QUIET * 4, crowded).scenes[0].quote.text
    assert "Anna" in read(crowded, QUIET * 4, clear).scenes[0].quote.text


def test_his_paws_are_a_beasts() -> None:
    """Beside "his fangs" the beast is meant that is told of, not the man of whom only the house was named."""
    beast = stage_quote("Tom's trap snapped. His fangs showed, and with torn paws he leaped over the wall.", CAST)
    man = stage_quote("Tom caught the dog. Then he leaped over the wall and stroked its mane.", CAST)

    assert [figure.being for figure in beast.figures] == [Being.CREATURE]
    assert man.figures[0].name == "Tom"


def test_the_chapter_may_know_better_than_a_list_of_names() -> None:
    """A boy called as girls are is a boy where "he" is said again and again; once is not enough."""
    said = "Kim ran down the lane. He sprang over the wall. "
    often, once = (stage_first(said * count + "Then Kim seized the lantern.") for count in (9, 1))

    assert (often, once) == (Sex.MAN, Sex.WOMAN)


def stage_first(text: str) -> Sex:
    """The sex of the first figure of the one scene of a chapter."""
    staging = read(text).scenes[0].staging
    assert staging is not None
    return staging.figures[0].sex


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom pulled up a chair.", Deed.SIT),
        ("Tom pulled the rope.", Deed.PULL),
        ("Tom drove out to sea.", Deed.STAND),
        ("Tom drove home.", Deed.DRIVE),
        ("Tom devoured the scene.", Deed.STAND),
    ],
)
def test_more_senses_of_verbs(text: str, deed: Deed) -> None:
    """A chair is pulled up to sit on, no carriage is driven out to sea, a scene is not eaten."""
    assert deeds(text)["Tom"] is deed


def test_writings_are_nobody() -> None:
    """The words of a title that are a book's are no person's name."""
    kinds = {element.name: element.type for element in read("They had read Ghost Stories and Ghost Stories.").elements}

    assert ElementType.CHARACTER not in {kind for name, kind in kinds.items() if name.startswith("Ghost")}

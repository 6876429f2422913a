"""Who is there and what they do: those who have gone, those told of as a whole, what is only meant or imagined."""

import pytest

from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed
from imaginized.story.stage_things import Thing
from imaginized.story.staging import Figure, Sex
from tests.unit.test_stage_contradicted import CAST, deeds
from tests.unit.test_stage_truth import staged


def figures(text: str) -> dict[str, Figure]:
    """Those who are there, by name, else by noun."""
    return {figure.name or figure.noun: figure for figure in stage_quote(text, CAST).figures}


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Hardly had Anna gone before Oliver came.", "Anna"),
        ("No sooner had Tom left than Anna began to weep.", "Tom"),
        ("When Tom had gone, Anna wept.", "Tom"),
        ("When Oliver left her, Anna sat down by the fire.", "Oliver"),
        ("Tom, who had died in the spring, was loved. Anna wept.", "Tom"),
    ],
)
def test_who_has_gone_is_not_there(text: str, gone: str) -> None:
    """Who left before what is shown is in no picture of it; who is left behind is."""
    there = figures(text)

    assert there
    assert gone not in there


def test_more_than_are_drawn_lack() -> None:
    """Ten are not drawn; three are, and some of whom no number is told."""
    assert stage_quote("Ten girls knelt by the altar.", CAST).lacks
    assert not stage_quote("Three girls knelt by the altar.", CAST).lacks
    assert not stage_quote("The girls knelt by the altar.", CAST).lacks


def test_who_had_gone_somewhere_may_be_there() -> None:
    """To the window somebody has gone who looks out of it; pale one goes without leaving."""
    assert deeds("Anna had gone to the window. She knelt.") == {"Anna": Deed.KNEEL}
    assert "Tom" in deeds("Tom had gone pale, and Anna wept.")


@pytest.mark.parametrize(
    ("text", "noun", "count", "deed"),
    [
        ("Everybody rose and ran to the window.", "people", 3, Deed.RUN),
        ("Every one of them knelt.", "people", 3, Deed.KNEEL),
        ("All three ran to the gate.", "people", 3, Deed.RUN),
        ("The four swept down the stairs to the hall.", "people", 4, Deed.WALK),
        ("The pair of them walked down the street.", "people", 2, Deed.WALK),
        ("Those in the hall fell on their knees.", "people", 3, Deed.KNEEL),
        ("The others followed Tom.", "people", 3, Deed.WALK),
        ("When Tom came in he found everybody sitting down.", "people", 3, Deed.SIT),
        ("Three of the soldiers ran to the gate.", "soldier", 3, Deed.RUN),
        ("One of the Merrow girls knelt.", "girl", 1, Deed.KNEEL),
        ("Two of the Merrow girls knelt.", "girl", 2, Deed.KNEEL),
        ("One of the old girls knelt.", "girl", 1, Deed.KNEEL),
        ("The ten girls knelt.", "girl", 6, Deed.KNEEL),
        ("Tom met Anna, and shopgirls and boys ran down the street.", "shopgirl", 3, Deed.RUN),
        ("Two hundred girls knelt.", "girl", 6, Deed.KNEEL),
        ("He counted ten. The girls knelt.", "girl", 3, Deed.KNEEL),
        ("We ran down the hill and climbed the wall.", "people", 2, Deed.CLIMB),
        ("We all ran down the hill.", "people", 3, Deed.RUN),
        ("The driver stopped. We all ran down the hill.", "people", 3, Deed.RUN),
        ("We three ran down the hill.", "people", 3, Deed.RUN),
        ("We both ran down the hill.", "people", 2, Deed.RUN),
    ],
)
def test_several_are_drawn_as_several(text: str, noun: str, count: int, deed: Deed) -> None:
    """Words for a whole are some people, as many as are told, not the one who was named before."""
    figure = figures(text)[noun]

    assert (figure.count, figure.deed) == (count, deed)


def test_what_we_do_no_beast_does() -> None:
    """The subject of the clause before does not push the canoe."""
    text = "I lay hid. The swans came nearer as they fed, and at last we pushed the canoe into the reeds."

    assert figures(text)["people"].deed is Deed.PUSH


@pytest.mark.parametrize(
    ("text", "who", "deed"),
    [
        ("As Tom came up, one of the boys snatched the bell from the table and ran off.", "boy", Deed.RUN),
        ("Another of the men struck Tom.", "man", Deed.STRIKE),
        ("The soldiers stood still. One of them struck Tom.", "soldier", Deed.STRIKE),
    ],
)
def test_one_of_several_does_it(text: str, who: str, deed: Deed) -> None:
    """Not who was named before, and one alone."""
    figure = figures(text)[who]

    assert (figure.count, figure.deed) == (1, deed)
    assert figures(text)["Tom"].deed is not deed


def test_we_are_two_and_we_all_are_more() -> None:
    """A bare "we" is who tells it and the only other one; of "we all" nobody is told apart."""
    assert set(figures("Tom laughed. We ran to the gate.")) == {"Tom", "narrator"}
    assert figures("Tom laughed. We all ran to the gate.")["people"].count == 3


def test_two_kinds_joined_are_both_there() -> None:
    """Of "the boys and girls" none are left out, whether they do something or not."""
    for text in ("The boys and girls were in the garden.", "So were his brothers and sisters."):
        assert {figure.sex for figure in stage_quote(text, CAST).figures} == {Sex.MAN, Sex.WOMAN}
    assert set(figures("The boys were in the garden.")) == {"boy"}


def test_he_is_who_was_just_named() -> None:
    """ "As he bowed" after a name tells of that name, whoever was named before; so does no clause further on."""
    peel = Element(type=ElementType.CHARACTER, name="Peel")
    cast = (*CAST, Element(type=ElementType.CHARACTER, name="Mr. Grey"), peel)
    before = "Mr. Grey sat down. Mr. Grey wept. "

    def does(text: str) -> Deed:
        return next(each.deed for each in stage_quote(before + text, cast).figures if each.name == "Peel")

    assert does("Peel, as he bowed, had a bad feeling.") is Deed.BOW
    assert does("Peel spoke of it, and he bowed.") is Deed.TALK


def test_a_beast_that_somebody_is_like_is_not_there() -> None:
    """Who shakes himself after the manner of a dog has none with him."""
    assert set(deeds("Tom bowed after the manner of a bear.")) == {"Tom"}
    assert set(deeds("Tom bowed to a bear.")) == {"Tom", "bear"}


def test_whose_master_it_is_is_no_name() -> None:
    """ "Their master" is no title of somebody: "the captain" may be."""
    cast = (*CAST, Element(type=ElementType.CHARACTER, name="Master Wood"))

    def nouns(whose: str) -> set[str]:
        text = f"Master Wood sat. The boys ran to {whose} master."
        return {each.noun for each in stage_quote(text, cast).figures}

    assert "master" in nouns("their")
    assert "master" not in nouns("the")


@pytest.mark.parametrize("word", ["strange", "unknown", "new", "second"])
def test_a_strange_gentleman_is_nobody_named_before(word: str) -> None:
    """ "The gentleman" may be he who was named; one who is called strange is another."""
    text = "Tom and Oliver stood by the fire. The {}gentleman bowed to Anna."

    assert deeds(text.format("")).get("gentleman") is None
    assert deeds(text.format(f"{word} "))["gentleman"] is Deed.BOW


def test_who_is_only_somebodys_is_not_whom_he_means() -> None:
    """One comes back to his mate, and bows: not the mate."""
    passage = staged("One night he came back to his mate in the wood.", "He bowed.")
    led = staged("His mate came back to the wood.", "He bowed.")

    assert [each.noun for each in passage.figures] == [""]
    assert [each.noun for each in led.figures] == ["mate"]


def test_both_are_the_two() -> None:
    """Two who are there are no third and fourth."""
    assert deeds("Tom and Anna stood in the room; both laughed.") == {"Tom": Deed.LAUGH, "Anna": Deed.LAUGH}


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom saw himself going along the road with Anna.", Deed.STAND),
        ("Tom pictured himself running after Anna.", Deed.STAND),
        ("Tom saw himself in the glass, and wept.", Deed.WEEP),
        ("Tom supported himself and his sister by odd jobs.", Deed.STAND),
        ("Tom supported Anna with his arm.", Deed.HELP),
        ("Tom helped Anna in her household duties.", Deed.STAND),
        ("Tom helped Anna into the boat.", Deed.HELP),
        ("Tom carried his sister aside to the end of the room.", Deed.LEAD),
        ("Tom carried the child off to bed.", Deed.CARRY),
        ("Tom waved the cigar away.", Deed.STAND),
        ("Tom, puffing out his cheeks, let the air escape.", Deed.STAND),
        ("Tom puffed at his pipe.", Deed.SMOKE),
        ("Tom told them the soldiers were eating in the hall.", Deed.TALK),
        ("Tom burst into a flood of tears.", Deed.WEEP),
        ("Tom burst out laughing.", Deed.LAUGH),
        ("Tom smiled at Anna.", Deed.SMILE),
        ("Tom swept out of the room.", Deed.WALK),
        ("Tom went along behind us, eating as he went.", Deed.WALK),
        ("Tom, eating an apple, threw out his hands and ran down the lane.", Deed.RUN),
    ],
)
def test_what_is_really_done(text: str, deed: Deed) -> None:
    """What is imagined, meant otherwise or only told is no deed; of two deeds a participle is the lesser one."""
    assert deeds(text)["Tom"] is deed


def test_who_lights_a_candle_holds_nobody() -> None:
    """The candle is in the hand, whoever is looked at over it."""
    figure = figures("Tom lit a candle, and looked at Anna.")["Tom"]

    assert (figure.deed, figure.holds) == (Deed.HOLD, Thing.CANDLE)
    assert figure.toward is None


def test_a_fair_lady_is_not_the_old_one() -> None:
    """Looks that nobody old has tell her from the old lady of the sentence before."""
    text = "The old lady spoke. The beautiful fair lady lay on the sofa."
    ages = {(figure.deed, str(figure.age)) for figure in stage_quote(text, CAST).figures}

    assert (Deed.LIE, "") in ages


def test_a_tramp_of_feet_is_nobody() -> None:
    """Nor is a man of that sort."""
    cast = (*CAST, Element(type=ElementType.CHARACTER, name="Mary"))

    assert not stage_quote("There came a tramp of feet in the lane.", cast).figures
    assert deeds("With a man of that sort Tom laughed angrily.") == {"Tom": Deed.LAUGH}


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("At last Mother came in and kissed Tom.", {"mother": Deed.KISS, "Tom": Deed.STAND}),
        ("Tom took one glance at his sister Anna.", {"Tom": Deed.STAND, "Anna": Deed.STAND}),
        ("One of the children, a little boy, held the dog.", {"boy": Deed.HOLD, "dog": Deed.STAND}),
        ("Oliver sat. He looked over at Tom, stretched out by the fire.", {"Tom": Deed.LIE, "Oliver": Deed.SIT}),
        ("Tom turned the key, and out of the door came a soldier.", {"Tom": Deed.HOLD, "soldier": Deed.WALK}),
        ("Anna found Tom, pale and weary, kneeling by the bed.", {"Tom": Deed.KNEEL}),
        ("I saw him collared by two soldiers.", {"soldier": Deed.SEIZE, "man": Deed.STAND}),
        ("Tom rose, and the two men walked down the street.", {"man": Deed.WALK}),
        ("Tom was admired by Anna, and laughed.", {"Tom": Deed.LAUGH}),
        ("Tom, with the eyes of a friendly dog, knelt.", {"Tom": Deed.KNEEL}),
        ("Taking the path as our guide, Anna climbed the cliff.", {"Anna": Deed.CLIMB}),
        ("Before he followed her, Tom wept.", {"Tom": Deed.WEEP}),
        ("Tom and his host climbed the hill.", {"Tom": Deed.CLIMB, "host": Deed.CLIMB}),
        ("Her own terror rushed upon Tom.", {"Tom": Deed.STAND}),
        ("Tom! A soldier ran down the street.", {"soldier": Deed.RUN}),
    ],
)
def test_whom_a_clause_is_about(text: str, there: dict[str, Deed]) -> None:
    """Names and nouns side by side are one, what is found or seen is about the other, and a likeness is nobody."""
    assert deeds(text) == there


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom caught Anna up in the street.", Deed.WALK),
        ("Tom hurried Anna along the lane.", Deed.LEAD),
        ("Tom took Anna back to the tent.", Deed.LEAD),
        ("Tom rode up. He sat on the pony.", Deed.RIDE),
        ("Tom came up on his pony.", Deed.RIDE),
        ("Tom lay dead in the garden.", Deed.LIE_DEAD),
        ("Tom stretched himself out on the grass.", Deed.LIE),
        ("Tom went to his bed.", Deed.WALK),
        ("Tom went to bed.", Deed.LIE),
        ("Tom dropped his hands on his knees.", Deed.STAND),
        ("Tom nearly fainted.", Deed.STAND),
        ("Tom went back to the point.", Deed.STAND),
        ("Tom was thrown out of work.", Deed.STAND),
        ("Tom was torn by grief.", Deed.STAND),
        ("Tom played Oliver again.", Deed.STAND),
        ("Tom was sitting somewhat drunk on the bed.", Deed.SIT),
        ("Tom in riding clothes knelt on the porch.", Deed.KNEEL),
        ("Tom regarded Anna as a fool.", Deed.STAND),
    ],
)
def test_what_a_verb_means_with_its_words(text: str, deed: Deed) -> None:
    """Whom one hurries along one leads, and no point is walked to."""
    assert deeds(text)["Tom"] is deed


@pytest.mark.parametrize(
    ("text", "name", "deed"),
    [
        ("Anna had wounded the bear, and it lay dead on the ground.", "Anna", Deed.STAND),
        ("Tom mentally cursed, and ran to the door.", "Tom", Deed.RUN),
        ("Tom ran to the door and then dined and supped.", "Tom", Deed.RUN),
        ("Tom sometimes smiled, but sometimes wept, and now he struck Anna.", "", Deed.STRIKE),
        ("Tom went on slowly.", "Tom", Deed.WALK),
        ("Tom looked quite through the window.", "Tom", Deed.LOOK),
    ],
)
def test_what_is_over_or_in_the_mind_takes_nothing_else_along(text: str, name: str, deed: Deed) -> None:
    """Only its own deed is not drawn, and a beast's goes to nobody else."""
    figures = {figure.name: figure.deed or Deed.STAND for figure in stage_quote(text, CAST).figures}

    assert figures.get(name, Deed.STAND) is deed

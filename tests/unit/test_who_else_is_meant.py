"""Who is told of besides, and who is another: kin by one "her", him who comes, whom a speech calls, streets."""

from dataclasses import replace

import pytest

from imaginized.providers.builtin.abstaining import abstain
from imaginized.providers.builtin.actors import NARRATOR, Known
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.nobodies import is_of_many
from imaginized.providers.builtin.phrases import find_phrases, show_phrase
from imaginized.providers.builtin.staging import stage_quote
from imaginized.story.element_types import judge_kind
from imaginized.story.elements import Element, ElementType
from imaginized.story.stage_lists import Deed
from imaginized.story.staging import Age, Figure, Lack, Reference, Sex, Staging, View
from tests.unit.test_safe_pictures import counted
from tests.unit.test_stage_contradicted import CAST
from tests.unit.test_stage_truth import read

ANNA = {"Anna": Known(name="Anna", sex=Sex.WOMAN)}


def doing(text: str) -> dict[str, Deed]:
    """What each of those drawn does, by name, else by noun, else by sex."""
    return {each.name or each.noun or each.sex.value: each.deed for each in stage_quote(text, CAST).figures}


def done_to(text: str) -> dict[str, str]:
    """To whom each of those drawn does it, by name, else by noun, else by sex."""
    figures = stage_quote(text, CAST).figures
    called = [each.name or each.noun or each.sex.value for each in figures]
    return {who: called[each.toward] for who, each in zip(called, figures, strict=True) if each.toward is not None}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Anna walked out with her uncle and aunt.", {"Anna": Deed.WALK, "uncle": Deed.WALK, "aunt": Deed.WALK}),
        ("His brother and sister ran to the barn.", {"brother": Deed.RUN, "sister": Deed.RUN}),
        ("A man and woman sat upon the bench.", {"man": Deed.SIT, "woman": Deed.SIT}),
        ("His captain and guide ran to the barn.", {"captain": Deed.RUN}),
    ],
)
def test_one_word_goes_with_both_of_a_pair(text: str, drawn: dict[str, Deed]) -> None:
    """ "Her uncle and aunt" are two; "his friend and guide" may be one."""
    assert doing(text) == drawn


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Anna and Tom's mother sat upon the bench.", {"Anna": Deed.SIT, "mother": Deed.SIT}),
        ("Tom's wife and son ran to the barn.", {"wife": Deed.RUN, "son": Deed.RUN}),
        ("Tom sat down with Anna's brother.", {"Tom": Deed.SIT, "brother": Deed.SIT}),
        ("Tom ran to Anna's brother's barn.", {"Tom": Deed.RUN}),
        ("Tom spoke of Anna's brother and sat down.", {"Tom": Deed.SIT}),
        ("The ways of his father and mother were strange.", {}),
    ],
)
def test_kin_of_who_has_a_name_are_there(text: str, drawn: dict[str, Deed]) -> None:
    """ "Tom's mother" is somebody; whose barn it is or of whom one speaks is not there."""
    assert doing(text) == drawn


def test_a_preposition_goes_over_whose_kin_it_is() -> None:
    """ "To Anna's brother" is to him."""
    assert done_to("Tom walked to Anna's brother.") == {"Tom": "brother"}


def test_parents_are_of_one_age() -> None:
    """The father of "his father and mother" is no child of hers."""
    ages = {figure.noun: figure.age for figure in stage_quote("His father and mother sat upon the bench.").figures}
    old = {figure.noun: figure.age for figure in stage_quote("Anna and her mother sat down.", CAST).figures}

    assert ages == {"father": Age.UNKNOWN, "mother": Age.UNKNOWN}
    assert old["mother"] is Age.OLD


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They spoke of Tom's mother.", "Tom's mother"),
        ("The barn was Tom's. Soldiers came along the road.", "Soldiers"),
        ("The barn was Tom's; soldiers came along the road.", "soldiers"),
        ("There's soldiers in the barn.", "soldiers"),
        ("They spoke of Tom's mother and father.", "father"),
    ],
)
def test_only_kin_are_shown_with_whose_they_are(text: str, shown: str) -> None:
    """What ends with "'s" before a noun is an owner only of kin, and in their sentence."""
    passage = read(text)
    taken = frozenset(at for at, token in enumerate(passage.tokens) if token.word.startswith("Tom"))
    found = [each for sentence in passage.sentences for each in find_phrases(passage, sentence, taken=taken)]
    assert shown in [show_phrase(passage, each) for each in found]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Tom came in. The child and he sat down.", {"Tom": Deed.SIT, "child": Deed.SIT}),
        ("Anna came in. Her mother and she sat down.", {"Anna": Deed.SIT, "mother": Deed.SIT}),
        ("Tom and he sat down.", {"Tom": Deed.SIT, "man": Deed.SIT}),
        ("She and her mother sat down.", {"woman": Deed.SIT, "mother": Deed.SIT}),
        ("Anna kissed the boy and he laughed.", {"Anna": Deed.KISS, "boy": Deed.LAUGH}),
    ],
)
def test_the_child_and_he_are_two(text: str, drawn: dict[str, Deed]) -> None:
    """Who stands before "and he" at the start of a clause is another; whom somebody kissed may be he."""
    assert doing(text) == drawn


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Anna sat there. “Anna!” she said, as she kissed the boy.", "woman"),
        ("Anna sat there. “Good night,” she said, as she kissed the boy.", "Anna"),
        ("Anna sat there. “I saw Anna,” she said, as she kissed the boy.", "Anna"),
    ],
)
def test_nobody_calls_herself(text: str, who: str) -> None:
    """Whom a speech calls by name does not say it; whom it only tells of may."""
    assert done_to(text) == {who: "boy"}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Anna looked around her.", {"Anna"}),
        ("The king looked round him.", {"king"}),
        ("Tom shut the door behind him.", {"Tom"}),
        ("Anna. The queen looked round her.", {"queen"}),
        ("Anna came in. The queen put her arms around her.", {"queen", "Anna"}),
        ("Anna came in. Tom looked behind her.", {"Tom", "Anna"}),
    ],
)
def test_who_looks_around_her_sees_nobody(text: str, drawn: set[str]) -> None:
    """After a verb of looking "around her" is around herself; not of a man who looks, nor of an embrace."""
    assert set(doing(text)) == drawn
    assert Lack.PERSON not in stage_quote(text, CAST).lacks


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Tom sat there. The captain laid his hand upon his heart.", {}),
        ("Anna sat there. The queen laid her finger on her lips.", {}),
        ("Tom sat there. The captain laid his hand upon his shoulder.", {"captain": "Tom"}),
        ("Tom sat there. Anna laid her hand upon his brow.", {"Anna": "Tom"}),
    ],
)
def test_a_finger_on_her_lips_is_on_her_own(text: str, whom: dict[str, str]) -> None:
    """One's own hand on one's own brow touches nobody; a shoulder, or a brow of another sex, is another's."""
    assert done_to(text) == whom


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Mr. Oliver sat down. The child ran to him.", {"child": "Oliver"}),
        ("Tom sat down. The man looked at him.", {"man": "Tom"}),
        ("Anna came in. The girl handed her a flower.", {"girl": "Anna"}),
    ],
)
def test_whom_it_is_done_to_does_it_not(text: str, whom: dict[str, str]) -> None:
    """ "The child" who runs to him is not the only one he can be."""
    assert done_to(text) == whom


def test_who_has_an_office_is_one() -> None:
    """ "Mr. Oliver the baker" is one man, also where the office is taken for a name; who is shown another are two."""
    keeper = (*CAST, Element(type=ElementType.CHARACTER, name="Keeper"))

    assert doing("Mr. Oliver the baker bowed to Anna.") == {"Oliver": Deed.BOW, "Anna": Deed.STAND}
    assert [each.name for each in stage_quote("Mr. Oliver the Keeper bowed low.", keeper).figures] == ["Oliver"]


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Tom stood aside as he came up.", Deed.STAND),
        ("Tom rose when he came in.", Deed.STAND),
        ("Tom bowed as he came up.", Deed.BOW),
        ("Anna bowed as she walked up the hill.", Deed.BOW),
        ("Anna stood aside and came up.", Deed.WALK),
    ],
)
def test_who_stands_aside_is_not_he_who_comes(text: str, deed: Deed) -> None:
    """Nobody stands and comes at once; who bows may."""
    assert list(doing(text).values()) == [deed]


def test_who_rises_is_whom_one_comes_to() -> None:
    """ "Tom rose as Anna came up" has her go towards him, not beside him; who walks on is not met."""
    assert done_to("Tom rose as Anna came up.") == {"Anna": "Tom"}
    assert done_to("Tom walked as Anna came up.") == {}


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Tom, who was angry with Anna, walked to the gate.", {"Tom"}),
        ("Tom was angry with Anna and struck her.", {"Tom", "Anna"}),
        ("Tom was angry with Anna and stood beside her.", {"Tom", "Anna"}),
        ("Tom was in love with Anna as he walked to the gate.", {"Tom"}),
        ("Tom was pleased with Anna and kissed her.", {"Tom", "Anna"}),
        ("Tom walked with Anna to the gate.", {"Tom", "Anna"}),
    ],
)
def test_whom_one_is_angry_with_may_be_anywhere(text: str, drawn: set[str]) -> None:
    """Who is only felt about is not there; with whom one walks is."""
    assert set(doing(text)) == drawn


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        ("Zeb and Anna ran to the barn.", 1),
        ("Anna and Zeb ran to the barn.", 1),
        ("Then Zeb laughed and Anna sat down.", 1),
        ("And Anna ran to the barn.", 0),
        ("The sailor and Anna ran to the barn.", 0),
        ("In Zanzibar Anna sat down.", 0),
        ("The men of Zanzibar danced and Anna sat down.", 0),
    ],
)
def test_a_name_that_nobody_is_known_by_is_somebody(text: str, unseen: int) -> None:
    """Beside Anna, or with a verb of its own, a word of a name tells of one more than is drawn."""
    assert bool(counted(text, ANNA).unseen) is bool(unseen)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Anna sat down and Zeb ran to the barn.", {"Anna": Deed.SIT}),
        ("Tom sat down, and Zeb kissed Anna.", {"Tom": Deed.SIT}),
        ("Tom looked up, and Miss Zeb ran to the barn.", {"Tom": Deed.LOOK}),
        ("Anna sat down and ran to the barn.", {"Anna": Deed.RUN}),
        ("Anna sat down and Tom ran to the barn.", {"Anna": Deed.SIT, "Tom": Deed.RUN}),
    ],
)
def test_what_a_stranger_does_nobody_else_does(text: str, drawn: dict[str, Deed]) -> None:
    """Neither who is told of before nor who is told of after does it."""
    assert doing(text) == drawn


@pytest.mark.parametrize(
    ("text", "with_the", "many"),
    [
        ("Miss Lunts", 1, True),
        ("Miss Lunts", 0, False),
        ("Misses Lunt", 0, True),
        ("Miss Lunt", 1, False),
        ("Lunts", 1, True),
    ],
)
def test_the_miss_lunts_are_several(text: str, with_the: int, many: bool) -> None:
    """An article makes sisters of Miss Jenkins."""
    name = Name(text=text, mentions=[(0, 2)], with_the=with_the)
    name.evidence["title"] += " " in text

    assert is_of_many(name) is many
    assert bool(counted(f"{'The ' * with_the}{text} walked in.").many) is (many and " " in text)


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("He looked at the miss.", False),
        ("Miss", False),
        ("Misses", False),
        ("Anna met the Miss.", False),
        ("The clerk bowed to Messrs. Brown and Hay.", True),
        ("Anna bowed to Mesdames Brown and Hay.", True),
    ],
)
def test_a_text_may_end_with_a_title(text: str, many: bool) -> None:
    """Who is called after the title is looked for only where somebody is."""
    assert bool(counted(text).many) is many


def test_three_ladies_are_not_the_one_with_that_title() -> None:
    """ "The lady" may be Lady Anna; of several she is but one."""
    cast = (Element(type=ElementType.CHARACTER, name="Lady Anna"),)
    several, one = (stage_quote(f"Lady Anna came in. {text}", cast).figures for text in _LADIES)

    assert [figure.count for figure in several if figure.deed is Deed.SIT] == [3]
    assert [(figure.name, figure.deed) for figure in one] == [("Lady Anna", Deed.SIT)]


_LADIES = ("The three ladies sat down.", "The lady sat down.")


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("“Come, Grandpapa,” Anna said to him.", "grandfather"),
        ("“Grandpapa is ill,” Anna said to him.", ""),
        ("“Come, Mother,” Anna said to him.", ""),
    ],
)
def test_who_is_called_grandpapa_is_old(text: str, noun: str) -> None:
    """ "Him" is whom the speech calls, if it calls a man."""
    others = [each for each in stage_quote(f"Tom sat down. {text}", CAST).figures if each.noun == "grandfather"]

    assert [each.noun for each in others] == [noun] * bool(noun)
    assert all(each.age is Age.OLD for each in others)


def test_a_street_with_a_queen_is_nobody() -> None:
    """A title and a given name make no woman of it; who is called so and speaks is one."""
    told = {"title": 20, "given": 20, "given_woman": 20, "street": 20, "inside": 8}

    assert judge_kind(told, mentions=20) is ElementType.PLACE
    assert judge_kind({**told, "speech": 6, "acts": 5}, mentions=20) is ElementType.CHARACTER


def test_he_is_never_a_woman_of_the_book() -> None:
    """Whom "he" meant in a chapter and who is a woman for the book is another, also beside her; a name is hers."""
    iva = Element(type=ElementType.CHARACTER, name="Iva", sex="woman")
    meant = Figure(name="Iva", sex=Sex.MAN, deed=Deed.SIT, reference=Reference.PRONOUN)
    named = replace(meant, sex=Sex.UNKNOWN, deed=Deed.WALK, reference=Reference.NAME)
    her = replace(meant, sex=Sex.WOMAN)

    assert [each.name for each in recast(Staging(figures=(named, meant)), [iva]).figures] == ["Iva", ""]
    assert [each.name for each in recast(Staging(figures=(named, her)), [iva]).figures] == ["Iva"]


def test_the_captain_is_nobody_without_that_title() -> None:
    """Whom the book calls captain with a name after it is he; a doctor is one by "Dr." as well."""
    figure = Figure(name="Captain", sex=Sex.MAN, deed=Deed.SHOUT)

    def called(*names: str) -> str:
        element = Element(type=ElementType.CHARACTER, name=names[0], aliases=(*names[1:], "Captain"), sex="man")
        return recast(Staging(figures=(figure,)), [element]).figures[0].name

    assert called("Ned Lunt") == ""
    assert called("Ned Lunt", "Captain Lunt") == "Ned Lunt"
    assert called("Ned Lunt", "Capt. Lunt") == "Ned Lunt"


def test_one_of_two_who_did_the_same_is_not_drawn_alone() -> None:
    """Where who tells it cannot be drawn, "I walked with Anna" is no picture of Anna; what she did alone is."""
    teller, anna = Figure(noun=NARRATOR, deed=Deed.WALK), Figure(name="Anna", sex=Sex.WOMAN, deed=Deed.WALK)
    both = Staging(view=View.GROUP, figures=(anna, teller))
    other = replace(both, figures=(anna, replace(teller, deed=Deed.SIT)))

    assert abstain(both, both, CAST).view is View.TYPOGRAPHIC
    assert abstain(other, other, CAST).view is View.GROUP


def test_who_leads_a_clause_lacks_more() -> None:
    """A guide who "was at the window" is told of, and not only as somebody's."""
    led = stage_quote("When Tom came in, his guide was at the window.", CAST)
    passing = stage_quote("Tom came in. He saw his guide.", CAST)

    assert led.lacks.count(Lack.PERSON) > passing.lacks.count(Lack.PERSON)

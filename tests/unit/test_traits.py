"""Of what age and sex the people of a book are, by the counts of all its chapters; and what a chapter counts."""

from dataclasses import replace

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.known import recast
from imaginized.providers.builtin.words import elements_in
from imaginized.story.elements import Element, ElementType, Look, Quote, Signs
from imaginized.story.merging import merge_elements
from imaginized.story.staging import Age, Figure, Reference, Sex, Staging
from imaginized.story.text import ChapterText, Paragraph
from imaginized.story.traits import AGED, age_in


def found(name: str, chapter: int, *, mentions: int = 20, **counts: int) -> Element:
    """What a chapter has of somebody."""
    quote = Quote(text=f"{name} came in.", chapter=chapter, start=0, page=1)
    return Element(
        type=ElementType.CHARACTER,
        name=name,
        quotes=(quote,),
        mentions=mentions,
        chapters=(chapter,),
        signs=Signs(counts={**counts, AGED: 1}),
    )


def merged(*chapters: tuple[Element, ...]) -> dict[str, Element]:
    return {element.name: element for element in merge_elements(chapters)}


def counts(*paragraphs: str) -> dict[str, dict[str, int]]:
    """What a chapter counts for each name."""
    chapter = ChapterText(number=1, title="", paragraphs=tuple(Paragraph(text) for text in paragraphs))
    request = TextRequest(book_title="", language="en", chapter=chapter, scenes=1)
    return {one.name: dict(one.signs.counts) for one in elements_in(request) if one.signs is not None}


def test_the_last_age_holds_in_a_book_of_some_chapters() -> None:
    """Of chapters 10 to 12 alone a child is one in the twelfth, and in one that was read later."""
    (child,) = merged(*((found("Robin", number, child=4),) for number in (10, 11, 12))).values()

    assert [age_in(child, chapter=number) for number in (10, 12, 14)] == ["child"] * 3


def test_what_an_older_version_read_was_not_counted() -> None:
    """Without the mark of the counting nothing is known: not that nobody speaks of a child."""
    old = replace(found("Robin", 1), signs=Signs(counts={"he": 9}))

    (robin,) = merged((old,)).values()

    assert robin.ages is None


def test_a_child_of_the_first_chapters_is_one_to_the_end() -> None:
    """Nothing says later that she is a child, and nothing that she grew up."""
    book = merged((found("Tilda", 1, child=5, she=3),), *((found("Tilda", at, she=3),) for at in range(2, 30)))

    assert book["Tilda"].ages == {"child": 29}
    assert age_in(book["Tilda"], chapter=29) == "child"


def test_a_child_grows_up_where_the_book_says_so() -> None:
    """From the chapter on that has a man with a wife he is none."""
    book = merged(
        (found("Robin", 1, child=5),),
        (found("Robin", 2, child=3),),
        (found("Robin", 3),),
        (found("Robin", 4, grown=6),),
    )

    assert book["Robin"].ages == {"child": 2, "grown": 4}
    assert [age_in(book["Robin"], chapter=at) for at in (0, 2, 3)] == ["child", "child", "grown"]


@pytest.mark.parametrize("told", [{"child": 2}, {"child": 4, "grown": 3}, {"young": 2}])
def test_a_few_words_tell_no_age(told: dict[str, int]) -> None:
    """A child calls for more than a slip, and for clearly more than speaks for somebody grown."""
    assert merged((found("Hester", 1, **told),), (found("Hester", 2),))["Hester"].ages == {}


def test_the_boy_of_one_chapter_is_not_who_is_met_in_all() -> None:
    """A lodger, a nephew: however often he is "the boy" there, who is told of as grown elsewhere is no child."""
    once = (found("Orlin", at, child=12 * (at == 5), grown=int(at != 5)) for at in range(1, 8))
    assert "child" not in (merged(*((each,) for each in once))["Orlin"].ages or {})

    told = (found("Orlin", at, child=2, grown=int(at == 3)) for at in range(1, 8))
    assert merged(*((each,) for each in told))["Orlin"].ages == {"child": 7}


def test_an_uncle_is_not_the_nephew_of_the_first_chapter() -> None:
    chapters = ((found("Wick", 1, child=9, grown=3, beside=2),), *((found("Wick", at, grown=3),) for at in range(2, 9)))

    assert merged(*chapters)["Wick"].ages == {"grown": 8}


def test_who_is_mr_grey_is_little_grey_to_friends() -> None:
    """The word makes no child of him; of one who is never called so it does."""
    friends = ((found("Mr. Bram", at, grown=1), found("Little Bram", at, child=9)) for at in range(1, 6))
    (man,) = merged(*friends).values()
    (child,) = merged(*((found("Little Bram", at, child=9),) for at in range(1, 6))).values()

    assert age_in(man, chapter=3) != "child"
    assert age_in(child, chapter=3) == "child"


def test_the_friends_of_a_child_are_children() -> None:
    """Where the chief person is a child one word is enough for another, unless he is Mr. Dane."""
    book = merged(
        (found("Tilda", 1, mentions=90, child=9), found("Wat", 1, child=1), found("Mr. Dane", 1, grown=3)),
    )

    assert book["Wat"].ages == {"child": 1}
    assert book["Mr. Dane"].ages == {"grown": 1}


def test_who_is_uncounted_has_no_ages() -> None:
    """Elements of a model that nobody counted are as they were."""
    plain = Element(type=ElementType.CHARACTER, name="Tilda", mentions=9, chapters=(1,))

    assert merge_elements([(plain,)])[0].ages is None


def test_a_bare_last_name_that_a_wife_shares_is_a_mans() -> None:
    """ "She" stands near him in every sentence about her; a single "Mrs. Marsh" among his names says nothing."""
    book = merged(
        (found("Marsh", 1, mentions=60, she=20, he=15, told_he=6, told_she=5), found("Nell", 1, mentions=90, she=40)),
        (found("Marsh", 2, mentions=60, she=20, he=15), found("Mrs. Marsh of Oldham", 2, mentions=1, title=1)),
        (found("Dr. Marsh", 3, mentions=4, title=4),),
    )

    assert next(one for name, one in book.items() if name.endswith("Marsh") and one.mentions > 60).sex == "man"


def test_the_telling_goes_before_a_list_of_names() -> None:
    """A man may be called Holly: his title says so, or that the book goes on with "he" time and again."""
    assert merged((found("Holly", 1, given=20, given_woman=20, told_he=12),))["Holly"].sex == "man"
    assert merged((found("Holly", 1, given=20, given_woman=20, told_he=2),))["Holly"].sex == "woman"


def test_a_chapter_counts_what_is_said_of_a_child() -> None:
    """By apposition, by "the boy" after the only one named, by age, and by what others call him."""
    told = counts(
        "Wat was a boy, and Wat was nine years old. Wat ran to the gate of the long garden and waited in the rain.",
        "The boy was cold. Wat looked up, for old Hannah came out of the house.",
        "“Come in, child,” said Hannah.",
        "“I am not cold,” said Wat.",
        "Then Wat went in. Hannah lit the lamp, and Wat and Hannah sat down by the fire to eat, and Wat told her all.",
    )

    assert told["Wat"]["child"] >= 8
    assert "child" not in told["Hannah"]


def test_a_chapter_counts_what_is_said_of_somebody_grown() -> None:
    """A title, a wife, a razor; "the boy" beside Mr. Dane is not he."""
    told = counts(
        "Mr. Dane shaved with his razor. Mr. Dane looked for his wife, and Mr. Dane went down to the street.",
        "The boy at the door whistled. Mr. Dane gave him a penny, and Mr. Dane walked off to the station in the rain.",
    )

    assert told["Mr. Dane"]["grown"] >= 4
    assert "child" not in told["Mr. Dane"]


@pytest.mark.parametrize(
    "told", ["When Wat was a boy, the mill stood here.", "Wat was a boy at the time of the flood."]
)
def test_who_was_a_boy_long_ago_is_none(told: str) -> None:
    rest = (
        "Wat went in, and Wat lit the lamp, and Wat sat down by the fire to eat, and Wat told her all about the mill."
    )

    assert "child" not in counts(f"{told} {rest}", rest)["Wat"]


def test_a_child_of_fortune_is_no_child() -> None:
    told = counts(
        "Wat, the child of fortune, ran to the gate of the long garden and waited in the rain. Wat was cold.",
        "Then Wat went in, and Wat lit the lamp, and Wat sat down by the fire to eat, and Wat told her all.",
    )

    assert "child" not in told["Wat"]


def test_a_picture_has_the_age_and_sex_of_the_book() -> None:
    """A girl of chapter 1 is a girl in chapter 20; who is spoken of as grown is no boy for a noun near by."""
    girl = Element(type=ElementType.CHARACTER, name="Tilda", mentions=90, ages={"child": 30}, sex="woman")
    man = Element(type=ElementType.CHARACTER, name="Marsh", mentions=90, ages={"grown": 30}, sex="man")
    staging = Staging(figures=(Figure(name="Tilda"), Figure(name="Marsh", noun="boy", age=Age.CHILD, sex=Sex.WOMAN)))

    first, second = recast(staging, (girl, man), chapter=20).figures

    assert (first.age, first.sex) == (Age.CHILD, Sex.WOMAN)
    assert (second.age, second.sex, second.noun) == (Age.UNKNOWN, Sex.MAN, "")


def test_a_boy_of_one_name_is_he_however_else_he_is_called() -> None:
    """ "Mars Wat" is no Mars whose last name is Wat: Wat Reed is called by his first."""
    aliases = ("Wat Reed", "Mars Wat")
    boy = Element(type=ElementType.CHARACTER, name="Wat", aliases=aliases, mentions=90, ages={"child": 30}, sex="man")
    (figure,) = recast(Staging(figures=(Figure(name="Wat", sex=Sex.MAN),)), (boy,), chapter=2).figures

    assert (figure.name, figure.age) == ("Wat", Age.CHILD)


def test_a_pronoun_of_another_sex_is_another() -> None:
    """ "She" in the passage wins: it is somebody else than this man."""
    man = Element(type=ElementType.CHARACTER, name="Marsh", mentions=90, ages={}, sex="man")
    staging = Staging(figures=(Figure(name="Marsh", sex=Sex.WOMAN, reference=Reference.PRONOUN),))

    assert recast(staging, (man,), chapter=2).figures[0].name == ""


def test_old_looks_of_a_child_are_kept_where_nothing_was_counted() -> None:
    """A library from before reads as it did."""
    look = Look(text="a little girl", quote=Quote(text="a little girl", chapter=1, start=0, page=1))
    girl = Element(type=ElementType.CHARACTER, name="Tilda", mentions=90, looks=(look,))

    assert recast(Staging(figures=(Figure(name="Tilda"),)), (girl,), chapter=2).figures[0].age is Age.CHILD


def test_in_a_book_of_children_a_given_name_is_a_childs() -> None:
    """Of Nora nothing is said; she grows up when her friend does. Nobody with a title is a child."""
    tilda = [found("Tilda", at, mentions=90, child=9) for at in (1, 2)]
    grown, nora = found("Tilda", 3, mentions=90, young=5, grown=4), found("Nora", 1, given=20, given_woman=20)
    book = merged((tilda[0], nora, found("Mr. Dane", 1, title=20)), (tilda[1],), (grown,))

    assert book["Nora"].ages == book["Tilda"].ages == {"child": 2, "young": 3}
    assert "child" not in (book["Mr. Dane"].ages or {})
    assert merged((found("Tilda", 1, mentions=90, grown=9), nora))["Nora"].ages == {}


def test_who_stands_beside_a_child_is_none() -> None:
    """Of the weaver who takes her in "the child" is said as often with his name in the sentence as after it."""
    assert merged((found("Marsh", 1, child=9, beside=7),))["Marsh"].ages == {}
    assert merged((found("Tilda", 1, child=9, beside=3),))["Tilda"].ages == {"child": 1}


def test_a_child_is_not_called_by_the_last_name_alone() -> None:
    """ "Marsh" of a chapter is the father of Paul Marsh, though the book has no other."""
    paul = Element(type=ElementType.CHARACTER, name="Paul", aliases=("Marsh", "Paul Marsh"), ages={"child": 9})
    first, second = (recast(Staging(figures=(Figure(name=name),)), (paul,), chapter=1) for name in ("Paul", "Marsh"))

    assert (first.figures[0].name, first.figures[0].age) == ("Paul", Age.CHILD)
    assert (second.figures[0].name, second.figures[0].age) == ("", Age.UNKNOWN)


def told(text: str, chapter: int) -> Look:
    return Look(text=text, quote=Quote(text=f"Mabel: {text}.", chapter=chapter, start=0, page=1))


@pytest.mark.parametrize(
    ("other", "chapter", "age"),
    [
        (told("about thirty", 2), 3, ""),
        (told("about thirty", 6), 3, "child"),
        (told("grey eyes", 2), 3, "child"),
        (told("grey eyes", 2), 20, ""),
    ],
)
def test_the_child_of_a_few_chapters_ago_is_none_who_is_thirty_now(other: Look, chapter: int, age: str) -> None:
    mabel = replace(found("Mabel", 1), looks=(told("a thin child", 1), other), ages={}, sex="woman")
    (figure,) = recast(Staging(figures=(Figure(name="Mabel"),)), (mabel,), chapter=chapter).figures
    assert figure.age == Age(age)

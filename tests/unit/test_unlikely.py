"""Names that look like other words, beasts that talk, two of one name, one in two pieces."""

from imaginized.guide.dating import told_by
from imaginized.guide.model import Known
from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.merging import merge_elements
from imaginized.story.text import ChapterText, Paragraph

CHARACTER, CREATURE, PLACE = ElementType.CHARACTER, ElementType.CREATURE, ElementType.PLACE


def read(*paragraphs: str) -> dict[str, Element]:
    texts = tuple(Paragraph(text=text) for text in paragraphs)
    chapter = ChapterText(number=1, title="A chapter", paragraphs=texts, words_before=0)
    reply = read_chapter(TextRequest(book_title="A book", language="en", chapter=chapter, scenes=1))
    return {element.name: element for element in reply.elements}


def signed(name: str, *, chapters: tuple[int, ...] = (1,), mentions: int = 6, **counts: int) -> list[Element]:
    """The same in each of some chapters."""
    return [
        Element(
            type=CHARACTER,
            name=name,
            mentions=mentions,
            chapters=(chapter,),
            signs=Signs(counts={"middle": mentions, "acts": 2, **counts}),
        )
        for chapter in chapters
    ]


def cast(*found: list[Element]) -> set[frozenset[str]]:
    return {frozenset((each.name, *each.aliases)) for each in merge_elements([[one for each in found for one in each]])}


def test_a_month_that_speaks_is_somebody() -> None:
    """June is a girl where a chapter has her speak and be called; the last June of the year is none of her mentions."""
    girl = read(
        "The girl came in. “Good morning,” said June. He looked at June with a smile. In June they were to marry.",
        "June laughed and took her hat. “You are late, June!” said the old man.",
    )
    month = read("It was in June that they came. The June of that year was hot, and on the 5th of June it rained.")

    assert girl["June"].mentions == 4
    assert "June" not in month


def test_a_word_of_a_dialect_is_nobody() -> None:
    """What is as often written small ("en" for "and") is no name, however often it begins a sentence."""
    found = read(
        "“En dat's all,” said Mary. “En I went home, en Tom he went home. En den we slep', en dey come.”",
        "“Dey wanted us, en dey got us,” said Mary. “I see, En you know it.”",
    )

    assert not {"En", "Dey", "Dat"} & found.keys()


def test_a_beast_of_a_kind_is_one_whatever_it_says() -> None:
    """Who is told of as "the owl" is an owl, in a tale where owls speak."""
    found = read(
        "“Come here,” said the old man. The owl, Hoot, flew down. Mary saw Hoot, and Mary laughed.",
        "“I will,” said Hoot. “Not I,” said Pim, the dog. Pim looked at Hoot, and Hoot looked at Pim.",
    )

    assert found["Hoot"].type is found["Pim"].type is CREATURE
    assert found["Mary"].type is CHARACTER


def test_the_dog_is_the_one_named_dog() -> None:
    """A beast that is named does not stand a second time under its kind."""
    dog = Element(type=CREATURE, name="Dog", mentions=5, chapters=(1,), signs=Signs(counts={"noun": 5}))
    named = Element(
        type=CREATURE,
        name="Pim",
        mentions=9,
        chapters=(1,),
        signs=Signs(counts={"middle": 9, "species": 3, "acts": 4}, roles={"dog": 3}),
    )

    assert [each.mentions for each in merge_elements([[dog, named]])] == [14]


def test_a_label_with_a_title_is_one_name() -> None:
    """The dot of "MRS." ends neither a label nor a sentence."""
    lines = ("MRS. GREY. It was the best of the days.", "TOM. And to you it was, for you had it.") * 8

    assert {"Mrs. Grey", "Tom"} <= read(*lines).keys()
    assert not {"Mrs", "Grey"} & read(*lines).keys()


def test_old_and_young_of_one_name_are_two() -> None:
    """A father and a son are told apart by "old" and "young" where the book has both."""
    both = cast(
        signed("Old Karl", chapters=(1, 2)), signed("Young Karl", chapters=(3, 4)), signed("Karl", chapters=(1, 4))
    )
    one = cast(signed("Old Karl", chapters=(1, 2)), signed("Karl", chapters=(1, 4)))

    assert len(both) == 2
    assert len(one) == 1


def test_two_halves_of_a_name_are_one() -> None:
    """Karl and Moor are one where once somebody is Karl Moor, and they are in the same chapters and never meet."""
    there = tuple(range(1, 7))
    first, last = signed("Karl", chapters=there), signed("Moor", chapters=there, speech=2)

    assert len(cast(first, last, signed("Karl Moor", chapters=(6,), mentions=1))) == 1
    assert len(cast(first, last)) == 2


def test_a_wife_by_her_husbands_name_is_the_plain_wife() -> None:
    """Mrs. George Dane, now and then, is Mrs. Dane, where the family has no other man."""
    wife, rare = signed("Mrs. Dane", chapters=(1, 2, 3), title=6), signed("Mrs. George Dane", chapters=(1, 3), title=6)
    man, son = signed("George Dane", chapters=(2,), given_man=6), signed("Carl Dane", chapters=(2,), given_man=6)

    assert frozenset(("Mrs. Dane", "Mrs. George Dane")) in cast(wife, rare, man)
    assert frozenset(("Mrs. Dane", "Mrs. George Dane")) not in cast(wife, rare, man, son)


def test_a_name_that_looks_like_a_plural_is_no_family() -> None:
    """Chambers, far more often met and without "the", is not many of a Chamber."""
    assert cast(signed("Chambers", mentions=20), signed("Chamber", mentions=2)) == {frozenset(("Chambers", "Chamber"))}


def test_what_does_nothing_a_person_does_is_nobody() -> None:
    """A club that nobody calls, that never speaks and has an article, is not in the cast."""
    club = Element(
        type=CHARACTER, name="Debating Club", mentions=6, chapters=(1,), signs=Signs(counts={"middle": 6, "the": 6})
    )

    assert merge_elements([[club]]) == ()


def test_a_river_is_a_place_though_dogs_are_on_it() -> None:
    """What is near a beast's harness is not the beast: one is on the Yukon."""
    found = signed("Yukon", mentions=8, the=8, inside=4, beast=3, acts=0)

    assert [each.type for each in merge_elements([found])] == [PLACE]


def test_a_name_within_a_name_is_not_told_twice() -> None:
    """A name that waits for a later chapter is replaced where it stands alone, not within another name."""
    known = (Known(names={"Karl Moor": 1, "Karl": 9, "Moor": 9}),)

    assert told_by("Karl Moor sits by Moor.", chapter=2, known=known, somebody="x") == "Karl Moor sits by Karl Moor."

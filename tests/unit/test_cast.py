"""Who is who in a book: which names are one person's, and what names a person at all."""

import pytest

from imaginized.providers.api import TextRequest
from imaginized.providers.openai.signs import with_signs
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.merging import merge_elements
from imaginized.story.text import ChapterText, Paragraph
from tests.unit.test_merging import element, names
from tests.unit.test_words import named, read

CHARACTER, CREATURE, PLACE, ITEM = ElementType


def signed(
    name: str,
    *,
    chapter: int = 1,
    mentions: int = 5,
    near: dict[str, int] | None = None,
    along: dict[str, int] | None = None,
    **counts: int,
) -> Element:
    plain = element(name, chapter=chapter, mentions=mentions)
    signs = Signs(counts={"middle": mentions, **counts}, near=near or {}, along=along or {})
    return Element(type=CHARACTER, name=name, mentions=mentions, chapters=plain.chapters, signs=signs)


def people(*found: Element) -> set[frozenset[str]]:
    return {frozenset((each.name, *each.aliases)) for each in merge_elements([list(found)])}


def test_a_chapter_alone_decides_nothing() -> None:
    """What a name names is judged by the sums of the whole book, not by the majority of its chapters."""
    merged = merge_elements(
        [
            [signed("Cyril", chapter=1, mentions=2, inside=1)],
            [signed("Cyril", chapter=2, mentions=9, speech=4, acts=2)],
        ]
    )

    assert [each.type for each in merged] == [CHARACTER]


def test_two_who_are_listed_together_are_two() -> None:
    """Charles and Mr. Wood are two, however well the last name fits; so are two who meet again and again."""
    full = signed("Charles Wood", mentions=9, given_man=9)

    listed = people(full, signed("Mr. Wood", title=5, along={"Charles Wood": 1}))
    meeting = people(full, signed("Mr. Wood", title=5, near={"Charles Wood": 3}))
    alone = people(full, signed("Mr. Wood", title=5))

    assert len(listed) == len(meeting) == 2
    assert len(alone) == 1


def test_a_title_is_not_everybodys_of_the_family() -> None:
    """No daughter is her father's "Mr.", no Captain a "Mr." or a Mrs.; Lady Hall is not Rose Hall."""
    found = people(
        signed("Rose Hall", given_woman=5),
        signed("Mr. Hall", title=5),
        signed("Captain Hall", title=5),
        signed("Lady Hall", title=5),
    )

    assert len(found) == 4


def test_a_child_is_called_for_short() -> None:
    """Lizzy and Eliza are Elizabeth, Georgie is George: the same given name in its forms."""
    found = people(signed("Elizabeth Hall", given_woman=5), signed("Lizzy"), signed("Eliza"))
    pet = people(signed("George Bell", given_man=5), signed("Georgie"))

    assert len(found) == len(pet) == 1


def test_a_last_name_goes_to_whom_it_is_used_for() -> None:
    """A son is mostly called by his given name: "Mr. Hall" is the father, who bears the last name more often."""
    found = people(
        signed("Joe", mentions=90, given_man=90),
        signed("Joe Hall", mentions=2, given_man=2),
        signed("Berry Hall", mentions=9, given_man=9),
        signed("Mr. Hall", title=5),
    )

    assert frozenset(("Berry Hall", "Mr. Hall")) in found


def test_plain_miss_is_the_eldest() -> None:
    """Where there are sisters, who is called Miss Lydia Hall is not plain Miss Hall."""
    found = people(
        signed("Jane Hall", given_woman=5),
        signed("Miss Lydia Hall", title=5, given_woman=5),
        signed("Miss Hall", title=9),
    )

    assert frozenset(("Jane Hall", "Miss Hall")) in found


def test_a_family_is_nobody() -> None:
    """The Halls are all who bear the name, and none of them."""
    found = people(signed("Rose Hall", given_woman=5), signed("Halls", the=5))

    assert found == {frozenset(("Rose Hall",))}


def test_an_initial_is_the_one_it_begins() -> None:
    """Mr. E. is Mr. Elder."""
    assert names(merge_elements([[signed("Mr. Elder", title=9, mentions=9), signed("Mr. E", title=2)]])) == [
        "Mr. Elder"
    ]


def test_a_last_name_on_the_map_is_a_person() -> None:
    """Hamilton is a town on the map; where people bear it and nobody is in it, he is one of them."""
    found = merge_elements([[signed("Berry Hamilton", given_man=5), signed("Hamilton", geo=4, mentions=4)]])

    assert [each.type for each in found] == [CHARACTER]


@pytest.mark.parametrize("part", ["fur", "paws", "harness"])
def test_fur_and_paws_are_a_beasts(part: str) -> None:
    """Who has fur, paws or a harness, and does not talk, is a creature, though no word says which."""
    reply = read(f"Rex ran home. He shook the snow from his {part}. Rex slept. The boys saw Rex and fed Rex.")

    assert merge_elements([reply.elements])[0].type is CREATURE


def test_first_looks_come_after_the_name() -> None:
    """A sentence that begins "This was" or "She was" tells the looks of the one just named, by sex."""
    reply = read(
        "He found Dr. Lanyon alone over his wine. This was a healthy, red-faced gentleman. They sat long.",
        "Miss Moore came into the room with a firm step. She was a tall young lady.",
    )

    assert "red-faced gentleman" in named(reply)["Dr. Lanyon"].description
    assert "tall young lady" in named(reply)["Miss Moore"].description


def test_another_ones_looks_are_not_taken() -> None:
    """After a sentence with two men "he" is open; a pretty girl is no Mr. Thomas."""
    reply = read(
        "Mr. Bell spoke little, and Mr. Cole bowed. He was a tall, heavy man with a red beard.",
        "Mr. Thomas smiled. He was a pretty girl.",
    )

    assert not any(each.description for each in reply.elements if each.name.startswith("Mr."))


def test_what_a_model_found_passes_the_same_joining() -> None:
    """It says who somebody is; "he" and "she", and who meets whom, come from the words of its chapters."""
    texts = (
        "Gideon Marsh came in, and he sat down. Mrs. Marsh looked at the fire. She said that it was late. "
        "Then Gideon Marsh and Tom Marsh went to the mill, and he was silent.",
        "Mr. Marsh rose, and he took his hat. Gideon had gone. Mr. Marsh was tired, and he slept.",
    )
    said = (
        [element("Gideon Marsh", aliases=("Gideon",), description="tall"), element("Mrs. Marsh"), element("Tom Marsh")],
        [element("Mr. Marsh", chapter=2), element("Gideon", chapter=2, kind=CREATURE, mentions=1)],
    )
    found = [
        with_signs(
            elements,
            TextRequest(
                book_title="A Book",
                language="en",
                chapter=ChapterText(number=number, title="", paragraphs=(Paragraph(text=text),)),
                scenes=1,
            ),
        )
        for number, (elements, text) in enumerate(zip(said, texts, strict=True), 1)
    ]
    known = {each.name: each for each in merge_elements(found)}

    assert set(known) == {"Gideon Marsh", "Mrs. Marsh", "Tom Marsh"}
    assert set(known["Gideon Marsh"].aliases) == {"Gideon", "Mr. Marsh"}
    assert known["Gideon Marsh"].type is CHARACTER

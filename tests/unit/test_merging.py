"""Merging elements over a book: aliases, types, what is kept, which quotes."""

from dataclasses import replace

import pytest

from imaginized.story.element_types import judge_kind
from imaginized.story.elements import Element, ElementType, Look, Quote
from imaginized.story.merging import merge_elements
from imaginized.story.names import are_two, name_key

CHARACTER, CREATURE, PLACE, ITEM = ElementType


def element(
    name: str,
    *texts: str,
    chapter: int = 1,
    kind: ElementType = CHARACTER,
    mentions: int = 5,
    description: str = "",
    aliases: tuple[str, ...] = (),
) -> Element:
    quotes = tuple(
        Quote(text=text, chapter=chapter, start=100 * index, page=chapter) for index, text in enumerate(texts)
    )
    return Element(
        type=kind,
        name=name,
        aliases=aliases,
        description=description,
        quotes=quotes,
        mentions=mentions,
        chapters=(chapter,),
    )


def names(merged: tuple[Element, ...]) -> list[str]:
    return [each.name for each in merged]


def test_the_same_name_in_two_chapters_is_one_element() -> None:
    """Mentions add up, chapters and quotes come from both; article and case do not matter."""
    merged = merge_elements(
        [
            [element("The Scarecrow", "The Scarecrow sat.")],
            [element("scarecrow", "A scarecrow.", chapter=2, mentions=2)],
        ]
    )

    assert len(merged) == 1
    assert merged[0].mentions == 7
    assert merged[0].chapters == (1, 2)
    assert [quote.chapter for quote in merged[0].quotes] == [1, 2]


def test_short_and_titled_names_join_the_full_one() -> None:
    """Holmes, Mr. Holmes and Sherlock Holmes are one, called by the fullest name."""
    merged = merge_elements(
        [
            [element("Holmes", mentions=20)],
            [element("Mr. Holmes", chapter=2), element("Sherlock Holmes", chapter=2, mentions=10)],
        ]
    )

    assert names(merged) == ["Sherlock Holmes"]
    assert merged[0].aliases == ("Holmes", "Mr. Holmes")


def test_a_last_word_joins_a_name_of_two() -> None:
    """The Woodman is the Tin Woodman."""
    merged = merge_elements([[element("Tin Woodman")], [element("Woodman", chapter=2)]])

    assert names(merged) == ["Tin Woodman"]


def test_husband_and_wife_stay_two() -> None:
    """Names that differ in sex or first name are never joined, whatever stands in between."""
    merged = merge_elements(
        [
            [element("Jonathan Harker"), element("Mina Harker"), element("Harker")],
            [element("Mr. Harker", chapter=2), element("Mrs. Harker", chapter=2)],
        ]
    )

    assert {"Jonathan Harker", "Mina Harker"} <= set(names(merged))
    assert all(not {"Mr. Harker", "Mrs. Harker"} <= {each.name, *each.aliases} for each in merged)


def test_witches_of_east_and_west_stay_two() -> None:
    """A different "of …" is a different person."""
    merged = merge_elements([[element("Witch of the East"), element("Witch of the West")]])

    assert len(merged) == 2


def test_mother_and_daughter_stay_two() -> None:
    """Mrs. Westenra is not Miss Lucy Westenra, and a Miss of another last name is another."""
    merged = merge_elements(
        [
            [element("Lucy Westenra", aliases=("Miss Lucy Westenra",)), element("Mary", aliases=("Miss Mary Holder",))],
            [element("Mrs. Westenra", chapter=2), element("Miss Mary Sutherland", chapter=2)],
        ]
    )

    assert set(names(merged)) >= {"Lucy Westenra", "Mrs. Westenra", "Miss Mary Sutherland"}
    assert all("Mrs. Westenra" not in each.aliases and "Miss Mary Holder" not in each.aliases[1:] for each in merged)


def test_a_bride_stays_one() -> None:
    """A title tells the sex of a first name, so that Mrs. Harker is Mina, not Jonathan, under two last names, too."""
    merged = merge_elements(
        [
            [element("Mina", aliases=("Miss Mina Murray", "Mina Murray")), element("Mr. Jonathan Harker")],
            [element("Mina Harker", chapter=2), element("Mrs. Harker", chapter=2)],
        ]
    )

    assert sorted(names(merged)) == ["Mina Harker", "Mr. Jonathan Harker"]
    assert {"Mrs. Harker", "Miss Mina Murray"} <= set(merged[0].aliases)


def test_a_mother_is_not_the_daughter_of_her_name() -> None:
    """Mrs. Miller is not Miss Daisy, who is called Daisy Miller, too."""
    merged = merge_elements(
        [[element("Mrs. Miller"), element("Miss Daisy"), element("Daisy Miller"), element("Daisy", mentions=9)]]
    )

    assert sorted(names(merged)) == ["Daisy Miller", "Mrs. Miller"]


def test_a_wife_is_not_her_husbands_last_name() -> None:
    """Toller alone is not Mrs. Toller where nothing says that Toller is a woman."""
    merged = merge_elements([[element("Toller", mentions=9), element("Mrs. Toller", mentions=8)]])

    assert names(merged) == ["Toller", "Mrs. Toller"]


def test_jack_is_john() -> None:
    """A nickname with the same last name is one; "John" alone is no Sir John Paxton."""
    merged = merge_elements(
        [
            [element("Dr. John Seward"), element("Jack Seward"), element("Dr. Seward", mentions=40)],
            [element("John", chapter=2, mentions=9), element("Sir John Paxton", chapter=2)],
        ]
    )

    assert len(merged) == 2
    assert {"John", "Jack Seward"} <= set(merged[0].aliases)
    assert merged[1].name == "Sir John Paxton"


def test_the_count_is_count_dracula() -> None:
    """A title alone is who bears it and is there in its chapters, called by his name; another Count is not."""
    merged = merge_elements(
        [
            [element("Count", mentions=30), element("Count Dracula", mentions=6)],
            [element("Count", mentions=30, chapter=2), element("Dracula", mentions=2, chapter=2)],
            [element("Count de Ville", chapter=3)],
        ]
    )

    assert names(merged) == ["Count Dracula", "Count de Ville"]
    assert set(merged[0].aliases) == {"Count", "Dracula"}


def test_a_rank_goes_with_its_first_name() -> None:
    """Princess Márya is not Márya Dmítrievna, Prince Andréy is Prince Andréy Bolkónski."""
    merged = merge_elements(
        [
            [element("Princess Márya", mentions=9), element("Márya Dmítrievna")],
            [element("Prince Andréy", chapter=2), element("Prince Andréy Bolkónski", chapter=2)],
        ]
    )

    assert sorted(names(merged)) == ["Márya Dmítrievna", "Prince Andréy Bolkónski", "Princess Márya"]


def test_a_middle_initial_is_no_second_person() -> None:
    """Quincey P. Morris is Quincey Morris."""
    assert len(merge_elements([[element("Quincey Morris")], [element("Quincey P. Morris", chapter=2)]])) == 1


def test_an_open_short_name_is_left_alone() -> None:
    """Where two equally weighty people share a last name, the bare last name joins neither."""
    merged = merge_elements([[element("James McCarthy"), element("Charles McCarthy"), element("McCarthy")]])

    assert len(merged) == 3


def test_an_alias_that_the_provider_names_joins() -> None:
    """What a provider calls an alias is believed."""
    merged = merge_elements(
        [[element("Henry Jekyll", aliases=("Edward Hyde",))], [element("Edward Hyde", chapter=2, mentions=4)]]
    )

    assert names(merged) == ["Henry Jekyll"]
    assert merged[0].aliases == ("Edward Hyde",)


def test_a_noun_is_no_name() -> None:
    """The wolves of a book do not join a person whose last name is Wolf."""
    merged = merge_elements(
        [
            [element("Wolf", "A wolf ran.", kind=CREATURE), element("Martin Wolf", "Martin Wolf sat.")],
        ]
    )

    assert len(merged) == 2


def test_one_and_many_are_one_kind() -> None:
    """Box and boxes, wolf and wolves are one element."""
    merged = merge_elements(
        [
            [element("Box", kind=ITEM), element("Wolf", kind=CREATURE)],
            [element("Boxes", kind=ITEM, chapter=2), element("Wolves", kind=CREATURE, chapter=2)],
        ]
    )

    assert len(merged) == 2


def test_the_shoes_are_the_silver_shoes() -> None:
    """A thing's bare noun joins the one name it often has; a proper place or one of several kinds it does not."""
    merged = merge_elements(
        [
            [element("Shoes", "the shoes", kind=ITEM), element("Silver shoes", "silver shoes", kind=ITEM)],
            [element("Road", "a road", kind=PLACE), element("Brixton Road", "Brixton Road", kind=PLACE)],
            [element("Whale", "a whale", kind=CREATURE), element("White Whale", "White Whale", kind=CREATURE)],
            [element("Sperm Whale", "Sperm Whale", kind=CREATURE)],
        ]
    )

    assert {"Silver shoes", "Road", "Brixton Road", "Whale", "White Whale", "Sperm Whale"} == set(names(merged))
    assert next(each for each in merged if each.name == "Silver shoes").aliases == ("Shoes",)


def test_many_of_a_kind_have_few_looks() -> None:
    """Of the kinds of horses of a book three are shown, of what is said of somebody all."""
    looks = [f"a {colour} horse" for colour in ("red", "blue", "green", "yellow", "white", "black", "brown", "grey")]
    found = [
        [
            element("Horses", "the horses", description=piece, kind=CREATURE, chapter=number),
            element("Anna", "Anna", description=piece, chapter=number),
        ]
        for number, piece in enumerate(looks, start=1)
    ]

    shown = {each.name: len(each.description.split("; ")) for each in merge_elements(found)}

    assert shown == {"Horses": 3, "Anna": 8}


def test_the_type_is_by_weighted_majority() -> None:
    """A creature that the text calls one counts more than a chapter that only uses the name."""
    merged = merge_elements([[element("Toto", kind=CREATURE, mentions=10)], [element("Toto", chapter=2, mentions=30)]])

    assert merged[0].type is CREATURE


def test_kinds_come_in_the_order_of_the_guide_weightiest_first() -> None:
    """Characters, creatures, places, items; the most mentioned of each first."""
    merged = merge_elements(
        [
            [
                element("Cap", kind=ITEM),
                element("Kansas", kind=PLACE),
                element("Em", mentions=3),
                element("Lion", kind=CREATURE),
                element("Dorothy", mentions=30),
            ]
        ]
    )

    assert names(merged) == ["Dorothy", "Em", "Lion", "Kansas", "Cap"]


def test_quotes_come_from_as_many_chapters_as_possible() -> None:
    """Six at most, one a chapter before a second of any, in reading order."""
    found = [[element("Ahab", "Ahab a.", "Ahab b.", "Ahab c.", chapter=number)] for number in range(1, 9)]

    quotes = merge_elements(found)[0].quotes

    assert len(quotes) == 6
    assert len({quote.chapter for quote in quotes}) == 6
    assert list(quotes) == sorted(quotes, key=lambda quote: (quote.chapter, quote.start))


def test_a_quote_that_tells_looks_is_preferred() -> None:
    """Of a chapter's quotes the one with words of the description is taken."""
    found = [
        [element("Ahab", "Ahab slept.", "Ahab had grey hair.", chapter=number, description="grey hair")]
        for number in range(1, 7)
    ]

    assert {quote.text for quote in merge_elements(found)[0].quotes} == {"Ahab had grey hair."}


def test_descriptions_are_joined_without_repeats() -> None:
    """Phrases are joined by semicolons, sentences of a model by blanks; nothing is said twice."""
    phrases = merge_elements(
        [
            [element("Toto", description="a little black dog; long hair")],
            [element("Toto", description="long hair; black eyes")],
        ]
    )
    sentences = merge_elements([[element("Toto", description="A dog.")], [element("Toto", description="He is black.")]])

    assert phrases[0].description == "a little black dog; long hair; black eyes"
    assert (
        set(sentences[0].description.split(". ")) == {"A dog", "He is black."} or "; " not in sentences[0].description
    )


def test_what_is_too_weak_for_the_book_is_dropped() -> None:
    """A name met twice in one chapter of a long book does not make the guide."""
    found = [[element("Dorothy", chapter=number)] for number in range(1, 13)]
    found[3].append(element("Milkman", chapter=4, mentions=2))

    assert names(merge_elements(found)) == ["Dorothy"]


def test_the_guide_is_bounded() -> None:
    """Forty characters and twenty of each other kind at most."""
    found = [
        [element(f"Name{chr(97 + i // 26)}{chr(97 + i % 26)}", kind=kind) for i in range(60)] for kind in ElementType
    ]
    renamed = [
        [element(f"{each.type.value.title()}{each.name}", kind=each.type) for each in chapter] for chapter in found
    ]

    merged = merge_elements(renamed)

    assert [sum(each.type is kind for each in merged) for kind in ElementType] == [40, 20, 20, 20]


def test_a_long_book_lists_more_people() -> None:
    """The limit grows with the words of the book, to a hundred and twenty."""
    crowd = [[element(f"Name{chr(97 + i // 26)}{chr(97 + i % 26)}") for i in range(200)]]

    assert [len(merge_elements(crowd, words=words)) for words in (90_000, 200_000, 900_000)] == [40, 80, 120]


def test_whoever_is_described_is_listed() -> None:
    """One whose looks are told is kept where the book speaks of many others more, even if named once only."""
    quote = Quote(text="Bran, a tall man, nodded.", chapter=3, start=0, page=1)
    told = replace(element("Bran", mentions=1, chapter=3), looks=(Look(text="a tall man", quote=quote),))
    crowd = [element(f"Name{chr(97 + i // 26)}{chr(97 + i % 26)}", mentions=9) for i in range(60)]

    merged = names(merge_elements([crowd, [element("Odo", mentions=1, chapter=2)], [told], *[[]] * 9]))

    assert len(merged) == 41
    assert merged[-1] == "Bran"


def test_the_order_within_a_chapter_does_not_matter() -> None:
    """The same elements in another order merge to the same."""
    chapter = [element("Holmes", "Holmes."), element("Sherlock Holmes"), element("Watson"), element("Cab", kind=ITEM)]

    assert merge_elements([chapter, []]) == merge_elements([chapter[::-1], []])


def test_nothing_merges_to_nothing() -> None:
    """No chapters, empty chapters and nameless elements are fine."""
    assert merge_elements([]) == ()
    assert merge_elements([[], [element(" ")], []]) == ()


def test_names_are_compared_by_their_words() -> None:
    """Article, case, possessive and dots do not count; titles do not make a name longer."""
    assert name_key("The Scarecrow’s") == ("scarecrow",)
    assert are_two(name_key("Mr. Harker"), name_key("Mrs. Harker"))


def test_an_alias_of_dots_is_nobody() -> None:
    """Models name a speaker "..." where they know none, and cut names badly; the element stands without that."""
    merged = merge_elements([[element("Anna Hill", aliases=("...", "", "’s", "Anna ’s", "Anna"), mentions=3)]])

    assert [(each.name, each.aliases) for each in merged] == [("Anna Hill", ("Anna",))]


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ({"given": 88, "geo": 14, "called": 16, "owns": 4, "is": 6, "acts": 3, "toward": 3, "speech": 1}, CHARACTER),
        ({"given": 53, "geo": 16, "inside": 34, "toward": 4, "is": 1, "acts": 1}, PLACE),
        ({"toward": 24, "acts": 2, "is": 1, "he": 2}, PLACE),
        ({"toward": 24, "acts": 2, "is": 1, "called": 2}, CHARACTER),
        ({"ship": 20, "is": 5, "acts": 3, "speech": 1}, ITEM),
    ],
)
def test_the_whole_book_outweighs_a_list_of_towns(counts: dict[str, int], kind: ElementType) -> None:
    """Who speaks, is called and hardly stands after "in" is a person; where one only goes to is a place."""
    assert judge_kind(counts, mentions=88) is kind

"""Whose a family's name is: what joins brides, aunts, ladies and bare last names, and what forbids it."""

from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.merging import merge_cast, merge_elements
from tests.unit.test_cast_orders import found, order


def told(name: str, *chapters: int, mentions: int = 20, **signs: dict[str, int]) -> Element:
    """An element that a few chapters found under a name, with who is near, who answers, whom it weds and more."""
    counts = {"middle": mentions, **signs.pop("counts", {})}
    return Element(
        type=ElementType.CHARACTER,
        name=name,
        mentions=mentions,
        chapters=chapters or (1, 2),
        signs=Signs(counts=counts, **signs),
    )


def people(*elements: Element) -> set[frozenset[str]]:
    return {frozenset((each.name, *each.aliases)) for each in merge_elements([list(elements)])}


WOMAN, MAN = {"given_woman": 20, "given": 20}, {"given_man": 20, "given": 20}


def test_a_bride_is_where_the_wife_is() -> None:
    """Mrs. Hale is Nora Finch, who weds Mr. Hale; not when no chapter has both, nor when Mr. Hale is his father."""
    bride = told("Nora Finch", 1, 2, counts=WOMAN, weds={"Mr. Hale": 5, "Paul Hale": 5})
    husband = told("Mr. Hale", 1, 2, counts={"title": 20})

    assert frozenset(("Nora Finch", "Mrs. Hale")) in people(bride, husband, told("Mrs. Hale", 2))
    assert len(people(bride, husband, told("Mrs. Hale", 3))) == 3
    son, father = told("Paul Hale", 1, 2, counts=MAN, along={"Mr. Hale": 2}), told("Mr. Hale", 1, 2, mentions=70)
    only_his = told("Nora Finch", 1, 2, counts=WOMAN, weds={"Paul Hale": 5})
    assert len(people(only_his, son, father, told("Mrs. Hale", 2))) == 4


def test_a_wife_before_the_wedding_is_another() -> None:
    """Mrs. Hale is met at home before Nora knows Mr. Hale; with Nora there, or wed before, it may be she."""
    before, there = told("Nora", 1, 3, counts=WOMAN), told("Nora", 4, counts=WOMAN, weds={"Mr. Hale": 5})
    husband, wife = told("Mr. Hale", 2, 4, counts={"title": 20}), told("Mrs. Hale", 2, 4, counts={"title": 20})

    assert frozenset(("Mrs. Hale",)) in people(before, there, husband, wife)
    assert frozenset(("Nora", "Mrs. Hale")) in people(told("Nora", 2, counts=WOMAN), there, husband, wife)
    wed = told("Nora", 1, 3, counts=WOMAN, weds={"Mr. Hale": 5})
    assert frozenset(("Nora", "Mrs. Hale")) in people(wed, there, husband, wife)


def test_a_bare_last_name_is_the_misters() -> None:
    """ "Vane" is Mr. Vane, however much more is told of Mrs. Vane; hers where no chapter has him, or it is she."""
    bare, wife = told("Vane", 1, 2, mentions=14), told("Mrs. Vane", 1, 2, mentions=65, counts={"title": 65})
    husband = told("Mr. Vane", 1, 2, mentions=4, counts={"title": 4})

    assert frozenset(("Mr. Vane", "Vane")) in people(bare, wife, husband)
    assert frozenset(("Mrs. Vane", "Vane")) in people(bare, wife)
    she = told("Vane", 1, 2, mentions=14, counts={"she": 3})
    assert frozenset(("Mrs. Vane", "Vane")) in people(she, wife, husband)


def test_a_lady_is_no_miss() -> None:
    """Lady Maud Hale, the mother, is not plain Miss Hale, however much she is at home; her daughter Jane may be."""
    family = told("Mr. Hale", 1, 2, counts={"title": 20}), told("Adam Hale", 1, 2, counts=MAN)
    at_home = {"Mr. Hale": 6, "Adam Hale": 6}
    miss = told("Miss Hale", 1, 2, mentions=9, counts={"title": 9})

    lady = told("Lady Maud Hale", 1, 2, counts={"title": 20}, near=at_home)
    assert frozenset(("Miss Hale",)) in people(*family, lady, miss)
    assert frozenset(("Jane", "Miss Hale")) in people(*family, told("Jane", 1, 2, counts=WOMAN, near=at_home), miss)


def test_an_aunt_is_who_answers_and_is_there() -> None:
    """Aunt Bea is Mrs. Rolfe, who answers to the name; not who calls her so, nor who is met beside her."""
    aunt = told("Aunt Bea", 1, 2, 3, answers={"Mrs. Rolfe": 3}, counts={"title": 20, "spoken": 12})

    assert frozenset(("Aunt Bea", "Mrs. Rolfe")) in people(aunt, told("Mrs. Rolfe", 1, 2, 3, counts={"title": 20}))
    beside = told("Mrs. Rolfe", 1, 2, 3, counts={"title": 20}, along={"Aunt Bea": 1})
    assert len(people(aunt, beside)) == 2


def test_a_bare_last_name_is_no_ladys_and_not_of_who_is_hardly_there() -> None:
    """ "Crewe" is not Lady Crewe; nor a Signor who is named thrice, where Sally Crewe is met all along."""
    bare = told("Crewe", 1, mentions=30)

    assert len(people(bare, told("Lady Crewe", 1, 2))) == 2
    often = told("Sally Crewe", 1, 2, mentions=90, counts=WOMAN)
    assert frozenset(("Signor Crewe",)) in people(bare, told("Signor Crewe", 1, mentions=3), often)


def test_a_word_that_is_a_first_and_a_last_name_tells_of_nobody() -> None:
    """ "Dane", where there are Edmund Dane and Dane Harlow."""
    found_people = people(
        told("Edmund Dane", 1, 2, counts=MAN), told("Dane Harlow", 1, 2, mentions=4, counts=MAN), told("Dane", 1, 2)
    )

    assert frozenset(("Dane",)) in found_people


def test_father_and_son_are_two() -> None:
    """A Mr. Ware far more often met than Giles Ware, whose wife is Mrs. Giles; a Master and a Mr. of one name."""
    son, wife = told("Giles Ware", 1, mentions=6, counts=MAN), told("Mrs. Giles Ware", 1, mentions=3)
    family = people(son, wife, told("Mr. Ware", 1, 2), told("Mrs. Ware", 1, 2, along={"Mrs. Giles Ware": 1}))

    assert not any({"Giles Ware", "Mr. Ware"} <= each for each in family)
    assert len(people(told("Mr. Holt", 1, 2, counts={"title": 20}), told("Master Holt", 1, 2))) == 2


def test_who_is_asked_of_another_is_himself() -> None:
    """ "Henslow of Clara" ("asked Henslow of Clara") is Henslow, and no name."""
    henslow, clara = told("Henslow", 1, 2), told("Clara", 1, 2, counts=WOMAN)

    assert people(henslow, clara, told("Henslow of Clara", 1, mentions=1)) == {
        frozenset(("Henslow",)),
        frozenset(("Clara",)),
    }


def test_a_split_leaves_others_their_names() -> None:
    """The rest is not called by what is somebody else's name."""
    book = [[found("Anna Reed"), found("Ben Stone"), found("Annie", aliases=("Anna Reed", "Ben Stone"))]]
    names = [member.name for member in merge_cast(book, [order("split", "Anna Reed")]).members]

    assert sorted(names) == ["Anna Reed", "Annie", "Ben Stone"]

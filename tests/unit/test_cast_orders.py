"""A person's word over the cast: what each order does, what it leaves alone, and what speaks against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.story.cast_orders import Member, Order, Verb, numbered
from imaginized.story.elements import Element, ElementType, Quote
from imaginized.story.merging import MOST_TOLD, Merged, merge_cast, names_of

ANNA, ANNIE, BEN, HALL = "Anna Reed", "Annie", "Ben Stone", "Harrow Hall"


def found(
    name: str,
    *,
    kind: ElementType = ElementType.CHARACTER,
    chapter: int = 1,
    mentions: int = 5,
    aliases: tuple[str, ...] = (),
    looks: str = "",
) -> Element:
    text = f"{name} came in{f', {looks}' if looks else ''}."
    quote = Quote(text=text, chapter=chapter, start=len(name), page=chapter)
    return Element(
        type=kind,
        name=name,
        aliases=aliases,
        description=looks,
        quotes=(quote,),
        mentions=mentions,
        chapters=(chapter,),
    )


BOOK = [
    [found(ANNA, looks="tall"), found(BEN), found(HALL, kind=ElementType.PLACE), found("Annie", mentions=4)],
    [found(ANNA, chapter=2), found(BEN, chapter=2, looks="old"), found("Food", chapter=2)],
]


def cast(*orders: Order, book: list[list[Element]] = BOOK) -> Merged:
    return merge_cast(book, orders)


def order(verb: str, *names: str, to: str = "", line: int = 0) -> Order:
    return Order(verb=Verb(verb), names=names, to=to, line=line)


def names(merged: Merged) -> list[str]:
    return [element.name for element in merged.elements]


def one(merged: Merged, name: str) -> Element:
    (element,) = (element for element in merged.elements if element.name == name)
    return element


def test_without_orders_the_cast_is_what_was_found() -> None:
    """Nobody is said to be anything, and every element is a member."""
    merged = cast()

    assert [member.name for member in merged.members] == names(merged)
    assert not any(member.orders for member in merged.members)
    assert merged.problems == ()


def test_merging_makes_one_of_two_and_leaves_all_others_as_they_were() -> None:
    """It is called as the first one, and has the looks, the chapters and the names of both."""
    before = cast()
    merged = cast(order("merge", ANNA, BEN))
    anna = one(merged, ANNA)

    assert (anna.mentions, anna.chapters) == (20, (1, 2))
    assert set(anna.description.split("; ")) == {"tall", "old"}
    assert BEN in anna.aliases
    assert [one(merged, name) for name in (HALL, "Annie", "Food")] == [one(before, n) for n in (HALL, "Annie", "Food")]


def test_the_first_name_of_a_merge_says_what_they_are_called_and_what_they_are() -> None:
    """However often the others are named."""
    merged = cast(order("merge", "Annie", HALL))

    assert one(merged, "Annie").type is ElementType.CHARACTER
    assert HALL in one(merged, "Annie").aliases


def test_merges_add_up() -> None:
    """Who is one with one of two is one with both."""
    merged = cast(order("merge", ANNA, "Annie"), order("merge", BEN, "Annie"))

    assert set(one(merged, BEN).aliases) == {ANNA, "Annie"}


def test_splitting_a_name_takes_it_with_all_that_was_found_under_it() -> None:
    """What the joining made one is two again; whoever else was joined stays so."""
    book = [[found("Miss Anna Reed"), found("Anna", mentions=9, looks="tall"), found("Miss Reed", mentions=3)]]
    (joined,) = cast(book=book).elements
    assert set(joined.aliases) | {joined.name} == {"Miss Anna Reed", "Anna", "Miss Reed"}
    merged = cast(order("split", "Anna"), book=book)

    assert one(merged, "Anna").description == "tall"
    assert one(merged, "Anna").aliases == ()
    (rest,) = (element for element in merged.elements if element.name != "Anna")
    assert {rest.name, *rest.aliases} == {"Miss Anna Reed", "Miss Reed"}


def test_splitting_another_name_that_a_model_gave_makes_somebody_of_it() -> None:
    """A model may call one by the name of another, under which it told nothing."""
    book = [[found(ANNA, aliases=(BEN, "Annie"), looks="tall")]]
    merged = cast(order("split", BEN), book=book)

    assert one(merged, BEN).chapters == (1,)
    assert (one(merged, BEN).description, one(merged, BEN).quotes) == ("", ())
    assert (one(merged, ANNA).aliases, one(merged, ANNA).description) == (("Annie",), "tall")


def test_a_split_name_may_be_merged_with_another() -> None:
    """So somebody's name goes to whose it is."""
    book = [[found(ANNA, aliases=("the Squire",)), found(BEN)]]
    merged = cast(order("merge", BEN, "the Squire"), order("split", "the Squire"), book=book)

    assert one(merged, BEN).aliases == ("the Squire",)
    assert one(merged, ANNA).aliases == ()


def test_renaming_keeps_the_name_that_was_found_among_its_names() -> None:
    """Scenes of the chapters call it so."""
    merged = cast(order("rename", ANNA, to="Nan"))

    assert one(merged, "Nan").aliases == (ANNA,)
    (member,) = (member for member in merged.members if member.name == "Nan")
    assert (member.found, member.orders) == (ANNA, (Verb.RENAME,))


def test_a_person_says_what_somebody_is() -> None:
    """Whatever the book speaks for."""
    merged = cast(order("kind", BEN, to="creature"))

    assert one(merged, BEN).type is ElementType.CREATURE


def test_who_is_dropped_is_listed_as_that_only() -> None:
    """With all names; it can be named to bring it back."""
    merged = cast(order("merge", "Food", "Annie"), order("drop", "Annie"))

    assert not {"Food", "Annie"} & set(names(merged))
    assert [(member.name, member.is_dropped) for member in merged.members][-1] == ("Food", True)


def test_who_is_named_is_listed_however_little_the_book_speaks_of_it() -> None:
    """A person knows better what matters."""
    book = [*BOOK, *([found(ANNA, chapter=number)] for number in range(3, 12)), [found("Zeb", chapter=12, mentions=1)]]
    assert "Zeb" in cast(book=book).unlisted
    merged = cast(order("kind", "Zeb", to="creature"), book=book)

    assert one(merged, "Zeb").type is ElementType.CREATURE
    assert "Zeb" not in merged.unlisted


@pytest.mark.parametrize(
    ("orders", "line", "text"),
    [
        ([order("drop", "Nobody", line=3)], 3, "no one in the cast is called 'Nobody'"),
        ([order("split", "Bem Stone", line=1)], 1, "did you mean 'Ben Stone'?"),
        ([order("merge", ANNA, "Ana Reed", line=2)], 2, "did you mean 'Anna Reed'?"),
        ([order("rename", ANNA, to="A", line=1), order("rename", ANNA, to="B", line=4)], 4, "contradicts line 1"),
        ([order("kind", ANNA, to="item", line=1), order("kind", ANNA, to="place", line=4)], 4, "contradicts line 1"),
        ([order("rename", ANNA, to="A", line=7), order("drop", ANNA, line=2)], 2, "contradicts line 7"),
        ([order("rename", ANNA, to=BEN, line=5)], 5, "'Ben Stone' is a name of 'Ben Stone' already"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_line(orders: list[Order], line: int, text: str) -> None:
    """The other orders are done."""
    merged = cast(*orders, order("drop", "Food"))
    (problem,) = merged.problems

    assert problem.line == line
    assert text in problem.text
    assert "Food" not in names(merged)


def test_a_name_of_two_is_told_with_both() -> None:
    """Neither is meant more than the other; where one is called just so, that one is."""
    book = [
        [found("John", aliases=("John Smith",))],
        [found("John", aliases=("John Brown",), chapter=2)],
        [found("John Smith", chapter=3)],
    ]
    merged = cast(order("drop", "John"), book=book)

    assert set(names(merged)) == {"John Smith", "John Brown"}
    assert "'John' is a name of 2 of the cast" in merged.problems[0].text


def test_a_kind_that_is_said_twice_alike_is_no_contradiction() -> None:
    """Nothing has to be decided."""
    assert cast(order("kind", BEN, to="item"), order("kind", "ben stone", to="item")).problems == ()


def test_rows_stay_with_their_names() -> None:
    """After a merge the others have the rows that they had; who is new comes last."""
    first = numbered(cast().members, known={})
    rows = {member.found: member.row for member in first}
    after = numbered(cast(order("merge", ANNA, BEN), order("kind", HALL, to="item")).members, known=rows)

    assert {member.found: member.row for member in after}.items() <= rows.items()
    new = numbered((Member(name="X", found="X", type=ElementType.ITEM, found_type=ElementType.ITEM),), known=rows)
    assert new[0].row == max(rows.values()) + 1


def test_a_model_is_told_so_many_names_and_those_that_the_book_has() -> None:
    """The most often named first; neither who is dropped nor a name that only a person gave."""
    crowd = [found(f"Person{n:03d}", mentions=n + 5, aliases=("Xy", "Old Xy") if n == 99 else ()) for n in range(100)]
    merged = cast(order("rename", "Person099", to="Nan"), order("drop", "Person098"), book=[crowd])
    told = names_of(merged.members)

    assert told[0].startswith("Person099 (")
    assert told[1] == "Person097"
    assert not any("Nan" in name or "Person098" in name for name in told)
    assert sum(1 + name.count(",") + name.count("(") for name in told) <= MOST_TOLD


NAMES = (ANNA, ANNIE, BEN, HALL, "Food", "Reed", "Nobody")
ORDERS = st.lists(
    st.one_of(
        st.builds(lambda names: order("merge", *names), st.lists(st.sampled_from(NAMES), min_size=2, max_size=3)),
        st.builds(lambda verb, name: order(verb, name), st.sampled_from(["split", "drop"]), st.sampled_from(NAMES)),
        st.builds(lambda name, to: order("rename", name, to=to), st.sampled_from(NAMES), st.sampled_from(("Q", BEN))),
        st.builds(
            lambda name, to: order("kind", name, to=to), st.sampled_from(NAMES), st.sampled_from(("item", "place"))
        ),
    ),
    max_size=6,
)
ANYBODY = st.lists(
    st.lists(
        st.builds(
            found,
            st.sampled_from(NAMES),
            chapter=st.integers(1, 3),
            aliases=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
        ),
        max_size=4,
    ),
    max_size=4,
)


@given(book=ANYBODY, orders=ORDERS)
def test_nobody_is_lost_or_told_twice(book: list[list[Element]], orders: list[Order]) -> None:
    """Every mention that was listed is somebody's still, once, whatever is ordered; the same orders give the same."""
    merged = merge_cast(book, orders)
    listed = [name for member in merged.members for name in (member.name, member.found, *member.names)]

    assert merged == merge_cast(book, orders)
    assert len({member.name for member in merged.members}) == len(merged.members)
    for element in (element for chapter in book for element in chapter):
        assert element.name in listed or element.name in merged.unlisted

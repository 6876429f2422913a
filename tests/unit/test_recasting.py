"""From what a person says about somebody to the orders that go and come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.story.cast_orders import Order, Verb, numbered
from imaginized.story.elements import Element
from imaginized.story.merging import Merged, merge_cast
from imaginized.story.recasting import Action, Wish, revision_of
from tests.unit.test_cast_orders import ANNA, BEN, BOOK, HALL, found

RICH = [[*BOOK[0], found("Squire Hill", aliases=("the Squire", "Old Hill"))], BOOK[1]]


def say(orders: list[Order], action: str, *who: str, to: str = "", book: list[list[Element]] = RICH) -> list[Order]:
    """The orders after one wish, about the cast as it is after those before."""
    merged = after(orders, book=book)
    wish = Wish(action=Action(action), who=who, to=to)
    rows = numbered(merged.members, known={})
    revision = revision_of(wish, orders=orders, members=rows, unlisted=merged.unlisted)
    return [order for order in orders if order not in revision.removed] + list(revision.added)


def after(orders: list[Order], *, book: list[list[Element]] = RICH) -> Merged:
    return merge_cast(book, orders)


def called(orders: list[Order]) -> set[str]:
    return {element.name for element in after(orders).elements}


def row_of(orders: list[Order], name: str) -> str:
    members = numbered(after(orders).members, known={})
    return str(next(member.row for member in members if member.name == name))


def test_who_is_meant_is_told_by_row_or_by_any_name() -> None:
    """Rows of other names, too; what is noted is a name, which stays when the rows do not."""
    squire, anna = row_of([], "Squire Hill"), row_of([], ANNA)
    by_row, by_name = say([], "merge", anna, squire), say([], "merge", "anna reed", "The squire hill")
    split = say([], "split", f"{squire}.1")

    assert by_row == by_name == [Order(verb=Verb.MERGE, names=(ANNA, "Squire Hill"))]
    assert split[0].names[0] in ("the Squire", "Old Hill")


def test_splitting_what_a_person_merged_takes_the_merge_back() -> None:
    """And leaves the others of it merged."""
    two, three = say([], "merge", ANNA, BEN), say([], "merge", ANNA, BEN, HALL)

    assert say(two, "split", BEN) == []
    assert say(three, "split", BEN) == [Order(verb=Verb.MERGE, names=(ANNA, HALL))]


def test_who_is_said_to_be_what_it_is_needs_no_order() -> None:
    """What comes back to what was found is no order at all."""
    creature = say([], "kind", BEN, to="creature")
    nan = say([], "rename", ANNA, to="Nan")

    assert say(creature, "kind", BEN, to="character") == []
    assert say(say(nan, "rename", "Nan", to="Nancy"), "rename", "Nancy", to=ANNA) == []


def test_dropping_takes_the_name_and_the_kind_with_it() -> None:
    """They would contradict each other."""
    said = say(say([], "rename", BEN, to="Benny"), "kind", "Benny", to="item")
    dropped = say(said, "drop", "Benny")

    assert [order.verb for order in dropped] == [Verb.DROP]
    assert after(dropped).problems == ()
    assert say(dropped, "undo", BEN) == []


def test_undo_is_for_one_and_reset_for_all() -> None:
    """Who is merged is named by any of its names."""
    orders = say(say([], "merge", ANNA, BEN), "drop", HALL)

    assert [order.verb for order in say(orders, "undo", BEN)] == [Verb.DROP]
    assert say(orders, "reset") == []
    assert say(orders, "apply") == orders


def test_who_is_not_listed_can_be_named() -> None:
    """The cast shows only whom the book speaks of often enough."""
    many = [*RICH, *([found(ANNA, chapter=number)] for number in range(3, 12)), [found("Zeb", chapter=12, mentions=1)]]

    assert say([], "merge", ANNA, "Zeb", book=many) == [Order(verb=Verb.MERGE, names=(ANNA, "Zeb"))]


@pytest.mark.parametrize(
    ("action", "who", "to", "text"),
    [
        ("merge", (ANNA,), "", "merge takes two or more"),
        ("merge", (ANNA, "Anna Reed"), "", "is one with 'Anna Reed' already"),
        ("merge", (ANNA, "99"), "", "no one in the cast is called '99'"),
        ("split", (BEN,), "", "has no other names"),
        ("split", ("1.9",), "", "other names, so there is no 1.9"),
        ("drop", ("the Squire",), "", "is one of the names of 'Squire Hill'; split it first"),
        ("rename", (ANNA,), "", "the new name must be a text"),
        ("rename", (ANNA,), BEN, "already; merge the two"),
        ("rename", (ANNA,), ANNA, "it is called 'Anna Reed' already"),
        ("kind", (ANNA,), "dog", "a kind is one of character, creature, place, item"),
        ("kind", (ANNA,), "character", "is a character already"),
        ("undo", (ANNA,), "", "you said nothing about 'Anna Reed'"),
        ("undo", (), "", "undo takes a row or a name"),
        ("reset", (), "", "there is nothing to reset"),
        ("reset", (ANNA,), "", "reset takes no name"),
        ("drop", ("Bem Stone",), "", "did you mean 'Ben Stone'?"),
    ],
)
def test_what_cannot_be_done_says_why(action: str, who: tuple[str, ...], to: str, text: str) -> None:
    """Before anything is written."""
    with pytest.raises(ValueError) as caught:
        say([], action, *who, to=to)

    assert text in str(caught.value)


def test_who_is_left_out_is_brought_back_first() -> None:
    """What is said of it would be done to nobody."""
    with pytest.raises(ValueError, match="is left out by you; undo that first"):
        say(say([], "drop", BEN), "rename", BEN, to="Benny")


WISHES = st.lists(
    st.tuples(
        st.sampled_from(["merge", "split", "rename", "kind", "drop", "undo", "reset"]),
        st.lists(st.sampled_from([ANNA, BEN, HALL, "Annie", "the Squire", "Old Hill", "1", "2.1", "Q"]), max_size=3),
        st.sampled_from(["", "Q", "item", "creature", ANNA]),
    ),
    max_size=6,
)


@given(wishes=WISHES)
def test_whatever_a_person_says_is_done_or_refused(wishes: list[tuple[str, list[str], str]]) -> None:
    """No wish that was taken is told as a problem later."""
    orders: list[Order] = []
    for action, who, to in wishes:
        try:
            orders = say(orders, action, *who, to=to)
        except ValueError:
            continue

        assert [problem.text for problem in after(orders).problems] == []

"""From what a person says about a piece to the edits that go and come."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaginized.story.editing import Edit, Piece, Verb, as_edited
from imaginized.story.revising import Action, Wish, revision_of
from imaginized.story.text import BookText
from tests.unit.test_editing import book_of


def say(book: BookText, edits: list[Edit], action: Action, *rows: str, **values: str) -> list[Edit]:
    """The edits after one wish."""
    pieces = as_edited(book, edits).pieces
    revision = revision_of(Wish(action=action, rows=rows, **values), edits=edits, pieces=pieces)
    return [edit for edit in edits if edit not in revision.removed] + list(revision.added)


def numbers(book: BookText, edits: list[Edit]) -> list[int | None]:
    return [piece.number for piece in as_edited(book, edits).pieces]


def verbs(edits: list[Edit]) -> list[Verb]:
    return [edit.verb for edit in edits]


def test_keep_and_drop_take_each_other_back() -> None:
    """What comes back to what the reader found is no edit at all."""
    book = book_of("sc")
    kept = say(book, [], Action.KEEP, "1")

    assert numbers(book, kept) == [1, 2]
    assert say(book, kept, Action.DROP, "1") == []
    assert say(book, say(book, [], Action.DROP, "2") + kept, Action.KEEP, "2") == kept


def test_merge_joins_all_that_stands_between() -> None:
    """Else the last one would join one of those."""
    book = book_of("cscc")
    merged = say(book, [], Action.MERGE, "1", "4")

    assert numbers(book, merged) == [1, None, 1, 1]
    assert verbs(say(book, merged, Action.UNDO, "3")) == [Verb.MERGE]


def test_split_and_undo() -> None:
    """A part is named by its row; undone, the chapter is whole again."""
    book = book_of("cc")
    split = say(book, [], Action.SPLIT, "1", at="Piece0 says 1", title="Second")
    dropped = say(book, split, Action.DROP, "1.2")

    assert numbers(book, split) == [1, 2, 3]
    assert numbers(book, dropped) == [1, None, 2]
    assert say(book, split, Action.UNDO, "1.2") == []
    assert say(book, split, Action.UNDO, "1") == []


def test_a_new_name_takes_the_place_of_the_last_one() -> None:
    """There is one title at a time."""
    book = book_of("c")
    named = say(book, [], Action.RENAME, "1", title="One")
    again = say(book, named, Action.RENAME, "1", title="Two")

    assert [(edit.verb, edit.to) for edit in again] == [(Verb.RENAME, "Two")]
    assert say(book, again, Action.RESET) == []


@pytest.mark.parametrize(
    ("action", "rows", "reason"),
    [
        (Action.KEEP, ("2",), "is a chapter already"),
        (Action.DROP, ("1",), "is left out already"),
        (Action.KEEP, ("9",), "no such row: 9"),
        (Action.MERGE, ("2",), "two or more"),
        (Action.MERGE, ("1", "2"), "is not a chapter"),
        (Action.SPLIT, ("2",), "needs --at"),
        (Action.RENAME, ("2",), "needs the new title"),
        (Action.UNDO, ("2",), "nothing was done"),
        (Action.RESET, (), "nothing was changed"),
        (Action.APPLY, ("1",), "takes no row"),
        (Action.DROP, (), "takes the row"),
    ],
)
def test_what_cannot_be_done_says_why(action: Action, rows: tuple[str, ...], reason: str) -> None:
    """And what is so already is told, not done twice."""
    with pytest.raises(ValueError, match=reason):
        say(book_of("scc"), [], action, *rows)


def test_what_is_merged_into_a_dropped_chapter_does_not_join_another() -> None:
    """It says "joins the chapter before", which would be one that nobody named; both can be dropped."""
    book = book_of("cccc")
    merged = say(book, [], Action.MERGE, "2", "3")

    with pytest.raises(ValueError, match="row 3 is merged into row 2; drop both"):
        say(book, merged, Action.DROP, "2")
    assert numbers(book, say(book, merged, Action.DROP, "2", "3")) == [1, None, None, 2]
    assert numbers(book, say(book, merged, Action.DROP, "3")) == [1, 2, None, 3]


def test_a_merge_that_was_ordered_but_not_done_yet_counts() -> None:
    """A second command may come before the book is divided again: the edits decide, not what was found."""
    book = book_of("cc")
    pieces = as_edited(book).pieces
    merged = say(book, [], Action.MERGE, "1", "2")

    with pytest.raises(ValueError, match="rename that one"):
        revision_of(Wish(action=Action.RENAME, rows=("2",), title="Two"), edits=merged, pieces=pieces)
    revision_of(Wish(action=Action.RENAME, rows=("2",), title="Two"), edits=[], pieces=as_edited(book, merged).pieces)


ROWS = st.sampled_from(["1", "2", "3", "4", "2.2"])


@given(
    wishes=st.lists(
        st.tuples(st.sampled_from(list(Action)), st.lists(ROWS, max_size=3), st.sampled_from(["", "says 1", "x"])),
        max_size=6,
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_wished_the_edits_fit_the_book(wishes: list[tuple[Action, list[str], str]]) -> None:
    """A wish is refused, or its edits name pieces that are there; only a split may find no such paragraph."""
    book, edits = book_of("cscc"), list[Edit]()
    for action, rows, words in wishes:
        try:
            edits = say(book, edits, action, *rows, at=words, title=words)
        except ValueError:
            continue
        problems = [problem.text for problem in as_edited(book, edits).problems]
        assert not [text for text in problems if "no piece of the book" in text and Verb.SPLIT not in verbs(edits)]
    assert isinstance(as_edited(book, edits).pieces[0], Piece)

"""Dividing a book as a person wants, and the file that says so."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaginized.story.edit_file import EDITS_FILE, HEADER
from imaginized.story.editing import Edit, Verb, as_edited, find_piece
from imaginized.story.text import BookText, ChapterText, Paragraph, Skipped

FILE = "chapters.toml"


def paragraphs(name: str, count: int) -> tuple[Paragraph, ...]:
    return tuple(
        Paragraph(f"{name} says {number} again and again.", f"{name}.xhtml", number) for number in range(count)
    )


def book_of(kinds: str, *, count: int = 3) -> BookText:
    """A book of chapters (c), skipped pieces (s) and chapters that were not asked for (u), in this order."""
    chapters: list[ChapterText] = []
    skipped: list[Skipped] = []
    number = words = 0
    for order, kind in enumerate(kinds):
        text = paragraphs(f"Piece{order}", count)
        length = sum(len(one.text.split()) for one in text)
        title = f"Title {order}"
        number += kind in "cu"
        if kind == "c":
            chapters.append(ChapterText(number=number, title=title, paragraphs=text, words_before=words, order=order))
        else:
            own = number if kind == "u" else None
            skipped.append(Skipped(title=title, reason="why", words=length, order=order, paragraphs=text, number=own))
        words += length if kind in "cu" else 0
    return BookText(title="Book", chapters=tuple(chapters), skipped=tuple(skipped))


def edit(verb: Verb, order: int, *, line: int = 0, **values: str) -> Edit:
    return Edit(verb=verb, title=f"Title {order}", starts=f"Piece{order} says 0", line=line, **values)


def texts(book: BookText) -> list[str]:
    """Every paragraph of the book, in the order of its pieces."""
    pieces: Sequence[ChapterText | Skipped] = (*book.chapters, *book.skipped)
    return sorted(one.text for piece in pieces for one in piece.paragraphs)


def titles(book: BookText) -> list[str]:
    return [chapter.title for chapter in book.chapters]


def test_without_edits_a_book_is_the_same() -> None:
    """Not a number, not a page changes."""
    book = book_of("scsc")

    assert as_edited(book).book is book
    assert [(piece.row, piece.number) for piece in as_edited(book).pieces] == [
        ("1", None),
        ("2", 1),
        ("3", None),
        ("4", 2),
    ]


def test_what_was_skipped_comes_back_in_its_place() -> None:
    """And the chapters behind it get the next numbers."""
    edited = as_edited(book_of("csc"), [edit(Verb.KEEP, 1)])

    assert titles(edited.book) == ["Title 0", "Title 1", "Title 2"]
    assert [chapter.number for chapter in edited.book.chapters] == [1, 2, 3]
    assert edited.book.chapters[2].words_before == sum(chapter.words for chapter in edited.book.chapters[:2])


def test_a_dropped_chapter_is_a_skipped_piece_that_says_who_did_it() -> None:
    """Its text stays with the book, so that it can be taken back."""
    edited = as_edited(book_of("cc"), [edit(Verb.DROP, 0)])

    assert titles(edited.book) == ["Title 1"]
    assert edited.book.chapters[0].number == 1
    assert [(one.reason, len(one.paragraphs)) for one in edited.book.skipped] == [("dropped by a person", 3)]


def test_a_merged_piece_joins_the_chapter_before_it() -> None:
    """Over whatever is skipped in between."""
    edited = as_edited(book_of("csc"), [edit(Verb.MERGE, 2)])

    assert len(edited.book.chapters) == 1
    assert len(edited.book.chapters[0].paragraphs) == 6
    assert [piece.number for piece in edited.pieces] == [1, None, 1]


def test_a_split_piece_becomes_two_chapters_each_of_which_can_be_edited() -> None:
    """The second part goes by its own title and words."""
    split = edit(Verb.SPLIT, 0, at="Piece0 says 1", to="The Second")
    drop = Edit(verb=Verb.DROP, title="Title 0", starts="Piece0 says 0")
    rename = Edit(verb=Verb.RENAME, title="The Second", to="The Only")
    edited = as_edited(book_of("cc"), [split, drop, rename])

    assert titles(edited.book) == ["The Only", "Title 1"]
    assert [piece.row for piece in edited.pieces] == ["1", "1.2", "2"]
    assert edited.problems == ()


def test_an_edit_that_fits_nothing_is_told_and_left_out() -> None:
    """The others are made: a slip never costs the book."""
    bad = [
        Edit(verb=Verb.DROP, title="No Such", line=3),
        edit(Verb.SPLIT, 0, at="never said", line=5),
        edit(Verb.SPLIT, 0, at="Piece0 says 0", line=7),
        Edit(verb=Verb.DROP, row="1", line=9),
        edit(Verb.MERGE, 0, line=11),
    ]
    edited = as_edited(book_of("cc"), [*bad, edit(Verb.RENAME, 1, to="Other")])

    assert titles(edited.book) == ["Title 0", "Other"]
    assert sorted(problem.line for problem in edited.problems) == [3, 5, 7, 9, 11]


def test_of_two_pieces_that_have_no_chapter_to_join_both_are_told() -> None:
    """A skipped piece that joins none stays skipped, and the chapter after it is the first."""
    edited = as_edited(book_of("scc"), [edit(Verb.MERGE, 0, line=1), edit(Verb.MERGE, 1, line=3)])

    assert titles(edited.book) == ["Title 1", "Title 2"]
    assert sorted(problem.line for problem in edited.problems) == [1, 3]


def test_nothing_left_is_refused_as_a_whole() -> None:
    """A book without a chapter is no book."""
    edited = as_edited(book_of("cs"), [edit(Verb.DROP, 0)])

    assert len(edited.book.chapters) == 1
    assert "keep at least one" in edited.problems[0].text


def test_a_piece_is_found_again_after_the_readers_changed() -> None:
    """By title and first words wherever it is, or by one of them; the row only decides between equals."""
    pieces = as_edited(book_of("sccc")).pieces
    known = Edit(verb=Verb.DROP, title=pieces[2].title, starts=pieces[2].starts, row="9")
    same = [replace(piece, title="Same", starts="Same words") for piece in pieces]

    assert find_piece(known, pieces) == pieces[2]
    assert find_piece(replace(known, title="Other"), pieces) == pieces[2]
    assert find_piece(Edit(verb=Verb.DROP, title="Same", row="3"), same) == same[2]
    assert "add row" in str(find_piece(Edit(verb=Verb.DROP, title="Same"), same))


def test_chapters_that_were_not_asked_for_keep_their_numbers() -> None:
    """They count, as they did before; one of them can be kept after all."""
    book = book_of("ucuc")

    assert [one.number for one in as_edited(book, [edit(Verb.RENAME, 1, to="x")]).book.chapters] == [2, 4]
    assert [one.number for one in as_edited(book, [edit(Verb.KEEP, 0)]).book.chapters] == [1, 2, 4]


EDITS = st.lists(
    st.builds(edit, st.sampled_from([Verb.KEEP, Verb.DROP, Verb.MERGE]), st.integers(0, 7))
    | st.builds(lambda order: edit(Verb.RENAME, order, to="New"), st.integers(0, 7))
    | st.builds(
        lambda order, at: edit(Verb.SPLIT, order, at=f"Piece{order} says {at}"), st.integers(0, 7), st.integers(0, 4)
    ),
    max_size=8,
)


@given(kinds=st.text("csu", min_size=1, max_size=7).filter(lambda kinds: "c" in kinds), edits=EDITS)
@settings(max_examples=300, deadline=None)
def test_whatever_is_edited_no_paragraph_is_lost_or_doubled(kinds: str, edits: list[Edit]) -> None:
    """Each is in one chapter or one skipped piece; numbers rise, pages follow, and every piece says where it is."""
    book = book_of(kinds)
    edited = as_edited(book, edits)
    numbers = [chapter.number for chapter in edited.book.chapters]

    assert texts(edited.book) == texts(book)
    assert edited.book.chapters
    assert numbers == sorted(set(numbers))
    assert set(numbers) == {piece.number for piece in edited.pieces} - {None}
    numbered: list[ChapterText | Skipped] = [*edited.book.chapters, *edited.book.skipped]
    words = 0
    for piece in sorted((one for one in numbered if one.number is not None), key=lambda one: one.number or 0):
        assert not isinstance(piece, ChapterText) or piece.words_before == words
        words += piece.words


def test_the_file_says_what_is_wrong_where_and_what_to_do() -> None:
    """All mistakes at once."""
    text = '# mine\n[[drop]]\ntitle = "A"\n\n[[drop]]\n\n[[split]]\ntitle = "B"\n\n[[keep]]\ntitel = "C"\n\n[other]\n'
    _, problems = EDITS_FILE.parse(text, name=FILE)

    assert [problem.partition(": ")[0] for problem in problems] == [
        "chapters.toml:10",
        "chapters.toml:5",
        "chapters.toml:7",
        "chapters.toml:13",
    ]
    assert "allowed are title, starts, file, row" in problems[0]
    assert EDITS_FILE.parse("[[drop]\n", name=FILE)[1][0].startswith("chapters.toml:1: not valid TOML")


def test_what_a_person_wrote_in_the_file_stays() -> None:
    """A block goes or comes; comments and the other blocks stay to the byte."""
    text = '# mine\n\n[[drop]]\ntitle = "A" # the map\n\n# about B\n[[keep]]\ntitle = "B"\n'
    drop, keep = EDITS_FILE.parse(text, name=FILE)[0]
    added = Edit(verb=Verb.RENAME, title="C", to='D "quoted" \\ é')

    assert (
        EDITS_FILE.revise(text, removed=[drop], added=[], name=FILE) == '# mine\n\n\n# about B\n[[keep]]\ntitle = "B"\n'
    )
    result = EDITS_FILE.revise(text, removed=[keep], added=[added], name=FILE)
    assert result.startswith('# mine\n\n[[drop]]\ntitle = "A" # the map\n')
    assert EDITS_FILE.parse(result, name=FILE) == ((drop, added), ())
    assert EDITS_FILE.revise("", removed=[], added=[added], name=FILE).startswith(HEADER)


@given(edits=EDITS, more=EDITS)
@settings(max_examples=100, deadline=None)
def test_a_revised_file_has_exactly_the_edits_that_are_meant(edits: list[Edit], more: list[Edit]) -> None:
    """Whatever stood in it, and also where it was written inline."""
    text = "\n".join(EDITS_FILE.render(one) for one in edits)
    removed = edits[::2]
    wanted = [one for one in edits if one not in removed] + more
    found, problems = EDITS_FILE.parse(EDITS_FILE.revise(text, removed=removed, added=more, name=FILE), name=FILE)

    assert problems == ()
    assert sorted(map(EDITS_FILE.render, found)) == sorted(map(EDITS_FILE.render, wanted))


def test_edits_written_inline_are_written_anew() -> None:
    """They cannot be cut out as blocks: the comments go, the edits stay."""
    text = '# mine\ndrop = [{title = "A"}, {title = "B"}]\n'
    first, second = EDITS_FILE.parse(text, name=FILE)[0]

    result = EDITS_FILE.revise(text, removed=[first], added=[], name=FILE)
    assert EDITS_FILE.parse(result, name=FILE) == ((second,), ())


@pytest.mark.parametrize("row", [3, "3.2"])
def test_a_row_may_be_a_number_or_a_text(row: object) -> None:
    """Both are what a person would write."""
    value = f'"{row}"' if isinstance(row, str) else row
    edits, problems = EDITS_FILE.parse(f'[[drop]]\ntitle = "A"\nrow = {value}\n', name=FILE)

    assert (edits[0].row, problems) == (str(row), ())

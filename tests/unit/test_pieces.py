"""Divisions that are none: pieces that a program cut are doubtful, whatever is printed above each."""

from itertools import pairwise
from pathlib import Path

import pytest

from imaginized.reading.book import read_book
from imaginized.story.text import Division
from tests.support.made_books import epub, listed, page, prose, sentences


def divided(folder: Path, pieces: list[str], *, titles: list[str]) -> Division:
    documents = {
        f"p{at}.xhtml": page(f"<h2>{title}</h2>{piece}")
        for at, (title, piece) in enumerate(zip(titles, pieces, strict=True))
    }
    book = read_book(epub(folder, documents, toc=listed(titles, documents)), original_name="a.epub")
    assert book.division is not None
    return book.division


@pytest.mark.parametrize("heading", ["Part {}", "Chapter {}", "The Lamp by the River", "{}"])
def test_pieces_that_begin_in_the_middle_of_a_sentence_are_doubtful(heading: str, tmp_path: Path) -> None:
    """A heading in each, and contents that name it, make no chapter of what goes on from the one before."""
    words = sentences(4300).split()
    starts = [0, 640, 1270, 2010, 2650, 3400, 4300]
    pieces = [
        "".join(f"<p>{' '.join(words[at : min(at + 61, end)])}</p>" for at in range(start, end, 61))
        for start, end in pairwise(starts)
    ]

    assert divided(tmp_path, pieces, titles=[heading.format(at) for at in range(1, 7)]).is_doubtful


def test_pieces_of_one_size_are_doubtful_and_the_reason_says_so(tmp_path: Path) -> None:
    """Cut where a paragraph ends, once there is enough: no sentence is torn, and no author writes so evenly."""
    pieces = [prose(4200 + at % 3 * 20, seed=at) for at in range(6)]
    division = divided(tmp_path, pieces, titles=[f"Section {at}" for at in range(1, 7)])

    assert division.is_doubtful
    assert "all are of one size" in division.reason


def test_chapters_of_their_own_lengths_are_sure(tmp_path: Path) -> None:
    """Also where one begins small, for want of its initial, and where one is in verse without stops."""
    pieces = [prose(2500 + at * 37 % 11 * 160, seed=at) for at in range(6)]
    pieces[2] = pieces[2].replace("<p>", "<p>", 1).replace(pieces[2][3:4], pieces[2][3:4].lower(), 1)
    pieces[3] += "<p>the lamp was lit<br/>the door stood open</p>"
    division = divided(tmp_path, pieces, titles=[f"Chapter {at}" for at in range(1, 7)])

    assert division.confidence > 0.9

"""Every made book: small files as many programs write them, each with what must come of it."""

from pathlib import Path

import pytest

from tests.support.made_blind import BLIND
from tests.support.made_blind_more import MORE
from tests.support.made_books import Made, judge
from tests.support.made_shapes import SHAPES
from tests.support.made_words import WORDS

_SHORT = {
    "pdf-hyphens": "a compound that is divided at its hyphen and stands nowhere else in the book loses it",
    "calibre-txt": "titles of one word, neither numbered nor in capitals nor marked",
    "more-scanned": "page numbers in paragraphs of their own look like numbers of chapters",
    "text-more-web-page": "the footer of a saved web page",
    "notes-blind-sidenote": "notes of Tufte's style sheet, within the sentence",
}


def _marked(made: Made) -> object:
    why = _SHORT.get(made.name)
    marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
    return pytest.param(made, id=made.name, marks=marks)


@pytest.mark.parametrize("made", [_marked(made) for made in (*SHAPES, *WORDS, *BLIND, *MORE)])
def test_a_made_book_comes_out_as_its_case_says(made: Made, tmp_path: Path) -> None:
    """Titles, words that must and must not be there, parts, sizes."""
    assert judge(made, tmp_path) == ""

"""Made books of the kinds that went wrong once; all of them are in tests/integration/test_made_books.py."""

from pathlib import Path

import pytest

from tests.support.made_blind_more import MORE
from tests.support.made_books import judge
from tests.support.made_shapes import SHAPES
from tests.support.made_words import WORDS

_MADE = {made.name: made for made in (*SHAPES, *WORDS, *MORE)}
_PICKED = """
    lookalike-en lookalike-en3 lookalike-sv lookalike-zh boxed-flat smashwords lie-book-title lie-sections
    twoline-classes notes-duokan notes-japanese notes-plain-super notes-aozora notes-ade-linked-img text-md-hash
    fb2-untitled fb2-bold docx-german docx-outline rtf-styles more-diary more-navigation
"""


@pytest.mark.parametrize("name", _PICKED.split())
def test_a_made_book_comes_out_as_its_case_says(name: str, tmp_path: Path) -> None:
    """Titles, words that must and must not be there, parts, sizes."""
    assert judge(_MADE[name], tmp_path) == ""

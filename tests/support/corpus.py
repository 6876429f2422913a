"""What every reader owes the corpus of real books: the chapters that a reader would name, or the right rejection."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from imaginized.errors import Rejected
from imaginized.story.text import BookText
from tests.support.epubs import books


def check_real_book(name: str, read: Callable[[Path], BookText], *, words_off: float) -> None:
    """The book has its title, its story chapters and its words, or is rejected for what it deserves.

    Args:
        name: Of its file.
        read: The reader.
        words_off: The share of its words that may be off: of a PDF the corpus counts the front and back matter, too.
    """
    expected = json.loads((books() / "expected.json").read_text())[name]
    if "reject" in expected:
        with pytest.raises(Rejected, match=f"(?i){expected['reject']}"):
            read(books() / name)
        return
    book = read(books() / name)
    words = count_of(book)

    assert expected["chapters"][0] <= len(book.chapters) <= expected["chapters"][1]
    assert book.title == expected.get("title", book.title)
    assert words == pytest.approx(expected.get("words", words), rel=words_off)


def count_of(book: BookText) -> int:
    """Its words as the corpus counts them."""
    return sum(len(re.findall(r"\w+", chapter.text)) for chapter in book.chapters)

"""Faces on the guide's cards: nobody gets one of the wrong sex for want of a picture with them in it."""

import pytest

from imaginized.stages.faces import sex_of
from imaginized.story.elements import Element, ElementType, Look, Quote
from imaginized.story.staging import Sex


@pytest.mark.parametrize(
    ("name", "told", "sex"),
    [
        ("Zorina", "Her dress was pure white but her eyes were blue.", Sex.WOMAN),
        ("Zorin", "His coat was torn and his beard was grey.", Sex.MAN),
        ("Uncle Zorin", "The coat was torn.", Sex.MAN),
        ("Zorin", "The coat was torn.", Sex.UNKNOWN),
    ],
)
def test_the_sex_of_who_stands_in_no_picture_is_told_by_all_that_the_book_says(name: str, told: str, sex: Sex) -> None:
    """By title, by name, by the sentences of the looks; where nothing tells there is no face."""
    quote = Quote(text=told, chapter=3, start=0, page=1)
    look = Look(text=told.split()[1], quote=quote)
    element = Element(type=ElementType.CHARACTER, name=name, looks=(look,))

    assert sex_of(element) is sex

"""Looks of an element for provider `builtin`: what is said of whom, in the author's words."""

import pytest

from tests.unit.test_words import named, read


@pytest.mark.parametrize(
    ("text", "look"),
    [
        ("Holmes came in late, and his long white beard was wet. “Well,” said Holmes. He laughed.", "long white beard"),
        (
            "“It is well,” said Daggoo. Daggoo, a gigantic, black man, sat on the deck. Daggoo rose.",
            "a gigantic, black man",
        ),
        ("Anna sat down. She was silent. She wore a long green cloak. “It is well,” said Anna.", "long green cloak"),
        ("Mr. Brown stood up. He took the cup with his thin brown hands. “Well,” said Mr. Brown.", "thin brown hands"),
    ],
)
def test_looks_of_the_only_one_named_are_theirs(text: str, look: str) -> None:
    """His beard in the name's own sentence, "a tall man" after a comma, and what the next sentences of "he" say."""
    assert any(look in element.description for element in read(text).elements), read(text).elements


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Flask", "The giant put Flask’s hand on his black curly head. “Well,” said Flask. Flask laughed."),
        ("Arthur", "Arthur took her small white hand. “Well,” said Arthur. He laughed, and Arthur sat down again."),
        (
            "Anna",
            "Anna saw Peter with his long white beard. Anna gave her hand. Then Anna put on her hat. She and Anna sat.",
        ),
        (
            "Hatter",
            "The Hatter was silent. The Hatter said, “Why is a black raven like a desk?” and the Hatter laughed.",
        ),
        (
            "Alice",
            "For a minute both footmen, Alice noticed, had powdered black hair. “Well,” said Alice. Alice sat.",
        ),
        ("Agatha", "Agatha was a good creature and an old friend. “Well,” said Agatha. Agatha was great."),
    ],
)
def test_looks_of_others_are_nobodys(name: str, text: str) -> None:
    """Another's head, another sex, another name, a riddle, praise: nothing is claimed rather than something wrong."""
    assert named(read(text))[name].description == ""

"""Finding a quoted passage in a chapter although it was not copied exactly."""

import random
import re

import pytest

from imaginized.reading.book import read_book
from imaginized.reading.quotes import Found, find_quote
from tests.support.epubs import BUNDLED, CUT, books

TEXT = (
    "Alice was beginning to get very tired of sitting by her sister on the bank, and of having nothing to do.\n\n"
    "“And what is the use of a book,” thought Alice, “without pictures or conversations?”\n\n"
    "So she was considering in her own mind—as well as she could, for the hot day made her feel very sleepy and "
    "stupid—whether the pleasure of making a daisy-chain would be worth the trouble of getting up and picking the "
    "daisies, when suddenly a White Rabbit with pink eyes ran close by her.\n\n"
    "There was nothing so very remarkable in that; nor did Alice think it so very much out of the way to hear the "
    "Rabbit say to itself, “Oh dear! Oh dear! I shall be late!”\n\n"
    "But when the Rabbit actually took a watch out of its waistcoat-pocket, and looked at it, and then hurried on, "
    "Alice started to her feet."
)


def find(quote: str, text: str = TEXT) -> Found:
    found = find_quote(quote, text)
    assert found is not None
    assert found.text == text[found.start : found.end]
    return found


def test_an_exact_quote_is_found_to_the_letter() -> None:
    """What stands there stands there."""
    found = find("a White Rabbit with pink eyes ran close by her.")

    assert found.text == "a White Rabbit with pink eyes ran close by her."
    assert (found.score, found.is_approximate) == (100.0, False)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ('"And what is the use of a book," thought Alice', "“And what is the use of a book,” thought Alice"),
        ("A WHITE RABBIT WITH PINK EYES", "a White Rabbit with pink eyes"),
        ("in her own mind - as well as she could", "in her own mind—as well as she could"),
        ("making a daisy chain", "making a daisy-chain"),
        ("Oh dear!  Oh dear!\nI shall be late!", "Oh dear! Oh dear! I shall be late!”"),
    ],
)
def test_case_spacing_quotes_and_dashes_do_not_matter(quote: str, text: str) -> None:
    """Typography is not the author's word; the source's own is given back."""
    found = find(quote)

    assert (found.text, found.score) == (text, 100.0)


def test_a_few_other_words_do_not_matter() -> None:
    """The source's own words are given back, not the quoter's."""
    found = find("when all at once a White Rabbit with red eyes ran close by Alice.")

    assert found.text.endswith("a White Rabbit with pink eyes ran close by her.")
    assert found.score >= 75 and not found.is_approximate


def test_a_dropped_word_does_not_matter() -> None:
    """Nor does it move the ends of the passage."""
    found = find("the Rabbit took a watch out of its waistcoat-pocket, and looked at it")

    assert found.text == "the Rabbit actually took a watch out of its waistcoat-pocket, and looked at it"


def test_a_quote_over_two_paragraphs_is_found() -> None:
    """Models join paragraphs."""
    found = find("having nothing to do. And what is the use of a book, thought Alice")

    assert found.text == "having nothing to do.\n\n“And what is the use of a book,” thought Alice"


@pytest.mark.parametrize("dots", ["...", "…", "[...]", " . . . "])
def test_an_ellipsis_stands_for_what_was_left_out(dots: str) -> None:
    """The passage reaches from the first words to the last."""
    found = find(f"the Rabbit actually took a watch {dots} Alice started to her feet")

    assert found.text.startswith("the Rabbit actually took a watch out")
    assert found.text.endswith("Alice started to her feet")


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " …  ",
        "The Queen of Hearts she made some tarts, all on a summer day.",
        "Call me Ishmael. Some years ago, never mind how long precisely, having little money in my purse.",
        "hedgehog",
    ],
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    """Invented words are nobody's quote."""
    assert find_quote(quote, TEXT) is None


def test_a_quote_that_is_half_right_is_marked() -> None:
    """Between 65 and 75 a reader is told."""
    found = find(
        "Alice was starting to grow rather weary of sitting near her sister at the bank and with nothing to do"
    )

    assert found.is_approximate == (found.score < 75)
    assert found.text.startswith("Alice was beginning")


def test_scripts_without_spaces_are_searched_by_character() -> None:
    """Japanese is found by its characters, whatever the punctuation."""
    text = "山路を登りながら、こう考えた。智に働けば角が立つ。情に棹させば流される。"
    found = find("智に働けば角が立つ、情に棹させば", text)

    assert found.text == "智に働けば角が立つ。情に棹させば"


def test_an_empty_text_holds_no_quote() -> None:
    """Nor do texts without words."""
    assert find_quote("anything at all", "") is None
    assert find_quote("anything at all", "…\n\n—") is None


@pytest.mark.parametrize("whole", [False, True], ids=["cut", "whole"])
def test_real_chapters_give_back_their_quotes_and_no_others(whole: bool) -> None:
    """Of quotes with every eighth word replaced 98 in 100 are found where they stand; of foreign ones none is."""
    chapters = [c.text for c in read_book((books() if whole else CUT) / "dracula-se.epub", original_name="x").chapters]
    other = [c.text for c in read_book(BUNDLED, original_name="x").chapters]
    draw = random.Random(7)
    right = foreign = 0
    for _ in range(100):
        text = draw.choice(chapters)
        words = list(re.finditer(r"\S+", text))
        at = draw.randrange(len(words) - 40)
        quote = [word[0] for word in words[at : at + 40]]
        quote[3::8] = ["aardvark"] * len(quote[3::8])
        found = find_quote(" ".join(quote), text)
        right += found is not None and abs(found.start - words[at].start()) < 60
        start = draw.randrange(1000)
        invented = find_quote(" ".join(draw.choice(other).split()[start : start + 30]), text)
        foreign += invented is not None and not invented.is_approximate

    assert right >= 98
    assert foreign == 0

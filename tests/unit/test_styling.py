"""Genre and period of a book by its words: what one word, every age or two ages at once do not decide."""

import pytest

from imaginized.providers.builtin.plates.wardrobe import Era, era_of
from imaginized.providers.builtin.styling import COACHES, LATE, PERIODS, WIGS, guess_style
from imaginized.story.sheets import Style

PLAIN = "they went along the road and talked of many things until the evening came and nobody was to be seen there "


def style_of(*words: str, plain: int = 12) -> Style:
    """The guess for a book in which each of some words is said three times among others."""
    said = " ".join(f"and so the {word} was there" for word in words)
    return guess_style([said * 3 + " " + PLAIN * plain], language="en")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("cab", "train", "telegraph", "railway"), LATE),
        (("telephone", "motor", "cinema", "cab", "train"), "20th century"),
        (("chaise", "coach", "wig", "breeches"), COACHES),
        (("coach", "wig", "breeches", "periwig", "cutlass"), WIGS),
        (("musket", "cutlass", "muskets", "flintlock"), COACHES),
        (("knight", "lance", "archers", "jester"), "middle ages"),
        (("abbot", "friar", "monk", "cloister"), ""),
        (("knight", "lance", "archers", "jester", "telegraph", "train", "cab"), ""),
        (("gladiator", "toga", "tribune", "legion", "chariot", "centurion"), "antiquity"),
        ((), ""),
    ],
)
def test_things_date_a_book(words: tuple[str, ...], expected: str) -> None:
    """The newest decide; monks are of every age, and who has knights and trains is of none."""
    assert style_of(*words).period == expected


@pytest.mark.parametrize(("period", "era"), [(WIGS, Era.REGENCY), (COACHES, Era.REGENCY), (LATE, Era.VICTORIAN)])
def test_each_period_has_its_dress(period: str, era: Era) -> None:
    """As it stands in a style guide."""
    assert era_of(f"Period: {period}") is era


def test_a_period_is_proved_by_words() -> None:
    """Also one that is told from another by what it lacks."""
    assert dict(style_of("coach", "wig", "breeches", "periwig", "cutlass").evidence)
    assert WIGS not in PERIODS


def test_one_word_makes_no_genre() -> None:
    """A detective who chases a traveller, or a girl whom all call princess, says little of a book."""
    rare = "and so the detective was there and the inspector, the crime, the clue "
    few = guess_style(["and so the detective was there " * 30 + rare + PLAIN * 300], language="en")
    many = guess_style([rare * 8 + PLAIN * 100], language="en")

    assert (few.genre, many.genre) == ("", "detective story")


def test_a_genre_is_that_of_most_of_a_book() -> None:
    """Who goes by ship to where the story is, is in no sea story."""
    sea = "and so the ship and the crew, the deck, the mast, the sails, the helm, the hull and a sailor were there "
    voyage, ashore = sea * 6 + PLAIN * 30, PLAIN * 40

    assert guess_style([voyage, voyage, ashore], language="en").genre == "sea story"
    assert guess_style([voyage, ashore, ashore, ashore], language="en").genre == ""


def test_the_yards_of_a_ship_are_no_courtyard() -> None:
    """On land they are."""
    yards = "and so they went to the yard and the yards " * 6 + PLAIN * 60
    afloat = "and so they stood on deck and on the quarter-deck " * 12

    assert "courtyard" in guess_style([yards], language="en").place
    assert "courtyard" not in guess_style([yards + afloat], language="en").place

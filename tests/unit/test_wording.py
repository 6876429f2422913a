"""The catalogues of the guide's own words: whole, with the same values to fill in, and used."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from imaginized.guide import wording
from imaginized.guide.wording import ENGLISH, LANGUAGES, runs, words_for

ROOM = Path(wording.__file__).parent
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def phrases(language: str) -> dict[str, str]:
    table = tomllib.loads((ROOM / "words" / f"{language}.toml").read_text())
    return dict(wording._flat(table))


def values(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_phrase_of_a_guide(language: str) -> None:
    """Nothing but the shelf, which has books of many languages, is left in English, and nothing is to be filled in
    that is not there."""
    english, other = phrases(ENGLISH), phrases(language)
    wanted = {key for key in english if not key.startswith(("shelf.", "books."))}

    assert set(other) == wanted
    assert {key for key in wanted if not values(other[key]) <= values(english[key])} == set()
    assert sum(other[key] == english[key] for key in wanted) < len(wanted) / 5


def test_every_phrase_that_is_asked_for_is_there() -> None:
    """The keys in templates and scripts are in the English catalogue."""
    sources = "".join(path.read_text() for path in (ROOM / "templates").iterdir())
    asked = set(re.findall(r"""\b(?:t|say)\("([\w.]+)"[,)]""", sources))

    assert len(asked) > 60
    assert asked - set(phrases(ENGLISH)) == set()


@pytest.mark.parametrize(
    ("tag", "expected"), [("de-AT", "de"), ("PT-br", "pt"), ("en-GB", "en"), ("ja", "en"), ("", "en")]
)
def test_a_book_without_a_catalogue_gets_english(tag: str, expected: str) -> None:
    """The first part of a language's tag decides."""
    assert words_for(tag).language == expected


def test_numbers_are_said_as_the_language_says_them() -> None:
    """One is not many, thousands are grouped, and neighbours are drawn together."""
    assert words_for("en").count(1, "pages") == "1 page"
    assert words_for("de").count(1234, "pages") == "1.234 Seiten"
    assert runs((1, 2, 3, 5, 8, 9)) == "1–3, 5, 8–9"

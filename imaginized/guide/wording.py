"""The guide's own words by language: one catalogue a language in `words/`, English where a language has none."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ENGLISH = "en"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; called with a key and its values it gives a phrase.

    Attributes:
        language: Its tag.
        phrases: By key; one that counts has two, `KEY.one` and `KEY.other`.
    """

    language: str
    phrases: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The phrase with its values.

        Raises:
            KeyError: No catalogue has it.
        """
        return self.phrases[key].format(**values)

    def count(self, number: int, key: str) -> str:
        """A number with its noun: "1 plate", "12 plates"."""
        return self(f"{key}.one" if number == 1 else f"{key}.other", n=self.number(number))

    def number(self, number: int) -> str:
        """A number as the language groups its digits."""
        return f"{number:,}".replace(",", self.phrases["digits"])

    def chapters(self, numbers: tuple[int, ...]) -> str:
        """Chapter numbers in a phrase: "chapter 4", "chapters 1–3, 9"."""
        if len(numbers) == 1:
            return self("chapter.lower", n=numbers[0])
        return self("chapters.lower", n=runs(numbers))


def runs(numbers: tuple[int, ...]) -> str:
    """Ascending numbers with neighbours drawn together: "1–3, 9"."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}–{each[-1]}" for each in groups)


def words_for(tag: str) -> Words:
    """The words for a book of this language: its own, else English."""
    primary = tag.partition("-")[0].casefold()
    return _load(primary if primary in LANGUAGES else ENGLISH)


@cache
def _load(language: str) -> Words:
    source = files("imaginized.guide").joinpath("words", f"{language}.toml").read_text(encoding="utf-8")
    phrases = dict(_flat(tomllib.loads(source)))
    return Words(language=language, phrases=phrases if language == ENGLISH else {**_load(ENGLISH).phrases, **phrases})


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", str(value))]
    return found

"""The people, beasts and places of a chapter in a language other than English, with quotes. Looks are not read."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from imaginized.providers.builtin.element_types import judge_type
from imaginized.providers.builtin.names import Name
from imaginized.providers.builtin.sentences import Passage, Sentence
from imaginized.providers.builtin.tongues.choosing import choose_tongue
from imaginized.providers.builtin.tongues.finding import find_names
from imaginized.providers.builtin.tongues.speakers import find_speakers
from imaginized.providers.builtin.tongues.splitting import Splitting, split_words
from imaginized.providers.builtin.tongues.tongue import Tongue
from imaginized.providers.builtin.tongues.weighing import find_sexes, fold_titled, read_signs
from imaginized.story.elements import Element, Quote
from imaginized.story.methods import WordMethod
from imaginized.story.text import PageIndex

QUOTES_PER_CHAPTER = 3
MOST_ELEMENTS = 80
# A quote of this many characters tells something and is read.
SHORT_QUOTE, LONG_QUOTE = 40, 400
# Of people from elsewhere, in any language: no dot of these ends a sentence.
TITLES = frozenset(("Mr", "Mrs", "Ms", "Dr", "M", "MM", "Mme", "Mlle", "Messrs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was read: the names, their mentions as spans of the passage's tokens, and an element for each."""

    names: list[Name]
    elements: tuple[Element, ...]
    method: WordMethod


def read_elements(passage: Passage, *, language: str, pages: PageIndex) -> Found:
    """Read a chapter in a language of this folder, or find who speaks in it; `language` is what the book says."""
    tongue = choose_tongue(passage, language=language)
    if tongue is None:
        splitting = split_words(passage, elisions=frozenset(), abbreviations=frozenset())
        names, listing = find_speakers(splitting)[:MOST_ELEMENTS], frozenset[str]()
        method = WordMethod.SPEAKERS if names else WordMethod.SCENES
    else:
        splitting = split_words(passage, elisions=tongue.elisions, abbreviations=tongue.abbreviations | TITLES)
        names, listing, method = _read_names(splitting, tongue), tongue.listing, WordMethod.NAMES
    elements = _elements(passage, splitting, names, pages=pages, listing=listing)
    for name in names:
        name.mentions = [(splitting.origins[a], splitting.origins[b - 1] + 1) for a, b in name.mentions]
    return Found(names=names, elements=elements, method=method)


def _read_names(splitting: Splitting, tongue: Tongue) -> list[Name]:
    names = find_names(splitting, tongue, given=_given_names().get(tongue.code, {}))[:MOST_ELEMENTS]
    find_sexes(splitting, names, tongue)
    return fold_titled(names, tongue)


def _elements(
    passage: Passage, splitting: Splitting, names: list[Name], *, pages: PageIndex, listing: frozenset[str]
) -> tuple[Element, ...]:
    signs = read_signs(splitting, names, listing=listing)
    return tuple(
        Element(
            type=judge_type(name),
            name=name.text,
            quotes=_quotes(passage, splitting, name, pages),
            mentions=len(name.mentions),
            chapters=(passage.chapter.number,),
            signs=signs[name.text],
        )
        for name in names
    )


def _quotes(passage: Passage, splitting: Splitting, name: Name, pages: PageIndex) -> tuple[Quote, ...]:
    """The sentences that name it first, those of a readable length before others, in reading order."""
    numbers = list(dict.fromkeys(splitting.sentences[first] for first, _ in name.mentions))
    ranked = sorted(numbers, key=lambda number: (not _is_readable(passage.sentences[number]), number))
    chosen = sorted(ranked[:QUOTES_PER_CHAPTER])
    return tuple(
        Quote(
            text=passage.text[sentence.start : sentence.end],
            chapter=passage.chapter.number,
            start=sentence.start,
            page=pages.page_at(sentence.start),
        )
        for sentence in (passage.sentences[number] for number in chosen)
    )


def _is_readable(sentence: Sentence) -> bool:
    return SHORT_QUOTE <= sentence.end - sentence.start <= LONG_QUOTE


@cache
def _given_names() -> dict[str, dict[str, str]]:
    """For each language its given names, with "woman" or "man"; read on first use and kept for the process."""
    text = files("imaginized.providers.builtin.tongues").joinpath("given.txt").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for code, sex, *names in (line.split() for line in text.splitlines()):
        found.setdefault(code, {}).update(dict.fromkeys(names, sex))
    return found

"""Finding a passage that a person names by its words: to the letter, but for blanks, quotation marks and case. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

LEAST_WORDS = 3
NEAREST = 3
LONGEST_SHOWN = 160
_ALIKE = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("–—‒―", "-"))
_END = re.compile(r"[.!?…。！？]+[\"'”’»)」』]*(?:\s+(?=[^a-z\s])|(?=[^\x00-\x7f])|\Z)|\n\n")
_TITLE = re.compile(r"\b[A-Z][a-z]{0,2}$")  # "Mr.", "St.", an initial: a stop after it ends no sentence
_WORD = re.compile(r"\w+")
_HYPHEN = "\u00ad"  # soft: seen by nobody who types a passage from a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A passage that has many of the words that were looked for."""

    text: str
    share: float


def find_passage(wanted: str, text: str) -> tuple[int, int] | None:
    """Where a passage begins and ends in a text; None where it does not stand there to the letter."""
    folded, offsets = _fold(text)
    needle = _fold(wanted)[0].strip()
    at = folded.find(needle) if needle else -1
    return None if at < 0 else (offsets[at], offsets[at + len(needle) - 1] + 1)


def nearest_in(wanted: str, text: str) -> Near | None:
    """The sentence of a text with the largest share of the words that are looked for; None where none has any."""
    words = Counter(_words(wanted))
    best: Near | None = None
    for sentence in _sentences(text):
        found = Counter(_words(sentence))
        share = (words & found).total() / max(words.total(), found.total(), 1)
        if share and (best is None or share > best.share):
            best = Near(text=" ".join(sentence.split()), share=share)
    return best


def _sentences(text: str) -> Iterator[str]:
    begin = 0
    for end in _END.finditer(text):
        if not _TITLE.search(text, max(begin, end.start() - 4), end.start()):
            yield text[begin : end.end()]
            begin = end.end()
    yield text[begin:]


def nearest(found: Iterable[Near | None]) -> Sequence[Near]:
    """The nearest of all, best first."""
    there = sorted((each for each in found if each is not None), key=lambda each: -each.share)
    return there[:NEAREST]


def is_too_short(wanted: str) -> bool:
    """Whether a passage has too few words to be the one that is meant."""
    return len(_words(wanted)) < LEAST_WORDS


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _fold(text: str) -> tuple[str, list[int]]:
    """A text with one blank for many and plain quotation marks, in lower case, and where each character stood."""
    kept: list[str] = []
    offsets: list[int] = []
    for at, character in enumerate(text.translate(_ALIKE)):
        if character == _HYPHEN:
            continue
        if character.isspace():
            if kept and kept[-1] == " ":
                continue
            character = " "
        lower = character.lower()
        kept.append(lower if len(lower) == 1 else character)
        offsets.append(at)
    return "".join(kept), offsets

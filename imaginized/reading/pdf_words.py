"""Words that a PDF divides at the ends of its lines, put together again by what the rest of the book spells."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from imaginized.reading.lexicon import fold
from imaginized.reading.pdf_pages import HYPHEN

_WORD = re.compile(r"\w+(?:-\w+)*")
_DIVIDED = re.compile(rf"\w[-\u2010{HYPHEN}]$")
_TAIL = re.compile(rf"(\w+)[-\u2010{HYPHEN}]+$")
_HEAD = re.compile(r"\w+")
_HYPHENS = ("-", "\u2010", HYPHEN)
_MIN_DIVIDED = 5
_DIVIDING_SHARE = 0.25
_MIN_PART = 3
_LINES_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How often a book spells its words within lines, in lower case.

    Attributes:
        divides: Whether it divides words at line ends; else every hyphen there is the author's.
    """

    counts: Counter[str]
    divides: bool

    def join(self, text: str, line: str) -> str:
        """A text that ends within a word, and the line that goes on with it."""
        # From its last blank on: the pattern would be tried at every letter of the paragraph.
        tail, head = _TAIL.search(text, text.rfind(" ") + 1), _HEAD.match(line)
        if tail is None or head is None:
            return f"{text.rstrip(HYPHEN)}-{line}" if text.endswith(HYPHEN) else f"{text}{line}"
        stem = text[: tail.end(1)]
        return f"{stem}-{line}" if self._keeps_hyphen(tail[1], head[0]) else f"{stem}{line}"

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        if not right[0].islower() and right[0].isascii():
            return True
        whole, hyphened = self.counts[f"{left}{right}".casefold()], self.counts[f"{left}-{right}".casefold()]
        if whole or hyphened:
            return hyphened > whole
        if not self.divides:
            return True
        are_words = min(self.counts[left.casefold()], self.counts[right.casefold()]) >= 2
        return are_words and min(len(left), len(right)) >= _MIN_PART


def is_divided(text: str) -> bool:
    """Whether a line ends within a word."""
    return text.rstrip("\n").endswith(_HYPHENS) and _DIVIDED.search(text[-3:]) is not None


def read_words(lines: Iterable[str]) -> Words:
    """Count the words of a book and judge its hyphens at line ends by how many make words that it spells elsewhere."""
    texts = list(lines)
    counts: Counter[str] = Counter()
    for start in range(0, len(texts), _LINES_AT_ONCE):  # quicker than one by one; all at once would take much memory
        counts.update(_WORD.findall(fold("\n".join(texts[start : start + _LINES_AT_ONCE]))))
    halves: list[tuple[str, str]] = []
    for one, other in pairwise(["", *texts]):
        # The pattern would be tried at every letter of the line.
        tail = _TAIL.search(one) if one.rstrip("\n").endswith(_HYPHENS) else None
        if tail and (head := _HEAD.match(other)):
            halves.append((tail[1].casefold(), head[0].casefold()))
    for left, right in halves:
        counts.subtract((left, right))  # halves are no words
    divided = len(halves)
    known = sum(counts[left + right] > 0 for left, right in halves)
    return Words(counts=counts, divides=divided < _MIN_DIVIDED or known >= _DIVIDING_SHARE * divided)

"""The sentences of a chapter by number: shown so to a model, which says numbers instead of copying words. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from imaginized.providers.builtin.sentences import split_sentences
from imaginized.providers.openai.said import SaidSpan
from imaginized.story.text import PARAGRAPH_BREAK, is_unspaced

MOST_SENTENCES = 12  # of a passage; a model that names more means the chapter
NEAR_SENTENCES = 5  # in which somebody is named of whom a sentence tells
FEWEST_WORDS = 3  # that find a sentence by how it begins, when its number is another's
LEAST_SHARED = 0.5  # of the words a model says a passage begins with: it may leave one out, or change one
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W_]")
_SQUARE = re.compile(r"\[\d{1,5}\]\s?")
_CURLY = re.compile(r"\{\d{1,5}\}\s?")


@dataclass(frozen=True)
class Numbered:
    """A chapter's text with its sentences, numbered from 1 through all its paragraphs.

    Attributes:
        text: As `ChapterText.text`.
    """

    text: str

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each sentence, in reading order; no one goes over the end of its paragraph."""
        return tuple(find_sentences(0, len(self.text), self.text))

    def marked(self, start: int, end: int) -> str:
        """The text between two offsets with the number of each sentence that begins there in front of it."""
        opened, closed = "{}" if _SQUARE.search(self.text) else "[]"  # notes of a book are told by [12], too
        pieces, at = [], start
        first = bisect_left(self.spans, (start, start))
        for number, (begin, _) in enumerate(self.spans[first:], start=first + 1):
            if begin >= end:
                break
            pieces += [self.text[at:begin], f"{opened}{number}{closed} "]
            at = begin
        return "".join(pieces) + self.text[at:end]

    def find(self, said: SaidSpan) -> tuple[int, int] | None:
        """Where a passage stands that a model named by numbers; None where those are no sentences of the chapter.

        The words that it says the passage begins with go before its numbers: models miscount.
        """
        count = len(self.spans)
        first, last = said.first, max(said.first, said.last)
        if not 1 <= first <= count or last - first >= MOST_SENTENCES:
            return None
        if said.begins and not self._begins(first, said.begins):
            found = self._beginning_with(said.begins, near=first)
            if found is None:
                return None
            # One of those that it names is where the passage begins; else all its numbers are as far off as the first.
            first, last = found, last if first < found <= last else found + last - first
        return self.spans[first - 1][0], self.spans[min(last, count) - 1][1]

    def around(self, start: int, end: int) -> str:
        """The text between two offsets with the sentences next to it."""
        first = max(bisect_left(self.spans, (start, start)) - NEAR_SENTENCES, 0)
        last = min(bisect_left(self.spans, (end, end)) + NEAR_SENTENCES, len(self.spans)) - 1
        return self.text[self.spans[first][0] : max(end, self.spans[last][1])]

    def _begins(self, number: int, words: str) -> bool:
        """Whether sentence `number` begins about so."""
        start, end = self.spans[number - 1]
        return _is_alike(words, self.text[start:end])

    def _beginning_with(self, words: str, *, near: int) -> int | None:
        """The nearest sentence that begins with exactly these words, where they are enough to tell."""
        told = _units(words)
        if len(told) < FEWEST_WORDS:
            return None
        alike = [
            number
            for number, (start, end) in enumerate(self.spans, start=1)
            if _units(self.text[start : min(end, start + 4 * len(words))])[: len(told)] == told
        ]
        return min(alike, key=lambda number: abs(number - near), default=None)


def without_numbers(quote: str, text: str) -> str:
    """A quote without the numbers that a model copied along with the sentences."""
    pattern = _CURLY if _SQUARE.search(text) else _SQUARE
    return pattern.sub("", quote).rstrip() if pattern.search(quote) else quote


def find_sentences(start: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence between two offsets; a stop may be missing at the end of a paragraph."""
    while start < end:
        after = text.find(PARAGRAPH_BREAK, start, end)
        after = end if after < 0 else after
        for begin, last in split_sentences(text, start=start, end=after):
            yield last - len(text[begin:last].lstrip()), last
        start = after + len(PARAGRAPH_BREAK)


def _units(words: str) -> list[str]:
    pattern = _LETTERS if is_unspaced(words) else _WORDS
    return pattern.findall(words.casefold())


def _is_alike(words: str, sentence: str) -> bool:
    told = _units(words)
    there = _units(sentence)[: 2 * len(told)]
    if not told or told == there[: len(told)]:
        return True
    return sum(word in there for word in told) > LEAST_SHARED * len(told)

"""A chapter told in a few of its author's own sentences. Pure."""

import re
from collections.abc import Iterable, Sequence

from imaginized.guide.excerpts import SENTENCE_END
from imaginized.story.text import is_unspaced

SENTENCES = 4
_ENOUGH = 8  # to choose from, in each quarter of a chapter
_SHORTEST, _LONGEST = 40, 240
_TALK = re.compile(r"[\"“”„«»「」『』‹›]|(?<!\w)[‘—–-](?=\w)")
# "Mr." and "J." end no said: a said whose last word is so short is taken together with the next.
_SHORT = re.compile(r"(?:^|\s)[^\W\d_a-zà-ÿ]\w{0,2}\.$")


def recap_of(paragraphs: Sequence[str], *, names: Iterable[str]) -> tuple[str, ...]:
    """Sentences from all over a chapter, in its order, unchanged: told rather than spoken, and with people in them.

    Args:
        paragraphs: Of the chapter.
        names: Of those whom the chapter is about, most important first.
    """
    keys = list(dict.fromkeys(names))[:12]
    found = []
    for at in range(SENTENCES):
        share = paragraphs[len(paragraphs) * at // SENTENCES : len(paragraphs) * (at + 1) // SENTENCES]
        told: list[str] = []
        for paragraph in share:
            told += _sentences(paragraph)
            if len(told) >= _ENOUGH:
                break
        if told:
            found.append(max(told, key=lambda said: _worth(said, keys)))
    return tuple(dict.fromkeys(found))


def _sentences(paragraph: str) -> list[str]:
    """The told sentences of a paragraph that are neither too short nor too long; verse has none."""
    if "\n" in paragraph:
        return []
    found, start = [], 0
    wide = 2 if is_unspaced(paragraph) else 1
    for end in SENTENCE_END.finditer(paragraph):
        said = paragraph[start : end.end()].strip()
        if _SHORT.search(said, max(len(said) - 6, 0)):
            continue
        start = end.end()
        if _SHORTEST <= len(said) * wide <= _LONGEST and not _TALK.search(said):
            found.append(said)
    return found


def _worth(said: str, names: Sequence[str]) -> tuple[int, int]:
    """More people are worth more, then more words up to a good length."""
    return sum(name in said for name in names), -abs(len(said) - 140)

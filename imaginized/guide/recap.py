"""A chapter told in a few of its author's own sentences. Pure."""

import re
from collections.abc import Iterable, Sequence

SENTENCES = 4
_SHORTEST, _LONGEST = 40, 240
_END = re.compile(r"[.!?…。！？؟۔]+[\"'”’»」』)\]]*(?=\s|$)|[。！？][」』）]*")
_TALK = re.compile(r"[\"“”„«»「」『』‹›]|(?<!\w)[‘—–-](?=\w)")
# "Mr." and "J." end no sentence: a sentence whose last word is so short is taken together with the next.
_SHORT = re.compile(r"(?:^|\s)[^\W\d_a-zà-ÿ]\w{0,3}\.$")


def recap_of(paragraphs: Sequence[str], *, names: Iterable[str]) -> tuple[str, ...]:
    """Sentences from all over a chapter, in its order, unchanged: told rather than spoken, and with people in them.

    Args:
        paragraphs: Of the chapter.
        names: Of those whom the chapter is about, most important first.
    """
    keys = list(dict.fromkeys(names))[:12]
    told = [sentence for paragraph in paragraphs for sentence in _sentences(paragraph)]
    if len(told) <= SENTENCES:
        return tuple(told)
    shares = [told[len(told) * at // SENTENCES : len(told) * (at + 1) // SENTENCES] for at in range(SENTENCES)]
    return tuple(max(share, key=lambda sentence: _worth(sentence, keys)) for share in shares if share)


def _sentences(paragraph: str) -> list[str]:
    """The told sentences of a paragraph that are neither too short nor too long; verse has none."""
    if "\n" in paragraph:
        return []
    found, start = [], 0
    for end in _END.finditer(paragraph):
        sentence = paragraph[start : end.end()].strip()
        if _SHORT.search(sentence):
            continue
        start = end.end()
        wide = len(sentence) if sentence.isascii() else sum(2 if ord(letter) > 0x2E80 else 1 for letter in sentence)
        if _SHORTEST <= wide <= _LONGEST and not _TALK.search(sentence):
            found.append(sentence)
    return found


def _worth(sentence: str, names: Sequence[str]) -> tuple[int, int]:
    """More people are worth more, then more words up to a good length."""
    return sum(name in sentence for name in names), -abs(len(sentence) - 140)

"""Cutting a passage so that it stays the author's: whole sentences where there are any, and a mark where there are not.

No sentence is looked for in a language: an end is a mark of punctuation that space or the paragraph's end follows.
"""

import re

from imaginized.story.names import TITLES

MORE = "…"
_CLOSERS = "\"'”’»」』)）\\]"
SENTENCE_END = re.compile(rf"[.!?…؟।۔։]+[{_CLOSERS}]*(?=\s|$)|[。！？]+[{_CLOSERS}]*")
_ENDED = re.compile(rf"[.!?…。！？؟।۔։][{_CLOSERS}—–*_]*$")
# "J.", "Mr.", "Capt.": an initial, a capital with no vowel behind it, a title before a full stop ends no sentence.
_SHORTENED = re.compile(r"(?<![^\W_])([^\W\d_a-z](?:[b-df-hj-np-tv-xz]{0,3}|[^\W\d_]{1,4}))\.$")
_CONSONANTS = re.compile(r".[b-df-hj-np-tv-xz]*")
_CAPITALS = re.compile(r"[^\W\d_]")


def sentence_at(paragraph: str, offset: int) -> tuple[int, int]:
    """Where the sentence that holds a character of a paragraph begins and ends."""
    begin, length = 0, len(paragraph)
    for found in SENTENCE_END.finditer(paragraph):
        if found.end() < length and _is_shortened(paragraph[max(begin, found.start() - 7) : found.start() + 1]):
            continue
        if found.end() > offset:
            return _trimmed(paragraph, begin, found.end())
        begin = found.end()
    return _trimmed(paragraph, min(begin, max(offset, 0)), length)


def beginning(text: str, longest: int) -> tuple[str, bool]:
    """The first whole sentences of a passage; where there is none that fits, its first words, and that they are cut."""
    if len(text) <= longest:
        return text, False
    ends = [found.end() for found in SENTENCE_END.finditer(text, 0, longest)]
    if ends and ends[-1] >= longest // 4:
        return text[: ends[-1]], False
    cut = max(text.rfind(blank, longest // 2, longest) for blank in " \n")
    return text[: cut if cut > 0 else longest].rstrip(), True


def marked(text: str) -> str:
    """A quote with a mark where it begins or ends within a sentence, as far as its own letters show that."""
    first, told = _CAPITALS.search(text), text.strip()
    lead = f"{MORE} " if first and first[0].islower() and not told.startswith(MORE) else ""
    # Who speaks in a play, and a heading, end without a mark; so do scripts that have none.
    has_ends = any(char.islower() for char in told) or SENTENCE_END.search(told)
    tail = f" {MORE}" if told and has_ends and not _ENDED.search(told) else ""
    return f"{lead}{told}{tail}"


def _is_shortened(ending: str) -> bool:
    found = _SHORTENED.search(ending)
    return found is not None and (_CONSONANTS.fullmatch(found[1]) is not None or found[1].casefold() in TITLES)


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    piece = text[begin:end]
    return begin + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

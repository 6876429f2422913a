"""The words of a chapter as names are looked for: elisions parted ("l'abbé"), sentence heads and speech marked."""

import re
from dataclasses import dataclass

from imaginized.providers.builtin.sentences import Passage, Token

APOSTROPHES = ("'", "’")
# After these a capital proves nothing: a sentence, a speech or a bracket begins.
OPENING = re.compile('["«»„“”‹›‘:!?….(\\[—–*_¡¿•]|(?:^|\\s)--?\\s*$|--')
DASHES = ("—", "–", "-", "―")


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitting:
    """The words, with the sentence of each and the number of the token that it was split from."""

    tokens: list[Token]
    sentences: list[int]
    origins: list[int]


def split_words(passage: Passage, *, elisions: frozenset[str], abbreviations: frozenset[str]) -> Splitting:
    """Return the chapter's words for a language that elides these words and abbreviates those with a dot."""
    tokens: list[Token] = []
    sentences: list[int] = []
    origins: list[int] = []
    spoken = _dashed_paragraphs(passage)
    gap, sentence = "", -1
    for number, token in enumerate(passage.tokens):
        fresh = passage.sentence_of_token[number] != sentence
        sentence = passage.sentence_of_token[number]
        leads = fresh or _leads(gap, tokens[-1].word if tokens else "", abbreviations)
        marked = token._replace(first=leads, spoken=token.spoken or passage.sentences[sentence].paragraph in spoken)
        for part in _parts(marked, elisions):
            tokens.append(part)
            sentences.append(sentence)
            origins.append(number)
        gap = token.gap
    return Splitting(tokens=tokens, sentences=sentences, origins=origins)


def _leads(gap: str, before: str, abbreviations: frozenset[str]) -> bool:
    if gap.strip() == "." and (before in abbreviations or len(before) == 1):
        return False
    return bool(OPENING.search(gap))


def _parts(token: Token, elisions: frozenset[str]) -> list[Token]:
    """Part "qu'Emma" into "qu" and "Emma"; what the apostrophe parts has a real capital."""
    word, parts = token, []
    while elisions:
        at = next((i for i, letter in enumerate(word.word) if letter in APOSTROPHES), -1)
        if at < 1 or word.word[:at].lower() not in elisions or at + 1 >= len(word.word):
            break
        head, rest = word.word[:at], word.word[at + 1 :]
        parts.append(word._replace(word=head, lower=head.lower(), end=word.start + at, gap=word.word[at]))
        word = word._replace(word=rest, lower=rest.lower().replace("’", "'"), start=word.start + at + 1, first=False)
    return [*parts, word]


def _dashed_paragraphs(passage: Passage) -> set[int]:
    """Paragraphs that a dash begins are speech, with what the narrator puts in; which is which stays open."""
    return {i for i, (start, _) in enumerate(passage.paragraphs) if passage.text[start : start + 1] in DASHES}

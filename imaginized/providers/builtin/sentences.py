"""A chapter as the picker reads it: tokens, sentences and speech, for any script. Nothing is judged here."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from imaginized.providers.builtin import vocabulary
from imaginized.providers.builtin.lexicon import Lexicon
from imaginized.providers.builtin.speakers import find_labels, spoken_spans
from imaginized.story.text import PARAGRAPH_BREAK, ChapterText

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*")
WORD_KEPT = re.compile(f"({WORD.pattern})")
# A stop may be closed by quotes and brackets; East Asian, Arabic and Indic stops need no blank after them.
STOP = re.compile(r"(?:[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？｡]+[」』”’）】]*|[؟۔।።]+[\"”»)]*)\s*")
SPEECHES = {
    "“": re.compile(r"“[^”]*(?:”|$)"),
    "‘": re.compile(r"(?<!\w)‘.*?(?:(?<=[.,!?;:—…-])’(?!\w)|$)", re.DOTALL),
    '"': re.compile(r'"[^"]*(?:"|$)'),
    "'": re.compile(r"(?<!\w)'(?=\w).*?(?:(?<=[.,!?;:—…-])'(?!\w)|$)", re.DOTALL),
    "「": re.compile(r"[「『][^」』]*(?:[」』]|$)"),
    "«": re.compile(r"«[^»]*(?:»|$)"),
    "„": re.compile(r"„[^“”]*(?:[“”]|$)"),
}
DOTTED_TITLES = vocabulary.ABBREVIATIONS & vocabulary.HONORIFICS
BARE_QUOTE = re.compile(r"(?<!\w)'(?=\w)")
LONG_SPEECH = 500
LONGEST_SENTENCE = 900
CLAUSE_ENDS = "\n;；:：、،,，— "
ENGLISH_SHARE = 0.12
ENGLISH = vocabulary.words("the and of to was his her with that he she it is had for you said this from they have not")


class Token(NamedTuple):
    """A word with its place: `gap` is what stands between it and the next word of the sentence."""

    word: str
    lower: str
    start: int
    end: int
    facts: int
    base: str
    gap: str
    spoken: bool
    first: bool


class Sentence(NamedTuple):
    """A sentence of a paragraph; `first` and `last` index its tokens (last excluded)."""

    start: int
    end: int
    paragraph: int
    first: int
    last: int
    spoken: float
    told: bool


@dataclass(kw_only=True)
class Passage:
    """A chapter, read.

    Attributes:
        paragraphs: (start, end) of each in `text`.
        english: Whether its words are English enough for the lexicon to be trusted.
        labels: In a play, where the name of who speaks stands at the head of a paragraph, by paragraph.
    """

    chapter: ChapterText
    text: str
    paragraphs: tuple[tuple[int, int], ...]
    tokens: list[Token]
    sentences: list[Sentence]
    english: bool
    labels: dict[int, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def sentence_of_token(self) -> list[int]:
        """For each token the index of its sentence."""
        return [i for i, sentence in enumerate(self.sentences) for _ in range(sentence.last - sentence.first)]

    def cut_otherwise(self, sentences: list[Sentence]) -> "Passage":
        """The same words in other sentences; what was found of the words stays found."""
        passage = replace(self, sentences=sentences)
        known = ("places", "forms", "_listed", "speech_before")  # caches that no sentence is in
        passage.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return passage

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each word, in small letters, the tokens that are it: one walk for all who look for a few words."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for at, token in enumerate(self.tokens):
            found[token.lower].append(at)
        return dict(found)

    def places_of(self, words: Iterable[str]) -> list[int]:
        """The tokens that are one of some words, in no order."""
        return [at for word in words for at in self.places.get(word, ())]

    def between(self, words: frozenset[str], first: int, last: int) -> list[int]:
        """The tokens first..last (last excluded) whose word or base is one of some words, in order."""
        found = self._listed.get(words)
        if found is None:
            said = {form for word in words for form in (word, *self.forms.get(word, ()))}
            found = self._listed[words] = sorted(self.places_of(said))
        return found[bisect_left(found, first) : bisect_left(found, last)]

    @cached_property
    def forms(self) -> dict[str, list[str]]:
        """For each base, in small letters, the words of the chapter that are a form of it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word, ats in self.places.items():
            found[self.tokens[ats[0]].base].append(word)
        return dict(found)

    @cached_property
    def _listed(self) -> dict[frozenset[str], list[int]]:
        return {}

    @cached_property
    def speech_before(self) -> list[int]:
        """For each token, and for the end, how many tokens before it are spoken."""
        return [0, *accumulate(token.spoken for token in self.tokens)]

    def paragraph_of(self, token: int) -> int:
        """The paragraph that a token stands in."""
        return self.sentences[self.sentence_of_token[token]].paragraph

    def follows_speech(self, sentence: Sentence) -> bool:
        """Whether speech that does not end with a full stop stands right before a sentence: "“Fire!” Tom cried."."""
        before = sentence.first - 1
        if before < 0 or not self.tokens[before].spoken or self.tokens[before].gap.startswith("."):
            return False
        return self.paragraph_of(before) == sentence.paragraph


def read_passage(chapter: ChapterText, *, lexicon: Lexicon) -> Passage:
    """Cut a chapter into sentences and words, and mark what is spoken."""
    text = chapter.text
    paragraphs = tuple(_paragraphs(chapter))
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    mark = _quote_mark(text)
    labels = find_labels([text[start:end] for start, end in paragraphs])
    is_next = False
    for number, (start, end) in enumerate(paragraphs):
        if number in labels:
            first, last = labels[number]
            labels[number] = start + first, start + last
            speech = [(start + a, start + b) for a, b in spoken_spans(text[start:end], start=last)]
            is_next = not speech  # the name stands alone
        elif is_next:
            speech = [(start + a, start + b) for a, b in spoken_spans(text[start:end], start=0)]
            is_next = False
        else:
            speech = _speech(text[start:end], offset=start, mark=mark)
        for first, last in split_sentences(text, start=start, end=end):
            _add_sentence(text, (first, last), number, speech, tokens, sentences, lexicon)
    passage = Passage(
        chapter=chapter,
        text=text,
        paragraphs=paragraphs,
        tokens=tokens,
        sentences=sentences,
        english=False,
        labels=labels,
    )
    passage.english = is_english(passage)
    return passage


def split_sentences(text: str, *, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of a paragraph; blanks around it are left out.

    A stop ends none after an abbreviation, an initial, or before a small letter.
    """
    begin = start
    for stop in STOP.finditer(text, start, end):
        if stop.end() >= end or _is_inside(text, begin, stop):
            continue
        if text[begin : stop.start()].strip():
            yield from _cut(text, begin, _without_blanks(text, stop.end()))
            begin = stop.end()
    if text[begin:end].strip():
        yield from _cut(text, begin, _without_blanks(text, end))


def _cut(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what no stop ends for too long (verse, lists, scripts without stops) at the last good place."""
    while end - begin > LONGEST_SENTENCE:
        limit = begin + LONGEST_SENTENCE
        places = (text.rfind(mark, begin + LONGEST_SENTENCE // 3, limit) for mark in CLAUSE_ENDS)
        at = next((place + 1 for place in places if place >= 0), limit)
        yield begin, _without_blanks(text, at)
        begin = at
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def is_english(passage: Passage) -> bool:
    """Judge by the share of the commonest words; short text counts as English when they are there at all."""
    common = sum(len(passage.places.get(word, ())) for word in ENGLISH)
    return bool(passage.tokens) and common >= ENGLISH_SHARE * len(passage.tokens)


def _paragraphs(chapter: ChapterText) -> Iterator[tuple[int, int]]:
    offset = 0
    for paragraph in chapter.paragraphs:
        yield offset, offset + len(paragraph.text)
        offset += len(paragraph.text) + len(PARAGRAPH_BREAK)


def _without_blanks(text: str, end: int) -> int:
    while end and text[end - 1].isspace():
        end -= 1
    return end


def _is_inside(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Tell whether this stop is none: small letter next, abbreviation or initial before."""
    following = text[stop.end() : stop.end() + 2].lstrip("“‘\"'«([—–-_*")
    if following[:1].islower():
        return True
    if not stop.group().startswith(".") or stop.group().startswith(".."):
        return False
    before = text[max(begin, stop.start() - 12) : stop.start()].split()
    word = before[-1].rsplit("—", 1)[-1].lstrip("“‘\"'«([–-") if before else ""
    if word.isupper() and word.title() in DOTTED_TITLES:
        return True  # "MRS. HUSHABYE"
    return word in vocabulary.ABBREVIATIONS or (len(word) == 1 and word.isupper() and word != "I")


def _quote_mark(text: str) -> str:
    """The mark that opens speech in this chapter: the commonest, curly before straight."""
    counts = {mark: text.count(mark) for mark in SPEECHES}
    counts["‘"] -= text.count("“") * 2
    counts["'"] = len(BARE_QUOTE.findall(text))  # not where it ends a word or leaves letters out
    return max(counts, key=lambda mark: (counts[mark], mark == "“"))


def _speech(paragraph: str, *, offset: int, mark: str) -> list[tuple[int, int]]:
    """Spans of speech; one that the paragraph does not close runs to its end."""
    return [(offset + match.start(), offset + match.end()) for match in SPEECHES[mark].finditer(paragraph)]


def _add_sentence(
    text: str,
    span: tuple[int, int],
    paragraph: int,
    speech: list[tuple[int, int]],
    tokens: list[Token],
    sentences: list[Sentence],
    lexicon: Lexicon,
) -> None:
    start, end = span
    first = len(tokens)
    overlaps = [(max(a, start), min(b, end), b - a) for a, b in speech if a < end and b > start]
    spoken_length = sum(b - a for a, b, _ in overlaps)
    # By turns what stands between two words, and a word: without a match for each, in half the time.
    lead, *cut = WORD_KEPT.split(text[start:end])
    at, before, read = start + len(lead), "", lexicon.as_read
    for word, gap in zip(cut[::2], cut[1::2], strict=True):  # the innermost loop of all reading
        lower, facts, base = read.get(word) or lexicon.read(word)
        spoken = False
        for a, b, _ in overlaps:
            if a <= at < b:
                spoken = True
                break
        leads = before != " " and (not before or before.rstrip("“‘\"' ") != before.rstrip())
        to = at + len(word)
        # As Token(…) makes it, in half the time.
        tokens.append(tuple.__new__(Token, (word, lower, at, to, facts, base, gap, spoken, leads)))
        at, before = to + len(gap), gap
    told = any(length > LONG_SPEECH for _, _, length in overlaps)
    sentences.append(Sentence(start, end, paragraph, first, len(tokens), spoken_length / max(end - start, 1), told))

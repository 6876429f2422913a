"""What a model said, held against the chapter: only what the book has becomes a scene, a quote or an element. Pure.

A passage is told by the numbers of its sentences, or by its words; what is kept is the book's own sentences either way.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from imaginized.providers.openai.numbered import Numbered, find_sentences, without_numbers
from imaginized.providers.openai.said import Said, SaidElement, SaidScene, SaidSpan
from imaginized.story.elements import Element, Quote, Scene
from imaginized.story.text import PARAGRAPH_BREAK, ChapterText, count_words, is_unspaced

LONGEST_QUOTE = 1200
SHORTEST_QUOTE = 4
# Of fewer words every one must stand there, in order: other sentences of the book are like them by chance.
FEWEST_WORDS_ALIKE = 8
FEWEST_WORDS = 3  # of a part of a sentence; one or two words of one are no passage, a whole sentence of two is
LEAST_SCORE = 75.0
LEAST_SHARED = 0.6  # of the quote's words, in the passage: by letters alone other words are alike enough, too
MOST_QUOTES = 3
LEAST_OF_A_NAME = 3  # letters of a word: what is shorter stands everywhere
WORDS_THAT_BEGIN = 8  # of a quote, to hold against the sentence whose number is said beside it
MOST_ELEMENTS = 80
MOST_QUOTED = 40_000  # characters of quotes that are looked for: twice what the largest answer asked for has
_WORDS = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»」』)]*(?=\s|$)")


class Passage(Protocol):
    """Where a quote stands in a text: offsets of its first character and after its last, and how alike it is."""

    @property
    def start(self) -> int:
        """Offset of the first character."""

    @property
    def end(self) -> int:
        """Offset after the last character."""

    @property
    def score(self) -> float:
        """0 to 100; 100 where only case, spacing and punctuation differ."""


FindQuote = Callable[[str, str], Passage | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What of an answer the book bears out.

    Attributes:
        scenes: In reading order, numbered from 1; quotes in the source's characters.
        elements: Named or quoted in the chapter; their quotes are the source's.
        invented: Scenes whose quote is not in the chapter.
    """

    scenes: tuple[Scene, ...] = ()
    elements: tuple[Element, ...] = ()
    invented: tuple[SaidScene, ...] = ()


def check_quotes(said: Said, *, chapter: ChapterText, find: FindQuote) -> Checked:
    """Restore each quote to the source's characters; what is not in the chapter is set apart.

    Of an answer with drafts in it the last counts of which any quote is in the chapter.
    """
    source = _Source(chapter=chapter, find=_bounded(find))
    last = _check(said, source)
    if last.scenes:
        return last
    drafts = (_check(draft, source) for draft in said.earlier)
    return next((draft for draft in drafts if draft.scenes), last)


def _bounded(find: FindQuote) -> FindQuote:
    """The same, until so much was looked for that no honest answer is left; then nothing is found."""
    left = MOST_QUOTED

    def search(quote: str, text: str) -> Passage | None:
        nonlocal left
        left -= len(quote)
        return find(quote, text) if left >= 0 else None

    return search


def _check(said: Said, source: "_Source") -> Checked:
    places = [(scene, source.locate(scene)) for scene in said.scenes]
    elements = tuple(
        element for each in said.elements[:MOST_ELEMENTS] if (element := _element(each, source)) is not None
    )
    called = {name.casefold(): element.name for element in elements for name in (element.name, *element.aliases)}
    scenes = [
        _scene(scene, quote=quote, chapter=source.chapter, called=called)
        for scene, quote in places
        if quote is not None
    ]
    invented = tuple(scene for scene, quote in places if quote is None)
    return Checked(scenes=choose(scenes, most=len(scenes)), elements=elements, invented=invented)


def choose(scenes: Sequence[Scene], *, most: int) -> tuple[Scene, ...]:
    """The first of the scenes that do not overlap, `most` of them, in reading order and numbered so."""
    chosen: list[Scene] = []
    for scene in scenes:
        if len(chosen) < most and not any(_overlap(scene, other) for other in chosen):
            chosen.append(scene)
    ordered = sorted(chosen, key=lambda scene: scene.quote.start)
    return tuple(replace(scene, number=number) for number, scene in enumerate(ordered, start=1))


def _overlap(scene: Scene, other: Scene) -> bool:
    first, last = sorted((scene.quote, other.quote), key=lambda quote: quote.start)
    return last.start < first.start + len(first.text)


class _Source:
    """A chapter in which passages are looked for."""

    def __init__(self, *, chapter: ChapterText, find: FindQuote) -> None:
        self.chapter = chapter
        self.text = chapter.text
        self._find = find
        self._numbered = Numbered(self.text)

    def locate(self, scene: SaidScene) -> Quote | None:
        """A scene's passage: by its numbers, where those are sentences of the chapter, else by its words."""
        by_number = self.by_number(scene.span, begins=scene.quote) if scene.span else None
        return by_number or self.by_words(scene.quote)

    def by_number(self, span: SaidSpan, *, begins: str = "") -> Quote | None:
        """The sentences with these numbers, if they begin as the model says they do."""
        words = " ".join(without_numbers(begins, self.text).split()[:WORDS_THAT_BEGIN])
        place = self._numbered.find(span if span.begins or not words else replace(span, begins=words))
        return None if place is None else self._quote(*place)

    def by_words(self, quote: str) -> Quote | None:
        """The whole sentences that a quote is from; None where it is too unlike them, or too little to be a passage."""
        quote = without_numbers(quote, self.text)
        if len(quote.strip()) < SHORTEST_QUOTE:
            return None
        text = self.text
        passage = self._find(quote, text)
        if passage is None or not _is_quoted(quote, passage, text):
            return None
        start, end = _whole_sentences(passage.start, passage.end, text)
        is_whole = _WORDS.findall(text[start:end]) == _WORDS.findall(text[passage.start : passage.end])
        if not is_whole and count_words(quote) < FEWEST_WORDS:
            return None
        if end - start > LONGEST_QUOTE and passage.end - passage.start <= LONGEST_QUOTE:
            start, end = passage.start, passage.end  # of so long a sentence what was quoted says more than its begin
        return self._quote(start, end)

    def names(self, quote: Quote, names: Iterable[str]) -> bool:
        """Whether a word of any of the names stands in a quote or near it: any number is one of some sentence."""
        near = self._numbered.around(quote.start, quote.start + len(quote.text)).casefold()
        words = {word for name in names for word in _WORDS.findall(name.casefold()) if len(word) >= LEAST_OF_A_NAME}
        return any(word in near for word in words or {name.casefold() for name in names})

    def _quote(self, start: int, end: int) -> Quote:
        words = _shorten(self.text[start:end])
        return Quote(text=words, chapter=self.chapter.number, start=start, page=self.chapter.page_at(start))


def _is_quoted(quote: str, passage: Passage, text: str) -> bool:
    """Whether a passage is what the quote means, not something else of the chapter that sounds like it."""
    if passage.score >= 100.0:
        return True
    if passage.score < LEAST_SCORE or count_words(quote) < FEWEST_WORDS_ALIKE:
        return False
    pattern = _LETTERS if is_unspaced(quote) else _WORDS
    said = Counter(pattern.findall(quote.casefold()))
    shared = said & Counter(pattern.findall(text[passage.start : passage.end].casefold()))
    return shared.total() >= LEAST_SHARED * said.total()


def _whole_sentences(start: int, end: int, text: str) -> tuple[int, int]:
    """The sentences that a passage reaches into, within its paragraphs."""
    before = text.rfind(PARAGRAPH_BREAK, 0, start)
    first = before + len(PARAGRAPH_BREAK) if before >= 0 else 0
    last = text.find(PARAGRAPH_BREAK, end)
    last = len(text) if last < 0 else last
    sentences = list(find_sentences(first, last, text))
    begins = [begin for begin, after in sentences if after > start]
    ends = [after for _, after in sentences if after >= end]
    return min(begins[0] if begins else start, start), max(ends[0] if ends else end, end)


def _shorten(words: str) -> str:
    """A long passage up to its last sentence that fits."""
    if len(words) <= LONGEST_QUOTE:
        return words
    ends = [match.end() for match in _SENTENCE_END.finditer(words, 0, LONGEST_QUOTE)]
    return words[: ends[-1]] if ends else words[:LONGEST_QUOTE].rsplit(maxsplit=1)[0]


def _scene(said: SaidScene, *, quote: Quote, chapter: ChapterText, called: dict[str, str]) -> Scene:
    present = dict.fromkeys(called[name.casefold()] for name in said.elements if name.casefold() in called)
    return Scene(
        chapter=chapter.number,
        number=1,
        quote=quote,
        description=without_numbers(said.description, chapter.text),
        picture=without_numbers(said.picture, chapter.text),
        mood=without_numbers(said.mood, chapter.text),
        lighting=without_numbers(said.lighting, chapter.text),
        elements=tuple(present),
        pages=(quote.page, chapter.page_at(quote.start + len(quote.text) - 1)),
    )


def _element(said: SaidElement, source: _Source) -> Element | None:
    """The element, unless the chapter neither names it nor has a quote about it."""
    chapter = source.chapter
    told = [source.by_number(span) for span in said.spans]
    found = [quote for quote in told if quote is not None and source.names(quote, (said.name, *said.aliases))]
    found += [quote for words in said.quotes if (quote := source.by_words(words)) is not None]
    quotes = tuple({quote.start: quote for quote in found}.values())[:MOST_QUOTES]
    mentions = {name: _count(name, source.text) for name in (said.name, *said.aliases)}
    if not quotes and not any(mentions.values()):
        return None
    return Element(
        type=said.type,
        name=said.name,
        aliases=tuple(name for name in said.aliases if mentions[name] and name != said.name),
        description=without_numbers(said.description, source.text),
        quotes=tuple(sorted(quotes, key=lambda quote: quote.start)),
        mentions=max(sum(mentions.values()), 1),
        chapters=(chapter.number,),
    )


def _count(name: str, text: str) -> int:
    """How often a name stands in a text as whole words, whatever its case."""
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))

"""What a model said, held against the chapter: only what the book has becomes a scene, a quote or an element. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from imaginized.providers.openai.replies import Said, SaidElement, SaidScene
from imaginized.story.elements import Element, Quote, Scene
from imaginized.story.text import ChapterText

LONGEST_QUOTE = 1200
SHORTEST_QUOTE = 4
MOST_QUOTES = 3
MOST_ELEMENTS = 80
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»」』)]*(?=\s|$)")


class Passage(Protocol):
    """Where a quote stands in a text: offsets of its first character and after its last."""

    @property
    def start(self) -> int:
        """Offset of the first character."""

    @property
    def end(self) -> int:
        """Offset after the last character."""


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
    """Restore each quote to the source's characters; what is not in the chapter is set apart."""
    places = {scene.quote: _locate(scene.quote, chapter=chapter, find=find) for scene in said.scenes}
    elements = tuple(
        element
        for each in said.elements[:MOST_ELEMENTS]
        if (element := _element(each, chapter=chapter, find=find)) is not None
    )
    called = {name.casefold(): element.name for element in elements for name in (element.name, *element.aliases)}
    scenes = [
        _scene(scene, quote=quote, chapter=chapter, called=called)
        for scene in said.scenes
        if (quote := places[scene.quote]) is not None
    ]
    invented = tuple(scene for scene in said.scenes if places[scene.quote] is None)
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


def _locate(quote: str, *, chapter: ChapterText, find: FindQuote) -> Quote | None:
    if len(quote.strip()) < SHORTEST_QUOTE:
        return None
    text = chapter.text
    passage = find(quote, text)
    if passage is None:
        return None
    words = _shorten(text[passage.start : passage.end])
    return Quote(text=words, chapter=chapter.number, start=passage.start, page=chapter.page_at(passage.start))


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
        description=said.description,
        mood=said.mood,
        lighting=said.lighting,
        elements=tuple(present),
        pages=(quote.page, chapter.page_at(quote.start + len(quote.text) - 1)),
    )


def _element(said: SaidElement, *, chapter: ChapterText, find: FindQuote) -> Element | None:
    """The element, unless the chapter neither names it nor has a quote about it."""
    found = (_locate(quote, chapter=chapter, find=find) for quote in said.quotes)
    quotes = tuple({quote.start: quote for quote in found if quote is not None}.values())[:MOST_QUOTES]
    mentions = {name: _count(name, chapter.text) for name in (said.name, *said.aliases)}
    if not quotes and not any(mentions.values()):
        return None
    return Element(
        type=said.type,
        name=said.name,
        aliases=tuple(name for name in said.aliases if mentions[name] and name != said.name),
        description=said.description,
        quotes=tuple(sorted(quotes, key=lambda quote: quote.start)),
        mentions=max(sum(mentions.values()), 1),
        chapters=(chapter.number,),
    )


def _count(name: str, text: str) -> int:
    """How often a name stands in a text as whole words, whatever its case."""
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))

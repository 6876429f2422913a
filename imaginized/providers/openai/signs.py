"""What the words of a chapter tell about who is who, for the elements that a model found in it. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.names import name_key

ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)
OF_SEX = ("he", "she", "given", "given_man", "given_woman")


def with_signs(elements: Iterable[Element], request: TextRequest) -> tuple[Element, ...]:
    """The elements with "he" or "she" and with who meets whom, so that they are joined as those of the words are.

    What somebody is stays the model's to say: it has read the chapter.
    """
    counted = {name_key(one.name): one.signs for one in read_chapter(request).elements if one.signs is not None}
    return tuple(_signed(element, counted) if element.type in ALIVE else element for element in elements)


def _signed(element: Element, counted: dict[tuple[str, ...], Signs]) -> Element:
    own = {name_key(name) for name in (element.name, *element.aliases)}
    signs = [counted[key] for key in sorted(own & counted.keys())]
    if not signs:
        return element
    # "noun" keeps the joining from judging by these few counts what it is; 0 of them say nothing for a noun either.
    counts: Counter[str] = Counter({"noun": 0})
    near: Counter[str] = Counter()
    along: Counter[str] = Counter()
    for each in signs:
        counts.update({sign: count for sign, count in each.counts.items() if sign in OF_SEX})
        near.update({name: count for name, count in each.near.items() if name_key(name) not in own})
        along.update({name: count for name, count in each.along.items() if name_key(name) not in own})
    return replace(element, signs=Signs(counts=dict(counts), near=dict(near), along=dict(along)))

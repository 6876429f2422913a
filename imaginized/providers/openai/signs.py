"""What the words of a chapter tell about who is who, for the elements that a model found in it. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace

from imaginized.providers.api import TextRequest
from imaginized.providers.builtin.words import elements_in
from imaginized.story.elements import Element, ElementType, Signs
from imaginized.story.names import Key, name_key
from imaginized.story.traits import AGED, COUNTED, TOLD_HE, TOLD_SHE

ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)
OF_WHOM = ("he", "she", "given", "given_man", "given_woman", TOLD_HE, TOLD_SHE, AGED, *COUNTED)


def with_signs(elements: Iterable[Element], request: TextRequest) -> tuple[Element, ...]:
    """The elements with "he" or "she" and with who meets whom, so that they are joined as those of the words are.

    What somebody is stays the model's to say: it has read the chapter.
    """
    counted = {name_key(one.name): one.signs for one in elements_in(request) if one.signs is not None}
    return tuple(_signed(element, counted) if element.type in ALIVE else element for element in elements)


def _signed(element: Element, counted: Mapping[Key, Signs]) -> Element:
    own = {name_key(name) for name in (element.name, *element.aliases)}
    signs = [counted[key] for key in sorted(own & counted.keys())]
    if not signs:
        return element
    # "noun" keeps the joining from judging by these few counts what it is; 0 of them say nothing for a noun either.
    sums = {part.name: Counter[str]({"noun": 0} if part.name == "counts" else {}) for part in fields(Signs)}
    for each in signs:
        for part, total in sums.items():
            counts: Mapping[str, int] = getattr(each, part)
            total.update({told: n for told, n in counts.items() if _counts(told, part=part, own=own)})
    return replace(element, signs=Signs(**{part: dict(total) for part, total in sums.items()}))


def _counts(told: str, *, part: str, own: Collection[Key]) -> bool:
    """Whether it tells who somebody is: of its counts sex and age, of other names those that are not its own."""
    return told in OF_WHOM if part == "counts" else name_key(told) not in own

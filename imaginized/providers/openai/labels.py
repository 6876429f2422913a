"""Names in what is told to a drawing model, replaced: it knows nobody by name, or knows somebody else by it. Pure."""

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from imaginized.providers.builtin.known import know
from imaginized.story.elements import Element, ElementType

ALIVE = (ElementType.CHARACTER, ElementType.CREATURE)


def label_elements(elements: Sequence[Element]) -> dict[str, str]:
    """What each of those present is called towards a drawing model, by name: "woman A", "figure B"; a place keeps none.

    Whoever has no looks is told apart by nothing and gets no letter.
    """
    letters = iter(ascii_uppercase)
    labels: dict[str, str] = {}
    for element in elements:
        if element.type not in ALIVE:
            labels[element.name] = f"the {'place' if element.type is ElementType.PLACE else 'thing'}"
        elif element.description:
            labels[element.name] = f"{_kind_of(element)} {next(letters, '')}".rstrip()
        else:
            kind = _kind_of(element)
            labels[element.name] = f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return labels


def _kind_of(element: Element) -> str:
    """What is seen at once, as far as the book tells it: a man, a woman, a dog."""
    known = know(element)
    if element.type is ElementType.CREATURE:
        return str(known.species) or "animal"
    return str(known.sex) or "figure"


def without_names(text: str, elements: Sequence[Element], labels: Mapping[str, str]) -> str:
    """The text with people's and creatures' names replaced by their labels, the longest names first.

    Places and things stay: what they are called is what they are, mostly.
    """
    alive = [element for element in elements if element.type in ALIVE]
    called = {name: labels[element.name] for element in alive for name in (element.name, *element.aliases) if name}
    # What begins with a small letter ("the old ferryman") tells a look and stays.
    names = sorted((name for name in called if not name[0].islower()), key=len, reverse=True)
    if not names:
        return text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return pattern.sub(lambda match: called[match[0]], text)

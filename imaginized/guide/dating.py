"""From which chapter on a reader may be told what about an element. Pure.

What a chapter found is dated by that chapter; a name that joins two persons waits until a chapter says that they are
one, or for the last chapter of both.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from imaginized.guide.model import Known
from imaginized.story.elements import Element, Scene

_WORD = re.compile(r"\w{3,}")
_Found = Mapping[int, Sequence[Element]]


def date_elements(elements: Sequence[Element], *, found: _Found, texts: Mapping[int, str]) -> tuple[Known, ...]:
    """What is known of each element from which chapter on, in the order of the elements.

    Args:
        elements: Of the book.
        found: What each chapter found by itself.
        texts: The chapters; a name is told no earlier than the first that has it.
    """
    owners = _owners(elements)
    sightings: dict[int, list[tuple[int, Element]]] = defaultdict(list)
    for chapter in sorted(found):
        for one in found[chapter]:
            owner = _owner_of(one, owners=owners)
            if owner is not None:
                sightings[owner].append((chapter, one))
    return tuple(
        _date(element, seen=sightings.get(index, []), texts=texts, owners=owners, index=index)
        for index, element in enumerate(elements)
    )


def first_chapter(element: Element) -> int:
    """The chapter it comes into the book in; 1 where nobody knows."""
    return min((*element.chapters, *(quote.chapter for quote in element.quotes)), default=1)


def last_chapter(element: Element) -> int:
    """The last chapter it was found in."""
    return max((*element.chapters, *(quote.chapter for quote in element.quotes)), default=1)


def undated(element: Element) -> Known:
    """Where the chapters' own finds are not there: its other names wait for the last chapter it is in."""
    first, last = first_chapter(element), last_chapter(element)
    names = {element.name: first} | {alias: last for alias in element.aliases if alias != element.name}
    return Known(names=names, counts={last: element.mentions} if element.mentions else {})


def called(known: Known, *, chapter: int) -> str:
    """What a reader of a chapter calls it; "" where it is not known by then."""
    return next((name for name, since in known.names.items() if since <= chapter), "")


def told_by(text: str, *, chapter: int, known: Sequence[Known], somebody: str) -> str:
    """A sentence of ours about a chapter without the names that only later chapters have."""
    told: dict[str, str] = {}
    for one in known:
        for name, since in one.names.items():
            if name and name in text and not (since > chapter and name in told):
                told[name] = name if since <= chapter else called(one, chapter=chapter) or somebody
    if all(name == shown for name, shown in told.items()):
        return text
    # Longest first and once for all: "Wolf" in "Wolf Larsen" is no name of its own.
    names = "|".join(re.escape(name) for name in sorted(told, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda found: told[found[0]], text)


def present(scene: Scene, *, known: Sequence[Known], names: Mapping[str, int]) -> tuple[str, ...]:
    """Those in a scene, by the names that its chapter's reader has for them; each once."""
    shown = []
    for name in scene.elements:
        index = names.get(name)
        since = known[index].names.get(name, scene.chapter) if index is not None else scene.chapter
        is_known = index is None or since <= scene.chapter
        shown.append(name if is_known or index is None else called(known[index], chapter=scene.chapter))
    return tuple(name for name in dict.fromkeys(shown) if name)


def owner_by_name(elements: Sequence[Element]) -> dict[str, int]:
    """From any name to the place of its element; a name outranks another element's alias."""
    by_alias = {alias: at for at, element in reversed(list(enumerate(elements))) for alias in element.aliases}
    by_name = {element.name: at for at, element in reversed(list(enumerate(elements)))}
    return by_alias | by_name


def _owners(elements: Sequence[Element]) -> dict[str, int]:
    return {name.casefold(): index for name, index in reversed(owner_by_name(elements).items())}


def _owner_of(one: Element, *, owners: Mapping[str, int]) -> int | None:
    return next((owners[name.casefold()] for name in (one.name, *one.aliases) if name.casefold() in owners), None)


def _date(
    element: Element,
    *,
    seen: list[tuple[int, Element]],
    texts: Mapping[int, str],
    owners: Mapping[str, int],
    index: int,
) -> Known:
    names = _date_names(element, seen=seen, texts=texts)
    counts: Counter[int] = Counter()
    near: dict[int, Counter[int]] = defaultdict(Counter)
    for chapter, one in seen:
        told = max(chapter, names.get(one.name, chapter))
        counts[told] += one.mentions
        for name, times in (one.signs.near if one.signs else {}).items():
            other = owners.get(name.casefold())
            if other is not None and other != index:
                near[other][told] += times
    return Known(
        names=names,
        counts=dict(sorted(counts.items())),
        looks=_date_looks(element, seen=seen),
        near={other: dict(sorted(by.items())) for other, by in sorted(near.items())},
    )


def _date_names(element: Element, *, seen: list[tuple[int, Element]], texts: Mapping[int, str]) -> dict[str, int]:
    """From which chapter on each name may be told; the name that a reader should use goes first."""
    all_names = dict.fromkeys((element.name, *element.aliases))
    met = {name: _first_met(name, seen=seen, texts=texts) for name in all_names}
    if met[element.name] is None:  # no word of the book: a person gave it, or we did ("The narrator")
        met[element.name] = min((chapter for chapter, _ in seen), default=first_chapter(element))
    last = max(last_chapter(element), *(chapter for chapter, _ in seen), 1)
    known: dict[str, int] = {}
    # By when they are met; at the same time the name of the book goes before the others.
    for name in sorted(all_names, key=lambda one: met[one] or last + 1):
        first = met[name]
        if not known:
            known[name] = first or first_chapter(element)
        elif first is None:
            known[name] = last
        else:
            known[name] = _joined(name, first=first, known=known, seen=seen) or max(first, last)
    return {name: known[name] for name in all_names}


def _first_met(name: str, *, seen: list[tuple[int, Element]], texts: Mapping[int, str]) -> int | None:
    """The first chapter that found the name, and has it in its text where that is there."""
    key = name.casefold()
    first = next((n for n, one in seen if key in {each.casefold() for each in (one.name, *one.aliases)}), None)
    if first is None:
        return None
    if first in texts and key in texts[first].casefold():
        return first
    return next((n for n in sorted(texts) if n >= first and key in texts[n].casefold()), None if texts else first)


def _joined(name: str, *, first: int, known: Mapping[str, int], seen: list[tuple[int, Element]]) -> int | None:
    """The chapter from which on a reader knows that a name is another's; None where no chapter says it."""
    words = {word.casefold() for word in _WORD.findall(name)}
    alike = [since for other, since in known.items() if words & {word.casefold() for word in _WORD.findall(other)}]
    if alike:
        return max(first, min(alike))
    for chapter, one in seen:
        names = {each.casefold() for each in (one.name, *one.aliases)}
        others = [since for other, since in known.items() if other.casefold() in names]
        if chapter >= first and name.casefold() in names and others:
            return max(chapter, min(others))
    return None


def _date_looks(element: Element, *, seen: list[tuple[int, Element]]) -> tuple[tuple[str, int], ...]:
    """Each lasting look with the chapter that tells it; what no chapter tells waits for the last one."""
    told = [(look.text, look.quote.chapter) for look in element.looks if look.is_lasting and look.quote is not None]
    if told:
        return tuple(dict.fromkeys(told))
    last = max(last_chapter(element), *(chapter for chapter, _ in seen), 1)
    pieces = [piece.strip() for piece in element.description.split(";") if piece.strip()]
    own = [(chapter, one.description.casefold()) for chapter, one in seen]
    return tuple((piece, next((n for n, text in own if piece.casefold() in text), last)) for piece in pieces)

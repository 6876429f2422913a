"""The scenes of a chapter as a person wants them: without those left out, with the passages that a reader chose."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from imaginized.queue.manifest import SceneWish
from imaginized.story.elements import Element, Quote, Scene, passage_of
from imaginized.story.text import ChapterText

MOST_PRESENT = 8


def wanted_scenes(
    found: Sequence[Scene], *, wishes: Mapping[int, SceneWish], chapter: ChapterText, elements: Sequence[Element]
) -> tuple[Scene, ...]:
    """The scenes in reading order; a number stays with its passage.

    Args:
        found: What whoever reads found.
        wishes: Of a person, by number.
        chapter: Its text.
        elements: Those that were found in it.
    """
    if not wishes:
        return tuple(found)
    chosen = [
        _scene(chapter, number=number, passage=wish.passage, elements=elements)
        for number, wish in sorted(wishes.items())
        if wish.passage is not None and not wish.is_dropped
    ]
    taken = {number for number, wish in wishes.items() if wish.passage is not None}
    kept = [scene for scene in _numbered(found, taken=taken) if not _is_dropped(scene, wishes)]
    return tuple(sorted((*kept, *chosen), key=lambda scene: (scene.quote.start, scene.number)))


def _numbered(found: Sequence[Scene], *, taken: set[int]) -> Iterator[Scene]:
    """The scenes with numbers that no chosen passage has: a chapter that is read again may have more of them."""
    used = set(taken)
    for scene in found:
        number = scene.number
        while number in used:
            number += 1
        used.add(number)
        yield scene if number == scene.number else replace(scene, number=number)


def _is_dropped(scene: Scene, wishes: Mapping[int, SceneWish]) -> bool:
    wish = wishes.get(scene.number)
    return wish is not None and wish.is_dropped and wish.of == passage_of(scene)


def _scene(chapter: ChapterText, *, number: int, passage: tuple[int, int], elements: Sequence[Element]) -> Scene:
    start, end = passage
    text, pages = chapter.text[start:end], chapter.pages()
    return Scene(
        chapter=chapter.number,
        number=number,
        quote=Quote(text=text, chapter=chapter.number, start=start, page=pages.page_at(start)),
        description="",  # whoever draws is given the passage itself
        elements=tuple(element.name for element in elements if _is_named(element, text))[:MOST_PRESENT],
        pages=(pages.page_at(start), pages.page_at(max(end - 1, start))),
    )


def _is_named(element: Element, text: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in (element.name, *element.aliases))

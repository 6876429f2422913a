"""Headings of the Markdown files that can be linked to: no two alike, with the anchor that GitHub makes of each. Pure.

GitHub takes the characters of a heading, lowers them, drops what is no letter, digit, mark, underscore or hyphen, and
makes hyphens of spaces. Where two are alike it counts, and counts itself into the name of a third; so no two are.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from imaginized.guide.escaping import fold
from imaginized.guide.model import GROUP_TITLES, Guide
from imaginized.story.elements import Element

CHAPTERS, ELEMENTS, CONTENTS = "Chapters.md", "Elements.md", "Contents.md"
SCENES_TITLE, ELEMENTS_TITLE, STATISTICS_TITLE, TOC_TITLE = (
    "Visual Scenes by Chapter",
    "Story Elements",
    "Statistics",
    "Table of Contents",
)
_KINDS = ("L", "M")
_SINGLE_KINDS = ("Nd", "Pc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading as it is printed, not escaped, and its anchor."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchors:
    """What can be linked to.

    Attributes:
        chapters: Of Chapters.md, by number.
        scenes: Of Chapters.md, by chapter and scene.
        elements: Of Elements.md, in the guide's order.
        by_name: Which of these a name or an alias means, by that in lower case.
    """

    chapters: Mapping[int, Heading]
    scenes: Mapping[tuple[int, int], Heading]
    elements: tuple[Heading, ...]
    by_name: Mapping[str, Heading]


def anchors_of(guide: Guide) -> Anchors:
    """Every heading of a guide."""
    taken = _reserved(f"Chapters - {guide.title}", SCENES_TITLE, TOC_TITLE)
    chapters, scenes = {}, {}
    for chapter in guide.chapters:
        chapters[chapter.number] = _unique(chapter.heading, f"chapter {chapter.number}", taken=taken)
        for number in (each.scene.number for each in chapter.illustrations):
            text = f"Scene {number} of Chapter {chapter.number}"
            scenes[chapter.number, number] = _unique(text, "scene", taken=taken)
    taken = _reserved(f"Elements - {guide.title}", ELEMENTS_TITLE, TOC_TITLE, STATISTICS_TITLE, *GROUP_TITLES.values())
    elements = tuple(_unique(element.name, element.type.value, taken=taken) for element in guide.elements)
    return Anchors(
        chapters=chapters, scenes=scenes, elements=elements, by_name=_by_name(guide.elements, headings=elements)
    )


def anchor_of(heading: str) -> str:
    """The anchor that GitHub makes of the characters of a heading."""
    return "".join("-" if char == " " else char for char in fold(heading).lower() if char in " -" or _is_word(char))


def _is_word(char: str) -> bool:
    kind = unicodedata.category(char)
    return kind.startswith(_KINDS) or kind in _SINGLE_KINDS


def _reserved(*headings: str) -> set[str]:
    return {"", *map(anchor_of, headings)}


def _unique(text: str, kind: str, *, taken: set[str]) -> Heading:
    """The heading itself where no other has its anchor, else with what it is of, else counted."""
    text = fold(text)
    wanted, number = text or kind.capitalize(), 1
    while (anchor := anchor_of(wanted)) in taken:
        suffix = kind if number == 1 else f"{kind}, {number}"
        wanted, number = f"{text} ({suffix})".strip(), number + 1
    taken.add(anchor)
    return Heading(text=wanted, anchor=anchor)


def _by_name(elements: Iterable[Element], *, headings: Iterable[Heading]) -> dict[str, Heading]:
    found: dict[str, Heading] = {}
    pairs = list(zip(elements, headings, strict=True))
    for element, heading in pairs:
        found.setdefault(element.name.casefold(), heading)
    for element, heading in pairs:
        for alias in element.aliases:
            found.setdefault(alias.casefold(), heading)
    return found

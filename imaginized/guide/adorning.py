"""Initials and vignettes in the bytes of an EPUB: its first letters stay where they are, and only look otherwise.

A rule finds a paragraph by an empty element before it: to mark the paragraph itself, its own tag would have to change.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from imaginized.guide.container import Member
from imaginized.guide.insertion import Insertion, NotThere, find_spots, letters_of, marked
from imaginized.guide.making import Making
from imaginized.guide.material import Material
from imaginized.guide.model import Initial, Vignette
from imaginized.guide.openings import find_openings, sets_initials
from imaginized.guide.ornaments import (
    INITIAL_CLASS,
    first_of_prose,
    initial_of,
    initial_rule,
    takes_initial,
    vignette_markup,
)
from imaginized.guide.pages import prefixed
from imaginized.story.text import Paragraph

Wanted = TypeVar("Wanted")


def adorn(material: Material, *, making: Making) -> dict[str, bytes]:
    """Let chapters open and close with their ornaments; returns the pictures that are used, by their name."""
    drawn = _Drawn(material)
    opening: defaultdict[str, dict[int, tuple[Paragraph, Initial]]] = defaultdict(dict)
    closing: defaultdict[str, list[tuple[Paragraph, Vignette]]] = defaultdict(list)
    guide = material.adorned(making.pictures.room)
    initials = () if _has_own(making) else guide.initials
    for chapter in guide.chapters:
        text = material.text(chapter.number) if chapter.illustrations else None
        if text is None or not text.paragraphs:
            continue
        initial, first = initial_of(chapter, initials), first_of_prose(text.paragraphs)
        if initial is not None and first is not None and takes_initial(first.text):
            opening[first.file][first.position] = first, initial
        if chapter.vignette:
            closing[text.paragraphs[-1].file].append((text.paragraphs[-1], chapter.vignette))
    # The closings first: what ends one chapter goes before what opens the next at the same place.
    for member, ends in _in_members(closing, making=making):
        _close(member, ends, making=making, drawn=drawn)
    for member, begins in _in_members(opening, making=making):
        _open(member, begins, making=making, drawn=drawn)
    return drawn.used


class _Drawn:
    """The pictures of a book's ornaments, and which of them were used."""

    def __init__(self, material: Material) -> None:
        self.used: dict[str, bytes] = {}
        self._material = material

    def name(self, path: str) -> str:
        """The name of a picture that is used now; "" where it is gone."""
        name = posixpath.basename(path)
        if name not in self.used and (data := self._material.ornament(path)):
            self.used[name] = data
        return name if name in self.used else ""


def _has_own(making: Making) -> bool:
    """Whether the book sets first letters itself."""
    sheets = (each for each in making.container.members if each.name.casefold().endswith(".css"))
    return any(sets_initials(making.container.read(each)) for each in sheets)


def _in_members(by_file: Mapping[str, Wanted], *, making: Making) -> Iterator[tuple[Member, Wanted]]:
    for file, here in by_file.items():
        member = making.container.find(file)
        if member is not None and not making.is_laid_out(member):
            yield member, here


def _close(member: Member, ends: Sequence[tuple[Paragraph, Vignette]], *, making: Making, drawn: _Drawn) -> None:
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for paragraph, _ in ends:
        wanted[paragraph.position].add(letters_of(paragraph.text))
    with suppress(NotThere):
        spots = find_spots(making.container.read(member), wanted)
        for paragraph, tail in ends:
            offset = spots.offsets.get((paragraph.position, letters_of(paragraph.text)))
            if offset is not None and (name := drawn.name(tail.image)):
                markup = vignette_markup(tail, href=making.link(name, seen_from=member.name))
                ready = marked(prefixed(markup, spots.prefix), key=making.key)
                making.insertions[member.name].append(Insertion(offset, ready))


def _open(member: Member, begins: Mapping[int, tuple[Paragraph, Initial]], *, making: Making, drawn: _Drawn) -> None:
    texts = {position: paragraph.text for position, (paragraph, _) in begins.items()}
    with suppress(NotThere):
        found = find_openings(making.container.read(member), texts)
        if found.head_end < 0:
            return
        rules: dict[str, str] = {}
        for position, offset in found.offsets.items():
            initial = begins[position][1]
            if name := drawn.name(initial.image):
                own = f"{INITIAL_CLASS}-{posixpath.splitext(name)[0].rpartition('_')[2]}"
                address = making.link(name, seen_from=member.name)
                rules[own] = initial_rule(initial, selector=f".{own}+p", address=address)
                mark = prefixed(f'<div class="imaginized {own}"></div>', found.prefix)
                making.insertions[member.name].append(Insertion(offset, marked(mark, key=making.key)))
        if rules:
            sheet = prefixed(f'<style type="text/css">{"".join(rules.values())}</style>', found.prefix)
            making.insertions[member.name].append(Insertion(found.head_end, marked(sheet, key=making.key)))

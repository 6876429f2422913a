"""Where new entries go in the contents of a book: at their end, as all insertions between two comments.

Reference: EPUB 3.3, navigation document; OPF 2.0.1, NCX.
"""

import xml.parsers.expat
from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.guide.insertion import Insertion, NotThere, blanked, is_end_tag, marked, parser_of
from imaginized.guide.pages import plain, prefixed

_TITLES_LANGUAGE = "en"
_NUMBERS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page with its title; the reference is as seen from the contents."""

    title: str
    href: str


@dataclass(slots=True)
class _Found:
    """Where entries go.

    Attributes:
        at: Offset; -1 where there is no place.
        prefix: With which the elements around are spelled, such as "ncx:".
        order: The highest number in the order of play; -1 where nothing is numbered.
    """

    at: int = -1
    prefix: str = ""
    order: int = -1


def in_nav(data: bytes, entries: Sequence[Entry], *, key: str) -> Insertion:
    """New entries for the contents of EPUB 3.

    Raises:
        NotThere: It is not well-formed, or has no list.
    """
    found = _find(data, outer="nav", inner="ol")
    items = "".join(
        f'<li><a href="{plain(each.href)}" lang="{_TITLES_LANGUAGE}" xml:lang="{_TITLES_LANGUAGE}">'
        f"{plain(each.title)}</a></li>"
        for each in entries
    )
    return Insertion(found.at, marked(prefixed(items, found.prefix), key=key))


def in_ncx(data: bytes, entries: Sequence[Entry], *, key: str) -> Insertion:
    """New entries for the contents of EPUB 2.

    Raises:
        NotThere: It is not well-formed, or has no list.
    """
    found = _find(data, outer="ncx", inner="navMap")
    points = []
    for number, each in enumerate(entries, start=1):
        order = f' playOrder="{found.order + number}"' if found.order >= 0 else ""
        points.append(
            f'<navPoint id="imaginized-{key}-{number}"{order}><navLabel><text>{plain(each.title)}</text></navLabel>'
            f'<content src="{plain(each.href)}"/></navPoint>'
        )
    return Insertion(found.at, marked(prefixed("".join(points), found.prefix), key=key))


def _find(data: bytes, *, outer: str, inner: str) -> _Found:
    """The end of the first list `inner` of the contents that `outer` is; other lists, as of pages, are left alone."""
    found, around = _Found(), list[tuple[str, bool]]()
    parser = parser_of()

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        kinds = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "type"), "").split()
        around.append((local, local == outer and (outer != "nav" or "toc" in kinds)))
        order = attributes.get("playOrder", "")
        if order and _NUMBERS.issuperset(order):
            found.order = max(found.order, int(order))

    def end(name: str) -> None:
        prefix, _, local = name.rpartition(":")
        around.pop()
        at = parser.CurrentByteIndex
        is_list = local == inner and found.at < 0 and around[-1:] == [(outer, True)]
        if is_list and is_end_tag(data, at, name=name):
            found.at, found.prefix = at, f"{prefix}:" if prefix else ""

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(blanked(data), True)
    except xml.parsers.expat.ExpatError as error:
        raise NotThere(f"is not well-formed ({error})") from error
    if found.at < 0:
        raise NotThere("has no list of contents")
    return found

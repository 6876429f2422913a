"""Who is who, as the X-Ray plugin of KOReader keeps it: its cache file, `xray_cache.lua`, version 6.0.

The plugin shows what its file says whatever page the reader is on, and pages depend on the reader's letters. So the
file says of each name only what its first place in the book tells: the author's sentence there, and looks of that
chapter. A name that comes later is an entry of its own; it says whose name it is only where that chapter says so, too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from imaginized.guide.escaping import clean
from imaginized.guide.excerpts import beginning, marked
from imaginized.guide.timeline import Timeline, ToldElement, ToldName, ToldQuote
from imaginized.story.elements import ElementType

VERSION = "6.0"
LONGEST_QUOTE = 400
_MOST_QUOTES = 3
_LISTS = {
    ElementType.CHARACTER: "characters",
    ElementType.CREATURE: "characters",
    ElementType.PLACE: "locations",
    ElementType.ITEM: "terms",
}
_UNSAFE = re.compile(r"[\"\\\x00-\x1f\x7f]")
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")

Lua: TypeAlias = str | int | tuple["Lua", ...] | Mapping[str, "Lua"]


def xray_lua(timeline: Timeline, *, made_at: datetime) -> str:
    """The cache file of a book."""
    lists: dict[str, list[Lua]] = {"characters": [], "locations": [], "terms": []}
    for element in timeline.elements:
        for entry in _entries(element):
            lists[_LISTS[element.type]].append({**entry, "sort_order": len(lists[_LISTS[element.type]]) + 1})
    data: Mapping[str, Lua] = {
        "cache_version": VERSION,
        "cached_at": int(made_at.timestamp()),
        "book_title": timeline.title,
        "author": ", ".join(timeline.authors),
        **{name: tuple(entries) for name, entries in lists.items()},
        "historical_figures": (),
        "timeline": (),
    }
    about = f"-- X-Ray Cache v{VERSION}\n-- By imaginized: the author's words at the first place of each name.\n"
    return f"{about}\nreturn {_lua(data)}\n"


def _entries(element: ToldElement) -> Iterator[Mapping[str, Lua]]:
    """One for what it is called where it comes in, and one for each name that comes later and is not told by that."""
    placed = [name for name in element.names if name.place is not None and len(name.name) > 1]  # "I" is everybody
    if not placed:
        return
    first = placed[0]
    own = [name for name in placed if name is first or _is_known(name, first=first)]
    yield _entry(element, own)
    for name in placed:
        if name not in own:
            yield _entry(element, [name], same_as=first.name if first.name in name.beside else "")


def _is_known(name: ToldName, *, first: ToldName) -> bool:
    """Whether who has read up to the first place of the first name loses nothing by reading this one, too."""
    if name.place is None or first.place is None:
        return False
    return name.place.chapter == first.place.chapter or _words(name.name) <= _words(first.name)


def _words(name: str) -> set[str]:
    return set(name.casefold().split())


def _entry(element: ToldElement, names: list[ToldName], *, same_as: str = "") -> Mapping[str, Lua]:
    chapter = names[0].place.chapter if names[0].place else 0
    sentences = [names[0].sentence] if names[0].sentence else []
    if not same_as and names[0] is element.names[0]:
        sentences += [each.text for each in element.quotes if each.place.chapter == chapter and _tells(each, element)]
    said = [_said(each) for each in _apart(sentences)][:_MOST_QUOTES]
    lines = [f"First in chapter {chapter}.", *([f"Also called {same_as} there."] if same_as else []), *said]
    text = "\n".join(lines)
    aliases = tuple(name.name for name in names[1:])
    told = {"definition": text} if element.type is ElementType.ITEM else {"description": text}
    return {"name": _plain(names[0].name), "aliases": tuple(map(_plain, aliases)), **told}


def _tells(quote: ToldQuote, element: ToldElement) -> bool:
    return any(look.place == quote.place for look in element.looks)


def _apart(sentences: Iterable[str]) -> list[str]:
    """Each sentence once, whatever contains it."""
    kept: list[str] = []
    for sentence in sentences:
        if not any(sentence in other or other in sentence for other in kept):
            kept.append(sentence)
    return kept


def _said(sentence: str) -> str:
    text, is_cut = beginning(sentence, LONGEST_QUOTE)
    return f"{_plain(text)} …" if is_cut else _plain(marked(text))


def _plain(text: str) -> str:
    return _BIDI_CONTROLS.sub("", clean(text))


def _lua(value: Lua, indent: str = "") -> str:
    """A value as a Lua literal: data only, whatever characters it has."""
    inner = indent + "  "
    if isinstance(value, str):
        return '"' + _UNSAFE.sub(lambda found: f"\\{ord(found[0]):03d}", value) + '"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        rows = [f"{inner}{key} = {_lua(each, inner)}," for key, each in value.items()]
    else:
        rows = [f"{inner}[{at}] = {_lua(each, inner)}," for at, each in enumerate(value, start=1)]
    return "\n".join(("{", *rows, f"{indent}}}")) if rows else "{}"

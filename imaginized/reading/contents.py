"""The contents of a book out of its own documents: nav, NCX, landmarks and guide."""

from collections.abc import Iterator

from imaginized.reading.classify import mend_capitals
from imaginized.reading.markup import Node, attribute, child, descendants, folded_text, local_name, types_of
from imaginized.reading.package import Entry, resolve

MAX_ENTRIES = 20_000
MAX_LEVELS = 32


def read_nav(root: Node, *, name: str, kind: str) -> tuple[Entry, ...]:
    """The entries of a navigation document's list of that kind ("toc", "landmarks"); name is its path in the book."""
    lists = [node for node in descendants(root, "nav") if kind in types_of(node)]
    if not lists:
        return ()
    walk = _walk_nav(lists[0], name=name, path=())
    return tuple(entry for entry, _ in zip(walk, range(MAX_ENTRIES), strict=False))


def read_ncx(root: Node, *, folder: str) -> tuple[Entry, ...]:
    """The entries of an NCX; folder is where it lies in the book."""
    maps = descendants(root, "navmap")
    if not maps:
        return ()
    walk = _walk_ncx(maps[0], folder=folder, path=())
    return tuple(entry for entry, _ in zip(walk, range(MAX_ENTRIES), strict=False))


def read_guide(package: Node, *, folder: str) -> tuple[Entry, ...]:
    """The references of an EPUB 2 guide, as landmarks."""
    entries = []
    for reference in descendants(package, "reference"):
        target, fragment = resolve(attribute(reference, "href"), folder=folder)
        kinds = frozenset(attribute(reference, "type").lower().split())
        entries.append(Entry(title=attribute(reference, "title"), name=target, fragment=fragment, types=kinds))
    return tuple(entries)


def _walk_nav(node: Node, *, name: str, path: tuple[str, ...]) -> Iterator[Entry]:
    if len(path) > MAX_LEVELS:
        return
    for ordered in (each for each in node if local_name(each) in ("ol", "ul")):
        for item in (each for each in ordered if local_name(each) == "li"):
            entry = _read_nav_item(item, name=name, path=path)
            if entry is not None:
                yield entry
            below = path if entry is None else (*path, entry.title)
            yield from _walk_nav(item, name=name, path=below)


def _read_nav_item(item: Node, *, name: str, path: tuple[str, ...]) -> Entry | None:
    label = next((each for each in item if local_name(each) not in ("ol", "ul", "")), None)
    if label is None:
        return None
    link = label if local_name(label) == "a" else next(iter(descendants(label, "a")), None)
    href = "" if link is None else attribute(link, "href")
    target, fragment = resolve(href, folder=name.rpartition("/")[0])
    if href.startswith("#"):
        target = name
    types = types_of(label) if link is None else types_of(link)
    return Entry(title=mend_capitals(folded_text(label)), path=path, name=target, fragment=fragment, types=types)


def _walk_ncx(node: Node, *, folder: str, path: tuple[str, ...]) -> Iterator[Entry]:
    if len(path) > MAX_LEVELS:
        return
    for point in (each for each in node if local_name(each) == "navpoint"):
        content = child(point, "content")
        target, fragment = ("", "") if content is None else resolve(attribute(content, "src"), folder=folder)
        title = mend_capitals(folded_text(child(point, "navlabel")))
        yield Entry(title=title, path=path, name=target, fragment=fragment)
        yield from _walk_ncx(point, folder=folder, path=(*path, title))

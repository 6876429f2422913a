"""Our own reader of packages, for the books that EbookLib cannot read or reads with losses."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from imaginized.errors import Rejected
from imaginized.reading.contents import read_guide, read_nav, read_ncx
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.markup import Malformed, Node, attribute, child, descendants, folded_text, local_name, parse_xml
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Entry, Item, Package, SpineItem, resolve
from imaginized.reasons import Code

MAX_LINES = 5000
_CONTAINER = "META-INF/container.xml"
_BACK_LINK = re.compile(r"^\s*[\[(]?\s*[↩↑←⏎⤴↵⮌]|[↩⏎⤴↵⮌]")  # of a note; some programs list every link of a book
_WRAPPERS = ("dc-metadata", "x-metadata")  # of OEB, which EPUB 2 came from
_PACKAGE_TYPE = "application/oebps-package+xml"


def recover_package(archive: Archive) -> Package:
    """Read the package document by hand; documents in name order where even that is lost.

    Raises:
        Rejected: Nothing in the file looks like a book.
    """
    name = find_package(archive)
    if name is None:
        return _guess_package(archive)
    try:
        root = parse_xml(archive.read_text(name))
    except (Unreadable, Malformed):
        return _guess_package(archive)
    folder = posixpath.dirname(name)
    by_id = dict(_read_items(root, folder=folder))
    spine = tuple(_read_spine(root, by_id=by_id))
    items = tuple(by_id.values())
    lines = tuple(_read_lines(root))
    if not spine and not any(item.is_document for item in items):
        return replace(_guess_package(archive), metadata=read_metadata(lines))
    package = Package(
        metadata=read_metadata(lines),
        items=items,
        spine=spine
        or tuple(SpineItem(item=item) for item in items if item.is_document and "nav" not in item.properties),
        landmarks=read_guide(root, folder=folder),
        cover=find_cover(items, by_id=by_id, lines=lines),
        reader="recovery",
    )
    return add_navigation(package, archive=archive)


def find_package(archive: Archive) -> str | None:
    """The path of the package document: as the container says, else the first file that is named like one."""
    try:
        root = parse_xml(archive.read_text(_CONTAINER))
        files = descendants(root, "rootfile")
    except (Unreadable, Malformed):
        files = []
    ranked = sorted(files, key=lambda node: attribute(node, "media-type") != _PACKAGE_TYPE)
    named = (archive.find(resolve(attribute(node, "full-path"), folder="")[0]) for node in ranked)
    by_suffix = (name for name in archive.names if name.lower().endswith(".opf"))
    return next((name for name in named if name), None) or next(by_suffix, None)


def add_navigation(package: Package, *, archive: Archive) -> Package:
    """The package with contents and landmarks; the contents come from nav or NCX, whichever holds more entries."""
    contents: tuple[Entry, ...] = ()
    landmarks: tuple[Entry, ...] = ()
    package = _with_fallbacks(package, archive=archive)
    for item in sorted(package.items, key=lambda item: "nav" not in item.properties):
        is_nav = "nav" in item.properties
        if not is_nav and item.media_type != "application/x-dtbncx+xml" and not item.name.lower().endswith(".ncx"):
            continue
        try:
            data = archive.read_text(item.name)
            if not is_nav and contents and data.count(b"navPoint") <= 2 * len(contents):
                continue  # no more than the nav has said
            root = parse_xml(data)
        except (Unreadable, Malformed):
            continue
        if is_nav:
            found = read_nav(root, name=item.name, kind="toc")
            landmarks = landmarks or read_nav(root, name=item.name, kind="landmarks")
        else:
            found = read_ncx(root, folder=posixpath.dirname(item.name))
        found = tuple(entry for entry in found if not _BACK_LINK.search(entry.title))
        contents = max(contents, found, key=len)
    return replace(package, contents=contents, landmarks=(*landmarks, *package.landmarks))


def _with_fallbacks(package: Package, *, archive: Archive) -> Package:
    """The package with a document in place of each file of a foreign type in the spine that names one instead."""
    if all(_is_readable(spine_item.item) for spine_item in package.spine):
        return package
    try:
        root = parse_xml(archive.read_text(find_package(archive) or ""))
    except (Unreadable, Malformed):
        return package
    by_name = {item.name: item for item in package.items}
    folder = posixpath.dirname(find_package(archive) or "")
    rows = {attribute(node, "id"): node for node in descendants(root, "item")}
    names = {key: resolve(attribute(node, "href"), folder=folder)[0] for key, node in rows.items()}
    keys = {name: key for key, name in names.items()}

    def follow(item: Item) -> Item:
        seen: set[str] = set()
        key, found = keys.get(item.name, ""), item
        while not _is_readable(found) and key in rows and key not in seen:
            seen.add(key)  # a chain may lead back to itself
            key = attribute(rows[key], "fallback")
            found = by_name.get(names.get(key, ""), found)
        return found if found.is_document else item

    return replace(package, spine=tuple(replace(each, item=follow(each.item)) for each in package.spine))


def _is_readable(item: Item) -> bool:
    """Whether a file of the spine is a document, or a picture, whose stand-in has no text of the book either."""
    return item.is_document or item.media_type.startswith("image/")


def find_cover(items: tuple[Item, ...], *, by_id: dict[str, Item], lines: tuple[Line, ...]) -> str:
    """The cover image's path: by its property, else by the meta line of EPUB 2; "" when neither names one."""
    declared = next((item.name for item in items if "cover-image" in item.properties), "")
    if declared:
        return declared
    names = [line.value for line in lines if line.name == "cover"]
    meant = (by_id.get(name) or next((item for item in items if item.name.endswith(name)), None) for name in names)
    return next((item.name for item in meant if item is not None and item.media_type.startswith("image/")), "")


def _read_items(root: Node, *, folder: str) -> Iterator[tuple[str, Item]]:
    manifest = child(root, "manifest")
    for node in descendants(root if manifest is None else manifest, "item"):
        name, _ = resolve(attribute(node, "href"), folder=folder)
        if name:
            properties = frozenset(attribute(node, "properties").split())
            yield (
                attribute(node, "id") or name,
                Item(name=name, media_type=attribute(node, "media-type").strip().lower(), properties=properties),
            )


def _read_spine(root: Node, *, by_id: dict[str, Item]) -> Iterator[SpineItem]:
    for node in descendants(root, "itemref"):
        item = by_id.get(attribute(node, "idref").strip())
        if item is not None:
            yield SpineItem(item=item, is_linear=attribute(node, "linear").strip().lower() != "no")


def _read_lines(root: Node) -> Iterator[Line]:
    metadata = child(root, "metadata")
    for node in () if metadata is None else islice(_statements(metadata), MAX_LINES):
        name = local_name(node)
        if name == "meta":
            content = attribute(node, "content")
            yield Line(
                name=attribute(node, "property") or attribute(node, "name"),
                value=" ".join(content.split()) or folded_text(node),
                id=attribute(node, "id"),
                refines=attribute(node, "refines").removeprefix("#"),
            )
        elif name:
            yield Line(
                name=name,
                value=folded_text(node),
                id=attribute(node, "id"),
                role=attribute(node, "role").lower(),
                file_as=attribute(node, "file-as"),
            )


def _statements(metadata: Node) -> Iterator[Node]:
    """The elements that say something. No deeper ones: each holds the text of all below, to the square of a file."""
    for node in metadata:
        yield from node if local_name(node) in _WRAPPERS else (node,)


def _guess_package(archive: Archive) -> Package:
    """Every document in name order: all that is left when the package document is gone.

    Raises:
        Rejected: There is no document either.
    """
    items = tuple(Item(name=name) for name in sorted(archive.names))
    documents = [item for item in items if item.is_document and not item.name.startswith("META-INF/")]
    documents = [item for item in documents if item.name.lower().endswith((".xhtml", ".html", ".htm"))]
    if not documents:
        raise Rejected(
            "it is not an EPUB: it holds no package document and no text",
            code=Code.FOREIGN,
            advice="Convert it to EPUB, or download it again.",
        )
    return Package(
        metadata=read_metadata(()),
        items=items,
        spine=tuple(SpineItem(item=item) for item in documents),
        reader="recovery",
        warnings=("no package document; documents read in the order of their names",),
    )

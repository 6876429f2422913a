"""The one door to EbookLib: its reader, made to tolerate missing files and to read nothing but the package."""

import posixpath
from collections.abc import Iterator

from ebooklib import epub as ebooklib

from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Entry, Item, Package, SpineItem, resolve
from imaginized.reading.recovery import add_navigation, find_cover, find_package


class LostContent(Exception):
    """EbookLib raised, or what it read is less than what the book holds."""


class _Reader(ebooklib.EpubReader):  # type: ignore[misc]
    """EbookLib's reader on top of our bounded archive.

    A manifest item that is missing or lies on the web yields no bytes instead of a KeyError. Documents and
    pictures yield none either: they are read once, later, within bounds.
    """

    def __init__(self, archive: Archive, *, package_name: str) -> None:
        super().__init__(package_name, {"ignore_ncx": True})
        self._archive = archive
        self.opf_file = package_name
        self.opf_dir = posixpath.dirname(package_name)

    def load_package(self) -> ebooklib.EpubBook:
        """Fill and return the book: metadata, manifest, spine and guide."""
        self._load_opf_file()
        return self.book

    def read_file(self, name: str) -> bytes:
        """The package document's bytes, and none for anything else."""
        return self._archive.read_text(name) if name == self.opf_file else b""

    def _parse_nav(self, data: bytes, base_path: str, navtype: str = "toc") -> None:
        """Leave contents to `contents`, which keeps what EbookLib drops: types, landmarks, the NCX beside a nav."""

    def _parse_ncx(self, data: bytes) -> None:
        """See _parse_nav."""


def load_package(archive: Archive) -> Package:
    """Read the package by EbookLib.

    Raises:
        LostContent: It raised, or the result is not to be trusted; the recovery reader is next.
    """
    name = find_package(archive)
    if name is None:
        raise LostContent("no package document")
    try:
        reader = _Reader(archive, package_name=name)
        book = reader.load_package()
    except (ebooklib.EpubException, AttributeError, KeyError, TypeError, ValueError, SyntaxError, Unreadable) as error:
        raise LostContent(f"EbookLib could not read it ({type(error).__name__})") from error
    return add_navigation(_translate(book, reader=reader), archive=archive)


def _translate(book: ebooklib.EpubBook, *, reader: _Reader) -> Package:
    """EbookLib's book as our record.

    Raises:
        LostContent: The spine names nothing that the manifest knows.
    """
    by_id = {item.id: _translate_item(item, folder=reader.opf_dir) for item in book.get_items()}
    spine = tuple(
        SpineItem(item=by_id[name], is_linear=linear != "no")
        for name, linear in book.spine
        if by_id.get(name, _NOWHERE).name
    )
    if not spine or len(spine) < len(book.spine):
        raise LostContent("the spine names what the manifest does not hold")
    lines = tuple(_translate_metadata(book))
    items = tuple(item for item in by_id.values() if item.name)
    return Package(
        metadata=read_metadata(lines),
        items=items,
        spine=spine,
        landmarks=tuple(_translate_guide(book, folder=reader.opf_dir)),
        cover=find_cover(items, by_id=by_id, lines=lines),
        reader="ebooklib",
    )


_NOWHERE = Item(name="")


def _translate_item(item: ebooklib.EpubItem, *, folder: str) -> Item:
    properties = set(getattr(item, "properties", ()))
    if isinstance(item, ebooklib.EpubNav):
        properties.add("nav")
    if isinstance(item, ebooklib.EpubCover):
        properties.add("cover-image")
    name, _ = resolve(item.file_name.replace("%", "%25").replace("#", "%23").replace("?", "%3F"), folder=folder)
    return Item(name=name, media_type=(item.media_type or "").strip().lower(), properties=frozenset(properties))


def _translate_metadata(book: ebooklib.EpubBook) -> Iterator[Line]:
    for tags in book.metadata.values():
        for tag, values in tags.items():
            for text, attributes in values:
                plain = {key[key.rfind("}") + 1 :]: value for key, value in attributes.items()}
                value = " ".join((plain.get("content") or text or "").split())
                yield Line(
                    name=plain.get("property") or plain.get("name") or tag or "",
                    value=value,
                    id=plain.get("id", ""),
                    refines=plain.get("refines", "").removeprefix("#"),
                    role=plain.get("role", "").lower(),
                    file_as=plain.get("file-as", ""),
                )


def _translate_guide(book: ebooklib.EpubBook, *, folder: str) -> Iterator[Entry]:
    for reference in book.guide:
        target, fragment = resolve(reference["href"] or "", folder=folder)
        kinds = frozenset((reference["type"] or "").lower().split())
        yield Entry(title=reference["title"] or "", name=target, fragment=fragment, types=kinds)

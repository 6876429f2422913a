"""The library for reading apps: OPDS 1.2 (Atom) and 2.0 (JSON), with the illustrated EPUBs and their covers.

References: https://specs.opds.io/opds-1.2 and https://drafts.opds.io/opds-2.0
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from struct import pack
from urllib.parse import quote, urlencode
from xml.etree import ElementTree
from zlib import compress, crc32

from imaginized.guide.escaping import fold, xml_text

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/terms/"
SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ACQUIRE = "http://opds-spec.org/acquisition/open-access"
FEED_KIND = "application/atom+xml;profile=opds-catalog;kind=acquisition;charset=utf-8"
FEED_LINK = "application/atom+xml;profile=opds-catalog;kind=acquisition"
JSON_KIND = "application/opds+json"
EPUB = "application/epub+zip"
NO_COVER = "/opds/no-cover.png"
A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A book that an app may fetch.

    Attributes:
        epub: Name of its illustrated EPUB among its exports.
        cover: Kind of its cover, such as image/jpeg; "" for none.
    """

    book: str
    title: str
    authors: tuple[str, ...]
    language: str
    publisher: str
    series: str
    series_index: str
    updated: datetime
    epub: str
    size: int
    cover: str

    @property
    def address(self) -> str:
        """Where its EPUB is."""
        return f"/books/{self.book}/exports/{quote(self.epub)}"

    @property
    def picture(self) -> str:
        """Where its cover is."""
        return f"/books/{self.book}/cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page of the catalogue.

    Attributes:
        entries: Those on this page.
        total: How many there are on all pages.
        number: Of the page, from 1.
        words: What was searched for; "" for nothing.
    """

    entries: Sequence[Entry]
    total: int
    number: int
    words: str
    updated: datetime

    def links(self, path: str, *, asked_as: str) -> list[tuple[str, str]]:
        """Relation and address of this page and of those beside it; what was searched for is asked by that name."""
        last = max(1, -(-self.total // A_PAGE))
        beside = {"self": self.number, "first": 1, "last": last, "previous": self.number - 1, "next": self.number + 1}
        return [(rel, self._at(path, number, asked_as)) for rel, number in beside.items() if 1 <= number <= last]

    def _at(self, path: str, number: int, asked_as: str) -> str:
        asked = {**({asked_as: self.words} if self.words else {}), **({"page": str(number)} if number > 1 else {})}
        return f"{path}?{urlencode(asked)}" if asked else path


def atom(part: Part) -> bytes:
    """The page as OPDS 1.2."""
    for prefix, name in (("", ATOM), ("dc", DC), ("opensearch", SEARCH)):
        ElementTree.register_namespace(prefix, name)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _text(feed, ATOM, "id", "urn:imaginized:catalog")
    _text(feed, ATOM, "title", "Illustrated books")
    _text(feed, ATOM, "updated", part.updated.isoformat(timespec="seconds"))
    # Atom asks for an author of the feed where an entry has none, and books without one there are.
    _text(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), ATOM, "name", "imaginized")
    _text(feed, SEARCH, "totalResults", str(part.total))
    _text(feed, SEARCH, "itemsPerPage", str(A_PAGE))
    for rel, address in part.links("/opds", asked_as="q"):
        ElementTree.SubElement(feed, f"{{{ATOM}}}link", rel=rel, href=address, type=FEED_LINK)
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", rel="start", href="/opds", type=FEED_LINK)
    search = {"rel": "search", "href": "/opds/search.xml", "type": "application/opensearchdescription+xml"}
    ElementTree.SubElement(feed, f"{{{ATOM}}}link", search)
    for one in part.entries:
        feed.append(_entry(one))
    return _written(feed)


def search_description() -> bytes:
    """How an app searches, as OpenSearch has it."""
    ElementTree.register_namespace("", SEARCH)
    root = ElementTree.Element(f"{{{SEARCH}}}OpenSearchDescription")
    _text(root, SEARCH, "ShortName", "imaginized")
    _text(root, SEARCH, "Description", "Books by title, author or series")
    ElementTree.SubElement(root, f"{{{SEARCH}}}Url", type=FEED_LINK, template="/opds?q={searchTerms}")
    return _written(root)


def publications(part: Part) -> dict[str, object]:
    """The page as OPDS 2.0."""
    links: list[dict[str, object]] = [
        {"rel": rel, "href": address, "type": JSON_KIND} for rel, address in part.links("/opds/v2", asked_as="query")
    ]
    # Apps fill in the variable that the specification names, and no other.
    links.append({"rel": "search", "href": "/opds/v2{?query}", "type": JSON_KIND, "templated": True})
    return {
        "metadata": {
            "title": "Illustrated books",
            "numberOfItems": part.total,
            "itemsPerPage": A_PAGE,
            "currentPage": part.number,
        },
        "links": links,
        "publications": [_publication(one) for one in part.entries],
    }


@cache
def no_cover() -> bytes:
    """A plain picture (PNG) for a book that has none."""
    width, height, grey = 40, 60, b"\xb4"

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    head = chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", compress((b"\0" + grey * width) * height)) + chunk(b"IEND", b"")


def _written(root: ElementTree.Element) -> bytes:
    written: bytes = ElementTree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _publication(one: Entry) -> dict[str, object]:
    series = {"name": one.series, **({"position": float(one.series_index)} if _is_number(one.series_index) else {})}
    told: dict[str, object] = {
        "@type": "http://schema.org/Book",
        "identifier": f"urn:imaginized:{one.book}",
        "title": one.title,
        "author": list(one.authors),
        "language": one.language,
        "publisher": one.publisher,
        "modified": one.updated.isoformat(timespec="seconds"),
        "belongsTo": {"series": series} if one.series else None,
    }
    # Each publication must have a picture: parsers refuse those that have none.
    picture = {"href": one.picture, "type": one.cover} if one.cover else {"href": NO_COVER, "type": "image/png"}
    return {
        "metadata": {key: value for key, value in told.items() if value},
        "links": [{"rel": ACQUIRE, "href": one.address, "type": EPUB}],
        "images": [picture],
    }


def _entry(one: Entry) -> ElementTree.Element:
    entry = ElementTree.Element(f"{{{ATOM}}}entry")
    _text(entry, ATOM, "id", f"urn:imaginized:{one.book}")
    _text(entry, ATOM, "title", one.title)
    for author in one.authors:
        _text(ElementTree.SubElement(entry, f"{{{ATOM}}}author"), ATOM, "name", author)
    _text(entry, ATOM, "updated", one.updated.isoformat(timespec="seconds"))
    for name, value in (("language", one.language), ("publisher", one.publisher)):
        if value:
            _text(entry, DC, name, value)
    if one.series:
        _text(entry, ATOM, "summary", f"{one.series} {one.series_index}".strip())
    link = {"rel": ACQUIRE, "href": one.address, "type": EPUB, "length": str(one.size)}
    ElementTree.SubElement(entry, f"{{{ATOM}}}link", link)
    for rel in ("http://opds-spec.org/image", "http://opds-spec.org/image/thumbnail") if one.cover else ():
        ElementTree.SubElement(entry, f"{{{ATOM}}}link", rel=rel, href=one.picture, type=one.cover)
    return entry


def _text(parent: ElementTree.Element, space: str, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{space}}}{name}").text = xml_text(fold(text))


def _is_number(text: str) -> bool:
    try:
        return bool(text) and float(text) == float(text)
    except ValueError:
        return False

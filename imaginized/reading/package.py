"""What an EPUB says about itself: its documents in order, contents, landmarks. Both readers fill these records."""

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote

DOCUMENT_TYPES = frozenset(
    {
        "application/xhtml+xml",
        "text/html",
        "application/xml",
        "text/xml",
        "text/x-oeb1-document",
        "application/x-dtbook+xml",
        "image/svg+xml",
    }
)
_DOCUMENT_SUFFIXES = (".xhtml", ".html", ".htm", ".xml", ".xht", ".dtbook")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the manifest; `name` is the path inside the book."""

    name: str
    media_type: str = ""
    properties: frozenset[str] = frozenset()

    @property
    def is_document(self) -> bool:
        """Whether it holds text to read, by what it says or by its name."""
        return self.media_type in DOCUMENT_TYPES or (
            self.name.lower().endswith(_DOCUMENT_SUFFIXES) and not self.media_type.startswith("image/")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineItem:
    """One document in reading order; `is_linear` is False for what stands outside that order."""

    item: Item
    is_linear: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the contents.

    Attributes:
        title: White space folded; may be empty.
        path: Titles of the entries above it, outermost first.
        name: Path inside the book it points to; "" when it points nowhere.
        fragment: Identifier within that document; "" for its start.
        types: What it says it is (epub:type).
    """

    title: str
    path: tuple[str, ...] = ()
    name: str = ""
    fragment: str = ""
    types: frozenset[str] = frozenset()

    @property
    def depth(self) -> int:
        """How many entries it stands below."""
        return len(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the book says about itself; empty where it says nothing."""

    title: str = ""
    sort_title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    series: str = ""
    series_index: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An EPUB as its package document describes it.

    Attributes:
        contents: The entries of nav or NCX, in their own order.
        landmarks: Entries of the landmarks or the guide; only types and targets count.
        cover: Path of the cover image; "" when none is named.
        reader: Which way it was read.
        warnings: What was odd.
    """

    metadata: Metadata
    items: tuple[Item, ...]
    spine: tuple[SpineItem, ...]
    contents: tuple[Entry, ...] = ()
    landmarks: tuple[Entry, ...] = ()
    cover: str = ""
    reader: str = ""
    warnings: tuple[str, ...] = field(default=())


def resolve(href: str, *, folder: str) -> tuple[str, str]:
    """A reference as (path inside the book, fragment); ("", "") for what lies outside the book or nowhere."""
    target, _, fragment = href.strip().partition("#")
    if ":" in target.split("/", 1)[0] or target.startswith("//"):
        return "", ""
    target = target.split("?", 1)[0]
    if not target:
        return "", unquote(fragment)
    path = f"{folder}/{target}" if folder else target
    if "%" in path or "/." in path or "//" in path or path[0] in "./":  # most are plain, and some books have thousands
        path = posixpath.normpath(posixpath.join(folder, unquote(target))).lstrip("/")
    if path.startswith("..") or path == ".":
        return "", ""
    return path, unquote(fragment)

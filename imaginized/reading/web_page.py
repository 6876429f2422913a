"""HTML, alone or zipped with its pictures (HTMLZ): one document that holds the whole book."""

import re
from html import unescape
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.charset import decode_text
from imaginized.reading.converted import CONVERT_ANEW, Converted, Page, read_bounded, read_converted
from imaginized.reading.limits import MAX_COVER_BYTES, Archive, Unreadable
from imaginized.reading.markup import Malformed, Node, attribute, descendants, local_name, parse_xml
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Metadata
from imaginized.reasons import Code
from imaginized.story.text import BookText

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?[A-Za-z]""", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{1,500}?)</title", re.IGNORECASE | re.DOTALL)
_META = re.compile(
    r"""<meta\s[^>]{0,20}name=["']?(author|creator|dc\.creator|dc\.title|dc\.language)["']?\s[^>]{0,20}content=["']([^"'>]{1,300})""",
    re.I,
)
_LANGUAGE = re.compile(r"""<html[^>]{0,300}?\slang=["']?([A-Za-z-]{2,12})""", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_HEAD_CHARACTERS = 8000
_MAX_LINES = 500
_COVERS = ("cover.jpg", "cover.jpeg", "cover.png")


def read_page(path: Path, *, original_name: str) -> BookText:
    """Read an HTML file into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def read_zipped_page(path: Path, *, original_name: str) -> BookText:
    """Read an HTMLZ file into its story chapters; see `read_converted`."""
    return read_converted(path, _convert_zipped, original_name=original_name)


def _convert(path: Path) -> Converted:
    page, metadata, warnings = _page(read_bounded(path), name="index.html")
    return Converted(way="html", pages=(page,), metadata=metadata, warnings=warnings, is_named_inside=True)


def _convert_zipped(path: Path) -> Converted:
    with Archive(path) as archive:
        names = [name for name in archive.names if name.lower().endswith((".html", ".htm", ".xhtml"))]
        top = [name for name in names if "/" not in name] or names
        if not top:
            raise Rejected("it has no HTML", code=Code.FOREIGN, advice=CONVERT_ANEW)
        wanted = archive.find("index.html") or top[0]
        page, metadata, warnings = _page(archive.read_text(wanted), name=wanted)
        metadata = _package_metadata(archive) or metadata
        cover = _cover(archive)
        return Converted(
            way="html", pages=(page,), metadata=metadata, cover=cover, warnings=warnings, is_named_inside=True
        )


def _page(data: bytes, *, name: str) -> tuple[Page, Metadata, tuple[str, ...]]:
    """The page in an encoding that it declares or that needs no word, and what it says of itself."""
    warnings: tuple[str, ...] = ()
    if not _DECLARED.search(data[:2048]):
        text, warning = decode_text(data)
        data, warnings = text.encode("utf-8", "replace"), (warning,) if warning else ()
    else:
        text = data[: _HEAD_CHARACTERS * 2].decode("utf-8", "replace")
    return Page(name=name, data=data), _metadata(text[:_HEAD_CHARACTERS]), warnings


def _metadata(head: str) -> Metadata:
    said = {key.lower(): " ".join(value.split()) for key, value in _META.findall(head)}
    title, language = _TITLE.search(head), _LANGUAGE.search(head)
    author = said.get("dc.creator") or said.get("creator") or said.get("author") or ""
    lines = {
        "title": said.get("dc.title") or (unescape(" ".join(_TAGS.sub("", title[1]).split())) if title else ""),
        "creator": unescape(author),
        "language": said.get("dc.language") or (language[1] if language else ""),
    }
    return read_metadata(Line(name=name, value=value) for name, value in lines.items())


def _package_metadata(archive: Archive) -> Metadata | None:
    """What Calibre's metadata.opf beside the page says; None where there is none."""
    name = archive.find("metadata.opf")
    if name is None:
        return None
    try:
        root = parse_xml(archive.read_text(name))
    except (Unreadable, Malformed):
        return None
    blocks = descendants(root, "metadata")
    return read_metadata(map(_line, list(blocks[0])[:_MAX_LINES])) if blocks else None


def _line(node: Node) -> Line:
    # Not the text of what is nested in it, too: a hostile file nests thousands, each within the others.
    value = " ".join((attribute(node, "content") or node.text or "").split())
    return Line(name=attribute(node, "name") or local_name(node), value=value, role=attribute(node, "role"))


def _cover(archive: Archive) -> tuple[str, bytes] | None:
    for name in _COVERS:
        found = archive.find(name)
        if found is not None:
            try:
                return found, archive.read(found, max_bytes=MAX_COVER_BYTES)
            except Unreadable:
                return None
    return None

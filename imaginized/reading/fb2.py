"""FictionBook, alone or zipped: sections, titles, verse and notes of its XML as pages."""

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.classify import is_title_like
from imaginized.reading.converted import (
    CONVERT_ANEW,
    Converted,
    Page,
    escaped,
    make_page,
    read_bounded,
    read_converted,
)
from imaginized.reading.limits import MAX_COVER_BYTES, Archive
from imaginized.reading.markup import Node, attribute, child, descendants, folded_text, local_name, parse_xml, walk_tree
from imaginized.reading.package import Entry, Metadata
from imaginized.reasons import Code
from imaginized.story.text import BookText

_NOTES = frozenset({"notes", "comments", "footnotes"})
_TAGS = {
    "p": "p", "subtitle": "p", "v": "p", "text-author": "p", "date": "p", "td": "td", "th": "th", "tr": "tr",
    "table": "table", "cite": "blockquote", "epigraph": "blockquote", "annotation": "blockquote", "poem": "blockquote",
    "stanza": "div", "section": "section", "emphasis": "i", "strong": "b", "style": "span", "sub": "sub", "sup": "sup",
    "code": "code", "strikethrough": "span",
}  # fmt: skip
_CLASSES = {"v": "line"}  # as `blocks` knows a line of verse
_DROPPED = frozenset({"image", "binary", "title"})
_MAX_LEVEL = 6
_MAX_TITLE = 80


def read_fb2(path: Path, *, original_name: str) -> BookText:
    """Read a FictionBook into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    root = parse_xml(_read(path))
    if local_name(root) != "fictionbook":
        text = "it is XML, but no FictionBook"
        raise Rejected(text, code=Code.FOREIGN, advice=CONVERT_ANEW)
    _unmark_titles(root)
    description = child(root, "description")
    info = None if description is None else child(description, "title-info")
    pages: list[Page] = []
    contents: list[Entry] = []
    for number, body in enumerate(each for each in root if local_name(each) == "body"):
        name = f"body{number + 1}.xhtml"
        if body.get("name", "").lower() in _NOTES:
            pages.append(make_page(name, f'<section epub:type="endnotes">{"".join(_Walk(name).walk(body))}</section>'))
            continue
        for nth, piece in enumerate(_pieces(body)):
            name = f"body{number + 1}{f'-{nth + 1}' if nth else ''}.xhtml"
            walk = _Walk(name)
            pages.append(make_page(name, "".join(walk.walk(piece))))
            contents += walk.contents
    return Converted(
        way="fb2", pages=tuple(pages), metadata=_metadata(info), contents=tuple(contents), cover=_cover(root, info=info)
    )


def _unmark_titles(root: Node) -> None:
    """Take the marks of notes out of titles that say more than them."""
    for title in descendants(root, "title"):
        marks = [each for each in descendants(title, "a") if attribute(each, "type") == "note"]
        for mark in marks if marks and folded_text(title) != " ".join(map(folded_text, marks)) else ():
            parent, before, tail = mark.getparent(), mark.getprevious(), mark.tail or ""
            if parent is None:
                continue
            if before is None:
                parent.text = (parent.text or "") + tail
            else:
                before.tail = (before.tail or "") + tail
            parent.remove(mark)


def _pieces(body: Node) -> list[Node]:
    """The body as one; where none of its sections has a title, each of them, as converters put a document into each."""
    sections = [each for each in body if local_name(each) == "section"]
    others = [each for each in body if local_name(each) not in ("section", "image", "")]
    is_untitled = len(sections) > 1 and not others and not any(descendants(each, "title") for each in sections)
    return sections if is_untitled else [body]


def _read(path: Path) -> bytes:
    """The XML, of a zip file that of its only member with the right name."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return read_bounded(path)
    with Archive(path) as archive:
        names = [name for name in archive.names if name.lower().endswith(".fb2")]
        if len(names) != 1:
            text = f"there are {len(names)} FictionBooks in it"
            raise Rejected(text, code=Code.FOREIGN, advice="Unpack it, then drop each of them.")
        return archive.read(names[0])


class _Walk:
    """One pass over a body, without recursion: a section's depth is its title's level."""

    def __init__(self, name: str) -> None:
        self.contents: list[Entry] = []
        self._name = name
        self._titles: list[str] = []

    def walk(self, body: Node) -> Iterator[str]:
        """The pieces of the page."""
        steps = walk_tree(body)
        for event, node in steps:
            name = local_name(node)
            if event == "end":
                yield from self._end(node, name=name, is_top=node is body)
            elif name in _DROPPED:
                if name == "title":
                    yield self._title(node)
                steps.skip_subtree()
            else:
                yield from self._start(node, name=name)

    def _start(self, node: Node, *, name: str) -> Iterator[str]:
        if name == "section":
            title = child(node, "title")
            self._titles.append("" if title is None else " ".join(_lines_of(title)))
            yield f'<section id="{self._mark(node)}">'
        elif name == "empty-line":
            yield "<p> </p>"
        elif name == "a":
            kind = ' epub:type="noteref"' if attribute(node, "type") == "note" else ""
            yield f'<a href="{escaped(attribute(node, "href"))}"{kind}>'
        elif name == "p" and _is_bold_title(node):
            yield "<h2>"
        elif name in _TAGS:
            kind = f' class="{_CLASSES[name]}"' if name in _CLASSES else ""
            yield f"<{_TAGS[name]}{kind}>"
        yield escaped(node.text or "")

    def _end(self, node: Node, *, name: str, is_top: bool) -> Iterator[str]:
        if name == "section":
            self._titles.pop()
        if name == "p" and _is_bold_title(node):
            yield "</h2>"
        elif name in _TAGS or name == "a":
            yield f"</{_TAGS.get(name, 'a')}>"
        if not is_top:
            yield escaped(node.tail or "")

    def _mark(self, node: Node) -> str:
        mark = node.get("id") or f"section-{len(self.contents) + 1}"
        if self._titles[-1]:
            above = tuple(title for title in self._titles[:-1] if title)
            self.contents.append(Entry(title=self._titles[-1], path=above, name=self._name, fragment=mark))
        return escaped(mark)

    def _title(self, node: Node) -> str:
        level = min(max(len(self._titles), 1), _MAX_LEVEL)
        heading = "<br/>".join(map(escaped, _lines_of(node)))
        return f"<h{level}>{heading}</h{level}>{escaped(node.tail or '')}"


def _lines_of(title: Node) -> list[str]:
    lines = [line for each in title if local_name(each) == "p" and (line := folded_text(each))]
    return lines or [folded_text(title)]


def _is_bold_title(node: Node) -> bool:
    """Whether a section without title begins with a short line, all of it bold: so converters write titles."""
    parent = node.getparent()
    if node.getprevious() is not None or parent is None or local_name(parent) != "section" or len(node) != 1:
        return False
    text = folded_text(node)
    is_whole = local_name(node[0]) == "strong" and not (node.text or "").strip() and not (node[0].tail or "").strip()
    return is_whole and 0 < len(text) <= _MAX_TITLE and is_title_like(text)


def _metadata(info: Node | None) -> Metadata:
    if info is None:
        return Metadata()
    names = [_person(each) for each in info if local_name(each) == "author"]
    sequence = child(info, "sequence")
    return Metadata(
        title=folded_text(child(info, "book-title")),
        authors=tuple(name for name in names if name),
        language=folded_text(child(info, "lang")),
        series="" if sequence is None else sequence.get("name", ""),
        series_index="" if sequence is None else sequence.get("number", ""),
    )


def _person(node: Node) -> str:
    names = [folded_text(child(node, part)) for part in ("first-name", "middle-name", "last-name")]
    return " ".join(filter(None, names)) or folded_text(child(node, "nickname"))


def _cover(root: Node, *, info: Node | None) -> tuple[str, bytes] | None:
    page = None if info is None else child(info, "coverpage")
    image = None if page is None else child(page, "image")
    wanted = "" if image is None else attribute(image, "href").removeprefix("#")
    for binary in descendants(root, "binary") if wanted else ():
        if binary.get("id") == wanted and len(binary.text or "") <= MAX_COVER_BYTES:
            try:
                data = base64.b64decode(binary.text or "")
            except (binascii.Error, ValueError):
                return None
            suffix = binary.get("content-type", "image/jpeg").rpartition("/")[2].replace("jpeg", "jpg")
            return f"cover.{suffix}", data
    return None

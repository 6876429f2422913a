"""OpenDocument text, as LibreOffice and others write it: its XML as a page."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.converted import CONVERT_ANEW, Converted, escaped, make_page, read_converted
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.markup import (
    Malformed,
    Node,
    attribute,
    descendants,
    folded_text,
    local_name,
    parse_xml,
    walk_tree,
)
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Metadata
from imaginized.reasons import Code
from imaginized.story.text import BookText

PAGE = "content.xml"
_DROPPED_WORDS = """
    annotation annotation-end tracked-changes image object object-ole note bookmark-ref sequence-decls forms
    variable-decls user-field-decls script ruby-text page-number page-count
"""
_DROPPED = frozenset(_DROPPED_WORDS.split())
_SVG = "svg-compatible"
_DESCRIBED = ("title", "desc")  # of a picture; a field of the text is called so, too
_TAGS = {
    "list": "ul", "list-item": "li", "list-header": "li", "table": "table", "table-row": "tr", "table-cell": "td",
    "section": "section", "text-box": "div",
}  # fmt: skip
_CONTENTS = frozenset({"table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index"})
_SPACES = {"tab": " ", "line-break": "<br/>"}
_MAX_SPACES = 100
_HEADING_STYLES = {"title": 1, "heading": 2, **{f"heading_20_{n}": n for n in range(1, 7)}}
_MAX_PARENTS = 20


def read_odt(path: Path, *, original_name: str) -> BookText:
    """Read an OpenDocument text into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    with Archive(path) as archive:
        _check_protection(archive)
        root = parse_xml(archive.read_text(PAGE))
        parents = _style_parents(root)
        if archive.find("styles.xml") is not None:
            parents = {**_style_parents(parse_xml(archive.read_text("styles.xml"))), **parents}
        body = _body_of(root)
        if body is None:
            raise Rejected("it is an OpenDocument file without text", code=Code.FOREIGN, advice=CONVERT_ANEW)
        walk = _Walk(parents)
        page = make_page(PAGE, "".join(walk.walk(body)))
        metadata = _metadata(archive)
        return Converted(way="odt", pages=(page,), metadata=metadata, titled=walk.titled, is_named_inside=True)


def _body_of(root: Node) -> Node | None:
    """The text of the document; number and date styles, which stand before it, have elements of that name, too."""
    places = [*descendants(root, "body"), root]
    return next((each for place in places for each in place if local_name(each) == "text"), None)


def _check_protection(archive: Archive) -> None:
    """Refuse what is encrypted.

    Raises:
        Rejected: It is.
    """
    try:
        listed = archive.read("META-INF/manifest.xml")
    except Unreadable:
        return
    if b"encryption-data" in listed:
        advice = "Save it without a password and drop that."
        raise Rejected("it is encrypted with a password", code=Code.ENCRYPTED, advice=advice)


def _style_parents(root: Node) -> dict[str, str]:
    return {
        attribute(style, "name"): attribute(style, "parent-style-name")
        for style in descendants(root, "style")
        if attribute(style, "family") == "paragraph"
    }


class _Walk:
    """One pass over the text, without recursion."""

    def __init__(self, parents: Mapping[str, str]) -> None:
        self._parents = parents
        self._listing = 0  # how many printed contents are open
        self.titled = ""  # what stands in the style of a title first

    def walk(self, body: Node) -> Iterator[str]:
        """The pieces of the page."""
        steps = walk_tree(body)
        for event, node in steps:
            name = local_name(node)
            if event == "end":
                yield from self._end(node, name=name, is_top=node is body)
            elif name in _DROPPED or (name in _DESCRIBED and _SVG in str(node.tag)):
                steps.skip_subtree()
            else:
                yield from self._start(node, name=name)

    def _start(self, node: Node, *, name: str) -> Iterator[str]:
        self._listing += name in _CONTENTS
        if name in ("p", "h"):
            yield self._open(self._level(node, name=name))
        elif name == "s":
            yield " " * min(_whole(attribute(node, "c")), _MAX_SPACES)
        elif name in _SPACES:
            yield _SPACES[name]
        elif name in _TAGS:
            yield f"<{_TAGS[name]}>"
        yield escaped(node.text or "")

    def _end(self, node: Node, *, name: str, is_top: bool) -> Iterator[str]:
        if name in ("p", "h"):
            yield self._close(self._level(node, name=name))
        elif name in _TAGS:
            yield f"</{_TAGS[name]}>"
        self._listing -= name in _CONTENTS
        if not is_top:
            yield escaped(node.tail or "")

    def _open(self, level: int) -> str:
        if self._listing:
            return '<p><a href="#">'  # as `flow` knows printed contents
        return f"<h{level}>" if level else "<p>"

    def _close(self, level: int) -> str:
        if self._listing:
            return "</a></p>"
        return f"</h{level}>" if level else "</p>"

    def _level(self, node: Node, *, name: str) -> int:
        """1 to 6 for a heading, by what it is or by the style that its own is made from."""
        if name == "h":
            return min(_whole(attribute(node, "outline-level")), 6)
        style = attribute(node, "style-name")
        for _ in range(_MAX_PARENTS):
            level = _HEADING_STYLES.get(style.lower())
            if style.lower() == "title" and not self.titled:
                self.titled = folded_text(node)
            if level or not style:
                return level or 0
            style = self._parents.get(style, "")
        return 0


def _whole(text: str) -> int:
    """A number from 1 on; 1 where it is none."""
    return max(int(text), 1) if text.isdecimal() and len(text) < 6 else 1


def _metadata(archive: Archive) -> Metadata:
    try:
        root = parse_xml(archive.read_text("meta.xml"))
    except (Unreadable, Malformed):
        return Metadata()
    names = {"title": "title", "initial-creator": "creator", "language": "language"}
    lines = [
        Line(name=names[local_name(each)], value=folded_text(each))
        for each in root.iter()
        if local_name(each) in names and not len(each)
    ]
    return read_metadata(lines)

"""The one door to lxml: bytes of XML or XHTML, however malformed, to a tree; no entities, no DTD, no network."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html.entities import html5
from typing import TypeAlias

from lxml import etree

from imaginized.reading.encodings import says_utf_8, to_utf_8
from imaginized.story.text import leads_unspaced

Node: TypeAlias = etree._Element
TreeWalk: TypeAlias = etree.iterwalk
Attributes: TypeAlias = Sequence[tuple[str, str]]
Finder: TypeAlias = Callable[[Node], list[Node]]

MAX_TAGS = 1_000_000
MAX_ATTRIBUTES = 5_000  # libxml2 compares each with all before it
MAX_DEPTH = 200  # three calls a level; Python's own bound is 1,000
MAX_LEVELS = 2048  # libxml2's own bound with huge_tree

TYPE_KEYS = frozenset({"{http://www.idpf.org/2007/ops}type", "epub:type", "role"})
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,31});")
_XML_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_DECLARED_ENTITY = re.compile(rb"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{0,31})\s")
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_UNQUOTED = re.compile(
    rb"""<[A-Za-z][\w:-]*(?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*\s+[\w:-]+\s*=\s*[^\s"'<>=]"""
)
_HTML_SHARE, _UNQUOTED_SHARE = 0.9, 0.5
_VOID = re.compile(
    rb"<(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)((?:\s[^<>]*?)?)/?>"
    rb"|</(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\s*>",
    re.IGNORECASE,
)
_TEXT_LENGTH = etree.XPath("string-length(.)")
_PROLOGUE_BYTES = 65_536
_CROWDED = re.compile(rb"<(?:[^<>=]*+=){%d}" % MAX_ATTRIBUTES)
_INDENTED = re.compile(rb"\n[ \t]++(?=[^<\s])")
_PREFORMATTED = re.compile(rb"<[\w:]*pre\b", re.IGNORECASE)
_NAMESPACE = b' xmlns="http://www.w3.org/1999/xhtml"'  # every tag would be spelled with it
_INVISIBLE = ("\u00ad", "\u2060")
# As UTF-8; each begins with a byte that is found quickly. What begins with other bytes is left to `blocks`.
_BLANKS = (
    (0xC2, re.compile(rb"\xc2[\x85\xa0]")),
    (0xE2, re.compile(rb"\xe2(?:\x80[\x80-\x8a\xa8\xa9\xaf]|\x81\x9f)")),
)
_RARE = 256
_UNSEEN = ((0xAD, b"\xc2\xad"), (0x8B, b"\xe2\x80\x8b"), (0x81, b"\xe2\x81\xa0"))  # a byte of each, and all of it


class Malformed(Exception):
    """These bytes hold no tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A content document.

    Attributes:
        is_cut: Whether it is nested deeper than MAX_LEVELS, so that the parser left out the rest.
        is_plain: Whether it is known that none of it is in a script without spaces between words, that its white space
            is blanks, tabs and line ends, and that nothing in it is invisible.
        is_whole: Whether it is well-formed.
        data: What was parsed: UTF-8, whatever the document was.
        doubt: What is doubtful about its encoding; "" where nothing is.
    """

    root: Node
    is_cut: bool = False
    is_plain: bool = False
    is_whole: bool = False
    data: bytes = b""
    doubt: str = ""


def parse_xml(data: bytes) -> Node:
    """Parse an XML document; what is malformed is recovered as far as possible.

    Raises:
        Malformed: Nothing of it can be read, or it has more tags than MAX_TAGS.
    """
    clean = _drop_invisible(_clean(to_utf_8(data)[0]))
    try:
        return _parse_strictly(clean)
    except etree.XMLSyntaxError:
        tree = _recover(_without_declaration(clean))
        if tree is None:
            raise Malformed("it is not XML") from None
        return tree.root


def parse_document(data: bytes) -> Tree:
    """Parse a content document; what is not well-formed is read as XML and as HTML, and the better one wins.

    Raises:
        Malformed: Nothing of it can be read, or it has more tags than MAX_TAGS.
    """
    is_said = says_utf_8(data)
    clean, doubt = (data, "") if is_said else to_utf_8(data)
    clean = _prepare(clean)
    try:
        is_plain = (b"&" not in clean or b"&#" not in clean) and not leads_unspaced(clean)
        return Tree(root=_parse_strictly(clean), is_plain=is_plain, is_whole=True, data=clean, doubt=doubt)
    except etree.XMLSyntaxError:
        if is_said:  # only now whether it is: the parser looks at each byte anyway
            data, doubt = to_utf_8(data)
            clean = _prepare(data)
        clean = _without_declaration(clean)
        tree = _parse_either(clean)
        if tree is None:
            raise Malformed("it is neither XML nor HTML") from None
        return replace(tree, data=clean, doubt=doubt)


def uses_own_entities(data: bytes) -> bool:
    """Whether a document refers to entities that it declares itself, other than HTML's own: they are not filled in."""
    if b"&" not in data or b"<!ENTITY" not in data[:_PROLOGUE_BYTES]:
        return False
    declared = {name for name in _DECLARED_ENTITY.findall(data) if f"{name.decode()};" not in html5}
    return any(name in declared for name in _ENTITY.findall(data))


def compile_xpath(path: str) -> Finder:
    """A function that finds elements below a root.

    Raises:
        ValueError: It is no XPath.
    """
    try:
        find = etree.XPath(path)
    except etree.XPathError as error:
        raise ValueError(str(error)) from error

    def find_elements(root: Node) -> list[Node]:
        try:
            found = find(root)
        except etree.XPathError:
            return []
        return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []

    return find_elements


def text_length(node: Node) -> int:
    """How many characters of text an element holds."""
    return int(_TEXT_LENGTH(node))


def walk_tree(node: Node) -> TreeWalk:
    """Go over everything below an element without recursion: ("start" or "end", element), itself included."""
    return etree.iterwalk(node, events=("start", "end"))


def local_name(node: Node) -> str:
    """The element's name without namespace, in lower case; "" for comments and instructions."""
    return local_part(node.tag)


@lru_cache(maxsize=4096)
def local_part(tag: object) -> str:
    """A tag without its namespace, in lower case; "" for what is no element."""
    return tag[tag.rfind("}") + 1 :].lower() if isinstance(tag, str) else ""


def types_of(node: Node) -> frozenset[str]:
    """What the element says it is: its epub:type and role words, without prefixes."""
    return types_in(node.items())


def types_in(attributes: Attributes) -> frozenset[str]:
    """What an element with these attributes says it is."""
    types: frozenset[str] = frozenset()
    for key, value in attributes:
        if key in TYPE_KEYS:
            types |= read_types(value)
    return types


@lru_cache(maxsize=4096)
def read_types(value: str) -> frozenset[str]:
    """The words of an epub:type or a role, without prefixes."""
    return frozenset(word.removeprefix("z3998:").removeprefix("doc-") for word in value.lower().split())


def child(node: Node, name: str) -> Node | None:
    """The first child element of that name."""
    return next((each for each in node if local_name(each) == name), None)


def descendants(node: Node, name: str) -> list[Node]:
    """All elements of that name below, in document order."""
    return [each for each in node.iter() if local_name(each) == name]


def own_elements(node: Node, names: Sequence[str]) -> Iterator[Node]:
    """All elements of those names below, whatever their namespace; quicker than to ask each."""
    yield from node.iter(*(f"{{*}}{name}" for name in names))


def folded_text(node: Node | None) -> str:
    """All text below an element with white space folded."""
    if node is None:
        return ""
    return " ".join(("".join(node.itertext("*")) if len(node) else node.text or "").split())


def short_text(node: Node, *, enough: int = 32) -> str:
    """The beginning of an element's text, folded; all of it where it is shorter than `enough` characters."""
    text = ""
    for piece in node.itertext("*") if len(node) else (node.text or "",):
        for character in _INVISIBLE:
            piece = piece.replace(character, "")
        text = f"{text}{piece}".lstrip()
        if len(text) >= enough:
            break
    return " ".join(text[: 4 * enough].split())


def attribute(node: Node, name: str) -> str:
    """An attribute's value whatever its namespace; "" when it is missing."""
    plain = node.get(name)
    if plain is not None:
        return str(plain)
    return next((str(value) for key, value in node.attrib.items() if key.endswith("}" + name)), "")


def _clean(data: bytes) -> bytes:
    """Cut the document type and put characters in place of HTML's named entities."""
    if len(data) > MAX_TAGS and data.count(b"<") > MAX_TAGS:
        raise Malformed(f"it has more than {MAX_TAGS:,} tags")
    if len(data) > _PROLOGUE_BYTES and data.count(b"=") >= MAX_ATTRIBUTES and _CROWDED.search(data):
        raise Malformed(f"one of its tags has more than {MAX_ATTRIBUTES:,} attributes")
    head = _DOCTYPE.sub(b"", data[:_PROLOGUE_BYTES], count=1).replace(_NAMESPACE, b"", 1)
    data = head + data[_PROLOGUE_BYTES:]
    if b"&" in data:
        data = _ENTITY.sub(_resolve_entity, data)
    return data.lstrip()


def _prepare(data: bytes) -> bytes:
    data = _clean(data)  # one name for all: the copies of a large document cost more than the work on them
    data = _join_lines(data)
    return _fold_blanks(data)


def _join_lines(data: bytes) -> bytes:
    """Put lines of text that are wrapped and indented back together: in one go, not paragraph by paragraph."""
    if not _INDENTED.search(data) or _PREFORMATTED.search(data):
        return data
    return _INDENTED.sub(b" ", data)


def _drop_invisible(data: bytes) -> bytes:
    """Cut what nobody sees, but leave blanks as they are: file names may hold them."""
    for character in _INVISIBLE:
        data = data.replace(character.encode(), b"")
    return data


def _fold_blanks(data: bytes) -> bytes:
    """Put plain blanks for all others and cut what nobody sees: in one go, not paragraph by paragraph."""
    for byte, pattern in _BLANKS:
        if byte in data:
            data = pattern.sub(b" ", data)
    for byte, unseen in _UNSEEN:
        if byte in data:
            data = _cut(data, unseen, byte=byte)
    return data


def _cut(data: bytes, unseen: bytes, *, byte: int) -> bytes:
    """Data without some bytes, of which one is rare: to look for that alone takes a tenth of the time."""
    kept: list[bytes] = []
    start, within = 0, unseen.index(byte)
    at = data.find(byte)
    for _ in range(len(data) // _RARE):
        if at < 0:
            break
        if data.startswith(unseen, at - within):
            kept.append(data[start : at - within])
            start = at - within + len(unseen)
        at = data.find(byte, at + 1)
    kept.append(data[start:] if at < 0 else data[start:].replace(unseen, b""))
    return b"".join(kept)


def _resolve_entity(match: re.Match[bytes]) -> bytes:
    name = match.group(1)
    if name in _XML_ENTITIES:
        return match.group(0)
    characters = html5.get(name.decode() + ";")
    if characters is None:
        return b""
    return "".join(f"&#{ord(character)};" for character in characters).encode()


def _parse_strictly(data: bytes) -> Node:
    return etree.fromstring(data, _STRICT)


_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "compact": True,
    "collect_ids": False,  # nobody asks the tree for an identifier
}
_STRICT = etree.XMLParser(**_SAFE)  # one for all: a book may have a thousand small documents


def _parse_either(data: bytes) -> Tree | None:
    """What has more text as XML or as HTML; a page that is plainly HTML is one, unless it loses text by that.

    As XML, the rest of a tag with an unquoted attribute is text, and what stands behind it is lost.
    """
    as_xml, as_html = _recover(_close_void(data)), _parse_html(data)
    if as_xml is None or as_html is None:
        return as_xml or as_html
    lengths = text_length(as_xml.root), text_length(as_html.root)
    if _UNQUOTED.search(data):
        return as_html if lengths[1] >= _UNQUOTED_SHARE * lengths[0] else as_xml
    if b"xmlns" not in data[:_PROLOGUE_BYTES]:
        return as_html if lengths[1] >= _HTML_SHARE * lengths[0] else as_xml
    return as_html if lengths[1] > lengths[0] else as_xml


def _close_void(data: bytes) -> bytes:
    """HTML's "<hr>" as "<hr/>": to XML it is open, holds all that follows, and nobody looks for text in a line."""
    return _VOID.sub(lambda tag: b"<%s%s/>" % (tag[1], tag[2]) if tag[1] else b"", data)


def _without_declaration(data: bytes) -> bytes:
    return _DECLARATION.sub(b"", data)


# What is well-formed seldom has 256 levels, but unclosed tags pile up thousands. Here, where tags are counted,
# documents bounded, entities and document types cut before, the parser's other bounds protect nothing.
_TOLERANT = {**_SAFE, "recover": True, "encoding": "utf-8", "huge_tree": True}
_TOLERANT_HTML = {
    "recover": True,
    "encoding": "utf-8",
    "huge_tree": True,
    "no_network": True,
    "remove_comments": True,
    "remove_pis": True,
}


def _recover(data: bytes) -> Tree | None:
    return _parse_tolerantly(data, etree.XMLParser(**_TOLERANT))


def _parse_html(data: bytes) -> Tree | None:
    return _parse_tolerantly(data, etree.HTMLParser(**_TOLERANT_HTML))


def _parse_tolerantly(data: bytes, parser: etree.XMLParser | etree.HTMLParser) -> Tree | None:
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return (
        None if root is None else Tree(root=root, is_cut=any("xcessive depth" in e.message for e in parser.error_log))
    )

"""The structure of an EPUB with every word replaced, small enough to send; readers find in it what they found before.

Only this module writes books. It looks at markup as text and parses none of it: a stranger's file meets no parser.
"""

import html
import random
import re
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from imaginized.reading.disguise import SHORT_LENGTH, Disguise, word_set
from imaginized.reading.limits import Archive, Unreadable

_MARKUP = frozenset((".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx", ".svg", ".xht", ".smil", ".plist"))
_PICTURES = {
    ".png": b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="),
    ".gif": b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"),
}
_PICTURES |= dict.fromkeys((".jpg", ".jpeg", ".webp"), _PICTURES[".png"])  # readers go by the name alone
_TOKEN = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))|(?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))"
    r"|(?P<other><[!?][^<>\[]*+(?:\[[^\]]{0,9999}+\]\s*+)?[^<>]*+>)|(?P<tag></?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+([\w:.-]+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:.-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)", re.DOTALL)
_TAG_NAME = re.compile(r"</?([\w:.-]+)")
_ENCODING = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})")
# Attributes that are structure and hold no words of the author.
_PLAIN = word_set(
    """
    class style epub:type type role rel lang xml:lang dir xmlns version media-type linear properties
    playorder scheme opf:scheme opf:role algorithm xml:space http-equiv charset colspan rowspan width height
    align valign border hidden start value page-progression-direction viewbox preserveaspectratio clear
    depth prefix property unique-identifier opf:event rendition:layout d x y points transform
    """
)
_NAMES = word_set(
    """
    id href src xlink:href idref name full-path toc for refines uri fallback media-overlay cover
    """
)
_INLINE = word_set(
    """
    a abbr acronym b bdo big cite code del dfn em font i img ins kbd q rb rp rt ruby s samp small span
    strike strong sub sup tt u var wbr image
    """
)
_KEPT_TEXT = frozenset(("dc:language", "language"))
_DRAWN_TEXT = frozenset(("dc:identifier", "dc:description", "dc:rights", "dc:source", "dc:date", "identifier"))
# What browsers take these labels for.
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "sjis": "cp932", "x_sjis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs", "iso_8859_1": "cp1252", "latin1": "cp1252", "us_ascii": "cp1252",
}  # fmt: skip
_STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLE_LINK = re.compile(r"url\([^)]*\)")
_STYLE_CONTENT = re.compile(r"(content\s*:\s*)(\"[^\"]*\"|'[^']*')")


@dataclass(slots=True)
class _Block:
    """The text between two block tags, in its pieces, which inline tags part."""

    pieces: list[tuple[int, str]] = field(default_factory=list)
    tag: str = ""


def write_report(path: Path, target: Path, *, choose: random.Random) -> None:
    """Write the structure of an EPUB.

    Args:
        path: The book.
        target: Where it goes; what is there is replaced.
        choose: The source of chance.

    Raises:
        Rejected: It is no zip file that can be read; the message says why.
        OSError: One of the two cannot be opened.
    """
    disguise = Disguise(choose)
    with Archive(path) as archive, zipfile.ZipFile(target, "x") as report:
        for name in archive.names:
            _learn(archive, name, disguise)
        for name in sorted(archive.names, key=lambda name: name != "mimetype"):
            if name.endswith("/"):
                continue
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            # Without the time of day: it may tell when somebody bought the book.
            info = zipfile.ZipInfo(disguise.name(name))
            report.writestr(info, _member(archive, name, disguise), compress_type=kind)


def _member(archive: Archive, name: str, disguise: Disguise) -> bytes:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _PICTURES:
        return _PICTURES[suffix]
    try:
        data = archive.read(name)
    except Unreadable:  # it is missing for readers, too
        return b""
    if name == "mimetype":
        return data[:64]
    is_markup = suffix in _MARKUP or data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(
        b"<"
    )
    if not is_markup and suffix != ".css":
        return b""
    text, encoding = decode(data)
    if encoding == "bytes":
        return disguise_markup(disguise.bytes(text), disguise).encode("latin-1", "replace")
    changed = disguise_style(text) if suffix == ".css" else disguise_markup(text, disguise)
    return changed.encode(encoding, "replace" if suffix == ".css" else "xmlcharrefreplace")


def _learn(archive: Archive, name: str, disguise: Disguise) -> None:
    """Look which words the titles of a document need: a title stands in several of them, and is the same in all."""
    if PurePosixPath(name).suffix.lower() in _MARKUP:
        with suppress(Unreadable):
            text, _ = decode(archive.read(name))
            for line in _lines(text):
                disguise.learn(line)


def _lines(text: str) -> Iterator[str]:
    """The short lines of a document."""
    whole = ""
    for kind, token in _tokens(text):
        if kind == "text":
            whole += html.unescape(token)
        elif kind == "tag" and _tag_name(token) not in _INLINE:
            line = " ".join(whole.split())
            if 0 < len(line) <= SHORT_LENGTH:
                yield line
            whole = ""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a document and the encoding to write it in.

    What cannot be decoded as it declares is taken byte by byte; those above ASCII are scrambled, for they are letters.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "utf-16"
    declared = _ENCODING.search(data[:1024])
    label = declared[1].decode() if declared else "utf-8"
    for name in ("utf-8-sig", label, _WIDER.get(label.casefold().replace("-", "_"), label)):
        try:
            return data.decode(name), "utf-8" if name.startswith("utf-8") else name
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1"), "bytes"


def disguise_style(text: str) -> str:
    """A style sheet without comments, without links, and without what it puts into the text."""
    text = _STYLE_COMMENT.sub("", text)
    return _STYLE_CONTENT.sub(r'\1"*"', _STYLE_LINK.sub("url(x)", text))


def disguise_markup(text: str, disguise: Disguise) -> str:
    """A document with the same tags and other words."""
    parts: list[str] = []
    block = _Block()
    skipped = ""
    for kind, token in _tokens(text):
        if kind == "text" or kind == "cdata":
            parts.append("")
            if not skipped:
                plain = token[9:].removesuffix("]]>") if kind == "cdata" else html.unescape(token)
                block.pieces.append((len(parts) - 1, plain))
            elif skipped == "style":
                parts[-1] = disguise_style(token)
        elif kind == "tag":
            name = _tag_name(token)
            if name not in _INLINE:
                _settle(block, parts, disguise)
                block = _Block(tag="" if token.startswith("</") else name)
            skipped = _skipped(token, name, skipped)
            parts.append(_disguise_tag(token, disguise))
        elif kind == "other":
            parts.append(_declaration(token))
    _settle(block, parts, disguise)
    return "".join(parts)


def _declaration(token: str) -> str:
    """A declaration without what may hold words: entities, conditions, instructions to programs."""
    if token.startswith("<?xml"):
        return token
    root = _DOCTYPE.match(token)
    return f"<!DOCTYPE {root[1]}>" if root else ""


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match[0]


def _tag_name(token: str) -> str:
    found = _TAG_NAME.match(token)
    return found[1].casefold() if found else ""


def _skipped(token: str, name: str, before: str) -> str:
    """The element whose text is none for readers, while it is open."""
    if name in ("script", "style") and not token.endswith("/>"):
        return "" if token.startswith("</") else name
    return before


def _settle(block: _Block, parts: list[str], disguise: Disguise) -> None:
    """Replace the words of a block as a whole: its words may run on over inline tags."""
    whole = "".join(piece for _, piece in block.pieces)
    if block.tag in _DRAWN_TEXT:
        changed = disguise.prose(whole)
    else:
        changed = whole if block.tag in _KEPT_TEXT else disguise.text(whole)
    at = 0
    for index, piece in block.pieces:
        parts[index] = html.escape(changed[at : at + len(piece)], quote=False)
        at += len(piece)


def _disguise_tag(token: str, disguise: Disguise) -> str:
    return _ATTRIBUTE.sub(lambda found: f"{found[1]}{found[2]}{_value(found[1], found[3], disguise)}", token)


def _value(attribute: str, quoted: str, disguise: Disguise) -> str:
    mark = quoted[0] if quoted[0] in "\"'" else ""
    value, mark = html.unescape(quoted.strip(mark) if mark else quoted), mark or '"'
    name = attribute.casefold()
    if name in _PLAIN or name.startswith("xmlns"):
        return quoted
    if name in _NAMES or (name == "content" and " " not in value):
        changed = disguise.name(value)
    else:
        changed = disguise.line(value) if len(value) <= 500 else disguise.prose(value)
    return f"{mark}{html.escape(changed, quote=True)}{mark}"

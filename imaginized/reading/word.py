"""Word's .docx, by Mammoth: headings by their styles, whatever language Word speaks, and notes apart."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import mammoth

from imaginized.errors import Rejected
from imaginized.reading.converted import CONVERT_ANEW, Converted, make_page, read_converted
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.markup import Malformed, Node, attribute, descendants, folded_text, local_name, parse_xml
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Metadata
from imaginized.reasons import Code
from imaginized.story.text import BookText

PAGE = "word/document.xml"
_STYLE_MAP = "mammoth/style-map"  # the only other kind of part that Mammoth reads
_TEXT_PARTS = (PAGE, "word/footnotes.xml", "word/endnotes.xml")
_STYLES_PART = "word/styles.xml"
_MAX_LEVEL = 6
_PLAIN_ID = re.compile(r"[\w .-]+")
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name^='toc '] => p:fresh > a[href='#']:fresh
p[style-name^='TOC '] => p:fresh > a[href='#']:fresh
p[style-name^='Contents '] => p:fresh > a[href='#']:fresh
"""
_TITLED = re.compile(r'<h1 class="title">(.{1,2000}?)</h1>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
# In their order: tab stops, fonts and colours and distances, who changed what when, what is empty then.
_LOOKS = (
    (re.compile(rb"<w:tabs>(?:\s*<w:tab(?: [^<>]*)?/>)*\s*</w:tabs>"), b""),
    (
        re.compile(
            rb"<w:(?:rFonts|color|szC?s?|lang|spacing|kern|shd|noProof|[bi]Cs|lastRenderedPageBreak|proofErr|webHidden"
            rb"|w|position|bdr|keepNext|keepLines|widowControl|contextualSpacing|snapToGrid|adjustRightInd"
            rb"|autoSpaceD[EN]|suppressAutoHyphens|suppressLineNumbers|bookmarkEnd)(?: [^<>]*)?/>"
        ),
        b"",
    ),
    (re.compile(rb'(<w:[rpt][r]?)(?: w(?:14)?:(?:rsid[A-Za-z]*|paraId|textId)="[0-9A-Fa-f]*")+'), rb"\1"),
    (re.compile(rb"<w:rPr>\s*</w:rPr>"), b""),
    (re.compile(rb"<w:pPr>\s*</w:pPr>"), b""),
)
_RUN = re.compile(rb"<w:r(?:\s[^>]*)?>.*?</w:r>", re.DOTALL)
_LOOK = re.compile(rb"<w:r(?:\s[^>]*)?>\s*<w:rPr>.*?</w:rPr>", re.DOTALL)
_HIDDEN = re.compile(rb"""<w:vanish(?:\s+w:val=["'](?:1|true|on)["'])?\s*/>""")
_MAX_PART_BYTES = 24 * 1024 * 1024  # of XML: Mammoth's tree of it is some 40 times as large
_KINDS = {"title": "title", "creator": "creator", "language": "language"}


def read_docx(path: Path, *, original_name: str) -> BookText:
    """Read a Word document into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    with Archive(path) as archive:
        slim = _without_looks(archive)
        metadata = _metadata(archive)
        styles = "".join(_heading_styles(archive))
    try:
        found = mammoth.convert_to_html(
            slim,
            style_map=_STYLES + styles,
            convert_image=mammoth.images.img_element(_no_picture),
            ignore_empty_paragraphs=False,
        )
    except BadZipFile as error:
        raise Rejected(f"it is damaged ({error})", code=Code.DAMAGED, advice=CONVERT_ANEW) from error
    titled = _TITLED.search(found.value)
    return Converted(
        way="mammoth",
        pages=(make_page(PAGE, _with_notes_apart(found.value)),),
        metadata=metadata,
        titled=unescape(_TAG.sub("", titled[1])) if titled else "",
        is_named_inside=True,
    )


def _shown(run: "re.Match[bytes]") -> bytes:
    look = _LOOK.match(run[0])
    return b"" if look is not None and _HIDDEN.search(look[0]) else run[0]


def _heading_styles(archive: Archive) -> Iterator[str]:
    """Lines for the styles that are headings by their outline level, their own or that of what they are based on.

    Mammoth knows headings by their English names only; other languages, and authors, call their styles as they like.
    """
    try:
        root = parse_xml(archive.read_text(_STYLES_PART)) if archive.find(_STYLES_PART) else None
    except (Unreadable, Malformed):
        return
    styles = () if root is None else [each for each in root if local_name(each) == "style"]
    levels = {attribute(each, "styleId"): _value_of(each, "outlinelvl") for each in styles}
    bases = {attribute(each, "styleId"): _value_of(each, "basedon") for each in styles}
    for style in levels:
        at, steps = style, 0
        while not levels.get(at) and bases.get(at) and steps < _MAX_LEVEL:
            at, steps = bases[at], steps + 1
        level = levels.get(at, "")
        if level.isdecimal() and int(level) < _MAX_LEVEL and _PLAIN_ID.fullmatch(style):
            escaped = re.sub(r"([^A-Za-z0-9])", r"\\\1", style)  # as Mammoth spells an identifier
            yield f"p.{escaped} => h{int(level) + 1}:fresh\n"


def _value_of(style: Node, name: str) -> str:
    return next((attribute(each, "val") for each in descendants(style, name)), "")


def _no_picture(_image: object) -> dict[str, str]:
    return {}


def _without_looks(archive: Archive) -> BytesIO:
    """The document without pictures, hidden runs, and what says how letters look, for Mammoth.

    It makes Python objects of every element; of these it asks nothing, and they are most of a document.

    Raises:
        Rejected: A part is beyond a bound.
    """
    slim = BytesIO()
    with ZipFile(slim, "w") as parts:
        for name in archive.names:
            is_read = name.lower().endswith((".xml", ".rels", _STYLE_MAP))
            data = _read_part(archive, name) if is_read else b""
            if name in _TEXT_PARTS and _HIDDEN.search(data):
                data = _RUN.sub(_shown, data)  # Mammoth does not tell which runs are set as hidden
            parts.writestr(name, _slim(data))
    return slim


def _slim(data: bytes) -> bytes:
    if b"<![CDATA[" in data or b"<!--" in data:
        return data  # what looks like an element there is none; Word never writes so
    for pattern, kept in _LOOKS:
        data = pattern.sub(kept, data)
    return data


def _read_part(archive: Archive, name: str) -> bytes:
    """A part, unless it costs more than a book: Mammoth itself knows no bound, and its parser fills entities in.

    Raises:
        Rejected: It is too large, or declares entities, which Word never does.
    """
    if archive.size(name) > _MAX_PART_BYTES:
        text = f"{name} in it is larger than {_MAX_PART_BYTES >> 20} MiB, which no book's text is"
        raise Rejected(text, code=Code.TOO_LARGE, advice="Split it.")
    data = archive.read(name)
    head = data[:4096]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!DOCTYPE".encode("utf-16-le") in head:
        text = f"{name} in it declares entities, which Word never does"
        raise Rejected(text, code=Code.BOMB, advice=CONVERT_ANEW)
    return data


def _with_notes_apart(markup: str) -> str:
    """The notes, which Mammoth puts last, marked as such."""
    start = markup.rfind('<ol><li id="footnote-')
    start = markup.rfind('<ol><li id="endnote-') if start < 0 else start
    return markup if start < 0 else f'{markup[:start]}<section epub:type="endnotes">{markup[start:]}</section>'


def _metadata(archive: Archive) -> Metadata:
    name = archive.find("docProps/core.xml")
    if name is None:
        return Metadata()
    try:
        root = parse_xml(archive.read_text(name))
    except (Unreadable, Malformed):
        return Metadata()
    lines = [Line(name=_KINDS[kind], value=folded_text(each)) for each in root if (kind := local_name(each)) in _KINDS]
    return read_metadata(lines)

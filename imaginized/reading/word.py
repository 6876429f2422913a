"""Word's .docx, by Mammoth: headings by their styles, whatever language Word speaks, and notes apart."""

from pathlib import Path
from zipfile import BadZipFile

import mammoth

from imaginized.errors import Rejected
from imaginized.reading.converted import CONVERT_ANEW, Converted, make_page, read_converted
from imaginized.reading.limits import Archive, Unreadable
from imaginized.reading.markup import Malformed, folded_text, local_name, parse_xml
from imaginized.reading.metadata import Line, read_metadata
from imaginized.reading.package import Metadata
from imaginized.reasons import Code
from imaginized.story.text import BookText

PAGE = "word/document.xml"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name^='toc '] => p:fresh > a[href='#']:fresh
p[style-name^='TOC '] => p:fresh > a[href='#']:fresh
p[style-name^='Contents '] => p:fresh > a[href='#']:fresh
"""
_MAX_PART_BYTES = 24 * 1024 * 1024  # of XML: Mammoth's tree of it is some 40 times as large
_KINDS = {"title": "title", "creator": "creator", "language": "language"}


def read_docx(path: Path, *, original_name: str) -> BookText:
    """Read a Word document into its story chapters; see `read_converted`."""
    return read_converted(path, _convert, original_name=original_name)


def _convert(path: Path) -> Converted:
    with Archive(path) as archive:
        _check_parts(archive)
        metadata = _metadata(archive)
    try:
        with path.open("rb") as file:
            found = mammoth.convert_to_html(
                file,
                style_map=_STYLES,
                convert_image=mammoth.images.img_element(_no_picture),
                ignore_empty_paragraphs=False,
            )
    except BadZipFile as error:
        raise Rejected(f"it is damaged ({error})", code=Code.DAMAGED, advice=CONVERT_ANEW) from error
    return Converted(way="mammoth", pages=(make_page(PAGE, _with_notes_apart(found.value)),), metadata=metadata)


def _no_picture(_image: object) -> dict[str, str]:
    return {}


def _check_parts(archive: Archive) -> None:
    """Refuse what costs more than a book: Mammoth itself knows no bound, and its parser fills entities in.

    Raises:
        Rejected: A part is too large, or declares entities, which Word never does.
    """
    for name in archive.names:
        if not name.lower().endswith((".xml", ".rels")):
            continue
        if archive.size(name) > _MAX_PART_BYTES:
            text = f"{name} in it is larger than {_MAX_PART_BYTES >> 20} MiB, which no book's text is"
            raise Rejected(text, code=Code.TOO_LARGE, advice="Split it.")
        head = archive.read(name)[:4096]
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!DOCTYPE".encode("utf-16-le") in head:
            text = f"{name} in it declares entities, which Word never does"
            raise Rejected(text, code=Code.BOMB, advice=CONVERT_ANEW)


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

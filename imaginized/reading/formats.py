"""The formats that books come in. A new one is a module of this room and a row here.

Inbox, status, help, docs and `read_book` ask the rows. Whoever watches the inbox must load no parser: a row only names
its reader, which is loaded in the confined process.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Protocol, cast

from imaginized.errors import Rejected
from imaginized.reading.structure import (
    WHOLE,
    Glance,
    Structure,
    foreign,
    glance_at,
    is_pdf,
    is_zip,
    is_zip_file,
    judge_blank,
    judge_palm,
    judge_tail,
    judge_trailer,
    judge_zip,
)
from imaginized.reasons import Code
from imaginized.story.text import BookText


class Reader(Protocol):
    """What reads a file of one format; see `reading.book.read_book`."""

    def __call__(self, path: Path, *, original_name: str) -> BookText:
        """The book's story chapters."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format.

    Attributes:
        name: One word.
        label: For people: "EPUB".
        suffixes: That files of this format are named by, in lower case; a longer one of another row goes before.
        media_types: By which the web calls it.
        reader: "module:function", loaded when a file is read.
        ways: What `BookText.reader` may say after such a file was read, and what people call that.
        is_like: Whether the content is of this format; None where only the name tells, as of plain text.
        judge: Whether a file of this format is all there.
        extra: What has to be installed for it, as in `pip install 'imaginized[EXTRA]'`; "" for nothing.
        least_bytes: A file that is named like this and is smaller is no book and stays where it is.
        is_bundle: Whether it is no book, but a file of books, which the inbox takes apart.
        is_folder_name: Whether a folder of that name, too, is meant to be a book, and refused with the reason.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    reader: str
    ways: Mapping[str, str]
    is_like: Callable[[Glance], bool] | None = None
    judge: Callable[[BinaryIO], Structure] = field(default=lambda _file: WHOLE)
    extra: str = ""
    least_bytes: int = 0
    is_bundle: bool = False
    is_folder_name: bool = False


def _is_epub(glance: Glance) -> bool:
    """Not by the mimetype alone: many an EPUB has a wrong one, and is read."""
    names = glance.names
    return b"mimetype" in names or b"meta-inf/container.xml" in names or any(n.endswith(b".opf") for n in names)


def _is_odt(glance: Glance) -> bool:
    is_text = glance.mimetype.startswith(b"application/vnd.oasis.opendocument.text") or not glance.mimetype
    return is_text and {b"content.xml", b"meta-inf/manifest.xml"} <= glance.names


def _is_zipped_page(glance: Glance) -> bool:
    names = glance.names
    return {b"index.html", b"metadata.opf"} <= names and not {b"mimetype", b"meta-inf/container.xml"} & names


def _is_fb2(glance: Glance) -> bool:
    if glance.names:
        books = [name for name in glance.names if is_book_in_bundle(name.decode("utf-8", "replace"))]
        return len(books) == 1 and books[0].endswith(b".fb2")
    return b"<FictionBook" in glance.head.replace(b"\0", b"")


def is_book_in_bundle(name: str) -> bool:
    """Whether a member of a zip file is a book by its name; text and pages may be anything, and zips are not opened."""
    base = name.replace("\\", "/").rpartition("/")[2]
    row = None if base.startswith((".", "~")) or name.lower().startswith("__macosx/") else format_named(base)
    return row is not None and not row.least_bytes and not row.is_bundle


def _is_bundle(glance: Glance) -> bool:
    return any(is_book_in_bundle(name.decode("utf-8", "replace")) for name in glance.names)


def _judge_bundle(file: BinaryIO) -> Structure:
    structure = judge_zip(file)
    return replace(structure, is_bundle=True) if structure == WHOLE else structure


def _is_kindle(glance: Glance) -> bool:
    return glance.head[60:68] in (b"BOOKMOBI", b"TEXtREAd")  # the older one is PalmDOC, and Mobipocket's first


_PICTURES = (b".jpg", b".jpeg", b".png", b".gif", b".webp", b"/", b"comicinfo.xml")
_MARKUP_TYPES = ("text/html", "application/xhtml+xml")
_NOTE_BYTES = 8192  # plain text, Markdown and HTML lie beside books as notes, too; those are shorter

# The first row that is like the content is taken.
_ROWS = (
    Format(
        name="pdf",
        label="PDF",
        suffixes=(".pdf",),
        media_types=("application/pdf",),
        reader="imaginized.reading.pdf:read_pdf",
        ways={"pdf": "PDFium"},
        is_like=lambda glance: is_pdf(glance.head),
        judge=judge_trailer,
        is_folder_name=True,
    ),
    Format(
        name="docx",
        label="DOCX",
        suffixes=(".docx",),
        media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        reader="imaginized.reading.word:read_docx",
        ways={"mammoth": "Mammoth"},
        is_like=lambda glance: b"word/document.xml" in glance.names,
        judge=judge_zip,
    ),
    Format(
        name="odt",
        label="ODT",
        suffixes=(".odt",),
        media_types=("application/vnd.oasis.opendocument.text",),
        reader="imaginized.reading.odt:read_odt",
        ways={"odt": "the OpenDocument reader"},
        is_like=_is_odt,
        judge=judge_zip,
    ),
    Format(
        name="htmlz",
        label="HTMLZ",
        suffixes=(".htmlz",),
        media_types=(),
        reader="imaginized.reading.web_page:read_zipped_page",
        ways={},
        is_like=_is_zipped_page,
        judge=judge_zip,
    ),
    Format(
        name="epub",
        label="EPUB",
        suffixes=(".epub", ".kepub"),
        media_types=("application/epub+zip", "application/x-kobo-epub+zip"),
        reader="imaginized.reading.epub:read_epub",
        ways={"ebooklib": "EbookLib", "recovery": "the recovery reader"},
        is_like=_is_epub,
        judge=judge_zip,
        is_folder_name=True,
    ),
    Format(
        name="fb2",
        label="FB2",
        suffixes=(".fb2", ".fb2.zip", ".fbz"),
        media_types=("application/x-fictionbook+xml", "application/x-zip-compressed-fb2"),
        reader="imaginized.reading.fb2:read_fb2",
        ways={"fb2": "the FictionBook reader"},
        is_like=_is_fb2,
        judge=lambda file: (
            judge_zip(file) if is_zip_file(file) else judge_tail(file, end=b"</FictionBook>", what="XML")
        ),
    ),
    Format(
        name="bundle",
        label="ZIP of these",
        suffixes=(".zip",),
        media_types=("application/zip",),
        reader="imaginized.reading.bundle:read_bundle",
        ways={},
        is_like=_is_bundle,
        judge=_judge_bundle,
        is_bundle=True,
    ),
    Format(
        name="kindle",
        label="MOBI, AZW3",
        suffixes=(".mobi", ".azw", ".azw3", ".kf8", ".prc"),
        media_types=("application/x-mobipocket-ebook", "application/vnd.amazon.mobi8-ebook"),
        reader="imaginized.reading.kindle:read_kindle",
        ways={"kindle": "KindleUnpack"},
        is_like=_is_kindle,
        judge=judge_palm,
    ),
    Format(
        name="rtf",
        label="RTF",
        suffixes=(".rtf",),
        media_types=("application/rtf", "text/rtf"),
        reader="imaginized.reading.rtf:read_rtf",
        ways={"rtf": "striprtf"},
        is_like=lambda glance: glance.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf"),
        judge=lambda file: judge_tail(file, end=b"}", what="RTF"),
    ),
    Format(
        name="html",
        label="HTML",
        suffixes=(".html", ".htm", ".xhtml"),
        media_types=_MARKUP_TYPES,
        reader="imaginized.reading.web_page:read_page",
        ways={"html": "the HTML reader"},
        least_bytes=_NOTE_BYTES,
    ),
    Format(
        name="markdown",
        label="Markdown",
        suffixes=(".md", ".markdown"),
        media_types=("text/markdown",),
        reader="imaginized.reading.markdown_text:read_markdown",
        ways={"markdown": "markdown-it"},
        least_bytes=_NOTE_BYTES,
    ),
    Format(
        name="text",
        label="TXT",
        suffixes=(".txt", ".text"),
        media_types=("text/plain",),
        reader="imaginized.reading.plain_text:read_text",
        ways={"text": "the text reader"},
        least_bytes=_NOTE_BYTES,
    ),
)
FORMATS: Mapping[str, Format] = MappingProxyType({row.name: row for row in _ROWS})
SUFFIXES = tuple(suffix for row in _ROWS for suffix in row.suffixes)
WAYS: Mapping[str, str] = MappingProxyType({way: name for row in _ROWS for way, name in row.ways.items()})


_CONVERTED_WORDS = "azw1 azw4 chm djv djvu docm lit lrf oeb pdb pmlz rb snb tcr txtz"
CONVERTED = tuple(f".{ending}" for ending in _CONVERTED_WORDS.split())


def is_convertible(name: str) -> bool:
    """Whether Calibre's ebook-convert reads what is called so, and no reader of ours does."""
    return format_named(name) is None and any(_ends(name.lower(), suffix) for suffix in CONVERTED)


def labels(joint: str) -> str:
    """All formats for people: "EPUB, PDF and TXT", with a joint of "and"."""
    names = sorted((row.label for row in _ROWS), key=str.casefold)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def what_is_taken() -> str:
    """For people: "EPUB and PDF, by their names; TXT from 8 KiB on"."""
    always = ", ".join(sorted((row.label for row in _ROWS if not row.least_bytes), key=str.casefold))
    longer = ", ".join(sorted((row.label for row in _ROWS if row.least_bytes), key=str.casefold))
    return f"{always}, by their names; {longer} from {_NOTE_BYTES >> 10} KiB on"


def format_named(name: str) -> Format | None:
    """The format that a file's name promises, by its longest ending; None where it promises none."""
    folded = name.lower()
    found = [(len(suffix), row) for row in _ROWS for suffix in row.suffixes if _ends(folded, suffix)]
    return max(found, key=lambda one: one[0])[1] if found else None


def stem_of(name: str) -> str:
    """A file's name without the ending of its format; other dots are part of it: "J. R. Hartley"."""
    endings = [suffix for suffix in SUFFIXES if _ends(name.lower(), suffix)]
    return name[: -len(max(endings, key=len))] if endings else name


def _ends(name: str, suffix: str) -> bool:
    return name.endswith(suffix) and name != suffix


def recognise(file: BinaryIO, *, name: str) -> Format | None:
    """The format of a file by its content, else by its name where only that can tell; None for none of ours."""
    return _recognise(glance_at(file), name=name)


def _recognise(glance: Glance, *, name: str) -> Format | None:
    found = next((row for row in _ROWS if row.is_like is not None and row.is_like(glance)), None)
    if found is not None:
        return found
    named = format_named(name)
    return named if named is not None and named.is_like is None and b"\0\0" not in glance.head[:-1] else None


def check_structure(path: Path, *, name: str = "") -> Structure:
    """Judge a file that may still be half written; reads its ends and its list of members, no member.

    Args:
        path: The file.
        name: What its owner called it, where the path does not say.

    Raises:
        OSError: The file cannot be opened or read.
    """
    name = name or path.name
    with path.open("rb") as file:
        glance = glance_at(file)
        blank = judge_blank(glance.head)
        if blank is not None:
            return blank
        found = _recognise(glance, name=name)
        return _judge_unknown(file, glance=glance, name=name) if found is None else found.judge(file)


def _judge_unknown(file: BinaryIO, *, glance: Glance, name: str) -> Structure:
    """Why a file of none of our formats is not read, or that it may become one."""
    head, named = glance.head, format_named(name)
    if is_zip(head):
        structure = judge_zip(file)
        if structure != WHOLE or not glance.names:
            return structure
        may_be_comic = named is None or named.name in ("epub", "bundle")
        if may_be_comic and all(name.endswith(_PICTURES) for name in glance.names):
            return foreign("it is a zip file of pictures, as comics are; it has no text to illustrate")
        if named is None or named.name == "epub":
            return foreign("it is a zip file, but not an EPUB: META-INF/container.xml is missing")
        if named.is_bundle:
            return foreign("it is an archive (.zip) without a book in it")
        return foreign(f"it is a zip file, but by its content not a {named.label}")
    if head.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        return foreign("it is a web page, not a book; the download probably failed")
    if named is not None and named.is_bundle:
        return foreign("it is not a zip archive by its content")
    if named is None or named.name in ("epub", "pdf"):
        return foreign("it is neither an EPUB (a zip file) nor a PDF")
    return foreign(f"its name says {named.label}, but its content does not")


def load_reader(row: Format) -> Reader:
    """The reader of a format, with all that it needs.

    Raises:
        Rejected: A package that it needs is not installed; the advice says how to get it.
    """
    module, _, function = row.reader.partition(":")
    try:
        return cast(Reader, getattr(importlib.import_module(module), function))
    except ModuleNotFoundError as error:
        if not row.extra:
            raise
        text = f"it is {row.label}, and {error.name}, which reads it, is not installed"
        advice = f"Install it with `pip install 'imaginized[{row.extra}]'`, then drop the book again."
        raise Rejected(text, code=Code.FOREIGN, advice=advice) from error

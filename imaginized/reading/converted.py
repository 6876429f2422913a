"""From a file of any other format to chapters: its reader makes pages of markup, and all else is as with an EPUB.

What finds chapters, drops notes and counts positions is the same for all; a position is that of a block in the page
that the reader made, which it makes again, the same, from the same file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.reading.blocks import Document, read_document
from imaginized.reading.formats import stem_of
from imaginized.reading.limits import MAX_FILE_BYTES, MAX_TEXT_BYTES, MEBIBYTE, Unreadable, cannot_open
from imaginized.reading.making import divide, make_book
from imaginized.reading.markup import MAX_LEVELS, Malformed, parse_document
from imaginized.reading.metadata import is_notice, unwrapped
from imaginized.reading.package import Entry, Metadata, Package
from imaginized.reading.titles import MAX_TITLE, printed_title
from imaginized.reasons import Code
from imaginized.story.text import BookText

CONVERT_ANEW = "Open it in the program that made it, save it again (or as EPUB) and drop that."
NOTHING_SAID = Metadata()
_PAGE = (
    '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{}</body></html>'
)
_NO_XML = {code: None for code in chain(range(9), (11, 12), range(14, 32), (0xFFFE, 0xFFFF), range(0xD800, 0xE000))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document that a reader made of a file, or found in it.

    Attributes:
        name: As `Paragraph.file` has it.
        data: XHTML or HTML, in UTF-8 or in what it declares.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a reader of another format makes of a file.

    Attributes:
        way: What `BookText.reader` says.
        contents: Entries that point into the pages; none where the file has none, and its headings are to tell.
        cover: Name and bytes of the cover image.
        warnings: What was odd about the file.
        titled: The title by its style, as it is printed; "" where no style says so.
        is_named_inside: Whether a file of this kind has its title on its first page, and its name is any name.
    """

    way: str
    pages: tuple[Page, ...]
    metadata: Metadata = NOTHING_SAID
    contents: tuple[Entry, ...] = ()
    cover: tuple[str, bytes] | None = None
    warnings: tuple[str, ...] = ()
    titled: str = ""
    is_named_inside: bool = False


def make_page(name: str, body: str) -> Page:
    """A page around a body of XHTML; characters that XML does not have are left out."""
    return Page(name=name, data=_PAGE.format(body.translate(_NO_XML)).encode())


def escaped(text: str) -> str:
    """Text as it stands between tags or in an attribute."""
    return escape(text, quote=True)


def read_bounded(path: Path, *, max_bytes: int = MAX_TEXT_BYTES // 8) -> bytes:
    """A whole file of text.

    Raises:
        Rejected: It is larger than a book's text is.
    """
    with path.open("rb") as file:
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        text = f"it is larger than the {max_bytes // MEBIBYTE} MiB that a book's text may have"
        raise Rejected(text, code=Code.TOO_LARGE, advice="Split it, or take its pictures out.")
    return data


def read_converted(path: Path, convert: Callable[[Path], Converted], *, original_name: str) -> BookText:
    """Read a book by its reader.

    Args:
        path: The file; it is opened for reading only.
        convert: Makes pages of it; what it raises but `Rejected` and `MemoryError` counts as damage of the file.
        original_name: What the user called it, for messages and for a book without title.

    Raises:
        Rejected: It cannot be read or holds no story; the message says what, why and what to do next.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            text = f"it is larger than the {MAX_FILE_BYTES:,} bytes that are read"
            raise Rejected(text, code=Code.TOO_LARGE, advice="Split it, or take its pictures out.")
        return _to_book(_convert(path, convert), original_name=original_name)
    except Rejected as error:
        raise error.about(original_name) from error
    except OSError as error:
        raise cannot_open(error, name=original_name) from error


def _convert(path: Path, convert: Callable[[Path], Converted]) -> Converted:
    try:
        return convert(path)
    except (Rejected, OSError, MemoryError):
        raise
    except (Unreadable, Malformed) as error:
        raise Rejected(f"it is damaged: {error}", code=Code.DAMAGED, advice=CONVERT_ANEW) from error
    except Exception as error:
        text = f"it is damaged, or not what its name says ({type(error).__name__})"
        raise Rejected(text, code=Code.DAMAGED, advice=CONVERT_ANEW) from error


def _to_book(converted: Converted, *, original_name: str) -> BookText:
    documents, warnings = _read_pages(converted)
    package = Package(
        metadata=_titled(converted, documents, original_name=original_name),
        items=(),
        spine=(),
        contents=converted.contents,
        reader=converted.way,
    )
    found, _, doubts = divide(package, documents=documents)
    if not found.chapters:
        text = f"it has no text to illustrate{f' ({warnings[0]})' if warnings else ''}"
        raise Rejected(text, code=Code.NO_TEXT, advice="Check that this is the whole book.")
    told = (*converted.warnings, *doubts, *warnings)
    return make_book(package, found=found, original_name=original_name, cover=converted.cover, warnings=told)


def _titled(converted: Converted, documents: Sequence[Document], *, original_name: str) -> Metadata:
    """A text file has no title but its name, and people name it by the book; others have it on their first page."""
    metadata = unwrapped(converted.metadata)
    start = metadata.title.rstrip(" .…")
    is_cut = start != metadata.title.rstrip(" .")  # "The La…"
    if metadata.title and not is_cut and not is_notice(metadata.title):
        return metadata
    printed = " ".join(converted.titled.split())
    if not 0 < len(printed) <= MAX_TITLE:
        is_inside = converted.is_named_inside or bool(metadata.title)
        printed = printed_title(documents) if is_inside else ""
    if is_cut and not printed.casefold().startswith(start.casefold()):
        return metadata
    printed = "" if is_notice(printed) else printed
    return unwrapped(replace(metadata, title=printed or stem_of(original_name).replace("_", " ").strip()))


def _read_pages(converted: Converted) -> tuple[list[Document], list[str]]:
    documents: list[Document] = []
    warnings: list[str] = []
    for page in converted.pages:
        wanted = frozenset(entry.fragment for entry in converted.contents if entry.name == page.name and entry.fragment)
        try:
            tree = parse_document(page.data)
        except Malformed as error:
            warnings.append(f"{page.name} could not be read: {error}")
            continue
        document = read_document(tree.root, name=page.name, wanted=wanted, is_plain=tree.is_plain)
        if tree.is_cut:
            loss = f"{page.name} is nested more than {MAX_LEVELS:,} levels deep; what follows there is left out"
            warnings.append(loss)
            document = replace(document, loss=loss)
        documents.append(document)
    return documents, warnings

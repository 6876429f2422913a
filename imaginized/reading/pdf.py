"""A PDF from a stranger to its chapters: by its outline, else by its headings, else in honest parts."""

import re
from collections.abc import Sequence
from pathlib import Path

from imaginized.errors import Rejected
from imaginized.garbage import held_collector
from imaginized.reading.labels import Matter, say
from imaginized.reading.limits import MAX_FILE_BYTES, cannot_open
from imaginized.reading.metadata import fill_metadata
from imaginized.reading.package import Metadata
from imaginized.reading.pdf_blocks import PlacedBlock, build_blocks
from imaginized.reading.pdf_chapters import divide
from imaginized.reading.pdf_layout import Leaf, sort_out
from imaginized.reading.pdf_pages import SPLIT_IT, PdfFile
from imaginized.reasons import Code
from imaginized.story.text import BookText, Skipped

_SCAN_WORDS_PER_PAGE = 12
_SCAN_PICTURES = 0.6
_FILE_SUFFIX = re.compile(r"\.(?:docx?|rtf|odt|pages|indd|qxd|qxp|tex|dvi|pdf|pmd|p65|txt|html?|epub|ps|fm|wpd)$", re.I)
_PROGRAM = re.compile(
    r"^(?:microsoft (?:word|powerpoint)|word|adobe \w+|print|untitled[- ]?\d*|imagemagick\S*)\s*-?\s*", re.I
)
_AUTHORS = re.compile(r"\s*(?:;|\band\b|&|\bund\b|\bet\b)\s*")


def read_pdf(path: Path, *, original_name: str) -> BookText:
    """Read a PDF into its story chapters.

    Args:
        path: The file; it is opened for reading only.
        original_name: What the user called it, for messages and for a book without title.

    Raises:
        Rejected: It cannot be read or holds no text; the message says what, why and what to do next.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            text = f"it is larger than the {MAX_FILE_BYTES:,} bytes that are read"
            raise Rejected(text, code=Code.TOO_LARGE, advice=SPLIT_IT)
        with PdfFile(path) as file:
            return _read_book(file, name=path.name, original_name=original_name)
    except Rejected as error:
        raise error.about(original_name) from error
    except OSError as error:
        raise cannot_open(error, name=original_name) from error


def _read_book(file: PdfFile, *, name: str, original_name: str) -> BookText:
    pages = tuple(file.pages())
    with held_collector():  # not before: pypdfium2's pages do hold cycles
        leaves = sort_out(pages)
        blocks = build_blocks(leaves)
    _check_text(blocks, leaves=leaves, file=file)
    metadata = fill_metadata(_read_metadata(file.info), original_name=original_name)
    found = divide(blocks, outline=file.outline(), metadata=metadata, name=name)
    if not found.chapters:
        text = "it has no text to illustrate"
        raise Rejected(text, code=Code.NO_TEXT, advice="Check that this is the whole book.")
    return BookText(
        title=metadata.title,
        sort_title=metadata.sort_title,
        authors=metadata.authors,
        language=metadata.language,
        reader="pdf",
        chapters=found.chapters,
        skipped=(*found.skipped, *_skip_notes(leaves, name=name, order=len(found.chapters) + len(found.skipped))),
        division=found.division,
    )


def _check_text(blocks: Sequence[PlacedBlock], *, leaves: Sequence[Leaf], file: PdfFile) -> None:
    """Refuse pictures of pages.

    Raises:
        Rejected: There is no text, or next to none beside the pictures.
    """
    words = sum(placed.block.words for placed in blocks)
    if words >= _SCAN_WORDS_PER_PAGE * len(leaves):
        return
    pictures = file.share_of_pictures()
    if pictures >= _SCAN_PICTURES or words == 0:
        what = "its pages are pictures, as from a scanner" if pictures else "its letters are drawings"
        advice = "Run OCRmyPDF over it and drop the result."
        raise Rejected(f"it has no text layer: {what}", code=Code.NO_TEXT, advice=advice)


def _read_metadata(info: dict[str, str]) -> Metadata:
    title = _PROGRAM.sub("", info.get("Title", "")).strip()
    if _FILE_SUFFIX.search(title) or not any(map(str.isalnum, title)):
        title = ""
    authors = tuple(author for author in _AUTHORS.split(info.get("Author", "")) if any(map(str.isalpha, author)))
    return Metadata(title=title, authors=authors, language=info.get("Lang", ""))


def _skip_notes(leaves: Sequence[Leaf], *, name: str, order: int) -> tuple[Skipped, ...]:
    words = sum(len(note.text.split()) for leaf in leaves for note in leaf.notes)
    return (Skipped(title="Footnotes", reason=say(Matter.NOTES), words=words, file=name, order=order),) if words else ()

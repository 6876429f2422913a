"""From a package and its documents to the book: what every format of pages has in common."""

from collections.abc import Sequence
from typing import NamedTuple

from imaginized.reading.blocks import Document
from imaginized.reading.chapters import Found, find_chapters
from imaginized.reading.divided import join_divided
from imaginized.reading.initials import mend_initials
from imaginized.reading.metadata import fill_metadata
from imaginized.reading.package import Package
from imaginized.story.text import BookText


class Divided(NamedTuple):
    """The chapters, the documents as they were read for them, and what is doubtful about their letters."""

    found: Found
    documents: list[Document]
    doubts: list[str]


def divide(package: Package, *, documents: Sequence[Document]) -> Divided:
    """Put divided words and first letters together, then find the chapters."""
    language = package.metadata.language
    mended, doubts = mend_initials(join_divided(documents, language=language), language=language)
    return Divided(find_chapters(package, documents=mended), mended, doubts)


def make_book(
    package: Package, *, found: Found, original_name: str, cover: tuple[str, bytes] | None, warnings: Sequence[str]
) -> BookText:
    """The book with all that its package says of it."""
    metadata = fill_metadata(package.metadata, original_name=original_name)
    return BookText(
        title=metadata.title,
        sort_title=metadata.sort_title,
        authors=metadata.authors,
        language=metadata.language,
        publisher=metadata.publisher,
        series=metadata.series,
        series_index=metadata.series_index,
        reader=package.reader,
        chapters=found.chapters,
        skipped=found.skipped,
        cover=cover,
        warnings=tuple(warnings),
        division=found.division,
    )

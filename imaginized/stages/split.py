"""Split: from the original to its chapters."""

from dataclasses import replace
from pathlib import Path, PurePosixPath

from imaginized.errors import Rejected
from imaginized.process.converter import converted
from imaginized.queue.manifest import Manifest
from imaginized.reading.confined_reader import read_confined
from imaginized.reading.formats import is_convertible, recognise
from imaginized.reasons import Code
from imaginized.stages.job import Job, Result
from imaginized.stages.records import BookRecord, book_record
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, load
from imaginized.story.sidecar_keys import BookRequest, chapter_ranges
from imaginized.story.text import BookText, ChapterText, Skipped

ADVICE = "Name chapters that it has, then add it again."
COVER_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"))


def split(job: Job) -> Result:
    """Read the book and write its chapters.

    Raises:
        Rejected: It cannot be read; the reason is for a person.
        Unconfined: It was not opened, because this machine cannot confine its reader as the settings demand.
    """
    source = job.files.source(job.manifest.book_file)
    name = job.manifest.original_name
    if needs_conversion(source, name=name):
        with converted(source, must_be_confined=job.must_confine, step=job.step) as epub:
            reading = read_confined(epub, original_name=name, must_be_whole=job.must_confine, step=job.step)
            kept = {job.files.converted: epub.read_bytes()}  # what the positions are positions in
    else:
        reading = read_confined(source, original_name=name, must_be_whole=job.must_confine, step=job.step)
        kept = {}
    book = as_asked(_warned(reading.book), job.request)
    contents = kept | {job.files.chapter(chapter.number): dump(chapter) for chapter in book.chapters}
    cover_path, cover = _cover(book, files=job.files)
    contents |= cover
    contents[job.files.book] = dump(book_record(book, cover=cover_path, sandbox=reading.sandbox))
    return Result(contents=contents, book=book)


def needs_conversion(source: Path, *, name: str) -> bool:
    """Whether no reader of ours reads a file, by its content and its name, and Calibre may."""
    with source.open("rb") as file:
        return is_convertible(name) and recognise(file, name=name) is None


def _warned(book: BookText) -> BookText:
    """The book with a warning where its division into chapters may be wrong."""
    division = book.division
    if division is None or not division.is_doubtful:
        return book
    warning = f"its chapters may be wrong ({division.confidence:.0%} sure): {division.reason}"
    return replace(book, warnings=(*book.warnings, warning))


def is_split(files: BookFiles, manifest: Manifest, chapter: int | None) -> bool:
    """Whether the book's files are there, or those of one chapter."""
    numbers = manifest.chapters if chapter is None else [chapter]
    if not files.book.exists() or not all(files.chapter(number).exists() for number in numbers):
        return False
    cover = load(files.book, BookRecord).cover if chapter is None else None
    return cover is None or (files.root / cover).exists()


def as_asked(book: BookText, request: BookRequest) -> BookText:
    """The book with the language and only the chapters that were asked for; the others count as skipped.

    Raises:
        Rejected: None of the chapters is in the book.
    """
    if request.language:
        book = replace(book, language=request.language)
    if not request.chapters:
        return book
    wanted = tuple(chapter for chapter in book.chapters if request.wants(chapter.number))
    count = len(book.chapters)
    if not wanted:
        raise Rejected(
            f"chapters {request.chapters} were asked for, but the book has chapters 1 to {count}",
            code=Code.CHAPTERS_ABSENT,
            advice=ADVICE,
        )
    beyond = max(high for _, high in chapter_ranges(request.chapters)) > count
    warning = f"chapters {request.chapters} were asked for; the book has {count}"
    others = tuple(_skipped(chapter, request) for chapter in book.chapters if not request.wants(chapter.number))
    return replace(
        book,
        chapters=wanted,
        skipped=(*book.skipped, *others),
        warnings=(*book.warnings, warning) if beyond else book.warnings,
    )


def _skipped(chapter: ChapterText, request: BookRequest) -> Skipped:
    file = chapter.paragraphs[0].file if chapter.paragraphs else ""
    reason = f"chapter {chapter.number} is not among the chapters asked for ({request.chapters})"
    return Skipped(
        title=chapter.title,
        reason=reason,
        words=chapter.words,
        file=file,
        number=chapter.number,
        order=chapter.order,
        paragraphs=chapter.paragraphs,
    )


def _cover(book: BookText, *, files: BookFiles) -> tuple[str | None, dict[Path, bytes]]:
    if book.cover is None:
        return None, {}
    suffix = PurePosixPath(book.cover[0]).suffix.lower()
    if suffix not in COVER_SUFFIXES:
        return None, {}
    path = files.cover(suffix)
    return str(path.relative_to(files.root)), {path: book.cover[1]}

"""Split: from the original to its chapters."""

from pathlib import Path, PurePosixPath

from imaginized.book.text import BookText
from imaginized.stages.job import Job, Result
from imaginized.stages.records import book_record
from imaginized.stages.sandbox import read_apart
from imaginized.store.files import BookFiles
from imaginized.store.records import dump

COVER_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"))


def split(job: Job) -> Result:
    """Read the book and write its chapters.

    Raises:
        Rejected: It cannot be read; the reason is for a person.
    """
    source = job.files.source(job.manifest.book_file)
    book = read_apart(source, original_name=job.manifest.original_name, step=job.step)
    contents = {job.files.chapter(chapter.number): dump(chapter) for chapter in book.chapters}
    cover_path, cover = _cover(book, files=job.files)
    contents |= cover
    contents[job.files.book] = dump(book_record(book, cover=cover_path))
    return Result(contents=contents, book=book)


def _cover(book: BookText, *, files: BookFiles) -> tuple[str | None, dict[Path, bytes]]:
    if book.cover is None:
        return None, {}
    suffix = PurePosixPath(book.cover[0]).suffix.lower()
    if suffix not in COVER_SUFFIXES:
        return None, {}
    path = files.cover(suffix)
    return str(path.relative_to(files.root)), {path: book.cover[1]}

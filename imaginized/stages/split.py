"""Split: from the original to its chapters."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from imaginized.errors import Rejected
from imaginized.reading.confined_reader import read_confined
from imaginized.reasons import Code
from imaginized.stages.job import Job, Result
from imaginized.stages.keeping import divide
from imaginized.stages.records import book_record
from imaginized.store.files import EDITS, BookFiles
from imaginized.store.records import dump
from imaginized.story.edit_file import parse_edits
from imaginized.story.editing import Edit, as_edited
from imaginized.story.findings import findings_of
from imaginized.story.request import BookRequest, chapter_ranges
from imaginized.story.text import BookText, ChapterText, Skipped

ADVICE = "Name chapters that it has, then add it again."
MAX_EDITS_BYTES = 1 << 18
SHOWN_PROBLEMS = 5
COVER_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"))


def split(job: Job) -> Result:
    """Read the book and write its chapters.

    Raises:
        Rejected: It cannot be read; the reason is for a person.
        Unconfined: It was not opened, because this machine cannot confine its reader as the settings demand.
    """
    source = job.files.source(job.manifest.book_file)
    name = job.manifest.original_name
    reading = read_confined(source, original_name=name, must_be_whole=job.must_confine, step=job.step)
    edits, digest, problems = read_edits(job)
    edited = as_edited(as_asked(reading.book, job.request), edits)
    place = EDITS if digest else "sidecar"
    problems = (*problems, *(f"{place}:{problem.line}: {problem.text}" for problem in edited.problems))
    book = replace(edited.book, warnings=(*edited.book.warnings, *problems))
    division = divide(job, book.chapters)
    contents: dict[Path, bytes | Path | None] = {
        job.files.chapter(chapter.number): dump(chapter) for chapter in book.chapters
    }
    contents |= division.contents
    cover_path, cover = _cover(book, files=job.files)
    contents |= cover
    record = book_record(book, cover=cover_path, sandbox=reading.sandbox)
    findings = findings_of(book, language="" if job.request.language else reading.language)
    contents[job.files.book] = dump(replace(record, pieces=edited.pieces, edits=digest, findings=findings))
    return Result(contents=contents, book=book, kept=division.kept)


def read_edits(job: Job) -> tuple[tuple[Edit, ...], str, tuple[str, ...]]:
    """What a person changed about the division, its digest, and what is wrong with it where that is only told.

    Raises:
        Rejected: The file has mistakes, and the book is divided already: it stays as it is until they are fixed.
    """
    try:
        with job.files.edits.open("rb") as file:
            data = file.read(MAX_EDITS_BYTES)
    except FileNotFoundError:
        return job.request.edits, "", ()
    edits, problems = parse_edits(data.decode("utf-8-sig", errors="replace"), name=EDITS)
    if not problems:
        return edits, sha256(data).hexdigest(), ()
    if not job.manifest.chapters:
        return (), "", problems  # a book that is new must not fail for it: it would be put out of the library
    name = job.manifest.book_id
    advice = f"Fix {job.files.edits}, then `imaginizectl retry {name}`."
    raise Rejected("; ".join(problems[:SHOWN_PROBLEMS]), code=Code.EDITS, advice=advice)


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


def _cover(book: BookText, *, files: BookFiles) -> tuple[str | None, dict[Path, bytes | Path | None]]:
    if book.cover is None:
        return None, {}
    suffix = PurePosixPath(book.cover[0]).suffix.lower()
    if suffix not in COVER_SUFFIXES:
        return None, {}
    path = files.cover(suffix)
    return str(path.relative_to(files.root)), {path: book.cover[1]}

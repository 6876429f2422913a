"""Split: from the original to its chapters."""

import uuid
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from imaginized.errors import Rejected
from imaginized.process.converter import converted
from imaginized.providers.builtin.plates.covers import draw_cover
from imaginized.providers.builtin.styling import guess_style
from imaginized.queue.manifest import Manifest
from imaginized.reading.confined_reader import Reading, read_confined
from imaginized.reading.formats import is_convertible, recognise
from imaginized.reasons import Code
from imaginized.stages.job import Job, Result
from imaginized.stages.keeping import divide, is_interrupted
from imaginized.stages.records import BookRecord, book_record, load_request
from imaginized.store.by_hand import read_by_hand
from imaginized.store.files import EDITS, BookFiles
from imaginized.store.records import dump, load
from imaginized.story.edit_file import EDITS_FILE
from imaginized.story.editing import Edit, Edited, as_edited
from imaginized.story.findings import findings_of
from imaginized.story.sidecar_keys import BookRequest, chapter_ranges
from imaginized.story.text import BookText, ChapterText, Skipped

ADVICE = "Name chapters that it has, then add it again."
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
    reading, contents = _read(job, source, name=name)
    edits, digest, problems = read_edits(job)
    edited = as_edited(as_asked(reading.book, job.request), edits)
    place = EDITS if digest else "sidecar"
    problems = (*problems, *(f"{place}:{problem.line}: {problem.text}" for problem in edited.problems))
    book = _warned(_decided(edited))
    book = replace(book, warnings=(*book.warnings, *problems))
    division = divide(job, book.chapters)
    contents |= {job.files.chapter(chapter.number): dump(chapter) for chapter in book.chapters}
    contents |= division.contents
    cover_path, cover = _cover(book, files=job.files, is_drawn=job.image is not None)
    contents |= cover
    record = book_record(book, cover=cover_path, sandbox=reading.sandbox)
    findings = findings_of(book, language="" if job.request.language else reading.language)
    contents[job.files.book] = dump(replace(record, pieces=edited.pieces, edits=digest, findings=findings))
    return Result(contents=contents, book=book, kept=division.kept)


def _read(job: Job, source: Path, *, name: str) -> tuple[Reading, dict[Path, bytes | Path | None]]:
    """The book, and what has to be kept for the positions in it to mean anything."""
    if not needs_conversion(source, name=name):
        return read_confined(source, original_name=name, must_be_whole=job.must_confine, step=job.step), {}
    entry = job.manifest.entry(job.task)
    folder = job.files.converting(entry.claim.claim_id if entry is not None and entry.claim else uuid.uuid4().hex)
    with converted(source, folder=folder, must_be_confined=job.must_confine, step=job.step) as epub:
        reading = read_confined(epub, original_name=name, must_be_whole=job.must_confine, step=job.step)
        return reading, {job.files.converted: epub.read_bytes()}


def read_edits(job: Job) -> tuple[tuple[Edit, ...], str, tuple[str, ...]]:
    """What a person changed about the division, its digest, and what is wrong with it where that is only told.

    Raises:
        Rejected: The file has mistakes, and the book is divided already: it stays as it is until they are fixed.
    """
    problems: tuple[str, ...]
    try:
        data = read_by_hand(job.files.edits)
    except OSError as error:
        problems = (f"{EDITS}: it cannot be read: {error.strerror}",)
    else:
        if data is None:
            return job.request.edits, "", ()
        edits, problems = EDITS_FILE.parse(data.decode("utf-8-sig", errors="replace"), name=EDITS)
        if not problems:
            return edits, sha256(data).hexdigest(), ()
    if not job.manifest.chapters:
        return (), "", problems  # a book that is new must not fail for it: it would be put out of the library
    name = job.manifest.book_id
    advice = f"Fix {job.files.edits}, then `imaginizectl retry {name}`."
    raise Rejected("; ".join(problems[:SHOWN_PROBLEMS]), code=Code.EDITS, advice=advice)


def needs_conversion(source: Path, *, name: str) -> bool:
    """Whether no reader of ours reads a file, by its content and its name, and Calibre may."""
    with source.open("rb") as file:
        return is_convertible(name) and recognise(file, name=name) is None


def _decided(edited: Edited) -> BookText:
    """The book with a division that nobody doubts, where a person had a hand in it: it waits for nobody's look."""
    book = edited.book
    if book.division is None or not any(piece.edits for piece in edited.pieces):
        return book
    division = replace(book.division, confidence=1.0, reason=f"{book.division.reason}; then a person changed it")
    return replace(book, division=division)


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
    if is_interrupted(manifest, files=files, request=load_request(files)):
        return False
    if not files.book.exists() or not all(files.chapter(number).exists() for number in numbers):
        return False
    if chapter is not None:
        return True
    record = load(files.book, BookRecord)
    # Another program may have dropped chapters from the manifest: it is split again, and they come back.
    if any(source.number not in manifest.chapters for source in record.chapters):
        return False
    return record.cover is None or (files.root / record.cover).exists()


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


def _cover(book: BookText, *, files: BookFiles, is_drawn: bool) -> tuple[str | None, dict[Path, bytes | Path | None]]:
    """The book's cover, or a drawn one where it has none and pictures are wanted."""
    suffix = PurePosixPath(book.cover[0]).suffix.lower() if book.cover else ""
    if book.cover is not None and suffix in COVER_SUFFIXES:
        path = files.cover(suffix)
        return str(path.relative_to(files.root)), {path: book.cover[1]}
    if not is_drawn:
        return None, {}
    style = guess_style((chapter.text for chapter in book.chapters), language=book.language)
    path = files.cover(".jpg")
    data = draw_cover(title=book.title, authors=book.authors, genre=style.genre)
    return str(path.relative_to(files.root)), {path: data}

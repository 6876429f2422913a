"""Compile: from the data folder to the guide. Makes no API call; the same bytes for the same data."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.guide.writers import Written
from imaginized.queue.manifest import Entry, Manifest, Status
from imaginized.queue.plan import was_cancelled
from imaginized.settings.model import Guide as GuideSettings
from imaginized.stages.casting import relabelled
from imaginized.stages.exporting import written
from imaginized.stages.job import Job, Result
from imaginized.stages.merge import analyzed_chapters
from imaginized.stages.records import (
    BookRecord,
    ChapterSource,
    ElementsRecord,
    IllustrationRecord,
    ScenesRecord,
    is_by_model,
    load_cast,
)
from imaginized.store.files import BookFiles
from imaginized.store.records import load


def _go_on() -> None:
    """Nobody asks to stop."""


def compile_guide(job: Job) -> Result:
    """Write the guide from what there is; chapters that failed are named with their reason."""
    job.step()
    made = write_guide(job.files, job.manifest, settings=job.guide, formats=job.guide.formats, step=job.step)
    stale = [path for name in made.stale if (path := job.files.guide(name)).exists()]
    return Result(contents={**_placed(made, files=job.files), **dict.fromkeys(stale)})


def write_guide(
    files: BookFiles,
    manifest: Manifest,
    *,
    settings: GuideSettings,
    formats: Iterable[str],
    step: Callable[[], None] = _go_on,
) -> Written:
    """Every file of these formats from what there is; writes nothing to the disk.

    Args:
        files: Its paths.
        manifest: The book.
        settings: How large an EPUB may be.
        formats: As in `guide.formats`.
        step: Called before each picture; may raise Interrupted.

    Raises:
        RecordUnreadable: A data file was changed by hand and no longer fits; the message names it.
    """
    guide, book = read_guide(files, manifest), load(files.book, BookRecord)
    return written(guide, book=book, files=files, manifest=manifest, settings=settings, formats=formats, step=step)


def read_guide(files: BookFiles, manifest: Manifest) -> Guide:
    """Everything the guide says, from `data/*.json` and the manifest.

    Raises:
        RecordUnreadable: A data file was changed by hand and no longer fits; the message names it.
    """
    book = load(files.book, BookRecord)
    analyzed = set(analyzed_chapters(manifest))
    cast = load_cast(files)
    scenes = {number: relabelled(load(files.scenes(number), ScenesRecord), cast=cast) for number in sorted(analyzed)}
    chapters = tuple(_chapter(source, files=files, manifest=manifest, scenes=scenes) for source in book.chapters)
    elements = load(files.elements, ElementsRecord).elements if files.elements.exists() else ()
    text = _most_common((record.method, is_by_model(record)) for record in scenes.values())
    drawn = (plate for chapter in chapters for plate in chapter.illustrations if not plate.declined)
    image = _most_common((plate.method, plate.by_model) for plate in drawn)
    return Guide(
        title=manifest.renamed or book.title,
        authors=book.authors,
        publisher=book.publisher,
        language=book.language,
        book_id=manifest.book_id,
        pages=book.pages,
        words=book.words,
        cover=book.cover,
        chapters=chapters,
        elements=elements,
        skipped=book.skipped,
        text_method=text[0],
        text_by_model=text[1],
        image_method=image[0],
        image_by_model=image[1],
        source=manifest.book_file,
        original_name=manifest.original_name,
        warnings=(*book.warnings, *(finding.text for finding in book.findings), *cast.problems),
    )


def _chapter(
    source: ChapterSource, *, files: BookFiles, manifest: Manifest, scenes: dict[int, ScenesRecord]
) -> GuideChapter:
    found, entry = scenes.get(source.number), manifest.chapters.get(source.number)
    plates = tuple(_illustration(files, found, index) for index in range(len(found.scenes))) if found else ()
    return GuideChapter(
        number=source.number,
        title=source.title,
        path=source.path,
        words=source.words,
        page=source.page,
        illustrations=plates,
        problem=_problem(entry),
        pending=entry is not None and entry.status in (Status.PENDING, Status.IN_PROGRESS),
        method=found.method if found else "",
        by_model=is_by_model(found) if found else True,
        invented=found.invented if found else 0,
    )


def _illustration(files: BookFiles, found: ScenesRecord, index: int) -> Illustration:
    scene = found.scenes[index]
    path = files.illustration(scene.chapter, scene.number)
    if not path.exists():
        return Illustration(scene=scene)
    record = load(path, IllustrationRecord)
    return Illustration(
        scene=scene,
        image=record.image,
        alt=record.alt,
        method=record.method,
        by_model=is_by_model(record),
        declined=record.declined,
    )


def _problem(entry: Entry | None) -> str:
    if entry is None or entry.status is not Status.FAILED:
        return ""
    if was_cancelled(entry):
        return str(entry.error)
    return f"{entry.stage} failed: {entry.error or 'no reason was recorded'}"


def _most_common(methods: Iterable[tuple[str, bool]]) -> tuple[str, bool]:
    """A method, and whether it is a model; none where nothing was made."""
    counts = Counter(how for how in methods if how[0])
    return max(counts, key=lambda how: (counts[how], how), default=("", True))


def _placed(made: Written, *, files: BookFiles) -> dict[Path, bytes | Path | None]:
    return {files.guide(name): data for name, data in made.files.items()}

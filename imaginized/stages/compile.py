"""Compile: from the data folder to the guide. Makes no API call; the same bytes for the same data."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from imaginized.guide.model import Guide, GuideChapter, Illustration
from imaginized.guide.writers import Written
from imaginized.queue.manifest import Entry, Manifest, Status
from imaginized.queue.plan import was_cancelled
from imaginized.stages.casting import relabelled
from imaginized.stages.dated import dated, is_written, old_pages
from imaginized.stages.exporting import written
from imaginized.stages.faces import Files, with_faces
from imaginized.stages.job import Job, Result
from imaginized.stages.merge import analyzed_chapters
from imaginized.stages.ornaments import with_ornaments
from imaginized.stages.outlet import Outlet
from imaginized.stages.records import (
    BookRecord,
    ChapterSource,
    ElementsRecord,
    IllustrationRecord,
    ScenesRecord,
    is_by_model,
    load_cast,
    load_series,
)
from imaginized.stages.sheets import sheets_by_name
from imaginized.stages.telling import written_timeline
from imaginized.store.files import BookFiles
from imaginized.store.records import load

PAGES = ("markdown", "html")


def compile_guide(job: Job) -> Result:
    """Write the guide from what there is; chapters that failed are named with their reason."""
    job.step()
    guide, faces = with_faces(read_guide(job.files, job.manifest), files=job.files)
    guide, ornaments = with_ornaments(guide, files=job.files, is_wanted=job.guide.ornaments)
    made = _made(job, guide, ornaments=ornaments)
    stale = [path for name in made.stale if (path := job.files.guide(name)).exists()]
    stale += [*unused_copies(made, files=job.files), *old_pages(job.files, made=made.files)]
    told = written_timeline(guide, files=job.files, manifest=job.manifest)
    return Result(contents={**told, **placed(made, files=job.files), **faces, **ornaments, **dict.fromkeys(stale)})


def early_pages(job: Job) -> dict[Path, bytes | Path | None]:
    """The pages of a book in work, with the pictures there are; nothing for other programs, and nothing is removed."""
    job.step()
    formats = [name for name in job.guide.formats if name in PAGES]
    guide, faces = with_faces(read_guide(job.files, job.manifest), files=job.files)
    made = written(
        guide,
        book=load(job.files.book, BookRecord),
        files=job.files,
        manifest=job.manifest,
        settings=job.guide,
        formats=formats,
        step=job.step,
    )
    return {**placed(made, files=job.files), **{path: data for path, data in faces.items() if data is not None}}


def _made(job: Job, guide: Guide, *, ornaments: Files) -> Written:
    outlet = Outlet(job.files, template=job.outlet, guide=guide, keep=job.keep) if job.hands_out else None
    return written(
        guide,
        book=load(job.files.book, BookRecord),
        files=job.files,
        manifest=job.manifest,
        settings=job.guide,
        formats=job.guide.formats,
        step=job.step,
        outlet=outlet,
        ornaments=ornaments,
    )


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
    series, said = load_series(files), manifest.series
    known = series.learned.known
    elements = load(files.elements, ElementsRecord).elements if files.elements.exists() else ()
    text = _most_common((record.method, is_by_model(record)) for record in scenes.values())
    drawn = (plate for chapter in chapters for plate in chapter.illustrations if not plate.declined)
    image = _most_common((plate.method, plate.by_model) for plate in drawn)
    guide = Guide(
        title=manifest.renamed or book.title,
        authors=book.authors,
        publisher=book.publisher,
        language=book.language,
        series=book.series if said is None else said.name,
        series_index=book.series_index if said is None else said.volume,
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
        sheets=sheets_by_name(files, elements, cast=cast),
        earlier={member.name: known[member.found] for member in cast.members if member.found in known},
        edition_of=(series.edition_of.book, series.edition_of.title) if series.edition_of else None,
    )
    return dated(guide, files=files, found={number: record.elements for number, record in scenes.items()})


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
        is_narrow=found.is_narrow if found else False,
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
        differs=record.differs,
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


def placed(made: Written, *, files: BookFiles) -> dict[Path, bytes | Path | None]:
    """What is to be written, by its path: of the pages, of which there may be hundreds, only the changed ones."""
    copies = {files.copy(digest): data for digest, data in made.copies.items()}
    guide = {files.guide(name): data for name, data in made.files.items()}
    return {path: data for path, data in {**guide, **copies}.items() if not is_written(path, data)}


def unused_copies(made: Written, *, files: BookFiles) -> list[Path]:
    """Smaller copies of pictures that no export has any more."""
    wanted = {files.copy(digest) for digest in (*made.copies, *made.used)}
    return [path for path in sorted(files.copy("").parent.glob("*.jpg")) if path not in wanted]

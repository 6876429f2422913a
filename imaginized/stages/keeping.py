"""What stays when a book is divided again: the work on each chapter, kept by its text, put under its new number.

First all of the old division is kept, then the new one is written over it: killed at any line, the next attempt finds
either the whole old division or all of its work. Nothing kept is ever removed, so that a dropped chapter can come back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from imaginized.queue.dividing import Kept
from imaginized.queue.manifest import Entry, Manifest, Stage, Status
from imaginized.stages.job import Contents, Job
from imaginized.stages.records import IllustrationRecord, KeptRecord, ScenesRecord, WorkRecord
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, dump_without, load
from imaginized.story.elements import Element, Quote, Scene
from imaginized.story.sidecar_keys import BookRequest
from imaginized.story.text import ChapterText, PageIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The new division on the disk.

    Attributes:
        contents: What has to be written over the old one, and what has to go.
        kept: By new number, what was done for the chapter.
    """

    contents: Contents
    kept: Mapping[int, Kept] | None


def is_interrupted(manifest: Manifest, *, files: BookFiles, request: BookRequest) -> bool:
    """Whether a new division was being written over the one that the manifest has, and was given up."""
    ended_at = manifest.steps[Stage.SPLIT].completed_at
    index = _load_index(_folder(files, request))
    return index is not None and ended_at is not None and index.of == _moment(ended_at)


def divide(job: Job, chapters: Sequence[ChapterText]) -> Division:
    """Keep the work of the division on the disk, and give it to those of these chapters that have the same text.

    Raises:
        ClaimLost: The claim is another's now.
        RecordUnreadable: A data file was changed by hand and no longer fits; the message names it.
    """
    if not job.manifest.chapters:
        return Division(contents={}, kept=None)
    index = _keep_all(job)
    numbers = {text: number for number, text in index.texts.items()}
    contents: dict[Path, bytes | Path | None] = {}
    kept: dict[int, Kept] = {}
    for chapter, text in zip(chapters, _name_all(chapters), strict=True):
        job.step()
        was, work = numbers.get(text), _load_work(_folder(job.files, job.request) / text)
        if was is None and work is None and _is_known(chapter, job.manifest, index=index):
            kept[chapter.number] = Kept(was=chapter.number)  # its text was lost, what was made of it was not
            continue
        kept[chapter.number] = _standing(was, work, manifest=job.manifest)
        contents.update(_changes(job, chapter, text=text, work=work))
    contents.update(_leftovers(job, chapters))
    return Division(contents=contents, kept=kept)


def _keep_all(job: Job) -> KeptRecord:
    """Keep the work of every chapter, if that was not done yet since the book was divided so."""
    split, folder = job.manifest.steps[Stage.SPLIT], _folder(job.files, job.request)
    of = _moment(split.completed_before or job.manifest.created_at)
    index = _load_index(folder)
    if index is not None and index.of == of:
        return index  # perhaps written over in part by now: what is kept is the truth
    known = [(number, chapter) for number in sorted(job.manifest.chapters) if (chapter := _text(job.files, number))]
    texts = {}
    for (number, _), text in zip(known, _name_all([chapter for _, chapter in known]), strict=True):
        job.step()
        entry = job.manifest.chapters[number]
        if not _is_analyzed(entry, first=job.manifest.chapter_stages[0]):
            texts[number] = text
        elif job.files.scenes(number).exists():
            job.keep(_work(job, number, entry=entry, folder=folder / text))
            texts[number] = text
    index = KeptRecord(of=of, texts=texts)
    # Last, and by the fence like the rest: once it is there, the old division may be written over.
    job.keep({folder / "index.json": dump(index)})
    return index


def _work(job: Job, number: int, *, entry: Entry, folder: Path) -> dict[Path, bytes | Path | None]:
    files, scenes = job.files, load(job.files.scenes(number), ScenesRecord)
    drawn = [record for scene in scenes.scenes if (record := _illustration(files, scene)) is not None]
    pictures = {_picture(folder, record): files.root / record.image for record in drawn if record.image}
    is_whole = entry.status is Status.COMPLETED and (entry.stage is Stage.ANALYZE or len(drawn) == len(scenes.scenes))
    done = entry.stage if is_whole else Stage.ANALYZE
    work = WorkRecord(
        done=done,
        number=number,
        scenes=scenes,
        illustrations=tuple(drawn),
        reading=entry.reading,
        asking=entry.asking,
        wishes=dict(entry.scenes),
    )
    return {**pictures, folder / "work.json": dump(work)}


def _illustration(files: BookFiles, scene: Scene) -> IllustrationRecord | None:
    try:
        record = load(files.illustration(scene.chapter, scene.number), IllustrationRecord)
    except FileNotFoundError:
        return None
    return record if record.image is None or (files.root / record.image).is_file() else None


def _standing(was: int | None, work: WorkRecord | None, *, manifest: Manifest) -> Kept:
    """What the chapter's entry is to be: that of its old number, or one by what is kept of its work."""
    if was is not None and was in manifest.chapters:
        entry = manifest.chapters[was]
        is_short = work is not None and entry.status is Status.COMPLETED and work.done is not entry.stage
        if not is_short:
            return Kept(was=was)
    if work is None:
        return Kept()
    return Kept(done=work.done, reading=work.reading, asking=work.asking, scenes=work.wishes)


def _changes(job: Job, chapter: ChapterText, *, text: str, work: WorkRecord | None) -> Contents:
    """The files of a chapter's number that are not as they must be, each with what it must be."""
    files, number = job.files, chapter.number
    folder = _folder(files, job.request) / text
    wanted: dict[Path, bytes] = {}
    pictures: dict[Path, Path] = {}
    if work is not None:
        wanted[files.scenes(number)] = dump(renumbered(work.scenes, chapter))
        is_part = work.done is not job.manifest.chapter_stages[-1]
        for record in work.illustrations:
            path = files.image(number, record.scene)
            if record.image:
                pictures[path] = _picture(folder, record)
            image = str(path.relative_to(files.root)) if record.image else None
            fresh = replace(record, chapter=number, image=image, is_moved=record.is_moved or is_part)
            wanted[files.illustration(number, record.scene)] = dump(fresh)
    # Another chapter's, whose number this was: left there, the guide would show its picture here.
    strays = [path for path in files.made_for(number) if path not in wanted and path not in pictures]
    changed = {path: data for path, data in wanted.items() if not _has(path, data)}
    return {**pictures, **changed, **dict.fromkeys(strays)}


def _leftovers(job: Job, chapters: Sequence[ChapterText]) -> Contents:
    """What there is for numbers that no chapter has any more."""
    gone = job.manifest.chapters.keys() - {chapter.number for chapter in chapters}
    return {path: None for number in sorted(gone) for path in (job.files.chapter(number), *job.files.made_for(number))}


def renumbered(record: ScenesRecord, chapter: ChapterText) -> ScenesRecord:
    """The same scenes and elements, told of this chapter: its number, and the pages of its text."""
    pages = chapter.pages()
    return replace(
        record,
        chapter=chapter.number,
        scenes=tuple(_scene(scene, number=chapter.number, pages=pages) for scene in record.scenes),
        elements=tuple(_element(element, number=chapter.number, pages=pages) for element in record.elements),
    )


def _scene(scene: Scene, *, number: int, pages: PageIndex) -> Scene:
    quote = _quote(scene.quote, number=number, pages=pages)
    # The passage may be longer than its quote; it moves as the quote does.
    moved = quote.page - scene.quote.page
    return replace(scene, chapter=number, quote=quote, pages=(scene.pages[0] + moved, scene.pages[1] + moved))


def _element(element: Element, *, number: int, pages: PageIndex) -> Element:
    quotes = tuple(_quote(quote, number=number, pages=pages) for quote in element.quotes)
    return replace(element, quotes=quotes, chapters=(number,) if element.chapters else ())


def _quote(quote: Quote, *, number: int, pages: PageIndex) -> Quote:
    return replace(quote, chapter=number, page=pages.page_at(quote.start))


def _name_all(chapters: Iterable[ChapterText]) -> list[str]:
    """A folder name for each text; of equal texts each has its own."""
    seen: Counter[str] = Counter()
    names = []
    for chapter in chapters:
        digest = sha256(chapter.text.encode(errors="replace")).hexdigest()[:24]
        names.append(f"{digest}-{seen[digest]}")
        seen[digest] += 1
    return names


def _is_known(chapter: ChapterText, manifest: Manifest, *, index: KeptRecord) -> bool:
    entry = manifest.chapters.get(chapter.number)
    is_same = entry is not None and (entry.title, entry.words) == (chapter.title, chapter.words)
    return is_same and chapter.number not in index.texts


def _is_analyzed(entry: Entry, *, first: Stage) -> bool:
    return entry.status is Status.COMPLETED or entry.stage is not first


def _text(files: BookFiles, number: int) -> ChapterText | None:
    try:
        return load(files.chapter(number), ChapterText)
    except FileNotFoundError:
        return None


def _load_work(folder: Path) -> WorkRecord | None:
    try:
        return load(folder / "work.json", WorkRecord)
    except FileNotFoundError:
        return None


def _load_index(folder: Path) -> KeptRecord | None:
    try:
        return load(folder / "index.json", KeptRecord)
    except FileNotFoundError:
        return None


def _folder(files: BookFiles, request: BookRequest) -> Path:
    # Who is who is no matter of the chapters: their work is the same whatever a sidecar says about that.
    return files.kept(sha256(dump_without(request, "cast")).hexdigest()[:16])


def _picture(folder: Path, record: IllustrationRecord) -> Path:
    return folder / f"{record.scene:02d}{Path(record.image or '').suffix}"


def _has(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except FileNotFoundError:
        return False


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")  # as the manifest has it on the disk

"""Illustrate: from a chapter's scenes to images, one at a time, each durable before the next begins."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from imaginized.errors import Rejected
from imaginized.guide.xmp import with_xmp
from imaginized.providers.api import ImageReply, ImageRequest, Provider
from imaginized.queue.manifest import Manifest
from imaginized.reasons import Code
from imaginized.stages.exporting import drawn_copies
from imaginized.stages.job import Contents, Job, Result
from imaginized.stages.merge import analyzed_chapters
from imaginized.stages.records import (
    BookRecord,
    ElementsRecord,
    IllustrationRecord,
    ScenesRecord,
    is_by_model,
    load_cast,
)
from imaginized.stages.replies import answered, digest, forget
from imaginized.stages.sheets import lasting, read_guidance, shown
from imaginized.store.files import BookFiles
from imaginized.store.records import RecordUnreadable, dump, load
from imaginized.story.elements import Scene, is_present
from imaginized.story.looking import as_of
from imaginized.story.text import ChapterText


def illustrate(job: Job) -> Result:
    """Draw the scenes of a chapter that are not drawn yet.

    Raises:
        Rejected: A scene cannot be drawn; the others are. One that is declined for what it shows is no such thing.
    """
    if job.image is None:
        raise Rejected("no image provider is set", code=Code.NO_IMAGE_PROVIDER, advice="set provider.image and retry")
    title = load(job.files.book, BookRecord).title
    chapter = load(job.files.chapter(job.chapter), ChapterText).title
    elements = load(job.files.elements, ElementsRecord).elements
    cast = load_cast(job.files)
    every = tuple(_all_scenes(job))
    guidance, count = read_guidance(job.files, elements=elements, scenes=every), len(every)
    refused: list[str] = []
    scenes = load(job.files.scenes(job.chapter), ScenesRecord).scenes
    for scene in scenes:
        present = tuple(as_of(each, chapter=scene.chapter) for each in elements if is_present(each, scene=scene))
        plain = ImageRequest(book_title=title, chapter_title=chapter, scene=scene, elements=present)
        request = guidance.apply(plain)
        asked = _Asked(
            digest=digest(job.image, lasting(request)),
            shows=digest(job.image, shown(request, found_names=cast.found_names)),
        )
        had = _had(job.files, scene=scene, asked=asked)
        if had is not None and had.is_moved:
            job.keep({job.files.illustration(scene.chapter, scene.number): dump(_settled(had, asked=asked))})
        elif had is None:
            try:
                job.keep(_drawn(job, job.image, request=request, asked=asked, scenes=count))
            except Rejected as error:
                refused.append(str(error))
                continue
        for name in (asked.digest, asked.shows):
            forget(job, asked=name)  # the image itself is kept now
    if refused:
        raise Rejected(
            f"{len(refused)} of {len(scenes)} scenes could not be drawn: {refused[0]}", code=Code.SCENES_UNDRAWN
        )
    return Result(is_outdated=lambda: load_cast(job.files).orders != cast.orders)


def is_illustrated(files: BookFiles, _manifest: Manifest, chapter: int | None) -> bool:
    """Whether a chapter's pictures are there, with how they were made."""
    scenes = () if chapter is None else load(files.scenes(chapter), ScenesRecord).scenes
    return all(_is_drawn(files, scene=scene) for scene in scenes)


def _is_drawn(files: BookFiles, *, scene: Scene) -> bool:
    path = files.illustration(scene.chapter, scene.number)
    if not path.exists():
        return False
    image = load(path, IllustrationRecord).image
    return image is None or (files.root / image).exists()


def _all_scenes(job: Job) -> Iterator[Scene]:
    for number in analyzed_chapters(job.manifest):
        yield from load(job.files.scenes(number), ScenesRecord).scenes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a scene's image is asked by: all of the request, and what of it can be seen."""

    digest: str
    shows: str


def _had(files: BookFiles, *, scene: Scene, asked: _Asked) -> IllustrationRecord | None:
    """What an earlier attempt made of this very scene, also under another number of its chapter."""
    try:
        record = load(files.illustration(scene.chapter, scene.number), IllustrationRecord)
    except (FileNotFoundError, RecordUnreadable):
        return None
    # What a model drew is not paid for again for a page number; a plate costs nothing and may print any of it.
    is_same = record.asked == asked.digest or record.is_moved or (is_by_model(record) and record.shows == asked.shows)
    return record if is_same and (record.image is None or (files.root / record.image).is_file()) else None


def _settled(record: IllustrationRecord, *, asked: _Asked) -> IllustrationRecord:
    return replace(record, asked=asked.digest, shows=asked.shows, is_moved=False)


def _drawn(job: Job, provider: Provider, *, request: ImageRequest, asked: _Asked, scenes: int) -> Contents:
    files, scene = job.files, request.scene
    path = files.image(scene.chapter, scene.number)
    # By what it shows: who is renamed while it is drawn has it, too. An older version kept it by all of the request.
    name = asked.digest if files.reply(asked.digest).exists() else asked.shows
    reply = answered(job, asked=name, kind=ImageReply, ask=lambda: provider.draw(request))
    record = IllustrationRecord(
        chapter=scene.chapter,
        scene=scene.number,
        asked=asked.digest,
        shows=asked.shows,
        image=str(path.relative_to(files.root)),
        alt=reply.alt,
        method=reply.method,
        by_model=reply.by_model,
        prompt=reply.prompt,
        declined=reply.declined,
        cost_usd=reply.cost_usd,
    )
    alt = reply.alt or scene.description
    data = with_xmp(reply.data, alt=alt, method=reply.method, by_model=is_by_model(record))
    copies = drawn_copies(job, data, scenes=scenes)
    return {path: data, **copies, files.illustration(scene.chapter, scene.number): dump(record)}

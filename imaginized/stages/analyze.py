"""Analyze: from a chapter to the scenes worth drawing and the elements in them."""

from dataclasses import replace

from imaginized.providers.api import TextReply, TextRequest
from imaginized.queue.manifest import Manifest
from imaginized.stages.casting import known_names
from imaginized.stages.job import Job, Result
from imaginized.stages.passages import wanted_scenes
from imaginized.stages.records import BookRecord, ScenesRecord
from imaginized.stages.replies import answered, digest
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, load
from imaginized.story.text import WORDS_PER_PAGE, ChapterText


def analyze(job: Job) -> Result:
    """Ask the text provider about one chapter."""
    book = load(job.files.book, BookRecord)
    chapter = load(job.files.chapter(job.chapter), ChapterText)
    request = TextRequest(
        book_title=book.title,
        language=book.language,
        chapter=chapter,
        scenes=job.guide.scenes_wanted(chapter.words / WORDS_PER_PAGE),
        profile=job.request.profile,
        asking=job.manifest.chapters[job.chapter].reading,
    )

    def ask() -> TextReply:
        return job.text.write(replace(request, names=known_names(job)) if job.tells_names else request)

    reply = answered(job, asked=digest(job.text, request), kind=TextReply, ask=ask)
    wishes = job.manifest.chapters[job.chapter].scenes
    scenes = wanted_scenes(reply.scenes, wishes=wishes, chapter=chapter, elements=reply.elements)
    record = ScenesRecord(
        chapter=job.chapter,
        method=reply.method,
        by_model=reply.by_model,
        scenes=scenes,
        elements=reply.elements,
        invented=reply.invented,
        is_narrow=reply.is_narrow,
    )
    return Result(contents={job.files.scenes(job.chapter): dump(record)})


def is_analyzed(files: BookFiles, _manifest: Manifest, chapter: int | None) -> bool:
    """Whether a chapter's file is there."""
    return chapter is not None and files.scenes(chapter).exists()

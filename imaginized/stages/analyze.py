"""Analyze: from a chapter to the scenes worth drawing and the elements in them."""

from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate

from imaginized.errors import Rejected
from imaginized.providers.api import InPieces, TextReply, TextRequest
from imaginized.queue.manifest import Stage
from imaginized.queue.parts import LEAST_SHARED
from imaginized.settings.model import Guide
from imaginized.stages.casting import known_names
from imaginized.stages.job import Job, Result
from imaginized.stages.passages import wanted_scenes
from imaginized.stages.records import ScenesRecord, load_names
from imaginized.stages.replies import answered, digest
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, load
from imaginized.story.text import WORDS_PER_PAGE, ChapterText


def analyze(job: Job) -> Result:
    """Ask the text provider about one chapter."""
    request, chapter = _request(job), load(job.files.chapter(job.chapter), ChapterText)

    def ask() -> TextReply:
        full = _with_names(job, request)
        _read_pieces(job, full)
        return job.text.write(full)

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


def analyze_part(job: Job) -> Result:
    """Read one piece of a chapter that another worker has; what it leaves is the kept answer."""
    provider, request = job.text, _with_names(job, _request(job))
    # Cut otherwise here than where it was listed, its answer would be to another question: paid for, and not found.
    if isinstance(provider, InPieces) and provider.pieces(request) == job.manifest.chapters[job.chapter].parts.of:
        with suppress(Rejected):  # said where the chapter is put together of its pieces
            _read_piece(job, provider, request, job.part)
    return Result()


def _read_pieces(job: Job, request: TextRequest) -> None:
    """Have the pieces of a long chapter read, with whoever helps; then it is put together of the kept answers."""
    provider, turns = job.text, job.turns
    if not isinstance(provider, InPieces) or (pieces := provider.pieces(request)) < LEAST_SHARED:
        return
    turns.begin(range(1, pieces + 1), of=pieces)
    is_useless = False
    while (number := turns.next()) is not None:
        try:
            if not is_useless and turns.was_shared:
                _read_piece(job, provider, request, number)
        except Rejected:  # `write` says why, or finds another way
            is_useless = True
        turns.keep({})


def _read_piece(job: Job, provider: InPieces, request: TextRequest, number: int) -> None:
    # One whose claim was lost may still be asking about it.
    with job.alone(sha256(f"{digest(job.text, request)}/{number}".encode()).hexdigest()):
        provider.read_piece(request, number)


def _request(job: Job) -> TextRequest:
    book = load_names(job.files)
    chapter = load(job.files.chapter(job.chapter), ChapterText)
    before = bisect_left(job.manifest.standing.numbers, chapter.number)
    return TextRequest(
        book_title=book.title,
        language=book.language,
        chapter=chapter,
        scenes=job.guide.scenes_wanted(chapter.words / WORDS_PER_PAGE),
        profile=job.request.profile,
        asking=job.manifest.chapters[job.chapter].reading,
        scenes_before=_wanted_before(job.manifest.standing.words, job.guide)[before],
    )


@lru_cache(maxsize=4)  # the same for every chapter of a book, which may have thousands
def _wanted_before(words: tuple[int, ...], guide: Guide) -> list[int]:
    """How many scenes are wanted of all chapters before each of chapters with so many words."""
    return list(accumulate((guide.scenes_wanted(each / WORDS_PER_PAGE) for each in words), initial=0))


def _with_names(job: Job, request: TextRequest) -> TextRequest:
    return replace(request, names=known_names(job)) if job.tells_names else request


def not_analyzed(files: BookFiles, chapters: Sequence[int]) -> list[int]:
    """Those of the chapters whose files are gone."""
    return files.without_record(Stage.ANALYZE, chapters)

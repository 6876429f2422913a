"""Preview: the pictures of a chapter that need not wait until the whole book is read; `story.settled` has the rule.

Of the first chapter that has any, a provider that costs nothing draws one in any case: somebody waits for it.

Nothing waits for them: where the book is merged meanwhile, the picture in hand is the last one. They are drawn by what
the chapters up to this one tell, which is the same however often it is asked and whoever reads what meanwhile: killed
and tried again, the same is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from imaginized.errors import Rejected
from imaginized.guide.sheets import parse_style
from imaginized.providers.api import Free, Provider
from imaginized.queue.manifest import Stage
from imaginized.queue.way import made_chapters
from imaginized.stages.casting import read_orders
from imaginized.stages.illustrate import Picture, made_of, make_all, requests_of
from imaginized.stages.job import Contents, Job, Result
from imaginized.stages.records import CastRecord, ScenesRecord
from imaginized.stages.sheets import early_style, read_guidance
from imaginized.store.records import load
from imaginized.story.elements import Element, Scene
from imaginized.story.merging import merge_cast
from imaginized.story.settled import Settled
from imaginized.story.text import ChapterText

NOBODY = CastRecord()


def preview(job: Job) -> Result:
    """Draw the scenes of a chapter that are settled already; illustrate draws the others."""
    known = _known(job)
    if job.image is None or known is None:
        return Result()
    provider, pictures = job.image, known.pictures(job, job.image)
    # What cannot be drawn is said where all of the chapter is drawn.
    make_all(job, provider, pictures, again=partial(known.pictures, job, provider), is_over=job.files.elements.exists)
    now = [picture.as_now(job) for picture in pictures]
    for picture in now:
        picture.settle(job)
    # The merge may have written the style guide meanwhile, and a person in it.
    style = {} if job.files.style.exists() else known.style
    return Result(contents=style, pictures=sum(picture.is_there for picture in now))


def preview_part(job: Job) -> Result:
    """Draw one of them, of a chapter that another worker has."""
    known = _known(job)
    if job.image is None or known is None:
        return Result()
    pictures = [picture for picture in known.pictures(job, job.image) if picture.number == job.part]
    try:
        return Result(contents=made_of(job, job.image, pictures))
    except Rejected:
        return Result()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the chapters up to this one tell.

    Attributes:
        style: The style guide, to be written where there is none yet.
        is_first: Whether no chapter before this one has a scene.
    """

    elements: Sequence[Element]
    found: Sequence[Element]
    scenes: Sequence[Scene]
    style: Contents
    is_first: bool

    def pictures(self, job: Job, provider: Provider) -> list[Picture]:
        """Those of the chapter's settled scenes."""
        guidance = read_guidance(job.files, elements=self.elements, scenes=self.scenes)
        fresh = next((data for data in self.style.values() if isinstance(data, bytes)), None)
        if fresh is not None:
            guidance = replace(guidance, style=parse_style(fresh.decode()))
        requests = requests_of(job, elements=self.elements, scenes=self.scenes, guidance=guidance)
        is_settled = Settled(cast=self.elements, found=self.found)
        known = list(requests)
        chosen = [each for each in known if is_settled(each.scene)]
        if self.is_first and isinstance(provider, Free):
            chosen = chosen or known[:1]  # drawn again after the merge if that knows more: it costs nothing
        return [Picture.of(job, provider, request=each, cast=NOBODY, is_early=True) for each in chosen]


def _known(job: Job) -> _Known | None:
    """None where the book was merged before, or a person says who is who: then the merge is waited for."""
    if job.files.elements.exists() or read_orders(job, before=NOBODY).orders:
        return None
    job.step()
    numbers = [number for number in made_chapters(job.manifest, Stage.ANALYZE) if number <= job.chapter]
    records = [load(job.files.scenes(number), ScenesRecord) for number in numbers]
    words = sum(entry.words for entry in job.manifest.chapters.values())
    elements = merge_cast([record.elements for record in records], words=words).elements
    texts = (load(job.files.chapter(number), ChapterText).text for number in sorted(job.manifest.chapters))
    return _Known(
        elements=elements,
        found=[element for record in records for element in record.elements],
        scenes=[scene for record in records for scene in record.scenes],
        style=early_style(job, texts=texts),
        is_first=not any(record.scenes for record in records if record.chapter != job.chapter),
    )

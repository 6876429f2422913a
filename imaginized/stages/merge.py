"""Merge: from the elements of the chapters to the elements of the book, its style guide and its sheets."""

from imaginized.queue.manifest import CHAPTER_STAGES, Manifest, Status
from imaginized.stages.job import Job, Result
from imaginized.stages.records import ElementsRecord, ScenesRecord
from imaginized.stages.sheets import written_sheets
from imaginized.store.records import dump, load
from imaginized.story.merging import merge_elements
from imaginized.story.text import ChapterText


def merge(job: Job) -> Result:
    """Join what the analyzed chapters found; the same bytes whatever order they were done in.

    The style guide and the sheets that a person edited stay as they are.
    """
    job.step()
    found = [load(job.files.scenes(number), ScenesRecord).elements for number in analyzed_chapters(job.manifest)]
    elements = merge_elements(found)
    texts = (load(job.files.chapter(number), ChapterText).text for number in sorted(job.manifest.chapters))
    sheets = written_sheets(job, elements, texts=texts)
    return Result(contents={**sheets, job.files.elements: dump(ElementsRecord(elements=elements))})


def analyzed_chapters(manifest: Manifest) -> list[int]:
    """The chapters whose scenes are in place, ascending."""
    first = CHAPTER_STAGES[0]
    return sorted(
        number
        for number, entry in manifest.chapters.items()
        if entry.status is Status.COMPLETED or entry.stage is not first
    )

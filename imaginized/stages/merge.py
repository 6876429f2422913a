"""Merge: from the elements of the chapters to the elements of the book."""

from imaginized.book.manifest import CHAPTER_STAGES, Manifest, Status
from imaginized.book.merging import merge_elements
from imaginized.stages.job import Job, Result
from imaginized.stages.records import ElementsRecord, ScenesRecord
from imaginized.store.records import dump, load


def merge(job: Job) -> Result:
    """Join what the analyzed chapters found; the same bytes whatever order they were done in."""
    job.step()
    found = [load(job.files.scenes(number), ScenesRecord).elements for number in analyzed_chapters(job.manifest)]
    return Result(contents={job.files.elements: dump(ElementsRecord(elements=merge_elements(found)))})


def analyzed_chapters(manifest: Manifest) -> list[int]:
    """The chapters whose scenes are in place, ascending."""
    first = CHAPTER_STAGES[0]
    return sorted(
        number
        for number, entry in manifest.chapters.items()
        if entry.status is Status.COMPLETED or entry.stage is not first
    )

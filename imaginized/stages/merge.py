"""Merge: from the elements of the chapters to the elements of the book, its style guide and its sheets."""

from imaginized.queue.manifest import Manifest, Stage
from imaginized.queue.way import made_chapters
from imaginized.stages.job import Job, Result
from imaginized.stages.records import ElementsRecord, ScenesRecord
from imaginized.stages.sheets import written_sheets
from imaginized.store.files import BookFiles
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
    return made_chapters(manifest, Stage.ANALYZE)


def is_merged(files: BookFiles, _manifest: Manifest, _chapter: int | None) -> bool:
    """Whether its files are there."""
    return files.elements.exists() and files.style.exists()

"""Count: from a chapter's text to the number of its sentences. A toy, to show what a new stage takes."""

from dataclasses import dataclass

from imaginized.providers.builtin.sentences import split_sentences
from imaginized.queue.manifest import Manifest, Stage
from imaginized.stages.job import Job, Result
from imaginized.store.files import BookFiles
from imaginized.store.records import dump, load
from imaginized.story.text import ChapterText


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRecord:
    """`data/count/NNN.json`."""

    schema: str = "imaginized.count/1"
    chapter: int
    sentences: int


def count(job: Job) -> Result:
    """Count the sentences of one chapter."""
    job.step()
    text = load(job.files.chapter(job.chapter), ChapterText).text
    record = CountRecord(chapter=job.chapter, sentences=sum(1 for _ in split_sentences(text, start=0, end=len(text))))
    return Result(contents={job.files.chapter_record(Stage.COUNT, job.chapter): dump(record)})


def is_counted(files: BookFiles, _manifest: Manifest, chapter: int | None) -> bool:
    """Whether a chapter's file is there."""
    return chapter is not None and files.chapter_record(Stage.COUNT, chapter).exists()

"""A book's progress report, from the moments its manifest keeps. Pure."""

from collections.abc import Iterator

from imaginized.book.manifest import Manifest, Stage, Status
from imaginized.book.plan import failed_chapters, phase
from imaginized.guide.model import Level, Progress, ProgressEntry

STEP_WORDS = {
    Stage.SPLIT: "The book was split into its chapters",
    Stage.MERGE: "The elements of all chapters were merged",
    Stage.COMPILE: "The guide was compiled",
}


def progress_of(manifest: Manifest) -> Progress:
    """How far the book is, and what happened when, oldest first."""
    completed = sum(entry.status is Status.COMPLETED for entry in manifest.chapters.values())
    return Progress(
        title=manifest.book_title or manifest.original_name,
        started=manifest.created_at,
        phase=phase(manifest).value,
        chapters_total=len(manifest.chapters),
        completed=completed,
        failed=len(failed_chapters(manifest)),
        entries=tuple(sorted(_entries(manifest), key=lambda entry: entry.at)),
    )


def _entries(manifest: Manifest) -> Iterator[ProgressEntry]:
    name = manifest.original_name
    yield ProgressEntry(at=manifest.created_at, message=f"{name} was admitted as {manifest.book_id}")
    for stage, entry in manifest.steps.items():
        if entry.completed_at is not None:
            yield ProgressEntry(at=entry.completed_at, level=Level.DONE, message=STEP_WORDS[stage])
        if entry.failed_at is not None:
            yield ProgressEntry(at=entry.failed_at, level=Level.ERROR, message=f"{stage} failed: {entry.error}")
    for number, entry in manifest.chapters.items():
        chapter = f"Chapter {number} ({entry.title})"
        if entry.analyzed_at is not None:
            yield ProgressEntry(at=entry.analyzed_at, message=f"{chapter} was analyzed")
        if entry.completed_at is not None:
            yield ProgressEntry(at=entry.completed_at, level=Level.DONE, message=f"{chapter} is done")
        if entry.failed_at is not None:
            yield ProgressEntry(
                at=entry.failed_at, level=Level.ERROR, message=f"{chapter} failed in {entry.stage}: {entry.error}"
            )

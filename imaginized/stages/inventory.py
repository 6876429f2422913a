"""What finished work has left on the disk, and which of it is not there any more: deleted, or lost with a disk."""

from collections.abc import Iterator
from pathlib import Path

from imaginized.queue.manifest import Manifest, Stage, Status, Task
from imaginized.stages.keeping import is_interrupted
from imaginized.stages.merge import analyzed_chapters
from imaginized.stages.records import BookRecord, IllustrationRecord, ScenesRecord, load_request
from imaginized.store.files import BookFiles
from imaginized.store.records import load

SPLIT, MERGE = Task(stage=Stage.SPLIT), Task(stage=Stage.MERGE)


def lost_before(task: Task, *, manifest: Manifest, files: BookFiles) -> list[Task]:
    """The finished tasks whose files a task needs and does not find; what is lost with them is not named again.

    Args:
        task: What is about to begin.
        manifest: The book.
        files: Its paths.

    Raises:
        RecordUnreadable: A data file was changed by hand and no longer fits; the message names it.
    """
    if task.stage is Stage.SPLIT:
        return []
    if is_interrupted(manifest, files=files, request=load_request(files)):
        return [SPLIT]
    if any(not path.exists() for path in _split_files(manifest, files=files, chapter=task.chapter)):
        return [SPLIT]
    analyzed = _analyzed(task, manifest=manifest)
    lost = [Task(stage=Stage.ANALYZE, chapter=number) for number in analyzed if not files.scenes(number).exists()]
    if lost or task.stage is Stage.MERGE:
        return lost
    if task.stage is not Stage.ANALYZE and not (files.elements.exists() and files.style.exists()):
        return [MERGE]
    return _lost_pictures(manifest, files=files) if task.stage is Stage.COMPILE else []


def _split_files(manifest: Manifest, *, files: BookFiles, chapter: int | None) -> Iterator[Path]:
    yield files.book
    yield from (files.chapter(number) for number in (manifest.chapters if chapter is None else [chapter]))
    if chapter is None and files.book.exists() and (cover := load(files.book, BookRecord).cover):
        yield files.root / cover


def _analyzed(task: Task, *, manifest: Manifest) -> list[int]:
    # What is drawn alike in all chapters takes the scenes of all: see illustrate.
    return [] if task.stage is Stage.ANALYZE else analyzed_chapters(manifest)


def _lost_pictures(manifest: Manifest, *, files: BookFiles) -> list[Task]:
    if Stage.ILLUSTRATE not in manifest.chapter_stages:
        return []
    done = [number for number, entry in manifest.chapters.items() if entry.status is Status.COMPLETED]
    return [Task(stage=Stage.ILLUSTRATE, chapter=number) for number in sorted(done) if not _is_drawn(files, number)]


def _is_drawn(files: BookFiles, number: int) -> bool:
    for scene in load(files.scenes(number), ScenesRecord).scenes:
        path = files.illustration(scene.chapter, scene.number)
        if not path.exists():
            return False
        image = load(path, IllustrationRecord).image
        if image is not None and not (files.root / image).exists():
            return False
    return True

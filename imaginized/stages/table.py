"""What each stage does, and how to see whether its files are still there. Names, order and needs: `queue.stages`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from imaginized.queue.manifest import STEPS, Manifest, Stage, Task
from imaginized.queue.way import made_chapters
from imaginized.stages.analyze import analyze, analyze_part, not_analyzed
from imaginized.stages.compile import compile_guide
from imaginized.stages.illustrate import illustrate, illustrate_part, is_illustrated
from imaginized.stages.job import Job, Result
from imaginized.stages.merge import is_merged, merge
from imaginized.stages.preview import preview, preview_part
from imaginized.stages.split import is_split, split
from imaginized.store.files import BookFiles


def _nobody_needs(_files: BookFiles, _manifest: Manifest, _chapter: int | None) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stage.

    Attributes:
        run: Does one task of it.
        run_part: Does one part of a task that another worker has; None where a task has no parts.
        is_there: Whether what it has left is still there, as far as one chapter needs it, or (None) the whole book. May
            raise RecordUnreadable: a data file was changed by hand and no longer fits; the message names it.
        lost: Those of some chapters for which it is not; None asks for each. A book may have thousands.
    """

    run: Callable[[Job], Result]
    run_part: Callable[[Job], Result] | None = None
    is_there: Callable[[BookFiles, Manifest, int | None], bool] = _nobody_needs
    lost: Callable[[BookFiles, Sequence[int]], list[int]] | None = None


STAGES: Mapping[Stage, Row] = MappingProxyType(
    {
        Stage.SPLIT: Row(run=split, is_there=is_split),
        Stage.ANALYZE: Row(run=analyze, run_part=analyze_part, lost=not_analyzed),
        Stage.PREVIEW: Row(run=preview, run_part=preview_part),
        Stage.MERGE: Row(run=merge, is_there=is_merged),
        Stage.ILLUSTRATE: Row(run=illustrate, run_part=illustrate_part, is_there=is_illustrated),
        Stage.COMPILE: Row(run=compile_guide),
    }
)


def lost_before(task: Task, *, manifest: Manifest, files: BookFiles) -> list[Task]:
    """The finished tasks whose files a task needs and does not find; what is lost with them is not named again.

    Args:
        task: What is about to begin.
        manifest: The book.
        files: Its paths.

    Raises:
        RecordUnreadable: A data file was changed by hand and no longer fits; the message names it.
    """
    for stage in task.stage.needs:
        row = STAGES[stage]
        if stage in STEPS:
            lost = [] if row.is_there(files, manifest, task.chapter) else [Task(stage=stage)]
        else:
            # Of all chapters, also where the task is about one: what is drawn alike takes the scenes of all.
            made = made_chapters(manifest, stage)
            gone = row.lost(files, made) if row.lost else [n for n in made if not row.is_there(files, manifest, n)]
            lost = [Task(stage=stage, chapter=number) for number in gone]
        if lost:
            return lost
    return []

"""Which files a task reads: all that a stage needs that runs on another machine, in a folder of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from imaginized.queue.manifest import Stage
from imaginized.queue.way import made_chapters
from imaginized.stages.job import Job
from imaginized.stages.records import ElementsRecord, IllustrationRecord, ScenesRecord, VersionRecord
from imaginized.stages.sheets import read_guidance
from imaginized.store.files import VERSIONS, BookFiles
from imaginized.store.records import RecordUnreadable, load
from imaginized.store.reserved import is_filled
from imaginized.story.elements import passage_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a task reads.

    Attributes:
        files: That are there; what is not among them is not there for the task.
        sizes: Of those it reads nothing of but their size.
    """

    files: tuple[Path, ...]
    sizes: Mapping[Path, int] = field(default_factory=dict)


def inputs_of(job: Job) -> Inputs:
    """What a task reads that may be sent away.

    Raises:
        ValueError: Its stage is done at home only.
    """
    found = _INPUTS.get(job.task.stage)
    if found is None:
        raise ValueError(f"{job.task.stage} is done at home")
    return found(job)


def may_be_sent(stage: Stage) -> bool:
    """Whether a task of the stage may be done on another machine."""
    return stage in _INPUTS


def _of_analyze(job: Job) -> Inputs:
    files = job.files
    wanted = [files.request, files.book, files.chapter(job.chapter), *_answers(files)]
    if job.tells_names:
        wanted += [files.cast, files.cast_orders, *_all_scenes(job)]
    return Inputs(files=_there(wanted))


def _of_illustrate(job: Job) -> Inputs:
    files, number = job.files, job.chapter
    wanted = [files.request, files.book, files.chapter(number), files.elements, files.cast, files.style, files.sheets]
    wanted += [*_all_scenes(job), *_answers(files), *_in(files.root / "elements"), *files.made_for(number)]
    wanted += [*_in(files.data / Stage.ILLUSTRATE.folder), *_versions(job), *_own_pictures(job)]
    wanted += [files.series, *files.earlier_pictures()]
    source = files.source(job.manifest.book_file)
    sizes = {source: source.stat().st_size} if source.exists() else {}
    return Inputs(files=_there(wanted), sizes=sizes)


def _all_scenes(job: Job) -> Iterator[Path]:
    yield from (job.files.scenes(number) for number in made_chapters(job.manifest, Stage.ANALYZE))


def _answers(files: BookFiles) -> Iterator[Path]:
    """What was paid for and is not made use of yet; there is no telling whose it is before it is asked for."""
    return (path for path in _in(files.reply("").parent) if is_filled(path))


def _in(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        # Not what somebody is just writing: its name begins with a dot.
        yield from (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))


def _own_pictures(job: Job) -> Iterator[Path]:
    """The portraits that go along with a request: all others are as if they were not there, and are not chosen then."""
    elements = load(job.files.elements, ElementsRecord).elements
    scenes = [scene for path in _all_scenes(job) for scene in load(path, ScenesRecord).scenes]
    yield from map(Path, read_guidance(job.files, elements=elements, scenes=scenes).portraits.values())


def _versions(job: Job) -> Iterator[Path]:
    """The pictures that the chapter's scenes had before, by their passages: a chapter may have had another number."""
    passages = {passage_of(scene) for scene in load(job.files.scenes(job.chapter), ScenesRecord).scenes}
    for path in _in(job.files.data / VERSIONS):
        if path.suffix != ".json":
            continue
        yield path
        with suppress(RecordUnreadable, FileNotFoundError):
            record: IllustrationRecord = load(path, VersionRecord).illustration
            if record.chapter == job.chapter or record.passage in passages:
                yield path.with_suffix(".jpg")


def _there(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(path for path in dict.fromkeys(paths) if path.is_file())


_INPUTS: Mapping[Stage, Callable[[Job], Inputs]] = MappingProxyType(
    {Stage.ANALYZE: _of_analyze, Stage.ILLUSTRATE: _of_illustrate}
)

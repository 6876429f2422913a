"""Writing a book's files for other programs, or its guide, anew from what there is. Needs no daemon; asks no model."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imaginized.cli.estimating import folder_of
from imaginized.clock import SystemClock
from imaginized.errors import ControlError, ExitCode, ManifestCorrupt, SettingsError
from imaginized.guide.model import Exported
from imaginized.guide.writers import WRITERS, Written
from imaginized.queue.manifest import Manifest
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.settings.places import settings_file
from imaginized.stages.compile import placed, read_guide
from imaginized.stages.exporting import written
from imaginized.stages.faces import Files, with_faces
from imaginized.stages.ornaments import with_ornaments
from imaginized.stages.outlet import Outlet
from imaginized.stages.records import BookRecord
from imaginized.store.files import BookFiles
from imaginized.store.library import Library
from imaginized.store.records import RecordUnreadable, load
from imaginized.store.writing import make_folder, write_atomic

NOT_THERE = "export it once its guide is there; if it was there already, `imaginizectl retry BOOK` makes it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of an export.

    Attributes:
        book: Its id.
        files: What was written.
        exports: What became of the files for other programs.
        problems: What went wrong in the folder that other programs watch.
    """

    book: str
    files: tuple[Path, ...]
    exports: tuple[Exported, ...]
    problems: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Exported, ...]:
        """What could not be made."""
        return tuple(export for export in self.exports if not export.path)


def export_book(
    what: str, *, formats: tuple[str, ...], socket: Path, config: Path | None, environment: Mapping[str, str]
) -> Ended:
    """Write these formats of a book into its folder.

    Args:
        what: Its folder, its id, or a part of its title.
        formats: As in `guide.formats`; none for those of the settings.
        socket: Of the daemon, which knows its books; without it the library of the settings is looked into.
        config: Settings file.
        environment: Variables.

    Raises:
        ControlError: There is no such book or format, it has no chapters yet, or its folder cannot be written; says
            what to do.
    """
    unknown = [name for name in formats if name not in WRITERS]
    if unknown:
        text = f"no format {unknown[0]!r}; there are {', '.join(WRITERS)}"
        raise ControlError(text, exit_code=ExitCode.USAGE)
    try:
        settings = load_settings(settings_file(config, environment), environment=environment)
        folder = _own_folder(what) or folder_of(what, socket=socket, settings=settings)
        library = Library(folder.parent, clock=SystemClock())
        files = library.files(folder.name)
        wanted = formats or settings.guide.formats
        made, faces = _made(files, library.read(folder.name), settings=settings, formats=wanted)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    except (RecordUnreadable, ManifestCorrupt) as error:
        raise ControlError(str(error), exit_code=ExitCode.NEEDS_ATTENTION, advice=_remade(error, what)) from error
    except FileNotFoundError as error:
        text = f"{what} has no chapters yet, or has lost a file ({error})"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO, advice=NOT_THERE) from error
    contents = {**placed(made, files=files), **faces}
    _write({path: data for path, data in contents.items() if isinstance(data, bytes)})
    asked = [files.guide(name) for writer in map(WRITERS.__getitem__, wanted) for name in writer.paths(folder.name)]
    there = {files.guide(name) for name in made.files}
    return Ended(
        book=folder.name,
        files=tuple(path for path in asked if path in there),
        exports=made.exports,
        problems=made.problems,
    )


def _remade(error: RecordUnreadable | ManifestCorrupt, what: str) -> str:
    """What to do about a data file that cannot be read; a manifest's error says that itself."""
    if isinstance(error, ManifestCorrupt) or error.path is None:
        return ""
    retry = f"`imaginizectl retry {shlex.quote(Path(what).name)}`"
    return f"repair it, or `rm {shlex.quote(str(error.path))}` and {retry} have it made again"


def _own_folder(what: str) -> Path | None:
    """The folder itself that somebody named; None where that is none of a book."""
    folder = Path(what).absolute()
    return folder if BookFiles(folder).manifest.is_file() else None


def _made(
    files: BookFiles, manifest: Manifest, *, settings: Settings, formats: tuple[str, ...]
) -> tuple[Written, Files]:
    guide, faces = with_faces(read_guide(files, manifest), files=files)
    guide, ornaments = with_ornaments(guide, files=files, is_wanted=settings.guide.ornaments)
    # Contents and page that are there are written too: they name the files there are.
    pages = [name for name, row in WRITERS.items() if not row.export and files.guide(row.paths("")[0]).exists()]
    made = written(
        guide,
        book=load(files.book, BookRecord),
        files=files,
        manifest=manifest,
        settings=settings.guide,
        formats=dict.fromkeys((*formats, *pages)),
        outlet=Outlet(files, template=settings.paths.exports, guide=guide, keep=_write),
        again=True,
        ornaments=ornaments,
    )
    return made, {**faces, **ornaments}


def _write(contents: Mapping[Path, bytes]) -> None:
    for path, data in contents.items():
        make_folder(path.parent)
        write_atomic(path, data, durable=True)


def report_of(ended: Ended) -> dict[str, object]:
    """What became of it as one JSON object."""
    return {
        "schema": "imaginized.export/1",
        "book": ended.book,
        "files": [str(path) for path in ended.files],
        "exports": [
            {"format": each.format, "file": each.path or None, "remarks": list(each.remarks)} for each in ended.exports
        ],
    }


def lines_of(ended: Ended) -> list[str]:
    """What became of it, for a person."""
    remarks = [f"{each.path}: {remark}" for each in ended.exports if each.path for remark in each.remarks]
    return [*map(str, ended.files), *remarks]

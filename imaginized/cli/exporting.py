"""Writing a book's files for other programs, or its guide, anew from what there is. Needs no daemon; asks no model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from imaginized.cli.estimating import folder_of
from imaginized.clock import SystemClock
from imaginized.errors import ControlError, ExitCode, ManifestCorrupt, SettingsError
from imaginized.guide.model import Exported
from imaginized.guide.writers import WRITERS
from imaginized.settings.file import load_settings
from imaginized.settings.places import settings_file
from imaginized.stages.compile import write_guide
from imaginized.store.files import make_folder, write_atomic
from imaginized.store.library import Library
from imaginized.store.records import RecordUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What became of an export.

    Attributes:
        book: Its id.
        files: What was written.
        exports: What became of the files for other programs.
    """

    book: str
    files: tuple[Path, ...]
    exports: tuple[Exported, ...]

    @property
    def missing(self) -> tuple[Exported, ...]:
        """What could not be made."""
        return tuple(export for export in self.exports if not export.path)


def export_book(
    what: str, *, formats: tuple[str, ...], socket: Path, config: Path | None, environment: Mapping[str, str]
) -> Ended:
    """Write these formats of a book into its folder.

    Args:
        what: Its id, or a part of its title.
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
        folder = folder_of(what, socket=socket, settings=settings)
        library = Library(folder.parent, clock=SystemClock())
        files = library.files(folder.name)
        wanted = formats or settings.guide.formats
        made = write_guide(files, library.read(folder.name), settings=settings.guide, formats=wanted)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error
    except (RecordUnreadable, ManifestCorrupt) as error:
        raise ControlError(str(error), exit_code=ExitCode.NEEDS_ATTENTION) from error
    except FileNotFoundError as error:
        text = f"{what} has no chapters yet; export it once its guide is there"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO) from error
    paths = []
    for name, data in made.files.items():
        path = files.guide(name)
        make_folder(path.parent)
        write_atomic(path, data, durable=True)
        paths.append(path)
    return Ended(book=folder.name, files=tuple(paths), exports=made.exports)


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

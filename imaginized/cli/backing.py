"""Backing a library up and making one of a backup: which library is meant, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.control.client import Client
from imaginized.control.paging import folders_of
from imaginized.control.protocol import STATUS
from imaginized.errors import ControlError, ExitCode, LibraryBusy, SettingsError
from imaginized.settings.file import load_settings
from imaginized.settings.model import Paths
from imaginized.settings.places import settings_file
from imaginized.store.backup import BackupWrong, Copied, back_up
from imaginized.store.library import Library
from imaginized.store.restore import Restored, restore
from imaginized.store.room import DISK_FULL
from imaginized.version import VERSION

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a library is, and the backup of it."""

    library: Path
    backup: Path
    inbox: Path | None = None


def place_of(backup: Path, socket: Path, config: Path | None, environment: Mapping[str, str]) -> Place:
    """The library of the daemon, and its inbox; where none runs, those of the settings.

    Raises:
        ControlError: The daemon refuses, or the settings cannot be used.
    """
    try:
        with Client(socket) as client:
            paths = folders_of(client.ask(STATUS))
            return Place(library=Path(paths["library"]), inbox=Path(paths["inbox"]), backup=backup)
    except ControlError as error:
        if error.exit_code is not ExitCode.NOT_RUNNING:
            raise
    found = paths_of_settings(config, environment)
    return Place(library=found.library, inbox=found.inbox, backup=backup)


def paths_of_settings(config: Path | None, environment: Mapping[str, str]) -> Paths:
    """The folders that the settings name.

    Raises:
        ControlError: They cannot be used.
    """
    try:
        return load_settings(settings_file(config, environment), environment=environment).paths
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error


def backed_up(place: Place) -> Copied:
    """Back the library up.

    Raises:
        ControlError: It could not be; says why and what to do.
    """
    if not place.library.is_dir():
        raise ControlError(f"{place.library} is not there, so there is nothing to back up", exit_code=ExitCode.USAGE)
    if place.inbox is not None and place.backup.parent.resolve().is_relative_to(place.inbox.resolve()):
        # The daemon would take the books out of it.
        text = f"{place.backup} lies within the inbox; name a folder on another disk"
        raise ControlError(text, exit_code=ExitCode.USAGE)
    library = Library(place.library, clock=SystemClock())
    try:
        return back_up(library, place.backup, now=datetime.now(UTC), version=VERSION)
    except BackupWrong as error:
        raise ControlError(str(error), exit_code=ExitCode.USAGE) from error
    except LibraryBusy as error:
        raise ControlError(str(error), exit_code=ExitCode.TIMED_OUT) from error
    except OSError as error:
        raise _told(error, place.backup.parent) from error


def restored(place: Place) -> Restored:
    """Make the library of the backup.

    Raises:
        ControlError: It could not be; says why and what to do.
    """
    try:
        return restore(place.backup, place.library, clock=SystemClock())
    except BackupWrong as error:
        raise ControlError(str(error), exit_code=ExitCode.REJECTED) from error
    except LibraryBusy as error:
        raise ControlError(str(error), exit_code=ExitCode.TIMED_OUT) from error
    except OSError as error:
        raise _told(error, place.library.parent) from error


def _told(error: OSError, folder: Path) -> Exception:
    """The error, or where it is that the disk is full: the system names no file, or the one that was read."""
    if error.errno not in DISK_FULL:
        return error
    text = f"the disk of {folder} is full; nothing is left behind"
    return ControlError(text, exit_code=ExitCode.BUG, advice="make room, or name a folder on another disk")


def backup_lines(place: Place, found: Copied) -> list[str]:
    """What was backed up, for a person."""
    size = sum(found.sizes.values()) / 1e6
    lines = [f"{place.backup}: {_books(found.books)}, {len(found.sizes)} files, {size:,.1f} MB; read back and compared"]
    if found.skipped:
        more = f" and {len(found.skipped) - SHOWN} more" if len(found.skipped) > SHOWN else ""
        lines.append(f"left out, for they are not files: {', '.join(found.skipped[:SHOWN])}{more}")
    return lines


def restore_lines(place: Place, found: Restored) -> list[str]:
    """What was restored, for a person."""
    lines = [f"{place.library}: {_books(found.books)}, {found.files} files, compared with their digests"]
    if found.released:
        lines.append(
            f"{found.released} chapters and steps were in work when the backup was taken; they are queued again"
        )
    if found.unread:
        lines.append(f"the manifests of {', '.join(found.unread)} cannot be read, as in the backup")
    return lines


def _books(count: int) -> str:
    return "1 book" if count == 1 else f"{count} books"

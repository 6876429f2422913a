"""Backing a library up and making one of a backup: which library is meant, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.control.client import Client
from imaginized.control.protocol import STATUS
from imaginized.errors import ControlError, ExitCode, LibraryBusy, SettingsError
from imaginized.settings.file import load_settings
from imaginized.settings.places import settings_file
from imaginized.store.backup import BackupWrong, Copied, back_up
from imaginized.store.library import Library
from imaginized.store.restore import Restored, restore
from imaginized.version import VERSION

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a library is, and the backup of it."""

    library: Path
    backup: Path


def library_of(socket: Path, config: Path | None, environment: Mapping[str, str]) -> Path:
    """The library of the daemon; where none runs, that of the settings.

    Raises:
        ControlError: The daemon refuses, or the settings cannot be used.
    """
    try:
        with Client(socket) as client:
            return Path(client.ask(STATUS)["paths"]["library"])
    except ControlError as error:
        if error.exit_code is not ExitCode.NOT_RUNNING:
            raise
    return library_of_settings(config, environment)


def library_of_settings(config: Path | None, environment: Mapping[str, str]) -> Path:
    """The library that the settings name.

    Raises:
        ControlError: They cannot be used.
    """
    try:
        return load_settings(settings_file(config, environment), environment=environment).paths.library
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error


def backed_up(place: Place) -> Copied:
    """Back the library up.

    Raises:
        ControlError: It could not be; says why and what to do.
    """
    if not place.library.is_dir():
        raise ControlError(f"{place.library} is not there, so there is nothing to back up", exit_code=ExitCode.USAGE)
    library = Library(place.library, clock=SystemClock())
    try:
        return back_up(library, place.backup, now=datetime.now(UTC), version=VERSION)
    except BackupWrong as error:
        raise ControlError(str(error), exit_code=ExitCode.USAGE) from error
    except LibraryBusy as error:
        raise ControlError(str(error), exit_code=ExitCode.TIMED_OUT) from error


def restored(place: Place) -> Restored:
    """Make the library of the backup.

    Raises:
        ControlError: It could not be; says why and what to do.
    """
    try:
        return restore(place.backup, place.library, clock=SystemClock())
    except BackupWrong as error:
        raise ControlError(str(error), exit_code=ExitCode.REJECTED) from error


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

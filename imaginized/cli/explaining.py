"""Why a path is or is not picked up, asked on behalf of a person, whether a daemon runs or not."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from imaginized.cli.client import Client
from imaginized.cli.view import Row
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.inbox.explain import Explanation, explain
from imaginized.settings import Settings
from imaginized.settings_file import load_settings


def explained(path: Path, *, socket: Path, config: Path | None, environment: Mapping[str, str]) -> Explanation:
    """Explain a path by the folders of the daemon that runs, else by those of the settings.

    Raises:
        ControlError: The settings are wrong, or the daemon refuses.
    """
    settings = _settings(config, environment)
    inbox, library = _folders(socket) or (settings.paths.inbox, settings.paths.library)
    return explain(path, inbox=inbox, library=library, settings=settings)


def _settings(config: Path | None, environment: Mapping[str, str]) -> Settings:
    try:
        return load_settings(config, environment=environment)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error


def _folders(socket: Path) -> tuple[Path, Path] | None:
    """The daemon's inbox and library; None where none runs."""
    try:
        with Client(socket) as client:
            paths = cast(Row, client.call("status")["paths"])
    except ControlError as error:
        if error.exit_code != ExitCode.NOT_RUNNING:
            raise
        return None
    return Path(str(paths["inbox"])), Path(str(paths["library"]))

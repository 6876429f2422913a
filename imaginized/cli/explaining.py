"""Why a path is or is not picked up, asked on behalf of a person, whether a daemon runs or not."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from imaginized.cli.loading import settings_words
from imaginized.cli.troubles import Row, rows
from imaginized.control.client import Client
from imaginized.control.paging import folders_of
from imaginized.control.protocol import STATUS
from imaginized.errors import ControlError, ExitCode, SettingsError
from imaginized.inbox.explain import Explanation, Told, explain
from imaginized.reasons import Code
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.settings.places import settings_file


def explained(path: Path, *, socket: Path, config: Path | None, environment: Mapping[str, str]) -> Explanation:
    """Explain a path by the folders of the daemon that runs, else by those of the settings.

    Raises:
        ControlError: The settings are wrong, or the daemon refuses.
    """
    file = settings_file(config, environment)
    settings = _settings(file, environment)
    status = _status(socket)
    if status is None:
        found = explain(path, inbox=settings.paths.inbox, library=settings.paths.library, settings=settings)
        return _by_settings(found, file=file, socket=socket) if found.verdict == "outside" else found
    paths, inbox = cast(Row, status["paths"]), cast(Row, status["inbox"])
    folders = {name: Path(str(paths[name])) for name in ("inbox", "library")}
    stuck = rows(inbox, "blocked") if "blocked" in inbox else []
    told = Told(
        degraded=str(inbox.get("degraded") or ""),
        blocked={str(row["name"]): str(row["reason"]) for row in stuck},
        blocked_codes={str(row["name"]): Code.read(row.get("code")) for row in stuck},
        shortage=str(cast(Row, status.get("paused") or {}).get("disk", "")),
        settle_seconds=cast(float | None, inbox.get("settle_seconds")),
        incomplete_seconds=cast(float | None, inbox.get("incomplete_seconds")),
    )
    return explain(path, **folders, settings=settings, told=told)


def _by_settings(found: Explanation, *, file: Path | None, socket: Path) -> Explanation:
    """The same, and whose inbox was meant: a daemon that does not run may have another one."""
    whose = f"No daemon runs at {socket}; this inbox is from the settings ({settings_words(file)})."
    step = f"{found.next_step} {whose} `--config FILE` names others."
    return replace(found, next_step=step.strip())


def _settings(config: Path | None, environment: Mapping[str, str]) -> Settings:
    try:
        return load_settings(config, environment=environment)
    except SettingsError as error:
        raise ControlError(str(error), exit_code=ExitCode.BAD_SETTINGS) from error


def _status(socket: Path) -> Row | None:
    """What the daemon says; None where none runs."""
    try:
        with Client(socket) as client:
            status = client.ask(STATUS)
            folders_of(status)
            return status
    except ControlError as error:
        if error.exit_code != ExitCode.NOT_RUNNING:
            raise
        return None

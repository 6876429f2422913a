"""What the doctor finds out by itself where no daemon answers: the settings that one would read, and their facts."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from imaginized.cli.loading import load_all
from imaginized.control.checkup import facts_about
from imaginized.inbox.folder import MOUNTS
from imaginized.providers.keys import find_keys
from imaginized.settings.places import settings_file

Facts = Mapping[str, object]


def facts_without(config: Path | None, environment: Mapping[str, str]) -> tuple[Path | None, Path, Facts]:
    """The settings file, the socket that they name, and what `Methods` would answer to the doctor, if we may look.

    Raises:
        SettingsError: They are wrong; lists every mistake.
    """
    settings = load_all(config, environment=environment)
    mounts = MOUNTS.read_text(errors="surrogateescape")
    keys = partial(find_keys, settings, environment=environment)
    facts = facts_about(settings, mounts=mounts, find_keys=keys)
    return settings_file(config, environment), settings.paths.socket, facts

"""`imaginized host`: chapters for a daemon on another machine."""

import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import cast, get_args

from imaginized.cli.command import envelope
from imaginized.cli.output import echo, echo_json
from imaginized.clock import SystemClock
from imaginized.errors import ControlError, ExitCode
from imaginized.logs.log import configure_logs
from imaginized.providers.keys import find_keys
from imaginized.reading.quotes import find_quote
from imaginized.remote.broker import check_hosts, folder_of, key_file_of, read_url
from imaginized.remote.visiting import Place
from imaginized.settings.model import Settings
from imaginized.settings.vendors import USES, Use


def be_host(
    settings: Settings,
    *,
    files: Mapping[str, Path | None],
    queues: str,
    slots: int,
    name: str,
    environment: Mapping[str, str],
    as_json: bool,
) -> None:
    """Take chapters until told to stop.

    Raises:
        ControlError: The queues are none.
        SettingsError: The extra is not installed, or a file is missing or wrong.
    """
    uses, settings = _uses(queues), _with_files(settings, files)
    check_hosts(settings)
    from imaginized.remote.host import Host, own_name
    from imaginized.remote.sealing import read_seal

    configure_logs(settings.logs.level, format=settings.logs.format, stream=sys.stderr)
    name = name or own_name()
    folder = folder_of(settings.hosts.blobs)

    def ready() -> None:
        if as_json:
            echo_json(envelope("host", host=name, queues=list(uses), slots=slots))
        echo(f"{name} takes {' and '.join(uses)} chapters, {slots} at once", err=True)
        if folder is not None and not folder.is_dir():
            text = f"there is no folder {folder} on this machine, so pictures go through the Redis server; mount it"
            echo(f"hosts.blobs: {text}", err=True)

    with tempfile.TemporaryDirectory(prefix="imaginized-host-") as scratch:
        place = _place(settings, name=name, scratch=Path(scratch), environment=environment)
        url, seal = read_url(settings.hosts.broker_url_file), read_seal(key_file_of(settings))
        Host(place=place, url=url, seal=seal, uses=uses, slots=slots, ready=ready, folder=folder).run()


def _place(settings: Settings, *, name: str, scratch: Path, environment: Mapping[str, str]) -> Place:
    return Place(
        name=name,
        settings=settings,
        find_keys=partial(find_keys, environment=environment),
        find_quote=find_quote,
        scratch=scratch,
        clock=SystemClock(),
    )


def _uses(queues: str) -> tuple[Use, ...]:
    uses = tuple(dict.fromkeys(each.strip() for each in queues.split(",")))
    if not set(uses) <= set(get_args(Use)):
        raise ControlError(
            f"--queues {queues}: not queues", exit_code=ExitCode.USAGE, advice=f"write {', '.join(USES)} or both"
        )
    return cast(tuple[Use, ...], uses)


def _with_files(settings: Settings, files: Mapping[str, Path | None]) -> Settings:
    """The settings of a host: what is given goes before what its file names."""
    told = {key: path.expanduser().absolute() for key, path in files.items() if path is not None}
    own = settings.hosts.model_copy(update={"engine": "celery", **told})
    return settings.model_copy(update={"hosts": own})

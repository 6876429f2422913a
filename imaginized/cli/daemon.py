"""imaginized: run the daemon, show it off, illustrate a few files, check settings. The only place that picks seams."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial, reduce, wraps
from importlib.resources import as_file, files
from pathlib import Path
from typing import ParamSpec

import click

from imaginized.cli.dropping import check_asked
from imaginized.cli.session import Outcome, illustrate_files, own_daemon
from imaginized.cli.view import held_text
from imaginized.cli.watching import display
from imaginized.clock import SystemClock
from imaginized.daemon.launcher import ForkServerLauncher
from imaginized.daemon.notify import Notifier, listen_fds
from imaginized.daemon.reload import Source
from imaginized.daemon.supervisor import Supervisor, Surroundings
from imaginized.errors import ControlError, ExitCode, LibraryInUse, SettingsError
from imaginized.logs import configure_logs
from imaginized.providers.keys import KEY_VARIABLES, find_keys
from imaginized.providers.pricelist import read_prices
from imaginized.providers.prompting import load_prompts
from imaginized.settings import KEYS, Settings
from imaginized.settings_file import load_settings
from imaginized.version import VERSION

Parameters = ParamSpec("Parameters")

FAULT_VARIABLE = "IMAGINIZED_FAULT"
SYSTEMD_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")
DEMO_BOOK = "wizard-of-oz-se.epub"

config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file (TOML); every key has a default."
)


def exiting(command: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """A command whose result is the exit code, and whose errors become a message and theirs."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            code = command(*arguments, **options)
        except SettingsError as error:
            code = _complain(error, ExitCode.BAD_SETTINGS)
        except LibraryInUse as error:
            code = _complain(error, ExitCode.NEEDS_ATTENTION)
        except ControlError as error:
            code = _complain(error, error.exit_code)
        except PermissionError as error:
            code = _complain(error, ExitCode.PERMISSION)
        except OSError as error:
            code = _complain(error, ExitCode.BUG)
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
        sys.exit(code)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
def main() -> None:
    """Turn books into illustrated guides."""


@main.command()
@config_option
@exiting
def run(config: Path | None) -> int:
    """Be the daemon: watch the inbox, until SIGTERM or Ctrl-C."""
    environment = dict(os.environ)
    for name in (*SYSTEMD_VARIABLES, *KEY_VARIABLES):  # the workers must not speak for us, the readers need no key
        os.environ.pop(name, None)
    source = Source(
        load=partial(_load_all, config, environment=environment),
        find_keys=partial(find_keys, environment=environment),
        apply_logs=partial(_configure_logs, environment=environment),
    )
    settings = source.load()
    source.apply_logs(settings)
    notifier = Notifier.from_environment(environment)
    launcher = ForkServerLauncher(
        settings,
        keys=source.find_keys(settings),
        faults=environment.get(FAULT_VARIABLE, ""),
        journal_stream=environment.get("JOURNAL_STREAM", ""),
    )
    supervisor = Supervisor(
        settings,
        launcher=launcher,
        clock=SystemClock(),
        around=Surroundings(notifier=notifier, source=source, passed_sockets=listen_fds(environment, pid=os.getpid())),
    )
    asyncio.run(supervisor.run())
    return ExitCode.OK


@main.command()
@config_option
@exiting
def check(config: Path | None) -> int:
    """Read the settings, say what is wrong with them or what they are."""
    settings = _load_all(config, environment=os.environ)
    click.echo(settings.model_dump_json(indent=2))
    return ExitCode.OK


@main.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default="demo", show_default=True)
@exiting
def demo(folder: Path) -> int:
    """Illustrate a bundled novel with the real daemon, on fresh folders below --dir. Needs no key and no network."""
    place = _fresh(folder.absolute())
    click.echo(f"The daemon works in {place}")
    folders = {"state": place, "inbox": place / "inbox", "library": place / "library"}
    with own_daemon(**folders, options={}, environment=_environment()) as session, display(sys.stdout) as show:
        click.echo(f"In another terminal: imaginizectl --socket {session.socket} status")
        with as_file(files("imaginized") / "assets" / DEMO_BOOK) as book:
            outcomes = illustrate_files(session, [book], show=show)
    return _conclude(outcomes)


@main.command()
@click.argument("books", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the guides go.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes (default 3).")
@click.option("--chapters", help='Only these story chapters, such as "1-5,8".')
@click.option("--style", help="How the illustrations should look, in your words.")
@click.option("--language", help='Language of the book, such as "en", where it says none or a wrong one.')
@click.option("--pages-per-image", type=int, help="One image for so many pages.")
@click.option("--profile", help="Kind of book: general, fantasy, mystery, nonfiction, or one of your own.")
@click.option("--budget", "budget_usd", type=float, help="The most a book may cost, in dollars.")
@config_option
@exiting
def illustrate(
    books: tuple[Path, ...], out: Path, workers: int | None, config: Path | None, **asked: str | float | None
) -> int:
    """Illustrate BOOKS and exit. The originals stay where they are; started again, it goes on where it stopped.

    Started again with another --chapters, --style, --profile, --language ..., it does the book anew. --config names the
    settings to do it by, such as the endpoint; of its [paths] only `profiles` counts.
    """
    wanted = check_asked(asked)
    library = out.absolute()
    state = library / ".imaginized"
    options = {**_settings_of(config), "inbox.settle_seconds": 0.5}
    if workers is not None:
        options["workers.max_concurrency"] = workers
    daemon = own_daemon(
        state=state, inbox=state / "inbox", library=library, options=options, environment=_environment()
    )
    with daemon as session, display(sys.stdout) as show:
        outcomes = illustrate_files(session, books, show=show, asked=wanted)
    return _conclude(outcomes)


def _load_all(config: Path | None, *, environment: Mapping[str, str]) -> Settings:
    """The settings, once all the files they name are read: what is wrong with these is said now, not by workers."""
    settings = load_settings(config, environment=environment)
    read_prices(settings.budget.price_file)
    find_keys(settings, environment=environment)
    load_prompts(settings.openai.prompts, profile=settings.guide.profile)
    return settings


def _configure_logs(settings: Settings, *, environment: Mapping[str, str]) -> None:
    journal = environment.get("JOURNAL_STREAM", "")
    configure_logs(settings.logs.level, format=settings.logs.format, stream=sys.stderr, journal_stream=journal)


def _environment() -> dict[str, str]:
    """For a daemon of our own: the user's IMAGINIZED_ variables are meant for theirs."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in (FAULT_VARIABLE, *KEY_VARIABLES) or not name.startswith(("IMAGINIZED_", *SYSTEMD_VARIABLES))
    }


def _settings_of(config: Path | None) -> dict[str, object]:
    """The settings of a file by dotted key, but for the folders and the socket; none without a file."""
    if config is None:
        return {}
    settings = _load_all(config, environment=os.environ)
    given: dict[str, object] = {"paths.profiles": settings.paths.profiles}
    for key in KEYS:
        section, _, name = key.rpartition(".")
        if section != "paths":
            given[key] = getattr(reduce(getattr, section.split("."), settings), name)
    return given


def _fresh(folder: Path) -> Path:
    """The folder itself if there is nothing in it, else the next free run below it."""
    number = 1
    place = folder
    while place.exists() and any(place.iterdir()):
        number += 1
        place = folder / f"run-{number}"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _conclude(outcomes: list[Outcome]) -> int:
    """Say where each guide is; the last line is the path of the last one."""
    code = ExitCode.OK
    for outcome in outcomes:
        if outcome.book is None:
            click.echo(f"{outcome.file}: {outcome.reason}", err=True)
            code = ExitCode.REJECTED
        elif outcome.book["phase"] != "done":
            why = held_text(outcome.book) or outcome.book["error"] or "some chapters failed"
            click.echo(f"{outcome.file}: {outcome.book['phase']}: {why}", err=True)
            code = max(code, ExitCode.NEEDS_ATTENTION)
    for outcome in outcomes:
        if outcome.book is not None and outcome.book["guide"]:
            click.echo(str(outcome.book["guide"]))
    return code


def _complain(error: Exception, code: ExitCode) -> ExitCode:
    click.echo(f"imaginized: {error}", err=True)
    return code

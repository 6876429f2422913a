"""imaginized: run the daemon, show it off, illustrate a few files, check settings. The only place that picks seams.

What one command alone needs is imported in it: all of it would be half of the time that the daemon takes to its fork
server, for which everything else waits.
"""

import faulthandler
import gc
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial, reduce, wraps
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, cast

import click

from imaginized.cli.command import (
    Program,
    as_json_option,
    asked_options,
    envelope,
    help_command,
    say,
    say_aside,
    say_error,
)
from imaginized.cli.exit_codes import code_of_error, reason_of_error, worst
from imaginized.cli.loading import load_all, settings_words
from imaginized.cli.output import echo, echo_json, echo_path
from imaginized.cli.program import SYSTEMD_VARIABLES
from imaginized.clock import SystemClock
from imaginized.daemon.launcher import ForkServerLauncher
from imaginized.daemon.notify import Notifier, listen_fds
from imaginized.daemon.reload import Reading, Source
from imaginized.errors import ControlError, ExitCode, LibraryInUse, SettingsError, SocketInUse
from imaginized.logs.log import configure_logs
from imaginized.money.amounts import dollars
from imaginized.printable import printable
from imaginized.process.fault_points import arm
from imaginized.process.sandbox import probe
from imaginized.process.slots import INTAKE
from imaginized.providers.keys import KEY_VARIABLES, find_keys
from imaginized.settings.model import KEYS, Settings, target_of
from imaginized.settings.places import settings_file
from imaginized.settings.vendors import Use
from imaginized.version import PROTOCOL, VERSION

if TYPE_CHECKING:
    from imaginized.cli.errand import Outcome

Parameters = ParamSpec("Parameters")

FAULT_VARIABLE = "IMAGINIZED_FAULT"
DEMO = "`imaginized demo` begins another run"
DEMO_BOOK = "wizard-of-oz-se.epub"

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Settings file (TOML); else $IMAGINIZED_CONFIG, ~/.config/imaginized/imaginized.toml or "
    "/etc/imaginized/imaginized.toml, the first that exists. Every key has a default.",
)
stream_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON lines: each change of a book, then what became of each file."
)


def exiting(command: Callable[Parameters, int]) -> Callable[Parameters, None]:
    """A command whose result is the exit code, and whose errors become a message and theirs."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            code = command(*arguments, **options)
        except (SettingsError, LibraryInUse, SocketInUse, ControlError, OSError) as error:
            code = code_of_error(error)
            if options.get("as_json"):
                say_error(str(error), code=code, reason=reason_of_error(error))
            echo(f"imaginized: {error}", err=True)
        except KeyboardInterrupt:
            code = ExitCode.INTERRUPTED
        sys.exit(code)

    return run


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
def main() -> None:
    """Turn books into illustrated guides."""


@main.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Log JSON lines, whatever the settings say.")
@click.option(
    "--end-with-stdin",
    is_flag=True,
    help="Stop at once when standard input (a pipe) closes; for programs that run their own daemon.",
)
@exiting
def run(config: Path | None, as_json: bool, end_with_stdin: bool) -> int:
    """Be the daemon: watch the inbox, until SIGTERM or Ctrl-C."""
    lifeline = _lifeline() if end_with_stdin else None
    faulthandler.enable()  # systemd aborts a loop that stands still; the log then has where
    environment = dict(os.environ)
    arm(environment.get(FAULT_VARIABLE, ""))
    for name in (*SYSTEMD_VARIABLES, *KEY_VARIABLES):  # the workers must not speak for us, the readers need no key
        os.environ.pop(name, None)
    source = Source(
        find=partial(settings_file, config.absolute() if config else None, environment),
        load=partial(load_all, config, environment=environment, log_format="json" if as_json else None),
        find_keys=partial(find_keys, environment=environment),
        apply_logs=partial(_configure_logs, environment=environment),
    )
    reading = Reading.of(source.find(), at=SystemClock().now())
    settings = source.load()
    source.apply_logs(settings)
    notifier = Notifier.from_environment(environment)
    launcher = ForkServerLauncher(
        settings,
        keys=source.find_keys(settings),
        faults=environment.get(FAULT_VARIABLE, ""),
        journal_stream=environment.get("JOURNAL_STREAM", ""),
    )
    launcher.is_ready(INTAKE)  # where `program` did not: its fork server imports while the rest of us is imported here
    _supervise(
        settings,
        launcher,
        notifier=notifier,
        source=source,
        passed_sockets=listen_fds(environment, pid=os.getpid()),
        lifeline=lifeline,
        reading=reading,
    )
    return ExitCode.OK


def _supervise(settings: Settings, launcher: ForkServerLauncher, **around: Any) -> None:
    gc.disable()  # nothing of what is imported is ever thrown away: a sixth of the time would be a look for such
    import asyncio

    from imaginized.daemon.supervisor import Supervisor
    from imaginized.daemon.surroundings import Surroundings

    gc.freeze()
    gc.enable()
    supervisor = Supervisor(settings, launcher=launcher, clock=SystemClock(), around=Surroundings(**around))
    asyncio.run(supervisor.run())


def _lifeline() -> int:
    """Standard input, for a daemon that ends with it.

    Raises:
        ControlError: It is nothing whose end can be waited for.
    """
    mode = os.fstat(sys.stdin.fileno()).st_mode if sys.stdin else 0  # None where it was closed at the start
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return sys.stdin.fileno()
    text = "--end-with-stdin: standard input is not a pipe; start the daemon with a pipe there, or without this option"
    raise ControlError(text, exit_code=ExitCode.USAGE)


@main.command()
@config_option
@as_json_option
@exiting
def check(config: Path | None, as_json: bool) -> int:
    """Read the settings, say what is wrong with them or what they are."""
    file = settings_file(config, os.environ)
    settings = load_all(file, environment=os.environ)
    answer = envelope("check", file=str(file) if file else None, settings=settings.model_dump(mode="json"))
    # what a program reads from our pipe are the settings alone
    echo(f"settings: {settings_words(file)}; no mistakes", err=True)
    say(answer, [settings.model_dump_json(indent=2)], as_json=as_json)
    return ExitCode.OK


@main.command()
@config_option
@as_json_option
@exiting
def web(config: Path | None, as_json: bool) -> int:
    """Serve the page: the shelf in a browser, with upload. Needs the extra imaginized[web]; runs beside the daemon.

    `imaginizectl web-login` prints the address with which to log in.
    """
    file = settings_file(config, os.environ)
    settings = load_all(file, environment=os.environ)
    # The other commands start without, and run where the extra is not installed.
    from imaginized.cli.webbing import page_of

    page_of(settings, file=file, environment=os.environ, as_json=as_json)
    return ExitCode.OK


@main.command()
@config_option
@click.option("--broker-url-file", type=click.Path(path_type=Path), help="File with the URL of the Redis server.")
@click.option("--key-file", type=click.Path(path_type=Path), help="File with the key that home and its hosts share.")
@click.option("--queues", default="text,image", show_default=True, help="What to do: text, image or both.")
@click.option("--slots", type=click.IntRange(1, 256), default=4, show_default=True, help="Chapters at once.")
@click.option("--name", default="", help="What `imaginizectl hosts` calls it; default: this machine's name.")
@as_json_option
@exiting
def host(
    config: Path | None,
    broker_url_file: Path | None,
    key_file: Path | None,
    queues: str,
    slots: int,
    name: str,
    as_json: bool,
) -> int:
    """Do chapters for a daemon on another machine, its home. Needs the extra imaginized[hosts].

    It holds no book and no money: home keeps both, and is asked for everything. See docs/many-hosts.md.
    """
    from imaginized.cli.hosting import be_host

    settings = load_all(settings_file(config, os.environ), environment=os.environ)
    files = {"broker_url_file": broker_url_file, "key_file": key_file}
    arm(os.environ.get(FAULT_VARIABLE, ""))
    be_host(settings, files=files, queues=queues, slots=slots, name=name, environment=os.environ, as_json=as_json)
    return ExitCode.OK


@main.command()
@click.option("--socket", type=click.Path(path_type=Path), required=True, help="Where it listens.")
@click.option(
    "--home",
    "homes",
    multiple=True,
    required=True,
    metavar="NAME=SOCKET[,INBOX]",
    help="A home: its name, its control socket, and where this machine has its inbox if not where the home has it. "
    "May come again.",
)
@as_json_option
@exiting
def front(socket: Path, homes: tuple[str, ...], as_json: bool) -> int:
    """Be one address for several homes: `imaginizectl --socket SOCKET` shows all of them, and adds a book to one.

    It keeps nothing. Which home takes a book follows from the book's SHA-256 and the names. See docs/many-hosts.md.
    """
    from imaginized.cli.fronting import be_front

    be_front(homes, listen=socket, as_json=as_json)
    return ExitCode.OK


@main.command()
@as_json_option
@exiting
def version(as_json: bool) -> int:
    """Say the version of this program."""
    say(envelope("version", version=VERSION, protocol=PROTOCOL), [f"imaginized {VERSION}"], as_json=as_json)
    return ExitCode.OK


main.add_command(help_command)


@main.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Where the settings go, if not ~/.config/imaginized/imaginized.toml.",
)
@click.option("--force", is_flag=True, help="Replace existing files; the old ones are kept as NAME.bak.")
@as_json_option
@exiting
def init(config: Path | None, force: bool, as_json: bool) -> int:
    """Write a commented settings file and a systemd unit that runs the daemon for you with it; exit 9 if both exist.

    For the whole machine see systemd/README.md.
    """
    from imaginized.cli.installing import START, install, lines_of, programs_of

    programs = programs_of(sys.executable, folder=Path(sys.executable).parent)
    found = install(config, programs=programs, environment=os.environ, force=force)
    paths = {name: [str(path) for path in getattr(found, name)] for name in ("written", "kept", "saved")}
    shadow = {"shadowed_by": str(found.shadow)} if found.shadow else {}
    say(envelope("init", **paths, **shadow, next=list(START)), lines_of(found), as_json=as_json)
    return ExitCode.OK


@main.command()
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default="demo", show_default=True)
@stream_option
@exiting
def demo(folder: Path, as_json: bool) -> int:
    """Illustrate a bundled novel with the real daemon, on fresh folders below --dir. Needs no key and no network."""
    from imaginized.cli.session import illustrate_files, own_daemon
    from imaginized.cli.view import bare_line
    from imaginized.cli.watching import display

    place = _fresh(folder.absolute())
    echo(f"The daemon works in {place}", err=as_json)
    _say_what_is_missing()
    folders = {"state": place, "inbox": place / "inbox", "library": place / "library"}
    with (
        own_daemon(**folders, options={"reading.sandbox": "none"}, environment=_environment(), again=DEMO) as session,
        display(sys.stdout, as_json=as_json, line=bare_line) as show,
    ):
        echo(f"In another terminal: imaginizectl --socket {session.socket} status", err=as_json)
        with as_file(files("imaginized") / "assets" / DEMO_BOOK) as book:
            outcomes = illustrate_files(session, [book], show=show, say=say_aside)
    code = _conclude(outcomes, as_json=as_json, is_told_here=True)
    if not as_json:
        _say_what_is_next(outcomes)
    return code


def _say_what_is_next(outcomes: list["Outcome"]) -> None:
    """End a demo with the ways into what it made, and one line on the reader's own book."""
    for outcome in outcomes:
        if outcome.book is not None and outcome.book["guide"]:
            guide = Path(str(outcome.book["guide"]))
            epubs = [str(path) for path in sorted((guide.parent / "exports").glob("*.epub"))]
            echo(f"The guide, for a browser:   {printable(str(guide))}")
            echo(f"The book with its pictures: {printable(epubs[0])}" if epubs else "There is no EPUB of it.")
    echo(
        "Your own book: imaginized illustrate BOOK --out guides. With a model and a key: imaginized init, then see "
        "[provider] in the settings it writes."
    )


@main.command()
@click.argument("books", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where the guides go.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes (default 3).")
@asked_options
@click.option(
    "--approve",
    "approve_usd",
    metavar="USD",
    type=click.FloatRange(min=0, min_open=True),
    help="The most a book may cost without asking, overriding max_usd_per_book and --budget; calls to models of "
    "unknown price come on top.",
)
@config_option
@stream_option
@exiting
def illustrate(
    books: tuple[Path, ...],
    out: Path,
    workers: int | None,
    approve_usd: float | None,
    config: Path | None,
    as_json: bool,
    **asked: str | float | None,
) -> int:
    """Illustrate BOOKS and exit. The originals stay where they are; started again, it continues there.

    Ctrl-C finishes the steps under way, a second one stops at once; so does the end of this program, however it ends.

    Started again with another --chapters, --style, --profile, --language ..., it does the book anew. It goes by your
    settings, such as the endpoint and the caps of [budget], and says first which file and which models these are;
    --config /dev/null goes without. Of [paths] only `profiles` counts.
    """
    from imaginized.cli.session import illustrate_files, judged, own_daemon
    from imaginized.cli.view import bare_line
    from imaginized.cli.watching import display
    from imaginized.cli.wishes import check_asked

    wanted = check_asked(asked)
    given = cache(partial(_settings_of, config))  # says what it found: only where there is something to do
    good, refused = judged(books, wants_conversion=lambda: given().get("inbox.convert") is True)
    if not good:
        return _conclude(refused, as_json=as_json)
    library = out.absolute()
    state = library / ".imaginized"
    # These are files that the user named, so they are read with what protection there is.
    options = {**given(), "inbox.settle_seconds": 0.5, "reading.sandbox": "none"}
    _say_what_is_missing()
    if workers is not None:
        options["workers.max_concurrency"] = workers
    daemon = own_daemon(
        state=state, inbox=state / "inbox", library=library, options=options, environment=_environment()
    )
    _say_which_cap_counts(approve_usd, wanted.get("budget_usd"), options)
    with daemon as session, display(sys.stdout, as_json=as_json, line=bare_line) as show:
        ends = illustrate_files(session, good, show=show, say=say_aside, asked=wanted, approve_usd=approve_usd)
    return _conclude(sorted([*refused, *ends], key=lambda end: books.index(end.file)), as_json=as_json)


def _say_which_cap_counts(approved: float | None, asked: object, options: Mapping[str, object]) -> None:
    """One line where what is approved beforehand is more than the caps of a book."""
    key = "max_usd_per_book"
    cap = options.get(f"budget.{key}", KEYS[f"budget.{key}"].default)
    caps = {f"{key} of the settings": cast(float, cap), "--budget": cast(float, asked or cap)}
    passed = [f"{name} ({dollars(usd)})" for name, usd in caps.items() if approved is not None and approved > usd]
    if passed and approved is not None:
        echo(f"--approve {dollars(approved)} counts for each of these books, not {' or '.join(passed)}", err=True)


def _say_what_is_missing() -> None:
    """One line on the readers' protection, where that is not whole."""
    if missing := probe().shortfall:
        echo(f"imaginized: {missing}", err=True)


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
    file = settings_file(config, os.environ)
    if file is None:
        return {}
    settings = load_all(file, environment=os.environ)
    if config is None:  # it was found: say so before its endpoint, which may charge, is asked for anything
        words = ", ".join(_endpoint_words(settings)) or "no endpoint is asked"
        echo(f"settings: {file}: {words}; --config /dev/null does without", err=True)
    given: dict[str, object] = {"paths.profiles": settings.paths.profiles}
    for key in KEYS:
        section, _, name = key.rpartition(".")
        if section not in ("paths", "notify", "metrics"):  # whoever waits here sees it
            given[key] = getattr(reduce(getattr, section.split("."), settings), name)
    return given


def _endpoint_words(settings: Settings) -> Iterator[str]:
    """Which models are asked for what, and where."""
    words: Mapping[Use, str] = {"text": "text", "image": "images"}
    for use, word in words.items():
        if (target := target_of(settings, use)) is not None:
            yield f"{word} by {target.model} at {target.base_url}"


def _fresh(folder: Path) -> Path:
    """The folder itself if there is nothing in it, else the next free run below it."""
    number = 1
    place = folder
    while place.exists() and any(place.iterdir()):
        number += 1
        place = folder / f"run-{number}"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _conclude(outcomes: list["Outcome"], *, as_json: bool, is_told_here: bool = False) -> int:
    """Say what became of each file; the last line is about the last one: the path of its guide, or all as an object."""
    from imaginized.cli.dropped import sentence

    codes = [ExitCode.OK]
    for outcome in outcomes:
        codes.append(_code_for(outcome))
        why = outcome.reason
        if as_json:
            book = {key: None if outcome.book is None else outcome.book[key] for key in ("book", "phase", "guide")}
            told = {
                "reason": why,
                "code": outcome.code,
                "next_step": outcome.next_step or None,
                "exit_code": int(codes[-1]),
            }
            echo_json(envelope("illustrate", file=str(outcome.file), **book, **told))
        elif why:
            echo(printable(f"{outcome.file}: {sentence(why, outcome.next_step)}"), err=True)
    for outcome in outcomes:
        if outcome.book is not None and outcome.book["guide"] and not (as_json or is_told_here):
            echo_path(str(outcome.book["guide"]))
    return worst(codes)


def _code_for(outcome: "Outcome") -> ExitCode:
    if outcome.is_rejected:
        return ExitCode.REJECTED
    return ExitCode.NEEDS_ATTENTION if outcome.reason else ExitCode.OK

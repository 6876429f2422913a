"""Commands that only ask: workers, claims, hosts, logs, open, explain, doctor, version, completion."""

import os
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from imaginized.cli.command import BOOK, answering, as_json_option, config_option, envelope, say, say_aside, socket_of
from imaginized.cli.output import ask, echo, echo_json, echo_path
from imaginized.cli.troubles import Row
from imaginized.cli.view import claim_lines, event_line, host_lines, worker_lines
from imaginized.cli.watching import Waking, status_of
from imaginized.control.client import Client, events
from imaginized.control.paging import folders_of
from imaginized.control.protocol import CLAIMS, HOSTS, STATUS, WORKERS
from imaginized.control.protocol import VERSION as VERSION_OF_DAEMON
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import printable
from imaginized.queue.phases import UNWELL
from imaginized.version import PROTOCOL, VERSION

COMPLETION_VARIABLE = "_IMAGINIZECTL_COMPLETE"
COMPLETION_HELP = """\b
bash: imaginizectl completion bash > ~/.local/share/bash-completion/completions/imaginizectl
zsh:  imaginizectl completion zsh > "${fpath[1]}/_imaginizectl"
fish: imaginizectl completion fish > ~/.config/fish/completions/imaginizectl.fish"""


@click.command()
@as_json_option
@click.pass_obj
@answering
def workers(socket: Path, as_json: bool) -> None:
    """List the daemon's processes and what each is working on."""
    with Client(socket) as client:
        answer = client.ask(WORKERS)
    say(answer, worker_lines(answer), as_json=as_json)


@click.command()
@as_json_option
@click.pass_obj
@answering
def claims(socket: Path, as_json: bool) -> None:
    """List every chapter and step that somebody works on, and who."""
    with Client(socket) as client:
        answer = client.ask(CLAIMS)
    say(answer, claim_lines(answer), as_json=as_json)


@click.command()
@as_json_option
@click.pass_obj
@answering
def hosts(socket: Path, as_json: bool) -> None:
    """List the other machines that do chapters, how busy each is, and why one gets no work."""
    with Client(socket) as client:
        answer = client.ask(HOSTS)
    say(answer, host_lines(answer), as_json=as_json)


@click.command()
@click.argument("book", required=False, type=BOOK)
@click.option("-f", "--follow", is_flag=True, help="Keep following until Ctrl-C.")
@click.option("--since", metavar="WHEN", help='Only from then on: "90m", "12h", "3d", or a date or time (UTC).')
@click.option("-n", "--last", type=click.IntRange(0), help="Only the last so many events, before --follow.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, one per event.")
@click.pass_obj
@answering
def logs(socket: Path, book: str | None, follow: bool, since: str | None, last: int | None, as_json: bool) -> None:
    """Tell what happened to BOOK, or to every book, oldest first.

    Without a BOOK each event names its book, and the events of all books are in one order, by their time: the last
    1000, where neither --since nor -n says how many.
    """
    # It reads manifests; the other commands start without what that loads.
    from imaginized.cli.following import MANY, Wanted, events_of, events_of_all, moment_of

    most = MANY if (book, since, last) == (None, None, None) else last
    wanted = Wanted(since=None if since is None else moment_of(since), last=most)
    with Client(socket) as client:
        folder = Path(status_of(client, book)["folder"]) if book else Path(folders_of(client.ask(STATUS))["library"])
    if book:
        wait = Waking(socket, note_loss=lambda: None).wait if follow else None
        found = events_of(folder, wait=wait, wanted=wanted)
    else:
        found = events_of_all(folder, wanted=wanted, stream=events(socket) if follow else None)
    for event in found:
        if as_json:
            echo_json({"schema": "imaginized.event/1", **event})
        else:
            echo(event_line(event))


@click.command(name="open")
@click.argument("book", type=BOOK)
@as_json_option
@click.pass_obj
@answering
def open_guide(socket: Path, book: str, as_json: bool) -> None:
    """Print the path of the guide of BOOK; at a desktop's terminal, open it."""
    with Client(socket) as client:
        answer = status_of(client, book)
    if answer["guide"] is None:
        name, is_over = answer["book"], answer["phase"] in UNWELL
        hint = f"`imaginizectl status {name}` says why" if is_over else f"`imaginizectl watch {name}` follows it"
        text = f"{name} has no guide yet, it is {answer['phase']}; {hint}"
        raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO)
    if as_json:
        echo_json(envelope("open", book=answer["book"], guide=answer["guide"]))
    else:
        echo_path(str(answer["guide"]))
    if sys.stdout.isatty() and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        click.launch(str(answer["guide"]))


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@config_option
@as_json_option
@click.pass_obj
@answering
def explain(socket: Path, path: Path, config: Path | None, as_json: bool) -> None:
    """Say why the file at PATH is or is not picked up, by the rules of the inbox. Needs no daemon."""
    # It reads settings and looks into files; the other commands start without what that loads.
    from imaginized.cli.explaining import explained

    found = explained(path, socket=socket_of(socket, config), config=config, environment=os.environ)
    lines = [f"{path}: {found.verdict}: {found.reason}", *([found.next_step] if found.next_step else [])]
    lines = [printable(line) for line in lines]
    told = {"reason": found.reason, "code": found.code, "next_step": found.next_step}
    say(envelope("explain", path=str(path), verdict=found.verdict, **told), lines, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the report goes.")
@as_json_option
@answering
def report(file: Path, output: Path | None, as_json: bool) -> None:
    """Write the structure of FILE with every word replaced, to send with a complaint. Needs no daemon.

    Of an EPUB it is an EPUB, of a PDF the lines of its pages as JSON.
    Pictures become tiny, fonts are left out. Words by which titles are known ("Chapter", "Notes") and short numbers
    stay.
    """
    # It reads books; the other commands start without what that loads.
    from imaginized.cli.complaining import written_report

    found = written_report(file, output=output)
    lines = [f"{found.path}: {found.size:,} bytes; {found.finding}", "Look into it before you send it."]
    answer = envelope("report", path=str(found.path), bytes=found.size, is_same=found.is_same, finding=found.finding)
    say(answer, [printable(line) for line in lines], as_json=as_json)


@click.command()
@config_option
@click.option(
    "--endpoint", "is_trying", is_flag=True, help="Test the endpoints with an invented text. This may cost a few cents."
)
@click.option("--yes", "is_sure", is_flag=True, help="With --endpoint: do not ask before calls that cost.")
@as_json_option
@click.pass_obj
@answering
def doctor(socket: Path, config: Path | None, is_trying: bool, is_sure: bool, as_json: bool) -> None:
    """Look at everything the daemon needs; say what is wrong and what mends it. Exit 7 when something is.

    Where no daemon runs, look at what one would find: settings, folders, key, endpoint, and how the last one ended.

    With --endpoint, ask the endpoints of the settings a few calls and keep for the daemon how each wants to be asked:
    form of answers, context, sizes of pictures, pictures to draw alike, usage. Who gets what, and what that costs at
    most, is said before. Run it as the daemon's user.
    """
    if is_trying:
        _try_endpoints(socket_of(socket, config), config, is_sure=is_sure, as_json=as_json)
        return
    # It runs other programs and looks up hosts: what it imports for that would slow the other commands down.
    from imaginized.cli.doctor import as_answer, check_line, examine

    checks = examine(socket_of(socket, config), config=config, environment=os.environ)
    say(as_answer(checks), [check_line(check) for check in checks], as_json=as_json)
    if any(check.state != "ok" for check in checks):
        sys.exit(ExitCode.NEEDS_ATTENTION)


def _try_endpoints(socket: Path, config: Path | None, *, is_sure: bool, as_json: bool) -> None:
    # It loads settings and a client for HTTP; the other commands start without.
    from imaginized.cli import trying

    plan = trying.planned(socket, config, os.environ)
    for line in trying.plan_lines(plan):
        say_aside(line)
    is_asked = plan.most_usd and not is_sure and sys.stdin.isatty() and sys.stderr.isatty()
    if is_asked and not ask("Continue? [y/N] "):
        raise ControlError("nothing was asked", exit_code=ExitCode.NOTHING_TO_DO)
    found, spent = trying.learn(plan)
    say(trying.report_of(plan, found, spent_usd=spent), trying.lines_of(found, spent_usd=spent), as_json=as_json)
    if not all(map(trying.is_well, found)):
        sys.exit(ExitCode.NEEDS_ATTENTION)


@click.command()
@click.option("--check", is_flag=True, help="Exit with 3 when no daemon answers: for a health check.")
@as_json_option
@click.pass_obj
@answering
def version(socket: Path, check: bool, as_json: bool) -> None:
    """Say the versions of this client and of the daemon, if one runs; exit 6 when they do not fit."""
    daemon: Row | None = None
    silence = ""
    try:
        with Client(socket) as client:
            daemon = client.ask(VERSION_OF_DAEMON)
    except ControlError as error:
        if error.exit_code != ExitCode.NOT_RUNNING:
            raise
        silence = error.text
    told = None if daemon is None else {key: daemon[key] for key in ("version", "protocol", "pid")}
    lines = [f"imaginizectl {VERSION}, protocol {PROTOCOL}"]
    lines += [f"imaginized {told['version']}, protocol {told['protocol']}" if told else silence]
    say(envelope("version", version=VERSION, protocol=PROTOCOL, daemon=told), lines, as_json=as_json)
    if check and told is None:
        sys.exit(ExitCode.NOT_RUNNING)


@click.command(name="web-login")
@click.option("--read", is_flag=True, help="A read-only login.")
@click.option("--device", is_flag=True, help="A password for a reading app (OPDS), a monitor or a script.")
@click.option("--end-all", is_flag=True, help="First end every login and revoke every device's password.")
@as_json_option
@click.pass_obj
@answering
def web_login(socket: Path, read: bool, device: bool, end_all: bool, as_json: bool) -> None:
    """Print the address that logs a browser into the page of `imaginized web`; good once, for ten minutes."""
    # What it signs with costs the other commands' start nothing.
    from imaginized.cli.letting_in import let_in

    with Client(socket) as client:
        library = Path(folders_of(client.ask(STATUS))["library"])
    found = let_in(library, may_work=not read, is_device=device, end_all=end_all)
    say(envelope("web-login", **found.answer()), found.lines(), as_json=as_json)


@click.command(epilog=COMPLETION_HELP)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands and books in your SHELL."""
    kind = get_completion_class(shell)
    assert kind is not None
    echo(kind(context.find_root().command, {}, "imaginizectl", COMPLETION_VARIABLE).source())


COMMANDS = (web_login, workers, claims, hosts, logs, open_guide, explain, report, doctor, version, completion)

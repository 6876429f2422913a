"""Commands for whoever runs the daemon: backup, restore, notify, metrics, simulate."""

import os
import sys
from pathlib import Path

import click

from imaginized.cli.command import answering, as_json_option, config_option, envelope, say, socket_of
from imaginized.control.client import Client
from imaginized.control.exposition import metrics_text
from imaginized.control.protocol import METRICS, NOTIFY, STATUS, ToNotify
from imaginized.errors import ExitCode
from imaginized.settings.choices import NOTICE_EVENTS

TEST_SECONDS = 150.0  # every way may take as long as the settings let it


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@config_option
@as_json_option
@click.pass_obj
@answering
def backup(socket: Path, folder: Path, config: Path | None, as_json: bool) -> None:
    """Copy the library into the new folder DIR, while the daemon works, and compare every file. Stops nothing.

    Each book is copied as it was at one moment, with what was paid for it. Settings, keys and the inbox are not copied.
    `sha256sum -c SHA256SUMS` in DIR checks it, too. Run it as the daemon's user.
    """
    # It reads manifests; the other commands start without what that loads.
    from imaginized.cli.backing import backed_up, backup_lines, place_of

    place = place_of(folder.absolute(), socket_of(socket, config), config, os.environ)
    found = backed_up(place)
    told = {"books": found.books, "files": len(found.sizes), "bytes": sum(found.sizes.values())}
    answer = envelope("backup", folder=str(place.backup), library=str(place.library), **told, skipped=found.skipped)
    say(answer, backup_lines(place, found), as_json=as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--library", type=click.Path(path_type=Path), help="Where it goes; else where the settings say.")
@config_option
@as_json_option
@answering
def restore(folder: Path, library: Path | None, config: Path | None, as_json: bool) -> None:
    """Make a library of the backup in DIR, after every file was compared. Overwrites nothing; needs no daemon.

    Exit code 8 when the backup is damaged, or the library's folder is not empty. Run it as the daemon's user, before
    the daemon is started.
    """
    # It reads settings and manifests; the other commands start without what that loads.
    from imaginized.cli.backing import Place, paths_of_settings, restore_lines, restored

    to = paths_of_settings(config, os.environ).library if library is None else library.absolute()
    place = Place(library=to, backup=folder.absolute())
    found = restored(place)
    told = {"books": found.books, "files": found.files, "released": found.released, "unread": list(found.unread)}
    answer = envelope("restore", folder=str(place.backup), library=str(place.library), **told)
    say(answer, restore_lines(place, found), as_json=as_json)


@click.command()
@click.option("--test", "about", type=click.Choice(NOTICE_EVENTS), required=True, help="What the message is about.")
@as_json_option
@click.pass_obj
@answering
def notify(socket: Path, about: str, as_json: bool) -> None:
    """Have the daemon send a message, marked as a test, by every way of [notify]; exit 7 when one was not taken."""
    with Client(socket, timeout_seconds=TEST_SECONDS) as client:
        answer = client.ask(NOTIFY, ToNotify(about=about))
    lines = [f"{row['way']}: {row['problem'] or 'taken'}" for row in answer["ways"]]
    say(answer, lines, as_json=as_json)
    if any(row["problem"] for row in answer["ways"]):
        sys.exit(ExitCode.NEEDS_ATTENTION)


@click.command()
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write them to FILE.")
@as_json_option
@click.pass_obj
@answering
def metrics(socket: Path, output: Path | None, as_json: bool) -> None:
    """Print the daemon's figures as Prometheus reads them. FILE is replaced whole, for a textfile collector.

    `textfile` of [metrics] has the daemon write them by itself.
    """
    with Client(socket) as client:
        status, answer = client.ask(STATUS), client.ask(METRICS)
    text = metrics_text(status, answer)
    if output is not None:
        # It opens files in a safe way; the other commands start without what that loads.
        from imaginized.store.writing import write_atomic

        write_atomic(output, text.encode(), synced=False)
        output.chmod(0o644)
    lines = [text.rstrip("\n")] if output is None else [f"{output}: written"]
    say(answer, lines, as_json=as_json)


@click.command()
@click.option("--hosts", metavar="N", type=click.IntRange(1, 100_000), required=True, help="Hosts, of all homes.")
@click.option("--homes", metavar="M", type=click.IntRange(1, 100), default=1, show_default=True, help="Homes.")
@click.option("--slots", type=click.IntRange(1, 256), default=4, show_default=True, help="Chapters at once, per host.")
@click.option("--cores", type=click.IntRange(1, 1024), help="Cores of each home; default: those of this machine.")
@click.option("--books", type=click.IntRange(1, 10_000), help="Books like those of the library; default: as many.")
@config_option
@as_json_option
@click.pass_obj
@answering
def simulate(
    socket: Path,
    hosts: int,
    homes: int,
    slots: int,
    cores: int | None,
    books: int | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Say how long books like yours take with N hosts, and what limits it: hosts, slots, the endpoint's rate, the CPU.

    It is a model on what this library has measured so far, and on the limits of the settings. Figures that it does not
    have yet are assumed, and named. Needs no daemon; sends nothing anywhere.
    """
    # It reads settings and manifests; the other commands start without what that loads.
    from imaginized.cli.simulating import lines_of, report_of, simulated

    own = cores or os.cpu_count() or 1
    place = socket_of(socket, config)
    told = simulated(place, config, os.environ, hosts=hosts, homes=homes, slots=slots, cores=own, books=books)
    say(report_of(told), lines_of(told), as_json=as_json)


COMMANDS = (backup, restore, notify, metrics, simulate)

"""imaginizectl: ask and tell a running daemon. Starts fast: no pydantic, no asyncio, rich only on a terminal."""

import json
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, cast

import click

from imaginized.cli.client import Client
from imaginized.cli.dropping import copy_into
from imaginized.cli.view import Row, detail_lines, rows, status_lines
from imaginized.cli.watching import ENDED, display, follow
from imaginized.errors import ControlError, ExitCode
from imaginized.places import client_socket
from imaginized.version import VERSION

Parameters = ParamSpec("Parameters")

OPENAI_URL = "https://api.openai.com/v1"


def answering(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose errors become one line and an exit code."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except ControlError as error:
            click.echo(f"imaginizectl: {error}", err=True)
            sys.exit(error.exit_code)
        except PermissionError as error:
            click.echo(f"imaginizectl: no permission: {error.filename}", err=True)
            sys.exit(ExitCode.PERMISSION)
        except KeyboardInterrupt:
            sys.exit(ExitCode.INTERRUPTED)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--socket", type=click.Path(path_type=Path), help="Control socket (or $IMAGINIZED_SOCKET).")
@click.version_option(VERSION)
@click.pass_context
def main(context: click.Context, socket: Path | None) -> None:
    """Ask and tell a running imaginized."""
    context.obj = socket or client_socket(os.environ)


@main.command()
@click.argument("book", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
@answering
def status(socket: Path, book: str | None, as_json: bool) -> None:
    """Say what happens, and why; of one BOOK, every chapter."""
    with Client(socket) as client:
        answer = client.call("status", book=book) if book else client.call("status")
    lines = detail_lines(answer) if book else status_lines(answer)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else "\n".join(lines))


@main.command()
@click.argument("book", required=False)
@click.option("--json", "as_json", is_flag=True, help="JSON lines, one a change.")
@click.pass_obj
@answering
def watch(socket: Path, book: str | None, as_json: bool) -> None:
    """Follow the books until Ctrl-C, or one BOOK until it ends."""
    with Client(socket) as client, display(sys.stdout, as_json=as_json) as show:
        wanted = client.call("status", book=book)["book"] if book else None
        ended = follow(
            client,
            show=lambda books: show([row for row in books if wanted in (None, row["book"])]),
            is_over=lambda books: any(row["book"] == wanted and row["phase"] in ENDED for row in books),
        )
    if not all(row["phase"] == "done" for row in ended if row["book"] == wanted):
        sys.exit(ExitCode.NEEDS_ATTENTION)


@main.command()
@click.argument("book")
@click.argument("chapters", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
@answering
def retry(socket: Path, book: str, chapters: str, as_json: bool) -> None:
    """Try again what failed of BOOK, or redo CHAPTERS ("1-5,8")."""
    with Client(socket) as client:
        answer = client.call("retry", book=book, chapters=chapter_numbers(chapters))
    numbers = ", ".join(str(number) for number in cast(list[int], answer["chapters"])) or "no chapter, only steps"
    click.echo(json.dumps(answer) if as_json else f"{answer['book']}: to be done again: {numbers}")


@main.command()
@click.argument("what", metavar="FILE|BOOK")
@click.option("--config", type=click.Path(path_type=Path), help="Settings file of the daemon it is for.")
@click.option("--text-model", default="", help="Estimate for this model, whatever the settings say.")
@click.option("--image-model", default="", help="Likewise, for the images.")
@click.option("--image-size", default="1536x1024", show_default=True, help="Of --image-model.")
@click.option("--image-quality", default="", help="Of --image-model; without it the dearest counts.")
@click.option("--endpoint", default=OPENAI_URL, show_default=True, help="Base URL of these models.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
@answering
def estimate(
    socket: Path,
    what: str,
    config: Path | None,
    text_model: str,
    image_model: str,
    image_size: str,
    image_quality: str,
    endpoint: str,
    as_json: bool,
) -> None:
    """Say what FILE or BOOK will take and cost. Needs no daemon and no key; sends nothing anywhere."""
    # reads settings and books, with all that this loads; the other commands start without
    from imaginized.cli.estimating import Wishes, estimate_of, lines_of, report_of

    wishes = Wishes(
        endpoint=endpoint,
        text_model=text_model,
        image_model=image_model,
        image_size=image_size,
        image_quality=image_quality,
    )
    found = estimate_of(what, socket=socket, config=config, environment=os.environ, wishes=wishes)
    click.echo(json.dumps(report_of(found), ensure_ascii=False) if as_json else "\n".join(lines_of(found)))


@main.command()
@click.argument("book")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
@answering
def approve(socket: Path, book: str, as_json: bool) -> None:
    """Let a held BOOK go on, at the cost that `status BOOK` names."""
    with Client(socket) as client:
        answer = client.call("approve", book=book)
    text = f"{answer['book']} goes on; it may cost up to {answer['may_cost_usd']:.2f} USD in all"
    if answer["any_price"]:
        text += ", and calls whose price is unknown on top of that"
    click.echo(json.dumps(answer) if as_json else text)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
@answering
def add(socket: Path, files: tuple[Path, ...]) -> None:
    """Copy FILES into the inbox; the originals stay where they are."""
    with Client(socket) as client:
        inbox = Path(str(cast(Row, client.call("status")["paths"])["inbox"]))
        for file in files:
            click.echo(f"added {copy_into(inbox, file).name}; `imaginizectl watch` follows it")
        client.call("scan")


@main.command()
@click.pass_obj
@answering
def drain(socket: Path) -> None:
    """Let every worker finish its step, then stop the daemon. Nothing is lost."""
    with Client(socket) as client:
        busy = [row for row in rows(client.call("status"), "workers") if row["state"] == "working"]
        client.call("drain")
    click.echo(f"draining: {len(busy)} workers finish what they are at")


def chapter_numbers(text: str) -> list[int]:
    """The chapters that "1-5,8" names.

    Raises:
        ControlError: It is not of that form.
    """
    numbers: list[int] = []
    for part in filter(None, text.replace(" ", "").split(",")):
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", part)
        if match is None:
            raise ControlError(f"{part!r} is no chapter; write for example 1-5,8", exit_code=ExitCode.USAGE)
        numbers += range(int(match[1]), int(match[2] or match[1]) + 1)
    return numbers

"""What every command of imaginizectl shares: errors to one line and an exit code, --json, names of books."""

import difflib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from click.shell_completion import CompletionItem

from imaginized.cli.exit_codes import code_of_error, reason_of_error
from imaginized.cli.output import echo, echo_json
from imaginized.control.client import Client
from imaginized.control.protocol import FIND, STATUS, OneBook
from imaginized.errors import ControlError, ExitCode
from imaginized.printable import cut, printable
from imaginized.reasons import Code
from imaginized.settings.places import client_socket

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

COMPLETION_SECONDS = 1.0

yes_option = click.option("--yes", "is_sure", is_flag=True, help="Do not ask when BOOK is not an exact id.")
config_option = click.option(
    "--config", type=click.Path(path_type=Path), help="Settings file to use when no daemon is running."
)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
# What may be asked for a book, as its sidecar has it.
_ASKED = (
    click.option("--chapters", help='Only these story chapters, such as "1-5,8".'),
    click.option("--style", help="How the illustrations should look, in your words."),
    click.option("--language", help='Language of the book, such as "en", if the book states none or a wrong one.'),
    click.option("--pages-per-image", type=int, help="Pages per image."),
    click.option("--profile", help="Kind of book: general, fantasy, mystery, nonfiction, or one of your own."),
    click.option("--text-model", help="Text model for this book, at the endpoint of the settings."),
    click.option("--image-model", help="Image model for this book, at the endpoint of the settings."),
    click.option("--image-quality", help='Image quality for this book, as the endpoint names it ("high").'),
    click.option("--budget", "budget_usd", type=float, help="The most a book may cost, in dollars."),
)


def asked_options(command: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A command that takes what may be asked for a book."""
    for option in reversed(_ASKED):  # click shows the one first that was added last
        command = option(command)
    return command


def answering(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose errors become one line and an exit code; with --json, an object on standard output as well."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*arguments, **options)
        except KeyboardInterrupt:
            sys.exit(ExitCode.INTERRUPTED)
        except BrokenPipeError:  # whoever reads has seen enough; Python must not complain when it flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(ExitCode.OK)
        except (ControlError, OSError, KeyError) as error:
            text, code = _told(error), code_of_error(error)
            if options.get("as_json"):
                say_error(text, code=code, reason=reason_of_error(error))
            echo(f"imaginizectl: {text}", err=True)
            sys.exit(code)

    return run


def say(answer: Mapping[str, object], lines: Iterable[str], *, as_json: bool) -> None:
    """Print an answer: the object itself, or what a person reads of it."""
    if as_json:
        echo_json(answer)
    else:
        echo("\n".join(lines))


def socket_of(socket: Path, config: Path | None) -> Path:
    """Where to ask: at the --socket of the command line, else where the command's own --config says."""
    is_named = click.get_current_context().find_root().params.get("socket") is not None
    return socket if config is None or is_named else client_socket(os.environ, config=config)


def say_aside(line: str) -> None:
    """Print a line that is no part of the answer."""
    echo(line, err=True)


def envelope(schema: str, **values: object) -> dict[str, object]:
    """An object of the client's own, with its schema."""
    return {"schema": f"imaginized.{schema}/1", **values}


def say_error(text: str, *, code: int, reason: Code | None = None) -> None:
    """Print an error as the object that --json promises."""
    echo_json(envelope("error", error=text, code=reason, exit_code=int(code)))


class Program(click.Group):
    """A program; with --json, wrong usage is an object on standard output, too. What click repeats drives nothing."""

    _is_plain = False

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Read the options that stand before the command."""
        self._is_plain = all(printable(argument) == argument for argument in args)
        with _shown(is_plain=self._is_plain):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was asked for."""
        is_json = "--json" in ctx.args
        try:
            with _shown(is_plain=self._is_plain):
                return super().invoke(ctx)
        except click.UsageError as error:
            if is_json:
                say_error(error.format_message(), code=error.exit_code)
            raise


@contextmanager
def _shown(*, is_plain: bool) -> Iterator[None]:
    """Clean errors that click prints itself: it repeats arguments in them, such as names of files.

    Lines stay lines, as those of the help that a program without arguments prints, unless an argument may have begun
    one: then `is_plain` is false.
    """
    try:
        yield
    except click.ClickException as error:
        lines = error.message.split("\n") if is_plain else [error.message]
        error.message = "\n".join(map(printable, lines))  # type: ignore[misc]  # only by annotation is it final
        raise


@click.command(name="help")
@click.argument("command", required=False)
@as_json_option
@click.pass_context
def help_command(context: click.Context, command: str | None, as_json: bool) -> None:
    """Say what the program, or one COMMAND of it, does; needs no daemon."""
    root = context.find_root()
    program = root.command
    assert isinstance(program, click.Group)
    text = program.get_help(root) if command is None else _help_of(command, program=program, root=root)
    say(envelope("help", command=command, text=text), [text], as_json=as_json)


def _help_of(name: str, *, program: click.Group, root: click.Context) -> str:
    found = program.get_command(root, name)
    if found is None:
        near = difflib.get_close_matches(name, program.list_commands(root), n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(program.list_commands(root))}"
        raise click.UsageError(f"no such command {name!r}; {advice}", ctx=root)
    return found.get_help(click.Context(found, info_name=name, parent=root))


class BookName(click.types.StringParamType):
    """A book of the running daemon; a shell completes it with those that are there now."""

    name = "book"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """The ids that begin so; none where no daemon answers at once."""
        socket = ctx.find_root().params.get("socket") or client_socket(os.environ)
        try:
            with Client(Path(socket), timeout_seconds=COMPLETION_SECONDS) as client:
                books = (
                    client.ask(FIND, OneBook(book=incomplete))["books"] if incomplete else client.ask(STATUS)["books"]
                )
        except ControlError:
            return []
        found = [row for row in books if row["book"].startswith(incomplete)]
        return [CompletionItem(row["book"], help=cut(printable(row["title"]))) for row in found]


BOOK = BookName()


def _told(error: ControlError | OSError | KeyError) -> str:
    """What a person is told of an error."""
    if isinstance(error, ControlError):
        return str(error)
    if isinstance(error, PermissionError):
        return f"no permission: {error.filename}"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    return f"the daemon's answer has no {error}: it is of another version; `imaginizectl version` tells of which"

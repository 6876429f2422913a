"""Manual pages, made from the commands themselves: `scripts/build-man` writes them to assets/man."""

import re
from collections.abc import Iterator

import click

from imaginized.cli.exit_codes import WORDS

ENVIRONMENT = {
    "imaginized": [
        ("IMAGINIZED_CONFIG", "The settings file, where --config does not name it."),
        ("IMAGINIZED_SECTION__KEY", "Overrules the key of that section of the settings file."),
    ],
    "imaginizectl": [
        ("IMAGINIZED_SOCKET", "The control socket, where --socket does not name it."),
        ("IMAGINIZED_CONFIG", "The settings file of explain, estimate and doctor, where --config does not name it."),
    ],
}
EXIT_CODES = "; ".join(f"{code.value} {words}" for code, words in WORDS.items()) + "."
FILES = (
    ("$XDG_RUNTIME_DIR/imaginized/control.sock, /run/imaginized/control.sock", "The control socket."),
    ("$XDG_CONFIG_HOME/imaginized/imaginized.toml, ~/.config/imaginized/imaginized.toml", "Your settings."),
    ("/etc/imaginized/imaginized.toml", "The settings of the machine, read where you have none of your own."),
)
OTHER = {"imaginized": "imaginizectl", "imaginizectl": "imaginized"}


def manual_page(group: click.Group, *, name: str) -> str:
    """The page of a program, as roff(7) with the man(7) macros."""
    # With the group's own settings: click keeps the help option that a command made first, and `-h` would be none.
    context = click.Context(group, info_name=name, **group.context_settings)
    summary = group.get_short_help_str(200).rstrip(".")
    lines = [
        f'.TH {name.upper()} 1 "" imaginized "User Commands"',
        *(".SH NAME", f"{_escaped(name)} \\- {_escaped(summary)}"),
        *(".SH SYNOPSIS", f".B {_escaped(name)}", "[options] command [arguments]"),
        *(".SH OPTIONS", *_options(group, context)),
        ".SH COMMANDS",
        *(line for command in group.list_commands(context) for line in _command(group, command, context)),
        *(".SH EXIT STATUS", _escaped(EXIT_CODES)),
        *(".SH ENVIRONMENT", *(line for pair in ENVIRONMENT[name] for line in _item(*pair))),
        *(".SH FILES", *(line for pair in FILES for line in _item(*pair))),
        *(".SH SEE ALSO", f".BR {OTHER[name]} (1)"),
    ]
    return "\n".join(lines) + "\n"


def _command(group: click.Group, name: str, parent: click.Context) -> Iterator[str]:
    command = group.commands[name]
    context = click.Context(command, info_name=name, parent=parent)
    yield f'.SS "{_escaped(name)} {_escaped(" ".join(command.collect_usage_pieces(context)))}"'
    yield _escaped(re.sub(r"\s+", " ", command.help or ""))
    if command.epilog:
        yield from (".nf", _escaped(command.epilog.replace("\b", "").strip()), ".fi")
    yield from _options(command, context)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None and "--help" not in record[0]:
            yield from _item(*record)


def _item(term: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_escaped(term)}"
    yield _escaped(text)


def _escaped(text: str) -> str:
    """Text that roff prints as it is."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"^\.", r"\\&.", plain, flags=re.MULTILINE)

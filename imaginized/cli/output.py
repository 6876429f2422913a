"""The only door to the terminal: every line that the programs print goes through here, and drives nothing."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click

from imaginized.printable import as_json, cut, printable

LONGEST_LINE = 8000  # no path is longer; what is, would flood the terminal


def echo(text: str, *, err: bool = False, file: TextIO | None = None) -> None:
    """Print lines for a person; what is in them of control characters is shown instead of obeyed."""
    click.echo("\n".join(cut(printable(line), LONGEST_LINE) for line in text.split("\n")), err=err, file=file)


def ask(question: str) -> bool:
    """Ask a person at the terminal; whether the answer is yes. What is not clearly that is no."""
    click.echo(cut(printable(question), LONGEST_LINE), nl=False, err=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def echo_json(answer: Mapping[str, object], *, file: TextIO | None = None) -> None:
    """Print one object, exactly as it is, on one line."""
    click.echo(as_json(dict(answer)), file=file)


def echo_path(path: str) -> None:
    """Print a path for a person or, byte for byte, for the program that reads our pipe."""
    if sys.stdout.isatty():
        echo(path)
    else:
        click.echo(os.fsencode(Path(path)))

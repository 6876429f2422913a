"""Commands that tell the whole daemon something: pause, resume, reload, reset."""

from pathlib import Path

import click

from imaginized.cli.command import answering, as_json_option, say
from imaginized.control.answers import Reloaded
from imaginized.control.client import Client
from imaginized.control.protocol import PAUSE, RELOAD, RESET, RESUME, Answer, Nothing, Signature


@click.command()
@as_json_option
@click.pass_obj
@answering
def pause(socket: Path, as_json: bool) -> None:
    """Finish the steps under way and begin none, also after a restart, until `resume`. Books are still taken in."""
    say(_tell(socket, PAUSE), ["paused; run `imaginizectl resume` to continue"], as_json=as_json)


@click.command()
@as_json_option
@click.pass_obj
@answering
def resume(socket: Path, as_json: bool) -> None:
    """Go on after `pause`, or after a provider was paused."""
    say(_tell(socket, RESUME), ["resumed"], as_json=as_json)


@click.command()
@as_json_option
@click.pass_obj
@answering
def reload(socket: Path, as_json: bool) -> None:
    """Read the settings anew; with a mistake in them, say where and keep the old ones (exit 10)."""
    answer = _tell(socket, RELOAD)
    say(answer, [f"{_reloaded(answer)}; each process restarts after its step"], as_json=as_json)


def _reloaded(answer: Reloaded) -> str:
    """Which settings are in force now; an older daemon does not tell."""
    file, before = (answer.get(name) for name in ("file", "file_before"))
    if "file" not in answer:
        return "reloaded"
    if file is not None:
        return f"reloaded {file}" + (f" instead of {before}" if before not in (file, None) else "")
    return (f"{before} is gone" if before else "there is no settings file") + ", so every key has its default now"


@click.command()
@as_json_option
@click.pass_obj
@answering
def reset(socket: Path, as_json: bool) -> None:
    """Start every worker now, after a crash loop has stopped them."""
    say(_tell(socket, RESET), ["crashes so far are forgotten; every worker starts now"], as_json=as_json)


def _tell(socket: Path, method: Signature[Nothing, Answer]) -> Answer:
    with Client(socket) as client:
        return client.ask(method)


COMMANDS = (pause, resume, reload, reset)

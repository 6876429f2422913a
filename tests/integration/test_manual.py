"""The manual pages: made from the commands, so that they name every one of them."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from imaginized.cli import ctl, daemon
from imaginized.cli.manual import manual_page
from tests.support.waiting import DEADLINE_SECONDS

MAN = Path(__file__).parents[2] / "imaginized" / "assets" / "man"
PROGRAMS = {"imaginized": daemon.main, "imaginizectl": ctl.main}


@pytest.mark.parametrize("name", PROGRAMS)
def test_manual_page_is_up_to_date(name: str) -> None:
    """The page in the tree is what scripts/build-man writes now."""
    page = manual_page(PROGRAMS[name], name=name)

    assert (MAN / f"{name}.1").read_text() == page, "run scripts/build-man"


@pytest.mark.parametrize("name", PROGRAMS)
def test_manual_page_names_every_command_and_option(name: str) -> None:
    """Nothing a program takes is missing from its page, and every command says what it does."""
    page = (MAN / f"{name}.1").read_text().replace("\\-", "-")
    for command in PROGRAMS[name].commands.values():
        assert f'.SS "{command.name} ' in page
        assert command.help
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[-1] in page


@pytest.mark.parametrize("name", PROGRAMS)
def test_manual_page_is_roff_without_mistakes(name: str) -> None:
    """A formatter has nothing to complain about."""
    program = shutil.which("groff")
    if program is None:
        pytest.skip("no groff here")
    command = [program, "-man", "-Tutf8", "-ww", "-z", str(MAN / f"{name}.1")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

    assert ended.stderr == ""

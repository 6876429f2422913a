"""Clients and daemons of different versions: they work together, or say which of them to upgrade."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from imaginized.cli.ctl import main
from imaginized.cli.daemon import main as daemon_main
from imaginized.errors import ExitCode
from imaginized.version import PROTOCOL, VERSION
from tests.support.clients import ctl, daemon_saying

OLD_STATUS: Mapping[str, object] = {  # as 0.1.0 had it before pause, cancel and reload
    "schema": "imaginized.status/1", "protocol": 1, "version": "0.1.0", "state": "running",
    "paths": {"inbox": "/in", "library": "/lib"}, "workers": [], "breaker": "closed", "inbox": {},
    "books": [], "problems": [],
}  # fmt: skip


def result(values: Mapping[str, object]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": dict(values)}).encode() + b"\n"


def test_f35_new_client_reads_an_old_daemon_s_status(tmp_path: Path) -> None:
    """What an older daemon does not tell is left out."""
    with daemon_saying(tmp_path / "s", result(OLD_STATUS)):
        ended = ctl(tmp_path / "s", "status", "--check")

    assert ended.exit_code == 0, ended.stderr
    assert "running" in ended.stdout


@pytest.mark.parametrize("data", [{"exit_code": 6}, {"exit_code": 6, "protocol": PROTOCOL, "version": "0.0.9"}])
def test_f35_call_that_an_old_daemon_does_not_know(tmp_path: Path, data: Mapping[str, object]) -> None:
    """A call the daemon does not have ends with 6 and says that the daemon is the one to upgrade."""
    error = {"code": -32601, "message": "no method pause; there are drain", "data": data}
    with daemon_saying(tmp_path / "s", json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode() + b"\n"):
        ended = ctl(tmp_path / "s", "pause")

    assert ended.exit_code == ExitCode.PROTOCOL_MISMATCH
    assert "upgrade the daemon" in ended.stderr


@pytest.mark.parametrize(
    ("theirs", "advice"), [(PROTOCOL + 1, "upgrade imaginizectl"), (PROTOCOL - 1, "upgrade the daemon")]
)
def test_f35_another_protocol_names_the_older_side(tmp_path: Path, theirs: int, advice: str) -> None:
    """With another protocol both versions are named, and the older side is the one to upgrade."""
    with daemon_saying(tmp_path / "s", result({**OLD_STATUS, "protocol": theirs, "version": "9.9"})):
        ended = ctl(tmp_path / "s", "status")

    assert ended.exit_code == ExitCode.PROTOCOL_MISMATCH
    assert advice in ended.stderr
    assert "9.9" in ended.stderr
    assert VERSION in ended.stderr


def test_f35_answer_that_lacks_what_is_shown(tmp_path: Path) -> None:
    """An answer without a key the client needs is another version's, and no traceback."""
    facts = {"schema": "imaginized.claims/2", "protocol": PROTOCOL, "version": "9.9"}
    with daemon_saying(tmp_path / "s", result(facts)):
        ended = ctl(tmp_path / "s", "claims")

    assert ended.exit_code == ExitCode.PROTOCOL_MISMATCH
    assert "imaginizectl version" in ended.stderr


def test_something_else_that_listens_is_told_apart(tmp_path: Path) -> None:
    """What does not speak JSON is no imaginized."""
    with daemon_saying(tmp_path / "s", b"220 mail.example ESMTP\n"):
        ended = ctl(tmp_path / "s", "status")

    assert ended.exit_code == ExitCode.PROTOCOL_MISMATCH
    assert "is not imaginized" in ended.stderr


def test_file_in_the_socket_s_place_is_told_apart(tmp_path: Path) -> None:
    """A plain file is no socket, and the hint is to name another."""
    (tmp_path / "s").touch()
    ended = ctl(tmp_path / "s", "status")

    assert ended.exit_code == ExitCode.USAGE
    assert "--socket" in ended.stderr


def test_errors_are_objects_with_json(tmp_path: Path) -> None:
    """With --json an error is an object with a schema, its text and the exit code, on standard output."""
    ended = ctl(tmp_path / "none", "status", "--json")
    told = json.loads(ended.stdout)

    assert told["schema"] == "imaginized.error/1"
    assert told["exit_code"] == ended.exit_code == ExitCode.NOT_RUNNING
    assert told["error"] in ended.stderr


def test_wrong_usage_is_an_object_with_json(tmp_path: Path) -> None:
    """A missing argument or file is told as any other error: text, exit code 2, schema."""
    ended = ctl(tmp_path / "none", "add", str(tmp_path / "no.epub"), "--json")
    told = json.loads(ended.stdout)

    assert (told["schema"], told["exit_code"], ended.exit_code) == ("imaginized.error/1", 2, ExitCode.USAGE)
    assert "no.epub" in told["error"]


def test_version_is_told_without_a_daemon(tmp_path: Path) -> None:
    """`version` answers for the client alone, too."""
    ended = ctl(tmp_path / "none", "version", "--json")
    told = json.loads(ended.stdout)

    assert ended.exit_code == 0
    assert (told["version"], told["daemon"]) == (VERSION, None)


def test_version_says_that_no_daemon_runs(tmp_path: Path) -> None:
    """For a person as well, and that is no error."""
    ended = ctl(tmp_path / "none", "version")

    assert (ended.exit_code, ended.stderr) == (0, "")
    first, second = ended.stdout.splitlines()
    assert first == f"imaginizectl {VERSION}, protocol {PROTOCOL}"
    assert second == f"imaginized is not running: no socket at {tmp_path / 'none'}"


@pytest.mark.parametrize("program", [main, daemon_main])
def test_help_and_version_are_commands_and_every_command_has_a_short_option_for_it(program: click.Group) -> None:
    """`help` and `help COMMAND` say what `-h` says; a wrong one is usage, with the nearest; no daemon is needed."""
    said = {name: CliRunner().invoke(program, [name, "-h"]) for name in program.commands}
    asked = {name: CliRunner().invoke(program, ["help", name]) for name in program.commands}
    wrong = CliRunner().invoke(program, ["help", "versoin"])

    results = (*said.items(), *asked.items())
    assert [(name, one.output) for name, one in results if one.exit_code != 0] == []
    assert {name: one.stdout for name, one in asked.items()} == {name: one.stdout for name, one in said.items()}
    assert CliRunner().invoke(program, ["help"]).stdout == CliRunner().invoke(program, ["-h"]).stdout
    assert (wrong.exit_code, "did you mean 'version'?" in wrong.stderr) == (ExitCode.USAGE, True)
    assert VERSION in CliRunner().invoke(program, ["version"]).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(tmp_path: Path, shell: str) -> None:
    """Each shell gets a script that asks imaginizectl itself."""
    ended = ctl(tmp_path / "none", "completion", shell)

    assert ended.exit_code == 0, ended.output
    assert "_IMAGINIZECTL_COMPLETE" in ended.stdout


def test_books_are_completed_from_the_running_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a book is wanted, the shell is told those that are there now; without a daemon none, and no error."""
    book = {"book": "small-0123abcd", "title": "Small"}
    words = {"COMP_WORDS": f"imaginizectl --socket {tmp_path / 's'} status sm", "COMP_CWORD": "4"}
    for name, value in {**words, "_IMAGINIZECTL_COMPLETE": "bash_complete"}.items():
        monkeypatch.setenv(name, value)
    with daemon_saying(tmp_path / "s", result({**OLD_STATUS, "books": [book]})):
        with_daemon = CliRunner().invoke(main, prog_name="imaginizectl", env=dict(os.environ))
    without = CliRunner().invoke(main, prog_name="imaginizectl", env=dict(os.environ))

    assert with_daemon.stdout.splitlines() == ["plain,small-0123abcd"]
    assert without.stdout.strip() == ""
    assert without.exception is None or isinstance(without.exception, SystemExit)

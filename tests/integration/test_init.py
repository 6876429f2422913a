"""`imaginized init`: what it writes, what it leaves alone, and what `--json` says of the commands of imaginized."""

import json
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from imaginized.cli.daemon import main
from imaginized.cli.installing import install, programs_of
from imaginized.errors import ExitCode
from imaginized.settings.file import load_settings
from tests.support.waiting import DEADLINE_SECONDS

EXAMPLE = Path(__file__).parents[2] / "config" / "imaginized.toml"
UNIT = "systemd/user/imaginized.service"


def imaginized(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"XDG_CONFIG_HOME": str(home), "IMAGINIZED_CONFIG": ""})


def exec_lines(home: Path) -> dict[str, str]:
    lines = (home / UNIT).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line.startswith("Exec"))


def test_init_writes_the_commented_settings_and_a_unit_that_runs_with_them(tmp_path: Path) -> None:
    """Both are in the user's own place, the unit names this installation and the file; two commands come next."""
    done = imaginized(tmp_path, "init")
    config = tmp_path / "imaginized" / "imaginized.toml"

    assert done.exit_code == 0, done.stderr
    assert config.read_text() == EXAMPLE.read_text()
    start = exec_lines(tmp_path)["ExecStart"]
    assert start.endswith(f"/imaginized run --config {config}")
    assert Path(start.split()[0]).exists()
    assert exec_lines(tmp_path)["ExecReload"].endswith("/imaginizectl --socket %t/imaginized/control.sock reload")
    assert done.stdout.splitlines()[-2:] == [
        "  systemctl --user daemon-reload",
        "  systemctl --user enable --now imaginized",
    ]


def test_init_keeps_what_is_there_and_force_saves_it(tmp_path: Path) -> None:
    """A second run has nothing to do; what was edited stays, until --force puts it aside as NAME.bak."""
    config = tmp_path / "imaginized" / "imaginized.toml"
    imaginized(tmp_path, "init")
    again = imaginized(tmp_path, "init")
    config.write_text("workers.max_concurrency = 2\n")
    (tmp_path / UNIT).unlink()
    half = imaginized(tmp_path, "init", "--json")
    kept = config.read_text()
    forced = imaginized(tmp_path, "init", "--force", "--json")
    config.write_bytes(b"# \xff\n")
    imaginized(tmp_path, "init", "--force")

    assert (again.exit_code, again.stdout) == (ExitCode.NOTHING_TO_DO, "")
    assert "--force" in again.stderr
    assert json.loads(half.stdout)["written"] == [str(tmp_path / UNIT)]
    assert kept == "workers.max_concurrency = 2\n"
    assert json.loads(forced.stdout) == {
        "schema": "imaginized.init/1",
        "written": [str(config)],
        "kept": [str(tmp_path / UNIT)],
        "saved": [f"{config}.bak"],
        "next": ["systemctl --user daemon-reload", "systemctl --user enable --now imaginized"],
    }
    assert Path(f"{config}.bak").read_text() == kept
    assert Path(f"{config}.bak2").read_bytes() == b"# \xff\n"


def test_init_s_unit_follows_the_settings_that_are_there(tmp_path: Path) -> None:
    """With --config, a socket of one's own and an odd path, the unit names them as systemd must read them."""
    config = tmp_path / "my $et 100%" / "i.toml"
    config.parent.mkdir()
    config.write_text('paths.socket = "/run/else/s"\n')
    programs = programs_of("/no where/python3", folder=tmp_path)
    install(config, programs=programs, environment={"XDG_CONFIG_HOME": str(tmp_path)}, force=False)

    path = str(config).replace("$", "$$").replace("%", "%%")
    assert exec_lines(tmp_path) == {
        "ExecStart": f'"/no where/python3" -m imaginized run --config "{path}"',
        "ExecReload": '"/no where/python3" -m imaginized.cli --socket /run/else/s reload',
    }


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit_that_init_writes(tmp_path: Path) -> None:
    """Neither options nor the quoting of the paths are complained about."""
    (tmp_path / "a b").mkdir()
    imaginized(tmp_path, "init", "--config", str(tmp_path / "a b" / "i.toml"))
    command = ["systemd-analyze", "verify", "--user", str(tmp_path / UNIT)]
    done = subprocess.run(
        command, env={"XDG_RUNTIME_DIR": str(tmp_path)}, capture_output=True, text=True, timeout=DEADLINE_SECONDS
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_command_of_imaginized_knows_json(tmp_path: Path) -> None:
    """Settings and mistakes in them are objects with a schema, and the exit code is in the latter."""
    good = imaginized(tmp_path, "check", "--json")
    (tmp_path / "bad.toml").write_text("workers.max_concurrency = 0\n")
    bad = imaginized(tmp_path, "check", "--json", "--config", str(tmp_path / "bad.toml"))
    settings = load_settings(None, environment={"XDG_CONFIG_HOME": str(tmp_path)}).workers.model_dump(mode="json")

    assert json.loads(good.stdout)["schema"] == "imaginized.check/1"
    assert json.loads(good.stdout)["settings"]["workers"] == settings
    told = json.loads(bad.stdout)
    assert (told["schema"], told["exit_code"], bad.exit_code) == ("imaginized.error/1", 10, ExitCode.BAD_SETTINGS)
    assert "bad.toml:1" in told["error"]
    assert [name for name, command in main.commands.items() if not takes_json(command)] == []


def takes_json(command: click.Command) -> bool:
    return any("--json" in option.opts for option in command.params)

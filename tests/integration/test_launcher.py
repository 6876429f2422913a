"""Starting children."""

import os
import signal
import subprocess
import sys
from multiprocessing.spawn import get_preparation_data

import pytest

from imaginized.cli.program import SYSTEMD_VARIABLES
from imaginized.daemon.forkserver import BLOBS, ENDPOINTS, HOSTS, IMPORTS
from imaginized.daemon.launcher import signal_for, without_program
from imaginized.errors import ExitCode
from imaginized.providers.keys import KEY_VARIABLES
from imaginized.settings.file import load_settings
from tests.support.waiting import DEADLINE_SECONDS

# Says of the fork server when the intake can be forked, and when a worker can, which of the modules it has loaded:
# those with a library of their own are among its mapped files.
TWO_GOES = """
import time
from pathlib import Path
from imaginized.daemon.launcher import ForkServerLauncher
from imaginized.process.slots import INTAKE
from imaginized.settings.file import load_settings

def look(*name):
    while not launcher.is_ready(*name):
        time.sleep(0.01)
    maps = (Path("/proc") / str(launcher._server.pid) / "maps").read_text()
    print(*(word for word in ("rapidfuzz", "msgspec") if word in maps))

launcher = ForkServerLauncher(load_settings(None, environment={}))
look(INTAKE)
look()
"""

# What the fork server has in its environment, of a daemon whose settings are not there.
EARLY = """
import sys
from multiprocessing import forkserver
from pathlib import Path
from imaginized.cli import program

sys.argv = ["imaginized", "run", "--config", "/nowhere.toml"]
try:
    program.main()
except SystemExit as ended:
    told = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/environ").read_bytes().decode()
    print(ended.code, *sorted(line.partition("=")[0] for line in told.split("\\0")))
"""


def test_children_do_not_import_the_program_again() -> None:
    """A child hears of no program to import; what it needs was preloaded."""
    program = sys.modules["__main__"]
    with without_program():
        told = get_preparation_data("worker-1")

    assert not told.keys() & {"init_main_from_name", "init_main_from_path"}
    assert sys.modules["__main__"] is program


@pytest.mark.parametrize(("parent", "code"), [("os.getppid()", 0), ("1 << 22", -signal.SIGKILL)])
def test_f42_a_child_whose_fork_server_is_gone_ends_before_it_works(parent: str, code: int) -> None:
    """Forked by one that was killed before the child could ask to die with it, the child ends by itself."""
    program = f"import os; from imaginized.process.parent import die_with_parent; die_with_parent({parent})"
    ended = subprocess.run([sys.executable, "-c", program], timeout=DEADLINE_SECONDS)

    assert ended.returncode == code


def test_the_intake_waits_for_no_import_of_the_workers() -> None:
    """With the intake the daemon is ready: it is forked by a server that has the least, workers by one that has all."""
    ended = subprocess.run(
        [sys.executable, "-c", TWO_GOES], capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=True
    )

    assert ended.stdout.splitlines() == ["msgspec", "rapidfuzz msgspec"]


def test_the_fork_server_is_started_before_the_settings_are_read_and_has_no_key() -> None:
    """It imports while they are read; nobody who reads books has a key, or can speak to systemd in our name."""
    secret = {name: "secret" for name in (*KEY_VARIABLES, *SYSTEMD_VARIABLES)}
    ended = subprocess.run(
        [sys.executable, "-c", EARLY],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=True,
        env={**os.environ, **secret, "TZ": "UTC"},
    )

    code, *names = ended.stdout.split()
    assert int(code) == ExitCode.BAD_SETTINGS
    assert "TZ" in names
    assert not set(names) & set(secret)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ()),
        ({"provider__text": "openai", "openai__text_model": "m"}, ENDPOINTS),
        ({"hosts__engine": "celery"}, HOSTS),
        (
            {
                "hosts__engine": "celery",
                "hosts__blobs": "file:///blobs",
                "provider__text": "openai",
                "openai__text_model": "m",
            },
            HOSTS + BLOBS + ENDPOINTS,
        ),
    ],
)
def test_the_fork_server_imports_what_the_settings_need(options: dict[str, str], wanted: tuple[str, ...]) -> None:
    """Some of it takes long, and is imported only where it is used."""
    environment = {f"IMAGINIZED_{name.upper()}": value for name, value in options.items()}
    settings = load_settings(None, environment=environment)

    assert IMPORTS[signal_for(settings)] == wanted

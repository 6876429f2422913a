"""Starting children."""

import signal
import subprocess
import sys
from multiprocessing.spawn import get_preparation_data

import pytest

from imaginized.daemon.launcher import without_program
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

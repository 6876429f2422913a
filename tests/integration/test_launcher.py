"""Starting children."""

import signal
import subprocess
import sys
from multiprocessing.spawn import get_preparation_data

import pytest

from imaginized.daemon.launcher import without_program
from tests.support.waiting import DEADLINE_SECONDS


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

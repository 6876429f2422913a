"""Starting children."""

import sys
from multiprocessing.spawn import get_preparation_data

from imaginized.daemon.launcher import without_program


def test_children_do_not_import_the_program_again() -> None:
    """A child hears of no program to import; what it needs was preloaded."""
    program = sys.modules["__main__"]
    with without_program():
        told = get_preparation_data("worker-1")

    assert not told.keys() & {"init_main_from_name", "init_main_from_path"}
    assert sys.modules["__main__"] is program

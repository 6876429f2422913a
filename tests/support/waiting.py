"""Waiting in tests for something to become true. Deadlines report hangs; they never assert speed.

They hold on a machine several times slower than ours: IMAGINIZED_SLOWNESS says how many times, 5 where it is not set.
"""

import os
import time
from collections.abc import Callable

SLOWNESS = float(os.environ.get("IMAGINIZED_SLOWNESS", "5"))
POLL_SECONDS = 0.02


def at_most(seconds: float) -> float:
    """A bound that holds on our machine with nothing else to do, as it is where the tests run."""
    return seconds * SLOWNESS


DEADLINE_SECONDS = at_most(20.0)  # for something to become true
PROGRAM_SECONDS = at_most(50.0)  # for a program that does many things, one after the other


def eventually(is_so: Callable[[], bool], *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
    """Wait until `is_so` returns true.

    Raises:
        AssertionError: It did not within the deadline.
    """
    deadline = time.monotonic() + deadline_seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {deadline_seconds:g} s")
        time.sleep(POLL_SECONDS)

"""Waiting in tests for something to become true. Deadlines report hangs; they never assert speed."""

import time
from collections.abc import Callable

from tests.support.slowness import at_most

POLL_SECONDS = 0.02
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

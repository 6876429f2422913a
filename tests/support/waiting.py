"""Waiting in tests for something to become true. Deadlines report hangs; they never assert speed."""

import time
from collections.abc import Callable

POLL_SECONDS = 0.02


def eventually(is_so: Callable[[], bool], *, deadline_seconds: float = 30.0) -> None:
    """Wait until `is_so` returns true.

    Raises:
        AssertionError: It did not within the deadline.
    """
    deadline = time.monotonic() + deadline_seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not true within {deadline_seconds:g} s")
        time.sleep(POLL_SECONDS)

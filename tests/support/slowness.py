"""Bounds in tests, in seconds: they hold on a machine several times slower than ours.

IMAGINIZED_SLOWNESS says how many times, 5 where it is not set.
"""

import os

SLOWNESS = float(os.environ.get("IMAGINIZED_SLOWNESS", "5"))


def at_most(seconds: float) -> float:
    """A bound that holds on our machine with nothing else to do, as it is where the tests run."""
    return seconds * SLOWNESS

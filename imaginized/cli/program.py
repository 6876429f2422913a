"""The entry of `imaginized`. For a daemon it starts the fork server before it imports anything else.

The imports of these two processes are most of the time from start to ready; so they are made at the same time.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SYSTEMD_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")


def main() -> None:
    """Be the program that the arguments ask for."""
    if sys.argv[1:2] == ["run"] and not {"-h", "--help"}.intersection(sys.argv):
        from imaginized.daemon.forkserver import begin

        with suppress(OSError), _hidden():  # it is tried again once the settings are read, and said then
            begin()
    from imaginized.cli.daemon import main as program

    program()


def is_hidden(name: str) -> bool:
    """Whether an environment variable is none of the workers' business: who speaks to systemd, settings, keys."""
    return name in SYSTEMD_VARIABLES or name.startswith("IMAGINIZED_") or "KEY" in name


@contextmanager
def _hidden() -> Iterator[None]:
    """Without these variables for a while: who is started meanwhile does not have them."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if is_hidden(name)}
    try:
        yield
    finally:
        os.environ.update(taken)

"""What a child of the daemon is given when it is forked, and what it runs.

A child imports this module, and nothing else of what the supervisor has to start it: that would be in each by itself.
"""

import socket
from dataclasses import dataclass

from imaginized.providers.keys import NO_KEYS, Keys
from imaginized.settings.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What every child is given.

    Attributes:
        faults: Fault points to arm, for tests.
        journal_stream: systemd's JOURNAL_STREAM; "" outside of it.
        keys: For the endpoints.
    """

    settings: Settings
    faults: str = ""
    journal_stream: str = ""
    keys: Keys = NO_KEYS


def run_child(name: str, given: Given, end: socket.socket) -> None:
    """What a forked child runs."""
    # The children's rooms must not be imported by the supervisor; the fork server has them loaded.
    from imaginized.daemon.entry import be_child

    be_child(name, given=given, end=end)

"""What a child of the daemon is given when it is forked."""

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

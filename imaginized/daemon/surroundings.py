"""What the outside gave the daemon at its start."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.daemon.notify import Notifier
from imaginized.daemon.reload import Reading, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the outside gave the daemon.

    Attributes:
        notifier: systemd, or nobody.
        source: Where the settings come from, for a reload.
        reading: The file that they came from at the start.
        passed_sockets: Descriptors of control sockets that systemd opened.
        lifeline: A pipe whose end of file says that the program which runs this daemon for itself is gone; None for a
            daemon that belongs to nobody.
    """

    notifier: Notifier
    source: Source
    reading: Reading
    passed_sockets: Sequence[int] = ()
    lifeline: int | None = None

"""What the calls need of the daemon. It stands here, for the control room knows nothing of the one above it."""

from typing import Protocol

from imaginized.clock import Clock
from imaginized.control.counts import Counts
from imaginized.control.notice_rows import WayRow
from imaginized.control.process_rows import WorkerRow
from imaginized.control.rows import SettingsInForce
from imaginized.limits.shared import Watched
from imaginized.money.ledger import Ledger
from imaginized.process.channel import Message
from imaginized.process.sandbox_watch import SandboxWatch
from imaginized.providers.keys import Keys
from imaginized.reasons import Reason
from imaginized.settings.model import Settings
from imaginized.store.library import Library


class Daemon(Protocol):
    """What the calls need of the daemon: the supervisor is one.

    Attributes:
        settings: Those in force.
        inbox: The intake's last picture of the inbox.
        sandbox: What readers of books are kept from.
        counts: What was counted since the library was made.
    """

    library: Library
    ledger: Ledger
    limits: Watched
    clock: Clock
    settings: Settings
    inbox: Message
    sandbox: SandboxWatch
    counts: Counts

    async def notify_test(self, about: str) -> list[WayRow]:
        """Send a test by every way. Raises ControlError."""

    def settings_report(self) -> SettingsInForce:
        """Which settings are in force, and whether a reload would find others."""

    def find_keys(self, settings: Settings) -> Keys:
        """The keys as a reload would find them. Raises SettingsError."""

    def workers(self) -> list[WorkerRow]:
        """What each process does."""

    def troubles(self) -> list[Reason]:
        """What is wrong with the daemon itself."""

    def is_broken(self) -> bool:
        """Whether the breaker is open."""

    def is_ready(self) -> bool:
        """Whether it has come up."""

    def is_draining(self) -> bool:
        """Whether it is about to stop."""

    def drain(self) -> None:
        """Finish the steps under way and stop; a second time, stop at once."""

    def reload(self) -> None:
        """Take the settings as they are given now. Raises SettingsError."""

    def reset_breaker(self) -> None:
        """Start every worker now."""

    def wake_workers(self) -> None:
        """There may be something to claim."""

    def order(self, name: str, order: str) -> None:
        """Tell one process something."""

    def order_all(self, order: str) -> None:
        """Tell every process something."""

"""The one limiter of a library, as each process of the daemon opens it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import Retryable
from imaginized.limits.limiter import Limiter, Pace
from imaginized.limits.rules import Standing, process_of
from imaginized.limits.state import LimitsFile
from imaginized.queue.manifest import Claim
from imaginized.store.owners import Liveness, Owner, liveness

LIMITS = ".imaginized.limits.sqlite"
BUSY_SECONDS = 10.0
GATE_BUSY_SECONDS = 2.0
NO_MOMENT = datetime.min.replace(tzinfo=UTC)


def shared_limiter(
    library: Path, *, owner: Owner, clock: Clock, pace: Pace | None = None, busy_seconds: float = BUSY_SECONDS
) -> Limiter:
    """The limiter of this library, for this process.

    Args:
        library: Its folder.
        owner: This process.
        clock: The machine's.
        pace: The user's pacing.
        busy_seconds: How long to wait for another process to finish its look; 0 for who must not wait.
    """

    def is_alive(name: str) -> bool:
        return may_live(name, boot=owner.boot)

    return Limiter(
        library / LIMITS,
        clock=clock,
        is_alive=is_alive,
        owner=str(owner),
        boot=owner.boot,
        pace=pace,
        busy_seconds=busy_seconds,
    )


def limits_file(library: Path, *, clock: Clock, boot: str) -> LimitsFile:
    """The database, for the one process that keeps it for all."""
    return LimitsFile(library / LIMITS, clock=clock, boot=boot, busy_seconds=GATE_BUSY_SECONDS, keeps_open=True)


def may_live(name: str, *, boot: str) -> bool:
    """Whether the owner of that name may still be at work: false only when it is provably dead."""
    asked = Owner.of(Claim(owner=process_of(name), boot=boot, claim_id="", claimed_at=NO_MOMENT))
    return asked is None or liveness(asked) is not Liveness.DEAD


class Watched:
    """How the endpoints stand, for `status`: what was seen last where the database is in use just now."""

    def __init__(self, limiter: Limiter, *, order: Callable[[str], None] = lambda _: None) -> None:
        """Look into this limiter, which must not wait; `order` tells a gate that keeps it in memory."""
        self._limiter = limiter
        self._order = order
        self._last: Mapping[str, Standing] = {}

    def standings(self) -> Mapping[str, Standing]:
        """By endpoint."""
        try:
            self._last = self._limiter.standings()
        except (Retryable, OSError):
            return self._last
        return self._last

    def resume(self) -> list[str]:
        """Let paused endpoints go on; returns which."""
        resumed = self._limiter.resume()
        # After the file: a gate that is started in between reads there that they go on.
        self._order("resume")
        return resumed


def watched_limits(library: Path, *, owner: Owner, clock: Clock, order: Callable[[str], None]) -> Watched:
    """How the endpoints of this library stand, for the supervisor; `order` tells the gate something."""
    return Watched(shared_limiter(library, owner=owner, clock=clock, busy_seconds=0.0), order=order)

"""The one limiter of a library, as each process of the daemon opens it."""

from collections.abc import Mapping
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import Retryable
from imaginized.limits.limiter import Limiter, Pace
from imaginized.limits.rules import Standing
from imaginized.queue.manifest import Claim
from imaginized.store.owners import Liveness, Owner, liveness

LIMITS = ".imaginized.limits.sqlite"
BUSY_SECONDS = 10.0


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
        asked = Owner.of(Claim(owner=name, boot=owner.boot, claim_id="", claimed_at=clock.now()))
        return asked is None or liveness(asked) is not Liveness.DEAD

    return Limiter(
        library / LIMITS,
        clock=clock,
        is_alive=is_alive,
        owner=str(owner),
        boot=owner.boot,
        pace=pace,
        busy_seconds=busy_seconds,
    )


class Watched:
    """How the endpoints stand, for `status`: what was seen last where the database is in use just now."""

    def __init__(self, limiter: Limiter) -> None:
        """Look into this limiter, which must not wait."""
        self._limiter = limiter
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
        return self._limiter.resume()

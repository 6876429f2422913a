"""What time it is: the wall clock for records, the monotonic clock for deadlines. Nobody else reads a clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Deadlines are counted on `monotonic`, moments that are written down come from `now`."""

    def now(self) -> datetime:
        """The wall clock: an aware UTC datetime. It may jump, forwards and backwards."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary point, never backwards; the same in every process until the machine restarts."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        # Not CLOCK_BOOTTIME: that one counts a suspend, and every claim and beat would be overdue on waking up.
        return time.clock_gettime(time.CLOCK_MONOTONIC)


class ManualClock:
    """A clock that moves only when told to, for tests and simulations."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        """Begin at `start` (aware) with the monotonic clock at 0."""
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        """The wall clock as it was last set."""
        return self._now

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks.

        Raises:
            ValueError: `seconds` is negative; time does not run backwards, only wall clocks do (`step`).
        """
        if seconds < 0:
            raise ValueError(f"time cannot be advanced by {seconds} s")
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)

    def step(self, seconds: float) -> None:
        """Set the wall clock forward or, with a negative number, back; the monotonic clock does not notice."""
        self._now += timedelta(seconds=seconds)


def in_milliseconds(moment: datetime) -> datetime:
    """A moment as files have it: what is kept in memory must be equal to what is read back."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

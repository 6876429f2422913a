"""Whether books may be read on this machine: the supervisor asks a reader's process without a book, workers heed it."""

import os
import subprocess

from imaginized.clock import Clock
from imaginized.process.channel import Orders
from imaginized.process.confinement import Confinement
from imaginized.process.sandbox import probe, probed, start_probe

RETRY_SECONDS = 30.0  # what a person changes elsewhere (a unit, a container) shows that soon
PROBE_SECONDS = 30.0
CONFINED = "confined"  # the order by which workers hear that it is whole again
ADVICE = (
    "books wait, everything else continues. Let the daemon use Landlock and seccomp (systemd/README.md), or accept the "
    'risk: sandbox = "none" under [reading] in the settings, then `imaginizectl reload`'
)


class ReaderGate:
    """Whether this worker may take a book that is to be read: not while its reader is known to be unconfined."""

    def __init__(self, orders: Orders, *, must_confine: bool, clock: Clock) -> None:
        """Open until closed."""
        self.must_confine = must_confine
        self._orders = orders
        self._clock = clock
        self._closed_at: float | None = None

    def close(self) -> None:
        """A reader found that its sandbox is not whole."""
        self._orders.take(CONFINED)  # one from before
        self._closed_at = self._clock.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether to try; once closed, looks again now and then by a reader without a book."""
        if self._closed_at is None:
            return True
        if self._orders.take(CONFINED):
            self._closed_at = None
        elif self._clock.monotonic() - self._closed_at >= RETRY_SECONDS:
            self._closed_at = None if probe().is_whole else self._clock.monotonic()
        return self._closed_at is None


class SandboxWatch:
    """What a reader would be kept from here, asked without waiting: at the start, when told to, and while it lacks."""

    def __init__(self, *, clock: Clock) -> None:
        """Nothing is known yet."""
        self.found: Confinement | None = None
        self._clock = clock
        self._next = 0.0
        self._must_ask_again = False
        self._process: subprocess.Popen[bytes] | None = None
        self._answer = bytearray()
        self._give_up_at = 0.0

    def ask_again(self) -> None:
        """Something may have changed, also since a process was started that is asked just now."""
        self._next = 0.0
        self._must_ask_again = True

    def heard(self, found: Confinement) -> None:
        """A reader found that its sandbox is not whole: what it says of itself counts, and what is asked is too old."""
        now = self._clock.monotonic()
        if self._process is not None:
            self._conclude(now)
        self.found, self._next = found, now + RETRY_SECONDS

    def tick(self) -> bool:
        """Ask when it is time; whether there is a new answer since the last call that differs from the one before."""
        now = self._clock.monotonic()
        if self._process is not None:
            # Asked, not waited for: this runs in the supervisor's only thread.
            has_ended = self._process.poll() is not None
            if not has_ended and now < self._give_up_at:
                return False
            return self._conclude(now)
        if now >= self._next:
            self._ask(now)
        return False

    def close(self) -> None:
        """End what is still being asked."""
        if self._process is not None:
            self._conclude(self._clock.monotonic())

    def _ask(self, now: float) -> None:
        self._next, self._give_up_at = now + RETRY_SECONDS, now + PROBE_SECONDS
        self._must_ask_again = False
        try:
            self._process = start_probe()
        except OSError as error:  # no process to be had: workers find the same
            self.found = Confinement(reasons=(f"no process can be started: {error.strerror}",))

    def _conclude(self, now: float) -> bool:
        process, self._process = self._process, None
        assert process is not None and process.stdout is not None
        with process:
            process.kill()
            # The kill may not have ended it yet, and this thread must not wait for the end of file.
            os.set_blocking(process.stdout.fileno(), False)
            data = process.stdout.read()  # far less than a pipe holds
        before, self.found = self.found, probed(data)
        # Whole is whole until a reader finds otherwise; what lacks is asked for again.
        self._next = float("inf") if self.found.is_whole else now + RETRY_SECONDS
        if self._must_ask_again:
            self._next = 0.0
        return self.found != before

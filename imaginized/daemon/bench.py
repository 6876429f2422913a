"""The task a worker's providers work for: they live as long as the worker, their waiting and keeping is the task's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imaginized.clock import Clock
from imaginized.daemon.channel import Orders
from imaginized.stages.job import Job

BEAT_SECONDS = 10.0


class Bench:
    """Where providers wait and keep their answers; between tasks nobody may."""

    def __init__(self, orders: Orders, *, clock: Clock) -> None:
        """Listen to these orders while waiting."""
        self._orders = orders
        self._clock = clock
        self._job: Job | None = None

    @contextmanager
    def at(self, job: Job) -> Iterator[None]:
        """Work for this task for as long as the context lasts."""
        self._job = job
        try:
            yield
        finally:
            self._job = None

    def wait(self, seconds: float) -> None:
        """Wait so long, say meanwhile that the work goes on.

        Raises:
            Interrupted: It is time to stop.
        """
        until = self._clock.monotonic() + seconds
        while True:
            self._now().step()
            left = until - self._clock.monotonic()
            if left <= 0:
                return
            self._orders.wake.clear()
            if not self._orders.is_draining:
                self._orders.wake.wait(min(left, BEAT_SECONDS))

    def load(self, asked: str) -> bytes | None:
        """The answer to a call that an earlier process made for this book; None if there is none."""
        try:
            return self._answer(asked).read_bytes()
        except FileNotFoundError:
            return None

    def save(self, asked: str, data: bytes) -> None:
        """Keep the answer to a call, durably."""
        self._now().store_reply(self._answer(asked), data)

    def _answer(self, asked: str) -> Path:
        return self._now().files.reply(asked)

    def _now(self) -> Job:
        if self._job is None:
            raise RuntimeError("a provider works between tasks")
        return self._job

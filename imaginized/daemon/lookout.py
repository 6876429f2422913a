"""Keeps the index of open books right while the daemon runs: a slice of the library at a time, between other tasks."""

import asyncio
from collections.abc import Callable, Sequence

from imaginized.clock import Clock
from imaginized.errors import ImaginizedError
from imaginized.logs.log import Log
from imaginized.store.library import Library
from imaginized.store.sweep import Sweep

AT_START_SECONDS = 0.25  # a small library is known whole before the first worker looks
AT_RESTART_SECONDS = 0.03  # where an index knows it: nobody is ready before this is over


class Lookout:
    """The sweep of one library, as a task of the loop."""

    def __init__(self, library: Library, *, clock: Clock, opened: Callable[[Sequence[str]], None], log: Log) -> None:
        """Look at nothing yet; `opened` is told of books in which there may be something to do."""
        self._sweep = Sweep(library, clock=clock)
        self._opened = opened
        self._log = log
        self._trouble: tuple[str, object] | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Have an index, and go on looking until `close`."""
        self._try(self._sweep.begin)
        self._try(self._look_first)
        self._task = asyncio.create_task(self._look_on())

    def tick(self) -> None:
        """See that the index is there, and whether folders have come or gone."""
        self._try(self._sweep.begin)
        self._try(lambda: self._tell(self._sweep.look()))

    def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    def _look_first(self) -> None:
        seconds = AT_RESTART_SECONDS if self._sweep.is_known else AT_START_SECONDS
        self._tell(self._sweep.step(seconds=seconds))

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(self._sweep.pause_seconds)
            self._try(lambda: self._tell(self._sweep.step()))

    def _tell(self, opened: Sequence[str]) -> None:
        if opened:
            self._opened(opened)

    def _try(self, act: Callable[[], None]) -> None:
        """Do it; without an index the processes look at every book, which is slow and harms nothing."""
        try:
            act()
        except (OSError, ImaginizedError) as error:
            kind = type(error).__name__, getattr(error, "errno", None)
            if kind != self._trouble:  # said once
                self._log.error("error_caught", reason=f"the index of open books: {error}")
            self._trouble = kind

"""Which children can be started now: those that need not wait for what the fork server imports."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from imaginized.daemon.launcher import Launcher
from imaginized.daemon.pool import Act
from imaginized.process.slots import INTAKE

WARM_SECONDS = 0.02  # between two looks whether children can be started

Acts = Sequence[tuple[str, Act]]


@dataclass(slots=True)
class Warming:
    """Looks now and then while a start has to wait.

    Attributes:
        launcher: Who starts them.
        wake: Set once that may be tried again.
    """

    launcher: Launcher
    wake: asyncio.Event
    _next: str = ""
    _is_looking: bool = False

    def possible(self, acts: Acts) -> Acts:
        """Without starts that would wait: nobody would be answered meanwhile."""
        starts = {name for name, act in acts if act is Act.START}
        # The intake first: it needs a third of what is imported, and with it the daemon is ready.
        first = starts & {INTAKE} or starts
        self._next = INTAKE if INTAKE in first else ""
        ready = first if starts and self.launcher.is_ready(self._next) else set()
        if starts - ready and not self._is_looking:
            self._is_looking = True
            self._look_later()
        return [(name, act) for name, act in acts if act is not Act.START or name in ready]

    def _look(self) -> None:
        """Wake once children can be started; not before, for each tick is a message to systemd."""
        self._is_looking = not self.launcher.is_ready(self._next)
        if self._is_looking:
            self._look_later()
        else:
            self.wake.set()

    def _look_later(self) -> None:
        asyncio.get_running_loop().call_later(WARM_SECONDS, self._look)

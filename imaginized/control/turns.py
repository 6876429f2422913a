"""Sharing the loop: work that may take long gives the others their turn now and then."""

import asyncio
import time

TURN_SECONDS = 0.01


class Turn:
    """A turn on the loop, begun now."""

    def __init__(self) -> None:
        """Begin it."""
        self._began = time.monotonic()

    async def pass_on(self) -> None:
        """If this turn has lasted long enough, let the others have theirs, and begin another."""
        if time.monotonic() - self._began >= TURN_SECONDS:
            await asyncio.sleep(0)
            self._began = time.monotonic()

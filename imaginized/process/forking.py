"""A side thread in a process that forks: what the thread holds at that moment, the child would wait for without end."""

import os
import threading
from types import TracebackType


class ForkGuard:
    """Nobody forks this process while a side thread is inside. The thread itself must not fork there."""

    def __init__(self) -> None:
        """Guard every fork of this process from now on."""
        self._inside = threading.Lock()
        os.register_at_fork(
            before=self._inside.acquire, after_in_parent=self._inside.release, after_in_child=self._inside.release
        )

    def __enter__(self) -> None:
        """Begin what a fork must not cut in two."""
        self._inside.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """It is whole."""
        self._inside.release()

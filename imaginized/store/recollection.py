"""What was read of a file that other processes write, for as long as nobody has written it since. Reads nothing."""

import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar, cast

from imaginized.store.manifests import SETTLED_SECONDS

T = TypeVar("T")


class Recollection:
    """Answers from one file by the question. Each question keeps its last answer only."""

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        """Remember nothing yet; `now` is the clock that the file's times go by."""
        self._path = path
        self._now = now
        self._seen: tuple[int, int, int] | None = None
        self._answers: dict[str, tuple[Hashable, object]] = {}

    def recall(self, question: str, ask: Callable[[], T], *, about: Hashable = None) -> T:
        """The answer that an earlier call has read, if the file is as it was then; what `ask` reads of it now, else.

        Args:
            question: Its name, which has answers of one type.
            ask: Reads the file; what it raises is raised and not remembered.
            about: What else the answer depends on.
        """
        # Both taken before the file is read: what is written meanwhile makes it another one for the next call.
        now = self._now()
        try:
            status = self._path.stat()
        except OSError:
            return ask()  # which says what is wrong
        seen = status.st_ino, status.st_ctime_ns, status.st_size  # no program can set that time
        if seen != self._seen:
            self._seen, self._answers = seen, {}
        known = self._answers.get(question)
        if known is not None and known[0] == about:
            return cast(T, known[1])
        answer = ask()
        # Two changes within a tick of the file system's clock can look like one.
        if now - status.st_ctime > SETTLED_SECONDS:
            self._answers[question] = about, answer
        return answer

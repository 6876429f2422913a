"""Whom to wake when there is something to claim: one idle worker for each task, not all of them.

No wake is lost: news goes to a worker whose next look begins after it. Whoever is idle looks when it is woken, and once
more if it was woken while it looked. Where nobody is idle, the next one to say that it is gets the news. Whoever claims
says how much is left, and others are woken for that. Whoever ends a task looks by itself. When a worker ends, another
one is woken in its place.
"""

from typing import get_args

from imaginized.daemon.pool import Pool, Slot
from imaginized.process.channel import Message
from imaginized.process.slots import NO_WORKERS, Kind, kind_of


class Waking:
    """What was said to whom, and what is still to be said."""

    def __init__(self) -> None:
        """Owe nothing."""
        self._woken: set[str] = set()
        self._owed = 0

    def choose(self, pool: Pool, *, tasks: int = 1, besides: str = "") -> list[str]:
        """Who is to be woken for so many tasks, besides one who knows."""
        idle = [slot.name for slot in pool.slots if _is_idle(slot) and slot.name != besides]
        # Those first who were not woken since they were idle; but one who was may have looked before this news.
        ready = sorted(idle, key=self._woken.__contains__)
        # Of each kind: what there is to do may be for hosts, and a worker here would find nothing.
        chosen = [name for kind in get_args(Kind) for name in [one for one in ready if kind_of(one) == kind][:tasks]]
        if not chosen:
            self._owed = max(self._owed, min(tasks, len(pool.slots)))
        self._woken.update(chosen)
        return chosen

    def hear(self, pool: Pool, name: str, message: Message) -> list[str]:
        """Who is to be woken for what a worker has said; the pool has heard it already."""
        if message.get("event") == "more":
            tasks = max(1, int(str(message.get("tasks"))))  # of another book, perhaps
            return self.choose(pool, tasks=tasks, besides=name)
        if message.get("event") != "idle" or not _is_idle(pool.slot(name)):
            return []
        self._woken.discard(name)
        if not self._owed:
            return []
        self._owed -= 1
        return [name]


def _is_idle(slot: Slot) -> bool:
    """Whether a worker looks when it is woken; one that sits a pause out does not."""
    is_pausing = slot.waits is not None and slot.waits.what == "pause"
    return slot.name not in NO_WORKERS and slot.pid is not None and slot.work is None and not is_pausing

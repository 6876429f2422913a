"""The limits in the memory of the one process that keeps them for all: written before anything is answered.

After a kill the file has all that was answered, so that no limit is passed; who waits asks again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from imaginized.errors import Retryable
from imaginized.limits.rules import Moment, State
from imaginized.limits.state import LimitsFile
from imaginized.logs.log import get_log

WAITING_SECONDS = 0.25  # who waits is written so often, for people; it is nothing that a gate after this one needs
AGAIN_SECONDS = 1.0

T = TypeVar("T")

_log = get_log()


class LimitsMemory:
    """States by key, and where they are written."""

    def __init__(self, file: LimitsFile, *, is_new: bool = False) -> None:
        """Begin with what the file has, or with nothing; others read it, too.

        Raises:
            Retryable: Another process has it open for too long.
            OSError: It cannot be read.
        """
        self._file = file
        known = {} if is_new else file.all()
        self._states = {key: replace(state, tickets=()) for key, state in known.items()}
        self._written: dict[str, State] = dict(self._states)
        self._told: dict[str, State] = dict(self._states)  # those that were written with who waits
        self._told_at = 0.0
        self._tried_at: float | None = None

    @property
    def is_there(self) -> bool:
        """Always."""
        return True

    def moment(self) -> Moment:
        """Now."""
        return self._file.moment()

    def all(self) -> Mapping[str, State]:
        """Every state by its key."""
        return self._states

    def update(self, key: str, change: Callable[[State, Moment], tuple[State, T]]) -> T:
        """Change one key's state."""
        after, result = change(self._states.get(key, State()), self.moment())
        self._states[key] = after
        return result

    def due_seconds(self) -> float | None:
        """How long until `write` has something to write that it was not told of; None for nothing."""
        if all(state is self._told.get(key) for key, state in self._states.items()):
            return None
        now = self.moment().monotonic
        wait = WAITING_SECONDS - (now - self._told_at)
        return max(wait, 0.0 if self._tried_at is None else AGAIN_SECONDS - (now - self._tried_at), 0.0)

    def write(self) -> None:
        """Write what has changed. Where that fails, memory is the truth until it works again."""
        now = self.moment().monotonic
        if self._tried_at is not None and now - self._tried_at < AGAIN_SECONDS:
            return
        tells = now - self._told_at >= WAITING_SECONDS
        after = {key: self._to_write(key, state, tells=tells) for key, state in self._states.items()}
        try:
            if any(state is not self._written.get(key) for key, state in after.items()):
                self._file.save(self._written, after)
        except (OSError, Retryable) as error:
            if self._tried_at is None:
                _log.warning("error_caught", reason=f"the limits cannot be written, and are kept in memory: {error}")
            self._tried_at = now
            return
        self._written, self._tried_at = after, None
        if tells:
            self._told, self._told_at = dict(self._states), now

    def _to_write(self, key: str, state: State, *, tells: bool) -> State:
        known = self._written.get(key)
        if known is state:
            return state
        tickets = state.tickets if tells or known is None else known.tickets
        if known is not None and tickets is known.tickets and replace(state, tickets=tickets) == known:
            return known
        return state if tickets is state.tickets else replace(state, tickets=tickets)

"""A provider by itself: nobody paces it, nobody counts what it costs, nothing is kept. For tests alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from imaginized.clock import SystemClock
from imaginized.limits.gate import Gate, Wait
from imaginized.limits.outages import Miss
from imaginized.limits.rules import Limits
from imaginized.money.calls import Call, Reservation, Till, Usage
from imaginized.process.waiting import Waiting
from imaginized.providers.openai.calling import Archive, Conditions
from imaginized.providers.openai.ladder import Memory, Way


class NoGate:
    """Lets every call pass."""

    @contextmanager
    def permit(self, key: str, limits: Limits, *, wait: Wait, tokens: int, spacing: str) -> Iterator[None]:  # noqa: ARG002
        """Pass at once."""
        yield

    def missed(self, key: str, miss: Miss) -> bool:  # noqa: ARG002
        """Only the caller itself tries again."""
        return False

    def answered(self, key: str) -> None:
        """Nobody waits for that."""

    def hold(self, key: str, seconds: float, *, reason: str = "") -> None:
        """Only the caller itself waits."""

    def slow_down(self, key: str) -> None:
        """Nothing is paced."""

    def speed_up(self, key: str) -> None:
        """Nothing is paced."""

    def use(self, key: str, tokens: int) -> None:
        """Nothing is counted."""

    def pause(self, key: str, reason: str) -> None:
        """Only the caller itself stops."""

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """Nothing is kept."""


class _NoReservation:
    def settle(self, usage: Usage, *, outcome: str) -> float | None:  # noqa: ARG002
        """Nobody counts."""
        return None

    def cancel(self, *, outcome: str) -> None:
        """Nobody counts."""


class OpenTill:
    """Lets every call be paid."""

    def reserve(self, call: Call) -> Reservation:  # noqa: ARG002
        """Set nothing aside."""
        return _NoReservation()


class NoMemory:
    """Knows nothing from before, for as long as it lives."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._known: dict[tuple[str, str], Way] = {}

    def recall(self, endpoint: str, model: str) -> Way:
        """What was remembered in this process."""
        return self._known.get((endpoint, model), Way())

    def remember(self, endpoint: str, model: str, way: Way) -> None:
        """Keep it in this process."""
        self._known[endpoint, model] = way


class NoArchive:
    """Keeps nothing."""

    def load(self, asked: str) -> bytes | None:  # noqa: ARG002
        """Nothing was kept."""
        return None

    def save(self, asked: str, data: bytes) -> None:
        """Nothing is kept."""


def tell_nobody(waiting: Waiting | None) -> None:
    """Nobody asked."""


def conditions(
    *,
    wait: Wait,
    gate: Gate | None = None,
    till: Till | None = None,
    memory: Memory | None = None,
    archive: Archive | None = None,
    timeout_seconds: float = 120.0,
    deadline_seconds: float = 300.0,
    retry_seconds: float = 1.0,
) -> Conditions:
    """Those of a provider by itself, but for what a test is about."""
    return Conditions(
        wait=wait,
        clock=SystemClock(),
        beat=lambda: None,
        gate=NoGate() if gate is None else gate,
        till=OpenTill() if till is None else till,
        memory=NoMemory() if memory is None else memory,
        archive=NoArchive() if archive is None else archive,
        timeout_seconds=timeout_seconds,
        deadline_seconds=deadline_seconds,
        retry_seconds=retry_seconds,
        tell=tell_nobody,
    )

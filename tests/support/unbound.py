"""A provider by itself: nobody paces it, nobody counts what it costs, nothing is kept. For tests alone."""

from imaginized.clock import SystemClock
from imaginized.limits.gate import Gate, Wait
from imaginized.limits.outages import Miss
from imaginized.money.calls import Call, Reservation, Till, Usage
from imaginized.process.waiting import Waiting
from imaginized.providers.openai.calling import Archive, Conditions
from imaginized.providers.openai.ladder import Memory
from imaginized.providers.openai.trial import Fresh, Unkept, Unpaced


class NoGate(Unpaced):
    """Lets every call pass."""

    def missed(self, key: str, miss: Miss) -> bool:  # noqa: ARG002
        """Only the caller itself tries again."""
        return False


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


NoMemory = Fresh
NoArchive = Unkept


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

"""What stands between a provider and each HTTP call: the gate that paces it, and a till where nobody counts money."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from imaginized.providers.api import Call, Reservation, Usage
from imaginized.providers.limits import Limits
from imaginized.providers.outages import Miss

Wait = Callable[[float], None]  # waits so many seconds, says meanwhile that the work goes on; raises Interrupted


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a call waits for, for people.

    Attributes:
        what: Its turn, the answer, the end of a pause after a failure, or that the endpoint can be reached again.
        on: The endpoint.
        seconds: For how long it has been asked about the same.
        errors: How often that has failed so far.
        last_error: How it did last, in a few words.
    """

    what: Literal["turn", "answer", "pause", "endpoint"]
    on: str
    seconds: float = 0.0
    errors: int = 0
    last_error: str = ""


Tell = Callable[[Waiting | None], None]  # None: waits for nothing any more


def tell_nobody(waiting: Waiting | None) -> None:
    """Nobody asked."""


class Gate(Protocol):
    """Paces the calls of all workers. Every method names the key (endpoint and account) it is about."""

    def permit(
        self, key: str, limits: Limits, *, wait: Wait, tokens: int, spacing: str
    ) -> AbstractContextManager[object]:
        """Wait until a call of so many tokens may be sent; it counts as in flight for as long as the context lasts.

        Args:
            key: Whose limits they are.
            limits: As the settings have them.
            wait: How to wait.
            tokens: The most the call takes, in and out.
            spacing: What the call is about; a pacing by chapter keeps calls about the same apart.

        Raises:
            Paused: The provider waits for a person.
            Unreachable: Nobody answers there, and it is another one's turn to try.
        """

    def missed(self, key: str, miss: Miss) -> bool:
        """A call got no answer; whether the endpoint is unreachable now, for all. Said within the permit."""

    def answered(self, key: str) -> None:
        """A call got an answer of the endpoint's own, good or bad."""

    def hold(self, key: str, seconds: float) -> None:
        """Nobody may call for so many seconds."""

    def slow_down(self, key: str) -> None:
        """The endpoint had too much: fewer calls in flight. Said within the permit of the call it refused."""

    def speed_up(self, key: str) -> None:
        """A call went well."""

    def use(self, key: str, tokens: int) -> None:
        """What the last call of this process really took, in and out."""

    def pause(self, key: str, reason: str) -> None:
        """Nobody may call until a person resumes."""

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """What the endpoint says of its own limits: x-ratelimit-* headers, names in lower case."""


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

    def hold(self, key: str, seconds: float) -> None:
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

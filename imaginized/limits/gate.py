"""The gate that paces the calls to an endpoint, for all workers together."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from imaginized.limits.outages import Miss
from imaginized.limits.rules import Limits, Probe

Wait = Callable[[float], None]  # waits so many seconds, says meanwhile that the work goes on; raises Interrupted


NO_LIMITS = Limits()
ASKED = "asked to wait by the endpoint"


class Prober(Protocol):
    """Lets one worker at a time try an endpoint that cannot be reached. Every method names the key it is about."""

    def take_probe(self, key: str) -> Probe:
        """Whether this process may claim work for the endpoint. Raises Retryable, OSError."""

    def drop_probe(self, key: str) -> None:
        """This process tries the endpoint no more: the next one may."""

    def missed(self, key: str, miss: Miss) -> bool:
        """A call got no answer; whether the endpoint is unreachable now, for all."""

    def paused(self) -> dict[str, str]:
        """The keys that wait for a person, and why. Raises Retryable, OSError."""


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

    def hold(self, key: str, seconds: float, *, reason: str = ASKED) -> None:
        """Nobody may call for so many seconds; `reason` is shown to people."""

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

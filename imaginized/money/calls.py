"""A call that is paid for: what it is at most, what it took, and the till that it is paid through."""

from dataclasses import dataclass
from typing import Literal, Protocol

UNHEARD = "not heard of again"  # the outcome of a call whose end nobody told


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to an endpoint that is about to be sent: all that can be known of its price.

    Attributes:
        model: As the endpoint names it.
        endpoint: Base URL; one on this machine or in a private network costs nothing unless a price is given.
        prompt_digest: SHA-256 of what is sent, hex; what is sent itself is recorded nowhere.
        tokens_in: The most it can have.
        tokens_out_max: The most that may come back, as the request limits it.
        images: How many are asked for.
        size: Of an image, as the endpoint names it ("1536x1024"); "" where it is not said.
        quality: Of an image, as the endpoint names it ("high"); "" where it is not said.
    """

    kind: Literal["text", "image"]
    model: str
    endpoint: str
    prompt_digest: str
    tokens_in: int
    tokens_out_max: int
    images: int = 0
    size: str = ""
    quality: str = ""

    @property
    def sort(self) -> str:
        """Calls of one sort tell what such a call usually costs."""
        return f"{self.kind} {self.model}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call took, as the endpoint says. None is "it did not say", and counts as the most that was reserved.

    Attributes:
        tokens_in: Of the prompt.
        tokens_out: Of the answer, reasoning included.
        tokens_cached: Of the prompt's, those that the endpoint says it had; 0 where it does not say.
        images: How many came back.
        cost_usd: What the endpoint says it charged (OpenRouter does); it goes before the price table.
    """

    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int = 0
    images: int | None = None
    cost_usd: float | None = None


class Reservation(Protocol):
    """Money set aside for one call. End it once; one left open (its process was killed) counts as spent in full."""

    def settle(self, usage: Usage, *, outcome: str) -> float | None:
        """The call was sent: record what it took; returns what it cost, None where nobody knows the price.

        Args:
            usage: Of the answer. `Usage()` for a call of which nobody knows what was charged: a timeout, a dropped
                connection, a cut body. It counts as all that was reserved.
            outcome: "ok", or in a few words what came instead ("timeout", "http 500", "refused"); no key, no book text.
        """

    def cancel(self, *, outcome: str) -> None:
        """Nothing was charged: it was not sent, or the endpoint turned it away (connection refused, 400, 401, 429)."""


class Till(Protocol):
    """Where a provider pays. It knows the book in work, the caps and the prices.

    Reserve directly before sending, after the wait for the limiter: once for every HTTP request, retries included.
    """

    def reserve(self, call: Call) -> Reservation:
        """Set the worst-case price of a call aside, unless that passes a cap.

        Raises:
            Held: A cap would be passed or the price is unknown: the book waits for a person. Send nothing; let it rise.
        """

"""The seam to a client for HTTP: what is sent, what comes back, and how nothing comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from imaginized.errors import ImaginizedError
from imaginized.limits.outages import Miss, Silence

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back over HTTP; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Dropped(ImaginizedError):
    """No answer came: a timeout, a refused or broken connection.

    Attributes:
        was_sent: Whether the endpoint may have worked on it.
        silence: How it did not answer.
    """

    def __init__(self, message: str, *, was_sent: bool, is_late: bool = False) -> None:
        """Keep beside the message whether it may have cost something, and whether the endpoint took too long."""
        super().__init__(message)
        self.was_sent = was_sent
        took = Silence.SLOW if is_late else Silence.GATEWAY
        self.silence = took if was_sent else Silence.UNCONNECTED


class Unfit(ImaginizedError):
    """An answer came that is none whatever it says: too large, or compressed in no way that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for an answer.

    Attributes:
        silence_seconds: Longest time without a byte.
        total_seconds: Longest time over all, from connecting to the last byte, however steadily bytes come.
    """

    silence_seconds: float
    total_seconds: float


class Transport(Protocol):
    """Sends one request, once."""

    def chat(self, body: Body, *, patience: Patience) -> Answer:
        """Post a chat completion; raises Dropped, Unfit."""

    def image(self, body: Body, *, patience: Patience) -> Answer:
        """Post an image generation; raises Dropped, Unfit."""

    def knock(self, *, timeout_seconds: float) -> None:
        """Send something that costs nothing; raises Dropped, Unfit."""


@runtime_checkable
class Reachable(Protocol):
    """A provider behind a network."""

    def knock(self) -> Miss | None:
        """What became of an attempt to connect where it failed; None where somebody is there."""

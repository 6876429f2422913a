"""What a call to an endpoint is made with: whom it asks, and what all calls of a process share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from imaginized.clock import Clock
from imaginized.limits.gate import NO_LIMITS, Gate, Wait
from imaginized.limits.rules import Limits
from imaginized.money.calls import Till
from imaginized.process.waiting import Tell
from imaginized.providers.keys import Key, account_of
from imaginized.providers.openai.ladder import Memory
from imaginized.providers.openai.transport import Patience
from imaginized.providers.raster import to_jpeg


class Archive(Protocol):
    """Keeps the answers of a book's calls, so that a killed process costs one call at most."""

    def load(self, asked: str) -> bytes | None:
        """What was answered; None if nothing was."""

    def save(self, asked: str, data: bytes) -> None:
        """Keep an answer, durably."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A model and where it is asked for.

    Attributes:
        key: None where none is needed.
        is_for_book: Whether a book alone asks for this model, so that its refusal is no other book's business.
    """

    base_url: str
    model: str
    key: Key | None = None
    limits: Limits = NO_LIMITS
    is_for_book: bool = False

    @property
    def account(self) -> str:
        """Whose limits count."""
        return account_of(self.base_url, self.key)


def _not_yet(_data: bytes) -> None:
    """It is decoded when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What all calls of a process share.

    Attributes:
        wait: Waits, and says meanwhile that the work goes on.
        beat: Says that the work goes on; told of every byte that comes, and interrupts nothing.
        timeout_seconds: Longest silence of an endpoint.
        deadline_seconds: Longest time over one call with all its tries, however steadily bytes come.
        retry_seconds: Longest first pause after a failure; doubles with each.
        unreachable_retry_seconds: How often an endpoint that nobody can reach is tried again.
        tell: Hears what a call waits for.
        decode: Makes a JPEG of a picture that came; raises NoImage.
        begin: Told of a picture as it is found: it may be decoded while the answer is kept and booked.
    """

    wait: Wait
    clock: Clock
    beat: Callable[[], None]
    # Without defaults: a call that is paid by nobody, paced by nobody or kept nowhere cannot be made by leaving it out.
    gate: Gate
    till: Till
    memory: Memory
    archive: Archive
    timeout_seconds: float = 120.0
    deadline_seconds: float = 300.0
    retry_seconds: float = 1.0
    unreachable_retry_seconds: float = 30.0
    tell: Tell
    decode: Callable[[bytes], bytes] = to_jpeg
    begin: Callable[[bytes], None] = _not_yet

    @property
    def patience(self) -> Patience:
        """With a call that nothing came before."""
        return Patience(silence_seconds=self.timeout_seconds, total_seconds=self.deadline_seconds)

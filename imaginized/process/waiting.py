"""What a call to an endpoint waits for, as workers tell it the supervisor and people are told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What a call waits for, for people.

    Attributes:
        what: Its turn, the answer, the end of a pause after a failure, that the endpoint can be reached again, the
            parts of its chapter that other workers are at, or a free host.
        on: The endpoint, or those workers, or hosts.
        seconds: For how long it has been asked about the same.
        errors: How often that has failed so far.
        last_error: How it did last, in a few words.
    """

    what: Literal["turn", "answer", "pause", "endpoint", "parts", "host"]
    on: str
    seconds: float = 0.0
    errors: int = 0
    last_error: str = ""


Tell = Callable[[Waiting | None], None]  # None: waits for nothing any more

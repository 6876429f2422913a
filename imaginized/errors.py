"""Errors, sorted by what the caller does next.

ImaginizedError
├── Retryable(after_seconds)   wait that long, then the same again; no attempt is used
│   └── Unreachable            nobody answers at the endpoint; one worker tries it for all, the others do other work
├── Rejected(reason)           never again with this input; the reason and the next step are for a person
├── Unanswered(reason)         an endpoint gave no usable answer for as long as a chapter may wait; a failed attempt
├── Held(reason)               the book waits for a person: budget or approval; no attempt is used
├── Paused                     the provider waits for a person: key or quota; no attempt is used
├── Unconfined                 this machine lacks a part of the reader's sandbox; nothing was read, no attempt is used
├── ClaimLost                  somebody else owns it now; drop the result
├── Interrupted                told to stop; give the claim back without cost
├── LibraryBusy                the lock did not come free; the message names its holder
├── ManifestCorrupt            put aside; a person decides
├── LibraryInUse               another supervisor holds the library; exit 7
├── SocketInUse                another program has the control socket; exit 7
├── ControlError               the daemon answered with an error
└── SettingsError              all mistakes of the settings at once; exit 10
"""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum

from imaginized.reasons import Code, Reason


class ExitCode(IntEnum):
    """What the programs return; part of the interface (README)."""

    OK = 0
    BUG = 1
    USAGE = 2
    NOT_RUNNING = 3
    NO_SUCH_BOOK = 4
    PERMISSION = 5
    PROTOCOL_MISMATCH = 6
    NEEDS_ATTENTION = 7
    REJECTED = 8
    NOTHING_TO_DO = 9
    BAD_SETTINGS = 10
    TIMED_OUT = 124
    INTERRUPTED = 130


class ImaginizedError(Exception):
    """Everything we raise on purpose."""


class Retryable(ImaginizedError):
    """A passing fault.

    Attributes:
        after_seconds: How long to wait before the same call may succeed.
    """

    def __init__(self, message: str, *, after_seconds: float) -> None:
        """Keep the wait beside the message."""
        super().__init__(message)
        self.after_seconds = after_seconds


class Unreachable(Retryable):
    """Nobody answers at the endpoint. One worker tries it again for all; until then the others do other work."""


class Rejected(ImaginizedError):
    """This input will never do.

    Attributes:
        reason: Why, and what to do next.
    """

    def __init__(self, text: str, *, code: Code, advice: str = "", name: str = "") -> None:
        """Say why; `text` and `advice` as in `Reason`, `name` of the file it is about."""
        self.reason = Reason(code, text, advice)
        super().__init__(f"{name}: {self.reason}" if name else str(self.reason))

    def about(self, name: str) -> "Rejected":
        """The same, said of this file."""
        return Rejected(self.reason.text, code=self.reason.code, advice=self.reason.advice, name=name)


class Unanswered(ImaginizedError):
    """The endpoint gave no usable answer for as long as a chapter may wait; counts as a failed attempt.

    Attributes:
        reason: Why.
        is_final: Whether it answered, and was paid, and nothing came of it: another attempt is a person's to want.
    """

    def __init__(
        self, text: str, *, code: Code = Code.PROVIDER_SILENT, advice: str = "", is_final: bool = False
    ) -> None:
        """Say which endpoint."""
        super().__init__(text)
        self.reason = Reason(code, text, advice)
        self.is_final = is_final


class Held(ImaginizedError):
    """The book waits for a person: budget or approval. No attempt is used; the message says why.

    Attributes:
        code: Of the reason.
        until: When it resumes automatically; None: when it is approved.
        approve_usd: What it may cost in all once it is approved.
        any_price: Whether approving it accepts prices that nobody knows.
    """

    def __init__(
        self,
        message: str,
        *,
        code: Code,
        until: datetime | None = None,
        approve_usd: float = 0.0,
        any_price: bool = False,
    ) -> None:
        """Keep what approving means beside the message."""
        super().__init__(message)
        self.code = code
        self.until = until
        self.approve_usd = approve_usd
        self.any_price = any_price


PAUSED_ADVICE = "check key and quota, then `imaginizectl reload`"


class Paused(ImaginizedError):
    """The provider waits for a person: key or quota. No attempt is used."""


class Unconfined(ImaginizedError):
    """The settings demand the reader's sandbox, and it is not whole. Nothing was read; the message says what lacks.

    Attributes:
        found: The reader's own `Confinement`, ready for JSON.
    """

    def __init__(self, message: str, *, found: Mapping[str, object]) -> None:
        """Say what is not whole."""
        super().__init__(message)
        self.found = found


class WorkLost(ImaginizedError):
    """Files of a book are gone that cannot be made again; counts as a failed attempt.

    Attributes:
        reason: Which, and what to do.
    """

    def __init__(self, text: str, *, advice: str = "") -> None:
        """Say which; `text` and `advice` as in `Reason`."""
        self.reason = Reason(Code.FILES_LOST, text, advice)
        super().__init__(str(self.reason))


class ClaimLost(ImaginizedError):
    """The fence no longer matches: the chapter or step was reaped, retried or cancelled meanwhile."""


class Interrupted(ImaginizedError):
    """The worker was told to stop; what is done so far is kept."""


class LibraryBusy(ImaginizedError):
    """A book's lock did not come free in time."""


class ManifestCorrupt(ImaginizedError):
    """A manifest does not parse or is of a newer version."""


class LibraryInUse(ImaginizedError):
    """Another supervisor runs on this library."""


class SocketInUse(ImaginizedError):
    """Another daemon has the control socket, or something else is at its path; the message says which."""


class SettingsError(ImaginizedError):
    """The settings cannot be used; the message lists every mistake.

    Attributes:
        mistakes: Each of them, a line each.
    """

    def __init__(self, *mistakes: str) -> None:
        """Say what is wrong."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class ControlError(ImaginizedError):
    """The daemon refused a call, or cannot be reached.

    Attributes:
        exit_code: What the client returns.
        code: Of the reason; None where the exit code says it all.
        text: What is wrong, without the advice.
        advice: What to do; "" where the text says it, or nothing helps.
    """

    def __init__(self, text: str, *, exit_code: ExitCode, code: Code | None = None, advice: str = "") -> None:
        """Keep the codes beside the message."""
        super().__init__(f"{text}; {advice}" if advice else text)
        self.exit_code = exit_code
        self.code = code
        self.text = text
        self.advice = advice

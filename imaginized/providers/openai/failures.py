"""What an endpoint's error means for what happens next. Pure: status, headers and body in, a failure out."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from imaginized.errors import Rejected
from imaginized.limits.durations import read_number, read_span
from imaginized.limits.outages import Silence, silence_of
from imaginized.reasons import Code

LONGEST_WORDS = 300
NOT_IMPLEMENTED = 501
LEAST_MOMENT = 1_000_000_000.0
LONGEST_AFTER_SECONDS = 7 * 86_400.0  # whatever an endpoint says


class Next(StrEnum):
    """What to do after a failed call."""

    RETRY = "retry"
    PAUSE = "pause"
    DECLINED = "declined"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that brought nothing.

    Attributes:
        next: What to do.
        status: Of HTTP, or the one that the body names; 0 without an answer.
        code: As the endpoint calls the error; "" where it has no word for it.
        words: The endpoint's own, for a person.
        after_seconds: How long the endpoint wants to be left alone; None where it does not say.
        was_charged: Whether the call may have cost something of which nobody can say how much: it was sent whole and no
            answer came, or one that says nothing of it.
        silence: How the endpoint did not answer; None where it did.
    """

    next: Next
    words: str
    status: int = 0
    code: str = ""
    after_seconds: float | None = None
    was_charged: bool = False
    silence: Silence | None = None

    @property
    def reason(self) -> str:
        """The failure in one line."""
        return f"HTTP {self.status}: {self.words}" if self.status else self.words

    @property
    def brief(self) -> str:
        """The failure in a few words, none of them the endpoint's."""
        if self.status:
            return f"HTTP {self.status}"
        return self.words if self.silence else self.code


class TooLong(Rejected):
    """What was asked does not fit into the model's context; the endpoint said so, or left a part of it unread."""

    def __init__(self, text: str) -> None:
        """Say whose context."""
        super().__init__(text, code=Code.TEXT_TOO_LONG)


class Declined(Rejected):
    """The endpoint or its model will not have this content."""

    def __init__(self, text: str) -> None:
        """Say who, and in which words."""
        super().__init__(text, code=Code.PROVIDER_DECLINED)


_QUOTA = re.compile(
    r"insufficient_quota|exceeded your current quota|insufficient (?:credits|funds|balance)|credit balance|billing"
    r"|payment required",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"moderation_blocked|content_policy|content[ _]filter|responsible_?ai|safety (?:system|filter|policy)|flagged"
    r"|content policy|usage polic",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(r"context[_ ](?:length|window|size)|too long|maximum context|exceeds? the available context")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_STATUS = re.compile(r"[45][0-9][0-9]")  # not by int(), which refuses thousands of digits
_PASSING = frozenset({408, 409, 425, 429})


def judge(status: int, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Failure:
    """What an answer means that is an error.

    Args:
        status: Of HTTP; 200 where the body is the error.
        body: All of it.
        headers: Their names in lower case.
        now: For a Retry-After that is a date.
    """
    words, code, named = _read_error(body)
    status = named if status < 400 and named else status
    everything = f"{code} {words}"
    after = retry_after(headers, now=now)
    if status == 402 or (status in (400, 403, 429) and _QUOTA.search(everything)):
        what = Next.PAUSE
    elif status in (400, 403, 422) and _POLICY.search(everything):
        what = Next.DECLINED
    elif status in (401, 403):
        what = Next.PAUSE
    elif 300 <= status < 400:
        what, words = (
            Next.REJECT,
            f"it points to {_plain(headers.get('location', 'another place'))}; set the openai.base_url there",
        )
    elif status < 400 or (status >= 500 and status != NOT_IMPLEMENTED) or status in _PASSING:
        what = Next.RETRY
    else:
        what = Next.REJECT
    return Failure(
        next=what,
        status=status,
        code=code,
        words=words or "no reason given",
        after_seconds=after,
        silence=silence_of(status),
    )  # nobody charges for an error; one that says what it took all the same is charged by that


def is_too_long(failure: Failure) -> bool:
    """Whether the endpoint turned the request away for its length."""
    words = f"{failure.code} {failure.words}".casefold()
    return failure.next is Next.REJECT and (failure.status == 413 or bool(_TOO_LONG.search(words)))


def error_in(body: bytes) -> bool:
    """Whether a body of an HTTP 200 is an error all the same."""
    loaded = _load(body)
    return isinstance(loaded, dict) and bool(loaded.get("error")) and not loaded.get("choices")


def is_markup(body: bytes) -> bool:
    """Whether it is a web page, as of a gateway whose endpoint is down: no model wrote it."""
    return bool(_MARKUP.match(body[:1000]))


def _number(text: str) -> float | None:
    """A count of seconds or milliseconds; what is as large as a moment is neither."""
    number = read_number(text)
    return None if number is None or number >= LEAST_MOMENT else number


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """How many seconds the endpoint wants to be left alone; None where it does not say."""
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return min(milliseconds / 1000, LONGEST_AFTER_SECONDS)
    text = headers.get("retry-after", "").strip()
    if (seconds := _number(text)) is not None:
        return min(seconds, LONGEST_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):  # a year of twenty digits is no year
        span = read_span(text)
        return None if span is None else min(span, LONGEST_AFTER_SECONDS)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_AFTER_SECONDS)


def _load(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _read_error(body: bytes) -> tuple[str, str, int]:
    """An error's words, its code, and the status it names (0 for none)."""
    loaded = _load(body)
    if not isinstance(loaded, dict):
        return _plain(body.decode(errors="replace")), "", 0
    error = loaded.get("error") or loaded
    if not isinstance(error, dict):
        return _plain(str(error)), "", 0
    code = error.get("code") or error.get("type") or ""
    named = next((number for key in ("code", "status") if _is_status(number := error.get(key))), 0)
    return _plain(str(error.get("message") or error.get("detail") or "")), str(code), int(named or 0)


def _is_status(value: object) -> bool:
    return bool(_STATUS.fullmatch(str(value)))


def _plain(text: str) -> str:
    """Words for a person: tags and line breaks go, and what is too long."""
    words = " ".join(re.sub(r"<[^>]*>", " ", text[:5000]).split())
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"

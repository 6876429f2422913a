"""What an endpoint's error means for what happens next. Pure: status, headers and body in, a failure out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from imaginized.errors import Rejected
from imaginized.limits.durations import read_number, read_span
from imaginized.limits.outages import Silence, silence_of
from imaginized.limits.resets import seconds_to_reset, seconds_until_midnight
from imaginized.providers.openai.errors_said import ErrorSaid, fault_in, plain, read_error
from imaginized.reasons import Code

FORBIDDEN = 403
NOT_IMPLEMENTED = 501
TOO_MANY = 429
LEAST_MOMENT = 1_000_000_000.0
LONGEST_AFTER_SECONDS = 7 * 86_400.0  # whatever an endpoint says


class Next(StrEnum):
    """What to do after a failed call; a list that is closed."""

    RETRY = "retry"  # the same again, after the time that is told or a short one
    SMALLER = "smaller"  # what was asked is too much at once
    LESS_ROOM = "less room"  # the same, with a shorter answer allowed
    OTHER_WAY = "other way"  # without what the endpoint does not know, or as a stream
    DECLINED = "declined"
    REST = "rest"  # leave the endpoint alone for longer and try again without anybody
    PAUSE = "pause"  # until a person has seen to it
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
        param: Which part of the request is wrong, as the endpoint names it.
        most_tokens: The longest answer that it allows; 0 where it does not say.
        was_charged: Whether the call may have cost something of which nobody can say how much: it was sent whole and no
            answer came, or one that says nothing of it.
        silence: How the endpoint did not answer; None where it did.
        times: How many failures of one question it makes, itself included; 0 where nobody counts.
    """

    next: Next
    words: str
    status: int = 0
    code: str = ""
    after_seconds: float | None = None
    param: str = ""
    most_tokens: int = 0
    was_charged: bool = False
    silence: Silence | None = None
    times: int = 0

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


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table: errors with one of these statuses and words mean that; the first that fits counts."""

    next: Next
    words: re.Pattern[str]
    statuses: range = range(400, 600)


_OF_ACCOUNT = _any(
    r"(?:invalid|incorrect|wrong|missing|expired|revoked)[ _](?:\w+[ _])?(?:api[ _-]?key|credential|token)",
    r"api[ _-]?key (?:is )?(?:not valid|invalid|missing|required|expired)",
    r"invalid_api_key|api_key_invalid|unauthenticated|unauthorized|authentication",
    r"insufficient[_ ](?:quota|credits?|funds|balance)",
    r"credit balance|payment required|out of credits",
    r"billing (?:hard )?limit|billing details|billing_",
    r"(?:spending|key|credit|budget) limit (?:has been )?(?:reached|exceeded)",
    r"budget (?:has been )?exceeded|budget_exceeded",
    r"exceeded your current quota",
    r"account (?:is |has been )?(?:suspended|disabled|deactivated|blocked)",
    r"unsupported_country|not supported in your",
    r"good standing|arrear|overdue|past due|unpaid|balance (?:is )?(?:too low|not enough|insufficient)",
    r"[余餘][额額]不足|欠[费費]|充值|残高不足|недостаточно средств|saldo insuficiente|solde insuffisant",
)
_ROOM = r"max_(?:completion_|output_|new_)?tokens|completion tokens|output tokens"
_TABLE = (
    # An account that can pay for less, a model that writes less: the same with a shorter answer.
    _Row(Next.LESS_ROOM, _any(r"fewer max_tokens", r"can only afford", r"at most \d+ (?:completion|output) tokens")),
    _Row(Next.LESS_ROOM, _any(rf"(?:{_ROOM})['`]? (?:or '\w+' )?(?:is|are) too (?:large|high|big)"), range(400, 500)),
    _Row(Next.LESS_ROOM, _any(r"max_new_tokens`? must be", r"`?inputs`? tokens \+"), range(400, 500)),
    # More than a minute's allowance, or than the context holds: whatever the status, waiting does not help.
    _Row(Next.SMALLER, _any(r"request too large", r"reduce (?:your|the) (?:message|prompt|input) ?size")),
    _Row(
        Next.SMALLER,
        _any(
            r"context[_ ](?:length|window|size)",
            r"maximum context",
            r"exceeds? the available context",
            r"context (?:shift|the overflows|overflow)",
            r"(?:input|prompt|text|request)['`\"]? is too (?:long|large)(?! for)",
            r"too many (?:input )?tokens",
            r"must (?:have|be) (?:less|fewer|shorter) than \d+ (?:input )?tokens",
            r"max_?(?:seq|sequence|input|model|prompt)_?len",
            r"shorter input",
        ),
    ),
    _Row(Next.SMALLER, _any(r"too long"), range(400, 414)),
    _Row(
        Next.DECLINED,
        _any(
            r"moderation_blocked",
            r"content_policy",
            r"content[ _]filter",
            r"responsible_?ai",
            r"safety[ _](?:system|filter|policy|violation|setting)",
            r"was flagged|flagged for",
            r"content (?:management )?policy",
            r"usage polic",
            r"prohibited[_ ]content",
            r"inappropriate|objectionable|harmful content|unsafe content|sensitive (?:content|information|words?)",
            r"敏感|不安全|违规|違規|不合规",
        ),
        range(400, 500),
    ),
    # The key, the account, the money, the place: a person has to see to it, whatever the status.
    _Row(Next.PAUSE, _OF_ACCOUNT, range(400, 500)),
    _Row(Next.PAUSE, _any(r"must be verified"), range(400, 500)),
    # What holds an answer to its form breaks at it.
    _Row(
        Next.OTHER_WAY,
        _any(r"\bgrammar", r"json[_ ]?schema", r"response_format", r"structured output", r"guided[_ ]decoding"),
        range(500, 600),
    ),
    # A machine that has not got what the model needs: not over in a second, and nobody's chapter.
    _Row(
        Next.REST,
        _any(
            r"out of memory|more (?:system )?memory|not enough memory|insufficient memory|oom\b",
            r"runner process has|process (?:has )?(?:terminated|died|crashed)|cuda error",
        ),
        range(500, 600),
    ),
)
# Of what a week or a month allows nobody knows the reset: looked after once a day.
_DAILY = _any(r"(?:per[ -]|/ ?)(?:day|week|month)\b", r"daily|weekly|monthly", r"\brpd\b", r"\btpd\b")
_BUSY = _any(r"capacity", r"overload", r"throttl", r"rate[ _-]?limit", r"too many requests", r"(?:is|currently) busy")
_AMOUNTS = re.compile(
    r"(?:can only afford|supports? at most|at most|must be <=|maximum(?: of)?|limit(?: of)?)\D{0,20}(\d{1,7})"
)
_INPUT = re.compile(r"(?:has|given:?|have) (\d{1,7}) [`']?(?:input|inputs|prompt)[`']?")
_CONTEXT = re.compile(r"(?:maximum context length is|must be <=|context length of(?: only)?) (\d{1,7})")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_PASSING = frozenset({408, 409, 425, TOO_MANY})
_ABSENT = frozenset({404, 410})


def judge(status: int, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Failure:
    """What an answer means that is an error.

    Args:
        status: Of HTTP; 200 where the body is the error.
        body: All of it.
        headers: Their names in lower case.
        now: For a Retry-After that is a date.
    """
    said = read_error(body, utc=now)
    status = said.status if status < 400 and said.status else status
    after = _wait_of(said, {**said.headers, **headers}, status=status, now=now)
    failure = Failure(
        next=_next(said, status=status, after=after),
        status=status,
        code=said.code,
        words=said.words or "no reason given",
        after_seconds=after,
        param=said.param,
        silence=silence_of(status),
    )  # nobody charges for an error; one that says what it took all the same is charged by that
    if 300 <= status < 400:
        place = plain(headers.get("location", "another place"))
        return replace(failure, words=f"it points to {place}; set the openai.base_url there")
    if is_markup(body):
        # Where all is said to be well it is no gateway's, but a place to sign in, or another address than the API's.
        what = Next.REST if status < 300 else failure.next
        return replace(failure, next=what, words=f"a web page, not the endpoint itself: {failure.words}")
    return replace(failure, most_tokens=_most_tokens(said.everything)) if failure.next is Next.LESS_ROOM else failure


def _next(said: ErrorSaid, *, status: int, after: float | None) -> Next:
    if 300 <= status < 400:
        return Next.PAUSE
    fitting = (row for row in _TABLE if status < 400 or status in row.statuses)
    row = next((row for row in fitting if row.words.search(said.everything)), None)
    # An ordinary limit a minute may speak of quota and billing, too; who says when to come again means that.
    if row is not None and not (row.next is Next.PAUSE and status == TOO_MANY and after is not None):
        return row.next
    if status in (401, 402, 403):
        return Next.PAUSE
    if status < 400 or (status >= 500 and status != NOT_IMPLEMENTED) or status in _PASSING or _is_busy(said, status):
        return Next.RETRY
    return Next.REJECT


def _is_busy(said: ErrorSaid, status: int) -> bool:
    """Whether it says by words what others say by a status of their own."""
    return status not in _ABSENT and bool(_BUSY.search(said.everything))


def _wait_of(said: ErrorSaid, headers: Mapping[str, str], *, status: int, now: datetime) -> float | None:
    """How long the endpoint wants to be left alone, from whatever says so."""
    told = retry_after(headers, now=now)
    if told is None:
        told = said.after_seconds
    if status != TOO_MANY:
        return told
    reset = seconds_to_reset(headers, utc=now)
    if _DAILY.search(said.everything):
        return max(told or 0.0, reset) or seconds_until_midnight(now)
    return told if told is not None else reset or None


def _most_tokens(words: str) -> int:
    """The longest answer that some words allow; 0 where they do not say."""
    context, taken = _CONTEXT.search(words), _INPUT.search(words)
    if context and taken:
        return max(int(context[1]) - int(taken[1]), 0)
    found = _AMOUNTS.search(words)
    return int(found[1]) if found else 0


def is_too_long(failure: Failure) -> bool:
    """Whether the endpoint turned the request away for its length."""
    return failure.next is Next.SMALLER or (failure.next is Next.REJECT and failure.status == 413)


def is_absent(failure: Failure) -> bool:
    """Whether what was asked for is not there at all: no chapter is to blame, and no other one will do better."""
    return failure.next is Next.REJECT and failure.status in _ABSENT and "policy" not in failure.words.casefold()


def is_about_model(failure: Failure) -> bool:
    """Whether the account may not use this model, or not for this, so that whatever else it does goes on."""
    if is_absent(failure):
        return True
    told = f"{failure.code} {failure.words}"
    is_refused = failure.status == FORBIDDEN or "must be verified" in told.casefold()
    return failure.next is Next.PAUSE and is_refused and not _OF_ACCOUNT.search(told)


def error_in(loaded: object) -> bool:
    """Whether what an HTTP 200 says is an error all the same."""
    if isinstance(loaded, list):
        return bool(loaded) and error_in(loaded[0])
    if not isinstance(loaded, dict) or loaded.get("choices"):
        return False
    return bool(loaded.get("error") or loaded.get("errors") or fault_in(loaded))


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

"""What endpoints say in headers of how much is left and when there is more: every spelling, nobody's name. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from imaginized.limits.durations import read_number, read_span

EPOCH_SECONDS = 1_000_000_000.0  # a reset that large is a moment, not a duration
EPOCH_MILLISECONDS = 1_000_000_000_000.0
LONGEST_SECONDS = 86_400.0 * 7
_NAMED = re.compile(r"(?:.*[-_])?rate-?limit(?:[-_].*)?")
# "limit=100, remaining=0, reset=30", and as a structured field: "default";r=0;t=30
_FIELD = re.compile(r"(?<![\w-])(remaining|reset|r|t)\s*=\s*\"?([0-9.]{1,20})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of one allowance.

    Attributes:
        of: What it counts and over what, as its header's name says.
        remaining: How much.
        after_seconds: When there is all of it again; None where nothing says.
    """

    of: str
    remaining: float
    after_seconds: float | None = None

    @property
    def is_of_tokens(self) -> bool:
        """Whether it counts tokens; else requests."""
        return "token" in self.of


def read_left(headers: Mapping[str, str], *, utc: datetime) -> Iterator[Left]:
    """Every allowance that some headers tell of; their names in lower case."""
    for name, value in headers.items():
        if not _NAMED.fullmatch(name):
            continue
        if "remaining" in name and (remaining := read_number(value.strip())) is not None:
            told = headers.get(name.replace("remaining", "reset"), "")
            yield Left(of=name, remaining=remaining, after_seconds=_until(told, name=name, utc=utc))
        elif "remaining" not in name and "reset" not in name:
            yield from _structured(name, value.lower())


def seconds_to_reset(headers: Mapping[str, str], *, utc: datetime) -> float:
    """How long until there is something left of everything; 0 where there is, or nothing is said."""
    spent = (left.after_seconds or 0.0 for left in read_left(headers, utc=utc) if left.remaining <= 0)
    return max(spent, default=0.0)


def seconds_until_midnight(utc: datetime) -> float:
    """To the next UTC day, which is when allowances of a day begin anew where nobody says otherwise."""
    tomorrow = (utc + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - utc).total_seconds()


def read_moment(text: str, *, utc: datetime) -> float | None:
    """Seconds until a moment or over a span: "1m30.5s", "12", epoch seconds or milliseconds, ISO, an HTTP date."""
    text = text.strip()
    number = read_number(text)
    if number is not None:
        moment = number / 1000 if number > EPOCH_MILLISECONDS else number
        return _bounded(moment - utc.timestamp() if number > EPOCH_SECONDS else number)
    if (span := read_span(text)) is not None:
        return _bounded(span)
    at = _date(text)
    return None if at is None else _bounded((at - utc).total_seconds())


def _structured(name: str, value: str) -> Iterator[Left]:
    parts = dict(_FIELD.findall(value))
    remaining, after = parts.get("remaining", parts.get("r")), parts.get("t", parts.get("reset"))
    amount = read_number(remaining) if remaining else None
    if amount is not None:
        seconds = read_number(after) if after else None
        yield Left(of=name, remaining=amount, after_seconds=None if seconds is None else _bounded(seconds))


def _until(text: str, *, name: str, utc: datetime) -> float | None:
    seconds = read_moment(text, utc=utc) if text else None
    return seconds_until_midnight(utc) if seconds is None and "day" in name else seconds


def _date(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
        except (ValueError, OverflowError, TypeError):  # a year of twenty digits is no year
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_SECONDS)

"""What an endpoint's error says, wherever it says it: body, list, string, details, headers in the body. Pure."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from imaginized.limits.durations import UNITS, read_span
from imaginized.limits.resets import LONGEST_SECONDS

LONGEST_WORDS = 300
LONGEST_READ = 4_000  # characters of it that are judged
_STATUS = re.compile(r"[45][0-9][0-9]")  # not by int(), which refuses thousands of digits
_CODES = ("code", "type", "status", "reason")
_WAIT_KEYS = frozenset(
    ("retrydelay", "retryafter", "retryafterseconds", "retryafterms", "estimatedtime", "waitseconds", "resetafter")
)
_TOLD = ("message", "status_msg", "error_msg", "err_msg", "errmsg", "msg", "detail")
_NUMBERS = ("status_code", "error_code", "err_code", "errcode", "code")
_NO_ERROR = frozenset(("", "0", "200", "ok", "success", "none"))
_WAIT = re.compile(
    r"(?:try again|retry|retrying|wait|again|available|resets?)\b[^.;\n0-9]{0,20}?((?:[0-9.]{1,10}\s*"
    r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])[\s,]*(?:and\s+)?)+)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([a-z]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSaid:
    """An error as an endpoint tells it.

    Attributes:
        words: For a person; bounded.
        code: As the endpoint calls it; "" where it has no word for it.
        status: Of HTTP, that the body names; 0 for none.
        param: Which part of the request is wrong; "" where it names none.
        everything: All codes and words of it in lower case, to be judged by.
        after_seconds: How long it wants to be left alone, as the body says; None where it does not.
        headers: Headers that the body carries, of whoever stands behind the endpoint; names in lower case.
    """

    words: str
    code: str = ""
    status: int = 0
    param: str = ""
    everything: str = ""
    after_seconds: float | None = None
    headers: Mapping[str, str]


def read_error(body: bytes, *, utc: datetime) -> ErrorSaid:  # noqa: ARG001 - spans only; moments come in headers
    """An error of a body in whatever shape; of what is no JSON, its words."""
    loaded = load(body)
    if loaded is None:
        words = plain(body.decode(errors="replace"))
        return ErrorSaid(words=words, everything=words.casefold(), after_seconds=wait_in(words), headers={})
    error = _error_of(loaded)
    codes = [str(error[key]) for key in _CODES if isinstance(error.get(key), str | int)]
    named = next((int(text) for key in ("code", "status") if _STATUS.fullmatch(text := str(error.get(key)))), 0)
    words = plain(_words_of(error))
    told = " ".join((*codes, str(error.get("param") or ""), _words_of(error), *_strings(error)))[:LONGEST_READ]
    delays = [seconds for key, value in _pairs(error) if (seconds := _delay(key, value)) is not None]
    return ErrorSaid(
        words=words,
        code=codes[0] if codes else "",
        status=named,
        param=_param_of(error),
        everything=told.casefold(),
        after_seconds=max(delays, default=None) if delays else wait_in(words),
        headers=_headers_of(error),
    )


def load(body: bytes) -> object:
    """JSON, or None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def fault_in(loaded: Mapping[str, object]) -> Mapping[str, object] | None:
    """The error of an answer that calls it none: words beside a number that is not success, and nothing else."""
    for value in (loaded, *loaded.values()):
        if not isinstance(value, dict):
            continue
        words = next((text for key in _TOLD if isinstance(text := value.get(key), str) and text), "")
        code = next((str(told) for key in _NUMBERS if isinstance(told := value.get(key), str | int)), "")
        rest = [each for each in loaded.values() if each is not value and isinstance(each, dict | list) and each]
        if words and code.casefold() not in _NO_ERROR and not rest:
            return {**value, "message": words, "code": code}
    return None


def wait_in(words: str) -> float | None:
    """How long some words ask to wait: "try again in 4s", "Please retry in 1 minute and 30 seconds"."""
    found = _WAIT.search(words[:LONGEST_READ])
    if found is None:
        return None
    seconds = 0.0
    for amount, unit in _AMOUNT.findall(found[1]):
        short = unit.lower()
        size = UNITS["ms"] if short.startswith(("ms", "milli")) else UNITS.get(short[0], 0.0)
        seconds += float(amount) * size
    return min(seconds, LONGEST_SECONDS)


def plain(text: str) -> str:
    """Words for a person: tags and line breaks go, and what is too long."""
    words = " ".join(re.sub(r"<[^>]*>", " ", text[:5000]).split())
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def _error_of(loaded: object) -> Mapping[str, object]:
    """The error itself: the first of a list, the one that is named so, or all there is."""
    if isinstance(loaded, list):
        return _error_of(loaded[0]) if loaded else {}
    if not isinstance(loaded, dict):
        return {"message": str(loaded)}
    error = loaded.get("error") or loaded.get("errors") or fault_in(loaded) or loaded
    if isinstance(error, list):
        return _error_of(error)
    return error if isinstance(error, dict) else {**loaded, "message": str(error)}


def _words_of(error: Mapping[str, object]) -> str:
    for key in ("message", "detail", "msg", "title", "error_description"):
        value = error.get(key)
        if isinstance(value, str) and value:
            return value
        if value:
            inner = [text for text in _strings(value) if " " in text]
            return "; ".join(inner) or json.dumps(value)[:LONGEST_READ]
    return ""


def _param_of(error: Mapping[str, object]) -> str:
    """The name of what is wrong, where one is named, or the last step of its path."""
    if isinstance(param := error.get("param"), str) and param:
        return param
    for key, value in _pairs(error):
        if key == "loc" and isinstance(value, list) and value:
            return str(value[-1])
    return ""


def _headers_of(error: Mapping[str, object]) -> dict[str, str]:
    for key, value in _pairs(error):
        if key == "headers" and isinstance(value, dict):
            return {str(name).lower(): str(text) for name, text in value.items()}
    return {}


def _delay(key: str, value: object) -> float | None:
    name = re.sub(r"[^a-z]", "", key.lower())
    if name not in _WAIT_KEYS or isinstance(value, bool):
        return None
    if isinstance(value, str):
        seconds = read_span(value.strip())
        return None if seconds is None else min(seconds, LONGEST_SECONDS)
    if isinstance(value, int | float) and 0 <= value < 1e9:
        return min(value / 1000 if name.endswith("ms") else float(value), LONGEST_SECONDS)
    return None


def _pairs(value: object, depth: int = 0) -> Iterator[tuple[str, object]]:
    """Every key with its value, however deep, but not endlessly."""
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key), each
            yield from _pairs(each, depth + 1)
    elif isinstance(value, list):
        for each in value[:50]:
            yield from _pairs(each, depth + 1)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for _, each in _pairs(value):
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            yield from (text for text in each if isinstance(text, str))

"""What an answer says that it took, as far as that can be; what it does not say is counted from what was sent."""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil

from imaginized.money.calls import Usage
from imaginized.money.estimating import CHARACTERS_A_TOKEN

MOST_TOKENS = 100_000_000  # of one call; more is nonsense
MOST_USD = 1_000.0  # likewise


def usage_of(answer: Mapping[str, object]) -> Usage:
    """What an answer says it took; numbers that cannot be are as if it had not said them."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return Usage()
    data = answer.get("data")
    tokens_in = _count(usage, "prompt_tokens", "input_tokens")
    return Usage(
        tokens_in=tokens_in,
        tokens_out=_tokens_out(usage, tokens_in=tokens_in),
        tokens_cached=_cached(usage),
        images=len(data) if isinstance(data, list) else None,
        cost_usd=_amount(usage.get("cost")),
    )


def with_counts(usage: Usage, *, sent: int, answered: int) -> Usage:
    """The same with tokens counted from characters where the endpoint did not say them.

    Args:
        usage: What it said.
        sent: Characters of the prompt.
        answered: Characters of the answer; 0 where that is no text, and then nothing is counted.
    """
    if not answered or usage.cost_usd is not None:
        return usage
    return replace(
        usage,
        tokens_in=ceil(sent / CHARACTERS_A_TOKEN) if usage.tokens_in is None else usage.tokens_in,
        tokens_out=ceil(answered / CHARACTERS_A_TOKEN) if usage.tokens_out is None else usage.tokens_out,
    )


def _tokens_out(usage: Mapping[str, object], *, tokens_in: int | None) -> int | None:
    """Of the answer: some leave thoughts out of it and count them in the total alone; they charge for them."""
    told = _count(usage, "completion_tokens", "output_tokens")
    total = _count(usage, "total_tokens")
    if total is None or tokens_in is None:
        return told
    return max(told or 0, total - tokens_in)


def _cached(usage: Mapping[str, object]) -> int:
    """Of the prompt, what the endpoint had in its cache."""
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details")
    inside = _count(details, "cached_tokens") if isinstance(details, dict) else None
    return inside or _count(usage, "prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens") or 0


def _amount(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= MOST_USD else None  # type: ignore[operator, arg-type]


def _count(usage: Mapping[str, object], *names: str) -> int | None:
    return next((count for name in names if (count := _whole(usage.get(name))) is not None), None)


def _whole(value: object) -> int | None:
    """A count, also as 3000.0; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_count = 0 <= value <= MOST_TOKENS and int(value) == value
    return int(value) if is_count else None

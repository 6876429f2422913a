"""What an answer says that it took, as far as that can be."""

from collections.abc import Mapping

from imaginized.money.calls import Usage

MOST_TOKENS = 100_000_000  # of one call; more is nonsense
MOST_USD = 1_000.0  # likewise


def usage_of(answer: Mapping[str, object]) -> Usage:
    """What an answer says it took."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        return Usage()
    data = answer.get("data")
    return Usage(
        tokens_in=_count(usage, "prompt_tokens", "input_tokens"),
        tokens_out=_count(usage, "completion_tokens", "output_tokens"),
        images=len(data) if isinstance(data, list) else None,
        cost_usd=_amount(usage.get("cost")),
    )


def _amount(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= MOST_USD else None  # type: ignore[operator, arg-type]


def _count(usage: Mapping[str, object], *names: str) -> int | None:
    return next((value for name in names if isinstance(value := usage.get(name), int) and _is_count(value)), None)


def _is_count(value: int) -> bool:
    return not isinstance(value, bool) and 0 <= value <= MOST_TOKENS

"""How long endpoints say that something takes, read in one place."""

from datetime import UTC, datetime

import pytest

from imaginized.limits.durations import read_number, read_span
from imaginized.providers.openai.failures import LONGEST_AFTER_SECONDS, retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1m30.5s", 90.5),
        ("20ms", 0.02),
        ("1h2m", 3720.0),
        ("2d", 172_800.0),
        *((text, None) for text in ("", "12", "1 m", "m", "-1s", "1m30", "1e3s", "١s", "9" * 99 + "s")),
    ],
)
def test_a_span_is_a_number_with_its_unit_or_several(text: str, seconds: float | None) -> None:
    """Anything else is none, however long it is."""
    assert read_span(text) == seconds


@pytest.mark.parametrize(("text", "number"), [("12", 12.0), ("0.5", 0.5), ("", None), ("12s", None), ("9" * 99, None)])
def test_a_number_has_no_unit(text: str, number: float | None) -> None:
    """What it counts is known to who reads it."""
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("12", 12.0), ("1m30s", 90.0), ("9d", LONGEST_AFTER_SECONDS), ("1790000000", None), ("soon", None)],
)
def test_retry_after_is_seconds_or_a_span_and_never_a_moment_in_seconds(value: str, seconds: float | None) -> None:
    """An endpoint that gives the moment instead is not waited for for half a century."""
    assert retry_after({"retry-after": value}, now=NOW) == seconds

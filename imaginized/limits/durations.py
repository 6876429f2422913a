"""How long endpoints say that something takes: "12", "1m30.5s", "20ms"."""

import re

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_PART = re.compile(rf"({_NUMBER.pattern})(ms|s|m|h|d)")


def read_number(text: str) -> float | None:
    """A plain number, whatever it counts; None for anything else."""
    return float(text) if _NUMBER.fullmatch(text) else None


def read_span(text: str) -> float | None:
    """Seconds of a number with its unit, or of several; None where it is none."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * UNITS[unit] for number, unit in parts)

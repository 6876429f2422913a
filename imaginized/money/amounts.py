"""Amounts of money as people read them. Pure, and quick to import: the client starts at once."""

import math

CENT_DIGITS = 2
SMALLEST_DIGITS = 6  # of the ledger


def dollars(usd: float) -> str:
    """An amount to the cent, below a dollar with three digits that count: "12.50", "0.25", "0.0119", "0.000042"."""
    digits = CENT_DIGITS
    if 0 < usd < 1:
        digits = min(2 - math.floor(math.log10(usd)), SMALLEST_DIGITS)
    whole, _, rest = f"{usd:.{digits}f}".partition(".")
    return f"{whole}.{rest[:CENT_DIGITS]}{rest[CENT_DIGITS:].rstrip('0')}"

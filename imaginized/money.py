"""Amounts of money as people read them. Pure; imports nothing, so that the client starts at once."""

WHOLE_DIGITS = 2
CENT = 0.01
MOST_DIGITS = 6  # of the ledger


def dollars(usd: float) -> str:
    """An amount with as many digits as it takes to tell it from others of its size: "12.50", "0.0119", "0.000042"."""
    digits = WHOLE_DIGITS if usd >= 1 or usd == 0 else MOST_DIGITS if usd < CENT else 2 * WHOLE_DIGITS
    whole, _, rest = f"{usd:.{digits}f}".partition(".")
    return f"{whole}.{rest[:WHOLE_DIGITS]}{rest[WHOLE_DIGITS:].rstrip('0')}"

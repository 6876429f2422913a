"""What a reservation must not pass: plain numbers, so that whoever keeps the ledger can tell. Pure."""

from dataclasses import dataclass
from typing import Literal

from imaginized.money.days import Balance

Which = Literal["book", "day", "soon"]


class OverCap(Exception):
    """A cap would be passed.

    Attributes:
        which: The book's or the day's by what is spent; "soon" where only calls under way stand between.
        balance: As it stands.
    """

    def __init__(self, which: Which, balance: Balance) -> None:
        """By so much as the balance says."""
        super().__init__(which)
        self.which: Which = which
        self.balance = balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The check of a reservation.

    Attributes:
        usd: What is to be reserved.
        book_usd: The most that the book may cost; None for no cap.
        day_usd: The most that a day may cost; None for no cap.
    """

    usd: float = 0.0
    book_usd: float | None = None
    day_usd: float | None = None

    def __call__(self, balance: Balance) -> None:
        """Object to what would pass a cap.

        Raises:
            OverCap: It would.
        """
        if self._passes(balance.book_spent, self.book_usd):
            raise OverCap("book", balance)
        if self._passes(balance.day_spent, self.day_usd):
            raise OverCap("day", balance)
        book, day = balance.book_spent + balance.book_reserved, balance.day_spent + balance.day_reserved
        if self._passes(book, self.book_usd) or self._passes(day, self.day_usd):
            raise OverCap("soon", balance)

    def _passes(self, usd: float, cap: float | None) -> bool:
        return cap is not None and passes(usd + self.usd, cap)


NO_CAPS = Caps()


def passes(usd: float, cap: float) -> bool:
    """Whether an amount is above a cap, by a millionth at least."""
    return round(usd - cap, 6) > 0

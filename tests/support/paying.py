"""A process that pays: run as a program, it reserves and settles until the book is held. For test_money.py.

python -m tests.support.paying LIBRARY BOOK CAP HOW: HOW is "pay", or "die" right after the first reservation.
"""

import os
import random
import signal
import sys
from pathlib import Path

from imaginized.clock import Clock, SystemClock
from imaginized.errors import Held, Retryable
from imaginized.money.calls import Call, Usage
from imaginized.money.ledger import Ledger
from imaginized.money.prices import PriceTable, parse_prices
from imaginized.money.till import BookTill, Customer
from imaginized.queue.manifest import Approval
from imaginized.settings.model import Budget
from imaginized.store.files import BookFiles
from imaginized.store.owners import current_owner

PRICES = """
[[text]]
model = "dear"
input_usd_per_million = 1000
output_usd_per_million = 1000
date = 2026-01-31
"""
CALL = Call(
    kind="text",
    model="dear",
    endpoint="https://api.example.com/v1",
    prompt_digest="0" * 64,
    tokens_in=20,
    tokens_out_max=30,
)
CALL_USD = 0.05


def make_till(
    library: Path, *, budget: Budget, clock: Clock | None = None, prices: PriceTable | None = None
) -> BookTill:
    """A till of this process."""
    clock = clock or SystemClock()
    ledger = Ledger(library, clock=clock, owner=current_owner("worker-1", pid=os.getpid()))
    return BookTill(ledger, prices=prices or parse_prices(PRICES, origin="t"), budget=budget, clock=clock)


def customer(library: Path, book: str = "a-book", *, approval: Approval | None = None) -> Customer:
    """A book of that library."""
    return Customer(
        book=book, files=BookFiles(library / book), chapter=1, approval=lambda: approval, high_usd=lambda: 0.5
    )


def pay(till: BookTill) -> int:
    """Pay random parts of what is reserved until the book is held; returns how many calls were paid."""
    calls = 0
    while True:
        try:
            reservation = till.reserve(CALL)
        except Held:
            return calls
        except Retryable:
            continue
        reservation.settle(Usage(tokens_in=random.randint(1, 20), tokens_out=random.randint(0, 30)), outcome="ok")
        calls += 1


def main() -> None:
    """Say ready, wait for a line, then pay."""
    library, book, cap, how = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4]
    till = make_till(library, budget=Budget(max_usd_per_book=cap, approve_above_usd=cap))
    with till.serve(customer(library, book)):
        print("ready", flush=True)
        sys.stdin.readline()
        if how == "die":
            till.reserve(CALL)
            os.kill(os.getpid(), signal.SIGKILL)
        print(pay(till), flush=True)


if __name__ == "__main__":
    main()

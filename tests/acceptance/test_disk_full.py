"""F17 for what all books share: the limits and the ledger on a disk that is full to the last byte."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.limits.rules import Limits
from imaginized.limits.shared import LIMITS, shared_limiter
from imaginized.money.ledger import FOLDER, Ledger
from imaginized.store.owners import current_owner
from tests.acceptance.test_inbox_failures import mounted
from tests.acceptance.test_inbox_hostility import fill

KEY = "http://127.0.0.1:1/v1#0"


def error_of(act: Callable[[], None]) -> int | None:
    try:
        act()
    except OSError as error:
        return error.errno
    return None


def test_f17_full_disk_tears_neither_the_limits_nor_the_ledger(tmp_path: Path) -> None:
    """F17: each is refused with "no space", keeps what it had, and goes on by itself when there is room."""
    clock, me = SystemClock(), current_owner("worker-1", pid=os.getpid())
    with mounted(tmp_path / "small", megabytes=1) as disk:
        limiter = shared_limiter(disk, owner=me, clock=clock)
        ledger = Ledger(disk, clock=clock, owner=me)

        def ask() -> None:
            with limiter.permit(KEY, Limits(), wait=lambda _seconds: None):
                pass

        def reserve() -> None:
            ledger.reserve("a-book", usd=1.0, check=lambda _balance: None)

        ask()
        reserve()
        fill(disk / "ballast", disk, leave=0)
        refusals = [error_of(ask)]
        while (error := error_of(reserve)) is None:
            pass  # a line may fit into the last page
        refusals.append(error)
        reserved = ledger.balance("a-book").book_reserved
        (disk / "ballast").unlink()
        ask()
        reserve()
        (day,) = (disk / FOLDER).glob("*.jsonl")
        rows = [json.loads(line) for line in day.read_text().splitlines()]
        standings = limiter.standings()
        files = [path.name for path in disk.iterdir() if path.name.startswith(LIMITS)]

    assert refusals == [errno.ENOSPC, errno.ENOSPC]
    assert len(rows) == reserved + 1
    assert standings[KEY].today == 2
    assert files == [LIMITS]

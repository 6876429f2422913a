"""`rate_limit` as the endpoint sees it: free and paid follow the seed's table on its clock, in fast motion."""

import os
import re
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imaginized.limits.shared import shared_limiter
from imaginized.logs.log import get_log
from imaginized.money.ledger import Ledger
from imaginized.money.prices import PriceTable
from imaginized.money.till import BookTill
from imaginized.process.channel import Orders, channel_pair
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.providers.keys import NO_KEYS
from imaginized.providers.registry import Surroundings
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from imaginized.queue.plan import Phase, phase
from imaginized.reading.quotes import find_quote
from imaginized.settings.file import load_settings
from imaginized.settings.model import Budget, Settings
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.work.provision import make_text
from imaginized.work.task_context import Bench
from imaginized.work.worker import pace_of, work
from imaginized.work.workshop import Workshop
from tests.support.crash_steps import prepare, take_in
from tests.support.epubs import make_epub
from tests.support.waiting import eventually

BEGAN = time.monotonic()
SPEED = 60.0
ON_THE_WAY_SECONDS = 0.1 * SPEED  # a request may have been longer on its way to the server than the next one


class FastClock:
    """So many times as fast as the machine's."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def monotonic(self) -> float:
        return (time.monotonic() - BEGAN) * self.speed

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.monotonic())


class FastWake(threading.Event):
    """Waits in fast motion."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait((timeout or 0.0) / self._speed)


class FastOrders(Orders):
    """Hears its own order to drain only."""

    def __init__(self, speed: float) -> None:
        self._heard = set()
        self.wake = FastWake(speed)

    def hear(self) -> bool:
        return True


def shop_for(slot: str, settings: Settings, clock: FastClock, stack: ExitStack) -> Workshop:
    """A worker's workshop in this process."""
    owner = current_owner(slot, pid=os.getpid())
    ours, theirs = channel_pair()
    stack.enter_context(ours)
    stack.enter_context(theirs)
    orders = FastOrders(clock.speed)
    library = settings.paths.library
    till = BookTill(Ledger(library, clock=clock, owner=owner), prices=PriceTable(), budget=Budget(), clock=clock)
    gate = shared_limiter(library, owner=owner, clock=clock, pace=pace_of(settings.workers))
    bench = Bench(orders, clock=clock)
    around = Surroundings(keys=NO_KEYS, desk=bench, till=till, gate=gate, clock=clock, find_quote=find_quote)
    return Workshop(
        settings=settings, end=theirs, clock=clock, orders=orders, owner=owner, log=get_log(),
        library=Library(library, clock=clock), text=make_text(settings, around=around), image=None, till=till,
        bench=bench, reader=ReaderGate(orders, must_confine=False, clock=clock),
    )  # fmt: skip


def run_book(folder: Path, server: ScriptedServer, *, rate_limit: str, workers: int, chapters: int) -> list[int]:
    """Read a book at that pace; returns the chapters in the order in which the server was asked about them."""
    clock = FastClock(SPEED)
    place = prepare(folder, book=make_epub(folder.parent / "b.epub", chapters=chapters))
    given = {
        "paths.inbox": place.inbox, "paths.library": place.library, "provider.text": "openai", "provider.image": "none",
        "openai.base_url": server.base_url, "openai.text_model": "m", "workers.rate_limit": rate_limit,
    }  # fmt: skip
    settings = load_settings(None, environment={"HOME": str(folder)}, overrides=given)
    library = Library(place.library, clock=clock)
    take_in(place, library)
    (book,) = library.books()
    with ExitStack() as stack:
        shops = [shop_for(f"worker-{number}", settings, clock, stack) for number in range(workers)]
        threads = [threading.Thread(target=work, args=(shop,)) for shop in shops]
        for thread in threads:
            thread.start()
        eventually(lambda: phase(library.read(book)) is Phase.DONE)
        for shop in shops:
            shop.orders.drain()
        for thread in threads:
            thread.join()
    server.counts.moments[:] = [moment * SPEED for moment in server.counts.moments]
    users = [body["messages"][1]["content"] for _, body in server.counts.bodies]  # type: ignore[index]
    return [int(re.findall(r"^Chapter (\d+)$", str(user), re.MULTILINE)[0]) for user in users]


def test_free_follows_the_table_to_the_request(tmp_path: Path) -> None:
    """Batches of 3 with 60 s between them, one request at a time, one a minute for a chapter, retries included."""
    with scripted(Script(text=(None, Fault(kind="status")), latency_seconds=0.02)) as server:
        asked = run_book(tmp_path / "p", server, rate_limit="free", workers=3, chapters=4)
    moments = server.counts.moments
    failed = asked[1]

    assert len(asked) == 4 + 1
    assert sorted(asked[:4]) == sorted([1, 2, 3, failed])
    assert asked[4] == 4
    assert server.counts.most_at_once == 1
    assert moments[asked.index(failed, 2)] - moments[1] >= 60.0 - ON_THE_WAY_SECONDS
    assert moments[4] - moments[3] >= 60.0


def test_paid_follows_the_table_to_the_request(tmp_path: Path) -> None:
    """Batches of 5 at once with 2 s between them."""
    with scripted(Script(latency_seconds=0.15)) as server:
        asked = run_book(tmp_path / "p", server, rate_limit="paid", workers=6, chapters=7)
    moments = server.counts.moments

    assert sorted(asked[:5]) == [1, 2, 3, 4, 5]
    assert sorted(asked[5:]) == [6, 7]
    assert 2 <= server.counts.most_at_once <= 5
    assert moments[5] - moments[4] >= 2.0

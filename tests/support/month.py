"""A month in minutes: a small library beside endpoints that change their ways every few hours, with a scripted clock.

One worker's real loop of claims, stages, limiter, till, ledger and client runs in this process, over real HTTP; the
clock moves only where something waits, or where the endpoint takes its time. Nobody helps but by approving.
scripts/month runs it: python -m tests.support.month [--days 30] [--books 20] [--seed S]
"""

import argparse
import heapq
import json
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from imaginized.inbox.admission import admit
from imaginized.inbox.folder import look
from imaginized.limits.shared import shared_limiter
from imaginized.logs.log import configure_logs, get_log
from imaginized.money.ledger import Ledger
from imaginized.money.pricelist import read_prices
from imaginized.money.till import BookTill
from imaginized.process.channel import channel_pair
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.providers.keys import Key, Keys, origin_of
from imaginized.providers.registry import Surroundings
from imaginized.queue import holding
from imaginized.queue.manifest import Stage
from imaginized.queue.plan import Phase, phase
from imaginized.reading.quotes import find_quote
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.work.provision import accounts_of, make_image, make_text
from imaginized.work.reach import Reach
from imaginized.work.task import perform
from imaginized.work.task_context import Bench
from imaginized.work.worker import claim_next
from imaginized.work.workshop import Workshop
from tests.support.crash_steps import Undisturbed
from tests.support.epubs import make_epub
from tests.support.zoo import KEY, SharedClock, Zoo, served

START = datetime(2026, 1, 1, tzinfo=UTC)
IN_USD, OUT_USD, IMAGE_USD = 3.0, 15.0, 0.04  # per million tokens, and a picture
DEARER = 1.5  # from the middle of the month on; the endpoint says so in its answers
HOURS = (2.0, 6.0)  # of one way
IDLE_SECONDS = 60.0
APPROVED_AFTER = timedelta(hours=5)
CALL_SECONDS, SLOW_SECONDS = 600.0, 1_500.0  # a model on a machine of one's own
EVERY = 3  # answer is bad, or lost, in hours of such
CHAPTERS = 4
PRICES = f"""
[[text]]
model = "m"
input_usd_per_million = {IN_USD}
output_usd_per_million = {OUT_USD}
date = 2026-01-01

[[image]]
model = "m"
usd_per_image = {IMAGE_USD}
date = 2026-01-01
"""


@dataclass(slots=True)
class Tally:
    """The server's own count."""

    charged_usd: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)


class Endpoint:
    """A server that has one way after another, by the clock; it counts what it charges."""

    def __init__(self, zoo: Zoo, *, days: float, choose: random.Random) -> None:
        self.tally = Tally()
        self.zoo = zoo
        self._dearer_from = START + timedelta(days=days / 2)
        self.plan: list[tuple[datetime, str]] = []
        at = START
        while at < START + timedelta(days=days):
            ways = list(WAYS)
            choose.shuffle(ways)
            for way in ways:  # each comes before any comes again
                self.plan.append((at, way))
                at += timedelta(hours=choose.uniform(*HOURS))

    def way(self) -> tuple[datetime, str]:
        """The one of this hour, and since when."""
        now = self.zoo.clock.now()
        return max((each for each in self.plan if each[0] <= now), default=self.plan[0])

    def price(self, answer: dict[str, Any]) -> None:
        """Charge for an answer, and say what it cost where that is no longer what the price list says."""
        usage = answer["usage"]
        tokens = usage.get("prompt_tokens", 0) * IN_USD + usage.get("completion_tokens", 0) * OUT_USD
        usd = tokens / 1_000_000 + len(answer.get("data", ())) * IMAGE_USD
        if self.zoo.clock.now() >= self._dearer_from:
            usd *= DEARER
            usage["cost"] = usd
        self.tally.charged_usd += usd

    def handler(self) -> type:
        """For the server: the zoo's own, which is told the way by the clock."""
        endpoint, zoo = self, self.zoo

        class Handler(zoo.module.H):  # type: ignore[misc, name-defined]
            is_lost = False

            def do_POST(self) -> None:
                _, way = endpoint.way()
                endpoint.tally.requests[way] += 1
                zoo.clock.advance(SLOW_SECONDS if way == "slow" else CALL_SECONDS)
                persona = WAYS[way](zoo, endpoint.tally.requests[way])
                self.is_lost = persona == LOST
                self.path: str = f"/{'fine' if self.is_lost else persona}{self.path}"
                super().do_POST()

            def send(self, status: int, data: Any, *args: Any, **options: Any) -> None:
                if status == 200 and isinstance(data, dict) and isinstance(data.get("usage"), dict):
                    endpoint.price(data)
                if self.is_lost:
                    self.close_connection = True
                    self.connection.close()
                else:
                    super().send(status, data, *args, **options)

        return Handler


LOST = "lost"
_Persona = Callable[[Zoo, int], str]


def _is(name: str) -> _Persona:
    return lambda _zoo, _count: name


def _now_and_then(name: str) -> _Persona:
    return lambda _zoo, count: name if count % EVERY == 1 else "fine"


def _anew(name: str) -> _Persona:
    """One that is in trouble at its first requests, again and again."""

    def persona(zoo: Zoo, count: int) -> str:
        if count % (2 * EVERY) == 1:
            zoo.forget(name)
        return name

    return persona


# What an endpoint does for some hours, and which of the zoo's that is.
WAYS: dict[str, _Persona] = {
    "fine": _is("fine"),
    "slow": _is("fine"),
    "down": _is("month_down"),
    "lost answers": _now_and_then(LOST),
    "waits told": _anew("month_wait"),
    "no memory": _is("ol_oom500"),
    "quota until midnight": _is("month_quota"),
    "bad answers": _now_and_then("month_bad"),
    "prose": _is("month_prose"),
}


def _add_ours(zoo: Zoo) -> None:
    """Those that the zoo does not have."""
    module = zoo.module

    def down(h: Any, k: str, b: Any, n: int) -> None:
        h.send(502, b"<html><head><title>502 Bad Gateway</title></head></html>", ctype="text/html")

    def wait(h: Any, k: str, b: Any, n: int) -> None:
        if n <= 2:
            h.send(429, module.err("slow down"), [("Retry-After", "1200")])
        else:
            module.P["fine"](h, k, b, n)

    def quota(h: Any, k: str, b: Any, n: int) -> None:
        now = zoo.clock.now()
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
        reset = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(int(midnight.timestamp() * 1000)))]
        h.send(429, module.err("Rate limit exceeded: requests per day"), reset)

    def bad(h: Any, k: str, b: Any, n: int) -> None:
        scene = {"quote": "Nobody ever wrote these very words here.", "description": "A lamp", "elements": []}
        words = json.dumps({"scenes": [scene], "elements": []})
        h.send(200, module.chat(words, body=b) if k == "chat" else module.img(module.png()[:200]))

    def prose(h: Any, k: str, b: Any, n: int) -> None:
        module.P["anthropic_prose" if k == "chat" else "fine"](h, k, b, n)

    module.P |= {"month_down": down, "month_wait": wait, "month_quota": quota, "month_bad": bad, "month_prose": prose}


class _Moves(threading.Event):
    """Waiting for it lets that much time pass."""

    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.advance(IDLE_SECONDS if timeout is None else max(timeout, 0.0))
        return False


class _Orders(Undisturbed):
    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self.wake = _Moves(clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What came of the month.

    Attributes:
        phases: Of the books.
        sure_usd: What the endpoint's answers say they cost.
        most_usd: What may have been charged, as it counts below the caps.
        usual_usd: The same at the size of such calls.
        charged_usd: By the server's own count.
        last_done: When the last book was done.
    """

    phases: Counter[str]
    sure_usd: float
    most_usd: float
    usual_usd: float
    charged_usd: float
    requests: Counter[str]
    approvals: int
    last_done: timedelta
    seconds: float
    days: float
    calls: Counter[str]
    whys: list[str]

    @property
    def off(self) -> float:
        """How far sure and maybe are from the server's count, as a share of it."""
        return abs(self.sure_usd + self.usual_usd - self.charged_usd) / self.charged_usd

    def told(self) -> Iterator[str]:
        """The table of it."""
        yield f"{self.days:g} days in {self.seconds:.0f} s: {self.days * 86_400 / self.seconds:,.0f} times as fast"
        yield f"books: {dict(self.phases)}, the last done after {self.last_done / timedelta(days=1):.1f} days"
        yield f"approvals: {self.approvals}; requests by way: {dict(self.requests)}"
        yield f"calls: {dict(self.calls)}"
        yield f"sure {self.sure_usd:.4f} + maybe {self.usual_usd:.4f} (at most {self.most_usd:.4f}) USD"
        yield f"the server's own count {self.charged_usd:.4f} USD: {self.off:.2%} off"
        yield from self.whys


class Month:
    """One run."""

    def __init__(self, folder: Path, zoo: Zoo, *, days: float, books: int, seed: int) -> None:
        choose = random.Random(seed)
        self.clock = zoo.clock
        self.clock.step((START - self.clock.now()).total_seconds())
        self.endpoint = Endpoint(zoo, days=days, choose=choose)
        self._folder, self._days, self._approvals = folder, days, 0
        for name in ("inbox", "library", "books"):
            (folder / name).mkdir()
        (folder / "prices.toml").write_text(PRICES)
        span = days * 0.8  # what comes last has the rest to get through
        self._due = [(START + timedelta(days=choose.uniform(0, span)), number) for number in range(books)]
        heapq.heapify(self._due)
        self._ended = START
        self.settings = self._settings(f"http://127.0.0.1:{zoo.port}/v1")
        self.library = Library(self.settings.paths.library, clock=self.clock)

    def _settings(self, url: str) -> Settings:
        chosen = {
            "paths.inbox": self._folder / "inbox",
            "paths.library": self._folder / "library",
            "provider.text": "openai",
            "provider.image": "openai",
            "openai.base_url": url,
            "openai.text_model": "m",
            "openai.image_model": "m",
            "guide.pages_per_image": 1000,
            "guide.formats": ["markdown"],
            "budget.price_file": self._folder / "prices.toml",
            "budget.approve_above_usd": 0.05,
            "budget.max_usd_per_book": 20.0,
            "budget.max_usd_per_day": 2.0,
            "workers.chapter_timeout_seconds": 3_600.0,
            "openai.timeout_seconds": 2_400.0,
        }
        return load_settings(None, environment={"HOME": str(self._folder)}, overrides=chosen)

    def run(self) -> Figures:
        """The whole month."""
        began, end = time.monotonic(), START + timedelta(days=self._days)
        ours, theirs = channel_pair()
        with ours, theirs:
            shop = self._workshop(theirs)
            while self.clock.now() < end and not self._is_over():
                self._arrive()
                held = claim_next(shop)
                if held is None:
                    self._idle()
                    continue
                try:
                    perform(shop, held)
                finally:
                    shop.reach.end()
        return self._figures(time.monotonic() - began)

    def _is_over(self) -> bool:
        return not self._due and all(phase(self.library.read(book)) is Phase.DONE for book in self.library.books())

    def _arrive(self) -> None:
        while self._due and self._due[0][0] <= self.clock.now():
            _, number = heapq.heappop(self._due)
            name = f"book-{number}.epub"
            make_epub(self._folder / "inbox" / name, title=f"Book {number}", chapters=CHAPTERS, paragraphs=30)
            for sighting in look(self.settings.paths.inbox).sightings:
                admit(
                    self.settings.paths.inbox / sighting.key,
                    sighting=sighting,
                    library=self.library,
                    inbox=self.settings.paths.inbox,
                    now=self.clock.now(),
                )

    def _idle(self) -> None:
        """Approve what has waited for a while; with nothing at all to do, go on to when something comes."""
        now = self.clock.now()
        are_open = False
        for book in self.library.books():
            manifest = self.library.read(book)
            are_open |= phase(manifest) is not Phase.DONE
            hold = manifest.hold
            if hold is not None and hold.until is None and now - hold.since >= APPROVED_AFTER:
                self.library.update(book, holding.approve)
                self._approvals += 1
        seconds = IDLE_SECONDS if are_open or not self._due else (self._due[0][0] - now).total_seconds()
        self.clock.advance(max(seconds, IDLE_SECONDS))

    def _workshop(self, end: Any) -> Workshop:
        settings, clock = self.settings, self.clock
        owner = current_owner("worker-1", pid=os.getpid())
        orders = _Orders(clock)
        bench = Bench(orders, clock=clock)
        ledger = Ledger(settings.paths.library, clock=clock, owner=owner)
        till = BookTill(ledger, prices=read_prices(settings.budget.price_file), budget=settings.budget, clock=clock)
        gate = shared_limiter(settings.paths.library, owner=owner, clock=clock)
        key = Key(KEY, origin=origin_of(settings.openai.base_url))
        keys = Keys(text=key, image=key)
        around = Surroundings(keys=keys, desk=bench, till=till, gate=gate, clock=clock, find_quote=find_quote)
        text, image = make_text(settings, around=around), make_image(settings, around=around)
        made = {"text": text, "image": image}
        providers = {stage: made[asked] for stage in Stage if (asked := stage.traits.asks)}
        return Workshop(
            settings=settings,
            end=end,
            clock=clock,
            orders=orders,
            owner=owner,
            log=get_log(),
            library=self.library,
            text=text,
            image=image,
            till=till,
            bench=bench,
            reader=ReaderGate(orders, must_confine=False, clock=clock),
            reach=Reach(gate=gate, accounts=accounts_of(settings, keys=keys), providers=providers),
        )

    def _figures(self, seconds: float) -> Figures:
        manifests = [self.library.read(book) for book in self.library.books()]
        records = [
            json.loads(file.read_bytes())
            for book in self.library.books()
            for file in self.library.files(book).calls.glob("*.json")
        ]
        ledger = Ledger(self.library.root, clock=self.clock, owner=current_owner("test", pid=os.getpid()))
        doubts = ledger.doubts().values()
        sure = sum(float(record["cost_usd"] or 0.0) for record in records if record["charged"] == "sure")
        whys = [f"{m.book_id} {n}: {entry.error}" for m in manifests for n, entry in m.chapters.items() if entry.error]
        return Figures(
            phases=Counter(str(phase(manifest)) for manifest in manifests),
            sure_usd=sure,
            most_usd=sum(doubt.most for doubt in doubts),
            usual_usd=sum(doubt.usual for doubt in doubts),
            charged_usd=self.endpoint.tally.charged_usd,
            requests=self.endpoint.tally.requests,
            approvals=self._approvals,
            last_done=max(manifest.last_updated for manifest in manifests) - START,
            seconds=seconds,
            days=self._days,
            calls=Counter(f"{record['charged']}, {record['outcome']}" for record in records),
            whys=whys,
        )


@contextmanager
def month(folder: Path, *, days: float, books: int, seed: int) -> Iterator[Month]:
    """A library and an endpoint of their own."""
    with served() as zoo:
        _add_ours(zoo)
        made = Month(folder, zoo, days=days, books=books, seed=seed)
        zoo.use(made.endpoint.handler())
        yield made


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/month", description="A month of endpoints in trouble, in minutes.")
    parser.add_argument("--days", type=float, default=30.0, help="how long by the clock (default 30)")
    parser.add_argument("--books", type=int, default=20, help="how many come (default 20)")
    parser.add_argument("--seed", type=int, default=1, help="of all choices (default 1)")
    given = parser.parse_args(arguments)
    configure_logs("error", format="json", stream=sys.stderr)
    with (
        tempfile.TemporaryDirectory(prefix="imz-") as folder,
        month(Path(folder), days=given.days, books=given.books, seed=given.seed) as run,
    ):
        found = run.run()
    print("\n".join(found.told()))
    return 0 if found.phases == Counter({"done": given.books}) and found.off <= 0.01 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A gate and processes that ask it, started and killed as the supervisor does; and what an endpoint counted itself."""

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.daemon.launcher import Child, ForkServerLauncher, without_program
from imaginized.errors import Held, Retryable
from imaginized.limits.remote import RemoteLimiter
from imaginized.limits.rules import Limits
from imaginized.money.calls import Usage
from imaginized.money.caps import NO_CAPS
from imaginized.money.ledger import FOLDER
from imaginized.money.prices import parse_prices
from imaginized.money.remote import RemoteLedger
from imaginized.money.till import BookTill
from imaginized.process.line import Line
from imaginized.process.slots import GATE
from imaginized.settings.file import load_settings
from imaginized.settings.model import Budget
from imaginized.store.owners import current_owner
from tests.support.paying import CALL, PRICES, customer
from tests.support.waiting import DEADLINE_SECONDS, eventually

POINTS = (
    "permit_decided",
    "permit_written",
    "permit_answered",
    "ledger_asked",
    "ledger_written",
    "ledger_synced",
    "ledger_answered",
)
KEY = "http://127.0.0.1:1/v1#0"
BOOK = "a-book"
IN_FLIGHT = 3
PER_SECOND = 10
ONE = Limits(in_flight=1)
ASK_AGAIN_SECONDS = 0.01


@dataclass(kw_only=True)
class Gate:
    """The gate of a library, started anew whenever it has ended."""

    library: Path
    tokens: Path
    child: Child | None = None
    starts: int = 0
    launcher: ForkServerLauncher = field(init=False)

    def __post_init__(self) -> None:
        self.tokens.mkdir(exist_ok=True)
        folder = self.library.parent
        paths = {"paths.library": str(self.library), "paths.inbox": str(folder / "inbox")}
        settings = load_settings(
            None,
            environment={"HOME": str(folder)},
            overrides={**paths, "paths.socket": "/nowhere/s", "logs.level": "error"},
        )
        faults = ",".join(f"{point}:kill:{self.tokens / point}" for point in POINTS)
        self.launcher = ForkServerLauncher(settings, faults=faults)

    def keep(self) -> None:
        """What the supervisor does on a tick: start it where it has ended."""
        if self.child is not None and self.child.sentinel >= 0 and not is_alive(self.child.pid):
            self.child.collect()
            self.child = None
        if self.child is None:
            self.child = self.launcher.start(GATE)
            self.starts += 1

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        assert self.child is not None
        self.child.signal(number)

    def arm(self, point: str) -> None:
        """Have it killed when it comes to this line."""
        (self.tokens / point).touch()

    def end(self) -> None:
        if self.child is not None:
            self.child.signal(signal.SIGKILL)
            self.child.collect()
            self.child = None


@contextmanager
def gate_in(library: Path) -> Iterator[Gate]:
    """A gate that runs; `keep` it."""
    library.mkdir(exist_ok=True)
    gate = Gate(library=library, tokens=library.parent / f"{library.name}-tokens")
    gate.keep()
    try:
        yield gate
    finally:
        gate.end()


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return False


def line_of(library: Path, *, name: str) -> Line:
    """The line of this process; several of one process have names of their own."""
    return Line(library, owner=current_owner(name, pid=os.getpid()))


def pay(library: Path, name: str, cap: float, counted: Path, seed: int) -> None:
    """Be a worker: call the endpoint until the book is held."""
    chance, clock = random.Random(seed), SystemClock()
    line = line_of(library, name=name)
    limiter = RemoteLimiter(line, clock=clock)
    ledger = RemoteLedger(library, clock=clock, owner=current_owner(name, pid=os.getpid()), line=line)
    budget = Budget(max_usd_per_book=cap, approve_above_usd=cap)
    till = BookTill(ledger, prices=parse_prices(PRICES, origin="t"), budget=budget, clock=clock)
    fd = os.open(counted, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with till.serve(customer(library, BOOK)):
        while call(limiter, till, fd=fd, chance=chance):
            pass
    line.drain(seconds=DEADLINE_SECONDS)


def call(limiter: RemoteLimiter, till: BookTill, *, fd: int, chance: random.Random) -> bool:
    """One call of the endpoint, which writes down what it takes for it; False when the book is held."""
    with limiter.permit(KEY, Limits(in_flight=IN_FLIGHT), wait=waited):
        try:
            reservation = till.reserve(CALL)
        except Held:
            return False
        except Retryable:
            time.sleep(ASK_AGAIN_SECONDS)  # calls under way are between this one and the cap
            return True
        usage = Usage(tokens_in=chance.randint(1, 20), tokens_out=chance.randint(0, 30))
        said = {"pid": os.getpid(), "usd": ((usage.tokens_in or 0) + (usage.tokens_out or 0)) / 1000}
        os.write(fd, json.dumps({**said, "begins": True}).encode() + b"\n")
        time.sleep(chance.random() * 0.01)
        os.write(fd, json.dumps({**said, "begins": False}).encode() + b"\n")
        reservation.settle(usage, outcome="ok")
    return True


def hammer(library: Path, name: str, until: float, out: Path) -> None:
    """Be a worker that sends as often as it may."""
    limiter = RemoteLimiter(line_of(library, name=name), clock=SystemClock())
    limits = Limits(requests_per_minute=PER_SECOND * 60)
    sent: list[float] = []
    while time.monotonic() < until:
        with limiter.permit(KEY, limits, wait=waited):
            sent.append(time.monotonic())
    out.write_text(json.dumps(sent))


def die_holding(library: Path) -> None:
    """Be a worker that is killed in the middle of a call."""
    owner = current_owner("worker-2", pid=os.getpid())
    line = Line(library, owner=owner)
    ledger = RemoteLedger(library, clock=SystemClock(), owner=owner, line=line, answer_seconds=DEADLINE_SECONDS)
    with RemoteLimiter(line, clock=SystemClock()).permit(KEY, ONE, wait=waited):
        ledger.reserve(BOOK, usd=0.25, check=NO_CAPS)
        os.kill(os.getpid(), signal.SIGKILL)


def ended(target: Callable[[Path], None], library: Path) -> int | None:
    """How a process ends that does this."""
    with without_program():
        process = multiprocessing.get_context("forkserver").Process(target=target, args=(library,), daemon=True)
        process.start()
    process.join(DEADLINE_SECONDS)
    return process.exitcode


def waited(_: float) -> None:
    """What a worker does while it waits."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """What became of a round.

    Attributes:
        charged: By the endpoint's own count.
        most_in_flight: Likewise.
        reserves: Lines of the ledger.
        settles: Likewise.
        highest: The most that was spent and reserved at once, by the ledger's lines in their order.
        starts: Of gates.
    """

    charged: float
    most_in_flight: int
    reserves: int
    settles: int
    highest: float
    starts: int


def play(folder: Path, *, seed: int, workers: int = 4, cap: float = 1.0, points: Sequence[str] = ()) -> Round:
    """Workers pay for one book until it is held, while the gate is killed at these lines, or at some by chance."""
    chance, library, counted = random.Random(seed), folder / "library", folder / "counted"
    context = multiprocessing.get_context("forkserver")
    with gate_in(library) as gate:
        processes = [
            context.Process(target=pay, args=(library, f"worker-{n}", cap, counted, seed * 100 + n), daemon=True)
            for n in range(1, workers + 1)
        ]
        with without_program():
            for process in processes:
                process.start()
        wanted = list(points or chance.choices(POINTS, k=chance.randint(1, 4)))

        def is_over() -> bool:
            if wanted and not any(gate.tokens.iterdir()):
                gate.arm(wanted.pop())
            elif not points and chance.random() < 0.02:
                gate.kill()
            gate.keep()
            return not any(process.is_alive() for process in processes)

        eventually(is_over, deadline_seconds=DEADLINE_SECONDS)
        assert [process.exitcode for process in processes] == [0] * workers
        starts = gate.starts
    return count(library, counted, starts=starts)


def count(library: Path, counted: Path, *, starts: int) -> Round:
    """What the endpoint and the ledger say."""
    rows = [json.loads(line) for line in counted.read_text().splitlines()]
    under_way, most = set[int](), 0
    for row in rows:
        (under_way.add if row["begins"] else under_way.discard)(row["pid"])
        most = max(most, len(under_way))
    reserved: dict[str, float] = {}
    reserves = settles = 0
    spent = highest = 0.0
    for file in sorted((library / FOLDER).glob("*.jsonl")):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            if "settle" in row:
                settles += 1
                reserved.pop(row["settle"])
                spent += row["usd"]
            else:
                reserves += 1
                assert row["reserve"] not in reserved
                reserved[row["reserve"]] = row["usd"]
            highest = max(highest, round(spent + sum(reserved.values()), 6))
    charged = round(sum(row["usd"] for row in rows if row["begins"]), 6)
    return Round(
        charged=charged, most_in_flight=most, reserves=reserves, settles=settles, highest=highest, starts=starts
    )

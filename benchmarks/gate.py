"""The gate, measured by `scripts/bench gate`: what a permit and a reservation take of its processor, and more.

The clients are simulated: processes that speak the protocol without doing any work. Figures are CPU time and counts; of
wall-clock times only ratios of one run.
"""

import itertools
import json
import multiprocessing
import os
import select
import signal
import socket
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from benchmarks.targets import Target
from benchmarks.writing import Row, keep, machine, table
from imaginized.clock import SystemClock
from imaginized.daemon.launcher import without_program
from imaginized.limits.remote import RemoteLimiter
from imaginized.process.packets import connect, pack
from imaginized.store.owners import current_owner
from tests.support.gating import KEY, PER_SECOND, Gate, gate_in, hammer, is_alive, line_of

IN_FLIGHT, QUICK_IN_FLIGHT = 3_200, 800
CONNECTIONS = 32
CYCLES, QUICK_CYCLES = 6_000, 1_500
WORKERS = 10
SECONDS, QUICK_SECONDS = 20.0, 6.0
IDLE_SECONDS, QUICK_IDLE_SECONDS = 20.0, 5.0
REBUILT = "nearly all of it is the start of a process: Python, the imports, and the ledger of the day read again"
LIMITS = {"requests_per_minute": None, "tokens_per_minute": None, "requests_per_day": None}


class Crowd:
    """Clients without work: many lanes over some connections, all in this process."""

    def __init__(self, library: Path, *, connections: int) -> None:
        """Connect them all."""
        self.sockets: list[socket.socket] = []
        self._numbers = itertools.count(1)
        self._poll = select.poll()
        self.answers: deque[Mapping[str, object]] = deque()
        self._by_fd: dict[int, socket.socket] = {}
        for number in range(connections):
            connection = connect(library)
            owner = current_owner(f"sim-{number}", pid=os.getpid())
            row = {"name": owner.name, "host": owner.host, "pid": owner.pid, "start": owner.start, "boot": owner.boot}
            connection.setblocking(True)
            connection.send(pack({"hello": row, "holds": {}}))
            self.sockets.append(connection)
            self._by_fd[connection.fileno()] = connection
            self._poll.register(connection, select.POLLIN)

    def ask(self, lane: int, question: Mapping[str, object]) -> int:
        """Ask as one of the clients; the number of the question."""
        number = next(self._numbers)
        connection = self.sockets[lane % len(self.sockets)]
        connection.send(pack({**question, "as": str(lane), "n": number}))
        return number

    def hear(self, count: int) -> list[Mapping[str, object]]:
        """So many answers."""
        found: list[Mapping[str, object]] = []
        while len(found) < count:
            for fd, _ in self._poll.poll(30_000) or [(0, 0)]:
                message = json.loads(self._by_fd[fd].recv(65_536))
                if "error" in message:
                    raise RuntimeError(message)
                found.append(message)
        return found

    def close(self) -> None:
        """Hang up."""
        for connection in self.sockets:
            connection.close()


def cpu_seconds(pid: int) -> float:
    """What a process has taken of a processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def megabytes(pid: int, *names: str) -> float:
    """Of its memory, by the names of smaps_rollup."""
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return round(sum(int(row[1]) for row in rows if row[0].removesuffix(":") in names) / 1024, 1)


def permits(library: Path, gate: Gate, *, in_flight: int, cycles: int) -> Row:
    """With so many in flight, one ends and another one begins, again and again."""
    assert gate.child is not None
    crowd = Crowd(library, connections=CONNECTIONS)
    limits = {**LIMITS, "in_flight": in_flight}

    def permit(lane: int) -> None:
        question = {"q": "permit", "key": KEY, "id": f"{lane}", "tokens": 1000, "limits": limits, "spacing": None}
        crowd.ask(lane, question)

    for lane in range(in_flight):
        permit(lane)
        if lane % 64 == 63:
            crowd.hear(64)
    before = cpu_seconds(gate.child.pid)
    for lane in range(cycles):
        crowd.ask(lane % in_flight, {"q": "give_back", "key": KEY, "id": f"{lane % in_flight}"})
        permit(lane % in_flight)
        if lane % 8 == 7:
            crowd.hear(16)
    took = cpu_seconds(gate.child.pid) - before
    crowd.close()
    return {
        "in_flight": in_flight,
        "permits_per_cpu_second": round(cycles / took),
        "cpu_ms_a_permit": round(took / cycles * 1000, 3),
    }


def reserves(library: Path, gate: Gate, *, open_ones: int, cycles: int) -> Row:
    """With so many reservations open, one is settled and another one made; eight wait at the same time."""
    assert gate.child is not None
    crowd = Crowd(library, connections=CONNECTIONS)
    day = ""

    def reserve(number: int) -> None:
        caps = {"book_usd": 1e6, "day_usd": 1e6}
        crowd.ask(
            number, {"q": "reserve", "id": f"r{number}", "book": f"b{number % 50}", "usd": 0.01, "sort": "t", **caps}
        )

    for number in range(open_ones):
        reserve(number)
        if number % 64 == 63:
            day = str(answer_of(crowd.hear(64)[0])["day"])
    before, files = cpu_seconds(gate.child.pid), ledger_bytes(library)
    for number in range(cycles):
        crowd.ask(number, {"q": "settle", "id": f"r{number}", "day": day, "usd": 0.005, "maybe": False})
        reserve(open_ones + number)
        if number % 8 == 7:
            crowd.hear(16)
    took = cpu_seconds(gate.child.pid) - before
    crowd.close()
    written = ledger_bytes(library) - files
    return {
        "open": open_ones,
        "cpu_ms_a_reservation": round(took / cycles * 1000, 3),
        "bytes_a_call": round(written / cycles),
    }


def answer_of(message: Mapping[str, object]) -> Mapping[str, object]:
    """What it says."""
    said = message["ok"]
    assert isinstance(said, Mapping)
    return said


def ledger_bytes(library: Path) -> int:
    """How large the ledger is."""
    return sum(file.stat().st_size for file in (library / ".imaginized.spend").glob("*.jsonl"))


def adaptive(library: Path, *, seconds: float) -> Row:
    """Ten workers at a limit of ten a second: how much of it is used, and whether it is ever passed."""
    context = multiprocessing.get_context("forkserver")
    until = time.monotonic() + seconds + 1.0
    outs = [library.parent / f"sent-{number}" for number in range(WORKERS)]
    with without_program():
        processes = [
            context.Process(target=hammer, args=(library, f"w{number}", until, out)) for number, out in enumerate(outs)
        ]
        for process in processes:
            process.start()
    for process in processes:
        process.join()
    sent = sorted(moment for out in outs for moment in json.loads(out.read_text()))
    counted = [moment for moment in sent if moment >= sent[0] + 0.5]
    span = counted[-1] - counted[0]
    most = max(sum(1 for other in sent if moment <= other < moment + 1.0) for moment in sent)
    return {"used": round((len(counted) - 1) / (PER_SECOND * span), 3), "most_in_a_second": most, "sent": len(sent)}


def rebuilt(library: Path, gate: Gate) -> Row:
    """How long after SIGKILL the next gate answers, with what was in flight; most of it the start of a process."""
    limiter = RemoteLimiter(line_of(library, name="waiter"), clock=SystemClock())
    limiter.take_probe(KEY)
    assert gate.child is not None
    began = time.monotonic()
    gate.child.signal(signal.SIGKILL)
    while is_alive(gate.child.pid):
        time.sleep(0.001)
    gate.keep()
    limiter.take_probe(KEY)
    return {"kill_to_answer_seconds": round(time.monotonic() - began, 3)}


def idle(gate: Gate, *, seconds: float) -> Row:
    """What it takes when nobody asks, and how large it is."""
    assert gate.child is not None
    before = cpu_seconds(gate.child.pid)
    time.sleep(seconds)
    took = cpu_seconds(gate.child.pid) - before
    return {
        "idle_percent_of_a_core": round(took / seconds * 100, 4),
        "private_megabytes": megabytes(gate.child.pid, "Private_Dirty", "Private_Clean"),
        "pss_megabytes": megabytes(gate.child.pid, "Pss"),
    }


def run(*, quick: bool) -> list[Target]:
    """Permits and reservations with 3,200 in flight by its CPU, what it uses of a limit, and how soon it is back."""
    found = measured(quick=quick)
    if not quick:
        keep("gate", results={"machine": machine(), **found}, text=report(found))
    in_flight = found["permits"]["in_flight"]
    rebuilt = _figure(found, "rebuilt", "kill_to_answer_seconds")
    return [
        Target(
            name=f"permits a second of its CPU, {in_flight} in flight", asked=300.0, sense="at least",
            measured=_figure(found, "permits", "permits_per_cpu_second"),
        ),
        Target(
            name=f"ms of its CPU a reservation, {in_flight} open", asked=5.0,
            measured=_figure(found, "reservations", "cpu_ms_a_reservation"),
        ),
        Target(
            name="share of a limit of 10 a second that ten workers use", asked=0.97, sense="at least", is_wall=True,
            measured=_figure(found, "adaptive", "used"),
        ),
        Target(
            # Counted by the clients, each after it woke: one that had to wait for a core shifts its call by so much.
            name="calls in any second, of 10", asked=11.0, measured=_figure(found, "adaptive", "most_in_a_second"),
            is_wall=True, words="by the clients' own clocks: one that wakes late moves a call into the next second",
        ),
        Target(
            name="s from its SIGKILL to its next answer", asked=1.0, is_wall=True, measured=rebuilt,
            words="" if rebuilt <= 1.0 else REBUILT,
        ),
        Target(
            name="% of a core at rest", asked=None, measured=_figure(found, "idle", "idle_percent_of_a_core")
        ),
    ]  # fmt: skip


def _figure(found: Mapping[str, Row], name: str, figure: str) -> float:
    return float(str(found[name][figure]))


def measured(*, quick: bool) -> dict[str, Row]:
    """Measure all of it."""
    in_flight, cycles = (QUICK_IN_FLIGHT, QUICK_CYCLES) if quick else (IN_FLIGHT, CYCLES)
    found: dict[str, Row] = {}
    with tempfile.TemporaryDirectory(prefix="imz-") as folder, gate_in(Path(folder) / "library") as gate:
        library = gate.library
        time.sleep(0.5)
        found["idle"] = idle(gate, seconds=QUICK_IDLE_SECONDS if quick else IDLE_SECONDS)
        found["permits"] = permits(library, gate, in_flight=in_flight, cycles=cycles)
        found["reservations"] = reserves(library, gate, open_ones=in_flight, cycles=cycles)
    with tempfile.TemporaryDirectory(prefix="imz-") as folder, gate_in(Path(folder) / "library") as gate:
        found["adaptive"] = adaptive(gate.library, seconds=QUICK_SECONDS if quick else SECONDS)
        found["rebuilt"] = rebuilt(gate.library, gate)
    return found


def report(found: Mapping[str, Row]) -> str:
    """The results for people."""
    lines = [
        "# Gate",
        "",
        "Written by `scripts/bench gate`. Targets, with 3,200 in flight: at least 300 permits a second of its",
        "processor, a reservation at most 5 ms of it; `used` at least 0.97; back within a second.",
        "",
    ]
    for name, row in found.items():
        lines += [f"## {name}", "", *table([row]), ""]
    return "\n".join(lines)

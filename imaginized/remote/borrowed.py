"""What a host's providers work with: home's till, limiter and store of answers, by asking home."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from imaginized.errors import Interrupted
from imaginized.limits.gate import ASKED, Wait
from imaginized.limits.outages import Miss
from imaginized.limits.rules import Limits
from imaginized.money.calls import Call, Usage
from imaginized.process.waiting import Waiting
from imaginized.remote.failures import error_of
from imaginized.remote.line import Line
from imaginized.remote.questions import Answer, Ask, Said, Values

STEP_SECONDS = 2.0
SAID_SECONDS = 1.0


class Visit:
    """The line of the task in work; providers live longer than that.

    Attributes:
        root: The book's folder, here.
        waiting: What the task waits for, for people; goes with the next beat.
        answers: The digests of those that home keeps for this task.
        alive: Called whenever the working code is seen to be at it.
        must_end: Whether the host was told to stop.
    """

    def __init__(self) -> None:
        """Between tasks."""
        self.line: Line | None = None
        self.root = Path()
        self.waiting: Waiting | None = None
        self.answers: set[str] = set()
        self.alive: Callable[[], None] = lambda: None
        self.must_end: Callable[[], bool] = lambda: False
        self._alive_at = float("-inf")

    def begin(self, line: Line, *, root: Path) -> None:
        """A task begins, in this folder."""
        self.line, self.root, self.waiting, self.answers = line, root, None, set()

    def ask_home(self, ask: Ask, *, blobs: Iterable[bytes] = (), **values: object) -> Answer:
        """The answer. Raises the error that it is."""
        if self.line is None:
            raise RuntimeError("a provider works between tasks")
        self.note()
        answer = self.line.ask(ask, blobs=tuple(blobs), **values)
        self.note()
        if answer.said is Said.ERROR:
            raise error_of(answer.values, root=self.root)
        return answer

    def step(self) -> None:
        """Ask whether the work may go on. Raises Interrupted where the host itself is to stop."""
        if self.must_end():
            raise Interrupted("the host stops")
        self.ask_home(Ask.STEP)

    def note(self) -> None:
        """The working code is at it."""
        now = time.monotonic()
        if now - self._alive_at >= SAID_SECONDS:
            self._alive_at = now
            self.alive()

    def beat_values(self) -> Values:
        """What goes with a beat."""
        return {"waiting": asdict(self.waiting) if self.waiting else None}


class HostBench:
    """Where providers wait and keep their answers: `providers.registry.Desk`."""

    def __init__(self, visit: Visit) -> None:
        """Ask by this visit."""
        self._visit = visit

    def wait(self, seconds: float) -> None:
        """Wait so long; home says now and then whether to go on."""
        until = time.monotonic() + seconds
        while True:
            self._visit.step()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, STEP_SECONDS))

    def beat(self) -> None:
        """The work goes on."""
        self._visit.note()

    def tell(self, waiting: Waiting | None) -> None:
        """What it waits for from now on."""
        self._visit.waiting = waiting

    def load(self, asked: str) -> bytes | None:
        """What was answered before."""
        answer = self._visit.ask_home(Ask.RECALL, asked=asked)
        if not answer.blobs:
            return None
        self._visit.answers.add(asked)
        return answer.blobs[0]

    def save(self, asked: str, data: bytes) -> None:
        """Keep an answer, durably, at home."""
        self._visit.ask_home(Ask.STORE, asked=asked, blobs=(data,))
        self._visit.answers.add(asked)


class HostTill:
    """Pays through home."""

    def __init__(self, visit: Visit) -> None:
        """Ask by this visit."""
        self._visit = visit
        self._numbers = itertools.count(1)

    def reserve(self, call: Call) -> "HostReservation":
        """Set the worst-case price aside, at home."""
        number = next(self._numbers)
        self._visit.ask_home(Ask.RESERVE, id=number, call=asdict(call))
        return HostReservation(self._visit, number=number)


class HostReservation:
    """Money that home has set aside."""

    def __init__(self, visit: Visit, *, number: int) -> None:
        """It is home's of this number."""
        self._visit = visit
        self._number = number

    def settle(self, usage: Usage, *, outcome: str) -> float | None:
        """Record what the call took."""
        told = self._visit.ask_home(Ask.SETTLE, id=self._number, usage=asdict(usage), outcome=outcome)
        cost = told.values["cost_usd"]
        return float(cost) if isinstance(cost, int | float) else None

    def cancel(self, *, outcome: str) -> None:
        """Nothing was charged."""
        self._visit.ask_home(Ask.CANCEL, id=self._number, outcome=outcome)


class HostGate:
    """Waits for its turn at home's limiter."""

    def __init__(self, visit: Visit) -> None:
        """Ask by this visit."""
        self._visit = visit

    @contextmanager
    def permit(self, key: str, limits: Limits, *, wait: Wait, tokens: int = 0, spacing: str = "") -> Iterator[None]:
        """Have a request in flight for as long as the context lasts."""
        del wait  # home waits, and says when it is time to stop
        self._visit.ask_home(Ask.PERMIT, key=key, limits=asdict(limits), tokens=tokens, spacing=spacing)
        try:
            yield
        finally:
            self._visit.ask_home(Ask.GIVE_BACK, key=key)

    def missed(self, key: str, miss: Miss) -> bool:
        """A call got no answer."""
        return self._tell("missed", key, asdict(miss)).values["is_off"] is True

    def answered(self, key: str) -> None:
        """A call got an answer."""
        self._tell("answered", key)

    def hold(self, key: str, seconds: float, *, reason: str = ASKED) -> None:
        """Nobody may call for so many seconds."""
        self._tell("hold", key, {"seconds": seconds, "reason": reason})

    def slow_down(self, key: str) -> None:
        """The endpoint had too much."""
        self._tell("slow_down", key)

    def speed_up(self, key: str) -> None:
        """A call went well."""
        self._tell("speed_up", key)

    def use(self, key: str, tokens: int) -> None:
        """What the last call really took."""
        self._tell("use", key, tokens)

    def pause(self, key: str, reason: str) -> None:
        """Nobody may call until a person resumes."""
        self._tell("pause", key, reason)

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """What the endpoint says of its own limits."""
        said = {name: value for name, value in headers.items() if "ratelimit" in name or name == "retry-after"}
        if said:
            self._tell("learn", key, said)

    def _tell(self, what: str, key: str, told: object = None) -> Answer:
        return self._visit.ask_home(Ask.HEARD, what=what, key=key, told=told)


def write_inputs(root: Path, names: Iterable[str], blobs: Iterable[bytes]) -> None:
    """Lay out what a task reads, in a folder of its own."""
    for name, data in zip(names, blobs, strict=True):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

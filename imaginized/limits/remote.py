"""The limiter as a worker sees it: the gate keeps it for all, and answers at the moment that a request may go."""

import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass

from imaginized.clock import Clock
from imaginized.errors import Retryable
from imaginized.limits.gate import ASKED, Wait
from imaginized.limits.limiter import NO_HOLD_WORTH_SECONDS, NOTHING_LEFT, Pace, paced_by, spent_for
from imaginized.limits.outages import Miss
from imaginized.limits.rules import LOOK_AGAIN_SECONDS, Limits, Probe, Spacing
from imaginized.logs.log import get_log
from imaginized.process.channel import Orders
from imaginized.process.line import Line, Question

HEARD_SECONDS = 10.0  # a reply that was paid for is not held up any longer by what the limiter should know of it
PROBE_SECONDS = 2.0  # a worker between two tasks hears no orders meanwhile
SOON_SECONDS = 0.05  # then the first look at orders: one may have come before they woke us here, too

_log = get_log()


@dataclass(slots=True, kw_only=True)
class _Sent:
    """A request of this process, or its waiting for one."""

    key: str
    id: str
    lane: str
    limits: Limits
    tokens: int
    question: Question | None = None

    def row(self) -> Mapping[str, object] | None:
        """As a new gate is told of it; None while it waits."""
        answer = self.question.result() if self.question is not None and self.question.is_granted else None
        if answer is None:
            return None
        row = {"key": self.key, "id": self.id, "as": self.lane, "tokens": self.tokens}
        return {**row, "since": answer["since"], "limits": asdict(self.limits)}


class RemoteLimiter:
    """Asks the gate. Each thread of the process may have one request of a key in flight."""

    def __init__(self, line: Line, *, clock: Clock, pace: Pace | None = None, orders: Orders | None = None) -> None:
        """Ask over this line.

        Args:
            line: To the gate.
            clock: The machine's.
            pace: The user's pacing; None adds nothing.
            orders: What may end a wait; None for nothing.
        """
        self._line = line
        self._clock = clock
        self._pace = pace or Pace()
        self._orders = orders
        self._lock = threading.Lock()
        self._all: dict[tuple[str, str], _Sent] = {}  # by key and lane
        self._mine = threading.local()
        line.on_hello("limits", self._holds)

    @contextmanager
    def permit(self, key: str, limits: Limits, *, wait: Wait, tokens: int = 0, spacing: str = "") -> Iterator[None]:
        """Have a request of `key` in flight for as long as the context lasts; enters when it may be sent.

        While the gate is away it waits, for as long as that takes.

        Args:
            key: The endpoint and account.
            limits: As the settings have them now.
            wait: Called with 0 now and then, and whenever an order comes. What it raises gives up the place.
            tokens: What the request is estimated to cost.
            spacing: What it is about; the pace may keep requests about the same apart.

        Raises:
            Paused: The provider waits for a person.
            Unreachable: Nobody answers there, and it is not this process's turn to try.
        """
        paced, apart = paced_by(self._pace, limits, spacing=spacing)
        sent = self._begin(key, limits=paced, tokens=tokens)
        try:
            self._wait_for(sent, apart=apart, wait=wait)
            yield
        finally:
            self._end(sent)

    def hold(self, key: str, seconds: float, *, reason: str = ASKED) -> None:
        """Grant nobody a permit for so many seconds; `reason` is shown to people."""
        self._tell("hold", key, seconds=seconds, reason=reason)

    def slow_down(self, key: str) -> None:
        """Halve the requests in flight. Call it within the permit."""
        self._tell("slow_down", key)

    def speed_up(self, key: str) -> None:
        """Count a good reply. Call it within the permit."""
        self._tell("speed_up", key)

    def use(self, key: str, tokens: int) -> None:
        """Count what this thread's request took, in and out, instead of its estimate. Say it once."""
        sent = self._sent(key)
        if sent is not None and sent.tokens != tokens:
            self._tell("use", key, tokens=tokens)

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """Hold everybody until the reset of what an endpoint has nothing left of, or too little for such a request."""
        sent = self._sent(key)
        seconds = spent_for(headers, needed=sent.tokens if sent else 0, utc=self._clock.now())
        if seconds > NO_HOLD_WORTH_SECONDS:
            self.hold(key, seconds, reason=NOTHING_LEFT)

    def pause(self, key: str, reason: str) -> None:
        """Grant nobody a permit until a person resumes.

        Raises:
            Retryable: The gate does not answer.
        """
        self._ask("pause", key, reason=reason)

    def missed(self, key: str, miss: Miss) -> bool:
        """Count a request that got no answer; True when the endpoint is unreachable now, for all. Within the permit."""
        try:
            return self._ask("missed", key, miss=asdict(miss))["is_off"] is True
        except (Retryable, OSError) as error:
            _log.warning("error_caught", reason=f"the limiter cannot be told yet: {error}")
            return False

    def answered(self, key: str) -> None:
        """The endpoint answered, with an error or without: who waits for that goes on."""
        self._tell("answered", key)

    def take_probe(self, key: str) -> Probe:
        """Whether this process may claim work for the endpoint: it can be reached, or is this one's to try now.

        Raises:
            Retryable: The gate does not answer.
        """
        said = self._line.ask(self._question("take_probe", key, {}), seconds=PROBE_SECONDS)
        return Probe(seconds=float(str(said["seconds"])), is_taken=said["is_taken"] is True)

    def drop_probe(self, key: str) -> None:
        """This process tries the endpoint no more: the next one may."""
        self._tell("drop_probe", key)

    def paused(self) -> dict[str, str]:
        """The keys that wait for a person, and why.

        Raises:
            Retryable: The gate does not answer.
        """
        found = self._line.ask({"q": "paused", "key": ""}, seconds=PROBE_SECONDS)["paused"]
        return {str(key): str(why) for key, why in found.items()} if isinstance(found, Mapping) else {}

    def _wait_for(self, sent: _Sent, *, apart: Spacing | None, wait: Wait) -> None:
        event = threading.Event()
        question = {"q": "permit", "key": sent.key, "as": sent.lane, "id": sent.id, "tokens": sent.tokens}
        spacing = asdict(apart) if apart else None
        sent.question = self._line.send({**question, "limits": asdict(sent.limits), "spacing": spacing}, event=event)
        seconds = SOON_SECONDS
        with self._waking(event):
            while True:
                event.wait(seconds)
                seconds = LOOK_AGAIN_SECONDS
                # Cleared before the look: what comes after it ends the next wait at once.
                event.clear()
                if sent.question.answer is not None:
                    break
                wait(0.0)
        sent.question.result()

    def _waking(self, event: threading.Event) -> AbstractContextManager[None]:
        return self._orders.waking(event) if self._orders else nullcontext()

    def _begin(self, key: str, *, limits: Limits, tokens: int) -> _Sent:
        """Take the first lane that is free for this key: a process with one request has the one without a name."""
        with self._lock:
            number = 0
            while (key, lane := str(number) if number else "") in self._all:
                number += 1
            sent = _Sent(key=key, id=uuid.uuid4().hex, lane=lane, limits=limits, tokens=tokens)
            self._all[key, lane] = sent
        self._lanes()[key] = sent
        return sent

    def _end(self, sent: _Sent) -> None:
        if sent.question is not None:
            self._line.forget(sent.question)
            self._line.tell({"q": "give_back", "key": sent.key, "as": sent.lane, "id": sent.id})
        with self._lock:
            del self._all[sent.key, sent.lane]
        self._lanes().pop(sent.key, None)

    def _holds(self) -> object:
        """What a gate is told that we connect to."""
        with self._lock:
            all_sent = list(self._all.values())
        rows = [sent.row() for sent in all_sent]
        return {"permits": [row for row in rows if row], "asks": [sent.id for sent in all_sent]}

    def _lanes(self) -> dict[str, _Sent]:
        lanes: dict[str, _Sent] = self._mine.__dict__.setdefault("lanes", {})
        return lanes

    def _sent(self, key: str) -> _Sent | None:
        return self._lanes().get(key)

    def _question(self, what: str, key: str, values: Mapping[str, object]) -> Mapping[str, object]:
        sent = self._sent(key)
        return {"q": what, "key": key, "as": sent.lane if sent else "", **values}

    def _tell(self, what: str, key: str, **values: object) -> None:
        self._line.tell(self._question(what, key, values))

    def _ask(self, what: str, key: str, **values: object) -> Mapping[str, object]:
        return self._line.ask(self._question(what, key, values), seconds=HEARD_SECONDS)

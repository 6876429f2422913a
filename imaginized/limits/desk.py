"""The limiter's part of the gate: every process asks here, and is answered at the moment that its request may go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from imaginized.clock import Clock
from imaginized.errors import Paused, Retryable
from imaginized.limits.limiter import Limiter
from imaginized.limits.memory import LimitsMemory
from imaginized.limits.outages import Miss, Silence
from imaginized.limits.rules import LOOK_AGAIN_SECONDS, Limits, Permit, Spacing, Ticket, free_dead, process_of
from imaginized.process.desk import Caller
from imaginized.process.fault_points import fault_point
from imaginized.process.packets import Packet

ORPHANS_SECONDS = 1.0

Answer = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A question for a permit that waits."""

    caller: Caller
    number: object
    owner: str
    key: str
    limits: Limits
    tokens: int
    spacing: Spacing | None
    id: str


class LimitsDesk:
    """The limiter as a service of the gate."""

    def __init__(self, states: LimitsMemory, *, clock: Clock, is_alive: Callable[[str], bool]) -> None:
        """Keep these; `is_alive` tells of the owners that an earlier gate knew whether they are still there."""
        self._states = states
        self._clock = clock
        self._is_alive = is_alive
        self._limiters: dict[str, Limiter] = {}
        self._waiting: dict[str, dict[str, _Asked]] = {}
        self._stirred: set[str] = set()
        self._due: dict[str, float] = {}
        self._answers: list[Answer] = []
        self._orphans = {process_of(owner) for owner in self._owners()}
        self._looked_at = 0.0

    def greet(self, caller: Caller, holds: object) -> None:
        """Take in what it holds; what it does not hold any more is given back."""
        said = holds if isinstance(holds, Mapping) else {}
        self._orphans.discard(caller.name)
        kept = {str(each) for each in said.get("asks", ())}
        for row in said.get("permits", ()):
            permit = Permit(
                owner=_owner(caller, row), since=float(row["since"]), tokens=int(row["tokens"]), id=str(row["id"])
            )
            kept.add(permit.id)
            self._limiter(permit.owner).readmit(str(row["key"]), Limits(**row["limits"]), permit)
        for key, state in list(self._states.all().items()):
            stale = {
                each.owner for each in state.permits if each.id not in kept and process_of(each.owner) == caller.name
            }
            self._free(key, stale)

    def take(self, caller: Caller, question: Packet) -> bool:
        """Take in a question; those about permits wait for their moment."""
        asked = str(question.get("q"))
        if asked == "permit":
            self._ask(caller, question)
            return True
        act = ACTS.get(asked)
        if act is None:
            return False
        key, owner, number = str(question["key"]), _owner(caller, question), question["n"]
        if asked == "give_back":
            self._withdraw(key, owner=owner, id=str(question["id"]))
        try:
            values = act(self._limiter(owner), key, question) or {}
        except (Retryable, OSError) as error:
            refused = error
            self._answers.append(lambda: caller.refuse(number, refused))
        else:
            self._answers.append(lambda: caller.answer(number, **values))
        self._stirred.add(key)
        return True

    def bury(self, caller: Caller) -> None:
        """Free its permits and its places, and let another one try what it was trying."""
        self._bury(caller.name)

    def order(self, order: str) -> None:
        """A person resumes what was paused."""
        if order == "resume":
            self._limiter("").resume()
            self._stirred |= set(self._states.all())

    def finish(self) -> None:
        """Hand out what may go now, write it down, and say so."""
        now = self._states.moment().monotonic
        self._look_for_orphans(now)
        due = {key for key, moment in self._due.items() if moment <= now}
        for key in self._stirred | due:
            self._serve(key)
        self._stirred.clear()
        if self._answers:
            fault_point("permit_decided")
        self._states.write()
        if self._answers:
            fault_point("permit_written")
        answers, self._answers = self._answers, []
        for answer in answers:
            answer()
        if answers:
            fault_point("permit_answered")

    def due_seconds(self) -> float | None:
        """Until the next permit, or the next look."""
        now = self._states.moment().monotonic
        dues = [moment - now for moment in self._due.values() if moment < inf]
        if self._orphans:
            dues.append(ORPHANS_SECONDS)
        if (due := self._states.due_seconds()) is not None:
            dues.append(due)
        return max(0.0, min(dues)) if dues else None

    def _ask(self, caller: Caller, question: Packet) -> None:
        spacing = question.get("spacing")
        limits = question["limits"]
        asked = _Asked(
            caller=caller,
            number=question["n"],
            owner=_owner(caller, question),
            key=str(question["key"]),
            limits=Limits(**limits) if isinstance(limits, Mapping) else Limits(),
            tokens=int(str(question["tokens"])),
            spacing=Spacing(**spacing) if isinstance(spacing, Mapping) else None,
            id=str(question["id"]),
        )
        waiting = self._waiting.setdefault(asked.key, {})
        waiting[asked.owner] = asked
        if self._try(asked):
            self._due[asked.key] = min(self._due.get(asked.key, inf), self._due_of(asked.key))

    def _withdraw(self, key: str, *, owner: str, id: str) -> None:
        """It waits no more, if it still does."""
        waiting = self._waiting.get(key, {})
        if (asked := waiting.get(owner)) is not None and asked.id == id:
            del waiting[owner]

    def _try(self, asked: _Asked) -> bool:
        """Ask the rules; whether it still waits."""
        limiter = self._limiter(asked.owner)
        try:
            seconds = limiter.ask(
                asked.key,
                asked.limits,
                tokens=asked.tokens,
                spacing=asked.spacing,
                id=asked.id,
                patience_seconds=inf,
            )
        except (Paused, Retryable, OSError) as error:
            limiter.give_back(asked.key)
            refused = error
            self._answers.append(lambda: asked.caller.refuse(asked.number, refused))
        else:
            if seconds > 0:
                return True
            self._answers.append(lambda: asked.caller.answer(asked.number, since=limiter.sent_at(asked.key)))
        self._waiting[asked.key].pop(asked.owner, None)
        return False

    def _serve(self, key: str) -> None:
        """Ask again for those who wait, in their order, until the first who has to."""
        self._due.pop(key, None)
        for asked in list(self._waiting.get(key, {}).values()):
            if self._try(asked) and asked.spacing is None:
                break  # nobody behind may go before it; one that its own spacing holds up holds up nobody
        if self._waiting.get(key):
            self._due[key] = self._due_of(key)

    def _due_of(self, key: str) -> float:
        """When to ask again for who waits: a request that ends is told, so a guess when one will is of no use."""
        tickets: tuple[Ticket, ...] = self._states.all()[key].tickets
        again = self._states.moment().monotonic + LOOK_AGAIN_SECONDS
        return min([again, *(ticket.due for ticket in tickets if not ticket.is_guess)])

    def _limiter(self, owner: str) -> Limiter:
        if owner not in self._limiters:
            self._limiters[owner] = Limiter(self._states, clock=self._clock, is_alive=None, owner=owner, boot="")
        return self._limiters[owner]

    def _free(self, key: str, owners: set[str]) -> None:
        if not owners:
            return
        self._states.update(key, lambda state, _now: (free_dead(state, is_alive=lambda each: each not in owners), None))
        self._stirred.add(key)

    def _bury(self, process: str) -> None:
        for key, state in list(self._states.all().items()):
            owners = {ticket.owner for ticket in state.tickets} | {permit.owner for permit in state.permits}
            owners |= {state.outage.prober} if state.outage else set()
            self._free(key, {owner for owner in owners if process_of(owner) == process})
        for waiting in self._waiting.values():
            for owner in [owner for owner in waiting if process_of(owner) == process]:
                del waiting[owner]
        for owner in [owner for owner in self._limiters if process_of(owner) == process]:
            del self._limiters[owner]

    def _owners(self) -> set[str]:
        """All who have something in flight, or try an endpoint."""
        states = self._states.all().values()
        owners = {permit.owner for state in states for permit in state.permits}
        return owners | {state.outage.prober for state in states if state.outage and state.outage.prober}

    def _look_for_orphans(self, now: float) -> None:
        """Owners that a gate before this one knew: they connect, or they are dead."""
        if not self._orphans or now - self._looked_at < ORPHANS_SECONDS:
            return
        self._looked_at = now
        for process in [each for each in self._orphans if not self._is_alive(each)]:
            self._orphans.discard(process)
            self._bury(process)


def _give_back(limiter: Limiter, key: str, _: Packet) -> None:
    limiter.give_back(key)


def _hold(limiter: Limiter, key: str, question: Packet) -> None:
    limiter.hold(key, float(str(question["seconds"])), reason=str(question["reason"]))


def _slow_down(limiter: Limiter, key: str, _: Packet) -> None:
    limiter.slow_down(key)


def _speed_up(limiter: Limiter, key: str, _: Packet) -> None:
    limiter.speed_up(key)


def _use(limiter: Limiter, key: str, question: Packet) -> None:
    limiter.use(key, int(str(question["tokens"])))


def _pause(limiter: Limiter, key: str, question: Packet) -> None:
    limiter.pause(key, str(question["reason"]))


def _missed(limiter: Limiter, key: str, question: Packet) -> Mapping[str, object]:
    row = question["miss"]
    if not isinstance(row, Mapping):
        raise TypeError("no miss")
    return {"is_off": limiter.missed(key, Miss(**{**row, "silence": Silence(row["silence"])}))}


def _answered(limiter: Limiter, key: str, _: Packet) -> None:
    limiter.answered(key)


def _take_probe(limiter: Limiter, key: str, _: Packet) -> Mapping[str, object]:
    probe = limiter.take_probe(key)
    return {"seconds": probe.seconds, "is_taken": probe.is_taken}


def _drop_probe(limiter: Limiter, key: str, _: Packet) -> None:
    limiter.drop_probe(key)


def _paused(limiter: Limiter, _: str, __: Packet) -> Mapping[str, object]:
    return {"paused": limiter.paused()}


ACTS: Mapping[str, Callable[[Limiter, str, Packet], Mapping[str, object] | None]] = {
    "give_back": _give_back,
    "hold": _hold,
    "slow_down": _slow_down,
    "speed_up": _speed_up,
    "use": _use,
    "pause": _pause,
    "missed": _missed,
    "answered": _answered,
    "take_probe": _take_probe,
    "drop_probe": _drop_probe,
    "paused": _paused,
}


def _owner(caller: Caller, row: Mapping[str, object]) -> str:
    """The name of what asks in the caller's process: that of the process, or of one of several in it."""
    lane = str(row.get("as", ""))
    return f"{caller.name}/{lane}" if lane else caller.name

"""One limiter for all worker processes: each asks it before a request, and tells it what the endpoint said."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from imaginized.clock import Clock
from imaginized.errors import Paused, Retryable, Unreachable
from imaginized.limits.gate import ASKED, Wait
from imaginized.limits.outages import Miss, Outage
from imaginized.limits.resets import read_left
from imaginized.limits.rules import (
    LOOK_AGAIN_SECONDS,
    PATIENCE_SECONDS,
    Limits,
    Moment,
    Permit,
    Probe,
    Spacing,
    Standing,
    State,
    ask,
    count_miss,
    drop_probe,
    free_dead,
    give_back,
    hold,
    process_of,
    readmit,
    slow_down,
    speed_up,
    stand,
    take_probe,
    use,
)
from imaginized.limits.state import LimitsFile
from imaginized.logs.log import get_log

LONGEST_HOLD_SECONDS = 86_400.0
NO_HOLD_WORTH_SECONDS = 0.0
NOTHING_LEFT = "nothing left until the endpoint's reset"

T = TypeVar("T")

_log = get_log()


class States(Protocol):
    """What is remembered of each key."""

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept."""

    def moment(self) -> Moment:
        """Now."""

    def all(self) -> Mapping[str, State]:
        """Every state by its key."""

    def update(self, key: str, change: Callable[[State, Moment], tuple[State, T]]) -> T:
        """Change one key's state, with nobody else at it meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the user's pacing adds to an endpoint's limits.

    Attributes:
        in_flight: Requests under way at once; None for as many as there are workers.
        spacing_seconds: Least time between two requests for the same chapter.
    """

    in_flight: int | None = None
    spacing_seconds: float = 0.0


class Limiter:
    """The limits of one library, shared by its processes.

    A key names an endpoint and an account; it is written to disk and logs, so it never is the API key itself.
    """

    def __init__(
        self,
        path: "Path | States",
        *,
        clock: Clock,
        is_alive: Callable[[str], bool] | None,
        owner: str,
        boot: str,
        pace: Pace | None = None,
        busy_seconds: float = 10.0,
    ) -> None:
        """Keep what is known in the database `path`, or where one process keeps it for all.

        Args:
            path: Made when it is first needed.
            clock: The machine's.
            is_alive: Whether the owner of that name may still be at work; false only when it is provably dead.
                None where whoever keeps the states is told of the dead.
            owner: This process, in words that `is_alive` understands. It has one request of a key in flight at a time.
            boot: This machine's boot id.
            pace: The user's pacing; None adds nothing.
            busy_seconds: How long to wait for another process to finish its look into the database.
        """
        self._file: States
        if isinstance(path, Path):
            self._file = LimitsFile(path, clock=clock, boot=boot, busy_seconds=busy_seconds)
        else:
            self._file = path
        self._is_alive = is_alive
        self._owner = owner
        self._pace = pace or Pace()
        self._sent: dict[str, Permit] = {}  # the last request of this process, by key

    @contextmanager
    def permit(self, key: str, limits: Limits, *, wait: Wait, tokens: int = 0, spacing: str = "") -> Iterator[None]:
        """Have a request of `key` in flight for as long as the context lasts; enters when it may be sent.

        Args:
            key: The endpoint and account.
            limits: As the settings have them now.
            wait: Called with seconds, at most `LOOK_AGAIN_SECONDS`, as long as it takes. What it raises gives up the
                place in the queue.
            tokens: What the request is estimated to cost.
            spacing: What it is about; the pace may keep requests about the same apart.

        Raises:
            Paused: The provider waits for a person.
            Unreachable: Nobody answers there, and it is not this process's turn to try.
            Retryable: The database is busy.
            OSError: It cannot be written.
        """
        paced, apart = paced_by(self._pace, limits, spacing=spacing)
        try:
            while (seconds := self.ask(key, paced, tokens=tokens, spacing=apart)) > 0:
                wait(min(seconds, LOOK_AGAIN_SECONDS))
            yield
        finally:
            self.give_back(key)

    def ask(
        self,
        key: str,
        limits: Limits,
        *,
        tokens: int,
        spacing: Spacing | None,
        id: str = "",
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> float:
        """Ask for a permit once: 0 when it is granted, else the seconds after which to ask again. Raises as `permit`.

        Args:
            key: The endpoint and account.
            limits: With what the pace adds.
            tokens: What the request is estimated to cost.
            spacing: What the pace adds for what it is about.
            id: Of the permit; asked for again it is the same.
            patience_seconds: How much later than told this owner may ask again without losing its place.
        """

        def asking(state: State, now: Moment) -> tuple[State, float]:
            if state.paused:
                raise Paused(state.paused)
            if state.outage is not None and not state.outage.is_for(self._owner):
                seconds = max(state.outage.next_try - now.monotonic, 0.0)
                raise Unreachable(f"{url_of(key)} is unreachable: {state.outage.reason}", after_seconds=seconds)
            request = _Request(
                limits=limits, owner=self._owner, tokens=tokens, spacing=spacing, id=id, patience=patience_seconds
            )
            after, seconds = self._ask(state, request, now=now)
            if seconds == 0:
                self._sent[key] = next(permit for permit in reversed(after.permits) if permit.owner == self._owner)
            return after, seconds

        return self._file.update(key, asking)

    def readmit(self, key: str, limits: Limits, permit: Permit) -> None:
        """Take in a request of this owner that is under way, though it was granted by another process than this."""
        self._sent[key] = permit
        self._tell(key, lambda state, now: readmit(state, limits, now=now, permit=permit))

    def hold(self, key: str, seconds: float, *, reason: str = ASKED) -> None:
        """Grant nobody a permit for so many seconds, as a 429 with Retry-After asks; `reason` is shown to people."""
        bounded = min(seconds, LONGEST_HOLD_SECONDS)
        self._tell(key, lambda state, now: hold(state, now=now, seconds=bounded, reason=reason))

    def slow_down(self, key: str) -> None:
        """Halve the requests in flight: the endpoint said 429 to this owner's request. Call it within the permit."""
        self._tell(key, lambda state, now: slow_down(state, now=now, owner=self._owner))

    def speed_up(self, key: str) -> None:
        """Count a good reply; a window of them allows one more request in flight. Call it within the permit."""
        self._tell(key, lambda state, now: speed_up(state, now=now))

    def use(self, key: str, tokens: int) -> None:
        """Count what this process's last request took, in and out, instead of its estimate. Say it once."""
        permit = self._sent.pop(key, None)
        if permit is not None and permit.tokens != tokens:
            self._tell(key, lambda state, _now: use(state, permit=permit, tokens=tokens))

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """Hold everybody until the reset of what an endpoint has nothing left of, or fewer tokens than a request takes.

        Args:
            key: The endpoint and account.
            headers: Of any spelling, their names in lower case.
        """
        last = self._sent.get(key)
        seconds = spent_for(headers, needed=last.tokens if last else 0, utc=self._file.moment().utc)
        if seconds > NO_HOLD_WORTH_SECONDS:
            self.hold(key, seconds, reason=NOTHING_LEFT)

    def pause(self, key: str, reason: str) -> None:
        """Grant nobody a permit until `resume`: a key that is refused, an account that is empty."""
        self._file.update(key, lambda state, _now: (replace(state, paused=reason), None))

    def paused(self) -> dict[str, str]:
        """The keys that wait for a person, and why. Makes no file.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be read.
        """
        return {key: state.paused for key, state in self._file.all().items() if state.paused}

    def resume(self) -> list[str]:
        """Let every paused key go on, and try unreachable ones at once; returns which these were."""
        standings = self.standings().items()
        paused = [key for key, standing in standings if standing.paused or standing.outage or standing.is_asked_to_wait]

        def resumed(state: State, now: Moment) -> tuple[State, None]:
            outage = replace(state.outage, next_try=now.monotonic) if state.outage else None
            return replace(state, paused="", outage=outage, hold_until=0.0, hold_reason=""), None

        for key in paused:
            self._file.update(key, resumed)
        return paused

    def missed(self, key: str, miss: Miss) -> bool:
        """Count a request that got no answer; True when the endpoint is unreachable now, for all. Within the permit."""
        was_off = is_off = False

        def change(state: State, now: Moment) -> State:
            nonlocal was_off, is_off
            after = count_miss(state, miss, now=now, owner=self._owner)
            was_off, is_off = (each.outage is not None and each.outage.is_off for each in (state, after))
            return after

        self._tell(key, change)
        if is_off and not was_off:
            _log.warning("endpoint_unreachable", endpoint=url_of(key), reason=miss.reason)
        return is_off

    def answered(self, key: str) -> None:
        """The endpoint answered, with an error or without: who waits for that goes on."""
        outage: Outage | None = None

        def change(state: State, _now: Moment) -> State:
            nonlocal outage
            outage = state.outage
            return state if outage is None else replace(state, outage=None)

        self._tell(key, change)
        if outage is not None and outage.is_off:
            _log.info("endpoint_reached", endpoint=url_of(key), since=outage.since, tries=outage.tries)

    def take_probe(self, key: str) -> Probe:
        """Whether this process may claim work for the endpoint: it can be reached, or is this one's to try now.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be read or written.
        """
        if not self._file.is_there:
            return Probe()

        def change(state: State, now: Moment) -> tuple[State, Probe]:
            after, probe = take_probe(state, now=now, owner=self._owner)
            if probe.seconds == 0 or state.outage is None or not state.outage.prober:
                return after, probe
            return take_probe(self._without_dead(state), now=now, owner=self._owner)

        return self._file.update(key, change)

    def drop_probe(self, key: str) -> None:
        """This process tries the endpoint no more: the next one may."""
        self._tell(key, lambda state, _now: drop_probe(state, owner=self._owner))

    def standings(self) -> dict[str, Standing]:
        """How every key stands and what is waited for, without the dead. Makes no file.

        Raises:
            Retryable: The database is busy.
            OSError: It cannot be read.
        """
        if not self._file.is_there:
            return {}
        now = self._file.moment()
        return {key: stand(self._without_dead(state), now=now) for key, state in self._file.all().items()}

    def give_back(self, key: str) -> None:
        """End the request of this owner, or its waiting for one."""
        # Where this fails, the next question by this owner gives it back.
        self._tell(key, lambda state, now: give_back(state, now=now, owner=self._owner))

    def sent_at(self, key: str) -> float:
        """When the last request of this owner was let through, in monotonic seconds."""
        return self._sent[key].since

    def _without_dead(self, state: State) -> State:
        if self._is_alive is None:
            return state
        is_alive = cache(self._is_alive)  # of a process that sends a hundred requests at once it is asked once
        return free_dead(state, is_alive=lambda owner: is_alive(process_of(owner)))

    def _ask(self, state: State, request: "_Request", *, now: Moment) -> tuple[State, float]:
        after, seconds = request.ask(state, now=now)
        if seconds == 0 or self._is_alive is None:
            return after, seconds
        is_alive = self._is_alive
        alive = free_dead(after, is_alive=lambda owner: owner == self._owner or is_alive(owner))
        return (after, seconds) if alive is after else request.ask(alive, now=now)

    def _tell(self, key: str, change: Callable[[State, Moment], State]) -> None:
        """Take in what happened, if that can be done: the reply that was paid for must not be lost over it."""
        try:
            self._file.update(key, lambda state, now: (change(state, now), None))
        except (OSError, Retryable) as error:
            _log.warning("error_caught", reason=f"the limiter cannot be told yet: {error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    limits: Limits
    owner: str
    tokens: int
    spacing: Spacing | None
    id: str
    patience: float

    def ask(self, state: State, *, now: Moment) -> tuple[State, float]:
        return ask(
            state,
            self.limits,
            now=now,
            owner=self.owner,
            tokens=self.tokens,
            spacing=self.spacing,
            id=self.id,
            patience_seconds=self.patience,
        )


def paced_by(pace: Pace, limits: Limits, *, spacing: str) -> tuple[Limits, Spacing | None]:
    """An endpoint's limits with what the user's pacing adds to them."""
    apart = Spacing(sub_key=spacing, seconds=pace.spacing_seconds) if pace.spacing_seconds else None
    return replace(limits, in_flight=pace.in_flight or limits.in_flight), apart


def spent_for(headers: Mapping[str, str], *, needed: int, utc: datetime) -> float:
    """Seconds until there is enough again of what headers say there is too little of; 0 where there is enough.

    Args:
        headers: Of any spelling, their names in lower case.
        needed: Tokens of a request.
        utc: Now.
    """
    spent = [
        left.after_seconds or 0.0
        for left in read_left(headers, utc=utc)
        if left.remaining < (max(needed, 1) if left.is_of_tokens else 1)
    ]
    return max(spent, default=0.0)


def url_of(key: str) -> str:
    """The endpoint of a key, for people."""
    return key.partition("#")[0]

"""Who may send a request to an endpoint now, and how long the others wait: the rules of the limiter, pure functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from imaginized.limits.outages import Miss, Outage, missed
from imaginized.limits.spent import MINUTE_SECONDS, Spent, corrected, room_at, with_tokens

POLL_SECONDS = 0.05  # when a request under way will end is not known
LOOK_AGAIN_SECONDS = 10.0
PATIENCE_SECONDS = 10.0
MOST_SLACK_SECONDS = 1.0
MOST_REMEMBERED = 50
DAYS_KEPT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an endpoint allows one API key; None for no limit.

    Requests are spaced evenly, without bursts; tokens are counted over the last minute. So no minute, wherever it
    begins, sees more than allowed, but for a request that is larger than a minute's tokens: that one goes alone.

    Raises:
        ValueError: A limit is not above 0.
    """

    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    requests_per_day: int | None = None
    in_flight: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that nothing could ever pass."""
        for name in (row.name for row in fields(self)):
            if (value := getattr(self, name)) is not None and not value > 0:
                raise ValueError(f"{name} is {value}; a limit is above 0, or None for none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """A least time between the requests for one thing, such as a chapter; others pass meanwhile."""

    sub_key: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, on both clocks: `monotonic` seconds since this `boot`, and the wall clock, for the day only."""

    boot: str
    monotonic: float
    utc: datetime

    @property
    def day(self) -> str:
        """The UTC date."""
        return self.utc.date().isoformat()


class _Obstacle(NamedTuple):
    """Until when something stands in the way, what it is called, and whether the moment is only when to look again."""

    due: float
    name: str
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A place in the queue.

    Attributes:
        owner: The process that waits.
        tokens: What its request is estimated to cost.
        counts_from: When it is free to go as far as its own spacing is concerned; it holds nobody up before.
        due: When it may go at the earliest, as far as known.
        reason: What it waits for.
        is_guess: Whether `due` is no more than when to look again.
        lapses_at: It has to ask again by then; a process that was stopped holds nobody up for ever.
    """

    owner: str
    tokens: int = 0
    counts_from: float = 0.0
    due: float = 0.0
    reason: str = ""
    lapses_at: float = 0.0
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """A request in flight, of `owner`, `since` a monotonic time, estimated to cost so many tokens.

    Asked for again under the same `id` it is the same one; "" is none.
    """

    owner: str
    since: float
    tokens: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered of one key. Times are monotonic seconds of `boot`.

    Attributes:
        request_due: When the requests a minute allow the next one (the theoretical arrival time of GCRA).
        sent: When the last requests were, as many as a second may see.
        spent: The tokens of the last minute.
        hold_until: Nobody goes before.
        paused: Why nobody goes until a person says so; "" while that is not so.
        window: Requests that may be in flight, as the endpoint's 429s have taught; None before the first.
        slowed_at: When the window was last halved.
        tickets: In the order of first asking; one an owner.
        permits: One an owner.
        spaced: Sub-keys that were served and when they may be again.
        days: Requests by UTC date, the last dates seen; several, so that a clock that steps over midnight and back
            finds its count again.
        outage: The requests since the last answer, where they got none.
    """

    boot: str = ""
    request_due: float = 0.0
    spent: Spent = ()
    sent: tuple[float, ...] = ()
    hold_until: float = 0.0
    hold_reason: str = ""
    paused: str = ""
    window: float | None = None
    slowed_at: float = 0.0
    tickets: tuple[Ticket, ...] = ()
    permits: tuple[Permit, ...] = ()
    spaced: tuple[tuple[str, float], ...] = ()
    days: tuple[tuple[str, int], ...] = ()
    outage: Outage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a key stands, for people.

    Attributes:
        in_flight: Requests under way.
        window: How many may be, after 429s; None while there was none.
        waiting: Processes that wait.
        today: Requests since midnight UTC.
        reason: What the next one waits for; "" when nothing is waited for.
        until: When that is over, by the wall clock; None when it is not known or nothing is waited for.
        paused: Why it waits for a person; "" when it does not.
        outage: Since when it cannot be reached, and why; None when it can, or nobody asks it any more.
        next_try_seconds: Until one worker tries it again; None while one does, and without an outage.
        is_asked_to_wait: Whether the endpoint has asked for a pause that is not over.
    """

    in_flight: int
    window: int | None
    waiting: int
    today: int
    reason: str
    until: datetime | None
    paused: str = ""
    outage: Outage | None = None
    next_try_seconds: float | None = None
    is_asked_to_wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Whether an endpoint may be asked: after so many seconds, and whether that is a try of one for all."""

    seconds: float = 0.0
    is_taken: bool = False


def ask(
    state: State,
    limits: Limits,
    *,
    now: Moment,
    owner: str,
    tokens: int = 0,
    spacing: Spacing | None = None,
    id: str = "",
    patience_seconds: float = PATIENCE_SECONDS,
) -> tuple[State, float]:
    """Ask for a permit: 0 when it is granted, else the seconds after which to ask again, in the same place in line.

    Whoever asks goes only if there is room for all those before it, too, so a slow process is not overtaken for good
    and does not leave room unused. What the owner held of this key before is given back, unless it has the same id.

    Returns:
        The next state and the seconds.
    """
    state = _current(state, now=now)
    if id and any(permit.id == id and permit.owner == owner for permit in state.permits):
        return state, 0.0
    state = _without(state, owner=owner, tickets=False)
    place = next((n for n, ticket in enumerate(state.tickets) if ticket.owner == owner), len(state.tickets))
    counting = [ticket for ticket in state.tickets[:place] if ticket.counts_from <= now.monotonic]
    counts_from = dict(state.spaced).get(spacing.sub_key, 0.0) if spacing else 0.0
    obstacles = [*_obstacles(state, limits, now=now, before=counting, tokens=tokens)]
    if spacing:
        obstacles.append(_Obstacle(counts_from, f"spacing of {spacing.sub_key}"))
    due, reason, is_guess = max(obstacles, key=itemgetter(0))
    if due <= now.monotonic:
        permit = Permit(owner=owner, since=now.monotonic, tokens=tokens, id=id)
        return _granted(state, limits, now=now, permit=permit, spacing=spacing), 0.0
    seconds = due - now.monotonic
    ticket = Ticket(
        owner=owner,
        tokens=tokens,
        counts_from=counts_from,
        due=due,
        reason=reason,
        is_guess=is_guess,
        lapses_at=now.monotonic + min(seconds, LOOK_AGAIN_SECONDS) + patience_seconds,
    )
    return replace(state, tickets=(*state.tickets[:place], ticket, *state.tickets[place + 1 :])), seconds


def give_back(state: State, *, now: Moment, owner: str) -> State:
    """End the owner's request, or its waiting for one."""
    return _without(_current(state, now=now), owner=owner)


def readmit(state: State, limits: Limits, *, now: Moment, permit: Permit) -> State:
    """Take in a request that its sender says is under way; one that nothing is known of is counted as sent then."""
    state = _current(state, now=now)
    if any(each.owner == permit.owner and each.id == permit.id for each in state.permits):
        return state
    then = replace(now, monotonic=min(permit.since, now.monotonic))
    return _granted(state, limits, now=then, permit=permit, spacing=None)


def free_dead(state: State, *, is_alive: Callable[[str], bool]) -> State:
    """Take the tickets and permits of the dead out of the state; the same object where all are alive."""
    owners = {ticket.owner for ticket in state.tickets} | {permit.owner for permit in state.permits}
    owners |= {state.outage.prober} - {""} if state.outage else set()
    for owner in sorted(owners):
        if not is_alive(owner):
            state = drop_probe(_without(state, owner=owner), owner=owner)
    return state


def hold(state: State, *, now: Moment, seconds: float, reason: str) -> State:
    """Let nobody go for so many seconds; a longer hold stands."""
    state = _current(state, now=now)
    until = now.monotonic + seconds
    return replace(state, hold_until=until, hold_reason=reason) if until > state.hold_until else state


def use(state: State, *, permit: Permit, tokens: int) -> State:
    """Count what a request took instead of what it was estimated to, if that still counts."""
    return replace(state, spent=corrected(state.spent, since=permit.since, by=tokens - permit.tokens))


def slow_down(state: State, *, now: Moment, owner: str) -> State:
    """Halve the window, once for all the requests that were under way when it was halved."""
    state = _current(state, now=now)
    since = max((permit.since for permit in state.permits if permit.owner == owner), default=now.monotonic)
    if since < state.slowed_at:
        return state
    used = len(state.permits) if state.window is None else min(len(state.permits), int(state.window))
    return replace(state, window=float(max(1, used // 2)), slowed_at=now.monotonic)


def speed_up(state: State, *, now: Moment) -> State:
    """Widen the window by its share of one: by one for a whole window of good replies. Unused room does not grow."""
    state = _current(state, now=now)
    if state.window is None or len(state.permits) < int(state.window):
        return state
    return replace(state, window=state.window + 1 / int(state.window))


def stand(state: State, *, now: Moment) -> Standing:
    """How the key stands."""
    state = _current(state, now=now)
    due, reason, is_guess = 0.0, "", False
    if state.hold_until > now.monotonic:
        due, reason = state.hold_until, state.hold_reason
    elif state.tickets:
        first = min(state.tickets, key=lambda ticket: ticket.due)
        due, reason, is_guess = first.due, first.reason, first.is_guess
    is_known = due > now.monotonic and not is_guess
    outage = state.outage if state.outage and state.outage.is_asked_for(now.monotonic) else None
    is_tried = outage is None or outage.prober
    return Standing(
        in_flight=len(state.permits),
        window=None if state.window is None else int(state.window),
        waiting=len(state.tickets),
        today=dict(state.days).get(now.day, 0),
        reason=reason,
        until=now.utc + timedelta(seconds=due - now.monotonic) if is_known else None,
        paused=state.paused,
        outage=outage,
        next_try_seconds=None if is_tried or outage is None else max(outage.next_try - now.monotonic, 0.0),
        is_asked_to_wait=state.hold_until > now.monotonic,
    )


def count_miss(state: State, miss: Miss, *, now: Moment, owner: str) -> State:
    """One more request of the owner that got no answer."""
    state = _current(state, now=now)
    utc = now.utc.isoformat(timespec="seconds")
    return replace(state, outage=missed(state.outage, miss, owner=owner, now=now.monotonic, utc=utc))


def take_probe(state: State, *, now: Moment, owner: str) -> tuple[State, Probe]:
    """Whether the owner may claim work for the endpoint.

    While that is unreachable, one owner at a time may, and until it has sent its request nobody else.
    """
    current = _current(state, now=now)
    outage = current.outage
    if outage is None or not outage.is_off:
        return state, Probe()
    if outage.prober not in ("", owner):
        return state, Probe(seconds=LOOK_AGAIN_SECONDS)
    if not outage.prober and outage.next_try > now.monotonic:
        return state, Probe(seconds=outage.next_try - now.monotonic)
    return replace(current, outage=replace(outage, prober=owner)), Probe(is_taken=True)


def drop_probe(state: State, *, owner: str) -> State:
    """The owner sends nothing after all: the next one may."""
    if state.outage is None or state.outage.prober != owner:
        return state
    return replace(state, outage=replace(state.outage, prober=""))


def process_of(owner: str) -> str:
    """The process of an owner: one that sends several requests at once adds a name of its own to each."""
    return owner.partition("/")[0]


def _current(state: State, *, now: Moment) -> State:
    """The state as it holds now: after another boot only the days mean anything; lapsed tickets are none."""
    if state.boot != now.boot:
        outage = replace(state.outage, next_try=now.monotonic, prober="") if state.outage else None
        return State(boot=now.boot, days=state.days, paused=state.paused, outage=outage)
    if all(ticket.lapses_at > now.monotonic for ticket in state.tickets):
        return state
    return replace(state, tickets=tuple(ticket for ticket in state.tickets if ticket.lapses_at > now.monotonic))


def _without(state: State, *, owner: str, tickets: bool = True) -> State:
    permits = tuple(permit for permit in state.permits if permit.owner != owner)
    kept = tuple(ticket for ticket in state.tickets if ticket.owner != owner) if tickets else state.tickets
    if len(permits) == len(state.permits) and len(kept) == len(state.tickets):
        return state  # the same object: nothing of it has to be written
    return replace(state, permits=permits, tickets=kept)


def _obstacles(state: State, limits: Limits, *, now: Moment, before: list[Ticket], tokens: int) -> Iterator[_Obstacle]:
    """What stands in the way behind so many others."""
    yield _Obstacle(state.hold_until, state.hold_reason)
    if limits.requests_per_minute is not None:
        taken = len(before) * _distance(limits.requests_per_minute)
        yield _Obstacle(max(state.request_due, state.hold_until) + taken, "requests per minute")
        yield _Obstacle(_second_due(state.sent, limits.requests_per_minute, before=len(before)), "requests per minute")
    if limits.tokens_per_minute is not None:
        wanted = tokens + sum(ticket.tokens for ticket in before)
        due = room_at(state.spent, wanted=wanted, per_minute=limits.tokens_per_minute)
        # Who is before may need a whole minute for itself: nobody behind may take it when it is empty.
        must_follow = before and wanted > limits.tokens_per_minute
        due = max(due, now.monotonic) + POLL_SECONDS if must_follow else due
        yield _Obstacle(due, "tokens per minute")
    used = dict(state.days).get(now.day, 0) + len(before)
    if limits.requests_per_day is not None and used >= limits.requests_per_day:
        yield _Obstacle(now.monotonic + _seconds_to_midnight(now.utc), "requests per day")
    window = min((room for room in (limits.in_flight, state.window) if room is not None), default=None)
    if window is not None and len(state.permits) + len(before) >= int(window):
        # Nobody knows when one of them ends: that long is only until the next look.
        yield _Obstacle(now.monotonic + POLL_SECONDS * (1 + len(before)), "requests in flight", is_guess=True)


def _seconds_to_midnight(utc: datetime) -> float:
    midnight = datetime(utc.year, utc.month, utc.day, tzinfo=UTC) + timedelta(days=1)
    return (midnight - utc).total_seconds()


def _slack(rpm: float) -> float:
    return min(MOST_SLACK_SECONDS, MINUTE_SECONDS / rpm / 2)


def _most_a_second(rpm: float) -> int:
    """How many requests any second may see, which are remembered for that; 0 for as many as their distances let.

    What is made up for brings one more into some seconds, and endpoints may count by the second. Not of those that may
    take one a second, or less: they could make up for nothing. Nor of very many: their slack is a hundredth of it.
    """
    most = ceil(rpm / MINUTE_SECONDS)
    return most if 1 < most <= MOST_REMEMBERED else 0


def _second_due(sent: tuple[float, ...], rpm: float, *, before: int) -> float:
    """When the next request may go behind so many others, as far as the last second's are concerned."""
    back = _most_a_second(rpm) - before
    return sent[-back] + 1.0 if 0 < back <= len(sent) else 0.0


def _distance(rpm: float) -> float:
    """Seconds between two requests: a little more than their share, for what is made up for after a late one."""
    return (MINUTE_SECONDS + _slack(rpm)) / rpm


def _next_due(due: float, *, now: float, rpm: float) -> float:
    """When the next request may go: who wakes up late by up to half a distance takes nothing from those behind.

    No minute sees more than it may: n requests take at least (n - 1) distances less one slack.
    """
    begin = max(due, now - _slack(rpm)) if now - due < _distance(rpm) else now  # nobody was late where nobody waited
    return begin + _distance(rpm)


def _with_sent(sent: tuple[float, ...], *, now: float, rpm: float) -> tuple[float, ...]:
    most = _most_a_second(rpm)
    return tuple(sorted((*sent, now))[-most:]) if most else ()


def _granted(state: State, limits: Limits, *, now: Moment, permit: Permit, spacing: Spacing | None) -> State:
    rpm, tpm = limits.requests_per_minute, limits.tokens_per_minute
    spaced = tuple((name, due) for name, due in state.spaced if due > now.monotonic)
    if spacing:
        spaced = (*spaced, (spacing.sub_key, now.monotonic + spacing.seconds))
    others = tuple((day, count) for day, count in state.days if day != now.day)
    rest = _without(state, owner=permit.owner)
    return replace(
        rest,
        request_due=state.request_due if rpm is None else _next_due(state.request_due, now=now.monotonic, rpm=rpm),
        sent=() if rpm is None else _with_sent(state.sent, now=now.monotonic, rpm=rpm),
        spent=() if tpm is None else with_tokens(state.spent, now=now.monotonic, tokens=permit.tokens),
        permits=(*rest.permits, permit),
        spaced=spaced,
        days=((now.day, dict(state.days).get(now.day, 0) + 1), *others)[:DAYS_KEPT],
    )

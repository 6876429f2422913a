"""Which processes should run, and what to do about those that do not: pure decisions over frozen records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from imaginized.daemon.hung_workers import is_hung, is_to_be_killed
from imaginized.process.beats import Work
from imaginized.process.slots import GATE, all_slots
from imaginized.process.waiting import Waiting
from imaginized.settings.model import Settings

FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0
BREAKER_CRASHES = 5
BREAKER_WINDOW_SECONDS = 60.0
PROBE_SECONDS = 60.0
DOUBLINGS = 10  # after them the longest back-off has long been reached, and numbers stay small


class Act(StrEnum):
    """What the supervisor is to do about a slot."""

    START = "start"
    ABORT = "abort"
    KILL = "kill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the pool and the process in it. All times are monotonic seconds.

    Attributes:
        name: "worker-1" … or "intake".
        pid: None while empty.
        is_useful: Whether this process has finished anything, or found nothing to do, since it started. One that dies
            before that is part of a crash loop; one that dies after it is an accident.
        failures: Useless exits in a row.
        not_before: When it may be filled again.
        next_by: When its process must have been heard of again; None while idle.
        aborted_at: When it was told to abort.
        work: What its process is at.
        work_since: Since when.
        waits: What its process waits for; None for nothing.
        waits_since: Since when.
        ended: How its last process ended, if that was useless; "" else.
    """

    name: str
    pid: int | None = None
    is_useful: bool = False
    failures: int = 0
    not_before: float = 0.0
    next_by: float | None = None
    aborted_at: float | None = None
    work: Work | None = None
    work_since: float = 0.0
    waits: Waiting | None = None
    waits_since: float = 0.0
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """All slots, and the recent crashes that open the breaker.

    Attributes:
        crashes: Moments of useless exits within the window, oldest first.
        opened_at: When too many of them opened the breaker; infinity while it is closed.
        probe: The slot that was filled last while it was open. What opened it is over when that one proves useful.
        probed_at: When that was.
    """

    slots: tuple[Slot, ...]
    crashes: tuple[float, ...] = ()
    opened_at: float = inf
    probe: str = ""
    probed_at: float = -inf

    def slot(self, name: str) -> Slot:
        """The slot of that name."""
        return next(slot for slot in self.slots if slot.name == name)

    def with_slot(self, changed: Slot) -> "Pool":
        """The pool with one slot changed."""
        return replace(self, slots=tuple(changed if slot.name == changed.name else slot for slot in self.slots))

    def is_broken(self, now: float) -> bool:
        """Whether the breaker is open: too many useless exits within a minute, and no proof since that it is over."""
        return now >= self.opened_at


def decide(pool: Pool, *, now: float, is_draining: bool) -> list[tuple[str, Act]]:
    """What to do now, as (slot name, act).

    Args:
        pool: As it is.
        now: Monotonic seconds.
        is_draining: Whether nothing is to be started any more.
    """
    acts = [(slot.name, act) for slot in pool.slots if (act := _overdue(slot, now=now)) is not None]
    if is_draining:
        return acts + _needed_last(pool, now=now)
    due = [slot.name for slot in pool.slots if slot.pid is None and now >= slot.not_before]
    if pool.is_broken(now):
        # One at a time: what crashes all of them (a bad key, a broken import) is tried with one process a minute.
        due = due[:1] if now - pool.probed_at >= PROBE_SECONDS else []
    return acts + [(name, Act.START) for name in due]


def _needed_last(pool: Pool, *, now: float) -> list[tuple[str, Act]]:
    """Who ends their step still pay for it: without the gate they could not."""
    is_any = any(slot.pid is not None for slot in pool.slots)
    gone = [slot.name for slot in pool.slots if slot.name == GATE and slot.pid is None and now >= slot.not_before]
    return [(name, Act.START) for name in gone if is_any]


def started(pool: Pool, name: str, *, pid: int, now: float, ready_seconds: float) -> Pool:
    """The slot has a process, which must be heard of within `ready_seconds`."""
    if pool.is_broken(now):
        pool = replace(pool, probe=name, probed_at=now)
    slot = replace(
        pool.slot(name),
        pid=pid,
        is_useful=False,
        next_by=now + ready_seconds,
        aborted_at=None,
        work=None,
        work_since=now,
        waits=None,
    )
    return pool.with_slot(slot)


def heard(
    pool: Pool,
    name: str,
    *,
    now: float,
    work: Work | None,
    next_by_seconds: float | None,
    waits: Waiting | None = None,
) -> Pool:
    """The process in the slot said what it is at, and by when it will speak again (None: when it wants to)."""
    slot = pool.slot(name)
    # An idle one says it every few seconds: all that while it is the same waiting.
    is_same = work is None and waits is not None and waits == slot.waits
    waits_since = slot.waits_since if is_same or waits is None else now - waits.seconds
    since = slot.work_since if slot.work == work else now
    next_by = None if next_by_seconds is None else now + next_by_seconds
    return pool.with_slot(
        replace(slot, work=work, work_since=since, next_by=next_by, waits=waits, waits_since=waits_since)
    )


def proved_useful(pool: Pool, name: str) -> Pool:
    """The process in the slot got something done, or has nothing to do. From the breaker's probe, it closes that."""
    if name == pool.probe:
        pool = replace(pool, crashes=(), opened_at=inf, probe="", probed_at=-inf)
    return pool.with_slot(replace(pool.slot(name), is_useful=True, failures=0))


def resized(pool: Pool, names: Sequence[str]) -> Pool:
    """The pool with these slots; a surplus one stays for as long as there is a process in it."""
    known = {slot.name: slot for slot in pool.slots}
    wanted = tuple(known.get(name) or Slot(name=name) for name in names)
    return replace(pool, slots=wanted + tuple(slot for slot in pool.slots if slot.name not in names and slot.pid))


def slots_of(settings: Settings) -> list[str]:
    """The names of the slots that these settings want."""
    hosts = settings.hosts
    return all_slots(settings.workers.max_concurrency, text=hosts.slots("text"), image=hosts.slots("image"))


def reset(pool: Pool) -> Pool:
    """Forget every crash: the breaker is closed, and each empty slot may be filled now."""
    slots = tuple(replace(slot, failures=0, not_before=0.0) for slot in pool.slots)
    return Pool(slots=slots)


def aborted(pool: Pool, name: str, *, now: float) -> Pool:
    """The process in the slot was told to abort."""
    return pool.with_slot(replace(pool.slot(name), aborted_at=now))


def exited(pool: Pool, name: str, *, now: float, jitter: float, ended: str = "", was_pulled: bool = False) -> Pool:
    """The slot is empty again; when it may be filled depends on what its process had done.

    Args:
        pool: As it was.
        name: Of the slot.
        now: Monotonic seconds.
        jitter: 0 to 1, random; spreads restarts by up to a quarter of the back-off.
        ended: How it ended, for a person.
        was_pulled: Whether it ended with something else that was counted already: neither a crash nor a proof.
    """
    slot = pool.slot(name)
    # A fork server that dies takes all its children along: counted each, one crash would open the breaker.
    if was_pulled and not slot.is_useful:
        return pool.with_slot(Slot(name=name, failures=slot.failures, ended=slot.ended))
    failures = 0 if slot.is_useful else slot.failures + 1
    # Bounded before it is doubled: a slot that fails for a year must not make a number without end.
    doubled = FIRST_BACKOFF_SECONDS * 2 ** min(failures - 1, DOUBLINGS)
    wait = min(doubled, LONGEST_BACKOFF_SECONDS) if failures else 0.0
    crashes = pool.crashes if slot.is_useful else (*pool.crashes, now)
    recent = tuple(crash for crash in crashes if now - crash < BREAKER_WINDOW_SECONDS)
    opened_at = min(pool.opened_at, now) if len(recent) >= BREAKER_CRASHES else pool.opened_at
    not_before = now + wait * (1 + jitter / 4)
    empty = Slot(name=name, failures=failures, not_before=not_before, ended="" if slot.is_useful else ended)
    return replace(pool.with_slot(empty), crashes=recent, opened_at=opened_at)


def _overdue(slot: Slot, *, now: float) -> Act | None:
    if slot.pid is None:
        return None
    if slot.aborted_at is not None:
        return Act.KILL if is_to_be_killed(aborted_at=slot.aborted_at, now=now) else None
    return Act.ABORT if is_hung(next_by=slot.next_by, now=now) else None

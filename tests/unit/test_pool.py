"""The pool's decisions: back-off, breaker, probe, and what happens to a process that is not heard of."""

from dataclasses import replace

import pytest

from imaginized.daemon.hung_workers import ABORT_SECONDS
from imaginized.daemon.pool import (
    BREAKER_CRASHES,
    BREAKER_WINDOW_SECONDS,
    LONGEST_BACKOFF_SECONDS,
    PROBE_SECONDS,
    Act,
    Pool,
    Slot,
    aborted,
    decide,
    exited,
    heard,
    proved_useful,
    started,
)
from imaginized.process.beats import Work
from imaginized.queue.manifest import Stage, Task

A, B = "worker-1", "worker-2"
WORK = Work(book="a-book", task=Task(stage=Stage.ANALYZE, chapter=1))


def empty_pool() -> Pool:
    return Pool(slots=(Slot(name=A), Slot(name=B)))


def running(pool: Pool, name: str = A, *, now: float = 0.0) -> Pool:
    return started(pool, name, pid=4711, now=now, ready_seconds=60.0)


def crashed(pool: Pool, name: str = A, *, now: float, jitter: float = 0.0) -> Pool:
    return exited(running(pool, name, now=now), name, now=now, jitter=jitter)


def starts(pool: Pool, *, now: float) -> list[str]:
    return [name for name, act in decide(pool, now=now, is_draining=False) if act is Act.START]


def broken_pool(*, now: float) -> Pool:
    """A pool whose slots crashed in turn, all by `now`, until the breaker opened."""
    pool = empty_pool()
    for number in range(BREAKER_CRASHES):
        pool = crashed(pool, (A, B)[number % 2], now=now)
    return pool


def test_empty_slots_are_filled() -> None:
    """Every empty slot is started at once, a running one is left alone."""
    assert starts(empty_pool(), now=0.0) == [A, B]
    assert starts(running(empty_pool()), now=0.0) == [B]


def test_nothing_starts_while_draining() -> None:
    """A daemon that drains starts nothing, but still ends what hangs."""
    pool = running(empty_pool())

    assert decide(pool, now=59.0, is_draining=True) == []
    assert decide(pool, now=60.0, is_draining=True) == [(A, Act.ABORT)]


def test_the_back_off_doubles_to_a_minute() -> None:
    """F21: A slot whose processes die useless waits 1, 2, 4 … 60 s, each time from its last exit."""
    pool, now, waits = empty_pool(), 0.0, []
    for _ in range(9):
        pool = crashed(pool, now=now)
        waits.append(pool.slot(A).not_before - now)
        now += 1000.0

    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_the_back_off_holds_to_the_moment() -> None:
    """A slot is filled again when its back-off is over, and not before."""
    pool = crashed(empty_pool(), now=100.0)

    assert starts(pool, now=100.9) == [B]
    assert starts(pool, now=101.0) == [A, B]


def test_jitter_adds_up_to_a_quarter() -> None:
    """Restarts are spread, so that slots that died together do not come back together."""
    assert crashed(empty_pool(), now=0.0, jitter=1.0).slot(A).not_before == 1.25


def test_a_day_of_crashes_is_survived() -> None:
    """However many failures follow each other, the wait is the longest one."""
    pool = empty_pool().with_slot(Slot(name=A, failures=100_000))

    assert crashed(pool, now=0.0).slot(A).not_before == LONGEST_BACKOFF_SECONDS


def test_a_useful_process_is_replaced_at_once() -> None:
    """A process that had got something done before it died is an accident: no wait, no count towards the breaker."""
    pool = exited(proved_useful(running(crashed(empty_pool(), now=0.0), now=5.0), A), A, now=5.0, jitter=1.0)

    assert (pool.slot(A).failures, pool.slot(A).not_before, pool.crashes) == (0, 5.0, (0.0,))


def test_five_crashes_in_a_minute_open_the_breaker() -> None:
    """F21: The breaker opens with the fifth useless exit within a minute, of whichever slots."""
    pool = empty_pool()
    states = []
    for number in range(BREAKER_CRASHES):
        pool = crashed(pool, (A, B)[number % 2], now=10.0 * number)
        states.append(pool.is_broken(10.0 * number))

    assert states == [False, False, False, False, True]


def test_slow_crashes_do_not_open_the_breaker() -> None:
    """Crashes further apart than the window are never too many."""
    pool = empty_pool()
    for number in range(50):
        pool = crashed(pool, now=number * BREAKER_WINDOW_SECONDS / (BREAKER_CRASHES - 1))

    assert not pool.is_broken(1e9)


def test_an_open_breaker_lets_one_probe_through_a_minute() -> None:
    """F21: While the breaker is open, one process is started a minute, and the others wait."""
    pool = broken_pool(now=0.0)
    assert starts(pool, now=100.0) == [A]
    pool = running(pool, A, now=100.0)

    assert starts(pool, now=100.0 + PROBE_SECONDS - 0.1) == []
    pool = exited(pool, A, now=101.0, jitter=0.0)
    assert starts(pool, now=100.0 + PROBE_SECONDS - 0.1) == []
    assert starts(pool, now=100.0 + 2 * PROBE_SECONDS) == [A]


def test_time_alone_does_not_close_the_breaker() -> None:
    """A crash loop is not over because nobody was let in to crash."""
    pool = crashed(broken_pool(now=0.0), now=70.0)

    assert pool.is_broken(10_000.0)


def test_a_useful_probe_closes_the_breaker() -> None:
    """Once a process that was let in proves useful, all slots are filled as before, and crashes count from nought."""
    pool = proved_useful(running(broken_pool(now=0.0), A, now=100.0), A)

    assert not pool.is_broken(100.0)
    assert starts(pool, now=100.0) == [B]
    assert not crashed(pool, B, now=100.0).is_broken(100.0)


def test_only_the_probe_closes_the_breaker() -> None:
    """A process that was running before all the crashes proves nothing about those that are started now."""
    pool = running(Pool(slots=(*empty_pool().slots, Slot(name="intake"))), "intake")
    for _ in range(BREAKER_CRASHES):
        pool = crashed(pool, now=0.0)
    pool = proved_useful(pool, "intake")

    assert pool.is_broken(1.0)


def test_a_breaker_that_opens_again_probes_at_once() -> None:
    """What was probed the last time says nothing about the next crash loop."""
    pool = proved_useful(proved_useful(running(broken_pool(now=0.0), A, now=100.0), A), B)
    for _ in range(BREAKER_CRASHES):
        pool = crashed(pool, B, now=101.0)

    assert pool.is_broken(101.0)
    assert starts(pool, now=120.0) == [B]


def test_a_silent_process_is_aborted_then_killed() -> None:
    """F23: Past its deadline a process is told to abort once, and killed 5 s later if it is still there."""
    pool = heard(running(empty_pool()), A, now=10.0, work=WORK, next_by_seconds=300.0)

    assert decide(pool, now=309.9, is_draining=True) == []
    assert decide(pool, now=310.0, is_draining=True) == [(A, Act.ABORT)]
    pool = aborted(pool, A, now=310.0)
    assert decide(pool, now=310.0 + ABORT_SECONDS - 0.1, is_draining=True) == []
    assert decide(pool, now=310.0 + ABORT_SECONDS, is_draining=True) == [(A, Act.KILL)]


def test_a_late_beat_does_not_call_an_abort_back() -> None:
    """What was told to abort is killed even when an old message of it arrives afterwards."""
    pool = aborted(running(empty_pool()), A, now=60.0)
    pool = heard(pool, A, now=61.0, work=WORK, next_by_seconds=300.0)

    assert decide(pool, now=65.0, is_draining=True) == [(A, Act.KILL)]


def test_a_beating_process_is_left_alone() -> None:
    """F23: Work of any length goes on as long as it beats."""
    pool = running(empty_pool())
    for minute in range(60):
        pool = heard(pool, A, now=60.0 * minute, work=WORK, next_by_seconds=61.0)
        assert decide(pool, now=60.0 * minute + 60.0, is_draining=True) == []


def test_an_idle_process_may_be_silent() -> None:
    """A process that declared no next word is never overdue."""
    pool = heard(running(empty_pool()), A, now=1.0, work=None, next_by_seconds=None)

    assert decide(pool, now=1e9, is_draining=True) == []


def test_a_process_that_never_speaks_is_aborted() -> None:
    """A process that is not ready in time is treated like one that hangs."""
    assert decide(running(empty_pool()), now=60.0, is_draining=True) == [(A, Act.ABORT)]


def test_the_start_of_work_is_kept_through_beats() -> None:
    """Since when a process is at its work does not change while the work does not."""
    pool = heard(running(empty_pool()), A, now=5.0, work=WORK, next_by_seconds=9.0)
    pool = heard(pool, A, now=8.0, work=WORK, next_by_seconds=9.0)

    assert (pool.slot(A).work, pool.slot(A).work_since) == (WORK, 5.0)
    other = replace(WORK, book="another")
    assert heard(pool, A, now=8.5, work=other, next_by_seconds=9.0).slot(A).work_since == 8.5


@pytest.mark.parametrize("name", [A, B])
def test_a_new_process_begins_with_nothing(name: str) -> None:
    """Nothing of its predecessor sticks to a process but the slot's failures."""
    pool = aborted(running(empty_pool(), name), name, now=60.0)
    pool = running(exited(pool, name, now=66.0, jitter=0.0), name, now=70.0)

    assert pool.slot(name) == Slot(name=name, pid=4711, failures=1, not_before=67.0, next_by=130.0, work_since=70.0)


def test_f42_children_that_end_with_their_fork_server_are_one_crash() -> None:
    """What was pulled along is started again at once: no crash of its own, and no proof that all is well."""
    pool = crashed(empty_pool(), A, now=0.0)
    failures = pool.slot(A).failures
    pool = exited(running(pool, A, now=5.0), A, now=6.0, jitter=0.0, was_pulled=True)
    useful = exited(proved_useful(running(pool, B, now=6.0), B), B, now=7.0, jitter=0.0, was_pulled=True)

    assert starts(pool, now=6.0) == [A, B]
    assert (pool.slot(A).failures, pool.crashes) == (failures, (0.0,))
    assert useful.slot(B).failures == 0

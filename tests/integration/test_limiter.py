"""The limiter: pure rules under any sequence of events, and real processes that share one file."""

import itertools
import multiprocessing
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.clock import ManualClock, SystemClock
from imaginized.errors import Paused, Retryable
from imaginized.limits.limiter import Limiter, Pace
from imaginized.limits.rules import (
    Limits,
    Moment,
    Spacing,
    State,
    ask,
    free_dead,
    give_back,
    hold,
    slow_down,
    speed_up,
    stand,
    use,
)
from imaginized.limits.shared import LIMITS, Watched, shared_limiter
from imaginized.store.owners import current_owner
from tests.support.manifests import EPOCH
from tests.support.waiting import DEADLINE_SECONDS, eventually

KEY = "http://127.0.0.1:1/v1#0"
OWNERS = ("a", "b", "c", "d")
PROCESSES = 8
PER_SECOND = 10
SECONDS = 3.0
NOW = Moment(boot="boot", monotonic=1000.0, utc=EPOCH)


def at(seconds: float, *, boot: str = "boot") -> Moment:
    return Moment(boot=boot, monotonic=NOW.monotonic + seconds, utc=EPOCH + timedelta(seconds=seconds))


def asked(state: State, limits: Limits, *owners: str, now: Moment = NOW) -> tuple[State, list[float]]:
    """Each asks in turn; the waits they are told."""
    waits = []
    for owner in owners:
        state, wait = ask(state, limits, now=now, owner=owner)
        waits.append(wait)
    return state, waits


steps = st.lists(
    st.tuples(st.sampled_from(OWNERS), st.sampled_from(("ask", "ask", "give back", "die", "429", "ok"))), max_size=60
)


@given(steps=steps, pauses=st.lists(st.floats(0.0, 3.0), min_size=60, max_size=60), in_flight=st.integers(1, 3))
def test_no_limit_is_ever_passed(steps: list[tuple[str, str]], pauses: list[float], in_flight: int) -> None:
    """Whatever happens in whatever order: requests keep their distance, and never more are under way than may be."""
    limits = Limits(requests_per_minute=60, in_flight=in_flight)
    state, now, granted = State(), 0.0, []
    for (owner, what), pause in zip(steps, pauses, strict=False):
        now += pause
        if what == "ask":
            state, wait = ask(state, limits, now=at(now), owner=owner)
            granted += [now] if wait == 0 else []
        elif what == "429":
            state = slow_down(state, now=at(now), owner=owner)
        elif what == "ok":
            state = speed_up(state, now=at(now))
        else:
            state = give_back(state, now=at(now), owner=owner)

        assert len(state.permits) <= in_flight
        assert len({permit.owner for permit in state.permits}) == len(state.permits)

    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in itertools.pairwise(granted))


@given(count=st.integers(1, 4))
def test_all_who_wait_get_their_turn_in_order(count: int) -> None:
    """Nobody is overtaken: turns come in the order of first asking."""
    limits = Limits(requests_per_minute=60)
    state, _ = asked(State(), limits, "first")
    waiting = list(OWNERS[:count])
    state, waits = asked(state, limits, *waiting)
    served, now = [], 0.0
    for _ in range(count):
        now += 1.01
        for owner in [each for each in reversed(waiting) if each not in served]:
            state, wait = ask(state, limits, now=at(now), owner=owner)
            served += [owner] if wait == 0 else []

    # A distance is a little more than its share of the minute, for what is made up for after a late one.
    assert waits == [pytest.approx(place * 60.5 / 60) for place in range(1, count + 1)]
    assert served == waiting


@given(
    wishes=st.lists(st.tuples(st.integers(1, 1200), st.floats(0.0, 40.0)), min_size=1, max_size=30),
    takes=st.lists(st.integers(0, 1000), min_size=30, max_size=30),
)
def test_no_minute_sees_more_tokens_than_it_may(wishes: list[tuple[int, float]], takes: list[int]) -> None:
    """Wherever the minute begins; one larger than a minute's goes alone, and what was not taken is free again."""
    limits = Limits(tokens_per_minute=1000)
    state, now, sent = State(), 0.0, []
    for (tokens, pause), took in zip(wishes, takes, strict=False):
        now += pause
        for _ in range(len(wishes) + 2):
            state, wait = ask(state, limits, now=at(now), owner="a", tokens=tokens)
            if wait == 0:
                break
            now += wait
        assert wait == 0
        state = use(state, permit=state.permits[-1], tokens=min(took, tokens))
        sent.append((now, min(took, tokens), tokens))

    for begin, took, asked_for in sent:
        later = [(took, most) for moment, took, most in sent if begin < moment < begin + 60.0]
        # The last one counts in full when it is let through: nobody knows yet what it takes.
        assert not later or took + sum(each for each, _ in later[:-1]) + later[-1][1] <= 1000, (begin, asked_for)


def test_a_large_request_is_not_starved_by_small_ones() -> None:
    """Who needs a whole minute's tokens gets an empty minute, in the order of asking."""
    limits = Limits(tokens_per_minute=1000)
    state, _ = ask(State(), limits, now=NOW, owner="a", tokens=600)
    order = []
    for moment in (*range(0, 60, 5), 60.5):
        for owner, tokens in (("small", 10), ("large", 5000)) if moment else (("large", 5000), ("small", 10)):
            state, wait = ask(state, limits, now=at(moment), owner=owner, tokens=tokens)
            order += [(owner, moment)] if wait == 0 else []

    assert order == [("large", 60.5)]


def test_a_day_begins_at_midnight_utc() -> None:
    """A used-up day waits for the next one; a clock that steps back over midnight finds its count again."""
    limits = Limits(requests_per_day=1)
    state, _ = ask(State(), limits, now=NOW, owner="a")
    state = give_back(state, now=NOW, owner="a")
    _, wait = ask(state, limits, now=NOW, owner="a")
    tomorrow = replace(NOW, utc=NOW.utc + timedelta(days=1))
    after, next_day = ask(state, limits, now=tomorrow, owner="a")
    _, back = ask(give_back(after, now=NOW, owner="a"), limits, now=NOW, owner="a")

    assert wait == pytest.approx(86400 - (EPOCH - EPOCH.replace(hour=0, minute=0, second=0)).total_seconds())
    assert next_day == 0.0
    assert back > 0


@pytest.mark.parametrize("step", [-7200, 7200])
def test_f27_a_step_of_the_wall_clock_delays_and_hurries_nobody(step: int) -> None:
    """Spacing and holds run on the monotonic clock."""
    limits = Limits(requests_per_minute=60)
    state, _ = ask(State(), limits, now=NOW, owner="a")
    state = hold(state, now=NOW, seconds=5.0, reason="429")
    _, wait = ask(state, limits, now=replace(NOW, utc=NOW.utc + timedelta(seconds=step)), owner="b")

    assert wait == pytest.approx(5.0)


def test_another_boot_forgets_all_but_the_day_and_a_pause() -> None:
    """Monotonic times of another boot mean nothing; what a person must mend still stands."""
    state = hold(replace(State(boot="boot"), paused="no key"), now=NOW, seconds=500.0, reason="429")
    state, wait = ask(state, Limits(), now=replace(NOW, boot="other", monotonic=5.0), owner="a")

    assert wait == 0.0
    assert stand(state, now=at(0, boot="other")).paused == "no key"
    assert stand(state, now=at(0, boot="other")).today == 1


def test_the_dead_hold_nothing() -> None:
    """Places and permits of a dead process go to the others."""
    limits = Limits(in_flight=1)
    state, _ = asked(State(), limits, "a", "b")
    _, before = ask(state, limits, now=NOW, owner="c")
    state = free_dead(state, is_alive=lambda owner: owner not in ("a", "b"))
    _, after = ask(state, limits, now=NOW, owner="c")

    assert before > 0
    assert after == 0.0


def test_a_429_halves_and_good_replies_widen_by_one() -> None:
    """Once for all requests that were under way; then one more after a whole window of good replies."""
    state, _ = asked(State(), Limits(), *OWNERS)
    later = at(1.0)
    for owner in OWNERS:
        state = slow_down(state, now=later, owner=owner)
    halved = stand(state, now=later).window
    for owner in OWNERS[2:]:
        state = give_back(state, now=later, owner=owner)
    state = speed_up(speed_up(state, now=later), now=later)

    assert halved == 2
    assert stand(state, now=later).window == 3


def test_spacing_holds_up_nobody_else() -> None:
    """One request a minute for a chapter; another chapter's goes on."""
    spacing = Spacing(sub_key="chapter 1", seconds=60.0)
    state, first = ask(State(), Limits(), now=NOW, owner="a", spacing=spacing)
    state, again = ask(state, Limits(), now=NOW, owner="b", spacing=spacing)
    _, other = ask(state, Limits(), now=NOW, owner="c", spacing=replace(spacing, sub_key="chapter 2"))

    assert (first, again, other) == pytest.approx((0.0, 60.0, 0.0))


def limiter_in(folder: Path, *, owner: str = "me", pace: Pace | None = None) -> tuple[Limiter, ManualClock]:
    clock = ManualClock()
    made = Limiter(folder / LIMITS, clock=clock, is_alive=lambda _: True, owner=owner, boot="boot", pace=pace)
    return made, clock


def test_the_free_pace_has_one_request_in_flight_and_one_a_minute_for_a_chapter(tmp_path: Path) -> None:
    """What the user's pacing demands is added to what the endpoint allows."""
    limiter, clock = limiter_in(tmp_path, pace=Pace(in_flight=1, spacing_seconds=60.0))
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds)

    for chapter in ("1", "1", "2"):
        with limiter.permit(KEY, Limits(in_flight=8), wait=wait, spacing=chapter):
            in_flight = limiter.standings()[KEY].in_flight

    assert in_flight == 1
    assert sum(waited) == pytest.approx(60.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s"}, 90.0),
        ({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "250ms"}, 0.25),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "12"}, 12.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(EPOCH.timestamp() + 7)}, 7.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{EPOCH.timestamp() + 7:.0f}000"}, 7.0),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "1m30s"}, 0.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon"}, 0.0),
        ({}, 0.0),
    ],
)
def test_headers_are_believed(tmp_path: Path, headers: dict[str, str], seconds: float) -> None:
    """With nothing left everybody waits for the reset, in whichever way it is written."""
    limiter, clock = limiter_in(tmp_path)
    limiter.learn(KEY, headers)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds)

    with limiter.permit(KEY, Limits(), wait=wait):
        pass

    assert sum(waited) == pytest.approx(seconds)


def test_a_reply_is_not_lost_over_a_busy_limiter(tmp_path: Path) -> None:
    """While a stopped process holds the database, whoever has its answer keeps it; only asking for a permit fails."""
    limiter = Limiter(
        tmp_path / LIMITS, clock=ManualClock(), is_alive=lambda _: True, owner="me", boot="boot", busy_seconds=0.05
    )
    with limiter.permit(KEY, Limits(), wait=lambda _: None), closing(sqlite3.connect(tmp_path / LIMITS)) as stopped:
        stopped.execute("BEGIN IMMEDIATE")
        limiter.learn(KEY, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"})
        limiter.speed_up(KEY)
        limiter.slow_down(KEY)
        limiter.hold(KEY, 5.0)
        with pytest.raises(Retryable), limiter.permit(KEY, Limits(), wait=lambda _: None):
            pass

    assert limiter.standings()[KEY].in_flight == 0


def test_what_a_request_took_replaces_its_estimate(tmp_path: Path) -> None:
    """Estimates are the worst case; the next one need not wait for what was never taken."""
    limiter, clock = limiter_in(tmp_path)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        clock.advance(seconds)

    for _ in range(5):
        with limiter.permit(KEY, Limits(tokens_per_minute=1000), wait=wait, tokens=900):
            clock.advance(1.0)
            limiter.use(KEY, 20)

    assert waited == []


def test_a_pause_lasts_until_a_person_resumes(tmp_path: Path) -> None:
    """A refused key stops every process, restarts too, and says why; resume ends it once."""
    first, _ = limiter_in(tmp_path)
    first.pause(KEY, "HTTP 401")
    second, _ = limiter_in(tmp_path, owner="another")

    with pytest.raises(Paused, match="HTTP 401"), second.permit(KEY, Limits(), wait=lambda _: None):
        pass
    assert second.standings()[KEY].paused == "HTTP 401"
    assert second.resume() == [KEY]
    assert second.resume() == []
    with second.permit(KEY, Limits(), wait=lambda _: None):
        pass


def test_f50_a_damaged_file_is_set_aside_and_work_goes_on(tmp_path: Path) -> None:
    """What no database is, is renamed; the limits begin anew."""
    (tmp_path / LIMITS).write_bytes(b"no database at all" * 100)
    limiter, _ = limiter_in(tmp_path)
    with limiter.permit(KEY, Limits(), wait=lambda _: None):
        standing = limiter.standings()[KEY]

    assert standing.in_flight == 1
    assert len(list(tmp_path.glob(f"{LIMITS}.set-aside-*"))) == 1


def test_a_damaged_file_does_not_keep_anybody_from_resuming(tmp_path: Path) -> None:
    """Who only looks sets it aside, too: while the daemon is paused nobody else would."""
    (tmp_path / LIMITS).write_bytes(b"no database at all" * 100)
    limiter, _ = limiter_in(tmp_path)
    resumed = limiter.resume()

    assert resumed == []
    assert not (tmp_path / LIMITS).exists()
    assert len(list(tmp_path.glob(f"{LIMITS}.set-aside-*"))) == 1


def ask_for_ever(folder: Path, name: str, seconds: float, start: Barrier, results: Path) -> None:
    """Be one worker: send as often as one may, and note when."""
    clock = SystemClock()
    limiter = shared_limiter(folder, owner=current_owner(name, pid=os.getpid()), clock=clock)
    sent: list[float] = []
    start.wait(DEADLINE_SECONDS)
    until = time.monotonic() + seconds + 0.5  # the others may start a little later
    while time.monotonic() < until:
        with limiter.permit(KEY, Limits(requests_per_minute=60 * PER_SECOND), wait=time.sleep):
            # The permit's own time: this process may be kept waiting between that and a look at the clock here.
            sent.append(limiter._sent[KEY].since)
    (results / name).write_text("\n".join(str(moment) for moment in sent))


def race(folder: Path, *, seconds: float = SECONDS) -> list[list[float]]:
    """Eight workers on one limiter; what each sent within the measured seconds, and when."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.test_limiter"])
    results = folder / "sent"
    results.mkdir()
    start = context.Barrier(PROCESSES + 1)
    names = [f"worker-{number}" for number in range(PROCESSES)]
    workers = [context.Process(target=ask_for_ever, args=(folder, name, seconds, start, results)) for name in names]
    for worker in workers:
        worker.start()
    start.wait(DEADLINE_SECONDS)
    begin = SystemClock().monotonic()
    for worker in workers:
        worker.join(DEADLINE_SECONDS)
    return [
        [moment for line in (results / name).read_text().split() if begin <= (moment := float(line)) < begin + seconds]
        for name in names
    ]


def most_in_a_second(sent: Sequence[float]) -> int:
    return max(sum(1 for other in sent if 0 <= other - moment < 1.0) for moment in sent)


def test_eight_processes_share_one_limit_to_the_full_and_fairly(tmp_path: Path) -> None:
    """Never above the limit, hardly ever below it, and each gets its share."""
    shares = race(tmp_path)
    sent = sorted(moment for share in shares for moment in share)
    counts = [len(share) for share in shares]

    assert most_in_a_second(sent) <= PER_SECOND
    assert len(sent) >= 0.5 * PER_SECOND * SECONDS  # on however busy a machine; scripts/bench limiter has the figure
    assert min(counts) >= max(counts) - 3


def hold_a_permit(folder: Path, ready: Path) -> None:
    limiter = shared_limiter(folder, owner=current_owner("killed", pid=os.getpid()), clock=SystemClock())
    with limiter.permit(KEY, Limits(in_flight=1), wait=time.sleep):
        ready.touch()
        signal.pause()


def test_a_killed_process_gives_its_permit_back(tmp_path: Path) -> None:
    """Its death is proven by the next who asks."""
    context = multiprocessing.get_context("forkserver")
    holder = context.Process(target=hold_a_permit, args=(tmp_path, tmp_path / "ready"))
    holder.start()
    eventually((tmp_path / "ready").exists)
    mine = shared_limiter(tmp_path, owner=current_owner("me", pid=os.getpid()), clock=SystemClock())
    watched = Watched(mine)
    before = watched.standings()[KEY].in_flight
    holder.kill()
    holder.join()
    waits: Counter[str] = Counter()
    with mine.permit(KEY, Limits(in_flight=1), wait=lambda _: waits.update(["waited"])):
        inside = watched.standings()[KEY].in_flight

    assert (before, inside) == (1, 1)
    assert holder.exitcode == -signal.SIGKILL
    assert waits["waited"] == 0

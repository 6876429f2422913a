"""Workers that wake up late lose no request of a minute, and no minute sees more than it may."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from imaginized.limits.rules import LOOK_AGAIN_SECONDS, Limits, Moment, State, ask, give_back

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 10


def sent_by(workers: int, *, rpm: int, lateness: float, seed: int) -> list[float]:
    """When the requests of so many workers are sent, each of which wakes up late by up to so many seconds."""
    chosen, limits, state = random.Random(seed), Limits(requests_per_minute=rpm), State()
    wake = [chosen.uniform(0.0, 1.0) for _ in range(workers)]
    sent = []
    while min(wake) < MINUTES * 60:
        who = min(range(workers), key=wake.__getitem__)
        now = wake[who]
        moment = Moment(boot="b", monotonic=now, utc=BEGIN + timedelta(seconds=now))
        state, seconds = ask(state, limits, now=moment, owner=str(who))
        if seconds == 0:
            sent.append(now)
            state = give_back(state, now=moment, owner=str(who))
            seconds = 0.01
        wake[who] = now + min(seconds, LOOK_AGAIN_SECONDS) + chosen.uniform(0.0, lateness)
    return sent


@pytest.mark.parametrize(("rpm", "lateness"), [(30, 0.2), (60, 0.2), (300, 0.05), (600, 0.03)])
def test_ten_late_workers_use_what_is_allowed(rpm: int, lateness: float) -> None:
    """0.97 of it at the least."""
    sent = sent_by(10, rpm=rpm, lateness=lateness, seed=rpm)

    assert len(sent) >= 0.97 * rpm * MINUTES
    for begin in range(0, len(sent) - rpm):
        assert sent[begin + rpm] - sent[begin] >= 60.0 - 1e-6


def test_after_a_rest_there_is_no_burst() -> None:
    """Two requests are never nearer than half their distance."""
    sent = sent_by(3, rpm=60, lateness=0.9, seed=1)

    assert min(later - earlier for earlier, later in pairwise(sent)) >= 0.5


@pytest.mark.parametrize(("rpm", "a_second"), [(90, 2), (300, 5), (600, 10), (1200, 20)])
@pytest.mark.parametrize("lateness", [0.0, 0.002, 0.03, 0.2])
def test_no_second_sees_more_than_its_share(rpm: int, a_second: int, lateness: float) -> None:
    """What is made up for brings no more into one second than a minute evenly sent has there."""
    sent = sent_by(10, rpm=rpm, lateness=lateness, seed=rpm)

    assert len(sent) > a_second
    assert min(sent[at + a_second] - sent[at] for at in range(len(sent) - a_second)) >= 1.0 - 1e-9

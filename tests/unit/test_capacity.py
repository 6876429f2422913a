"""The model of many hosts: what it says where the answer can be reckoned by hand, and what binds."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaginized.cli.capacity import STEPS, Load, Means, Work, simulate

ONE = Load(calls=2, call_seconds=5, own_seconds=0, home_cpu_seconds=0)
NONE = Load(calls=0, call_seconds=0, own_seconds=0, home_cpu_seconds=0)
MEANS = Means(
    hosts=1,
    slots=1,
    homes=1,
    home_slots={"text": 256, "image": 256},
    cores=1,
    a_minute=inf,
    a_day=inf,
    is_one_key=True,
    a_day_usd=20.0,
)


def work(*books: tuple[int, ...], text: Load = ONE, image: Load = NONE, homes: int = 1) -> Work:
    home_of = [number % homes for number in range(len(books))]
    return Work(books=books, home_of=home_of, uses={"text": text, "image": image}, steps=dict.fromkeys(STEPS, 0.0))


def test_one_host_does_one_chapter_after_the_other() -> None:
    """Ten seconds each, to read and to draw."""
    found = simulate(work((100,) * 4, image=ONE), MEANS)

    assert (found.makespan_seconds, found.binds) == (80.0, "hosts")


def test_with_hosts_enough_the_longest_chapter_binds() -> None:
    """Its length in words is its length in seconds."""
    found = simulate(work((100, 100, 100, 500)), replace(MEANS, hosts=100))

    assert (found.makespan_seconds, found.binds) == (25.0, "longest chapter")


def test_many_books_take_little_longer_than_their_number() -> None:
    """The mean of all chapters is reckoned once, not anew for each: 40,000 would take minutes."""
    looks = 0

    class Book(tuple[int, ...]):
        def __iter__(self) -> Iterator[int]:
            nonlocal looks
            looks += 1
            return super().__iter__()

    simulate(work(*(Book((100,) * 5) for _ in range(200))), MEANS)

    assert looks < 200 * 10


def test_an_endpoint_of_few_requests_binds() -> None:
    """Six a minute, eight calls: the last begins after 70 seconds and takes five."""
    found = simulate(work((100,) * 4), replace(MEANS, hosts=100, a_minute=6))

    assert (found.makespan_seconds, found.binds) == (75.0, "requests a minute")


def test_homes_cpu_binds_and_more_homes_help() -> None:
    """Each chapter takes a second of it; two homes have twice as many."""
    heavy = replace(ONE, home_cpu_seconds=1.0)
    books = [(100,) * 50] * 2
    one = simulate(work(*books, text=heavy), replace(MEANS, hosts=1000))
    two = simulate(work(*books, text=heavy, homes=2), replace(MEANS, hosts=1000, homes=2))

    assert (one.binds, two.binds) == ("home's CPU", "home's CPU")
    assert (one.makespan_seconds, two.makespan_seconds) == (110.0, 60.0)


def test_slots_at_home_bind() -> None:
    """A hundred hosts do no more than home lets out."""
    found = simulate(work((100,) * 4), replace(MEANS, hosts=100, home_slots={"text": 2, "image": 2}))

    assert (found.makespan_seconds, found.binds) == (20.0, "slots")


def test_money_for_a_day_binds_by_days() -> None:
    """Thirty dollars at ten a day: the third day's begin after two days."""
    dear = replace(ONE, cost_usd=10.0)
    found = simulate(work((100,) * 3, text=dear), replace(MEANS, hosts=100, a_day_usd=10.0))

    assert (found.makespan_seconds, found.binds) == (2 * 86_400.0, "budget")


@given(
    books=st.lists(st.lists(st.integers(1, 9000), max_size=6).map(tuple), min_size=1, max_size=5),
    hosts=st.integers(1, 9),
    slots=st.integers(1, 3),
    a_minute=st.sampled_from([6.0, 60.0, inf]),
    cores=st.integers(1, 2),
)
def test_nothing_is_done_faster_than_what_binds_allows(
    books: list[tuple[int, ...]], hosts: int, slots: int, a_minute: float, cores: int
) -> None:
    """Every bound but that of the calls, which are whole ones, is one; the run never ends before it."""
    text = Load(calls=1, call_seconds=3, own_seconds=0.5, home_cpu_seconds=0.2)
    means = replace(MEANS, hosts=hosts, slots=slots, cores=cores, a_minute=a_minute)
    found = simulate(work(*books, text=text, image=text), means)
    bounds = {name: seconds for name, seconds in found.bounds.items() if name != "requests a minute"}

    assert found.makespan_seconds >= max(bounds.values()) * (1 - 1e-9)


@pytest.mark.parametrize("books", [(), ((),)])
def test_nothing_to_do_takes_no_time(books: tuple[tuple[int, ...], ...]) -> None:
    """A library without books, and a book without chapters."""
    assert simulate(work(*books), MEANS).makespan_seconds == 0.0

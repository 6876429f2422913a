"""How long books take with so many hosts, and what holds them up: a model, told step by step. Pure.

Chapters of a book are read in parallel, then it is merged, then they are drawn in parallel, then it is compiled; the
longest chapter first. A call to an endpoint waits for its turn by the requests a minute. Home's CPU is asked for each
chapter that a host does, and for the steps that it does itself.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil

from imaginized.settings.vendors import USES, Use

DAY_SECONDS = 86_400.0
STEPS = ("split", "merge", "compile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a chapter of average length takes of a host, to be read or to be drawn.

    Attributes:
        calls: To the endpoint.
        call_seconds: From sending one to the end of its answer.
        own_seconds: Of the host's own, beside the calls.
        handover_seconds: From its end until home sends that host another chapter.
        home_cpu_seconds: Of home's CPU.
        cost_usd: Of its calls.
    """

    calls: float
    call_seconds: float
    own_seconds: float
    home_cpu_seconds: float
    handover_seconds: float = 0.0
    cost_usd: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it takes where it waits for nothing."""
        return self.calls * self.call_seconds + self.own_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What there is to do.

    Attributes:
        books: The words of each chapter, by book.
        home_of: The home of each book, from 0.
        uses: By use, what a chapter of average length takes.
        steps: Seconds of home's CPU for each step of a book.
    """

    books: Sequence[Sequence[int]]
    home_of: Sequence[int]
    uses: Mapping[Use, Load]
    steps: Mapping[str, float]

    @property
    def mean_words(self) -> float:
        """Words of an average chapter."""
        words = list(itertools.chain.from_iterable(self.books))
        return max(sum(words) / len(words), 1.0) if words else 1.0

    @property
    def chapters(self) -> int:
        """How many there are."""
        return sum(map(len, self.books))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what it is done.

    Attributes:
        hosts: How many.
        slots: Chapters at once, of each.
        homes: How many; the hosts are shared out evenly.
        home_slots: By use, the most chapters that each home may have at hosts.
        cores: Of each home.
        a_minute: The requests that an endpoint takes a minute; infinite where nothing is set.
        a_day: Likewise, a day.
        is_one_key: Whether both uses share them.
        a_day_usd: The day's budget.
    """

    hosts: int
    slots: int
    homes: int
    home_slots: Mapping[str, int]
    cores: int
    a_minute: float
    a_day: float
    is_one_key: bool
    a_day_usd: float

    def places(self, use: Use) -> int:
        """Chapters of a home at once."""
        return max(min(max(self.hosts * self.slots // self.homes, 1), self.home_slots[use]), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model says.

    Attributes:
        makespan_seconds: From the first chapter to the last guide.
        bounds: The least time that each thing alone would make it, by its name.
    """

    makespan_seconds: float
    bounds: Mapping[str, float]

    @property
    def binds(self) -> str:
        """What holds it up most."""
        return max(self.bounds, key=lambda name: self.bounds[name])


def simulate(work: Work, means: Means) -> Outcome:
    """Do it in thought."""
    bounds = bounds_of(work, means)
    spent = _Course(work, means).run()
    return Outcome(makespan_seconds=max(spent, bounds["budget"], bounds["requests a day"]), bounds=bounds)


def bounds_of(work: Work, means: Means) -> dict[str, float]:
    """What each thing alone would allow."""
    chapters, cores = work.chapters, means.cores
    seconds = {use: chapters * row.seconds for use, row in work.uses.items()}
    at_hosts = sum(seconds.values()) + chapters * sum(row.handover_seconds for row in work.uses.values())
    calls = {use: chapters * row.calls for use, row in work.uses.items()}
    calls_of_key = sum(calls.values()) if means.is_one_key else max(calls.values())
    shares = [work.home_of.count(home) / max(len(work.books), 1) for home in range(means.homes)]
    cpu = chapters * sum(row.home_cpu_seconds for row in work.uses.values())
    cpu += len(work.books) * sum(work.steps.values())
    usd = chapters * sum(row.cost_usd for row in work.uses.values())
    return {
        "hosts": at_hosts / (means.hosts * means.slots),
        "slots": max(shares, default=0.0) * sum(seconds[use] / means.home_slots[use] for use in USES),
        "requests a minute": 60.0 * calls_of_key / means.a_minute,
        "requests a day": _days(calls_of_key / means.a_day),
        "home's CPU": max(shares, default=0.0) * cpu / cores,
        "longest chapter": _longest(work),
        "budget": _days(usd / means.a_day_usd),
    }


def _days(days: float) -> float:
    """The least time that so many days' worth takes: the first of them counts at once, the last one not at all."""
    return max(ceil(round(days, 6)) - 1, 0) * DAY_SECONDS


def _longest(work: Work) -> float:
    """How long the book with the longest chapter takes, with a host for each chapter."""
    if not work.books:
        return 0.0
    longest = max(itertools.chain.from_iterable(work.books), default=0) / work.mean_words
    return longest * sum(row.seconds for row in work.uses.values()) + sum(work.steps.values())


Task = Callable[[float], None]  # told when it begins


@dataclass(slots=True)
class _Servers:
    """So many at once, the others wait: the one with most to do first, else in their order."""

    free: int
    waiting: list[tuple[float, int, Task]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def ask(self, now: float, task: Task, *, size: float = 0.0) -> None:
        heapq.heappush(self.waiting, (-size, next(self._numbers), task))
        self._serve(now)

    def give_back(self, now: float) -> None:
        self.free += 1
        self._serve(now)

    def _serve(self, now: float) -> None:
        while self.free and self.waiting:
            self.free -= 1
            heapq.heappop(self.waiting)[2](now)


class _Course:
    """One run of the model."""

    def __init__(self, work: Work, means: Means) -> None:
        self._work, self._means = work, means
        self._mean_words = work.mean_words  # asked of each chapter, and it looks at all of them
        self._events: list[tuple[float, int, Task]] = []
        self._numbers = itertools.count()
        self._end = 0.0
        self._cores = [_Servers(means.cores) for _ in range(means.homes)]
        # Each use has slots of its own at home; the hosts behind them are the same ones.
        self._places = [{use: _Servers(means.places(use)) for use in USES} for _ in range(means.homes)]
        self._hosts = [_Servers(max(means.hosts * means.slots // means.homes, 1)) for _ in range(means.homes)]
        self._next_call = dict.fromkeys(USES, 0.0)

    def run(self) -> float:
        """The time at which the last guide is there."""
        for number in range(len(self._work.books)):
            self._step(number, "split", 0.0, partial(self._chapters, number, "text"))
        while self._events:
            now, _, task = heapq.heappop(self._events)
            self._end = now
            task(now)
        return self._end

    def _after(self, now: float, seconds: float, task: Task) -> None:
        heapq.heappush(self._events, (now + seconds, next(self._numbers), task))

    def _step(self, book: int, step: str, now: float, then: Task) -> None:
        self._on_home(self._work.home_of[book], self._work.steps[step], now, then)

    def _on_home(self, home: int, seconds: float, now: float, then: Task) -> None:
        cores = self._cores[home]

        def ended(at: float) -> None:
            cores.give_back(at)
            then(at)

        cores.ask(now, lambda at: self._after(at, seconds, ended))

    def _chapters(self, book: int, use: Use, now: float) -> None:
        left = deque(self._work.books[book])

        def ended(at: float) -> None:
            left.popleft()
            if not left:
                self._all_done(book, use, at)

        if not left:
            self._all_done(book, use, now)
        for words in list(left):
            self._chapter(book, use, words / self._mean_words, now, ended)

    def _all_done(self, book: int, use: Use, now: float) -> None:
        if use == "text":
            self._step(book, "merge", now, lambda at: self._chapters(book, "image", at))
        else:
            self._step(book, "compile", now, lambda _at: None)

    def _chapter(self, book: int, use: Use, size: float, now: float, then: Task) -> None:
        """A slot of home's, a slot of a host's, home's CPU, the calls one after the other, the host's own work."""
        home, row = self._work.home_of[book], self._work.uses[use]
        places, hosts = self._places[home][use], self._hosts[home]
        calls = max(round(row.calls * size), 1) if row.calls else 0

        def ended(at: float) -> None:
            places.give_back(at)
            self._after(at, row.handover_seconds, hosts.give_back)
            then(at)

        def calling(at: float, left: int = calls) -> None:
            if not left:
                self._after(at, row.own_seconds * size, ended)
                return
            at = max(at, self._turn(use, at))
            self._after(at, row.call_seconds * row.calls * size / calls, lambda later: calling(later, left - 1))

        begun: Task = lambda at: self._on_home(home, row.home_cpu_seconds * size, at, calling)  # noqa: E731
        places.ask(now, lambda at: hosts.ask(at, begun, size=size), size=size)

    def _turn(self, use: Use, now: float) -> float:
        """When the next request may go."""
        key: Use = "text" if self._means.is_one_key else use
        turn = max(now, self._next_call[key])
        self._next_call[key] = turn + 60.0 / self._means.a_minute  # of infinitely many none waits
        return turn

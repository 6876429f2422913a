"""Whom the supervisor wakes: as many as there are tasks, and nobody's news is lost whatever crosses on the way."""

from collections import deque
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from imaginized.daemon.pool import Pool, Slot, heard
from imaginized.daemon.waking import Waking
from imaginized.process.beats import Work
from imaginized.process.channel import Message
from imaginized.process.slots import INTAKE
from imaginized.process.waiting import Waiting
from imaginized.queue.manifest import Stage, Task

TASKS = 3
AT_WORK = Work(book="a", task=Task(stage=Stage.ANALYZE, chapter=1))
IDLE = Pool(slots=(Slot(name=INTAKE, pid=1), *(Slot(name=f"worker-{n}", pid=1 + n) for n in range(1, 5))))


def test_one_worker_is_woken_for_each_task() -> None:
    """Of four idle ones, two for two tasks, and two others for the next two."""
    waking = Waking()

    assert waking.choose(IDLE, tasks=2) == ["worker-1", "worker-2"]
    assert waking.choose(IDLE, tasks=2) == ["worker-3", "worker-4"]
    assert waking.choose(IDLE, tasks=9) == ["worker-1", "worker-2", "worker-3", "worker-4"]


def test_one_that_works_or_sits_out_a_pause_is_not_woken() -> None:
    """It would not look; a place without a process cannot."""
    pool = heard(IDLE, "worker-1", now=0.0, work=AT_WORK, next_by_seconds=None)
    pool = heard(pool, "worker-2", now=0.0, work=None, next_by_seconds=None, waits=Waiting(what="pause", on="x"))
    pool = pool.with_slot(replace(pool.slot("worker-3"), pid=None))

    assert Waking().choose(pool, tasks=4) == ["worker-4"]


def test_news_that_found_nobody_idle_is_told_to_the_next_who_is() -> None:
    """It may have looked before the news, and said so after it."""
    waking, pool = Waking(), IDLE
    for number in range(1, 5):
        pool = heard(pool, f"worker-{number}", now=0.0, work=AT_WORK, next_by_seconds=None)
    nobody = waking.choose(pool)
    pool = heard(pool, "worker-3", now=0.0, work=None, next_by_seconds=None)

    assert nobody == []
    assert waking.hear(pool, "worker-3", {"event": "idle"}) == ["worker-3"]
    assert waking.hear(pool, "worker-3", {"event": "idle"}) == []


@dataclass
class Worker:
    """A worker as `work` has it: clear the wake, look, claim or say idle and wait; its channel is a queue each way."""

    up: deque[Message] = field(default_factory=deque)
    down: deque[str] = field(default_factory=deque)
    state: str = "looking"
    wake: bool = False
    seen: int = 0

    def hear(self) -> None:
        self.down.popleft()
        self.wake = True


class World:
    """Workers, one supervisor and a number of tasks on disk; every step is one of any that may come next."""

    def __init__(self, seed: int, *, is_endless: bool) -> None:
        self.random, self.is_endless = Random(seed), is_endless
        self.workers = {f"worker-{n}": Worker() for n in range(1, self.random.randint(1, 4) + 1)}
        self.pool = Pool(slots=IDLE.slots[: len(self.workers) + 1])
        self.waking, self.tasks, self.news, self.made = Waking(), 0, 0, 0

    def steps(self) -> list[tuple[str, str]]:
        found = [("admit", "")] if self.made < TASKS else []
        found += [("tell", "")] if self.news else []
        for name, one in self.workers.items():
            found += [("hear", name)] if one.down else []
            found += [("take", name)] if one.up else []
            if one.state == "looking" or one.state == "looked" or (one.state == "waiting" and one.wake):
                found.append(("work", name))
            if one.state == "working" and not self.is_endless:
                found.append(("work", name))
        return found

    def step(self, what: str, name: str) -> None:
        if what == "admit":  # on disk first, then the supervisor is told
            self.tasks, self.news, self.made = self.tasks + 1, self.news + 1, self.made + 1
        elif what == "tell":
            self.news -= 1
            self.send(self.waking.choose(self.pool))
        elif what == "hear":
            self.workers[name].hear()
        elif what == "take":
            self.take(name, self.workers[name].up.popleft())
        else:
            self.work(self.workers[name])

    def take(self, name: str, message: Message) -> None:
        work = AT_WORK if message["event"] == "claimed" else None
        self.pool = heard(self.pool, name, now=0.0, work=work, next_by_seconds=None)
        self.send(self.waking.hear(self.pool, name, message))

    def send(self, names: list[str]) -> None:
        for name in names:
            self.workers[name].down.append("wake")

    def work(self, one: Worker) -> None:
        if one.state == "looking":
            one.wake, one.state, one.seen = False, "looked", self.tasks
        elif one.state == "looked" and one.seen and self.tasks:  # else another one was quicker
            self.tasks -= 1
            one.up += [{"event": "more", "tasks": self.random.choice((0, self.tasks))}, {"event": "claimed"}]
            one.state = "working"
        elif one.state == "looked":
            one.up.append({"event": "idle"})
            one.state = "waiting"
        elif one.state == "working":
            one.up.append({"event": "ended"})
            one.state = "looking"
        else:
            one.state = "looking"


@pytest.mark.parametrize("is_endless", [False, True])
@pytest.mark.parametrize("seed", range(600))
def test_no_task_is_left_while_somebody_sleeps(seed: int, is_endless: bool) -> None:
    """Whatever crosses on the way, and with no look but for news: it never ends with a task and a worker that waits.

    Where tasks never end, all others have to take what is left: whoever claims may have swallowed the news of two.
    """
    world = World(seed, is_endless=is_endless)
    while steps := world.steps():
        world.step(*world.random.choice(steps))

    assert world.made == TASKS
    assert world.tasks == 0 or all(one.state == "working" for one in world.workers.values())

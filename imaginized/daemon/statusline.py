"""The line that `systemctl status` shows: what the daemon does now, in a few words. Pure."""

from collections.abc import Collection, Mapping

from imaginized.daemon.pool import Pool
from imaginized.process.slots import NO_WORKERS
from imaginized.queue.plan import ENDED, Phase

UNWELL = (Phase.HELD, Phase.PARTIAL, Phase.FAILED)
STARTING = "starting: looking through library and inbox"


def status_line(
    pool: Pool,
    phases: Mapping[str, int],
    *,
    now: float,
    is_draining: bool,
    pauses: Collection[str] = (),
    is_paused: bool = True,
) -> str:
    """What is in work and what is to be done: "3 chapters in work, 2 books open".

    Args:
        pool: The processes.
        phases: How many books are in each.
        now: Monotonic seconds.
        is_draining: Whether the daemon is about to stop.
        pauses: What holds work up: "operator", "disk", "provider".
        is_paused: Whether that is all work.
    """
    tasks = [slot.work.task for slot in pool.slots if slot.work is not None]
    if is_draining:
        alive = sum(slot.pid is not None for slot in pool.slots if slot.name not in NO_WORKERS)
        return f"stopping: {_count(alive, 'worker')} finishing {_count(len(tasks), 'task')}"
    still_open = sum(count for each, count in phases.items() if each not in (*ENDED, Phase.HELD))
    wrong = [f"{_count(count, 'book')} {each}" for each in UNWELL if (count := phases.get(each, 0))]
    if still_open or tasks:
        works = [slot.work for slot in pool.slots if slot.work is not None and slot.work.task.chapter is not None]
        chapters = len({(work.book, work.task.chapter) for work in works})  # several workers may be at one
        others = len(tasks) - len(works)
        parts = [f"{_count(chapters, 'chapter')} in work", *([f"{_count(others, 'step')} in work"] if others else [])]
        parts.append(f"{_count(still_open, 'book')} open")
    else:
        parts = [f"idle, {_count(phases.get(Phase.DONE, 0), 'book')} done"]
    broken = ["workers crash again and again, see the log"] if pool.is_broken(now) else []
    paused = [f"{'paused' if is_paused else 'some work waits'} ({' and '.join(pauses)})"] if pauses else []
    return ", ".join([*broken, *paused, *parts, *wrong])


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

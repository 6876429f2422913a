"""The line that `systemctl status` shows, from pools and manifests."""

from collections import Counter
from dataclasses import replace

from imaginized.daemon.pool import Pool, Slot
from imaginized.daemon.statusline import status_line
from imaginized.process.beats import Work
from imaginized.process.slots import INTAKE
from imaginized.queue.manifest import Hold, Manifest, Stage, Status, Task
from imaginized.queue.plan import phase
from tests.support.manifests import EPOCH, done_book, split_book, with_chapter

IDLE = Pool(slots=(Slot(name=INTAKE, pid=1), Slot(name="worker-1", pid=2), Slot(name="worker-2", pid=3)))
AT_WORK = Work(book="a", task=Task(stage=Stage.ANALYZE, chapter=1))
BUSY = IDLE.with_slot(Slot(name="worker-1", pid=2, work=AT_WORK))
HELD = replace(split_book(10), hold=Hold(reason="dear", since=EPOCH))


def line(
    pool: Pool, *books: Manifest, is_draining: bool = False, pauses: tuple[str, ...] = (), is_paused: bool = True
) -> str:
    phases = Counter(str(phase(book)) for book in books)
    return status_line(pool, phases, now=100.0, is_draining=is_draining, pauses=pauses, is_paused=is_paused)


def test_what_is_in_work_and_what_is_open() -> None:
    """At work the line counts chapters, steps and open books; at rest the books that are done."""
    assert line(BUSY, split_book(10), done_book(10)) == "1 chapter in work, 1 book open"
    assert line(IDLE, done_book(10), done_book(10)) == "idle, 2 books done"


def test_what_a_person_should_look_at_is_there() -> None:
    """Held books wait for somebody, and are not told as open; a pause says whose it is, a crash loop comes first."""
    crashed = replace(IDLE, crashes=(99.0,) * 5, opened_at=99.0)
    cancelled = with_chapter(done_book(10), 1, status=Status.FAILED, failed_at=EPOCH)

    assert line(IDLE, HELD) == "idle, 0 books done, 1 book held"
    assert line(IDLE, cancelled) == "idle, 0 books done, 1 book partial"
    assert line(IDLE, split_book(10), pauses=("operator", "disk")) == (
        "paused (operator and disk), 0 chapters in work, 1 book open"
    )
    assert line(BUSY, split_book(10), pauses=("unreachable",), is_paused=False) == (
        "some work waits (unreachable), 1 chapter in work, 1 book open"
    )
    assert line(crashed).startswith("workers crash again and again, see the log, ")


def test_a_drain_says_for_whom_it_waits() -> None:
    """While it stops, the line counts the workers and tasks that are left."""
    assert line(BUSY, is_draining=True) == "stopping: 2 workers finishing 1 task"

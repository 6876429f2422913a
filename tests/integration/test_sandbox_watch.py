"""What the supervisor knows of the readers' sandbox: asked of a reader without a book, or told by one that had one."""

from imaginized.clock import ManualClock
from imaginized.process.confinement import Confinement
from imaginized.process.sandbox import probe
from imaginized.process.sandbox_watch import RETRY_SECONDS, SandboxWatch
from tests.support.waiting import eventually

LACKING = Confinement(network="seccomp", signals="seccomp", sockets="seccomp", reasons=("Landlock: not here",))


def test_f47_what_changes_while_it_is_asked_is_asked_again() -> None:
    """F47: a reload while a reader's process looks around: its answer may be from before, so another one looks."""
    watch = SandboxWatch(clock=ManualClock())
    watch.tick()
    watch.ask_again()
    eventually(watch.tick, deadline_seconds=30)
    watch.found = None
    eventually(watch.tick, deadline_seconds=30)

    assert watch.found == probe()


def test_f47_what_a_reader_says_of_itself_counts() -> None:
    """F47: a reader with a book found less than one without: the daemon says so at once, and asks again later."""
    clock = ManualClock()
    watch = SandboxWatch(clock=clock)
    eventually(watch.tick, deadline_seconds=30)
    watch.ask_again()
    watch.tick()
    watch.heard(LACKING)
    told = watch.found, watch.tick(), watch.found
    clock.advance(RETRY_SECONDS)
    eventually(watch.tick, deadline_seconds=30)

    assert told == (LACKING, False, LACKING)
    assert watch.found == probe()

"""A process with a side thread is forked only where the thread holds nothing."""

import subprocess
import sys

FORKED_INSIDE = """
import os, threading
from imaginized.process.forking import ForkGuard

guard, held, inside, go = ForkGuard(), threading.Lock(), threading.Event(), threading.Event()
os.register_at_fork(before=go.set)  # the last one registered is called first: the fork has begun

def side():
    with guard, held:
        inside.set()
        go.wait()

thread = threading.Thread(target=side)
thread.start()
inside.wait()
child = os.fork()
if child == 0:
    os._exit(0 if held.acquire(blocking=False) else 1)
thread.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_fork_waits_for_what_a_side_thread_is_in() -> None:
    """The child gets no lock that nobody will ever let go of there."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED_INSIDE], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stdout.strip()) == (0, "0"), done.stderr

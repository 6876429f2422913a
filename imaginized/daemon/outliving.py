"""What the fork server does when it outlives its supervisor: it gives its children a moment, then takes them along.

Imported by the fork server alone, and first: importing it asks the kernel to tell of that.

By itself it would end with the last of its children only: each holds the pipe whose end of file tells it that nobody
is left. One that is stopped then stays for ever, one that hangs for as long, and its claim with it: its owner lives.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType

from imaginized.process.parent import hear_of_parents_end

# Longer than children take who can end by themselves: `channel.GRACE_SECONDS`, and the gate `desk.LAST_SECONDS`.
ENDING_SECONDS = 2.0

_process, _supervisor = os.getpid(), os.getppid()


def _hear(_number: int, _frame: FrameType | None) -> None:
    if os.getpid() != _process or os.getppid() == _supervisor:
        return  # a child that has just been forked, or somebody has stopped this process and let it go on
    # The kernel's own timer and the signal's usual meaning: whatever is imported just now, this ends it, and with it
    # every child, stopped ones too.
    if not any(signal.getitimer(signal.ITIMER_REAL)):  # each further signal would begin the moment anew
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, ENDING_SECONDS)
    _end_the_stopped()


def _end_the_stopped() -> None:
    """Without the moment, which is of no use to them: whoever wants what they have claimed waits for their end."""
    with suppress(OSError):  # a kernel that does not tell of children: they end with this process
        # Ours, and not collected while this runs: no such number is another process's.
        for pid in map(int, (Path("/proc/self/task") / str(_process) / "children").read_text().split()):
            with suppress(OSError):
                if (Path("/proc") / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()[0] == b"T":
                    os.kill(pid, signal.SIGKILL)


def _hear_no_more() -> None:
    signal.signal(signal.SIGCONT, signal.SIG_DFL)


signal.signal(signal.SIGCONT, _hear)
os.register_at_fork(after_in_child=_hear_no_more)  # a child has a parent of its own to go by
# SIGCONT, for a fork server that was stopped itself has to hear it, too. Whose supervisor went before this line has
# no child: nobody had forked one, and it meets the end of file at once.
hear_of_parents_end(signal.SIGCONT)

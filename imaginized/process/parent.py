"""Ending with one's parent: the kernel kills a child whose fork server is gone, or tells it."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel send SIGKILL to this process when the thread that started it ends.

    Args:
        parent: The process that started this one; if it is gone already, this one ends at once.

    Raises:
        OSError: The kernel refused.
    """
    hear_of_parents_end(signal.SIGKILL)
    if os.getppid() != parent:  # it went between the fork and the call
        os.kill(os.getpid(), signal.SIGKILL)


def hear_of_parents_end(number: signal.Signals) -> None:
    """Have the kernel send this signal to this process when the thread that started it ends. It tells of no past end.

    Raises:
        OSError: The kernel refused.
    """
    # Asked for in the child: the kernel forgets it at a fork, and when a program gets other rights.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")

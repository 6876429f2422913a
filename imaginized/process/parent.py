"""Ending with one's parent: the kernel kills a child whose fork server is gone."""

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
    # Asked for in the child: the kernel forgets it at a fork, and when a program gets other rights.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it went between the fork and the call
        os.kill(os.getpid(), signal.SIGKILL)

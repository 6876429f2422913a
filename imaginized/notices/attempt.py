"""One try to send a message by several ways at once: each in a process of its own, killed when its time is over.

Whatever a receiver does - hang, drip, send gigabytes, break a library - it does to that process.
"""

import os
import select
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import NoReturn

from imaginized.notices.notice import Notice
from imaginized.notices.posting import NotTaken
from imaginized.notices.ways import Send
from imaginized.process.parent import die_with_parent

GRACE_SECONDS = 0.5  # beyond its own time limit, which says more
SAID_BYTES = 500
STUCK = "it did not end in time"


def attempt(notice: Notice, ways: Mapping[str, Send], *, seconds: float) -> dict[str, str]:
    """What became of it by each way: "" where it was taken, else what went wrong.

    Args:
        notice: The message.
        ways: By name, what sends it.
        seconds: How long they may take, all at once.
    """
    begun = {name: _begin(notice, send) for name, send in ways.items()}
    until = time.monotonic() + seconds + GRACE_SECONDS
    return {name: _end(pid, said, until=until) for name, (pid, said) in begun.items()}


def _begin(notice: Notice, send: Send) -> tuple[int, int]:
    reading, writing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be(notice, send, parent=parent, writing=writing)
    os.close(writing)
    with suppress(OSError):  # here, too: else it may be killed as one of ours before it has a group of its own
        os.setpgid(pid, pid)
    return pid, reading


def _be(notice: Notice, send: Send, *, parent: int, writing: int) -> NoReturn:
    """Be the process of a way. It must never return into what the parent was at."""
    said = "it broke"
    try:
        # All of ours: with a lock's, it would keep the lock, and with the channel's the supervisor's end of file.
        os.closerange(3, writing)
        os.closerange(writing + 1, os.sysconf("SC_OPEN_MAX"))
        with suppress(OSError):
            os.setpgid(0, 0)  # so that what it starts is killed with it
        for number in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)
        send(notice)
        said = ""
    except NotTaken as error:
        said = str(error)
    except BaseException as error:  # noqa: BLE001 - the boundary: what a library raises may have an address in it
        said = f"it failed ({type(error).__name__})"
    finally:
        os.write(writing, (said.encode(errors="replace")[:SAID_BYTES] or b"\0"))
        os._exit(0)


def _end(pid: int, said: int, *, until: float) -> str:
    """Its last word, once it has ended or its time is over; what it has started ends with it."""
    with suppress(ProcessLookupError):
        fd = os.pidfd_open(pid)
        try:
            ready = select.poll()
            ready.register(fd, select.POLLIN)
            ready.poll(max(until - time.monotonic(), 0.0) * 1000)
        finally:
            os.close(fd)
    # Also one that has ended: what it started and left behind would gather with each message.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.set_blocking(said, False)  # what it started may have the other end still
    try:
        text = os.read(said, SAID_BYTES)
    except BlockingIOError:
        text = b""
    finally:
        os.close(said)
    return STUCK if not text else text.rstrip(b"\0").decode(errors="replace")

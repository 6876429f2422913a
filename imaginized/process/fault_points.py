"""Named fault points: tests put a process at a line and make it die or stop there. Nothing happens unless armed."""

import ctypes
import errno
import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

HANG_SECONDS = 3600
SLOW_SECONDS = 0.4

_armed: dict[str, tuple[str, Path | None]] = {}


def arm(faults: str) -> None:
    """Arm these faults: "point:action[:token]", several with commas; the cli reads them from IMAGINIZED_FAULT.

    Actions are kill, stop, slow, hang (in C code that lets nothing else run), deaf (hang, and ignore the order to
    abort), enospc and raise. With a token, the path of a file, the fault happens only while that file
    exists, and removing it is the first thing that happens: once, in whichever process comes first.

    Raises:
        ValueError: That is no fault, or there is no such action.
    """
    _armed.clear()
    for fault in filter(None, faults.split(",")):
        point, action, *token = fault.split(":", 2)
        if action not in ACTIONS:
            raise ValueError(f"{fault}: the actions are {', '.join(ACTIONS)}")
        _armed[point] = (action, Path(token[0]) if token else None)


def fault_point(name: str) -> None:
    """A line at which a test may want the process to end.

    Raises:
        OSError: ENOSPC, if armed so.
        RuntimeError: If armed so.
    """
    if name in _armed:
        action, token = _armed[name]
        if token is None or _taken(token):
            ACTIONS[action]()


def _taken(token: Path) -> bool:
    try:
        token.unlink()
    except FileNotFoundError:
        return False
    return True


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _slow() -> None:
    time.sleep(SLOW_SECONDS)


def _hang() -> None:
    ctypes.PyDLL(None).sleep(HANG_SECONDS)  # PyDLL: with the interpreter's lock held


def _deaf() -> None:
    signal.signal(signal.SIGABRT, signal.SIG_IGN)
    _hang()


def _enospc() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _raise() -> None:
    raise RuntimeError("a fault that was asked for")


ACTIONS: Mapping[str, Callable[[], None]] = {
    "kill": _kill,
    "stop": _stop,
    "slow": _slow,
    "hang": _hang,
    "deaf": _deaf,
    "enospc": _enospc,
    "raise": _raise,
}

"""Runs a program where the kernel lacks a part of what confines readers: run with PART COMMAND...

A filter of system calls refuses them, as systemd's or a container's does; all processes of the program have it.
"""

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path

NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOWED, FAILS_WITH = 0x7FFF0000, 0x00050000
LANDLOCK_CALLS = (444, 445, 446)
NOT_PERMITTED = (RETURN, 0, 0, FAILS_WITH | errno.EPERM)
PRCTL = {"x86_64": 157, "aarch64": 167}
REFUSALS = {
    "landlock": [
        (LOAD, 0, 0, 0),
        *(step for call in LANDLOCK_CALLS for step in ((IF_EQUAL, 0, 1, call), NOT_PERMITTED)),
        (RETURN, 0, 0, ALLOWED),
    ],
    "seccomp": [
        *((LOAD, 0, 0, 0), (IF_EQUAL, 1, 0, PRCTL[os.uname().machine]), (RETURN, 0, 0, ALLOWED)),
        *((LOAD, 0, 0, 16), (IF_EQUAL, 0, 1, SET_SECCOMP), (RETURN, 0, 0, FAILS_WITH | errno.EINVAL)),
        (RETURN, 0, 0, ALLOWED),
    ],
}  # fmt: skip


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def wrapper(part: str) -> tuple[str, ...]:
    """What to put before a command."""
    return (sys.executable, str(Path(__file__)), part)


def refuse(part: str) -> None:
    """Be without a part from here on."""
    libc = ctypes.CDLL(None, use_errno=True)
    steps = REFUSALS[part]
    given = Program(len(steps), b"".join(struct.pack("=HBBI", *step) for step in steps))
    assert libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(given), 0, 0) == 0


if __name__ == "__main__":
    refuse(sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])

"""Giving up what a process that reads a stranger's file does not need: memory, time, files, network, its own life."""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1024 * 1024
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446  # the same on all machines
_RULESET_VERSION, _RULE_PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many kinds of access the kernel knows
_NETWORK_SINCE_VERSION, _BIND_AND_CONNECT = 4, 3
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What reading one book may cost.

    Attributes:
        memory_bytes: Of address space; a book of 2,000 documents needs about 300 MiB.
        cpu_seconds: Of processor time.
        timeout_seconds: Of anybody's time.
        answer_bytes: Of the text that comes out.
        descriptors: Open at once.
    """

    memory_bytes: int = 2048 * MEBIBYTE
    cpu_seconds: int = 120
    timeout_seconds: float = 180.0
    answer_bytes: int = 512 * MEBIBYTE
    descriptors: int = 64


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends.

    Args:
        parent: Process id of who started it; if that is gone already, this does not return.

    Raises:
        OSError: The kernel refused.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def confine(limits: Limits, *, readable: Iterable[Path]) -> bool:
    """Give up, for good, what this process does not need; it can write no file from here on.

    Args:
        limits: Of memory, time and descriptors.
        readable: Files and folders it may still read, where the kernel has Landlock.

    Returns:
        Whether Landlock is in force.
    """
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, bound)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_CLONE_NEWNET)  # granted to root; to others Landlock denies the network, where it can
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return _restrict(libc, readable=readable)


def _lower(kind: int, bound: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (bound, bound))


def _restrict(libc: ctypes.CDLL, *, readable: Iterable[Path]) -> bool:
    """Deny every access to files but reading these, and every TCP connection, as far as this kernel can."""
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _RULESET_VERSION)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS_BY_VERSION[min(version, max(_FILE_RIGHTS_BY_VERSION))]) - 1
    ruleset = struct.pack("QQ", rights, _BIND_AND_CONNECT if version >= _NETWORK_SINCE_VERSION else 0)
    size = len(ruleset) if version >= _NETWORK_SINCE_VERSION else len(ruleset) // 2
    fd = libc.syscall(_LANDLOCK_CREATE_RULESET, ruleset, ctypes.c_size_t(size), 0)
    if fd < 0:
        return False
    try:
        for path in readable:
            with suppress(OSError):  # what is not there needs no permission
                _allow(libc, fd, path)
        return bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, fd, 0) == 0)
    finally:
        os.close(fd)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, struct.pack("=Qi", rights, fd), 0)
    finally:
        os.close(fd)

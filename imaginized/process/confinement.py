"""Giving up what a process that reads a stranger's file does not need: memory, time, files, network, its own life."""

import ctypes
import errno
import os
import resource
import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from imaginized.process.seccomp import filter_calls, filter_network

MEBIBYTE = 1024 * 1024
_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446  # the same on all machines
_RULESET_VERSION, _RULE_PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_READ = _READ_FILE | _READ_DIR
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE  # the kernel refuses a rule that gives a file a folder's rights
_FILE_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many kinds of access the kernel knows
_NETWORK_SINCE_VERSION, _BIND_AND_CONNECT = 4, 3
_SCOPES_SINCE_VERSION, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 3
_CLONE_NEWNET = 0x40000000
_PR_CAPBSET_DROP, _CAPABILITIES_VERSION = 24, 0x20080522
# The one that a root reader keeps: a book, or Python itself, may lie where only its owner may look. Landlock decides
# which files it is good for.
_DAC_READ_SEARCH = 1 << 2
_SECONDS_TO_SIGXCPU = 2  # from the soft bound of processor time, which has a signal of its own, to the hard one
_WITNESSES = (Path("/"), Path("/proc/self/status"), Path("/etc/passwd"))  # whoever may open these is not confined
LANDLOCK, SECCOMP = "Landlock", "seccomp"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Confinement:
    """What was out of a reader's reach when it looked, and by what: "Landlock", "seccomp", or "" for what was not.

    Attributes:
        files: The content of every file but its book and the program's own; not that a file is there.
        network: Other machines.
        signals: Other processes.
        sockets: Local sockets, the daemon's control socket among them.
        reasons: Why a part is missing, for a person; one for each of the kernel's means that is not there.
    """

    files: str = ""
    network: str = ""
    signals: str = ""
    sockets: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are not in force."""
        parts = (("files", self.files), ("network", self.network), ("signals", self.signals), ("sockets", self.sockets))
        return tuple(name for name, means in parts if not means)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in force."""
        return not self.missing

    @property
    def shortfall(self) -> str:
        """For whoever asked for a file of theirs to be read: what protects them less; "" where it is whole."""
        return "" if self.is_whole else f"the reader's sandbox is {self}; reading with what there is"

    def __str__(self) -> str:
        """What is in force or, where that is not all, what is missing and why; for a person."""
        if self.is_whole:
            return f"whole, by {' and '.join(dict.fromkeys((self.files, self.network, self.signals, self.sockets)))}"
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        return f"not whole: a book's reader is not kept from {', '.join(self.missing)}{why}"


def confine(limits: Limits, *, readable: Iterable[Path]) -> Confinement:
    """Give up, for good, what this process does not need; it can write no file from here on.

    Args:
        limits: Of memory, time and descriptors.
        readable: Files and folders it may still read, where the kernel has Landlock.

    Returns:
        What is in force: tried, not assumed.
    """
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, grace=_SECONDS_TO_SIGXCPU)
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits.descriptors),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, bound)
    libc = ctypes.CDLL(None, use_errno=True)
    # What could not be opened before says nothing when it cannot be opened afterwards.
    witnesses = [path for path in _WITNESSES if not _is_refused(partial(_open, path)) and path.exists()]
    # Without it the kernel lets only root restrict itself, by Landlock or by a filter.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Confinement(reasons=(f"no_new_privs: {os.strerror(ctypes.get_errno())}",))
    no_landlock = _restrict(libc, readable=readable)
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # refused to whoever has none, and from the kernel's last on
    no_seccomp = filter_calls(libc)  # the last: it refuses the calls that the others are made by
    if no_seccomp:
        libc.unshare(_CLONE_NEWNET)  # granted to root; better than nothing
    _drop_capabilities(libc)  # not before: that was the last that took one
    return _look_around(witnesses, reasons=(f"{LANDLOCK}: {no_landlock}", f"{SECCOMP}: {no_seccomp}"))


def confine_program(
    limits: Limits, *, runnable: Iterable[Path], readable: Iterable[Path], writable: Iterable[Path], file_bytes: int
) -> bool:
    """Give up, for good, what a program that converts a file does not need; it is started after this.

    Args:
        limits: Of processor time and of descriptors.
        runnable: Where programs and their libraries are.
        readable: What else it may read.
        writable: Folders where it may do anything.
        file_bytes: Of the largest file that it may write.

    Returns:
        Whether files and network are out of its reach.
    """
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, grace=_SECONDS_TO_SIGXCPU)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    no_landlock = _restrict(libc, readable=readable, runnable=runnable, writable=writable)
    for capability in range(64):
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    no_seccomp = filter_network(libc)
    _drop_capabilities(libc)
    return not no_landlock and not no_seccomp


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Be root in name only."""
    if os.geteuid() != 0:  # others have CAP_LEASE at most (the filter refuses its calls), and the units refuse this one
        return
    header = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    for kept in (_DAC_READ_SEARCH, 0):
        if libc.capset(header, struct.pack("=6I", kept, kept, 0, 0, 0, 0)) == 0:
            return  # a container's root may not have had it


def _look_around(witnesses: Sequence[Path], *, reasons: Iterable[str]) -> Confinement:
    """Try what must not succeed; what fails for another reason than being refused counts as possible."""
    files = all(_is_refused(partial(_open, path)) for path in witnesses)
    kinds = (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
    network = all(_is_refused(partial(_make_socket, kind)) for kind in kinds)
    # A parent of another user could not be signalled anyway: what counts is that one of our own cannot.
    signals = _is_refused(partial(os.kill, os.getppid(), 0))
    return Confinement(
        files=LANDLOCK if witnesses and files else "",
        network=SECCOMP if network else "",
        signals=SECCOMP if signals else "",
        sockets=SECCOMP if _is_refused(partial(_make_socket, socket.AF_UNIX)) else "",
        reasons=tuple(reason for reason in reasons if not reason.endswith(": ")),
    )


def _is_refused(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _open(path: Path) -> None:
    os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))


def _make_socket(kind: int) -> None:
    socket.socket(kind, socket.SOCK_RAW if kind == socket.AF_NETLINK else socket.SOCK_STREAM).close()


def _lower(kind: int, bound: int, *, grace: int = 0) -> None:
    """Lower a bound; the hard one may be higher, by so much, so that the signal of the soft one comes first."""
    _, hard = resource.getrlimit(kind)
    soft, high = (
        (bound, bound + grace) if hard == resource.RLIM_INFINITY else (min(bound, hard), min(bound + grace, hard))
    )
    resource.setrlimit(kind, (soft, high))


def _restrict(
    libc: ctypes.CDLL, *, readable: Iterable[Path], runnable: Iterable[Path] = (), writable: Iterable[Path] = ()
) -> str:
    """Deny every access to files but reading these, TCP, signals and abstract sockets, as far as this kernel can.

    Returns:
        Why it cannot; "" when it does.
    """
    # No C library wraps these. A right the kernel does not know is an error, so it is asked for its version first.
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _RULESET_VERSION)
    if version < 1:
        return _describe(ctypes.get_errno())
    rights = (1 << _FILE_RIGHTS_BY_VERSION[min(version, max(_FILE_RIGHTS_BY_VERSION))]) - 1
    ruleset = struct.pack("Q", rights)
    if version >= _NETWORK_SINCE_VERSION:
        ruleset += struct.pack("Q", _BIND_AND_CONNECT)
    if version >= _SCOPES_SINCE_VERSION:
        ruleset += struct.pack("Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    fd = libc.syscall(_LANDLOCK_CREATE_RULESET, ruleset, ctypes.c_size_t(len(ruleset)), 0)
    if fd < 0:
        return _describe(ctypes.get_errno())
    try:
        allowed = [*((path, _READ) for path in readable), *((path, _READ | _EXECUTE) for path in runnable)]
        for path, wanted in [*allowed, *((path, rights) for path in writable)]:
            with suppress(OSError):  # what is not there needs no permission
                if not _allow(libc, fd, path, rights=wanted):  # in force without it, the book would seem unreadable
                    return _describe(ctypes.get_errno())
        return "" if libc.syscall(_LANDLOCK_RESTRICT_SELF, fd, 0) == 0 else _describe(ctypes.get_errno())
    finally:
        os.close(fd)


def _describe(code: int) -> str:
    if code in (errno.ENOSYS, errno.EOPNOTSUPP):
        return "this kernel does not have it, or it is switched off"
    if code == errno.EPERM:
        return "not permitted here; a filter of system calls (systemd, a container) refuses it"
    return os.strerror(code)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, *, rights: int) -> bool:
    # O_PATH needs no right to read: the rule is about the place, not about what is in it.
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = rights if path.is_dir() else rights & _OF_A_FILE
        # The kernel's struct is packed: with C's own padding it would be four bytes longer, and refused.
        rule = struct.pack("=Qi", rights, fd)
        return bool(libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0) == 0)
    finally:
        os.close(fd)

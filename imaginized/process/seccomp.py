"""The system calls a reader of a stranger's file may still make: a small BPF program, written here for the kernel.

It lists what is allowed, so that a call nobody thought of is refused, too. Which files may be opened it cannot tell:
that is Landlock's part, in `confinement`.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_SET, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOWED, _FAILS_WITH = 0x7FFF0000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT, _ARGUMENT_BYTES = 0, 4, 16, 8
# Calls above are newer than this list, or x86_64's second set of numbers (x32, from 0x40000000 on). The C library
# takes ENOSYS for "not in this kernel" and falls back; so it does for clone3, whose flags a filter cannot see.
_LAST_KNOWN = 462

# Number on x86_64, number on aarch64; None where the machine does not have the call.
Numbers = tuple[int | None, int | None]
_PLAIN: Mapping[str, Numbers] = MappingProxyType(
    {
        "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
        "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
        "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
        "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "access": (21, None), "sched_yield": (24, 124),
        "mremap": (25, 216), "dup": (32, 23), "dup2": (33, None), "nanosleep": (35, 101),
        "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "getcwd": (79, 17), "readlink": (89, None),
        "gettimeofday": (96, 169), "getrlimit": (97, 163), "getrusage": (98, 165), "sysinfo": (99, 179),
        "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176), "geteuid": (107, 175), "getegid": (108, 177),
        "getppid": (110, 173), "sigaltstack": (131, 132), "statfs": (137, 43), "fstatfs": (138, 44),
        "arch_prctl": (158, None), "gettid": (186, 178), "futex": (202, 98), "sched_getaffinity": (204, 123),
        "getdents64": (217, 61), "set_tid_address": (218, 96), "restart_syscall": (219, 128), "fadvise64": (221, 223),
        "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
        "exit_group": (231, 94), "newfstatat": (262, 79), "readlinkat": (267, 78), "faccessat": (269, 48),
        "ppoll": (271, 73), "set_robust_list": (273, 99), "dup3": (292, 24), "getcpu": (309, 168),
        "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293),
        "faccessat2": (439, 439), "capset": (126, 91),  # which can only give up what one has
    }
)  # fmt: skip
# With an argument that decides: its place, then what it may be.
_BY_VALUE: Mapping[str, tuple[Numbers, int, tuple[int, ...]]] = MappingProxyType(
    {
        # Duplicates and flags. Not F_SETOWN and the like, by which the kernel sends signals to whomever one names.
        "fcntl": ((72, 25), 1, (0, 1, 2, 3, 4, 1030)),
        # What malloc, PDFium and Python give. Not 100 and 101, by which root takes pages of the machine out of use, nor
        # what is said of other processes' pages or is yet to come.
        "madvise": ((28, 233), 2, (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 18)),
        "ioctl": ((16, 29), 1, (0x5401, 0x5413, 0x5421, 0x5450, 0x5451)),  # what a file is, non-blocking, close on exec
    }
)
_TO_ITSELF: Mapping[str, Numbers] = MappingProxyType(
    {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}  # abort() is one of them
)
_OPENS: Mapping[str, tuple[Numbers, int]] = MappingProxyType({"open": ((2, None), 1), "openat": ((257, 56), 2)})
# O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE's own bit: O_RDONLY|O_TRUNC empties a file, too, and Landlock before
# its version 3 lets it.
_WRITES = 0o3 | 0o100 | 0o1000 | 0o20000000
_SOCKET: Numbers = (41, 198)
_LOCAL_SOCKET = 1  # AF_UNIX
_NEVER: Mapping[str, Numbers] = MappingProxyType(
    {"ptrace": (101, 117), "process_vm_writev": (311, 271), "io_uring_setup": (425, 425), "bpf": (321, 280)}
)
_PRLIMIT: Numbers = (302, 261)
_CLONE3 = 435
_MACHINES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH_… of the kernel
)


class _Program(ctypes.Structure):
    """The kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_calls(libc: ctypes.CDLL) -> str:
    """Refuse, for good, every call of this process that reading a book does not need; needs no_new_privs.

    Returns:
        Why it cannot be done; "" when it is.
    """
    machine = os.uname().machine
    if machine not in _MACHINES or ctypes.sizeof(ctypes.c_void_p) != _ARGUMENT_BYTES:
        return f"no list of system calls for {machine} of {8 * ctypes.sizeof(ctypes.c_void_p)} bits"
    instructions = program(machine, pid=os.getpid())
    packed = b"".join(struct.pack("=HBBI", *each) for each in instructions)
    given = _Program(len(instructions), packed)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(given), 0, 0) != 0:
        return os.strerror(ctypes.get_errno())
    return ""


def filter_network(libc: ctypes.CDLL) -> str:
    """Refuse, for good, every socket of this process and of those it starts but local ones; needs no_new_privs.

    Returns:
        Why it cannot be done; "" when it is.
    """
    machine = os.uname().machine
    if machine not in _MACHINES or ctypes.sizeof(ctypes.c_void_p) != _ARGUMENT_BYTES:
        return f"no list of system calls for {machine} of {8 * ctypes.sizeof(ctypes.c_void_p)} bits"
    packed = b"".join(struct.pack("=HBBI", *each) for each in network_program(machine))
    given = _Program(len(packed) // 8, packed)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(given), 0, 0) != 0:
        return os.strerror(ctypes.get_errno())
    return ""


Instruction = tuple[int, int, int, int]


def program(machine: str, *, pid: int) -> Sequence[Instruction]:
    """The filter for a machine: (operation, skip if true, skip if false, value)."""
    column, audited = _MACHINES[machine]
    found: list[Instruction] = [
        *((_LOAD, 0, 0, _MACHINE_AT), (_JUMP_EQUAL, 1, 0, audited), _deny()),  # 32-bit calls on a 64-bit one
        *((_LOAD, 0, 0, _NUMBER_AT), (_JUMP_GREATER, 0, 1, _LAST_KNOWN), _fail(errno.ENOSYS)),
        *((_JUMP_EQUAL, 0, 1, _CLONE3), _fail(errno.ENOSYS)),
    ]
    for numbers in _PLAIN.values():
        found += _when(numbers[column], [_allow()])
    for numbers, at, values in _BY_VALUE.values():
        found += _when(numbers[column], _if_one_of(at, values))
    for numbers in _TO_ITSELF.values():
        found += _when(numbers[column], _if_one_of(0, (pid,)))
    for numbers, at in _OPENS.values():
        found += _when(numbers[column], [_load(at), (_JUMP_SET, 0, 1, _WRITES), _deny(), _allow()])
    # One's own limits may be asked for, not set: of 64 bits, both halves of the pointer to new ones must be 0.
    loads = (_load(0), _load(2), _load(2, high=True))
    asks = [step for load in loads for step in (load, (_JUMP_EQUAL, 1, 0, 0), _deny())]
    found += _when(_PRLIMIT[column], [*asks, _allow()])
    return [*found, _deny()]


def network_program(machine: str) -> "Sequence[Instruction]":
    """The filter that leaves a program its calls, but for sockets that lead out and for others' processes."""
    column, audited = _MACHINES[machine]
    found: list[Instruction] = [
        *((_LOAD, 0, 0, _MACHINE_AT), (_JUMP_EQUAL, 1, 0, audited), _deny()),
        (_LOAD, 0, 0, _NUMBER_AT),
        # x32's numbers are others for the same calls, and io_uring makes sockets that no filter sees.
        *((_JUMP_GREATER, 0, 1, _LAST_KNOWN), _fail(errno.ENOSYS)),
    ]
    for numbers in _NEVER.values():
        found += _when(numbers[column], [_deny()])
    found += _when(_SOCKET[column], _if_one_of(0, (_LOCAL_SOCKET,)))
    return [*found, _allow()]


def _when(number: int | None, then: Sequence[Instruction]) -> list[Instruction]:
    """For this call, instructions that end in a return; the number is loaded before and, for other calls, after."""
    return [] if number is None else [(_JUMP_EQUAL, 0, len(then), number), *then]


def _if_one_of(argument: int, values: Iterable[int]) -> list[Instruction]:
    # The kernel itself takes these arguments for 32 bits, so the upper half means nothing.
    tested = [step for value in values for step in ((_JUMP_EQUAL, 0, 1, value), _allow())]
    return [_load(argument), *tested, _deny()]


def _load(argument: int, *, high: bool = False) -> Instruction:
    at = _ARGUMENTS_AT + _ARGUMENT_BYTES * argument + (4 if high else 0)  # both machines are little-endian
    return (_LOAD, 0, 0, at)


def _allow() -> Instruction:
    return (_RETURN, 0, 0, _ALLOWED)


def _deny() -> Instruction:
    return _fail(errno.EPERM)


def _fail(code: int) -> Instruction:
    return (_RETURN, 0, 0, _FAILS_WITH | code)

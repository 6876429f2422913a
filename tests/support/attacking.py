"""A reader that a book has taken over: confined as ever, it tries what it must not, and says what became of each try.

Started by test_confinement as readers are: python -m tests.support.attacking PARENT TARGETS, targets as JSON.
"""

import ctypes
import errno
import fcntl
import json
import os
import resource
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

from imaginized.process.confinement import Limits, confine
from imaginized.process.parent import die_with_parent
from imaginized.process.sandbox import places_of_program

LIBC = ctypes.CDLL(None, use_errno=True)
IO_URING_SETUP, X32_SOCKET = 425, 0x40000029
POISON, OFFLINE, COLLAPSE = 100, 101, 25
PTRACE_ATTACH, NEW_USER_NAMESPACE = 16, 0x10000000

Attempts = Mapping[str, Callable[[], object]]


def become(uid: int) -> None:
    """Be that user, for good, if one is not already."""
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)


def attack(targets: Mapping[str, str]) -> dict[str, str]:
    """What became of each attempt."""
    attempts = {**on_files(targets), **on_sockets(targets), **on_processes(), **on_itself()}
    return {name: outcome(attempt) for name, attempt in attempts.items()}


def outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except ValueError as error:  # what Python makes of a limit that may not be set
        return "EPERM" if "not allowed" in str(error) else repr(error)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "done"


def call(function: Callable[..., int], *arguments: object) -> None:
    """Call the C library."""
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def on_files(targets: Mapping[str, str]) -> Attempts:
    book, parent = Path(targets["book"]), os.getppid()
    private = ["/etc/passwd", targets["key"], targets["link"], f"/proc/{parent}/environ", "/proc/self/environ"]
    return {
        **{f"read {path}": Path(path).read_bytes for path in private},
        "list the folder": partial(os.listdir, book.parent),
        "write a new file": partial(Path(f"{book}.new").write_text, "x"),
        "write the book": partial(book.write_text, "x"),
        "empty the book": partial(os.open, book, os.O_RDONLY | os.O_TRUNC),
        "cut the book": partial(os.truncate, book, 0),
        "remove the book": book.unlink,
        "move the book": partial(book.rename, f"{book}.moved"),
        "close the book to others": partial(book.chmod, 0),
        "make a folder": Path(f"{book}.d").mkdir,
        "make a link": partial(Path(f"{book}.l").symlink_to, "/"),
        "make a file of memory": partial(os.memfd_create, "x"),
    }


def on_sockets(targets: Mapping[str, str]) -> Attempts:
    def reach(kind: int, place: object, how: int = socket.SOCK_STREAM) -> None:
        with socket.socket(kind, how) as one:
            one.settimeout(5)
            one.connect(place)  # type: ignore[arg-type]

    here = ("127.0.0.1", int(targets["port"]))
    return {
        "connect to the control socket": partial(reach, socket.AF_UNIX, targets["socket"]),
        "connect to an abstract socket": partial(reach, socket.AF_UNIX, "\0" + targets["abstract"]),
        "connect by TCP": partial(reach, socket.AF_INET, here),
        "connect by UDP": partial(reach, socket.AF_INET, here, socket.SOCK_DGRAM),
        "connect by IPv6": partial(reach, socket.AF_INET6, ("::1", here[1])),
        "a netlink socket": partial(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW),
        "a pair of sockets": socket.socketpair,
        "a socket by x32's number": partial(call, LIBC.syscall, X32_SOCKET, socket.AF_UNIX, socket.SOCK_STREAM, 0),
        "io_uring": partial(call, LIBC.syscall, IO_URING_SETUP, 1, None),
    }


def on_processes() -> Attempts:
    parent = os.getppid()
    return {
        "signal the parent": partial(os.kill, parent, 0),
        "signal all": partial(os.kill, -1, 0),
        "a handle of the parent": partial(os.pidfd_open, parent),
        "have the kernel signal the parent": partial(fcntl.fcntl, 1, fcntl.F_SETOWN, parent),
        "trace the parent": partial(call, LIBC.ptrace, PTRACE_ATTACH, parent, None, None),
        "read the parent's memory": partial(call, LIBC.process_vm_readv, parent, None, 0, None, 0, 0),
        "the parent's limits": partial(resource.prlimit, parent, resource.RLIMIT_NOFILE),
        "fork": lambda: os.fork() or os._exit(0),
        "exec": partial(os.execv, "/bin/true", ["true"]),
    }


def on_itself() -> Attempts:
    return {
        "set its limits": partial(resource.setrlimit, resource.RLIMIT_NPROC, (0, 0)),
        "be another user": partial(os.setuid, 12345),
        "have another root": partial(os.chroot, "/"),
        "have namespaces": partial(call, LIBC.unshare, NEW_USER_NAMESPACE),
        # Of no page at all: where it is let through, it does nothing to the machine.
        "poison memory": partial(call, LIBC.madvise, None, 0, POISON),
        "take memory offline": partial(call, LIBC.madvise, None, 0, OFFLINE),
        "collapse memory": partial(call, LIBC.madvise, None, 0, COLLAPSE),
    }


def inherited() -> list[str]:
    """What is open beside the answer's pipe and /dev/null."""
    folder = Path("/proc/self/fd")
    known = {"/dev/null", str((folder / "1").readlink())}
    targets = []
    for path in list(folder.iterdir()):
        with suppress(FileNotFoundError):  # the list's own
            targets.append(str(path.readlink()))
    return [target for target in targets if target not in known]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    given = json.loads(sys.argv[2])
    left_open = inherited()
    places = places_of_program()  # asks Python for them, whose files the other user may not see
    become(int(given["uid"]))
    found = confine(Limits(), readable=[Path(given["book"]), *places])
    book = Path(given["book"]).read_text()
    told = {"sandbox": asdict(found), "book": book, "open": left_open, "attempts": attack(given)}
    os.write(1, json.dumps(told).encode())

"""Counts the file operations of every process that is started with this folder on its path: see `benchmarks.counting`.

Imported by Python itself, before anything of ours, so that no name of `os` is bound elsewhere yet.
"""

import os
import sys
from contextlib import suppress

_LOG = os.environ.get("BENCH_COUNTS", "")
_AUDITED = {"os.rename": "rename", "os.remove": "unlink", "os.link": "link", "os.mkdir": "mkdir"}
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
_open, _write, _close = os.open, os.write, os.close


def _note(what: str, path: object, size: int = 0) -> None:
    # Opened each time: a confined child closes what it did not open, and its next file has that number.
    with suppress(OSError):
        fd = _open(_LOG, _FLAGS, 0o666)
        _write(fd, f"{os.getpid()}\t{what}\t{size}\t{path}\n".encode(errors="replace"))  # one write: whole lines
        _close(fd)


def _name_of(fd: int) -> str:
    with suppress(OSError):
        return os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115 - a path would be opened for each
    return ""


def _count() -> None:
    is_noting = False

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal is_noting
        if is_noting or (event != "open" and event not in _AUDITED):
            return
        path = arguments[0]
        if path == _LOG or isinstance(path, int):
            return
        is_noting = True
        try:
            _note("open" if event == "open" else _AUDITED[event], path)
        finally:
            is_noting = False

    def synced(name: str):  # type: ignore[no-untyped-def]
        real = getattr(os, name)

        def call(fd: int) -> None:
            _note("sync", _name_of(fd))
            real(fd)

        return call

    def write(fd: int, data: bytes) -> int:
        done = _write(fd, data)
        if (name := _name_of(fd)).startswith("/"):
            _note("write", name, done)
        return done

    os.fsync, os.fdatasync, os.write = synced("fsync"), synced("fdatasync"), write  # type: ignore[assignment]
    sys.addaudithook(hear)


if _LOG:
    _count()

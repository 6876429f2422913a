"""Reading a stranger's book in a process of its own, so that whatever is in it costs that book and nothing else.

Run as a program, this module is that process; imported, it starts it.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imaginized.book.text import BookText
from imaginized.errors import Rejected
from imaginized.stages.confinement import MEBIBYTE, Limits, confine, end_with_parent
from imaginized.store.records import RecordUnreadable, dump, parse

STEP_SECONDS = 1.0
LIBRARY_VARIABLE = "LD_LIBRARY_PATH"
_END_SECONDS = 5.0
_PIECE_BYTES = 1 << 18
_PACKAGES = Path(__file__).resolve().parents[2]
_ADVICE = "Convert it anew (Calibre does) and drop the result."
_TOO_LARGE = "it needs more than {} MiB of memory to be read, which no book does. Convert it anew and drop the result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the process writes: the book, or why there is none."""

    book: BookText | None = None
    rejected: str = ""
    failed: str = ""


def read_apart(
    path: Path, *, original_name: str, step: Callable[[], None] = lambda: None, limits: Limits | None = None
) -> BookText:
    """Read a book in a confined process. Call from the main thread: the process ends with the thread that started it.

    Args:
        path: The file.
        original_name: What the user called it.
        step: Called every second while waiting; what it raises ends the process.
        limits: What it may cost; None for the usual.

    Raises:
        Rejected: It cannot be read, or the process hung, crashed or grew beyond a limit; the message says which.
    """
    limits = limits or Limits()
    command = [sys.executable, "-P", "-B", "-X", "utf8", "-m", __name__, str(os.getpid()), str(path), original_name]
    words = [str(number) for number in (limits.memory_bytes, limits.cpu_seconds, limits.descriptors)]
    # An environment of its own: keys and tokens of the daemon are none of its business, but where its libraries are is.
    libraries = {name: value for name, value in os.environ.items() if name == LIBRARY_VARIABLE}
    with subprocess.Popen(
        command + words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**libraries, "PYTHONPATH": os.pathsep.join([str(_PACKAGES), *filter(None, sys.path)])},
        cwd="/",
    ) as process:
        try:
            data = _receive(process, step=step, limits=limits)
        finally:
            process.kill()
    return _open_answer(data, code=process.returncode, original_name=original_name, limits=limits)


def _receive(process: "subprocess.Popen[bytes]", *, step: Callable[[], None], limits: Limits) -> bytes | None:
    """All that the process writes before it ends; None when it takes too long or writes too much."""
    if process.stdout is None:
        raise ValueError("the process has no pipe")
    now = time.monotonic()
    deadline, next_step = now + limits.timeout_seconds, now
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(data) <= limits.answer_bytes:
            now = time.monotonic()
            if now >= deadline:
                return None
            if now >= next_step:
                step()
                next_step = now + STEP_SECONDS
            if not selector.select(min(deadline - now, STEP_SECONDS)):
                continue
            piece = os.read(process.stdout.fileno(), _PIECE_BYTES)
            if not piece:
                with contextlib.suppress(subprocess.TimeoutExpired):  # it closed its pipe and stays: it is killed
                    process.wait(_END_SECONDS)
                return bytes(data)
            data += piece
    return None


def _open_answer(data: bytes | None, *, code: int, original_name: str, limits: Limits) -> BookText:
    """The book in the answer.

    Raises:
        Rejected: There is none.
    """
    if data is None:
        raise Rejected(f"{original_name}: reading it took longer than {limits.timeout_seconds:g} s. {_ADVICE}")
    try:
        answer = parse(data, Answer)
    except RecordUnreadable as error:
        raise Rejected(f"{original_name}: {_describe_end(code, limits=limits)}. {_ADVICE}") from error
    if answer.book is not None:
        return answer.book
    raise Rejected(answer.rejected or f"{original_name}: its content made the reader fail ({answer.failed}). {_ADVICE}")


def _describe_end(code: int, *, limits: Limits) -> str:
    """What a process that gave no answer died of."""
    if code == -signal.SIGXCPU:
        return f"reading it took more than {limits.cpu_seconds} s of processor time"
    if code < 0:
        with contextlib.suppress(ValueError):  # a signal without a name
            return f"its content crashed the reader ({signal.Signals(-code).name})"
    return f"its content crashed the reader (exit code {code})"


def _be_process(arguments: list[str]) -> None:
    """Be the confined process: read the book that the arguments name, write the answer to the standard output."""
    parent, path, original_name, memory, cpu, descriptors = arguments
    end_with_parent(int(parent))
    answer_fd = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a parser prints is no part of the answer
    limits = Limits(memory_bytes=int(memory), cpu_seconds=int(cpu), descriptors=int(descriptors))
    folders = {*sysconfig.get_paths().values(), *filter(None, sys.path), str(_PACKAGES), sys.prefix, sys.base_prefix}
    # Only this process reads books: whoever starts it need not load, and be as big as, all the parsers.
    from imaginized.reading.book import read_book

    confine(limits, readable=[Path(path), *map(Path, folders)])
    try:
        answer = Answer(book=read_book(Path(path), original_name=original_name))
    except Rejected as rejected:
        answer = Answer(rejected=str(rejected))
    except MemoryError:
        answer = Answer(rejected=f"{original_name}: {_TOO_LARGE.format(limits.memory_bytes // MEBIBYTE)}.")
    except Exception as error:  # noqa: BLE001 - the boundary: the book is lost, and its owner is told why
        answer = Answer(failed=_describe_failure(error))
    with os.fdopen(answer_fd, "wb") as output:
        output.write(dump(answer))


def _describe_failure(error: Exception) -> str:
    """The error and where it was raised, for whoever reports it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


if __name__ == "__main__":
    _be_process(sys.argv[1:])

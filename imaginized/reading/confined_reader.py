"""Reading a stranger's book in a process of its own, so that whatever is in it costs that book and nothing else.

Run as a program, this module is that process; imported, it starts it.
"""

import contextlib
import importlib
import os
import random
import resource
import select
import selectors
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from imaginized.errors import Rejected, Unconfined
from imaginized.process.confinement import MEBIBYTE, Confinement, Limits, confine
from imaginized.process.parent import die_with_parent
from imaginized.process.sandbox import places_of_program, start_apart
from imaginized.reasons import Code, Reason
from imaginized.store.records import RecordUnreadable, dump, parse
from imaginized.story.text import BookText

WHOLE, STRUCTURE = "whole", "structure"  # what may be demanded of the process
LATE_PACKAGES = ("charset_normalizer", "pycld2")  # loaded by few books; the second is an extra
STEP_SECONDS = 1.0
_END_SECONDS = 5.0
_PIECE_BYTES = 1 << 18
_CPU_SECONDS, _CPU_SECONDS_A_MEBIBYTE = 30, 10  # books take less than 1 s a MiB; some machines are ten times slower
_ADVICE = "Convert it again (Calibre can) and drop the result."
_TOO_LARGE = "it needs more than {} MiB of memory to be read, which no book does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the process writes: the book, or why there is none.

    Attributes:
        sandbox: What was in force; None where it did not come to that.
        is_withheld: Whether nothing was read because that was not enough.
        language: What the text is written in; "" where that is not sure.
        structure: Of a PDF, without its words; "" where the book was asked for.
    """

    book: BookText | None = None
    rejected: Reason | None = None
    failed: str = ""
    sandbox: Confinement | None = None
    is_withheld: bool = False
    language: str = ""
    structure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A book, and what its reader was kept from.

    Attributes:
        language: What the text is written in, whatever the book says; "" where that is not sure.
    """

    book: BookText
    sandbox: Confinement
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How the process ended.

    Attributes:
        data: All it wrote; None when it took too long or wrote too much.
        code: Exit code, negative for a signal.
        usage: What it took.
        is_late: Whether it took too long.
    """

    data: bytes | None
    code: int
    usage: resource.struct_rusage
    is_late: bool


def read_apart(
    path: Path, *, original_name: str, step: Callable[[], None] = lambda: None, limits: Limits | None = None
) -> BookText:
    """Read a book in a process that is confined as far as this machine can; see `read_confined`."""
    return read_confined(path, original_name=original_name, must_be_whole=False, step=step, limits=limits).book


def structure_apart(path: Path) -> str:
    """The structure of a PDF without its words, as a JSON text, from a process confined as far as this machine can.

    Raises:
        Rejected: As for `read_confined`.
    """
    limits = Limits()
    with start_apart(__name__, _orders(path, original_name="", demand=STRUCTURE, limits=limits)) as process:
        ended = _follow(process, step=lambda: None, limits=limits)
    answer = _parse_answer(ended, limits=limits)
    if answer.structure:
        return answer.structure
    raise _why_none(answer)


def _orders(path: Path, *, original_name: str, demand: str, limits: Limits) -> list[str]:
    words = [str(number) for number in (limits.memory_bytes, limits.cpu_seconds, limits.descriptors)]
    return [*words, str(path.absolute()), original_name, demand]  # the process has another working folder


def read_confined(
    path: Path,
    *,
    original_name: str,
    must_be_whole: bool,
    step: Callable[[], None] = lambda: None,
    limits: Limits | None = None,
) -> Reading:
    """Read a book in a confined process. Call from the main thread: the process ends with the thread that started it.

    Args:
        path: The file.
        original_name: What the user called it.
        must_be_whole: Whether not to open the file where a part of the sandbox is missing.
        step: Called every second while waiting; what it raises ends the process.
        limits: What it may cost; None for what a file of its size may.

    Raises:
        Rejected: It cannot be read, or the process hung, crashed or grew beyond a limit; the message says which.
        Unconfined: A part of the sandbox is missing, and it must be whole.
    """
    limits = limits or limits_for(path)
    demand = WHOLE if must_be_whole else ""
    with start_apart(__name__, _orders(path, original_name=original_name, demand=demand, limits=limits)) as process:
        ended = _follow(process, step=step, limits=limits)
    try:
        return _open_answer(ended, limits=limits)
    except Rejected as error:
        raise error.about(original_name) from error


def limits_for(path: Path) -> Limits:
    """What reading a file may cost: a small one may not hold a worker for minutes, whatever is in it."""
    usual = Limits()
    try:
        size = path.stat().st_size
    except OSError:
        return usual  # its reader says what is wrong
    return replace(usual, cpu_seconds=min(usual.cpu_seconds, _CPU_SECONDS + size * _CPU_SECONDS_A_MEBIBYTE // MEBIBYTE))


def _follow(process: "subprocess.Popen[bytes]", *, step: Callable[[], None], limits: Limits) -> _Ended:
    """Hear the process to its end, and see that it ends."""
    is_late, data = False, None
    try:
        data = _receive(process, step=step, limits=limits)
    except TimeoutError:
        is_late = True
    finally:
        # Not by `process.kill`, which may collect it: what it took is told only once.
        os.kill(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return _Ended(data=data, code=process.returncode, usage=usage, is_late=is_late)


def _receive(process: "subprocess.Popen[bytes]", *, step: Callable[[], None], limits: Limits) -> bytes | None:
    """All that the process writes before it ends; None when it writes too much.

    Raises:
        TimeoutError: It takes too long.
    """
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
                raise TimeoutError
            if now >= next_step:
                step()
                next_step = now + STEP_SECONDS
            if not selector.select(min(deadline - now, STEP_SECONDS)):
                continue
            piece = os.read(process.stdout.fileno(), _PIECE_BYTES)
            if not piece:
                _wait_for_end(process.pid)
                return bytes(data)
            data += piece
    return None


def _wait_for_end(pid: int) -> None:
    """Wait until a process that has closed its pipe has ended, too; one that stays is killed by the caller."""
    handle = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.poll(_END_SECONDS * 1000)
    finally:
        os.close(handle)


def _open_answer(ended: _Ended, *, limits: Limits) -> Reading:
    """The book in the answer.

    Raises:
        Rejected: There is none.
        Unconfined: It was not opened.
    """
    answer = _parse_answer(ended, limits=limits)
    if answer.is_withheld:
        sandbox = answer.sandbox or Confinement()
        raise Unconfined(str(sandbox), found=asdict(sandbox))
    if answer.book is not None:
        return Reading(book=answer.book, sandbox=answer.sandbox or Confinement(), language=answer.language)
    raise _why_none(answer)


def _parse_answer(ended: _Ended, *, limits: Limits) -> Answer:
    """What the process wrote.

    Raises:
        Rejected: It did not come to its end.
    """
    if ended.is_late:
        raise _unread(f"reading it took longer than {limits.timeout_seconds:g} s")
    if ended.data is None:
        raise _unread(f"it has more than {limits.answer_bytes // MEBIBYTE} MiB of text", code=Code.TOO_LARGE)
    try:
        return parse(ended.data, Answer)
    except RecordUnreadable as error:
        raise _unread(_describe_end(ended, limits=limits)) from error


def _why_none(answer: Answer) -> Rejected:
    """Why there is nothing in an answer."""
    if answer.rejected is not None:
        return Rejected(answer.rejected.text, code=answer.rejected.code, advice=answer.rejected.advice)
    return _unread(f"its content made the reader fail ({answer.failed})")


def _unread(text: str, *, code: Code = Code.READER_FAILED) -> Rejected:
    return Rejected(text, code=code, advice=_ADVICE)


def _describe_end(ended: _Ended, *, limits: Limits) -> str:
    """What a process that gave no answer died of: the bound that it met, else how it crashed."""
    code, usage = ended.code, ended.usage
    is_killed = code == -signal.SIGKILL
    if code == -signal.SIGXCPU or (is_killed and usage.ru_utime + usage.ru_stime >= limits.cpu_seconds):
        return f"reading it took more than {limits.cpu_seconds} s of processor time"
    # A parser that gets no more memory crashes in many ways. Its address space is bounded; what is in memory is less.
    if code < 0 and not is_killed and usage.ru_maxrss * 1024 >= limits.memory_bytes // 2:
        return _TOO_LARGE.format(limits.memory_bytes // MEBIBYTE)
    if is_killed:
        taken = usage.ru_maxrss // 1024
        return (
            f"its reader was killed when it had taken {taken} MiB of memory: the machine, or MemoryMax= of the unit, "
            "had no more"
        )
    if code < 0:
        with contextlib.suppress(ValueError):  # a signal without a name
            return f"its content crashed the reader ({signal.Signals(-code).name})"
    return f"its content crashed the reader (exit code {code})"


def _be_process(arguments: list[str]) -> None:
    """Be the confined process: read the book that the arguments name, write the answer to the standard output."""
    parent, memory, cpu, descriptors, path, original_name, demand = arguments
    die_with_parent(int(parent))
    answer_fd = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a parser prints is no part of the answer
    limits = Limits(memory_bytes=int(memory), cpu_seconds=int(cpu), descriptors=int(descriptors))
    # Made while there is memory: without any, no answer could be.
    reason = _TOO_LARGE.format(limits.memory_bytes // MEBIBYTE)
    too_large = dump(Answer(rejected=Reason(Code.TOO_LARGE, reason, _ADVICE)))
    try:
        data = dump(_read(Path(path), original_name=original_name, demand=demand, limits=limits))
    except MemoryError:
        data = too_large
    with os.fdopen(answer_fd, "wb", buffering=0) as output:
        left = memoryview(data)
        while left:
            left = left[output.write(left) or 0 :]


def _read(path: Path, *, original_name: str, demand: str, limits: Limits) -> Answer:
    """Confine this process, then read the book, or only its structure.

    Raises:
        MemoryError: There is no more.
    """
    # Only this process reads books: whoever starts it need not load, and be as big as, all the parsers.
    from imaginized.reading.book import find_reader
    from imaginized.reading.language import found_language
    from imaginized.reading.pdf_report import structure_of

    try:
        # Before the sandbox closes: the C libraries that a parser is linked to lie where it may not look, and a package
        # that is not loaded yet may lie in a folder of its own (a user's site, PYTHONPATH, Debian's dist-packages).
        reader = find_reader(path, original_name=original_name)
        for name in LATE_PACKAGES:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    except Rejected as rejected:
        return Answer(rejected=rejected.reason)
    sandbox = confine(limits, readable=[path, *places_of_program()])
    if demand == WHOLE and not sandbox.is_whole:
        return Answer(sandbox=sandbox, is_withheld=True)
    try:
        if demand == STRUCTURE:
            return Answer(structure=structure_of(path, choose=random.SystemRandom()), sandbox=sandbox)
        book = reader(path, original_name=original_name)
        return Answer(book=book, sandbox=sandbox, language=found_language(book))
    except Rejected as rejected:
        return Answer(rejected=rejected.reason, sandbox=sandbox)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: the book is lost, and its owner is told why
        return Answer(failed=_describe_failure(error), sandbox=sandbox)


def _describe_failure(error: Exception) -> str:
    """The error and where it was raised, for whoever reports it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}"


if __name__ == "__main__":
    _be_process(sys.argv[1:])

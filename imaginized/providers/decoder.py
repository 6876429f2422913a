"""Decoding endpoints' pictures in a process that may do nothing else: whatever is in one harms that picture alone.

Run as a program, this module is a server that looks at no picture itself: it forks for each one, and the fork gives up
files, network, memory and time before its first byte is read. The fork for the next one waits already.
"""

import contextlib
import fcntl
import os
import select
import signal
import struct
import sys
import time
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from subprocess import Popen, TimeoutExpired

from imaginized.errors import Retryable
from imaginized.process.confinement import MEBIBYTE, Limits, confine
from imaginized.process.parent import die_with_parent
from imaginized.process.sandbox import places_of_program, start_apart
from imaginized.providers.raster import NoImage, to_jpeg

LIMITS = Limits(
    memory_bytes=1536 * MEBIBYTE, cpu_seconds=20, timeout_seconds=120.0, answer_bytes=64 * MEBIBYTE, descriptors=64
)
IDLE_SECONDS = 120.0  # without a picture a server ends; the next picture starts another
AGAIN_SECONDS = 10.0
STEP_SECONDS = 1.0
ENDING_SECONDS = 1.0
_HEAD = struct.Struct("!cQ")
_PICTURE, _NONE, _LATE = b"p", b"n", b"l"
_BEGUN = b"+"
_JPEG = b"\xff\xd8\xff"
_PIECE_BYTES = 1024 * 1024
# Loaded before the fork: once it is confined, a decoder reads no file that it need not.
_PLUGINS = ("Jpeg", "Png", "WebP", "Avif", "Gif", "Bmp", "Tiff")
Decode = Callable[[bytes], bytes]

_TOO_LARGE = _NONE + b"the image that the endpoint sent takes more memory than one may"


class Decoder:
    """Makes JPEGs of an endpoint's pictures, for one process. Not to be carried over a fork."""

    def __init__(
        self, beat: Callable[[], None] = lambda: None, *, limits: Limits = LIMITS, program: str = __name__
    ) -> None:
        """Start nothing yet.

        Args:
            beat: Called every second while a picture is waited for; what it raises ends the server.
            limits: What one picture may cost.
            program: The module that is run as the server.
        """
        self._program = program
        self._beat = beat
        self._limits = limits
        self._server: Popen[bytes] | None = None
        self._begun: bytes | None = None
        self._end: Callable[[], object] = lambda: None

    def begin(self, data: bytes) -> None:
        """Have a picture decoded from now on, if its server runs: `to_jpeg` of it waits for what is left of that."""
        # What was paid for is not kept yet: nothing is waited for here, neither a start nor a server that was stopped.
        if self._server is not None and self._begun is None and len(data) < _room_in(self._server):
            with contextlib.suppress(OSError):  # whoever asks for it is told
                self._send(data)

    def to_jpeg(self, data: bytes) -> bytes:
        """A new JPEG of what the bytes show; see `raster.to_jpeg`.

        Raises:
            NoImage: They are no picture that can be stored, or their decoder crashed or met a limit.
            Retryable: The picture may be good, but nobody could look at it now.
        """
        for _ in range(2):  # a server that has ended meanwhile, idle or killed, says nothing of the picture
            try:
                kind, answer = self._ask(data)
            except (OSError, EOFError):
                self.close()
                continue
            except BaseException:
                self.close()
                raise
            if kind == _PICTURE:
                return answer
            if kind == _NONE:
                raise NoImage(answer.decode(errors="replace"))
            break
        raise Retryable("a picture could not be decoded now: its decoder had no time", after_seconds=AGAIN_SECONDS)

    def close(self) -> None:
        """End the server, if one runs."""
        self._server = self._begun = None
        self._end()

    def _ask(self, data: bytes) -> tuple[bytes, bytes]:
        """What the server says of a picture.

        Raises:
            OSError: It has ended, or cannot be started.
            EOFError: It has ended.
        """
        if self._begun is not data:
            self._send(data)
        self._begun = None
        server = self._server
        assert server is not None and server.stdout is not None
        wait = _Patience(until=time.monotonic() + self._limits.timeout_seconds, beat=self._beat)
        kind, length = _HEAD.unpack(_read(server.stdout.fileno(), _HEAD.size, wait=wait))
        return kind, _read(server.stdout.fileno(), length, wait=wait)

    def _send(self, data: bytes) -> None:
        if self._begun is not None:
            self.close()  # nobody will hear what it says of that one
        if self._server is None:
            words = [str(number) for number in (self._limits.memory_bytes, self._limits.cpu_seconds)]
            self._server = start_apart(self._program, words, takes_input=True)
            self._end = weakref.finalize(self, _end, self._server)  # a provider goes without a word
            for pipe in (self._server.stdin, self._server.stdout):
                with contextlib.suppress(OSError):  # this user has too many such pipes: nothing begins early
                    fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIECE_BYTES)  # type: ignore[arg-type]
        assert self._server.stdin is not None
        try:
            _write(self._server.stdin.fileno(), _HEAD.pack(_PICTURE, len(data)) + data)
        except BaseException:
            self.close()  # it may have half of it
            raise
        self._begun = data


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patience:
    """How long to wait for bytes."""

    until: float
    beat: Callable[[], None]

    def for_bytes(self, fd: int) -> None:
        """Wait until there are some.

        Raises:
            OSError: There were none in time.
        """
        while not select.select([fd], [], [], STEP_SECONDS)[0]:
            self.beat()
            if time.monotonic() > self.until:
                raise TimeoutError("no answer came in time")


def _read(fd: int, length: int, *, wait: _Patience | None = None) -> bytes:
    """So many bytes.

    Raises:
        EOFError: There are not so many.
    """
    data = bytearray()
    while len(data) < length:
        if wait is not None:
            wait.for_bytes(fd)
        piece = os.read(fd, min(length - len(data), _PIECE_BYTES))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def _room_in(server: "Popen[bytes]") -> int:
    """How large a picture may be that it takes without reading it; it has read all that came before."""
    assert server.stdin is not None
    return fcntl.fcntl(server.stdin, fcntl.F_GETPIPE_SZ) - _HEAD.size


def _end(server: "Popen[bytes]") -> None:
    if server.stdin is not None:
        with contextlib.suppress(OSError):
            server.stdin.close()  # it collects its fork that waits and ends: a killed one would leave that to process 1
    try:
        server.wait(ENDING_SECONDS)
    except TimeoutExpired:  # at a picture
        server.kill()
        server.wait()
    for pipe in (server.stdin, server.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was still to be written has no reader
                pipe.close()


def _write(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def serve(arguments: list[str], *, decode: Decode = to_jpeg) -> None:
    """Be the server until nobody asks any more.

    Args:
        arguments: The process that asks, and bounds of memory and of processor time.
        decode: What each fork does with a picture.
    """
    parent, memory, cpu = map(int, arguments)
    die_with_parent(parent)
    for name in _PLUGINS:
        with contextlib.suppress(ImportError):  # this Pillow has no decoder for it, and will say so of a picture
            import_module(f"PIL.{name}ImagePlugin")
    # Its decoder starts threads otherwise, which a confined process may not.
    vars(sys.modules["PIL.AvifImagePlugin"])["DEFAULT_MAX_THREADS"] = 1
    limits = Limits(memory_bytes=memory, cpu_seconds=cpu, descriptors=LIMITS.descriptors)
    readable = places_of_program()
    asks, answers = sys.stdin.fileno(), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a decoder prints is no part of the answer
    fork = partial(_forked, decode, limits=limits, readable=readable, closed=(asks, answers))
    child = fork()
    try:
        while (picture := _next_picture(asks)) is not None:
            said = child.decoded(picture)
            if said is None:
                child = fork()
                said = child.decoded(picture) or _LATE
            _write(answers, _HEAD.pack(said[:1], len(said) - 1) + said[1:])
            del picture, said  # the next fork need not hold it; freed memory may still have some of it
            # Now, and not with the next picture: whoever waits for that would wait for this, too.
            child = fork()
    finally:
        child.end()


def _next_picture(asks: int) -> bytes | None:
    """None where nobody asks any more."""
    if not select.select([asks], [], [], IDLE_SECONDS)[0]:
        return None
    try:
        _, length = _HEAD.unpack(_read(asks, _HEAD.size))
        return _read(asks, length)
    except EOFError:
        return None


@dataclass(slots=True, kw_only=True)
class _Child:
    """A fork that is confined and waits for its one picture.

    Attributes:
        pid: Its process; 0 once it is collected.
        picture: A file in memory, for the picture.
        start: The end of a pipe where it is told that the picture is there.
        answer: The end of a pipe from which its answer is read.
    """

    pid: int
    picture: int
    start: int
    answer: int

    def decoded(self, picture: bytes) -> bytes | None:
        """What it makes of the picture: a kind and what belongs to it; None where it was killed before it began."""
        status, begun, said = 0, None, None
        try:
            _write(self.picture, picture)
            with contextlib.suppress(BrokenPipeError):  # then it says nothing, either
                os.write(self.start, _BEGUN)
            begun = _heard(self.answer, most=len(_BEGUN))
            said = _heard(self.answer) if begun else None
        finally:
            status = self.end()
        return None if begun == b"" else _judged(said, status)

    def end(self) -> int:
        """Kill and collect it; returns how it had ended, as `os.waitpid` tells it."""
        status = 0
        for fd in (self.picture, self.start, self.answer):
            with contextlib.suppress(OSError):
                os.close(fd)
        self.picture = self.start = self.answer = -1
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return status


def _forked(decode: Decode, *, limits: Limits, readable: Iterable[Path], closed: Iterable[int]) -> _Child:
    """Fork one that gives up all that it does not need, and then waits. It has none of the `closed` descriptors."""
    server, picture = os.getpid(), os.memfd_create("picture")
    waiting, start = os.pipe()
    ours, theirs = os.pipe()
    child = os.fork()  # this process has one thread
    if child == 0:
        try:
            for fd in (ours, start, *closed):  # by these it could answer for other pictures
                os.close(fd)
            die_with_parent(server)
            confine(limits, readable=readable)
            if os.read(waiting, 1):
                _write(theirs, _BEGUN)  # what ends it from here on is the picture's fault
                _write(theirs, _decoded(decode, picture))
        finally:
            os._exit(0)
    os.close(waiting)
    os.close(theirs)
    return _Child(pid=child, picture=picture, start=start, answer=ours)


def _judged(said: bytes | None, status: int) -> bytes:
    """The answer of a decoder, which may be anybody's by now: a kind and what belongs to it."""
    if said is None:
        return _LATE
    if len(said) > LIMITS.answer_bytes:
        said = b""
    if said[:1] == _NONE or (said[:1] == _PICTURE and said[1:4] == _JPEG):
        return said
    return _NONE + _how_it_ended(os.waitstatus_to_exitcode(status)).encode()


def _heard(fd: int, *, most: int = LIMITS.answer_bytes + 1) -> bytes | None:
    """All that a fork writes, or so much of it; None where it takes too long."""
    data, until = bytearray(), time.monotonic() + LIMITS.timeout_seconds / 2
    while len(data) < most:
        if not select.select([fd], [], [], max(until - time.monotonic(), 0.0))[0]:
            return None
        piece = os.read(fd, min(_PIECE_BYTES, most - len(data)))
        if not piece:
            break
        data += piece
    return bytes(data)


def _decoded(decode: Decode, picture: int) -> bytes:
    try:
        os.lseek(picture, 0, os.SEEK_SET)
        return _PICTURE + decode(_read(picture, os.fstat(picture).st_size))
    except NoImage as error:
        return _NONE + str(error).encode()
    except MemoryError:
        return _TOO_LARGE
    except Exception as error:  # noqa: BLE001 - the boundary: the picture is lost, and somebody is told why
        return _NONE + f"the image that the endpoint sent made its decoder fail ({type(error).__name__})".encode()


def _how_it_ended(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "the image that the endpoint sent takes more time to decode than one may"
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"the image that the endpoint sent crashed its decoder ({name})"


if __name__ == "__main__":
    serve(sys.argv[1:])

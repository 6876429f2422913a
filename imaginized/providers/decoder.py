"""Decoding endpoints' pictures in a process that may do nothing else: whatever is in one harms that picture alone.

Run as a program, this module is a server that looks at no picture itself: it forks for each one, and the fork gives up
files, network, memory and time before its first byte is read.
"""

import contextlib
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
from subprocess import Popen

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
_HEAD = struct.Struct("!cQ")
_PICTURE, _NONE, _LATE = b"p", b"n", b"l"
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
        self._end: Callable[[], object] = lambda: None

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
        self._server = None
        self._end()

    def _ask(self, data: bytes) -> tuple[bytes, bytes]:
        """What the server says of a picture.

        Raises:
            OSError: It has ended, or cannot be started.
            EOFError: It has ended.
        """
        if self._server is None:
            words = [str(number) for number in (self._limits.memory_bytes, self._limits.cpu_seconds)]
            self._server = start_apart(self._program, words, takes_input=True)
            self._end = weakref.finalize(self, _end, self._server)  # a provider goes without a word
        server = self._server
        assert server.stdin is not None and server.stdout is not None
        _write(server.stdin.fileno(), _HEAD.pack(_PICTURE, len(data)) + data)
        wait = _Patience(until=time.monotonic() + self._limits.timeout_seconds, beat=self._beat)
        kind, length = _HEAD.unpack(_read(server.stdout.fileno(), _HEAD.size, wait=wait))
        return kind, _read(server.stdout.fileno(), length, wait=wait)


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


def _end(server: "Popen[bytes]") -> None:
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
    while select.select([asks], [], [], IDLE_SECONDS)[0]:
        try:
            _, length = _HEAD.unpack(_read(asks, _HEAD.size))
            data = _read(asks, length)
        except EOFError:
            return
        said = _decoded_apart(partial(decode, data), limits=limits, readable=readable, closed=(asks, answers))
        _write(answers, _HEAD.pack(said[:1], len(said) - 1) + said[1:])


def _decoded_apart(
    decode: Callable[[], bytes], *, limits: Limits, readable: Iterable[Path], closed: Iterable[int]
) -> bytes:
    """What a fork makes of a picture: a kind and what belongs to it. It has none of the `closed` descriptors."""
    server = os.getpid()
    ours, theirs = os.pipe()
    child = os.fork()  # this process has one thread
    if child == 0:
        try:
            for fd in (ours, *closed):  # by these it could answer for other pictures
                os.close(fd)
            die_with_parent(server)
            confine(limits, readable=readable)
            _write(theirs, _decoded(decode))
        finally:
            os._exit(0)
    os.close(theirs)
    try:
        said = _heard(ours)
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if said is None:
        return _LATE
    if said[:1] == _NONE or (said[:1] == _PICTURE and said[1:4] == _JPEG):
        return said
    return _NONE + _how_it_ended(os.waitstatus_to_exitcode(status)).encode()


def _heard(fd: int) -> bytes | None:
    """All that a fork writes; None where it takes too long, nothing where it writes too much."""
    data, until = bytearray(), time.monotonic() + LIMITS.timeout_seconds / 2
    while len(data) <= LIMITS.answer_bytes:
        if not select.select([fd], [], [], max(until - time.monotonic(), 0.0))[0]:
            return None
        piece = os.read(fd, _PIECE_BYTES)
        if not piece:
            return bytes(data)
        data += piece
    return b""


def _decoded(decode: Callable[[], bytes]) -> bytes:
    try:
        return _PICTURE + decode()
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

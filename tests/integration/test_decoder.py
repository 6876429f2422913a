"""Endpoints' pictures are decoded apart: what crashes, swells or hangs there harms that picture and nothing else."""

import io
import os
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from imaginized.errors import Interrupted, Retryable
from imaginized.process.confinement import MEBIBYTE, Limits
from imaginized.providers.decoder import Decoder
from imaginized.providers.raster import NoImage, to_jpeg
from tests.support.slowness import at_most
from tests.support.waiting import eventually

TO_ALL = """
for fd in range(64):
    try:
        os.write(fd, {})
    except OSError:
        pass
os._exit(0)
"""
CPU_SECONDS = max(round(at_most(0.4)), 1)  # enough to send 100 MB that nobody wants
KINDS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")


def picture(kind: str = "PNG", *, size: tuple[int, int] = (96, 64)) -> bytes:
    target = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(target, kind)
    return target.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels; few bytes follow."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 6, 0, 0, 0))
    rows = zlib.compress(b"\0" * (width * 4 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    made = Decoder()
    yield made
    made.close()


def server() -> int:
    """The process that decodes for this one."""
    (found,) = servers()
    return found


def servers() -> list[int]:
    return [
        int(child)
        for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")
        for child in path.read_text().split()
        if b"imaginized.providers.decoder" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def test_a_picture_comes_out_as_if_it_were_decoded_here(decoder: Decoder) -> None:
    """Every kind, byte for byte, by one server."""
    pictures = {kind: picture(kind) for kind in KINDS}
    first = decoder.to_jpeg(pictures["PNG"])
    before = server()

    assert {kind: decoder.to_jpeg(data) for kind, data in pictures.items()} == {
        kind: to_jpeg(data) for kind, data in pictures.items()
    }
    assert first == to_jpeg(pictures["PNG"])
    assert server() == before


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"<html>no picture</html>",
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        lambda: picture("PNG")[:400],
        lambda: picture("JPEG")[:200],
        lambda: picture("WEBP")[:100],
        lambda: picture("AVIF")[:150],
        lambda: picture("TIFF")[:150],
        lambda: png_of(20_000, 20_000),
        lambda: picture("PNG", size=(8, 8)),
        lambda: b"\xff\xd8\xff" + os.urandom(5_000),
        lambda: b"RIFF\xff\xff\xff\xffWEBP" + os.urandom(5_000),
        lambda: b"\0\0\0\x1cftypavif" + os.urandom(5_000),
        lambda: b"II*\0" + os.urandom(5_000),
        lambda: b"GIF89a" + b"\xff" * 5_000,
    ],
)
def test_what_is_no_picture_is_refused_and_the_next_one_comes(decoder: Decoder, make: Callable[[], bytes]) -> None:
    """Cut, foreign, a bomb, noise behind a good head: each says why, and none takes the server with it."""
    with pytest.raises(NoImage) as caught:
        decoder.to_jpeg(make())

    assert str(caught.value)
    assert decoder.to_jpeg(png := picture()) == to_jpeg(png)


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Limits], Decoder]:
    """A decoder whose program a picture with EVIL in it takes over."""

    def make(body: str, limits: Limits) -> Decoder:
        lines = "".join(f"        {line}\n" for line in body.splitlines())
        (tmp_path / "hostile.py").write_text(
            "import sys, os, signal, time, socket\n"
            "from imaginized.providers.decoder import serve\n"
            "from imaginized.providers.raster import to_jpeg\n"
            f"def decode(data):\n    if b'EVIL' in data:\n{lines}    return to_jpeg(data)\n"
            "serve(sys.argv[1:], decode=decode)\n"
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        return Decoder(limits=limits, program="hostile")

    return make


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
        ("os._exit(3)", "exit code 3"),
        ("while True: pass", "more time"),
        ("x = [bytearray(10**8) for _ in range(100)]", "memory"),
        ("raise RuntimeError(data)", "RuntimeError"),
        ("raise SystemExit(0)", "crashed"),
        ("open('/etc/passwd').read()", "PermissionError"),
        ("socket.socket()", "PermissionError"),
        ("os.kill(os.getppid(), 9)", "PermissionError"),
        ("os.fork()", "Error"),
        (TO_ALL.format("b'garbage' * 1000"), "crashed"),
        (TO_ALL.format("b'p' + bytes(7) + b'\\x05hello'"), "crashed"),
        (TO_ALL.format("b'n' + b'x' * 100_000_000"), "crashed"),
    ],
)
def test_a_decoder_that_is_taken_over_does_no_harm(
    taken_over: Callable[[str, Limits], Decoder], body: str, words: str
) -> None:
    """It can do nothing but lose its own picture; the next one is decoded as ever."""
    decoder = taken_over(body, Limits(memory_bytes=700 * MEBIBYTE, cpu_seconds=CPU_SECONDS, timeout_seconds=60.0))
    try:
        with pytest.raises(NoImage) as caught:
            decoder.to_jpeg(b"EVIL")
        after = decoder.to_jpeg(png := picture())
    finally:
        decoder.close()

    assert words in str(caught.value)
    assert "EVIL" not in str(caught.value)
    assert after == to_jpeg(png)


def test_a_server_that_was_killed_is_started_again(decoder: Decoder) -> None:
    """Nothing of that is the picture's fault."""
    png = picture()
    decoder.to_jpeg(png)
    first = server()
    os.kill(first, signal.SIGKILL)

    assert decoder.to_jpeg(png) == to_jpeg(png)
    assert server() != first


def test_a_picture_nobody_had_time_for_is_tried_later(taken_over: Callable[[str, Limits], Decoder]) -> None:
    """It may be good, and was paid for: the work is put off, no answer is thrown away."""
    decoder = taken_over("time.sleep(600)", Limits(timeout_seconds=0.3))
    try:
        with pytest.raises(Retryable):
            decoder.to_jpeg(b"EVIL")
    finally:
        decoder.close()


def test_whoever_waits_can_be_told_to_stop() -> None:
    """The beat's own error comes through, and leaves no process behind."""

    def beat() -> None:
        raise Interrupted("stop")

    decoder = Decoder(beat)
    decoder.to_jpeg(picture())  # started
    pid = server()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Interrupted):
        decoder.to_jpeg(picture())

    assert not Path(f"/proc/{pid}").exists()


def test_nothing_is_left_of_a_worker_that_was_killed(tmp_path: Path) -> None:
    """The server ends with whoever started it."""
    (tmp_path / "png").write_bytes(picture())
    program = (
        "import sys; from pathlib import Path; from imaginized.providers.decoder import Decoder\n"
        "d = Decoder(); d.to_jpeg(Path(sys.argv[1]).read_bytes()); print(d._server.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "png")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        worker.kill()
        worker.wait()

        eventually(lambda: not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text())


def test_a_decoder_that_is_forgotten_leaves_no_process() -> None:
    """Whoever has it may drop it without a word."""
    forgotten = Decoder()
    forgotten.to_jpeg(picture())
    pid = server()
    del forgotten

    assert not Path(f"/proc/{pid}").exists()


def test_a_picture_that_was_begun_is_waited_for(decoder: Decoder) -> None:
    """It is decoded while its answer is kept; asked for another one, nothing of it is mistaken for that."""
    first, second = picture(), picture(size=(64, 96))
    decoder.to_jpeg(first)
    decoder.begin(first)
    assert decoder.to_jpeg(first) == to_jpeg(first)
    decoder.begin(first)
    assert decoder.to_jpeg(second) == to_jpeg(second)
    decoder.begin(first)
    decoder.begin(second)
    assert decoder.to_jpeg(first) == to_jpeg(first)
    assert decoder.to_jpeg(second) == to_jpeg(second)


def test_nobody_waits_for_a_server_to_begin(decoder: Decoder) -> None:
    """What was paid for is not kept by then. None is started for it, and one that was stopped holds nobody up."""
    large = picture("BMP", size=(1024, 1024))
    small = picture()
    decoder.begin(small)
    assert servers() == []
    decoder.to_jpeg(small)
    pid = server()
    os.kill(pid, signal.SIGSTOP)
    for data in (large, small, large):
        decoder.begin(data)
    os.kill(pid, signal.SIGCONT)

    assert decoder.to_jpeg(small) == to_jpeg(small)
    assert decoder.to_jpeg(large) == to_jpeg(large)
    assert server() == pid


def test_the_fork_for_the_next_picture_may_be_killed(decoder: Decoder) -> None:
    """Another one takes its place, by the same server."""
    png = picture()
    decoder.to_jpeg(png)
    found = server()
    children = Path(f"/proc/{found}/task/{found}/children")
    eventually(lambda: bool(children.read_text().split()))
    (waiting,) = map(int, children.read_text().split())
    os.kill(waiting, signal.SIGKILL)

    assert decoder.to_jpeg(png) == to_jpeg(png)
    assert server() == found


def test_the_fork_for_the_next_picture_is_confined_already(decoder: Decoder) -> None:
    decoder.to_jpeg(picture())
    found = server()
    children = Path(f"/proc/{found}/task/{found}/children")

    def is_confined() -> bool:
        status = [Path(f"/proc/{child}/status").read_text() for child in children.read_text().split()]
        return len(status) == 1 and "NoNewPrivs:\t1" in status[0] and "Seccomp:\t2" in status[0]

    eventually(is_confined)

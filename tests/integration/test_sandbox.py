"""Reading in a process of its own: whatever a file does to its reader costs that file and nothing else."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.errors import Interrupted, Rejected
from imaginized.process.confinement import MEBIBYTE, Limits
from imaginized.reading.book import read_book
from imaginized.reading.confined_reader import read_apart
from tests.support.epubs import build_epub, page, prose
from tests.support.pdfs import Typesetter, build_pdf
from tests.support.pdfs import prose as words
from tests.support.waiting import DEADLINE_SECONDS, eventually


def readers(pid: int) -> list[int]:
    """The confined processes that a process has started."""
    listed = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    started = [int(child) for line in listed for child in line.split()]
    program = b"imaginized.reading.confined_reader"
    return [child for child in started if program in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def hanging(tmp_path: Path) -> Path:
    """A "book" whose reader never gets past opening it."""
    path = tmp_path / "hangs.epub"
    os.mkfifo(path)
    return path


def test_a_book_comes_out_as_if_it_were_read_here(tmp_path: Path) -> None:
    """Every field survives the pipe, cover and all."""
    cover = {"OPS/cover.jpg": b"\xff\xd8\xff\xe0 not utf-8 \x80"}
    metadata = '<dc:title>A “Book”</dc:title><meta name="cover" content="c"/>'
    path = build_epub(tmp_path, pages={"1.xhtml": page(prose(400))}, metadata=metadata, extra=cover)

    assert read_apart(path, original_name="a.epub") == read_book(path, original_name="a.epub")


def test_a_path_from_here_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's process works in another folder than whoever types a path."""
    path = build_epub(tmp_path, pages={"1.xhtml": page(prose(400))})
    monkeypatch.chdir(tmp_path)

    assert read_apart(Path(path.name), original_name="a.epub") == read_book(path, original_name="a.epub")


def test_a_pdf_comes_out_too(tmp_path: Path) -> None:
    """PDFium works inside of the confinement."""
    setter = Typesetter()
    for seed in range(20):
        setter.paragraph(words(100, seed=seed))
    path = build_pdf(tmp_path / "a.pdf", setter.pages)

    assert read_apart(path, original_name="a.pdf") == read_book(path, original_name="a.pdf")


def test_a_rejection_comes_out_in_its_own_words(tmp_path: Path) -> None:
    """The reason is the reader's."""
    path = tmp_path / "x.epub"
    path.write_bytes(b"hello")

    with pytest.raises(Rejected, match=r"^my\.epub: it is not an EPUB"):
        read_apart(path, original_name="my.epub")


def test_f15_a_file_that_hangs_its_reader_is_refused(hanging: Path) -> None:
    """F15: after the time limit the reader is killed and the reason says so."""
    with pytest.raises(Rejected, match=r"hangs\.epub: .*longer than 0\.5 s.*Convert"):
        read_apart(hanging, original_name=hanging.name, limits=Limits(timeout_seconds=0.5))

    assert readers(os.getpid()) == []


def test_f15_a_file_that_crashes_its_reader_is_refused(hanging: Path) -> None:
    """F15: the signal is named, and nothing but the reader has died."""

    def crash() -> None:
        for child in readers(os.getpid()):
            os.kill(child, signal.SIGSEGV)

    # Linux counts what this process has taken as the reader's, too: after other tests that may be half of the bound.
    limits = Limits(memory_bytes=16 << 30)
    with pytest.raises(Rejected, match=r"hangs\.epub: its content crashed the reader \(SIGSEGV\)"):
        read_apart(hanging, original_name=hanging.name, limits=limits, step=crash)


def test_f15_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    """F15: address space is bounded; the reader ends before the machine suffers."""
    path = build_epub(tmp_path, pages={f"{at}.xhtml": page(prose(60_000)) for at in range(40)})

    with pytest.raises(Rejected, match=r"memory|crashed the reader"):
        read_apart(path, original_name="big.epub", limits=Limits(memory_bytes=32 * MEBIBYTE))


def test_an_answer_beyond_its_bound_is_refused(tmp_path: Path) -> None:
    """What comes out is bounded, too."""
    path = build_epub(tmp_path, pages={"1.xhtml": page(prose(40_000))})

    with pytest.raises(Rejected):
        read_apart(path, original_name="a.epub", limits=Limits(answer_bytes=1000))


def test_an_order_to_stop_ends_the_reader(hanging: Path) -> None:
    """While it waits, the stage asks whether to go on; nothing is left behind."""

    def stop() -> None:
        raise Interrupted("drain")

    with pytest.raises(Interrupted):
        read_apart(hanging, original_name=hanging.name, step=stop)

    assert readers(os.getpid()) == []


def test_f24_the_reader_dies_with_its_worker(hanging: Path) -> None:
    """F24: a worker that is killed takes its reader along."""
    code = (
        "import sys; from pathlib import Path; from imaginized.reading.confined_reader import read_apart;"
        "read_apart(Path(sys.argv[1]), original_name='x')"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(hanging)])
    try:
        eventually(lambda: readers(worker.pid) != [])
        (reader,) = readers(worker.pid)
        eventually(lambda: "imaginized.reading.confined_reader" in Path(f"/proc/{reader}/cmdline").read_text())
    finally:
        worker.kill()
        worker.wait()

    eventually(lambda: not is_running(reader))


def confined(code: str, *readable: Path) -> "subprocess.CompletedProcess[str]":
    """Run code after confinement; it knows `landlock`."""
    before = (
        "import socket, sys; from pathlib import Path; from imaginized.process.confinement import Limits, confine;"
        "landlock = bool(confine(Limits(), readable=[Path(each) for each in sys.argv[1:]]).files);"
    )
    command = [sys.executable, "-c", before + code, sys.prefix, sys.base_prefix, *map(str, readable)]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def test_the_reader_can_write_no_file(tmp_path: Path) -> None:
    """Not a byte, with or without Landlock."""
    ended = confined(f"Path({str(tmp_path / 'new')!r}).write_text('x' * 5000)", tmp_path)

    assert ended.returncode != 0
    assert not (tmp_path / "new").exists() or (tmp_path / "new").stat().st_size == 0


def test_the_reader_sees_its_book_and_no_other_file(tmp_path: Path) -> None:
    """Where the kernel has Landlock, other files and the network are out of reach."""
    (tmp_path / "book").write_text("mine")
    (tmp_path / "secret").write_text("not yours")
    code = (
        f"print(landlock, Path({str(tmp_path / 'book')!r}).read_text()); Path({str(tmp_path / 'secret')!r}).read_text()"
    )
    ended = confined(code, tmp_path / "book")
    if ended.stdout.startswith("False"):
        pytest.skip("this kernel has no Landlock")

    assert ended.stdout == "True mine\n"
    assert "PermissionError" in ended.stderr


def test_the_reader_has_no_network() -> None:
    """Not even to this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = confined(f"print(landlock); socket.create_connection(('127.0.0.1', {port}), 5)")
    if ended.stdout.startswith("False") and os.geteuid() != 0:
        pytest.skip("this kernel has no Landlock")

    assert "Error" in ended.stderr

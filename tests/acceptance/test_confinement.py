"""What a reader that a book has taken over can still do: nothing; and what happens where a part of that is missing."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ExitCode, Rejected
from imaginized.process.confinement import MEBIBYTE, Confinement, Limits
from imaginized.process.sandbox import probe, probed
from imaginized.process.seccomp import program
from imaginized.queue.manifest import Stage
from imaginized.reading.confined_reader import read_apart, read_confined
from tests.support.daemons import Daemon, Row, daemon_in
from tests.support.epubs import build_epub, make_epub, page, prose
from tests.support.pdfs import Typesetter, build_pdf
from tests.support.pdfs import prose as words
from tests.support.refusing import wrapper
from tests.support.waiting import DEADLINE_SECONDS, PROGRAM_SECONDS

ROOT = Path(__file__).parents[2]
REFUSED = {"EPERM", "EACCES", "ENOSYS"}
OTHER = 65534
# The parent of a reader: it has a secret in its environment, and one open that its children could inherit.
# Both become another user after their start: that one may not be allowed to start this Python.
PARENT = """
import os, sys
from imaginized.process.sandbox import start_apart
from tests.support.attacking import become
os.set_inheritable(os.open(sys.argv[2], os.O_RDONLY), True)
with start_apart("tests.support.attacking", [sys.argv[1]]) as process:
    become(int(sys.argv[3]))
    sys.stdout.buffer.write(process.stdout.read())
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


USERS = [pytest.param(os.geteuid(), id="own"), pytest.param(OTHER, id="other", marks=needs_root)]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter, with a book and secrets that they may read; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="imz-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        for file in ("book", "key"):
            (folder / file).write_text(file)
            (folder / file).chmod(0o666)
        (folder / "link").symlink_to("key")
        yield folder


def attacked_by(uid: int, folder: Path) -> Row:
    """What a reader of that user reports, with everything there that it could reach."""
    with (
        socket.socket(socket.AF_UNIX) as control,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        control.bind(str(folder / "s"))
        (folder / "s").chmod(0o666)
        abstract.bind("\0" + folder.name)
        for listening in (control, abstract):
            listening.listen()
        targets = {name: str(folder / name) for name in ("book", "key", "link")}
        targets |= {
            "uid": str(uid),
            "socket": str(folder / "s"),
            "abstract": folder.name,
            "port": str(server.getsockname()[1]),
        }
        command = [sys.executable, "-c", PARENT, json.dumps(targets), str(folder / "key"), str(uid)]
        environment = {"PYTHONPATH": str(ROOT), "SECRET": "not yours", "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(command, capture_output=True, env=environment, timeout=DEADLINE_SECONDS, cwd="/")
    assert ended.stdout, ended.stderr.decode()
    return cast(Row, json.loads(ended.stdout))


@pytest.mark.parametrize("uid", USERS)
def test_a_reader_that_a_book_has_taken_over_reaches_nothing(uid: int, open_folder: Path) -> None:
    """The content of no file but its book, no network, no socket, no signal, no process, whoever it runs as."""
    told = attacked_by(uid, open_folder)
    attempts = cast(Mapping[str, str], told["attempts"])

    assert cast(Row, told["sandbox"])["reasons"] == []
    assert (told["book"], told["open"]) == ("book", [])
    assert len(attempts) == 41
    assert {name: end for name, end in attempts.items() if end not in REFUSED} == {}
    assert (open_folder / "book").read_text() == "book"
    assert sorted(path.name for path in open_folder.iterdir()) == ["book", "key", "link", "s"]


def test_a_reader_of_root_is_root_in_name_only() -> None:
    """It keeps one capability, to read what its owner alone may; none of them can come back."""
    code = (
        "import sys; from imaginized.process.confinement import Limits, confine;"
        "print(confine(Limits(), readable=[]), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        process.communicate("")
    held = {key: int(value, 16) for key, _, value in (line.partition(":") for line in lines) if key.startswith("Cap")}
    own = int(next(line for line in Path("/proc/self/status").read_text().splitlines() if "CapEff" in line)[7:], 16)

    assert told == "whole, by Landlock and seccomp\n"
    assert held["CapEff"] == held["CapPrm"] == (own & 0b100 if os.geteuid() == 0 else 0)
    assert (held["CapInh"], held["CapAmb"]) == (0, 0)
    assert held["CapBnd"] == 0 or os.geteuid() != 0


def test_root_reads_a_book_that_its_owner_alone_may(tmp_path: Path) -> None:
    """What root gave up to be a reader is not needed for that."""
    if os.geteuid() != 0:
        pytest.skip("needs root, for a file of another user")
    folder = tmp_path / "private"
    folder.mkdir()
    book = make_epub(folder / "a.epub", title="Lamps")
    for path, mode in ((book, 0o600), (folder, 0o700)):
        path.chmod(mode)
        os.chown(path, 65534, 65534)

    assert read_confined(book, original_name="a", must_be_whole=True).book.title == "Lamps"


def test_the_sandbox_is_whole_on_this_machine() -> None:
    """What CI runs on has all of it, so the other tests here show something."""
    assert str(probe()) == "whole, by Landlock and seccomp"


def test_a_probe_that_says_nothing_is_no_sandbox() -> None:
    """Nothing is in force that was not seen to be."""
    assert [probed(answer).is_whole for answer in (None, b"", b"{}", b"[]", b'{"reasons": 1}')] == [False] * 5


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_machine_s_filter_ends_in_a_refusal(machine: str) -> None:
    """Each jump stays inside of the program, and what is not listed is refused."""
    steps = program(machine, pid=1)
    is_jump = [operation & 7 == 5 for operation, *_ in steps]
    inside = [at + 1 + max(yes, no) < len(steps) for at, (_, yes, no, _) in enumerate(steps) if is_jump[at]]

    assert all(inside)
    assert steps[-1] == (0x06, 0, 0, 0x00050001)


def read_where(part: str, book: Path, *, must_be_whole: bool) -> subprocess.CompletedProcess[str]:
    """Read a book where a part of the sandbox is refused."""
    code = (
        "import sys; from pathlib import Path; from imaginized.reading.confined_reader import read_confined;"
        f"found = read_confined(Path(sys.argv[1]), original_name='a', must_be_whole={must_be_whole});"
        "print(found.book.title, found.sandbox.missing)"
    )
    command = [*wrapper(part), sys.executable, "-c", code, str(book)]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, cwd=ROOT)


@pytest.mark.parametrize(
    ("part", "missing", "why"),
    [
        ("landlock", "('files',)", "not kept from files (Landlock: not permitted here; a filter of system calls"),
        ("seccomp", "('network', 'signals', 'sockets')", "not kept from network, signals, sockets (seccomp: Invalid"),
    ],
)
def test_f47_a_missing_part_is_found_and_named(tmp_path: Path, part: str, missing: str, why: str) -> None:
    """F47: where it must be whole nothing is read, and the error says what is missing; else the book is read."""
    book = make_epub(tmp_path / "a.epub", title="Lamps")
    refused = read_where(part, book, must_be_whole=True)
    taken = read_where(part, book, must_be_whole=False)

    assert refused.returncode != 0
    assert "imaginized.errors.Unconfined: not whole: a book's reader is" in refused.stderr
    if part == "landlock" or os.geteuid() != 0:
        assert why in refused.stderr
        assert taken.stdout == f"Lamps {missing}\n"


def reading_paused(daemon: Daemon) -> str:
    return str(cast(Row, daemon.status()["paused"]).get("reading", ""))


def test_f47_a_daemon_without_the_sandbox_reads_nothing_and_does_all_else(tmp_path: Path) -> None:
    """F47: a book waits at no cost, one that was split before is finished, and `none` lets the other be read."""
    with daemon_in(tmp_path, drawing=True, workers__max_concurrency=2) as daemon:
        daemon.drop(make_epub(tmp_path / "old.epub", title="Old", chapters=4))
        daemon.wait_for(lambda: daemon.events("chapter_claimed") != [], "the old book is split")
        daemon.stop()
        daemon.wrapper = wrapper("landlock")
        daemon.start()
        daemon.wait_for(lambda: reading_paused(daemon) != "", "the daemon says that it reads nothing")
        before = len(daemon.events("claim_released"))
        daemon.drop(make_epub(tmp_path / "new.epub", title="New"))
        daemon.wait_for(lambda: len(daemon.events("claim_released")) == before + 2, "both workers have tried once")
        daemon.wait_for(lambda: "done" in [book["phase"] for book in daemon.books()], "the old book is finished")
        status, told = daemon.status(), reading_paused(daemon)
        (new,) = [book for book in daemon.books() if book["phase"] != "done"]
        steps = cast(list[Row], daemon.call("status", book=str(new["book"]))["steps"])
        (split,) = [step for step in steps if step["stage"] == str(Stage.SPLIT)]
        config = daemon.folder / "imaginized.toml"
        config.write_text(config.read_text() + 'reading.sandbox = "none"\n')
        daemon.call("reload")
        daemon.wait_for_phases("done", "done")
        pauses = len(daemon.events("reading_paused")), len(daemon.events("reading_resumed"))
        noted = cast(Row, daemon.call("status", book=str(new["book"]))["sandbox"])

    assert "not kept from files (Landlock:" in told
    assert 'sandbox = "none" under [reading]' in told
    assert cast(Row, status["sandbox"])["is_whole"] is False
    assert status["state"] == "running"
    assert (split["status"], split["retry_count"], split["error"]) == ("pending", 0, None)
    assert pauses == (1, 1)
    assert (noted["files"], noted["sockets"]) == ("", "seccomp")


def test_f47_illustrate_reads_with_what_there_is_and_says_so_in_one_line(tmp_path: Path) -> None:
    """F47: files that the user named are read on any machine."""
    book = make_epub(tmp_path / "a.epub", chapters=1)
    config = tmp_path / "c.toml"
    config.write_text('provider.image = "none"\n')
    command = [*wrapper("landlock"), sys.executable, "-m", "imaginized", "illustrate", str(book)]
    options = ["--out", str(tmp_path / "out"), "--config", str(config)]
    ended = subprocess.run([*command, *options], capture_output=True, text=True, timeout=PROGRAM_SECONDS, cwd=tmp_path)
    lines = [line for line in ended.stderr.splitlines() if "sandbox" in line]

    assert ended.returncode == ExitCode.OK, ended.stderr
    assert len(lines) == 1
    assert lines[0].startswith(
        "imaginized: the reader's sandbox is not whole: a book's reader is not kept from files ("
    )


def test_f47_an_estimate_says_in_one_line_what_is_missing(tmp_path: Path) -> None:
    """F47: so does `imaginizectl estimate`, and its answer stays as it is."""
    book = make_epub(tmp_path / "a.epub", title="Lamps")
    command = [*wrapper("landlock"), sys.executable, "-m", "imaginized.cli", "estimate", str(book)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, cwd=tmp_path)

    assert ended.stdout.startswith("Lamps\n")
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()] == ["imaginizectl", "settings"]
    assert ended.stderr.startswith("imaginizectl: the reader's sandbox is not whole")


def test_a_book_tells_what_its_reader_was_kept_from(tmp_path: Path) -> None:
    """What comes out of a reader names what was in force."""
    reading = read_confined(make_epub(tmp_path / "a.epub"), original_name="a.epub", must_be_whole=True)
    whole = Confinement(files="Landlock", network="seccomp", signals="seccomp", sockets="seccomp")

    assert reading.sandbox == whole


def heavy_pdf(folder: Path) -> Path:
    setter = Typesetter()
    for seed in range(40):
        setter.paragraph(words(100, seed=seed))
    return build_pdf(folder / "b.pdf", setter.pages)


@pytest.mark.parametrize("mebibytes", [16, 32])
@pytest.mark.parametrize("kind", ["epub", "pdf"])
def test_f39_memory_is_the_bound_that_is_named(tmp_path: Path, kind: str, mebibytes: int) -> None:
    """F39: a reader without memory says so, however its parser takes that."""
    pages = {"a.xhtml": page(prose(60_000))}
    book = heavy_pdf(tmp_path) if kind == "pdf" else build_epub(tmp_path, pages=pages)

    with pytest.raises(Rejected, match=rf"^b: it needs more than {mebibytes} MiB of memory.*book does\. Convert"):
        read_apart(book, original_name="b", limits=Limits(memory_bytes=mebibytes * MEBIBYTE))


def test_f39_processor_time_is_the_bound_that_is_named(tmp_path: Path) -> None:
    """F39: the kernel's bound of processor time is no crash."""
    one = page("".join(f"<p>a{at} <b>b</b> <i>c</i></p>" for at in range(60_000)))
    book = build_epub(tmp_path, pages={f"{at}.xhtml": one for at in range(8)})

    with pytest.raises(Rejected, match=r"^b: reading it took more than 1 s of processor time\. Convert"):
        read_apart(book, original_name="b", limits=Limits(cpu_seconds=1))


def test_f39_an_answer_beyond_its_bound_is_no_loss_of_time(tmp_path: Path) -> None:
    """F39: too much text is told as that."""
    book = build_epub(tmp_path, pages={"1.xhtml": page(prose(40_000))})

    with pytest.raises(Rejected, match=r"^b: it has more than 0 MiB of text"):
        read_apart(book, original_name="b", limits=Limits(answer_bytes=1000))

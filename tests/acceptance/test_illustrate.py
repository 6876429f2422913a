"""`imaginized illustrate`: ends with a reason and an exit code that do not change, and never leaves a daemon behind."""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from imaginized.errors import ExitCode
from imaginized.providers.scripted import Fault, Script, ScriptedServer, scripted
from tests.support.converters import LIT, make_converter
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS, PROGRAM_SECONDS, eventually

ENDPOINT = """
provider.text = "openai"
provider.image = "none"
openai.base_url = "{url}"
openai.text_model = "some-model"
"""


def command_for(*books: Path, out: Path, options: Sequence[str] = ()) -> list[str]:
    return [sys.executable, "-m", "imaginized", "illustrate", *map(str, books), "--out", str(out), *options]


def illustrate(
    *books: Path, out: Path, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = command_for(*books, out=out, options=options)
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PROGRAM_SECONDS, env={**os.environ, **(environment or {})}
    )


def asked_of(server: ScriptedServer) -> int:
    return server.counts.requests.total()


def daemons_of(out: Path) -> list[int]:
    """The supervisors that run with the settings of this output folder."""
    wanted = os.fsencode(out / ".imaginized" / "imaginized.toml")
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and wanted in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


@contextmanager
def slow_endpoint(tmp_path: Path) -> Iterator[tuple[ScriptedServer, Path]]:
    """An endpoint that takes its time, and settings that name it."""
    with scripted(Script(latency_seconds=0.5)) as server:
        config = tmp_path / "settings.toml"
        config.write_text(ENDPOINT.format(url=server.base_url) + "workers.max_concurrency = 1\n")
        yield server, config


def assert_ends_without_a_request(server: ScriptedServer, out: Path) -> None:
    eventually(lambda: not daemons_of(out))
    asked = asked_of(server)
    with pytest.raises(AssertionError):  # nobody is left who could ask
        eventually(lambda: asked_of(server) != asked, deadline_seconds=1.5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_f44_the_daemon_of_a_killed_illustrate_ends_and_pays_nothing_more(
    tmp_path: Path, number: signal.Signals
) -> None:
    """However the program ends, its daemon is gone soon after, and the endpoint is asked nothing more."""
    book = make_epub(tmp_path / "small.epub", chapters=12)
    with slow_endpoint(tmp_path) as (server, config):
        command = command_for(book, out=tmp_path / "out", options=["--config", str(config)])
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
            eventually(lambda: asked_of(server) >= 2)
            program.send_signal(number)
            code = program.wait(DEADLINE_SECONDS)

        assert code == (-number if number is signal.SIGKILL else 128 + number)
        assert_ends_without_a_request(server, tmp_path / "out")


def test_f44_a_closed_terminal_ends_the_daemon_of_illustrate(tmp_path: Path) -> None:
    """A terminal that goes away while the bars are drawn takes program and daemon with it."""
    book = make_epub(tmp_path / "small.epub", chapters=12)
    with slow_endpoint(tmp_path) as (server, config):
        pid, terminal = pty.fork()
        if pid == 0:
            command = command_for(book, out=tmp_path / "out", options=["--config", str(config)])
            os.execv(command[0], command)  # never returns
        os.set_blocking(terminal, False)
        eventually(lambda: asked_of(server) >= 2 and drained(terminal))
        os.close(terminal)
        os.waitpid(pid, 0)

        assert_ends_without_a_request(server, tmp_path / "out")


def drained(terminal: int) -> bool:
    with suppress(BlockingIOError):
        while os.read(terminal, 65536):
            pass
    return True


def test_a_book_without_text_ends_with_8_each_time(tmp_path: Path) -> None:
    """A file that turns out to be no book when it is split is rejected, in the first run and in the second."""
    book = tmp_path / "empty.epub"
    make_epub(book, chapters=1)
    empty = tmp_path / "no-text.epub"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(empty, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry, b"<html><body/></html>" if entry.filename.endswith(".xhtml") else data)
    ended = [illustrate(empty, out=tmp_path / "out") for _ in range(3)]

    assert [one.returncode for one in ended] == [ExitCode.REJECTED] * 3
    assert {one.stderr.splitlines()[-1] for one in ended} == {
        f"{empty}: it has no text to illustrate. Check that this is the whole book."
    }


def test_what_is_never_taken_is_told_without_a_daemon(tmp_path: Path) -> None:
    """Another format, half a book, a pipe: a line each, with what to do, and 8; nothing is started for them."""
    mobi, half, pipe = tmp_path / "a.mobi", tmp_path / "half.epub", tmp_path / "pipe.epub"
    mobi.write_bytes(b"BOOKMOBI")
    half.write_bytes(make_epub(tmp_path / "whole.epub").read_bytes()[:-100])
    os.mkfifo(pipe)
    ended = illustrate(mobi, half, pipe, out=tmp_path / "out")

    lines = ended.stderr.splitlines()
    assert ended.returncode == ExitCode.REJECTED
    assert lines[0] == (
        f"{mobi}: its name says MOBI, AZW3, but its content does not. Convert it to EPUB (Calibre can), then drop that."
    )
    assert lines[1].startswith(f"{half}: it is not complete: ")
    assert lines[1].endswith(". Copy or download it again, then add that.")
    assert lines[2] == f"{pipe}: it is a folder, a pipe, a socket or a device, not a file. Add a file."
    assert len(lines) == 3
    assert not (tmp_path / "out").exists()


def test_what_no_reader_reads_is_converted_where_the_settings_say_so(tmp_path: Path) -> None:
    """As in the inbox: refused without `inbox.convert`, a book with it."""
    (tmp_path / "a.lit").write_bytes(LIT)
    settings = tmp_path / "a.toml"
    settings.write_text('[inbox]\nconvert = true\n[provider]\nimage = "none"\n')
    found = make_converter(tmp_path / "bin")
    refused = illustrate(tmp_path / "a.lit", out=tmp_path / "no", options=["--config", "/dev/null"], environment=found)
    done = illustrate(tmp_path / "a.lit", out=tmp_path / "out", options=["--config", str(settings)], environment=found)

    assert (refused.returncode, "a book in an old format" in refused.stderr) == (ExitCode.REJECTED, True)
    assert done.returncode == 0, done.stderr


def test_the_other_files_of_the_command_are_done_all_the_same(tmp_path: Path) -> None:
    """One that is never taken before one that is: the guide is there, each is told in its place, and it ends with 8."""
    pipe, good = tmp_path / "pipe.epub", make_epub(tmp_path / "good.epub")
    os.mkfifo(pipe)
    ended = illustrate(pipe, good, out=tmp_path / "out", options=["--json"])
    answers = [json.loads(line) for line in ended.stdout.splitlines()[-2:]]

    assert ended.returncode == ExitCode.REJECTED
    assert [(one["file"], one["exit_code"], one["next_step"]) for one in answers] == [
        (str(pipe), ExitCode.REJECTED, "Add a file."),
        (str(good), ExitCode.OK, None),
    ]
    assert Path(answers[1]["guide"]).exists()


def test_failed_chapters_are_told_with_their_reasons(tmp_path: Path) -> None:
    """A partial book names its failed chapters and why, and the same command tries them again."""
    book = make_epub(tmp_path / "small.epub", chapters=2)
    config = tmp_path / "settings.toml"
    refusal = Fault(kind="status", status=400, message="no such thing")
    with scripted(Script(random_faults=[refusal], fault_share=1.0)) as server:
        config.write_text(ENDPOINT.format(url=server.base_url))
        first = illustrate(book, out=tmp_path / "out", options=["--config", str(config)])
    with scripted(Script()) as server:
        config.write_text(ENDPOINT.format(url=server.base_url))
        second = illustrate(book, out=tmp_path / "out", options=["--config", str(config)])

    assert first.returncode == ExitCode.NEEDS_ATTENTION
    assert "no such thing" in first.stderr
    assert "chapter" in first.stderr
    assert second.returncode == ExitCode.OK, second.stderr


def test_a_refused_key_ends_illustrate_with_the_reason(tmp_path: Path) -> None:
    """What only a person can end is told on the screen and ends the program, instead of waiting for ever."""
    book = make_epub(tmp_path / "small.epub")
    with scripted(Script(key="another")) as server:
        config = tmp_path / "settings.toml"
        config.write_text(ENDPOINT.format(url=server.base_url))
        ended = illustrate(book, out=tmp_path / "out", options=["--config", str(config)])

    assert ended.returncode == ExitCode.NEEDS_ATTENTION
    assert "401" in ended.stderr or "key" in ended.stderr
    assert not daemons_of(tmp_path / "out")


@pytest.mark.parametrize("is_priced", [True, False])
def test_the_hint_of_a_held_book_works(tmp_path: Path, is_priced: bool) -> None:
    """A held book names the sum to approve, and the same command with that sum finishes it; priced or not."""
    book = make_epub(tmp_path / "small.epub", chapters=2)
    prices, config = tmp_path / "prices.toml", tmp_path / "settings.toml"
    name = "some-model" if is_priced else "another-model"
    prices.write_text(
        f'[[text]]\nmodel = "{name}"\ninput_usd_per_million = 10\noutput_usd_per_million = 10\ndate = 2026-01-31\n'
    )
    budget = f'budget.price_file = "{prices}"\nbudget.approve_above_usd = 0.0\n'
    config.write_text(ENDPOINT.format(url="http://api.example.com/v1") + budget)
    with scripted(Script()) as server:  # as a proxy: the endpoint itself must be a public one to cost something
        proxy = {"HTTP_PROXY": server.base_url.removesuffix("/v1")}
        options = ["--config", str(config)]
        held = illustrate(book, out=tmp_path / "out", options=options, environment=proxy)
        asked = asked_of(server)
        sum_usd = held.stderr.rpartition("--approve ")[2].split()[0]
        options += ["--approve", sum_usd]
        done = illustrate(book, out=tmp_path / "out", options=options, environment=proxy)

    assert (held.returncode, asked) == (ExitCode.NEEDS_ATTENTION, 0)
    assert "imaginizectl" not in held.stdout + held.stderr
    assert done.returncode == ExitCode.OK, done.stderr


def test_illustrate_says_which_cap_counts(tmp_path: Path) -> None:
    """What is approved beforehand counts more than the caps of a book; where it is more than they are, that is told."""
    book = make_epub(tmp_path / "small.epub", chapters=1)
    little, much = (
        illustrate(book, out=tmp_path / usd, options=["--config", "/dev/null", "--budget", "5", "--approve", usd])
        for usd in ("4", "20")
    )

    assert "--approve" not in little.stderr
    assert "--approve 20.00 counts" in much.stderr
    assert "not max_usd_per_book of the settings (10.00) or --budget (5.00)" in much.stderr


def test_illustrate_says_the_reasons_as_json(tmp_path: Path) -> None:
    """Each file's object has the reason and its exit code; the program's is the worst of them."""
    good = make_epub(tmp_path / "good.epub")
    bad = tmp_path / "bad.epub"
    bad.write_text("no book at all")
    ended = illustrate(good, bad, out=tmp_path / "out", options=["--json"])
    answers = [json.loads(line) for line in ended.stdout.splitlines()[-2:]]

    assert ended.returncode == ExitCode.REJECTED
    assert [answer["exit_code"] for answer in answers] == [ExitCode.OK, ExitCode.REJECTED]


def test_a_killed_daemon_of_illustrate_is_told_with_its_log_and_what_continues(tmp_path: Path) -> None:
    """Nobody is sent to a daemon of theirs: the same command continues."""
    book = make_epub(tmp_path / "small.epub", chapters=12)
    with slow_endpoint(tmp_path) as (server, config):
        command = command_for(book, out=tmp_path / "out", options=["--config", str(config)])
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as program:
            eventually(lambda: asked_of(server) >= 2, deadline_seconds=60)
            (daemon,) = daemons_of(tmp_path / "out")
            os.kill(daemon, signal.SIGKILL)
            _, said = program.communicate(timeout=60)

    assert program.returncode == ExitCode.NOT_RUNNING
    assert "killed by SIGKILL" in said
    assert f"{tmp_path}/out/.imaginized/daemon.log" in said
    assert "run the same command again" in said
    assert "imaginized run" not in said


def told(said: Path, words: str, *, times: int) -> Callable[[], bool]:
    return lambda: said.read_text().count(words) == times


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder in which a control socket's path fits."""
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        yield Path(folder)


def test_a_pause_within_illustrate_is_told_with_a_command_that_ends_it(short_path: Path) -> None:
    """What is advised reaches the program's own daemon; so does a second pause, and that the work continues is told."""
    book = make_epub(short_path / "small.epub", chapters=60)
    client = [sys.executable, "-m", "imaginized.cli", "--socket", str(short_path / "out/.imaginized/control.sock")]
    with slow_endpoint(short_path) as (server, config), (short_path / "said").open("w+") as said:
        command = command_for(book, out=short_path / "out", options=["--config", str(config)])
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as program:
            eventually(lambda: asked_of(server) >= 1, deadline_seconds=60)
            for times in (1, 2):
                subprocess.run([*client, "pause"], check=True, timeout=60, stdout=subprocess.DEVNULL)
                eventually(told(short_path / "said", "PAUSED(operator)", times=times))
                advice = (short_path / "said").read_text().rpartition("`imaginizectl ")[2].partition("`")[0]
                resume = [sys.executable, "-m", "imaginized.cli", *shlex.split(advice)]
                subprocess.run(resume, check=True, timeout=60, stdout=subprocess.DEVNULL)
                eventually(told(short_path / "said", "the work continues", times=times))
            program.send_signal(signal.SIGINT)
            program.wait(60)

        assert "run the same command again" in (short_path / "said").read_text()

"""Titles, file names and words of endpoints drive no terminal: not in a command's output, in the log, or in a note."""

import ast
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
import structlog
from click.shell_completion import get_completion_class
from click.testing import CliRunner

from imaginized.cli.ctl import main as ctl_main
from imaginized.cli.daemon import main as daemon_main
from imaginized.errors import ExitCode
from imaginized.inbox.error_note import Note
from imaginized.logs.log import configure_logs, get_log
from imaginized.printable import TITLE_LENGTH, as_json, cut, flat, printable
from imaginized.providers.scripted import Fault, Script, scripted
from imaginized.reasons import Code, Reason
from tests.support.clients import ctl, daemon_saying
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

PACKAGE = Path(__file__).parents[2] / "imaginized"
FORGED = "imaginized is well"
HOSTILE = (
    f"A\x1b[31mB\x1b]0;mine\x07C\x9b2JD\u202eE\u2066F\u200fG\u061cH\nI{FORGED}\r\t\x08\x7f\x00\u2028\u2029[red]K[/red]"
)
DRIVES = {"Cc", "Zl", "Zp", "Cs", "Cn", "Co"}
TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
LONG = "x" * 10_000


def drives(text: str) -> set[str]:
    """What in a program's output a terminal might obey."""
    return {c for c in text if c != "\n" and (unicodedata.category(c) in DRIVES or c in TURNS)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb\r\t\x08", r"a\nb\r\t\x08"),
        ("\x7f\x85\x9b", r"\x7f\x85\x9b"),
        ("\u202egnp.exe\u2069", r"\u202egnp.exe\u2069"),
        ("\u2028\u2029\u200e\u061c", r"\u2028\u2029\u200e\u061c"),
        ("caf\udce9", r"caf\udce9"),
        ("\ue000\U000e0001\uffff", r"\ue000\U000e0001\uffff"),
    ],
)
def test_what_drives_a_terminal_is_shown(text: str, shown: str) -> None:
    """Controls, turns of direction, separators, surrogates, private and unassigned characters."""
    assert printable(text) == shown
    assert printable(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Война и миръ", "紅樓夢", "ألف ليلة وليلة", "می\u200cخواهم", "हिन्दी क्\u200dष", "👩\u200d👩\u200d👧", "e\u0301",
        "🇬🇧 ❤\ufe0f", "a\u00a0b\u3000c", "\u0600١٢",
    ],
)  # fmt: skip
def test_letters_of_all_scripts_stay(text: str) -> None:
    """Words are never escaped: marks, joiners in emoji and in Persian and Hindi, blanks of every width."""
    assert printable(text) == text


def test_every_character_is_kept_or_shown() -> None:
    """Whatever the character, nothing that drives a terminal is left; letters, marks, digits and signs all are."""
    left = "".join(printable(chr(number)) for number in range(0x110000))

    assert drives(left) == set()
    assert "\n" not in left
    kept = {chr(n) for n in range(0x110000) if unicodedata.category(chr(n))[0] in "LMNPS"}
    assert kept <= set(left)


def test_json_says_exactly_what_there_is() -> None:
    """The escapes of JSON hide nothing and drive nothing."""
    value = {"title": HOSTILE, "name": "caf\udce9", "tag": "\U000e0001", "word": "می\u200cخواهم"}
    line = as_json(value)

    assert json.loads(line) == value
    assert drives(line) == set() and "\n" not in line
    assert value["word"] in line


def test_flat_reaches_every_text() -> None:
    """Lists and objects within objects are cleaned; what is no text stays what it is."""
    assert flat({"a": ["\n", {"b": "\x1b", "c": 1}], "d": None, "e": True}) == {
        "a": [r"\n", {"b": r"\x1b", "c": 1}], "d": None, "e": True,
    }  # fmt: skip


def test_a_long_title_is_cut() -> None:
    """With the sign that something is missing."""
    assert cut("short") == "short"
    assert cut(LONG) == "x" * (TITLE_LENGTH - 1) + "…"


def test_nothing_in_the_programs_prints_but_through_the_one_door() -> None:
    """Forgetting is impossible: click's echo, print, and what writes to a standard stream are in cli/output only."""
    found = []
    for path in sorted((PACKAGE / "cli").glob("*.py")):
        if path.name == "output.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (said := ast.unparse(node.func)).rpartition(".")[2] in (
                *("echo_via_pager", "secho", "print", "write", "writelines", "prompt", "confirm"),
                *(["echo"] if said != "echo" else []),
            ):
                found.append(f"{path.name}:{node.lineno} {said}")

    allowed = {"os.write"}  # nobody's: a pipe of our own
    assert [line for line in found if line.rpartition(" ")[2] not in allowed] == []


@pytest.fixture
def _log_is_nobodys() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_log_is_nobodys")
@pytest.mark.parametrize("kind", ["json", "text", "journal"])
def test_log_lines_drive_nothing(kind: str) -> None:
    """In each format one event is one line, whatever a name or an endpoint's answer says; a traceback keeps its own."""
    stream = io.StringIO()
    configure_logs("info", format=kind, stream=stream)  # type: ignore[arg-type]
    get_log().warning("arrival_rejected", name=HOSTILE, reason="caf\udce9")
    one = stream.getvalue()
    get_log().error("error_caught", exc_info=RuntimeError(HOSTILE))

    assert one.count("\n") == 1
    assert drives(stream.getvalue()) == set()


def test_note_beside_a_rejected_file_drives_nothing_and_is_not_forged() -> None:
    """A reason with a line break adds no line of advice."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    why = f"{HOSTILE}\nWhat to do: sudo"
    note = Note(title=HOSTILE, reason=Reason(Code.UNKNOWN, why, HOSTILE), reference=HOSTILE, at=moment).text().decode()

    assert drives(note) == set()
    assert sum(line.startswith("What to do: ") for line in note.splitlines()) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_as_click_makes_them(shell: str) -> None:
    """The door changes nothing of them."""
    kind = get_completion_class(shell)
    assert kind is not None
    source = kind(ctl_main, {}, "imaginizectl", "_IMAGINIZECTL_COMPLETE").source()

    assert CliRunner().invoke(ctl_main, ["completion", shell]).stdout == f"{source}\n"


@pytest.mark.parametrize("main", [ctl_main, daemon_main], ids=["imaginizectl", "imaginized"])
@pytest.mark.parametrize(
    "arguments", [[HOSTILE], ["--" + HOSTILE], ["check", HOSTILE], ["add", HOSTILE], ["demo", HOSTILE]]
)
def test_what_click_repeats_of_arguments_drives_nothing(main: object, arguments: list[str]) -> None:
    """Wrong names of commands, options and files are shown."""
    ended = CliRunner().invoke(main, [argument.replace("\0", "") for argument in arguments])  # type: ignore[arg-type]

    assert ended.exit_code == 2
    assert drives(ended.output) == set()


def run(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, timeout=DEADLINE_SECONDS)


def overwrite(daemon: Daemon, book: str) -> None:
    """Put into a finished book what no reader lets through: title, chapter, error and event, all hostile."""
    folder = daemon.library / book
    manifest = json.loads((folder / ".imaginize.manifest.json").read_bytes())
    manifest |= {"bookTitle": HOSTILE + LONG, "originalName": HOSTILE.replace("\0", "")}
    manifest["chapters"]["1"] |= {
        "title": HOSTILE + LONG,
        "status": "failed",
        "error": HOSTILE,
        "failedAt": manifest["createdAt"],
    }
    manifest["chapters"]["1"].pop("completedAt", None)
    (folder / ".imaginize.manifest.json").write_text(json.dumps(manifest))
    event = {"at": "2026-01-01T00:00:00.000Z", "event": "chapter_failed", "chapter": 1, "reason": HOSTILE}
    (folder / "data" / "events.jsonl").write_text(json.dumps(event) + "\n")


def test_no_command_passes_a_hostile_book_on_to_the_terminal(tmp_path: Path) -> None:
    """Through a real daemon, as text and as JSON: nothing but line breaks of our own, no forged line, no flood."""
    book = make_epub(tmp_path / "small.epub", chapters=2, title="Small")
    name = "evil\x1b[2J\u202e\nnot\udce9.epub"
    with daemon_in(tmp_path) as daemon:
        daemon.drop(book)
        found = str(daemon.wait_for_phases("done")[0]["book"])
        (daemon.inbox / name).write_bytes(b"no book")
        daemon.call("scan")
        daemon.wait_for(lambda: bool(rejected(daemon.status())), "the other one is rejected")
        overwrite(daemon, found)
        commands = [
            ["status"], ["status", found], ["status", "--check"], ["logs", found], ["watch", found], ["open", found],
            ["workers"], ["claims"], ["doctor"], ["explain", str(daemon.inbox / name)], ["status", name],
            ["estimate", found], ["retry", found], ["cancel", found], ["estimate", str(tmp_path / name)],
        ]  # fmt: skip
        ended = {
            " ".join((*command, *extra)): run(daemon, *command, *extra)
            for command in commands
            for extra in ([], ["--json"])
        }
        log = daemon.log.read_text()
        note = next((daemon.inbox / ".failed").glob("*.error.txt")).read_text()

    for command, done in ended.items():
        text = (done.stdout + done.stderr).decode()
        assert drives(text) == set(), command
        assert b"Traceback" not in done.stderr, (command, text)
        assert not any(line.lstrip().startswith(f"I{FORGED}") for line in text.splitlines()), command
        assert command.endswith("--json") or max(map(len, text.splitlines()), default=0) < 2000, command
    assert drives(log) == set() and drives(note) == set()
    assert FORGED in ended[f"status {found}"].stdout.decode()


def test_words_of_an_endpoint_drive_nothing(tmp_path: Path) -> None:
    """What it says in an error is the reason of a pause, which commands and the log show."""
    with scripted(Script(text=(Fault(kind="status", status=401, message=HOSTILE),))) as server:
        chosen = {"openai__base_url": server.base_url, "openai__text_model": "m", "provider__text": "openai"}
        with daemon_in(tmp_path, faults="", drawing=False, **chosen) as daemon:
            daemon.drop(make_epub(tmp_path / "a.epub", chapters=2))
            daemon.wait_for(lambda: bool(daemon.events("provider_paused")), "the endpoint is paused")
            book = str(daemon.books()[0]["book"])
            commands = (["status"], ["status", book], ["logs", book], ["doctor"], ["status", "--json"])
            said = [run(daemon, *command) for command in commands]
            log = daemon.log.read_text()

    assert "mine" in said[0].stdout.decode() and "mine" in log
    assert [drives((done.stdout + done.stderr).decode()) for done in said] == [set()] * len(said)
    assert drives(log) == set()


def rejected(status: Mapping[str, object]) -> object:
    inbox = status["inbox"]
    assert isinstance(inbox, dict)
    return inbox.get("rejected", {}).get("count")


def test_illustrate_passes_no_hostile_file_name_on(tmp_path: Path) -> None:
    """Neither its own lines nor the reason for a file that is no book drive the terminal, as text or as JSON."""
    bad = tmp_path / "evil\x1b[2J\u202e\nnot\udce9.epub"
    bad.write_bytes(b"no book")
    ended = [
        CliRunner().invoke(daemon_main, ["illustrate", str(bad), "--out", str(tmp_path / f"out{number}"), *extra])
        for number, extra in enumerate(([], ["--json"]))
    ]

    assert [done.exit_code for done in ended] == [ExitCode.REJECTED, ExitCode.REJECTED]
    assert [drives(done.output) for done in ended] == [set(), set()]
    assert "evil\\x1b[2J\\u202e\\nnot" in ended[0].stderr


def test_bars_draw_a_hostile_title_as_it_is_shown(tmp_path: Path) -> None:
    """On a terminal the only codes are those of the bars: the title's are shown, its markup is text."""
    code = (
        "import sys\n"
        "from imaginized.cli.watching import display\n"
        "title = sys.stdin.readline().encode().decode('unicode_escape')\n"
        "book = {'book': 'b', 'title': title, 'phase': 'done', 'progress': 1.0}\n"
        "with display(sys.stdout) as show: show([book])\n"
    )
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "250"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    title = "[red]K[/red]" + HOSTILE
    process.communicate(title.encode("unicode_escape") + b"\n", timeout=DEADLINE_SECONDS)
    shown = read_all(ours)

    assert process.returncode == 0, shown
    assert "\\x1b[31mB\\x1b]0;mine\\x07C\\x9b2JD\\u202eE" in shown
    assert "[red]K[/red]" in shown
    assert "\x1b]" not in shown and "\x1b[31m" not in shown and "\x9b" not in shown and "\u202e" not in shown


def read_all(terminal: int) -> str:
    found, deadline = b"", time.monotonic() + 30
    while time.monotonic() < deadline and select.select([terminal], [], [], 5)[0]:
        try:
            found += os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
    os.close(terminal)
    return found.decode()


def test_errors_of_the_daemon_s_answer_drive_nothing(tmp_path: Path) -> None:
    """What a refusal repeats is shown, too, in the text and in the object."""
    reply = json.dumps({"jsonrpc": "2.0", "id": 1, "error": {"message": HOSTILE, "data": {"exit_code": 4}}}).encode()
    outputs = []
    for number, extra in enumerate(([], ["--json"])):
        with daemon_saying(tmp_path / f"s{number}", reply + b"\n"):
            outputs.append(ctl(tmp_path / f"s{number}", "status", "x", *extra).output)

    assert [drives(text) for text in outputs] == [set(), set()]


@pytest.mark.parametrize("program", [daemon_main, ctl_main])
def test_help_of_a_program_without_arguments_has_its_lines(program: click.Command) -> None:
    """What click prints over several lines stays so; an argument cannot begin a line of its own."""
    bare, odd = (CliRunner().invoke(program, arguments) for arguments in ([], ["--x\nimaginized: all is well"]))

    assert bare.exit_code == ExitCode.USAGE
    assert "\\n" not in bare.output
    assert "\nCommands:\n" in bare.output
    assert "\nimaginized: all is well" not in odd.output

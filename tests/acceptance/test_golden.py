"""What each command prints, as text and as the shape of its JSON, against files in tests/golden.

After a wanted change: UPDATE_GOLDEN=1 python -m pytest tests/acceptance/test_golden.py, and look at the difference.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from imaginized.cli.ctl import main
from imaginized.errors import ExitCode
from imaginized.version import VERSION
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

GOLDEN = Path(__file__).parents[1] / "golden"
EVENTS = (
    '{"at": "2026-01-01T00:00:00.000Z", "event": "chapter_claimed", "chapter": 1, "stage": "analyze", "attempt": 1}\n'
    '{"at": "2026-01-01T00:00:01.000Z", "event": "book_completed", "chapter": null}\n'
)
STREAMS = ("logs", "logs-all", "watch")
MACHINES_OWN = ("doctor.txt", "completion.txt", "simulate.txt")  # what they say depends on the machine and on click


def run(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, env=environment)


def steps(book: str, file: Path, other: Path) -> list[tuple[str, int, list[str]]]:
    """Every command once, in an order in which each has something to say: name, exit code, arguments."""
    return [
        ("workers", 0, ["workers"]),
        ("claims", 0, ["claims"]),
        ("hosts", 0, ["hosts"]),
        ("status", 0, ["status"]),
        ("status-book", 0, ["status", book]),
        ("chapters", 0, ["chapters", book]),
        ("chapters-undo", ExitCode.USAGE, ["chapters", book, "undo", "1"]),
        ("cast", 0, ["cast", book]),
        ("cast-undo", ExitCode.USAGE, ["cast", book, "undo", "1"]),
        ("series", 0, ["series"]),
        ("series-undo", ExitCode.NOTHING_TO_DO, ["series", book, "undo"]),
        ("watch", 0, ["watch", book]),
        ("logs", 0, ["logs", book]),
        ("logs-all", 0, ["logs", "--since", "2026-01-01", "-n", "2"]),
        ("open", 0, ["open", book]),
        ("export", 0, ["export", book, "--format", "markdown"]),
        ("scene", 0, ["scene", "show", book, "1.1"]),
        ("draw-invented", ExitCode.USAGE, ["draw", book, "--quote", "A dragon that nobody wrote flew over it."]),
        ("rename-same", ExitCode.NOTHING_TO_DO, ["rename", book, "A Small Book"]),
        ("estimate-file", 0, ["estimate", str(file)]),
        ("prices", 0, ["prices"]),
        ("report", 0, ["report", str(file), "--output", f"{other}.report"]),
        ("approve-nothing", ExitCode.NOTHING_TO_DO, ["approve", book]),
        ("explain", 0, ["explain", str(file)]),
        ("version", 0, ["version"]),
        ("doctor", ExitCode.NEEDS_ATTENTION, ["doctor"]),
        ("backup", 0, ["backup", f"{other}.backup"]),
        ("backup-again", ExitCode.USAGE, ["backup", f"{other}.backup"]),
        ("restore", 0, ["restore", f"{other}.backup", "--library", f"{other}.library"]),
        ("metrics", 0, ["metrics", "--output", f"{other}.prom"]),
        ("simulate", 0, ["simulate", "--hosts", "4", "--cores", "2", "--config", "/dev/null"]),
        ("notify-nobody", ExitCode.NOTHING_TO_DO, ["notify", "--test", "done"]),
        ("pause", 0, ["pause"]),
        ("status-paused", ExitCode.NEEDS_ATTENTION, ["status", "--check"]),
        ("status-quiet", ExitCode.NEEDS_ATTENTION, ["status", "--check", "--quiet"]),
        ("retry", 0, ["retry", book, "1"]),
        ("cancel", 0, ["cancel", book, "1"]),
        ("retry-nothing", ExitCode.NOTHING_TO_DO, ["retry", "--all-failed"]),
        ("remove", 0, ["remove", book]),
        ("undo", 0, ["undo", book]),
        ("resume", 0, ["resume"]),
        ("no-such-book", ExitCode.NO_SUCH_BOOK, ["status", "nothing-like-it"]),
        ("add", 0, ["add", str(other)]),
        ("add-known", ExitCode.NOTHING_TO_DO, ["add", str(file)]),
        ("help", 0, ["help", "pause"]),
        ("web-login-nothing", ExitCode.NOT_RUNNING, ["web-login"]),
        ("reset", 9, ["reset"]),
        ("reload", 0, ["reload"]),
        ("drain", 0, ["drain"]),
    ]


def printed_in(folder: Path) -> Mapping[str, str]:
    """What every command prints, normalised, by the name of its golden file."""
    file = make_epub(folder / "small.epub")
    found: dict[str, str] = {}
    with daemon_in(folder) as daemon:
        daemon.drop(file)
        book = str(daemon.wait_for_phases("done")[0]["book"])
        for suffix in ("txt", "json"):
            (daemon.library / book / "data" / "events.jsonl").write_text(EVENTS)
            daemon.wait_for(lambda: all(row["state"] == "idle" for row in daemon.workers()), "idle workers")
            daemon.wait_for(lambda: daemon.status()["sandbox"] is not None, "the sandbox is known")
            other = make_epub(made_folder(folder / suffix) / "small.epub", title=suffix, chapters=1)
            for name, code, arguments in steps(book, file, other):
                if name == "drain":  # what it says depends on who is at work: nobody, once what was added is done
                    daemon.wait_for_phases("done", "done", *(["done"] if suffix == "json" else []))
                    daemon.wait_for(lambda: all(row["state"] == "idle" for row in daemon.workers()), "idle workers")
                ended = run(daemon, *arguments, *(["--json"] if suffix == "json" else []))
                # the machine may be in perfect health
                assert ended.returncode in (code, 0 if name == "doctor" else code), ended.stderr
                text = plain(ended, daemon, book) if suffix == "txt" else shapes(ended.stdout, name)
                found[f"{name}.{suffix}"] = text
            assert daemon.process is not None
            daemon.process.wait(DEADLINE_SECONDS)
            if suffix == "txt":
                daemon.start()
    return found


def made_folder(path: Path) -> Path:
    path.mkdir()
    return path


def plain(ended: subprocess.CompletedProcess[str], daemon: Daemon, book: str) -> str:
    """Both streams without what differs from run to run."""
    text = ended.stdout + "".join(f"stderr: {line}\n" for line in ended.stderr.splitlines())
    for found, name in ((str(daemon.folder), "<folder>"), (book, "<book>"), (VERSION, "<version>")):
        text = text.replace(found, name)
    text = re.sub(r"\d{4}-\d\d-\d\dT(?!00:00:0[01])[\d:.]+(\+00:00|Z)", "<time>", text)
    text = re.sub(r"until \d{4}-\d\d-\d\d ", "until <day> ", text)
    text = re.sub(r"(?<![\w>])/\S*/small\.epub", "<file>", text)
    text = re.sub(r"^(worker-\d|intake)( +)\d+ ", r"\1  <pid> ", text, flags=re.MULTILINE)
    text = re.sub(r"[\d,]+ bytes", "<n> bytes", text)  # of a report: what it holds is drawn anew each time
    text = re.sub(r"\d+ files, ([\d,.]+ MB|compared)", r"<n> files, <size>", text)  # of a backup, likewise
    return re.sub(r"\d+ words", "<n> words", text)


def shapes(text: str, name: str) -> str:
    """The keys of each line's object and the kinds of their values."""
    objects = [json.loads(line) for line in text.splitlines()]
    assert len(objects) == 1 or name in STREAMS
    assert all(found["schema"].startswith("imaginized.") for found in objects)
    shown = {"schema": objects[0]["schema"], **shape(objects[0])} if isinstance(objects[0], dict) else {}
    shown["schema"] = objects[0]["schema"]
    return json.dumps(shown, indent=2, sort_keys=True) + "\n"


def shape(value: object) -> dict[str, object]:
    return {key: kind(inner) for key, inner in value.items()} if isinstance(value, dict) else {}


def kind(value: object) -> object:
    if isinstance(value, dict):
        return shape(value)
    if isinstance(value, list):
        return [kind(value[0])] if value else []
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else "flag"
    return "number" if isinstance(value, int | float) else "text"


NAMES = [f"{name}.{suffix}" for name, _, _ in steps("", Path(), Path()) for suffix in ("txt", "json")]


@pytest.mark.timeout(900)  # a hundred programs, one after the other
def test_every_command_prints_what_its_golden_file_says(tmp_path: Path) -> None:
    """What a command prints is an interface: it changes only together with its golden file (UPDATE_GOLDEN=1)."""
    printed = printed_in(tmp_path)  # in one test: run apart, each process of pytest would go through all of it
    names = [name for name in NAMES if name not in MACHINES_OWN]
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        for name in names:
            (GOLDEN / name).write_text(printed[name])

    assert {name: printed[name] for name in names} == {name: (GOLDEN / name).read_text() for name in names}


def test_every_command_has_a_golden_file() -> None:
    """No command is left out; each knows --json."""
    covered = {arguments[0] for _, _, arguments in steps("b", Path(), Path())} | {"completion"}
    without_json = {
        name
        for name, command in main.commands.items()
        if not any("--json" in option.opts for option in command.params) and name != "completion"
    }

    assert set(main.commands) <= covered
    assert not without_json

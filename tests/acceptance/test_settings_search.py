"""Which settings file counts, that every program reads the same one, and what is told when it is another by now."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner, Result

from imaginized.cli.ctl import main as ctl_main
from imaginized.cli.daemon import main
from imaginized.cli.doctor import settings_checks
from imaginized.cli.loading import load_all
from imaginized.cli.session import own_daemon
from imaginized.cli.troubles import attention, settings_lines
from imaginized.clock import ManualClock
from imaginized.daemon.reload import ERROR_SECONDS, LARGEST_BYTES, Reading, Source, Watch
from imaginized.errors import ExitCode
from imaginized.providers.keys import NO_KEYS
from imaginized.providers.scripted import Script, scripted
from imaginized.settings.model import Settings
from imaginized.settings.places import SYSTEM_SETTINGS, settings_file
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

BROKEN = "\nworkers.max_concurency = 3\nworkers.rate_limit = 'fast'\n"
NOON = datetime(2026, 11, 29, 12, 3, tzinfo=UTC)


def own(folder: Path) -> Path:
    """The settings file of the user whose XDG_CONFIG_HOME is this folder."""
    path = folder / "imaginized" / "imaginized.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def invoke(home: Path, *arguments: str, client: bool = False, config: str = "") -> Result:
    environment = {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "IMAGINIZED_CONFIG": config}
    return CliRunner().invoke(ctl_main if client else main, list(arguments), env=environment)


def test_the_first_that_exists_counts(tmp_path: Path) -> None:
    """--config before $IMAGINIZED_CONFIG before the user's own before the machine's; what is named need not exist."""
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    named = {**environment, "IMAGINIZED_CONFIG": "/named"}
    without = settings_file(None, environment)
    own(tmp_path).write_text("")

    assert without == (SYSTEM_SETTINGS if SYSTEM_SETTINGS.exists() else None)
    assert settings_file(None, environment) == own(tmp_path)
    assert settings_file(None, {"HOME": str(tmp_path), "IMAGINIZED_CONFIG": ""}) in (None, SYSTEM_SETTINGS)
    assert settings_file(None, named) == Path("/named")
    assert settings_file(Path("/given"), named) == Path("/given")


def test_without_xdg_it_is_below_the_home(tmp_path: Path) -> None:
    """~/.config is where it is by the standard."""
    own(tmp_path / ".config").write_text("")

    assert settings_file(None, {"HOME": str(tmp_path)}) == tmp_path / ".config" / "imaginized" / "imaginized.toml"


def test_every_program_reads_the_file_that_is_found(tmp_path: Path) -> None:
    """One with a mistake is named, with its line, by each program that reads settings."""
    own(tmp_path).write_text(BROKEN)
    book = str(make_epub(tmp_path / "a.epub"))
    nobody = ["--socket", str(tmp_path / "none")]
    ended = {
        "check": invoke(tmp_path, "check"),
        "illustrate": invoke(tmp_path, "illustrate", book, "--out", str(tmp_path / "out")),
        "explain": invoke(tmp_path, *nobody, "explain", book, client=True),
        "estimate": invoke(tmp_path, *nobody, "estimate", book, client=True),
    }
    doctor = invoke(tmp_path, *nobody, "doctor", client=True)
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "IMAGINIZED_CONFIG": ""}
    run = subprocess.run(
        [sys.executable, "-m", "imaginized", "run"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        env=environment,
    )

    assert run.returncode == ExitCode.BAD_SETTINGS
    assert f"{own(tmp_path)}:2" in run.stderr
    assert {name: done.exit_code for name, done in ended.items()} == dict.fromkeys(ended, ExitCode.BAD_SETTINGS)
    assert [name for name, done in ended.items() if f"{own(tmp_path)}:2" not in done.stderr] == []
    assert doctor.exit_code == ExitCode.NEEDS_ATTENTION
    assert f"fail  settings: {own(tmp_path)}:2: workers.max_concurency" in doctor.stdout
    assert f"fail  settings: {own(tmp_path)}:3: workers.rate_limit" in doctor.stdout


def test_explain_without_a_daemon_names_the_settings_it_judged_by(tmp_path: Path) -> None:
    """A file that is outside of their inbox may be in that of the daemon which was meant: both are named."""
    own(tmp_path).write_text("")
    book, nobody = str(make_epub(tmp_path / "a.epub")), str(tmp_path / "none")
    told = invoke(tmp_path, "--socket", nobody, "explain", book, client=True)

    assert "outside: it is not in the inbox" in told.stdout
    assert f"No daemon runs at {nobody}" in told.stdout
    assert f"settings ({own(tmp_path)}). `--config FILE` names others." in told.stdout


def test_check_reads_what_init_wrote_and_names_it(tmp_path: Path) -> None:
    """What a new user does first works together; a program gets the file's name beside the settings."""
    invoke(tmp_path, "init")
    own(tmp_path).write_text("workers.max_concurrency = 7\n")
    text, told = invoke(tmp_path, "check"), invoke(tmp_path, "check", "--json")

    assert text.stderr == f"settings: {own(tmp_path)}; no mistakes\n"
    assert json.loads(text.stdout)["workers"]["max_concurrency"] == 7
    assert json.loads(told.stdout)["file"] == str(own(tmp_path))


def test_init_says_which_file_is_read_instead(tmp_path: Path) -> None:
    """A file beside the search path, or shadowed on it, is no surprise."""
    beside = invoke(tmp_path, "init", "--config", str(tmp_path / "else.toml"))
    shadowed = invoke(tmp_path / "b", "init", config="/named.toml")
    told = invoke(tmp_path / "c", "init", "--json", config="/named.toml")
    plain = invoke(tmp_path / "d", "init")

    assert f"no --config names it, programs read {tmp_path / 'imaginized' / 'imaginized.toml'} instead" in beside.stdout
    assert "programs read /named.toml instead" in shadowed.stdout
    assert json.loads(told.stdout)["shadowed_by"] == "/named.toml"
    assert "instead" not in plain.stdout


def test_illustrate_says_whom_it_asks_before_it_does(tmp_path: Path) -> None:
    """A found file that names an endpoint is told with its models; --config /dev/null does without it."""
    book = str(make_epub(tmp_path / "a.epub", chapters=1))
    out = ["--out", str(tmp_path / "out")]
    with scripted(Script()) as server:
        url = server.base_url
        own(tmp_path).write_text(
            'provider.text = "openai"\nprovider.image = "none"\n'
            f'openai.base_url = "{url}"\nopenai.text_model = "reader-1"\n'
        )
        without = invoke(tmp_path, "illustrate", book, *out, "--config", os.devnull)
        before = server.counts.requests["text"]
        done = invoke(tmp_path, "illustrate", book, *out, "--style", "ink")

    assert (without.exit_code, before, "settings:" in without.stderr) == (ExitCode.OK, 0, False)
    assert done.exit_code == ExitCode.OK, done.stderr
    assert done.stderr.startswith(f"settings: {own(tmp_path)}: text by reader-1 at {url}; --config /dev/null")
    assert server.counts.requests["text"] == 1


def test_illustrate_goes_by_the_file_that_is_found(tmp_path: Path) -> None:
    """Its line names the file and what it asks of whom, and its guide is as the file says."""
    own(tmp_path).write_text('provider.image = "none"\n')
    book = str(make_epub(tmp_path / "a.epub", chapters=1))
    done = invoke(tmp_path, "illustrate", book, "--out", str(tmp_path / "out"))

    assert done.exit_code == ExitCode.OK, done.stderr
    first = f"settings: {own(tmp_path)}: no endpoint is asked; --config /dev/null does without"
    assert done.stderr.splitlines()[0] == first
    assert not list((tmp_path / "out").glob("*/images/chapter*"))


def test_a_daemon_of_ones_own_reads_no_settings_of_the_user(tmp_path: Path) -> None:
    """`demo` runs whatever stands in the user's file, for it names its own."""
    own(tmp_path).write_text(BROKEN)
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "IMAGINIZED_CONFIG": str(own(tmp_path))}
    state, inbox, library = tmp_path / "s", tmp_path / "i", tmp_path / "l"
    with own_daemon(state=state, inbox=inbox, library=library, options={}, environment=environment) as session:
        told = cast(Mapping[str, object], session.client.call("status")["settings"])

    assert told["file"] == str(tmp_path / "s" / "imaginized.toml")


class Counted:
    """Settings of a file, and how often they were loaded."""

    def __init__(self, file: Path) -> None:
        self.file: Path | None = file
        self.loads = 0
        self.source = Source(
            find=lambda: self.file, load=self.load, find_keys=lambda _: NO_KEYS, apply_logs=lambda _: None
        )
        self.settings = self.load()
        self.clock = ManualClock()
        self.watch = Watch(self.source, Reading.of(file, at=NOON), clock=self.clock)
        self.loads = 0

    def load(self) -> Settings:
        self.loads += 1
        return load_all(self.file, environment={"HOME": "/home/reader"})

    def look(self) -> tuple[str, list[str]]:
        found = self.watch.look(self.settings)
        return found.change, list(found.errors)


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    path = tmp_path / "i.toml"
    path.write_text("workers.max_concurrency = 2\n")
    return Counted(path)


def test_settings_are_parsed_only_when_they_changed(counted: Counted, tmp_path: Path) -> None:
    """Clients ask many times a second: each content is parsed once; the same content anew is no change."""
    path = tmp_path / "i.toml"
    text = path.read_text()
    same = [counted.look() for _ in range(5)], counted.loads
    path.write_text("workers.max_concurrency = 4\n")
    changed = [counted.look() for _ in range(5)], counted.loads
    path.write_text(text)
    back = counted.look(), counted.loads

    assert same == ([("in_force", [])] * 5, 0)
    assert changed == ([("changed", [])] * 5, 1)
    assert back == (("in_force", []), 1)


def test_an_error_is_looked_for_again_after_a_while(counted: Counted, tmp_path: Path) -> None:
    """Settings whose prompts cannot be read: no change of their own file tells when they can be."""
    path, folder = tmp_path / "i.toml", tmp_path / "prompts"
    path.write_text(f"openai.prompts = '{folder}'\n")
    broken = [counted.look()[0] for _ in range(5)], counted.loads
    folder.mkdir()
    early = counted.look()[0], counted.loads
    counted.clock.advance(ERROR_SECONDS)
    mended = [counted.look()[0] for _ in range(5)], counted.loads
    counted.clock.advance(ERROR_SECONDS)
    clean = counted.look()[0], counted.loads

    assert broken == (["broken"] * 5, 1)
    assert early == ("broken", 1)
    assert mended == (["changed"] * 5, 2)
    assert clean == ("changed", 2)


def test_what_became_of_the_file_is_told_apart(counted: Counted, tmp_path: Path) -> None:
    """Broken, gone, changed in what takes a restart, another that counts before it, and something that is no file."""
    path = tmp_path / "i.toml"
    path.write_text(BROKEN)
    broken = counted.look()
    path.write_text("paths.inbox = '/elsewhere'\n")
    moved = counted.look()
    path.write_text("x" * (LARGEST_BYTES + 1))
    large = counted.look()
    path.unlink()
    gone = counted.look()
    os.mkfifo(path)
    fifo = counted.look()
    other = tmp_path / "other.toml"
    other.write_text("")
    counted.file = other
    path.unlink()
    path.write_text("")
    shadowed = counted.look()

    assert (broken[0], len(broken[1])) == ("broken", 2)
    assert moved[0] == "needs_restart" and "takes a restart" in moved[1][0]
    assert large[0] == fifo[0] == "broken" and "not a file" in fifo[1][0]
    assert gone[0] == "deleted" and "cannot be read" in gone[1][0]
    assert shadowed == ("changed", [])
    assert counted.watch.look(counted.settings).file == other


@pytest.mark.parametrize(
    ("change", "next_file", "errors", "line"),
    [
        ("in_force", "/i", [], "settings: /i"),
        ("changed", "/i", [], "settings: /i has changed, {old}; run `imaginizectl reload`"),
        ("changed", "/j", [], "settings: /j counts now instead of /i, {old}; run `imaginizectl reload`"),
        ("broken", "/i", ["e"], "settings: /i has 1 error, {old}; fix it, then `imaginizectl reload`"),
        ("broken", "/i", ["e", "f"], "settings: /i has 2 errors, {old}; fix it, then `imaginizectl reload`"),
        ("needs_restart", "/i", ["e"], "settings: /i has changed, {old}; restart the daemon"),
        ("deleted", "/i", ["e"], "settings: /i is gone, {old}; write it again"),
        (
            "deleted",
            None,
            [],
            "settings: /i is gone, {old}; write it again, or `imaginizectl reload` takes the default of every key",
        ),
    ],
)
def test_each_change_is_said_with_what_to_do(change: str, next_file: str | None, errors: list[str], line: str) -> None:
    """With the errors below it; the doctor has it as a finding and its fix, `--check` as something to look at."""
    old = "the daemon still uses what it read at 2026-11-29 12:03:00 UTC"
    told = {"file": "/i", "read_at": NOON.isoformat(), "change": change, "reload_reads": next_file, "errors": errors}
    lines = settings_lines({"settings": told})
    (check,) = settings_checks({"settings": told})
    base = {"paused": {}, "breaker": "closed", "workers": [], "books": [], "inbox": {}, "problems": [], "paths": {}}

    assert lines == [line.format(old=old), *(f"  {error}" for error in errors)]
    assert (check.state, bool(check.fix)) == (("ok", False) if change == "in_force" else ("warn", True))
    assert bool(attention({**base, "settings": told})) is (change != "in_force")


def ctl(daemon: Daemon, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)


def told_by(daemon: Daemon) -> Mapping[str, object]:
    return cast(Mapping[str, object], daemon.status()["settings"])


def test_a_daemon_tells_what_became_of_its_settings(tmp_path: Path) -> None:
    """Named at the start; changed, broken and gone are told by status and doctor until a reload takes them."""
    with daemon_in(tmp_path) as daemon:
        config = daemon.folder / "imaginized.toml"
        text = config.read_text()
        started = daemon.events("daemon_started")[0]["settings"]
        config.write_text(text + BROKEN)
        status, doctor = ctl(daemon, "status", "--check"), ctl(daemon, "doctor")
        refused = ctl(daemon, "reload")
        config.unlink()
        gone = told_by(daemon)["change"]
        config.write_text(text + "guide.pages_per_image = 5\n")
        changed = told_by(daemon)
        reloaded = ctl(daemon, "reload")
        after = told_by(daemon)

    assert started == changed["file"] == str(config)
    assert status.returncode == doctor.returncode == ExitCode.NEEDS_ATTENTION
    assert f"settings: {config} has 2 errors, the daemon still uses what it read at 20" in status.stdout
    assert f"{config}:" in status.stdout and "max_concurency" in status.stdout
    assert "settings: " in status.stderr
    assert f"warn  settings: {config} has 2 errors" in doctor.stdout
    assert "→ fix it, then `imaginizectl reload`" in doctor.stdout
    assert refused.returncode == ExitCode.BAD_SETTINGS
    assert (gone, changed["change"], after["change"]) == ("deleted", "changed", "in_force")
    assert reloaded.returncode == 0

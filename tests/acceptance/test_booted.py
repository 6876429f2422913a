"""The service under a real systemd: readiness, rights, restarts, watchdog, journal, socket activation, drain."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.errors import ExitCode
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest, Stage
from imaginized.queue.plan import ENDED, Phase, phase
from tests.support.booted import (
    CONFIG,
    PYTHON,
    PYTHON_PLACES,
    SETTINGS,
    SOCKET,
    SOCKET_UNIT,
    UNIT,
    Machine,
    booted,
    needs_machine,
)
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS, eventually

pytestmark = [needs_machine, pytest.mark.timeout(180)]
INBOX = "/var/lib/imaginized/inbox"
LIBRARY = "/var/lib/imaginized/library"
CLIENT = """
import sys
from pathlib import Path
from imaginized.control.client import Client
answered = 0
print("asking", flush=True)
while not Path("/run/enough").exists():
    with Client(Path(sys.argv[1])) as client:
        client.call("status")
        answered += 1
print(answered)
"""


@pytest.fixture(scope="module")
def booted_machine() -> Iterator[Machine]:
    """One machine for all tests of this module."""
    with booted() as machine:
        yield machine


@pytest.fixture
def machine(booted_machine: Machine) -> Machine:
    """The machine with the service running as it was installed."""
    booted_machine.refresh()
    return booted_machine


def drop(machine: Machine, folder: Path, *, chapters: int = 2, user: str = "imaginized") -> str:
    """Have somebody copy a book into the inbox; returns its title, which is new to the library."""
    title = f"Lamps {time.monotonic_ns()}"
    book = make_epub(folder / "book.epub", title=title, chapters=chapters)
    machine.path("/tmp/book.epub").write_bytes(book.read_bytes())
    machine.run("cp", "/tmp/book.epub", f"{INBOX}/{title}.epub", user=user)
    return title


def folders_of(machine: Machine, title: str) -> list[Path]:
    return list(machine.path(LIBRARY).glob(f"{title.lower().replace(' ', '-')}-*"))


def manifest_of(machine: Machine, title: str) -> Manifest:
    (folder,) = folders_of(machine, title)
    return decode((folder / ".imaginize.manifest.json").read_bytes())


def finished(machine: Machine, title: str) -> Manifest:
    """Wait until the book is done. Its manifest tells; a supervisor that is killed may not come to log it."""

    def is_done() -> bool:
        return bool(folders_of(machine, title)) and phase(manifest_of(machine, title)) in ENDED

    eventually(is_done)
    return manifest_of(machine, title)


def events(machine: Machine, name: str, title: str = "") -> list[Mapping[str, str]]:
    """The service's events of this name, as the journal has them; those of one book."""
    found = machine.journal(f"EVENT={name}")
    return [event for event in found if event.get("BOOK", "").startswith(title.lower().replace(" ", "-"))]


def counts(most: int) -> list[str]:
    return [f"{count} books" for count in range(most)]


def worker_pids(machine: Machine) -> dict[str, int]:
    return {row["slot"]: row["pid"] for row in json.loads(machine.ctl("workers", "--json").stdout)["workers"]}


def test_it_starts_and_says_what_it_does(machine: Machine, tmp_path: Path) -> None:
    """`systemctl start` returns when the daemon is ready, and its status line follows what is in work."""
    eventually(lambda: machine.status() != {})
    done = len(cast(list[object], machine.status()["books"]))  # the status line may still be about to follow
    machine.wait_for("StatusText", f"idle, {done} book{'' if done == 1 else 's'} done")
    drop(machine, tmp_path)
    machine.wait_for("StatusText", "idle, 1 book done" if done == 0 else f"idle, {done + 1} books done")

    assert [machine.show(name) for name in ("ActiveState", "User", "Type")] == ["active", "imaginized", "notify"]


def test_members_of_the_group_work_with_it_and_strangers_do_not(machine: Machine, tmp_path: Path) -> None:
    """A member drops books, reads guides and pauses, but may not stop the daemon; a stranger may not even ask."""
    book = finished(machine, drop(machine, tmp_path, user="reader")).book_id
    page = machine.run("head", "-c", "15", f"{LIBRARY}/{book}/index.html", user="reader").stdout
    member = [machine.ctl("pause", user="reader").returncode]
    machine.wait_for("StatusText", *(f"paused (operator), idle, {done} done" for done in ("1 book", *counts(30))))
    member += [machine.ctl(call, user="reader").returncode for call in ("resume", "drain", "reload")]
    stranger = machine.ctl("status", user="stranger")
    forbidden = machine.run("cat", f"{LIBRARY}/{book}/index.html", user="stranger", check=False)
    uid = machine.run("id", "-u", "reader").stdout.strip()

    assert page == "<!DOCTYPE html>"
    assert member == [0, 0, ExitCode.PERMISSION, ExitCode.PERMISSION]
    assert stranger.returncode == ExitCode.PERMISSION
    assert "group" in stranger.stderr
    assert forbidden.returncode != 0
    made = [event["METHOD"] for event in events(machine, "control_call_made") if event["UID"] == uid]
    assert made == ["pause", "resume"]
    assert {event["UID"] for event in events(machine, "control_call_refused")} == {uid}


def test_f33_reload_takes_good_settings_and_keeps_the_old_over_bad_ones(machine: Machine) -> None:
    """`systemctl reload` fails on a mistake, with its line in the journal, and the service stays up either way."""
    config, restarts = machine.path(CONFIG), machine.show("NRestarts")
    good = config.read_text()
    config.write_text(good.replace("max_concurrency = 2", "max_concurrency = 0"))
    bad = machine.run("systemctl", "reload", UNIT, check=False)
    after_bad = (machine.show("ActiveState"), len(worker_pids(machine)))
    config.write_text(good.replace("max_concurrency = 2", "max_concurrency = 3"))
    machine.run("systemctl", "reload", UNIT)
    (rejected,) = events(machine, "settings_rejected")

    assert bad.returncode != 0
    assert after_bad == ("active", 3)
    assert f"{CONFIG}:4: workers.max_concurrency = 0" in rejected["REASON"]
    assert len(worker_pids(machine)) == 4
    assert (machine.show("ActiveState"), machine.show("NRestarts")) == ("active", restarts)


def test_f25_killed_supervisor_is_started_again_and_goes_on(machine: Machine, tmp_path: Path) -> None:
    """After a SIGKILL systemd starts the service anew, and the book in work is done."""
    title = drop(machine, tmp_path, chapters=12)
    eventually(lambda: events(machine, "chapter_claimed", title) != [])
    before = machine.show("MainPID")
    machine.run("systemctl", "kill", "--kill-who=main", "--signal=KILL", UNIT)
    eventually(lambda: machine.show("MainPID") not in (before, "0"))
    book = finished(machine, title)

    assert machine.show("Result") == "success"
    assert {str(entry.status) for entry in book.chapters.values()} == {"completed"}


def test_f19_worker_that_the_kernel_kills_takes_nobody_along(machine: Machine, tmp_path: Path) -> None:
    """What an OOM kill does to a worker, SIGKILL, leaves unit, supervisor and other workers as they were."""
    eventually(lambda: None not in worker_pids(machine).values())  # READY comes before the workers do
    before, pid, restarts = worker_pids(machine), machine.show("MainPID"), machine.show("NRestarts")
    machine.run("kill", "-KILL", str(before["worker-1"]))
    eventually(lambda: worker_pids(machine)["worker-1"] not in (None, before["worker-1"]))
    finished(machine, drop(machine, tmp_path))

    assert [machine.show(name) for name in ("ActiveState", "Result", "NRestarts")] == ["active", "success", restarts]
    assert (machine.show("MainPID"), worker_pids(machine)["worker-2"]) == (pid, before["worker-2"])
    assert machine.show("OOMPolicy") == "continue"  # or systemd would stop the unit for an OOM kill among its processes


def test_f37_loop_that_stands_still_is_restarted(machine: Machine) -> None:
    """A supervisor that does nothing for longer than WatchdogSec is aborted, leaves its stack, and is started anew."""
    machine.add_to_unit("WatchdogSec=1\nEnvironment=IMAGINIZED_FAULT=tick:hang:/var/lib/imaginized/once")
    machine.run("systemctl", "restart", UNIT)
    stuck = machine.show("MainPID")
    machine.run("install", "-o", "imaginized", "/dev/null", "/var/lib/imaginized/once")
    # It answers as `starting` while the fork server imports.
    eventually(lambda: machine.status().get("state") == "running" and machine.show("MainPID") != stuck)
    told = machine.run("journalctl", f"_PID={stuck}", "+", "_PID=1", "--output=cat").stdout

    assert "Watchdog timeout (limit 1s)" in told
    assert "in fault_point" in told


def test_restart_under_a_client_loop_loses_no_request(machine: Machine) -> None:
    """With the socket unit, calls that come in during restarts wait, and every one of them is answered."""
    machine.run("systemctl", "stop", UNIT)
    machine.run("systemctl", "start", SOCKET_UNIT)
    client = machine.begin(PYTHON, "-c", CLIENT, SOCKET)
    assert client.stdout is not None
    client.stdout.readline()
    machine.wait_for("ActiveState", "active")  # started by the client's first call
    for _ in range(2):
        machine.run("systemctl", "restart", UNIT)
    machine.path("/run/enough").touch()
    answered, complaints = client.communicate(timeout=DEADLINE_SECONDS)

    assert (client.returncode, complaints) == (0, "")
    assert int(answered) > 2
    assert machine.path(SOCKET).is_socket()


def test_events_are_fields_of_the_journal(machine: Machine, tmp_path: Path) -> None:
    """What happened can be asked of the journal by event, book, chapter and worker, with its rank."""
    title = drop(machine, tmp_path)
    book = finished(machine, title).book_id
    done = events(machine, "chapter_completed", title)
    (admitted,) = events(machine, "book_admitted", title)

    assert {event["CHAPTER"] for event in done} == {"1", "2"}
    assert {event["BOOK"] for event in (*done, admitted)} == {book}
    assert all(event["WORKER"].startswith("worker-") and event["PRIORITY"] == "6" for event in done)
    assert {event["SYSLOG_IDENTIFIER"] for event in done} == {"imaginized"}
    assert {event["_SYSTEMD_UNIT"] for event in done} == {UNIT}


def test_f32_stop_drains_within_its_time(machine: Machine, tmp_path: Path) -> None:
    """`systemctl stop` in the middle of a book ends well: claims are given back and no try is counted."""
    title = drop(machine, tmp_path, chapters=8)
    eventually(lambda: events(machine, "chapter_claimed", title) != [])
    pid = machine.show("MainPID")
    machine.run("systemctl", "stop", UNIT)
    book = manifest_of(machine, title)
    told = [entry.get("EVENT") for entry in machine.journal(f"_PID={pid}")]

    assert (machine.show("ActiveState"), machine.show("Result")) == ("inactive", "success")
    assert told.index("daemon_stopping") < told.index("daemon_stopped")
    assert [entry for entry in book.chapters.values() if entry.is_live or entry.retry_count] == []


def test_a_user_s_own_daemon_is_two_commands_after_init(machine: Machine) -> None:
    """What `imaginized init` writes runs under the user's systemd by the commands that it names, and reloads."""
    home, runtime = "/home/alone", "/run/user/alone"
    machine.run("install", "--directory", "--owner=alone", "--group=alone", home, runtime)
    given = [f"HOME={home}", f"XDG_RUNTIME_DIR={runtime}", *PYTHON_PLACES]
    environment = [word for name in given for word in ("-E", name)]
    manager = ["--service-type=notify", "--property=Delegate=yes", "--uid=alone", "--unit=manager", *environment]
    machine.run("systemd-run", *manager, "/lib/systemd/systemd", "--user")
    written = machine.run("env", *given, PYTHON, "-m", "imaginized", "init", "--json", user="alone")
    for command in json.loads(written.stdout)["next"]:
        machine.run("env", *given, *command.split(), user="alone")
    machine.run("env", *given, "systemctl", "--user", "reload", "imaginized", user="alone")

    def user_status() -> Mapping[str, object]:
        told = machine.run("env", *given, PYTHON, "-m", "imaginized.cli", "status", "--json", user="alone").stdout
        return cast(Mapping[str, object], json.loads(told))

    eventually(lambda: user_status()["sandbox"] is not None)
    sandbox = cast(Mapping[str, object], user_status()["sandbox"])
    shown = machine.run(
        "env", *given, "systemctl", "--user", "show", "--property=StatusText", "imaginized", user="alone"
    )
    status = machine.run("env", *given, PYTHON, "-m", "imaginized.cli", "status", user="alone")
    machine.run("systemctl", "stop", "manager")

    assert shown.stdout == "StatusText=idle, 0 books done\n"
    assert sandbox["text"] == "whole, by Landlock and seccomp"
    assert status.stdout.endswith(f" into {home}/.local/share/imaginized/inbox\n")


def sandbox_of(machine: Machine) -> Mapping[str, object]:
    """What the daemon says of its readers' sandbox, once it knows."""
    eventually(lambda: machine.status().get("sandbox") is not None)
    return cast(Mapping[str, object], machine.status()["sandbox"])


def noted_sandbox(machine: Machine, title: str) -> Mapping[str, object]:
    """What kept the reader of a book from the rest, by the book's record."""
    (folder,) = folders_of(machine, title)
    noted: Mapping[str, object] = json.loads((folder / "data" / "book.json").read_bytes())["sandbox"]
    return noted


WHOLE = {"files": "Landlock", "network": "seccomp", "signals": "seccomp", "sockets": "seccomp", "reasons": []}


def test_f47_the_reader_s_sandbox_is_in_force_under_our_unit(machine: Machine, tmp_path: Path) -> None:
    """F47: the unit permits what the sandbox is made of, and each book's record says that it was in force."""
    found = sandbox_of(machine)
    title = drop(machine, tmp_path)
    finished(machine, title)
    doctor = json.loads(machine.ctl("doctor", "--json").stdout)["checks"]

    assert found == {**WHOLE, "is_whole": True, "is_required": True, "text": "whole, by Landlock and seccomp"}
    assert noted_sandbox(machine, title) == WHOLE
    assert [check["state"] for check in doctor if check["name"] == "sandbox"] == ["ok"]


def test_f47_the_sandbox_is_in_force_for_root_too(machine: Machine, tmp_path: Path) -> None:
    """F47: a service that was made root's confines its readers all the same."""
    machine.add_to_unit("User=root\nGroup=root")
    machine.run("systemctl", "restart", UNIT)
    machine.wait_for("User", "root")
    found = sandbox_of(machine)
    title = drop(machine, tmp_path, user="root")
    finished(machine, title)
    noted = noted_sandbox(machine, title)
    machine.start_anew()  # nobody else could read root's library

    assert found["is_whole"] is True
    assert noted == WHOLE


def test_f47_without_landlock_s_calls_no_book_is_read_and_all_say_why(machine: Machine, tmp_path: Path) -> None:
    """F47: books wait at no cost, status, doctor and log name the setting; with it they are read with what there is."""
    machine.add_to_unit("SystemCallFilter=~landlock_create_ruleset landlock_add_rule landlock_restrict_self")
    machine.run("systemctl", "restart", UNIT)
    title = drop(machine, tmp_path)
    eventually(lambda: "reading" in cast(Mapping[str, object], machine.status().get("paused", {})))
    eventually(lambda: len(events(machine, "claim_released", title)) == SETTINGS["workers.max_concurrency"])
    told = machine.ctl("status").stdout
    doctor = json.loads(machine.ctl("doctor", "--json").stdout)["checks"]
    waiting = manifest_of(machine, title).steps[Stage.SPLIT]
    config = machine.path(CONFIG)
    config.write_text(config.read_text() + 'reading.sandbox = "none"\n')
    machine.run("systemctl", "reload", UNIT)
    done = finished(machine, title)

    assert 'sandbox = "none" under [reading]' in told
    assert "not kept from files (Landlock: not permitted here" in told
    assert [check["state"] for check in doctor if check["name"] == "sandbox"] == ["fail"]
    assert (waiting.retry_count, waiting.error, phase(done)) == (0, None, Phase.DONE)
    assert noted_sandbox(machine, title)["files"] == ""
    assert noted_sandbox(machine, title)["sockets"] == "seccomp"
    assert len(events(machine, "reading_paused")) == 1


def test_key_is_systemd_s_credential(machine: Machine) -> None:
    """A key that only root may read reaches the daemon as a credential, and the doctor says so."""
    told = json.loads(machine.ctl("doctor", "--json").stdout)["checks"]
    states = {check["name"]: check["state"] for check in told}
    keys = [check["finding"] for check in told if check["name"] == "key"]

    assert keys[0].endswith("; systemd's credential keys_openai_api_key is not used")
    assert (states["unit"], states["socket"], states["inbox"], states["library"]) == ("ok", "ok", "ok", "ok")

"""The doctor: what it makes of facts, and that each complaint has its fix."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from imaginized.cli.doctor import (
    Check,
    as_answer,
    blocked,
    check_line,
    examine,
    hosts_check,
    judged,
    last_exits,
    sandbox_check,
)
from imaginized.control.checkup import facts_about
from imaginized.control.reporting import sandbox_report
from imaginized.process.confinement import Confinement
from imaginized.providers.keys import NO_KEYS, Key, Keys, find_keys
from imaginized.reasons import Code
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings


def settings(folder: Path, **changes: object) -> Settings:
    paths = {"paths.inbox": folder / "inbox", "paths.library": folder / "library"}
    given = {key.replace("__", "."): value for key, value in changes.items()}
    return load_settings(None, environment={"HOME": str(folder)}, overrides={**paths, **given})


def facts_of(folder: Path, *, mounts: str = "") -> Mapping[str, object]:
    return facts_about(settings(folder), mounts=mounts, find_keys=lambda: NO_KEYS)


def checks(facts: Mapping[str, object], name: str) -> list[Check]:
    return [check for check in judged(facts) if check.name == name]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("inbox", "library"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_good_folders_are_ok(place: Path) -> None:
    """Folders that are there and writable are fine."""
    facts = facts_of(place)

    assert [check.state for check in checks(facts, "inbox") + checks(facts, "library")] == ["ok", "ok"]
    assert [check.state for check in checks(facts, "key")] == ["ok"]


def test_doctor_says_of_a_shared_inbox_that_open_files_cannot_be_told(place: Path) -> None:
    """No complaint, for it may be meant so; nothing where the inbox is the daemon's own, or the kernel tells."""
    (place / "inbox").chmod(0o700)
    own = checks({**facts_of(place), "tells_writers": False}, "writers")
    (place / "inbox").chmod(0o770)
    told = checks({**facts_of(place), "tells_writers": True}, "writers")
    (untold,) = checks({**facts_of(place), "tells_writers": False}, "writers")

    assert (own, told) == ([], [])
    assert untold.state == "ok" and "CAP_LEASE" in untold.finding


def test_missing_folder_is_named_with_the_command_that_makes_it(place: Path) -> None:
    """The fix is a command that works when it is followed."""
    (place / "inbox").rmdir()
    (check,) = checks(facts_of(place), "inbox")

    assert check.state == "fail"
    assert check.fix == f"mkdir -p {place / 'inbox'}"
    assert check_line(check).endswith(f"→ {check.fix}")


@pytest.mark.parametrize(
    ("change", "name", "state"),
    [
        ({"is_writable": False}, "library", "fail"),
        ({"file_system": "nfs4", "is_remote": True}, "file system", "warn"),
        ({"free_bytes": 1000}, "disk", "warn"),
    ],
)
def test_each_trouble_with_a_folder_has_its_fix(
    place: Path, change: Mapping[str, object], name: str, state: str
) -> None:
    """No rights, a network file system and a full disk are told apart."""
    folder = {
        "path": "/l",
        "is_folder": True,
        "is_writable": True,
        "file_system": "ext4",
        "is_remote": False,
        "free_bytes": 1 << 40,
    }
    facts = {**facts_of(place), "folders": {"library": {**folder, **change}}}
    (check,) = checks(facts, name)

    assert check.state == state
    assert check.fix


def test_doctor_names_another_socket_of_the_settings_and_one_that_cannot_be_made(place: Path) -> None:
    """Who asks at one socket while the settings name another is told; so is who may not make theirs."""
    config = place / "i.toml"
    config.write_text(f'[paths]\nsocket = "/proc/none/s"\ninbox = "inbox"\nlibrary = "{place}/library"\n')
    found = examine(place / "s", config=config, environment={"HOME": str(place)})
    told = [(check.state, check.finding, check.fix) for check in found if check.name == "socket"][1:]

    assert told[0][0] == "warn"
    assert "the settings name /proc/none/s" in told[0][1]
    assert "--socket /proc/none/s" in told[0][2]
    assert f"the daemon at {place / 's'}" in told[0][2] and "doctor --config FILE" in told[0][2]
    assert told[1:] == [] or "paths.socket" in told[1][2]


def test_f11_inbox_on_a_server_is_judged_by_its_mount_alone(place: Path) -> None:
    """The supervisor takes no look at what may hang: nothing but the kind of the file system is said."""
    (place / "inbox").rmdir()  # a look would find it missing
    facts = facts_of(place, mounts=f"36 35 98:0 / {place / 'inbox'} rw shared:1 - nfs4 server:/books rw")
    found = [check for check in judged(facts) if str(place / "inbox") in check.finding]

    assert [(check.name, check.state) for check in found] == [("file system", "warn")]


def test_f16_arrival_that_is_blocked_is_named_with_what_mends_it() -> None:
    """The command gives the file to the daemon's user; what else may block has its reason."""
    reasons = {
        "a b.epub": "the daemon may not read or move it (Permission denied)",
        "c.epub": "its profile has mistakes",
    }
    codes = {"a b.epub": "no_access", "c.epub": None}
    rows = [{"name": name, "reason": reason, "code": codes[name]} for name, reason in reasons.items()]
    found = list(blocked({"paths": {"inbox": "/i"}, "inbox": {"blocked": rows}}, uid=7))

    assert [check.state for check in found] == ["warn", "warn"]
    assert found[0].fix == "chown 7 '/i/a b.epub'"
    assert "profile" in found[1].finding


def test_low_inotify_limits_are_a_warning(place: Path) -> None:
    """The fix raises the very limit that is low."""
    facts = {**facts_of(place), "inotify": {"max_user_watches": 10, "max_user_instances": None}}
    low, unknown = checks(facts, "inotify")

    assert low.state == "warn"
    assert low.fix.startswith("sysctl fs.inotify.max_user_watches=")
    assert unknown.state == "ok"


def test_endpoints_are_looked_at_where_they_are_used(place: Path) -> None:
    """Of each endpoint: where its key is from, or that there is none; whether it takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        chosen = {"provider__text": "openai", "provider__image": "openai", "openai__image__model": "i"}
        places = {"openai__base_url": url, "openai__image__base_url": "https://127.0.0.1:9/v1"}
        used = settings(place, openai__text_model="m", **chosen, **places)
        keys = Keys(text=Key("secret", origin=url, source="systemd's credential keys_openai_api_key"))
        found = judged(facts_about(used, mounts="", find_keys=lambda: keys))

    told = [(check.state, check.finding) for check in found if check.name in ("key", "endpoint")]
    assert [state for state, _ in told] == ["ok", "warn", "ok", "fail"]
    assert told[0][1].endswith("is from systemd's credential keys_openai_api_key")
    assert "secret" not in str(found)


def test_an_endpoint_of_hosts_alone_is_not_looked_for_here(place: Path) -> None:
    """A GPU host has it on its own loopback address; nothing listens here, and nothing is wrong."""
    chosen = {
        "provider__image": "openai",
        "openai__image__base_url": "http://127.0.0.1:9/v1",
        "openai__image__model": "i",
    }
    found = {}
    for slots in (0, 1):
        files = {"hosts__broker_url_file": place / "url", "hosts__key_file": place / "key"}
        used = settings(place, hosts__engine="celery", hosts__image_slots=slots, **files, **chosen)
        told = judged(facts_about(used, mounts="", find_keys=lambda: NO_KEYS))
        found[slots] = [(check.state, check.finding) for check in told if check.name == "endpoint"]

    assert [state for state, _ in found[0]] == ["fail"]
    assert found[1] == [("ok", "http://127.0.0.1:9/v1 is each host's own; hosts ask it, and this machine does not")]


def test_key_that_cannot_be_used_is_a_failure_with_its_reason(place: Path) -> None:
    """What a reload would say of the key file is said now."""
    key = place / "key"
    key.write_text("k")
    key.chmod(0o644)
    chosen = {"provider__text": "openai", "provider__image": "none"}
    given = settings(place, openai__text_model="m", openai__api_key_file=key, **chosen)
    (check, _) = [
        check
        for check in judged(facts_about(given, mounts="", find_keys=lambda: find_keys(given, {})))
        if check.name in ("key", "endpoint")
    ]

    assert check.state == "fail"
    assert f"chmod 600 {key}" in check.finding
    assert "reload" in check.fix


def test_without_a_daemon_the_doctor_says_how_to_start_one(tmp_path: Path) -> None:
    """What it can find out by itself is still told."""
    found = examine(tmp_path / "none", config=None, environment={"HOME": str(tmp_path)})

    assert found[0].state == "fail"
    assert "imaginized run" in found[0].fix
    assert {"versions", "clock", "unit"} <= {check.name for check in found}
    assert as_answer(found)["worst"] == "fail"


def alone(folder: Path, text: str, *, socket: str = "none") -> dict[str, list[Check]]:
    """What the doctor finds with these settings and no daemon, by the checks' names."""
    (folder / "i.toml").write_text(text)
    found: dict[str, list[Check]] = {}
    for check in examine(folder / socket, config=folder / "i.toml", environment={"HOME": str(folder)}):
        found.setdefault(check.name, []).append(check)
    return found


def test_without_a_daemon_folders_key_and_endpoint_are_looked_at(place: Path) -> None:
    """What the next start would find: the file, folders with their file system, no key, nobody at the endpoint."""
    text = (
        'paths.inbox = "inbox"\npaths.library = "new/library"\nprovider.text = "openai"\n'
        'openai.text_model = "m"\nopenai.base_url = "https://127.0.0.1:9/v1"\n'
    )
    found = alone(place, text)

    assert found["settings"][0].finding.startswith(f"{place / 'i.toml'} (looked at as uid ")
    assert [(check.state, " is writable, on " in check.finding) for check in found["inbox"]] == [("ok", True)]
    assert [(check.state, "creates it when it starts" in check.finding) for check in found["library"]] == [("ok", True)]
    assert [check.state for check in found["key"] + found["endpoint"]] == ["warn", "fail"]
    assert found["last exit"]


def test_without_a_daemon_each_mistake_of_the_settings_is_a_failure(place: Path) -> None:
    """With its line; what hangs on the settings is not guessed at."""
    found = alone(place, "workers.max_concurrency = 0\nguide.formats = 3\n")

    assert [check.state for check in found["settings"]] == ["fail", "fail"]
    assert f"{place / 'i.toml'}:2" in found["settings"][1].finding
    assert "inbox" not in found


def test_folder_that_cannot_be_made_is_a_failure(place: Path) -> None:
    """A file stands where a folder has to be made."""
    (place / "file").write_text("")
    (check,) = alone(place, 'paths.library = "file/library"\n')["library"]

    assert check.state == "fail"
    assert check.fix.startswith(f"mkdir -p {place / 'file' / 'library'}")


def test_each_state_of_the_socket_is_told_apart(place: Path) -> None:
    """No file, one that a killed daemon left, something that is no socket: each with what to do."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place / "s"))
    (place / "f").write_text("")
    said = [alone(place, "", socket=name)["socket"][0] for name in ("none", "s", "f")]

    assert [check.state for check in said] == ["fail"] * 3
    assert "no socket at" in said[0].finding and "imaginized run" in said[0].fix
    assert "left by one that was killed" in said[1].finding and "imaginized run" in said[1].fix
    assert "--config FILE" in said[1].fix
    assert "is not a socket" in said[2].finding and "--socket" in said[2].fix


UNIT = {"LoadState": "loaded", "ExecMainExitTimestamp": "Sun 2026-11-29 01:02:03 UTC"}


@pytest.mark.parametrize(
    ("facts", "state", "finding"),
    [
        ({}, "ok", "unknown: only systemd records it"),
        ({"LoadState": "loaded", "ExecMainExitTimestamp": ""}, "ok", "none since systemd started"),
        ({**UNIT, "ExecMainCode": "1", "ExecMainStatus": "0"}, "ok", "exit 0 (ok), Sun 2026"),
        ({**UNIT, "ExecMainCode": "1", "ExecMainStatus": "10"}, "warn", "exit 10 (bad settings), Sun 2026"),
        ({**UNIT, "ExecMainCode": "1", "ExecMainStatus": "203", "Result": "exit-code"}, "warn", "exit 203, exit-code"),
        ({**UNIT, "ExecMainCode": "2", "ExecMainStatus": "9", "Result": "oom-kill"}, "warn", "killed by SIGKILL (oom-"),
        ({**UNIT, "ExecMainCode": "3", "ExecMainStatus": "6", "Result": "watchdog"}, "warn", "killed by SIGABRT (wat"),
    ],
)  # fmt: skip
def test_last_exit_is_what_systemd_remembers(facts: Mapping[str, str], state: str, finding: str) -> None:
    """The exit code in words, or the signal and systemd's reason."""
    (check,) = last_exits(facts, {})

    assert (check.state, bool(check.fix)) == (state, state == "warn")
    assert check.finding.startswith(finding)


@pytest.mark.parametrize(
    ("found", "is_required", "states"),
    [
        (None, True, []),
        (Confinement(files="Landlock", network="seccomp", signals="seccomp", sockets="seccomp"), True, ["ok"]),
        (Confinement(reasons=("Landlock: not here",)), True, ["fail"]),
        (Confinement(reasons=("Landlock: not here",)), False, ["warn"]),
    ],
)
def test_f47_the_sandbox_is_judged_by_what_the_settings_demand(
    found: Confinement | None, is_required: bool, states: list[str]
) -> None:
    """F47: a missing part that is accepted is a warning; one that stops all reading is a failure, with the setting."""
    checks = [*sandbox_check({"sandbox": sandbox_report(found, is_required=is_required)})]

    assert [check.state for check in checks] == states
    assert all("Landlock: not here" in check.finding for check in checks if check.state != "ok")
    assert all('sandbox = "none"' in check.fix for check in checks if check.state != "ok")


def test_each_check_has_a_code_and_only_one_that_is_well_is_ok(place: Path) -> None:
    """A program decides by `code`: it is ok where nothing is to be mended, and one of the closed list else."""
    (place / "inbox").rmdir()
    facts = {**facts_of(place), "inotify": {"max_user_watches": 10}, "key_problem": "unreadable"}
    found = [*judged(facts), *examine(place / "s", config=None, environment={"HOME": str(place)})]
    told = as_answer(found)

    assert {check.code for check in found} >= {Code.FOLDER_MISSING, Code.WATCHES_FEW, Code.KEY_UNUSABLE}
    assert Code.NOT_RUNNING in {check.code for check in found}
    assert [check for check in found if (check.state == "ok") != (check.code is Code.OK)] == []
    assert {row["code"] for row in cast(list[Mapping[str, object]], told["checks"])} <= set(map(str, Code))


def test_who_speaks_through_the_broker_without_our_key_is_told() -> None:
    """A host with another key file, or somebody else at the Redis server; daemons of earlier versions do not say."""
    host = {"host": "gpu", "slots": 2, "differs": "", "refused": 3}
    answer = {"engine": "celery", "problem": "", "hosts": [host], "strangers": 1}
    told = [(check.state, check.finding) for check in hosts_check(answer)]
    earlier = {"engine": "celery", "problem": "", "hosts": [{**host, "refused": 0}]}

    assert told[0][0] == "ok"
    assert told[1:] == [
        ("warn", "hosts with another key than ours: 1; they get no work"),
        ("warn", "gpu dropped 3 messages that were not sealed with our key"),
    ]
    assert [check.state for check in hosts_check(earlier)] == ["ok"]

"""The units: systemd accepts them, they are locked down, and they agree with the settings."""

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from imaginized.settings.file import load_settings
from imaginized.settings.places import SYSTEM_SOCKET
from tests.support.waiting import DEADLINE_SECONDS

UNITS = Path(__file__).parents[2] / "systemd"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
needs_sysusers = pytest.mark.skipif(
    shutil.which("systemd-sysusers") is None, reason="systemd-sysusers is not installed"
)


class Unit(configparser.RawConfigParser):
    """A unit file; of repeated options it keeps the last."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, delimiters=("=",), interpolation=None)
        self.read_string((UNITS / name).read_text())

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def run(*command: str | Path, runtime: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "SYSTEMD_PAGER": ""}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=False
    )


def runnable(name: str, *, folder: Path) -> Path:
    """A copy of a unit that starts a program which exists everywhere, for `verify` looks whether it does."""
    lines = (UNITS / name).read_text().splitlines()
    copied = folder / name
    copied.write_text("\n".join(re.sub(r"^(Exec\w+)=.*", r"\1=/bin/true", line) for line in lines))
    return copied


@needs_systemd
@pytest.mark.parametrize("name", ["imaginized.service", "imaginized-web.service"])
def test_the_service_is_locked_down(tmp_path: Path, name: str) -> None:
    """The service's exposure is 1.3 at most, with the network left open for providers and for browsers."""
    done = run(
        "systemd-analyze", "security", "--offline=true", "--threshold=13", "--no-pager", UNITS / name,
        runtime=tmp_path,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


@needs_systemd
def test_systemd_finds_nothing_to_complain_about_in_the_system_units(tmp_path: Path) -> None:
    """Services and socket are free of unknown or contradicting options."""
    units = [
        runnable(name, folder=tmp_path)
        for name in ("imaginized.service", "imaginized.socket", "imaginized-web.service")
    ]
    done = run("systemd-analyze", "verify", *units, runtime=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_nothing_to_complain_about_in_the_user_unit(tmp_path: Path) -> None:
    """The user's service is free of unknown or contradicting options."""
    unit = runnable("imaginized-user.service", folder=tmp_path)
    done = run("systemd-analyze", "verify", "--user", unit, runtime=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@needs_sysusers
def test_the_user_is_made(tmp_path: Path) -> None:
    """systemd-sysusers understands the file."""
    done = run("systemd-sysusers", "--dry-run", UNITS / "imaginized.sysusers.conf", runtime=tmp_path)

    assert done.returncode == 0, done.stderr


def test_units_and_settings_agree_on_every_path() -> None:
    """Where the service may write is where the default settings put things."""
    unit = Unit("imaginized.service")
    variable, _, value = unit["Service"]["Environment"].partition("=")
    paths = load_settings(None, environment={"HOME": "/", variable: value}).paths
    assert paths.socket == SYSTEM_SOCKET or os.geteuid() != 0  # who may not write there has another, without systemd
    made = {line.split()[1] for line in (UNITS / "imaginized.tmpfiles.conf").read_text().splitlines() if line[0] == "d"}

    assert {str(paths.inbox), str(paths.library), str(SYSTEM_SOCKET.parent)} <= made
    assert paths.inbox.parent == Path("/var/lib") / unit["Service"]["StateDirectory"]
    assert SYSTEM_SOCKET.parent == Path("/run") / unit["Service"]["RuntimeDirectory"]
    assert Unit("imaginized.socket")["Socket"]["ListenStream"] == str(SYSTEM_SOCKET)


@pytest.mark.parametrize("name", ["imaginized.service", "imaginized-user.service"])
def test_the_daemon_is_given_time_to_drain(name: str) -> None:
    """systemd waits longer than the daemon lets its workers finish."""
    drain = load_settings(None, environment={"HOME": "/"}).workers.drain_seconds

    assert int(Unit(name)["Service"]["TimeoutStopSec"]) > drain


@pytest.mark.parametrize("name", ["imaginized.service", "imaginized-user.service"])
def test_one_worker_never_takes_the_service_down(name: str) -> None:
    """What measurement showed to matter is set: see the comments in the unit."""
    service = Unit(name)["Service"]
    wanted = {
        "Type": "notify",
        "OOMPolicy": "continue",
        "KillMode": "mixed",
        "RuntimeDirectoryPreserve": "yes",
        "SystemCallErrorNumber": "EPERM",
        "RestartPreventExitStatus": "2 10",
    }

    assert {key: service.get(key) for key in wanted} == wanted
    assert "PrivateUsers" not in service


def test_the_service_may_ask_who_has_a_drop_open_and_no_more() -> None:
    """Of other users' files the kernel tells only whoever has CAP_LEASE; no other capability is given."""
    service = Unit("imaginized.service")["Service"]

    assert (service["CapabilityBoundingSet"], service["AmbientCapabilities"]) == ("CAP_LEASE", "CAP_LEASE")


@pytest.mark.parametrize("option", ["PrivateDevices", "ProtectKernelModules", "CapabilityBoundingSet", "User"])
def test_the_user_unit_asks_for_nothing_a_user_may_not(option: str) -> None:
    """Options that make a user's service fail to start are left out."""
    assert option not in Unit("imaginized-user.service")["Service"]


@pytest.mark.parametrize("name", ["imaginized.service", "imaginized-user.service"])
def test_f47_the_units_allow_the_reader_s_sandbox_and_bound_the_whole(name: str) -> None:
    """F47: Landlock's calls are in no group of systemd 252; memory, tasks and the clouds' own address are bounded."""
    lines = (UNITS / name).read_text().splitlines()

    assert "SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self" in lines
    assert {"MemoryMax=4G", "TasksMax=256", "IPAddressDeny=link-local"} <= set(lines)

"""A machine for tests: this one's files under a real systemd of its own, in namespaces, gone at the end."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.slowness import at_most
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
PYTHON = f"/opt/imaginized/python/bin/python{sys.version_info.major}.{sys.version_info.minor}"
UNIT = "imaginized.service"
SOCKET_UNIT = "imaginized.socket"
SOCKET = "/run/imaginized/control.sock"
BOOT_SECONDS = at_most(15.0)
COMMAND_SECONDS = at_most(20.0)
TARGET = "[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n"
USERS = """u reader - "in the group"
u stranger - "not in the group"
u alone - "with a daemon of its own" /home/alone
m reader imaginized
"""
CONFIG = "/etc/imaginized/imaginized.toml"
DROP_INS = f"/run/systemd/system/{UNIT}.d"
SETTINGS = {
    "provider.image": "none",
    "inbox.settle_seconds": 0.1,
    "inbox.reconcile_seconds": 2.0,
    "workers.max_concurrency": 2,
    "workers.drain_seconds": 10.0,
    "workers.reap_interval_seconds": 1.0,
}
PROGRAM = "#!{python}\nfrom imaginized.cli.{module} import main\n\nif __name__ == '__main__':\n    main()\n"
PYTHON_PLACES = (
    "PYTHONPATH=/opt/imaginized/source:/opt/imaginized/packages",
    "LD_LIBRARY_PATH=/opt/imaginized/python/lib",  # a Python that is moved does not find its own
)
# What differs from the unit as it is shipped: where this Python finds its packages, and how patient systemd is.
DROP_IN = f"""[Service]
Environment={" ".join(PYTHON_PLACES)} PYTHONDONTWRITEBYTECODE=1
WatchdogSec=6
RestartSec=100ms
"""
NAMESPACES = ("--mount", "--pid", "--uts", "--ipc", "--net")
REMOVE = """
mount -t cgroup2 cgroup2 /mnt
cd "/mnt$(sed -n 's/^0:://p' /proc/self/cgroup)" && find "./$1" -depth -type d -exec rmdir {} +
"""


def why_not() -> str:
    """Why no machine can be booted here; empty where it can."""
    if os.geteuid() != 0:
        return "needs root to make namespaces and mounts"
    missing = [name for name in ("unshare", "nsenter", "pivot_root", "systemctl") if shutil.which(name) is None]
    if missing or not SYSTEMD.exists():
        return f"not installed: {', '.join(missing) or 'systemd'}"
    tried = subprocess.run(
        ["unshare", *NAMESPACES, "--cgroup", "--fork", "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True
    )
    return "" if tried.returncode == 0 else f"namespaces or mounts are not permitted: {tried.stderr.decode().strip()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A booted machine, by the pid its PID 1 has here."""

    pid: int

    def run(self, *command: str, user: str = "root", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        process = self.begin(*command, user=user)
        stdout, stderr = process.communicate(timeout=COMMAND_SECONDS)
        done = subprocess.CompletedProcess(command, process.returncode, stdout, stderr)
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}{self.journal_text()}"
        return done

    def begin(self, *command: str, user: str = "root") -> subprocess.Popen[str]:
        """Begin a command in it."""
        as_user = [] if user == "root" else ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        environment = {"PATH": os.defpath, **dict(place.split("=") for place in PYTHON_PLACES)}
        entered = ["nsenter", f"--target={self.pid}", "--all", *as_user, *command]
        return subprocess.Popen(entered, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def show(self, name: str) -> str:
        """A property of the service."""
        return self.run("systemctl", "show", "--value", "--property", name, UNIT).stdout.strip()

    def ctl(self, *command: str, user: str = "root") -> subprocess.CompletedProcess[str]:
        """imaginizectl, as somebody."""
        code = "from imaginized.cli.ctl import main; main()"
        return self.run(PYTHON, "-c", code, "--socket", SOCKET, *command, user=user, check=False)

    def status(self) -> Mapping[str, object]:
        """What the daemon says of itself; empty while it does not answer."""
        done = self.ctl("status", "--json")
        found: Mapping[str, object] = json.loads(done.stdout) if done.returncode == 0 else {}
        return found

    def journal(self, *matches: str) -> list[Mapping[str, str]]:
        """The service's entries of the journal."""
        lines = self.run("journalctl", "--unit", UNIT, "--output=json", *matches, check=False).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def journal_text(self) -> str:
        """The last lines of the journal, for failures."""
        entered = ["nsenter", f"--target={self.pid}", "--all", "journalctl", "--no-pager", "--lines=40"]
        return "\n" + subprocess.run(entered, capture_output=True, text=True, check=False).stdout

    def path(self, name: str) -> Path:
        """A path of the machine, from here."""
        return Path(f"/proc/{self.pid}/root{name}")

    def refresh(self) -> None:
        """See that the service runs as it was installed; on whatever books are there."""
        is_changed = not self.path(CONFIG).exists() or self.path(CONFIG).read_text() != _toml(SETTINGS)
        is_changed = is_changed or self.path(DROP_INS).exists() or self.path("/run/enough").exists()
        if is_changed or self.show("ActiveState") != "active":
            self.start_anew()

    def start_anew(self) -> None:
        """A fresh start of the service as it was installed, on an empty library."""
        self.run("systemctl", "stop", UNIT, SOCKET_UNIT, check=False)
        self.run("systemctl", "reset-failed", check=False)
        self.path(CONFIG).write_text(_toml(SETTINGS))
        if self.path(DROP_INS).exists():
            shutil.rmtree(self.path(DROP_INS))
            self.run("systemctl", "daemon-reload")
        self.path("/run/enough").unlink(missing_ok=True)
        for folder in ("inbox", "library"):
            for left in self.path(f"/var/lib/imaginized/{folder}").iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        self.run("systemctl", "start", UNIT)

    def add_to_unit(self, text: str) -> None:
        """Change the service's unit until the next `restart`; counts from its next start."""
        self.path(DROP_INS).mkdir(parents=True, exist_ok=True)
        self.path(f"{DROP_INS}/zz.conf").write_text(f"[Service]\n{text}\n")
        self.run("systemctl", "daemon-reload")

    def wait_for(self, name: str, *values: str) -> None:
        """Wait until a property has one of these values."""
        try:
            eventually(lambda: self.show(name) in values, deadline_seconds=COMMAND_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{name} is {self.show(name)}, not {values}{self.journal_text()}") from error


@contextmanager
def booted() -> Iterator[Machine]:
    """A machine with the service installed and not started, for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="imz-boot-") as folder:
        files, place = Path(folder) / "files", Path(folder) / "place"
        place.mkdir()
        _install(files)
        python, packages = sys.base_prefix, sysconfig.get_path("purelib")
        group = Path(folder).name
        script = [
            "sh",
            str(Path(__file__).with_name("booted.sh")),
            str(place),
            python,
            packages,
            str(ROOT),
            str(files),
            group,
        ]
        with (Path(folder) / "log").open("w+") as log:
            process = subprocess.Popen(
                ["unshare", *NAMESPACES, "--fork", "--kill-child", *script],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
            try:
                yield _wait_until_up(process, log=Path(log.name))
            finally:
                process.kill()  # and with it PID 1, and with that everything
                process.wait()
                eventually(lambda: _remove(group))


def _remove(group: str) -> bool:
    """Remove a machine's control groups; not as long as its last process is about to go."""
    command = ["unshare", "--mount", "sh", "-c", REMOVE, "sh", group]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _wait_until_up(process: subprocess.Popen[bytes], *, log: Path) -> Machine:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    eventually(lambda: process.poll() is not None or children.read_text().strip() != "")
    machine = Machine(pid=int(children.read_text().split()[0]))

    def is_up() -> bool:
        assert process.poll() is None, f"no machine: {log.read_text()}"
        state = machine.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    eventually(is_up, deadline_seconds=BOOT_SECONDS)
    return machine


def _install(files: Path) -> None:
    """What `systemd/README.md` says, in a folder that is copied into the machine."""
    units = ROOT / "systemd"
    texts = {
        "etc/systemd/system/imaginized.service": (units / UNIT).read_text(),
        "etc/systemd/system/imaginized.service.d/tests.conf": DROP_IN,
        "etc/systemd/system/imaginized.socket": (units / "imaginized.socket").read_text(),
        "etc/systemd/system/tests.target": TARGET,
        "etc/sysusers.d/imaginized.conf": (units / "imaginized.sysusers.conf").read_text(),
        "etc/sysusers.d/tests.conf": USERS,
        "etc/tmpfiles.d/imaginized.conf": (units / "imaginized.tmpfiles.conf").read_text(),
        "etc/imaginized/credentials/openai_api_key": "not-a-key\n",
        "opt/imaginized/bin/imaginized": PROGRAM.format(python=PYTHON, module="daemon"),
        "opt/imaginized/bin/imaginizectl": PROGRAM.format(python=PYTHON, module="ctl"),
    }
    for name, text in texts.items():
        path = files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for program in (files / "opt/imaginized/bin").iterdir():
        program.chmod(0o755)


def _toml(settings: Mapping[str, object]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())


needs_machine = pytest.mark.skipif(why_not() != "", reason=f"no machine can be booted: {why_not()}")

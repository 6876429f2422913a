"""Running the real daemon in tests: start it on folders of its own, drop books, ask it, kill parts of it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from imaginized.control.client import Client
from imaginized.errors import ControlError
from imaginized.inbox.dropping import copy_into
from tests.support.schema import check_manifests
from tests.support.waiting import DEADLINE_SECONDS, eventually

Row = Mapping[str, object]

FAST = {
    "inbox.settle_seconds": 0.2,
    "inbox.reconcile_seconds": 2.0,
    "disk.min_free_bytes": 0,
    "workers.reap_interval_seconds": 1.0,
    "workers.drain_seconds": 10.0,
}


@dataclass(kw_only=True)
class Daemon:
    """One daemon's folders, and its process while it runs."""

    folder: Path
    options: Mapping[str, object] = field(default_factory=dict)
    faults: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    wrapper: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    log_to: int | None = None

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Start it and wait until it answers and watches the inbox."""
        self.begin()
        self.wait_for(self.answers, "the daemon answers")
        self.wait_for(self.watches, "the intake has looked at the inbox")
        # The daemon is ready with its intake; those who work on books follow when what they need is imported.
        self.wait_for(lambda: all(row["state"] != "stopped" for row in self.workers()), "workers are started")

    def begin(self) -> None:
        """Start it and wait for nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.write_settings()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IMAGINIZED_")}
        environment |= self.environment
        if self.faults:
            environment["IMAGINIZED_FAULT"] = self.faults
        # A session of its own, as systemd starts it. In ours the kernel ends what a killed supervisor leaves behind: it
        # hangs up on a group that nobody of the session has any more, if somebody in it is stopped.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapper, sys.executable, "-m", "imaginized", "run", "--config", str(config)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=self.log_to or log, env=environment,
                start_new_session=True,
            )  # fmt: skip

    def write_settings(self) -> Path:
        """Write what it reads at its start and when it is told to reload."""
        paths = {"paths.inbox": "inbox", "paths.library": "library", "paths.socket": "s"}
        config = self.folder / "imaginized.toml"
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in {**paths, **FAST, **self.options}.items()]
        config.write_text("".join(lines))
        return config

    def answers(self) -> bool:
        try:
            self.status()
        except ControlError:
            return False
        return True

    def watches(self) -> bool:
        return "degraded" in cast(Row, self.status()["inbox"])

    def status(self) -> Row:
        with Client(self.socket) as client:
            return client.call("status")

    def call(self, method: str, **parameters: object) -> Row:
        with Client(self.socket) as client:
            return client.call(method, **parameters)

    def drop(self, book: Path, *, name: str = "") -> str:
        """Copy a book into the inbox; returns the name it got there."""
        source = book
        if name:
            source = self.folder / "to-drop" / name
            source.parent.mkdir(exist_ok=True)
            shutil.copyfile(book, source)
        return copy_into(self.inbox, source).name

    def books(self) -> list[Row]:
        return cast(list[Row], self.status()["books"])

    def workers(self) -> list[Row]:
        return [row for row in cast(list[Row], self.status()["workers"]) if row["slot"] != "intake"]

    def wait_for_phases(self, *phases: str) -> list[Row]:
        """Wait until the books have these phases, in any order."""
        wanted = sorted(phases)
        self.wait_for(lambda: sorted(str(book["phase"]) for book in self.books()) == wanted, f"phases {wanted}")
        return self.books()

    def wait_for(self, is_so: Callable[[], bool], what: str) -> None:
        try:
            eventually(is_so, deadline_seconds=DEADLINE_SECONDS)
        except AssertionError as error:
            tail = "\n".join(self.log.read_text().splitlines()[-30:])
            raise AssertionError(f"never came true: {what}\n{tail}") from error

    def events(self, name: str) -> list[Row]:
        """What the log has of an event so far."""
        found = []
        for line in self.log.read_text().splitlines():
            if f'"event": "{name}"' in line:
                found.append(json.loads(line))
        return found

    def kill(self) -> None:
        """SIGKILL the supervisor, and collect it."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Drain it; returns its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_SECONDS)


def asking(base_url: str) -> dict[str, object]:
    """Options of a daemon whose books are read and drawn by a scripted endpoint."""
    return {
        "provider__text": "openai",
        "provider__image": "openai",
        "openai__base_url": base_url,
        "openai__text_model": "reader-1",
        "openai__image_model": "painter-1",
        "openai__retry_seconds": 0.05,
    }


@contextmanager
def daemon_in(folder: Path, *, faults: str = "", drawing: bool = False, **options: object) -> Iterator[Daemon]:
    """A running daemon below a short path (sockets need one); whatever is left of it afterwards is killed.

    It makes guides without pictures, which take most of the time, if not told to draw.
    """
    wrapper = cast(tuple[str, ...], options.pop("wrapper", ()))
    environment = cast(Mapping[str, str], options.pop("environment", {}))
    with tempfile.TemporaryDirectory(prefix="imz-") as short:
        place = Path(short)
        daemon = Daemon(
            folder=place,
            options={
                "provider.image": "builtin" if drawing else "none",
                **{key.replace("__", "."): value for key, value in options.items()},
            },
            faults=faults,
            wrapper=wrapper,
            environment=environment,
        )
        daemon.start()
        try:
            yield daemon
        finally:
            if daemon.process is not None and daemon.process.poll() is None:
                daemon.stop()
            shutil.copyfile(daemon.log, folder / "daemon.log")
        check_manifests(daemon.library)


def processes_of(daemon: Daemon) -> set[int]:
    """The pids of everything that runs in the daemon's process group, zombies left out."""
    assert daemon.process is not None
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, _, group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue  # ended between the listing and the look
            if int(group) == daemon.process.pid and state != "Z":
                found.add(int(entry.name))
    return found

"""A home and its hosts as real processes, with the distribution's own Redis server between them."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import redis

from imaginized.clock import SystemClock
from imaginized.store.library import Library
from tests.support.crash_steps import prepare, take_in
from tests.support.daemons import Daemon, Row
from tests.support.schema import check_manifests
from tests.support.slowness import at_most
from tests.support.waiting import DEADLINE_SECONDS, eventually
from tests.support.webs import free_port

SILENCE_SECONDS = max(3.0, at_most(0.6))


@dataclass(kw_only=True)
class Broker:
    """A Redis server that keeps nothing on the disk."""

    folder: Path
    port: int
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_at(self.port)

    def url_at(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    @property
    def client(self) -> Any:
        """What somebody has who reaches it."""
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", self.password,
                 "--save", "", "--appendonly", "no"],
                stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip
        eventually(self.answers)

    def answers(self) -> bool:
        with suppress(redis.RedisError):
            return bool(self.client.ping())
        return False

    def stop(self, *, is_kept: bool = False) -> None:
        """End it at once; what it had is gone, or is there when it is started again."""
        assert self.process is not None
        if is_kept:
            self.client.shutdown(save=True)
        else:
            self.process.kill()
        self.process.wait()


class Cable:
    """What a host's connections to the broker go through. Cut, nothing passes, and neither end is told."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._whole = threading.Event()
        self._whole.set()
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self.mend()
        for each in (self._listening, *self._ends):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                try:
                    there = socket.create_connection(("127.0.0.1", self._to))
                except ConnectionRefusedError:  # while the broker is started again
                    here.close()
                    continue
                self._ends += (here, there)
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                self._whole.wait()
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@dataclass(kw_only=True)
class HostProcess:
    """One host."""

    folder: Path
    name: str
    slots: int = 1
    queues: str = "text,image"
    faults: str = ""
    settings: str = ""
    url_file: str = "url"
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / f"host-{self.name}.log"

    def start(self) -> None:
        config = self.folder / f"host-{self.name}.toml"
        config.write_text(f"logs.format = 'json'\n{self.settings}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IMAGINIZED_")}
        home = self.folder / f"home-of-{self.name}"
        home.mkdir(exist_ok=True)
        environment |= {"HOME": str(home), "IMAGINIZED_FAULT": self.faults, "TMPDIR": str(home)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "imaginized", "host", "--config", str(config), "--name", self.name,
                 "--broker-url-file", str(self.folder / self.url_file), "--key-file", str(self.folder / "key"),
                 "--queues", self.queues, "--slots", str(self.slots)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, process_group=0,
            )  # fmt: skip
        eventually(lambda: f"{self.name} takes" in self.log.read_text())

    def signal(self, number: signal.Signals) -> None:
        """Send it to all of its processes."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.process is not None
        self.process.wait(DEADLINE_SECONDS)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass(kw_only=True)
class House:
    """A home with a library that has one book, a broker and hosts."""

    home: Daemon
    broker: Broker
    hosts: list[HostProcess]
    cables: list[Cable]

    @property
    def library(self) -> Library:
        return Library(self.home.library, clock=SystemClock())

    def wait_until_done(self, phase: str = "done") -> None:
        self.home.wait_for_phases(phase)

    def completed(self) -> Counter[tuple[object, object]]:
        """How often each chapter was completed, by stage."""
        return Counter((row["stage"], row["chapter"]) for row in self.home.events("chapter_completed"))

    def failed(self) -> list[Row]:
        return self.home.events("chapter_failed")


def taken_in(folder: Path, book: Path) -> Path:
    """A library with one book that nobody has begun."""
    place = prepare(folder, book=book)
    take_in(place, Library(place.library, clock=SystemClock()))
    return place.library


@contextmanager
def house_in(
    folder: Path, *, library: Path, hosts: int = 2, slots: int = 1, faults: str = "", host_settings: str = "",
    away: bool = True, silence_seconds: float = SILENCE_SECONDS, others: int = 0, **options: object,
) -> Iterator[House]:  # fmt: skip
    """Home, broker and hosts at work on a copy of a library; whatever is left of them is killed.

    So many others have prompts that home does not have.
    """
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here")
    with tempfile.TemporaryDirectory(prefix="imz-") as short, ExitStack() as stack:
        place = Path(short)
        shutil.copytree(library, place / "library")
        broker = Broker(folder=place, port=free_port())
        broker.start()
        stack.callback(broker.stop)
        cables = [Cable(broker.port) for _ in range(hosts)]
        for cable in cables:
            stack.callback(cable.close)
        urls = {f"url{number}": broker.url_at(cable.port) for number, cable in enumerate(cables, start=1)}
        for name, text in {"url": broker.url, "key": secrets.token_hex(32), **urls}.items():
            (place / name).touch(mode=0o600)
            (place / name).write_text(text)
        fleet = [
            HostProcess(
                folder=place,
                name=f"host{number}",
                slots=slots,
                faults=faults,
                settings=host_settings,
                url_file=f"url{number}",
            )
            for number in range(1, hosts + 1)
        ]
        for host in (*fleet, *_others(place, others)):
            stack.callback(host.kill)
            host.start()
        away_options = {
            "hosts.engine": "celery", "hosts.broker_url_file": "url", "hosts.key_file": "key",
            "hosts.text_slots": max(1, hosts * slots), "hosts.image_slots": max(1, hosts * slots),
            "hosts.silence_seconds": silence_seconds, "hosts.start_seconds": 20.0, "hosts.patience_seconds": 40.0,
        } if away else {}  # fmt: skip
        told = {key.replace("__", "."): value for key, value in options.items()}
        home = Daemon(folder=place, options={**away_options, **told})
        stack.callback(lambda: _end(home, folder))
        home.start()
        yield House(home=home, broker=broker, hosts=fleet, cables=cables)
        check_manifests(home.library)


def _others(place: Path, count: int) -> list[HostProcess]:
    prompts = place / "prompts"
    prompts.mkdir()
    (prompts / "image.md").write_text("Draw it as {style}.\n")
    told = f"openai.prompts = {json.dumps(str(prompts))}\n"
    return [HostProcess(folder=place, name=f"other{number}", slots=8, settings=told) for number in range(count)]


def _end(home: Daemon, folder: Path) -> None:
    if home.process is not None and home.process.poll() is None:
        home.stop()
    shutil.copyfile(home.log, folder / "daemon.log")
    for log in home.folder.glob("host-*.log"):
        shutil.copyfile(log, folder / log.name)

"""The page in the endurance run: tabs that listen all along, one that looks, and what its process has meanwhile."""

import base64
import contextlib
import http.client
import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.clients import ctl
from tests.support.daemons import Daemon
from tests.support.figures import MORE_DESCRIPTORS, MORE_KIB, Sample, percentile, quarters
from tests.support.waiting import eventually
from tests.support.webs import free_port

LOOK_SECONDS = 1.0
AGAIN_SECONDS = 5.0  # between two tabs that go away and come back
ANSWERS = {200, 503}  # 503 while the daemon is killed
MOST_KIB = 65_536  # with 32 tabs; at rest with none it has 58 MiB


@dataclass(slots=True)
class Tab:
    """One that listens. Of each piece of news the page says a number, one more than that of the news before."""

    line: socket.socket
    place: str = ""
    rest: bytes = b""
    coming: str = ""
    kind: str = ""
    kinds: Counter[str] = field(default_factory=Counter)
    books: Counter[str] = field(default_factory=Counter)

    def read(self, data: bytes) -> Iterator[str]:
        """What came; yields what is wrong with it."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            name, _, value = line.rstrip(b"\r").decode(errors="replace").partition(": ")
            if name == "id":
                self.coming = value
            elif name == "event":
                self.kind = value
            elif name == "data":  # the last line of each; what is cut off before it comes again
                yield from self._step(self.coming)
                self.kinds[self.kind] += 1
                if self.kind == "book":
                    self.books[json.loads(value)["book"]] += 1

    def _step(self, place: str) -> Iterator[str]:
        (epoch, _, number), (before, _, known) = place.partition("-"), self.place.partition("-")
        if before and (epoch != before or int(number) != int(known) + 1):
            yield f"a tab was told {place} after {self.place}"
        self.place = place


class Page:
    """A page's process beside a daemon, and those who have it open."""

    def __init__(self, daemon: Daemon, *, tabs: int) -> None:
        """Start nothing yet."""
        self._daemon, self._count = daemon, tabs
        self._port = free_port()
        daemon.options = {**daemon.options, "web.listen": f"127.0.0.1:{self._port}"}
        self._process: subprocess.Popen[bytes] | None = None
        self._pass = ""
        self._tabs: list[Tab] = []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._listen, self._look)]
        self._problems: Counter[str] = Counter()
        self._took: list[float] = []
        self._answers: Counter[int] = Counter()
        self._again = 0
        self._before: Counter[str] = Counter()
        self._life: list[Sample] = []
        self._cpu_seconds, self._began = 0.0, 0.0

    def start(self) -> None:
        """Begin it beside the daemon that runs, and open every tab before anything is dropped."""
        command = [sys.executable, "-m", "imaginized", "web", "--config", str(self._daemon.write_settings())]
        with (self._daemon.folder / "page.log").open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log, process_group=0)
        self._began = time.monotonic()
        eventually(self._serves)
        password = ctl(self._daemon.socket, "web-login", "--device").stdout.split()[-1]
        self._pass = "Basic " + base64.b64encode(f"tab:{password}".encode()).decode()
        self._tabs = [Tab(self._open()) for _ in range(self._count)]
        # It has told something: from now on it hears the daemon, and whatever happens more is told to all.
        while not self._tabs[0].place.rpartition("-")[2].strip("0"):
            self._problems.update(self._tabs[0].read(self._tabs[0].line.recv(65536)))
        self._before = self._logged()
        for thread in self._threads:
            thread.start()

    def sample(self) -> None:
        """Note what its process has now."""
        assert self._process is not None
        if self._process.poll() is not None:
            self._problems[f"the page ended with {self._process.returncode}"] += 1
            return
        process = Path("/proc") / str(self._process.pid)
        said = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        ticks = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        self._cpu_seconds = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        age, kib = time.monotonic() - self._began, int(said["VmRSS"].split()[0])
        self._life.append(Sample(age, kib, len(list((process / "fd").iterdir())), int(said["Threads"])))

    def stop(self) -> None:
        """End it and all tabs; the same may be said twice."""
        self._is_over.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._problems["the page did not end when it was told to"] += 1
                self._process.kill()
                self._process.wait()
        for tab in self._tabs:
            tab.line.close()

    def problems(self) -> Iterator[str]:
        """What must not be."""
        yield from (f"page: {what} ({count} times)" for what, count in self._problems.items())
        if len({tab.place for tab in self._tabs}) > 1:
            yield f"page: tabs ended at different places: {sorted({tab.place for tab in self._tabs})}"
        if self._life:
            first, *_, last = quarters(self._life)
            if last.descriptors - first.descriptors > MORE_DESCRIPTORS:
                yield f"page: descriptors grew from {first.descriptors} to {last.descriptors}"
            if last.kib - first.kib > MORE_KIB or last.kib > MOST_KIB:
                yield f"page: memory grew from {first.kib} to {last.kib} KiB"

    def missed(self) -> Iterator[str]:
        """Which books' events no tab was told of, by the logs of the library."""
        told = self._tabs[0].books
        for book, count in (self._logged() - self._before).items():
            if told[book] < count:
                yield f"page: {told[book]} of {count} events of {book} were told"

    def told(self) -> Iterator[str]:
        """It as lines for people."""
        kinds = sum((tab.kinds for tab in self._tabs), Counter[str]())
        yield f"page: {len(self._tabs)} tabs, {self._again} came back; told: {dict(kinds)}"
        figures = ", ".join(f"p{each:g} {percentile(self._took, each) * 1000:.0f} ms" for each in (50, 99))
        yield f"page: {dict(self._answers)} answers of the shelf, {figures}"
        parts = " | ".join(f"{each.kib} {each.descriptors} {each.threads}" for each in quarters(self._life))
        yield f"page: {self._life[-1].age:.0f} s, {self._cpu_seconds:.1f} s of CPU; {parts}"

    def _logged(self) -> Counter[str]:
        """How many events the log of each book has."""
        logs = self._daemon.library.glob("[!.]*/data/events.jsonl")
        return Counter({log.parent.parent.name: len(log.read_bytes().splitlines()) for log in logs})

    def _serves(self) -> bool:
        with contextlib.suppress(OSError):
            return self._get("/healthz") == 200
        return False

    def _get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Authorization": self._pass, "Accept": "text/html"})
            answer = connection.getresponse()
            answer.read()
            return answer.status

    def _open(self, place: str = "") -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        last = f"Last-Event-ID: {place}\r\n" if place else ""
        head = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: {self._pass}\r\n{last}\r\n"
        line.sendall(head.encode())
        return line

    def _listen(self) -> None:
        """All tabs in one thread; now and then one of them goes away and comes back to where it was."""
        with selectors.DefaultSelector() as waiting:
            for tab in self._tabs:
                waiting.register(tab.line, selectors.EVENT_READ, tab)
            again = time.monotonic() + AGAIN_SECONDS
            while not self._is_over.is_set():
                for key, _ in waiting.select(0.2):
                    self._hear(key.data, waiting)
                if time.monotonic() >= again:
                    again += AGAIN_SECONDS
                    self._reopen(self._tabs[self._again % len(self._tabs)], waiting)
                    self._again += 1

    def _hear(self, tab: Tab, waiting: selectors.BaseSelector) -> None:
        try:
            data = tab.line.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._problems["a stream ended"] += 1
            self._reopen(tab, waiting)
        self._problems.update(tab.read(data))

    def _reopen(self, tab: Tab, waiting: selectors.BaseSelector) -> None:
        waiting.unregister(tab.line)
        tab.line.close()
        tab.rest = b""
        tab.line = self._open(tab.place)
        waiting.register(tab.line, selectors.EVENT_READ, tab)

    def _look(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            began = time.monotonic()
            try:
                status = self._get("/")
            except OSError as error:
                self._problems[f"the shelf: {type(error).__name__}"] += 1
                continue
            self._took.append(time.monotonic() - began)
            self._answers[status] += 1
            if status not in ANSWERS:
                self._problems[f"the shelf: {status}"] += 1

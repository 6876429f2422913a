"""Running the real page beside a real daemon: start it, log in, ask it as a browser or as something worse would."""

import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.support.clients import ctl
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import make_epub


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> dict[str, object]:
        found = json.loads(self.text)
        assert isinstance(found, dict)
        return found


@dataclass(slots=True, kw_only=True)
class Web:
    """A page's process, and somebody's cookie."""

    daemon: Daemon
    port: int
    process: subprocess.Popen[str]
    cookie: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """A form of the page itself, unless the headers say otherwise."""
        own = {"Origin": f"http://{self.host}", "Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields or {}).encode(), **{**own, **headers})

    def ask(self, method: str, path: str, body: bytes | None = None, /, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if self.cookie and "Cookie" not in headers:
            named["Cookie"] = self.cookie
        try:
            connection.request(method, path, body=body, headers={"Accept": "text/html", **named})
            found = connection.getresponse()
            text = found.read().decode(errors="replace")
            return Answer(status=found.status, headers={k.lower(): v for k, v in found.getheaders()}, text=text)
        finally:
            connection.close()

    def ticket(self, *options: str) -> str:
        return ctl(self.daemon.socket, "web-login", *options).stdout.strip()

    def log_in(self, *options: str) -> None:
        found = self.post("/login", {"ticket": self.ticket(*options).partition("#t=")[2]})
        assert found.status == 303, found
        self.cookie = found.headers["set-cookie"].partition(";")[0]


@contextmanager
def a_page(folder: Path) -> Iterator[Web]:
    """A page with one finished book, A Small Book, that has pictures. Nobody is logged in."""
    with daemon_in(folder, drawing=True) as daemon:
        daemon.drop(make_epub(folder / "a-small-book.epub"))
        daemon.wait_for_phases("done")
        with served(daemon) as web:
            yield web


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


@contextmanager
def served(daemon: Daemon, **options: object) -> Iterator[Web]:
    """The page of a daemon, on a port of its own."""
    port = free_port()
    with begun(daemon, **{"web.listen": f"127.0.0.1:{port}", **options}) as process:
        yield Web(daemon=daemon, port=port, process=process)


@contextmanager
def begun(daemon: Daemon, **options: object) -> Iterator[subprocess.Popen[str]]:
    """A page's process that listens, with these settings."""
    daemon.options = {**daemon.options, **options}
    command = [sys.executable, "-m", "imaginized", "web", "--config", str(daemon.write_settings())]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, process_group=0)
    assert process.stderr is not None
    with process.stderr:
        try:
            assert "the page is at" in process.stderr.readline()  # it listens from here on
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise

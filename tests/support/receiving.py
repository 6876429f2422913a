"""Receivers of messages: an HTTP server that keeps what it was sent and behaves as a test wants, and a program."""

import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

Behaviour = Callable[[BaseHTTPRequestHandler, int], None]


@dataclass(frozen=True, slots=True)
class Got:
    """A request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> Mapping[str, object]:
        return cast("Mapping[str, object]", json.loads(self.body))


@dataclass(slots=True)
class Receiver:
    """A server.

    Attributes:
        behave: Told the handler and how many requests came before; None takes all.
        let_go: Set by a test that lets hanging requests end.
    """

    url: str = ""
    behave: Behaviour | None = None
    got: list[Got] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    def events(self) -> list[str]:
        return [str(one.said["event"]) for one in self.got]


def answer(handler: BaseHTTPRequestHandler, status: int, *, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving(behave: Behaviour | None = None, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A server on this machine."""
    receiver = Receiver(behave=behave)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            number = len(receiver.got)
            receiver.got.append(Got(self.path, dict(self.headers.items()), body))
            if receiver.behave is None:
                answer(self, 204)
                return
            receiver.behave(self, number)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # whoever was talked to may be killed in the middle

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


PROGRAM = """import json, os, sys
with open(sys.argv[1], "a") as writing:
    told = {"said": json.load(sys.stdin), "environment": dict(os.environ), "arguments": sys.argv[2:]}
    writing.write(json.dumps(told) + "\\n")
sys.exit(int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdecimal() else 0)
"""


def program(folder: Path, *arguments: str) -> tuple[list[str], Path]:
    """A command that adds what it is told to a file."""
    script, out = folder / "told.py", folder / "told.jsonl"
    script.write_text(PROGRAM)
    return [sys.executable, str(script), str(out), *arguments], out


def told_to(out: Path) -> list[Mapping[str, object]]:
    return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []

"""Running the client in tests, also against something that answers whatever a test wants."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from imaginized.cli.ctl import main
from imaginized.version import PROTOCOL


def ctl(path: Path, *arguments: str) -> Result:
    """Run imaginizectl on this socket."""
    return CliRunner().invoke(main, ["--socket", str(path), *arguments])


@contextmanager
def daemon_telling(path: Path, status: Mapping[str, object]) -> Iterator[None]:
    """Something that answers each call of one client with this status, as it is by then."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            client, _ = listening.accept()
            with client, client.makefile("rwb") as lines:
                for line in lines:
                    reply = {"jsonrpc": "2.0", "id": json.loads(line)["id"], "result": {"protocol": PROTOCOL, **status}}
                    lines.write(json.dumps(reply).encode() + b"\n")
                    lines.flush()

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join(10)


@contextmanager
def daemon_saying(path: Path, reply: bytes) -> Iterator[None]:
    """Something that says one thing to the first client, whatever is asked."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def answer() -> None:
            client, _ = listening.accept()
            with client:
                client.recv(4096)
                client.sendall(reply)

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join(10)

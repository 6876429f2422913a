"""A toy provider that asks an endpoint, with a real book and the daemon: one row and one module know of it."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

from imaginized.errors import ExitCode
from tests.acceptance.test_golden import run
from tests.support.daemons import daemon_in, processes_of

KEY = "chalk-key-2718281828"
PICTURE = b"\xff\xd8\xff\xe0" + b"toy" * 30 + b"\xff\xd9"


class Server(ThreadingHTTPServer):
    asked: Counter[str]
    refused: int


class Chalk(BaseHTTPRequestHandler):
    """The vendor's side: every seventh call fails, so that it is asked again."""

    def do_POST(self) -> None:
        server = cast(Server, self.server)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = 200, PICTURE
        if self.headers["X-Chalk-Key"] != KEY:
            status, answer = 401, b""
        elif (server.asked.total() + server.refused) % 7 == 6:
            server.refused += 1
            status, answer = 503, b""
        else:
            server.asked[self.path] += 1
            if self.path == "/v9/read":
                places = [match.span() for match in re.finditer(r"[A-Z][^.\n]{40,200}\.", body["text"])]
                answer = json.dumps({"scenes": places[: body["scenes"]]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def chalk() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Chalk)
    server.asked, server.refused = Counter(), 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def test_a_real_book_is_read_and_drawn_by_the_toy_provider(tmp_path: Path) -> None:
    """Its section, its key and its limiter are found by its row; nothing is asked twice, and nothing is held."""
    token = tmp_path / "once"
    token.touch()
    with chalk() as server, as_file(files("imaginized") / "assets" / "wizard-of-oz-se.epub") as book:
        options: dict[str, object] = {"provider__text": "chalk", "provider__image": "chalk"}
        options |= {"chalk__text_model": "slate-1", "chalk__image_model": "dust-1"}
        options |= {"chalk__base_url": f"http://127.0.0.1:{server.server_port}/v9"}
        with daemon_in(
            tmp_path,
            faults=f"illustrate-4:kill:{token}",
            environment={"CHALK_API_KEY": KEY},
            **options,  # type: ignore[arg-type]
        ) as daemon:
            daemon.drop(book)
            (row,) = daemon.wait_for_phases("done")
            folder = daemon.library / str(row["book"])
            guide = (folder / "Chapters.md").read_text()
            chapters = len(list((folder / "data/chapters").iterdir()))
            pictures = [path.read_bytes() for path in (folder / "images").glob("chapter_*")]
            facts = daemon.call("doctor")
            doctor = run(daemon, "doctor")
            assert daemon.process is not None  # it was started with the key; what it starts must not have it
            children = processes_of(daemon) - {daemon.process.pid}
            spied = [Path(f"/proc/{pid}/environ").read_bytes() for pid in children]
        log = (tmp_path / "daemon.log").read_bytes()

        assert server.asked == {"/v9/read": chapters, "/v9/draw": len(pictures)}
        assert server.refused > 5
        assert not token.exists()
        assert set(pictures) == {PICTURE}
        assert "slate-1" in guide
        endpoints = cast(list[dict[str, object]], facts["endpoints"])
        assert [(each["use"], each["section"], each["key"]) for each in endpoints] == [
            ("text", "chalk", "$CHALK_API_KEY"),
            ("image", "chalk", "$CHALK_API_KEY"),
        ]
        assert doctor.returncode in (ExitCode.OK, ExitCode.NEEDS_ATTENTION) and "takes connections" in doctor.stdout
        assert KEY.encode() not in log and not [each for each in spied if KEY.encode() in each]

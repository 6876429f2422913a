"""Serves the endpoints of `tests/fixtures/endpoints2.toml` in this process, by the clock of the zoo."""

import base64
import io
import json
import random
import re
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PIL import Image

from tests.support.zoo import SharedClock, Zoo, quiet_server

FILE = Path(__file__).parents[1] / "fixtures" / "endpoints2.toml"


def endpoints() -> list[dict[str, Any]]:
    return list(tomllib.loads(FILE.read_text())["endpoint"])


@contextmanager
def more_served() -> Iterator[Zoo]:
    """All of them, each below the path of its name."""
    clock = SharedClock()
    by_name = {each["name"]: each for each in endpoints()}
    counts: dict[object, int] = {}
    pictures = _pictures()

    class Handler(_Handler):
        rows = by_name
        seen = counts
        time = clock
        shown = pictures

    with quiet_server(Handler) as server:
        yield Zoo(SimpleNamespace(P=by_name, COUNT=counts), server.server_address[1], clock, server)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    rows: Mapping[str, Mapping[str, Any]]
    seen: dict[object, int]
    time: SharedClock
    shown: Mapping[str, bytes]

    def log_message(self, *_: object) -> None:
        """Nothing is written."""

    def do_GET(self) -> None:
        if self.path.endswith("/p.png"):
            self._send(200, self.shown["PNG"], "image/png", {})
        elif self.path.endswith("/models"):
            self._send(200, b'{"object": "list", "data": [{"id": "m"}]}', "application/json", {})
        else:
            self._send(404, b'{"error": "not found"}', "application/json", {})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name, _, rest = self.path.strip("/").partition("/")
        kind = "chat" if rest.endswith("chat/completions") else "picture"
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        with self.lock:
            self.seen[name] = self.seen.get(name, 0) + 1
            nth = self.seen[name, kind] = self.seen.get((name, kind), 0) + 1
        for answer in self.rows[name]["answer"]:
            if _holds(answer.get("when", ""), body, nth) and (kind == "picture") == name.startswith("im_"):
                self._answer(name, answer, body)
                return
        self._good(kind, body)

    def _good(self, kind: str, body: Mapping[str, Any]) -> None:
        if kind == "picture":
            found: object = {"created": 1, "data": [{"b64_json": base64.b64encode(self.shown["PNG"]).decode()}]}
        else:
            choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": good(body)}}
            found = {"choices": [choice], "usage": {"prompt_tokens": 900, "completion_tokens": 300}}
        self._send(200, json.dumps(found).encode(), "application/json", {})

    def _answer(self, name: str, answer: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        text = answer["body"]
        raw = self.shown["WEBP"] if text == "@RAW_WEBP@" else self._filled(text, name, body).encode()
        headers = {key: re.sub(r"@ISO\+(\d+)@", self._later, value) for key, value in answer.get("headers", {}).items()}
        self._send(answer["status"], raw, answer.get("type", "application/json"), headers)

    def _filled(self, text: str, name: str, body: Mapping[str, Any]) -> str:
        whole = good(body)
        here = f"http://{self.headers['Host']}/{name}"
        parts = {"GOOD": json.dumps(whole), "HALF": json.dumps(whole[: len(whole) // 2]), "HERE": here}
        parts |= {key: base64.b64encode(data).decode() for key, data in self.shown.items()}
        return re.sub(r"@([A-Z]+)@", lambda match: parts[match[1]], text)

    def _later(self, match: re.Match[str]) -> str:
        return (self.time.now() + timedelta(seconds=int(match[1]))).isoformat().replace("+00:00", "Z")

    def _send(self, status: int, raw: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(raw)


def good(body: Mapping[str, Any]) -> str:
    """A reply that names passages by the numbers that the question shows, spread over it."""
    asked = str([message.get("content") for message in body.get("messages", [])])
    book = asked.partition("<<<BOOK")[2].partition("BOOK ")[0]  # not the examples beside it
    shown = re.findall(r"[\[{](\d+)[\]}] (\w+ \w+ \w+)", book) or [("1", "")]
    step = max(1, len(shown) // 3)
    scenes = [
        {
            "first": int(number),
            "last": int(number),
            "begins": begins,
            "description": "A lamp by a river",
            "mood": "calm",
        }
        for number, begins in shown[step // 2 :: step][:2]
    ]
    return json.dumps({"scenes": scenes, "elements": []})


def _holds(when: str, body: Mapping[str, Any], nth: int) -> bool:
    if not when:
        return True
    word, _, rest = when.partition(" ")
    if word in ("has", "lacks"):
        return bool(_at(body, rest)) == (word == "has")
    if word in ("is", "not") or "=" in when:
        field, _, value = rest.partition("=")
        return (str(_at(body, field)) == value) == (word == "is")
    most = int(rest.removeprefix("> "))
    if word == "first":
        return nth <= most
    lengths = {
        "tokens": int(body.get("max_completion_tokens") or body.get("max_tokens") or 0),
        "prompt": len(body.get("prompt", "")),
        "chat": len(json.dumps(body.get("messages", ""))),
    }
    return lengths[word] > most


def _at(body: object, path: str) -> object:
    for key in path.split("."):
        if isinstance(body, list):
            body = body[int(key)] if int(key) < len(body) else None
        else:
            body = body.get(key) if isinstance(body, Mapping) else None
    return body


def _pictures() -> dict[str, bytes]:
    noise = Image.frombytes("RGB", (192, 128), random.Random(2).randbytes(192 * 128 * 3))
    found = {}
    for name in ("PNG", "JPEG", "WEBP"):
        written = io.BytesIO()
        noise.save(written, name)
        found[name] = written.getvalue()
    black = io.BytesIO()
    Image.new("RGB", (192, 128)).save(black, "PNG")
    return {**found, "CUT": found["PNG"][:2000], "BLACK": black.getvalue()}

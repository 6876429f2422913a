"""A loopback endpoint whose replies take as long as a benchmark says, and which remembers when each came and went."""

import base64
import io
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from imaginized.providers.scripted_answers import answer_about

Latency = Callable[[str, int], float]  # seconds, by the kind of a request ("text", "image") and its number


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One request: when it came and when its reply was sent, both monotonic, and how long it was to take."""

    kind: str
    came: float
    went: float
    seconds: float


@dataclass(slots=True, kw_only=True)
class Course:
    """What an endpoint has served so far."""

    served: list[Served] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"text": 0, "image": 0})
    at_once: int = 0
    most_at_once: int = 0
    refused: int = 0

    @property
    def makespan(self) -> float:
        """Seconds from the first request to the last reply."""
        return max(each.went for each in self.served) - min(each.came for each in self.served)

    @property
    def work(self) -> float:
        """Seconds that all replies took, one after the other."""
        return sum(each.seconds for each in self.served)


class Endpoint(ThreadingHTTPServer):
    """Answers as the scripted server does where nothing goes wrong, without its checks: it costs little."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, latency: Latency, *, picture: bytes) -> None:
        """Listen on a free port of loopback."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.course = Course()
        self.latency = latency
        sent = {"data": [{"b64_json": base64.b64encode(picture).decode()}], "usage": {"output_tokens": 1000}}
        self.image_body = json.dumps(sent).encode()
        self.lock = threading.Lock()

    @property
    def base_url(self) -> str:
        """For the settings."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @contextmanager
    def serving(self, kind: str) -> Iterator[float]:
        """Note a request from its coming to its reply; yields how long that is to take."""
        came = time.monotonic()
        with self.lock:
            number = self.course.counts[kind]
            self.course.counts[kind] += 1
            self.course.at_once += 1
            self.course.most_at_once = max(self.course.most_at_once, self.course.at_once)
        seconds = self.latency(kind, number)
        try:
            yield seconds
        finally:
            with self.lock:
                self.course.at_once -= 1
                told = Served(kind=kind, came=came, went=time.monotonic(), seconds=seconds)
                self.course.served.append(told)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Models."""
        self._send(b'{"object": "list", "data": []}')

    def do_POST(self) -> None:
        """A chat or an image."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        kind = "image" if self.path.endswith("/images/generations") else "text"
        with self.server.serving(kind) as seconds:
            answer = self.server.image_body if kind == "image" else _chat(body)
            time.sleep(seconds)
            self._send(answer)

    def _send(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)


def _chat(body: dict[str, object]) -> bytes:
    messages = body["messages"]
    assert isinstance(messages, list)
    user = str(messages[-1]["content"])
    said = json.dumps(answer_about(user), ensure_ascii=False)
    choices = [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}]
    usage = {"prompt_tokens": len(user) // 4, "completion_tokens": 200, "total_tokens": len(user) // 4 + 200}
    return json.dumps({"object": "chat.completion", "model": "m", "choices": choices, "usage": usage}).encode()


def picture(side: int) -> bytes:
    """A JPEG of so many pixels a side that packs as badly as a drawn one: soft shapes with grain."""
    noise = random.Random(1)
    small = Image.frombytes("RGB", (side // 8, side // 8), noise.randbytes(3 * (side // 8) ** 2))
    target = io.BytesIO()
    small.resize((side, side), Image.Resampling.BICUBIC).save(target, "JPEG", quality=90)
    return target.getvalue()


@contextmanager
def endpoint(latency: Latency, *, side: int = 96) -> Iterator[Endpoint]:
    """An endpoint in threads of this process, for as long as the context lasts."""
    server = Endpoint(latency, picture=picture(side))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fixed(text: float, image: float | None = None) -> Latency:
    """Every reply takes as long: of texts, and of images where these differ."""
    return lambda kind, _number: text if kind == "text" or image is None else image

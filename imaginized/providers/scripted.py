"""An OpenAI-compatible server on loopback that does what a script says: for tests of ours, and for trying things out.

`python -m imaginized.providers.scripted --port 8080 --script FILE`; see `Script` for what a file may hold. It answers
chats with real sentences of the fenced chapter, images with a small JPEG, and `GET /stats` with what it counted.
"""

import argparse
import base64
import json
import random
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from imaginized.providers.builtin.plates.canvas import Sheet
from imaginized.providers.multipart import form_fields
from imaginized.providers.scripted_answers import answer_about, shared_length

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close with a reset
HANG_SECONDS = 600.0
SLOW_PIECES = 20
LEAST_CACHED, CACHE_STEP = 1024, 128  # tokens, as with OpenAI
_SAID = ("empty", "invented", "miscounted", "quoted", "paraphrased", "refusal", "noted", "broken", "held", "narrow")
_TRICKLES = ("endless", "drip", "drip_head", "slow", "bomb", "lie")
EDITS = "/images/edits"
IMAGE_PATHS = ("/images/generations", EDITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        kind: "status" (an error of that status), "error200" (HTTP 200 with an error in its body), "hang", "drop"
            (the connection breaks), "cut" (the body is shorter than announced), "malformed" (JSON that ends in the
            middle), "empty" (no scenes), "html", "refusal", "invented" (passages that no book has), "miscounted"
            (numbers that are a few too high), "quoted" (words instead of numbers), "paraphrased" (words of its own
            instead of numbers), "moderation",
            "redirect" (HTTP 307 to what its message says), "endless" (a body without end), "drip" (the same, a byte now
            and then), "drip_head" (a head without end, so), "slow" (blanks for `seconds`, a few at a time, then a sound
            answer), "bomb" (4 GB of blanks in 4 MB of gzip), "lie" (no gzip, though it says so), "noted" (sound; the
            mood of its scenes is the message), "broken" (a picture that ends in the middle), "held" (sound, once the
            server is told to let go), "narrow" (all scenes from the first eighth of the chapter).
        status: For "status", "error200", and what ends not soon or not at all.
        code: Of the error.
        message: Of the error.
        retry_after: Value of the Retry-After header; "" sends none.
        seconds: For "slow"; of each pause of "drip" and "drip_head".
        usage: What the error says it took; None where it says nothing.
    """

    kind: str
    status: int = 500
    code: str = ""
    message: str = "scripted"
    retry_after: str = ""
    seconds: float = 0.1
    usage: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What the server does.

    Attributes:
        text: What goes wrong with the first chats, in order; None for nothing, after the last one all goes well.
        image: The same for images.
        latency_seconds: Of every answer.
        fault_share: Share of requests (0..1) that fail at random with one of `random_faults`, after the listed ones.
        random_faults: Of which one is taken at random.
        seed: For the random faults.
        rungs: Response formats it takes; others are refused with 400.
        image_route: "images", or "chat" for a server without the images endpoint.
        takes_references: Whether the images endpoint takes pictures to draw alike.
        image_as: "b64_json", "url", "data_uri", "message", "markdown", "svg".
        varies: Whether each picture differs from all before it, whatever was asked.
        image_url: Where images are said to be with "url"; "" for at this server.
        file: What goes wrong with fetching an image; None for nothing.
        context_tokens: Of the model; what is longer is cut without a word, as Ollama does. 0 for any length.
        says_too_long: Whether what is longer is refused instead, as llama.cpp does.
        limit_name: The only parameter for the length of an answer it takes; "" for any.
        key: The key it insists on; "" for none.
        headers: Sent with every answer.
    """

    text: Sequence[Fault | None] = ()
    image: Sequence[Fault | None] = ()
    latency_seconds: float = 0.0
    fault_share: float = 0.0
    random_faults: Sequence[Fault] = ()
    seed: int = 1
    rungs: Sequence[str] = ("json_schema", "json_object", "text")
    image_route: str = "images"
    takes_references: bool = True
    image_as: str = "b64_json"
    varies: bool = False
    image_url: str = ""
    file: Fault | None = None
    context_tokens: int = 0
    says_too_long: bool = False
    limit_name: str = ""
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """What was asked of the server.

    Attributes:
        requests: By kind: "text", "image", "file".
        failed: Those of them that were made to fail or were refused.
        most_at_once: Requests in work at the same time.
        bodies: What was sent, in order, with the kind.
        moments: When, in seconds of this server's monotonic clock.
        authorizations: The Authorization header of each.
    """

    requests: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    at_once: int = 0
    most_at_once: int = 0
    bodies: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)

    def shown(self) -> Mapping[str, object]:
        """The numbers, for `GET /stats`."""
        return {"requests": self.requests, "failed": self.failed, "most_at_once": self.most_at_once}


class _Broken(Exception):
    """The connection is to end without an answer."""


class ScriptedServer(ThreadingHTTPServer):
    """The server; listens on loopback only."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Script, *, port: int = 0) -> None:
        """Listen on `port` of 127.0.0.1; 0 takes a free one."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.script = script
        self.counts = Counts()
        self.ended = threading.Event()
        self.let_go = threading.Event()
        self.changed = threading.Condition()
        self._random = random.Random(script.seed)
        self._prompts: list[str] = []

    @property
    def base_url(self) -> str:
        """What to set as openai.base_url."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is none of ours."""

    def next_fault(self, kind: str) -> Fault | None:
        """Count a request; what goes wrong with it."""
        with self.changed:
            number = self.counts.requests[kind]
            self.counts.requests[kind] += 1
            listed = self.script.text if kind == "text" else self.script.image
            if number < len(listed):
                fault = listed[number]
            elif self.script.random_faults and self._random.random() < self.script.fault_share:
                fault = self._random.choice(list(self.script.random_faults))
            else:
                fault = None
            self.changed.notify_all()
            return fault

    def cached_tokens(self, body: Mapping[str, object]) -> int:
        """How much of a prompt an endpoint with a prompt cache would have: in steps, from a certain length on."""
        prompt = json.dumps(body.get("messages"), ensure_ascii=False)
        with self.changed:
            earlier = [shared_length(prompt, other) for other in self._prompts]
            self._prompts.append(prompt)
        tokens = max(earlier, default=0) // 4
        return tokens - tokens % CACHE_STEP if tokens >= LEAST_CACHED else 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Count who is in work at once."""
        with self.changed:
            self.counts.at_once += 1
            self.counts.most_at_once = max(self.counts.most_at_once, self.counts.at_once)
        try:
            yield
        finally:
            with self.changed:
                self.counts.at_once -= 1
                self.changed.notify_all()

    def fail(self, kind: str) -> None:
        """Count a request that got nothing."""
        with self.changed:
            self.counts.failed[kind] += 1


@contextmanager
def scripted(script: Script, *, port: int = 0) -> Iterator[ScriptedServer]:
    """A server in a thread of this process, for as long as the context lasts."""
    server = ScriptedServer(script, port=port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing; `stats` tells."""

    def do_GET(self) -> None:
        """Counts, models, and images by URL."""
        if self.path == "/stats":
            self._answer(200, self.server.counts.shown())
            return
        if self.path.endswith("/models"):
            self._answer(200, {"object": "list", "data": []})
            return
        self.server.counts.requests["file"] += 1
        self.server.counts.authorizations.append(self.headers.get("Authorization", ""))
        if self.path.startswith("/leads?"):
            self._send(302, b"", headers={"Location": unquote(self.path.partition("?")[2])})
        elif fault := self.server.script.file:
            with suppress(_Broken, ConnectionError):
                self._spoil(fault, small_jpeg(), content_type="image/jpeg")
            self.close_connection = True
        else:
            self._send(200, small_jpeg(), content_type="image/jpeg")

    def do_POST(self) -> None:
        """A chat or an image."""
        data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kind = self.headers.get("Content-Type", "")
        body = form_fields(kind, data) if kind.startswith("multipart/") else json.loads(data)
        is_image = self.path.endswith(IMAGE_PATHS) or "modalities" in body
        kind = "image" if is_image else "text"
        with self.server.changed:  # both or neither: they are read side by side
            self.server.counts.bodies.append((kind, body))
            self.server.counts.moments.append(time.monotonic())
        self.server.counts.authorizations.append(self.headers.get("Authorization", ""))
        fault = self.server.next_fault(kind)
        with self.server.at_work():
            self.server.ended.wait(self.server.script.latency_seconds)
            if refusal := self._refusal(body):
                fault = refusal
            if fault is not None:
                self.server.fail(kind)
            try:
                self._act(kind, body, fault)
            except (_Broken, ConnectionError):
                self.close_connection = True

    def _refusal(self, body: Mapping[str, object]) -> Fault | None:
        """What this server does not know, as the script has it."""
        script = self.server.script
        wanted = body.get("response_format")
        rung = str(wanted["type"]) if isinstance(wanted, dict) else "text"
        if script.key and self.headers.get("Authorization") != f"Bearer {script.key}":
            return Fault(kind="status", status=401, code="invalid_api_key", message="Incorrect API key provided")
        if self.path.endswith(IMAGE_PATHS):
            lacks = script.image_route == "chat" or (self.path.endswith(EDITS) and not script.takes_references)
            return Fault(kind="status", status=404, message="no such endpoint") if lacks else None
        if script.says_too_long and len(str(body["messages"])) // 4 > script.context_tokens:
            return Fault(kind="status", status=400, message="the request exceeds the available context size")
        if rung not in script.rungs:
            return Fault(kind="status", status=400, message=f"response_format {rung} is not supported")
        other = {"max_tokens", "max_completion_tokens"} - {script.limit_name}
        if script.limit_name and (unknown := next((name for name in sorted(other) if name in body), "")):
            return Fault(kind="status", status=400, message=f"Unsupported parameter: '{unknown}'")
        return None

    def _act(self, kind: str, body: Mapping[str, object], fault: Fault | None) -> None:
        if fault is None or fault.kind in _SAID:
            if fault is not None and fault.kind == "held":
                self.server.let_go.wait(HANG_SECONDS)
                fault = None
            most = self.server.script.context_tokens
            sound = (
                self._image(body, fault=fault)
                if kind == "image"
                else _chat(body, fault=fault, most_tokens=most, cached=self.server.cached_tokens(body))
            )
            self._answer(200, sound)
            return
        if fault.kind == "hang":
            self.server.ended.wait(HANG_SECONDS)
            raise _Broken
        if fault.kind == "drop":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            raise _Broken
        if fault.kind == "html":
            self._send(200, b"<html><body><h1>502 Bad Gateway</h1></body></html>", content_type="text/html")
            return
        if fault.kind in ("cut", "malformed", *_TRICKLES):
            sound = self._image(body) if kind == "image" else _chat(body, fault=None)
            self._spoil(fault, json.dumps(sound).encode())
            return
        self._fail(fault)

    def _spoil(self, fault: Fault, sound: bytes, *, content_type: str = "application/json") -> None:
        """Send what is not whole, does not end, not soon, or not as it says."""
        if fault.kind in ("cut", "malformed"):
            self._cut(sound, announced=fault.kind == "cut")
            return
        if fault.kind in ("bomb", "lie"):
            data = _bomb() if fault.kind == "bomb" else b"this is not gzip at all"
            self._send(fault.status, data, headers={"Content-Encoding": "gzip"})
            return
        self.send_response(fault.status)
        if fault.kind == "drip_head":
            self.flush_headers()
            self._drip(b"X-Slow: 1\r\n", fault.seconds)
        self.send_header("Content-Type", content_type)
        slow = b" " * SLOW_PIECES + sound if content_type.endswith("json") else sound
        self.send_header("Content-Length", str(len(slow) if fault.kind == "slow" else 10**12))
        self.end_headers()
        if fault.kind != "slow":
            self._drip(b" " * (64 * 1024 if fault.kind == "endless" else 1), fault.seconds)
        for begin in range(SLOW_PIECES):
            self.wfile.write(slow[begin : begin + 1])
            self.server.ended.wait(fault.seconds / SLOW_PIECES)
        self.wfile.write(slow[SLOW_PIECES:])

    def _drip(self, piece: bytes, seconds: float) -> None:
        """Write the same until the server ends or the client goes."""
        while not self.server.ended.wait(0.0 if len(piece) > 1000 else seconds):
            self.wfile.write(piece)
        raise _Broken

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "moderation":
            error = {"message": "Your request was rejected by the safety system.", "code": "moderation_blocked"}
            self._answer(400, {"error": error})
            return
        if fault.kind == "redirect":
            self._answer(307, {}, headers={"Location": fault.message})
            return
        status = 200 if fault.kind == "error200" else fault.status
        code: object = fault.status if fault.kind == "error200" else fault.code
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        told = {"usage": fault.usage} if fault.usage else {}
        self._answer(status, {"error": {"message": fault.message, "code": code}, **told}, headers=headers)

    def _image(self, body: Mapping[str, object], *, fault: Fault | None = None) -> Mapping[str, object]:
        picture = small_jpeg(str((body, self.server.counts.requests["image"]) if self.server.script.varies else body))
        data = base64.b64encode(picture[: len(picture) // 2] if fault is not None else picture).decode()
        uri = f"data:image/jpeg;base64,{data}"
        shape = self.server.script.image_as
        if "modalities" in body:
            message: dict[str, object] = {"role": "assistant", "content": ""}
            if shape == "markdown":
                message["content"] = f"Here it is:\n\n![image]({uri})"
            else:
                message["images"] = [{"type": "image_url", "image_url": {"url": uri}}]
            return {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        svg = "data:image/svg+xml;base64," + base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()
        here = self.server.script.image_url or f"http://127.0.0.1:{self.server.server_address[1]}/image.png"
        items = {"url": {"url": here}, "data_uri": {"url": uri}, "svg": {"url": svg}}
        usage = {"input_tokens": 50, "output_tokens": 1000, "total_tokens": 1050}
        return {"created": 1, "data": [items.get(shape, {"b64_json": data})], "usage": usage}

    def _answer(self, status: int, body: Mapping[str, object], *, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), headers=headers or {})

    def _send(
        self,
        status: int,
        data: bytes,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        with suppress(ConnectionError):
            self.send_response(status)
            for name, value in {**self.server.script.headers, **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    def _cut(self, data: bytes, *, announced: bool) -> None:
        """Send the first half of a body, with the length of the whole announced or not."""
        half = data[: len(data) // 2]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data) if announced else len(half)))
        self.end_headers()
        self.wfile.write(half)
        self.wfile.flush()
        if announced:
            raise _Broken


def _chat(
    body: Mapping[str, object], *, fault: Fault | None, most_tokens: int = 0, cached: int = 0
) -> Mapping[str, object]:
    """A chat completion: real sentences of the fenced text as quotes, unless something is to go wrong."""
    messages = body.get("messages")
    user = str(messages[-1]["content"]) if isinstance(messages, list) and messages else ""
    read = min(len(user) // 4, most_tokens or len(user))
    message: dict[str, object] = {"role": "assistant", "content": ""}
    if fault is not None and fault.kind == "refusal":
        message["refusal"] = "I can't help with that."
    else:
        message["content"] = json.dumps(
            answer_about(user, kind=fault.kind if fault else "", mood=fault.message if fault else ""),
            ensure_ascii=False,
        )
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": str(body.get("model")),
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": 200,
            "total_tokens": read + 200,
            "prompt_tokens_details": {"cached_tokens": min(cached, read)},
        },
    }


def _bomb() -> bytes:
    """A gzip stream without its end, which nobody gets to."""
    squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    piece = squeeze.compress(b" " * 2**24) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * 256


def small_jpeg(text: str = "") -> bytes:
    """A small JPEG whose colour depends on the text."""
    seed = random.Random(text)
    paper = (seed.randrange(256), seed.randrange(256), seed.randrange(256))
    return Sheet(96, 64, paper=paper).jpeg(width=96, height=64)


def load_script(path: Path) -> Script:
    """A script from a JSON file whose keys are the attributes of `Script`; faults are objects.

    Raises:
        ValueError: There is no such attribute, or the file is no JSON.
    """
    loaded = json.loads(path.read_text())
    unknown = set(loaded) - {field.name for field in fields(Script)}
    if unknown:
        raise ValueError(f"{path}: unknown: {', '.join(sorted(unknown))}")
    for name in ("text", "image", "random_faults"):
        loaded[name] = [Fault(**each) if each else None for each in loaded.get(name, ())]
    loaded["file"] = Fault(**loaded["file"]) if loaded.get("file") else None
    return Script(**loaded)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server that does what a script says.")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--script", type=Path, help="JSON file; without one all goes well")
    options = parser.parse_args()
    server = ScriptedServer(load_script(options.script) if options.script else Script(), port=options.port)
    print(f"openai.base_url = {json.dumps(server.base_url)}", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()

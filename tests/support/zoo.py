"""Drives endpoints of the shared zoo in this process, with a clock that moves only when something waits."""

import importlib.machinery
import importlib.util
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from imaginized.clock import ManualClock
from imaginized.errors import Paused, Rejected, Retryable, Unanswered
from imaginized.limits.limiter import Limiter
from imaginized.money.calls import Call, Reservation, Usage
from imaginized.providers.api import ImageRequest, TextRequest
from imaginized.providers.keys import Key, origin_of
from imaginized.providers.openai.calling import Conditions, Endpoint
from imaginized.providers.openai.client import Manner, OpenAIProvider
from imaginized.providers.openai.failures import Declined
from imaginized.providers.openai.prompt_texts import load_prompts
from imaginized.reading.quotes import find_quote
from imaginized.story.elements import Element, ElementType, Quote, Scene
from imaginized.story.text import ChapterText, Paragraph
from tests.support.unbound import NoArchive, NoMemory, tell_nobody

KEY = "sk-canary-5f9c2a817be04d"
WORDS = ("lamp", "river", "tower", "meadow", "captain", "harbour", "orchard", "thunder", "window", "bridge")
ITEMS = 2
MOST_ATTEMPTS = 3
MOST_RESTS = 3


def zoo_module(clock: "SharedClock") -> ModuleType:
    """The zoo, whose time is the clock's; skips the test where there is none."""
    default = Path(__file__).resolve().parents[3] / "shared" / "endpoints" / "zoo.py"
    path = Path(os.environ.get("IMAGINIZED_ZOO", default))
    if not path.exists():
        pytest.skip(f"no zoo of endpoints at {path}; set IMAGINIZED_ZOO")
    loader = importlib.machinery.SourceFileLoader("imaginized_zoo", str(path))
    spec = importlib.util.spec_from_loader("imaginized_zoo", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    arguments, sys.argv = sys.argv, ["zoo.py", "0", os.devnull]  # where it writes its log is read at once
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.argv, sys.dont_write_bytecode = arguments, writes
    vars(module)["time"] = SimpleNamespace(time=clock.time, sleep=clock.advance)
    return module


class SharedClock(ManualClock):
    """One for both ends, also told by the threads of a server."""

    def time(self) -> float:
        return self.now().timestamp()


@dataclass(frozen=True, slots=True)
class Zoo:
    """A server of it."""

    module: Any
    port: int
    clock: SharedClock
    server: ThreadingHTTPServer

    def use(self, handler: type) -> None:
        """Answer by another handler from now on."""
        self.server.RequestHandlerClass = handler

    @property
    def names(self) -> list[str]:
        return list(self.module.P)

    def forget(self, name: str) -> None:
        """Begin again with what it answers first."""
        counts = self.module.COUNT
        for key in [key for key in counts if key == name or (isinstance(key, tuple) and key[0] == name)]:
            del counts[key]

    def calls(self, name: str) -> int:
        return int(self.module.COUNT.get(name, 0))


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are nobody's business."""


class WallClock(SharedClock):
    """The machine's, for programs that no clock can be given to."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def advance(self, seconds: float) -> None:
        time.sleep(seconds)  # the endpoint's own slowness


@contextmanager
def served(clock: SharedClock | None = None) -> Iterator[Zoo]:
    clock = clock or SharedClock()
    module = zoo_module(clock)
    try:
        with quiet_server(module.H) as server:
            yield Zoo(module, server.server_address[1], clock, server)
    finally:
        module.LOG.close()


@contextmanager
def quiet_server(handler: Any) -> Iterator[ThreadingHTTPServer]:
    """On a free port of this machine."""
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@dataclass(slots=True)
class Came:
    """What came of a persona.

    Attributes:
        what: "done", "paused", "waits", "declined", "failed".
        calls: Requests that were sent.
        attempts: Of the items that ended badly.
        waits: How long was waited between requests.
        pauses: How long the work was put off, at no cost of an attempt.
        booked: How calls were booked: "sure", "maybe", "none".
        usages: What those that were sure took.
    """

    what: str = "done"
    calls: int = 0
    attempts: int = 0
    words: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    usages: list[Usage] = field(default_factory=list)


class Book:
    """Two chapters, or two pictures, asked of one endpoint as a worker asks."""

    def __init__(self, zoo: Zoo, name: str, *, folder: Path) -> None:
        self.came = Came()
        self.name, self.zoo = name, zoo
        zoo.forget(name)
        url = f"http://127.0.0.1:{zoo.port}/{name}/v1"
        limiter = self.limiter = Limiter(
            folder / f"{name}.db", clock=zoo.clock, is_alive=lambda _owner: True, owner="worker-1", boot="boot"
        )
        conditions = Conditions(
            wait=self.wait,
            clock=zoo.clock,
            beat=lambda: None,
            gate=limiter,
            till=_Till(self.came),
            memory=NoMemory(),
            archive=NoArchive(),
            tell=tell_nobody,
            timeout_seconds=20.0,
            deadline_seconds=240.0,
        )
        manner = Manner(prompts=load_prompts(None, profile="general"), find_quote=find_quote)
        endpoint = Endpoint(base_url=url, model="m", key=Key(KEY, origin=origin_of(url)))
        self.provider = OpenAIProvider(endpoint, conditions=conditions, manner=manner)

    def wait(self, seconds: float) -> None:
        if seconds:
            self.came.waits.append(round(seconds, 3))
            self.zoo.clock.advance(seconds)

    def read(self) -> Came:
        """Ask for everything; never sleeps."""
        ask = self._picture if self.name.startswith("im_") else self._chapter
        for number in range(1, ITEMS + 1):
            self._ask(ask, number)
            if self.came.what != "done":
                break
        self.came.calls = self.zoo.calls(self.name)
        return self.came

    def _ask(self, ask: Callable[[int], str], number: int) -> None:
        came = self.came
        for _ in range(MOST_ATTEMPTS + 8):
            try:
                came.what = ask(number)
            except Retryable as error:
                came.words.append(str(error))
                came.pauses.append(round(error.after_seconds, 1))
                if len(came.pauses) > MOST_RESTS:
                    came.what = "waits"
                    return
                self.zoo.clock.advance(error.after_seconds)
                continue
            except Paused as error:
                came.what = "paused"
                came.words.append(str(error))
            except Declined as error:
                came.what = "declined"
                came.words.append(str(error))
            except Rejected as error:
                came.what = "failed"
                came.words.append(str(error))
            except Unanswered as error:
                came.words.append(str(error))
                came.attempts += not error.is_final
                came.what = "failed"
                if not error.is_final and came.attempts < MOST_ATTEMPTS:
                    continue
            return

    def _chapter(self, number: int) -> str:
        reply = self.provider.write(
            TextRequest(book_title="A Book", language="en", chapter=chapter_of(number), scenes=2)
        )
        return "done" if reply.scenes else "failed"

    def _picture(self, number: int) -> str:
        quote = Quote(text="The lamp flickered.", chapter=number, start=0, page=1)
        scene = Scene(
            chapter=number, number=1, quote=quote, description="A lamp in a hall", elements=("Anna",), pages=(1, 1)
        )
        anna = Element(type=ElementType.CHARACTER, name="Anna", description="tall, a red coat")
        request = ImageRequest(
            book_title="A Book", chapter_title="I", scene=scene, elements=(anna,), width=96, height=64
        )
        reply = self.provider.draw(request)
        return "declined" if reply.declined else "done"


def chapter_of(number: int, *, paragraphs: int = 60) -> ChapterText:
    """One no two of whose sentences are alike."""
    chosen = random.Random(number)
    lines = []
    for line in range(paragraphs):
        first, second, third = chosen.sample(WORDS, 3)
        lines.append(
            f"In the year {1700 + line} the old {first} stood beside the {second} of house {line} and waited there. "
            f"Then came Barnaby with a {third}, and nobody but the {first} keeper of {line} hills saw him go away."
        )
    return ChapterText(number=number, title="I", paragraphs=tuple(Paragraph(text=text) for text in lines))


class _Till:
    def __init__(self, came: Came) -> None:
        self._came = came

    def reserve(self, call: Call) -> Reservation:  # noqa: ARG002
        return _Slip(self._came)


class _Slip:
    def __init__(self, came: Came) -> None:
        self._came = came

    def settle(self, usage: Usage, *, outcome: str) -> float | None:  # noqa: ARG002
        self._came.booked.append("maybe" if usage == Usage() else "sure")
        self._came.usages.append(usage)
        return 0.0

    def cancel(self, *, outcome: str) -> None:  # noqa: ARG002
        self._came.booked.append("none")

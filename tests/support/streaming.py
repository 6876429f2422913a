"""Streams of events in tests: a server of nothing else on a library, making events happen, and what the logs hold."""

import asyncio
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.control.client import Told, events
from imaginized.control.parameters import parameters_of
from imaginized.control.protocol import SUBSCRIBE
from imaginized.control.server import ControlServer, Method
from imaginized.control.streams import Streams
from imaginized.logs.log import get_log
from imaginized.queue.change import Change
from imaginized.queue.codec import encode
from imaginized.queue.holding import hold, let_go
from imaginized.queue.manifest import Hold, Manifest
from imaginized.reasons import Code
from imaginized.store.library import Library
from tests.support.manifests import EPOCH, split_book
from tests.support.waiting import DEADLINE_SECONDS

HELD = Hold(reason="waits for another day", since=EPOCH, code=Code.DAY_BUDGET, until=EPOCH)
BOOK, OTHER = "a-book-00000000", "b-book-11111111"

Event = tuple[str, int]  # a book and a number


def new_library(root: Path, *books: str) -> Library:
    """A library with these books, of which nothing has happened."""
    library = Library(root, clock=SystemClock())
    for book in books or (BOOK, OTHER):
        put(library, book)
    return library


def put(library: Library, book: str, **changes: object) -> None:
    """A book of which nothing has happened."""
    files = library.files(book)
    files.data.mkdir(parents=True)
    files.manifest.write_bytes(encode(replace(split_book(5, 3), book_id=book, **changes)))  # type: ignore[arg-type]


def happen(library: Library, book: str = BOOK, *, times: int = 1) -> None:
    """So many events of a book: it is held and let go in turn."""

    def turn(manifest: Manifest) -> Change:
        return hold(manifest, why=HELD) if manifest.hold is None else let_go(manifest)

    for _ in range(times):
        library.update(book, turn)


def copied(library: Library, book: str, to: Path) -> None:
    """A copy of a book's folder."""
    shutil.copytree(library.files(book).root, to)


def in_logs(library: Library) -> list[Event]:
    """The true lines of every log: a book and a number each."""
    found = []
    for book, manifest in library.readable():
        if not manifest.event_count:
            continue
        with library.files(book).events.open("rb") as log:
            lines = log.read(manifest.event_bytes if manifest.event_bytes is not None else -1).splitlines()
        found += [(book, json.loads(line)["number"]) for line in lines]
    return found


class Serving:
    """A server of streams in a thread of its own; a context manager, again and again."""

    def __init__(self, library: Library, socket: Path) -> None:
        """Serve nothing yet."""
        self.library, self.socket = library, socket
        self.streams = Streams()
        self.server = ControlServer({}, log=get_log())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread()

    def __enter__(self) -> "Serving":
        self.streams, self._loop = Streams(), (loop := asyncio.new_event_loop())
        method = Method(
            answer=lambda given: self.streams.open(self.library, since=given.get("since")),  # type: ignore[arg-type]
            takes=parameters_of(SUBSCRIBE),
        )
        self.server = ControlServer({"subscribe": method}, log=get_log())
        self._thread = threading.Thread(target=loop.run_forever)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.server.listen(self.socket), loop).result(DEADLINE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self.server.close(), self._loop).result(DEADLINE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(DEADLINE_SECONDS)
        self._loop.close()

    def told(self, *, since: str | None = None, count: int) -> list[Told]:
        """The next messages after a cursor, so many, and whatever else comes before it is quiet for two looks."""
        found: list[Told] = []
        stream = events(self.socket, since=since, quiet_seconds=lambda: DEADLINE_SECONDS if len(found) < count else 0.4)
        next(stream)
        for told in stream:
            if told.event is None and told.gap is None:
                return found
            found.append(told)
        return found

    def now(self) -> str:
        """The cursor of now."""
        return next(events(self.socket)).cursor


def numbers(told: Sequence[Told]) -> list[Event]:
    """The events among messages."""
    return [(one.event["book"], one.event["number"]) for one in told if one.event is not None]


def gaps(told: Sequence[Told]) -> list[list[tuple[str | None, str, int | None, int | None]]]:
    """The gaps among messages."""
    return [
        [(row["book"], row["why"], row["first"], row["last"]) for row in one.gap["lost"]]
        for one in told
        if one.gap is not None
    ]


@contextmanager
def raw(path: Path, *lines: bytes) -> Iterator[socket.socket]:
    """A connection on which these lines were sent."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(DEADLINE_SECONDS)
        client.connect(os.fspath(path))
        client.sendall(b"".join(line + b"\n" for line in lines))
        yield client


def subscribing(since: str | None = None) -> bytes:
    """The request, as a line without its end."""
    params: Mapping[str, object] = {} if since is None else {"since": since}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": params}).encode()

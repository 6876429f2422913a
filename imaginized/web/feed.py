"""The daemon's events, read once for all tabs: one connection to the daemon, however many pages are open."""

import asyncio
import json
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from imaginized.control.client import Told, events
from imaginized.errors import ControlError, ExitCode

MOST_TABS = 32
KEPT = 1000  # messages that a tab which comes back can still be told
QUIET_SECONDS = 15.0
RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something a page may want to show.

    Attributes:
        number: From 1, each one more than the one before.
        kind: book, or what no event tells: gap (look again), away and back (of the daemon).
        data: For the page's script.
    """

    number: int
    kind: str
    data: dict[str, object]


class Feed:
    """News for as many tabs as there are. Made in the loop that serves them; a thread reads what the daemon says."""

    def __init__(self, socket: Path) -> None:
        """Know the daemon's socket; `start` begins to listen."""
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        # Its part of every id: numbers of an earlier process of this page mean nothing here.
        self._epoch = secrets.token_hex(4)
        self._news: deque[News] = deque(maxlen=KEPT)
        self._number = 0
        self._more = asyncio.Condition()
        self._is_over = False
        self.tabs = 0

    @property
    def place(self) -> str:
        """Where the news stand now: whoever asks from here on misses nothing."""
        return f"{self._epoch}-{self._number}"

    def start(self) -> None:
        """Listen until the process ends."""
        threading.Thread(target=self._listen, name="feed", daemon=True).start()

    async def close(self) -> None:
        """End every stream: a server that waits for them would never stop."""
        async with self._more:
            self._is_over = True
            self._more.notify_all()

    async def after(self, place: str) -> AsyncIterator[News | None]:
        """What came after a place, then what comes; None after each time in which nothing did. Ends with the server."""
        known, is_known = self._read(place)
        if not is_known:
            yield News(number=self._number, kind="gap", data={})
        while not self._is_over:
            for news in [one for one in self._news if one.number > known]:
                known = news.number
                yield news
            if not await self._wait(beyond=known):
                yield None

    def line_of(self, news: News) -> bytes:
        """As a browser's EventSource reads it."""
        data = json.dumps(news.data, ensure_ascii=True)
        return f"id: {self._epoch}-{news.number}\nevent: {news.kind}\ndata: {data}\n\n".encode()

    async def _wait(self, *, beyond: int) -> bool:
        """Until there is news beyond a number, or the server ends; False when nothing came for a while."""
        async with self._more:
            try:
                more = self._more.wait_for(lambda: self._number > beyond or self._is_over)
                await asyncio.wait_for(more, QUIET_SECONDS)
            except TimeoutError:
                return False
        return True

    def _read(self, place: str) -> tuple[int, bool]:
        """The number that a place stands for, and whether all that came after it is still there."""
        epoch, _, number = place.partition("-")
        if epoch != self._epoch or not number.isdecimal() or int(number) > self._number:
            return self._number, False
        first = self._news[0].number if self._news else self._number + 1
        return int(number), int(number) >= first - 1

    def _listen(self) -> None:
        cursor, is_away = None, False
        while True:
            try:
                for told in events(self._socket, since=cursor, return_seconds=RETRY_SECONDS, note_loss=self._lose):
                    cursor = told.cursor
                    if is_away or told.is_beginning:
                        self._tell("back", {})
                        is_away = False
                    self._pass_on(told)
            except ControlError as error:
                if not is_away and error.exit_code is ExitCode.NOT_RUNNING:
                    self._lose()
                # Another library's, or a cursor that is none any more: from now on, and every page looks again.
                cursor = None if error.exit_code is ExitCode.USAGE else cursor
                is_away = True
            threading.Event().wait(RETRY_SECONDS)

    def _lose(self) -> None:
        self._tell("away", {})

    def _pass_on(self, told: Told) -> None:
        if told.gap is not None:
            self._tell("gap", {})
        if told.event is not None:
            event = told.event
            words = event["event"].replace("_", " ")
            self._tell("book", {"book": event["book"], "event": words, "chapter": event["chapter"]})

    def _tell(self, kind: str, data: dict[str, object]) -> None:
        try:
            asyncio.run_coroutine_threadsafe(self._add(kind, data), self._loop).result()
        except RuntimeError:  # the loop has ended, and the process is about to
            raise SystemExit from None

    async def _add(self, kind: str, data: dict[str, object]) -> None:
        async with self._more:
            self._number += 1
            self._news.append(News(number=self._number, kind=kind, data=data))
            self._more.notify_all()

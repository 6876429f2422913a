"""Keeps the process of the notifier: outside of the pool, so that nothing that becomes of it touches a book.

The supervisor calls `tick`; nothing here waits.
"""

import asyncio
import contextlib
import signal
from itertools import count
from pathlib import Path

from imaginized.clock import Clock
from imaginized.control.notice_rows import WayRow
from imaginized.control.standing import Standing
from imaginized.daemon.launcher import Child, Launcher, ending
from imaginized.errors import ControlError, ExitCode
from imaginized.logs.log import Log
from imaginized.process.channel import Message, is_readable, receive, send
from imaginized.process.slots import NOTIFIER
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Settings

SILENT_SECONDS = 180.0  # far beyond the longest try of a message
FIRST_BACKOFF_SECONDS = 2.0
LONGEST_BACKOFF_SECONDS = 300.0
CHUNK = 8192  # characters; of a packet that holds 64 KB whatever they are
LONG_SECONDS = 60.0  # after which what ended the one before is over
TEST_GRACE_SECONDS = 15.0


class Notifying:
    """The notifier's process, while somebody is to be told something."""

    def __init__(self, launcher: Launcher, *, clock: Clock, log: Log) -> None:
        """Start nothing yet."""
        self._launcher, self._clock, self._log = launcher, clock, log
        self._child: Child | None = None
        self._settings: Settings | None = None  # of its process
        self._wanted: Settings | None = None  # in force
        self._heard_at = self._started_at = 0.0
        self._not_before = 0.0
        self._failures = 0
        self._told: list[str] = []
        self._ended = ""
        self._numbers = count(1)
        self._tests: dict[int, asyncio.Future[list[WayRow]]] = {}

    def problems(self) -> list[Reason]:
        """What is wrong with it."""
        texts = [f"messages to people: {text}" for text in (*self._told, *([self._ended] if self._ended else []))]
        return [Reason(Code.NOTIFY, text) for text in texts]

    def tick(self, settings: Settings, *, is_draining: bool) -> None:
        """See that it runs with these settings, if they want it, and hear it."""
        self._wanted, now = settings, self._clock.monotonic()
        if self._child is not None:
            self._look_after(self._child, settings, now=now)
        is_wanted = settings.notify.is_on or settings.metrics.textfile is not None
        if not is_wanted:
            self._told, self._ended = [], ""
        if self._child is None and is_wanted and not is_draining and now >= self._not_before:
            self._start(settings, now=now)

    def close(self) -> None:
        """Have it end. What was not sent is kept; its file goes, for it says that the daemon answers."""
        if self._child is not None:
            self._child.signal(signal.SIGKILL)
            self._collect(self._child)
        self._remove_textfile(wanted=None)

    def tell(self, found: Standing) -> bool:
        """Have it compare how everything stands with what it told; whether it hears that, else it is told again."""
        return self._child is not None and send(self._child.end, {"order": "standing", "found": found})

    def write(self, text: str) -> None:
        """Have it write the figures into their file."""
        chunks = [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]
        for number, chunk in enumerate(chunks):
            ends = {"is_first": number == 0, "is_last": number == len(chunks) - 1}
            if self._child is None or not send(self._child.end, {"order": "textfile", "text": chunk, **ends}):
                return  # it does not read just now; half a text is not written

    async def test(self, about: str) -> list[WayRow]:
        """Have a message sent by every way, and say what became of it.

        Raises:
            ControlError: Nobody is to be told anything, or the notifier does not answer.
        """
        settings = self._wanted
        if settings is None or not settings.notify.is_on:
            text, advice = "nobody is to be told anything", "set a way in [notify], then `imaginizectl reload`"
            raise ControlError(text, exit_code=ExitCode.NOTHING_TO_DO, advice=advice)
        if self._child is None:
            text = f"the notifier does not run{f': it {self._ended}' if self._ended else ' yet'}"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT, advice="try again; the log says more")
        number = next(self._numbers)
        future: asyncio.Future[list[WayRow]] = asyncio.get_running_loop().create_future()
        self._tests[number] = future
        try:
            send(self._child.end, {"order": "test", "about": about, "number": number})
            async with asyncio.timeout(settings.notify.timeout_seconds * 2 + TEST_GRACE_SECONDS):
                return await future
        except TimeoutError as error:
            text = "the notifier does not answer"
            raise ControlError(text, exit_code=ExitCode.TIMED_OUT, advice="try again; the log says more") from error
        finally:
            del self._tests[number]

    def _start(self, settings: Settings, *, now: float) -> None:
        if not self._launcher.is_ready():
            return
        try:
            self._child = self._launcher.start(NOTIFIER)
        except OSError as error:
            self._back_off(f"cannot be started: {error}", now=now)
            return
        self._settings, self._heard_at, self._started_at = settings, now, now
        self._log.info("notifier_started", child=self._child.pid)

    def _look_after(self, child: Child, settings: Settings, *, now: float) -> None:
        self._hear(child, now=now)
        if settings is not self._settings:
            send(child.end, {"order": "end"})
        if now - self._started_at > LONG_SECONDS:
            self._failures, self._ended = 0, ""
        if now - self._heard_at > SILENT_SECONDS:
            child.signal(signal.SIGKILL)
        if is_readable(child.sentinel, seconds=0):
            self._hear(child, now=now)  # what it said last
            code = self._collect(child)
            self._remove_textfile(wanted=settings.metrics.textfile)
            how = ending(code)
            self._log.info("notifier_exited", reason=how)
            if code == 0:
                self._failures, self._ended, self._not_before = 0, "", now
            else:
                self._back_off(how, now=now)

    def _hear(self, child: Child, *, now: float) -> None:
        with contextlib.suppress(BlockingIOError):
            while (message := receive(child.end)) is not None:
                self._heard_at = now
                self._take(message)

    def _take(self, message: Message) -> None:
        if message.get("event") == "notifier":
            problems = message.get("problems")
            self._told = [str(text) for text in problems] if isinstance(problems, list) else []
        if message.get("event") == "tested":
            future = self._tests.get(int(str(message.get("number"))))
            rows = message.get("rows")
            if future is not None and not future.done() and isinstance(rows, list):
                future.set_result([WayRow(way=str(row["way"]), problem=str(row["problem"])) for row in rows])

    def _collect(self, child: Child) -> int:
        self._child = None
        return child.collect()

    def _remove_textfile(self, *, wanted: Path | None) -> None:
        """Remove the file of the process that has just ended, unless the next one writes it, too."""
        file = None if self._settings is None else self._settings.metrics.textfile
        if file is not None and file != wanted:
            with contextlib.suppress(OSError):
                file.unlink()

    def _back_off(self, how: str, *, now: float) -> None:
        self._ended = how
        wait = min(FIRST_BACKOFF_SECONDS * 2 ** min(self._failures, 10), LONGEST_BACKOFF_SECONDS)
        self._failures += 1
        self._not_before = now + wait

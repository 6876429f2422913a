"""The process that tells people what happens, and writes the figures for a monitoring system.

It reads the library, and hears from the supervisor how that stands: whatever becomes of it, no book is harmed.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC
from typing import cast

from imaginized.clock import Clock, SystemClock
from imaginized.control.standing import Standing
from imaginized.errors import ImaginizedError
from imaginized.logs.log import get_log
from imaginized.money.ledger import Ledger
from imaginized.notices.attempt import attempt
from imaginized.notices.happened import look
from imaginized.notices.keeping import RecordFile
from imaginized.notices.notice import Notice, of_test
from imaginized.notices.outbox import Flood, Record, anew, gathered, next_letter, sent, with_notices
from imaginized.notices.standing import Spent, compared
from imaginized.notices.ways import ways_of
from imaginized.process.channel import Message, is_readable, receive, send
from imaginized.process.fault_points import fault_point
from imaginized.process.slots import NOTIFIER
from imaginized.queue.phases import ENDED
from imaginized.queue.plan import phase
from imaginized.settings.choices import NOTICE_EVENTS, NoticeEvent
from imaginized.settings.model import Settings
from imaginized.store.library import Library
from imaginized.store.locking import LifeLock
from imaginized.store.owners import current_owner
from imaginized.store.room import DISK_FULL
from imaginized.store.writing import write_atomic

LOOK_SECONDS = 2.0
LEAST_SECONDS = 0.05
LOCK = ".imaginized.notices.lock"
LOCK_SECONDS = 90.0

_log = get_log()


def run_notifier(settings: Settings, end: socket.socket) -> None:
    """Be the notifier until told to end, or until the supervisor is gone. A fork server's child runs this."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is half done: what was not sent is kept
    # One that is ending may be at a message: two would both send what is kept.
    with closing(LifeLock(settings.paths.library / LOCK, mode=0o600)) as lock:
        lock.take(wait_seconds=LOCK_SECONDS)
        Notifier(settings, end=end, clock=SystemClock()).run()


class Notifier:
    """Looks, gathers, sends, and tells the supervisor how that goes."""

    def __init__(self, settings: Settings, *, end: socket.socket, clock: Clock) -> None:
        """Read what was kept; send nothing yet."""
        self._settings, self._end, self._clock = settings, end, clock
        self._notify = settings.notify
        self._library = Library(settings.paths.library, clock=clock)
        self._file = RecordFile(settings.paths.library)
        self._ways = ways_of(settings.notify)
        self._record = self._loaded()
        self._failing: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        me = current_owner(NOTIFIER, pid=os.getpid())
        self._ledger = Ledger(settings.paths.library, clock=clock, owner=me)
        self._next_look = 0.0
        self._text: list[str] = []

    def run(self) -> None:
        """Work until it is over."""
        self._tell_state()
        while self._hear(seconds=self._pause()):
            if self._notify.is_on and time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + LOOK_SECONDS
                self._try("look", self._look)
            self._post()
            self._tell_state()

    def _loaded(self) -> Record:
        record = self._file.load()
        return replace(record, outbox=anew(record.outbox, ways=tuple(self._ways.by_name)))

    def _pause(self) -> float:
        if not self._notify.is_on:
            return LOOK_SECONDS
        if next_letter(self._record.outbox, now=self._seconds()):
            return 0.0
        return min(max(self._next_look - time.monotonic(), LEAST_SECONDS), LOOK_SECONDS)

    def _try(self, name: str, act: Callable[[], None]) -> None:
        """Do something that the disk may refuse; the next time tries again."""
        before = self._troubles.pop(name, "")
        try:
            act()
        except (OSError, ImaginizedError) as error:
            self._troubles[name] = f"{name}: {error}"
            if self._troubles[name] != before:
                _log.warning("error_caught", reason=f"the notifier: {name}: {error}")

    def _look(self) -> None:
        found = look(self._library, self._record, now=self._clock.now())
        self._note(found.record, found.notices)

    def _compare(self, found: Standing) -> None:
        books = [*self._spent()] if self._settings.budget.max_usd_per_book else []
        record, notices = compared(self._record, found, books=books, now=self._clock.now())
        self._note(record, notices)

    def _spent(self) -> Iterator[Spent]:
        cap, spent = self._settings.budget.max_usd_per_book, self._ledger.books()
        for book, manifest in self._library.open_manifests() if spent else ():
            if book in spent and phase(manifest) not in ENDED:
                title = manifest.book_title or manifest.original_name
                yield Spent(book=book, title=title, usd=spent[book], cap_usd=cap)

    def _note(self, record: Record, notices: Iterable[Notice]) -> None:
        """Keep what was found with the messages of it, in one write: killed before it, all is found again."""
        wanted = [notice for notice in notices if notice.event in self._notify.events]
        outbox = with_notices(record.outbox, wanted, ways=tuple(self._ways.by_name), now=self._seconds())
        self._keep(replace(record, outbox=outbox))
        fault_point("notice_kept")

    def _keep(self, record: Record) -> None:
        if record != self._record:
            self._file.save(record)
            self._record = record

    def _post(self) -> None:
        """Send what may go. A try is short, and between two the supervisor is heard."""
        flood = Flood(after=self._notify.digest_after, seconds=self._notify.digest_seconds)
        outbox = gathered(self._record.outbox, flood=flood, now=self._seconds())
        try:
            self._keep(replace(self._record, outbox=outbox))
            if (found := next_letter(outbox, now=self._seconds())) is None:
                return
            letter, names = found
            results = self._attempt(letter.notice, names)
            fault_point("notice_sent")
            after, lost = sent(outbox, letter.notice.id, results, now=self._seconds())
            # In memory first: on a full disk it must not be sent again and again.
            self._record = replace(self._record, outbox=after)
            self._file.save(self._record)
        except OSError as error:
            if error.errno not in DISK_FULL:
                _log.warning("error_caught", reason=f"the notifier cannot keep what it sent: {error}")
            return
        for name in lost:
            _log.warning("notice_lost", way=name, notice=letter.notice.id, reason="it was not taken for a day")

    def _attempt(self, notice: Notice, names: Iterable[str]) -> dict[str, str]:
        ways = {name: self._ways.by_name[name] for name in names if name in self._ways.by_name}
        results = attempt(notice, ways, seconds=self._notify.timeout_seconds)
        for name, said in results.items():
            before = self._failing.pop(name, "")
            if not said:
                _log.info("notice_sent", way=name, notice=notice.id, about=notice.event)
                continue
            self._failing[name] = said
            if said != before:
                _log.warning("notice_failed", way=name, notice=notice.id, about=notice.event, reason=said)
        return results

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

    def _write_textfile(self) -> None:
        file = self._settings.metrics.textfile
        if file is not None:
            # By rename: the collector never reads half of it. Not synced: it is written anew in a moment.
            write_atomic(file, "".join(self._text).encode(errors="replace"), synced=False)
            file.chmod(0o644)  # whoever collects is somebody else

    def _tell_state(self) -> None:
        problems = [*self._ways.problems.values(), *(f"{name}: {said}" for name, said in sorted(self._failing.items()))]
        problems += self._troubles.values()
        send(self._end, {"event": "notifier", "problems": [problem[:300] for problem in problems[:10]]})

    def _hear(self, *, seconds: float) -> bool:
        """Wait so long for an order, and follow it; whether to go on."""
        if not is_readable(self._end, seconds=seconds):
            return True
        while True:
            try:
                message = receive(self._end, flags=socket.MSG_DONTWAIT)
            except BlockingIOError:
                return True
            if message is None or message.get("order") == "end":
                return False
            self._obey(message)

    def _obey(self, message: Message) -> None:
        order = message.get("order")
        if order == "test":
            self._test(message)
        elif order == "standing" and self._notify.is_on:
            found = cast(Standing, message["found"])
            self._try("standing", lambda: self._compare(found))
        elif order == "textfile":
            self._text = [*([] if message.get("is_first") else self._text), str(message.get("text"))]
            if message.get("is_last"):
                self._try("textfile", self._write_textfile)

    def _test(self, message: Message) -> None:
        """Send a message by every way, as one that is real; not kept, for somebody waits for what becomes of it."""
        event: NoticeEvent = next((each for each in NOTICE_EVENTS if each == message.get("about")), "done")
        at = self._clock.now().astimezone(UTC).isoformat(timespec="seconds")
        notice = of_test(event, at=at, number=f"{os.getpid()}-{message.get('number')}")
        results = self._attempt(notice, tuple(self._ways.by_name))
        told = {**results, **self._ways.problems}
        rows = [{"way": name, "problem": said} for name, said in told.items()]
        send(self._end, {"event": "tested", "number": message.get("number"), "rows": rows})

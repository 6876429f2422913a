"""Hints that something happened in the inbox. The only watchdog import.

Events are lost, merged and late; none decides anything. They say when to look, and whose settle clock to start anew.
"""

import contextlib
import errno
import logging
import os
import queue
import threading
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from imaginized.inbox.folder import Mount

EVENTS: list[type[FileSystemEvent]] = [  # not opened and read: those we do ourselves
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
LIMITS = {errno.ENOSPC: "fs.inotify.max_user_watches", errno.EMFILE: "fs.inotify.max_user_instances"}
DESCRIPTORS = Path("/proc/self/fdinfo")
JOIN_SECONDS = 2.0
OVERFLOW = "events were lost"  # of watchdog's message


class Watcher:
    """Listens for events below the inbox while it can; where it cannot, the inbox has to be polled.

    Attributes:
        polling: Why no events come; empty while they do.
    """

    def __init__(self, inbox: Path, *, wake: threading.Event) -> None:
        """Watch nothing yet; `wake` will be set at every event."""
        self._inbox = inbox
        self._handler = _Hints(inbox, wake=wake)
        self._observer: BaseObserver | None = None
        self.polling = ""
        self._is_short = False
        self._overflows = _Overflows(wake)
        logging.getLogger("watchdog").addHandler(self._overflows)  # without any, its warnings go to stderr as they are

    @property
    def overflows(self) -> int:
        """How often the kernel dropped events because nobody read them in time."""
        return self._overflows.count

    @property
    def has_hints(self) -> bool:
        """Whether anything happened since `take_hints`."""
        return not self._handler.hints.empty()

    def start(self, mount: Mount) -> None:
        """Make the watches anew, for the folder that is there now."""
        # Watches are of inodes: for a folder that was made anew under the same name the old ones tell nothing.
        self.stop()
        self.polling = ""
        self._is_short = False
        if mount.is_remote:
            self.polling = f"the inbox is on {mount.type}, where changes made elsewhere raise no events"
            return
        try:
            self._observer = self._observe()
        except OSError as error:
            self.polling = _explain_limit(error.errno or 0, str(error.strerror or error))

    def check(self, folders: int) -> bool:
        """Whether it turned out just now that some of the inbox's folders are not watched; then it is polled.

        Watchdog passes in silence over a subfolder that the kernel has no watch left for. One missed in a single look
        may only be too new, so it takes two.
        """
        is_short = self._observer is not None and _count_watches() < folders
        was_short, self._is_short = self._is_short, is_short
        if not (is_short and was_short):
            return False
        self.stop()
        self.polling = _explain_limit(errno.ENOSPC, "the kernel has no watch left for every folder")
        return True

    def stop(self) -> None:
        """Listen no more; the threads have ended on return."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            # Bounded: on a mount that hangs, its thread sits in a system call for as long as that does.
            observer.join(JOIN_SECONDS)

    def take_hints(self) -> set[str]:
        """Keys, as in `Sighting`, that something happened to since the last call."""
        keys = set()
        while self.has_hints:
            # This is the only reader, so one that was there is still there.
            keys.add(self._handler.hints.get_nowait())
        return keys

    def _observe(self) -> BaseObserver:
        observer = Observer()
        observer.schedule(self._handler, str(self._inbox), recursive=True, event_filter=EVENTS)
        try:
            # The watches are made here, and here the kernel says that there is none left.
            observer.start()
        except BaseException:
            observer.stop()
            raise
        return observer


def _explain_limit(number: int, reason: str) -> str:
    limit = LIMITS.get(number)
    return f"{reason}; raise it with `sysctl {limit}=…`" if limit else reason


def _count_watches() -> int:
    """How many inotify watches this process has, as the kernel counts them."""
    count = 0
    for entry in DESCRIPTORS.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since, as the one that lists them
            count += entry.read_text().count("\ninotify wd:")
    return count


class _Overflows(logging.Handler):
    """Counts what watchdog tells of dropped events by its log alone, and has the inbox looked at."""

    def __init__(self, wake: threading.Event) -> None:
        super().__init__(logging.WARNING)
        self.count = 0
        self._wake = wake

    def emit(self, record: logging.LogRecord) -> None:
        """Count it, if it is one."""
        # watchdog 6 tells of IN_Q_OVERFLOW nowhere else.
        if OVERFLOW in str(record.msg):
            self.count += 1
            self._wake.set()


class _Hints(FileSystemEventHandler):
    """Queues the keys of what events are about, and wakes the one who reads them. Runs in the observer's thread."""

    def __init__(self, inbox: Path, *, wake: threading.Event) -> None:
        self.hints: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._prefix = f"{inbox}/"
        self._wake = wake

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take a hint."""
        for path in (event.src_path, event.dest_path):
            if path:
                self.hints.put(os.fsdecode(path).removeprefix(self._prefix))
        self._wake.set()

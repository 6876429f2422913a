"""Running the real intake process in tests, seen as the supervisor sees it."""

import multiprocessing
import os
import signal
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from imaginized.clock import ManualClock
from imaginized.daemon.child import Given
from imaginized.daemon.entry import be_child
from imaginized.inbox.folder import Mount
from imaginized.process.channel import Message, channel_pair, receive, send
from imaginized.process.slots import INTAKE
from imaginized.queue.manifest import Claim, Stage, Task
from imaginized.queue.transitions import claim, fail
from imaginized.reasons import Code, Reason
from imaginized.settings.file import load_settings
from imaginized.settings.model import Settings
from imaginized.store.library import Library
from tests.support.epubs import write_hollow_epub
from tests.support.waiting import DEADLINE_SECONDS, eventually

TRUNCATED = {"name": "a.epub", "reason": "the end of the zip file is missing", "code": "incomplete"}
LOCAL = Mount(point=Path("/"), type="ext4")


def make_settings(folder: Path, **times: float) -> Settings:
    (folder / "library").mkdir(exist_ok=True)
    overrides: dict[str, object] = {"paths.inbox": folder / "inbox", "paths.library": folder / "library"}
    overrides |= {
        "inbox.settle_seconds": 0.1,
        "inbox.reconcile_seconds": 0.5,
        "disk.min_free_bytes": 0,
        "logs.level": "error",
    }
    overrides |= {f"inbox.{name}": seconds for name, seconds in times.items()}
    return load_settings(None, environment={"HOME": str(folder)}, overrides=overrides)


def epub_bytes(folder: Path, *, text: str = "In a hole in the ground") -> bytes:
    return write_hollow_epub(folder / f"{uuid.uuid4().hex}.made", text=text).read_bytes()


class Running:
    """An intake process, seen as the supervisor sees it."""

    def __init__(self, process: ForkServerProcess, end: socket.socket) -> None:
        self.process, self.end = process, end
        self.heard: list[Message] = []

    def wait_for(self, event: str, **values: object) -> Message:
        """The next message of that kind with these values."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            self.end.settimeout(max(deadline - time.monotonic(), 0.01))
            message = receive(self.end)
            assert message is not None, f"the intake ended; it said {self.heard}"
            self.heard.append(message)
            if message["event"] == event and _has(message, values):
                return message
        raise AssertionError(f"no {event} {values} in {DEADLINE_SECONDS} s; it said {self.heard}")

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def wait_until_stopped(self) -> None:
        """Until it stopped itself at a fault point."""
        stat = Path(f"/proc/{self.pid}/stat")
        eventually(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T")

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def order(self, order: str) -> None:
        send(self.end, {"order": order})

    def ended(self) -> int | None:
        self.process.join(DEADLINE_SECONDS)
        return self.process.exitcode


def _has(message: Message, values: Mapping[str, object]) -> bool:
    return all(message.get(key) == value for key, value in values.items())


@contextmanager
def running(settings: Settings, *, faults: str = "") -> Iterator[Running]:
    ours, theirs = channel_pair()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["imaginized.daemon.entry"])
    process = context.Process(
        target=be_child, args=(INTAKE,), kwargs={"given": Given(settings=settings, faults=faults), "end": theirs}
    )
    process.start()
    theirs.close()
    try:
        yield Running(process, ours)
    finally:
        ours.close()
        if process.is_alive():
            process.kill()
        process.join()
        process.close()


def library_of(settings: Settings) -> Library:
    return Library(settings.paths.library, clock=ManualClock())


def drop(settings: Settings, name: str, data: bytes) -> Path:
    path = settings.paths.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def reject_in_library(library: Library, book: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    by = Claim(owner="worker-1@host:1:1", boot="", claim_id=uuid.uuid4().hex, claimed_at=now)
    fence = library.update(book, partial(claim, by=by, now=now)).steps[Stage.SPLIT].fence
    assert fence is not None
    ended = partial(
        fail,
        task=Task(stage=Stage.SPLIT),
        fence=fence,
        now=now,
        error=Reason(Code.ENCRYPTED, "it is encrypted"),
        max_attempts=3,
        rejected=True,
    )
    library.update(book, ended)

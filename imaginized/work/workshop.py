"""What a worker works with, and what it holds."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from imaginized.clock import Clock
from imaginized.logs.log import Log
from imaginized.money.till import BookTill
from imaginized.process.beats import Work, waits_message, work_message
from imaginized.process.channel import Orders, send
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.providers.api import Provider
from imaginized.queue.manifest import Fence, Manifest, Task
from imaginized.remote.runner import Here, Runner
from imaginized.settings.model import Settings
from imaginized.store.library import Library
from imaginized.store.owners import Owner
from imaginized.store.pause import Pause
from imaginized.story.sidecar_keys import BookRequest
from imaginized.work.reach import Reach
from imaginized.work.task_context import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a worker process works with; made after the fork.

    Attributes:
        end: The child's end of the channel to the supervisor.
        image: Who draws; None for nobody.
        fit: Who reads and draws for a book that may ask for models of its own; None where all books have the same.
        till: Where providers pay.
        bench: What the providers work at.
        reader: Whether books may be read.
        reach: Which endpoints can be reached.
        runner: Who runs the stages.
        takes: Whether this worker may claim a task: one here leaves to hosts what is sent away.
        look: Sees which hosts there are.
    """

    settings: Settings
    end: socket.socket
    clock: Clock
    orders: Orders
    owner: Owner
    log: Log
    library: Library
    text: Provider
    image: Provider | None
    till: BookTill
    bench: Bench
    reader: ReaderGate
    reach: Reach = field(default_factory=Reach)
    runner: Runner = field(default_factory=Here)
    takes: Callable[[str, Task], bool] = lambda _book, _task: True
    look: Callable[[], None] = lambda: None
    fit: Callable[[BookRequest], tuple[Provider, Provider | None]] | None = None

    def providers_for(self, request: BookRequest) -> tuple[Provider, Provider | None]:
        """Who reads and who draws for a book; None for nobody."""
        return self.fit(request) if self.fit else (self.text, self.image)

    @property
    def pause(self) -> Pause:
        """The pause of the whole library."""
        return Pause(self.library.root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A claim this process holds, and the book as it was when it was taken.

    Attributes:
        is_probe: Whether it was taken to try an endpoint that nobody could reach.
    """

    book: str
    manifest: Manifest
    task: Task
    fence: Fence
    is_probe: bool = False

    @property
    def work(self) -> Work:
        """What the supervisor is told of it."""
        return Work(book=self.book, task=self.task)


def report(shop: Workshop, held: Held, event: str) -> None:
    """Tell the supervisor how far the task is, and until when to expect the next word."""
    seconds = shop.settings.workers.chapter_timeout_seconds
    waits = waits_message(shop.bench.waiting)
    send(shop.end, work_message(event, held.work, next_by_seconds=seconds, attempt=held.fence.attempt, **waits))

"""Who runs the stage of a claimed task: this process, or a host that asks home. The claim stays this process's."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

from imaginized.limits.gate import Gate
from imaginized.money.calls import Till
from imaginized.process.waiting import Waiting
from imaginized.providers.registry import Desk as Bench
from imaginized.remote.desk import Desk
from imaginized.remote.failures import HostSilent, OfferRefused
from imaginized.remote.line import HomeLine, Post
from imaginized.remote.offer import Offer, new_id, run_mark
from imaginized.remote.questions import Answer, Question
from imaginized.remote.seal import Seal
from imaginized.remote.store import LEAST_BYTES, HomeStore, Store, without_store
from imaginized.settings.model import Hosts, Settings
from imaginized.stages.job import Job, Result
from imaginized.stages.table import STAGES

LOOK_SECONDS = 0.5
SOON_SECONDS = 2.0
BEATS_IN_SILENCE = 6  # so many may be lost in a row


class Runner(Protocol):
    """Runs the stage of a claimed task."""

    def run(self, job: Job) -> Result:
        """What it made.

        Raises:
            HostSilent: A host was lost; counts as an attempt.
            OfferRefused: None has begun; does not.
            Exception: Whatever the stage raises.
        """


class Here:
    """Runs it in this process."""

    def run(self, job: Job) -> Result:
        """See Runner."""
        row = STAGES[job.task.stage]
        run = row.run if job.task.part is None or row.run_part is None else row.run_part
        return run(job)


class Engine(Protocol):
    """Brings offers to free hosts; nothing it knows of them is believed."""

    def offer(self, offer: Offer) -> bool:
        """Bring it to one; False where that cannot be tried now."""

    def is_waiting(self) -> bool:
        """Whether an offer lies there that no host has taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Has it run by a host.

    Attributes:
        home: The name of this home for its hosts.
        queue: The engine's, which hosts of this home's version and prompts take from.
        bench: As of the worker at home, as are till and gate.
        look: Sees now and then which hosts there are.
        store: Where files of `store_bytes` and more lie on their way; None: all go through the post.
    """

    engine: Engine
    post: Post
    seal: Seal
    home: str
    settings: Settings
    bench: Bench
    till: Till
    gate: Gate
    queue: str = ""
    look: Callable[[], None] = lambda: None
    store: Store | None = None
    store_bytes: int = LEAST_BYTES

    def run(self, job: Job) -> Result:
        """See Runner."""
        offer = self._new(job)
        line = self._taken_up(offer)
        if line is not None:
            with suppress(_NotThere):  # what was left of it was old
                return self._talk(job, line)
        return self._talk(job, HomeLine(self.post, self.seal, offer=offer))

    def _mark(self, offer: Offer) -> str:
        return run_mark(
            self.seal, home=self.home, queue=self.queue, book=offer.book, stage=offer.stage, chapter=offer.chapter
        )

    def _new(self, job: Job) -> Offer:
        hosts = self.settings.hosts
        return Offer(
            home=self.home,
            talk=new_id(),
            epoch=new_id(),
            book=job.manifest.book_id,
            stage=str(job.task.stage),
            chapter=job.chapter,
            beat_seconds=hosts.silence_seconds / BEATS_IN_SILENCE,
            patience_seconds=hosts.patience_seconds,
            hang_seconds=self.settings.workers.chapter_timeout_seconds,
            store_bytes=self.store_bytes if self.store else 0,
        )

    def _taken_up(self, offer: Offer) -> HomeLine | None:
        """The conversation of a host that works on this very task: the process at home that had it has ended."""
        name = self._mark(offer)
        sealed = self.post.marked(name)
        told = self.seal.open(sealed, about=name) if sealed else None
        if told is None:
            return None
        talk, run, host = told.decode().split(" ", 2)
        return HomeLine(self.post, self.seal, offer=replace(offer, talk=talk), run=run, host=host)

    def _talk(self, job: Job, line: HomeLine) -> Result:
        watch = _Watch(line, hosts=self.settings.hosts)
        with line, self._desk(job, line, watch=watch) as desk, self._answering(line, desk) as answer:
            offered_at = float("-inf")
            while desk.result is None and desk.failure is None:
                if not line.run:
                    job.step()  # nothing is lost by leaving it now
                    offered_at = self._offer(line, offered_at=offered_at)
                self._watched(line, watch)
                question = line.next(seconds=LOOK_SECONDS)
                if question is not None:
                    line.answer(answer(question))
            if desk.failure is not None:
                raise desk.failure
            assert desk.result is not None
            return desk.result

    @contextmanager
    def _answering(self, line: HomeLine, desk: Desk) -> Iterator[Callable[[Question], Answer]]:
        if self.store is None:
            yield lambda question: without_store(question, desk.answer)
            return
        with closing(HomeStore(self.store, self.seal, offer=line.offer)) as store:
            yield lambda question: store.answer(question, desk.answer)

    def _offer(self, line: HomeLine, *, offered_at: float) -> float:
        """Offer it; and again where the broker has lost what was offered, which nobody has taken."""
        now = time.monotonic()
        if now - offered_at < max(SOON_SECONDS, self.settings.hosts.start_seconds / 4):
            return offered_at
        if offered_at > 0 and self.engine.is_waiting():
            return now
        return now if self.engine.offer(line.offer) else offered_at

    def _watched(self, line: HomeLine, watch: "_Watch") -> None:
        try:
            watch.look()
        except (HostSilent, _NotThere):
            # The next process that has the task is not to wait for this host once more.
            self.post.drop(self._mark(line.offer))
            raise
        self._tell(line, watch)

    def _tell(self, line: HomeLine, watch: "_Watch") -> None:
        waits = line.beat.get("waiting")
        if not line.run:
            waiting: Waiting | None = Waiting(what="host", on="a free host")
        else:
            waiting = Waiting(**waits) if isinstance(waits, Mapping) else None
        if waiting != watch.told:  # else each look would be said twice
            watch.told = waiting
            self.bench.tell(waiting)
        self.bench.beat()
        self.look()

    def _desk(self, job: Job, line: HomeLine, *, watch: "_Watch") -> Desk:
        def wait(seconds: float) -> None:
            self._watched(line, watch)
            self.bench.wait(seconds)

        return Desk(
            job,
            settings=self.settings,
            bench=self.bench,
            till=self.till,
            gate=self.gate,
            wait=wait,
            host=lambda: line.host,
        )


class _NotThere(Exception):
    """Whom a conversation was with is there no more."""


class _Watch:
    """Tells when to wait for a host no longer.

    Attributes:
        told: What the task waits for, as people were told last.
    """

    def __init__(self, line: HomeLine, *, hosts: Hosts) -> None:
        """Watch this line by these settings."""
        self._line = line
        self._hosts = hosts
        self._since = time.monotonic()
        self.told: Waiting | None = None

    def look(self) -> None:
        """Raises what Runner.run raises where nobody was heard for too long."""
        line, hosts = self._line, self._hosts
        if line.is_adopted and not line.has_heard:
            if line.silent_seconds > min(hosts.silence_seconds, hosts.start_seconds):
                raise _NotThere
        elif not line.run:
            if time.monotonic() - self._since > hosts.start_seconds:
                text = f"no host has begun it within {hosts.start_seconds:.0f} s; see imaginizectl hosts"
                raise OfferRefused(text, after_seconds=SOON_SECONDS)
        elif line.silent_seconds > hosts.silence_seconds:
            raise HostSilent(line.host, seconds=line.silent_seconds, strangers=line.strangers)

"""The host program: takes offers in a few processes, works on each by asking home, and says that it is there."""

import faulthandler
import itertools
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path

from imaginized.errors import ClaimLost
from imaginized.logs.log import get_log
from imaginized.process.fault_points import fault_point
from imaginized.process.forking import ForkGuard
from imaginized.process.parent import die_with_parent
from imaginized.remote.celery_engine import app_of, serve
from imaginized.remote.failures import ConnectionLost
from imaginized.remote.line import HostLine, Line
from imaginized.remote.offer import Offer, new_id, opened, queue_of, run_mark, spec_of, spec_parts
from imaginized.remote.presence import SAID_SECONDS, HostSeen, say_here
from imaginized.remote.questions import Values
from imaginized.remote.redis_line import RedisPost
from imaginized.remote.seal import Seal
from imaginized.remote.store import HostStore, Reach
from imaginized.remote.visiting import Place, Visitor
from imaginized.settings.vendors import Use

RUN_MARK_SECONDS = 120
TAKE_SECONDS = 120.0
NOTICED_SECONDS = 0.2


@dataclass(kw_only=True)
class Host:
    """One host: its own settings, and the broker that it takes offers from.

    Attributes:
        place: What it has of its own.
        uses: What it takes.
        slots: How many tasks at once.
        folder: Where it has the folder of files that home shares with it; None: at the same place as home.
        ready: Called once it takes offers.
    """

    place: Place
    url: str
    seal: Seal
    uses: Sequence[Use]
    slots: int
    ready: Callable[[], None]
    folder: Path | None = None
    id: str = field(default_factory=new_id)
    _ending: Event = field(default_factory=multiprocessing.Event)  # all slots see it
    _refused: int = 0
    _visitor: Visitor | None = None
    _post: RedisPost | None = None
    _reach: Reach | None = None

    def run(self) -> None:
        """Take offers until told to stop; what is at work then ends at its next step."""
        parts = spec_parts(self.place.settings.openai.prompts)
        serve(
            app_of(self.url, accepts=self._accepts),
            queues=[queue_of(use, spec_of(parts)) for use in self.uses],
            slots=self.slots,
            name=f"{self.place.name}-{self.id[:6]}",
            take=self.take,
            started=self.ready,
            draining=self.end,
            busy=lambda count: self._say_here(parts, count),
        )

    def end(self) -> None:
        """Begin nothing more; what is at work ends at its next step."""
        self._ending.set()

    def _accepts(self, sealed: bytes, queue: str) -> bool:
        """Whether an offer was sealed with our key for this queue. Logged once, as a flood must not fill the log."""
        if opened(sealed, self.seal, queue=queue) is not None:
            return True
        if not self._refused:
            get_log(host=self.place.name).warning(
                "offer_refused", reason="it was not sealed with our key for this queue"
            )
        self._refused += 1
        return False

    def _say_here(self, parts: Mapping[str, str], busy: Callable[[], int]) -> None:
        post, guard = RedisPost(self.url), ForkGuard()

        def say() -> None:
            told_busy = 0
            for said in itertools.count(1):
                until = time.monotonic() + SAID_SECONDS
                # A slot that gets free is told soon: home sends nothing before.
                while time.monotonic() < until and (now_busy := busy()) == told_busy:
                    time.sleep(NOTICED_SECONDS)
                told_busy = now_busy
                told = self.seen(parts, busy=told_busy, said=said)
                # Slots are forked meanwhile. One that was forked in the first look-up of a name hung in an import lock.
                with guard:
                    say_here(post, self.seal, told)

        threading.Thread(target=say, name="here", daemon=True).start()

    def seen(self, parts: Mapping[str, str], *, busy: int, said: int) -> HostSeen:
        """What it says of itself. One that was told to stop has no slot free: home would wait for it in vain."""
        return HostSeen(
            id=self.id,
            name=self.place.name,
            spec=parts,
            uses=tuple(self.uses),
            slots=self.slots,
            busy=self.slots if self._ending.is_set() else busy,
            said=said,
            refused=self._refused,
        )

    def take(self, sealed: bytes, queue: str) -> None:
        """Work on one offer; runs in a process of its own that does so again and again."""
        # Also before the task says how long it may be silent: a slot that hangs would count as busy for ever.
        faulthandler.dump_traceback_later(TAKE_SECONDS, exit=True)
        try:
            self._take(sealed, queue)
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _take(self, sealed: bytes, queue: str) -> None:
        if self._visitor is None:
            self._begin()
        assert self._visitor is not None
        assert self._post is not None
        offer = opened(sealed, self.seal, queue=queue)
        log = get_log(host=self.place.name, pid=os.getpid())
        if offer is None:
            log.warning("offer_refused", reason="it was not sealed with our key for this queue")
            return
        if self._post.marked(offer.mark) is None or self._ending.is_set():
            return  # an old one, which nobody waits for any more
        log = log.bind(book=offer.book, chapter=offer.chapter, stage=offer.stage)
        log.info("offer_taken")
        try:
            outcome = self._work(offer, self._visitor, self._post, queue=queue)
        except (ConnectionLost, ClaimLost) as error:
            outcome = str(error)
        log.info("offer_ended", reason=outcome)

    def _begin(self) -> None:
        # Whoever ends the host with a kill means its slots, too.
        die_with_parent(os.getppid())
        faulthandler.enable(all_threads=False)
        self._post, self._visitor = RedisPost(self.url), Visitor(self.place)
        self._visitor.visit.must_end = self._ending.is_set

    def _work(self, offer: Offer, visitor: Visitor, post: RedisPost, *, queue: str) -> str:
        run, visit = new_id(), visitor.visit
        mark = run_mark(
            self.seal, home=offer.home, queue=queue, book=offer.book, stage=offer.stage, chapter=offer.chapter
        )
        noted = self.seal.close(f"{offer.talk} {run} {self.place.name}".encode(), about=mark)

        def beat() -> Values:
            post.mark(mark, seconds=RUN_MARK_SECONDS, data=noted)
            return visit.beat_values()

        with HostLine(post, self.seal, offer=offer, run=run) as line:
            line.beat_values, line.on_wait = beat, visit.note
            # A thread of C: it ends this process also where the working code never lets another thread run.
            visit.alive = lambda: faulthandler.dump_traceback_later(offer.hang_seconds, exit=True)
            visit.alive()
            try:
                fault_point("host_taken")
                return visitor.work(self._asking(line, offer), task=offer.task, book=offer.book)
            finally:
                faulthandler.dump_traceback_later(TAKE_SECONDS, exit=True)
                post.drop(mark)

    def _asking(self, line: HostLine, offer: Offer) -> Line:
        if not offer.store_bytes:
            return line
        if self._reach is None:
            from imaginized.remote.reaching import HostReach

            self._reach = HostReach(self.folder)
        return HostStore(line, self.seal, offer=offer, reach=self._reach)


def own_name() -> str:
    """This machine's name, for people."""
    return socket.gethostname()

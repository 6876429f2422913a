"""What a worker needs whose chapters are worked on by hosts; without the extra `hosts` nobody imports more."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Protocol

from imaginized.limits.gate import Gate
from imaginized.process.slots import AWAY, kind_of
from imaginized.queue.manifest import Task
from imaginized.remote.broker import key_file_of, read_url
from imaginized.remote.line import Post
from imaginized.remote.offer import RUN_MARK, run_mark
from imaginized.remote.presence import SEEN, HostSeen, Lookout, Marks
from imaginized.remote.runner import Away, Engine
from imaginized.remote.seal import Seal
from imaginized.remote.store import LEFT_SECONDS, PROBES, Store, StoreFailed, prefix
from imaginized.settings.model import Settings
from imaginized.settings.vendors import Use
from imaginized.stages.inputs import may_be_sent
from imaginized.store.writing import write_atomic
from imaginized.work.workshop import Workshop

LOOK_SECONDS = 0.5
NOTE_SECONDS = 5.0
TEND_SECONDS = 60.0
SWEEP_SECONDS = 3600.0


class Broker(Post, Marks, Protocol):
    """All that is asked of the broker."""

    def length(self, box: str) -> int:
        """How much lies in a box."""

    def problem(self) -> str:
        """Why it cannot be used; "" where it can."""


def takes_here(_book: str, task: Task, *, settings: Settings) -> bool:
    """Whether a worker of this machine may claim a task: it leaves to hosts what is sent away."""
    use = task.stage.traits.asks
    return use is None or not may_be_sent(task.stage) or settings.hosts.slots(use) == 0


@dataclass(kw_only=True)
class Abroad:
    """The hosts, as one worker sees them: which tasks it may claim for them.

    Attributes:
        spec: What a host must have the same.
        home: The name of this home for its hosts.
        must_note: Whether this worker tells people which hosts there are, and tidies the store.
        lookout: Sees them.
        store: Where large files lie on their way.
    """

    settings: Settings
    use: Use
    broker: Broker
    engine: Engine
    seal: Seal
    spec: Mapping[str, str]
    queue: str
    home: str
    must_note: bool
    lookout: Lookout
    store: Store | None = None
    _looked_at: float = float("-inf")
    _free: int = 0
    _runs: frozenset[str] = frozenset()
    _noted: bytes = b""
    _noted_at: float = field(default=float("-inf"))
    _tend_at: float = float("-inf")
    _sweep_at: float = float("-inf")
    _store_problem: str = ""

    def takes(self, book: str, task: Task) -> bool:
        """Whether a task may be claimed for a host: one is free, or is at it since before home was started again.

        Asked under the book's lock, where nobody waits for the broker: by the last look.
        """
        if task.part is not None or task.stage.traits.asks != self.use or not may_be_sent(task.stage):
            return False
        return self._free > 0 or self._is_at(book, task)

    def _is_at(self, book: str, task: Task) -> bool:
        if not self._runs or task.chapter is None:
            return False
        stage = str(task.stage)
        mark = run_mark(self.seal, home=self.home, queue=self.queue, book=book, stage=stage, chapter=task.chapter)
        return mark in self._runs

    def look(self) -> None:
        """See which hosts there are, now and then."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        seen = self.lookout.look(now=now)
        ours = [host for host in seen if not host.differs(self.spec) and self.use in host.uses]
        self._free = sum(host.slots - host.busy for host in ours) - self.broker.length(self.queue)
        self._runs = frozenset(self.broker.names(RUN_MARK))
        if self.must_note:
            self._tend(now=now)
            self._note(seen, now=now)

    def _note(self, seen: list[HostSeen], *, now: float) -> None:
        """Leave what was seen for `imaginizectl hosts`."""
        rows = [{**asdict(host), "differs": host.differs(self.spec)} for host in seen]
        # What a host counts up of itself is no news.
        rows = [{name: value for name, value in row.items() if name != "said"} for row in rows]
        problems = {"problem": self.broker.problem(), "store_problem": self._store_problem}
        found = {"hosts": rows, "strangers": self.lookout.strangers, **problems}
        told = json.dumps(found, sort_keys=True).encode()
        if told != self._noted or now - self._noted_at > NOTE_SECONDS:
            self._noted, self._noted_at = told, now
            with suppress(OSError):  # a full disk: whoever has work to write there says so, and no task ends by this
                write_atomic(self.settings.paths.library / SEEN, told, synced=False)

    def _tend(self, *, now: float) -> None:
        """Look now and then whether the store works, and remove what killed processes have left there."""
        if self.store is None or now < self._tend_at:
            return
        self._tend_at = now + TEND_SECONDS
        self._store_problem = self.store.problem()
        if not self._store_problem and now >= self._sweep_at:
            self._sweep_at = now + SWEEP_SECONDS
            with suppress(StoreFailed):
                for start in (prefix(self.home), PROBES):
                    self.store.sweep(start, older_seconds=LEFT_SECONDS)


def abroad(settings: Settings, *, use: Use, slot: str) -> Abroad:
    """The hosts for a slot.

    Raises:
        SettingsError: A file cannot be used.
    """
    from imaginized.remote.celery_engine import CeleryEngine
    from imaginized.remote.offer import queue_of, spec_of, spec_parts
    from imaginized.remote.redis_line import RedisPost
    from imaginized.remote.sealing import read_seal

    url, seal = read_url(settings.hosts.broker_url_file), read_seal(key_file_of(settings))
    spec = spec_parts(settings.openai.prompts)
    queue, broker = queue_of(use, spec_of(spec)), RedisPost(url)
    return Abroad(
        settings=settings,
        use=use,
        broker=broker,
        engine=CeleryEngine(url, queue=queue, seal=seal, length=broker.length),
        seal=seal,
        spec=spec,
        queue=queue,
        home=seal.name("home", settings.paths.library.resolve()),
        store=_store(settings),
        lookout=Lookout(marks=broker, seal=seal),
        must_note=slot == f"{AWAY}{'text' if settings.hosts.text_slots else 'image'}-1",
    )


def _store(settings: Settings) -> Store | None:
    if not settings.hosts.blobs:
        return None
    from imaginized.remote.object_store import store_of

    return store_of(settings.hosts.blobs)


def with_hosts(shop: Workshop, *, slot: str, gate: Gate) -> Workshop:
    """The workshop of a slot: it leaves to hosts what is sent away, or has just that worked on by them.

    Raises:
        SettingsError: A file cannot be used.
    """
    kind = kind_of(slot)
    if kind == "here":
        return replace(shop, takes=partial(takes_here, settings=shop.settings))
    hosts = abroad(shop.settings, use=kind, slot=slot)
    away = Away(
        engine=hosts.engine,
        post=hosts.broker,
        seal=hosts.seal,
        home=hosts.home,
        queue=hosts.queue,
        settings=shop.settings,
        bench=shop.bench,
        till=shop.till,
        gate=gate,
        look=hosts.look if hosts.must_note else lambda: None,
        store=hosts.store,
    )
    return replace(shop, runner=away, takes=hosts.takes, look=hosts.look)

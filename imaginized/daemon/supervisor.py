"""The supervisor: one asyncio loop that keeps the pool filled, hears its children, reaps claims and answers clients.

It opens no user's file and imports nothing that does. All it knows can be read again from the manifests.
"""

import asyncio
import contextlib
import math
import os
import random
import signal
from collections.abc import Sequence
from functools import partial
from typing import cast

from imaginized.clock import Clock
from imaginized.control.methods import Methods
from imaginized.control.process_rows import WorkerRow
from imaginized.control.rows import SettingsInForce
from imaginized.control.server import ControlServer
from imaginized.daemon import pool as pools
from imaginized.daemon.launcher import LOST, Child, ForkServerLost, Launcher, ending
from imaginized.daemon.lookout import Lookout
from imaginized.daemon.notify import Announcer
from imaginized.daemon.outside import Outside
from imaginized.daemon.pool import Act, Pool, slots_of
from imaginized.daemon.process_events import event_of
from imaginized.daemon.reaper import Reaper
from imaginized.daemon.reload import Reading, Watch, reloaded, settings_report
from imaginized.daemon.statusline import STARTING, status_line
from imaginized.daemon.surroundings import Surroundings, is_held, make_folders, trouble_with
from imaginized.daemon.waking import Waking
from imaginized.daemon.warming import Warming
from imaginized.daemon.worker_rows import gate_trouble, worker_rows
from imaginized.errors import LibraryBusy, ManifestCorrupt, Retryable, SettingsError
from imaginized.limits.shared import watched_limits
from imaginized.logs.log import get_log
from imaginized.money.ledger import Ledger
from imaginized.process.beats import waits_of, work_of
from imaginized.process.channel import Message, receive, send
from imaginized.process.fault_points import fault_point
from imaginized.process.sandbox import confinement_of
from imaginized.process.sandbox_watch import CONFINED, SandboxWatch
from imaginized.process.slots import GATE, INTAKE, NO_WORKERS
from imaginized.providers.keys import Keys
from imaginized.queue.holding import let_go
from imaginized.queue.manifest import Stage
from imaginized.reasons import Reason
from imaginized.settings.model import Settings
from imaginized.settings.places import lock_note
from imaginized.store.library import Library, NoSuchBook, phases_of
from imaginized.store.locking import LifeLock
from imaginized.store.owners import current_owner

TICK_SECONDS = 1.0
READY_SECONDS = 60.0
LAST_SECONDS = 5.0
TIDY_SECONDS = 0.02  # of each second at most; clients wait meanwhile


class Supervisor:
    """One daemon on one library. Make it, then await `run` once."""

    def __init__(self, settings: Settings, *, launcher: Launcher, clock: Clock, around: Surroundings) -> None:
        """Prepare; nothing is started or written yet."""
        self.settings = settings
        self._launcher = launcher
        self.clock = clock
        self._around = around
        self._log = get_log(pid=os.getpid())
        self.library = Library(
            settings.paths.library, clock=clock, lock_timeout_seconds=settings.workers.lock_timeout_seconds
        )
        self._pool = pools.resized(Pool(slots=()), slots_of(settings))
        me = current_owner("supervisor", pid=os.getpid())
        self.limits = watched_limits(settings.paths.library, owner=me, clock=clock, order=partial(self.order, GATE))
        self._must_resume = False
        self.sandbox = SandboxWatch(clock=clock)
        self._is_reading = True
        self._children: dict[str, Child] = {}
        self._owners: dict[str, str] = {}
        self.inbox: Message = {}
        self._drain_until: float | None = None
        self._is_hurried = False
        self._wake = asyncio.Event()
        self._next_reap = 0.0
        self._announcer = Announcer(around.notifier)
        self._tick_seconds = min(TICK_SECONDS, around.notifier.watchdog_seconds or TICK_SECONDS)
        self._ready_by = math.inf
        self._warming = Warming(launcher, self._wake)
        self._has_intake = False
        self._has_news = True
        self._waking = Waking()
        self._lookout = Lookout(self.library, clock=clock, opened=self._note_opened, log=self._log)
        age, tries = settings.workers.stale_after_seconds, settings.workers.max_attempts
        self._reaper = Reaper(self.library, clock=clock, stale_after_seconds=age, max_attempts=tries, log=self._log)
        self._watch = Watch(around.source, around.reading, clock=clock)
        self._trouble: Reason | None = None
        self.ledger = Ledger(settings.paths.library, clock=clock, owner=me)
        self._outside = Outside.of(settings, launcher=launcher, clock=clock, log=self._log)
        self.counts, self.notify_test = self._outside.counts, self._outside.notifying.test
        self._calls = Methods(daemon=self)
        note = lock_note(pid=os.getpid(), library=settings.paths.library)
        self._control = ControlServer(self._calls.table(), log=self._log, note=note)

    async def run(self) -> None:
        """Be the daemon until drained.

        Raises:
            LibraryInUse: Another supervisor has this library.
            SocketInUse: Another daemon has the socket.
            OSError: A folder or the socket cannot be made.
        """
        make_folders(self.settings.paths)
        with self.library.instance() as lock:
            self._log.info(
                "daemon_started", library=str(self.settings.paths.library), settings=self._watch.reading.name
            )
            self._hear_signals()
            await self._open()
            try:
                await self._supervise(lock)
            finally:
                self._lookout.close()
                await self._control.close()
                self._outside.close()
                self.sandbox.close()
                self._kill_all()
            self._log.info("daemon_stopped")

    def drain(self) -> None:
        """Claim nothing more, let every process finish its step, then stop. A second call stops at once."""
        if self._drain_until is not None:
            self._drain_until = min(self._drain_until, self.clock.monotonic() + LAST_SECONDS)
            self._is_hurried = True
            for child in self._children.values():
                child.signal(signal.SIGTERM)
        else:
            self._drain_until = self.clock.monotonic() + self.settings.workers.drain_seconds
            self.order_all("drain")  # before it is said: what is claimed after that line was claimed against an order
            self._log.info("daemon_stopping")
            self._around.notifier.stopping()
        self._wake.set()

    def reload(self) -> None:
        """Take the settings as they are given now; every process starts anew with them after its step.

        Raises:
            SettingsError: They cannot be used; the old ones stay in force.
        """
        if self._drain_until is not None:
            raise SettingsError("the daemon is stopping; it reads its settings when it starts again")
        self._around.notifier.reloading()
        try:
            reading = Reading.of(self._around.source.find(), at=self.clock.now())
            self._take_over(reloaded(self._around.source, now=self.settings))
            self._watch.took(reading)
            self._log.info("settings_reloaded", settings=self._watch.reading.name)
            # Not here: it takes locks of books, and a reload is answered at once.
            self._must_resume = True
        except SettingsError as error:
            self._log.error("settings_rejected", reason=str(error))
            raise
        finally:
            self._announcer.reloaded()

    def _take_over(self, settings: Settings) -> None:
        self.settings = settings
        self._around.source.apply_logs(settings)
        self._launcher.use(settings, keys=self._around.source.find_keys(settings))
        workers = settings.workers
        self._reaper.follow(stale_after_seconds=workers.stale_after_seconds, max_attempts=workers.max_attempts)
        self._pool = pools.resized(self._pool, slots_of(settings))
        self.sandbox.ask_again()
        self.order_all("drain")
        self._wake.set()

    def _resume(self) -> None:
        """Let go on what a reload may have mended: endpoints that refused a key, books held by the cap of the day."""
        try:
            self.limits.resume()
            for book, manifest in self.library.open_manifests():
                if let_go(manifest).manifest is not manifest:
                    self.library.update(book, let_go, wait_seconds=0)
        except (Retryable, LibraryBusy, ManifestCorrupt, NoSuchBook):
            return  # somebody else is at it, and the loop must not wait: at the next tick
        except OSError as error:
            self._log.error("error_caught", reason=f"paused work cannot be resumed: {error}")
        self._must_resume = False
        self.order_all("wake")

    def _reload_by_signal(self) -> None:
        with contextlib.suppress(SettingsError):  # it is in the log, and nobody waits for an answer
            self.reload()

    def wake_workers(self, *, tasks: int = 1) -> None:
        """There may be something to claim: so many tasks, or at least one."""
        self._has_news = True
        for name in self._waking.choose(self._pool, tasks=tasks):
            self.order(name, "wake")

    def _note_opened(self, books: Sequence[str]) -> None:
        """There may be something to do in these books that nobody has told of."""
        self._next_reap = 0.0  # at the tick that the wake brings
        self.wake_workers(tasks=len(books))

    def settings_report(self) -> SettingsInForce:
        """Which settings are in force, and whether a reload would find others."""
        return settings_report(self._watch.reading, self._watch.look(self.settings))

    def find_keys(self, settings: Settings) -> Keys:
        """The keys as a reload would find them. Raises SettingsError."""
        return self._around.source.find_keys(settings)

    def workers(self) -> list[WorkerRow]:
        """What each process does."""
        return worker_rows(self._pool, now=self.clock.monotonic())

    def troubles(self) -> list[Reason]:
        """What is wrong with the daemon itself."""
        gate = gate_trouble(self._pool, now=self.clock.monotonic())
        return [*filter(None, (self._trouble, gate)), *self._control.problems, *self._outside.notifying.problems()]

    def _hear_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.drain)
        loop.add_signal_handler(signal.SIGHUP, self._reload_by_signal)
        if self._around.lifeline is not None:
            loop.add_reader(self._around.lifeline, self._feel_lifeline, self._around.lifeline)

    def _feel_lifeline(self, lifeline: int) -> None:
        """End at once when who runs this daemon is gone: nobody waits for what else would be paid for."""
        if is_held(lifeline):
            return
        asyncio.get_running_loop().remove_reader(lifeline)
        self._log.warning("owner_gone")
        for _ in range(2 if self._drain_until is None else 1):
            self.drain()

    async def _open(self) -> None:
        for fd in (passed := self._around.passed_sockets):
            await self._control.adopt(fd)
        if not passed:
            await self._control.listen(self.settings.paths.socket)

    async def _supervise(self, lock: LifeLock) -> None:
        self._ready_by = self.clock.monotonic() + READY_SECONDS
        self._around.notifier.status(STARTING)
        self._lookout.begin()
        self._reap()
        self._tick()
        while not self._is_over():
            with contextlib.suppress(TimeoutError):  # the tick
                async with asyncio.timeout(self._tick_seconds):
                    await self._wake.wait()
            self._wake.clear()
            self._tick()
            self._keep(lock)
            await self._control.check()

    def _keep(self, lock: LifeLock) -> None:
        """See that nobody can think the library free, whatever became of the lock's file."""
        before, self._trouble = self._trouble, trouble_with(lock, log=self._log)
        if self._trouble and self._trouble != before:
            self._log.error("lock_lost", path=str(lock.path), reason=self._trouble.text)

    def _is_over(self) -> bool:
        if self._drain_until is None:
            return False
        if self._children.keys() == {GATE}:  # last of all: who ended their step have paid for it
            self.order(GATE, "end")
        return not self._children or self.clock.monotonic() >= self._drain_until

    def _tick(self) -> None:
        fault_point("tick")
        now = self.clock.monotonic()
        acts = pools.decide(self._pool, now=now, is_draining=self._drain_until is not None)
        for name, act in self._warming.possible(acts):
            self._do(name, act, now=now)
        self._lookout.tick()
        self._outside.tick(self._calls, is_draining=self._drain_until is not None)
        if now >= self._next_reap:
            self._reap()
            self._has_news = True  # of the disk and of endpoints, which nobody reports
        if self._must_resume:
            self._resume()
        self._watch_sandbox()
        self._announce(now)
        self._around.notifier.watchdog()

    def _watch_sandbox(self) -> None:
        """Note when books can be read no more, or again; workers find out by themselves, but later."""
        self._has_news = self.sandbox.tick() or self._has_news
        reason = self._calls.pauses_reading()
        if self._is_reading == (reason is None):
            return
        self._is_reading = reason is None
        if reason is not None:
            self._log.warning("reading_paused", reason=str(reason))
        else:
            self._log.info("reading_resumed")
            self.order_all(CONFINED)

    def _announce(self, now: float) -> None:
        """Tell systemd what is done now; and that the daemon is ready, once the intake has the inbox."""
        if not self.is_ready() or not self._has_news:
            return
        self._has_news = False
        was_ready, is_draining = self._announcer.was_ready, self._drain_until is not None
        how = {"is_draining": is_draining, "is_paused": self._calls.is_paused(pauses := self._calls.pauses())}
        text = status_line(self._pool, phases_of(self.library), now=now, pauses=pauses, **how)
        self._announcer.tell(text, is_ready=not is_draining)
        if self._announcer.was_ready and not was_ready:
            self._log.info("daemon_ready", socket=str(self.settings.paths.socket))

    def is_ready(self) -> bool:
        """Whether the intake has the inbox; one that does not get there is no reason for systemd to kill us again."""
        return self._has_intake or self.clock.monotonic() >= self._ready_by

    def _do(self, name: str, act: Act, *, now: float) -> None:
        if act is Act.START:
            self._start(name, now=now)
            return
        self._log.warning(event_of(name, "killed"), slot=name, how=str(act))
        if act is Act.ABORT:
            self._pool = pools.aborted(self._pool, name, now=now)
            self._children[name].signal(signal.SIGABRT)
            self._children[name].signal(signal.SIGCONT)  # a stopped process does not hear the other one
        else:
            self._children[name].signal(signal.SIGKILL)

    def _start(self, name: str, *, now: float) -> None:
        try:
            child = self._launcher.start(name)
        except OSError as error:
            if not isinstance(error, ForkServerLost):  # which has an event of its own
                self._log.error("error_caught", slot=name, reason=f"cannot start a process: {error}")
            self._pool = pools.exited(self._pool, name, now=now, jitter=random.random(), ended="cannot be started")
            return
        self._pool = pools.started(self._pool, name, pid=child.pid, now=now, ready_seconds=READY_SECONDS)
        self._children[name] = child
        with contextlib.suppress(ProcessLookupError):  # it ended at once; its sentinel tells
            self._owners[name] = str(current_owner(name, pid=child.pid))
            self._reaper.note_start(self._owners[name])
        loop = asyncio.get_running_loop()
        loop.add_reader(child.end.fileno(), self._hear, child)
        loop.add_reader(child.sentinel, self._collect, child)
        self._log.info(event_of(name, "started"), slot=name, child=child.pid)

    def _hear(self, child: Child) -> None:
        """Take every message that is there. The end of file is left to the sentinel."""
        while True:
            try:
                message = receive(child.end)
            except BlockingIOError:
                return
            if message is None:
                asyncio.get_running_loop().remove_reader(child.end.fileno())
                return
            self._take(child, message)

    def _take(self, child: Child, message: Message) -> None:
        now = self.clock.monotonic()
        if self._outside.hear(child.name, message):
            return
        event = str(message.get("event"))
        if child.name == INTAKE and event == "ready":
            self._has_intake = True
            self._wake.set()
        self._has_news = self._has_news or event not in ("beat", "inbox", "idle")
        seconds = message.get("next_by_seconds")
        next_by = float(seconds) if isinstance(seconds, (int, float)) else None
        work = work_of(message) if "stage" in message and event != "ended" else None
        waits = waits_of(message)
        self._pool = pools.heard(self._pool, child.name, now=now, work=work, next_by_seconds=next_by, waits=waits)
        for name in self._waking.hear(self._pool, child.name, message):
            self.order(name, "wake")
        is_done = event == "ended" and message.get("outcome") in ("completed", "released", "rejected", "failed")
        if is_done or event in ("kept", "idle", "inbox"):
            was_broken = self.is_broken()
            self._pool = pools.proved_useful(self._pool, child.name)
            if was_broken and not self.is_broken():
                self._log.info("breaker_closed", slot=child.name)
                self._wake.set()
        self.inbox = message if event == "inbox" else self.inbox
        if event == "unconfined":
            self.sandbox.heard(confinement_of(cast(Message, message["found"])))
        if event in ("book_admitted", "shared"):  # whoever is idle may join a chapter that is shared out
            self.wake_workers(tasks=1 if event == "book_admitted" else len(self._pool.slots))
        if event == "ended":
            self._after_task(message)

    def _after_task(self, message: Message) -> None:
        """A task has ended: the book may be done, or be no book. What is claimable now, its worker looks for itself."""
        book, stage, outcome = str(message["book"]), message["stage"], message["outcome"]
        if (stage, outcome) == (Stage.SPLIT, "rejected"):
            self.order(INTAKE, "expel")
        if (stage, outcome) == (Stage.COMPILE, "completed"):
            self._log.info("book_completed", book=book)

    def _collect(self, child: Child) -> None:
        """A child has ended: hear its last words, free its claims at once, and let the pool decide what follows."""
        loop = asyncio.get_running_loop()
        # First: it may have said how its task ended just before it did, and its claim is reaped below.
        self._hear(child)
        loop.remove_reader(child.end.fileno())
        loop.remove_reader(child.sentinel)
        code = child.collect()
        del self._children[child.name]
        was_silent = self._pool.slot(child.name).aborted_at is not None
        ended = f"was silent past its deadline and {ending(code)}" if was_silent else ending(code)
        reason = f"{child.name} (process {child.pid}) {ended}"
        was_asked = code == 0
        self._outside.note_exit(child.name, code=code, was_silent=was_silent)
        if was_asked:
            self._pool = pools.proved_useful(self._pool, child.name)
        was_broken = self.is_broken()
        now, jitter = self.clock.monotonic(), random.random()
        was_pulled = code == LOST and not self._launcher.note_loss()  # a fork server's end is one crash, not one each
        self._pool = pools.exited(self._pool, child.name, now=now, jitter=jitter, ended=ended, was_pulled=was_pulled)
        self._pool = pools.resized(self._pool, slots_of(self.settings))
        if self.is_broken() and not was_broken:
            self._log.error("breaker_opened", slot=child.name, reason=f"crash loop, one probe a minute: {reason}")
        log = self._log.info if was_asked else self._log.warning
        log(event_of(child.name, "exited"), slot=child.name, reason=reason)
        self._reaper.note_exit(self._owners.pop(child.name, ""), reason, was_stopped=self._is_hurried)
        self._has_news = True
        if child.name not in NO_WORKERS:
            self._reap(is_news=True)  # also for the news that it was woken for, perhaps
        self._wake.set()

    def _reap(self, *, is_news: bool = False) -> None:
        """Free dead claims now, and soon again while another daemon's workers may still be ending.

        Args:
            is_news: Whether a worker is woken for what was freed.
        """
        busy = self._reaper.reap()
        if is_news or busy:
            self.wake_workers(tasks=max(1, len(busy)))
        # Not with news but a second later: it would hold the lock of the very book that somebody was woken for.
        is_tidy = not is_news and self._reaper.tidy(seconds=TIDY_SECONDS)
        now = self.clock.monotonic()
        soon = bool(busy) or not is_tidy or self._reaper.has_claims_besides(self._owners.values())
        self._next_reap = now + (TICK_SECONDS if soon else self.settings.workers.reap_interval_seconds)

    def is_draining(self) -> bool:
        """Whether the daemon is about to stop."""
        return self._drain_until is not None

    def is_broken(self) -> bool:
        """Whether the breaker is open."""
        return self._pool.is_broken(self.clock.monotonic())

    def reset_breaker(self) -> None:
        """A person has mended what made the workers crash: fill every slot now."""
        self._pool = pools.reset(self._pool)
        self._log.info("breaker_reset")
        self._wake.set()

    def order(self, name: str, order: str) -> None:
        """Tell one process something."""
        child = self._children.get(name)
        if child is not None:
            send(child.end, {"order": order})

    def order_all(self, order: str) -> None:
        """Tell every process that works on books something."""
        self._has_news = True  # whoever gives an order has changed what the status line says
        for name in self._children:
            if name != GATE:
                self.order(name, order)

    def _kill_all(self) -> None:
        """Whoever has not drained in time."""
        loop = asyncio.get_running_loop()
        for child in self._children.values():
            child.signal(signal.SIGKILL)
        # For all together: a fork server that stands still tells nothing.
        until = self.clock.monotonic() + LAST_SECONDS
        for child in list(self._children.values()):
            loop.remove_reader(child.end.fileno())
            loop.remove_reader(child.sentinel)
            reason = f"{child.name} did not drain in time"
            self._reaper.note_exit(self._owners.pop(child.name, ""), reason, was_stopped=True)
            child.collect(seconds=max(0.0, min(1.0, until - self.clock.monotonic())))
        if self._children:
            self._children.clear()
            self._reaper.reap()

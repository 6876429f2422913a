"""The intake process: looks at the inbox, admits what has settled, and tells the supervisor.

It holds nothing that matters: killed at any point, the next one finds everything in the inbox and the library.
"""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from functools import partial

from imaginized.clock import Clock, SystemClock
from imaginized.errors import LibraryBusy, ManifestCorrupt, Rejected
from imaginized.inbox.admission import Outcome, admit, blocked_by, inspect_with_sidecar
from imaginized.inbox.arrivals import Arrivals, Decision, Finding, Sighting, State
from imaginized.inbox.aside import (
    DUPLICATES,
    FAILED,
    Lying,
    Rejections,
    expel,
    look_aside,
    opened_aside,
    reject,
    rejected_books,
    rejections,
    trouble,
)
from imaginized.inbox.bundles import unpack
from imaginized.inbox.folder import Look, look
from imaginized.inbox.ignored import Ignored, find_ignored
from imaginized.inbox.root import Root
from imaginized.inbox.sidecar import Asked, books_of_sidecar, find_sidecar, is_still_needed
from imaginized.logs.log import get_log
from imaginized.printable import printable
from imaginized.process.channel import Orders, fits, send
from imaginized.process.converter import may_convert
from imaginized.process.fault_points import fault_point
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Settings
from imaginized.store.beneath import put_back_all
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.room import DISK_FULL, shortage
from imaginized.store.trash import empty_trash
from imaginized.store.writing import sweep_temporaries

BEAT_SECONDS = 5.0
NEXT_BY_SECONDS = 60.0
SLOWEST_BYTES_PER_SECOND = 2_000_000  # below it, hashing or copying counts as stuck
UNPACKED_SHARE = 4  # a zip of books is a little smaller than they are; each is written twice
ROOT_SECONDS = 2.0  # how often to see whether the inbox is still there
POLL_SECONDS = 2.0
PAUSE_SECONDS = 0.15  # between two looks, however many events come
LOOKING_SHARE = 5  # a look at a large inbox is followed by a pause of so many times its duration
SHOWN_NAMES = (20, 3, 1, 0)  # of each kind, the first number with which the picture fits
DISK_FULL_SECONDS = 5.0
TAKING_SECONDS = 2.0  # of admissions in a row


def run_intake(settings: Settings, end: socket.socket) -> None:
    """Be the intake until told to drain, or until the supervisor is gone. A fork server's child runs this.

    Args:
        settings: Of the daemon.
        end: The child's end of the channel to the supervisor.
    """
    # Before there are threads: blocked in all of them, the signal waits for the one that asks for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    orders = Orders(end)
    threading.Thread(target=_drain_on_signal, args=(orders,), name="sigterm", daemon=True).start()
    Intake(settings, end=end, orders=orders, clock=SystemClock()).run()


def _drain_on_signal(orders: Orders) -> None:
    # A handler could not do it: the order takes a lock, which the interrupted thread may hold.
    signal.sigwait({signal.SIGTERM})
    orders.drain()


class Intake:
    """The loop: follow orders, see whether the inbox is there, look at it, take what is due, say how things are."""

    def __init__(self, settings: Settings, *, end: socket.socket, orders: Orders, clock: Clock) -> None:
        """Start nothing yet."""
        times = self._times = settings.inbox
        self._inbox = settings.paths.inbox
        self._reconcile_seconds = times.reconcile_seconds
        self._profiles = settings.paths.profiles
        self._is_converting = may_convert(settings.inbox.convert)
        self._min_free_bytes = settings.disk.min_free_bytes
        self._end = end
        self._orders = orders
        self._clock = clock
        self._library = Library(
            settings.paths.library, clock=clock, lock_timeout_seconds=settings.workers.lock_timeout_seconds
        )
        self._arrivals = Arrivals(
            settle_seconds=times.settle_seconds,
            retry_seconds=times.reconcile_seconds,
            incomplete_timeout_seconds=times.incomplete_timeout_seconds,
        )
        self._log = get_log(pid=os.getpid())
        self._root = Root(self._inbox, wake=orders.wake, log=self._log)
        self._trouble: Reason | None = None  # with the disk or a folder, as opposed to one entry
        self._aside: Reason | None = None  # what is wrong with the folders for what becomes no book
        self._unreadable: list[str] = []
        self._shortage = ""
        self._overflows = 0
        self._rejections = Rejections()
        self._lying = Lying()
        self._seen = Look()
        self._ignored: list[Ignored] = []
        self._told: dict[str, object] = {}
        self._look_at = 0.0
        self._rested_at = 0.0
        self._reconcile_at = 0.0
        self._resume_at = 0.0
        self._beaten_at = float("-inf")

    def run(self) -> None:
        """Loop until told to drain."""
        self._prepare()
        try:
            # Ready after the first look: whoever waits for READY may count on the inbox being watched.
            self._turn()
            send(self._end, {"event": "ready"})
            while not self._orders.is_draining:
                self._orders.wake.wait(self._pause())
                # After the wait and before the turn: an event that comes during the turn is the next one's.
                self._orders.wake.clear()
                self._turn()
        finally:
            self._root.watcher.stop()

    def _prepare(self) -> None:
        """Make the folders, and remove what a killed predecessor left half made."""
        self._beat()
        with self._logged():
            self._inbox.mkdir(parents=True, exist_ok=True)
        for name in (FAILED, DUPLICATES):
            with self._logged(), opened_aside(self._inbox, name, make=True) as folder:
                sweep_temporaries(folder)
        # Only here: there is one intake at a time, so every half-made book is a dead one's.
        self._library.sweep_incoming()
        self._empty_trash()

    def _empty_trash(self) -> None:
        for book in empty_trash(self._library, now=self._clock.now()):
            self._log.info("book_removed", book=book, reason="for good: its time in the trash is over")

    @contextlib.contextmanager
    def _logged(self) -> Iterator[None]:
        """Go on after an error of the file system; the loop says it, too."""
        try:
            yield
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            self._log.error("error_caught", reason=f"{name}{error.strerror}")

    def _turn(self) -> None:
        now = self._clock.monotonic()
        is_asked = self._orders.take("scan")
        is_reconciling = now >= self._reconcile_at
        if self._is_root_there():
            self._note_overflows()
            if is_asked or now >= self._look_due_at():
                self._look()
            # Asked first, always: an order that is not taken would be carried out a second time at the next turn.
            if self._orders.take("expel") or is_reconciling:
                self._expel()
            if self._has_room():
                self._take_due()
            self._count_rejections(is_reconciling=is_reconciling)
            self._aside = trouble(self._inbox)
        self._report()
        self._beat()

    def _pause(self) -> float:
        """Seconds until there is something to do, if nobody wakes us."""
        now = self._clock.monotonic()
        wanted = [now + ROOT_SECONDS, self._beaten_at + BEAT_SECONDS]
        if not self._root.lost:
            wanted.append(self._look_due_at())
            due_at = self._arrivals.next_due_at()
            wanted += [] if due_at is None else [max(due_at, self._resume_at)]
        return max(min(wanted) - now, 0.0)

    def _look_due_at(self) -> float:
        """When to look at the whole inbox next."""
        wanted = [self._look_at]
        if self._root.watcher.has_hints:
            wanted.append(0.0)
        due_at = self._arrivals.next_due_at()
        if due_at is not None:
            wanted.append(max(due_at, self._resume_at))
        return max(min(wanted), self._rested_at)

    def _is_root_there(self) -> bool:
        is_there, is_new = self._root.find()
        if is_new:
            self._look_at = self._rested_at = 0.0
            with contextlib.suppress(OSError):  # it went just now
                put_back_all(self._inbox, look(self._inbox).folders)
        return is_there

    def _has_room(self) -> bool:
        """Whether there is so much room on the disk that something may be taken; says when that changes."""
        before, self._shortage = self._shortage, shortage(self._library.root, min_free_bytes=self._min_free_bytes)
        if self._shortage and not before:
            self._log.warning("disk_paused", reason=self._shortage)
        if before and not self._shortage:
            self._log.info("disk_resumed")
        if self._shortage:
            self._resume_at = self._clock.monotonic() + min(DISK_FULL_SECONDS, self._reconcile_seconds)
        return not self._shortage

    def _poll_seconds(self) -> float:
        return min(POLL_SECONDS, self._reconcile_seconds)

    def _look(self) -> None:
        """See everything, and give each change to its settle clock."""
        began = self._clock.monotonic()
        # Before the look: what happens while it goes on leaves a hint for the next one.
        touched = self._root.watcher.take_hints()
        touched |= {book for key in touched for book in books_of_sidecar(key)}  # a book waits for its sidecar, too
        self._beat()
        try:
            fault_point("intake_looking")
            seen = look(self._inbox)
        except OSError:
            self._look_at = began + PAUSE_SECONDS  # it went just now; the next turn says so
            return
        now = self._clock.monotonic()
        changes = self._arrivals.observe(seen.sightings, now=now, touched=touched)
        for sighting in changes.seen:
            self._log.info("arrival_seen", name=printable(sighting.key), bytes=sighting.size)
        for sighting in changes.vanished:
            self._log.info("arrival_vanished", name=printable(sighting.key))
        self._seen = seen
        self._ignored = find_ignored(seen, unnoted=self._lying.unnoted)
        self._note_unreadable(seen)
        if self._root.watcher.check(len(seen.folders)):
            self._log.warning("polling_started", reason=self._root.watcher.polling)
        # In an inbox of 20,000 a look takes long: without a rest in proportion, a busy copy would keep it looking.
        self._rested_at = now + max(PAUSE_SECONDS, LOOKING_SHARE * (now - began))
        self._look_at = now + (self._poll_seconds() if self._root.watcher.polling else self._reconcile_seconds)

    def _note_overflows(self) -> None:
        count = self._root.watcher.overflows
        if count > self._overflows:
            self._log.warning("watch_overflowed", count=count, reason="events were lost; the inbox is scanned again")
            self._look_at = 0.0
        self._overflows = count

    def _note_unreadable(self, seen: Look) -> None:
        for folder in set(seen.unreadable) - set(self._unreadable):
            self._log.warning("arrival_blocked", name=printable(folder), reason="the daemon may not read this folder")
        self._unreadable = seen.unreadable

    def _take_due(self) -> None:
        ends_at = self._clock.monotonic() + TAKING_SECONDS  # then somebody looks again at the rest of the world
        for sighting in self._arrivals.due(now=self._clock.monotonic()):
            now = self._clock.monotonic()
            if self._orders.is_draining or now < self._resume_at or now >= ends_at:
                return
            self._settle(sighting)
            self._beat()

    def _settle(self, sighting: Sighting) -> None:
        """Look into one quiet arrival and do what follows. Whatever goes wrong with it, the others go on."""
        try:
            path = self._inbox / sighting.key
            finding, asked = inspect_with_sidecar(
                path,
                sighting=sighting,
                inbox=self._inbox,
                profiles=self._profiles,
                is_converting=self._is_converting,
            )
            decision = self._arrivals.judge(sighting, finding, now=self._clock.monotonic())
            if decision.action == "admit":
                self._take(sighting, asked)
            elif decision.action == "unpack":
                self._unpack(sighting)
            elif decision.action == "reject" and decision.reason is not None:
                self._reject(sighting, decision.reason)
            else:
                self._say_blocked(sighting, decision)
        except OSError as error:
            self._stall(sighting, error)
        except Exception as error:  # noqa: BLE001 - the boundary: one bad entry must not end the intake
            self._log.error("error_caught", name=printable(sighting.key), exc_info=error)
            text = f"a bug: {type(error).__name__}: {error}"
            self._block(sighting, Finding(state="blocked", reason=Reason(Code.BUG, text)))

    def _take(self, sighting: Sighting, asked: Asked) -> None:
        path = self._inbox / sighting.key
        allowance = NEXT_BY_SECONDS + sighting.size / SLOWEST_BYTES_PER_SECOND
        # Said before it begins: hashing 2 GB on a slow disk is no hang, and the supervisor must know until when.
        self._beat(allowance, is_urgent=True)
        outcome = admit(
            path,
            sighting=sighting,
            library=self._library,
            inbox=self._inbox,
            now=self._clock.now(),
            asked=asked,
            step=partial(self._step, allowance),
        )
        self._trouble = None
        if outcome.state == "changed":
            self._arrivals.restart(sighting, now=self._clock.monotonic())
            return
        self._arrivals.forget(sighting)
        self._tell(sighting, outcome)

    def _unpack(self, sighting: Sighting) -> None:
        """Take a zip of books apart: each is seen, settles and is taken like any other."""
        allowance = NEXT_BY_SECONDS + UNPACKED_SHARE * sighting.size / SLOWEST_BYTES_PER_SECOND
        self._beat(allowance, is_urgent=True)
        try:
            names = unpack(
                self._inbox / sighting.key,
                sighting=sighting,
                library=self._library,
                inbox=self._inbox,
                now=self._clock.now(),
                step=partial(self._step, allowance),
            )
        except Rejected as error:
            self._reject(sighting, error.reason)
            return
        if names is None:
            self._arrivals.restart(sighting, now=self._clock.monotonic())
            return
        self._arrivals.forget(sighting)
        self._look_at = 0.0
        self._log.info("bundle_unpacked", name=printable(sighting.key), count=len(names))

    def _tell(self, sighting: Sighting, outcome: Outcome) -> None:
        name = printable(sighting.key)
        if outcome.state == "duplicate":
            self._log.info("book_duplicate_found", name=name, book=outcome.book)
            send(self._end, {"event": "duplicate", "name": name, "book": outcome.book})
            return
        if outcome.state == "restarted":
            self._log.info("book_restarted", name=name, book=outcome.book)
            send(self._end, {"event": "book_admitted", "book": outcome.book, "name": name})
            return
        is_resumed = outcome.state == "resumed"
        if is_resumed:
            self._reconcile_at = 0.0  # it may have been rejected meanwhile, and waited for its entry to go
        self._log.info("book_admitted", name=name, book=outcome.book, bytes=sighting.size, resumed=is_resumed)
        send(self._end, {"event": "book_admitted", "book": outcome.book, "name": name})

    def _step(self, allowance: float, name: str) -> None:
        fault_point(f"intake_{name}")
        self._beat(allowance)

    def _reject(self, sighting: Sighting, reason: Reason) -> None:
        entry = self._inbox / sighting.key
        sidecar = find_sidecar(entry)
        path = reject(
            entry,
            inbox=self._inbox,
            reason=reason,
            reference=sighting.reference,
            now=self._clock.now(),
            sidecar=None if sidecar is None or is_still_needed(sidecar, book=entry) else sidecar,
            inode=(sighting.dev, sighting.inode),
        )
        self._arrivals.forget(sighting)
        name = printable(sighting.key)
        where = printable(str(path))
        self._log.warning("arrival_rejected", name=name, reason=reason.text, code=reason.code, moved_to=where)
        send(self._end, {"event": "book_rejected", "name": name, "reason": reason.text, "code": str(reason.code)})

    def _stall(self, sighting: Sighting, error: OSError) -> None:
        """It could not be read, admitted or moved: later, perhaps; a full disk stops all of them."""
        if error.errno in DISK_FULL:
            self._trouble = Reason(Code.DISK, "the disk is full; the inbox waits until there is room")
            self._resume_at = self._clock.monotonic() + min(DISK_FULL_SECONDS, self._reconcile_seconds)
        self._block(sighting, blocked_by(error))

    def _block(self, sighting: Sighting, finding: Finding) -> None:
        self._say_blocked(sighting, self._arrivals.judge(sighting, finding, now=self._clock.monotonic()))

    def _say_blocked(self, sighting: Sighting, decision: Decision) -> None:
        if decision.is_news and (why := decision.reason) is not None:
            self._log.warning("arrival_blocked", name=printable(sighting.key), reason=str(why), code=why.code)

    def _expel(self) -> None:
        """Put unusable books back out; what cannot be moved now is tried again at the next reconcile."""
        self._reconcile_at = self._clock.monotonic() + self._reconcile_seconds
        self._empty_trash()
        for manifest in rejected_books(self._library):
            if self._arrivals.has(manifest.arrival):
                continue  # its entry is not removed yet: put aside now, the book would be admitted again
            try:
                gone = expel(manifest, library=self._library, inbox=self._inbox, now=self._clock.now())
            except (OSError, LibraryBusy, ManifestCorrupt, NoSuchBook) as error:
                self._log.error("error_caught", book=manifest.book_id, reason=f"cannot be moved away: {error}")
                continue
            code, where = gone.reason.code, printable(str(gone.path))
            self._log.warning("book_rejected", book=gone.book, reason=str(gone.reason), code=code, moved_to=where)
            message = {"event": "book_rejected", "name": printable(gone.name), "reason": str(gone.reason)}
            send(self._end, {**message, "code": str(code), "book": gone.book})

    def _count_rejections(self, *, is_reconciling: bool) -> None:
        """Notice what came to `.failed/` or was taken away; at a reconcile even if its mtime was too coarse to tell."""
        with contextlib.suppress(OSError):  # gone or unreadable just now: the next turn says what is wrong
            self._rejections = rejections(self._inbox, known=Rejections() if is_reconciling else self._rejections)
            before, self._lying = self._lying, look_aside(self._inbox, known=Lying() if is_reconciling else self._lying)
            if self._lying.unnoted != before.unnoted:
                self._ignored = find_ignored(self._seen, unnoted=self._lying.unnoted)

    def _report(self) -> None:
        """Tell the supervisor how the inbox is, if that is not what it was told last."""
        picture = self._fitting_picture()
        # Noted as told only if it was: a supervisor that did not read gets it at the next turn.
        if picture != self._told and send(self._end, picture):
            self._told = picture

    def _fitting_picture(self) -> dict[str, object]:
        """How the inbox is, with fewer names where they are long: a path can have four thousand bytes."""
        pictures = (self._picture(shown=shown) for shown in SHOWN_NAMES)
        return next(filter(fits, pictures))  # without names it always does

    def _picture(self, *, shown: int) -> dict[str, object]:
        def names(state: State) -> list[str]:
            return [printable(one.sighting.key) for one in self._arrivals.waiting(state)[:shown]]

        def reasons(state: State) -> list[dict[str, str]]:
            waiting = [(one, one.reason) for one in self._arrivals.waiting(state)[:shown]]
            return [
                {"name": printable(one.sighting.key), "reason": str(why), "code": str(why.code)}
                for one, why in waiting
                if why is not None
            ]

        rejected, degraded = self._rejections, self._degraded()
        return {
            "event": "inbox",
            "settling": names(State.SETTLING),
            "waiting": len(self._arrivals.waiting(*State)),
            "incomplete": reasons(State.INCOMPLETE),
            "written": names(State.WRITTEN),
            "blocked": reasons(State.BLOCKED),
            "rejected": {
                **{"count": rejected.count, "name": rejected.name},
                **{"reason": rejected.reason.text if rejected.reason else ""},
                **{"code": str(rejected.reason.code) if rejected.reason else None},
            },
            "duplicates": {"count": len(self._lying.duplicates), "names": list(self._lying.duplicates[:shown])},
            "ignored": sum(len(one.keys) for one in self._ignored),
            "ignored_for": [
                {
                    **{"code": str(one.cause.code), "reason": one.cause.text, "advice": one.cause.advice},
                    **{"count": len(one.keys), "names": [printable(key) for key in one.keys[:shown]]},
                }
                for one in self._ignored
            ],
            "degraded": degraded.text if degraded else "",
            "degraded_code": str(degraded.code) if degraded else None,
            "polling": bool(self._root.watcher.polling),
            "polling_reason": self._root.watcher.polling,
            "overflows": self._overflows,
            "settle_seconds": self._times.settle_seconds,
            "incomplete_seconds": self._times.incomplete_timeout_seconds,
        }

    def _degraded(self) -> Reason | None:
        """What is wrong with the whole inbox; None for nothing."""
        unreadable = None
        if self._unreadable:
            unreadable = Reason(Code.NO_ACCESS, f"a folder cannot be read: {printable(self._unreadable[0])}")
        return self._root.lost or self._trouble or self._aside or unreadable

    def _beat(self, next_by_seconds: float = NEXT_BY_SECONDS, *, is_urgent: bool = False) -> None:
        now = self._clock.monotonic()
        if is_urgent or now - self._beaten_at >= BEAT_SECONDS:
            self._beaten_at = now
            send(self._end, {"event": "beat", "next_by_seconds": next_by_seconds})

"""A worker process: claim a task, perform it, again. It keeps nothing that matters: all it knows is in manifests."""

import os
import socket
import uuid
from functools import partial

from imaginized.book.manifest import Claim
from imaginized.book.plan import ADAPTIVE, FREE, PAID, Pacing, held_by
from imaginized.book.transitions import claim
from imaginized.clock import SystemClock
from imaginized.daemon.channel import Orders, send
from imaginized.daemon.task import Held, Workshop, perform
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.logs import get_log
from imaginized.providers.builtin.provider import BuiltinProvider
from imaginized.settings import Settings, Workers
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.owners import current_owner

IDLE_SECONDS = 2.0
RECYCLE_AFTER_TASKS = 500


def run_worker(slot: str, settings: Settings, end: socket.socket) -> None:
    """Be the worker of a slot until told to drain, or until the supervisor is gone. A fork server's child runs this.

    Args:
        slot: Its name in claims and logs ("worker-1").
        settings: Of the daemon.
        end: The child's end of the channel to the supervisor.
    """
    clock = SystemClock()
    shop = Workshop(
        settings=settings,
        end=end,
        clock=clock,
        orders=Orders(end),
        owner=current_owner(slot, pid=os.getpid()),
        log=get_log(worker=slot, pid=os.getpid()),
        library=Library(
            settings.paths.library, clock=clock, lock_timeout_seconds=settings.workers.lock_timeout_seconds
        ),
        text=BuiltinProvider(),
        image=BuiltinProvider() if settings.provider.image == "builtin" else None,
    )
    send(end, {"event": "ready"})
    work(shop)


def work(shop: Workshop) -> None:
    """Perform tasks until told to drain; a new process takes over after many, so that no leak grows for ever."""
    performed = 0
    while not shop.orders.is_draining and performed < RECYCLE_AFTER_TASKS:
        shop.orders.wake.clear()
        held = claim_next(shop)
        if held is None:
            send(shop.end, {"event": "idle"})
            shop.orders.wake.wait(IDLE_SECONDS)
            continue
        performed += 1
        perform(shop, held)


def claim_next(shop: Workshop) -> Held | None:
    """Take the best task of the oldest book that has one; None when nothing can be claimed."""
    for book in _oldest_first(shop.library):
        try:
            held = _claim_in(shop, book)
        except (NoSuchBook, LibraryBusy, ManifestCorrupt):
            continue  # gone, contended or set aside: the next book; the supervisor tells people
        if held is not None:
            return held
    return None


def pacing_of(workers: Workers) -> Pacing:
    """How chapters follow each other under these settings."""
    if workers.rate_limit == "adaptive":
        return ADAPTIVE
    seed = FREE if workers.rate_limit == "free" else PAID
    return Pacing(batch_size=workers.batch_chapters, in_flight=seed.in_flight, pause_seconds=seed.pause_seconds)


def _oldest_first(library: Library) -> list[str]:
    known = []
    for book in library.books():
        try:
            known.append((library.read(book).created_at, book))
        except (NoSuchBook, ManifestCorrupt):
            continue
    return [book for _, book in sorted(known)]


def _claim_in(shop: Workshop, book: str) -> Held | None:
    now = shop.clock.now()
    by = Claim(owner=str(shop.owner), boot=shop.owner.boot, claim_id=uuid.uuid4().hex, claimed_at=now)
    take = partial(claim, by=by, now=now, pacing=pacing_of(shop.settings.workers))
    seen = shop.library.read(book)
    if take(seen) is seen:
        return None  # nothing to claim in what is on disk; the lock is not worth asking for
    taken = shop.library.update(book, take)
    task = held_by(taken, by.claim_id)
    entry = taken.entry(task) if task else None
    if task is None or entry is None or entry.fence is None:
        return None  # another worker was quicker
    return Held(book=book, manifest=taken, task=task, fence=entry.fence)

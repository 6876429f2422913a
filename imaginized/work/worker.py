"""A worker process: claim a task, perform it, again. It keeps nothing that matters: all it knows is in manifests."""

import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.errors import LibraryBusy, ManifestCorrupt
from imaginized.limits.limiter import Pace
from imaginized.limits.remote import RemoteLimiter
from imaginized.logs.log import get_log
from imaginized.money.pricelist import read_prices
from imaginized.money.remote import RemoteLedger
from imaginized.money.till import BookTill, CallRecord
from imaginized.process.beats import call_message, waits_message
from imaginized.process.channel import Orders, send
from imaginized.process.fault_points import fault_point
from imaginized.process.line import Line
from imaginized.process.memory import give_back
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.process.waiting import Waiting
from imaginized.providers.keys import Keys
from imaginized.providers.registry import Surroundings
from imaginized.queue.change import Change, Transition
from imaginized.queue.claimable import ADAPTIVE, FREE, PAID, Pacing, best_first, may_read_too, was_admitted
from imaginized.queue.manifest import Claim, Manifest, Stage, Task
from imaginized.queue.plan import fence_of, held_by
from imaginized.queue.redoing import take_back
from imaginized.queue.transitions import claim, reap
from imaginized.reading.quotes import find_quote
from imaginized.settings.model import Settings, Workers
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.owners import current_owner
from imaginized.store.room import DISK_FULL, shortage
from imaginized.work.away import with_hosts
from imaginized.work.following import Following
from imaginized.work.progress_file import LateReports
from imaginized.work.provision import Providers, accounts_of
from imaginized.work.reach import Reach
from imaginized.work.task import DISK_FULL_SECONDS, perform
from imaginized.work.task_context import Bench
from imaginized.work.workshop import Held, Workshop

IDLE_SECONDS = 2.0
# Where no book is open, or each waits for a person: whatever opens one wakes us, and so does the sweep that finds one.
NO_BOOK_SECONDS = 30.0
REST_SECONDS = 20.0
LEAST_SECONDS = 0.05
LAST_WORDS_SECONDS = 5.0  # what it said of money is heard, or counts in full
FREE_SPACING_SECONDS = 60.0  # one request a minute for each chapter


def run_worker(slot: str, settings: Settings, end: socket.socket, *, keys: Keys) -> None:
    """Be the worker of a slot until told to drain, or until the supervisor is gone. A fork server's child runs this.

    Args:
        slot: Its name in claims and logs ("worker-1").
        settings: Of the daemon.
        end: The child's end of the channel to the supervisor.
        keys: For the endpoints.
    """
    fault_point("worker_started")
    clock = SystemClock()
    owner = current_owner(slot, pid=os.getpid())
    wait = settings.workers.lock_timeout_seconds
    line = Line(settings.paths.library, owner=owner)
    ledger = RemoteLedger(settings.paths.library, clock=clock, owner=owner, line=line, answer_seconds=wait)
    prices, tell = read_prices(settings.budget.price_file), partial(_tell_call, end)
    till = BookTill(ledger, prices=prices, budget=settings.budget, clock=clock, tell=tell)
    # Its thread begins here: from now on an end of file at the channel ends this process, whatever it is at.
    orders = Orders(end)
    gate = RemoteLimiter(line, clock=clock, pace=pace_of(settings.workers), orders=orders)
    bench = Bench(orders, clock=clock)
    surroundings = Surroundings(keys=keys, desk=bench, till=till, gate=gate, clock=clock, find_quote=find_quote)
    fitting = Providers(settings, around=surroundings)
    made = {"text": fitting.text, "image": fitting.image}
    providers = {stage: made[asked] for stage in Stage if (asked := stage.traits.asks)}
    shop = Workshop(
        settings=settings,
        end=end,
        clock=clock,
        orders=orders,
        owner=owner,
        log=get_log(worker=slot, pid=os.getpid()),
        library=Library(settings.paths.library, clock=clock, lock_timeout_seconds=wait),
        text=fitting.text,
        image=fitting.image,
        fit=fitting.of,
        till=till,
        bench=bench,
        reader=ReaderGate(orders, must_confine=settings.reading.sandbox == "required", clock=clock),
        reach=Reach(gate=gate, accounts=accounts_of(settings, keys=keys), providers=providers),
    )
    shop = with_hosts(shop, slot=slot, gate=gate)
    send(end, {"event": "ready"})
    work(shop)
    line.drain(seconds=LAST_WORDS_SECONDS)


def _tell_call(end: socket.socket, call: CallRecord) -> None:
    message = call_message(
        call.kind,
        model=call.model,
        outcome=call.outcome,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        images=call.images,
        seconds=call.seconds,
    )
    send(end, message)  # one that cannot be sent is not counted: it is in the book's calls


def work(shop: Workshop) -> None:
    """Perform tasks until told to drain; a new process takes over in time, so that no leak grows for ever."""
    performed, busy_at, is_littered = 0, shop.clock.monotonic(), False
    late_reports = LateReports(shop.library, log=shop.log)
    held: Held | None = None
    # What was claimed with the end of a task is performed in any case, if only to be given back at no cost.
    while held or (not shop.orders.is_draining and not _is_spent(shop.settings.workers, performed=performed)):
        if held is None:
            if performed and shop.clock.monotonic() - busy_at > REST_SECONDS:
                break  # work leaves 30 MB behind; the next one has them on pages that all share
            # Before the look: news that comes while it looks wakes it from the wait that follows.
            shop.orders.wake.clear()
            held = _claim_or_wait(shop, late_reports, is_littered=is_littered)
            is_littered = held is not None
        if held is not None or _waits(shop.reach) is not None:
            busy_at = shop.clock.monotonic()
        if held is not None:
            performed += 1
            held = perform_and_claim(shop, held, is_last=partial(_is_spent, shop.settings.workers, performed=performed))
            busy_at = shop.clock.monotonic()


def perform_and_claim(shop: Workshop, held: Held, *, is_last: Callable[[], bool] = lambda: False) -> Held | None:
    """Perform a task; the next one of its book where its end has claimed that, unless this was the worker's last."""
    send(shop.end, {"event": "more", "tasks": _left_in(held, shop=shop)})
    following = Following(lambda: None if is_last() else _offered(shop, held))
    try:
        perform(shop, held, following=following)
    finally:
        # Also after a bug: a probe that is not given back would keep every worker from the endpoint.
        shop.reach.end()
    return following.held


def _is_spent(workers: Workers, *, performed: int) -> bool:
    # One that was born too big has to do something all the same, or its slot would do nothing but start.
    return performed >= workers.recycle_after_tasks or (performed > 0 and _memory() > workers.recycle_above_bytes)


def _memory() -> int:
    """Bytes of memory this process takes, with what it shares."""
    # Not getrusage: its ru_maxrss is the highest ever, not what it takes now.
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _claim_or_wait(shop: Workshop, late_reports: LateReports, *, is_littered: bool) -> Held | None:
    """The next task; None after waiting for one, or for room on the disk. Tidies its memory if there is time for it."""
    seconds = IDLE_SECONDS
    try:
        is_short = _is_disk_short(shop)
        held = None if is_short or shop.pause.is_on else claim_next(shop)
        if held is None and not is_short:
            late_reports.catch_up(until=shop.orders.wake.is_set)
            seconds = IDLE_SECONDS if shop.pause.is_on or _may_time_open(shop) else NO_BOOK_SECONDS
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        shop.log.warning("error_caught", reason="the disk is full; nothing can be claimed until there is room")
        held, seconds = None, DISK_FULL_SECONDS
    if held is None:
        closed = shop.reach.closed
        if is_littered:
            give_back()
        send(shop.end, {"event": "idle", **waits_message(_waits(shop.reach))})
        shop.orders.wake.wait(min([seconds, *(max(each, LEAST_SECONDS) for each in closed.values())]))
    return held


def _offered(shop: Workshop, held: Held) -> tuple[str, Transition] | None:
    """The claim of this book's next task, where `claim_next` would take one of it, too."""
    if held.is_probe or shop.pause.is_on or _is_disk_short(shop):
        return None
    shop.reach.look()
    shop.look()
    if shop.reach.closed or shop.reach.is_trying:
        return None
    for book in shop.library.open_books():
        if book == held.book:
            by, take = _claim(shop, book, may_read=False)
            return by.claim_id, take
        with suppress(NoSuchBook, ManifestCorrupt):
            seen = shop.library.read(book)
            if _claim(shop, book, may_read=True)[1](seen).manifest is not seen:
                return None  # an older book has something to do
    return None


def _is_disk_short(shop: Workshop) -> bool:
    return bool(shortage(shop.library.root, min_free_bytes=shop.settings.disk.min_free_bytes))


def _may_time_open(shop: Workshop) -> bool:
    """Whether any book may have something to claim without anybody's doing: not one that a person has to answer for."""
    for book in shop.library.open_books():
        try:
            hold = shop.library.read(book).hold
        except NoSuchBook:
            continue
        except ManifestCorrupt:
            return True  # it may be readable in a moment
        if hold is None or hold.until is not None:
            return True
    return False


def _waits(reach: Reach) -> Waiting | None:
    """What somebody waits for who finds nothing to do, with all that is closed."""
    silent = reach.endpoints()
    return Waiting(what="endpoint", on=" and ".join(silent)) if silent else None


def claim_next(shop: Workshop) -> Held | None:
    """Take the best task of the oldest book that has one; None when nothing can be claimed."""
    shop.reach.look()
    shop.look()
    held = _claim_open(shop)
    if held is None and shop.reach.is_trying:
        shop.reach.last = None  # there is nothing else to try the endpoint with
        held = _claim_open(shop)
    is_probe = shop.reach.settle(held.task.stage if held else None)
    return replace(held, is_probe=is_probe) if held else None


def _claim_open(shop: Workshop) -> Held | None:
    # A folder full of slow files does not stop the drawing of other books; where there is nothing else, all read.
    reading = shop.library.being_read()
    turns = (True,) if may_read_too(reading, workers=shop.settings.workers.max_concurrency) else (False, True)
    for may_read, book in ((turn, book) for turn in turns for book in shop.library.open_books()):
        try:
            held = _claim_in(shop, book, may_read=may_read)
        except (NoSuchBook, LibraryBusy, ManifestCorrupt):
            continue  # gone, contended or set aside: the next book; the supervisor tells people
        if held is not None:
            return held
    return None


def _left_in(held: Held, *, shop: Workshop) -> int:
    """How many tasks of the book somebody else may claim now: as many workers are woken for them."""
    pacing, now = pacing_of(shop.settings.workers), shop.clock.now()
    most = shop.settings.workers.max_concurrency
    return sum(1 for _ in islice(best_first(held.manifest, now=now, pacing=pacing), most))


def pacing_of(workers: Workers) -> Pacing:
    """How chapters follow each other under these settings."""
    if workers.rate_limit == "adaptive":
        return ADAPTIVE
    seed = FREE if workers.rate_limit == "free" else PAID
    return Pacing(batch_size=workers.batch_chapters, in_flight=seed.in_flight, pause_seconds=seed.pause_seconds)


def pace_of(workers: Workers) -> Pace:
    """What these settings demand of the requests; `pacing_of` of the chapters."""
    if workers.rate_limit != "free":
        return Pace()
    return Pace(in_flight=FREE.in_flight, spacing_seconds=FREE_SPACING_SECONDS)


def _claim(shop: Workshop, book: str, *, may_read: bool) -> tuple[Claim, Transition]:
    """A claim to be of the best task of a book, and what takes it."""

    def is_open(task: Task) -> bool:
        if not shop.takes(book, task):
            return False
        return (may_read or not task.stage.traits.opens_original) and shop.reach.is_open(book, task)

    now = shop.clock.now()
    by = Claim(owner=str(shop.owner), boot=shop.owner.boot, claim_id=uuid.uuid4().hex, claimed_at=now)
    return by, partial(_take, shop, by=by, now=now, is_open=is_open)


def _claim_in(shop: Workshop, book: str, *, may_read: bool) -> Held | None:
    by, take = _claim(shop, book, may_read=may_read)
    # From memory mostly: eight workers that ask for every book's lock at every look would wait for each other.
    seen = shop.library.read(book)
    if (wanted := take(seen).manifest) is seen:
        return None  # nothing to claim in what is on disk; the lock is not worth asking for
    wants = held_by(wanted, by.claim_id)
    if wants is not None and wants.stage.traits.opens_original and not shop.reader.is_open:
        return None  # the book waits, and costs no try
    taken = shop.library.update(book, take)
    # By the claim's own id: what another worker took between the look and the lock is not ours.
    task = held_by(taken, by.claim_id)
    fence = fence_of(taken, task) if task else None
    if task is None or fence is None:
        return None  # another worker was quicker
    if task.stage.traits.opens_original:
        shop.library.index.note_reading(book)
    return Held(book=book, manifest=taken, task=task, fence=fence)


def _take(shop: Workshop, manifest: Manifest, *, by: Claim, now: datetime, is_open: Callable[[Task], bool]) -> Change:
    """Claim the best task. This process holds nothing now: what it owns all the same, it could not give back then."""
    shop.orders.hear()  # an order that came between the look and the lock: the claim would only be given back
    if shop.orders.is_draining or not was_admitted(manifest):
        return Change(manifest)
    workers = shop.settings.workers

    def is_over(other: Claim) -> str | None:
        return "it could not be given back" if (other.owner, other.boot) == (by.owner, by.boot) else None

    freed = reap(manifest, is_over=is_over, now=now, max_attempts=workers.max_attempts)
    freed = freed.then(partial(take_back, max_attempts=workers.max_attempts))
    return freed.then(partial(claim, by=by, now=now, pacing=pacing_of(workers), is_open=is_open))

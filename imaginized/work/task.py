"""Performing a claimed task: run its stage, keep its parts, commit under the fence, or say how it ended instead."""

import contextlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import (
    ClaimLost,
    Interrupted,
    LibraryBusy,
    ManifestCorrupt,
    Paused,
    Rejected,
    Retryable,
    Unanswered,
    Unconfined,
    Unreachable,
    WorkLost,
)
from imaginized.errors import Held as BookHeld
from imaginized.logs.log import EventName, Log
from imaginized.money.estimating import estimate
from imaginized.money.till import BookTill, Customer, held_after_split, models_of
from imaginized.process.beats import Work, waits_message, work_message
from imaginized.process.channel import Orders, send
from imaginized.process.fault_points import fault_point
from imaginized.process.sandbox_watch import ReaderGate
from imaginized.process.waiting import Waiting
from imaginized.providers.api import Provider
from imaginized.queue.manifest import CHAPTER_STAGES, Approval, Fence, Hold, Manifest, Stage, Task
from imaginized.queue.transitions import begin, checkpoint, complete, complete_split, fail, hold, release, reopen_lost
from imaginized.reasons import Code, Reason
from imaginized.settings.model import Settings
from imaginized.stages.estimate import estimate_admitted
from imaginized.stages.job import Contents, Job, Result, guide_for
from imaginized.stages.records import load_request
from imaginized.stages.table import STAGES, lost_before
from imaginized.store.files import Artifact, discard, publish
from imaginized.store.library import Library, NoSuchBook
from imaginized.store.owners import Owner
from imaginized.store.pause import Pause
from imaginized.store.records import RecordUnreadable
from imaginized.store.room import DISK_FULL
from imaginized.story.text import BookText
from imaginized.work.progress_file import render_report
from imaginized.work.reach import Reach
from imaginized.work.task_context import Bench

DISK_FULL_SECONDS = 5.0
SHOWN_LOST = 5
PAUSED_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a worker process works with; made after the fork.

    Attributes:
        end: The child's end of the channel to the supervisor.
        image: Who draws; None for nobody.
        till: Where providers pay.
        bench: What the providers work at.
        reader: Whether books may be read.
        reach: Which endpoints can be reached.
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


def perform(shop: Workshop, held: Held) -> None:
    """Do a claimed task to its end, whatever that is; only a bug in this function itself ends the worker."""
    log = shop.log.bind(book=held.book, chapter=held.task.chapter, stage=str(held.task.stage), fence=held.fence.attempt)
    is_step = held.task.chapter is None
    say = log.debug if held.is_probe else log.info  # a night of tries in vain is no news
    say("step_claimed" if is_step else "chapter_claimed")
    _report(shop, held, "claimed")
    shop.orders.take("resume")  # one from before this task is no answer to a refusal in it
    try:
        outcome = _attempt(shop, held, log=log)
        render_report(shop.library, held.book, log=shop.log)
    except (ClaimLost, NoSuchBook) as error:
        log.warning("claim_lost", reason=str(error))
        outcome = "lost"
    except (LibraryBusy, ManifestCorrupt, OSError) as error:
        # The claim stays as it is until this process looks for the next one, or ends.
        log.error("error_caught", reason=f"the claim cannot be given back yet: {error}")
        outcome = "lost"
    send(shop.end, work_message("ended", held.work, outcome=outcome))


def _attempt(shop: Workshop, held: Held, *, log: Log) -> str:
    """Run and commit; a bad end is written down as its kind demands."""
    try:
        return _do(shop, held, log=log)
    except (Interrupted, Unconfined) as error:
        return _give_back(shop, held, log=log, reason=_why_not_now(shop, error))
    except Retryable as error:
        _give_back(shop, held, log=log, reason=str(error))
        _before_the_next(shop, held, error)
        return "released"
    except BookHeld as error:
        return _hold(shop, held, error, log=log)
    except Paused as error:
        log.warning("provider_paused", reason=str(error))
        _give_back(shop, held, log=log, reason=str(error))
        _sit_out(shop, PAUSED_SECONDS, waiting=_after(shop, held, error))
        return "released"
    except OSError as error:
        if error.errno not in DISK_FULL:
            return _fail(shop, held, error, log=log)
        _give_back(shop, held, log=log, reason="disk full")
        shop.orders.wake.wait(DISK_FULL_SECONDS)
        return "released"
    # After OSError and before Exception: these say that nothing can be written down, so no failure is.
    except (ClaimLost, NoSuchBook, LibraryBusy, ManifestCorrupt):
        raise
    except Rejected as error:
        return _fail(shop, held, error, log=log, rejected=True)
    except Exception as error:  # noqa: BLE001 - the boundary: one chapter fails, the worker goes on
        return _fail(shop, held, error, log=log)


def _do(shop: Workshop, held: Held, *, log: Log) -> str:
    """Do the task, unless what it needs is gone."""
    if lost := lost_before(held.task, manifest=held.manifest, files=shop.library.files(held.book)):
        return _do_again(shop, held, lost, log=log)
    _run(shop, held)
    log.info("step_completed" if held.task.chapter is None else "chapter_completed")
    return "completed"


def _do_again(shop: Workshop, held: Held, lost: Sequence[Task], *, log: Log) -> str:
    """Have finished tasks done again whose files are gone; in vain where the original is gone or they stay away."""
    files, entry = shop.library.files(held.book), held.manifest.entry(held.task)
    text = f"what was made before is gone ({', '.join(map(str, lost[:SHOWN_LOST]))})"
    source = files.source(held.manifest.book_file)
    if any(task.stage is Stage.SPLIT for task in lost) and not source.exists():
        error = WorkLost(f"{text}, and so is the original", advice=f"put a copy at {source}")
        return _fail(shop, held, error, log=log)
    if entry is not None and entry.retry_count >= shop.settings.workers.max_attempts:
        return _fail(shop, held, WorkLost(text), log=log)
    shop.library.update(held.book, partial(reopen_lost, task=held.task, fence=held.fence, lost=lost), durable=True)
    log.warning("work_lost", reason=text)
    return "released"


def _why_not_now(shop: Workshop, error: Interrupted | Unconfined) -> str:
    """Why a task is given back that nothing is wrong with."""
    if isinstance(error, Unconfined):
        shop.reader.close()  # this process takes up other work; the supervisor tells people
        send(shop.end, {"event": "unconfined", "found": dict(error.found)})
        return f"the reader's sandbox is {error}"
    return "paused" if shop.pause.is_on else "told to stop"


def _run(shop: Workshop, held: Held) -> None:
    files = shop.library.files(held.book)
    # Between the claim and here this process may have been stopped for minutes: nothing is begun under a lost claim.
    shop.library.update(held.book, partial(begin, task=held.task, fence=held.fence))
    fault_point(f"{held.task.stage}-{held.task.chapter}" if held.task.chapter else str(held.task.stage))
    request = load_request(files)
    job = Job(
        task=held.task,
        manifest=held.manifest,
        files=files,
        request=request,
        guide=guide_for(request, shop.settings.guide),
        text=shop.text,
        image=shop.image,
        keep=partial(_keep, shop, held),
        store_reply=partial(_store_whole, shop, held),
        step=partial(_step, shop, held),
        must_confine=shop.reader.must_confine,
    )
    store = partial(_store_reply, shop, held)
    say = partial(_report, shop, held, "beat")
    with shop.till.serve(_customer(shop, held)), shop.bench.at(job, store=store, say=say):
        # No lock is held in here, however long it takes; what is made is committed by the fence alone.
        result = STAGES[held.task.stage].run(job)
    fault_point("task_done")
    _commit(shop, held, result.contents, _completion(shop, held, result))
    fault_point("task_committed")


def _completion(shop: Workshop, held: Held, result: Result) -> Callable[[Manifest], Manifest]:
    now = shop.clock.now()
    if result.book is None:
        return partial(complete, task=held.task, fence=held.fence, now=now)
    completed = partial(
        complete_split,
        fence=held.fence,
        now=now,
        title=result.book.title,
        chapters=result.book.chapters,
        chapter_stages=tuple(stage for stage in CHAPTER_STAGES if shop.image or stage.traits.asks != "image"),
    )
    why = _asks_first(shop, held, result.book)
    # In one update: between two, another worker would claim a chapter and pay before anybody was asked.
    return completed if why is None else lambda manifest: hold(completed(manifest), why=why)


def _asks_first(shop: Workshop, held: Held, book: BookText) -> Hold | None:
    """Why a book must be approved before anything is paid for it."""
    models = models_of(shop.settings)
    request = load_request(shop.library.files(held.book))
    guide = guide_for(request, shop.settings.guide)
    found = estimate(book.title, book.chapters, guide=guide, models=models, prices=shop.till.prices)
    error = held_after_split(
        found,
        budget=shop.settings.budget,
        approval=held.manifest.approval,
        asked_usd=request.budget_usd,
        spent_usd=shop.till.spent_usd(held.book),
    )
    if error is None:
        return None
    shop.log.warning("book_held", book=held.book, reason=str(error))
    return _why(shop, error)


def _why(shop: Workshop, error: BookHeld) -> Hold:
    return Hold(
        reason=str(error),
        code=error.code,
        since=shop.clock.now(),
        until=error.until,
        approve_usd=error.approve_usd,
        any_price=error.any_price,
    )


def _customer(shop: Workshop, held: Held) -> Customer:
    """The book as the till knows it; what a person allows while the task runs counts at once."""

    def approval() -> Approval | None:
        # Read anew at each call: a person may approve, or allow more, in the middle of a chapter.
        return shop.library.read(held.book).approval

    def high_usd() -> float:
        try:
            found = estimate_admitted(
                files, settings=shop.settings, models=models_of(shop.settings), prices=shop.till.prices
            )
        except (OSError, RecordUnreadable):
            return 0.0  # the next call alone is asked for
        return found.cost.high if found.cost else 0.0

    files = shop.library.files(held.book)
    return Customer(
        book=held.book,
        files=files,
        chapter=held.task.chapter,
        approval=approval,
        high_usd=high_usd,
        budget_usd=load_request(files).budget_usd,
    )


def _keep(shop: Workshop, held: Held, contents: Contents) -> None:
    """Make a part of the task durable at once; ends that come later do not cost what it cost."""
    _commit(shop, held, contents, partial(checkpoint, task=held.task, fence=held.fence))
    _report(shop, held, "kept")
    fault_point("part_kept")


def _store_whole(shop: Workshop, held: Held, path: Path, data: bytes) -> None:
    """Keep a provider's reply; the answers of the endpoint that it was made of may go then."""
    _store_reply(shop, held, path, data)
    shop.bench.let_go()


def _store_reply(shop: Workshop, held: Held, path: Path, data: bytes) -> None:
    """Keep what was paid for, though the claim be lost: it is named by what was asked, not by who asked."""
    # No manifest is asked: whoever has the claim now makes the same call, and finds the answer here.
    artifact = shop.library.files(held.book).stage(path, data, fence=held.fence)
    with contextlib.suppress(FileNotFoundError):  # swept as a lost claim's, between the two lines
        publish([artifact])
    fault_point("reply_stored")


def _commit(shop: Workshop, held: Held, contents: Contents, transition: Callable[[Manifest], Manifest]) -> None:
    files = shop.library.files(held.book)
    artifacts: list[Artifact] = []
    try:
        for path, data in contents.items():
            artifacts.append(files.stage(path, data, fence=held.fence))
    except OSError:
        discard(artifacts)
        raise
    fault_point("artifacts_staged")
    # Durable, also on a repeat: the supervisor is told next, and what was told must survive a power cut.
    shop.library.update(held.book, transition, artifacts=artifacts, durable=True)


def _step(shop: Workshop, held: Held) -> None:
    """Say that the work goes on, and until when to expect the next word."""
    if shop.orders.is_draining or shop.pause.is_on:
        raise Interrupted(f"{held.task} of {held.book}")
    if shop.orders.take("check"):  # somebody cancelled something: nothing more is to be paid for under a lost claim
        begin(shop.library.read(held.book), task=held.task, fence=held.fence)
    _report(shop, held, "beat")


def _report(shop: Workshop, held: Held, event: str) -> None:
    seconds = shop.settings.workers.chapter_timeout_seconds
    waits = waits_message(shop.bench.waiting)
    send(shop.end, work_message(event, held.work, next_by_seconds=seconds, **waits))


def _give_back(shop: Workshop, held: Held, *, log: Log, reason: str) -> str:
    """Release the claim; on a full disk, as soon as there is room for that."""
    transition = partial(release, task=held.task, fence=held.fence)
    while True:
        try:
            shop.library.update(held.book, transition, durable=True)
            break
        except OSError as error:
            # While it drains it does not wait for room: its claim shows a dead owner soon, and is freed for that.
            if error.errno not in DISK_FULL or shop.orders.is_draining:
                raise
        # A worker that waits for room is not stuck, and must not be killed for it.
        _report(shop, held, "beat")
        shop.orders.wake.clear()
        shop.orders.wake.wait(DISK_FULL_SECONDS)
    say = log.debug if held.is_probe else log.info
    say("claim_released", reason=reason)
    return "released"


def _hold(shop: Workshop, held: Held, error: BookHeld, *, log: Log) -> str:
    """Give the claim back without cost and let the book wait, in one update."""

    def transition(manifest: Manifest) -> Manifest:
        return hold(release(manifest, task=held.task, fence=held.fence), why=_why(shop, error))

    shop.library.update(held.book, transition, durable=True)
    log.warning("book_held", reason=str(error))
    return "released"


def _before_the_next(shop: Workshop, held: Held, error: Retryable) -> None:
    """Sit out a passing fault; what an unreachable endpoint is asked for is closed to all, but there is other work."""
    if isinstance(error, Unreachable):
        shop.reach.last = (held.book, held.task) if held.is_probe else None
    else:
        _sit_out(shop, error.after_seconds, waiting=_after(shop, held, error))


def _after(shop: Workshop, held: Held, error: Exception) -> Waiting:
    """What is waited for after an error that has ended a task for now."""
    endpoint = shop.reach.accounts.get(held.task.stage, "another process").partition("#")[0]
    return Waiting(what="pause", on=endpoint, errors=1, last_error=str(error))


def _sit_out(shop: Workshop, seconds: float, *, waiting: Waiting) -> None:
    """Wait so long, or until a person resumes: news of work to do is no reason to ask an endpoint again too early."""
    # Nothing is held meanwhile, and nobody need ask whether this process is stuck.
    send(shop.end, {"event": "idle", **waits_message(waiting)})
    until = shop.clock.monotonic() + seconds
    while (left := until - shop.clock.monotonic()) > 0:
        # Cleared before the look: an order that comes between the two leaves it set, and the wait ends at once.
        shop.orders.wake.clear()
        if shop.orders.is_draining or shop.orders.take("resume"):
            return
        shop.orders.wake.wait(left)


def _reason(error: Exception) -> Reason:
    """Why a task has failed."""
    if isinstance(error, Rejected | Unanswered | WorkLost):
        return error.reason
    return Reason(Code.IO if isinstance(error, OSError) else Code.CRASHED, f"{type(error).__name__}: {error}")


def _fail(shop: Workshop, held: Held, error: Exception, *, log: Log, rejected: bool = False) -> str:
    reason = _reason(error)
    transition = partial(
        fail,
        task=held.task,
        fence=held.fence,
        now=shop.clock.now(),
        error=reason,
        max_attempts=shop.settings.workers.max_attempts,
        rejected=rejected,
    )
    shop.library.update(held.book, transition, durable=True)
    event: EventName = "step_failed" if held.task.chapter is None else "chapter_failed"
    if rejected:
        log.warning(event, reason=str(reason), code=str(reason.code))
    else:
        log.error(event, reason=str(reason), code=str(reason.code), exc_info=error)
    return "rejected" if rejected else "failed"

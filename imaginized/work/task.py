"""The life of a claimed task: from the claim to its end, well or badly, and what is written down of that."""

import os
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from imaginized.errors import (
    PAUSED_ADVICE,
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
from imaginized.process.beats import waits_message, work_message
from imaginized.process.channel import send
from imaginized.process.waiting import Waiting
from imaginized.queue.change import Change
from imaginized.queue.holding import hold
from imaginized.queue.manifest import Manifest, Stage, Task
from imaginized.queue.redoing import reopen_lost
from imaginized.queue.transitions import fail, release
from imaginized.reasons import Code, Reason
from imaginized.remote.runner import Here
from imaginized.stages.table import lost_before
from imaginized.store.library import NoSuchBook
from imaginized.store.records import RecordUnreadable
from imaginized.store.room import DISK_FULL
from imaginized.work.following import Following
from imaginized.work.progress_file import render_report
from imaginized.work.reach import PAUSED_SECONDS
from imaginized.work.stage_run import hold_for, run_stage
from imaginized.work.workshop import Held, Workshop, report

DISK_FULL_SECONDS = 5.0
SHOWN_LOST = 5
STEP_EVENTS: Mapping[str, EventName] = {
    "claimed": "step_claimed",
    "completed": "step_completed",
    "failed": "step_failed",
}
CHAPTER_EVENTS: Mapping[str, EventName] = {
    "claimed": "chapter_claimed", "completed": "chapter_completed", "failed": "chapter_failed",
}  # fmt: skip
PART_EVENTS: Mapping[str, EventName] = {
    "claimed": "part_claimed",
    "completed": "part_completed",
    "failed": "part_failed",
}


def perform(shop: Workshop, held: Held, *, following: Following | None = None) -> None:
    """Do a claimed task to its end, whatever that is; only a bug in this function itself ends the worker.

    Args:
        shop: The worker's.
        held: The claim.
        following: Takes the next task with a good end of this one.
    """
    log = shop.log.bind(book=held.book, chapter=held.task.chapter, stage=str(held.task.stage), fence=held.fence.attempt)
    if held.task.part is not None:
        log = log.bind(part=held.task.part)
    say = log.debug if held.is_probe else log.info  # a night of tries in vain is no news
    say(_event(held.task, "claimed"))
    report(shop, held, "claimed")
    began = _cpu_seconds()
    shop.orders.take("resume")  # one from before this task is no answer to a refusal in it
    try:
        outcome = _attempt(shop, held, log=log, following=following)
        if held.task.part is None:  # the report tells of chapters
            render_report(shop.library, held.book, log=shop.log)
    except (ClaimLost, NoSuchBook) as error:
        log.warning("claim_lost", reason=str(error))
        outcome = "lost"
    except (LibraryBusy, ManifestCorrupt, OSError) as error:
        # The claim stays as it is until this process looks for the next one, or ends.
        log.error("error_caught", reason=f"the claim cannot be given back yet: {error}")
        outcome = "lost"
    spent = {"cpu_seconds": round(_cpu_seconds() - began, 6), "is_away": not isinstance(shop.runner, Here)}
    send(shop.end, work_message("ended", held.work, outcome=outcome, **spent))


def _cpu_seconds() -> float:
    """What this process and the children that it has collected, such as readers of books, have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _attempt(shop: Workshop, held: Held, *, log: Log, following: Following | None) -> str:
    """Run and commit; a bad end is written down as its kind demands."""
    try:
        return _do(shop, held, log=log, following=following)
    except (Interrupted, Unconfined) as error:
        return _give_back(shop, held, log=log, reason=_why_not_now(shop, error))
    except Retryable as error:
        _give_back(shop, held, log=log, reason=str(error))
        _before_the_next(shop, held, error)
        return "released"
    except BookHeld as error:
        return _hold(shop, held, error, log=log)
    except Paused as error:
        log.warning("provider_paused", reason=str(error), code=str(Code.PROVIDER), advice=PAUSED_ADVICE)
        _give_back(shop, held, log=log, reason=str(error))
        shop.reach.look()
        if held.task.stage not in shop.reach.closed:  # else nobody claims it, and there may be other work
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
    except Exception as error:  # noqa: BLE001 - the boundary: one chapter fails, the worker goes on
        is_final = isinstance(error, Rejected) or (isinstance(error, Unanswered) and error.is_final)
        return _fail(shop, held, error, log=log, rejected=is_final)


def _do(shop: Workshop, held: Held, *, log: Log, following: Following | None) -> str:
    """Do the task, unless what it needs is gone."""
    files = shop.library.files(held.book)
    # Whoever has the chapter has looked before it listed its parts.
    if held.task.part is None and (lost := lost_before(held.task, manifest=held.manifest, files=files)):
        return _do_again(shop, held, lost, log=log)
    run_stage(shop, held, following=following)
    log.info(_event(held.task, "completed"))
    return "completed"


def _event(task: Task, kind: Literal["claimed", "completed", "failed"]) -> EventName:
    """What the log calls it."""
    if task.part is not None:
        return PART_EVENTS[kind]
    return STEP_EVENTS[kind] if task.chapter is None else CHAPTER_EVENTS[kind]


def _do_again(shop: Workshop, held: Held, lost: Sequence[Task], *, log: Log) -> str:
    """Have finished tasks done again whose files are gone; in vain where the original is gone or they stay away."""
    files, entry = shop.library.files(held.book), held.manifest.entry(held.task)
    text = f"what was made before is gone ({', '.join(map(str, lost[:SHOWN_LOST]))})"
    source = files.source(held.manifest.book_file)
    if any(task.stage is Stage.SPLIT for task in lost) and not source.exists():
        error = WorkLost(
            f"{text}, and so is the original", advice=f"put a copy at {source}, then `imaginizectl retry {held.book}`"
        )
        return _fail(shop, held, error, log=log)
    if entry is not None and entry.retry_count >= shop.settings.workers.max_attempts:
        return _fail(shop, held, WorkLost(text), log=log)
    reason = Reason(Code.FILES_LOST, text)
    transition = partial(reopen_lost, task=held.task, fence=held.fence, lost=lost, reason=reason)
    shop.library.update(held.book, transition, durable=True)
    log.warning("work_lost", reason=text)
    return "released"


def _why_not_now(shop: Workshop, error: Interrupted | Unconfined) -> str:
    """Why a task is given back that nothing is wrong with."""
    if isinstance(error, Unconfined):
        shop.reader.close()  # this process takes up other work; the supervisor tells people
        send(shop.end, {"event": "unconfined", "found": dict(error.found)})
        return f"the reader's sandbox is {error}"
    return "paused" if shop.pause.is_on else "told to stop"


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
        report(shop, held, "beat")
        shop.orders.wake.clear()
        shop.orders.wake.wait(DISK_FULL_SECONDS)
    say = log.debug if held.is_probe else log.info
    say("claim_released", reason=reason)
    return "released"


def _hold(shop: Workshop, held: Held, error: BookHeld, *, log: Log) -> str:
    """Give the claim back without cost and let the book wait, in one update."""

    def transition(manifest: Manifest) -> Change:
        freed = release(manifest, task=held.task, fence=held.fence)
        return freed.then(partial(hold, why=hold_for(shop, error)))

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


def _reason(error: Exception, *, book: str) -> Reason:
    """Why a task has failed."""
    if isinstance(error, RecordUnreadable) and error.path is not None:
        # Not made again unasked: a person may have changed it, and would lose that. The same again gives the same.
        remade = f"`rm {shlex.quote(str(error.path))}` and `imaginizectl retry {book}` have it made again"
        return Reason(Code.RECORD_UNREADABLE, str(error), f"repair it, or {remade}")
    if isinstance(error, Rejected | Unanswered | WorkLost):
        return error.reason
    return Reason(Code.IO if isinstance(error, OSError) else Code.CRASHED, f"{type(error).__name__}: {error}")


def _fail(shop: Workshop, held: Held, error: Exception, *, log: Log, rejected: bool = False) -> str:
    reason = _reason(error, book=held.book)
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
    event = _event(held.task, "failed")
    if rejected:
        log.warning(event, reason=str(reason), code=str(reason.code))
    else:
        log.error(event, reason=str(reason), code=str(reason.code), exc_info=error)
    return "rejected" if rejected else "failed"

"""What `status` and `workers` say of the processes: rows made from the pool."""

from imaginized.control.process_rows import Waits, WorkerRow
from imaginized.daemon.pool import Pool, Slot
from imaginized.process.slots import GATE
from imaginized.reasons import Code, Reason


def worker_rows(pool: Pool, *, now: float) -> list[WorkerRow]:
    """What each process that works on books does."""
    return [_slot(slot, now=now, is_broken=pool.is_broken(now)) for slot in pool.slots if slot.name != GATE]


def gate_trouble(pool: Pool, *, now: float) -> Reason | None:
    """Why nobody can pay or is let through just now; None while the gate runs, or is not started yet."""
    found = [slot for slot in pool.slots if slot.name == GATE]
    state = _slot(found[0], now=now, is_broken=pool.is_broken(now))["state"] if found else "stopped"
    if state == "stuck":
        return Reason(Code.HUNG, "the gate process (limits and spending) hangs; it is being replaced")
    if state == "waiting":
        text = f"the gate process (limits and spending) {found[0].ended}; calls to endpoints wait until it runs again"
        return Reason(Code.CRASHED, text)
    return None


def _slot(slot: Slot, *, now: float, is_broken: bool) -> WorkerRow:
    if slot.pid is None:
        is_waiting = slot.failures > 0 and (is_broken or now < slot.not_before)
        state = "waiting" if is_waiting else "stopped"
    elif slot.aborted_at is not None:
        state = "stuck"
    else:
        state = "working" if slot.work else "idle"
    work = slot.work
    return {
        "slot": slot.name,
        "pid": slot.pid,
        "state": state,
        "book": work.book if work else None,
        "stage": str(work.task.stage) if work else None,
        "chapter": work.task.chapter if work else None,
        "part": work.task.part if work else None,
        "since_seconds": round(now - slot.work_since, 1) if work else None,
        "waits": _waits(slot, now=now) if slot.pid else None,
        # with the breaker open, one of all is tried a minute
        "restart_in_seconds": round(slot.not_before - now, 1) if state == "waiting" and not is_broken else None,
        "ended": slot.ended if state == "waiting" else None,
        "code": {"waiting": str(Code.CRASHED), "stuck": str(Code.HUNG)}.get(state),
    }


def _waits(slot: Slot, *, now: float) -> Waits | None:
    if (waits := slot.waits) is None:
        return None
    return {
        "for": waits.what,
        "on": waits.on,
        "since_seconds": round(now - slot.waits_since, 1),
        "errors": waits.errors,
        "last_error": waits.last_error,
    }

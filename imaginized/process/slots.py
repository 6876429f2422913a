"""The names of the places in the pool: the intake's, the gate's, and one for each worker."""

INTAKE = "intake"
GATE = "gate"  # limiter and ledger; beside the pool of those who work on books
NOTIFIER = "notifier"  # not in the pool: however it ends, the workers go on
NO_WORKERS = frozenset((INTAKE, GATE))


def slot_names(max_concurrency: int) -> list[str]:
    """The slots of those who work on books, in a daemon with so many workers."""
    return [INTAKE, *(f"worker-{number}" for number in range(1, max_concurrency + 1))]


def all_slots(max_concurrency: int) -> list[str]:
    """Those and the gate's: every process that the supervisor keeps."""
    intake, *workers = slot_names(max_concurrency)
    return [intake, GATE, *workers]

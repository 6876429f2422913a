"""The names of the places in the pool: the intake's, the gate's, and one for each worker."""

from typing import Literal

INTAKE = "intake"
GATE = "gate"  # limiter and ledger; beside the pool of those who work on books
NOTIFIER = "notifier"  # not in the pool: however it ends, the workers go on
NO_WORKERS = frozenset((INTAKE, GATE))
AWAY = "host-"  # whose chapters are worked on by hosts

Kind = Literal["here", "text", "image"]


def slot_names(max_concurrency: int) -> list[str]:
    """The slots of those who work on books, in a daemon with so many workers."""
    return [INTAKE, *(f"worker-{number}" for number in range(1, max_concurrency + 1))]


def all_slots(max_concurrency: int, *, text: int = 0, image: int = 0) -> list[str]:
    """Those and the gate's, and those of chapters at hosts: every process that the supervisor keeps."""
    intake, *workers = slot_names(max_concurrency)
    away = [f"{AWAY}{kind}-{at}" for kind, most in (("text", text), ("image", image)) for at in range(1, most + 1)]
    return [intake, GATE, *workers, *away]


def kind_of(slot: str) -> Kind:
    """Where its work is done: here, or by hosts, and then what."""
    if not slot.startswith(AWAY):
        return "here"
    return "text" if slot.startswith(f"{AWAY}text") else "image"

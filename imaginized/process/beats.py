"""The messages a worker sends up: what it claimed, that it lives, how its task ended."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from imaginized.process.channel import Message
from imaginized.process.waiting import Waiting
from imaginized.queue.manifest import Stage, Task

LONGEST_URL = 500
LONGEST_ERROR = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a worker is at."""

    book: str
    task: Task


def work_message(event: str, work: Work, **values: object) -> dict[str, object]:
    """A message about a worker's task."""
    return {
        "event": event,
        "book": work.book,
        "stage": str(work.task.stage),
        "chapter": work.task.chapter,
        **({} if work.task.part is None else {"part": work.task.part}),
        **values,
    }


def waits_message(waiting: Waiting | None) -> dict[str, object]:
    """What a message says about what its sender waits for: nothing where it does not wait."""
    if waiting is None:
        return {}
    short = {"on": waiting.on[:LONGEST_URL], "last_error": waiting.last_error[:LONGEST_ERROR]}
    return {"waits": {**asdict(waiting), **short}}


def waits_of(message: Message) -> Waiting | None:
    """What the sender of a message waits for; None for nothing."""
    waits = message.get("waits")
    return Waiting(**waits) if isinstance(waits, Mapping) else None


def work_of(message: Message) -> Work:
    """The task a message is about.

    Raises:
        KeyError: It is about none.
        ValueError: It names no stage of ours.
    """
    chapter, part = message["chapter"], message.get("part")
    task = Task(
        stage=Stage(str(message["stage"])),
        chapter=chapter if isinstance(chapter, int) else None,
        part=part if isinstance(part, int) else None,
    )
    return Work(book=str(message["book"]), task=task)


def call_message(
    kind: str, *, model: str, outcome: str, tokens_in: int, tokens_out: int, images: int, seconds: float
) -> dict[str, object]:
    """A message about a call to an endpoint that has ended."""
    told = {"model": model[:LONGEST_ERROR], "outcome": outcome[:LONGEST_ERROR], "seconds": seconds}
    return {
        "event": "call",
        "kind": kind,
        **told,
        "tokens_in": tokens_in,
        "tokens_out": tokens_out,
        "images": images,
    }

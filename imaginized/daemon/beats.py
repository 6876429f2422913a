"""The messages a worker sends up: what it claimed, that it lives, how its task ended."""

from dataclasses import dataclass

from imaginized.book.manifest import Stage, Task
from imaginized.daemon.channel import Message


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
        **values,
    }


def work_of(message: Message) -> Work:
    """The task a message is about.

    Raises:
        KeyError: It is about none.
        ValueError: It names no stage of ours.
    """
    chapter = message["chapter"]
    return Work(
        book=str(message["book"]),
        task=Task(stage=Stage(str(message["stage"])), chapter=chapter if isinstance(chapter, int) else None),
    )

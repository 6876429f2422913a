"""What a stream tells: an event of a book, or that some are missing."""

from typing import Literal, TypedDict


class EventRow(TypedDict):
    """What happened to a book.

    Attributes:
        book: Its id.
        number: Of the event in the book's log, from 1, each one more than the one before.
        at: When.
        event: What, such as chapter_completed.
        chapter: Which; null for a step of the whole book or the book itself.
        stage: Of the chapter or step then; null for the book itself.
        attempt: Of the claim; null where no claim is meant.
        worker: The slot that holds or held the claim; "" where no claim is meant.
        reason: Why it failed or waits, for a person; "" where it did not.
        code: Of the reason, for programs; null where there is none.
        again: Whether it will be tried again without anyone's help.
        details: What else there is to say.
    """

    book: str
    number: int
    at: str
    event: str
    chapter: int | None
    stage: str | None
    attempt: int | None
    worker: str
    reason: str
    code: str | None
    again: bool
    details: dict[str, str | float | bool | None]


class LostRow(TypedDict):
    """Events of a book that cannot be told.

    Attributes:
        book: Its id; null for one that is known by the cursor only.
        why: lost: not in its log, or unreadable; removed: the book is gone; rewound: its log was replaced by another.
        first: Number of the first; null where that is not known.
        last: Number of the last; null where that is not known.
    """

    book: str | None
    why: Literal["lost", "removed", "rewound"]
    first: int | None
    last: int | None


class EventTold(EventRow):
    """An event in a stream.

    Attributes:
        cursor: The place behind it.
    """

    cursor: str


class Gap(TypedDict):
    """That events are missing in a stream.

    Attributes:
        lost: Which; at least one.
        cursor: The place behind them.
    """

    lost: list[LostRow]
    cursor: str

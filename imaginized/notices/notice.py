"""A message to a person: that a book is done, or that something needs him. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from imaginized.printable import cut, printable
from imaginized.settings.choices import NoticeEvent

SCHEMA = "imaginized.notice/1"
MOST_ITEMS = 50
LONGEST_TEXT = 1500
LONGEST_TITLE = 1000  # a receiver refuses what is too large, again and again

Event = NoticeEvent | Literal["digest"]

SUBJECTS: Mapping[str, str] = {
    "done": "done",
    "partial": "partial",
    "failed": "failed",
    "held": "waits for you",
    "paused": "work is paused",
    "budget": "budget",
    "disk": "the disk is full",
    "digest": "several messages",
}
NEEDS_PERSON = frozenset(("failed", "held", "paused", "disk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message.

    Attributes:
        id: The same whenever this very message is sent again, and of no other.
        event: What it is about.
        at: When that was, as an ISO moment.
        text: For a person: what happened.
        advice: What to do; "" for nothing.
        code: Of the reason, for programs; "" where there is none.
        book: Its id; "" where it is about no book.
        title: Of the book.
        is_test: Whether somebody only tries whether messages come.
        items: Of a digest, the messages in it, at most 50.
        count: How many there were.
    """

    id: str
    event: Event
    at: str
    text: str
    advice: str = ""
    code: str = ""
    book: str = ""
    title: str = ""
    is_test: bool = False
    items: tuple[Mapping[str, str], ...] = ()
    count: int = 1

    @property
    def subject(self) -> str:
        """A line above it."""
        about = cut(printable(self.title or self.book))
        what = f"{self.count} messages" if self.event == "digest" else SUBJECTS[self.event]
        test = "test: " if self.is_test else ""
        return f"imaginized: {test}{f'{about}: ' if about else ''}{what}"

    @property
    def words(self) -> str:
        """What a person reads below that."""
        lines = [f"{self.text}."] if self.text and not self.text.endswith(".") else [self.text]
        lines += [f"{item['text']}." for item in self.items]
        if self.count > len(self.items) > 0:
            lines.append(f"{self.count - len(self.items)} more: `imaginizectl status` shows how everything is.")
        advice = printable(f"{_capital(self.advice)}.") if self.advice else ""
        text = "\n".join(printable(line) for line in lines if line)
        # The advice stays, however long what happened is.
        return "\n".join(part for part in (cut(text, LONGEST_TEXT - len(advice) - 1), advice) if part)

    def body(self) -> bytes:
        """It as JSON."""
        told = {"schema": SCHEMA, **asdict(self), "subject": self.subject}
        return json.dumps({**told, "items": list(self.items)}, ensure_ascii=False).encode(errors="replace")


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def made_id(*parts: object) -> str:
    """The id of a message about this."""
    text = "\n".join(map(str, parts))
    return hashlib.blake2b(text.encode(errors="surrogateescape"), digest_size=8).hexdigest()


def digest_of(notices: Sequence[Notice]) -> Notice:
    """Many messages as one."""
    items: list[Mapping[str, str]] = []
    for one in notices[:MOST_ITEMS]:  # one of many is what is in it, not a line of its own
        row = {"id": one.id, "event": one.event, "at": one.at, "book": one.book, "title": one.title, "text": one.text}
        items += one.items or [row]
    count = sum(one.count for one in notices)
    return Notice(
        id=made_id("digest", *(one.id for one in notices)),
        event="digest",
        at=notices[-1].at,
        text=f"{count} things happened",
        items=tuple(items[:MOST_ITEMS]),
        count=count,
    )


def of_test(event: NoticeEvent, *, at: str, number: str) -> Notice:
    """A message that only shows whether messages come."""
    text = f'this is a test of "{event}"; nothing happened'
    return Notice(id=made_id("test", at, number), event=event, at=at, text=text, is_test=True)


def notice_from(row: Mapping[str, object]) -> Notice:
    """A message as it was kept.

    Raises:
        TypeError: It has not the fields of one.
    """
    items = row.get("items") or ()
    assert isinstance(items, list | tuple)
    return Notice(**{**row, "items": tuple(items)})  # type: ignore[arg-type]

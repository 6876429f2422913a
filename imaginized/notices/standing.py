"""What is the matter with the daemon as a whole, by its own word: pauses, the disk, budgets, rejected files. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from imaginized.control.standing import Standing
from imaginized.notices.notice import LONGEST_TITLE, Notice, made_id
from imaginized.notices.outbox import Record
from imaginized.printable import cut
from imaginized.reasons import Code
from imaginized.settings.choices import NoticeEvent

SHARE = 0.8
FORGOTTEN_SECONDS = 600.0  # what comes again sooner is the same as before: an endpoint that flaps tells once


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What an unfinished book has cost, and may cost while nobody has approved more."""

    book: str
    title: str
    usd: float
    cap_usd: float


def compared(record: Record, found: Standing, *, books: Sequence[Spent], now: datetime) -> tuple[Record, list[Notice]]:
    """What is new in how everything stands.

    Args:
        record: What was told before.
        found: What the daemon says.
        books: The unfinished ones.
        now: When.
    """
    moment, at = now.timestamp(), now.isoformat(timespec="seconds")
    stand = {**dict(_daemon(found, now=now)), **dict(_books(books, now=now))}
    recent = {key: seen for key, seen in record.standing.items() if 0 <= moment - seen < FORGOTTEN_SECONDS}
    news = [replace(notice, at=at) for key, notice in stand.items() if key not in recent]
    # Written once a minute for what stands: each look would be a write.
    stands = {key: recent[key] if moment - recent.get(key, 0.0) < 60.0 else moment for key in stand}
    count = found["rejected"] if found["rejected"] >= 0 else record.rejected
    if 0 <= record.rejected < count:
        news.append(_rejected(found, count - record.rejected, at=at))
    return replace(record, standing={**recent, **stands}, rejected=count), news


def _daemon(found: Standing, *, now: datetime) -> Iterator[tuple[str, Notice]]:
    at = now.isoformat(timespec="seconds")
    for row in found["pauses"]:
        event: NoticeEvent = "disk" if row["code"] == Code.DISK else "paused"
        key = f"{event}:{row['code']}"
        text, advice = f"no book is worked on: {row['text'] or 'paused'}", row["advice"]
        if event == "disk":
            text, advice = f"nothing is taken and nothing begun: {row['text']}", "make room; work resumes by itself"
        yield key, Notice(id=made_id(key, at), event=event, at=at, text=text, advice=advice, code=row["code"])
    if found["is_broken"]:
        text, advice = "the workers keep crashing; one is tried a minute", "the log says why; then `imaginizectl reset`"
        key, code = "paused:crash_loop", str(Code.CRASH_LOOP)
        yield key, Notice(id=made_id(key, at), event="paused", at=at, text=text, advice=advice, code=code)
    spent, cap = found["spent_today_usd"], found["max_usd_per_day"]
    if cap > 0 and spent >= SHARE * cap:
        key, code = f"budget:{now:%Y-%m-%d}", str(Code.DAY_BUDGET)
        text = f"{spent:.2f} of the {cap:.2f} USD of today are spent ({spent / cap:.0%})"
        yield key, Notice(id=made_id(key), event="budget", at=at, text=text, code=code)


def _books(books: Sequence[Spent], *, now: datetime) -> Iterator[tuple[str, Notice]]:
    at = now.isoformat(timespec="seconds")
    for one in books:
        share = one.usd / one.cap_usd if one.cap_usd > 0 else 0.0
        # Beyond the cap a person has approved it; what it may cost then is no news to him.
        if SHARE <= share <= 1.0:
            key, code = f"budget:{one.book}", str(Code.BOOK_BUDGET)
            text = f"{cut(one.title)}: {one.usd:.2f} of its {one.cap_usd:.2f} USD are spent ({share:.0%})"
            notice = Notice(id=made_id(key, at), event="budget", at=at, text=text, code=code)
            yield key, replace(notice, book=one.book, title=cut(one.title, LONGEST_TITLE))


def _rejected(found: Standing, more: int, *, at: str) -> Notice:
    others = "; 1 more file was rejected" if more == 2 else f"; {more - 1} more files were rejected" if more > 2 else ""
    return Notice(
        id=made_id("rejected", found["newest"], found["rejected"], at),
        event="failed",
        at=at,
        text=f"{found['newest']} was rejected: {found['reason']}{others}",
        advice=f"it is in {found['inbox']}/.failed; delete or fix it",
        code=found["code"],
    )

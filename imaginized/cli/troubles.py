"""What of a status holds work up, and what a person should look at, with what to do: pure text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

Row = Mapping[str, object]

UNWELL = ("partial", "failed", "held")
CANCELLED = "cancelled"  # so begins the reason of what a person ended
SHOWN_NAMES = 3


def rows(table: Row, key: str) -> list[Row]:
    """A list of objects in an answer."""
    return cast(list[Row], table[key])


def moment(text: object) -> str:
    """A moment of a report, for people."""
    return f"{datetime.fromisoformat(str(text)):%Y-%m-%d %H:%M:%S} UTC"


def ranges(numbers: Iterable[int]) -> str:
    """Chapters for people: "chapter 3", "chapters 1-4, 7"."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in found]
    is_one = len(found) == 1 and found[0][0] == found[0][1]
    return f"{'chapter' if is_one else 'chapters'} {', '.join(texts)}"


def hindrances(status: Row, *, journal: str) -> list[str]:
    """Why no book goes on just now, or all go on slowly; `journal` as below."""
    limits = cast(list[Row], status.get("limits") or [])
    return stops(status, journal=journal) + [_limit_line(row) for row in limits if row["waits_for"]]


def stops(status: Row, *, journal: str) -> list[str]:
    """Why nothing is begun just now.

    Args:
        status: The daemon's answer.
        journal: The command that shows the daemon's log.
    """
    lines = []
    if status["state"] == "draining":
        lines.append(
            "nothing new is begun; it stops when these steps are done. Another `imaginizectl drain` ends them at once"
        )
    if status["breaker"] == "open":
        lines.append(
            f"workers keep crashing; one is tried a minute. The log says why (`{journal} -p warning`); "
            "once that is mended, `imaginizectl reset` starts them all"
        )
    return lines + [f"PAUSED({cause}): {reason}" for cause, reason in _pauses(status).items()]


def inbox_lines(status: Row) -> list[str]:
    """How the inbox is, and what lies in it."""
    inbox = cast(Row, status["inbox"])
    if not inbox:
        return ["inbox: not looked at yet"]
    if inbox.get("degraded"):
        lines = [f"DEGRADED: {inbox['degraded']}; it goes on by itself once that is mended"]
    else:
        lines = _arrivals(inbox, is_full="disk" in _pauses(status)) + _ignored(inbox)
    return [f"inbox: {line}" for line in lines + _rejected(status) + _duplicates(status)]


def held_text(book: Row) -> str:
    """Why a book waits, and what lets it go on; "" for one that does not."""
    held = cast(Row | None, book.get("held"))
    if not held:
        return ""
    if held["until"]:
        now = "to go on now, raise max_usd_per_day in [budget] and `imaginizectl reload`"
        return f"held until {moment(held['until'])}: {held['reason']}; then it is tried again by itself; {now}"
    return f"held: {held['reason']}; `imaginizectl approve {book['book']}` lets it go on"


def attention(status: Row) -> list[str]:
    """What in a status a person should look at; empty when all is well."""
    found = stoppages(status)
    found += [f"{row['slot']} is stuck" for row in rows(status, "workers") if row["state"] == "stuck"]
    found += [trouble for row in rows(status, "books") for trouble in book_attention(row)]
    inbox = cast(Row, status["inbox"])
    found += [f"inbox: {inbox['degraded']}"] if inbox.get("degraded") else []
    found += [f"inbox: {line}" for line in _reasons(inbox, "blocked", "blocked") + _rejected(status)]
    return found + cast(list[str], status["problems"])


def stoppages(status: Row) -> list[str]:
    """What stops every book until a person, or room on the disk, comes."""
    found = [f"paused ({cause}): {reason}" for cause, reason in _pauses(status).items()]
    return found + (["the workers keep crashing"] if status["breaker"] == "open" else [])


def was_cancelled(book: Row) -> bool:
    """Whether a person ended a book."""
    return str(book["error"]).startswith(CANCELLED)


def book_attention(book: Row) -> list[str]:
    """What of one book a person should look at; one that was cancelled somebody has looked at."""
    if book["phase"] not in UNWELL or was_cancelled(book):
        return []
    why = book["error"] or (f"{ranges(cast(list[int], book['failed']))} failed" if book["failed"] else "")
    said = f"{book['phase']}: {why}" if why else str(book["phase"])
    return [f"{book['book']} is {held_text(book) or said}"]


def _pauses(status: Row) -> Row:
    return cast(Row, status.get("paused") or {})


def _limit_line(row: Row) -> str:
    """What an endpoint's workers wait for."""
    until = f", until {moment(row['until'])}" if row["until"] else ""
    return f"{row['endpoint']}: {row['in_flight']} in flight, {row['waiting']} waiting: {row['waits_for']}{until}"


def _arrivals(inbox: Row, *, is_full: bool) -> list[str]:
    lines = _names(inbox, "settling", "waiting for room on the disk" if is_full else "settling")
    lines += _names(inbox, "written", "still being written")
    lines += _reasons(inbox, "incomplete", "not complete yet")
    lines += _reasons(inbox, "blocked", "blocked")
    return lines + ([f"polled: {inbox['polling_reason']}"] if inbox.get("polling") else [])


def _names(inbox: Row, key: str, words: str) -> list[str]:
    """The arrivals in one state, in one line."""
    names = cast(list[str], inbox.get(key) or [])
    if not names:
        return []
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
    return [f"{shown} {'is' if len(names) == 1 else 'are'} {words}"]


def _reasons(inbox: Row, key: str, words: str) -> list[str]:
    """The arrivals in one state, each with why."""
    found = cast(list[Row], inbox.get(key) or [])
    more = len(found) - SHOWN_NAMES
    lines = [f"{row['name']} is {words}: {row['reason']}" for row in found[:SHOWN_NAMES]]
    return lines + ([f"{more} more are {words}; `imaginizectl status --json` names them"] if more > 0 else [])


def _ignored(inbox: Row) -> list[str]:
    """What stays where it is, in one line a cause."""
    found = cast(list[Row], inbox.get("ignored_for") or [])
    things = ["folder" if row["code"] == "deep" else "file" for row in found]
    return [
        f"{_counted(row, thing)} left alone ({row['reason']}){_examples(row)}"
        for row, thing in zip(found, things, strict=True)
    ]


def _duplicates(status: Row) -> list[str]:
    inbox, paths = cast(Row, status["inbox"]), cast(Row, status["paths"])
    row = cast(Row, inbox.get("duplicates") or {})
    if not row.get("count"):
        return []
    line = f"{_counted(row, 'duplicate')} in {paths['inbox']}/.duplicates, each beside a note that names the book"
    return [f"{line}{_examples(row)}"]


def _counted(row: Row, thing: str) -> str:
    return f"1 {thing} is" if row["count"] == 1 else f"{row['count']} {thing}s are"


def _examples(row: Row) -> str:
    """The first names of many, with how many more there are; "" where none fits."""
    names, count = cast(list[str], row["names"])[:SHOWN_NAMES], cast(int, row["count"])
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f": {', '.join(names)}{more}" if names else ""


def _rejected(status: Row) -> list[str]:
    """How many files lie in .failed, and why the newest does."""
    inbox, paths = cast(Row, status["inbox"]), cast(Row, status["paths"])
    rejected = cast(Row, inbox.get("rejected") or {})
    count = cast(int, rejected.get("count", 0))
    if not count:
        return []
    lie = "1 rejected file lies" if count == 1 else f"{count} rejected files lie"
    name, reason = str(rejected["name"]), str(rejected["reason"])
    newest = reason if reason.startswith(f"{name}: ") else f"{name}: {reason}"
    return [f"{lie} in {paths['inbox']}/.failed, with the reason beside it, until you take it away; newest: {newest}"]

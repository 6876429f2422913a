"""What of a status holds work up, and what a person should look at, with what to do: pure text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from imaginized.cli.reasons_text import is_cancelled
from imaginized.printable import flat

Row = Mapping[str, object]

UNWELL = ("partial", "failed", "held")
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
    status = flat(status)
    limits = cast(list[Row], status.get("limits") or [])
    return stops(status, journal=journal) + [_limit_line(row) for row in limits if row["waits_for"]]


def stops(status: Row, *, journal: str) -> list[str]:
    """Why nothing is begun just now.

    Args:
        status: The daemon's answer.
        journal: The command that shows the daemon's log.
    """
    status, lines = flat(status), []
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


def settings_lines(status: Row) -> list[str]:
    """Which settings are in force; where their file is another by now, that and what to do, then each error."""
    told = cast(Row, flat(status).get("settings") or {})
    if not told:
        return []
    if told["change"] == "in_force":
        return [f"settings: {told['file'] or 'no file, so every key has its default'}"]
    return [f"settings: {_settings_change(told)}", *_settings_errors(told)]


def _settings_change(told: Row) -> str:
    """What became of the settings file, and what to do."""
    file, next_file, errors = told["file"], told["reload_reads"], cast(list[str], told["errors"])
    old = f"the daemon still uses what it read at {moment(told['read_at'])}"
    if told["change"] == "deleted":
        other = f"or `imaginizectl reload` takes {next_file or 'the default of every key'}"
        return f"{file} is gone, {old}; write it again" + ("" if errors else f", {other}")
    if told["change"] == "broken":
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        return f"{next_file} has {count}, {old}; fix it, then `imaginizectl reload`"
    is_same = file == next_file
    what = f"{file} has changed" if is_same else f"{next_file or 'no file'} counts now instead of {file or 'no file'}"
    return f"{what}, {old}; " + ("run `imaginizectl reload`" if not errors else "restart the daemon")


def _settings_errors(told: Row) -> list[str]:
    errors = cast(list[str], told["errors"])
    more = [f"  and {len(errors) - SHOWN_NAMES} more"] if len(errors) > SHOWN_NAMES else []
    return [f"  {error}" for error in errors[:SHOWN_NAMES]] + more


def inbox_lines(status: Row) -> list[str]:
    """How the inbox is, and what lies in it."""
    inbox = cast(Row, flat(status)["inbox"])
    if not inbox:
        return ["inbox: not looked at yet"]
    lines = _arrivals(inbox, is_full="disk" in _pauses(status)) + _ignored(flat(inbox))
    if inbox.get("degraded"):  # first, not alone: what waits is still there, and may be what is to be mended
        lines.insert(0, f"DEGRADED: {inbox['degraded']}; it goes on by itself once that is mended")
    return [f"inbox: {line}" for line in lines + _rejected(flat(status)) + _duplicates(flat(status))]


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
    status = flat(status)
    found = stoppages(status)
    found += [line.strip() for line in settings_lines(status) if not _is_in_force(status)]
    found += [f"{row['slot']} is stuck" for row in rows(status, "workers") if row["state"] == "stuck"]
    found += [trouble for row in rows(status, "books") for trouble in book_attention(row)]
    inbox = cast(Row, status["inbox"])
    found += [f"inbox: {inbox['degraded']}"] if inbox.get("degraded") else []
    found += [f"inbox: {line}" for line in _reasons(inbox, "blocked", "blocked") + _rejected(status)]
    return found + cast(list[str], status["problems"])


def _is_in_force(status: Row) -> bool:
    return cast(Row, status.get("settings") or {}).get("change", "in_force") == "in_force"


def stoppages(status: Row) -> list[str]:
    """What stops every book until a person, or room on the disk, comes."""
    found = [f"paused ({cause}): {reason}" for cause, reason in _pauses(flat(status)).items()]
    return found + (["the workers keep crashing"] if status["breaker"] == "open" else [])


def book_attention(book: Row) -> list[str]:
    """What of one book a person should look at; one that was cancelled somebody has looked at."""
    book = flat(book)
    if book["phase"] not in UNWELL or is_cancelled(book):
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
    are = "1 rejected file is" if count == 1 else f"{count} rejected files are"
    them = "it" if count == 1 else "them"
    name, reason = str(rejected["name"]), str(rejected["reason"])
    newest = f"{name}: {reason}"
    return [f"{are} in {paths['inbox']}/.failed, each with its reason; delete or fix {them}; newest: {newest}"]

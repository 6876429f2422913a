"""What of a status holds work up, and what a person should look at, with what to do: pure text."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import cast

from imaginized.cli.reasons_text import CTL, code_of_end, is_cancelled, joined, pause_rows, why_paused
from imaginized.cli.shown_pages import unwell_elsewhere
from imaginized.printable import flat
from imaginized.queue.phases import UNWELL
from imaginized.reasons import Code, Reason

Row = Mapping[str, object]

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
    found = [one.text for one in stops(status, journal=journal)]
    return found + [_limit_line(row) for row in limits if row["waits_for"]]


def stops(status: Row, *, journal: str, ctl: str = CTL) -> list[Reason]:
    """Why nothing is begun just now: each with its code and its line.

    Args:
        status: The daemon's answer.
        journal: The command that shows the daemon's log.
        ctl: How a command for this daemon begins.
    """
    status, found = flat(status), []
    if status["state"] == "draining":
        line = f"nothing new is begun; it stops when these steps are done. Another `{ctl} drain` ends them at once"
        found.append(Reason(Code.DRAINING, line))
    if status["breaker"] == "open":
        line = f"workers keep crashing; one is tried a minute. The log says why (systemd: `{journal} -p warning`); "
        found.append(Reason(Code.CRASH_LOOP, f"{line}once this is fixed, `{ctl} reset` starts them all"))
    pauses = ((row, Code.read(row["code"])) for row in pause_rows(status))
    return found + [Reason(code, f"PAUSED({code}): {why_paused(row, ctl=ctl)}") for row, code in pauses]


def asked_lines(status: Row) -> list[str]:
    """Who is told of books: whose machine it is, where it is not one's own. An older daemon does not say."""
    told = {"text": "receives the chapters' text", "image": "receives the scene descriptions"}
    lines = []
    for row in cast(list[Row], flat(status).get("asks") or []):
        whose = "" if row["is_own"] else " (not your machine)"
        lines.append(f"{row['model']} at {row['endpoint']} {told.get(str(row['use']), 'is asked')}{whose}")
    return lines


def pacing_lines(status: Row) -> list[str]:
    """That a batch of paid is not in work all at once, and what to set; an older daemon does not say."""
    pacing = cast(Row, flat(status).get("pacing") or {})
    batch, at_once = (cast(int, pacing.get(name) or 0) for name in ("batch", "at_once"))
    if pacing.get("rate_limit") != "paid" or at_once >= batch:
        return []
    return [
        f"paid: batches of {batch} chapters, of which {at_once} are in work at once, because there are {at_once} "
        f"workers; set max_concurrency = {batch} under [workers], or leave it out"
    ]


def settings_lines(status: Row) -> list[str]:
    """Which settings are in force; where their file is another by now, that and what to do, then each error."""
    found = settings_found(status)
    return [] if found is None else [f"settings: {joined(found.text, found.advice)}", *settings_errors(status)]


def settings_found(status: Row) -> Reason | None:
    """Which settings are in force, and what to do where their file is another by now; None where that is not told."""
    told = cast(Row, flat(status).get("settings") or {})
    if not told:
        return None
    if told["change"] == "in_force":
        return Reason(Code.OK, str(told["file"] or "no file, so every key has its default"))
    file, next_file, errors = told["file"], told["reload_reads"], cast(list[str], told["errors"])
    old = f"the daemon still uses what it read at {moment(told['read_at'])}"
    if told["change"] == "deleted":
        other = f"or `imaginizectl reload` takes {next_file or 'the default of every key'}"
        return Reason(
            Code.SETTINGS_DELETED, f"{file} is gone, {old}", "write it again" + ("" if errors else f", {other}")
        )
    if told["change"] == "broken":
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        return Reason(Code.SETTINGS_WRONG, f"{next_file} has {count}, {old}", "fix it, then `imaginizectl reload`")
    is_same = file == next_file
    what = f"{file} has changed" if is_same else f"{next_file or 'no file'} counts now instead of {file or 'no file'}"
    advice = "run `imaginizectl reload`" if not errors else "restart the daemon"
    return Reason(Code.SETTINGS_CHANGED, f"{what}, {old}", advice)


def settings_errors(status: Row) -> list[str]:
    """The first of what a reload would find wrong, indented, and how many more there are."""
    errors = cast(list[str], cast(Row, flat(status)["settings"])["errors"] if settings_found(status) else [])
    more = [f"  and {len(errors) - SHOWN_NAMES} more"] if len(errors) > SHOWN_NAMES else []
    return [f"  {error}" for error in errors[:SHOWN_NAMES]] + more


def inbox_lines(status: Row) -> list[str]:
    """How the inbox is, and what lies in it."""
    inbox = cast(Row, flat(status)["inbox"])
    if not inbox:
        return ["inbox: not looked at yet"]
    lines = _arrivals(inbox, is_full=Code.DISK in [row["code"] for row in pause_rows(status)]) + _ignored(flat(inbox))
    if inbox.get("degraded"):  # first, not alone: what waits is still there, and may be what is to be mended
        lines.insert(0, f"DEGRADED: {inbox['degraded']}; it resumes automatically once this is fixed")
    lines += [one.text for one in _rejected(flat(status))] + _duplicates(flat(status))
    return [f"inbox: {line}" for line in lines]


def held_text(book: Row) -> str:
    """Why a book waits, and what lets it go on; "" for one that does not."""
    held = cast(Row | None, book.get("held"))
    if not held:
        return ""
    if is_elsewhere(book):
        return f"held: {held['reason']}"
    if held["until"]:
        now = "to continue now, raise max_usd_per_day in [budget] and `imaginizectl reload`"
        return f"held until {moment(held['until'])}: {held['reason']}; then it is retried automatically; {now}"
    return f"held: {held['reason']}; run `imaginizectl approve {book['book']}` to continue"


def is_elsewhere(book: Row) -> bool:
    """Whether another program made it: no command of ours changes it."""
    held = cast(Row | None, book.get("held"))
    return held is not None and Code.read(held.get("code")) is Code.ELSEWHERE


def attention(status: Row) -> list[str]:
    """What in a status a person should look at; empty when all is well."""
    return [one.text for one in findings(status)]


def findings(status: Row) -> list[Reason]:
    """The same, each with its code."""
    status = flat(status)
    inbox, settings = cast(Row, status["inbox"]), settings_found(status)
    found = stop_findings(status)
    if settings is not None and settings.code is not Code.OK:
        lines = [line.strip() for line in settings_lines(status)]
        found += [Reason(settings.code, line) for line in lines]
    stuck = (row["slot"] for row in rows(status, "workers") if row["state"] == "stuck")
    found += [Reason(Code.HUNG, f"{slot} is stuck") for slot in stuck]
    found += [one for row in rows(status, "books") for one in book_findings(row)]
    if more := unwell_elsewhere(status):
        line = f"{more} more books are partial, failed or held; `imaginizectl status --state unwell` lists them"
        found.append(Reason(Code.CHAPTERS_FAILED, line))
    if inbox.get("degraded"):
        found.append(Reason(Code.read(inbox.get("degraded_code")), f"inbox: {inbox['degraded']}"))
    found += [replace(one, text=f"inbox: {one.text}") for one in [*_blocked(inbox), *_rejected(status)]]
    return found + _problems(status)


def stoppages(status: Row) -> list[str]:
    """What stops every book until a person, or room on the disk, comes."""
    return [one.text for one in stop_findings(flat(status))]


def stop_findings(status: Row) -> list[Reason]:
    """The same, each with its code."""
    pauses = ((row, Code.read(row["code"])) for row in pause_rows(status))
    found = [Reason(code, f"paused ({code}): {why_paused(row)}") for row, code in pauses]
    return found + ([Reason(Code.CRASH_LOOP, "the workers keep crashing")] if status["breaker"] == "open" else [])


def book_attention(book: Row) -> list[str]:
    """What of one book a person should look at; one that was cancelled somebody has looked at."""
    return [one.text for one in book_findings(book)]


def book_findings(book: Row) -> list[Reason]:
    """The same, each with its code."""
    book = flat(book)
    if book["phase"] not in UNWELL or is_cancelled(book):
        return []
    why = book["error"] or (f"{ranges(cast(list[int], book['failed']))} failed" if book["failed"] else "")
    said = f"{book['phase']}: {why}" if why else str(book["phase"])
    return [Reason(code_of_end(book) or Code.UNKNOWN, f"{book['book']} is {held_text(book) or said}")]


def _problems(status: Row) -> list[Reason]:
    """What is wrong with the daemon itself; one of 0.1.0 names no codes."""
    told = cast(list[Row] | None, status.get("problem_reasons"))
    if told is None:
        return [Reason(Code.UNKNOWN, text) for text in cast(list[str], status["problems"])]
    return [Reason(Code.read(row["code"]), joined(row["text"], row["advice"])) for row in told]


def _limit_line(row: Row) -> str:
    """What an endpoint's workers wait for."""
    until = f", until {moment(row['until'])}" if row["until"] else ""
    return f"{row['endpoint']}: {row['in_flight']} in flight, {row['waiting']} waiting: {row['waits_for']}{until}"


def _arrivals(inbox: Row, *, is_full: bool) -> list[str]:
    lines = _names(inbox, "settling", "waiting for room on the disk" if is_full else "settling")
    lines += _names(inbox, "written", "still being written")
    lines += [one.text for one in _reasons(inbox, "incomplete", "not complete yet")]
    lines += [one.text for one in _blocked(inbox)]
    return lines + ([f"polled: {inbox['polling_reason']}"] if inbox.get("polling") else [])


def _names(inbox: Row, key: str, words: str) -> list[str]:
    """The arrivals in one state, in one line."""
    names = cast(list[str], inbox.get(key) or [])
    if not names:
        return []
    more = len(names) - SHOWN_NAMES
    shown = ", ".join(names[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")
    return [f"{shown} {'is' if len(names) == 1 else 'are'} {words}"]


def _blocked(inbox: Row) -> list[Reason]:
    return _reasons(inbox, "blocked", "blocked")


def _reasons(inbox: Row, key: str, words: str) -> list[Reason]:
    """The arrivals in one state, each with why."""
    found = cast(list[Row], inbox.get(key) or [])
    shown = [(Code.read(row.get("code")), f"{row['name']} is {words}: {row['reason']}") for row in found[:SHOWN_NAMES]]
    if (more := len(found) - SHOWN_NAMES) > 0:
        line = f"{more} more are {words}; `imaginizectl status --json` names them"
        shown.append((Code.read(found[SHOWN_NAMES].get("code")), line))
    return [Reason(code, line) for code, line in shown]


def _ignored(inbox: Row) -> list[str]:
    """What stays where it is, in one line a cause."""
    found = cast(list[Row], inbox.get("ignored_for") or [])
    things = ["folder" if row["code"] == Code.DEEP else "file" for row in found]
    return [
        f"{_counted(row, thing)} left alone ({row['reason']}){_examples(row)}"
        for row, thing in zip(found, things, strict=True)
    ]


def _duplicates(status: Row) -> list[str]:
    inbox, paths = cast(Row, status["inbox"]), cast(Row, status["paths"])
    row = cast(Row, inbox.get("duplicates") or {})
    if not row.get("count"):
        return []
    place = f"{_counted(row, 'file')} in {_beside(paths, '.duplicates')}"
    return [f"{place} (copies of books, zips taken apart), each beside a note{_examples(row)}"]


def _beside(paths: Row, folder: str) -> str:
    """A folder in the inbox; a front has none, and the names that follow begin with that of a home."""
    return f"{paths['inbox']}/{folder}" if paths["inbox"] else f"{folder} of a home"


def _counted(row: Row, thing: str) -> str:
    return f"1 {thing} is" if row["count"] == 1 else f"{row['count']} {thing}s are"


def _examples(row: Row) -> str:
    """The first names of many, with how many more there are; "" where none fits."""
    names, count = cast(list[str], row["names"])[:SHOWN_NAMES], cast(int, row["count"])
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f": {', '.join(names)}{more}" if names else ""


def _rejected(status: Row) -> list[Reason]:
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
    line = f"{are} in {_beside(paths, '.failed')}, each with its reason; delete or fix {them}; newest: {newest}"
    return [Reason(Code.read(rejected.get("code")), line)]

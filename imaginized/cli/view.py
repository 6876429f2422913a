"""What a person sees of a status: pure text, one line a thing."""

from collections.abc import Iterable, Mapping
from typing import cast

from imaginized.cli.reasons_text import why_book
from imaginized.cli.shown_pages import page_lines
from imaginized.cli.troubles import (
    Row,
    asked_lines,
    held_text,
    hindrances,
    inbox_lines,
    is_elsewhere,
    moment,
    pacing_lines,
    ranges,
    rows,
    settings_lines,
)
from imaginized.money.amounts import dollars
from imaginized.printable import cut, flat
from imaginized.reading.formats import WAYS, labels
from imaginized.reasons import Code

BAR_CELLS = 20
PART_WORDS = {"analyze": "pieces", "preview": "pictures", "illustrate": "pictures"}
EVENT_FRAME = ("number", "at", "event", "chapter", "details")
WAITS_FOR = {
    "turn": "its turn",
    "answer": "an answer",
    "pause": "a pause before the next try",
    "endpoint": "it cannot be reached",
    "parts": "the parts it is drawing or reading",
    "host": "none is free yet",
}


def status_lines(status: Row, *, journal: str) -> list[str]:
    """`imaginizectl status`.

    Args:
        status: The daemon's answer.
        journal: The command that shows the daemon's log.
    """
    status = flat(status)
    workers = [row for row in rows(status, "workers") if row["slot"] != "intake"]
    busy = sum(row["state"] == "working" for row in workers)
    lines = [f"imaginized {status['version']} is {status['state']}: {busy} of {len(workers)} workers busy"]
    lines += [_shard_line(row) for row in cast(list[Row], status.get("shards") or [])]
    lines += [f"  {_worker_line(row)}" for row in rows(status, "workers") if row["state"] != "idle" or row.get("waits")]
    troubles = [
        *_settings_lines(status),
        *asked_lines(status),
        *pacing_lines(status),
        *hindrances(status, journal=journal),
        *inbox_lines(status),
    ]
    lines += [f"  {line}" for line in troubles]
    if sandbox := cast(Row | None, status.get("sandbox")):
        lines.append(f"  sandbox of the reader: {sandbox['text']}")
    books = rows(status, "books")
    lines += [book_line(book) for book in books]
    lines += page_lines(status)
    lines += _budget_lines(cast(Row, status.get("budget") or {}))
    is_empty = not books and not status.get("counts")
    if is_empty and not cast(Row, status["inbox"]).get("waiting"):
        inbox = cast(Row, status["paths"])["inbox"] or "the inbox of a home"
        lines.append(f"no books yet; drop one ({labels('or')}) into {inbox}")
    lines += [f"problem: {problem}" for problem in cast(list[str], status["problems"])]
    return lines


def _settings_lines(status: Row) -> list[str]:
    """Of a front, only what is wrong with those of a home: each has its own."""
    settings = cast(Row, status.get("settings") or {})
    return [] if status.get("shards") and settings.get("change") == "in_force" else settings_lines(status)


def book_line(book: Row) -> str:
    """One book: bar, phase, chapters, id, and what is wrong."""
    book, share = flat(book), cast(float, book["progress"])
    filled = int(share * BAR_CELLS)
    bar = "█" * filled + "·" * (BAR_CELLS - filled)
    line = f"{bar} {share:4.0%} {book['phase']!s:<12} {_chapters(book):>14}  {_home(book)}{book['book']}"
    if book["failed"] and not is_elsewhere(book):
        numbers = ranges(cast(list[int], book["failed"]))
        more = cast("dict[str, int]", book["chapters"]).get("failed", 0) - len(cast(list[int], book["failed"]))
        numbers += f" and {more} more" if more > 0 else ""
        line += f"\n    failed: {numbers}; `imaginizectl status {book['book']}` says why, "
        line += f"`imaginizectl retry {book['book']}` tries again"
    if cancelled := cast(list[int], book.get("cancelled")):
        line += "" if book["phase"] == "cancelled" else f"\n    cancelled: {ranges(cancelled)}; "
        line += "" if book["phase"] == "cancelled" else f"`imaginizectl retry {book['book']}` takes them up again"
    if book["error"]:
        line += f"\n    {why_book(book) if book['phase'] == 'failed' else book['error']}"
    return line + _held_lines(book)


def spent_line(book: Row) -> str:
    """What was spent on a book, and what of that is not sure."""
    line = f"spent:  {dollars(cast(float, book['spent_usd']))} USD"
    if not book.get("maybe_usd"):
        return line
    most, usual = (dollars(cast(float, book[name])) for name in ("maybe_usd", "maybe_usual_usd"))
    return f"{line}; {most} of it is for calls that may not have been charged (they usually cost {usual})"


def detail_lines(book: Row, *, held_up_by: Iterable[str] = ()) -> list[str]:
    """`imaginizectl status BOOK`, with what holds it up together with all others."""
    book = flat(book)
    lines = [f"{cut(str(book['title']))} ({cut(str(book['original']))})", book_line(book)]
    lines += [f"    {line}" for line in held_up_by] + [f"folder: {book['folder']}"]
    if book["guide"]:
        lines.append(f"guide:  {book['guide']}")
    if book.get("spent_usd"):
        lines.append(spent_line(book))
    lines += [f"  {row['stage']!s:<12} {_state(row)}" for row in rows(book, "steps")]
    for row in rows(book, "chapter_list"):
        state = _state(row, stage=str(row["stage"]))
        lines.append(f"  {row['number']!s:>3}. {cut(str(row['title']), 44):<44} {row['words']!s:>6} words  {state}")
        if differs := cast(list[int], row.get("differs")):
            lines.append(_differing(differs, chapter=row["number"], book=str(book["book"])))
        lines += [f"       {source}" for source in _source(row)]
    lines += _skipped_lines(rows(book, "skipped"))
    if book["reader"]:
        lines.append(f"  read by {WAYS.get(str(book['reader']), book['reader'])}{_confined(book)}")
    if division := cast("Row | None", book.get("division")):
        lines.append(f"  divided by {division['way']} ({division['confidence']:.0%} sure): {division['reason']}")
    lines += [f"  odd: {warning}" for warning in cast(list[str], book["warnings"])]
    return lines + [f"  looks wrong: {row['text']}" for row in cast(list[Row], book.get("findings") or [])]


def worker_lines(answer: Row) -> list[str]:
    """`imaginizectl workers`."""
    found = rows(flat(answer), "workers")
    return [f"{_home(row)}{row['slot']!s:<10} {row['pid'] or '-'!s:>8}  {_worker_state(row)}" for row in found]


def claim_lines(answer: Row) -> list[str]:
    """`imaginizectl claims`."""
    lines = [
        f"{_home(row)}{row['book']} {_task(row)}: attempt {row['attempt']}, {row['owner']}, "
        f"since {moment(row['claimed_at'])}"
        for row in rows(flat(answer), "claims")
    ]
    return lines or ["no claims"]


def host_lines(answer: Row) -> list[str]:
    """`imaginizectl hosts`."""
    return _seen_lines(answer) + [str(line) for line in cast(list[str], flat(answer).get("away") or [])]


def _seen_lines(answer: Row) -> list[str]:
    if answer["engine"] == "none":
        return ['no hosts: hosts.engine is "none", so this machine does every chapter']
    if answer["problem"] and not answer["hosts"]:
        return [f"the broker cannot be used: {answer['problem']}"]
    if answer["looked_at"] is None:
        return ["no worker has looked for hosts yet; try again in a few seconds"]
    lines = [
        f"{_home(row)}{row['host']!s:<20} {', '.join(cast(list[str], row['takes'])):<12} "
        f"{row['busy']} of {row['slots']} busy  {row['version']}"
        + (f"  gets no work: {row['differs']}" if row["differs"] else "")
        + (f"  dropped {row['refused']} messages that were not sealed with our key" if row.get("refused") else "")
        for row in rows(flat(answer), "hosts")
    ]
    if answer.get("store_problem"):
        lines.append(f"pictures go through the Redis server: {answer['store_problem']} (hosts.blobs)")
    if strangers := answer.get("strangers"):
        lines.append(f"hosts with another key than ours: {strangers}; `imaginizectl doctor` says what to do")
    return lines or ["no host answers; start one with `imaginized host` (docs/many-hosts.md)"]


def event_line(event: Row) -> str:
    """One line of `logs BOOK`."""
    event = flat(event)
    told = {key: value for key, value in event.items() if key not in EVENT_FRAME and value is not None}
    told |= cast(Row, event.get("details") or {})
    chapter = "" if event.get("chapter") is None else f" chapter {event['chapter']}"
    again = "; it is tried again" if told.pop("again", False) else ""
    values = "".join(f" {key}={value}" for key, value in told.items()) + again
    return f"{event.get('at', '')}  {str(event.get('event', '')).replace('_', ' ')}{chapter}{values}"


def progress_line(book: Row) -> str:
    """One line of `watch` in a pipe."""
    return bare_line(book) + _held_lines(flat(book))


def bare_line(book: Row) -> str:
    """One line of `illustrate` in a pipe: what lets a held book go on there is told at its end."""
    book = flat(book)
    return f"{cut(str(book['title']))}: {book['phase']}, {cast(float, book['progress']):.0%}, {_chapters(book)}"


def _chapters(book: Row) -> str:
    counts = cast(Mapping[str, int], book["chapters"])
    if not counts["total"]:
        return "no chapters yet"
    return f"{counts.get('completed', 0)}/{counts['total']} chapters"


def _held_lines(book: Row) -> str:
    text = held_text(book)
    return f"\n    {text}" if text else ""


def _budget_lines(budget: Row) -> list[str]:
    """What was spent today, where anything was."""
    spent = cast(float, budget.get("spent_today_usd", 0.0))
    cap = cast(float, budget["max_usd_per_day"]) if spent else 0.0
    return [f"spent today: {dollars(spent)} of {dollars(cap)} USD"] if spent else []


def _worker_line(row: Row) -> str:
    return f"{_home(row)}{row['slot']}: {_worker_state(row)}"


def _home(row: Row) -> str:
    """Whose a row is, where a front answers."""
    return f"{row['shard']}: " if row.get("shard") else ""


def _shard_line(row: Row) -> str:
    if row["state"] == "away":
        return f"  home {row['shard']} is away: {row['reason']}"
    spent, most = (dollars(cast(float, row[key])) for key in ("spent_today_usd", "max_usd_per_day"))
    return f"  home {row['shard']} is {row['state']}: {row['books']} books; {spent} of {most} USD spent today"


def _task(row: Row) -> str:
    if row["chapter"] is None:
        return str(row["stage"])
    part = "" if row.get("part") is None else f", part {row['part']}"
    return f"{row['stage']} chapter {row['chapter']}{part}"


def _worker_state(row: Row) -> str:
    if row["state"] == "working":
        return f"{_task(row)} of {row['book']}, for {row['since_seconds']} s{_waits(row)}"
    if row["state"] == "stuck":
        at = f" at {_task(row)} of {row['book']}" if row["book"] else ""
        return f"stuck{at}: silent for too long, so it is being killed and what it was at is tried again"
    if row["state"] == "waiting":
        how = f" ({row['ended']})" if row.get("ended") else ""
        seconds = row["restart_in_seconds"]
        return f"crashed{how}, starts again " + ("when its turn comes" if seconds is None else f"in {seconds} s")
    return f"{row['state']}{_waits(row)}"


def _waits(row: Row) -> str:
    """What a worker waits for, on whom, since when, with how many errors."""
    waits = cast(Row | None, row.get("waits"))
    if not waits:
        return ""
    errors = cast(int, waits["errors"])
    last = f", the last: {waits['last_error']}" if waits["last_error"] else ""
    told = f", {errors} {'error' if errors == 1 else 'errors'}{last}" if errors else ""
    return f", waits for {waits['on']} ({WAITS_FOR[str(waits['for'])]}{told}) since {waits['since_seconds']} s"


def _skipped_lines(skipped: list[Row]) -> list[str]:
    """What is no chapter, one a line; of chapters that were not asked for only how many."""
    unasked = [row for row in skipped if row["code"] == Code.NOT_ASKED]
    lines = []
    for row in skipped:
        if row not in unasked:
            title = cut(str(row["title"]), 44)
            lines.append(f"  skipped: {title:<44} {row['words']!s:>6} words  {row['reason']}, {_file_name(row)}")
    if unasked:
        numbers = ranges(cast(int, row["number"]) for row in unasked)
        lines.append(f"  left out: {numbers}, not asked for; `imaginizectl add --force` takes others")
    return lines


def _differing(scenes: list[int], *, chapter: object, book: str) -> str:
    """Which pictures were drawn too early to show all that the book says."""
    many = f"scene {scenes[0]} was" if len(scenes) == 1 else f"scenes {', '.join(map(str, scenes))} were"
    why = f"{many} drawn before the whole book was read; the guide says what is new"
    return f"       {why}. `imaginizectl retry {book} --scene {chapter}.{scenes[0]}` draws one again"


def _state(row: Row, *, stage: str = "") -> str:
    status = str(row["status"]).replace("_", " ")
    if row["status"] in ("pending", "in_progress") and stage:
        status = f"{stage} {status}"
    if row["owner"]:
        status += f" by {row['owner']}"
    if parts := cast(Row | None, row.get("parts")):
        what = PART_WORDS.get(stage, "parts")
        status += f", {parts['done']} of {parts['of']} {what}, {', '.join(cast(list[str], parts['workers']))}"
    bad_ends = cast(int, row["retry_count"]) - (row["status"] == "in_progress")  # a claim under way is no bad end yet
    if bad_ends > 0:
        status += f" ({bad_ends} {'try' if bad_ends == 1 else 'tries'} ended badly)"
    return f"{status}: {row['error']}" if row["error"] else status


def _confined(book: Row) -> str:
    """What its reader was kept from."""
    sandbox = cast(Row | None, book.get("sandbox"))
    if not sandbox:
        return ""
    by: dict[str, list[str]] = {}
    for part, means in sandbox.items():
        by.setdefault(str(means), []).append(part)
    open_to = by.pop("", [])
    texts = [f"kept from {', '.join(parts)} by {means}" for means, parts in by.items()]
    texts += [f"not kept from {', '.join(open_to)}"] if open_to else []
    return f", {'; '.join(texts)}"


def _source(row: Row) -> list[str]:
    """Where a chapter came from, in a line; none before the book is split."""
    if not row["file"]:
        return []
    place = f"{_file_name(row)}#{row['fragment']}" if row["fragment"] else _file_name(row)
    more = cast(int, row["files"]) - 1
    return [f"page {row['page']}, from {place}" + (f" and {more} more" if more > 0 else "")]


def _file_name(row: Row) -> str:
    return str(row["file"]).rpartition("/")[2]

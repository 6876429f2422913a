"""What a person sees of a status: pure text, one line a thing."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

Row = Mapping[str, object]

BAR_CELLS = 20
UNWELL = ("partial", "failed", "held")
EVENT_FRAME = ("number", "at", "event", "chapter", "details")
READERS = {"ebooklib": "EbookLib", "recovery": "the recovery reader", "pdf": "PDFium"}


def status_lines(status: Row) -> list[str]:
    """`imaginizectl status`."""
    workers = [row for row in rows(status, "workers") if row["slot"] != "intake"]
    busy = sum(row["state"] == "working" for row in workers)
    lines = [f"imaginized {status['version']} is {status['state']}: {busy} of {len(workers)} workers busy"]
    lines += [f"  {_worker_line(row)}" for row in rows(status, "workers") if row["state"] != "idle"]
    if status["breaker"] == "open":
        lines.append(
            "  workers keep crashing; one is tried a minute. The log says why (`journalctl -u imaginized -p warning`); "
            "once that is mended, `imaginizectl reset` starts them all"
        )
    lines += [f"  PAUSED({cause}): {reason}" for cause, reason in cast(Row, status.get("paused") or {}).items()]
    lines += [f"  {_limit_line(row)}" for row in cast(list[Row], status.get("limits") or []) if row["waits_for"]]
    lines += _inbox_lines(cast(Row, status["inbox"]))
    books = rows(status, "books")
    lines += [book_line(book) for book in books]
    lines += _budget_lines(cast(Row, status.get("budget") or {}))
    if not books:
        lines.append(f"no books yet; drop an EPUB into {cast(Row, status['paths'])['inbox']}")
    lines += [f"problem: {problem}" for problem in cast(list[str], status["problems"])]
    return lines


def book_line(book: Row) -> str:
    """One book: bar, phase, chapters, id, and what is wrong."""
    share = cast(float, book["progress"])
    filled = int(share * BAR_CELLS)
    bar = "█" * filled + "·" * (BAR_CELLS - filled)
    line = f"{bar} {share:4.0%} {book['phase']!s:<12} {_chapters(book):>14}  {book['book']}"
    if book["failed"]:
        numbers = ", ".join(str(number) for number in cast(list[int], book["failed"]))
        line += f"\n    failed: chapter {numbers}; `imaginizectl status {book['book']}` says why, "
        line += f"`imaginizectl retry {book['book']}` tries again"
    if book["error"]:
        line += f"\n    {book['error']}"
    return line + _held_lines(book)


def held_text(book: Row) -> str:
    """Why a book waits, and what lets it go on; "" for one that does not."""
    held = cast(Row | None, book.get("held"))
    if not held:
        return ""
    if held["until"]:
        return f"held until {_moment(held['until'])}: {held['reason']}; then it goes on by itself"
    return f"held: {held['reason']}; `imaginizectl approve {book['book']}` lets it go on"


def _moment(text: object) -> str:
    """A moment of a report, for people."""
    return f"{datetime.fromisoformat(str(text)):%Y-%m-%d %H:%M:%S} UTC"


def _limit_line(row: Row) -> str:
    """What an endpoint's workers wait for."""
    until = f", until {_moment(row['until'])}" if row["until"] else ""
    return f"{row['endpoint']}: {row['in_flight']} in flight, {row['waiting']} waiting: {row['waits_for']}{until}"


def detail_lines(book: Row) -> list[str]:
    """`imaginizectl status BOOK`."""
    lines = [f"{book['title']} ({book['original']})", book_line(book), f"folder: {book['folder']}"]
    if book["guide"]:
        lines.append(f"guide:  {book['guide']}")
    if book.get("spent_usd"):
        lines.append(f"spent:  {cast(float, book['spent_usd']):.4f} USD")
    lines += [f"  {row['stage']!s:<12} {_state(row)}" for row in rows(book, "steps")]
    for row in rows(book, "chapter_list"):
        state = _state(row, stage=str(row["stage"]))
        lines.append(f"  {row['number']!s:>3}. {_cut(str(row['title']), 44):<44} {row['words']!s:>6} words  {state}")
        lines += [f"       {source}" for source in _source(row)]
    for row in rows(book, "skipped"):
        title = _cut(str(row["title"]), 44)
        lines.append(f"  skipped: {title:<44} {row['words']!s:>6} words  {row['reason']}, {_file_name(row)}")
    if book["reader"]:
        lines.append(f"  read by {READERS.get(str(book['reader']), book['reader'])}")
    return lines + [f"  odd: {warning}" for warning in cast(list[str], book["warnings"])]


def attention(status: Row) -> list[str]:
    """What in a status a person should look at; empty when all is well."""
    found = [f"paused ({cause}): {reason}" for cause, reason in cast(Row, status.get("paused") or {}).items()]
    if status["breaker"] == "open":
        found.append("the workers keep crashing")
    found += [f"{row['slot']} is stuck" for row in rows(status, "workers") if row["state"] == "stuck"]
    found += [f"{row['book']} is {row['phase']}" for row in rows(status, "books") if row["phase"] in UNWELL]
    inbox = cast(Row, status["inbox"])
    found += [f"inbox: {inbox['degraded']}"] if inbox.get("degraded") else []
    return found + cast(list[str], status["problems"])


def book_attention(book: Row) -> list[str]:
    """What of one book a person should look at."""
    return [f"{book['book']} is {book['phase']}"] if book["phase"] in UNWELL else []


def worker_lines(answer: Row) -> list[str]:
    """`imaginizectl workers`."""
    return [f"{row['slot']!s:<10} {row['pid'] or '-'!s:>8}  {_worker_state(row)}" for row in rows(answer, "workers")]


def claim_lines(answer: Row) -> list[str]:
    """`imaginizectl claims`."""
    lines = [
        f"{row['book']} {_task(row)}: attempt {row['attempt']}, {row['owner']}, since {row['claimed_at']}"
        for row in rows(answer, "claims")
    ]
    return lines or ["nobody works on anything"]


def event_line(event: Row) -> str:
    """One line of `logs BOOK`."""
    told = {key: value for key, value in event.items() if key not in EVENT_FRAME and value is not None}
    told |= cast(Row, event.get("details") or {})
    chapter = "" if event.get("chapter") is None else f" chapter {event['chapter']}"
    values = "".join(f" {key}={value}" for key, value in told.items())
    return f"{event.get('at', '')}  {str(event.get('event', '')).replace('_', ' ')}{chapter}{values}"


def progress_line(book: Row) -> str:
    """One line of `watch` in a pipe."""
    line = f"{book['title']}: {book['phase']}, {cast(float, book['progress']):.0%}, {_chapters(book)}"
    return line + _held_lines(book)


def rows(table: Row, key: str) -> list[Row]:
    """A list of objects in an answer."""
    return cast(list[Row], table[key])


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
    return [f"spent today: {spent:.4f} of {budget['max_usd_per_day']} USD"] if spent else []


def _worker_line(row: Row) -> str:
    return f"{row['slot']}: {_worker_state(row)}"


def _task(row: Row) -> str:
    return str(row["stage"]) if row["chapter"] is None else f"{row['stage']} chapter {row['chapter']}"


def _worker_state(row: Row) -> str:
    if row["state"] == "working":
        return f"{_task(row)} of {row['book']}, for {row['since_seconds']} s"
    if row["state"] == "waiting":
        return f"crashed, starts again in {row['restart_in_seconds']} s"
    return str(row["state"])


def _inbox_lines(inbox: Row) -> list[str]:
    lines = []
    for key, words in (("settling", "settling"), ("incomplete", "not complete yet")):
        names = cast(list[str], inbox.get(key) or [])
        lines += [f"  inbox: {name} is {words}" for name in names]
    if inbox.get("degraded"):
        lines.append(f"  inbox: DEGRADED: {inbox['degraded']}")
    return lines


def _state(row: Row, *, stage: str = "") -> str:
    status = str(row["status"]).replace("_", " ")
    if row["status"] in ("pending", "in_progress") and stage:
        status = f"{stage} {status}"
    if row["owner"]:
        status += f" by {row['owner']}"
    bad_ends = cast(int, row["retry_count"]) - (row["status"] == "in_progress")  # a claim under way is no bad end yet
    if bad_ends > 0:
        status += f" ({bad_ends} {'try' if bad_ends == 1 else 'tries'} ended badly)"
    return f"{status}: {row['error']}" if row["error"] else status


def _source(row: Row) -> list[str]:
    """Where a chapter came from, in a line; none before the book is split."""
    if not row["file"]:
        return []
    place = f"{_file_name(row)}#{row['fragment']}" if row["fragment"] else _file_name(row)
    more = cast(int, row["files"]) - 1
    return [f"page {row['page']}, from {place}" + (f" and {more} more" if more > 0 else "")]


def _file_name(row: Row) -> str:
    return str(row["file"]).rpartition("/")[2]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"

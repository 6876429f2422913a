"""What a person sees of a status: pure text, one line a thing."""

from collections.abc import Mapping
from typing import cast

Row = Mapping[str, object]

BAR_CELLS = 20


def status_lines(status: Row) -> list[str]:
    """`imaginizectl status`."""
    workers = [row for row in rows(status, "workers") if row["slot"] != "intake"]
    busy = sum(row["state"] == "working" for row in workers)
    lines = [f"imaginized {status['version']} is {status['state']}: {busy} of {len(workers)} workers busy"]
    lines += [f"  {_worker_line(row)}" for row in rows(status, "workers") if row["state"] != "idle"]
    if status["breaker"] == "open":
        lines.append("  workers keep crashing: one try a minute; see the log for the reason")
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
        line += f"\n    failed: chapter {numbers}; `imaginizectl status {book['book']}` says why, `retry` tries again"
    if book["error"]:
        line += f"\n    {book['error']}"
    return line + _held_lines(book)


def held_text(book: Row) -> str:
    """Why a book waits, and what lets it go on; "" for one that does not."""
    held = cast(Row | None, book.get("held"))
    if not held:
        return ""
    if held["until"]:
        return f"held until {held['until']}: {held['reason']}"
    return f"held: {held['reason']}; `imaginizectl approve {book['book']}` lets it go on"


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
    return lines


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
    if row["state"] == "working":
        task = row["stage"] if row["chapter"] is None else f"{row['stage']} chapter {row['chapter']}"
        return f"{row['slot']}: {task} of {row['book']}, for {row['since_seconds']} s"
    if row["state"] == "waiting":
        return f"{row['slot']}: crashed, starts again in {row['restart_in_seconds']} s"
    return f"{row['slot']}: {row['state']}"


def _inbox_lines(inbox: Row) -> list[str]:
    lines = []
    for key, words in (("settling", "settling"), ("incomplete", "not complete yet")):
        names = cast(list[str], inbox.get(key) or [])
        lines += [f"  inbox: {name} is {words}" for name in names]
    if inbox.get("degraded"):
        lines.append(f"  inbox: {inbox['degraded']}")
    return lines


def _state(row: Row, *, stage: str = "") -> str:
    status = str(row["status"]).replace("_", " ")
    if row["status"] in ("pending", "in_progress") and stage:
        status = f"{stage} {status}"
    if row["owner"]:
        status += f" by {row['owner']}"
    bad_ends = cast(int, row["retry_count"]) - (row["status"] == "in_progress")  # a claim under way is no bad end yet
    if bad_ends > 0:
        status += f" ({bad_ends} tries ended badly)"
    return f"{status}: {row['error']}" if row["error"] else status


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"

"""What a monitoring system asks of the daemon, in Prometheus' text format. Pure.

Reference: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from imaginized.control.answers import Status

KIND = "text/plain; version=0.0.4; charset=utf-8"

_Rows = Iterable[tuple[Mapping[str, str], float]]


def metrics_text(status: Status | None, *, disk_free_bytes: int | None, tabs: int) -> str:
    """All metrics; without a status that the daemon does not answer, and what the page itself knows."""
    lines = list(_lines(status, disk_free_bytes=disk_free_bytes, tabs=tabs))
    return "".join(f"{line}\n" for line in lines)


def _lines(status: Status | None, *, disk_free_bytes: int | None, tabs: int) -> Iterator[str]:
    yield from _metric("up", "gauge", "Whether the daemon answers.", [({}, float(status is not None))])
    yield from _metric("web_streams", "gauge", "Open pages that are told what changes.", [({}, tabs)])
    if disk_free_bytes is not None:
        yield from _metric("disk_free_bytes", "gauge", "Room where the library is.", [({}, disk_free_bytes)])
    if status is None:
        return
    books, workers = status["books"], status["workers"]
    yield from _metric("info", "gauge", "The daemon's version.", [({"version": status["version"]}, 1)])
    yield from _metric("books", "gauge", "Books by phase.", _counted("phase", Counter(row["phase"] for row in books)))
    chapters: Counter[str] = Counter()
    for row in books:
        chapters.update({key: int(str(number)) for key, number in row["chapters"].items() if key != "total"})
    yield from _metric("chapters", "gauge", "Chapters by status.", _counted("status", chapters))
    states = Counter(row["state"] for row in workers if row["slot"] != "intake")
    yield from _metric("workers", "gauge", "Worker processes by state.", _counted("state", states))
    waiting = status["inbox"].get("waiting", 0)
    yield from _metric("inbox_files", "gauge", "Files that wait in the inbox.", [({}, waiting)])
    paused = [({"cause": cause}, 1.0) for cause in sorted(status["paused"])]
    yield from _metric("paused", "gauge", "What holds all work up.", paused)
    spent = sum(row["spent_usd"] for row in books)
    yield from _metric("cost_usd", "gauge", "What all books have cost.", [({}, spent)])
    maybe = sum(row["maybe_usd"] for row in books)
    yield from _metric("cost_maybe_usd", "gauge", "The part that may not have been charged.", [({}, maybe)])
    budget = status["budget"]
    yield from _metric("cost_today_usd", "gauge", "Since midnight UTC.", [({}, budget["spent_today_usd"])])
    yield from _metric("cost_today_limit_usd", "gauge", "The day's cap.", [({}, budget["max_usd_per_day"])])
    limits = status["limits"]
    flight = [({"endpoint": row["endpoint"]}, float(row["in_flight"])) for row in limits]
    yield from _metric("requests_in_flight", "gauge", "Requests under way.", flight)
    today = [({"endpoint": row["endpoint"]}, float(row["requests_today"])) for row in limits]
    yield from _metric("requests_today", "gauge", "Requests since midnight UTC.", today)
    away = [({"endpoint": row["endpoint"]}, float(row["unreachable"] is None)) for row in limits]
    yield from _metric("endpoint_reachable", "gauge", "Whether somebody reaches it.", away)


def _counted(label: str, counts: Counter[str]) -> _Rows:
    return [({label: key}, float(number)) for key, number in sorted(counts.items())]


def _metric(name: str, kind: str, meaning: str, rows: _Rows) -> Iterator[str]:
    yield f"# HELP imaginized_{name} {meaning}"
    yield f"# TYPE imaginized_{name} {kind}"
    for labels, value in rows:
        told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"imaginized_{name}{{{told}}} {value:.17g}" if told else f"imaginized_{name} {value:.17g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

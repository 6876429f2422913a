"""What a monitoring system asks of the daemon, in Prometheus' text format. Pure.

Reference: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from imaginized.control.answers import Metrics, Status
from imaginized.process.slots import NO_WORKERS

KIND = "text/plain; version=0.0.4; charset=utf-8"

_Rows = Iterable[tuple[Mapping[str, str], float]]


def metrics_text(
    status: Status | None,
    metrics: Metrics | None = None,
    *,
    disk_free_bytes: int | None = None,
    tabs: int | None = None,
) -> str:
    """All metrics.

    Args:
        status: Of the daemon; None where it does not answer.
        metrics: Its own figures; None where it does not answer, or is too old to have any.
        disk_free_bytes: Where the library is, as whoever writes this sees it; None where the daemon says it.
        tabs: Open pages; None where nobody serves any.
    """
    lines = list(_lines(status, metrics, disk_free_bytes=disk_free_bytes, tabs=tabs))
    return "".join(f"{line}\n" for line in lines)


def _lines(
    status: Status | None, metrics: Metrics | None, *, disk_free_bytes: int | None, tabs: int | None
) -> Iterator[str]:
    yield from _metric("up", "gauge", "Whether the daemon answers.", [({}, float(status is not None))])
    if tabs is not None:
        yield from _metric("web_streams", "gauge", "Open pages that are told what changes.", [({}, tabs)])
    if disk_free_bytes is not None:
        yield from _metric("disk_free_bytes", "gauge", "Room where the library is.", [({}, disk_free_bytes)])
    if status is not None:
        yield from _of_status(status)
    for family in metrics["families"] if metrics is not None else ():
        if family["name"] != "imaginized_disk_free_bytes" or disk_free_bytes is None:
            yield f"# HELP {family['name']} {family['meaning']}"
            yield f"# TYPE {family['name']} {family['kind']}"
            for sample in family["samples"]:
                yield _sample(f"{family['name']}{sample['suffix']}", sample["labels"], sample["value"])


def _of_status(status: Status) -> Iterator[str]:
    workers = status["workers"]
    yield from _metric("info", "gauge", "The daemon's version.", [({"version": status["version"]}, 1)])
    counts = Counter(status["counts"])
    yield from _metric("books", "gauge", "Books by phase.", _counted("phase", counts))
    states = Counter(row["state"] for row in workers if row["slot"] not in NO_WORKERS)
    yield from _metric("workers", "gauge", "Worker processes by state.", _counted("state", states))
    waiting = status["inbox"].get("waiting", 0)
    yield from _metric("inbox_files", "gauge", "Files that wait in the inbox.", [({}, waiting)])
    paused = [({"cause": cause}, 1.0) for cause in sorted(status["paused"])]
    yield from _metric("paused", "gauge", "What holds all work up.", paused)
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
        yield _sample(f"imaginized_{name}", labels, value)


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{told}}} {value:.17g}" if told else f"{name} {value:.17g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

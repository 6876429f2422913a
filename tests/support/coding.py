"""Looks through answers for something that failed, waits or is wrong and has no code of the closed list."""

from collections.abc import Iterator, Mapping
from typing import cast

from imaginized.reasons import Code

CODES = frozenset(map(str, Code))
Row = Mapping[str, object]


def uncoded(value: object, *, where: str = "") -> Iterator[str]:
    """Where a code is missing in an answer, or is none of ours."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield from uncoded(inner, where=f"{where}[{number}]")
    if isinstance(value, Mapping):
        yield from (f"{where}.{lack}" for lack in _lacks(value))
        for key, inner in value.items():
            if key not in ("skipped", "sandbox", "division"):  # what is no chapter has not failed
                yield from uncoded(inner, where=f"{where}.{key}")


def _lacks(row: Row) -> Iterator[str]:
    """What of one row has no code."""
    if "code" in row and row["code"] is not None and row["code"] not in CODES:
        yield f"code {row['code']}"
    is_well = row.get("verdict", "refused") != "refused"  # of `explain`: most of what it says is no complaint
    if isinstance(row.get("reason"), str) and row["reason"] and row.get("code") not in CODES and not is_well:
        yield "reason"
    if row.get("error") and not isinstance(row.get("reason"), Mapping):
        yield "error"
    if row.get("degraded") and row.get("degraded_code") not in CODES:
        yield "degraded"
    if row.get("status") in ("failed", "cancelled") and not row.get("reason"):
        yield "status"
    if row.get("state") in ("stuck", "waiting") and "slot" in row and row.get("code") not in CODES:
        yield "state"
    if "in_flight" in row and (row["paused"] or row["unreachable"]) and row["code"] not in CODES:
        yield "limit"
    yield from _lacking_beside(row)


def _lacking_beside(row: Row) -> Iterator[str]:
    """What has its codes in a field of its own."""
    if "failed_for" in row:
        counts = cast(Mapping[str, int], row["failed_for"])
        if sum(counts.values()) != len(cast(list[int], row["failed"])) or not counts.keys() <= CODES:
            yield "failed"
    if "pauses" in row and {pause["code"] for pause in cast(list[Row], row["pauses"])} != set(cast(Row, row["paused"])):
        yield "paused"
    if "problems" in row and len(cast(list[str], row["problems"])) != len(cast(list[Row], row["problem_reasons"])):
        yield "problems"
    if "finding" in row and (row["state"] == "ok") != (row["code"] == Code.OK):
        yield "finding"

"""Of which page of books a status is, and what is on the others: pure text."""

from collections.abc import Mapping
from typing import cast

from imaginized.control.paging import pages_of
from imaginized.queue.phases import UNWELL

Row = Mapping[str, object]


def page_lines(status: Row) -> list[str]:
    """How many books there are in all, and how to see the others; nothing where all are shown."""
    page = cast(Row, status.get("page") or {})
    lines = []
    if not page.get("is_whole", True):
        lines.append("the library is still being counted; books may be missing here")
    if pages_of(status) == 1:
        return lines
    counts = cast("dict[str, int]", status["counts"])
    told = ", ".join(f"{count} {phase}" for phase, count in sorted(counts.items(), key=lambda each: -each[1]))
    state = "" if page["state"] == "all" else f" --state {page['state']}"
    lines.append(f"page {page['number']} of {page['pages']}, {page['books']} books; the library has {told}")
    number = cast(int, page["number"])
    if number < cast(int, page["pages"]):
        lines.append(f"`imaginizectl status{state} --page {number + 1}` shows the next page, --all shows every one")
    return lines


def unwell_elsewhere(status: Row) -> int:
    """How many books a person should look at that are on other pages."""
    if pages_of(status) == 1:
        return 0
    counts = cast("dict[str, int]", status["counts"])
    shown = sum(row["phase"] in UNWELL for row in cast("list[Row]", status["books"]))
    return max(sum(counts.get(phase, 0) for phase in UNWELL) - shown, 0)

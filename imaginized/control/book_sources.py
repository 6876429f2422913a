"""Where a book's chapters came from, as the split stage noted it, for `status BOOK`: one small file, on request."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from imaginized.control.division_rows import DivisionRow, FindingRow
from imaginized.control.rows import KeptFrom, SkippedRow, SourceRow
from imaginized.reasons import Code

MAX_RECORD_BYTES = 4 << 20
MAX_LISTED = 200
MAX_WAYS = 10
MAX_TEXT = 200

Row = Mapping[str, object]
UNKNOWN: SourceRow = {"file": None, "fragment": None, "files": 0, "page": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What `data/book.json` says of the original; empty before the split.

    Attributes:
        reader: Which way the file was read ("ebooklib", "recovery", "pdf" …).
        chapters: Story chapter → its first file in the book, the identifier there, how many files, its first page.
        skipped: What is no story chapter, and why; at most MAX_LISTED.
        warnings: What was odd about the file.
        findings: What looks wrong with its text.
        sandbox: What its reader was kept from, by what; None where the record does not say.
        division: How it was divided into chapters; None where the record does not say.
    """

    reader: str | None = None
    chapters: Mapping[int, SourceRow] = field(default_factory=dict)
    skipped: Sequence[SkippedRow] = ()
    warnings: Sequence[str] = ()
    findings: Sequence[FindingRow] = ()
    sandbox: KeptFrom | None = None
    division: DivisionRow | None = None


def read_origin(path: Path) -> Origin:
    """Read a book's `data/book.json`.

    It is plain JSON to this process, which loads no library that a stranger's book has to do with. A file that is
    missing, damaged or too large to be read between two beats tells nothing.
    """
    try:
        # Parsed in the supervisor's only thread, in which nobody else is answered meanwhile.
        if path.stat().st_size > MAX_RECORD_BYTES:
            return Origin()
        return _translate(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return Origin()


def _translate(record: Mapping[str, list[dict[str, object]]]) -> Origin:
    return Origin(
        reader=_cut(record["reader"]),
        chapters={int(str(row["number"])): _chapter(row) for row in record["chapters"]},
        skipped=[_skipped(row) for row in record["skipped"][:MAX_LISTED]],
        warnings=[_cut(warning) for warning in record["warnings"][:MAX_LISTED]],
        findings=[_finding(row) for row in record.get("findings", ())][:MAX_LISTED],
        sandbox=_sandbox(record.get("sandbox")),
        division=_division(record.get("division")),
    )


def _division(noted: object) -> DivisionRow | None:
    if not isinstance(noted, dict):
        return None
    return {
        "way": _cut(noted["way"]),
        "confidence": float(noted["confidence"]),
        "reason": _cut(noted["reason"]),
        "ways": [
            {"name": _cut(way["name"]), "places": int(way["places"]), "score": float(way["score"])}
            for way in noted["ways"][:MAX_WAYS]
        ],
    }


def _finding(row: Row) -> FindingRow:
    chapters = cast(Sequence[int], row["chapters"])[:MAX_LISTED]
    return {"code": _cut(row["code"]), "text": _cut(row["text"]), "chapters": [int(number) for number in chapters]}


def _sandbox(noted: object) -> KeptFrom | None:
    if not isinstance(noted, dict):
        return None
    files, network, signals, sockets = (_cut(noted.get(part, "")) for part in KeptFrom.__annotations__)
    return {"files": files, "network": network, "signals": signals, "sockets": sockets}


def _chapter(row: Row) -> SourceRow:
    files = row["files"]
    if not isinstance(files, list):
        raise TypeError("files must be a list")
    return {
        "file": _cut(files[0]) if files else None,
        "fragment": _cut(row["fragment"]),
        "files": len(files),
        "page": cast(int, row["page"]),
    }


def _skipped(row: Row) -> SkippedRow:
    number = row.get("number")
    if number is not None and not isinstance(number, int):
        raise TypeError("number must be a number")
    title, reason, file = (_cut(row[key]) for key in ("title", "reason", "file"))
    code = None if number is None else str(Code.NOT_ASKED)
    words = cast(int, row["words"])
    return {"title": title, "reason": reason, "file": file, "words": words, "code": code, "number": number}


def _cut(text: object) -> str:
    return str(text)[:MAX_TEXT]

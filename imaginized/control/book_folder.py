"""Small files of a book's folder that the supervisor reads on request, between two beats."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from imaginized.control.book_sources import MAX_RECORD_BYTES


def load_object(path: Path) -> Mapping[str, object]:
    """A JSON object of ours; empty where there is none that can be read between two beats."""
    try:
        record = json.loads(path.read_bytes()) if path.stat().st_size <= MAX_RECORD_BYTES else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def text_of(data: bytes | None) -> str:
    """Its text, whatever bytes are in it."""
    return (data or b"").decode("utf-8-sig", errors="replace")


def digest_of(data: bytes | None) -> str:
    """What tells it from another one; "" where there is none."""
    return "" if data is None else sha256(data).hexdigest()

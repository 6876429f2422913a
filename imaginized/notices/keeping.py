"""Where the record of messages is kept: one file in the library, which nobody else may read."""

import json
import os
from contextlib import suppress
from pathlib import Path

from imaginized.notices.outbox import Record, record_from
from imaginized.store.writing import write_atomic

RECORD = ".imaginized.notices.json"


class RecordFile:
    """The file."""

    def __init__(self, library: Path) -> None:
        """Read and write nothing yet."""
        self._path = library / RECORD

    def load(self) -> Record:
        """What was kept; a new record where there is none, or none that can be read: it is put aside then.

        Raises:
            OSError: It cannot be read now.
        """
        try:
            return record_from(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            return Record()
        except (ValueError, RecursionError):
            with suppress(OSError):
                self._path.rename(self._path.with_name(f"{RECORD}.damaged"))
            return Record()

    def save(self, record: Record) -> None:
        """Keep it, so that a power cut cannot bring the old one back: what it told would be told again.

        Raises:
            OSError: The disk is full or read-only; the old one stands.
        """
        before = os.umask(0o077)
        try:
            write_atomic(self._path, json.dumps(record.row()).encode(), durable=True)
        finally:
            os.umask(before)

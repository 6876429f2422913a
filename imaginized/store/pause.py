"""The pause of a whole library: a durable file in it, which every process looks at before it claims or goes on."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from imaginized.store.writing import sync_folder, write_atomic

PAUSED = ".imaginized.paused"


@dataclass(frozen=True, slots=True)
class Pause:
    """Whether work rests, in the library at `root`. Survives restarts; only `end` lifts it."""

    root: Path

    @property
    def is_on(self) -> bool:
        """Whether nothing may be claimed, and what is under way is given back after its step."""
        return self._path.exists()

    @property
    def since(self) -> str | None:
        """When it began, as an ISO moment; None without a pause, "" where the file does not say."""
        try:
            noted = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return ""
        return str(noted.get("since", "")) if isinstance(noted, dict) else ""

    def begin(self, *, now: datetime) -> bool:
        """Pause, durably; False when it was on already.

        Raises:
            OSError: It cannot be written; nothing is paused.
        """
        if self.is_on:
            return False
        note = {"since": now.isoformat(timespec="seconds")}
        write_atomic(self._path, json.dumps(note).encode(), durable=True)
        return True

    def end(self) -> bool:
        """Go on, durably; False when there was no pause."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        sync_folder(self.root)
        return True

    @property
    def _path(self) -> Path:
        return self.root / PAUSED

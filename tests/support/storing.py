"""A store in memory that loses, spoils and swaps files, and fails."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from imaginized.remote.store import StoreFailed


@dataclass(kw_only=True)
class LossyStore:
    """Home's store and a host's reach in one. What is put or got is treated as the plan says.

    Attributes:
        plan: For each put and get: "keep", "fail", or, of what is put, "lose", "spoil", "swap" with the one before.
        seen: All that whoever has the store could read.
        most: How many files were there at once.
    """

    plan: Sequence[str] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    seen: list[bytes] = field(default_factory=list)
    most: int = 0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, name: str, data: bytes) -> None:
        name = name.removeprefix("mem:")
        how = self._how()
        with self.lock:
            last, is_new = self.seen[-1] if self.seen else b"", name not in self.files
            self.seen.append(data)
            if how != "lose" and is_new:
                self.files[name] = {"spoil": data[:-1] + bytes([data[-1] ^ 1]), "swap": last}.get(how, data)
            self.most = max(self.most, len(self.files))

    def get(self, name: str, *, most_bytes: int) -> bytes:
        self._how()
        data = self.files.get(name.removeprefix("mem:"))
        if data is None or len(data) > most_bytes:
            raise StoreFailed("not there")
        return data

    def url(self, name: str, *, method: str) -> str:
        del method
        return f"mem:{name}"

    def drop(self, names: Iterable[str]) -> None:
        with self.lock:
            for name in names:
                self.files.pop(name, None)

    def sweep(self, start: str, *, older_seconds: float) -> int:
        del start, older_seconds
        return 0

    def problem(self) -> str:
        return ""

    def _how(self) -> str:
        with self.lock:
            how = self.plan[self.count] if self.count < len(self.plan) else "keep"
            self.count += 1
        if how == "fail":
            raise StoreFailed("it fails")
        return how

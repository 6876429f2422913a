"""The manifests as they are on disk, parsed only where they changed: one memory for each process. It writes nothing."""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from imaginized.clock import Clock
from imaginized.errors import ManifestCorrupt
from imaginized.queue.codec import decode
from imaginized.queue.manifest import Manifest

SETTLED_SECONDS = 0.1
REMEMBERED_BOOKS = 8
REMEMBERED_BYTES = 8 << 20  # of files; parsed they take about four times as much

_Parsed = Manifest | ManifestCorrupt
_Signature = tuple[int, int, int]


class ManifestMemory:
    """What this process has parsed and written; what is on disk always counts."""

    def __init__(self, *, clock: Clock) -> None:
        """Remember nothing yet."""
        self._clock = clock
        self._read: dict[str, tuple[_Signature, _Parsed]] = {}
        self._bytes = 0  # of the files that `_read` is of
        self._written: dict[str, tuple[bytes, Manifest, _Signature | None]] = {}

    def read(self, path: Path, *, book: str) -> Manifest:
        """The manifest in a file; its bytes are read only where its inode, time or size is another one.

        Raises:
            ManifestCorrupt: It does not parse.
            OSError: It cannot be read.
        """
        status = path.stat()
        # Taken before the bytes are read: replaced in between, the newer bytes go by an old signature and are
        # read again.
        signature = _signature(status)
        known = self._read.get(book)
        if known is None or known[0] != signature:
            known = (signature, self._parsed(path.read_bytes(), book=book))
            # Two changes within a tick of the file system's clock can leave the same inode, time and size.
            if self._clock.now().timestamp() - status.st_mtime > SETTLED_SECONDS:
                self._keep(book, known)
            else:
                self.forget(book)
        return _raised(known[1])

    def glance(self, path: Path, *, book: str) -> Manifest:
        """As `read`, but what was written here last counts as long as the file looks as it did then.

        Two changes within a tick of the file system's clock can look like none: for what is decided again later.
        """
        written = self._written.get(book)
        if written is not None and written[2] is not None and _signature(path.stat()) == written[2]:
            return written[1]
        return self.read(path, book=book)

    def _keep(self, book: str, known: tuple[_Signature, _Parsed]) -> None:
        """Remember it as the newest; the oldest go for it. A library may have any number of books."""
        self.forget(book)
        self._read[book] = known
        self._bytes += known[0][2]
        while self._bytes > REMEMBERED_BYTES and len(self._read) > 1:
            self.forget(next(iter(self._read)))

    def parse(self, data: bytes, *, book: str) -> Manifest:
        """The manifest in these bytes, with the help of what was written here last.

        Raises:
            ManifestCorrupt: They do not parse.
        """
        return _raised(self._parsed(data, book=book))

    def remember(self, manifest: Manifest, *, book: str, data: bytes, path: Path | None = None) -> None:
        """Note what these bytes mean: `parse` gives this very object for them.

        Args:
            manifest: What they mean.
            book: Its id.
            data: The bytes.
            path: The file that has just got them, under the lock; None where that is not known.
        """
        self._written.pop(book, None)
        signature = None
        if path is not None:
            with suppress(OSError):  # it is written: a folder that is gone by now says so at the next read
                signature = _signature(path.stat())
        if signature is not None and signature[2] != len(data):  # a program without our lock has replaced it already
            signature = None
        self._written[book] = (data, manifest, signature)
        if len(self._written) > REMEMBERED_BOOKS:
            del self._written[next(iter(self._written))]

    def forget(self, book: str) -> None:
        """Note that its file is gone."""
        known = self._read.pop(book, None)
        self._bytes -= known[0][2] if known else 0

    def _parsed(self, data: bytes, *, book: str) -> _Parsed:
        written = self._written.get(book)
        if written is not None and written[0] == data:
            return written[1]
        try:
            manifest = decode(data, known=written[1] if written else None)
        except ManifestCorrupt as error:
            # Returned, not raised: it is remembered like a manifest, so that a broken file is parsed once and not
            # every second.
            return ManifestCorrupt(f"{book}: {error}; the file was left as it is")
        # The folder is what every call goes by; a person may have renamed or copied it.
        return manifest if manifest.book_id == book else replace(manifest, book_id=book)


def _signature(status: os.stat_result) -> _Signature:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _raised(manifest: _Parsed) -> Manifest:
    if isinstance(manifest, ManifestCorrupt):
        raise ManifestCorrupt(str(manifest))  # a new one: raised again and again, one object gathers tracebacks
    return manifest

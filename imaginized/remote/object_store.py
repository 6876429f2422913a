"""A store on S3 or in a folder that machines share. The only obstore import; home alone needs credentials."""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from imaginized.remote.broker import folder_of
from imaginized.remote.store import PROBES, Store, StoreFailed

SIGNED = timedelta(hours=1)
# A task waits while a file travels: what does not work soon goes another way.
# An address in one's own network may be http: what goes there is sealed, and a signature tells no key.
CLIENT: Any = {"timeout": "30s", "connect_timeout": "5s", "allow_http": True}
RETRY: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
OF_LIBRARY = re.compile(r"^Generic \w+ error: ")  # obstore's own classes: nobody else knows them
PROBE = b"imaginized"


def store_of(url: str) -> Store:
    """The store at a URL of the settings."""
    folder = folder_of(url)
    return BucketStore(url) if folder is None else FolderStore(folder)


class BucketStore:
    """Objects in a bucket; credentials, region and another address than Amazon's are in the environment (AWS_…)."""

    def __init__(self, url: str) -> None:
        """Use this bucket; nothing is asked yet."""
        self._url = url
        self._made: S3Store | None = None

    def put(self, name: str, data: bytes) -> None:
        """See Store."""
        with _told():
            _create(self._store(), name, data)

    def get(self, name: str, *, most_bytes: int) -> bytes:
        """See Store."""
        with _told():
            return _bytes(self._store(), name, most_bytes=most_bytes)

    def url(self, name: str, *, method: str) -> str:
        """See Store."""
        with _told():
            return obstore.sign(self._store(), "PUT" if method == "PUT" else "GET", name, SIGNED)

    def drop(self, names: Iterable[str]) -> None:
        """See Store."""
        with _told():
            obstore.delete(self._store(), list(names))

    def sweep(self, start: str, *, older_seconds: float) -> int:
        """See Store."""
        before, old = datetime.now(UTC) - timedelta(seconds=older_seconds), list[str]()
        with _told():
            for page in obstore.list(self._store()):
                old += [row["path"] for row in page if row["path"].startswith(start) and row["last_modified"] < before]
            if old:
                obstore.delete(self._store(), old)
        return len(old)

    def problem(self) -> str:
        """See Store."""
        return _problem(self)

    def _store(self) -> S3Store:
        # Not before it is used: what is wrong with it is to be told, not to end the worker.
        if self._made is None:
            parts, options = urlsplit(self._url), CLIENT
            folder = parts.path.strip("/") or None
            self._made = S3Store(parts.netloc, prefix=folder, client_options=options, retry_config=RETRY)
        return self._made


class FolderStore:
    """Files in a folder, which is mounted at home and at its hosts."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is not made: one that is not mounted is not to be taken for the shared one."""
        self._folder = folder

    def put(self, name: str, data: bytes) -> None:
        """See Store."""
        with _told():
            _create(LocalStore(self._folder), name, data)

    def get(self, name: str, *, most_bytes: int) -> bytes:
        """See Store."""
        with _told():
            return _bytes(LocalStore(self._folder), name, most_bytes=most_bytes)

    def url(self, name: str, *, method: str) -> str:
        """See Store."""
        del method
        return f"file://{quote(str(self._folder))}/{name}"

    def drop(self, names: Iterable[str]) -> None:
        """See Store."""
        with _told():
            for name in names:
                (self._folder / name).unlink(missing_ok=True)

    def sweep(self, start: str, *, older_seconds: float) -> int:
        """See Store."""
        before, count = time.time() - older_seconds, 0
        with _told():
            # Not obstore's list: it leaves out what a process that was killed was just writing.
            for path in self._folder.glob(f"{start}*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()
                        count += 1
        return count

    def problem(self) -> str:
        """See Store."""
        return (
            _problem(self) if self._folder.is_dir() else f"there is no folder {self._folder} on this machine; mount it"
        )


def _create(store: Any, name: str, data: bytes) -> None:
    # Whoever else can write there replaces nothing.
    with suppress(AlreadyExistsError):
        obstore.put(store, name, data, mode="create", use_multipart=False)


def _bytes(store: Any, name: str, *, most_bytes: int) -> bytes:
    found = obstore.get(store, name)
    if found.meta["size"] > most_bytes:
        raise StoreFailed(f"{name} is larger than what was put there")
    return found.bytes().to_bytes()


def _problem(store: Store) -> str:
    name = f"{PROBES}{time.time_ns()}"
    try:
        store.put(name, PROBE)
        is_there = store.get(name, most_bytes=len(PROBE)) == PROBE
        store.drop([name])
    except StoreFailed as error:
        with suppress(StoreFailed):  # asked every minute: what cannot be read back is not to pile up
            store.drop([name])
        return str(error)
    return "" if is_there else "it does not give back what was put there"


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, ValueError) as error:
        lines = OF_LIBRARY.sub("", str(error)).splitlines()  # the rest is for who debugs it
        raise StoreFailed(lines[0] if lines else type(error).__name__) from error

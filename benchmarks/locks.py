"""Ways to change a manifest that processes share: ours, and two others that differ only in lock and temp file."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import portalocker

from imaginized.clock import SystemClock
from imaginized.queue.change import Transition
from imaginized.queue.codec import decode, encode
from imaginized.queue.manifest import Manifest
from imaginized.store.library import Library
from imaginized.store.writing import sync_folder

SEED_POLL_SECONDS = 0.1
WAIT_SECONDS = 30.0


class Update(Protocol):
    """Changes the one book of a library."""

    def __call__(self, transition: Transition) -> Manifest:
        """Apply a pure function under the lock."""


def ours(root: Path, book: str) -> Update:
    """`Library.update`."""
    library = Library(root, clock=SystemClock(), lock_timeout_seconds=WAIT_SECONDS)
    return lambda transition: library.update(book, transition)


def seed(root: Path, book: str) -> Update:
    """The seed's: a lock file made with O_EXCL, asked for every 100 ms, and one temp name for all."""
    folder = root / book

    @contextmanager
    def lock() -> Iterator[None]:
        path = folder / ".manifest.lock"
        while True:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                break
            except FileExistsError:
                time.sleep(SEED_POLL_SECONDS)
        try:
            yield
        finally:
            path.unlink()

    return _update(folder, lock=lock)


def portalocker_default(root: Path, book: str) -> Update:
    """`portalocker.Lock` as it comes: a quarter of a second between tries."""
    folder = root / book

    @contextmanager
    def lock() -> Iterator[None]:
        with portalocker.Lock(folder / ".portalocker.lock", timeout=WAIT_SECONDS):
            yield

    return _update(folder, lock=lock)


def _update(folder: Path, *, lock: Callable[[], AbstractContextManager[None]]) -> Update:
    """The same reading, the same transition and the same sync as ours, under another lock."""
    path, temporary = folder / ".imaginize.manifest.json", folder / ".imaginize.manifest.json.tmp"
    known: Manifest | None = None

    def update(transition: Transition) -> Manifest:
        nonlocal known
        with lock():
            before = decode(path.read_bytes(), known=known)
            after = transition(before).manifest
            if after is not before:
                replace_file(path, encode(after), temporary=temporary)
            known = after
            return after

    return update


def replace_file(path: Path, data: bytes, *, temporary: Path, durable: bool = False) -> None:
    """Write, sync, rename, and sync the folder if it is to be durable: the least that any way has to do."""
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        os.write(fd, data)
        os.fdatasync(fd)
    finally:
        os.close(fd)
    temporary.rename(path)
    if durable:
        sync_folder(path.parent)


WAYS: Mapping[str, Callable[[Path, str], Update]] = {
    "ours": ours,
    "seed": seed,
    "portalocker": portalocker_default,
}

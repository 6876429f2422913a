"""The end of a long book, read by a stub in a worker of this process: what a chapter costs beside its call."""

import os
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import structlog

from benchmarks.books import write_book
from imaginized.clock import SystemClock
from imaginized.process.channel import channel_pair
from imaginized.queue.manifest import Stage
from imaginized.store.library import Library
from imaginized.store.owners import current_owner
from imaginized.work.worker import claim_next, perform_and_claim
from tests.support.crash_steps import prepare, take_in, workshop

LAST = 40
PAGES = 0.2


def last_chapters(folder: Path, *, chapters: int) -> float:
    """Median of the CPU seconds of the last chapters' claims, reads and commits; the reader is a stub."""
    place = prepare(folder / "place", book=write_book(folder / "book.md", pages=[PAGES] * chapters))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    took: list[float] = []
    ours, theirs = channel_pair()
    with ours, theirs:
        owner = current_owner("worker-1", pid=os.getpid())
        shop = workshop(place.settings(), library, end=theirs, owner=owner)
        shop = replace(shop, log=structlog.wrap_logger(None, processors=[_dropped]))  # thousands of lines
        held = claim_next(shop)
        while held is not None and held.task.stage is not Stage.MERGE:
            began = time.thread_time()
            held = perform_and_claim(shop, held) or claim_next(shop)
            took.append(time.thread_time() - began)
            _empty(ours)
    return statistics.median(took[-LAST:])


def _dropped(_logger: object, _name: str, _event: object) -> NoReturn:
    raise structlog.DropEvent


def _empty(end: object) -> None:
    """Nobody listens to the worker here, and its channel holds only so much."""
    try:
        while end.recv(65536):  # type: ignore[attr-defined]
            pass
    except BlockingIOError:
        return

"""A worker's loop, in this process."""

from pathlib import Path

import pytest

from imaginized.book.manifest import Status
from imaginized.clock import SystemClock
from imaginized.daemon.channel import channel_pair
from imaginized.daemon.worker import work
from imaginized.settings_file import load_settings
from imaginized.store.library import Library
from tests.crash_steps import prepare, take_in, workshop
from tests.daemons import make_epub


@pytest.mark.parametrize("limit", [{"workers.recycle_after_tasks": 1}, {"workers.recycle_above_bytes": 1_000_000}])
def test_a_worker_makes_room_for_a_new_one(tmp_path: Path, limit: dict[str, object]) -> None:
    """After so many tasks, and after any if it takes too much memory, a worker ends by itself between two tasks."""
    place = prepare(tmp_path / "place", book=make_epub(tmp_path / "book.epub", chapters=1, paragraphs=1))
    library = Library(place.library, clock=SystemClock())
    take_in(place, library)
    paths = {"paths.inbox": place.inbox, "paths.library": place.library}
    settings = load_settings(None, environment={"HOME": str(tmp_path)}, overrides={**paths, **limit})
    ours, theirs = channel_pair()
    with ours, theirs:
        work(workshop(settings, library, end=theirs))
    (book,) = library.books()
    manifest = library.read(book)

    assert [step.status for step in manifest.steps.values()] == [Status.COMPLETED, Status.PENDING, Status.PENDING]
    assert [entry.attempt for entry in manifest.chapters.values()] == [0]

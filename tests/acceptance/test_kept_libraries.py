"""Libraries that earlier versions wrote, read and finished by this one."""

import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from imaginized.clock import SystemClock
from imaginized.store.eventlog import Extent, read_events
from imaginized.store.files import MANIFEST
from imaginized.store.library import Library
from tests.support.clients import ctl
from tests.support.daemons import daemon_in
from tests.support.keeping import DONE, HALF
from tests.support.schema import check_manifests
from tests.support.trees import files_below

KEPT = sorted((Path(__file__).parents[1] / "fixtures").glob("library-*"))


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy; the dead worker of its half book was one of this machine, before it was started again."""
    copy = tmp_path / "library"
    shutil.copytree(request.param, copy)
    for manifest in copy.rglob(MANIFEST):
        manifest.write_text(manifest.read_text().replace("@host:", f"@{socket.gethostname()}:"))
    return copy


def by_title(library: Path) -> Mapping[str, Path]:
    books = Library(library, clock=SystemClock())
    return {books.read(book).book_title: library / book for book in books.books()}


def contents(book: Path) -> Mapping[str, bytes]:
    """Its files but for those that are written anew when anything happens, and the lock that comes with a look."""
    changing = ("progress.md", ".imaginize.manifest.flock")
    return {str(path.relative_to(book)): data for path, data in files_below(book) if path.name not in changing}


def test_an_earlier_versions_library_is_read_shown_and_finished(library: Path, tmp_path: Path) -> None:
    """Its finished book stays as it is; its half book goes on where it was, and nothing of it is made again."""
    books = by_title(library)
    finished, half = contents(books[DONE]), contents(books[HALF])
    with daemon_in(tmp_path, drawing=True, paths__library=str(library)) as daemon:
        rows = daemon.wait_for_phases("done", "done")
        shown = ctl(daemon.socket, "status").output

    assert {row["title"] for row in rows} == {DONE, HALF}
    assert books[DONE].name in shown and books[HALF].name in shown
    assert contents(books[DONE]) == finished
    after = contents(books[HALF])
    kept = [
        name for name in half if name.startswith(("data/scenes/", "data/chapters/", "images/", "data/illustrations/"))
    ]
    assert {name: after[name] for name in kept} == {name: half[name] for name in kept}
    assert {"index.html", "images/chapter_1_scene_1.jpg", "images/chapter_2_scene_1.jpg"} <= set(after)
    check_manifests(library)


def test_an_earlier_versions_events_are_read_whole(library: Path) -> None:
    """Every line of a book's log has a meaning to this version."""
    books = Library(library, clock=SystemClock())
    for book in books.books():
        manifest = books.read(book)
        events = read_events(
            books.files(book).events, extent=Extent(count=manifest.event_count, size=manifest.event_bytes)
        )

        assert len(events) == manifest.event_count

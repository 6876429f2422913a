"""`imaginizectl series`: volumes share a cast, no later one is told in an earlier one, editions are linked."""

import json
import subprocess
import sys
from pathlib import Path

from imaginized.clock import SystemClock
from imaginized.errors import ExitCode
from imaginized.queue.manifest import Stage
from imaginized.store.eventlog import moment_text
from imaginized.store.library import Library
from imaginized.store.volumes import read_volume
from tests.support.daemons import Daemon, daemon_in
from tests.support.epubs import build_epub, contents, page
from tests.support.waiting import DEADLINE_SECONDS

WRITER = "<dc:creator>Ann Writer</dc:creator><dc:language>en</dc:language>"
SERIES = '<meta name="calibre:series" content="The Mill"/><meta name="calibre:series_index" content="{}"/>'
FIRST = (
    "<p>Hester Vane walked to the mill, and then Hester Vane sat down. Hester Vane had red hair and wore a green "
    "cloak. “Come,” said Tobias Crane, and so Tobias Crane laughed at Hester Vane.</p>"
)
SECOND = (
    "<p>Then Hester Vane came to the tower, and there Hester Vane slept. “Wake,” said Sarah Gale, and so Sarah Gale "
    "laughed at Hester Vane. Sarah Gale had a long nose and wore a blue apron.</p>"
)


def volume(folder: Path, name: str, *, story: str, metadata: str) -> Path:
    pages = {f"c{number}.xhtml": page(f"<h1>Chapter {number}</h1>{story * 14}") for number in (1, 2)}
    nav = contents(*((f"Chapter {number}", f"c{number}.xhtml") for number in (1, 2)))
    return build_epub(folder, pages=pages, nav=nav, metadata=metadata, name=f"{name}.epub")


def run(daemon: Daemon, *arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(daemon.socket), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
    assert ended.returncode == code, ended.stderr
    return ended.stdout


def told(daemon: Daemon) -> dict[str, dict[str, object]]:
    answer = json.loads(run(daemon, "series", "--json"))
    return {row["book"]: {**row, "series": one["name"]} for one in answer["series"] for row in one["volumes"]}


def added(daemon: Daemon, file: Path, *, of: int) -> str:
    before = {str(row["book"]) for row in daemon.books()}
    daemon.drop(file)
    rows = daemon.wait_for_phases(*["done"] * of)
    (book,) = {str(row["book"]) for row in rows} - before
    return book


def test_volumes_share_a_cast_and_no_later_one_is_told(tmp_path: Path) -> None:
    """By the files' own words or a person's; a volume that comes late is told, and `apply` takes it in."""
    with daemon_in(tmp_path, drawing=True) as daemon:
        metadata = f"<dc:title>The Tower</dc:title>{WRITER}"
        second = added(daemon, volume(tmp_path, "two", story=SECOND, metadata=metadata), of=1)
        metadata = f"<dc:title>The River Mill</dc:title>{WRITER}{SERIES.format(1)}"
        first = added(daemon, volume(tmp_path, "one", story=FIRST, metadata=metadata), of=2)
        guide = daemon.library / second / "Elements.md"
        assert set(told(daemon)) == {first}
        assert "From volume" not in guide.read_text()

        run(daemon, "series", second, "set", "the mill", "2")
        daemon.wait_for_phases("done", "done")

        row = told(daemon)[second]
        assert (row["series"], row["volume"], row["by_person"]) == ("The Mill", "2", True)
        assert (row["knows"], row["unread"]) == ([first], [])
        assert "**From volume 1, The River Mill:** red hair" in guide.read_text()
        assert "red hair" in (daemon.library / second / "elements" / "hester-vane.md").read_text()
        assert "**Series:** the mill, volume 2" in guide.with_name("Contents.md").read_text()
        before = "\n".join(path.read_text() for path in (daemon.library / first).rglob("*.md"))
        assert all(name not in before for name in ("Sarah", "Gale", "The Tower"))

        run(daemon, "cast", first, "rename", "Tobias Crane", "The Miller", "--yes")
        daemon.wait_for_phases("done", "done")
        assert told(daemon)[second]["unread"] == [first]
        run(daemon, "series", second, "apply")
        daemon.wait_for_phases("done", "done")
        assert told(daemon)[second]["unread"] == []

        run(daemon, "series", second, "none")
        daemon.wait_for_phases("done", "done")
        assert "From volume" not in guide.read_text()
        assert json.loads(run(daemon, "series", second, "--json"))["series"][0]["name"] == ""
        run(daemon, "series", second, "none", code=ExitCode.NOTHING_TO_DO)
        run(daemon, "series", second, "set", "The Mill", "two or 3 or 4", code=ExitCode.USAGE)


def test_a_later_edition_is_linked_to_the_earlier_one(tmp_path: Path) -> None:
    """The same title by the same author in another file; the old book stays as it is."""
    with daemon_in(tmp_path) as daemon:
        metadata = f"<dc:title>The Tower</dc:title>{WRITER}"
        old = added(daemon, volume(tmp_path, "old", story=SECOND, metadata=metadata), of=1)
        new = added(daemon, volume(tmp_path, "new", story=SECOND + FIRST, metadata=metadata), of=2)

        assert f"../{old}/Contents.md" in (daemon.library / new / "Contents.md").read_text()
        assert old in run(daemon, "series", new)
        assert not (daemon.library / old / "data" / "series.json").exists()

        library = Library(daemon.library, clock=SystemClock())
        read = read_volume(library.files(new))
        merged = library.read(new).steps[Stage.MERGE].completed_at
        assert read is not None and merged is not None and read.merged == moment_text(merged)

"""A toy stage between two others, with a real book and the daemon: nothing but its module and its rows knows of it."""

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from imaginized.queue.manifest import CHAPTER_STAGES
from tests.support.daemons import Daemon, daemon_in

Json = dict[str, object]
MANIFEST = ".imaginize.manifest.json"


def dropped(daemon: Daemon) -> Path:
    with as_file(files("imaginized") / "assets" / "wizard-of-oz-se.epub") as book:
        daemon.drop(book)
    (row,) = daemon.wait_for_phases("done")
    return daemon.library / str(row["book"])


def test_a_real_book_passes_the_toy_stage(tmp_path: Path) -> None:
    """Each chapter is counted once, though a worker dies in the middle; a lost count is made again by a retry."""
    token = tmp_path / "once"
    token.touch()
    with daemon_in(tmp_path, faults=f"count-5:kill:{token}", drawing=True) as daemon:
        folder = dropped(daemon)
        manifest = json.loads((folder / MANIFEST).read_text())
        stages = [str(stage) for stage in CHAPTER_STAGES]
        lines = (folder / "data/events.jsonl").read_text().splitlines()
        ends = [(it["chapter"], it["stage"]) for it in map(json.loads, lines) if it["event"] == "chapter_completed"]
        counts = {path.stem: json.loads(path.read_text())["sentences"] for path in (folder / "data/count").iterdir()}

        assert stages == ["analyze", "count", "illustrate"] == manifest["chapterStages"]
        assert sorted(ends) == [(int(number), stage) for number in manifest["chapters"] for stage in stages]
        assert not token.exists()
        assert set(counts) == {f"{int(number):03d}" for number in manifest["chapters"]}
        assert min(counts.values()) > 5
        assert "is through count" in (folder / "progress.md").read_text()

        (folder / "data/count/003.json").unlink()
        daemon.call("retry", book=folder.name)
        daemon.wait_for((folder / "data/count/003.json").exists, "the count that was lost")
        daemon.wait_for_phases("done")


def test_a_book_that_was_split_before_the_stage_came_ends_without_it(tmp_path: Path) -> None:
    """An upgrade neither stops it nor opens it again."""
    with daemon_in(tmp_path) as daemon:
        folder = dropped(daemon)
        daemon.stop()
        older = json.loads((folder / MANIFEST).read_text())
        older["chapterStages"] = ["analyze"]
        for number, row in older["chapters"].items():
            row |= {"stage": "analyze", "status": "pending" if number == "2" else "completed"}
        older["steps"]["compile"]["status"] = "pending"
        (folder / MANIFEST).write_text(json.dumps(older))
        shutil.rmtree(folder / "data" / "count")
        daemon.start()
        daemon.wait_for_phases("done")

        assert json.loads((folder / MANIFEST).read_text())["chapterStages"] == ["analyze"]
        assert not (folder / "data" / "count").exists()

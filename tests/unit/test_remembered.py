"""Files that are read at every task: read again only where they changed, and never taken for what they were."""

import os
from pathlib import Path

import pytest

from imaginized.queue.manifest import Stage
from imaginized.store.files import BookFiles
from imaginized.store.records import Remembered

LONG_AGO = 1_700_000_000


def written(path: Path, text: str, *, at: float = LONG_AGO) -> Path:
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def reading() -> tuple[Remembered[str], list[Path]]:
    read: list[Path] = []

    def load(path: Path) -> str:
        read.append(path)
        return path.read_text()

    return Remembered(load, most=2), read


def test_a_file_is_read_once(tmp_path: Path) -> None:
    """As long as it stays as it is."""
    remembered, read = reading()
    path = written(tmp_path / "one", "a mill")

    assert [remembered.load(path) for _ in range(3)] == ["a mill"] * 3
    assert read == [path]


def test_what_changed_is_read_again(tmp_path: Path) -> None:
    """Another time or another size is another file, and one that is gone is gone."""
    remembered, _ = reading()
    path = written(tmp_path / "one", "a mill")
    remembered.load(path)

    assert remembered.load(written(path, "a lake", at=LONG_AGO + 1)) == "a lake"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        remembered.load(path)


def test_one_that_was_just_written_is_not_remembered(tmp_path: Path) -> None:
    """It may change again within a tick of the file system's clock, and look the same."""
    remembered, read = reading()
    path = tmp_path / "one"
    path.write_text("a mill")
    remembered.load(path)
    remembered.load(path)

    assert read == [path, path]


def test_the_oldest_goes_for_the_newest(tmp_path: Path) -> None:
    """So that a process does not grow with the number of its books."""
    remembered, read = reading()
    paths = [written(tmp_path / name, name) for name in ("one", "two", "three")]
    for path in (*paths, paths[2], paths[0]):
        remembered.load(path)

    assert read == [*paths, paths[0]]


def test_lost_records_are_found_by_one_listing(tmp_path: Path) -> None:
    """Of those that are asked about; without a folder all are lost."""
    files = BookFiles(tmp_path)
    assert files.without_record(Stage.ANALYZE, [1, 2]) == [1, 2]

    for number in (1, 3, 1200):
        files.scenes(number).parent.mkdir(parents=True, exist_ok=True)
        files.scenes(number).touch()

    assert files.without_record(Stage.ANALYZE, [1, 2, 1200, 1201]) == [2, 1201]

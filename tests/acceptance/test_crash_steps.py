"""A book's life stopped at each of its file operations and taken up again: the same guide, nothing left behind."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import PROGRAM_SECONDS

MEMORY = Path("/dev/shm")
LEAST_OPERATIONS = 100


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that costs no disk time, where the machine has one: hundreds of lives are lived in it."""
    with tempfile.TemporaryDirectory(prefix="imz-", dir=MEMORY if MEMORY.is_dir() else None) as place:
        yield Path(place)


def stopped_everywhere(life: str, how: str, folder: Path) -> dict[str, Any]:
    """Live a life of `tests.support` once for each place where it may be stopped; what it told, no complaint in it."""
    command = [sys.executable, "-m", f"tests.support.{life}", how, str(folder)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PROGRAM_SECONDS, cwd=root)

    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["complaints"] == {}, ended.stderr
    return found


@pytest.mark.parametrize(
    "how",
    ["kill", "torn", "enospc", "eio"],
    ids=["killed-before", "killed-halfway-through-a-write", "disk-full-for-a-while", "input-output-error"],
)
def test_crash_at_every_step(folder: Path, how: str) -> None:
    """Wherever a life is stopped, the next process finishes it to the same bytes and leaves no stray file."""
    found = stopped_everywhere("crash_steps", how, folder)

    assert found["operations"] > LEAST_OPERATIONS
    assert found["tried"] > found["operations"] // 8


@pytest.mark.parametrize("how", ["kill", "torn"])
def test_crash_at_every_step_of_dividing_again(folder: Path, how: str) -> None:
    """Wherever it is stopped, the next process finishes it; nothing is asked again for a chapter that stays."""
    found = stopped_everywhere("dividing", how, folder)

    assert found["asked"] == ["image Chapter 3", "image The Half", "text Chapter 3", "text The Half"]
    assert found["tried"] > LEAST_OPERATIONS // 4


@pytest.mark.parametrize("how", ["kill", "torn"])
def test_crash_at_every_step_of_changing_the_cast(folder: Path, how: str) -> None:
    """Wherever it is stopped, the next process finishes it; only who is another one now is drawn again."""
    found = stopped_everywhere("casting", how, folder)

    assert found["asked"] == ["image Chapter 1", "image Chapter 2", "image Chapter 3"]
    assert found["tried"] > LEAST_OPERATIONS // 4


@pytest.mark.parametrize("how", ["kill", "torn"])
def test_crash_at_every_step_of_becoming_a_second_volume(folder: Path, how: str) -> None:
    """Wherever it is stopped, the next process finishes it; only who was in the first volume is drawn again."""
    found = stopped_everywhere("enlisting", how, folder)

    assert found["asked"] == ["image Chapter 1"]
    assert found["tried"] > LEAST_OPERATIONS // 4


@pytest.mark.parametrize("how", ["kill", "torn", "helper"], ids=["both-killed", "both-torn", "helper-killed"])
def test_crash_at_every_step_of_two_workers_at_a_chapter(folder: Path, how: str) -> None:
    """Wherever both are stopped, or the one that only helps: the same pictures, each asked for once more at most."""
    found = stopped_everywhere("parting", how, folder)

    assert found["asked"] == [f"image Chapter 1, {number}" for number in range(1, 5)]
    assert found["tried"] > LEAST_OPERATIONS // 4


@pytest.mark.parametrize("how", ["kill", "torn"])
def test_crash_at_every_step_of_a_book_with_early_pictures(folder: Path, how: str) -> None:
    """Wherever it is stopped: the same pictures, each paid once more at most; what the merge finds is told once."""
    found = stopped_everywhere("previewing", how, folder)

    texts, images = [f"text Chapter {number}" for number in (1, 2, 3)], "image Chapter"
    assert found["asked"] == [texts[0], f"{images} 1", *texts[1:], f"{images} 3", f"{images} 2"]
    assert found["told"] == ["1: Anna also has tall as 2, tall as 3"]
    assert found["tried"] > LEAST_OPERATIONS // 4

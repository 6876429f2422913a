"""A book's life stopped at each of its file operations and taken up again: the same guide, nothing left behind."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
LEAST_OPERATIONS = 100
# A kill is tried at every step that changes the disk. Errors take a longer way through the code than they have places
# to come from: one step in three by default, all of them with CRASH_STRIDE=1.
STRIDE = int(os.environ.get("CRASH_STRIDE", "3"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that costs no disk time, where the machine has one: hundreds of lives are lived in it."""
    with tempfile.TemporaryDirectory(prefix="imz-", dir=MEMORY if MEMORY.is_dir() else None) as place:
        yield Path(place)


@pytest.mark.parametrize(
    ("how", "stride"),
    [("kill", 1), ("torn", 1), ("enospc", STRIDE), ("eio", STRIDE)],
    ids=["killed-before", "killed-halfway-through-a-write", "disk-full-for-a-while", "input-output-error"],
)
def test_crash_at_every_step(folder: Path, how: str, stride: int) -> None:
    """Wherever a life is stopped, the next process finishes it to the same bytes and leaves no stray file."""
    command = [sys.executable, "-m", "tests.crash_steps", how, str(stride), str(folder)]
    root = Path(__file__).parent.parent
    ended = subprocess.run(command, capture_output=True, text=True, timeout=110, cwd=root)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["complaints"] == {}, ended.stderr
    assert found["operations"] > LEAST_OPERATIONS
    assert found["tried"] > found["operations"] // (8 * stride)

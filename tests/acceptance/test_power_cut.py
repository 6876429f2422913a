"""F48: the power cut at any moment, with what was not synced forgotten: nothing acknowledged, no original is lost."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.power_cut import SCENARIOS
from tests.support.waiting import PROGRAM_SECONDS

MEMORY = Path("/dev/shm")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Where the inbox is: beside the library, or on another file system."""
    if request.param == "one":
        yield tmp_path / "beside"
        return
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip(f"{MEMORY} and {tmp_path} are no two file systems")
    with tempfile.TemporaryDirectory(prefix="imz-", dir=MEMORY) as place:
        yield Path(place)


@pytest.mark.parametrize("elsewhere", ["one", "two"], indirect=True, ids=["one-file-system", "two-file-systems"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_f48_power_cut_loses_nothing_acknowledged_and_no_original(
    scenario: str, elsewhere: Path, tmp_path: Path
) -> None:
    """F48: whatever a disk may come back with holds every original and all that somebody was told."""
    command = [sys.executable, "-m", "tests.support.power_cut", scenario, str(tmp_path / "here"), str(elsewhere)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PROGRAM_SECONDS, cwd=ROOT)

    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["complaints"] == {}
    assert found["operations"] > 1
    assert found["rules"] > 0

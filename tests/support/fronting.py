"""Running the real front in tests."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import DEADLINE_SECONDS


@contextmanager
def front_of(socket: Path, homes: Mapping[str, str], *options: str) -> Iterator[subprocess.Popen[str]]:
    """A running front that listens at `socket`; homes by name, as the command line has them."""
    named = [word for name, places in homes.items() for word in ("--home", f"{name}={places}")]
    command = [sys.executable, "-m", "imaginized", "front", "--json", "--socket", str(socket), *named, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["homes"] == list(homes)
            yield process
        finally:
            process.terminate()
            ended = process.wait(DEADLINE_SECONDS)
        assert ended == 0


def told(socket: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    """What a command of imaginizectl answers there: its exit code and its object."""
    command = [sys.executable, "-m", "imaginized.cli", "--socket", str(socket), *arguments, "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
    return ended.returncode, json.loads(ended.stdout.splitlines()[0])

"""`run --end-with-stdin`: what standard input may be, and what counts as its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imaginized.errors import ExitCode
from tests.support.waiting import eventually

RUN = (sys.executable, "-m", "imaginized", "run", "--end-with-stdin", "--config")


def settings_in(folder: Path) -> Path:
    config = folder / "settings.toml"
    paths = {"inbox": folder / "inbox", "library": folder / "library", "socket": folder / "s"}
    config.write_text("".join(f"paths.{name} = '{path}'\n" for name, path in paths.items()))
    return config


@pytest.mark.parametrize("kind", ["null", "file", "closed"])
def test_standard_input_must_be_a_pipe(tmp_path: Path, kind: str) -> None:
    """Nothing whose end can be waited for: a usage error in words, before anything is made."""
    config = settings_in(tmp_path)
    command = [*RUN, str(config)]
    if kind == "closed":
        command = ["sh", "-c", '"$@" <&-', "sh", *command]
    with (Path(os.devnull) if kind == "null" else config).open("rb") as standard_input:
        ended = subprocess.run(command, stdin=standard_input, capture_output=True, text=True, timeout=60)

    assert ended.returncode == ExitCode.USAGE
    assert ended.stderr == (
        "imaginized: --end-with-stdin: standard input is not a pipe; "
        "start the daemon with a pipe there, or without this option\n"
    )
    assert not (tmp_path / "library").exists()


def test_a_standard_input_that_cannot_be_read_counts_as_ended(tmp_path: Path) -> None:
    """The writing end of a pipe: once nobody reads, each read of it fails; the daemon ends instead of trying on."""
    reading, writing = os.pipe()
    log = tmp_path / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen([*RUN, str(settings_in(tmp_path))], stdin=writing, stderr=errors) as daemon,
    ):
        os.close(writing)
        try:
            eventually(lambda: b"daemon_ready" in log.read_bytes(), deadline_seconds=60)
            os.close(reading)
            code = daemon.wait(30)
        finally:
            daemon.kill()

    assert code == ExitCode.OK
    assert log.read_text().count("owner_gone") == 1

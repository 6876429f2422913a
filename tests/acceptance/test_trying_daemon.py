"""`imaginizectl doctor --endpoint` beside the real daemon: it uses its settings, and the daemon what was learned."""

import json
import os
import subprocess
import sys
from pathlib import Path

from imaginized.providers.scripted import Fault, Script, scripted
from tests.acceptance.test_openai_daemon import KEY, running
from tests.support.epubs import make_epub
from tests.support.waiting import DEADLINE_SECONDS

PROGRAM = (sys.executable, "-m", "imaginized.cli")
UNVERIFIED = Fault(kind="status", status=403, message="Your organization must be verified to use the model")


def test_a_daemon_uses_what_the_doctor_has_learned(tmp_path: Path) -> None:
    """Its settings file is found by its socket; the first chapter is asked for once, though all rungs but one fail."""
    script = Script(rungs=("text",), limit_name="max_tokens", takes_references=False, key=KEY)
    with scripted(script) as server, running(server, tmp_path, workers__max_concurrency=1) as daemon:
        command = [
            sys.executable,
            "-m",
            "imaginized.cli",
            "--socket",
            str(daemon.socket),
            "doctor",
            "--endpoint",
            "--json",
        ]
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=DEADLINE_SECONDS, env={"PATH": os.environ["PATH"]}
        )
        learned, before = json.loads(run.stdout), server.counts.requests["text"]
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=1))
        daemon.wait_for_phases("done")
        after = server.counts.requests["text"] - before

    assert run.returncode == 0
    assert [row["way"]["rung"] for row in learned["endpoints"]] == ["extraction", "json_schema"]
    assert learned["endpoints"][1]["references"] is False
    assert KEY not in run.stdout + run.stderr
    assert (before > 2, after) == (True, 1)
    assert server.counts.failed["text"] == before - 2


def test_a_paused_endpoint_can_be_tried(tmp_path: Path) -> None:
    """Whether a person's doing has helped is known before the work is resumed; the pause itself stays."""
    with (
        scripted(Script(image=(UNVERIFIED,) * 99, key=KEY)) as server,
        running(server, tmp_path, workers__max_concurrency=1) as daemon,
    ):
        command = [*PROGRAM, "--socket", str(daemon.socket), "doctor", "--endpoint"]
        daemon.drop(make_epub(tmp_path / "book.epub", chapters=1))
        daemon.wait_for(lambda: bool(daemon.events("provider_paused")), "pictures are paused")
        ill = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        server.script = Script(key=KEY)
        well = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_SECONDS)
        paused = daemon.status()["pauses"]
        daemon.call("resume")
        daemon.wait_for_phases("done")

    assert (ill.returncode, well.returncode) == (7, 0)
    assert "must be verified" in ill.stdout and "fail  pictures" in ill.stdout
    assert paused

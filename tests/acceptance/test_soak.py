"""A few rounds of the random-kill soak; `scripts/soak --rounds N` runs as many as one likes."""

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from imaginized.providers.scripted import Script, scripted
from imaginized.store.pause import Pause
from tests.support.killing import VICTIMS, Violation
from tests.support.manifests import EPOCH
from tests.support.soaking import OPTIONS, Soak, soak
from tests.support.soaking_calls import LATENCY_SECONDS

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
SEED = 11
ROUND_SECONDS = 20  # on a machine that does much else; one of a few seconds hangs


@pytest.mark.timeout(100 + ROUND_SECONDS * ROUNDS)
@pytest.mark.parametrize("charges", [False, True])
def test_random_kills_lose_nothing(charges: bool) -> None:
    """Whatever is killed whenever, every book ends in one place, whole, once paid, and nothing is left behind."""
    lines: list[str] = []
    script = Script(latency_seconds=LATENCY_SECONDS)
    with (
        tempfile.TemporaryDirectory(prefix="imz-") as folder,
        scripted(script) if charges else nullcontext() as server,
    ):
        kills = soak(Path(folder), rounds=ROUNDS, seed=SEED, tell=lines.append, server=server)

    assert len(lines) == ROUNDS
    assert kills.keys() <= set(VICTIMS)
    assert kills.total() >= ROUNDS


def test_a_soak_that_is_stuck_says_where() -> None:
    """A daemon that does nothing more is told from a slow one: with its status, its processes and their stacks."""
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        this = Soak(Path(folder), seed=SEED, stuck_seconds=5.0, options={**OPTIONS, "workers.max_concurrency": 1})
        library = Path(folder) / "library"
        library.mkdir()
        Pause(library).begin(now=EPOCH)
        try:
            with pytest.raises(Violation, match="is stuck: nothing has changed for 5 s") as caught:
                this.start()
        finally:
            this.end()

    assert "'operator': 'since" in str(caught.value)
    assert "forkserver" in str(caught.value)
    assert "Fatal Python error: Aborted" in str(caught.value)

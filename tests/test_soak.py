"""A few rounds of the random-kill soak; `scripts/soak --rounds N` runs as many as one likes."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.killing import VICTIMS
from tests.soaking import soak

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
SEED = 11
ROUND_SECONDS = 20  # on a machine that does much else; one of a few seconds hangs


@pytest.mark.timeout(100 + ROUND_SECONDS * ROUNDS)
def test_random_kills_lose_nothing() -> None:
    """Whatever is killed whenever, every book ends in one place, whole, and nothing is left behind."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory(prefix="imz-") as folder:
        kills = soak(Path(folder), rounds=ROUNDS, seed=SEED, tell=lines.append)

    assert len(lines) == ROUNDS
    assert kills.keys() <= set(VICTIMS)
    assert kills.total() >= ROUNDS
